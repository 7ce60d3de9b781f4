"""One server for all tests, started as a user starts it; every test speaks to it as AWS's clients do."""

import os
import shlex
import signal
import subprocess
import time

import boto3
import pytest

HOME = os.environ["ATELIER_HOME"]
LAUNCHER = os.path.join(HOME, "atelier")
SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ROLE = "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"


class Server:
    """A server process on a data folder of its own."""

    def __init__(self, data, port=0, config=None):
        self.data, self.log_file = str(data), str(data) + ".log"
        self.start(port, config)

    def start(self, port, config=None):
        command = [LAUNCHER, "up", "--port", str(port), "--data", self.data]
        with open(self.log_file, "w") as log:
            self.process = subprocess.Popen(command + (["--config", config] if config else []), stdout=log,
                                            stderr=subprocess.STDOUT, start_new_session=True)
        self.url = wait_for(self.ready, 120, "the ready line")
        self.port = int(self.url.rsplit(":", 1)[1])

    def ready(self):
        with open(self.log_file) as log:
            text = log.read()
        assert self.process.poll() is None, text
        lines = [line for line in text.splitlines() if line.startswith("Atelier is ready at ")]
        return lines[0].split(" at ")[1] if lines else None

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def env(self, *options):
        """What ./atelier env sets, on top of an environment without any of it."""
        text = subprocess.run([LAUNCHER, "env", "--data", self.data, *options], check=True, capture_output=True,
                              text=True).stdout
        variables = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        for line in text.splitlines():
            words = shlex.split(line)
            if words[0] == "export":
                name, value = words[1].split("=", 1)
                variables[name] = value
        return variables

    def stop(self):
        subprocess.run([LAUNCHER, "down", "--data", self.data], capture_output=True)
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(30)


def wait_for(condition, seconds, what):
    """The condition's first true value; fails when there is none in time."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < until, "no %s within %s seconds" % (what, seconds)
        time.sleep(0.05)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server") / "data")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def env(server):
    return server.env()


@pytest.fixture(scope="session", autouse=True)
def settings(env):
    """Makes every client of this process the execution role's."""
    os.environ.update({k: v for k, v in env.items() if os.environ.get(k) != v})


@pytest.fixture(scope="session")
def client():
    return lambda service, **options: boto3.client(service, **options)


@pytest.fixture(scope="session")
def bucket(client):
    client("s3").create_bucket(Bucket="compat-tests")
    return "compat-tests"


@pytest.fixture
def name(request):
    """A resource name that no other test uses."""
    return "%s-%x" % (request.node.name.split("[")[0].replace("_", "-")[:40].strip("-"), time.time_ns() // 1000)
