"""IAM's users, groups, roles and policies, and what they mean for requests."""

import base64
import csv
import hashlib
import hmac
import io
import json
import struct
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from server import LAUNCHER, clean_environment

ACCOUNT = "123456789012"


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {**allow(action, resource, **more), "Effect": "Deny"}


def trust(principal, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", "sts:TagSession"], **more}})


@pytest.fixture
def iam(administrator):
    return administrator("iam")


@pytest.fixture
def acting(iam, server, name):
    """A fresh user and a way to make clients with the user's key."""
    user = name[-40:]
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]

    class Acting:
        pass

    made = Acting()
    made.name = user
    made.key = key["AccessKeyId"]
    made.client = lambda service: boto3.client(
        service, endpoint_url=server.url, region_name="us-east-1", aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"], config=Config(retries={"max_attempts": 1}))
    return made


def refused(call, code):
    with pytest.raises(ClientError) as failure:
        call()
    assert failure.value.response["Error"]["Code"] == code, failure.value
    return failure.value.response["Error"]["Message"]


def test_policies_of_a_group_count(iam, acting, unique):
    group = "readers-" + unique
    iam.create_group(GroupName=group)
    iam.put_group_policy(GroupName=group, PolicyName="read", PolicyDocument=policy(allow("sagemaker:ListModels")))
    message = refused(acting.client("sagemaker").list_models, "AccessDeniedException")
    assert message.endswith("because no identity-based policy allows the sagemaker:ListModels action")
    iam.add_user_to_group(GroupName=group, UserName=acting.name)
    acting.client("sagemaker").list_models()
    iam.remove_user_from_group(GroupName=group, UserName=acting.name)
    refused(acting.client("sagemaker").list_models, "AccessDeniedException")


def test_a_boundary_only_takes_away(iam, acting, unique):
    arn = iam.create_policy(PolicyName="edge-" + unique, PolicyDocument=policy(allow("sagemaker:List*")))["Policy"]["Arn"]
    iam.put_user_policy(UserName=acting.name, PolicyName="all", PolicyDocument=policy(allow("*")))
    iam.put_user_permissions_boundary(UserName=acting.name, PermissionsBoundary=arn)
    acting.client("sagemaker").list_models()
    message = refused(acting.client("logs").describe_log_groups, "AccessDeniedException")
    assert "because no permissions boundary allows" in message
    refused(lambda: iam.delete_policy(PolicyArn=arn), "DeleteConflict")
    iam.delete_user_permissions_boundary(UserName=acting.name)
    acting.client("logs").describe_log_groups()


def test_a_renamed_user_keeps_everything(iam, acting):
    iam.put_user_policy(UserName=acting.name, PolicyName="own", PolicyDocument=policy(allow("sts:*")))
    iam.tag_user(UserName=acting.name, Tags=[{"Key": "team", "Value": "a"}])
    iam.update_user(UserName=acting.name, NewUserName=acting.name + "-new", NewPath="/there/")
    arn = acting.client("sts").get_caller_identity()["Arn"]
    assert arn == "arn:aws:iam::%s:user/there/%s-new" % (ACCOUNT, acting.name)
    assert iam.list_user_policies(UserName=acting.name + "-new")["PolicyNames"] == ["own"]
    assert iam.list_user_tags(UserName=acting.name + "-new")["Tags"] == [{"Key": "team", "Value": "a"}]


def test_an_inactive_key_is_refused_and_use_is_known(iam, acting):
    acting.client("sts").get_caller_identity()
    last = iam.get_access_key_last_used(AccessKeyId=acting.key)
    assert last["UserName"] == acting.name
    assert last["AccessKeyLastUsed"]["ServiceName"] == "sts"
    iam.update_access_key(UserName=acting.name, AccessKeyId=acting.key, Status="Inactive")
    refused(acting.client("sts").get_caller_identity, "InvalidClientTokenId")


def test_principal_tags_and_variables(iam, acting, administrator, unique):
    bucket = "tagged-" + unique
    s3 = administrator("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="blue/a", Body=b"1")
    s3.put_object(Bucket=bucket, Key="red/a", Body=b"1")
    iam.put_user_policy(UserName=acting.name, PolicyName="own", PolicyDocument=policy(
        allow("s3:GetObject", "arn:aws:s3:::%s/${aws:PrincipalTag/team, 'none'}/*" % bucket)))
    iam.tag_user(UserName=acting.name, Tags=[{"Key": "team", "Value": "blue"}])
    acting.client("s3").get_object(Bucket=bucket, Key="blue/a")
    refused(lambda: acting.client("s3").get_object(Bucket=bucket, Key="red/a"), "AccessDenied")
    iam.tag_user(UserName=acting.name, Tags=[{"Key": "Team", "Value": "red"}])
    acting.client("s3").get_object(Bucket=bucket, Key="red/a")
    assert iam.list_user_tags(UserName=acting.name)["Tags"] == [{"Key": "Team", "Value": "red"}]


def test_conditions_on_address_and_instance_type(iam, acting):
    iam.put_user_policy(UserName=acting.name, PolicyName="own", PolicyDocument=policy(
        allow(["sagemaker:ListModels", "iam:ListUsers", "cloudwatch:ListMetrics"],
              Condition={"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}),
        allow("sagemaker:ListEndpoints", Condition={"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}})))
    acting.client("sagemaker").list_models()
    acting.client("iam").list_users()
    acting.client("cloudwatch").list_metrics()
    refused(acting.client("sagemaker").list_endpoints, "AccessDeniedException")


def test_a_denial_tells_its_statement_to_who_may_decode(iam, acting, administrator):
    iam.put_user_policy(UserName=acting.name, PolicyName="never",
                        PolicyDocument=policy(deny("sagemaker:*", Sid="NoModels"), allow("*")))
    with pytest.raises(ClientError) as failure:
        acting.client("sagemaker").list_models()
    assert "with an explicit deny in an identity-based policy" in failure.value.response["Error"]["Message"]
    sealed = failure.value.response["ResponseMetadata"]["HTTPHeaders"]["x-atelier-authorization-message"]
    told = json.loads(administrator("sts").decode_authorization_message(EncodedMessage=sealed)["DecodedMessage"])
    assert told["explicitDeny"] is True
    assert told["matchedStatements"]["items"][0]["statementId"] == "NoModels"
    assert told["matchedStatements"]["items"][0]["policy"] == "never"
    refused(lambda: administrator("sts").decode_authorization_message(EncodedMessage=sealed[:-4] + "AAAA"),
            "InvalidAuthorizationMessageException")


@pytest.mark.parametrize("document, message", [
    ("{", "Syntax errors in policy."),
    ('{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}',
     "Policy document must be version 2012-10-17 or greater."),
    (policy(allow("GetObject")), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
    (policy(allow("s3:GetObject", "bucket")), 'Resource bucket must be in ARN format or "*".'),
    (policy({"Effect": "Allow", "Action": "s3:*"}), "Policy statement must contain resources.")])
def test_malformed_documents_are_refused(iam, unique, document, message):
    assert refused(lambda: iam.create_policy(PolicyName="bad-" + unique, PolicyDocument=document),
                   "MalformedPolicyDocument") == message


def test_principals_of_trust_policies_must_exist(iam, unique):
    nobody = "arn:aws:iam::%s:user/nobody-%s" % (ACCOUNT, unique)
    assert refused(lambda: iam.create_role(RoleName="r-" + unique, AssumeRolePolicyDocument=trust({"AWS": nobody})),
                   "MalformedPolicyDocument") == 'Invalid principal in policy: "AWS":"%s"' % nobody


def test_roles_sessions_tags_and_chaining(iam, administrator, server, unique):
    own = "arn:aws:iam::%s:root" % ACCOUNT
    for role in ("first-", "second-"):
        iam.create_role(RoleName=role + unique, AssumeRolePolicyDocument=trust({"AWS": own}), MaxSessionDuration=7200)
        iam.put_role_policy(RoleName=role + unique, PolicyName="p", PolicyDocument=policy(
            allow(["sts:AssumeRole", "sts:TagSession"]),
            allow("sagemaker:ListModels", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}})))
    sts = administrator("sts")
    arn = "arn:aws:iam::%s:role/%%s-%s" % (ACCOUNT, unique)
    one = sts.assume_role(RoleArn=arn % "first", RoleSessionName="one", DurationSeconds=7200,
                          Tags=[{"Key": "team", "Value": "blue"}], TransitiveTagKeys=["team"])
    assert one["PackedPolicySize"] >= 1

    def client(service, credentials):
        return boto3.client(service, endpoint_url=server.url, region_name="us-east-1",
                            aws_access_key_id=credentials["AccessKeyId"],
                            aws_secret_access_key=credentials["SecretAccessKey"],
                            aws_session_token=credentials["SessionToken"])

    client("sagemaker", one["Credentials"]).list_models()
    chained = client("sts", one["Credentials"])
    refused(lambda: chained.assume_role(RoleArn=arn % "second", RoleSessionName="two", DurationSeconds=7200),
            "ValidationError")
    two = chained.assume_role(RoleArn=arn % "second", RoleSessionName="two")
    client("sagemaker", two["Credentials"]).list_models()
    plain = sts.assume_role(RoleArn=arn % "second", RoleSessionName="plain")
    refused(client("sagemaker", plain["Credentials"]).list_models, "AccessDeniedException")
    cut = sts.assume_role(RoleArn=arn % "first", RoleSessionName="cut", Tags=[{"Key": "team", "Value": "blue"}],
                          Policy=policy(allow("s3:*")))
    message = refused(client("sagemaker", cut["Credentials"]).list_models, "AccessDeniedException")
    assert "because no session policy allows the sagemaker:ListModels action" in message


def test_an_external_id_is_asked_for(iam, administrator, unique):
    iam.create_role(RoleName="ext-" + unique, AssumeRolePolicyDocument=trust(
        {"AWS": ACCOUNT}, Condition={"StringEquals": {"sts:ExternalId": "secret-word"}}))
    arn = "arn:aws:iam::%s:role/ext-%s" % (ACCOUNT, unique)
    refused(lambda: administrator("sts").assume_role(RoleArn=arn, RoleSessionName="abc"), "AccessDenied")
    administrator("sts").assume_role(RoleArn=arn, RoleSessionName="abc", ExternalId="secret-word")


def code(seed, step):
    digest = hmac.new(base64.b32decode(seed), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7fffffff) % 1000000)


def test_virtual_mfa_devices_verify(iam, acting, server):
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=acting.name)["VirtualMFADevice"]
    seed, serial = device["Base32StringSeed"], device["SerialNumber"]
    step = int(time.time()) // 30
    refused(lambda: iam.enable_mfa_device(UserName=acting.name, SerialNumber=serial, AuthenticationCode1="000000",
                                          AuthenticationCode2="000000"), "InvalidAuthenticationCode")
    iam.enable_mfa_device(UserName=acting.name, SerialNumber=serial, AuthenticationCode1=code(seed, step - 2),
                          AuthenticationCode2=code(seed, step - 1))
    assert iam.list_mfa_devices(UserName=acting.name)["MFADevices"][0]["SerialNumber"] == serial
    iam.put_user_policy(UserName=acting.name, PolicyName="mfa", PolicyDocument=policy(
        allow("sagemaker:ListModels", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})))
    sts = acting.client("sts")
    now = code(seed, int(time.time()) // 30)
    session = sts.get_session_token(SerialNumber=serial, TokenCode=now)["Credentials"]
    boto3.client("sagemaker", endpoint_url=server.url, region_name="us-east-1",
                 aws_access_key_id=session["AccessKeyId"], aws_secret_access_key=session["SecretAccessKey"],
                 aws_session_token=session["SessionToken"]).list_models()
    refused(acting.client("sagemaker").list_models, "AccessDeniedException")
    refused(lambda: sts.get_session_token(SerialNumber=serial, TokenCode=now), "AccessDenied")


def test_passwords_obey_the_policy(iam, acting):
    assert "minimum length" in refused(
        lambda: iam.create_login_profile(UserName=acting.name, Password="short"), "PasswordPolicyViolation")
    iam.create_login_profile(UserName=acting.name, Password="Correct-Horse-1")
    iam.put_user_policy(UserName=acting.name, PolicyName="own", PolicyDocument=policy(allow("iam:ChangePassword")))
    mine = acting.client("iam")
    refused(lambda: mine.change_password(OldPassword="wrong", NewPassword="Correct-Horse-2"), "AccessDenied")
    mine.change_password(OldPassword="Correct-Horse-1", NewPassword="Correct-Horse-2")


def test_simulation_names_statements_and_missing_keys(iam, acting, unique):
    iam.put_user_policy(UserName=acting.name, PolicyName="sim", PolicyDocument=policy(
        allow("s3:GetObject", "arn:aws:s3:::b/*"),
        allow("sagemaker:ListModels", Condition={"StringEquals": {"aws:PrincipalTag/x": "1"}})))
    arn = "arn:aws:iam::%s:user/%s" % (ACCOUNT, acting.name)
    answers = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject"],
                                            ResourceArns=["arn:aws:s3:::b/k", "arn:aws:s3:::c/k"])["EvaluationResults"]
    assert [each["EvalDecision"] for each in answers] == ["allowed", "implicitDeny"]
    assert answers[0]["MatchedStatements"][0]["SourcePolicyId"] == "sim"
    listed = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["sagemaker:ListModels"])
    assert listed["EvaluationResults"][0]["MissingContextValues"] == ["aws:PrincipalTag/x"]
    told = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["sagemaker:ListModels"], ContextEntries=[
        {"ContextKeyName": "aws:PrincipalTag/x", "ContextKeyType": "string", "ContextKeyValues": ["1"]}])
    assert told["EvaluationResults"][0]["EvalDecision"] == "allowed"
    assert iam.get_context_keys_for_principal_policy(PolicySourceArn=arn)["ContextKeyNames"] == ["aws:PrincipalTag/x"]


def test_lists_page_and_refuse_foreign_markers(iam, unique):
    for number in range(3):
        iam.create_group(GroupName="page-%s-%d" % (unique, number), Path="/%s/" % unique)
    first = iam.list_groups(PathPrefix="/%s/" % unique, MaxItems=2)
    assert first["IsTruncated"] and len(first["Groups"]) == 2
    rest = iam.list_groups(PathPrefix="/%s/" % unique, Marker=first["Marker"])
    assert [each["GroupName"] for each in rest["Groups"]] == ["page-%s-2" % unique]
    refused(lambda: iam.list_groups(Marker="garbage"), "ValidationError")


def test_the_credential_report_is_a_table(iam, acting):
    iam.generate_credential_report()
    report = iam.get_credential_report()
    rows = list(csv.DictReader(io.StringIO(report["Content"].decode())))
    assert "admin" in [row["user"] for row in rows]
    assert report["ReportFormat"] == "text/csv"


def test_aws_managed_policies_mean_what_they_say(iam, acting):
    iam.attach_user_policy(UserName=acting.name, PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerReadOnly")
    acting.client("sagemaker").list_models()
    refused(lambda: acting.client("sagemaker").delete_model(ModelName="none"), "AccessDeniedException")
    version = iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess", VersionId=version)
    assert document["PolicyVersion"]["Document"]["Version"] == "2012-10-17"


def post(server, form, **headers):
    request = urllib.request.Request(server.url + "/", data=urllib.parse.urlencode(form).encode(), headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as failure:
        return failure.code, failure.read().decode()


def test_unsigned_forms_are_answered_as_sts_does(server):
    status, text = post(server, {"Action": "GetCallerIdentity", "Version": "2011-06-15"})
    assert status == 403 and "<Code>MissingAuthenticationToken</Code>" in text
    status, text = post(server, {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                                 "RoleArn": "arn:aws:iam::%s:role/none-such" % ACCOUNT, "RoleSessionName": "web",
                                 "WebIdentityToken": "eyJhbGciOiJub25lIn0.e30."})
    assert status == 400 and "<Code>InvalidIdentityToken</Code>" in text
    status, text = post(server, {"junk": "x"})
    assert status in (400, 403) and "ErrorResponse" in text


def test_unknown_operations_are_named(server):
    for form, code, message in [
            ({"Action": "ListNothing", "Version": "2010-05-08"}, "InvalidAction",
             "Could not find operation ListNothing for version 2010-05-08"),
            ({"Action": "ListUsers"}, "InvalidAction", "Could not find operation ListUsers for version NO_VERSION_SPECIFIED"),
            ({"Version": "2010-05-08"}, "MissingAction", "Missing Action")]:
        body = urllib.parse.urlencode(form)
        keys = server.settings("--admin")
        request = AWSRequest("POST", server.url + "/", data=body,
                             headers={"Content-Type": "application/x-www-form-urlencoded"})
        SigV4Auth(Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"]), "iam", "us-east-1").add_auth(request)
        status, text = post(server, form, **dict(request.headers))
        assert status == 400
        assert "<Code>%s</Code>" % code in text
        assert message in text


def explain(server, *arguments):
    return subprocess.run([LAUNCHER, "explain-access", "--data", server.data, *arguments], env=clean_environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)


def test_explain_access_names_what_decided(iam, acting, server):
    who = "arn:aws:iam::%s:user/%s" % (ACCOUNT, acting.name)
    told = explain(server, "--principal", who, "sagemaker:ListModels", "*")
    assert told.returncode == 2
    assert "because  no identity-based policy allows it" in told.stdout
    assert '"Action": "sagemaker:ListModels"' in told.stdout
    iam.put_user_policy(UserName=acting.name, PolicyName="own",
                        PolicyDocument=policy(allow("sagemaker:*", Sid="Models"), deny("sagemaker:Delete*", Sid="Keep")))
    told = explain(server, "--principal", who, "sagemaker:ListModels", "*")
    assert told.returncode == 0, told.stdout
    assert "statement Models of inline policy own" in told.stdout
    told = explain(server, "--principal", who, "sagemaker:DeleteModel", "*")
    assert told.returncode == 2
    assert "statement Keep of inline policy own" in told.stdout
