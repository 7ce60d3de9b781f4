"""A deny on a resource holds however a request names it, and for whatever else the request does."""

import json
import time

import boto3
import pytest
from botocore.exceptions import ClientError

from test_identity_entities import ACCOUNT, acting, allow, deny, explain, iam, policy, refused, trust  # noqa: F401

DENIED = ("AccessDenied", "AccessDeniedException")


def denied(call):
    with pytest.raises(ClientError) as failure:
        call()
    assert failure.value.response["Error"]["Code"] in DENIED, failure.value
    assert "is not authorized to perform" in failure.value.response["Error"]["Message"]


@pytest.fixture
def groups(administrator, unique):
    logs = administrator("logs")
    made = ["/sec/" + unique, "/open/" + unique]
    for group in made:
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
        logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[
            {"timestamp": int(time.time() * 1000) - 100, "message": '{"top": "secret"}'}])
    return made


def group_arn(group):
    return "arn:aws:logs:us-east-1:%s:log-group:%s" % (ACCOUNT, group)


def question(**named):
    now = int(time.time())
    return dict(named, startTime=now - 1000, endTime=now + 1000, queryString="fields @message, @ptr")


def by_every_name(logs, group, other):
    """Calls that read or change the group."""
    arn = group_arn(group)
    calls = []
    for identifier in (group, arn, arn + ":*", arn.replace("arn:aws:", "arn:aws-cn:")):
        calls += [
            lambda i=identifier: logs.filter_log_events(logGroupIdentifier=i),
            lambda i=identifier: logs.get_log_events(logGroupIdentifier=i, logStreamName="s"),
            lambda i=identifier: logs.describe_log_streams(logGroupIdentifier=i),
            lambda i=identifier: logs.get_log_group_fields(logGroupIdentifier=i),
            lambda i=identifier: logs.start_query(**question(logGroupIdentifiers=[i])),
            lambda i=identifier: logs.put_log_group_deletion_protection(logGroupIdentifier=i,
                                                                        deletionProtectionEnabled=False),
            lambda i=identifier: logs.describe_log_groups(logGroupIdentifiers=[i])]
    calls += [lambda: logs.start_query(**question(logGroupNames=[other, group])),
              lambda: logs.filter_log_events(logGroupName=group)]
    for resource in (arn, arn + ":*"):
        calls += [lambda r=resource: logs.tag_resource(resourceArn=r, tags={"a": "b"}),
                  lambda r=resource: logs.list_tags_for_resource(resourceArn=r),
                  lambda r=resource: logs.untag_resource(resourceArn=r, tagKeys=["a"])]
    return calls


def finished(logs, query):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        answer = logs.get_query_results(queryId=query)
        if answer["status"] == "Complete":
            return answer["results"]
        time.sleep(0.1)
    raise AssertionError("the query did not end")


@pytest.mark.parametrize("pattern", ["/sec/*", "exact"])
def test_a_log_group_is_denied_by_every_name(acting, iam, administrator, groups, pattern):
    secret, other = groups
    resources = [group_arn(secret), group_arn(secret) + ":*"] if pattern == "exact" else group_arn("/sec/*")
    iam.put_user_policy(UserName=acting.name, PolicyName="p",
                        PolicyDocument=policy(allow("logs:*"), deny("logs:*", resources)))
    logs = acting.client("logs")
    for call in by_every_name(logs, secret, other):
        denied(call)
    own = administrator("logs")
    query = own.start_query(**question(logGroupName=secret))["queryId"]
    [row] = finished(own, query)
    pointer = {each["field"]: each["value"] for each in row}["@ptr"]
    assert own.get_log_record(logRecordPointer=pointer)["logRecord"]["@message"] == '{"top": "secret"}'
    denied(lambda: logs.get_log_record(logRecordPointer=pointer))
    denied(lambda: logs.get_query_results(queryId=query))
    denied(lambda: logs.stop_query(queryId=query))
    logs.filter_log_events(logGroupIdentifier=group_arn(other))


def test_an_allow_of_one_log_group_is_enough(acting, iam, groups):
    secret, other = groups
    iam.put_user_policy(UserName=acting.name, PolicyName="p",
                        PolicyDocument=policy(allow("logs:*", [group_arn(other) + ":*"])))
    logs = acting.client("logs")
    arn = group_arn(other)
    assert logs.filter_log_events(logGroupIdentifier=arn)["events"]
    assert logs.get_log_events(logGroupIdentifier=arn, logStreamName="s")["events"]
    assert logs.describe_log_streams(logGroupIdentifier=arn)["logStreams"]
    assert [each["logGroupName"] for each in logs.describe_log_groups(logGroupIdentifiers=[arn])["logGroups"]] == [other]
    logs.tag_resource(resourceArn=arn, tags={"a": "b"})
    query = logs.start_query(**question(logGroupIdentifiers=[arn]))["queryId"]
    [row] = finished(logs, query)
    assert logs.get_log_record(logRecordPointer={each["field"]: each["value"] for each in row}["@ptr"])
    for call in by_every_name(logs, secret, other):
        denied(call)
    denied(logs.describe_log_groups)


