"""Jupyter's own gateway clients over the kernel service: a server of one's own, whose notebooks run in Studio."""

import json
import os
import pathlib
import socket
import subprocess

import pytest

from browser import LAB, PYTHON, Browser, Client, ready
from server import wait_until


def jupyter_python():
    """Python with Jupyter's server, from the environment that JupyterLab's app runs in."""
    cache = pathlib.Path(os.environ["ATELIER_CACHE"], "environments")
    return str(max(cache.glob("jupyterlab-*/bin/python"), key=lambda path: path.stat().st_mtime))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def jupyter(opened, tmp_path):
    """A Jupyter server on this machine whose kernels are Studio's, as its user's browser sees it."""
    studio = opened()
    studio.enter()
    host = ready(studio).url.netloc
    port = free_port()
    # as docs/studio.md has it, for a client that resolves no *.localhost
    environment = {**os.environ, "HOME": str(tmp_path), "NO_PROXY": "*",
                   "JUPYTER_GATEWAY_URL": "http://127.0.0.1:%d%s" % (studio.url.port, LAB),
                   "JUPYTER_GATEWAY_HEADERS": json.dumps(
                       {"Host": host, "Origin": "http://" + host, "Cookie": studio.cookie})}
    log = open(tmp_path / "jupyter.log", "wb")
    process = subprocess.Popen(
        [jupyter_python(), "-m", "jupyter_server", "--allow-root", "--ServerApp.ip=127.0.0.1",
         "--ServerApp.port=%d" % port, "--ServerApp.port_retries=0", "--ServerApp.root_dir=" + str(tmp_path),
         "--ServerApp.open_browser=False", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"],
        env=environment, stdout=log, stderr=log)
    browser = Browser("http://127.0.0.1:%d/" % port, base="")

    def answers():
        assert process.poll() is None, (tmp_path / "jupyter.log").read_text()
        try:
            return browser.ask("GET", "/api/status")[0].status == 200
        except OSError:
            return False

    wait_until(answers, "Jupyter's server answers", 60)
    yield browser, studio
    process.terminate()
    process.wait()
    log.close()


def idle(browser, kernel):
    """That server asks for its kernels' states when it lists them."""
    wait_until(lambda: next(each["execution_state"] for each in browser.own("GET", "/api/kernels")
                            if each["id"] == kernel) == "idle", "the kernel is idle", 120)


def test_a_server_of_ones_own_runs_its_notebooks_in_studio(jupyter):
    own, studio = jupyter
    specs = own.own("GET", "/api/kernelspecs")["kernelspecs"]
    assert specs[PYTHON]["spec"]["display_name"] == "Python 3 (Base Python 3.0)"
    kernel = own.own("POST", "/api/kernels", {"name": PYTHON})["id"]
    assert kernel in {each["id"] for each in studio.studio("GET", "/running")["kernels"]}
    idle(own, kernel)
    with Client(own, kernel) as client:
        assert client.run("import os; print(os.environ['HOME'], 6 * 7)") == "/home/sagemaker-user 42\n"
        own.own("POST", "/api/kernels/%s/restart" % kernel)
    idle(own, kernel)
    own.own("DELETE", "/api/kernels/" + kernel)
    assert kernel not in {each["id"] for each in studio.studio("GET", "/running")["kernels"]}
