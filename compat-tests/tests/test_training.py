"""Training jobs by boto3: script mode, container entrypoints, failures, stops, limits, refusals; their logs and metrics."""

import io
import json
import tarfile
import time

import pytest
from botocore.exceptions import ClientError

from conftest import ROLE
from server import wait_until

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ENDED = ("Completed", "Failed", "Stopped")
GROUP = "/aws/sagemaker/TrainingJobs"
SCRIPT = """
import argparse, json, os, sys
parser = argparse.ArgumentParser()
parser.add_argument("--depth", type=int)
arguments = parser.parse_args()
rows = open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "rows.csv")).read().split()
for epoch in range(3):
    print("epoch %d loss=%.2f;" % (epoch, 1.0 / (epoch + 1)), flush=True)
with open(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"), "w") as model:
    json.dump({"rows": rows, "depth": arguments.depth, "uid": os.getuid()}, model)
with open(os.path.join(os.environ["SM_OUTPUT_DATA_DIR"], "report.txt"), "w") as report:
    report.write("extra")
"""


def code(failure):
    return failure.value.response["Error"]["Code"]


def request(bucket, name, **changes):
    return {"TrainingJobName": name, "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://%s/out" % bucket},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 120}, **changes}


def container(command, bucket, name, **changes):
    return request(bucket, name, AlgorithmSpecification={
        "TrainingImage": IMAGE, "TrainingInputMode": "File", "ContainerEntrypoint": ["/bin/bash", "-c"],
        "ContainerArguments": [command]}, **changes)


def channel(bucket, prefix):
    return [{"ChannelName": "train", "DataSource": {"S3DataSource": {
        "S3DataType": "S3Prefix", "S3Uri": "s3://%s/%s" % (bucket, prefix),
        "S3DataDistributionType": "FullyReplicated"}}}]


def archive(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return packed.getvalue()


def ended(sagemaker, name):
    # the first job of a run may build its image's Python environment
    return wait_until(lambda: (lambda job: job if job["TrainingJobStatus"] in ENDED else None)(
        sagemaker.describe_training_job(TrainingJobName=name)), name + " ends", timeout=220)


def log_lines(logs, name):
    return [event["message"] for event in logs.filter_log_events(
        logGroupName=GROUP, logStreamNamePrefix=name + "/")["events"]]


def test_script_mode(sagemaker, s3, client, bucket, unique):
    name = "script-" + unique
    s3.put_object(Bucket=bucket, Key="data/rows.csv", Body=b"1\n2\n3\n")
    s3.put_object(Bucket=bucket, Key="code/source.tar.gz", Body=archive({"fit.py": SCRIPT}))
    answer = sagemaker.create_training_job(**request(
        bucket, name, InputDataConfig=channel(bucket, "data"),
        HyperParameters={"sagemaker_program": json.dumps("fit.py"), "depth": "4",
                         "sagemaker_submit_directory": json.dumps("s3://%s/code/source.tar.gz" % bucket)},
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File", "MetricDefinitions": [
            {"Name": "loss", "Regex": "loss=(.*?);"}]}))
    assert answer["TrainingJobArn"] == "arn:aws:sagemaker:us-east-1:123456789012:training-job/" + name
    job = ended(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", (job.get("FailureReason"), log_lines(client("logs"), name))
    assert [each["Status"] for each in job["SecondaryStatusTransitions"]][-1] == "Completed"
    assert job["TrainingEndTime"] >= job["TrainingStartTime"] >= job["CreationTime"]
    assert [(each["MetricName"], round(each["Value"], 2)) for each in job["FinalMetricDataList"]] == [("loss", 0.33)]
    artefact = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert artefact == "s3://%s/out/%s/output/model.tar.gz" % (bucket, name)
    packed = s3.get_object(Bucket=bucket, Key="out/%s/output/model.tar.gz" % name)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        model = json.load(tar.extractfile("model.json"))
    assert (model["rows"], model["depth"]) == (["1", "2", "3"], 4)
    s3.head_object(Bucket=bucket, Key="out/%s/output/output.tar.gz" % name)
    lines = log_lines(client("logs"), name)
    assert [line for line in lines if line.startswith("epoch")] == [
        "epoch 0 loss=1.00;", "epoch 1 loss=0.50;", "epoch 2 loss=0.33;"]
    streams = client("logs").describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=name)["logStreams"]
    assert streams[0]["logStreamName"].startswith(name + "/algo-1-")
    listed = sagemaker.list_training_jobs(NameContains=name)["TrainingJobSummaries"]
    assert [(each["TrainingJobName"], each["TrainingJobStatus"]) for each in listed] == [(name, "Completed")]


def test_container_entrypoint(sagemaker, s3, client, bucket, unique):
    name = "entry-" + unique
    s3.put_object(Bucket=bucket, Key="data/a", Body=b"seen")
    sagemaker.create_training_job(**container(
        "cat /opt/ml/input/data/train/a; cat /opt/ml/input/config/resourceconfig.json; echo made > /opt/ml/model/m",
        bucket, name, InputDataConfig=channel(bucket, "data/")))
    assert ended(sagemaker, name)["TrainingJobStatus"] == "Completed"
    text = "\n".join(log_lines(client("logs"), name))
    assert "seen" in text and '"algo-1"' in text


