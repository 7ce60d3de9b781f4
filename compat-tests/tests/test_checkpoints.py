"""Checkpoints by boto3: a job goes on from what lies in S3, and what it writes is there while it runs and afterwards."""

import pytest
from botocore.exceptions import ClientError
from server import wait_until
from test_training import create, finished, shell

WRITE_AND_WAIT = ("cd /opt/ml/checkpoints && cat state sub/old && mkdir new && echo 1 > new/epoch && "
                  "mv new epoch-1 && echo second > state && ln -s /etc/passwd link && "
                  "trap 'echo third > state; exit 0' TERM && echo up && while :; do sleep 0.1; done")


def checkpoints(bucket, name, **more):
    return {"S3Uri": "s3://%s/%s" % (bucket, name), **more}


def text(client, bucket, key):
    try:
        return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    except ClientError as failure:
        assert failure.response["Error"]["Code"] == "NoSuchKey"
        return None


def keys(client, bucket, prefix):
    return sorted(item["Key"][len(prefix):] for item in
                  client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []))


def put(client, bucket, name):
    client("s3").put_object(Bucket=bucket, Key=name + "/state", Body=b"first\n")
    client("s3").put_object(Bucket=bucket, Key=name + "/sub/old", Body=b"old\n")


def test_a_job_goes_on_from_its_checkpoints(client, bucket, name):
    put(client, bucket, name)
    before = client("s3").head_object(Bucket=bucket, Key=name + "/sub/old")["LastModified"]
    create(client, bucket, name, CheckpointConfig=checkpoints(bucket, name), AlgorithmSpecification=shell(WRITE_AND_WAIT))
    wait_until(lambda: text(client, bucket, name + "/epoch-1/epoch") == "1\n", "a checkpoint of the running job")
    assert client("sagemaker").describe_training_job(TrainingJobName=name)["SecondaryStatus"] == "Training"
    assert text(client, bucket, name + "/state") == "second\n"
    client("sagemaker").stop_training_job(TrainingJobName=name)
    assert finished(client, name)["TrainingJobStatus"] == "Stopped"
    assert text(client, bucket, name + "/state") == "third\n"
    assert keys(client, bucket, name + "/") == ["epoch-1/epoch", "state", "sub/old"]
    assert client("s3").head_object(Bucket=bucket, Key=name + "/sub/old")["LastModified"] == before
    again = name + "-2"
    create(client, bucket, again, CheckpointConfig=checkpoints(bucket, name, LocalPath="/opt/ml/mine"),
           AlgorithmSpecification=shell("test \"$(cat /opt/ml/mine/state)\" = third && echo 4 > /opt/ml/mine/state"))
    job = finished(client, again)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert job["CheckpointConfig"]["LocalPath"] == "/opt/ml/mine"
    assert text(client, bucket, name + "/state") == "4\n"


def test_checkpoints_are_kept_through_a_killed_server(own_server, name):
    server = own_server().start()
    clients = {each: server.client(each) for each in ("s3", "sagemaker", "logs")}
    client = clients.get
    bucket = "restart-" + name[-8:]
    client("s3").create_bucket(Bucket=bucket)
    put(client, bucket, name)
    create(client, bucket, name, CheckpointConfig=checkpoints(bucket, name), AlgorithmSpecification=shell(WRITE_AND_WAIT))
    wait_until(lambda: client("sagemaker").describe_training_job(
        TrainingJobName=name)["SecondaryStatus"] == "Training", "training", 120)
    server.kill()
    server.start(server.port)
    wait_until(lambda: text(client, bucket, name + "/state") == "second\n", "a checkpoint stored by the next server")
    client("sagemaker").stop_training_job(TrainingJobName=name)
    assert finished(client, name)["TrainingJobStatus"] == "Stopped"
    assert text(client, bucket, name + "/state") == "third\n"


@pytest.mark.parametrize("path", ["/opt/ml/input", "/opt/ml/model/x", "relative", "/etc"])
def test_a_checkpoint_folder_that_is_taken_is_refused(client, bucket, name, path):
    with pytest.raises(ClientError) as refused:
        create(client, bucket, name, CheckpointConfig=checkpoints(bucket, name, LocalPath=path),
               AlgorithmSpecification=shell("true"))
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert "LocalPath" in refused.value.response["Error"]["Message"]
