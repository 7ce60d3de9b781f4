"""Runs the kernels and terminals of one KernelGateway app, and records all that kernels say.

Listens on 127.0.0.1:8888. Each connection begins with a line of JSON, its `op` and what that takes, and is answered by
one: `list`, `start`, `interrupt`, `restart`, `stop`; `send` takes records (see spool.py) for a kernel from then on, and
`follow` gives them. Terminals have `terminals`, `open`, `close`, and `attach`, which joins the connection with one (see
terminal.py). Reads ATELIER_APP, a JSON object with the start-up `scripts`, which run first.
"""

import json
import os
import signal
import socket
import sys
import threading

import spool
from kernel import Kernel, NoKernel
from lifecycle import run_script, say
from terminal import Terminal

PORT = 8888
LINE = 1 << 20
LONGEST = 1 << 30
SPOOLS = "/opt/.sagemakerinternal/spool"
ANSWERED = ("list", "start", "interrupt", "restart", "stop", "terminals", "open", "close")
MOST_TERMINALS = 50


class KernelHost:
    def __init__(self):
        self.kernels = {}
        self.shells = {}
        self.lock = threading.Lock()

    def of(self, asked):
        kernel = self.kernels.get(asked.get("id"))
        if not kernel:
            raise NoKernel("There is no kernel of that id.")
        return kernel

    # --- what is asked ----------------------------------------------------------------------------------------
    def list(self, _asked):
        return {"kernels": [kernel.told() for kernel in list(self.kernels.values())]}

    def start(self, asked):
        with self.lock:
            if asked["id"] not in self.kernels:
                kernel = Kernel(asked["id"], asked["name"], asked["key"], asked["cwd"], asked.get("env", {}),
                                os.path.join(SPOOLS, asked["id"]))
                try:
                    kernel.start()
                except OSError as e:
                    kernel.spool.close()
                    if isinstance(e, (FileNotFoundError, PermissionError)):
                        raise NoKernel("The kernel's program cannot be started: %s" % e) from e
                    raise
                self.kernels[asked["id"]] = kernel
        return self.of(asked).told()

    def interrupt(self, asked):
        self.of(asked).interrupt()
        return {}

    def restart(self, asked):
        self.of(asked).restart()
        return {}

    def stop(self, asked):
        with self.lock:
            kernel = self.kernels.pop(asked["id"], None)
        if kernel:
            kernel.stop()
        return {}

    def terminals(self, _asked):
        return {"terminals": [terminal.told() for terminal in list(self.shells.values())]}

    def open(self, asked):
        """Makes a terminal of a name; again is no harm."""
        with self.lock:
            if asked["name"] not in self.shells:
                if len(self.shells) >= MOST_TERMINALS:
                    raise NoKernel("There are %d terminals already." % MOST_TERMINALS)
                self.shells[asked["name"]] = Terminal(asked["name"], asked["cwd"], self.forget)
        return {}

    def forget(self, terminal):
        with self.lock:
            if self.shells.get(terminal.name) is terminal:
                del self.shells[terminal.name]

    def close(self, asked):
        with self.lock:
            terminal = self.shells.pop(asked["name"], None)
        if terminal:
            terminal.stop()
        return {}

    # --- connections ------------------------------------------------------------------------------------------
    def serve(self, sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with sock, sock.makefile("rb") as lines:
            try:
                asked = json.loads(lines.readline(LINE))
                op = asked["op"]
                if op in ("send", "follow"):
                    kernel = self.of(asked)
                    offset = min(int(asked.get("offset", 0)), kernel.spool.end)
                    self.answer(sock, {**kernel.told(), "offset": offset})
                    if op == "follow":
                        kernel.spool.follow(offset, sock)
                    else:
                        self.pass_on(lines, kernel)
                elif op == "attach":
                    terminal = self.shells.get(asked.get("name"))
                    if not terminal:
                        raise NoKernel("There is no terminal of that name.")
                    self.answer(sock, {})
                    terminal.attach(sock, lines)
                elif op in ANSWERED:
                    self.answer(sock, getattr(self, op)(asked))
                else:
                    raise NoKernel("There is no such operation.")
            except NoKernel as e:
                self.answer(sock, {"error": str(e)})
            except (OSError, ValueError, KeyError) as e:
                say("a connection ended: %s: %s" % (type(e).__name__, e))

    @staticmethod
    def answer(sock, answer):
        sock.sendall(json.dumps(answer).encode() + b"\n")

    @staticmethod
    def pass_on(lines, kernel):
        while True:
            head = lines.read(spool.HEAD.size)
            if len(head) < spool.HEAD.size:
                return
            channel, size = spool.HEAD.unpack(head)
            if size > LONGEST:
                raise ValueError("a record of %d bytes" % size)
            content = lines.read(size)
            if len(content) < size:
                return
            kernel.take(channel, content)

    def run(self):
        listener = socket.create_server(("127.0.0.1", PORT), backlog=256)
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    app = json.loads(os.environ.pop("ATELIER_APP"))
    for path in app["scripts"]:
        run_script(path, prefix="[LifecycleConfigOnStart] ")
    threading.stack_size(256 << 10)
    KernelHost().run()


if __name__ == "__main__":
    main()
