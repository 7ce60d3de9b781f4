"""Notebooks' kernels: each on the image and instance type that its notebook asks for, with nothing lost on the way."""

import base64
import json
import struct
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from server import wait_until
from browser import COOKIE, IMAGE, LAB, PYTHON, Browser, Client, frame, frames, printed, ready

NOTE = "Note: The kernel is still starting. Please execute this cell again after the kernel is started.\n"
COUNT = "import time\nfor i in range(40): print(i, flush=True); time.sleep(0.1)"
COUNTED = "".join("%d\n" % i for i in range(40))


def notebook(browser, path, instance_type="ml.t3.medium"):
    """Makes a notebook with one cell that asks for an instance type, and a session with it."""
    browser.own("PUT", "/api/contents/" + path, {"type": "notebook", "format": "json", "content": {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"instance_type": instance_type}, "cells": [
            {"id": "first", "cell_type": "code", "source": COUNT, "metadata": {}, "outputs": [],
             "execution_count": None}]}})
    return browser.own("POST", "/api/sessions", {"path": path, "type": "notebook", "name": path,
                                                 "kernel": {"name": PYTHON}})


def idle(browser, kernel):
    return wait_until(lambda: next((k for k in [browser.own("GET", "/api/kernels/" + kernel)]
                                    if k["execution_state"] == "idle"), None), "the kernel is idle", 120)


def states(client):
    return (m["content"]["execution_state"] for m in client.messages() if m["msg_type"] == "status")


def until_five(client, asked):
    got = []
    while "5\n" not in printed(got):
        got.append(next(client.messages(asked)))
    return got


def late(client, asked, early, twice=0):
    """What a client that comes again had not, and no more than so many messages that it had."""
    known = {message["header"]["msg_id"] for message in early}
    got = client.answered(asked)
    assert sum(message["header"]["msg_id"] in known for message in got) <= twice
    return [message for message in got if message["header"]["msg_id"] not in known]


@pytest.fixture
def lab(opened):
    browser = opened()
    browser.enter()
    yield ready(browser)
    for session in browser.own("GET", "/api/sessions"):
        browser.own("DELETE", "/api/sessions/" + session["id"])


def test_a_cell_that_is_run_too_early_is_told(lab, sagemaker, domain):
    kernel = lab.own("POST", "/api/kernels", {"name": PYTHON, "instance_type": "ml.t3.large"})
    assert kernel["execution_state"] == "starting" and kernel["app_status"] == "Pending"
    assert kernel["app_name"].startswith("base-python-310-v1-ml-t3-large-")
    with Client(lab, kernel["id"]) as client:
        got = client.answered(client.execute("print(1)"))
        assert printed(got) == NOTE
        assert [m["content"]["status"] for m in got if m["msg_type"] == "execute_reply"] == ["aborted"]
        assert client.run("print(6 * 7)") == "42\n"
    app = sagemaker.describe_app(DomainId=domain, UserProfileName="default", AppType="KernelGateway",
                                 AppName=kernel["app_name"])
    assert app["Status"] == "InService" and app["ResourceSpec"]["InstanceType"] == "ml.t3.large"


def test_a_session_that_is_asked_for_by_several_at_once_is_one(lab):
    before = lab.own("GET", "/api/kernels")
    with ThreadPoolExecutor(8) as pages:
        sessions = list(pages.map(lambda _: lab.own("POST", "/api/sessions", {
            "path": "once.ipynb", "type": "notebook", "name": "once.ipynb", "kernel": {"name": PYTHON}}), range(8)))
    assert len({session["id"] for session in sessions}) == 1
    assert len(lab.own("GET", "/api/kernels")) == len(before) + 1


