"""STS, IAM and the settings that `atelier env` prints."""

import json
import subprocess

import boto3
import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from conftest import ROLE
from server import LAUNCHER, clean_environment

ACCOUNT = "123456789012"
DENY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Deny", "Action": "sagemaker:ListTrainingJobs", "Resource": "*"}]}


def code(failure):
    return failure.value.response["Error"]["Code"]


def keys_of(answer):
    keys = answer["Credentials"]
    return {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"]}


def role(iam, name, trust, external_id=None):
    statement = {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [statement]}))["Role"]["Arn"]


def allow(iam, name, action):
    iam.put_role_policy(RoleName=name, PolicyName="allow", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}))


def test_env_makes_a_session_of_the_execution_role(client):
    identity = client("sts").get_caller_identity()
    assert identity["Account"] == ACCOUNT
    assert identity["Arn"].startswith("arn:aws:sts::123456789012:assumed-role/AtelierExecutionRole/")


def test_the_sts_host_that_sdks_dial_answers_through_the_proxy(client):
    sts = client("sts", endpoint_url="https://sts.us-east-1.amazonaws.com")
    assert sts.get_caller_identity()["Account"] == ACCOUNT


def test_administrator_is_a_user(administrator):
    assert administrator("sts").get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/admin"


def test_china_region_has_its_own_partition(client):
    arn = client("sts", region_name="cn-north-1").get_caller_identity()["Arn"]
    assert arn.startswith("arn:aws-cn:sts::")


def test_roles_chain(administrator, client, unique):
    iam = administrator("iam")
    first = role(iam, "first-" + unique, {"AWS": ACCOUNT})
    second = role(iam, "second-" + unique, {"AWS": "arn:aws:iam::123456789012:role/first-" + unique})
    allow(iam, "first-" + unique, "sts:AssumeRole")
    one = administrator("sts").assume_role(RoleArn=first, RoleSessionName="one")
    two = client("sts", **keys_of(one)).assume_role(RoleArn=second, RoleSessionName="two")
    arn = client("sts", **keys_of(two)).get_caller_identity()["Arn"]
    assert arn == "arn:aws:sts::123456789012:assumed-role/second-%s/two" % unique
    # the second role trusts the first only
    with pytest.raises(ClientError) as refused:
        client("sts").assume_role(RoleArn=second, RoleSessionName="three")
    assert code(refused) == "AccessDenied"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_external_id(administrator, unique):
    arn = role(administrator("iam"), "external-" + unique, {"AWS": ACCOUNT}, external_id="the-id")
    sts = administrator("sts")
    for wrong in ({}, {"ExternalId": "another"}):
        with pytest.raises(ClientError) as refused:
            sts.assume_role(RoleArn=arn, RoleSessionName="session", **wrong)
        assert code(refused) == "AccessDenied"
    assert sts.assume_role(RoleArn=arn, RoleSessionName="session", ExternalId="the-id")["AssumedRoleUser"]


def test_a_role_that_is_not_there_is_denied(administrator):
    with pytest.raises(ClientError) as refused:
        administrator("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/absent", RoleSessionName="session")
    assert code(refused) == "AccessDenied"


def test_session_token(administrator, client):
    session = administrator("sts").get_session_token(DurationSeconds=900)
    assert client("sts", **keys_of(session)).get_caller_identity()["Arn"].endswith(":user/admin")


