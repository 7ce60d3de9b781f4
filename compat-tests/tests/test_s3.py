"""The object store by boto3, the AWS CLI and s3fs."""

import hashlib
import io
import os
import random
import socket
import urllib.error
import urllib.parse
import urllib.request

import boto3
import pytest
import s3fs
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

SEED = 20260101
ODD_KEYS = ["a//b", "../x", "a/../../b", "/leading", "trailing/", "ünïcödé/日本語", "with space+plus&amp?query#hash",
            "%2F%00literal", "dots/./here", "quote'\"<>", "k" * 1024]


def code(failure):
    return failure.value.response["Error"]["Code"]


def blob(size):
    return random.Random(SEED + size).randbytes(size)


def test_buckets(s3, bucket):
    assert bucket in [each["Name"] for each in s3.list_buckets()["Buckets"]]
    s3.head_bucket(Bucket=bucket)
    s3.delete_bucket(Bucket=bucket)
    with pytest.raises(ClientError) as gone:
        s3.head_bucket(Bucket=bucket)
    assert code(gone) == "404"


@pytest.mark.parametrize("name", ["UPPER", "ab", "with_underscore", "192.168.0.1", "-dash"])
def test_bad_bucket_names(s3, name):
    with pytest.raises(Exception) as refused:
        s3.create_bucket(Bucket=name)
    assert "InvalidBucketName" in str(refused.value) or "Invalid bucket name" in str(refused.value)


def test_a_bucket_with_objects_stays(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    with pytest.raises(ClientError) as refused:
        s3.delete_bucket(Bucket=bucket)
    assert code(refused) == "BucketNotEmpty"


def test_put_get_head_delete(s3, bucket):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"hello", ContentType="text/x-test", Metadata={"colour": "blue"})
    assert put["ETag"] == '"%s"' % hashlib.md5(b"hello").hexdigest()
    got = s3.get_object(Bucket=bucket, Key="k")
    assert (got["Body"].read(), got["ContentType"], got["Metadata"]) == (b"hello", "text/x-test", {"colour": "blue"})
    assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == 5
    s3.delete_object(Bucket=bucket, Key="k")
    with pytest.raises(ClientError) as gone:
        s3.get_object(Bucket=bucket, Key="k")
    assert code(gone) == "NoSuchKey"
    s3.delete_object(Bucket=bucket, Key="k")


@pytest.mark.parametrize("key", ODD_KEYS, ids=range(len(ODD_KEYS)))
def test_keys_are_never_paths(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": key})
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == key.encode()
    s3.delete_object(Bucket=bucket, Key=key)
    assert [each["Key"] for each in s3.list_objects(Bucket=bucket)["Contents"]] == ["copy"]


def test_ranges(s3, bucket):
    body = blob(5000)
    s3.put_object(Bucket=bucket, Key="k", Body=body)
    for asked, expected in (("bytes=0-0", body[:1]), ("bytes=100-199", body[100:200]), ("bytes=4990-", body[4990:]),
                            ("bytes=-7", body[-7:]), ("bytes=4000-999999", body[4000:])):
        got = s3.get_object(Bucket=bucket, Key="k", Range=asked)
        assert got["Body"].read() == expected
        assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=bucket, Key="k", Range="bytes=5000-")
    assert code(refused) == "InvalidRange"


def test_listing_pages_concatenate(s3, bucket):
    keys = sorted("d%02d/k%02d" % (i % 7, i) for i in range(60))
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    for operation in ("list_objects_v2", "list_objects"):
        pages = s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": 7})
        assert [each["Key"] for page in pages for each in page.get("Contents", [])] == keys
        pages = s3.get_paginator(operation).paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 3})
        assert [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])] == \
            ["d%02d/" % i for i in range(7)]
    after = s3.list_objects_v2(Bucket=bucket, StartAfter=keys[40], Prefix="d0")
    assert [each["Key"] for each in after["Contents"]] == keys[41:]