def test_notebooks_of_one_image_share_an_app_and_types_do_not(lab, sagemaker, domain):
    one, two, three = (notebook(lab, "%s.ipynb" % name, kind)["kernel"] for name, kind in
                       (("one", "ml.t3.medium"), ("two", "ml.t3.medium"), ("three", "ml.m5.large")))
    assert one["app_name"] == two["app_name"] != three["app_name"] and one["id"] != two["id"]
    for kernel, gibibytes in ((one, 4), (three, 8)):
        idle(lab, kernel["id"])
        with Client(lab, kernel["id"]) as client:
            assert client.run("import os; print(os.environ['HOME'], os.getuid())") == "/home/sagemaker-user 1000\n"
            assert client.run("held = b'x' * (%d << 30)" % (gibibytes - 2)) == ""
            # more than the instance has: the kernel alone is ended, and started again
            client.execute("held += b'x' * (3 << 30)")
            assert "restarting" in states(client)
            assert client.run("print('held' in dir())") == "False\n"
    used = lab.studio("GET", "/usage?appName=" + one["app_name"])
    assert used["memoryLimitBytes"] == 4 << 30 and 50 << 20 < used["memoryBytes"] < 4 << 30 and used["cpuSeconds"] > 1
    running = lab.studio("GET", "/running")
    listed = {app["AppName"] for app in sagemaker.list_apps(DomainIdEquals=domain)["Apps"] if app["Status"] == "InService"}
    assert {app["appName"] for app in running["apps"] if app["status"] == "InService"} == listed
    assert {i["instanceType"] for i in running["instances"]} == {"system", "ml.t3.medium", "ml.m5.large"}
    assert sorted(k["path"] for k in running["kernels"]) == ["one.ipynb", "three.ipynb", "two.ipynb"]


def test_nothing_is_lost_while_nobody_listens(lab):
    kernel = notebook(lab, "away.ipynb")["kernel"]["id"]
    idle(lab, kernel)
    with Client(lab, kernel, "me") as client:
        asked = client.execute(COUNT, "first")
        early = until_five(client, asked)
    # the same client comes again: it goes on where it was
    with Client(lab, kernel, "me") as client:
        assert printed(early + late(client, asked, early)) == COUNTED
    # nobody comes: the file has it
    with Client(lab, kernel, "other") as client:
        next(m for m in client.messages(client.execute(COUNT, "first")) if m["msg_type"] == "stream")
    idle(lab, kernel)
    cell = lab.own("GET", "/api/contents/away.ipynb?type=notebook&content=1")["content"]["cells"][0]
    assert cell["execution_count"] == 2
    assert ["".join(output["text"]) for output in cell["outputs"]] == [COUNTED]


def test_kernels_outlive_a_killed_server(own_server):
    server = own_server().start()
    sagemaker = server.client("sagemaker")
    domain = sagemaker.list_domains()["Domains"][0]["DomainId"]
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName="default")["Status"]
               == "InService", "the first profile is in service")
    browser = Browser(sagemaker.create_presigned_domain_url(DomainId=domain, UserProfileName="default")["AuthorizedUrl"])
    browser.enter()
    kernel = notebook(ready(browser), "kept.ipynb")["kernel"]["id"]
    idle(browser, kernel)
    with Client(browser, kernel, "me") as client:
        client.run("kept = 'still here'")
        asked = client.execute(COUNT, "first")
        early = until_five(client, asked)
        port = server.port
        server.kill()
    server.start(port)
    with Client(browser, kernel, "me") as client:
        # what was sent in the server's last moment may not have been noted
        assert printed(early + late(client, asked, early, 1)) == COUNTED
        assert client.run("print(kept)") == "still here\n"


