"""Multipart uploads, copies, conditions and checksums by boto3."""

import base64
import datetime
import hashlib
import random

import pytest
import requests
from botocore.exceptions import ClientError

MEBIBYTE = 1 << 20
PAST = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
FUTURE = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)


def fault(call, *arguments, **members):
    with pytest.raises(ClientError) as failure:
        call(*arguments, **members)
    answer = failure.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def blob(size):
    return random.Random(size).randbytes(size)


def begin(s3, bucket, key, **members):
    return s3.create_multipart_upload(Bucket=bucket, Key=key, **members)["UploadId"]


def parts(s3, bucket, key, upload, contents, **members):
    made = []
    for number, content in enumerate(contents, 1):
        part = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=content, **members)
        made.append({"PartNumber": number, "ETag": part["ETag"],
                     **{name: value for name, value in part.items() if name.startswith("Checksum")
                        and name != "ChecksumType"}})
    return made


def complete(s3, bucket, key, upload, made, **members):
    return s3.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": made},
                                        **members)


@pytest.mark.parametrize("algorithm, kind", [("SHA1", "COMPOSITE"), ("SHA256", "COMPOSITE"), ("CRC32", "COMPOSITE"),
                                             ("CRC32", "FULL_OBJECT")])
def test_multipart_checksums(s3, bucket, algorithm, kind):
    contents = [blob(5 * MEBIBYTE), blob(1000)]
    upload = begin(s3, bucket, "k", ChecksumAlgorithm=algorithm, ChecksumType=kind)
    made = parts(s3, bucket, "k", upload, contents, ChecksumAlgorithm=algorithm)
    listed = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload)
    member = "Checksum" + algorithm
    assert (listed["ChecksumAlgorithm"], listed["ChecksumType"]) == (algorithm, kind)
    assert [each[member] for each in listed["Parts"]] == [each[member] for each in made]
    done = complete(s3, bucket, "k", upload, made)
    assert done["ChecksumType"] == kind and done[member].endswith("-2") == (kind == "COMPOSITE")
    if kind == "FULL_OBJECT":
        whole = s3.put_object(Bucket=bucket, Key="whole", Body=b"".join(contents), ChecksumAlgorithm=algorithm)
        assert done[member] == whole[member]
    second = s3.get_object(Bucket=bucket, Key="k", PartNumber=2, ChecksumMode="ENABLED")
    assert (second["PartsCount"], second["Body"].read(), second[member]) == (2, contents[1], made[1][member])
    assert s3.head_object(Bucket=bucket, Key="k", PartNumber=1)["ContentLength"] == 5 * MEBIBYTE
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", MaxParts=1, ObjectAttributes=[
        "ObjectParts", "Checksum", "ObjectSize", "ETag", "StorageClass"])
    assert attributes["Checksum"][member] == done[member]
    page = attributes["ObjectParts"]
    assert (page["TotalPartsCount"], page["IsTruncated"], page["NextPartNumberMarker"]) == (2, True, 1)
    rest = s3.get_object_attributes(Bucket=bucket, Key="k", PartNumberMarker=1, ObjectAttributes=["ObjectParts"])
    assert [each["Size"] for each in rest["ObjectParts"]["Parts"]] == [1000]


def test_the_default_checksum(s3, bucket):
    put = s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": "plain"}, ExpiresIn=60)
    answer = requests.put(put, data=b"123456789")
    # the algorithm's published check value
    assert base64.b64decode(answer.headers["x-amz-checksum-crc64nvme"]).hex() == "ae8b14860a799888"
    head = s3.head_object(Bucket=bucket, Key="plain", ChecksumMode="ENABLED")
    assert (head["ChecksumCRC64NVME"], head["ChecksumType"]) == (answer.headers["x-amz-checksum-crc64nvme"],
                                                                "FULL_OBJECT")
    upload = begin(s3, bucket, "multi")
    done = complete(s3, bucket, "multi", upload, [
        {"PartNumber": each["PartNumber"], "ETag": each["ETag"]}
        for each in parts(s3, bucket, "multi", upload, [b"123456789"])])
    assert (done["ChecksumCRC64NVME"], done["ChecksumType"]) == (head["ChecksumCRC64NVME"], "FULL_OBJECT")


def test_checksum_types_that_do_not_go_together(s3, bucket):
    for algorithm, kind in (("SHA256", "FULL_OBJECT"), ("CRC64NVME", "COMPOSITE")):
        assert fault(s3.create_multipart_upload, Bucket=bucket, Key="k", ChecksumAlgorithm=algorithm,
                     ChecksumType=kind) == (400, "InvalidRequest")


