"""Processing jobs by boto3: inputs arrive, outputs are stored, failures are explained, limits hold."""

import json

import pytest
from botocore.exceptions import ClientError
from conftest import ROLE, SKLEARN
from server import wait_until

ROOT = "/opt/ml/processing"


def shell(script):
    return {"ImageUri": SKLEARN, "ContainerEntrypoint": ["/bin/sh", "-c", script]}


def request(name, script="true", **changes):
    return {**dict(
        ProcessingJobName=name, RoleArn=ROLE, AppSpecification=shell(script),
        ProcessingResources={"ClusterConfig": {"InstanceType": "ml.t3.medium", "InstanceCount": 1,
                                               "VolumeSizeInGB": 1}},
        StoppingCondition={"MaxRuntimeInSeconds": 120}), **changes}


def hosts(count):
    return {"ClusterConfig": {"InstanceType": "ml.t3.medium", "InstanceCount": count, "VolumeSizeInGB": 1}}


def given(name, uri, folder, **more):
    return {"InputName": name, "S3Input": {"S3Uri": uri, "LocalPath": folder, "S3DataType": "S3Prefix",
                                           "S3InputMode": "File", **more}}


def kept(uri, folder=ROOT + "/out", mode="EndOfJob", name="out"):
    return {"OutputName": name, "S3Output": {"S3Uri": uri, "LocalPath": folder, "S3UploadMode": mode}}


def outputs(*each, **more):
    return {"Outputs": list(each), **more}


def finished(sagemaker, name, seconds=120):
    def ended():
        job = sagemaker.describe_processing_job(ProcessingJobName=name)
        return job if job["ProcessingJobStatus"] in ("Completed", "Failed", "Stopped") else None
    return wait_until(ended, "end of " + name, seconds, 0.05)


def started(sagemaker, name):
    wait_until(lambda: "ProcessingStartTime" in sagemaker.describe_processing_job(ProcessingJobName=name),
               "start of " + name, 120, 0.05)


def lines(client, name):
    events = client("logs").filter_log_events(logGroupName="/aws/sagemaker/ProcessingJobs",
                                              logStreamNamePrefix=name + "/")
    return [event["message"] for event in events["events"]]


def text(s3, bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def keys(s3, bucket, prefix):
    return [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]


TWO_HOSTS = b"""
import json, os, shutil, socket, sys, time

root = "/opt/ml/processing"
host = json.load(open("/opt/ml/config/resourceconfig.json"))["current_host"]
print("files", sorted(os.listdir(root + "/all")), sorted(os.listdir(root + "/listed")))
print("mode", os.environ["MODE"], sys.argv[1:])
part = [open(os.path.join(root, "part", name)).read() for name in sorted(os.listdir(root + "/part"))]
open("%s/out/%s.txt" % (root, host), "w").write("".join(part))
os.mkdir(root + "/out/sub")
shutil.copy("/opt/ml/config/processingjobconfig.json", "%s/out/sub/%s.json" % (root, host))
os.symlink("/etc/passwd", root + "/out/link")
open("/opt/ml/output/message", "w").write(host + " ")
if host == "algo-1":
    socket.create_server(("0.0.0.0", 9000)).accept()[0].sendall(b"met")
while host == "algo-2":
    try:
        print(socket.create_connection(("algo-1", 9000)).recv(3).decode())
        break
    except OSError:
        time.sleep(0.05)
"""


def test_a_job_on_two_hosts(sagemaker, client, s3, bucket, name):
    for key in ("a", "b", "c"):
        s3.put_object(Bucket=bucket, Key="in/%s.csv" % key, Body=key.encode())
    s3.put_object(Bucket=bucket, Key="code/run.py", Body=TWO_HOSTS)
    s3.put_object(Bucket=bucket, Key="manifest", Body=json.dumps(
        [{"prefix": "s3://%s/in/" % bucket}, "a.csv", "c.csv"]).encode())
    arn = sagemaker.create_processing_job(**request(
        name, ProcessingResources=hosts(2), AppSpecification={
            "ImageUri": SKLEARN, "ContainerEntrypoint": ["python3", ROOT + "/input/code/run.py"],
            "ContainerArguments": ["first", "second"]},
        Environment={"MODE": "fast"}, Tags=[{"Key": "team", "Value": "data"}],
        ProcessingInputs=[
            given("code", "s3://%s/code/run.py" % bucket, ROOT + "/input/code"),
            given("all", "s3://%s/in" % bucket, ROOT + "/all"),
            given("part", "s3://%s/in/" % bucket, ROOT + "/part", S3DataDistributionType="ShardedByS3Key"),
            given("listed", "s3://%s/manifest" % bucket, ROOT + "/listed", S3DataType="ManifestFile")],
        ProcessingOutputConfig=outputs(kept("s3://%s/kept" % bucket))))["ProcessingJobArn"]
    assert arn == "arn:aws:sagemaker:us-east-1:123456789012:processing-job/" + name.lower()
    job = finished(sagemaker, name)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert job["ExitMessage"] == "algo-1 algo-2 "
    assert job["ProcessingEndTime"] >= job["ProcessingStartTime"] >= job["CreationTime"]
    assert job["ProcessingInputs"][0]["S3Input"]["S3DataDistributionType"] == "FullyReplicated"
    assert job["Environment"] == {"MODE": "fast"}
    assert text(s3, bucket, "kept/algo-1.txt") == "ac" and text(s3, bucket, "kept/algo-2.txt") == "b"
    assert keys(s3, bucket, "kept/") == ["kept/algo-1.txt", "kept/algo-2.txt", "kept/sub/algo-1.json",
                                         "kept/sub/algo-2.json"]
    config = json.loads(text(s3, bucket, "kept/sub/algo-2.json"))
    assert config["ProcessingJobArn"] == arn and config["Environment"]["MODE"] == "fast"
    told = lines(client, name)
    assert told.count("mode fast ['first', 'second']") == 2 and "met" in told
    assert told.count("files ['a.csv', 'b.csv', 'c.csv'] ['a.csv', 'c.csv']") == 2
    assert any(line.startswith("not stored: ") and "link" in line for line in told)
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "data"}]
    streams = client("logs").describe_log_streams(logGroupName="/aws/sagemaker/ProcessingJobs",
                                                  logStreamNamePrefix=name + "/algo-")["logStreams"]
    assert len(streams) == 2


