"""What a policy allows can be done, and nothing else, whichever client asks."""

import os
import subprocess

import pytest
import s3fs
from botocore.exceptions import ClientError

from conftest import SKLEARN
from server import clean_environment, wait_until
from test_identity_entities import acting, allow, deny, iam, policy, refused, trust  # noqa: F401

KEYS = ("s3:PutObject", "s3:GetObject", "s3:DeleteObject")


def message(call):
    text = refused(call, "AccessDenied")
    assert "is not authorized to perform: " in text, text
    return text.split("is not authorized to perform: ", 1)[1]


@pytest.fixture
def least(acting, iam, bucket):
    """A user with the least that work on one bucket needs."""
    iam.put_user_policy(UserName=acting.name, PolicyName="least", PolicyDocument=policy(
        allow("s3:ListBucket", "arn:aws:s3:::" + bucket), allow(list(KEYS), "arn:aws:s3:::%s/*" % bucket)))
    return acting


@pytest.fixture
def other(s3, unique):
    """Another bucket of the account, with an object."""
    name = "other-" + unique
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="a", Body=b"a")
    return name


def test_the_least_policy_allows_its_bucket(least, bucket):
    s3 = least.client("s3")
    s3.put_object(Bucket=bucket, Key="x/a", Body=b"one")
    assert s3.get_object(Bucket=bucket, Key="x/a")["Body"].read() == b"one"
    assert s3.head_object(Bucket=bucket, Key="x/a")["ContentLength"] == 3
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["x/a"]
    s3.head_bucket(Bucket=bucket)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=1, Body=b"two")["ETag"]
    s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload,
                                 MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part}]})
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=bucket + "/parts")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in ("x/a", "parts", "copy")]})
    assert len(answer["Deleted"]) == 3 and "Errors" not in answer
    assert refused(lambda: s3.get_object(Bucket=bucket, Key="x/a"), "NoSuchKey")


def test_the_least_policy_allows_no_other_bucket(least, bucket, other):
    s3 = least.client("s3")
    for call, action in (
            (lambda: s3.put_object(Bucket=other, Key="b", Body=b""), "s3:PutObject"),
            (lambda: s3.get_object(Bucket=other, Key="a"), "s3:GetObject"),
            (lambda: s3.get_object(Bucket=other, Key="absent"), "s3:GetObject"),
            (lambda: s3.delete_object(Bucket=other, Key="a"), "s3:DeleteObject"),
            (lambda: s3.list_objects_v2(Bucket=other), "s3:ListBucket"),
            (lambda: s3.copy_object(Bucket=bucket, Key="c", CopySource=other + "/a"), "s3:GetObject")):
        assert message(call).startswith(action + " on resource: ")
    errors = s3.delete_objects(Bucket=other, Delete={"Objects": [{"Key": "a"}]})["Errors"]
    assert [each["Code"] for each in errors] == ["AccessDenied"]
    with pytest.raises(ClientError) as bare:
        s3.head_object(Bucket=other, Key="a")
    assert bare.value.response["Error"]["Code"] == "403"