def test_multipart_completion_is_checked(s3, bucket):
    upload = begin(s3, bucket, "k")
    small = parts(s3, bucket, "k", upload, [b"a", b"b"])
    plain = [{"PartNumber": each["PartNumber"], "ETag": each["ETag"]} for each in small]
    assert fault(complete, s3, bucket, "k", upload, plain) == (400, "EntityTooSmall")
    assert fault(complete, s3, bucket, "k", upload, plain[::-1]) == (400, "InvalidPartOrder")
    assert fault(complete, s3, bucket, "k", upload, [{**plain[0], "ETag": '"none"'}]) == (400, "InvalidPart")
    assert fault(complete, s3, bucket, "k", upload, []) == (400, "MalformedXML")
    assert fault(complete, s3, bucket, "k", upload, plain[:1], MpuObjectSize=2) == (400, "InvalidRequest")
    s3.put_object(Bucket=bucket, Key="k", Body=b"there")
    assert fault(complete, s3, bucket, "k", upload, plain[:1], IfNoneMatch="*") == (412, "PreconditionFailed")
    assert fault(s3.upload_part, Bucket=bucket, Key="k", UploadId=upload, PartNumber=10_001, Body=b"x") == (
        400, "InvalidArgument")
    complete(s3, bucket, "k", upload, plain[:1], MpuObjectSize=1, IfMatch=s3.head_object(Bucket=bucket, Key="k")["ETag"])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"a"
    # asked again, it answers the same
    assert complete(s3, bucket, "k", upload, plain[:1])["ETag"] == s3.head_object(Bucket=bucket, Key="k")["ETag"]
    assert fault(s3.abort_multipart_upload, Bucket=bucket, Key="k", UploadId=upload) == (404, "NoSuchUpload")


def test_uploads_and_parts_are_listed_in_pages(s3, bucket):
    uploads = [(key, begin(s3, bucket, key)) for key in ("a", "a", "d/1", "d/2", "z")]
    found = []
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}):
        found += [(each["Key"], each["UploadId"]) for each in page["Uploads"]]
    assert found == uploads
    rolled = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [each["Prefix"] for each in rolled["CommonPrefixes"]] == ["d/"] and len(rolled["Uploads"]) == 3
    parts(s3, bucket, "a", uploads[0][1], [b"%d" % n for n in range(5)])
    numbers = []
    for page in s3.get_paginator("list_parts").paginate(Bucket=bucket, Key="a", UploadId=uploads[0][1],
                                                        PaginationConfig={"PageSize": 2}):
        numbers += [each["PartNumber"] for each in page["Parts"]]
    assert numbers == [1, 2, 3, 4, 5]


def test_part_copies(s3, bucket):
    source = s3.put_object(Bucket=bucket, Key="source", Body=b"0123456789")
    upload = begin(s3, bucket, "k")
    at = {"Bucket": bucket, "Key": "k", "UploadId": upload, "PartNumber": 1,
          "CopySource": {"Bucket": bucket, "Key": "source"}}
    for wrong in ("bytes=5-20", "bytes=-3", "bytes=3-", "0-3"):
        assert fault(s3.upload_part_copy, **at, CopySourceRange=wrong) == (400, "InvalidArgument")
    assert fault(s3.upload_part_copy, **at, CopySourceRange="bytes=10-11") == (400, "InvalidRequest")
    assert fault(s3.upload_part_copy, **at, CopySourceIfMatch='"other"') == (412, "PreconditionFailed")
    assert fault(s3.upload_part_copy, **at, CopySourceIfModifiedSince=FUTURE) == (412, "PreconditionFailed")
    part = s3.upload_part_copy(**at, CopySourceRange="bytes=2-4", CopySourceIfMatch=source["ETag"],
                               CopySourceIfUnmodifiedSince=PAST)["CopyPartResult"]
    complete(s3, bucket, "k", upload, [{"PartNumber": 1, "ETag": part["ETag"]}])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"234"


