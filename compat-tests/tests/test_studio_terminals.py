"""Terminals inside of images, as tabs of a browser have them."""

import json
import uuid

import pytest

from server import wait_until
from browser import IMAGE, LAB, Browser, frame, frames, ready

PYTHON = IMAGE + "sagemaker-base-python-310-v1"
MANY = 10_000_000


class Tab:
    """What JupyterLab's tab of a terminal does."""

    def __init__(self, browser, name):
        self.raw, self.stream = browser.socket("/terminals/websocket/" + name)
        self.coming = frames(self.stream)
        self.seen, self.over = "", False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.raw.close()

    def say(self, *message):
        frame(self.raw, json.dumps(message).encode())

    def type(self, text):
        self.say("stdin", text)

    def take(self):
        """One message; false when there is none any more."""
        for kind, content in self.coming:
            if kind == 8:
                return False
            if kind == 1:
                what, *rest = json.loads(content)
                self.seen += rest[0] if what == "stdout" else ""
                self.over |= what == "disconnect"
                return True
        return False

    def until(self, text):
        """All that was written before a text, which is then not found again."""
        while text not in self.seen:
            assert self.take(), self.seen
        before, _, self.seen = self.seen.partition(text)
        return before

    def told(self, command):
        """What a command prints; others may type into the same shell."""
        mark = uuid.uuid4().hex[:8]
        self.type("echo be''gin%s; %s; echo e''nd%s\r" % (mark, command, mark))
        self.until("begin%s\r\n" % mark)
        return self.until("end%s\r\n" % mark)

    def ends(self):
        while self.take():
            pass
        return self.over


def opened_in(browser, **asked):
    return browser.own("POST", "/api/terminals", {"image_arn": PYTHON, "instance_type": "ml.t3.medium", **asked})


def names(browser):
    return [each["name"] for each in browser.own("GET", "/api/terminals")]


@pytest.fixture
def lab(opened):
    browser = opened()
    browser.enter()
    return ready(browser)


def test_a_terminal_is_a_shell_in_its_image(lab):
    assert lab.studio("GET", "/me")["imageTerminals"] is True
    lab.own("PUT", "/api/contents/work", {"type": "directory"})
    # nothing else runs on this type
    made = opened_in(lab, cwd="work", instance_type="ml.c5.large")
    assert made["name"].startswith(made["app_name"] + ".") and made["app_name"].startswith("base-python-310-v1-ml-c5-large-")
    assert made["name"] in names(lab)
    system = lab.own("POST", "/api/terminals", {"cwd": ""})["name"]
    with Tab(lab, made["name"]) as tab:
        # it is there before its app is, and says how far that is
        assert "Starting" in tab.until("$ ")
        tab.say("set_size", 33, 111, 0, 0)
        assert tab.told("pwd; stty size; id -u; tty") == "/home/sagemaker-user/work\r\n33 111\r\n1000\r\n/dev/pts/0\r\n"
        assert tab.told("python -c 'from importlib.util import find_spec as f; print(f(\"jupyterlab\"), bool(f(\"ipykernel\")))'") \
            == "None True\r\n"
        assert tab.told("printf '%s ' Zürich 東京 🙂 | cat") == "Zürich 東京 🙂 "
        # what is typed before the shell has handed over the terminal is no signal
        tab.type("echo be''gun; sleep 60\r")
        tab.until("begun")
        tab.type("\x03")
        tab.until("^C")
        # both see the same, in the smaller window
        with Tab(lab, made["name"]) as other:
            other.say("set_size", 20, 90, 0, 0)
            assert "🙂 end" in other.until("^C")
            other.told("kept=here")
            assert other.told("stty size") == "20 90\r\n"
        frame(tab.raw, b"", 9)
        assert "here" in tab.told("echo $kept")
        running = lab.studio("GET", "/running")
        assert running["terminals"] == [{"name": made["name"], "appName": made["app_name"]}]
        assert sorted(names(lab)) == sorted([system, made["name"]])
        with Tab(lab, system) as own:
            assert own.told("pwd") == "/home/sagemaker-user\r\n"
        second = opened_in(lab, instance_type="ml.c5.large")["name"]
        assert second == made["app_name"] + ".2"
        lab.own("DELETE", "/api/terminals/" + second)
        tab.type("exit\r")
        assert tab.ends()
    wait_until(lambda: names(lab) == [system], "the terminal has gone")
    assert lab.ask("GET", LAB + "/api/terminals/" + made["name"])[0].status == 404
    lab.own("DELETE", "/api/terminals/" + system)
    # what JupyterLab asks when it lays out what was open once: no instance is started for that
    answer, _ = lab.ask("POST", LAB + "/api/terminals", json.dumps({"name": made["name"]}), Origin="http://" + lab.url.netloc)
    assert answer.status == 404 and names(lab) == []


