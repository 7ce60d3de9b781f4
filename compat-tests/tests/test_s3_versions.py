"""Versions of objects by boto3."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def versioned(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def fault(failure):
    answer = failure.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def headers(failure):
    return failure.value.response["ResponseMetadata"]["HTTPHeaders"]


def put(s3, bucket, key, *contents):
    """The version ids, in the order of the contents."""
    return [s3.put_object(Bucket=bucket, Key=key, Body=each)["VersionId"] for each in contents]


def history(s3, bucket, **options):
    """(key, version, latest, whether a marker) of all pages, as they come in the document's two lists."""
    found = []
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, **options):
        found += [(each["Key"], each["VersionId"], each["IsLatest"], False) for each in page.get("Versions", [])]
        found += [(each["Key"], each["VersionId"], each["IsLatest"], True) for each in page.get("DeleteMarkers", [])]
    return found


def test_status(s3, bucket):
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert "VersionId" not in s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert "VersionId" not in s3.get_object(Bucket=bucket, Key="k")
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == status
    with pytest.raises(ClientError) as refused:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"})
    assert fault(refused)[0] == 501
    with pytest.raises(ClientError) as refused:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={})
    assert fault(refused) == (400, "IllegalVersioningConfigurationException")


def test_versions_stay_readable(s3, versioned):
    first, second = put(s3, versioned, "k", b"one", b"two")
    assert len(first) == len(second) == 32 and first != second
    assert s3.get_object(Bucket=versioned, Key="k")["VersionId"] == second
    assert s3.get_object(Bucket=versioned, Key="k", VersionId=first)["Body"].read() == b"one"
    assert s3.head_object(Bucket=versioned, Key="k", VersionId=first)["ContentLength"] == 3
    attributes = s3.get_object_attributes(Bucket=versioned, Key="k", VersionId=first, ObjectAttributes=["ObjectSize"])
    assert (attributes["VersionId"], attributes["ObjectSize"]) == (first, 3)
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=versioned, Key="k", VersionId="A" * 32)
    assert fault(refused) == (404, "NoSuchVersion")
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=versioned, Key="k", VersionId="no version")
    assert fault(refused) == (400, "InvalidArgument")


def test_delete_markers(s3, versioned):
    first, = put(s3, versioned, "k", b"one")
    marked = s3.delete_object(Bucket=versioned, Key="k")
    assert marked["DeleteMarker"] is True
    marker = marked["VersionId"]
    with pytest.raises(ClientError) as gone:
        s3.get_object(Bucket=versioned, Key="k")
    assert fault(gone) == (404, "NoSuchKey")
    assert (headers(gone)["x-amz-delete-marker"], headers(gone)["x-amz-version-id"]) == ("true", marker)
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=versioned, Key="k", VersionId=marker)
    assert fault(refused) == (405, "MethodNotAllowed")
    assert headers(refused)["x-amz-delete-marker"] == "true" and headers(refused)["allow"] == "DELETE"
    assert "Contents" not in s3.list_objects_v2(Bucket=versioned)
    assert history(s3, versioned) == [("k", first, False, False), ("k", marker, True, True)]
    with pytest.raises(ClientError) as refused:
        s3.delete_bucket(Bucket=versioned)
    assert fault(refused) == (409, "BucketNotEmpty")
    # without its marker the object is back
    assert s3.delete_object(Bucket=versioned, Key="k", VersionId=marker)["DeleteMarker"] is True
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"one"
    assert s3.delete_object(Bucket=versioned, Key="k", VersionId=first)["VersionId"] == first
    s3.delete_bucket(Bucket=versioned)


def test_suspended(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    kept, = put(s3, bucket, "k", b"kept")
    assert s3.get_object(Bucket=bucket, Key="k", VersionId="null")["Body"].read() == b"before"
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"after")
    assert s3.get_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    assert history(s3, bucket) == [("k", "null", True, False), ("k", kept, False, False)]
    assert s3.delete_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    assert sorted(history(s3, bucket)) == sorted([("k", "null", True, True), ("k", kept, False, False)])
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"kept"


