"""Studio as a browser sees it: a presigned URL, JupyterLab behind it, and a home that outlives both."""

import base64
import json
import subprocess

from browser import COOKIE, LAB, Browser, frame, frames, ready, run
from server import LAUNCHER, clean_environment, wait_until


def test_a_url_opens_jupyterlab_once(opened, sagemaker, domain):
    browser = opened()
    assert browser.enter() == (303, LAB + "/lab")
    assert browser.enter()[0] == 403
    waiting, page = browser.ask("GET", LAB + "/lab", Accept="text/html")
    assert waiting.status in (200, 202) and (waiting.status == 200 or b"Starting your app" in page)
    ready(browser)
    app = sagemaker.describe_app(DomainId=domain, UserProfileName="default", AppType="JupyterServer", AppName="default")
    assert app["Status"] == "InService" and app["ResourceSpec"]["InstanceType"] == "system"
    assert b"<title>JupyterLab</title>" in browser.ask("GET", LAB + "/lab")[1]
    assert run(browser, "import os; print(os.environ['HOME'], os.getuid(), os.getgid())") \
        == "/home/sagemaker-user 1000 100\n"
    metadata = json.loads(run(browser, "print(open('/opt/ml/metadata/resource-metadata.json').read())"))
    assert metadata["DomainId"] == domain and "/kernelgateway/" in metadata["ResourceArn"]


def test_the_home_outlives_the_app_and_is_its_users_alone(opened, sagemaker, domain):
    sagemaker.create_user_profile(DomainId=domain, UserProfileName="ann", UserSettings={})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName="ann")["Status"] == "InService",
               "ann is there")
    first = opened()
    first.enter()
    ready(first).own("PUT", "/api/contents/note.txt", {"type": "file", "format": "text", "content": "mine"})
    sagemaker.delete_app(DomainId=domain, UserProfileName="default", AppType="JupyterServer", AppName="default")
    wait_until(lambda: first.ask("GET", LAB + "/api/status")[0].status == 503, "the app does not answer any more")
    again, other = opened(), opened("ann")
    again.enter()
    other.enter()
    assert ready(again).own("GET", "/api/contents/note.txt")["content"] == "mine"
    assert "note.txt" not in [each["name"] for each in ready(other).own("GET", "/api/contents/")["content"]]
    seen = run(other, "import os; print(sorted(n for n in os.listdir('/proc') if n.isdigit()), os.listdir('/home'))")
    assert "'sagemaker-user'" in seen and len(seen) < 300
    # a session with one host is none with another
    assert other.url.netloc != again.url.netloc
    other.cookie = again.cookie
    assert other.ask("GET", LAB + "/api/contents/note.txt")[0].status == 401


def test_what_is_killed_comes_back(opened):
    browser = opened()
    browser.enter()
    ready(browser)
    terminal = browser.own("POST", "/api/terminals", {})["name"]
    raw, stream = browser.socket("/terminals/websocket/" + terminal)
    with raw:
        next(frames(stream))
        frame(raw, json.dumps(["stdin", "pkill -f jupyterla[b]\n"]).encode())
        wait_until(lambda: browser.ask("GET", LAB + "/api/status")[0].status == 502, "JupyterLab has ended")
    ready(browser)
    assert run(browser, "print(6 * 7)") == "42\n"


def test_the_launcher_prints_a_link(opened, server, sagemaker, domain):
    def studio(*arguments):
        return subprocess.run([LAUNCHER, "studio", "--data", server.data, *arguments], env=clean_environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    printed = studio()
    assert Browser(printed.stdout.strip()).enter() == (303, LAB + "/lab") and not printed.stderr
    refused = studio("--profile", "nobody")
    assert refused.returncode == 1 and "does not exist" in refused.stderr and not refused.stdout
    assert "there are: default" in studio("--domain", "none").stderr


def test_only_its_own_pages_ask(opened):
    browser = opened()
    assert browser.ask("GET", LAB + "/lab")[0].status == 401
    browser.enter()
    ready(browser)
    for origin in ("http://evil.example", "null", "http://studio.localhost:%d" % browser.url.port):
        assert browser.ask("POST", LAB + "/api/kernels", "{}", Origin=origin)[0].status == 403
    assert browser.ask("POST", LAB + "/api/kernels", "{}")[0].status == 403
    assert browser.ask("GET", LAB + "/lab", Cookie=COOKIE + "=other")[0].status == 401


def test_a_script_that_fails_is_told(opened, sagemaker, domain, unique):
    arn = sagemaker.create_studio_lifecycle_config(
        StudioLifecycleConfigName="fails-" + unique, StudioLifecycleConfigAppType="JupyterServer",
        StudioLifecycleConfigContent=base64.b64encode(b"echo before\nexit 3\n").decode())["StudioLifecycleConfigArn"]
    user = "scripted-" + unique
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=user, UserSettings={"JupyterServerAppSettings": {
        "DefaultResourceSpec": {"InstanceType": "system", "LifecycleConfigArn": arn}, "LifecycleConfigArns": [arn]}})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "the profile is there")
    browser = opened(user)
    browser.enter()
    described = wait_until(lambda: next((app for app in [sagemaker.describe_app(
        DomainId=domain, UserProfileName=user, AppType="JupyterServer", AppName="default")]
        if app["Status"] == "Failed"), None), "the app has failed", 120)
    assert "exit code 3" in described["FailureReason"] and "before" in described["FailureReason"]
    assert b"exit code 3" in browser.ask("GET", LAB + "/lab", Accept="text/html")[1]
