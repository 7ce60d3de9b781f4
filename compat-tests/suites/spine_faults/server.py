"""The server process: started by the launcher, killed, started again on the same port and data folder."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path

from .calls import READY

READY_LINE = "Atelier is ready at"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, folder):
        self.launcher = os.path.join(os.environ["ATELIER_HOME"], "atelier")
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        # user ids of this run alone, so that a process left behind is known by its owner
        first = 300_000 + random.SystemRandom().randrange(1_000_000) * 1_000
        self.uids = range(first, first + 1_000)
        self.config = self.folder / "config.json"
        self.config.write_text(json.dumps({"sandboxUids": "%d-%d" % (first, first + 999),
                                           "spot": {"afterSeconds": [1]}}))
        self.output = open(self.folder / "server.log", "ab", buffering=0)
        self.process = None
        self.ready_at = 0.0
        self.start_seconds = []

    def spawn(self):
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [self.launcher, "up", "--port", str(self.port), "--data", str(self.data), "--config", str(self.config)],
            stdout=subprocess.PIPE, stderr=self.output, text=True)

    def wait_ready(self):
        for line in self.process.stdout:
            if line.startswith(READY_LINE):
                self.ready_at = time.monotonic()
                self.start_seconds.append(self.ready_at - self.begun)
                READY.set()
                return
        sys.exit("the server ended at its start with %s; see %s" % (self.process.wait(), self.output.name))

    def kill(self):
        READY.clear()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def end(self):
        self.process.terminate()
        self.process.wait(60)

    def administrator(self):
        """The administrator's keys, as `atelier env --admin` prints them."""
        text = subprocess.run([self.launcher, "env", "--data", str(self.data), "--admin", "--format", "dotenv"],
                              check=True, capture_output=True, text=True).stdout
        pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
        return {name.strip(): value.strip().strip("'\"") for name, value in pairs}

    def orphans(self):
        """Processes of this server's sandboxes, and folders of workloads that nobody owns."""
        found = []
        work = str(self.data / "run")
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                uid = entry.stat().st_uid
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                cwd = os.readlink(entry / "cwd")
            except OSError:
                continue
            if command and (os.getuid() == 0 and uid in self.uids or cwd.startswith(work) or work in command):
                found.append("%s uid=%d %s" % (entry.name, uid, command[:200]))
        for folder in (self.data / "run" / "work", self.data / "run" / "staging"):
            found += [str(path) for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []
        return found
