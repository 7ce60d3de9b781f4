"""Notebooks that are shared by link within a domain, as they were at a moment."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from server import wait_until
from browser import PYTHON, Browser, ready, run
from test_usage import Page

SIZE = "ml.m5.large"
CHECKOUT = """
import subprocess
subprocess.run('''git init -q -b work repository && cd repository
git remote add origin https://me:secret@git.example.com/team/repository.git?token=secret
git -c user.name=me -c user.email=me@example.com commit -q --allow-empty -m first && git rev-parse HEAD''',
               shell=True, check=True, cwd='/home/sagemaker-user')
"""


def document(text="print(6 * 7)"):
    return {"nbformat": 4, "nbformat_minor": 5, "cells": [
        {"id": "first", "cell_type": "code", "source": text, "metadata": {"trusted": True}, "execution_count": 3,
         "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>mine()</script>"}}]}],
        "metadata": {"instance_type": SIZE, "kernelspec": {
            "name": PYTHON, "display_name": "Python 3 (Base Python 3.0)", "language": "python"}}}


def save(browser, path, content):
    browser.own("PUT", "/api/contents/" + path, {"type": "notebook", "format": "json", "content": content})


def refused(browser, method, path, body=None):
    """Status and words of a refusal."""
    answer, content = browser.ask(method, "/studio-api" + path, body and json.dumps(body),
                                  Origin="http://" + browser.url.netloc)
    return answer.status, json.loads(content)["message"]


def share(browser, path, **more):
    return browser.own("POST", "/snapshots", {"path": path, **more}, base="/studio-api")


def profile(sagemaker, domain, name, **settings):
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=name, UserSettings=settings)
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=name)["Status"] == "InService",
               "the profile is in service")
    return name


@pytest.fixture
def sender(opened):
    browser = opened()
    browser.enter()
    return ready(browser)


@pytest.fixture
def viewer(opened, sagemaker, domain, unique):
    browser = opened(profile(sagemaker, domain, "viewer-" + unique))
    browser.enter()
    return ready(browser)


def test_a_user_of_the_domain_sees_what_was_shared(sender, viewer, s3, domain, server):
    commit = run(sender, CHECKOUT.replace("check=True,", "check=True, stdout=subprocess.PIPE, text=True,")
                 + "\nprint(open('/home/sagemaker-user/repository/.git/refs/heads/work').read().strip())").strip()
    save(sender, "repository/shared.ipynb", document())
    made = share(sender, "repository/shared.ipynb", includeOutput=True, includeGit=True)
    link = urlsplit(made["url"])
    assert link.hostname == "studio.localhost" and link.path == "/studio/snapshots"
    assert parse_qs(link.query)["id"] == [made["id"]] and parse_qs(link.query)["domain"] == [domain]
    # the page that the link leads to says what is shared, to who is signed in
    page = Page(server)
    at = "/studio-api/snapshots?domain=%s&id=" % domain
    answer, told = page.ask("GET", at + made["id"])
    assert (answer.status, told) == (200, {"name": "shared.ipynb", "owner": "default", "created": made["created"]})
    assert page.ask("GET", at + "absent")[0].status == 404
    page.cookie = ""
    assert page.ask("GET", at + made["id"])[0].status == 401
    # neither side sees what the other does later
    save(sender, "repository/shared.ipynb", document("other"))
    seen = viewer.studio("GET", "/snapshots/" + made["id"])
    assert (seen["name"], seen["owner"], seen["instanceType"]) == ("shared.ipynb", "default", SIZE)
    assert (seen["kernel"], seen["image"], seen["created"]) == (PYTHON, "Python 3 (Base Python 3.0)", made["created"])
    assert seen["git"] == {"remote": "https://git.example.com/team/repository.git", "branch": "work", "commit": commit}
    cell = seen["notebook"]["cells"][0]
    assert "".join(cell["source"]) == "print(6 * 7)" and cell["outputs"] and "trusted" not in cell["metadata"]
    # it lies where the domain says, under no name that could be guessed
    stored = [each["Key"] for each in s3.list_objects_v2(Bucket="sagemaker-us-east-1-123456789012")["Contents"]]
    assert "sharing/default/%s.ipynb" % made["id"] in stored and len(made["id"]) >= 43
    # a copy never takes the place of what is there
    first, second = (viewer.own("POST", "/snapshots/%s/copy" % made["id"], base="/studio-api")["path"] for _ in range(2))
    assert (first, second) == ("shared.ipynb", "shared-Copy1.ipynb")
    copied = viewer.own("GET", "/api/contents/%s?content=1" % second)["content"]
    assert copied["metadata"]["instance_type"] == SIZE and copied["metadata"]["kernelspec"]["name"] == PYTHON
    assert not copied["cells"][0]["metadata"].get("trusted")
    assert not [each for each in viewer.own("GET", "/api/contents/")["content"] if each["name"].startswith("Untitled")]


def test_outputs_stay_here_unless_they_are_asked_for_and_allowed(sender, sagemaker, domain, opened, unique):
    save(sender, "quiet.ipynb", document())
    assert sender.studio("GET", "/me")["sharesOutputs"] is True
    cell = sender.studio("GET", "/snapshots/" + share(sender, "quiet.ipynb")["id"])["notebook"]["cells"][0]
    assert cell["outputs"] == [] and cell["execution_count"] is None
    strict = opened(profile(sagemaker, domain, "strict-" + unique, SharingSettings={"NotebookOutputOption": "Disabled"}))
    strict.enter()
    ready(strict)
    assert strict.studio("GET", "/me")["sharesOutputs"] is False
    save(strict, "quiet.ipynb", document())
    status, words = refused(strict, "POST", "/snapshots", {"path": "quiet.ipynb", "includeOutput": True})
    assert status == 403 and "NotebookOutputOption is Disabled" in words
    assert share(strict, "quiet.ipynb", includeOutput=False)["id"]


def test_what_is_shared_stays_in_its_domain_and_paths_in_the_home(sender, sagemaker, domain, unique):
    save(sender, "mine.ipynb", document())
    made = share(sender, "mine.ipynb")
    role = sagemaker.describe_domain(DomainId=domain)["DefaultUserSettings"]["ExecutionRole"]
    other = sagemaker.create_domain(DomainName="other-" + unique, AuthMode="IAM",
                                    DefaultUserSettings={"ExecutionRole": role})["DomainArn"].rsplit("/", 1)[1]
    wait_until(lambda: sagemaker.describe_domain(DomainId=other)["Status"] == "InService", "the domain is there")
    stranger = Browser(sagemaker.create_presigned_domain_url(
        DomainId=other, UserProfileName=profile(sagemaker, other, "stranger"))["AuthorizedUrl"])
    stranger.enter()
    ready(stranger)
    assert refused(stranger, "GET", "/snapshots/" + made["id"])[0] == 404
    assert refused(stranger, "POST", "/snapshots/%s/copy" % made["id"])[0] == 404
    assert sender.ask("GET", "/studio-api/snapshots/" + made["id"], Cookie="")[0].status == 401
    assert refused(sender, "GET", "/snapshots/" + "A" * 43)[0] == 404
    for path in ("../mine.ipynb", "a/../../mine.ipynb", "/mine.ipynb", "a//mine.ipynb", "./mine.ipynb", "", "mine.txt",
                 "x" * 2000 + ".ipynb", "a\nb.ipynb"):
        assert refused(sender, "POST", "/snapshots", {"path": path})[0] == 400, path
    assert refused(sender, "POST", "/snapshots", {"path": "absent.ipynb"})[0] == 404
    sagemaker.delete_app(DomainId=other, UserProfileName="stranger", AppType="JupyterServer", AppName="default")


def test_the_roles_right_to_the_bucket_counts(opened, sagemaker, administrator, domain, unique):
    iam = administrator("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                     "Principal": {"Service": "sagemaker.amazonaws.com"}}]}
    role = iam.create_role(RoleName="reader-" + unique, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName="reader-" + unique, PolicyName="reads", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["sagemaker:*", "s3:GetObject"], "Resource": "*"}]}))
    admin = administrator("sagemaker")
    browser = Browser(admin.create_presigned_domain_url(DomainId=domain, UserProfileName=profile(
        admin, domain, "reader-" + unique, ExecutionRole=role))["AuthorizedUrl"])
    browser.enter()
    ready(browser)
    save(browser, "mine.ipynb", document())
    status, words = refused(browser, "POST", "/snapshots", {"path": "mine.ipynb"})
    assert status == 403 and "s3:PutObject" in words
    admin.delete_app(DomainId=domain, UserProfileName="reader-" + unique, AppType="JupyterServer", AppName="default")
