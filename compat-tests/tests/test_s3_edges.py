"""Regions, owners, odd headers and hostile documents."""

import os

import boto3
import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError


REFUSED = (501, "NotImplemented")


def fault(call, *arguments, **members):
    with pytest.raises(ClientError) as failure:
        call(*arguments, **members)
    answer = failure.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


@pytest.fixture
def nobody(administrator, unique):
    """Makes clients of S3 of a user without any right."""
    iam = administrator("iam")
    iam.create_user(UserName="nobody-" + unique)
    key = iam.create_access_key(UserName="nobody-" + unique)["AccessKey"]

    def make(region="us-east-1"):
        return boto3.session.Session(aws_access_key_id=key["AccessKeyId"], region_name=region,
                                     aws_secret_access_key=key["SecretAccessKey"]).client("s3")

    return make


@pytest.fixture
def irish(client, unique):
    name = "compat-irish-" + unique
    client("s3", region_name="eu-west-1").create_bucket(Bucket=name, CreateBucketConfiguration={
        "LocationConstraint": "eu-west-1"})
    return name


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2", "eu-west-1"])
def test_clients_find_the_region(client, irish, region):
    s3 = client("s3", region_name=region)
    assert s3.get_bucket_location(Bucket=irish)["LocationConstraint"] == "eu-west-1"
    s3.put_object(Bucket=irish, Key="k", Body=b"x")
    assert s3.get_object(Bucket=irish, Key="k")["Body"].read() == b"x"
    assert s3.head_object(Bucket=irish, Key="k")["ContentLength"] == 1
    assert client("s3", region_name=region).head_bucket(Bucket=irish)["BucketRegion"] == "eu-west-1"


@pytest.mark.parametrize("region, status, code", [("us-east-1", 400, "AuthorizationHeaderMalformed"),
                                                  ("us-west-2", 301, "PermanentRedirect")])
def test_a_wrong_region_is_told(client, irish, region, status, code):
    url = client("s3", region_name=region, config={"signature_version": "s3v4"}).generate_presigned_url(
        "list_objects_v2", {"Bucket": irish}, ExpiresIn=60)
    refused = requests.get(url, allow_redirects=False)
    assert (refused.status_code, refused.headers["x-amz-bucket-region"]) == (status, "eu-west-1")
    assert "<Code>%s</Code>" % code in refused.text
    head = client("s3", region_name=region, config={"signature_version": "s3v4"}).generate_presigned_url(
        "head_bucket", {"Bucket": irish}, ExpiresIn=60)
    bare = requests.head(head, allow_redirects=False)
    assert (bare.status_code, bare.headers["x-amz-bucket-region"], bare.content) == (status, "eu-west-1", b"")


def test_expected_owners(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ExpectedBucketOwner="123456789012")
    wrong = {"ExpectedBucketOwner": "999999999999"}
    for call, more in ((s3.get_object, {"Key": "k"}), (s3.list_objects_v2, {}), (s3.list_object_versions, {}),
                       (s3.delete_object, {"Key": "k"}), (s3.get_bucket_versioning, {}),
                       (s3.get_object_tagging, {"Key": "k"}), (s3.get_bucket_logging, {})):
        assert fault(call, Bucket=bucket, **more, **wrong) == (403, "AccessDenied")
    assert fault(s3.copy_object, Bucket=bucket, Key="c", CopySource=bucket + "/k",
                 ExpectedSourceBucketOwner="999999999999") == (403, "AccessDenied")


def least(shape, bucket, name=""):
    """The smallest value that a shape's required members allow."""
    if shape.type_name == "structure" and not shape.is_tagged_union:
        return {member: least(shape.members[member], bucket, member) for member in shape.required_members}
    if shape.type_name == "list":
        return [least(shape.member, bucket)]
    if shape.type_name == "structure":
        member = next(iter(shape.members))
        return {member: least(shape.members[member], bucket, member)}
    if name == "KMSKeyArn":
        return "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    if name in ("Bucket", "CopySource"):
        return bucket + ("/k" if name == "CopySource" else "")
    return {"string": (getattr(shape, "enum", None) or ["k" * max(1, shape.metadata.get("min", 1))])[0], "integer": 1, "long": 1, "boolean": True,
            "blob": b"", "timestamp": "2030-01-01T00:00:00Z"}[shape.type_name]


