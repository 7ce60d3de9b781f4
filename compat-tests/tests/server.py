"""Starts the launcher's server as a user does, waits for its ready line, and reads what `atelier env` prints."""

import os
import queue
import subprocess
import threading
import time

import boto3

HOME = os.environ.get("ATELIER_HOME", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
LAUNCHER = os.path.join(HOME, "atelier")
READY = "Atelier is ready at "
# the names env sets, which must not leak in from the shell that runs the tests
FOREIGN = ("AWS_", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SAGEMAKER_", "S3_ENDPOINT_URL")


def clean_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}


class Server:
    """A server on a data folder; may be killed and started again on the same port."""

    def __init__(self, data, config=None, options=()):
        self.data = str(data)
        self.config = config
        self.options = list(options)
        self.process = None
        self.url = None

    def start(self, port=0, timeout=300):
        command = [LAUNCHER, "up", "--port", str(port), "--data", self.data, *self.options]
        command += ["--config", str(self.config)] if self.config else []
        environment = clean_environment()
        if "ATELIER_CACHE" in environment:
            # the home of the tests is a fresh one, and what images are made of need not be made for it anew
            environment["XDG_CACHE_HOME"] = os.path.dirname(environment["ATELIER_CACHE"])
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        env=environment)
        lines = queue.Queue()
        threading.Thread(target=self._read, args=(self.process, lines), daemon=True).start()
        seen, deadline = [], time.monotonic() + timeout
        while True:
            try:
                line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.process.kill()
                raise AssertionError("no ready line within %d s:\n%s" % (timeout, "".join(seen))) from None
            if line is None:
                raise AssertionError("the server ended with %s:\n%s" % (self.process.wait(), "".join(seen)))
            seen.append(line)
            if line.startswith(READY):
                self.url = line[len(READY):].strip()
                return self

    @staticmethod
    def _read(process, lines):
        with open(os.environ.get("ATELIER_TEST_SERVER_LOG", os.devnull), "a") as log:
            for line in process.stdout:
                log.write(line)
                log.flush()
                lines.put(line)
        lines.put(None)

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    def kill(self):
        """kill -9: the launcher's exec made the shell's process the server itself."""
        self.process.kill()
        self.process.wait()

    def down(self):
        subprocess.run([LAUNCHER, "down", "--data", self.data], env=clean_environment(), check=True, timeout=60,
                       stdout=subprocess.DEVNULL)
        self.process.wait(timeout=60)

    def run(self, command, *arguments):
        """A command of the launcher on this data folder."""
        return subprocess.run([LAUNCHER, command, "--data", self.data, *arguments], env=clean_environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def env_text(self, *arguments):
        return subprocess.run([LAUNCHER, "env", "--data", self.data, *arguments], env=clean_environment(),
                              stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout

    def settings(self, *arguments):
        """What a shell has after eval "$(./atelier env)": only what changed."""
        text = self.env_text(*arguments)
        shell = subprocess.run(["bash", "-c", 'eval "$1"; env -0', "bash", text], env={}, check=True,
                               stdout=subprocess.PIPE, text=True).stdout
        pairs = dict(pair.split("=", 1) for pair in shell.split("\0") if pair)
        return {name: value for name, value in pairs.items() if name not in ("PWD", "SHLVL", "_")}

    def environment(self, *arguments):
        """A whole environment for a program, as in a user's shell."""
        return {**clean_environment(), **self.settings(*arguments)}

    def client(self, service):
        """A client with the settings of now; they stay good when the server is killed and started again."""
        settings = self.settings()
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1",
                            aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
                            aws_session_token=settings["AWS_SESSION_TOKEN"])


def wait_until(question, what, timeout=60, pause=0.1):
    """Asks until the answer is true; fails with the last answer when the time is over."""
    deadline = time.monotonic() + timeout
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError("not within %d s: %s" % (timeout, what))
        time.sleep(pause)
