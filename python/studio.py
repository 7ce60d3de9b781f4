"""Runs the program of a Studio app: its start-up scripts first, then JupyterLab, which is started again when it ends.

Reads ATELIER_APP, a JSON object: `type` of the app, `scripts` (paths, run in this order), `base_url` and `root`.
The token that requests must bring is in JUPYTER_TOKEN. Exits with 64 when a script fails, with 70 when JupyterLab keeps
ending.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from lifecycle import run_script, say

KEEPS_ENDING = 70
BASE = "/opt/atelier/environment"
MOST_STARTS = 5
WITHIN_SECONDS = 60


def command(app):
    settings = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": 8888,
        "ServerApp.port_retries": 0,
        "ServerApp.base_url": app["base_url"],
        "ServerApp.root_dir": app["root"],
        "ServerApp.open_browser": False,
        # the proxy in front lets nobody else in, and keeps the Host header of the browser
        "ServerApp.allow_remote_access": True,
        "ServerApp.trust_xheaders": True,
        "ServerApp.quit_button": False,
        "ServerApp.terminado_settings": {"shell_command": ["/bin/bash"]},
        "ContentsManager.allow_hidden": True,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    words = ["%s=%s" % (name, value if isinstance(value, str) else repr(value)) for name, value in settings.items()]
    return [sys.executable, "-m", "jupyterlab", *("--" + word for word in words)]


def environment():
    """Where Jupyter finds what the image's read-only environment brings along, and asks nobody about news."""
    settings = tempfile.mkdtemp(prefix="jupyter-")
    os.mkdir(settings + "/labconfig")
    with open(settings + "/labconfig/page_config.json", "w") as file:
        json.dump({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}, file)
    return {**os.environ, "JUPYTER_PATH": BASE + "/share/jupyter", "JUPYTERLAB_DIR": BASE + "/share/jupyter/lab",
            "JUPYTER_CONFIG_PATH": settings + os.pathsep + BASE + "/etc/jupyter"}


class Program:
    """JupyterLab, and the signal that ends it."""

    def __init__(self, app):
        self.app = app
        self.child = None
        self.ending = False
        signal.signal(signal.SIGTERM, self.end)

    def end(self, *_):
        self.ending = True
        if self.child:
            self.child.terminate()

    def run(self):
        starts = []
        while not self.ending:
            starts = [at for at in starts if time.monotonic() - at < WITHIN_SECONDS]
            if len(starts) >= MOST_STARTS:
                say("JupyterLab ended %d times within %d seconds" % (MOST_STARTS, WITHIN_SECONDS))
                return KEEPS_ENDING
            starts.append(time.monotonic())
            self.child = subprocess.Popen(command(self.app), cwd=self.app["root"], env=environment(),
                                          stdin=subprocess.DEVNULL)
            code = self.child.wait()
            if not self.ending:
                say("JupyterLab ended with exit code %d and is started again" % code)
        return 143


def main():
    app = json.loads(os.environ.pop("ATELIER_APP"))
    for path in app["scripts"]:
        run_script(path)
    sys.exit(Program(app).run())


if __name__ == "__main__":
    main()
