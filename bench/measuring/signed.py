"""Requests as bytes, signed beforehand with the signer of the AWS SDK for Python."""

import hashlib
import hmac
import json
import time
import zlib
from base64 import b64encode
from urllib.parse import urlencode

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGION = "us-east-1"
EMPTY = hashlib.sha256(b"").hexdigest()
SIGNED = "host;x-amz-content-sha256;x-amz-date"


class Signer:
    def __init__(self, url, keys):
        self.url = url
        self.credentials = Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"],
                                       keys.get("AWS_SESSION_TOKEN"))
        self.derived = "", b""

    def json(self, operation, members):
        """A request of SageMaker's JSON protocol."""
        return self.raw(SigV4Auth, "sagemaker", "POST", "/", json.dumps(members).encode(),
                        {"X-Amz-Target": "SageMaker." + operation, "Content-Type": "application/x-amz-json-1.1"})

    def target(self, service, target, members, version):
        """A request of another service's JSON protocol."""
        return self.raw(SigV4Auth, service, "POST", "/", json.dumps(members).encode(),
                        {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-" + version})

    def query(self, service, fields):
        """A request of the Query protocol."""
        return self.raw(SigV4Auth, service, "POST", "/", urlencode(fields).encode(),
                        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})

    def invoke(self, endpoint, body, content_type):
        return self.raw(SigV4Auth, "sagemaker", "POST", "/endpoints/%s/invocations" % endpoint, body,
                        {"Content-Type": content_type})

    def s3(self, method, path, body=b""):
        """A request as boto3 sends it over plain HTTP: the body's SHA-256 signed, a CRC32 beside a body."""
        headers = {"x-amz-checksum-crc32": b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()} if body else {}
        return self.raw(S3SigV4Auth, "s3", method, path, body, headers)

    def quick(self, method, path, body=b""):
        """A request of S3's, signed with a key that is derived once: for very many of them."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        scope = "%s/%s/s3/aws4_request" % (stamp[:8], REGION)
        if self.derived[0] != scope:
            key = ("AWS4" + self.credentials.secret_key).encode()
            for part in scope.split("/"):
                key = hmac.digest(key, part.encode(), "sha256")
            self.derived = scope, key
        host = self.url.split("//")[1]
        digest = hashlib.sha256(body).hexdigest() if body else EMPTY
        canonical = "%s\n%s\n\nhost:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n\n%s\n%s" % (
            method, path, host, digest, stamp, SIGNED, digest)
        text = "AWS4-HMAC-SHA256\n%s\n%s\n%s" % (stamp, scope, hashlib.sha256(canonical.encode()).hexdigest())
        signature = hmac.digest(self.derived[1], text.encode(), "sha256").hex()
        return ("%s %s HTTP/1.1\r\nHost: %s\r\nX-Amz-Content-SHA256: %s\r\nX-Amz-Date: %s\r\nContent-Length: %d\r\n"
                "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s\r\n\r\n" % (
                    method, path, host, digest, stamp, len(body), self.credentials.access_key, scope, SIGNED,
                    signature)).encode() + body

    def raw(self, scheme, service, method, path, body, headers):
        request = AWSRequest(method, self.url + path, headers=headers, data=body)
        host = self.url.split("//")[1]
        request.headers["Host"] = host
        scheme(self.credentials, service, REGION).add_auth(request)
        lines = ["%s %s HTTP/1.1" % (method, path)] + ["%s: %s" % each for each in request.headers.items()]
        if body or method in ("POST", "PUT"):
            lines.append("Content-Length: %d" % len(body))
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
