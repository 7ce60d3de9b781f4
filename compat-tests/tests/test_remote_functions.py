"""@remote and RemoteExecutor of the SageMaker SDK, v2 and v3: functions of a client's program run as training jobs."""

import os
import subprocess
import sys
import textwrap

import pytest

IMAGE = "081325390199.dkr.ecr.us-east-1.amazonaws.com/sagemaker-base-python:1.0"
# the image has version 2 of the SDK, as AWS's has; the module that v3 starts is among what a client of it asks for
V3_NEEDS = "sagemaker-core==%s\n"


class Sdk:
    def __init__(self, python, module, needs):
        self.python, self.module, self.needs = python, module, needs


@pytest.fixture(params=["v2", "v3"])
def sdk(request):
    if request.param == "v2":
        return Sdk(sys.executable, "sagemaker.remote_function", "")
    python = os.environ["ATELIER_CLIENTS_V3"] + "/bin/python"
    version = subprocess.run([python, "-c", "import importlib.metadata as m; print(m.version('sagemaker-core'))"],
                             capture_output=True, text=True, check=True).stdout.strip()
    return Sdk(python, "sagemaker.core.remote_function", V3_NEEDS % version)


def ran(python, folder, program, server, succeeds):
    """What a program of a user's says that is run in a folder."""
    (folder / "program.py").write_text(program)
    environment = {**server.environment(), "PYTHONPATH": os.path.dirname(__file__)}
    done = subprocess.run([python, "program.py"], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=280)
    assert (done.returncode == 0) == succeeds, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture
def run(sdk, server, tmp_path, bucket):
    """Runs a program of a user's in a folder of its own; what it needs is in requirements.txt."""
    def start(program, needs="", succeeds=True):
        (tmp_path / "requirements.txt").write_text(sdk.needs + needs)
        heading = """
from %s import remote, RemoteExecutor
__import__("hurried").hurry()
SETTINGS = dict(instance_type="ml.m5.large", image_uri=%r, s3_root_uri="s3://%s/remote")
if %r: SETTINGS["dependencies"] = "requirements.txt"
""" % (sdk.module, IMAGE, bucket, bool(sdk.needs + needs))
        return ran(sdk.python, tmp_path, heading + textwrap.dedent(program), server, succeeds)
    return start


def test_results_come_back(run):
    said = run("""
        import os
        @remote(**SETTINGS)
        def divide(a, b=2):
            print("dividing", a, "on", os.environ["TRAINING_JOB_NAME"][:6])
            return {"quotient": a / b, "job": os.environ["TRAINING_JOB_NAME"]}
        done = divide(7)
        assert done["quotient"] == 3.5 and done["job"].startswith("divide-"), done
        print("client has", done["quotient"])
        """)
    # the job's log is followed, as that of a training job is
    assert "dividing 7 on divide" in said and "client has 3.5" in said


def test_what_a_function_raises_is_raised_at_the_client(run):
    run("""
        import traceback
        class Sour(Exception):
            pass
        def inner(lemon):
            raise Sour("too sour: %s" % lemon)
        @remote(**SETTINGS)
        def squeeze(lemon):
            inner(lemon)
        try:
            squeeze("green")
        except Exception as error:
            text = "".join(traceback.format_exception(error))
            assert "too sour: green" in str(error), text
            assert "in inner" in text and "in squeeze" in text, text
        else:
            raise SystemExit("nothing was raised")
        """)


def test_requirements_and_commands_before_it(run):
    run("""
        @remote(pre_execution_commands=["echo prepared > /tmp/prepared"], **SETTINGS)
        def title():
            import inflection
            return inflection.titleize(open("/tmp/prepared").read().strip() + "_job")
        assert title() == "Prepared Job", title()
        """, needs="inflection==0.5.1\n")


def test_the_folder_of_the_program_comes_along(run, tmp_path):
    (tmp_path / "beside.py").write_text("def word():\n    return 'from beside'\n")
    run("""
        @remote(include_local_workdir=True, **SETTINGS)
        def word():
            import beside
            return beside.word()
        assert word() == "from beside"
        """)


def test_executors_run_several_at_once(run):
    run("""
        def square(number):
            return number * number
        with RemoteExecutor(max_parallel_jobs=2, **SETTINGS) as executor:
            futures = [executor.submit(square, number) for number in (3, 4)]
            assert [future.result() for future in futures] == [9, 16]
            assert all(future.done() for future in futures)
        """)


def test_a_failed_command_is_told(run):
    said = run("""
        @remote(pre_execution_commands=["no-such-command"], **SETTINGS)
        def never():
            return 1
        never()
        """, succeeds=False)
    assert "no-such-command" in said and "RuntimeEnvironmentError" in said