def test_a_failure_is_explained(sagemaker, client, s3, bucket, name):
    script = "echo half >/opt/ml/processing/out/x; printf 'no rows' >/opt/ml/output/message; " \
             "python3 -c 'raise ValueError(\"no rows\")'"
    sagemaker.create_processing_job(**request(
        name, script, ProcessingOutputConfig=outputs(kept("s3://%s/kept" % bucket))))
    job = finished(sagemaker, name)
    assert job["ProcessingJobStatus"] == "Failed" and job["ExitMessage"] == "no rows"
    assert job["FailureReason"].startswith("AlgorithmError: ") and "ValueError: no rows" in job["FailureReason"]
    assert keys(s3, bucket, "kept/") == []
    shown = [each for each in sagemaker.list_processing_jobs(NameContains=name)["ProcessingJobSummaries"]]
    assert [each["ProcessingJobStatus"] for each in shown] == ["Failed"] and shown[0]["ExitMessage"] == "no rows"


def test_a_message_that_is_no_text_fails_the_job(sagemaker, name):
    sagemaker.create_processing_job(**request(name, "printf '\\351t\\351' >/opt/ml/output/message"))
    job = finished(sagemaker, name)
    assert job["ProcessingJobStatus"] == "Failed" and "UTF-8" in job["FailureReason"]
    assert job["FailureReason"].startswith("ClientError: ")


def test_continuous_outputs_are_there_before_the_end(sagemaker, s3, bucket, name):
    script = "echo one >/opt/ml/processing/out/x; trap 'echo last >/opt/ml/processing/out/x; exit 3' TERM; " \
             "while :; do sleep 0.1; done"
    sagemaker.create_processing_job(**request(
        name, script, ProcessingOutputConfig=outputs(kept("s3://%s/live" % bucket, mode="Continuous"))))
    started(sagemaker, name)
    wait_until(lambda: keys(s3, bucket, "live/"), "the output is stored", 60)
    assert sagemaker.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"] == "InProgress"
    sagemaker.stop_processing_job(ProcessingJobName=name)
    job = finished(sagemaker, name)
    assert job["ProcessingJobStatus"] == "Stopped" and "FailureReason" not in job
    assert text(s3, bucket, "live/x") == "last\n"
    with pytest.raises(ClientError, match="ValidationException.*is in status Stopped"):
        sagemaker.stop_processing_job(ProcessingJobName=name)