def test_a_deny_turns_simulation_and_call_alike(administrator, client, unique):
    iam = administrator("iam")
    name = "simulated-" + unique
    arn = role(iam, name, {"AWS": ACCOUNT})
    allow(iam, name, ["sagemaker:List*", "iam:Simulate*"])
    keys = keys_of(administrator("sts").assume_role(RoleArn=arn, RoleSessionName="session"))

    def decision():
        return iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["sagemaker:ListTrainingJobs"])[
            "EvaluationResults"][0]["EvalDecision"]

    assert decision() == "allowed"
    client("sagemaker", **keys).list_training_jobs()
    iam.put_role_policy(RoleName=name, PolicyName="deny", PolicyDocument=json.dumps(DENY))
    assert decision() == "explicitDeny"
    with pytest.raises(ClientError) as refused:
        client("sagemaker", **keys).list_training_jobs()
    assert code(refused) == "AccessDeniedException"
    assert "explicit deny" in str(refused.value)
    iam.delete_role_policy(RoleName=name, PolicyName="deny")
    assert decision() == "allowed"
    client("sagemaker", **keys).list_training_jobs()


def test_pass_role_is_needed(administrator, client, unique):
    iam = administrator("iam")
    name = "no-pass-" + unique
    arn = role(iam, name, {"AWS": ACCOUNT})
    allow(iam, name, "sagemaker:*")
    keys = keys_of(administrator("sts").assume_role(RoleArn=arn, RoleSessionName="session"))
    with pytest.raises(ClientError) as refused:
        client("sagemaker", **keys).create_training_job(
            TrainingJobName="job-" + unique, RoleArn=ROLE, StoppingCondition={"MaxRuntimeInSeconds": 60},
            AlgorithmSpecification={"TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/"
                                    "sagemaker-scikit-learn:1.2-1-cpu-py3", "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": "s3://nowhere/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1})
    assert code(refused) == "AccessDeniedException"
    assert "iam:PassRole" in str(refused.value)


@pytest.mark.parametrize("keys, expected", [
    ({"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "foreign", "aws_session_token": None},
     "InvalidClientTokenId"),
    ({"aws_secret_access_key": "wrong"}, "SignatureDoesNotMatch"),
    ({"aws_session_token": "forged"}, "InvalidClientTokenId"),
])
def test_foreign_and_forged_keys_are_refused(client, settings, keys, expected):
    with pytest.raises(ClientError) as refused:
        boto3.client("sts", **{"aws_access_key_id": settings["AWS_ACCESS_KEY_ID"],
                               "aws_secret_access_key": settings["AWS_SECRET_ACCESS_KEY"],
                               "aws_session_token": settings["AWS_SESSION_TOKEN"], **keys}).get_caller_identity()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert code(refused) == expected


def test_unsigned_is_refused(client):
    with pytest.raises(ClientError) as refused:
        client("sagemaker", config={"signature_version": UNSIGNED}).list_training_jobs()
    assert code(refused) == "MissingAuthenticationTokenException"


def test_env_formats(server):
    assert "export AWS_ENDPOINT_URL=" in server.env_text("--format", "sh")
    assert "set -gx AWS_ENDPOINT_URL " in server.env_text("--format", "fish")
    assert "$Env:AWS_ENDPOINT_URL = " in server.env_text("--format", "powershell")
    assert any(line.startswith("AWS_ENDPOINT_URL=") for line in server.env_text("--format", "dotenv").splitlines())


def test_env_without_a_server_fails(tmp_path):
    done = subprocess.run([LAUNCHER, "env", "--data", str(tmp_path)], env=clean_environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("atelier: ")


def test_settings_outlive_kill_and_restart(own_server):
    server = own_server().start()
    keys = server.settings()
    port = server.port

    def identity():
        return boto3.client("sts", endpoint_url=keys["AWS_ENDPOINT_URL"],
                            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
                            aws_session_token=keys["AWS_SESSION_TOKEN"]).get_caller_identity()["Arn"]

    before = identity()
    s3 = boto3.client("s3", endpoint_url=keys["AWS_ENDPOINT_URL"], aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
                      aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"], aws_session_token=keys["AWS_SESSION_TOKEN"])
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="a", Body=b"acknowledged")
    server.kill()
    server.start(port=port)
    assert identity() == before
    assert s3.get_object(Bucket="kept", Key="a")["Body"].read() == b"acknowledged"
