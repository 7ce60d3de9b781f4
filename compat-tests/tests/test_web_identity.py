"""AssumeRoleWithWebIdentity with a token of an OpenID Connect issuer that runs here."""

import base64
import http.server
import json
import ssl
import subprocess
import threading
import time

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError


def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **options).stdout


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Issuer:
    """An https server with a certificate of its own, and an RSA key that signs tokens."""

    def __init__(self, folder):
        self.key, self.certificate, self.server_key = (str(folder / name) for name in ("key", "cert", "server-key"))
        openssl("genrsa", "-out", self.key, "2048")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.server_key, "-out", self.certificate,
                "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        modulus = openssl("rsa", "-in", self.key, "-noout", "-modulus").split(b"=")[1].strip()
        self.keys = {"keys": [{"kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", "e": "AQAB",
                               "n": encoded(bytes.fromhex(modulus.decode()))}]}
        self.asked = 0
        issuer = self

        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked += 1
                answer = issuer.keys if self.path == "/keys" else {
                    "issuer": issuer.url, "jwks_uri": issuer.url + "/keys"}
                content = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass  # no noise among the tests' output

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.server_key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = "https://localhost:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, **claims):
        now = int(time.time())
        claims = {"iss": self.url, "sub": "ann", "aud": "notebooks", "iat": now, "exp": now + 600, **claims}
        text = encoded(json.dumps({"alg": "RS256", "kid": "one"}).encode()) + "." + encoded(json.dumps(claims).encode())
        return text + "." + encoded(openssl("dgst", "-sha256", "-sign", self.key, input=text.encode()))


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    made = Issuer(tmp_path_factory.mktemp("issuer"))
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
def here(own_server, issuer):
    return own_server(json.dumps(
        {"egress": "none", "egressAllow": ["localhost"], "trustedCertificates": [issuer.certificate]})).start()


@pytest.fixture(scope="module")
def role(here, issuer):
    keys = here.settings("--admin")
    iam = boto3.client("iam", endpoint_url=here.url, region_name="us-east-1",
                       aws_access_key_id=keys["AWS_ACCESS_KEY_ID"], aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"])
    provider = iam.create_open_id_connect_provider(Url=issuer.url, ClientIDList=["notebooks"])["OpenIDConnectProviderArn"]
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {issuer.url[len("https://"):] + ":sub": "ann"}}}]}))
    iam.put_role_policy(RoleName="web", PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}))
    return iam, "arn:aws:iam::123456789012:role/web"


@pytest.fixture
def sts(here):
    return boto3.client("sts", endpoint_url=here.url, region_name="us-east-1", config=Config(signature_version=UNSIGNED))


def test_a_token_stands_in_for_keys(here, issuer, role, sts):
    iam, arn = role
    assert iam.get_role(RoleName="web")["Role"]["RoleLastUsed"] == {}
    answer = sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="me", WebIdentityToken=issuer.token())
    assert answer["SubjectFromWebIdentityToken"] == "ann" and answer["Audience"] == "notebooks"
    keys = answer["Credentials"]
    session = dict(endpoint_url=here.url, region_name="us-east-1", aws_access_key_id=keys["AccessKeyId"],
                   aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])
    assert boto3.client("sts", **session).get_caller_identity()["Arn"].endswith("assumed-role/web/me")
    boto3.client("s3", **session).list_buckets()
    with pytest.raises(ClientError) as caught:
        boto3.client("sagemaker", **session).list_training_jobs()
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    used = iam.get_role(RoleName="web")["Role"]["RoleLastUsed"]
    assert used["Region"] == "us-east-1" and abs(used["LastUsedDate"].timestamp() - time.time()) < 60


@pytest.mark.parametrize("claims, code", [
    ({"sub": "eve"}, "AccessDenied"), ({"aud": "others"}, "InvalidIdentityToken"), ({"exp": 1_000_000}, "ExpiredTokenException"),
    ({"iss": "https://elsewhere.example"}, "InvalidIdentityToken")])
def test_other_tokens_do_not(issuer, role, sts, claims, code):
    with pytest.raises(ClientError) as caught:
        sts.assume_role_with_web_identity(RoleArn=role[1], RoleSessionName="me", WebIdentityToken=issuer.token(**claims))
    assert caught.value.response["Error"]["Code"] == code


def test_the_issuer_is_not_asked_for_every_token(issuer, role, sts):
    sts.assume_role_with_web_identity(RoleArn=role[1], RoleSessionName="me", WebIdentityToken=issuer.token())
    before = issuer.asked
    for _ in range(5):
        sts.assume_role_with_web_identity(RoleArn=role[1], RoleSessionName="me", WebIdentityToken=issuer.token())
    assert issuer.asked == before
