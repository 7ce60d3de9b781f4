"""Spaces as their users have them: JupyterLab on a size of its own, over a volume that outlives it."""

import base64

import pytest
from botocore.exceptions import ClientError

from browser import Browser, run
from server import wait_until

LAB = "/jupyterlab/default"
APP = {"AppType": "JupyterLab", "AppName": "default"}


@pytest.fixture
def space(sagemaker, domain, unique):
    made = []

    def make(name="s", sharing="Private", owner="default", **settings):
        name = "%s-%s" % (name, unique)
        sagemaker.create_space(DomainId=domain, SpaceName=name, SpaceSharingSettings={"SharingType": sharing},
                               OwnershipSettings={"OwnerUserProfileName": owner},
                               SpaceSettings={"AppType": "JupyterLab", **settings})
        made.append(name)
        wait_until(lambda: sagemaker.describe_space(DomainId=domain, SpaceName=name)["Status"] == "InService", "a space")
        return name

    yield make
    for name in made:
        for app in sagemaker.list_apps(DomainIdEquals=domain, SpaceNameEquals=name)["Apps"]:
            if app["Status"] not in ("Deleted", "Failed", "Deleting"):
                sagemaker.delete_app(DomainId=domain, SpaceName=name, **APP)
        stopped(sagemaker, domain, name)
        sagemaker.delete_space(DomainId=domain, SpaceName=name)


def stopped(sagemaker, domain, name):
    wait_until(lambda: all(app["Status"] in ("Deleted", "Failed") for app in
                           sagemaker.list_apps(DomainIdEquals=domain, SpaceNameEquals=name)["Apps"]), "it has stopped")


def started(sagemaker, domain, name, **more):
    if more or not sagemaker.list_apps(DomainIdEquals=domain, SpaceNameEquals=name)["Apps"]:
        sagemaker.create_app(DomainId=domain, SpaceName=name, **APP, **more)
    return wait_until(lambda: next((app for app in [sagemaker.describe_app(DomainId=domain, SpaceName=name, **APP)]
                                    if app["Status"] in ("InService", "Failed")), None), "the app runs", 150)


def entered(sagemaker, domain, name, profile="default", **more):
    browser = Browser(sagemaker.create_presigned_domain_url(
        DomainId=domain, UserProfileName=profile, SpaceName=name, **more)["AuthorizedUrl"], LAB)
    status, landing = browser.enter()
    assert status == 303
    return browser, landing


def test_a_space_runs_jupyterlab_over_a_volume_of_its_own(sagemaker, domain, space):
    name = space(SpaceStorageSettings={"EbsStorageSettings": {"EbsVolumeSizeInGb": 6}})
    app = started(sagemaker, domain, name, ResourceSpec={"InstanceType": "ml.t3.medium"})
    assert app["Status"] == "InService", app
    assert app["ResourceSpec"]["InstanceType"] == "ml.t3.medium" and app["SpaceName"] == name
    browser, landing = entered(sagemaker, domain, name, LandingUri="app:JupyterLab:lab/tree/notes")
    assert landing == LAB + "/lab/tree/notes"
    told = run(browser, "import json, os, pandas, sagemaker, sklearn\n"
                        "about = json.load(open('/opt/ml/metadata/resource-metadata.json'))\n"
                        "print(os.getcwd(), about['SpaceName'], os.environ['SAGEMAKER_SPACE_TYPE'])\n"
                        "print(sagemaker.get_execution_role().split('/')[-1])\n"
                        "open('kept', 'w').write('mine')")
    assert told.splitlines()[-2] == "/home/sagemaker-user %s Private" % name
    assert told.splitlines()[-1] == "AtelierExecutionRole"
    for change in ({"SpaceStorageSettings": {"EbsStorageSettings": {"EbsVolumeSizeInGb": 7}}},
                   {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}}):
        with pytest.raises(ClientError, match="App.s. are associated with it"):
            sagemaker.update_space(DomainId=domain, SpaceName=name, SpaceSettings=change)
    sagemaker.delete_app(DomainId=domain, SpaceName=name, **APP)
    stopped(sagemaker, domain, name)
    sagemaker.update_space(DomainId=domain, SpaceName=name, SpaceSettings={
        "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.large"}}})
    wait_until(lambda: sagemaker.describe_space(DomainId=domain, SpaceName=name)["Status"] == "InService", "the change")
    again, landing = entered(sagemaker, domain, name)
    assert landing == LAB + "/lab"
    app = started(sagemaker, domain, name)
    assert app["ResourceSpec"]["InstanceType"] == "ml.t3.large"
    assert run(again, "print(open('kept').read())") == "mine\n"


def test_recovery_leaves_scripts_and_own_settings_alone(sagemaker, domain, space, client, unique):
    arn = sagemaker.create_studio_lifecycle_config(
        StudioLifecycleConfigName="s-" + unique, StudioLifecycleConfigAppType="JupyterLab",
        StudioLifecycleConfigContent=base64.b64encode(b"echo starting; exit 9\n").decode())["StudioLifecycleConfigArn"]
    user = "scripted-" + unique
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=user, UserSettings={"JupyterLabAppSettings": {
        "LifecycleConfigArns": [arn], "DefaultResourceSpec": {"InstanceType": "ml.t3.medium", "LifecycleConfigArn": arn}}})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "a profile")
    name = space(owner=user)
    app = started(sagemaker, domain, name)
    assert app["Status"] == "Failed" and "exit code 9" in app["FailureReason"]
    lines = client("logs").get_log_events(logGroupName="/aws/sagemaker/studio", logStreamName="%s/%s/JupyterLab/default/"
                                          "LifecycleConfigOnStart" % (domain, name))["events"]
    assert [line["message"] for line in lines] == ["starting"]
    app = started(sagemaker, domain, name, RecoveryMode=True)
    assert app["Status"] == "InService" and app["RecoveryMode"] is True
    browser, _ = entered(sagemaker, domain, name, user)
    assert run(browser, "import os; print(os.environ['HOME'], os.getcwd())") \
        == "/tmp/sagemaker-recovery-mode-home /home/sagemaker-user\n"


def test_a_private_space_is_its_owners(sagemaker, domain, space, unique):
    name, user = space(), "other-" + unique
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=user, UserSettings={})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "a profile")
    with pytest.raises(ClientError, match="does not own the private Space"):
        entered(sagemaker, domain, name, user)
    for uri in ("app:CodeEditor:", "app:JupyterLab:../../api", "app:JupyterLab://evil.example", "https://evil.example"):
        with pytest.raises(ClientError, match="LandingUri"):
            entered(sagemaker, domain, name, LandingUri=uri)
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName=user)


def test_people_edit_together_in_a_shared_space(sagemaker, domain, space):
    name = space("shared", "Shared")
    assert started(sagemaker, domain, name, ResourceSpec={"InstanceType": "ml.t3.medium"})["Status"] == "InService"
    browser, _ = entered(sagemaker, domain, name)
    browser.own("PUT", "/api/contents/note.md", {"type": "file", "format": "text", "content": "hello"})
    session = browser.own("PUT", "/api/collaboration/session/note.md", {"format": "text", "type": "file"})
    assert session["fileId"] and session["sessionId"]