def test_a_kernel_is_interrupted_restarted_and_asks(lab):
    kernel = lab.own("POST", "/api/kernels", {"name": PYTHON})["id"]
    with Client(lab, kernel) as client:
        assert client.run("x = 1") == ""
        asked = client.execute("import time\nprint('sleeps', flush=True)\ntime.sleep(60)")
        next(m for m in client.messages(asked) if m["msg_type"] == "stream")
        lab.own("POST", "/api/kernels/%s/interrupt" % kernel)
        error = [m for m in client.answered(asked) if m["msg_type"] == "error"]
        assert error[0]["content"]["ename"] == "KeyboardInterrupt"
        asked = client.execute("print('hello ' + input('who? '))", allow_stdin=True)
        question = next(m for m in client.messages(asked) if m["msg_type"] == "input_request")
        assert question["content"]["prompt"] == "who? " and question["channel"] == "stdin"
        client.ask("input_reply", {"value": "you"}, "stdin")
        assert printed(client.answered(asked)) == "hello you\n"
        debug = client.ask("debug_request", {"type": "request", "command": "debugInfo", "seq": 1}, "control")
        reply = next(m for m in client.messages(debug) if m["msg_type"] == "debug_reply")
        assert reply["channel"] == "control" and reply["content"]["success"]
        lab.own("POST", "/api/kernels/%s/restart" % kernel)
        assert "not defined" in client.run("print(x)")
        # one that ends by itself is started again, and says so
        client.execute("import os; os._exit(3)")
        assert "restarting" in states(client)
        assert client.run("print('again')") == "again\n"
    lab.own("DELETE", "/api/kernels/" + kernel)
    assert lab.ask("GET", LAB + "/api/kernels/" + kernel)[0].status == 404


def test_buffers_pass_both_formats(lab):
    kernel = lab.own("POST", "/api/kernels", {"name": PYTHON})["id"]
    with Client(lab, kernel) as client:
        client.run("pass")
        asked = client.execute("from comm import create_comm\n"
                               "c = create_comm(target_name='t', data={}, buffers=[bytes(range(256)), b'two'])")
        opened = next(m for m in client.messages(asked) if m["msg_type"] == "comm_open")
        assert opened["buffers"] == [bytes(range(256)), b"two"]
    raw, stream = lab.socket("/api/kernels/%s/channels" % kernel, "v1.kernel.websocket.jupyter.org")
    with raw:
        code = "c.send(data={}, buffers=[b'\\x00\\xff'])"
        parts = [b"shell", *(json.dumps(part).encode() for part in (
            {"msg_id": "v1", "msg_type": "execute_request", "session": "v", "username": "", "version": "5.3", "date": ""},
            {}, {}, {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False,
                     "stop_on_error": True}))]
        place, offsets = 8 * (len(parts) + 2), []
        for part in parts:
            offsets.append(place)
            place += len(part)
        offsets.append(place)
        frame(raw, struct.pack("<%dQ" % (len(offsets) + 1), len(offsets), *offsets) + b"".join(parts), 2)
        for content in (content for kind, content in frames(stream) if kind == 2):
            count = struct.unpack_from("<Q", content)[0]
            places = struct.unpack_from("<%dQ" % count, content, 8)
            got = [content[begin:end] for begin, end in zip(places, places[1:])]
            if b'"comm_msg"' in got[1]:
                assert got[5:] == [b"\x00\xff"]
                break


def test_bad_kernels_are_refused_in_words(lab, sagemaker, domain):
    def refused(**asked):
        answer, content = lab.ask("POST", LAB + "/api/kernels", json.dumps(asked), Origin="http://" + lab.url.netloc)
        return answer.status, json.loads(content)["message"]

    assert refused(name="python3__SAGEMAKER_INTERNAL__nonsense")[0] == 400
    status, words = refused(name="python3__SAGEMAKER_INTERNAL__%sno-such-image" % IMAGE)
    assert status == 400 and "not available" in words
    status, words = refused(name=PYTHON, instance_type="ml.none.small")
    assert status == 400 and "ml.none.small" in words
    kernel = lab.own("POST", "/api/kernels", {"name": PYTHON.replace("python3__", "Python3__")})
    dead = wait_until(lambda: next((k for k in [lab.own("GET", "/api/kernels/" + kernel["id"])]
                                    if k["execution_state"] == "dead"), None), "the kernel is refused", 120)
    assert "no kernel named Python3" in dead["reason"] and "python3" in dead["reason"]
    assert lab.ask("GET", LAB + "/api/kernels/../kernels/none")[0].status in (400, 404)


