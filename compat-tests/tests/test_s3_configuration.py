"""What a bucket's configuration says holds: who is let in, what browsers may ask, when objects expire."""
import json
import uuid

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from server import wait_until

USERS = {"main": ("111111111111", "AKIACONFMAIN00000000"), "alt": ("222222222222", "AKIACONFALT000000000")}
ALL = "http://acs.amazonaws.com/groups/global/AllUsers"
SIGNED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


def secret(key):
    return key.lower().ljust(40, "0")


@pytest.fixture(scope="module")
def two(own_server):
    """A server with two accounts."""
    started = own_server(json.dumps({"lifecycle": {"everySeconds": 1, "clockOffsetDays": 40}, "accounts": [{"id": account, "users": [{
        "name": name, "access_key_id": key, "secret_access_key": secret(key), "email": name + "@example.com",
        "policies": ["arn:aws:iam::aws:policy/AdministratorAccess"]}]} for name, (account, key) in USERS.items()]}))
    return started.start()


@pytest.fixture(scope="module")
def by(two):
    def make(name):
        identity = {"config": Config(signature_version=UNSIGNED)} if name == "nobody" else {
            "aws_access_key_id": USERS[name][1], "aws_secret_access_key": secret(USERS[name][1]),
            "aws_session_token": None}
        return boto3.session.Session().client("s3", endpoint_url=two.url, region_name="us-east-1", **identity)

    return {name: make(name) for name in ("main", "alt", "nobody")}


@pytest.fixture
def owned(by):
    """Makes buckets of main."""
    def make(ownership=None, blocked=True):
        name = "conf-" + uuid.uuid4().hex[:12]
        by["main"].create_bucket(Bucket=name, **({"ObjectOwnership": ownership} if ownership else {}))
        if not blocked:
            by["main"].delete_public_access_block(Bucket=name)
        return name

    return make