def test_every_operation_expects_the_owner(administrator, bucket):
    s3 = administrator("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    asked = 0
    for call, name in s3.meta.method_to_api_mapping.items():
        shape = s3.meta.service_model.operation_model(name).input_shape
        if shape is None or "ExpectedBucketOwner" not in shape.members:
            continue
        arguments = least(shape, bucket)
        arguments.update({"UploadId": upload} if "UploadId" in arguments else {})
        answer = fault(getattr(s3, call), ExpectedBucketOwner="999999999999", **arguments)
        assert answer in ((403, "AccessDenied"), (403, "403"), REFUSED), (name, answer)
        asked += answer != REFUSED
    assert asked >= 80
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
    assert len(s3.list_multipart_uploads(Bucket=bucket)["Uploads"]) == 1


def test_heads_are_bare(s3, bucket):
    for call, more in ((s3.head_bucket, {"Bucket": bucket + "-none"}),
                       (s3.head_object, {"Bucket": bucket, "Key": "none"})):
        with pytest.raises(ClientError) as missing:
            call(**more)
        answer = missing.value.response
        assert answer["Error"] == {"Code": "404", "Message": "Not Found"}
        assert answer["ResponseMetadata"]["HTTPHeaders"].get("content-length", "0") == "0"


def test_heads_of_foreign_buckets_name_the_region(irish, nobody):
    with pytest.raises(ClientError) as refused:
        nobody("eu-west-1").head_bucket(Bucket=irish)
    answer = refused.value.response
    assert answer["Error"] == {"Code": "403", "Message": "Forbidden"}
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert (headers["x-amz-bucket-region"], headers.get("content-length", "0")) == ("eu-west-1", "0")


@pytest.mark.parametrize("name", ["sthree-own", "xn--own", "own-s3alias", "amzn-s3-demo-own"])
def test_reserved_names(s3, name):
    with pytest.raises(ClientError) as refused:
        s3.create_bucket(Bucket=name)
    assert refused.value.response["Error"]["Code"] == "InvalidBucketName"


def test_unset_configurations(s3, bucket):
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=bucket)
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    assert not [name for name in s3.get_bucket_notification_configuration(Bucket=bucket) if "Configuration" in name]
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert s3.list_bucket_inventory_configurations(Bucket=bucket)["IsTruncated"] is False
    assert fault(s3.get_bucket_website, Bucket=bucket) == (404, "NoSuchWebsiteConfiguration")
    assert fault(s3.get_bucket_replication, Bucket=bucket) == (404, "ReplicationConfigurationNotFoundError")
    assert fault(s3.get_object_lock_configuration, Bucket=bucket) == (404, "ObjectLockConfigurationNotFoundError")
    assert fault(s3.get_bucket_metrics_configuration, Bucket=bucket, Id="m") == (404, "NoSuchConfiguration")
    assert fault(s3.put_bucket_logging, Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {
        "TargetBucket": bucket, "TargetPrefix": "logs/"}}) == REFUSED
    assert fault(s3.put_bucket_accelerate_configuration, Bucket=bucket, AccelerateConfiguration={
        "Status": "Enabled"}) == REFUSED
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=bucket)
    s3.put_bucket_accelerate_configuration(Bucket=bucket, AccelerateConfiguration={"Status": "Suspended"})
    assert s3.get_bucket_accelerate_configuration(Bucket=bucket)["Status"] == "Suspended"
    assert fault(s3.put_bucket_accelerate_configuration, Bucket=bucket, AccelerateConfiguration={
        "Status": "Slow"}) == (400, "MalformedXML")
    assert fault(s3.put_bucket_accelerate_configuration, Bucket=bucket, AccelerateConfiguration={}) == (
        400, "MalformedXML")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert fault(s3.restore_object, Bucket=bucket, Key="k", RestoreRequest={"Days": 1}) == (403, "InvalidObjectState")
    assert fault(s3.select_object_content, Bucket=bucket, Key="k", Expression="SELECT 1", ExpressionType="SQL",
                 InputSerialization={"CSV": {}}, OutputSerialization={"CSV": {}}) == REFUSED


