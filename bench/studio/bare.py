"""Jupyter's own programs, run on the machine itself from the environments that the images are made of."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

CELLS = """
import json, statistics, sys, time
from jupyter_client.manager import start_new_kernel
rounds, cells = int(sys.argv[1]), int(sys.argv[2])
starts = []
for _ in range(rounds):
    begun = time.perf_counter()
    manager, client = start_new_kernel()
    client.execute_interactive("pass", silent=True, store_history=False)
    starts.append(time.perf_counter() - begun)
    if _ + 1 < rounds:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
times = []
for _ in range(cells):
    begun = time.perf_counter()
    client.execute_interactive("pass", silent=True, store_history=False)
    times.append(time.perf_counter() - begun)
manager.shutdown_kernel(now=True)
print(json.dumps([statistics.median(starts), statistics.median(times)]))
"""


def environment(name):
    """The newest environment of a recipe, which the server built."""
    folders = [each for each in (Path(os.environ["ATELIER_CACHE"]) / "environments").glob(name + "-*") if each.is_dir()]
    return max(folders, key=lambda each: each.stat().st_mtime)


def kernel_times(environment, rounds, cells):
    """The medians of a kernel's start and of a cell, in seconds, by jupyter_client over loopback."""
    python = Path(environment) / "bin/python"
    answer = subprocess.run([python, "-c", CELLS, str(rounds), str(cells)], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


class Jupyter:
    """Jupyter's server on a folder of its own."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.port = 18_888
        self.process = subprocess.Popen(
            [environment("jupyterlab") / "bin/python", "-m", "jupyter_server", "--allow-root", "--ServerApp.ip=127.0.0.1",
             "--ServerApp.port=%d" % self.port, "--ServerApp.port_retries=0", "--IdentityProvider.token=bench",
             "--ServerApp.root_dir=" + self.folder.name, "--ServerApp.open_browser=False"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                self.get("/api/status").read()
                return self
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("Jupyter's server ended with %d" % self.process.returncode) from None
                time.sleep(0.1)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def write(self, name, size):
        Path(self.folder.name, name).write_bytes(bytes(size))

    def get(self, path):
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.port, path),
                                         headers={"Authorization": "token bench"})
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60)

    def fetch(self, path):
        """MB per second."""
        begun = time.perf_counter()
        size = len(self.get(path).read())
        return size / 1e6 / (time.perf_counter() - begun)
