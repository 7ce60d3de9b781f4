"""Requests as bytes, signed beforehand with the signer of the AWS SDK for Python."""

import json
import zlib
from base64 import b64encode

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGION = "us-east-1"


class Signer:
    def __init__(self, url, keys):
        self.url = url
        self.credentials = Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"],
                                       keys.get("AWS_SESSION_TOKEN"))

    def json(self, operation, members):
        """A request of SageMaker's JSON protocol."""
        return self.raw(SigV4Auth, "sagemaker", "POST", "/", json.dumps(members).encode(),
                        {"X-Amz-Target": "SageMaker." + operation, "Content-Type": "application/x-amz-json-1.1"})

    def invoke(self, endpoint, body, content_type):
        return self.raw(SigV4Auth, "sagemaker", "POST", "/endpoints/%s/invocations" % endpoint, body,
                        {"Content-Type": content_type})

    def s3(self, method, path, body=b""):
        """A request as boto3 sends it over plain HTTP: the body's SHA-256 signed, a CRC32 beside a body."""
        headers = {"x-amz-checksum-crc32": b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()} if body else {}
        return self.raw(S3SigV4Auth, "s3", method, path, body, headers)

    def raw(self, scheme, service, method, path, body, headers):
        request = AWSRequest(method, self.url + path, headers=headers, data=body)
        host = self.url.split("//")[1]
        request.headers["Host"] = host
        scheme(self.credentials, service, REGION).add_auth(request)
        lines = ["%s %s HTTP/1.1" % (method, path)] + ["%s: %s" % each for each in request.headers.items()]
        if body or method in ("POST", "PUT"):
            lines.append("Content-Length: %d" % len(body))
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
