"""Notebook instances as their users have them: made, entered, stopped, started, changed and deleted."""

import base64
import json
import os
import subprocess

import pytest
from botocore.exceptions import ClientError

from browser import Browser, run
from conftest import ROLE
from server import wait_until


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def status(sagemaker, name, *wanted):
    return wait_until(lambda: next((each for each in [sagemaker.describe_notebook_instance(NotebookInstanceName=name)]
                                    if each["NotebookInstanceStatus"] in wanted), None), "%s is %s" % (name, wanted), 150)


def enter(sagemaker, name):
    browser = Browser(sagemaker.create_presigned_notebook_instance_url(NotebookInstanceName=name)["AuthorizedUrl"], "")
    entered = browser.enter()
    assert entered[0] == 303, entered
    return browser, entered[1]


@pytest.fixture
def made(sagemaker):
    names = []

    def make(name, **more):
        names.append(name)
        return sagemaker.create_notebook_instance(
            NotebookInstanceName=name, RoleArn=ROLE, **{"InstanceType": "ml.t3.medium", **more})

    yield make
    for name in names:
        if status(sagemaker, name, "InService", "Failed", "Stopped")["NotebookInstanceStatus"] == "InService":
            sagemaker.stop_notebook_instance(NotebookInstanceName=name)
        status(sagemaker, name, "Failed", "Stopped")
        sagemaker.delete_notebook_instance(NotebookInstanceName=name)
    for name in names:
        sagemaker.get_waiter("notebook_instance_deleted").wait(
            NotebookInstanceName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def public_repository(s3, bucket, folder):
    """A repository that anybody may clone from a bucket, as from any web server."""
    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    git("init", "-q", "-b", "main", "work")
    (folder / "work" / "hello.py").write_text("print('hello from git')\n")
    git("-C", "work", "add", ".")
    git("-C", "work", "commit", "-q", "-m", "first")
    git("clone", "-q", "--bare", "work", "work.git")
    git("-C", "work.git", "update-server-info")
    for place, _, files in os.walk(folder / "work.git"):
        for file in files:
            path = os.path.join(place, file)
            s3.upload_file(path, bucket, os.path.relpath(path, folder))
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%s/*" % bucket},
        {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::%s" % bucket}]}))
    return "https://%s.s3.amazonaws.com/work.git" % bucket


def test_it_starts_with_scripts_and_a_repository_and_keeps_its_volume(made, sagemaker, s3, bucket, tmp_path, unique):
    sagemaker.create_code_repository(CodeRepositoryName="code-" + unique, GitConfig={
        "RepositoryUrl": public_repository(s3, bucket, tmp_path), "Branch": "main"})
    sagemaker.create_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName="lc-" + unique,
        OnCreate=[{"Content": encoded("echo made >> /home/ec2-user/SageMaker/steps\n")}],
        OnStart=[{"Content": encoded("set -e\nsudo -u ec2-user -i <<'EOF'\ncd /home/ec2-user/SageMaker\n"
                                     "echo started by $(whoami) | tee -a steps\nEOF\n")}])
    name = "nb-" + unique
    arn = made(name, DefaultCodeRepository="code-" + unique, LifecycleConfigName="lc-" + unique, VolumeSizeInGB=6,
               Tags=[{"Key": "team", "Value": "a"}])["NotebookInstanceArn"]
    assert status(sagemaker, name, "InService", "Failed").get("FailureReason") is None
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "a"}]
    browser, landing = enter(sagemaker, name)
    assert landing == "/lab/tree/work" and b"<title>JupyterLab</title>" in browser.ask("GET", landing)[1]
    assert browser.ask("GET", "/tree")[0].status == 200
    assert b"SageMaker examples" in browser.ask("GET", "/lab/extensions/atelier-examples/static/remoteEntry.js")[1]
    told = run(browser, "import boto3, os, subprocess\n"
                        "print(subprocess.run(['sudo', 'id', '-un'], capture_output=True, text=True).stdout.strip())\n"
                        "print(open('work/hello.py').read().strip(), open('steps').read().split())\n"
                        "print(boto3.client('sts').get_caller_identity()['Arn'].split('/')[1], os.cpu_count())\n"
                        "print(sorted(os.listdir('/home/ec2-user/sample-notebooks')))\n"
                        "open('kept', 'w').write('mine')")
    assert told.splitlines() == ["ec2-user", "print('hello from git') ['made', 'started', 'by', 'ec2-user']",
                                 "AtelierExecutionRole 2",
                                 "['data-in-s3.ipynb', 'logs-and-metrics.ipynb', 'train-and-deploy.ipynb']"]
    assert browser.own("GET", "/api/kernelspecs")["default"] == "conda_python3"
    with pytest.raises(ClientError, match="Unable to transition to .Deleting."):
        sagemaker.delete_notebook_instance(NotebookInstanceName=name)
    sagemaker.stop_notebook_instance(NotebookInstanceName=name)
    status(sagemaker, name, "Stopped")
    assert b"is stopped" in browser.ask("GET", "/lab", Accept="text/html")[1]
    sagemaker.update_notebook_instance(NotebookInstanceName=name, InstanceType="ml.t3.large", RootAccess="Disabled",
                                       DisassociateDefaultCodeRepository=True)
    assert status(sagemaker, name, "Stopped")["InstanceType"] == "ml.t3.large"
    sagemaker.start_notebook_instance(NotebookInstanceName=name)
    status(sagemaker, name, "InService")
    again, landing = enter(sagemaker, name)
    assert landing == "/lab"
    assert run(again, "import shutil\nprint(open('kept').read(), open('steps').read().count('started'), "
                      "open('steps').read().count('made'), shutil.which('sudo'))") == "mine 2 1 None\n"


def test_one_that_cannot_start_says_why(made, sagemaker, client, unique):
    sagemaker.create_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName="bad-" + unique, OnStart=[{"Content": encoded("echo before\nexit 7\n")}])
    made("bad-" + unique, LifecycleConfigName="bad-" + unique)
    made("far-" + unique, DefaultCodeRepository="https://no-such-bucket-%s.s3.amazonaws.com/x.git" % unique)
    reason = status(sagemaker, "bad-" + unique, "Failed")["FailureReason"]
    assert "ended with exit code 7" in reason and "before" in reason
    lines = client("logs").get_log_events(logGroupName="/aws/sagemaker/NotebookInstances",
                                          logStreamName="bad-%s/LifecycleConfigOnStart" % unique)["events"]
    assert [line["message"] for line in lines] == ["before"]
    reason = status(sagemaker, "far-" + unique, "Failed")["FailureReason"]
    assert "could not be cloned" in reason and "fatal:" in reason
    with pytest.raises(ClientError, match=r"Status \(Failed\) not in \(\[InService\]\)"):
        sagemaker.create_presigned_notebook_instance_url(NotebookInstanceName="bad-" + unique)


def test_without_direct_access_it_reaches_atelier_alone(made, sagemaker, unique):
    name = "inside-" + unique
    made(name, DirectInternetAccess="Disabled", SubnetId="subnet-0123", SecurityGroupIds=["sg-0123"])
    status(sagemaker, name, "InService")
    told = run(enter(sagemaker, name)[0],
               "import boto3, urllib.request\nprint(len(boto3.client('s3').list_buckets()['Buckets']) >= 0)\n"
               "urllib.request.urlopen('https://example.com')")
    assert told.startswith("True\n") and "403" in told


def test_a_server_that_was_killed_finds_it_again(own_server, unique):
    server = own_server().start()
    sagemaker = server.client("sagemaker")
    sagemaker.create_notebook_instance(NotebookInstanceName="nb", InstanceType="ml.t3.medium", RoleArn=ROLE)
    status(sagemaker, "nb", "InService")
    browser, _ = enter(sagemaker, "nb")
    kernel = browser.own("POST", "/api/kernels", {})["id"]
    server.kill()
    server.start(server.port)
    assert status(sagemaker, "nb", "InService")
    assert [each["id"] for each in browser.own("GET", "/api/kernels")] == [kernel]
    sagemaker.stop_notebook_instance(NotebookInstanceName="nb")
    status(sagemaker, "nb", "Stopped")
