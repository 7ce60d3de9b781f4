"""The peer for S3: versitygw, a gateway in Go over a folder of files. It flushes nothing to the disk before it answers."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from spine_faults.server import free_port

VERSION = "v1.8.0"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "versitygw-peer-secret"}


def program():
    """The program, built once into the cache; nothing where there is no Go."""
    place = Path(os.environ["ATELIER_CACHE"], "tools", "versitygw-" + VERSION)
    binary = place / "versitygw"
    if not binary.exists():
        go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
        if go is None:
            return None
        print("  (building versitygw %s; this takes some minutes)" % VERSION, flush=True)
        place.mkdir(parents=True, exist_ok=True)
        subprocess.run([go, "install", "github.com/versity/versitygw/cmd/versitygw@" + VERSION], check=True,
                       env={**os.environ, "GOBIN": str(place)})
    return str(binary)


@contextlib.contextmanager
def server(binary):
    """A gateway on a free port over a folder of its own; its address."""
    port = free_port()
    url = "http://127.0.0.1:%d" % port
    with tempfile.TemporaryDirectory(prefix="versitygw", dir="/var/tmp") as folder:
        process = subprocess.Popen([binary, "--port", "127.0.0.1:%d" % port, "posix", folder],
                                   env={"ROOT_ACCESS_KEY": KEYS["AWS_ACCESS_KEY_ID"],
                                        "ROOT_SECRET_KEY": KEYS["AWS_SECRET_ACCESS_KEY"], "PATH": os.environ["PATH"]},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 30
            while not answers(url):
                if time.monotonic() > end or process.poll() is not None:
                    raise RuntimeError("versitygw does not start")
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
