"""The SageMaker Python SDKs, v2 in this environment and v3 in its own, and the AWS CLI, as users run them."""

import json
import os
import subprocess

import pytest

SCRIPT = """
import os
print("hello from the script", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "m"), "w").write("made")
"""
V3 = """
import sys
from sagemaker.core import image_uris
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, SourceCode
image = image_uris.retrieve("sklearn", "us-east-1", version="1.2-1", py_version="py3", instance_type="ml.m5.large")
trainer = ModelTrainer(training_image=image, base_job_name=sys.argv[2],
                       source_code=SourceCode(source_dir=sys.argv[1], entry_script="fit.py"),
                       compute=Compute(instance_type="ml.m5.large", instance_count=1))
trainer.train(logs=True)
"""


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "fit.py").write_text(SCRIPT)
    return folder


def test_v2_session(shell):
    import sagemaker
    session = sagemaker.Session()
    assert sagemaker.get_execution_role() == "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"
    assert session.default_bucket() == "sagemaker-us-east-1-123456789012"
    session.upload_string_as_file_body("body", session.default_bucket(), "compat/key")
    assert session.read_s3_file(session.default_bucket(), "compat/key") == "body"


def test_v2_fit_prints_the_log(shell, source, capsys, sagemaker):
    from sagemaker.sklearn import SKLearn
    import sagemaker as sdk
    estimator = SKLearn("fit.py", source_dir=str(source), role=sdk.get_execution_role(),
                        instance_type="ml.m5.large", framework_version="1.2-1", py_version="py3",
                        base_job_name="compat-v2")
    estimator.fit(logs=True)
    printed = capsys.readouterr().out
    assert "hello from the script" in printed
    assert "Training seconds" in printed
    name = estimator.latest_training_job.name
    assert sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"] == "Completed"
    assert estimator.model_data.endswith("/%s/output/model.tar.gz" % name)


def test_v2_reports_a_failure(shell, source):
    import sagemaker as sdk
    from sagemaker.exceptions import UnexpectedStatusException
    from sagemaker.sklearn import SKLearn
    (source / "fit.py").write_text("raise ValueError('no such thing')")
    estimator = SKLearn("fit.py", source_dir=str(source), role=sdk.get_execution_role(),
                        instance_type="ml.m5.large", framework_version="1.2-1", py_version="py3")
    with pytest.raises(UnexpectedStatusException) as failed:
        estimator.fit(logs=False)
    assert "no such thing" in str(failed.value)


def test_telemetry_host_answers_at_once(shell):
    import requests
    answer = requests.get("https://sm-pysdk-t-us-east-1.s3.us-east-1.amazonaws.com/telemetry?x=1", timeout=5)
    assert answer.status_code < 500


def test_v3_model_trainer(shell, source, sagemaker, unique):
    python = os.path.join(os.environ["ATELIER_CLIENTS_V3"], "bin", "python")
    done = subprocess.run([python, "-c", V3, str(source), "compat-v3-" + unique], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=200)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "hello from the script" in done.stdout
    jobs = sagemaker.list_training_jobs(NameContains="compat-v3-" + unique)["TrainingJobSummaries"]
    assert [job["TrainingJobStatus"] for job in jobs] == ["Completed"]


def test_aws_cli(shell, aws):
    assert json.loads(aws("sts", "get-caller-identity").stdout)["Account"] == "123456789012"
    listed = json.loads(aws("sagemaker", "list-training-jobs", "--max-items", "5").stdout)
    assert isinstance(listed["TrainingJobSummaries"], list)


def test_aws_cli_reads_logs(aws, sagemaker, bucket, unique):
    from test_training import container, ended
    name = "cli-" + unique
    sagemaker.create_training_job(**container("echo read by the command line", bucket, name))
    ended(sagemaker, name)
    found = json.loads(aws("logs", "filter-log-events", "--log-group-name", "/aws/sagemaker/TrainingJobs",
                           "--log-stream-name-prefix", name).stdout)
    assert "read by the command line" in [event["message"] for event in found["events"]]
