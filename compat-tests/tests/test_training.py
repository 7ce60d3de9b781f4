"""Training jobs by boto3: they really run, fail with reasons, stop, expire, and outlive a killed server."""

import io
import json
import pathlib
import tarfile
import time

import pytest
from botocore.exceptions import ClientError
from conftest import ROLE, SKLEARN
from server import wait_until

SCRIPT = b"""
import argparse, os
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
print("files", sorted(os.listdir(os.environ["SM_CHANNEL_TRAIN"])))
print("loss=%.2f;" % parser.parse_args().rate)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.txt"), "w").write("trained")
"""


def archive(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def create(client, bucket, name, **changes):
    request = dict(
        TrainingJobName=name, RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": SKLEARN, "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": "s3://%s/output" % bucket},
        ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 120})
    request.update(changes)
    return client("sagemaker").create_training_job(**request)


def shell(script):
    return {"TrainingImage": SKLEARN, "TrainingInputMode": "File", "ContainerEntrypoint": ["/bin/sh", "-c", script]}


def finished(client, name, seconds=180):
    def ended():
        job = client("sagemaker").describe_training_job(TrainingJobName=name)
        return job if job["TrainingJobStatus"] in ("Completed", "Failed", "Stopped") else None
    return wait_until(ended, "end of " + name, seconds, 0.05)


def lines(client, name):
    events = client("logs").filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=name + "/")
    return [event["message"] for event in events["events"]]


def model(client, bucket, name):
    body = client("s3").get_object(Bucket=bucket, Key="output/%s/output/model.tar.gz" % name)["Body"].read()
    return tarfile.open(fileobj=io.BytesIO(body))


def test_script_mode(client, bucket, name):
    s3 = client("s3")
    s3.put_object(Bucket=bucket, Key=name + "/train/a.csv", Body=b"1,2\n")
    s3.put_object(Bucket=bucket, Key=name + "/train/sub/b.csv", Body=b"1,2\n")
    s3.put_object(Bucket=bucket, Key=name + "/source.tar.gz", Body=archive({"train.py": SCRIPT}))
    create(client, bucket, name,
           AlgorithmSpecification={"TrainingImage": SKLEARN, "TrainingInputMode": "File",
                                   "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.*?);"}]},
           HyperParameters={"sagemaker_program": '"train.py"', "rate": "0.25",
                            "sagemaker_submit_directory": '"s3://%s/%s/source.tar.gz"' % (bucket, name)},
           InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": {
               "S3DataType": "S3Prefix", "S3Uri": "s3://%s/%s/train" % (bucket, name)}}}])
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert job["FinalMetricDataList"][0]["MetricName"] == "loss"
    assert job["FinalMetricDataList"][0]["Value"] == 0.25
    assert [step["Status"] for step in job["SecondaryStatusTransitions"]] == [
        "Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert "AWS's image 1.2-1 has" in job["SecondaryStatusTransitions"][0]["StatusMessage"]
    assert model(client, bucket, name).extractfile("model.txt").read() == b"trained"
    log = lines(client, name)
    assert "files ['a.csv', 'sub']" in log
    assert any("AWS's image 1.2-1 has" in line for line in log)


def test_failure_is_explained(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell("echo 'ValueError: no such column'; exit 3"))
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("AlgorithmError: ")
    assert "ValueError: no such column" in job["FailureReason"] and "exit code: 3" in job["FailureReason"]


def test_failure_file_wins(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell(
        "echo 'the label column is missing' > /opt/ml/output/failure; exit 1"))
    assert finished(client, name)["FailureReason"].startswith("AlgorithmError: the label column is missing")


def test_stop(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell(
        "trap 'echo stopped > /opt/ml/model/state; exit 0' TERM; echo up; while :; do sleep 0.1; done"))
    wait_until(lambda: "up" in (lines(client, name) if client("sagemaker").describe_training_job(
        TrainingJobName=name)["SecondaryStatus"] == "Training" else []), "first line")
    client("sagemaker").stop_training_job(TrainingJobName=name)
    job = finished(client, name)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert model(client, bucket, name).extractfile("state").read() == b"stopped\n"


def test_a_model_keeps_its_links_and_what_is_left_out_is_said(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell(
        "cd /opt/ml/model; mkdir step-2; echo 2 > step-2/weights; ln -s step-2 latest; ln -s /etc/passwd out; "
        "mkfifo pipe; truncate -s 2G a-holes; echo last > z"))
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Failed"
    assert "Not stored: /opt/ml/model/a-holes: over the limit of 1073741824 bytes" in job["FailureReason"]
    assert job["ModelArtifacts"]["S3ModelArtifacts"].endswith(name + "/output/model.tar.gz")
    with model(client, bucket, name) as stored:
        assert sorted(stored.getnames()) == ["latest", "step-2", "step-2/weights", "z"]
        assert stored.getmember("latest").issym() and stored.getmember("latest").linkname == "step-2"
        assert stored.extractfile("z").read() == b"last\n"
    log = lines(client, name)
    for left in ("out: a link to /etc/passwd, which may lie outside the folder", "pipe: not a regular file",
                 "a-holes: over the limit of 1073741824 bytes"):
        assert log.count("not stored: /opt/ml/model/" + left) == 1, log


def test_max_runtime(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell("trap 'exit 0' TERM; while :; do sleep 0.1; done"),
           StoppingCondition={"MaxRuntimeInSeconds": 1})
    job = finished(client, name)
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_a_deny_on_the_role_stops_the_job(administrator, client, bucket, name):
    iam = administrator("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
                    '"Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}}')
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument='{"Version":"2012-10-17","Statement":'
                        '[{"Effect":"Allow","Action":"*","Resource":"*"},'
                        '{"Effect":"Deny","Action":"s3:PutObject","Resource":"*"}]}')
    create(administrator, bucket, name, RoleArn="arn:aws:iam::123456789012:role/" + name,
           AlgorithmSpecification=shell("true"))
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Failed"
    assert "is not authorized to perform: s3:PutObject" in job["FailureReason"]