def test_version_listing_pages(s3, versioned):
    made = {key: put(s3, versioned, key, *[b"%d" % n for n in range(3)]) for key in ("a", "b/1", "b/2", "c d", "ü")}
    for key in ("a", "b/2"):
        made[key].append(s3.delete_object(Bucket=versioned, Key=key)["VersionId"])
    whole = [(key, version) for key in made for version in reversed(made[key])]
    for size in (1, 2, 3, 1000):
        pages = history(s3, versioned, PaginationConfig={"PageSize": size})
        assert sorted(pages) == sorted((key, version, version == made[key][-1], key in ("a", "b/2") and
                                        version == made[key][-1]) for key, version in whole)
        # ids of newer versions sort first, so each list of the document is in the order of keys and ids
        live = [(key, version) for key, version, _, marker in pages if not marker]
        assert live == sorted(live)
    rolled = s3.list_object_versions(Bucket=versioned, Delimiter="/", MaxKeys=5)
    assert [each["Prefix"] for each in rolled["CommonPrefixes"]] == ["b/"]
    assert rolled["IsTruncated"] and rolled["NextKeyMarker"] == "b/" and "NextVersionIdMarker" not in rolled
    rest = s3.list_object_versions(Bucket=versioned, Delimiter="/", KeyMarker="b/")
    assert [each["Key"] for each in rest["Versions"]] == ["c d"] * 3 + ["ü"] * 3
    assert len(s3.list_object_versions(Bucket=versioned, Prefix="b/")["Versions"]) == 6
    after = s3.list_object_versions(Bucket=versioned, KeyMarker="c d", VersionIdMarker=made["c d"][1])
    assert [each["VersionId"] for each in after["Versions"]][:2] == [made["c d"][0], made["ü"][2]]
    with pytest.raises(ClientError) as refused:
        s3.list_object_versions(Bucket=versioned, VersionIdMarker=made["a"][0])
    assert fault(refused) == (400, "InvalidArgument")


def test_many_versions_are_deleted_at_once(s3, versioned):
    first, second = put(s3, versioned, "k", b"1", b"2")
    answer = s3.delete_objects(Bucket=versioned, Delete={"Objects": [
        {"Key": "k", "VersionId": first}, {"Key": "k", "VersionId": "nonsense"}, {"Key": "new"}]})
    assert {"Key": "k", "VersionId": first} in answer["Deleted"]
    marker, = [each for each in answer["Deleted"] if each["Key"] == "new"]
    assert marker["DeleteMarker"] is True and len(marker["DeleteMarkerVersionId"]) == 32
    assert [each["Code"] for each in answer["Errors"]] == ["InvalidArgument"]
    assert history(s3, versioned) == [("k", second, True, False), ("new", marker["DeleteMarkerVersionId"], True, True)]


def test_tags_copies_and_uploads_know_versions(s3, versioned):
    first, second = put(s3, versioned, "k", b"old", b"new")
    tags = {"TagSet": [{"Key": "t", "Value": "v"}]}
    assert s3.put_object_tagging(Bucket=versioned, Key="k", VersionId=first, Tagging=tags)["VersionId"] == first
    assert s3.get_object_tagging(Bucket=versioned, Key="k", VersionId=first)["TagSet"] == tags["TagSet"]
    assert s3.get_object_tagging(Bucket=versioned, Key="k")["TagSet"] == []
    s3.delete_object_tagging(Bucket=versioned, Key="k", VersionId=first)
    copy = s3.copy_object(Bucket=versioned, Key="k",
                          CopySource={"Bucket": versioned, "Key": "k", "VersionId": first})
    assert copy["CopySourceVersionId"] == first and copy["VersionId"] not in (first, second)
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"old"
    upload = s3.create_multipart_upload(Bucket=versioned, Key="k")["UploadId"]
    part = s3.upload_part_copy(Bucket=versioned, Key="k", UploadId=upload, PartNumber=1, CopySource={
        "Bucket": versioned, "Key": "k", "VersionId": second})
    assert part["CopySourceVersionId"] == second
    done = s3.complete_multipart_upload(Bucket=versioned, Key="k", UploadId=upload, MultipartUpload={"Parts": [
        {"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]})
    got = s3.get_object(Bucket=versioned, Key="k")
    assert (got["VersionId"], got["Body"].read()) == (done["VersionId"], b"new")
    assert len(history(s3, versioned)) == 4


def test_versions_have_rights_of_their_own(s3, administrator, versioned, unique):
    first, = put(s3, versioned, "k", b"x")
    iam = administrator("iam")
    user = "reader-" + unique
    iam.create_user(UserName=user)
    arn = "arn:aws:s3:::" + versioned
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:DeleteObject", "s3:ListBucket"],
             "Resource": [arn, arn + "/*"]},
            {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": arn + "/kept"}]}))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    reader = boto3.session.Session(aws_access_key_id=key["AccessKeyId"],
                                   aws_secret_access_key=key["SecretAccessKey"]).client("s3")
    assert reader.get_object(Bucket=versioned, Key="k")["Body"].read() == b"x"
    for call in (lambda: reader.get_object(Bucket=versioned, Key="k", VersionId=first),
                 lambda: reader.delete_object(Bucket=versioned, Key="k", VersionId=first),
                 lambda: reader.list_object_versions(Bucket=versioned)):
        with pytest.raises(ClientError) as refused:
            call()
        assert fault(refused) == (403, "AccessDenied")
    # rights are asked key by key
    answer = reader.delete_objects(Bucket=versioned, Delete={"Objects": [
        {"Key": "k", "VersionId": first}, {"Key": "kept"}, {"Key": "gone"}]})
    assert [each["Key"] for each in answer["Deleted"]] == ["gone"]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [("k", "AccessDenied"),
                                                                        ("kept", "AccessDenied")]
