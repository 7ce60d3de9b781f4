"""Notebooks that run as training jobs, now and by a schedule, with nobody at the page."""

import json
import os
import time

import pytest

from server import wait_until
from browser import IMAGE, Browser, ready

SIZE = "ml.m5.large"
BASE_PYTHON = IMAGE + "sagemaker-base-python-310-v1"
SOURCE = """import os
from pathlib import Path
print(os.environ["GREETING"], int(count) * 2, type(count).__name__, name)
print(Path("said").read_text())"""


def notebook(*sources):
    cells = [{"id": "c%d" % at, "cell_type": "code", "source": source, "outputs": [], "execution_count": None,
              "metadata": {"tags": ["parameters"]} if at == 0 else {}} for at, source in enumerate(sources)]
    return {"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}}


def save(browser, path, *sources):
    browser.own("PUT", "/api/contents/" + path, {"type": "notebook", "format": "json", "content": notebook(*sources)})


def ask(browser, method, path, body=None):
    """Status and content, of a refusal its words."""
    answer, content = browser.ask(method, "/studio-api/" + path, body and json.dumps(body),
                                  Origin="http://" + browser.url.netloc)
    if answer.getheader("Content-Type", "").startswith("application/json"):
        content = json.loads(content)
    return answer.status, content["message"] if answer.status >= 400 else content


def create(browser, path, **more):
    status, made = ask(browser, "POST", "notebook-jobs", {
        "name": "nightly", "path": path, "instanceType": SIZE, "imageArn": BASE_PYTHON, "kernel": "python3", **more})
    assert status == 201, made
    return made


def ended(browser, job):
    def now():
        found = ask(browser, "GET", "notebook-jobs/" + job["id"])[1]
        return found if found["status"] != "In progress" else None
    return wait_until(now, "the notebook job has ended", 240, 0.3)


def printed(cell):
    return "".join("".join(output.get("text", "")) for output in cell.get("outputs", []))


@pytest.fixture
def lab(opened):
    browser = opened()
    browser.enter()
    yield ready(browser)
    for kind in ("notebook-job-definitions", "notebook-jobs"):
        for each in ask(browser, "GET", kind)[1]:
            assert ask(browser, "DELETE", "%s/%s" % (kind, each["id"]))[0] == 204


def test_a_notebook_runs_with_parameters(lab, sagemaker, s3, bucket, domain):
    save(lab, "work.ipynb", "count, name = 1, 'nobody'", SOURCE)
    lab.own("PUT", "/api/contents/prepare.sh", {"type": "file", "format": "text", "content": "echo prepared | tee said\n"})
    # as on AWS a script runs in the folder of the job's input
    made = create(lab, "work.ipynb", parameters={"count": "21", "name": "Zoë"}, environment={"GREETING": "hello"},
                  initializationScript="prepare.sh", outputS3="s3://%s/results" % bucket)
    assert made["status"] == "In progress" and made["trainingJobName"].startswith("nightly-")
    # what is edited later is not run
    save(lab, "work.ipynb", "raise SystemExit")
    done = ended(lab, made)
    assert done["status"] == "Completed" and done["ended"] > done["started"], done
    status, output = ask(lab, "GET", "notebook-jobs/%s/output" % made["id"])
    cells = json.loads(output)["cells"]
    assert status == 200 and printed(cells[-1]) == "hello 42 int Zoë\nprepared\n\n"
    assert ["injected-parameters" in cell["metadata"]["tags"] for cell in cells] == [False, True, False]
    log = ask(lab, "GET", "notebook-jobs/%s/log" % made["id"])[1].decode()
    assert "prepared" in log and "hello 42 int Zoë" in log
    # it is a training job as AWS's are
    job = sagemaker.describe_training_job(TrainingJobName=made["trainingJobName"])
    assert job["AlgorithmSpecification"]["ContainerEntrypoint"] == ["amazon_sagemaker_scheduler"]
    assert job["HyperParameters"] == {"count": "21", "name": "Zoë"}
    tags = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]}
    assert tags["sagemaker:notebook-name"] == "work.ipynb" and tags["sagemaker:domain-arn"].endswith(domain)
    assert s3.head_object(Bucket=bucket, Key="results/%s/output/output.tar.gz" % made["trainingJobName"])
    assert [each["id"] for each in ask(lab, "GET", "notebook-jobs")[1]] == [made["id"]]
    assert ask(lab, "DELETE", "notebook-jobs/" + made["id"])[0] == 204
    assert ask(lab, "GET", "notebook-jobs")[1] == [] and ask(lab, "GET", "notebook-jobs/" + made["id"])[0] == 404