def test_who_takes_little_holds_up_the_shell_alone(lab):
    made = opened_in(lab)
    with Tab(lab, made["name"]) as tab:
        tab.until("$ ")
        tab.type("head -c %d /dev/zero | tr '\\0' x; echo; echo do''ne\r" % MANY)
        tab.until("x" * 1000)
        # nobody reads for a while: others are answered, and it is nobody's memory that fills
        with Tab(lab, opened_in(lab)["name"]) as other:
            for number in range(50):
                assert other.told("echo %d" % number) == "%d\r\n" % number
        used = lab.studio("GET", "/usage?appName=" + made["app_name"])
        assert used["memoryBytes"] < 200 << 20
        assert tab.until("done").count("x") == MANY - 1000
        # who comes anew sees the end of it
        with Tab(lab, made["name"]) as late:
            assert len(late.until("done")) < 1 << 20


def test_terminals_are_their_owners(lab, opened, sagemaker, administrator, domain, unique):
    name = opened_in(lab)["name"]
    user = "other-" + unique
    administrator("sagemaker").create_user_profile(DomainId=domain, UserProfileName=user)
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName=user)["Status"] == "InService",
               "the profile is there")
    other = opened(user)
    other.enter()
    ready(other)
    assert names(other) == []
    for method in ("GET", "DELETE"):
        assert other.ask(method, LAB + "/api/terminals/" + name, Origin="http://" + other.url.netloc)[0].status == 404
    with pytest.raises(AssertionError, match="404"):
        Tab(other, name)
    cookie, lab.cookie = lab.cookie, ""
    with pytest.raises(AssertionError, match="401"):
        Tab(lab, name)
    lab.cookie = cookie
    for wrong, words in (({"image_arn": "nonsense"}, "ARN of an image"), ({"image_arn": IMAGE + "none"}, "not available"),
                         ({"image_arn": PYTHON, "instance_type": "ml.none.big"}, "ml.none.big")):
        answer, content = lab.ask("POST", LAB + "/api/terminals", json.dumps(wrong), Origin="http://" + lab.url.netloc)
        assert answer.status == 400 and words in json.loads(content)["message"]
    with Tab(lab, name) as tab:
        tab.until("$ ")
        # its app goes, and takes it along
        lab.own("DELETE", "/apps/KernelGateway/" + name.split(".")[0], base="/studio-api")
        assert tab.ends()
    wait_until(lambda: names(lab) == [], "the terminal has gone")


def test_terminals_outlive_a_killed_server(own_server):
    server = own_server().start()
    sagemaker = server.client("sagemaker")
    domain = sagemaker.list_domains()["Domains"][0]["DomainId"]
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=domain, UserProfileName="default")["Status"]
               == "InService", "the first profile is in service")
    browser = Browser(sagemaker.create_presigned_domain_url(DomainId=domain, UserProfileName="default")["AuthorizedUrl"])
    browser.enter()
    name = opened_in(ready(browser))["name"]
    port = server.port
    # one that waits for its app is opened by the next server
    server.kill()
    server.start(port)
    with Tab(browser, name) as tab:
        tab.until("$ ")
        tab.told("kept=still")
        tab.type("for i in $(seq 30); do echo line $i; sleep 0.1; done\r")
        tab.until("line 5\r\n")
        server.kill()
    server.start(port)
    assert names(browser) == [name]
    with Tab(browser, name) as tab:
        assert "line 5\r\nline 6\r\n" in tab.until("line 30\r\n")
        assert tab.told("echo $kept here") == "still here\r\n"
