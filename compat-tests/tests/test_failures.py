"""Why a job failed, in short as its FailureReason and in full in the log stream <job>/explanation."""

import json

import pytest
from conftest import ROLE, SKLEARN
from server import wait_until
from test_identity_entities import allow, deny, iam, policy  # noqa: F401
from test_training import create, finished, shell

HOG = "x = [bytearray(1 << 26) for _ in iter(int, 1)]"


def explained(client, name, kind="TrainingJobs"):
    group = "/aws/sagemaker/" + kind
    events = wait_until(lambda: client("logs").get_log_events(
        logGroupName=group, logStreamName=name + "/explanation", startFromHead=True)["events"], "the explanation")
    return [event["message"] for event in events]


def failed(client, bucket, name, script, **changes):
    create(client, bucket, name, AlgorithmSpecification=shell(script), **changes)
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Failed"
    return job["FailureReason"], explained(client, name)


def test_memory_is_told_with_its_limit_and_what_was_used(client, bucket, name):
    reason, lines = failed(client, bucket, name, "python -c '%s'" % HOG)
    assert "exit code: 137" in reason and "GiB of memory that its host has; at most" in reason, reason
    assert lines[0].startswith("What happened: The program used more memory than its instance type has")
    assert any(line.startswith("What to do: Choose a larger instance type") for line in lines)


@pytest.mark.parametrize("script, happened, todo", [
    ("kill -SEGV $$", "signal 11 (SIGSEGV)", "PYTHONFAULTHANDLER=1"),
    ("kill -TERM $$", "signal 15 (SIGTERM)", "MaxRuntimeInSeconds"),
    ("kill -KILL $$", "signal 9 (SIGKILL)", "something killed it"),
    ("trian --epochs 3", "The program was not found", "the image has no program trian"),
    ("echo 1 > /tmp/run.sh; /tmp/run.sh", "could not be executed", "/tmp/run.sh is no program"),
    ("python -c 'import sklearn_of_mine'", "ended with an error", "no module sklearn_of_mine"),
    ("echo nothing-of-this-name==1.2.3 > /tmp/needs.txt; echo pip install -r /tmp/needs.txt; "
     "pip install -r /tmp/needs.txt", "ended with an error", "no package index has nothing-of-this-name==1.2.3")])
def test_each_end_says_what_to_do(client, bucket, name, script, happened, todo):
    reason, lines = failed(client, bucket, name, script)
    assert happened in lines[0], lines
    assert any(line.startswith("What to do: ") and todo in line for line in lines), lines
    assert happened in reason


def test_a_traceback_is_told_with_its_root(client, bucket, name):
    program = (r'def load():\n  try: open("rows.csv")\n  except OSError as e: raise LookupError("no rows") from e\n'
               r'load()')
    reason, lines = failed(client, bucket, name, "printf '%s' > /tmp/t.py; python /tmp/t.py" % program)
    cause = "LookupError: no rows (first cause: FileNotFoundError: [Errno 2] No such file or directory: 'rows.csv')"
    assert "Root cause: " + cause in lines and "Cause: " + cause in reason
    assert "Where:" in lines and any("line 4, in <module>" in line for line in lines[lines.index("Where:"):])


@pytest.fixture
def narrow(iam, bucket, unique):
    """A role that may read the bucket but for what a statement keeps from it."""
    role = "narrow-" + unique
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"},
                                               "Action": "sts:AssumeRole"}}))["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="data", PolicyDocument=policy(
        allow("s3:*"), {**deny("s3:GetObject", "arn:aws:s3:::%s/secret/*" % bucket), "Sid": "NoSecrets"}))
    return arn


@pytest.mark.parametrize("call", ["get_object(Bucket=b,Key='secret/a.csv')", "head_object(Bucket=b,Key='secret/a.csv')"])
def test_a_refusal_names_the_statement(client, administrator, bucket, name, narrow, call):
    client("s3").put_object(Bucket=bucket, Key="secret/a.csv", Body=b"1")
    administrator("sagemaker").create_training_job(
        TrainingJobName=name, RoleArn=narrow, AlgorithmSpecification=shell(
            "python -c \"import boto3; b='%s'; print('reading s3://%s/secret/a.csv'); boto3.client('s3').%s\""
            % (bucket, bucket, call)),
        OutputDataConfig={"S3OutputPath": "s3://%s/output" % bucket},
        ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 120})
    assert finished(client, name)["TrainingJobStatus"] == "Failed"
    lines = explained(client, name)
    told = [line for line in lines if line.startswith("What to do: the job's role may not do s3:GetObject on ")]
    assert told and "%s/secret/a.csv" % bucket in told[0] and "NoSecrets" in told[0], lines