@pytest.mark.parametrize("call, arguments", [
    ("put_bucket_website", {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "i.html"}}}),
    ("put_bucket_request_payment", {"RequestPaymentConfiguration": {"Payer": "Requester"}}),
    ("put_bucket_notification_configuration", {"NotificationConfiguration": {"EventBridgeConfiguration": {}}}),
    ("put_object_lock_configuration", {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}),
    ("put_bucket_replication", {"ReplicationConfiguration": {"Role": "arn:aws:iam::123456789012:role/r", "Rules": [
        {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::elsewhere"}}]}}),
    ("put_bucket_inventory_configuration", {"Id": "i", "InventoryConfiguration": {
        "Id": "i", "IsEnabled": True, "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"},
        "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::elsewhere", "Format": "CSV"}}}}),
    ("put_bucket_analytics_configuration", {"Id": "a", "AnalyticsConfiguration": {
        "Id": "a", "StorageClassAnalysis": {}}}),
    ("put_bucket_metrics_configuration", {"Id": "m", "MetricsConfiguration": {"Id": "m"}}),
    ("put_bucket_intelligent_tiering_configuration", {"Id": "t", "IntelligentTieringConfiguration": {
        "Id": "t", "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}}),
    ("get_object_torrent", {"Key": "k"})])
def test_what_is_not_built_is_refused_by_name(administrator, bucket, nobody, call, arguments):
    s3 = administrator("s3")
    operation = s3.meta.method_to_api_mapping[call]
    with pytest.raises(ClientError) as refused:
        getattr(s3, call)(Bucket=bucket, **arguments)
    answer = refused.value.response
    assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == REFUSED
    assert "s3:" + operation in answer["Error"]["Message"]
    assert fault(getattr(nobody(), call), Bucket=bucket, **arguments) == (403, "AccessDenied")


def test_object_lock_is_asked_for_in_vain(s3, bucket, unique):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    no_lock = (400, "InvalidRequest")
    later = "2100-01-01T00:00:00Z"
    assert fault(s3.put_object, Bucket=bucket, Key="k", Body=b"y", ObjectLockMode="GOVERNANCE",
                 ObjectLockRetainUntilDate=later) == no_lock
    assert fault(s3.create_multipart_upload, Bucket=bucket, Key="k", ObjectLockLegalHoldStatus="ON") == no_lock
    assert fault(s3.copy_object, Bucket=bucket, Key="c", CopySource=bucket + "/k",
                 ObjectLockLegalHoldStatus="ON") == no_lock
    assert fault(s3.put_object_retention, Bucket=bucket, Key="k",
                 Retention={"Mode": "GOVERNANCE", "RetainUntilDate": later}) == no_lock
    assert fault(s3.put_object_legal_hold, Bucket=bucket, Key="k", LegalHold={"Status": "ON"}) == no_lock
    assert fault(s3.create_bucket, Bucket="locked-" + unique, ObjectLockEnabledForBucket=True)[0] == 501
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
    # clients clean up with it whatever the bucket is
    s3.delete_object(Bucket=bucket, Key="k", BypassGovernanceRetention=True)


def test_a_redirect_of_websites_is_kept(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", WebsiteRedirectLocation="/elsewhere")
    assert s3.head_object(Bucket=bucket, Key="k")["WebsiteRedirectLocation"] == "/elsewhere"


def test_headers_come_back_as_they_were(s3, bucket):
    put = s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": "k"}, ExpiresIn=60)
    assert requests.put(put, data=b"x", headers={
        "Expires": "some day", "Content-Language": "de", "Content-Disposition": 'attachment; filename="a.txt"',
        "Content-Encoding": "deflate, gzip"}).status_code == 200
    got = requests.head(s3.generate_presigned_url("head_object", {"Bucket": bucket, "Key": "k"}, ExpiresIn=60))
    assert (got.headers["Expires"], got.headers["Content-Language"]) == ("some day", "de")
    assert got.headers["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert got.headers["Content-Encoding"] == "deflate, gzip"
    assert got.headers["Content-Type"] == "binary/octet-stream"
    url = s3.generate_presigned_url("get_object", {
        "Bucket": bucket, "Key": "k", "ResponseContentType": "x/y", "ResponseCacheControl": "no-cache",
        "ResponseContentEncoding": "identity"}, ExpiresIn=60)
    overridden = requests.get(url)
    assert (overridden.headers["Content-Type"], overridden.headers["Cache-Control"]) == ("x/y", "no-cache")


@pytest.mark.parametrize("sent, read", [("=?UTF-8?B?w7xuw68=?=", "=?UTF-8?B?w7xuw68=?="),
                                        ("=?utf-8?q?=C3=BCn=C3=AF?=", "=?UTF-8?B?w7xuw68=?="),
                                        ("=?UTF-8?B?cGxhaW4=?=", "plain"), ("=?UTF-8?B?//8=?=", "=?UTF-8?B?//8=?=")])
def test_metadata_beyond_ascii(s3, bucket, sent, read):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Metadata={"word": sent})
    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"word": read}


def signed_put(path, body, method="PUT"):
    """A request with a body that no SDK would make."""
    url = os.environ["AWS_ENDPOINT_URL"] + "/" + path
    request = AWSRequest(method, url, data=body)
    S3SigV4Auth(boto3.session.Session().get_credentials().get_frozen_credentials(), "s3", "us-east-1").add_auth(request)
    return requests.request(method, url, data=body, headers=dict(request.headers))


def test_hostile_documents(s3, bucket):
    bomb = ('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
            '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><VersioningConfiguration><Status>&c;</Status>'
            '</VersioningConfiguration>')
    outside = ('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><VersioningConfiguration>'
               '<Status>&a;</Status></VersioningConfiguration>')
    for body in (bomb, outside, "<Versioning", "", "<a>" * 5000, b"<VersioningConfiguration><Status>\xff</Status>",
                 "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>"):
        refused = signed_put(bucket + "?versioning", body)
        assert refused.status_code == 400, (body[:50], refused.text)
        assert "root:" not in refused.text
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    for name in ("acl", "cors", "encryption", "lifecycle", "logging", "notification", "ownershipControls",
                 "publicAccessBlock", "requestPayment", "tagging", "website", "object-lock"):
        for body in (bomb, outside):
            refused = signed_put(bucket + "?" + name, body)
            assert (refused.status_code, "<Code>MalformedXML</Code>" in refused.text) == (400, True), (name, refused.text)
    for path in (bucket + "?delete", bucket + "/k?uploadId=" + upload):
        refused = signed_put(path, bomb, "POST")
        assert refused.status_code == 400 and "aaaa" not in refused.text, refused.text
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    assert requests.get(endpoint + "/" + bucket + "/%ff%fe").status_code == 400
    assert requests.get(endpoint + "/" + bucket + "?prefix=%ff").status_code in (400, 403)


def test_an_unsigned_caller_names_no_region(irish, client):
    from botocore import UNSIGNED
    anonymous = boto3.session.Session().client("s3", region_name="us-west-2", config=Config(signature_version=UNSIGNED))
    assert fault(anonymous.list_objects_v2, Bucket=irish) == (403, "AccessDenied")
