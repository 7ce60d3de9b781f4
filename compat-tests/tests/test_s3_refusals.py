"""Requests that S3 refuses, in AWS's codes and members."""
import json
import os

import boto3
import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError


def error(call, **members):
    with pytest.raises(ClientError) as failure:
        call(**members)
    answer = failure.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]


def signed(method, path, body="", **headers):
    url = os.environ["AWS_ENDPOINT_URL"] + "/" + path
    request = AWSRequest(method, url, data=body, headers=headers)
    S3SigV4Auth(boto3.session.Session().get_credentials().get_frozen_credentials(), "s3", "us-east-1").add_auth(request)
    return requests.request(method, url, data=body, headers=dict(request.headers))


def statement(bucket, **members):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%s/*" % bucket, **members}]})


def test_policies_that_could_never_count(s3, bucket, administrator):
    account = administrator("sts").get_caller_identity()["Account"]
    for members, message in (
            ({"Resource": "arn:aws:s3:::another/*"}, "Policy has invalid resource"),
            ({"Action": "s3:GetObjcet"}, "Policy has invalid action"),
            ({"Principal": {"AWS": "arn:aws:iam::%s:user/nosuch" % account}}, "Invalid principal in policy"),
            ({"Action": "s3:ListBucket"}, "Action does not apply to any resource(s) in statement"),
            ({"Condition": {"StringEquals": {"s3:foo": "x"}}}, "Policy has an invalid condition key")):
        status, said = error(s3.put_bucket_policy, Bucket=bucket, Policy=statement(bucket, **members))
        assert (status, said["Code"], said["Message"]) == (400, "MalformedPolicy", message)
    s3.put_bucket_policy(Bucket=bucket, Policy=statement(
        bucket, Principal={"AWS": ["arn:aws:iam::%s:user/admin" % account, account]}))
    s3.delete_bucket_policy(Bucket=bucket)


def test_copy_sources_with_broken_escapes(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    for source in ("/%s/%%zz" % bucket, "a%2", "/%s/%%ff" % bucket):
        for path in ("k", "k?partNumber=1&uploadId=" + upload):
            refused = signed("PUT", bucket + "/" + path, **{"x-amz-copy-source": source})
            assert (refused.status_code, "<Code>InvalidArgument</Code>" in refused.text) == (400, True), refused.text


def test_documents_and_headers_that_the_model_does_not_allow(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    for path, body, code in (
            (bucket + "?tagging", "", "MissingRequestBodyError"),
            (bucket + "?lifecycle", "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status><Filter/><Expiration>"
             "<Date>foo</Date></Expiration></Rule></LifecycleConfiguration>", "MalformedXML"),
            (bucket + "-2", "<CreateBucketConfiguration><LocationConstraint>mars-1</LocationConstraint>"
             "</CreateBucketConfiguration>", "InvalidLocationConstraint")):
        refused = signed("PUT", path, body)
        assert (refused.status_code, "<Code>%s</Code>" % code in refused.text) == (400, True), refused.text
    refused = signed("PUT", bucket + "/k", "x", **{"x-amz-acl": "everybody"})
    assert refused.status_code == 400 and "validation error" not in refused.text
    for part in ("<Code>InvalidArgument</Code>", "<ArgumentName>x-amz-acl</ArgumentName>",
                 "<ArgumentValue>everybody</ArgumentValue>"):
        assert part in refused.text
    form = signed("POST", bucket, "no form", **{"Content-Type": "text/plain"})
    assert form.status_code == 412, form.text
    assert "<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>" in form.text


def test_what_was_signed_is_told(s3, bucket):
    own = boto3.session.Session().get_credentials().get_frozen_credentials()
    wrong = boto3.client("s3", aws_access_key_id=own.access_key, aws_secret_access_key="wrong",
                         aws_session_token=own.token)
    status, said = error(wrong.list_objects_v2, Bucket=bucket)
    assert said["Code"] == "SignatureDoesNotMatch"
    assert said["CanonicalRequest"].startswith("GET\n/")
    assert said["StringToSign"].startswith("AWS4-HMAC-SHA256\n")
    assert bytes.fromhex(said["StringToSignBytes"]).decode() == said["StringToSign"]
    assert {"AWSAccessKeyId", "SignatureProvided", "CanonicalRequestBytes"} <= set(said)
    two = boto3.client("s3", config=Config(signature_version="s3"))
    expired = requests.get(two.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"}, ExpiresIn=-9))
    assert "<Message>Request has expired</Message>" in expired.text
    assert "<Expires>" in expired.text and "<ServerTime>" in expired.text


def test_a_delete_marker_names_the_method(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    status, said = error(s3.put_object_tagging, Bucket=bucket, Key="k", VersionId=marker, Tagging={"TagSet": []})
    assert (status, said["Code"], said["Method"]) == (405, "MethodNotAllowed", "PUT")
