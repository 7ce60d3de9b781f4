"""What programs share that run JupyterLab: where Jupyter finds what the image brings, and a supervisor."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from lifecycle import say

KEEPS_ENDING = 70
BASE = "/opt/atelier/environment"
EXTENSIONS = "/opt/atelier/lab"
MOST_STARTS = 5
WITHIN_SECONDS = 60

# Studio's own extensions need what the server answers at a JupyterServer app's host: apps of spaces have what tells of the
# app itself, and git as it was mended; notebook instances that alone
ELSEWHERE = {
    **{"@atelier/studio:" + name: True for name in (
        "studio", "aws", "dialogs", "compute", "launcher", "running", "kernels", "s3", "registry", "home", "terminals",
        "share", "jobs")},
    **{name: False for name in (
        "@jupyterlab/apputils-extension:sessionDialogs", "@jupyterlab/running-extension:sidebar",
        "@jupyterlab/launcher-extension:plugin", "@jupyter-server/resource-usage:kernel-panel-item")},
}
NO_APP = {"@atelier/studio:app": True, "@jupyter-server/resource-usage:status-item": False}


def environment(shared=False, app=""):
    """Where Jupyter finds what the image's read-only environment brings along, and asks nobody about news.

    What several people need who edit together is shown where they do, `shared`; of Studio's own parts what a type of
    `app` has.
    """
    # in memory: JupyterLab ends at its start when it cannot write there, and room is made in it
    settings = tempfile.mkdtemp(prefix="jupyter-", dir="/dev/shm")
    os.mkdir(settings + "/labconfig")
    disabled = {"@jupyterlab/apputils-extension:announcements": True, **({} if app == "JupyterServer" else ELSEWHERE),
                **({} if app else NO_APP)}
    if not shared:
        disabled.update({"@jupyter/collaboration-extension": True, "@jupyter/docprovider-extension": True})
    with open(settings + "/labconfig/page_config.json", "w") as file:
        json.dump({"disabledExtensions": disabled}, file)
    return {**os.environ, "JUPYTER_PATH": BASE + "/share/jupyter", "JUPYTERLAB_DIR": BASE + "/share/jupyter/lab",
            "JUPYTER_RUNTIME_DIR": settings + "/runtime", "JUPYTER_CONFIG_DIR": own_settings() or settings + "/own",
            "JUPYTER_CONFIG_PATH": settings + os.pathsep + BASE + "/etc/jupyter"}


def own_settings():
    """The user's folder of Jupyter's settings; none where a full disk takes not even that, without which Jupyter ends."""
    folder = os.environ.get("JUPYTER_CONFIG_DIR") or os.path.expanduser("~/.jupyter")
    try:
        os.makedirs(folder, exist_ok=True)
        # empty: with it Jupyter looks for no settings of its forerunner, which it would copy
        open(folder + "/migrated", "a").close()
    except OSError:
        return None
    return folder


def command(base_url, root, **more):
    """The command line of JupyterLab at port 8888; settings are named with `__` for a dot."""
    settings = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": 8888,
        "ServerApp.port_retries": 0,
        "ServerApp.base_url": base_url,
        "ServerApp.root_dir": root,
        "ServerApp.open_browser": False,
        # the proxy in front lets nobody else in, and keeps the Host header of the browser
        "ServerApp.allow_remote_access": True,
        "ServerApp.trust_xheaders": True,
        "ServerApp.quit_button": False,
        "ServerApp.identity_provider_class": "__main__.SignedIn",
        "ServerApp.terminado_settings": {"shell_command": ["/bin/bash"]},
        "ContentsManager.allow_hidden": True,
        # a full disk has no room for a trash
        "FileContentsManager.delete_to_trash": False,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        **{name.replace("__", "."): value for name, value in more.items()},
    }
    words = ["%s=%s" % (name, value if isinstance(value, str) else repr(value)) for name, value in settings.items()]
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "signed_in.py")
    return [sys.executable, program, *("--" + word for word in words)]


class Supervisor:
    """A program that is started again when it ends, until it keeps ending or a signal ends both."""

    def __init__(self, name, words, folder, env):
        self.name = name
        self.words = words
        self.folder = folder
        self.env = env
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
                say("%s ended %d times within %d seconds" % (self.name, MOST_STARTS, WITHIN_SECONDS))
                return KEEPS_ENDING
            starts.append(time.monotonic())
            self.child = subprocess.Popen(self.words, cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL)
            code = self.child.wait()
            if not self.ending:
                say("%s ended with exit code %d and is started again" % (self.name, code))
        return 143
