"""What ran and what it cost, budgets that hold, and the end of all that runs, as the console's page asks for them."""

import http.client
import json
import subprocess

import pytest
from botocore.exceptions import ClientError

from browser import Browser, run
from conftest import ROLE
from server import LAUNCHER, clean_environment, wait_until


class Page:
    """The console's own page of somebody who signed in by a link."""

    def __init__(self, server):
        self.port = server.port
        self.cookie = ""
        link = subprocess.run([LAUNCHER, "console", "--data", server.data], env=clean_environment(), check=True,
                              stdout=subprocess.PIPE, text=True, timeout=60).stdout.strip().split("#link=")[1]
        self.cookie = self.ask("POST", "/session", {"link": link})[0].getheader("Set-Cookie").split(";")[0]

    def ask(self, method, path, body=None):
        host = "studio.localhost:%d" % self.port
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body and json.dumps(body), {
            "Host": host, "Cookie": self.cookie, "Origin": "http://" + host, "X-Atelier-Console": "1"})
        answer = connection.getresponse()
        content = answer.read()
        return answer, json.loads(content) if content else None

    def usage(self, **query):
        answer, report = self.ask("GET", "/studio-api/usage?" + "&".join("%s=%s" % each for each in query.items()))
        assert answer.status == 200, report
        return report


