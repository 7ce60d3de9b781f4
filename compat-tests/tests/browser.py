"""What a browser does at the host of a program with pages, such as JupyterLab: it enters, asks, and runs code."""

import base64
import http.client
import json
import os
import socket
import struct
import uuid
from urllib.parse import urlsplit

COOKIE = "__Host-atelier-app"


class Browser:
    """What a browser does at an app's host, which no resolver knows."""

    def __init__(self, url, base="/jupyter/default"):
        self.url = urlsplit(url)
        self.base = base
        self.cookie = ""

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.url.port, timeout=60)
        connection.request(method, path, body, {"Host": self.url.netloc, "Cookie": self.cookie, **headers})
        answer = connection.getresponse()
        return answer, answer.read()

    def own(self, method, path, body=None):
        """A request of the app's own page."""
        answer, content = self.ask(method, self.base + path, body and json.dumps(body), Origin="http://" + self.url.netloc)
        assert answer.status < 300, content
        return json.loads(content) if content else None

    def enter(self):
        answer, _ = self.ask("GET", "%s?%s" % (self.url.path, self.url.query))
        if answer.status == 303:
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, answer.getheader("Location")

    def channels(self, kernel):
        """The WebSocket of a kernel's channels."""
        raw = socket.create_connection(("127.0.0.1", self.url.port), timeout=60)
        raw.sendall(("GET %s/api/kernels/%s/channels HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                     "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nOrigin: http://%s\r\nCookie: %s\r\n\r\n"
                     % (self.base, kernel, self.url.netloc, base64.b64encode(os.urandom(16)).decode(), self.url.netloc,
                        self.cookie)).encode())
        stream = raw.makefile("rb")
        assert b" 101 " in stream.readline()
        while stream.readline().strip():
            pass
        return raw, stream


def send(raw, message):
    content = json.dumps(message).encode()
    mask = os.urandom(4)
    raw.sendall(b"\x81" + struct.pack("!BH", 0xfe, len(content)) + mask
                + bytes(byte ^ mask[place % 4] for place, byte in enumerate(content)))


def receive(stream):
    """The next message of text; other frames are passed over."""
    while True:
        head = stream.read(2)
        size = head[1] & 127
        size = struct.unpack("!H", stream.read(2))[0] if size == 126 else \
            struct.unpack("!Q", stream.read(8))[0] if size == 127 else size
        content = stream.read(size)
        if head[0] & 15 == 1:
            return json.loads(content)


def run(browser, code):
    """What a cell prints, in a kernel of the app's own."""
    kernel = browser.own("POST", "/api/kernels", {})["id"]
    raw, stream = browser.channels(kernel)
    asked = str(uuid.uuid4())
    with raw:
        send(raw, {"header": {"msg_id": asked, "msg_type": "execute_request", "session": "s", "username": "",
                              "version": "5.3", "date": ""}, "parent_header": {}, "metadata": {}, "channel": "shell",
                   "content": {"code": code, "silent": False, "store_history": False, "allow_stdin": False,
                               "user_expressions": {}, "stop_on_error": True}, "buffers": []})
        printed = ""
        while True:
            message = receive(stream)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
            if message["msg_type"] == "error":
                printed += message["content"]["evalue"]
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return printed
