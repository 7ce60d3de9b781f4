"""Runs the program of a notebook instance: repositories and lifecycle scripts first, then JupyterLab.

Reads ATELIER_NOTEBOOK, a JSON object: `root` (what is kept over a stop), `repositories` (each with `url`, `folder` and
`branch`, null for the default one), `scripts` (each with `hook`, such as OnCreate, and `path`), `sudo` (whether
terminals and notebooks have it, as scripts always do) and `examples` (an extension of JupyterLab that brings notebooks to
copy). The token that requests must bring is in JUPYTER_TOKEN. Exits with 64 when a repository or a script fails, with 70
when JupyterLab keeps ending.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import lab
from lifecycle import fail, run_script, say

CLONE_SECONDS = 300
SUDO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sudo.py")
# what AWS calls the kernel of its notebook instances, so that notebooks made there open without a question
KERNEL = "conda_python3"


def clone(root, repository):
    """Clones a repository that is not there yet; it is there whole or not at all."""
    place = os.path.join(root, repository["folder"])
    if os.path.lexists(place):
        return
    say("cloning " + repository["url"])
    fresh = tempfile.mkdtemp(prefix=".cloning-", dir=root)
    words = ["git", "clone", "--quiet"]
    if repository["branch"]:
        words.append("--branch=" + repository["branch"])
    env = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https",
           "GIT_SSL_CAINFO": os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")}
    try:
        subprocess.run([*words, "--", repository["url"], fresh], env=env, stdin=subprocess.DEVNULL, check=True,
                       timeout=CLONE_SECONDS)
        os.chmod(fresh, 0o755)
        os.rename(fresh, place)
    except FileNotFoundError:
        fail("the repository %s could not be cloned: this machine has no git" % repository["url"])
    except subprocess.CalledProcessError as error:
        fail("the repository %s could not be cloned: git ended with exit code %d"
             % (repository["url"], error.returncode))
    except subprocess.TimeoutExpired:
        fail("the repository %s could not be cloned within %d seconds" % (repository["url"], CLONE_SECONDS))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def sudo_folder():
    """A folder with the command sudo, to be found before others."""
    folder = tempfile.mkdtemp(prefix="bin-")
    with open(folder + "/sudo", "w") as file:
        file.write('#!/bin/sh\nexec /usr/bin/python3 -I %s "$@"\n' % SUDO)
    os.chmod(folder + "/sudo", 0o755)
    os.chmod(folder, 0o755)
    return folder


def with_path(env, folder):
    return {**env, "PATH": folder + os.pathsep + env["PATH"]}


def add_kernel(data):
    """The image's own kernel under AWS's name for it."""
    folder = os.path.join(data, "kernels", KERNEL)
    os.makedirs(folder)
    with open(folder + "/kernel.json", "w") as file:
        json.dump({"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                   "display_name": KERNEL, "language": "python", "metadata": {"debugger": True}}, file)


def add_samples(examples, home):
    """The examples as files, too, where AWS has them."""
    folder = os.path.join(home, "sample-notebooks")
    os.mkdir(folder)
    for name in os.listdir(examples + "/static"):
        if name.endswith(".ipynb"):
            shutil.copy(os.path.join(examples, "static", name), folder)


def main():
    wanted = json.loads(os.environ.pop("ATELIER_NOTEBOOK"))
    root, home = wanted["root"], os.environ["HOME"]
    for repository in wanted["repositories"]:
        clone(root, repository)
    add_samples(wanted["examples"], home)
    sudo = sudo_folder()
    for script in wanted["scripts"]:
        run_script(script["path"], "lifecycle script", "[LifecycleConfig%s] " % script["hook"],
                   with_path(os.environ, sudo))
    data = tempfile.mkdtemp(prefix="jupyter-data-")
    add_kernel(data)
    shutil.copytree(wanted["examples"], os.path.join(data, "labextensions", os.path.basename(wanted["examples"])))
    env = lab.environment()
    env["JUPYTER_PATH"] = data + os.pathsep + env["JUPYTER_PATH"]
    if wanted["sudo"]:
        env = with_path(env, sudo)
    # one user alone works here: nothing is shared as it is edited
    words = lab.command("/", root, MultiKernelManager__default_kernel_name=KERNEL, YDocExtension__disable_rtc=True,
                        LabApp__extra_labextensions_path=lab.EXTENSIONS)
    sys.exit(lab.Supervisor("JupyterLab", words, root, env).run())


if __name__ == "__main__":
    main()