def test_multipart_upload_and_download(s3, bucket, tmp_path):
    body = blob(21 * 1024 * 1024 + 17)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(body)
    s3.upload_file(str(source), bucket, "big", Config=TransferConfig(multipart_threshold=8 << 20))
    head = s3.head_object(Bucket=bucket, Key="big")
    assert head["ContentLength"] == len(body) and head["ETag"].endswith('-3"')
    s3.download_file(bucket, "big", str(target))
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(body).digest()
    s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "copied", Config=TransferConfig(multipart_threshold=8 << 20))
    assert s3.get_object(Bucket=bucket, Key="copied")["Body"].read() == body


def test_multipart_rules(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    parts = [{"PartNumber": n, "ETag": s3.upload_part(Bucket=bucket, Key="m", UploadId=upload, PartNumber=n,
                                                      Body=b"small")["ETag"]} for n in (1, 2)]
    assert [each["PartNumber"] for each in s3.list_parts(Bucket=bucket, Key="m", UploadId=upload)["Parts"]] == [1, 2]
    for wrong, expected in ((parts, "EntityTooSmall"), (parts[::-1], "InvalidPartOrder"),
                            ([{"PartNumber": 3, "ETag": '"x"'}], "InvalidPart")):
        with pytest.raises(ClientError) as refused:
            s3.complete_multipart_upload(Bucket=bucket, Key="m", UploadId=upload, MultipartUpload={"Parts": wrong})
        assert code(refused) == expected
    s3.abort_multipart_upload(Bucket=bucket, Key="m", UploadId=upload)
    with pytest.raises(ClientError) as gone:
        s3.list_parts(Bucket=bucket, Key="m", UploadId=upload)
    assert code(gone) == "NoSuchUpload"


def test_many_are_deleted_at_once(s3, bucket):
    for key in ("a", "b<&>", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in ("a", "b<&>", "absent")]})
    assert sorted(each["Key"] for each in answer["Deleted"]) == ["a", "absent", "b<&>"]
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["c"]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_presigned(client, bucket, version):
    s3 = client("s3", config={"signature_version": version})
    url = s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": "p q"}, ExpiresIn=60)
    with urllib.request.urlopen(urllib.request.Request(url, b"presigned", {"Content-Type": ""}, method="PUT")) as done:
        assert done.status == 200
    url = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "p q"}, ExpiresIn=60)
    assert urllib.request.urlopen(url).read() == b"presigned"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url.replace("p%20q", "p%20r"))
    assert refused.value.code == 403


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums(s3, bucket, algorithm):
    member = "Checksum" + algorithm
    try:
        put = s3.put_object(Bucket=bucket, Key="c", Body=b"checked", ChecksumAlgorithm=algorithm)
    except Exception as missing:
        if "MissingDependency" in type(missing).__name__:
            pytest.skip("this boto3 has no awscrt for " + algorithm)
        raise
    got = s3.get_object(Bucket=bucket, Key="c", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"checked" and got[member] == put[member]


def test_a_wrong_checksum_stores_nothing(s3, bucket):
    for wrong in ({"ChecksumSHA256": "A" * 43 + "="}, {"ContentMD5": "AAAAAAAAAAAAAAAAAAAAAA=="}):
        with pytest.raises(ClientError) as refused:
            s3.put_object(Bucket=bucket, Key="bad", Body=b"other", **wrong)
        assert code(refused) in ("BadDigest", "InvalidRequest", "XAmzContentChecksumMismatch")
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_conditions(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["ETag"]
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert code(refused) == "PreconditionFailed"
    with pytest.raises(ClientError) as unchanged:
        s3.get_object(Bucket=bucket, Key="k", IfNoneMatch=etag)
    assert unchanged.value.response["ResponseMetadata"]["HTTPStatusCode"] == 304
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=bucket, Key="k", IfMatch='"other"')
    assert code(refused) == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key="k", IfMatch=etag)["Body"].read() == b"1"


@pytest.mark.parametrize("style", ["virtual", "path"])
@pytest.mark.parametrize("endpoint", ["https://s3.us-east-1.amazonaws.com", "https://s3.amazonaws.com"])
def test_aws_hosts_through_the_proxy(client, bucket, style, endpoint):
    # over https boto3 sends aws-chunked bodies with a trailing checksum
    s3 = client("s3", endpoint_url=endpoint, config={"s3": {"addressing_style": style}})
    body = blob(300_000)
    s3.put_object(Bucket=bucket, Key="x/y z", Body=io.BytesIO(body))
    assert s3.get_object(Bucket=bucket, Key="x/y z")["Body"].read() == body
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["x/y z"]