def test_a_notebook_that_fails_leaves_what_it_did_and_says_why(lab):
    save(lab, "broken.ipynb", "print('so far')", "1 / 0", "print('never')")
    made = create(lab, "broken.ipynb")
    done = ended(lab, made)
    assert done["status"] == "Failed"
    assert "Cell 2 of broken.ipynb failed: ZeroDivisionError: division by zero" in done["failureReason"]
    cells = json.loads(ask(lab, "GET", "notebook-jobs/%s/output" % made["id"])[1])["cells"]
    assert any(printed(cell) == "so far\n" for cell in cells)
    assert any(output.get("ename") == "ZeroDivisionError" for cell in cells for output in cell.get("outputs", []))
    assert "ZeroDivisionError" in ask(lab, "GET", "notebook-jobs/%s/log" % made["id"])[1].decode()
    unknown = ended(lab, create(lab, "broken.ipynb", kernel="absent"))
    assert unknown["status"] == "Failed" and "no kernel named absent" in unknown["failureReason"]


@pytest.fixture
def sagemaker_logs(client):
    return client("logs")


def stopped_after(browser, logs, job, words):
    """Stops a job that has printed something, and waits for its end."""
    def said():
        found = logs.filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs",
                                       logStreamNamePrefix=job["trainingJobName"] + "/")
        return any(words in event["message"] for event in found["events"])
    wait_until(said, "the job prints %r" % words, 120, 0.3)
    assert ask(browser, "POST", "notebook-jobs/%s/stop" % job["id"])[0] == 204
    done = ended(browser, job)
    assert done["status"] == "Stopped", done
    return done


def left(browser, job):
    """Cells and log that a job left."""
    found = [ask(browser, "GET", "notebook-jobs/%s/%s" % (job["id"], what)) for what in ("output", "log")]
    assert [status for status, _ in found] == [200, 200], found
    return json.loads(found[0][1])["cells"], found[1][1].decode()


def test_a_job_is_stopped_and_what_it_did_stays(lab, sagemaker_logs):
    save(lab, "long.ipynb", "print('begun', flush=True)", "import time; print('asleep', flush=True); time.sleep(600)")
    made = create(lab, "long.ipynb")
    assert ask(lab, "GET", "notebook-jobs/%s/output" % made["id"])[0] == 404
    cells, log = left(lab, stopped_after(lab, sagemaker_logs, made, "asleep"))
    assert [printed(cell) for cell in cells] == ["begun\n", "asleep\n"]
    assert "begun" in log and "asleep" in log


def test_a_job_that_is_stopped_while_scripts_run_leaves_its_notebook_as_it_was(lab, sagemaker_logs):
    save(lab, "never.ipynb", "print('never')")
    lab.own("PUT", "/api/contents/slow.sh", {"type": "file", "format": "text", "content": "echo at it\nsleep 250\n"})
    made = create(lab, "never.ipynb", initializationScript="slow.sh")
    cells, log = left(lab, stopped_after(lab, sagemaker_logs, made, "at it"))
    assert [cell["source"] for cell in cells] == ["print('never')"] and not cells[0]["outputs"]
    assert "at it" in log and "stopped before the notebook ran" in log