def test_what_a_continuous_output_leaves_out_is_said(sagemaker, client, s3, bucket, name):
    script = "cd /opt/ml/processing/out; echo one >x; ln -s x latest; mkfifo pipe"
    sagemaker.create_processing_job(**request(
        name, script, ProcessingOutputConfig=outputs(kept("s3://%s/said" % bucket, mode="Continuous"))))
    assert finished(sagemaker, name)["ProcessingJobStatus"] == "Completed"
    assert keys(s3, bucket, "said/") == ["said/x"]
    log = lines(client, name)
    for left in ("latest: a link", "pipe: not a regular file"):
        assert log.count("not stored as the output out: %s (algo-1)" % left) == 1, log


def test_a_job_that_runs_too_long_is_stopped(sagemaker, name):
    sagemaker.create_processing_job(**request(name, "sleep 100", StoppingCondition={"MaxRuntimeInSeconds": 1}))
    job = finished(sagemaker, name)
    assert job["ProcessingJobStatus"] == "Stopped" and "MaxRuntimeInSeconds (1)" in job["FailureReason"]


def test_outputs_are_encrypted_as_asked(sagemaker, client, s3, bucket, name):
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    sagemaker.create_processing_job(**request(
        name, "echo x >/opt/ml/processing/out/x",
        ProcessingOutputConfig=outputs(kept("s3://%s/kept" % bucket), KmsKeyId=key)))
    assert finished(sagemaker, name)["ProcessingJobStatus"] == "Completed"
    head = s3.head_object(Bucket=bucket, Key="kept/x")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def test_isolated_jobs_reach_nothing(sagemaker, client, name):
    probe = "python3 -c 'import os, socket; print(sorted(n for n in os.environ if n.startswith(\"AWS_CONTAINER\")));" \
            "socket.create_connection((\"127.0.0.1\", 80), 1)'"
    sagemaker.create_processing_job(**request(name, probe, NetworkConfig={"EnableNetworkIsolation": True}))
    job = finished(sagemaker, name)
    assert job["ProcessingJobStatus"] == "Failed" and "refused" in job["FailureReason"]
    assert "[]" in lines(client, name)


def test_the_program_acts_as_the_jobs_role(sagemaker, client, bucket, name):
    script = "python3 -c 'import urllib.request, os; print(\"endpoint\", \"AWS_ENDPOINT_URL\" in os.environ, " \
             "\"AWS_CONTAINER_CREDENTIALS_FULL_URI\" in os.environ, os.environ[\"AWS_REGION\"])'"
    sagemaker.create_processing_job(**request(name, script))
    assert finished(sagemaker, name)["ProcessingJobStatus"] == "Completed"
    assert "endpoint True True us-east-1" in lines(client, name)


ATHENA = {"Catalog": "c", "Database": "d", "QueryString": "select 1", "OutputS3Uri": "s3://bucket/q",
          "OutputFormat": "PARQUET"}
S3 = {"S3Uri": "s3://bucket/x", "LocalPath": ROOT + "/x", "S3DataType": "S3Prefix"}


