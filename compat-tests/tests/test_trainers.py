"""Training jobs from local folders by ModelTrainer of both SDKs, and attaching to jobs that somebody else began."""

import os
import subprocess
import sys
import textwrap
import time

import pytest
from conftest import ROLE, SKLEARN
from test_remote_functions import ran
from test_training import create, shell

TRAIN = """
import argparse, json, os, sys
import inflection
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import helpers.words as words
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
rate = parser.parse_args().rate
folder = os.environ["SM_CHANNEL_TRAIN"]
read = {name: open(os.path.join(folder, name)).read() for name in sorted(os.listdir(folder))}
print("read", json.dumps(read), "rate", rate, inflection.camelize(words.WORD), flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"), "w").write(json.dumps(read))
"""


@pytest.fixture(params=["v2", "v3"])
def trainer(request, server, tmp_path):
    """Runs a program that has a ModelTrainer's parts, beside a folder of sources and one of data."""
    source, data = tmp_path / "source", tmp_path / "data"
    (source / "helpers").mkdir(parents=True)
    data.mkdir()
    (source / "train.py").write_text(TRAIN)
    (source / "helpers" / "words.py").write_text("WORD = 'from_helpers'\n")
    (source / "needs.txt").write_text("inflection==0.5.1\n")
    (data / "rows.csv").write_text("1,2\n")
    python, configs, trainers = (sys.executable, "sagemaker.modules.configs", "sagemaker.modules.train") \
        if request.param == "v2" else (os.environ["ATELIER_CLIENTS_V3"] + "/bin/python", "sagemaker.train.configs",
                                       "sagemaker.train")

    def run(program, succeeds=True):
        heading = """
from %s import Compute, InputData, SourceCode
from %s import ModelTrainer
def trainer(**parts):
    return ModelTrainer(training_image=%r, role=%r, compute=Compute(instance_type="ml.t3.medium", instance_count=1),
                        hyperparameters={"rate": 0.25}, source_code=SourceCode(source_dir="source", **parts))
""" % (configs, trainers, SKLEARN, ROLE)
        return ran(python, tmp_path, heading + textwrap.dedent(program), server, succeeds)
    return run


def test_a_folder_trains_with_requirements_on_local_data(trainer):
    said = trainer("""
        job = trainer(entry_script="train.py", requirements="needs.txt")
        job.train(input_data_config=[InputData(channel_name="train", data_source="data")])
        latest = job._latest_training_job
        latest.refresh()
        print("model at", latest.model_artifacts.s3_model_artifacts, latest.training_job_status)
        """)
    # version 3 breaks lines of the log to fit its window
    assert all(word in said for word in ("rows.csv", "rate 0.25", "FromHelpers", "model.tar.gz Completed")), said[-3000:]


def test_a_command_is_what_runs(trainer):
    said = trainer("""
        trainer(command="ls helpers && echo rate is $SM_HP_RATE && exit 0").train()
        """)
    assert "words.py" in said and "rate is 0.25" in said


def test_a_failed_command_tells_why(trainer):
    said = trainer("""
        trainer(command="python -c 'import nothing_of_this_name'").train()
        """, succeeds=False)
    assert "nothing_of_this_name" in said


def test_attaching_to_a_finished_job(client, bucket, name, capfd):
    from sagemaker.estimator import Estimator

    create(client, bucket, name, AlgorithmSpecification=shell("echo hello from $TRAINING_JOB_NAME"),
           HyperParameters={"depth": "3"}, Tags=[{"Key": "team", "Value": "blue"}])
    attached = Estimator.attach(name)  # waits for its end
    assert attached.latest_training_job.describe()["TrainingJobStatus"] == "Completed"
    assert attached.model_data == "s3://%s/output/%s/output/model.tar.gz" % (bucket, name)
    assert attached.role == ROLE and attached.instance_type == "ml.t3.medium" and attached.image_uri == SKLEARN
    assert attached.hyperparameters() == {"depth": "3"}
    attached.logs()
    assert "hello from " + name in capfd.readouterr().out


def test_a_framework_attaches_to_what_it_fitted(tmp_path, capfd):
    from sagemaker.sklearn import SKLearn

    (tmp_path / "train.py").write_text("import os\nprint('trained here')\n"
                                       "open(os.path.join(os.environ['SM_MODEL_DIR'], 'm'), 'w').write('m')\n")
    fitted = SKLearn("train.py", source_dir=str(tmp_path), role=ROLE, instance_type="ml.t3.medium",
                     framework_version="1.2-1", py_version="py3", hyperparameters={"a": 1, "b": "two"})
    fitted.fit(wait=False)
    attached = SKLearn.attach(fitted.latest_training_job.name)
    assert attached.entry_point == "train.py" and attached.framework_version == "1.2-1"
    assert attached.hyperparameters()["a"] == "1" and attached.model_data == fitted.model_data
    attached.logs()
    assert "trained here" in capfd.readouterr().out


def test_logs_of_a_running_job_are_followed_to_its_end(client, bucket, name, server):
    create(client, bucket, name, AlgorithmSpecification=shell(
        "for n in 1 2 3 4 5 6; do echo line $n of it; sleep 1; done"))
    program = "from sagemaker.session import Session; Session().logs_for_job(%r, wait=True, poll=1)" % name
    started = time.time()
    v2 = subprocess.run([sys.executable, "-c", program], env=server.environment(), capture_output=True, text=True,
                        timeout=200)
    assert v2.returncode == 0, v2.stderr[-3000:]
    assert [n for n in range(1, 7) if "line %d of it" % n in v2.stdout] == [1, 2, 3, 4, 5, 6], time.time() - started
    program = ("from sagemaker.core.resources import TrainingJob; job = TrainingJob.get(%r); job.wait(poll=1, logs=True); "
               "print(job.training_job_status)" % name)
    v3 = subprocess.run([os.environ["ATELIER_CLIENTS_V3"] + "/bin/python", "-c", program], env=server.environment(),
                        capture_output=True, text=True, timeout=200)
    assert v3.returncode == 0 and "Completed" in v3.stdout, v3.stdout[-2000:] + v3.stderr[-3000:]


def test_v3_attaches_to_a_running_job(client, s3, bucket, name, server):
    # it runs until an object is there, however long the client takes to find it
    create(client, bucket, name, AlgorithmSpecification=shell(
        "echo waiting; python -c \"import boto3,time;s=boto3.client('s3');[time.sleep(.2) for _ in iter("
        "lambda:s.list_objects_v2(Bucket='%s',Prefix='go')['KeyCount'],1)]\"; echo went on" % bucket))
    program = ("from sagemaker.core.resources import TrainingJob; job = TrainingJob.get(%r); "
               "print('found', job.training_job_status, flush=True); job.wait(poll=1, logs=True); "
               "print('ended', job.training_job_status)" % name)
    v3 = subprocess.Popen([os.environ["ATELIER_CLIENTS_V3"] + "/bin/python", "-c", program], env=server.environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = next(line for line in v3.stdout if line.startswith("found"))
        assert said == "found InProgress\n"
        s3.put_object(Bucket=bucket, Key="go", Body=b"")
        said += v3.communicate(timeout=200)[0]
        assert v3.returncode == 0 and "went on" in said and "ended Completed" in said, said[-3000:]
    finally:
        v3.kill()