def test_anonymous_is_denied(client, bucket, s3):
    from botocore import UNSIGNED
    s3.put_object(Bucket=bucket, Key="k", Body=b"private")
    with pytest.raises(ClientError) as refused:
        client("s3", config={"signature_version": UNSIGNED}).get_object(Bucket=bucket, Key="k")
    assert code(refused) == "AccessDenied"


def test_aws_cli(aws, s3, bucket, tmp_path):
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "a.txt").write_text("one")
    (tree / "sub" / "b.bin").write_bytes(blob(9 << 20))
    aws("s3", "cp", str(tree / "a.txt"), "s3://%s/copied.txt" % bucket)
    aws("s3", "sync", str(tree), "s3://%s/tree" % bucket)
    listed = aws("s3", "ls", "--recursive", "s3://%s/" % bucket).stdout
    assert [line.split()[-1] for line in listed.splitlines()] == ["copied.txt", "tree/a.txt", "tree/sub/b.bin"]
    assert aws("s3", "sync", str(tree), "s3://%s/tree" % bucket).stdout == ""
    aws("s3", "sync", "s3://%s/tree" % bucket, str(tmp_path / "back"))
    assert (tmp_path / "back" / "sub" / "b.bin").read_bytes() == blob(9 << 20)
    assert aws("s3", "cp", "s3://%s/copied.txt" % bucket, "-").stdout == "one"
    aws("s3", "rm", "--recursive", "s3://%s/" % bucket)
    aws("s3", "rb", "s3://%s" % bucket)
    gone = aws("s3", "ls", "s3://%s/" % bucket, check=False)
    assert gone.returncode != 0 and "NoSuchBucket" in gone.stderr


def test_s3fs(bucket, shell):
    files = s3fs.S3FileSystem(endpoint_url=os.environ["AWS_ENDPOINT_URL"], skip_instance_cache=True)
    body = blob(12 << 20)
    with files.open("s3://%s/d/e.bin" % bucket, "wb") as out:
        out.write(body)
    files.pipe("s3://%s/d/f.txt" % bucket, b"text")
    assert sorted(files.ls("s3://%s/d" % bucket)) == [bucket + "/d/e.bin", bucket + "/d/f.txt"]
    with files.open("s3://%s/d/e.bin" % bucket, "rb") as back:
        back.seek(11 << 20)
        assert back.read(100) == body[11 << 20:][:100]
    assert files.cat("s3://%s/d/e.bin" % bucket) == body
    files.mv("s3://%s/d/f.txt" % bucket, "s3://%s/g.txt" % bucket)
    assert files.find("s3://%s" % bucket) == [bucket + "/d/e.bin", bucket + "/g.txt"]
    files.rm("s3://%s/d" % bucket, recursive=True)
    assert files.find("s3://%s" % bucket) == [bucket + "/g.txt"]


def test_s3_without_an_own_endpoint_variable(shell, bucket):
    # pandas and others make S3 clients of their own from the environment alone
    s3 = boto3.client("s3", config=Config(s3={"addressing_style": "auto"}))
    s3.put_object(Bucket=bucket, Key="auto", Body=b"1")
    assert s3.head_object(Bucket=bucket, Key="auto")["ContentLength"] == 1


def test_a_body_that_breaks_off_is_told_and_not_kept(s3, bucket):
    url = urllib.parse.urlsplit(s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": "half"}))
    with socket.create_connection((url.hostname, url.port), timeout=20) as connection:
        connection.sendall(("PUT %s?%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000\r\n\r\nhalf" % (
            url.path, url.query, url.netloc)).encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ") and b"<Code>IncompleteBody</Code>" in answer, answer
    with pytest.raises(ClientError) as failure:
        s3.head_object(Bucket=bucket, Key="half")
    assert failure.value.response["Error"]["Code"] == "404"
