"""One kernel: its process, its sockets, and what it says, which goes to a spool."""

import hashlib
import hmac
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import spool
import zmtp
from lifecycle import say

SOCKETS = {spool.SHELL: (1, b"DEALER"), spool.IOPUB: (2, b"SUB"), spool.STDIN: (3, b"DEALER"),
           spool.CONTROL: (4, b"DEALER")}
NUDGE = 0.2
ASK_AGAIN = 5.0
LOOK_AGAIN = 0.01
START_PATIENCE = 60.0
LAST_WORDS = 3.0
MOST_DEATHS = 5
WITHIN_SECONDS = 60
# when memory runs out, kernels go before the program that keeps them
EXPENDABLE = "500"


class NoKernel(Exception):
    """A kernel that cannot be started or is not there; the text is for people."""


def data_folders():
    """Where kernels are told of; the nearest first."""
    listed = [each for each in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if each]
    return [*listed, os.path.expanduser("~/.local/share/jupyter"), os.path.join(sys.prefix, "share", "jupyter"),
            os.path.join(sys.base_prefix, "share", "jupyter"), "/usr/local/share/jupyter", "/usr/share/jupyter"]


def specs():
    found = {}
    for folder in data_folders():
        kernels = os.path.join(folder, "kernels")
        for name in sorted(os.listdir(kernels)) if os.path.isdir(kernels) else []:
            path = os.path.join(kernels, name, "kernel.json")
            if name not in found and os.path.isfile(path):
                with open(path, encoding="utf-8") as file:
                    found[name] = json.load(file)
    if "python3" not in found and importlib.util.find_spec("ipykernel"):
        found["python3"] = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]}
    return found


def spec_of(name):
    found = specs()
    if name not in found:
        raise NoKernel("The image has no kernel named %s (names are case-sensitive); it has: %s."
                       % (name, ", ".join(sorted(found)) or "none, since ipykernel is not installed in it"))
    return found[name]