def test_rights_count_and_kernels_are_their_owners(lab, opened, sagemaker, administrator, domain, unique):
    iam = administrator("iam")
    role, user = "limited-" + unique, "limited-" + unique
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
    iam.put_role_policy(RoleName=role, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "sagemaker:CreateApp", "Resource": "*", "Condition": {
            "ForAnyValue:StringLike": {"sagemaker:InstanceTypes": ["ml.m5.*"]}}}]}))
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    administrator("sagemaker").create_user_profile(DomainId=domain, UserProfileName=user,
                                                   UserSettings={"ExecutionRole": arn})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "the profile is there")
    browser = opened(user)
    browser.enter()
    ready(browser)
    origin = "http://" + browser.url.netloc
    answer, content = browser.ask("POST", LAB + "/api/kernels", json.dumps({"name": PYTHON, "instance_type": "ml.m5.large"}),
                                  Origin=origin)
    assert answer.status == 403 and b"explicit deny" in content
    assert browser.own("GET", "/api/kernels") == []
    mine = browser.own("POST", "/api/kernels", {"name": PYTHON})["id"]
    idle(browser, mine)
    # another user neither sees nor reaches it
    assert mine not in [kernel["id"] for kernel in lab.own("GET", "/api/kernels")]
    assert lab.ask("DELETE", LAB + "/api/kernels/" + mine, Origin="http://" + lab.url.netloc)[0].status == 404
    with pytest.raises(AssertionError, match="404"):
        Client(lab, mine)
    lab.cookie, kept = COOKIE + "=stolen", lab.cookie
    assert lab.ask("GET", "/studio-api/running")[0].status == 401
    lab.cookie = kept
    # AWS's services at the app's host are the execution role's
    answer, content = browser.ask("POST", "/aws/sts/", "Action=GetCallerIdentity&Version=2011-06-15", Origin=origin, **{
        "X-Atelier-Console": "1", "Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 200 and ("assumed-role/%s/SageMaker" % role).encode() in content
    assert browser.ask("POST", "/aws/sts/", "Action=GetCallerIdentity&Version=2011-06-15", Origin=origin)[0].status == 403


def test_a_chosen_script_runs_in_the_app_that_is_made_after_a_deletion(opened, sagemaker, domain, unique):
    script = sagemaker.create_studio_lifecycle_config(
        StudioLifecycleConfigName="s-" + unique, StudioLifecycleConfigAppType="KernelGateway",
        StudioLifecycleConfigContent=base64.b64encode(b"echo ran > ~/told.txt\n").decode())["StudioLifecycleConfigArn"]
    user = "scripted-" + unique
    sagemaker.create_user_profile(DomainId=domain, UserProfileName=user, UserSettings={
        "KernelGatewayAppSettings": {"LifecycleConfigArns": [script],
                                     "DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}})
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "the profile is there")
    browser = opened(user)
    browser.enter()
    first = ready(browser).own("POST", "/api/kernels", {"name": PYTHON})
    idle(browser, first["id"])
    assert browser.ask("GET", LAB + "/api/contents/told.txt")[0].status == 404
    browser.own("DELETE", "/apps/KernelGateway/" + first["app_name"], base="/studio-api")
    second = browser.own("POST", "/api/kernels", {"name": PYTHON, "lcc_arn": script})
    assert second["app_name"] == first["app_name"] and second["app_status"] == "Deleting"
    idle(browser, second["id"])
    assert browser.own("GET", "/api/contents/told.txt")["content"] == "ran\n"


def test_deleting_an_app_ends_its_kernels(lab, sagemaker, domain):
    session = notebook(lab, "gone.ipynb")
    idle(lab, session["kernel"]["id"])
    name = session["kernel"]["app_name"]
    started = time.monotonic()
    assert lab.ask("DELETE", "/studio-api/apps/KernelGateway/" + name, Origin="http://" + lab.url.netloc)[0].status == 204
    wait_until(lambda: lab.own("GET", "/api/sessions") == [], "its sessions are gone")
    wait_until(lambda: sagemaker.describe_app(DomainId=domain, UserProfileName="default", AppType="KernelGateway",
                                              AppName=name)["Status"] == "Deleted", "the app is deleted")
    assert time.monotonic() - started < 30
