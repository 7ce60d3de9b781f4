"""What a training program finds around it, and what SageMaker tells of it, beyond the plain life of a job."""

import io
import json
import os
import tarfile

import pytest
from botocore.exceptions import ClientError

from conftest import SKLEARN
from test_training import archive, create, finished, lines, shell as program


def script(client, bucket, name, text, **hyperparameters):
    client("s3").put_object(Bucket=bucket, Key=name + "/source.tar.gz", Body=archive({"train.py": text.encode()}))
    create(client, bucket, name, HyperParameters={
        "sagemaker_program": '"train.py"',
        "sagemaker_submit_directory": '"s3://%s/%s/source.tar.gz"' % (bucket, name), **hyperparameters})
    return finished(client, name)


def test_the_output_folder_is_there(client, bucket, name):
    job = script(client, bucket, name, "import os\n"
                 "open(os.path.join(os.environ['SM_OUTPUT_DATA_DIR'], 'report'), 'w').write('kept')\n")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    body = client("s3").get_object(Bucket=bucket, Key="output/%s/output/output.tar.gz" % name)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        assert tar.extractfile("report").read() == b"kept"


def test_a_scripts_own_error_is_the_reason(client, bucket, name):
    job = script(client, bucket, name, "raise KeyError('no such column')\n")
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("AlgorithmError: ExecuteUserScriptError:")
    assert "KeyError: 'no such column'" in job["FailureReason"]


def test_a_container_finds_the_configuration(client, bucket, name):
    client("s3").put_object(Bucket=bucket, Key=name + "/data/a", Body=b"first")
    create(client, bucket, name,
           AlgorithmSpecification={"TrainingImage": SKLEARN, "TrainingInputMode": "File",
                                   "ContainerEntrypoint": ["/bin/bash", "-c"], "ContainerArguments": [
                                       "cd /opt/ml/input && cat config/hyperparameters.json && echo && "
                                       "cat config/resourceconfig.json && echo && cat config/inputdataconfig.json && "
                                       "echo && cat data/train/a && echo && id -u"]},
           HyperParameters={"depth": "4"}, Environment={"COLOUR": "blue"},
           InputDataConfig=[{"ChannelName": "train", "ContentType": "text/csv", "DataSource": {"S3DataSource": {
               "S3DataType": "S3Prefix", "S3Uri": "s3://%s/%s/data/" % (bucket, name)}}}])
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    found = lines(client, name)[-5:]
    assert json.loads(found[0]) == {"depth": "4"}
    resources = json.loads(found[1])
    assert (resources["current_host"], resources["hosts"]) == ("algo-1", ["algo-1"])
    assert json.loads(found[2])["train"]["ContentType"] == "text/csv"
    assert found[3:] == ["first", "1000"]


def test_what_all_hosts_leave_is_stored(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=program(
        "echo $CURRENT_HOST > /opt/ml/model/$CURRENT_HOST; echo $CURRENT_HOST > /opt/ml/model/same"),
           ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 2, "VolumeSizeInGB": 1})
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    body = client("s3").get_object(Bucket=bucket, Key="output/%s/output/model.tar.gz" % name)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        assert {member.name: tar.extractfile(member).read() for member in tar.getmembers()} == {
            "algo-1": b"algo-1\n", "algo-2": b"algo-2\n", "same": b"algo-1\n"}


def test_no_hosts_is_refused_and_leaves_nothing(client, bucket, name):
    with pytest.raises(ClientError) as refused:
        create(client, bucket, name, AlgorithmSpecification=program("true"),
               ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 0, "VolumeSizeInGB": 1})
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    with pytest.raises(ClientError) as absent:
        client("sagemaker").describe_training_job(TrainingJobName=name)
    assert "Requested resource not found" in str(absent.value)


def test_the_command_line_reads_the_log(aws, client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=program("echo read by the command line"))
    assert finished(client, name)["TrainingJobStatus"] == "Completed"
    found = json.loads(aws("logs", "filter-log-events", "--log-group-name", "/aws/sagemaker/TrainingJobs",
                           "--log-stream-name-prefix", name).stdout)
    assert "read by the command line" in [event["message"] for event in found["events"]]


def test_telemetry_is_answered_at_once(shell):
    import requests
    answer = requests.get("https://sm-pysdk-t-us-east-1.s3.us-east-1.amazonaws.com/telemetry?x=1", timeout=5)
    assert answer.status_code < 500
    assert os.path.exists(os.environ["SAGEMAKER_ADMIN_CONFIG_OVERRIDE"])
