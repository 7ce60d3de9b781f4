"""Runs a notebook as a training job: the contract is that of AWS's `amazon_sagemaker_scheduler`.

Reads SM_INPUT_NOTEBOOK_NAME, SM_OUTPUT_NOTEBOOK_NAME, SM_KERNEL_NAME, SM_EXECUTION_INPUT_PATH, and SM_INIT_SCRIPT and
SM_LCC_INIT_SCRIPT, files of the input that run before it; the job's hyperparameters are the notebook's parameters. The
notebook with its outputs and the log go to the job's output, whether or not it runs to its end; one that was not begun
goes there as it is.

This part needs the image's Python alone and starts papermill, which has an environment of its own.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback

from kernel import NoKernel, spec_of
from lifecycle import run_script, say

ROOT = "/opt/ml"
WORK = ROOT + "/code"
OUTPUT = ROOT + "/output/data"
FAILURE = ROOT + "/output/failure"
PAPERMILL = "/opt/atelier/notebook-job/bin/python"
KERNEL = "notebook-job"
LAST_WORDS = 5
HERE = os.path.dirname(os.path.abspath(__file__))


class Stopped(BaseException):
    """The job is stopped before its notebook runs."""


def stopped(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def failed(reason):
    with open(FAILURE, "w", encoding="utf-8") as file:
        file.write(reason)
    say(reason)
    return 1


@contextlib.contextmanager
def recorded(path):
    """Writes all that is printed, by whatever is started too, to a file as well."""
    tee = subprocess.Popen(["tee", path], stdin=subprocess.PIPE, start_new_session=True)
    for stream in (1, 2):
        os.dup2(tee.stdin.fileno(), stream)
    tee.stdin.close()
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for stream in (1, 2):
            os.close(stream)
        try:
            tee.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            pass  # what a script left running holds it open, and ends with the job


def kernel_of(name):
    """Puts the image's kernel where papermill finds it; its language."""
    spec = spec_of(name)
    argv = [sys.executable if spec["argv"][0] in ("python", "python3") else spec["argv"][0], *spec["argv"][1:]]
    folder = tempfile.mkdtemp(prefix="jupyter-")
    place = os.path.join(folder, "kernels", KERNEL)
    os.makedirs(place)
    with open(os.path.join(place, "kernel.json"), "w", encoding="utf-8") as file:
        json.dump({**spec, "argv": argv}, file)
    os.environ["JUPYTER_PATH"] = folder
    return spec.get("language", "python")


def scripts():
    """Runs what comes before the notebook; whether it ended well."""
    for variable, kind in (("SM_LCC_INIT_SCRIPT", "start-up script"), ("SM_INIT_SCRIPT", "initialization script")):
        name = os.environ.get(variable)
        if name:
            try:
                run_script(os.path.join(WORK, os.path.basename(name)), kind, cwd=WORK)
            except SystemExit:
                failed("The %s %s failed; the log says why." % (kind, os.path.basename(name)))
                return False
    return True


def main():
    given = os.environ.get("SM_EXECUTION_INPUT_PATH", ROOT + "/input/data/sagemaker_headless_execution_pipelinestep")
    signal.signal(signal.SIGTERM, stopped)
    shutil.copytree(given, WORK, dirs_exist_ok=True)
    os.chdir(WORK)
    os.environ.setdefault("HOME", WORK)
    notebook = os.path.basename(os.environ["SM_INPUT_NOTEBOOK_NAME"])
    result = os.path.basename(os.environ.get("SM_OUTPUT_NOTEBOOK_NAME", notebook))
    with open(ROOT + "/input/config/hyperparameters.json", encoding="utf-8") as file:
        parameters = json.load(file)
    with recorded(os.path.join(OUTPUT, os.path.splitext(result)[0] + ".log")):
        try:
            code = run(notebook, os.path.join(OUTPUT, result), parameters)
        except Stopped:
            say("stopped before the notebook ran")
            code = -signal.SIGTERM
        except Exception as e:
            traceback.print_exc()
            code = failed("The notebook was not executed: %s" % e)
        if not os.path.exists(os.path.join(OUTPUT, result)):
            # nothing of it ran
            shutil.copyfile(os.path.join(given, notebook), os.path.join(OUTPUT, result))
    # what was printed is stored: nothing more is
    os._exit(code if code >= 0 else 128 - code)


def run(notebook, result, parameters):
    """Executes the notebook; the exit code."""
    if not scripts():
        return 1
    try:
        language = kernel_of(os.environ.get("SM_KERNEL_NAME", "python3"))
    except NoKernel as e:
        return failed(str(e))
    asked = {"input": notebook, "output": result, "kernel": KERNEL, "language": language, "parameters": parameters,
             "failure": FAILURE}
    papermill = subprocess.Popen([PAPERMILL, os.path.join(HERE, "notebook_run.py")], stdin=subprocess.PIPE, text=True)
    signal.signal(signal.SIGTERM, lambda *_: papermill.terminate())
    papermill.stdin.write(json.dumps(asked))
    papermill.stdin.close()
    return papermill.wait()


main()