def test_alarms_and_dashboards_are_denied_in_lists(acting, iam, administrator, unique):
    own = administrator("cloudwatch")
    names = ["Sec-" + unique, "open-" + unique]
    for each in names:
        own.put_metric_alarm(AlarmName=each, Namespace="N", MetricName="m", Statistic="Sum", Period=60,
                             EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold")
    own.put_dashboard(DashboardName=names[0], DashboardBody='{"widgets": []}')
    alarm = "arn:aws:cloudwatch:us-east-1:%s:alarm:" % ACCOUNT
    iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(
        allow("cloudwatch:*"), deny("cloudwatch:*", [alarm + "Sec-*", "arn:aws:cloudwatch::%s:dashboard/Sec-*" % ACCOUNT])))
    metrics = acting.client("cloudwatch")
    for call in (lambda: metrics.delete_alarms(AlarmNames=names[::-1]),
                 lambda: metrics.disable_alarm_actions(AlarmNames=names[::-1]),
                 lambda: metrics.enable_alarm_actions(AlarmNames=names[::-1]),
                 lambda: metrics.describe_alarms(AlarmNames=names),
                 lambda: metrics.set_alarm_state(AlarmName=names[0], StateValue="OK", StateReason="r"),
                 lambda: metrics.tag_resource(ResourceARN=alarm + names[0], Tags=[{"Key": "a", "Value": "b"}]),
                 lambda: metrics.delete_dashboards(DashboardNames=["x", names[0]])):
        denied(call)
    assert len(own.describe_alarms(AlarmNames=names)["MetricAlarms"]) == 2
    metrics.disable_alarm_actions(AlarmNames=names[1:])


def test_an_access_key_is_its_owners(acting, iam, unique):
    owner = "owner-" + unique
    iam.create_user(UserName=owner)
    key = iam.create_access_key(UserName=owner)["AccessKey"]["AccessKeyId"]
    iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(
        allow("iam:*"), deny("iam:*", "arn:aws:iam::%s:user/owner-*" % ACCOUNT)))
    own = acting.client("iam")
    denied(lambda: own.update_access_key(AccessKeyId=key, Status="Inactive"))
    denied(lambda: own.delete_access_key(AccessKeyId=key))
    denied(lambda: own.get_access_key_last_used(AccessKeyId=key))
    denied(lambda: own.update_user(UserName=acting.name, NewUserName="owner-of-" + unique))


def test_a_copy_needs_the_rights_on_tags(acting, iam, s3, bucket):
    s3.put_object(Bucket=bucket, Key="tagged", Body=b"x", Tagging="a=b")
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    copies = acting.client("s3")
    source = bucket + "/tagged"
    for denial in ("s3:GetObjectTagging", "s3:PutObjectTagging"):
        iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(allow("s3:*"), deny(denial)))
        denied(lambda: copies.copy_object(Bucket=bucket, Key="copy", CopySource=source))
        copies.copy_object(Bucket=bucket, Key="copy", CopySource=bucket + "/plain")
        copies.copy_object(Bucket=bucket, Key="copy", CopySource=source, TaggingDirective="REPLACE")
    denied(lambda: copies.copy_object(Bucket=bucket, Key="copy", CopySource=source, TaggingDirective="REPLACE",
                                      Tagging="c=d"))
    assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == []
    iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(allow("s3:*"), deny(
        "s3:GetObject", Condition={"StringEquals": {"s3:ExistingObjectTag/a": "b"}})))
    denied(lambda: copies.copy_object(Bucket=bucket, Key="copy", CopySource=source))


@pytest.mark.parametrize("right, made", [
    ("s3:PutBucketOwnershipControls", {"ObjectOwnership": "ObjectWriter"}),
    ("s3:PutBucketAcl", {"ACL": "public-read", "ObjectOwnership": "ObjectWriter"}),
    ("s3:PutBucketObjectLockConfiguration", {"ObjectLockEnabledForBucket": True}),
    ("s3:TagResource", {"CreateBucketConfiguration": {"Tags": [{"Key": "a", "Value": "b"}]}})])
def test_a_new_bucket_needs_the_rights_on_what_it_is_given(acting, iam, unique, right, made):
    iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(allow("s3:*"), deny(right)))
    denied(lambda: acting.client("s3").create_bucket(Bucket="made-" + unique, **made))
    acting.client("s3").create_bucket(Bucket="made-" + unique)


def test_an_alias_is_taken_from_a_key_only_with_the_right_on_it(acting, iam, administrator, unique):
    kms = administrator("kms")
    old, new = (kms.create_key()["KeyMetadata"] for _ in range(2))
    alias = "alias/a-" + unique
    kms.create_alias(AliasName=alias, TargetKeyId=old["KeyId"])
    for held in (old["Arn"], "arn:aws:kms:us-east-1:%s:%s" % (ACCOUNT, alias)):
        iam.put_user_policy(UserName=acting.name, PolicyName="p",
                            PolicyDocument=policy(allow("kms:*"), deny("kms:*", held)))
        denied(lambda: acting.client("kms").update_alias(AliasName=alias, TargetKeyId=new["KeyId"]))
        denied(lambda: acting.client("kms").delete_alias(AliasName=alias))
    iam.put_user_policy(UserName=acting.name, PolicyName="p",
                        PolicyDocument=policy(allow("kms:*"), deny("kms:*", new["Arn"])))
    denied(lambda: acting.client("kms").update_alias(AliasName=alias, TargetKeyId=new["KeyId"]))
    acting.client("kms").delete_alias(AliasName=alias)