@pytest.mark.parametrize("changes, uri", [
    ({"OutputDataConfig": {"S3OutputPath": "s3://nobodys-own/models"}}, "s3://nobodys-own/models"),
    ({"CheckpointConfig": {"S3Uri": "s3://nobodys-own/kept"}}, "s3://nobodys-own/kept")])
def test_what_could_not_be_stored_is_told_before_the_program_runs(client, bucket, name, changes, uri):
    reason, lines = failed(client, bucket, name, "true", **changes)
    assert "cannot be stored at %s: " % uri in reason and "Create the bucket, or name another." in reason
    assert "TrainingStartTime" not in client("sagemaker").describe_training_job(TrainingJobName=name)
    assert lines[0].startswith("What happened: " + reason)


def test_a_key_that_cannot_be_used_is_told_before_the_program_runs(client, bucket, name):
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").disable_key(KeyId=key)
    for number, changes in enumerate((
            {"OutputDataConfig": {"S3OutputPath": "s3://%s/output" % bucket, "KmsKeyId": key}},
            {"ResourceConfig": {"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1,
                                "VolumeKmsKeyId": key}})):
        reason, lines = failed(client, bucket, "%s-%d" % (name, number), "true", **changes)
        assert key + " cannot be " in reason and "is disabled. Name a key that " in reason
        assert lines[0].startswith("What happened: " + reason)


def test_a_manifests_name_that_is_a_folder_too_fails_a_job_that_wants_files_of_it(client, bucket, name):
    client("s3").put_object(Bucket=bucket, Key="in/a", Body=b"1")
    client("s3").put_object(Bucket=bucket, Key="in/a/b", Body=b"2")
    client("s3").put_object(Bucket=bucket, Key="manifest", Body=json.dumps(
        [{"prefix": "s3://%s/in/" % bucket}, "a", "a/b"]))
    channel = {"ChannelName": "train", "DataSource": {"S3DataSource": {
        "S3DataType": "ManifestFile", "S3Uri": "s3://%s/manifest" % bucket}}}
    reason, _ = failed(client, bucket, name, "true", InputDataConfig=[channel])
    assert "a is the name of a file and of a folder" in reason
    create(client, bucket, name + "-pipe",
           AlgorithmSpecification=shell("test \"$(cat /opt/ml/input/data/train_0)\" = 12"),
           InputDataConfig=[{**channel, "InputMode": "Pipe"}])
    assert finished(client, name + "-pipe")["TrainingJobStatus"] == "Completed"


def test_a_refusal_at_the_end_names_the_statement(client, iam, administrator, bucket, name, narrow):
    create(administrator, bucket, name, RoleArn=narrow, AlgorithmSpecification=shell(
        "python -c \"import boto3, time; s3 = boto3.client('s3'); any(iter(lambda: time.sleep(0.2) or "
        "s3.list_objects_v2(Bucket='%s', Prefix='go')['KeyCount'], 1))\"" % bucket))
    wait_until(lambda: client("sagemaker").describe_training_job(TrainingJobName=name)["SecondaryStatus"] == "Training",
               "the program runs", 120)
    iam.put_role_policy(RoleName=narrow.split("/")[-1], PolicyName="late", PolicyDocument=policy(
        {**deny("s3:PutObject", "arn:aws:s3:::%s/output/*" % bucket), "Sid": "NoOutput"}))
    client("s3").put_object(Bucket=bucket, Key="go", Body=b"")
    assert finished(client, name)["TrainingJobStatus"] == "Failed"
    lines = explained(client, name)
    assert lines[0].startswith("What happened: ClientError: ") and "s3:PutObject" in lines[0]
    assert any(line.startswith("What to do: the job's role may not do s3:PutObject on ") and "NoOutput" in line
               for line in lines), lines


def test_processing_jobs_are_explained_alike(client, name):
    client("sagemaker").create_processing_job(
        ProcessingJobName=name, RoleArn=ROLE,
        ProcessingResources={"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 1}},
        AppSpecification={"ImageUri": SKLEARN, "ContainerEntrypoint": ["python", "-c", "import of_nobody"]})
    job = wait_until(lambda: client("sagemaker").describe_processing_job(ProcessingJobName=name).get("FailureReason"),
                     "the job's end", 120)
    assert "No module named 'of_nobody'" in job
    lines = explained(client, name, "ProcessingJobs")
    assert any("no module of_nobody" in line for line in lines) and "Where:" in lines
