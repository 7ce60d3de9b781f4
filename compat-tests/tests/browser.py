"""What a browser does at the host of a program with pages, such as JupyterLab: it enters, asks, and talks with kernels."""

import base64
import http.client
import json
import os
import socket
import struct
import uuid
from urllib.parse import urlsplit

from server import wait_until

LAB = "/jupyter/default"
COOKIE = "__Host-atelier-app"
IMAGE = "arn:aws:sagemaker:us-east-1:081325390199:image/"
PYTHON = "python3__SAGEMAKER_INTERNAL__%ssagemaker-base-python-310-v1" % IMAGE


class Browser:
    """What a browser does at an app's host, which no resolver knows."""

    def __init__(self, url, base=LAB):
        self.url = urlsplit(url)
        self.base = base
        self.cookie = ""

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.url.port, timeout=60)
        connection.request(method, path, body, {"Host": self.url.netloc, "Cookie": self.cookie, **headers})
        answer = connection.getresponse()
        return answer, answer.read()

    def own(self, method, path, body=None, base=None):
        """A request of the app's own page."""
        answer, content = self.ask(method, (self.base if base is None else base) + path, body and json.dumps(body), Origin="http://" + self.url.netloc)
        assert answer.status < 300, content
        return json.loads(content) if content else None

    def studio(self, method, path):
        return self.own(method, path, base="/studio-api")

    def enter(self):
        answer, _ = self.ask("GET", "%s?%s" % (self.url.path, self.url.query))
        if answer.status == 303:
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, answer.getheader("Location")

    def socket(self, path, protocol=""):
        """A WebSocket at a path below Jupyter's."""
        raw = socket.create_connection(("127.0.0.1", self.url.port), timeout=60)
        wanted = "Sec-WebSocket-Protocol: %s\r\n" % protocol if protocol else ""
        raw.sendall(("GET %s%s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                     "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nOrigin: http://%s\r\nCookie: %s\r\n%s\r\n"
                     % (self.base, path, self.url.netloc, base64.b64encode(os.urandom(16)).decode(), self.url.netloc,
                        self.cookie, wanted)).encode())
        stream = raw.makefile("rb")
        status = stream.readline()
        assert b" 101 " in status, status
        while stream.readline().strip():
            pass
        return raw, stream


def ready(browser):
    wait_until(lambda: browser.ask("GET", LAB + "/lab")[0].status == 200, "JupyterLab answers", 150)
    return browser


def frame(raw, content, opcode=1):
    """Sends a frame as browsers do, masked."""
    mask = os.urandom(4)
    size = len(content)
    head = struct.pack("!B", 0x80 | size) if size < 126 else struct.pack("!BH", 0xfe, size) if size < 1 << 16 \
        else struct.pack("!BQ", 0xff, size)
    key = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(content, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
    raw.sendall(bytes([0x80 | opcode]) + head + mask + masked)


def frames(stream):
    """What comes, as kind and content; a message that was sent in pieces comes whole."""
    kept, pieces = 0, []
    while True:
        head = stream.read(2)
        if len(head) < 2:
            return
        size = head[1] & 127
        size = struct.unpack("!H", stream.read(2))[0] if size == 126 else \
            struct.unpack("!Q", stream.read(8))[0] if size == 127 else size
        content, kind = stream.read(size), head[0] & 15
        if kind >= 8:
            yield kind, content
            continue
        kept = kind or kept
        pieces.append(content)
        if head[0] & 0x80:
            yield kept, b"".join(pieces)
            pieces = []


class Client:
    """A kernel's client, such as a notebook in a browser."""

    def __init__(self, browser, kernel, session=None):
        self.session = session or uuid.uuid4().hex
        self.raw, self.stream = browser.socket("/api/kernels/%s/channels?session_id=%s" % (kernel, self.session))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # without a farewell, as when a laptop's lid is closed
        self.stream.close()
        self.raw.close()

    def ask(self, kind, content, channel="shell", metadata=None):
        asked = uuid.uuid4().hex
        frame(self.raw, json.dumps({
            "header": {"msg_id": asked, "msg_type": kind, "session": self.session, "username": "", "version": "5.3",
                       "date": ""}, "parent_header": {}, "metadata": metadata or {}, "channel": channel,
            "content": content, "buffers": []}).encode())
        return asked

    def execute(self, code, cell=None, **more):
        return self.ask("execute_request", {
            "code": code, "silent": False, "store_history": True, "allow_stdin": False, "user_expressions": {},
            "stop_on_error": True, **more}, metadata={"cellId": cell} if cell else {})

    def messages(self, asked=None):
        """What comes, of one request or all; ends with the connection."""
        for kind, content in frames(self.stream):
            if kind == 8:
                return
            if kind in (1, 2):
                message = json.loads(content) if kind == 1 else binary(content)
                if asked is None or message["parent_header"].get("msg_id") == asked:
                    yield message

    def answered(self, asked):
        """All messages of a request, until it was answered and the kernel is idle."""
        got, kinds = [], set()
        for message in self.messages(asked):
            got.append(message)
            if message["channel"] == "shell":
                kinds.add("reply")
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                kinds.add("idle")
            if len(kinds) == 2:
                return got
        raise AssertionError("the connection ended: %s" % got)

    def run(self, code):
        """What a cell prints, or its error says, in the end."""
        while True:
            got = self.answered(self.execute(code))
            if [each for each in got if each["channel"] == "shell"][0]["content"]["status"] != "aborted":
                return printed(got)


def binary(content):
    """A message with buffers, in the default format."""
    count = struct.unpack_from("!I", content)[0]
    offsets = [*struct.unpack_from("!%dI" % count, content, 4), len(content)]
    parts = [content[begin:end] for begin, end in zip(offsets, offsets[1:])]
    return {**json.loads(parts[0]), "buffers": parts[1:]}


def printed(messages):
    return "".join(each["content"]["text"] if each["msg_type"] == "stream" else each["content"]["evalue"]
                   for each in messages if each["msg_type"] in ("stream", "error"))


def run(browser, code):
    """What a cell prints, in a kernel of its own: on an image of Studio's, or beside a JupyterLab that has its own."""
    kernel = browser.own("POST", "/api/kernels", {"name": PYTHON} if browser.base == LAB else {})["id"]
    with Client(browser, kernel) as client:
        return client.run(code)