def test_an_instance_profile_takes_a_role_that_may_be_passed(acting, iam, unique):
    profile = role = "p-" + unique
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
    iam.create_instance_profile(InstanceProfileName=profile, Path="/deep/")
    add = {"InstanceProfileName": profile, "RoleName": role}
    rights = allow("iam:AddRoleToInstanceProfile", "arn:aws:iam::%s:instance-profile/deep/*" % ACCOUNT)
    iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(rights))
    denied(lambda: acting.client("iam").add_role_to_instance_profile(**add))
    iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(rights, allow(
        "iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})))
    acting.client("iam").add_role_to_instance_profile(**add)


def root(sts, server, **more):
    made = sts.assume_root(TargetPrincipal=ACCOUNT, TaskPolicyArn={
        "arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}, **more)["Credentials"]
    return lambda service: boto3.client(
        service, endpoint_url=server.url, region_name="us-east-1", aws_access_key_id=made["AccessKeyId"],
        aws_secret_access_key=made["SecretAccessKey"], aws_session_token=made["SessionToken"])


def test_the_root_user_unlocks_a_bucket(acting, iam, administrator, server, bucket):
    s3, sts = administrator("s3"), administrator("sts")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    locked = policy({"Effect": "Deny", "Principal": "*", "Action": "*", "Sid": "Locked",
                     "Resource": ["arn:aws:s3:::" + bucket, "arn:aws:s3:::%s/*" % bucket]})
    s3.put_bucket_policy(Bucket=bucket, Policy=locked)
    for call in (lambda: s3.get_bucket_policy(Bucket=bucket), lambda: s3.delete_bucket_policy(Bucket=bucket),
                 lambda: s3.get_object(Bucket=bucket, Key="k")):
        denied(call)
    told = explain(server, "--principal", "arn:aws:iam::%s:user/admin" % ACCOUNT, "s3:GetObject",
                   "arn:aws:s3:::%s/k" % bucket)
    assert told.returncode == 2 and "statement Locked of the policy of bucket " + bucket in told.stdout, told.stdout

    session = root(sts, server, DurationSeconds=900)
    assert session("sts").get_caller_identity()["Arn"] == "arn:aws:iam::%s:root" % ACCOUNT
    assert json.loads(session("s3").get_bucket_policy(Bucket=bucket)["Policy"]) == json.loads(locked)
    denied(lambda: session("s3").get_object(Bucket=bucket, Key="k"))
    denied(lambda: session("s3").delete_object(Bucket=bucket, Key="k"))
    denied(lambda: session("iam").list_users())
    denied(lambda: root(session("sts"), server))
    session("s3").delete_bucket_policy(Bucket=bucket)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


def test_who_may_assume_the_root_user(acting, iam, administrator, server):
    sts = acting.client("sts")
    denied(lambda: root(sts, server))
    iam.put_user_policy(UserName=acting.name, PolicyName="p", PolicyDocument=policy(allow(
        "sts:AssumeRoot", "arn:aws:iam::%s:root" % ACCOUNT, Condition={"ArnEquals": {
            "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}})))
    root(sts, server)("s3").list_buckets()
    task = {"arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"}
    denied(lambda: administrator("sts").assume_root(TargetPrincipal="210987654321", TaskPolicyArn=task))
    refused(lambda: administrator("sts").assume_root(TargetPrincipal="twelve-chars", TaskPolicyArn=task), "ValidationError")
    refused(lambda: administrator("sts").assume_root(TargetPrincipal=ACCOUNT, TaskPolicyArn={
        "arn": "arn:aws:iam::aws:policy/AdministratorAccess"}), "ValidationError")


def test_explain_access_tells_the_whole(acting, iam, server, unique):
    who = "arn:aws:iam::%s:user/%s" % (ACCOUNT, acting.name)
    boundary = iam.create_policy(PolicyName="b-" + unique, PolicyDocument=policy(allow("s3:*")))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName=acting.name, PermissionsBoundary=boundary)
    told = explain(server, "--principal", who, "sagemaker:ListModels", "*").stdout
    assert "no identity-based policy and no permissions boundary allows it" in told, told
    assert "in a policy of the principal and in the permissions boundary " + boundary in told, told
    assert "permissions boundary" not in explain(server, "--principal", who, "s3:ListAllMyBuckets", "*").stdout
    told = explain(server, "--principal", who, "foo", "*")
    assert told.returncode not in (0, 2) and "the action is malformed" in told.stdout
    assert "Effect" not in told.stdout