def test_copy_directives(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Metadata={"m": "1"}, Tagging="t=1", ContentType="text/a",
                  StorageClass="STANDARD_IA", WebsiteRedirectLocation="/there", CacheControl="no-store", Expires=FUTURE)
    source = {"Bucket": bucket, "Key": "a"}
    s3.copy_object(Bucket=bucket, Key="b", CopySource=source)
    copied = s3.head_object(Bucket=bucket, Key="b")
    assert (copied["Metadata"], copied["ContentType"], copied["CacheControl"]) == ({"m": "1"}, "text/a", "no-store")
    assert "StorageClass" not in copied and "WebsiteRedirectLocation" not in copied and copied["TagCount"] == 1
    assert copied["ExpiresString"] == "Fri, 01 Jan 2100 00:00:00 GMT"
    s3.copy_object(Bucket=bucket, Key="c", CopySource=source, MetadataDirective="REPLACE", TaggingDirective="REPLACE",
                   Metadata={"n": "2"}, ContentType="text/c", StorageClass="GLACIER_IR", ChecksumAlgorithm="SHA256",
                   WebsiteRedirectLocation="/here", Tagging="u=2")
    copied = s3.head_object(Bucket=bucket, Key="c", ChecksumMode="ENABLED")
    assert (copied["Metadata"], copied["ContentType"], copied["StorageClass"]) == ({"n": "2"}, "text/c", "GLACIER_IR")
    assert copied["WebsiteRedirectLocation"] == "/here" and "CacheControl" not in copied and copied["ChecksumSHA256"]
    assert s3.get_object_tagging(Bucket=bucket, Key="c")["TagSet"] == [{"Key": "u", "Value": "2"}]
    assert fault(s3.copy_object, Bucket=bucket, Key="a", CopySource=source) == (400, "InvalidRequest")
    s3.copy_object(Bucket=bucket, Key="a", CopySource=source, StorageClass="STANDARD")
    assert fault(s3.copy_object, Bucket=bucket, Key="d", CopySource=source, StorageClass="ICE") == (
        400, "InvalidStorageClass")
    assert fault(s3.copy_object, Bucket=bucket, Key="d", CopySource=source, MetadataDirective="MERGE") == (
        400, "InvalidArgument")
    for condition in ({"CopySourceIfMatch": '"no"'}, {"CopySourceIfNoneMatch": "*"},
                      {"CopySourceIfModifiedSince": FUTURE}, {"CopySourceIfUnmodifiedSince": PAST}):
        assert fault(s3.copy_object, Bucket=bucket, Key="d", CopySource=source, **condition) == (
            412, "PreconditionFailed")


def test_conditional_writes_and_deletions(s3, bucket):
    assert fault(s3.put_object, Bucket=bucket, Key="k", Body=b"x", IfMatch='"any"') == (404, "NoSuchKey")
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    assert fault(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*") == (412, "PreconditionFailed")
    assert fault(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch=etag) == (501, "NotImplemented")
    assert fault(s3.copy_object, Bucket=bucket, Key="k", CopySource=bucket + "/k", MetadataDirective="REPLACE",
                 IfMatch='"other"') == (412, "PreconditionFailed")
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=etag)["ETag"]
    assert fault(s3.delete_object, Bucket=bucket, Key="k", IfMatch='"other"') == (412, "PreconditionFailed")
    for etag_of_nothing in ("*", '"any"'):
        assert fault(s3.delete_object, Bucket=bucket, Key="none", IfMatch=etag_of_nothing) == (404, "NoSuchKey")
    assert fault(s3.put_object, Bucket=bucket, Key="k", Body=b"x", IfMatch="*", IfNoneMatch="*") == (
        501, "NotImplemented")
    wrong = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "ETag": '"other"'},
                                                                 {"Key": "k", "Size": 7}]})
    assert [each["Code"] for each in wrong["Errors"]] == ["PreconditionFailed"] * 2
    s3.delete_object(Bucket=bucket, Key="k", IfMatch=etag)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_conditional_reads(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"content")["ETag"]
    at = {"Bucket": bucket, "Key": "k"}
    assert fault(s3.get_object, **at, IfModifiedSince=FUTURE)[0] == 304
    assert fault(s3.head_object, **at, IfNoneMatch=etag)[0] == 304
    assert fault(s3.get_object, **at, IfUnmodifiedSince=PAST) == (412, "PreconditionFailed")
    s3.get_object(**at, IfMatch=etag, IfUnmodifiedSince=PAST)
    s3.get_object(**at, IfNoneMatch='"other"', IfModifiedSince=FUTURE)
    url = s3.generate_presigned_url("get_object", at, ExpiresIn=60)
    assert requests.get(url, headers={"If-Modified-Since": "junk"}).content == b"content"
    unchanged = requests.get(url, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.headers["ETag"], unchanged.content) == (304, etag, b"")


@pytest.mark.parametrize("asked, wanted", [("bytes=0-0", b"c"), ("bytes=-3", b"ent"), ("bytes=5-", b"nt"),
                                           ("bytes=2-400", b"ntent")])
def test_ranges(s3, bucket, asked, wanted):
    s3.put_object(Bucket=bucket, Key="k", Body=b"content")
    got = s3.get_object(Bucket=bucket, Key="k", Range=asked)
    assert got["Body"].read() == wanted and got["ContentRange"].endswith("/7")
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert fault(s3.get_object, Bucket=bucket, Key="k", Range="bytes=7-") == (416, "InvalidRange")
    assert fault(s3.get_object, Bucket=bucket, Key="k", PartNumber=2) == (416, "InvalidPartNumber")


def test_ten_thousand_parts(s3, bucket):
    upload = begin(s3, bucket, "k")
    last = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=10_000, Body=b"the last")
    complete(s3, bucket, "k", upload, [{"PartNumber": 10_000, "ETag": last["ETag"]}])
    got = s3.get_object(Bucket=bucket, Key="k")
    assert got["Body"].read() == b"the last" and got["ETag"] == '"%s-1"' % hashlib.md5(
        hashlib.md5(b"the last").digest()).hexdigest()