def test_failures_say_why(sagemaker, bucket, unique):
    first, second = "fails-" + unique, "writes-" + unique
    sagemaker.create_training_job(**container("echo the cause of it >&2; exit 7", bucket, first))
    sagemaker.create_training_job(**container(
        "printf 'the reason in the file' > /opt/ml/output/failure; exit 1", bucket, second))
    job = ended(sagemaker, first)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("AlgorithmError: ") and "7" in job["FailureReason"]
    assert "the cause of it" in job["FailureReason"]
    assert "the reason in the file" in ended(sagemaker, second)["FailureReason"]


def test_stop(sagemaker, client, bucket, unique):
    name = "stops-" + unique
    sagemaker.create_training_job(**container(
        "trap 'echo asked to stop; echo kept > /opt/ml/model/m; exit 0' TERM; echo ready; sleep 300 & wait",
        bucket, name))
    logs = client("logs")
    wait_until(lambda: sagemaker.describe_training_job(TrainingJobName=name)["SecondaryStatus"] == "Training"
               and "ready" in log_lines(logs, name), "the job runs", timeout=120)
    sagemaker.stop_training_job(TrainingJobName=name)
    job = ended(sagemaker, name)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert "asked to stop" in log_lines(logs, name)
    with pytest.raises(ClientError) as refused:
        sagemaker.stop_training_job(TrainingJobName=name)
    assert code(refused) == "ValidationException"


def test_max_runtime(sagemaker, bucket, unique):
    name = "long-" + unique
    began = time.monotonic()
    sagemaker.create_training_job(**container("sleep 300", bucket, name, StoppingCondition={"MaxRuntimeInSeconds": 2}))
    job = ended(sagemaker, name)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert time.monotonic() - began < 200


def test_missing_data_fails_the_job(sagemaker, bucket, unique):
    name = "no-data-" + unique
    sagemaker.create_training_job(**container("true", bucket, name, InputDataConfig=channel(bucket, "absent/")))
    job = ended(sagemaker, name)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError: ") and "absent/" in job["FailureReason"]


def test_a_name_is_used_once(sagemaker, bucket, unique):
    name = "twice-" + unique
    sagemaker.create_training_job(**container("true", bucket, name))
    with pytest.raises(ClientError) as refused:
        sagemaker.create_training_job(**container("true", bucket, name))
    assert code(refused) == "ResourceInUse"
    ended(sagemaker, name)


@pytest.mark.parametrize("changes, expected", [
    ({"ResourceConfig": {"InstanceType": "ml.imaginary.large", "InstanceCount": 1, "VolumeSizeInGB": 1}},
     "ValidationException"),
    ({"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 0, "VolumeSizeInGB": 1}},
     "ValidationException"),
    ({"TrainingJobName": "bad name!"}, "ValidationException"),
    ({"RoleArn": "arn:aws:iam::123456789012:role/absent"}, None),
    ({"AlgorithmSpecification": {"TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/unknown:1",
                                 "TrainingInputMode": "File"}}, None),
], ids=["instance type", "instance count", "name", "role", "image"])
def test_bad_requests(administrator, bucket, unique, changes, expected):
    sagemaker = administrator("sagemaker")
    wanted = {**request(bucket, "bad-" + unique), **changes}
    try:
        sagemaker.create_training_job(**wanted)
    except ClientError as refused:
        assert refused.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert refused.response["Error"]["Code"] == (expected or "ValidationException")
        with pytest.raises(ClientError):
            sagemaker.describe_training_job(TrainingJobName=wanted["TrainingJobName"])
    else:
        assert expected is None
        job = ended(sagemaker, wanted["TrainingJobName"])
        assert job["TrainingJobStatus"] == "Failed" and job["FailureReason"]


def test_absent_job(sagemaker):
    with pytest.raises(ClientError) as refused:
        sagemaker.describe_training_job(TrainingJobName="absent")
    assert code(refused) == "ValidationException"
    assert "Requested resource not found" in str(refused.value)


def test_a_job_outlives_the_server(own_server, client):
    server = own_server().start()
    keys = server.settings()
    options = {"endpoint_url": keys["AWS_ENDPOINT_URL"], "aws_access_key_id": keys["AWS_ACCESS_KEY_ID"],
               "aws_secret_access_key": keys["AWS_SECRET_ACCESS_KEY"], "aws_session_token": keys["AWS_SESSION_TOKEN"]}
    s3, sagemaker, logs = (client(service, **options) for service in ("s3", "sagemaker", "logs"))
    s3.create_bucket(Bucket="lasting")
    sagemaker.create_training_job(**container(
        "echo begun; for i in $(seq 1 40); do echo tick $i; sleep 0.25; done; echo done > /opt/ml/model/m",
        "lasting", "survivor"))
    wait_until(lambda: sagemaker.describe_training_job(TrainingJobName="survivor")["SecondaryStatus"] == "Training"
               and "begun" in log_lines(logs, "survivor"), "the job runs", timeout=120)
    port = server.port
    server.kill()
    server.start(port=port)
    assert ended(sagemaker, "survivor")["TrainingJobStatus"] == "Completed"
    lines = log_lines(logs, "survivor")
    assert lines == ["begun"] + ["tick %d" % i for i in range(1, 41)]
    s3.head_object(Bucket="lasting", Key="out/survivor/output/model.tar.gz")