def test_what_is_not_valid_is_refused_whole(lab):
    save(lab, "any.ipynb", "1")
    lab.own("PUT", "/api/contents/none.ipynb", {"type": "file", "format": "text", "content": "no notebook"})
    good = {"name": "nightly", "path": "any.ipynb", "instanceType": SIZE, "kernel": "python3"}
    for change in ({"name": "no spaces"}, {"path": "../any.ipynb"}, {"path": "any.txt"}, {"instanceType": "ml.none"},
                   {"kernel": ""}, {"imageArn": "python"}, {"imageArn": IMAGE + "absent"}, {"outputS3": "/tmp"},
                   {"parameters": {str(at): "" for at in range(101)}}, {"parameters": {"a" * 257: ""}},
                   {"parameters": {"a": "b" * 2501}}, {"parameters": {"a": {}}}, {"parameters": []},
                   {"parameters": {"lambda": ""}}, {"parameters": {"a": None}}, {"environment": {"A": "\0"}},
                   {"unknown": 1}, {"inputS3": "s3://absent-%s/in" % os.urandom(6).hex()},
                   {"outputS3": "s3://absent-%s/out" % os.urandom(6).hex()}, {"path": "none.ipynb"},
                   {"environment": {"V%d" % at: "" for at in range(29)}}, {"environment": {"A": "b" * 513}},
                   {"environment": {"1": ""}}, {"initializationScript": "/etc/passwd"},
                   {"script": "arn:aws:sagemaker:us-east-1:123456789012:studio-lifecycle-config/absent"},
                   {"schedule": "every day"}, {"schedule": "cron(0 0 31 2 ? *)"}, {"schedule": "rate(1 minutes)"}):
        status, words = ask(lab, "POST", "notebook-jobs", {**good, **change})
        assert status == 400 and words, change
    assert "none.ipynb is no notebook" in ask(lab, "POST", "notebook-jobs", {**good, "path": "none.ipynb"})[1]
    assert ask(lab, "POST", "notebook-jobs", {**good, "path": "absent.ipynb"})[0] == 404
    status, words = ask(lab, "POST", "notebook-jobs", {
        **good, "role": "arn:aws:iam::123456789012:role/somebody-elses"})
    assert status in (400, 403) and "somebody-elses" in words
    assert ask(lab, "GET", "notebook-jobs")[1] == [] and ask(lab, "GET", "notebook-job-definitions")[1] == []


def test_definitions_are_run_paused_edited_and_deleted(lab):
    save(lab, "daily.ipynb", "print('by hand')")
    made = create(lab, "daily.ipynb", schedule="cron(0 8 ? * MON-FRI *)")
    assert made["status"] == "Active" and made["nextRun"][10:] == "T08:00:00Z"
    at = "notebook-job-definitions/" + made["id"]
    assert ask(lab, "POST", at + "/pause")[1]["status"] == "Paused" and "nextRun" not in ask(lab, "GET", at)[1]
    save(lab, "daily.ipynb", "print('edited')")
    asked = {**made, "schedule": "rate(2 days)", "parameters": {"x": "1"}}
    assert ask(lab, "PUT", at, asked)[1]["schedule"] == "rate(2 days)"
    assert ask(lab, "PUT", at, {**asked, "schedule": "rate(0 days)"})[0] == 400
    assert ask(lab, "POST", at + "/resume")[1]["nextRun"]
    run = ask(lab, "POST", at + "/run")[1]
    assert run["definition"] == made["id"] and ended(lab, run)["status"] == "Completed"
    assert "edited" in ask(lab, "GET", "notebook-jobs/%s/log" % run["id"])[1].decode()
    assert ask(lab, "DELETE", at)[0] == 204 and ask(lab, "GET", at)[0] == 404
    # its runs stay
    assert [each["id"] for each in ask(lab, "GET", "notebook-jobs")[1]] == [run["id"]]


def test_a_schedule_outlives_a_killed_server_and_runs_once(own_server):
    server = own_server().start()
    sagemaker = server.client("sagemaker")
    domain = sagemaker.list_domains()["Domains"][0]["DomainId"]
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName="default")["Status"]
               == "InService", "the first profile is in service")
    browser = Browser(sagemaker.create_presigned_domain_url(DomainId=domain, UserProfileName="default")["AuthorizedUrl"])
    browser.enter()
    save(ready(browser), "scheduled.ipynb", "print('done')")
    made = create(browser, "scheduled.ipynb", schedule="cron(* * * * ? *)")
    due = made["nextRun"]
    port = server.port
    server.kill()
    # the time passes while no server runs
    wait_until(lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()) > due, "the run is due", 70)
    server.start(port)
    jobs = wait_until(lambda: ask(browser, "GET", "notebook-jobs")[1], "the run that was missed is made up for")
    server.kill()
    server.start(port)
    ask(browser, "POST", "notebook-job-definitions/%s/pause" % made["id"])
    assert jobs[0]["definition"] == made["id"] and ended(browser, jobs[0])["status"] == "Completed"
    runs = ask(browser, "GET", "notebook-jobs")[1]
    training = sagemaker.list_training_jobs(NameContains="nightly-")["TrainingJobSummaries"]
    assert sorted(run["trainingJobName"] for run in runs) == sorted(job["TrainingJobName"] for job in training)
    assert len(runs) <= 2 and len({run["id"] for run in runs}) == len(runs)