@pytest.fixture(scope="module")
def metered(own_server):
    server = own_server().start()
    sagemaker = server.client("sagemaker")
    domain = sagemaker.list_domains()["Domains"][0]["DomainId"]
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName="default")["Status"]
               == "InService", "the first profile")
    sagemaker.update_user_profile(DomainId=domain, UserProfileName="default", UserSettings={"JupyterLabAppSettings": {
        "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}}}})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName="default")["Status"]
               == "InService", "the change")
    sagemaker.create_space(DomainId=domain, SpaceName="s", SpaceSharingSettings={"SharingType": "Private"},
                           OwnershipSettings={"OwnerUserProfileName": "default"}, SpaceSettings={"AppType": "JupyterLab"})
    wait_until(lambda: sagemaker.describe_space(DomainId=domain, SpaceName="s")["Status"] == "InService", "the space")
    return server, sagemaker, domain


APP = {"SpaceName": "s", "AppType": "JupyterLab", "AppName": "default"}


def status(sagemaker, domain, wanted):
    wait_until(lambda: sagemaker.describe_app(DomainId=domain, **APP)["Status"] == wanted, wanted, 150)


def notebook(sagemaker, wanted):
    wait_until(lambda: sagemaker.describe_notebook_instance(NotebookInstanceName="n")["NotebookInstanceStatus"] == wanted,
               wanted, 150)


def test_an_app_is_counted_for_its_user_and_budgets_hold(metered):
    server, sagemaker, domain = metered
    page = Page(server)
    assert page.usage()["entries"] == []
    sagemaker.create_app(DomainId=domain, ResourceSpec={"InstanceType": "ml.t3.medium"}, **APP)
    status(sagemaker, domain, "InService")
    report = page.usage(user="default")
    entry, = report["entries"]
    assert (entry["kind"], entry["domain"], entry["user"], entry["instanceType"], entry["pricePerHour"]) \
        == ("App", domain, "default", "ml.t3.medium", 0.05)
    assert "endedAt" not in entry and report["perHourNow"] == 0.05 and "sagemaker/pricing" in report["priceSource"]
    assert page.usage(user="else")["entries"] == []

    # what a program in the app asks for counts for the app's user
    browser = Browser(sagemaker.create_presigned_domain_url(
        DomainId=domain, UserProfileName="default", SpaceName="s")["AuthorizedUrl"], "/jupyterlab/default")
    assert browser.enter()[0] == 303
    assert run(browser, "import boto3\nprint(boto3.client('sagemaker').create_notebook_instance(NotebookInstanceName='n', "
                        "InstanceType='ml.m5.xlarge', RoleArn='%s')['NotebookInstanceArn'].split('/')[1])" % ROLE) == "n\n"
    notebook(sagemaker, "InService")
    inner = page.usage(user="default")["entries"][0]
    assert (inner["kind"], inner["domain"], inner["pricePerHour"]) == ("NotebookInstance", domain, 0.23)

    idle, = page.ask("GET", "/studio-api/idle")[1]["apps"]
    assert idle["space"] == "s" and idle["minutes"] == 60 and idle["stopsAt"] > idle["idleSince"]
    answer, kept = page.ask("POST", "/studio-api/idle", {"arn": idle["arn"], "minutes": 120})
    assert answer.status == 200 and kept["until"] > idle["stopsAt"]
    later, = page.ask("GET", "/studio-api/idle")[1]["apps"]
    assert later["stopsAt"] == kept["until"] and any("asked to keep it" in reason for reason in later["reasons"])
    for body in ({}, {"arn": idle["arn"]}, {"arn": idle["arn"], "minutes": 0}, {"arn": "arn:x", "minutes": 5}):
        assert page.ask("POST", "/studio-api/idle", body)[0].status == 400

    server.kill()
    server.start(server.port)
    page = Page(server)
    _, again = page.usage()["entries"]
    assert again["id"] == entry["id"] and again["startedAt"] == entry["startedAt"] and "endedAt" not in again

    assert page.ask("PUT", "/studio-api/budgets", {"domain": domain, "user": "default", "monthly": 0})[0].status == 204
    budget, = page.ask("GET", "/studio-api/budgets")[1]["budgets"]
    assert budget["usedUp"] and budget["user"] == "default" and budget["spent"] > 0
    answer, stopped = page.ask("POST", "/studio-api/stop-all", {"domain": domain})
    assert answer.status == 200 and stopped["refused"] == [] and len(stopped["stopped"]) == 2
    status(sagemaker, domain, "Deleted")
    notebook(sagemaker, "Stopped")
    assert all("endedAt" in each for each in page.usage()["entries"])
    with pytest.raises(ClientError, match="The budget of UserProfile default in Domain .* is used up") as refused:
        sagemaker.create_app(DomainId=domain, **APP)
    assert refused.value.response["Error"]["Code"] == "ResourceLimitExceeded"
    with pytest.raises(ClientError, match="The NotebookInstance is not started"):
        sagemaker.start_notebook_instance(NotebookInstanceName="n")
    assert page.ask("DELETE", "/studio-api/budgets", {"domain": domain, "user": "default"})[0].status == 204
    assert page.ask("DELETE", "/studio-api/budgets", {"domain": domain, "user": "default"})[0].status == 404


def test_only_the_page_of_who_may_is_answered(metered):
    server, _, _ = metered
    page = Page(server)
    iam = boto(server)
    for body in ({}, {"monthly": 1}, {"domain": "d", "monthly": "much"}, {"user": "no arn", "monthly": 1}):
        assert page.ask("PUT", "/studio-api/budgets", body)[0].status == 400
    assert page.ask("GET", "/studio-api/usage?from=yesterday")[0].status == 400
    assert page.ask("GET", "/studio-api/else")[0].status == 404
    iam.put_user_policy(UserName="admin", PolicyName="thrifty", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": ["ce:*", "budgets:ModifyBudget"],
                                               "Resource": "*"}}))
    assert page.ask("GET", "/studio-api/usage")[0].status in (400, 403)
    assert page.ask("GET", "/studio-api/budgets")[0].status == 200
    assert page.ask("PUT", "/studio-api/budgets", {"domain": "d", "monthly": 1})[0].status in (400, 403)
    iam.delete_user_policy(UserName="admin", PolicyName="thrifty")
    page.cookie = ""
    assert page.ask("GET", "/studio-api/usage")[0].status == 401


def boto(server):
    import boto3
    keys = server.settings("--admin")
    return boto3.client("iam", endpoint_url=server.url, region_name="us-east-1",
                        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"], aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
                        aws_session_token=None)