@pytest.mark.parametrize("changes, code, words", [
    ({"InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": {
        "S3DataType": "S3Prefix", "S3Uri": "s3://BUCKET/nothing/here"}}}]},
     "ValidationException", "No S3 objects found under S3 URL"),
    ({"ResourceConfig": {"InstanceType": "ml.huge.42xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1}},
     "ValidationException", "Member must satisfy enum value set: ["),
    ({"RoleArn": "arn:aws:iam::123456789012:role/nobody"}, "AccessDeniedException", "iam:PassRole"),
    ({"AlgorithmSpecification": {"AlgorithmName": "mine", "TrainingInputMode": "File"}},
     "UnsupportedOperation", "CreateTrainingJob"),
    ({"EnableManagedSpotTraining": True}, "ValidationException", "Invalid MaxWaitTimeInSeconds"),
    ({"ResourceConfig": {"InstanceType": "ml.t3.medium", "InstanceCount": 500, "VolumeSizeInGB": 1}},
     "ResourceLimitExceeded", "a request delta of 500 Instances"),
    ({"Environment": {"A": "b\0"}}, "ValidationException", 'NUL character in the value of "A" in Environment'),
    ({"InputDataConfig": [{"ChannelName": "..", "DataSource": {"S3DataSource": {
        "S3DataType": "S3Prefix", "S3Uri": "s3://BUCKET/train"}}}]}, "ValidationException", "The channel name .."),
])
def test_bad_requests(client, bucket, name, changes, code, words):
    with pytest.raises(ClientError) as failure:
        create(client, bucket, name, **json.loads(json.dumps(changes).replace("BUCKET", bucket)))
    assert failure.value.response["Error"]["Code"] == code
    assert words in failure.value.response["Error"]["Message"]


def test_duplicate_name(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell("true"))
    with pytest.raises(ClientError) as failure:
        create(client, bucket, name, AlgorithmSpecification=shell("true"))
    assert failure.value.response["Error"]["Code"] == "ResourceInUse"
    assert "must be unique within an AWS account and region" in failure.value.response["Error"]["Message"]


def test_unknown_image(client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification={
        "TrainingImage": "111122223333.dkr.ecr.us-east-1.amazonaws.com/mine:1", "TrainingInputMode": "File"})
    assert "is not in the catalogue" in finished(client, name)["FailureReason"]


def test_missing_job(client):
    with pytest.raises(ClientError) as failure:
        client("sagemaker").describe_training_job(TrainingJobName="nothing")
    assert failure.value.response["Error"]["Message"] == "Requested resource not found."