def test_the_least_policy_allows_no_other_action(least, bucket, unique):
    s3 = least.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    for call, action in (
            (lambda: s3.list_buckets(), "s3:ListAllMyBuckets"),
            (lambda: s3.create_bucket(Bucket="mine-" + unique), "s3:CreateBucket"),
            (lambda: s3.delete_bucket(Bucket=bucket), "s3:DeleteBucket"),
            (lambda: s3.get_bucket_policy(Bucket=bucket), "s3:GetBucketPolicy"),
            (lambda: s3.put_bucket_policy(Bucket=bucket, Policy=policy()), "s3:PutBucketPolicy"),
            (lambda: s3.put_object_acl(Bucket=bucket, Key="k", ACL="public-read"), "s3:PutObjectAcl"),
            (lambda: s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": []}), "s3:PutObjectTagging"),
            (lambda: s3.put_object(Bucket=bucket, Key="t", Body=b"", Tagging="a=b"), "s3:PutObjectTagging"),
            (lambda: s3.list_object_versions(Bucket=bucket), "s3:ListBucketVersions"),
            (lambda: s3.get_bucket_versioning(Bucket=bucket), "s3:GetBucketVersioning")):
        assert message(call).startswith(action)
    for service, call, action in (
            ("iam", lambda client: client.list_users(), "iam:ListUsers"),
            ("iam", lambda client: client.create_access_key(), "iam:CreateAccessKey"),
            ("sagemaker", lambda client: client.list_training_jobs(), "sagemaker:ListTrainingJobs"),
            ("logs", lambda client: client.describe_log_groups(), "logs:DescribeLogGroups"),
            ("cloudwatch", lambda client: client.list_metrics(), "cloudwatch:ListMetrics"),
            ("kms", lambda client: client.list_keys(), "kms:ListKeys")):
        with pytest.raises(ClientError) as failure:
            call(least.client(service))
        assert failure.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
        assert action in failure.value.response["Error"]["Message"]
    assert least.client("sts").get_caller_identity()["Arn"].endswith("user/" + least.name)


def test_the_cli_and_s3fs_work_by_the_least_policy(least, iam, bucket, other, server, tmp_path):
    key = iam.create_access_key(UserName=least.name)["AccessKey"]
    environment = {**clean_environment(), "PATH": os.environ["PATH"], "HOME": str(tmp_path),
                   "AWS_ENDPOINT_URL": server.url, "AWS_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1",
                   "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    file = tmp_path / "file"
    file.write_bytes(b"content")

    def aws(*arguments):
        return subprocess.run(["aws", "s3", *arguments], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=120)

    for arguments in (("cp", str(file), "s3://%s/cli/file" % bucket), ("ls", "s3://%s/cli/" % bucket),
                      ("cp", "s3://%s/cli/file" % bucket, str(tmp_path / "back")), ("rm", "s3://%s/cli/file" % bucket)):
        done = aws(*arguments)
        assert done.returncode == 0, done.stdout
    assert (tmp_path / "back").read_bytes() == b"content"
    for arguments, action in ((("cp", str(file), "s3://%s/file" % other), "s3:PutObject"),
                              (("ls", "s3://%s/" % other), "s3:ListBucket"), (("rm", "s3://%s/a" % other), "s3:DeleteObject"),
                              (("ls",), "s3:ListAllMyBuckets")):
        done = aws(*arguments)
        assert done.returncode != 0 and "AccessDenied" in done.stdout and action in done.stdout, done.stdout

    files = s3fs.S3FileSystem(key=key["AccessKeyId"], secret=key["SecretAccessKey"], skip_instance_cache=True,
                              client_kwargs={"endpoint_url": server.url, "region_name": "us-east-1"})
    with files.open("%s/fs/a" % bucket, "wb") as out:
        out.write(b"by s3fs")
    assert files.cat("%s/fs/a" % bucket) == b"by s3fs"
    assert files.ls("%s/fs" % bucket) == ["%s/fs/a" % bucket]
    files.rm("%s/fs/a" % bucket)
    with pytest.raises(PermissionError):
        files.cat("%s/a" % other)
    with pytest.raises(PermissionError):
        files.pipe("%s/b" % other, b"")


def training(name, role, bucket, channel):
    return dict(TrainingJobName=name, RoleArn=role, OutputDataConfig={"S3OutputPath": "s3://%s/output" % bucket},
                AlgorithmSpecification={"TrainingImage": SKLEARN, "TrainingInputMode": "File",
                                        "ContainerEntrypoint": ["/bin/sh", "-c", "true"]},
                InputDataConfig=[{"ChannelName": "data", "DataSource": {"S3DataSource": {
                    "S3DataType": "S3Prefix", "S3Uri": "s3://%s/%s" % (bucket, channel)}}}],
                ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
                StoppingCondition={"MaxRuntimeInSeconds": 120})


def test_a_deny_stops_a_call_and_a_jobs_own_read_alike(acting, iam, s3, bucket, unique):
    s3.put_object(Bucket=bucket, Key="data/a", Body=b"a")
    role = iam.create_role(RoleName="job-" + unique, AssumeRolePolicyDocument=trust(
        {"Service": "sagemaker.amazonaws.com"}))["Role"]["Arn"]
    iam.put_role_policy(RoleName="job-" + unique, PolicyName="work", PolicyDocument=policy(
        allow("s3:*"), deny("s3:GetObject", "arn:aws:s3:::%s/data/*" % bucket)))
    iam.put_user_policy(UserName=acting.name, PolicyName="work", PolicyDocument=policy(
        allow(["sagemaker:*", "iam:PassRole"]), deny("sagemaker:CreateTrainingJob")))
    sagemaker = acting.client("sagemaker")
    request = training("denied-" + unique, role, bucket, "data/")
    denied = refused(lambda: sagemaker.create_training_job(**request), "AccessDeniedException")
    assert "is not authorized to perform: sagemaker:CreateTrainingJob on resource: " in denied
    assert denied.endswith(" with an explicit deny in an identity-based policy")

    iam.put_user_policy(UserName=acting.name, PolicyName="work", PolicyDocument=policy(
        allow(["sagemaker:*", "iam:PassRole"])))
    sagemaker.create_training_job(**request)

    def ended():
        job = sagemaker.describe_training_job(TrainingJobName=request["TrainingJobName"])
        return job if job["TrainingJobStatus"] in ("Completed", "Failed", "Stopped") else None

    job = wait_until(ended, "end of the job", 180)
    assert job["TrainingJobStatus"] == "Failed"
    reason = job["FailureReason"]
    assert "is not authorized to perform: s3:GetObject on resource: " in reason
    assert reason.rstrip(".").endswith("with an explicit deny in an identity-based policy"), reason
