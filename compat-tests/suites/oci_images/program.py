"""What the image runs: `train` and `serve`, as containers of SageMaker's are asked."""

import http.server
import json
import os
import socket
import sys
import time
import urllib.request


def train():
    hyper = json.load(open("/opt/ml/input/config/hyperparameters.json"))
    hosts = json.load(open("/opt/ml/input/config/resourceconfig.json"))
    print("user", os.getuid(), "folder", os.getcwd(), flush=True)
    if len(hosts["hosts"]) > 1:
        meet(hosts)
    request = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    request.add_header("Authorization", os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    print("credentials", sorted(json.load(opener.open(request, timeout=30)))[0], flush=True)
    for i in range(int(hyper.get("lines", "0"))):
        print("line", i, flush=True)
        time.sleep(0.1)
    with open("/opt/ml/model/weights", "w") as out:
        out.write(open("/opt/ml/input/data/train/rows").read() + hyper["suffix"])


def meet(hosts):
    """The first host waits for a word of each other."""
    first, others = hosts["hosts"][0], hosts["hosts"][1:]
    if hosts["current_host"] == first:
        listener = socket.create_server(("0.0.0.0", 7000))
        for _ in others:
            link, _ = listener.accept()
            print("met", link.makefile().readline().strip(), flush=True)
    else:
        until = time.monotonic() + 60
        while True:
            try:
                link = socket.create_connection((first, 7000), 5)
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        link.sendall((hosts["current_host"] + "\n").encode())


class Model(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.say(b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.say(open("/opt/ml/model/weights", "rb").read() + b" of " + body)

    def say(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if sys.argv[1:] == ["train"]:
    train()
elif sys.argv[1:] == ["serve"]:
    http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Model).serve_forever()
else:
    sys.exit("asked for %r" % sys.argv[1:])
