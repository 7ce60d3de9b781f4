"""Load by wrk over ready-made requests, and single exchanges over one connection."""

import json
import os
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 32
THREADS = 2
# in memory, so that the requests' file does not reach the disk while the servers flush theirs
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@dataclass(frozen=True)
class Load:
    """What came of a load: answers per second, latencies in milliseconds."""
    rate: float
    p50: float
    p99: float


def load(url, requests, seconds):
    """Sends the requests in turn over 32 connections for so many seconds; every answer must be a success."""
    with tempfile.NamedTemporaryFile(dir=MEMORY) as file:
        for request in requests:
            file.write(b"%d\n" % len(request))
            file.write(request)
        file.flush()
        output = subprocess.run(
            ["wrk", "-t", str(THREADS), "-c", str(CONNECTIONS), "-d", "%ds" % seconds, "--latency", "--timeout", "30s",
             "-s", str(Path(__file__).with_name("load.lua")), url, "--", file.name, str(THREADS)],
            check=True, capture_output=True, text=True).stdout
    figures = json.loads(next(line for line in output.splitlines() if line.startswith("RESULT "))[len("RESULT "):])
    if figures["refused"] or figures["broken"] or figures["wrapped"]:
        raise RuntimeError("not every request was answered with success: %s" % figures)
    return Load(figures["requests"] / figures["seconds"], figures["p50_ms"], figures["p99_ms"])


class Connection:
    """One connection kept open, over TCP or a unix socket."""

    def __init__(self, place):
        unix = isinstance(place, (str, Path))
        self.socket = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        self.socket.settimeout(120)
        self.socket.connect(str(place) if unix else place)
        if not unix:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(1 << 20)

    def exchange(self, request):
        """Seconds from the first byte sent to the last received; the answer must be a 200 with its length."""
        begun = time.perf_counter()
        self.socket.sendall(request)
        head = bytearray()
        while (end := head.find(b"\r\n\r\n")) < 0:
            self.more(head)
        text = head[:end].decode("latin-1").lower()
        if " 200" not in text.split("\r\n")[0]:
            raise RuntimeError("refused: %s" % bytes(head[:2_000]))
        if "transfer-encoding: chunked" in text:
            while not head.endswith(b"0\r\n\r\n"):
                self.more(head)
        else:
            left = int(text.split("content-length:")[1].split("\r\n")[0]) - (len(head) - end - 4)
            while left > 0:
                left -= self.receive()
        return time.perf_counter() - begun

    def more(self, head):
        count = self.receive()
        head += self.buffer[:count]

    def receive(self):
        count = self.socket.recv_into(self.buffer)
        if count == 0:
            raise RuntimeError("the connection was closed")
        return count

    def close(self):
        self.socket.close()