class Kernel:
    def __init__(self, kernel_id, name, key, cwd, env, folder):
        self.id, self.name, self.key, self.env = kernel_id, name, key, env
        self.spec = spec_of(name)
        self.cwd = cwd if os.path.isdir(cwd) else os.environ["HOME"]
        self.spool = spool.Spool(folder)
        self.lock = threading.RLock()
        self.joined = threading.Condition(self.lock)
        self.state = "starting"
        self.generation = 0
        self.deaths = []
        self.sockets = {}
        self.process = None
        self.sending = {channel: threading.Lock() for channel in SOCKETS}

    def told(self):
        return {"id": self.id, "name": self.name, "state": self.state, "start": self.spool.start, "end": self.spool.end,
                "interrupt_mode": self.spec.get("interrupt_mode", "signal")}

    def event(self, name, **more):
        self.spool.append(spool.EVENT, [json.dumps({"event": name, **more}).encode()])

    # --- the process ------------------------------------------------------------------------------------------
    def start(self):
        with self.lock:
            self.state = "starting"
            self.generation += 1
            # in memory: a full disk keeps no kernel from being started again
            folder = tempfile.mkdtemp(prefix="k", dir="/dev/shm")
            place = os.path.join(folder, "s")
            ports = {name: at for at, name in enumerate(
                ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"), 1)}
            path = os.path.join(folder, "connection.json")
            with open(path, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
                json.dump({"transport": "ipc", "ip": place, **ports, "key": self.key, "kernel_name": self.name,
                           "signature_scheme": "hmac-sha256"}, file)
            words = [word.replace("{connection_file}", path).replace("{resource_dir}", folder)
                     for word in self.spec["argv"]]
            if words[0] in ("python", "python3"):
                words[0] = sys.executable
            self.process = subprocess.Popen(words, cwd=self.cwd, stdin=subprocess.DEVNULL, start_new_session=True,
                                            env={
                                                **os.environ, "JPY_PARENT_PID": str(os.getpid()),
                                                # the debugger says on each start that frozen modules have no source
                                                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                                                **self.spec.get("env", {}), **self.env})
            try:
                with open("/proc/%d/oom_score_adj" % self.process.pid, "w") as file:
                    file.write(EXPENDABLE)
            except OSError:
                pass  # it ended at once: seen below
            threading.Thread(target=self.live, args=(self.process, self.generation, place), daemon=True).start()

    def live(self, process, generation, place):
        """Joins the kernel's sockets, then waits for its end and decides what follows."""
        sockets = {}
        try:
            for channel in (spool.IOPUB, spool.SHELL, spool.STDIN, spool.CONTROL):
                number, kind = SOCKETS[channel]
                sockets[channel] = self.join(process, "%s-%d" % (place, number), kind)
        except zmtp.NotZmtp as e:
            say("kernel %s: %s" % (self.id, e))
            process.kill()
        else:
            with self.lock:
                if self.generation == generation:
                    self.sockets = sockets
                    self.joined.notify_all()
            heard = {channel: threading.Event() for channel in sockets}
            readers = [threading.Thread(target=self.record, args=(sock, channel, heard[channel]), daemon=True)
                       for channel, sock in sockets.items()]
            for reader in readers:
                reader.start()
            self.nudge(process, heard[spool.SHELL], heard[spool.IOPUB])
            with self.lock:
                if self.generation == generation and heard[spool.IOPUB].is_set():
                    self.state = "running"
                    self.event("started")
                    self.joined.notify_all()
        code = process.wait()
        for sock in sockets.values():
            sock.close()
        shutil.rmtree(os.path.dirname(place), ignore_errors=True)
        self.ended(generation, code)

    @staticmethod
    def join(process, path, kind):
        while True:
            try:
                return zmtp.connect(path, kind, b"atelier" if kind == b"DEALER" else b"")
            except OSError:
                if process.poll() is not None:
                    raise zmtp.NotZmtp("it ended with exit code %d before it could be reached" % process.returncode)
                time.sleep(LOOK_AGAIN)

    def record(self, sock, channel, heard):
        def take(messages):
            self.spool.append(channel, messages)
            # that somebody may listen is said before the kernel is ready
            if not heard.is_set() and any(b"iopub_welcome" not in bytes(each) for each in messages):
                heard.set()
        zmtp.pump(sock, take)

    def nudge(self, process, answered, published):
        """Asks until something is published: a subscription may take effect after the connection is there.

        Asks on the channel on which cells are run, so that the answer tells that the kernel is ready and idle.
        """
        while not published.is_set() and process.poll() is None:
            answered.clear()
            self.send(spool.SHELL, self.request("kernel_info_request"))
            until = time.monotonic() + ASK_AGAIN
            while not answered.wait(NUDGE) and not published.is_set() and process.poll() is None:
                if time.monotonic() > until:
                    break
            published.wait(NUDGE)

    def request(self, kind, **content):
        parts = [json.dumps(part).encode() for part in (
            {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "atelier", "username": "atelier",
             "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "version": "5.4"}, {}, {}, content)]
        signature = hmac.new(self.key.encode(), b"".join(parts), hashlib.sha256).hexdigest().encode()
        return zmtp.message([b"<IDS|MSG>", signature, *parts])

    def take(self, channel, content):
        """Passes on a client's message, when the kernel is there; one for a dead kernel is lost.

        What controls the kernel waits until it has answered: ipykernel loses what comes there while it starts.
        """
        there = ("running", "dead", "stopped") if channel == spool.CONTROL else ("dead", "stopped")
        with self.lock:
            self.joined.wait_for(lambda: self.sockets and channel != spool.CONTROL or self.state in there,
                                 START_PATIENCE)
        self.send(channel, content)

    def send(self, channel, content):
        sock = self.sockets.get(channel)
        if sock:
            try:
                with self.sending[channel]:
                    sock.sendall(content)
            except OSError:
                return

    def ended(self, generation, code):
        with self.lock:
            if self.generation != generation or self.state in ("stopped", "dead"):
                return
            self.sockets = {}
            now = time.monotonic()
            self.deaths = [at for at in self.deaths if now - at < WITHIN_SECONDS] + [now]
            if len(self.deaths) >= MOST_DEATHS or self.state == "starting" and len(self.deaths) > 1:
                self.state = "dead"
                self.joined.notify_all()
                say("kernel %s ended with exit code %d and is not started again" % (self.id, code))
                self.event("dead", exit=code)
            else:
                say("kernel %s ended with exit code %d and is started again" % (self.id, code))
                self.event("died", exit=code)
                self.start()

    def interrupt(self):
        if self.spec.get("interrupt_mode") == "message":
            self.send(spool.CONTROL, self.request("interrupt_request"))
        else:
            self.signal(signal.SIGINT)

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def finish(self, restart):
        """Lets the kernel end by itself for a moment, and ends what is left of it."""
        process = self.process
        self.send(spool.CONTROL, self.request("shutdown_request", restart=restart))
        try:
            process.wait(LAST_WORDS if self.sockets else 0)
        except subprocess.TimeoutExpired:
            pass  # ended below
        self.signal(signal.SIGKILL)
        process.wait()

    def restart(self):
        with self.lock:
            self.generation += 1    # its end is no death
            self.event("restarting")
            self.finish(True)
            self.sockets = {}
            self.deaths = []
            self.start()

    def stop(self):
        with self.lock:
            self.state = "stopped"
            self.joined.notify_all()
            self.generation += 1
            self.finish(False)
        self.spool.close()