def test_jobs_outlive_a_killed_server(own_server, name):
    server = own_server().start()
    clients = {each: server.client(each) for each in ("s3", "sagemaker", "logs")}
    client = clients.get
    bucket = "restart-" + name[-8:]
    client("s3").create_bucket(Bucket=bucket)
    create(client, bucket, name, AlgorithmSpecification=shell(
        "for i in 1 2 3 4; do echo line $i; echo ran >> /opt/ml/model/ran; sleep 1; done"))
    wait_until(lambda: client("sagemaker").describe_training_job(
        TrainingJobName=name)["SecondaryStatus"] == "Training", "training", 120)
    server.kill()
    server.start(server.port)
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert model(client, bucket, name).extractfile("ran").read() == b"ran\n" * 4
    assert [line for line in lines(client, name) if line.startswith("line")] == [
        "line 1", "line 2", "line 3", "line 4"]


def test_lines_written_while_no_server_runs_have_the_time_of_their_writing(own_server, name):
    server = own_server().start()
    client = {each: server.client(each) for each in ("s3", "sagemaker", "logs")}.get
    bucket = "times-" + name[-8:]
    client("s3").create_bucket(Bucket=bucket)
    create(client, bucket, name, AlgorithmSpecification={**shell(
        'for i in $(seq 16); do echo "at $(date +%s.%N) value=$i;"; sleep 0.5; done'),
        "MetricDefinitions": [{"Name": "value", "Regex": "value=([0-9]+);"}]})
    wait_until(lambda: client("sagemaker").describe_training_job(
        TrainingJobName=name)["SecondaryStatus"] == "Training", "training", 120)
    server.kill()
    log, = pathlib.Path(server.data).glob("**/algo-1/log")
    # and once more as long, so that the time of reading is another one
    wait_until(lambda: b"value=16;" in log.read_bytes() and time.time() - log.stat().st_mtime > 4, "last line")
    server.start(server.port)
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    events = client("logs").filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs",
                                              logStreamNamePrefix=name + "/algo-1")["events"]
    late = [event["timestamp"] / 1000 - float(event["message"].split()[1]) for event in events
            if event["message"].startswith("at ")]
    assert len(late) == 16 and -0.1 < min(late) and max(late) < 2, late
    metric, = job["FinalMetricDataList"]
    assert metric["Value"] == 16
    assert abs(metric["Timestamp"].timestamp() - log_time(events, "value=16;")) < 0.01


def log_time(events, words):
    return next(event["timestamp"] / 1000 for event in events if words in event["message"])


def test_a_job_that_down_ended_says_so_after_the_next_start(own_server, name):
    server = own_server().start()
    client = {each: server.client(each) for each in ("s3", "sagemaker")}.get
    bucket = "down-" + name[-8:]
    client("s3").create_bucket(Bucket=bucket)
    create(client, bucket, name, AlgorithmSpecification=shell("sleep 100"))
    wait_until(lambda: client("sagemaker").describe_training_job(
        TrainingJobName=name)["SecondaryStatus"] == "Training", "training", 120)
    server.down()
    server.start(server.port)
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == "The job's sandbox was ended by atelier down"


def test_search_finds_jobs_by_what_they_are(client, bucket, name):
    for number, rate in enumerate(("0.1", "0.5", "0.9")):
        create(client, bucket, "%s-%d" % (name, number), AlgorithmSpecification={
            **shell("echo loss=%s" % rate), "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.*)"}]},
            HyperParameters={"rate": rate}, Tags=[{"Key": "study", "Value": name}])
    for number in range(3):
        assert finished(client, "%s-%d" % (name, number))["TrainingJobStatus"] == "Completed"
    mine = {"Name": "Tags.study", "Operator": "Equals", "Value": name}
    found = client("sagemaker").get_paginator("search").paginate(
        Resource="TrainingJob", SortBy="Metrics.loss", SortOrder="Descending", PaginationConfig={"PageSize": 1},
        SearchExpression={"Filters": [mine, {"Name": "HyperParameters.rate", "Operator": "GreaterThan", "Value": "0.2"}]})
    jobs = [result["TrainingJob"] for page in found for result in page["Results"]]
    assert [job["TrainingJobName"] for job in jobs] == [name + "-2", name + "-1"]
    assert jobs[0]["FinalMetricDataList"][0]["Value"] == pytest.approx(0.9) and jobs[0]["Tags"][0]["Value"] == name
