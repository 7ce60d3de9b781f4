"""Server-side encryption by boto3: what is asked for is done, and keys that are missing keep content shut."""

import json
import os
import pathlib

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

CONTENT = b"a text that nobody else shall find " * 4000
MINE = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": bytes(range(32))}
OTHER = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": bytes(range(1, 33))}


def code(failure):
    return failure.value.response["Error"]["Code"]


@pytest.fixture(scope="module")
def kms(client):
    return client("kms")


@pytest.fixture(scope="module")
def key(kms):
    return kms.create_key()["KeyMetadata"]["Arn"]


def on_disk(server, text):
    """Whether the text lies in any content of the server, in a file or a row."""
    data = pathlib.Path(server.data)
    return any(text in path.read_bytes() for path in [*data.glob("objects.db*"), *data.glob("objects/**/*")]
               if path.is_file())


def body(s3, bucket, key, **more):
    return s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


def test_kms_encrypts_what_lies_on_disk(server, s3, bucket, key):
    secret = os.urandom(24).hex().encode()
    put = s3.put_object(Bucket=bucket, Key="k", Body=secret + CONTENT, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", key)
    assert s3.head_object(Bucket=bucket, Key="k")["SSEKMSKeyId"] == key
    assert body(s3, bucket, "k") == secret + CONTENT
    assert body(s3, bucket, "k", Range="bytes=10-19") == (secret + CONTENT)[10:20]
    assert not on_disk(server, secret)
    s3.put_object(Bucket=bucket, Key="open", Body=secret)
    assert on_disk(server, secret)


def test_sse_s3_and_the_key_of_aws_need_no_right_of_kms(s3, bucket):
    for algorithm in ("AES256", "aws:kms"):
        put = s3.put_object(Bucket=bucket, Key=algorithm, Body=CONTENT, ServerSideEncryption=algorithm)
        assert put["ServerSideEncryption"] == algorithm
        assert body(s3, bucket, algorithm) == CONTENT


def test_the_default_of_the_bucket_holds(s3, bucket, key):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
            "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    put = s3.put_object(Bucket=bucket, Key="k", Body=CONTENT)
    assert (put["SSEKMSKeyId"], put["BucketKeyEnabled"]) == (key, True)
    s3.delete_bucket_encryption(Bucket=bucket)
    assert "ServerSideEncryption" not in s3.put_object(Bucket=bucket, Key="k", Body=CONTENT)


def test_uploads_in_parts_and_copies_are_encrypted(server, s3, bucket, key, tmp_path):
    secret = os.urandom(24).hex().encode()
    (tmp_path / "big").write_bytes(secret + os.urandom(11 << 20) + secret)
    s3.upload_file(str(tmp_path / "big"), bucket, "big", ExtraArgs={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key},
                   Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
    s3.download_file(bucket, "big", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == (tmp_path / "big").read_bytes()
    size = (tmp_path / "big").stat().st_size
    assert body(s3, bucket, "big", Range="bytes=%d-" % (size - 48)) == secret
    assert not on_disk(server, secret)
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "big"})
    assert "ServerSideEncryption" not in copied
    assert on_disk(server, secret)


def test_whoever_may_not_use_the_key_may_not_read(administrator, client, s3, bucket, key):
    iam = administrator("iam")
    iam.create_user(UserName="sse-user")
    made = iam.create_access_key(UserName="sse-user")["AccessKey"]
    iam.put_user_policy(UserName="sse-user", PolicyName="s3", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
    user = client("s3", aws_access_key_id=made["AccessKeyId"], aws_secret_access_key=made["SecretAccessKey"],
                  aws_session_token=None)
    s3.put_object(Bucket=bucket, Key="k", Body=CONTENT, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    with pytest.raises(ClientError) as failure:
        user.get_object(Bucket=bucket, Key="k")
    assert code(failure) == "AccessDenied" and "kms:Decrypt" in str(failure.value)
    with pytest.raises(ClientError) as failure:
        user.put_object(Bucket=bucket, Key="l", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert code(failure) == "AccessDenied" and "kms:GenerateDataKey" in str(failure.value)
    assert user.head_object(Bucket=bucket, Key="k")["ContentLength"] == len(CONTENT)
    user.put_object(Bucket=bucket, Key="m", Body=b"x", ServerSideEncryption="aws:kms")
    assert body(user, bucket, "m") == b"x"


def test_a_disabled_key_and_an_unknown_one_are_named(s3, kms, bucket):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    kms.disable_key(KeyId=key)
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="k")
    assert code(failure) == "KMS.DisabledException"
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/none")
    assert code(failure) == "KMS.NotFoundException"
    kms.enable_key(KeyId=key)
    assert body(s3, bucket, "k") == b"x"


def test_customer_keys_open_only_what_they_shut(server, s3, bucket):
    secret = os.urandom(24).hex().encode()
    put = s3.put_object(Bucket=bucket, Key="c", Body=secret, **MINE)
    assert put["SSECustomerAlgorithm"] == "AES256" and "ServerSideEncryption" not in put
    assert body(s3, bucket, "c", **MINE) == secret
    assert not on_disk(server, secret)
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="c")
    assert code(failure) == "InvalidRequest"
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="c", **OTHER)
    assert code(failure) == "AccessDenied"
    with pytest.raises(ClientError) as failure:
        s3.head_object(Bucket=bucket, Key="c")
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    s3.put_object(Bucket=bucket, Key="open", Body=b"x")
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="open", **MINE)
    assert code(failure) == "InvalidRequest"


def test_customer_keys_change_by_copies_and_work_in_parts(s3, bucket):
    s3.put_object(Bucket=bucket, Key="from", Body=CONTENT, **MINE)
    source = {"CopySource": {"Bucket": bucket, "Key": "from"}, "CopySourceSSECustomerAlgorithm": "AES256",
              "CopySourceSSECustomerKey": MINE["SSECustomerKey"]}
    s3.copy_object(Bucket=bucket, Key="to", **source, **OTHER)
    assert body(s3, bucket, "to", **OTHER) == CONTENT
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts", **MINE)["UploadId"]
    parts = []
    for number, part in ((1, b"1" * (5 << 20)), (2, b"2" * 99)):
        sent = s3.upload_part(Bucket=bucket, Key="parts", UploadId=upload, PartNumber=number, Body=part, **MINE)
        parts.append({"PartNumber": number, "ETag": sent["ETag"]})
    s3.complete_multipart_upload(Bucket=bucket, Key="parts", UploadId=upload, MultipartUpload={"Parts": parts})
    assert body(s3, bucket, "parts", Range="bytes=5242878-5242881", **MINE) == b"1122"


def test_versions_keep_the_encryption_that_they_were_made_with(s3, bucket, key):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="v", Body=b"first", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    s3.put_object(Bucket=bucket, Key="v", Body=b"second")
    assert body(s3, bucket, "v", VersionId=first["VersionId"]) == b"first"
    assert body(s3, bucket, "v") == b"second"


def test_encrypted_objects_are_there_after_a_kill(own_server):
    server = own_server().start()
    s3, kms = server.client("s3"), server.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="k", Body=CONTENT, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    port = server.port
    server.kill()
    server.start(port)
    assert body(server.client("s3"), "kept", "k") == CONTENT
