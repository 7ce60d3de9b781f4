"""Faults planted from outside the product, each of which must turn its count red."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

WAIT_SECONDS = 60


class Plant:
    """A fault made once, after the last kill, while the life cycles go on; undone when it was counted."""

    def __init__(self, server):
        self.server = server

    def make(self):
        """Returns what was done."""
        raise NotImplementedError

    def undo(self):
        """Leaves the machine as it was."""

    def restart(self, between):
        self.server.kill()
        between()
        self.server.spawn()
        self.server.wait_ready()

    def program(self):
        """The process id of a shell job's program that is in the middle of its lines."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            for entry in Path("/proc").iterdir():
                try:
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    if words[0] == b"/bin/sh" and b"echo ran" in words[2] and b"-lt" in words[2] \
                            and self.ours(entry) and (entry / "root/opt/ml/model/runs").exists():
                        return int(entry.name)
                except (OSError, IndexError):
                    continue
            time.sleep(0.01)
        raise RuntimeError("no program ran within %d s" % WAIT_SECONDS)

    def ours(self, entry):
        return str(self.server.data / "run") in os.readlink(entry / "fd/1") or entry.stat().st_uid in self.server.uids


class Lost(Plant):
    """The index of objects goes back to a copy: what was acknowledged since is forgotten."""

    def make(self):
        copy = self.server.folder / "planted"
        index = [self.server.data / name for name in ("objects.db", "objects.db-wal", "objects.db-shm")]

        def keep():
            copy.mkdir()
            for path in index:
                if path.exists():
                    shutil.copy2(path, copy)

        def roll_back():
            for path in index:
                path.unlink(missing_ok=True)
                if (copy / path.name).exists():
                    shutil.copy2(copy / path.name, path)
        self.restart(keep)
        time.sleep(5)
        self.restart(roll_back)
        return "objects.db as it was 5 s before a kill"


class Duplicated(Plant):
    """A job's program leaves what a second run of it would leave."""

    def make(self):
        pid = self.program()
        with open("/proc/%d/root/opt/ml/model/runs" % pid, "a", encoding="ascii") as runs:
            runs.write("ran\n")
        with open("/proc/%d/fd/1" % pid, "a", encoding="ascii") as log:
            log.write("line 0\n")
        return "a second run of process %d, in its model folder and its log" % pid


class Stuck(Plant):
    """A job's program stands still, so that its job never ends."""

    def make(self):
        self.pid = self.program()
        os.kill(self.pid, signal.SIGSTOP)
        return "process %d stopped" % self.pid

    def undo(self):
        os.kill(self.pid, signal.SIGCONT)


class Orphans(Plant):
    """A process and a folder of a workload that no job owns."""

    def make(self):
        run = self.server.data / "run"
        self.folder = run / "work" / "planted"
        self.folder.mkdir()
        become = []
        if os.getuid() == 0:
            become = ["setpriv", "--reuid", str(self.server.uids[-1]), "--regid", str(self.server.uids[-1]),
                      "--clear-groups"]
        self.process = subprocess.Popen([*become, "sleep", "600"], cwd=self.folder)
        return "process %d and %s" % (self.process.pid, self.folder)

    def undo(self):
        self.process.kill()
        self.process.wait()
        self.folder.rmdir()


PLANTS = {"lost": Lost, "duplicated": Duplicated, "stuck": Stuck, "orphans": Orphans}