@pytest.mark.parametrize("changes, code, words", [
    ({"ProcessingResources": hosts(101)}, "ValidationException", "Member must have value less than or equal to 100"),
    ({"ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.t3.medium", "InstanceCount": 1,
                                                "VolumeSizeInGB": 16385}}},
     "ValidationException", "Member must have value less than or equal to 16384"),
    ({"Environment": {"A": "b\0"}}, "ValidationException", 'NUL character in the value of "A" in Environment'),
    ({"ProcessingInputs": [{"InputName": "x"}]}, "ValidationException", "Exactly one of S3Input"),
    ({"ProcessingInputs": [{"InputName": "x", "S3Input": S3, "DatasetDefinition": {
        "AthenaDatasetDefinition": ATHENA}}]}, "ValidationException", "Exactly one of S3Input"),
    ({"ProcessingInputs": [{"InputName": "x", "S3Input": {**S3, "LocalPath": "/tmp/x"}}]},
     "ValidationException", "/opt/ml/processing/"),
    ({"ProcessingInputs": [{"InputName": "x", "S3Input": S3}, {"InputName": "x", "S3Input": {
        **S3, "LocalPath": ROOT + "/y"}}]}, "ValidationException", "InputNames must be unique"),
    ({"ProcessingInputs": [{"InputName": "x%d" % i, "S3Input": S3} for i in range(11)]},
     "ValidationException", "length less than or equal to 10"),
    ({"ProcessingOutputConfig": {"Outputs": [kept("s3://bucket/x", ROOT + "/%d" % i, name="o%d" % i)
                                             for i in range(11)]}},
     "ValidationException", "length less than or equal to 10"),
    ({"ProcessingInputs": [{"InputName": "x", "S3Input": {**S3, "S3CompressionType": "Gzip"}}]},
     "ValidationException", "Gzip"),
    ({"ProcessingInputs": [{"InputName": "x", "S3Input": S3}]}, "ValidationException", "No S3 objects found"),
    ({"ProcessingOutputConfig": {"Outputs": [kept("s3://no-such-bucket-here/x")]}}, "ValidationException",
     "cannot be stored"),
    ({"AppSpecification": {"ImageUri": SKLEARN, "ContainerEntrypoint": ["run", ""]}}, "ValidationException",
     "Found null or empty string in ContainerEntrypoint at index 1"),
    ({"RoleArn": "arn:aws:iam::123456789012:role/none-such"}, "AccessDeniedException", "iam:PassRole"),
    ({"StoppingCondition": {"MaxRuntimeInSeconds": 777601}}, "ValidationException", "777600"),
    ({"Environment": {"NAME": "x" * 257}}, "ValidationException", "256"),
    ({"ProcessingInputs": [{"InputName": "x", "DatasetDefinition": {
        "AthenaDatasetDefinition": ATHENA, "LocalPath": ROOT + "/x"}}]}, "UnsupportedOperation",
     "AthenaDatasetDefinition"),
    ({"ProcessingInputs": [{"InputName": "x", "S3Input": {**S3, "S3InputMode": "Pipe"}}]}, "UnsupportedOperation",
     "Pipe"),
    ({"ProcessingOutputConfig": {"Outputs": [{"OutputName": "o", "AppManaged": True, "FeatureStoreOutput": {
        "FeatureGroupName": "g"}}]}}, "UnsupportedOperation", "FeatureStoreOutput"),
])
def test_refusals(sagemaker, name, changes, code, words):
    with pytest.raises(ClientError) as refused:
        sagemaker.create_processing_job(**request(name, **changes))
    assert refused.value.response["Error"]["Code"] == code
    assert words in refused.value.response["Error"]["Message"]
    with pytest.raises(ClientError, match="Could not find requested job with name"):
        sagemaker.describe_processing_job(ProcessingJobName=name)


def test_unknown_keys_and_names_that_are_taken(sagemaker, bucket, name):
    with pytest.raises(ClientError, match="ValidationException.*does not exist"):
        sagemaker.create_processing_job(**request(name, ProcessingOutputConfig=outputs(
            kept("s3://%s/kept" % bucket), KmsKeyId="11111111-2222-3333-4444-555555555555")))
    sagemaker.create_processing_job(**request(name))
    with pytest.raises(ClientError, match="ResourceInUse.*already exists"):
        sagemaker.create_processing_job(**request(name.upper()))
    finished(sagemaker, name)
    sagemaker.delete_processing_job(ProcessingJobName=name)
    with pytest.raises(ClientError, match="Could not find requested job with name"):
        sagemaker.delete_processing_job(ProcessingJobName=name)


def test_listing(sagemaker, unique):
    names = ["%s-%s" % (unique, part) for part in ("b", "a", "c")]
    for each in names:
        sagemaker.create_processing_job(**request(each))
    for each in names:
        finished(sagemaker, each)
    pages = list(sagemaker.get_paginator("list_processing_jobs").paginate(
        NameContains=unique, SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 2}))
    assert [len(page["ProcessingJobSummaries"]) for page in pages] == [2, 1]
    assert [each["ProcessingJobName"] for page in pages for each in page["ProcessingJobSummaries"]] == sorted(names)
    newest = sagemaker.list_processing_jobs(NameContains=unique, StatusEquals="Completed")["ProcessingJobSummaries"]
    assert [each["ProcessingJobName"] for each in newest] == names[::-1]
    assert sagemaker.list_processing_jobs(NameContains=unique, StatusEquals="Failed")["ProcessingJobSummaries"] == []


def test_a_killed_server_goes_on_with_the_job(own_server):
    server = own_server().start()
    s3, sagemaker = server.client("s3"), server.client("sagemaker")
    s3.create_bucket(Bucket="kept")
    sagemaker.create_processing_job(**request(
        "survivor", "while [ ! -e /opt/ml/processing/out/go ]; do sleep 0.05; echo x >/opt/ml/processing/out/go; "
                    "sleep 3; done; echo done >/opt/ml/processing/out/end",
        ProcessingOutputConfig=outputs(kept("s3://kept/out"))))
    started(sagemaker, "survivor")
    port = server.port
    server.kill()
    server.start(port)
    job = finished(sagemaker, "survivor")
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert text(s3, "kept", "out/end") == "done\n"
    server.down()
