"""Presigned requests and browsers' upload forms."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import urllib.parse

import pytest
import requests


@pytest.fixture(scope="module")
def signer(administrator):
    """boto3 with keys of no session, as a server that hands out forms has them."""
    def make(version):
        return administrator("s3", config={"signature_version": version})

    return make


def post(form, content, name="report.txt", **more):
    return requests.post(form["url"], data={**form["fields"], **more}, files={"file": (name, content)},
                         allow_redirects=False)


@pytest.mark.parametrize("version", ["s3v4", "s3"])
@pytest.mark.parametrize("method", ["get_object", "head_object", "put_object", "delete_object"])
def test_presigned(signer, s3, bucket, version, method):
    s3.put_object(Bucket=bucket, Key="a/b c", Body=b"content")
    url = signer(version).generate_presigned_url(method, {"Bucket": bucket, "Key": "a/b c"}, ExpiresIn=60)
    verb = method.split("_")[0].upper()
    done = requests.request(verb, url, data=b"other" if verb == "PUT" else None)
    assert done.status_code == (204 if verb == "DELETE" else 200)
    assert requests.request("POST", url).status_code in (403, 405)
    if verb == "GET":
        assert done.content == b"content"
    elif verb == "PUT":
        assert s3.get_object(Bucket=bucket, Key="a/b c")["Body"].read() == b"other"


def test_a_presigned_life(signer, s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    url = signer("s3v4").generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"}, ExpiresIn=700000)
    too_long = requests.get(url)
    assert too_long.status_code == 400 and "less than a week" in too_long.text
    old = signer("s3").generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"}, ExpiresIn=-10)
    assert (requests.get(old).status_code, "Request has expired" in requests.get(old).text) == (403, True)


def test_a_form_uploads(signer, s3, bucket):
    form = signer("s3v4").generate_presigned_post(
        bucket, "in/${filename}", Fields={"Content-Type": "text/x-form", "x-amz-meta-colour": "blue"},
        Conditions=[{"Content-Type": "text/x-form"}, ["starts-with", "$x-amz-meta-colour", "b"],
                    ["content-length-range", 1, 1000]])
    assert post(form, b"posted", name="C:\\folder\\my report.txt").status_code == 204
    got = s3.get_object(Bucket=bucket, Key="in/my report.txt")
    assert (got["Body"].read(), got["ContentType"], got["Metadata"]) == (b"posted", "text/x-form", {"colour": "blue"})


@pytest.mark.parametrize("content, status, code", [(b"", 400, "EntityTooSmall"), (b"x" * 200_000, 400, "EntityTooLarge")])
def test_a_form_bounds_the_length(signer, s3, bucket, content, status, code):
    form = signer("s3v4").generate_presigned_post(bucket, "k", Conditions=[["content-length-range", 1, 100_000]])
    refused = post(form, content)
    assert refused.status_code == status and "<Code>%s</Code>" % code in refused.text
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize("change", [{"key": "other"}, {"x-amz-meta-more": "1"}, {"x-amz-signature": "0" * 64},
                                    {"policy": base64.b64encode(b'{"conditions": []}').decode()}])
def test_a_form_that_was_changed_is_refused(signer, s3, bucket, change):
    form = signer("s3v4").generate_presigned_post(bucket, "k")
    refused = post(form, b"x", **change)
    assert refused.status_code == 403, refused.text
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_what_a_form_answers(signer, s3, bucket):
    def form(**fields):
        return signer("s3v4").generate_presigned_post(bucket, "k&1", Fields=fields, Conditions=[
            ["eq", "$" + name, value] for name, value in fields.items()])

    created = post(form(success_action_status="201"), b"x")
    etag = '"%s"' % hashlib.md5(b"x").hexdigest()
    assert created.status_code == 201 and "<Key>k&amp;1</Key>" in created.text and created.headers["ETag"] == etag
    assert post(form(success_action_status="200"), b"x").status_code == 200
    assert post(form(success_action_status="500"), b"x").status_code == 204
    moved = post(form(success_action_redirect="http://localhost/done?a=1"), b"x")
    assert moved.status_code == 303
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(moved.headers["Location"]).query)
    assert query == {"a": ["1"], "bucket": [bucket], "key": ["k&1"], "etag": [etag]}
    assert post(form(success_action_redirect="javascript:alert(1)"), b"x").status_code == 204


def test_a_form_of_version_2(administrator, server, s3, bucket):
    keys = server.settings("--admin")
    if keys.get("AWS_SESSION_TOKEN"):
        pytest.skip("the administrator's key is a session's: the form would need its token")
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    policy = base64.b64encode(json.dumps({
        "expiration": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "conditions": [{"bucket": bucket}, ["starts-with", "$key", "v2/"]]}).encode())
    signature = base64.b64encode(hmac.new(keys["AWS_SECRET_ACCESS_KEY"].encode(), policy, hashlib.sha1).digest())
    fields = {"key": "v2/x", "AWSAccessKeyId": keys["AWS_ACCESS_KEY_ID"], "policy": policy, "signature": signature}
    url = os.environ["AWS_ENDPOINT_URL"] + "/" + bucket
    assert requests.post(url, data=fields, files={"file": b"two"}).status_code == 204
    assert s3.get_object(Bucket=bucket, Key="v2/x")["Body"].read() == b"two"
    assert requests.post(url, data={**fields, "key": "v3/x"}, files={"file": b"two"}).status_code == 403


def test_bad_forms(s3, bucket):
    url = os.environ["AWS_ENDPOINT_URL"] + "/" + bucket
    # nobody let anonymous callers in
    assert requests.post(url, data={"key": "k"}, files={"file": b"x"}).status_code == 403
    assert requests.post(url, files={"file": b"x"}).status_code == 400
    assert requests.post(url, files={"key": (None, "k")}).status_code == 400
    assert requests.post(url, data={"key": "k", "x-amz-meta-a": "x" * 30_000}, files={"file": b"x"}).status_code == 400
    for body in (b"", b"no form", b"--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk"):
        refused = requests.post(url, data=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
        assert refused.status_code == 400, refused.text


def test_a_public_bucket_takes_unsigned_forms_and_no_overrides(s3, bucket):
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": ["s3:PutObject", "s3:GetObject"],
        "Resource": "arn:aws:s3:::%s/public/*" % bucket}]}))
    url = os.environ["AWS_ENDPOINT_URL"] + "/" + bucket
    truncated = (b"--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\npublic/half\r\n--b\r\n"
                 b"Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhalf of it")
    assert requests.post(url, data=truncated,
                         headers={"Content-Type": "multipart/form-data; boundary=b"}).status_code == 400
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    assert requests.post(url, data={"key": "public/k"}, files={"file": b"x"}).status_code == 204
    assert requests.post(url, data={"key": "private/k"}, files={"file": b"x"}).status_code == 403
    assert requests.get(url + "/public/k").content == b"x"
    refused = requests.get(url + "/public/k", params={"response-content-type": "text/html"})
    assert refused.status_code == 400 and "InvalidRequest" in refused.text
    # whoever may not list is not told what is missing
    assert requests.get(url + "/public/none").status_code == 403