def code(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"]


def public(bucket):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::" + bucket, "arn:aws:s3:::%s/*" % bucket]}]})


def canonical(client):
    return client.list_buckets()["Owner"]["ID"]


def test_a_new_bucket_is_closed_to_the_public(by, owned):
    main, bucket = by["main"], owned()
    block = main.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    rules = main.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert code(main.put_bucket_policy, Bucket=bucket, Policy=public(bucket)) == "AccessDenied"
    assert code(main.put_bucket_acl, Bucket=bucket, ACL="public-read") == "AccessControlListNotSupported"
    main.delete_public_access_block(Bucket=bucket)
    assert code(main.get_public_access_block, Bucket=bucket) == "NoSuchPublicAccessBlockConfiguration"
    main.put_bucket_policy(Bucket=bucket, Policy=public(bucket))
    main.put_object(Bucket=bucket, Key="k", Body=b"open")
    assert by["nobody"].get_object(Bucket=bucket, Key="k")["Body"].read() == b"open"
    assert by["alt"].get_object(Bucket=bucket, Key="k")["Body"].read() == b"open"


def test_restricting_a_public_bucket_keeps_others_out(by, owned):
    main, bucket = by["main"], owned(blocked=False)
    main.put_object(Bucket=bucket, Key="k", Body=b"open")
    main.put_bucket_policy(Bucket=bucket, Policy=public(bucket))
    main.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    assert code(by["nobody"].get_object, Bucket=bucket, Key="k") == "AccessDenied"
    assert code(by["alt"].get_object, Bucket=bucket, Key="k") == "AccessDenied"
    assert main.get_object(Bucket=bucket, Key="k")["Body"].read() == b"open"
    assert main.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is False


def test_access_lists_let_in_whom_they_name(by, owned):
    main, alt, nobody = by["main"], by["alt"], by["nobody"]
    bucket = owned("ObjectWriter", blocked=False)
    main.put_object(Bucket=bucket, Key="private", Body=b"p")
    main.put_object(Bucket=bucket, Key="public", Body=b"o", ACL="public-read")
    main.put_object(Bucket=bucket, Key="signed", Body=b"s", ACL="authenticated-read")
    main.put_object(Bucket=bucket, Key="alt", Body=b"a", GrantRead='emailAddress="alt@example.com"')
    main.put_object(Bucket=bucket, Key="id", Body=b"a", GrantFullControl='id="%s"' % canonical(alt))

    def readable(client):
        found = []
        for key in ("private", "public", "signed", "alt", "id"):
            try:
                client.get_object(Bucket=bucket, Key=key)
                found.append(key)
            except ClientError as refused:
                assert refused.response["Error"]["Code"] == "AccessDenied"
        return found

    assert readable(nobody) == ["public"]
    assert readable(alt) == ["public", "signed", "alt", "id"]
    assert len(readable(main)) == 5
    assert {grant["Grantee"].get("URI") for grant in main.get_object_acl(Bucket=bucket, Key="public")["Grants"]} \
        == {None, ALL}
    assert alt.get_object_acl(Bucket=bucket, Key="id")["Owner"]["ID"] == canonical(main)
    alt.put_object_acl(Bucket=bucket, Key="id", ACL="private")
    assert "id" not in readable(alt)
    main.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    assert readable(nobody) == [] and readable(alt) == ["alt"]
    main.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    assert code(main.put_object, Bucket=bucket, Key="x", Body=b"", ACL="public-read") == "AccessDenied"
    assert code(main.put_object_acl, Bucket=bucket, Key="public", ACL="public-read") == "AccessDenied"
    assert readable(nobody) == ["public"]
    # without lists everything is the bucket owner's again
    main.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={
        "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    assert readable(nobody) == [] and readable(alt) == []


def test_a_bucket_list_opens_the_bucket_and_writers_own_what_they_write(by, owned):
    main, alt, nobody = by["main"], by["alt"], by["nobody"]
    bucket = owned("ObjectWriter", blocked=False)
    assert code(alt.list_objects_v2, Bucket=bucket) == "AccessDenied"
    main.put_bucket_acl(Bucket=bucket, AccessControlPolicy={"Owner": {"ID": canonical(main)}, "Grants": [
        {"Grantee": {"Type": "CanonicalUser", "ID": canonical(main)}, "Permission": "FULL_CONTROL"},
        {"Grantee": {"Type": "CanonicalUser", "ID": canonical(alt)}, "Permission": "WRITE"},
        {"Grantee": {"Type": "Group", "URI": ALL}, "Permission": "READ"}]})
    alt.put_object(Bucket=bucket, Key="theirs", Body=b"t")
    alt.put_object(Bucket=bucket, Key="shared", Body=b"t", ACL="bucket-owner-full-control")
    assert [each["Key"] for each in nobody.list_objects_v2(Bucket=bucket)["Contents"]] == ["shared", "theirs"]
    assert {each["Owner"]["ID"] for each in main.list_objects(Bucket=bucket)["Contents"]} == {canonical(alt)}
    assert code(main.get_object, Bucket=bucket, Key="theirs") == "AccessDenied"
    assert main.get_object(Bucket=bucket, Key="shared")["Body"].read() == b"t"
    assert code(nobody.put_object, Bucket=bucket, Key="x", Body=b"") == "AccessDenied"
    assert code(main.put_bucket_ownership_controls, Bucket=bucket, OwnershipControls={
        "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}) == "InvalidBucketAclWithObjectOwnership"
    main.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={
        "Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})
    alt.put_object(Bucket=bucket, Key="given", Body=b"g", ACL="bucket-owner-full-control")
    assert main.get_object_acl(Bucket=bucket, Key="given")["Owner"]["ID"] == canonical(main)
    # the owner may delete what is not his own
    main.delete_object(Bucket=bucket, Key="theirs")


@pytest.mark.parametrize("arguments, expected", [
    ({"GrantRead": "id=0123"}, "InvalidArgument"),
    ({"GrantRead": "uri=http://example.com/all"}, "InvalidArgument"),
    ({"GrantRead": "emailAddress=none@example.com"}, "UnresolvableGrantByEmailAddress"),
    ({"GrantRead": "everybody"}, "InvalidArgument"),
    ({"ACL": "wide-open"}, "InvalidArgument"),
    ({"ACL": "private", "GrantRead": "uri=" + SIGNED}, "InvalidRequest"),
    ({"AccessControlPolicy": {"Owner": {"ID": "0123"}, "Grants": []}}, "AccessDenied"),
    ({"AccessControlPolicy": {"Grants": []}}, "MalformedACLError")])
def test_bad_access_lists_are_refused(by, owned, arguments, expected):
    bucket = owned("ObjectWriter")
    before = by["main"].get_bucket_acl(Bucket=bucket)["Grants"]
    assert code(by["main"].put_bucket_acl, Bucket=bucket, **arguments) == expected
    assert by["main"].get_bucket_acl(Bucket=bucket)["Grants"] == before


def test_creating_buckets_with_access_lists(by):
    main, name = by["main"], "conf-" + uuid.uuid4().hex[:12]
    assert code(main.create_bucket, Bucket=name, ACL="public-read") == "InvalidBucketAclWithObjectOwnership"
    assert code(main.create_bucket, Bucket=name, ACL="public-read", ObjectOwnership="ObjectWriter") \
        == "InvalidBucketAclWithBlockPublicAccessError"
    assert code(main.create_bucket, Bucket=name, ObjectOwnership="Nobody") == "InvalidArgument"
    main.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter", GrantRead="emailAddress=alt@example.com")
    assert by["alt"].list_objects_v2(Bucket=name)["KeyCount"] == 0
    main.delete_bucket_ownership_controls(Bucket=name)
    assert code(main.get_bucket_ownership_controls, Bucket=name) == "OwnershipControlsNotFoundError"


def test_words_of_headers_in_any_case(by, owned):
    bucket = owned()
    by["main"].put_object(Bucket=bucket, Key="k", Body=b"x", ChecksumAlgorithm="SHA256")
    assert by["main"].head_object(Bucket=bucket, Key="k", ChecksumMode="enabled")["ChecksumSHA256"]
    assert code(by["main"].put_bucket_versioning, Bucket=bucket, VersioningConfiguration={
        "Status": "perhaps"}) == "MalformedXML"


def test_browsers_of_allowed_origins(two, by, owned):
    main, bucket = by["main"], owned()
    url = two.url + "/" + bucket + "/k"
    asking = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "PUT",
              "Access-Control-Request-Headers": "x-amz-meta-a, Content-Type"}
    off = requests.options(url, headers=asking)
    assert off.status_code == 403 and "CORSResponse: CORS is not enabled" in off.text
    assert code(main.get_bucket_cors, Bucket=bucket) == "NoSuchCORSConfiguration"
    rules = [{"AllowedOrigins": ["https://*.example.com"], "AllowedMethods": ["GET", "PUT"], "MaxAgeSeconds": 60,
              "AllowedHeaders": ["content-type", "x-amz-*"], "ExposeHeaders": ["ETag"], "ID": "apps"},
             {"AllowedOrigins": ["*"], "AllowedMethods": ["HEAD"]}]
    main.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
    assert main.get_bucket_cors(Bucket=bucket)["CORSRules"] == rules
    answer = requests.options(url, headers=asking)
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, PUT"
    assert answer.headers["Access-Control-Allow-Headers"] == "x-amz-meta-a, content-type"
    assert answer.headers["Access-Control-Max-Age"] == "60" and "Origin" in answer.headers["Vary"]
    anybody = requests.options(url, headers={"Origin": "http://x", "Access-Control-Request-Method": "HEAD"})
    assert anybody.headers["Access-Control-Allow-Origin"] == "*"
    for other in ({"Origin": "https://example.org"}, {"Access-Control-Request-Method": "DELETE"},
                  {"Access-Control-Request-Headers": "authorization"}):
        refused = requests.options(url, headers={**asking, **other})
        assert refused.status_code == 403 and "not allowed" in refused.text
        assert "Access-Control-Allow-Origin" not in refused.headers
    assert requests.options(url).status_code == 400
    # answers tell it, errors too; a page elsewhere is told nothing
    main.put_object(Bucket=bucket, Key="k", Body=b"x")
    signed = main.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    got = requests.get(signed, headers={"Origin": "https://app.example.com"})
    assert got.content == b"x" and got.headers["Access-Control-Expose-Headers"] == "ETag"
    denied = requests.get(url, headers={"Origin": "https://app.example.com"})
    assert denied.status_code == 403
    assert denied.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert "Access-Control-Allow-Origin" not in requests.get(signed, headers={"Origin": "http://x"}).headers


@pytest.mark.parametrize("rule, expected", [
    ({"AllowedOrigins": ["*.*"], "AllowedMethods": ["GET"]}, "InvalidRequest"),
    ({"AllowedOrigins": ["*"], "AllowedMethods": ["PATCH"]}, "InvalidRequest"),
    ({"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "ExposeHeaders": ["x-*"]}, "InvalidRequest"),
    ({"AllowedOrigins": ["*"], "AllowedMethods": []}, "MalformedXML")])
def test_bad_browser_rules_are_refused(by, owned, rule, expected):
    bucket = owned()
    assert code(by["main"].put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": [rule]}) == expected
    assert code(by["main"].get_bucket_cors, Bucket=bucket) == "NoSuchCORSConfiguration"


def test_objects_expire_by_the_rules(by, owned):
    main, bucket = by["main"], owned()
    main.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert code(main.get_bucket_lifecycle_configuration, Bucket=bucket) == "NoSuchLifecycleConfiguration"
    for key in ("old/a", "keep/c", "keep/c", "tag/d"):
        main.put_object(Bucket=bucket, Key=key, Body=b"x", Tagging="t=1" if key == "tag/d" else "")
    main.put_object(Bucket=bucket, Key="big", Body=b"x" * 200_000)
    main.create_multipart_upload(Bucket=bucket, Key="old/u")
    rules = [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 30},
              "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
              "NoncurrentVersionExpiration": {"NoncurrentDays": 10}},
             {"ID": "t", "Status": "Enabled", "Filter": {"Tag": {"Key": "t", "Value": "1"}}, "Expiration": {"Days": 3}},
             {"ID": "n", "Status": "Enabled", "Filter": {"Prefix": "keep/"}, "Expiration": {"Days": 300},
              "NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
             {"ID": "g", "Status": "Enabled", "Filter": {"Prefix": "big"},
              "Transitions": [{"Days": 10, "StorageClass": "GLACIER"}]}]
    main.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert main.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules
    assert 'rule-id="n"' in main.head_object(Bucket=bucket, Key="keep/c")["Expiration"]

    def left():
        found = main.list_object_versions(Bucket=bucket)
        return [(each["Key"], each["StorageClass"]) for each in found["Versions"] if each["Key"] != "tag/d"] \
            + [(each["Key"], "marker") for each in found.get("DeleteMarkers", [])]

    wait_until(lambda: left() == [("big", "GLACIER"), ("keep/c", "STANDARD"), ("tag/d", "marker")],
               "the rules were applied")
    assert "Uploads" not in main.list_multipart_uploads(Bucket=bucket)
    for bad, expected in (({"Filter": {"Prefix": ""}}, "InvalidRequest"),
                          ({"Prefix": "", "Expiration": {"Days": 0}}, "InvalidArgument"),
                          ({"Prefix": "", "Transitions": [{"Days": 1, "StorageClass": "STANDARD_IA"}]},
                           "InvalidArgument")):
        assert code(main.put_bucket_lifecycle_configuration, Bucket=bucket, LifecycleConfiguration={
            "Rules": [{"ID": "x", "Status": "Enabled", **bad}]}) == expected
    assert main.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules
