"""Spaces as their users have them: JupyterLab on a size of its own, over a volume that outlives it."""

import base64
import json

import pytest
from botocore.exceptions import ClientError

from browser import Browser, Client, run
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


def test_people_edit_together_in_a_shared_space(sagemaker, domain, space, unique):
    name, user = space("shared", "Shared"), "editor-" + unique
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=user)
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "a profile")
    assert started(sagemaker, domain, name, ResourceSpec={"InstanceType": "ml.t3.medium"})["Status"] == "InService"
    browser, _ = entered(sagemaker, domain, name)
    browser.own("PUT", "/api/contents/note.md", {"type": "file", "format": "text", "content": "hello"})
    session = browser.own("PUT", "/api/collaboration/session/note.md", {"format": "text", "type": "file"})
    assert session["fileId"] and session["sessionId"]
    # each under their own name, whatever they say of themselves
    other, _ = entered(sagemaker, domain, name, user)
    for person, forged in ((browser, user), (other, "default"), (browser, "")):
        who = user if person is other else "default"
        answer, content = person.ask("GET", LAB + "/api/me", **({"X-Atelier-User": forged} if forged else {}))
        identity = json.loads(content)["identity"]
        assert (identity["username"], identity["name"], identity["display_name"]) == (who, who, who)
        # a login cookie of Jupyter's that somebody else was given
        given = answer.getheader("Set-Cookie")
        if given:
            thief = browser if person is other else other
            own = "default" if thief is browser else user
            stolen = json.loads(thief.ask("GET", LAB + "/api/me", Cookie=thief.cookie + "; " + given.split(";")[0])[1])
            assert stolen["identity"]["username"] == own
        me = person.studio("GET", "/me")
        assert (me["userProfileName"], me["spaceName"], me["imageTerminals"]) == (who, name, False)
    assert browser.ask("GET", "/studio-api/running")[0].status == 404
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName=user)


def test_an_app_tells_why_it_is_not_idle_and_is_kept(sagemaker, domain, space, unique):
    user = "idle-" + unique
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=user, UserSettings={"JupyterLabAppSettings": {
        "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}}}})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "a profile")
    name = space(owner=user)
    started(sagemaker, domain, name)
    browser, _ = entered(sagemaker, domain, name, user)
    used = browser.studio("GET", "/usage")
    assert 0 < used["memoryBytes"] < used["memoryLimitBytes"] == 4 << 30
    told = browser.studio("GET", "/idle")
    assert told["minutes"] == 60 and told["stopsAt"] > told["idleSince"] and told["space"] == name
    kernel = browser.own("POST", "/api/kernels", {})["id"]
    with Client(browser, kernel) as client:
        asked = client.execute("print('at work', flush=True); input()", allow_stdin=True)
        next(m for m in client.messages(asked) if m["msg_type"] == "input_request")
        told = browser.studio("GET", "/idle")
        assert "stopsAt" not in told and "A kernel is busy." in told["reasons"]
        client.ask("input_reply", {"value": ""}, "stdin")
        client.answered(asked)
    browser.own("POST", "/idle", {"minutes": 120}, base="/studio-api")
    told = wait_until(lambda: next((t for t in [browser.studio("GET", "/idle")] if "stopsAt" in t), None), "it is idle")
    assert any("asked to keep it until" in reason for reason in told["reasons"])
    origin = {"Origin": "http://" + browser.url.netloc}
    for wrong in ({}, {"minutes": 0}, {"minutes": "60"}, {"minutes": 1441}):
        assert browser.ask("POST", "/studio-api/idle", json.dumps(wrong), **origin)[0].status == 400
    assert browser.ask("POST", "/studio-api/idle", json.dumps({"minutes": 5}))[0].status == 403
