"""AWS's public buckets of sample data, from the folder that sampleBuckets names."""

import json
import os
import urllib.request

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from conftest import ROLE, SKLEARN

FILES = "sagemaker-sample-files"
ABALONE = "datasets/tabular/uci_abalone/abalone.csv"
ONCE = Config(retries={"max_attempts": 1})


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples") / "samples"
    for name, text in ((FILES + "/" + ABALONE, "15,M,0.4\n7,F,0.5\n"), (FILES + "/datasets/other.txt", "other"),
                       ("sagemaker-sample-data-us-west-2/train.csv", "1,2\n")):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    os.symlink("/etc/passwd", folder / FILES / "passwd")
    return folder


@pytest.fixture(scope="module")
def sampled(own_server, samples):
    return own_server(json.dumps({"sampleBuckets": str(samples)})).start()


@pytest.fixture(scope="module")
def session(sampled):
    settings = sampled.settings()

    def make(service, **options):
        options.setdefault("config", ONCE)
        return boto3.session.Session().client(service, region_name="us-east-1", endpoint_url=sampled.url,
                                              aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
                                              aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
                                              aws_session_token=settings["AWS_SESSION_TOKEN"], **options)

    return make


def test_every_reader_finds_them(session, sampled):
    s3 = session("s3")
    anonymous = boto3.session.Session().client("s3", region_name="us-east-1", endpoint_url=sampled.url,
                                               config=Config(signature_version=UNSIGNED))
    for reader in (s3, anonymous):
        assert reader.get_object(Bucket=FILES, Key=ABALONE)["Body"].read() == b"15,M,0.4\n7,F,0.5\n"
        assert reader.head_object(Bucket=FILES, Key=ABALONE)["ContentLength"] == 17
        assert [each["Key"] for each in reader.list_objects_v2(Bucket=FILES)["Contents"]] == [
            "datasets/other.txt", ABALONE]
        assert reader.list_objects(Bucket=FILES, Prefix="datasets/o")["Contents"][0]["Size"] == 5
    assert s3.get_bucket_location(Bucket="sagemaker-sample-data-us-west-2")["LocationConstraint"] == "us-west-2"
    assert FILES not in [each["Name"] for each in s3.list_buckets()["Buckets"]]
    with urllib.request.urlopen("%s/%s/datasets/other.txt" % (sampled.url, FILES)) as answer:
        assert answer.read() == b"other"
    s3.create_bucket(Bucket="mine")
    s3.copy_object(Bucket="mine", Key="copy.csv", CopySource={"Bucket": FILES, "Key": ABALONE})
    assert s3.get_object(Bucket="mine", Key="copy.csv")["Body"].read().startswith(b"15,M")


@pytest.mark.parametrize("write", [
    lambda s3: s3.put_object(Bucket=FILES, Key="new", Body=b"x"),
    lambda s3: s3.delete_object(Bucket=FILES, Key=ABALONE),
    lambda s3: s3.copy_object(Bucket=FILES, Key="copy", CopySource={"Bucket": FILES, "Key": ABALONE}),
    lambda s3: s3.create_multipart_upload(Bucket=FILES, Key="new"),
    lambda s3: s3.put_bucket_policy(Bucket=FILES, Policy='{"Version": "2012-10-17", "Statement": []}'),
    lambda s3: s3.delete_bucket_policy(Bucket=FILES),
    lambda s3: s3.put_object_tagging(Bucket=FILES, Key=ABALONE, Tagging={"TagSet": []}),
    lambda s3: s3.delete_bucket(Bucket=FILES),
], ids=range(8))
def test_nobody_writes(session, sampled, write):
    admin = sampled.settings("--admin")
    administrator = boto3.session.Session().client(
        "s3", region_name="us-east-1", endpoint_url=sampled.url, config=ONCE,
        aws_access_key_id=admin["AWS_ACCESS_KEY_ID"], aws_secret_access_key=admin["AWS_SECRET_ACCESS_KEY"])
    for writer in (session("s3"), administrator):
        with pytest.raises(ClientError) as refused:
            write(writer)
        assert refused.value.response["Error"]["Code"] == "AccessDenied"
    assert [each["Key"] for each in session("s3").list_objects_v2(Bucket=FILES)["Contents"]] == [
        "datasets/other.txt", ABALONE]


def test_what_is_missing_says_so(session):
    s3 = session("s3")
    with pytest.raises(ClientError) as gone:
        s3.get_object(Bucket=FILES, Key="datasets/none.csv")
    assert gone.value.response["Error"]["Code"] == "NoSuchKey"
    assert "sampleBuckets folder; put it there as sagemaker-sample-files/datasets/none.csv" in str(gone.value)
    with pytest.raises(ClientError) as gone:
        s3.get_object(Bucket=FILES, Key="passwd")
    assert gone.value.response["Error"]["Code"] == "NoSuchKey"
    with pytest.raises(ClientError) as gone:
        s3.list_objects_v2(Bucket="sagemaker-sample-data-eu-west-1")
    assert gone.value.response["Error"]["Code"] == "NoSuchBucket"
    assert "sampleBuckets folder that has a folder sagemaker-sample-data-eu-west-1" in str(gone.value)


def test_a_job_reads_them_as_a_channel(session, tmp_path):
    sagemaker, s3 = session("sagemaker"), session("s3")
    s3.create_bucket(Bucket="job-output")
    sagemaker.create_training_job(
        TrainingJobName="from-samples", RoleArn=ROLE,
        AlgorithmSpecification={
            "TrainingImage": SKLEARN, "TrainingInputMode": "File", "ContainerEntrypoint": ["/bin/sh", "-c"],
            "ContainerArguments": ["cp /opt/ml/input/data/train/uci_abalone/abalone.csv /opt/ml/model/"]},
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": {
            "S3DataType": "S3Prefix", "S3Uri": "s3://%s/datasets/tabular/" % FILES}}}],
        OutputDataConfig={"S3OutputPath": "s3://job-output/"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 300})
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(
        TrainingJobName="from-samples", WaiterConfig={"Delay": 1, "MaxAttempts": 300})
    done = sagemaker.describe_training_job(TrainingJobName="from-samples")
    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")


def test_the_next_start_takes_what_changed(sampled, samples, session):
    s3 = session("s3")
    before = s3.head_object(Bucket=FILES, Key=ABALONE)["LastModified"]
    (samples / FILES / "datasets/other.txt").write_text("changed")
    port = sampled.port
    sampled.kill()
    sampled.start(port)
    assert s3.get_object(Bucket=FILES, Key="datasets/other.txt")["Body"].read() == b"changed"
    assert s3.head_object(Bucket=FILES, Key=ABALONE)["LastModified"] == before
