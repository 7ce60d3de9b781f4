"""Clients of another machine: they know the address and an access key, and nothing of the server's data folder."""

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.exceptions import ClientError
from jupyter_client.manager import KernelManager

from server import LAUNCHER, clean_environment

HOST = "lab.atelier.test"
STEPS = "docs/remote.md"


@pytest.fixture(scope="module")
def remote(own_server):
    return own_server(options=["--host", "0.0.0.0", "--public-host", HOST]).start()


@pytest.fixture(scope="module")
def address(remote):
    return "https://127.0.0.1:%d" % remote.port


@pytest.fixture
def home(tmp_path):
    return tmp_path


def env(home, keys, *arguments):
    """The command on a machine that has only a checkout."""
    environment = {**clean_environment(), "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
                   "XDG_CACHE_HOME": os.path.dirname(os.environ["ATELIER_CACHE"]),
                   "ATELIER_ACCESS_KEY_ID": keys[0], "ATELIER_SECRET_ACCESS_KEY": keys[1]}
    return subprocess.run([LAUNCHER, "env", *arguments], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120)


@pytest.fixture(scope="module")
def keys(remote):
    settings = remote.settings("--admin")
    return settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"]


def variables(text):
    return dict(re.findall(r'^(\w+)="(.*)"$', text, re.MULTILINE))


def test_signing_in_with_a_key_gives_all_that_clients_need(home, keys, address):
    done = env(home, keys, "--url", address, "--format", "dotenv")
    assert done.returncode == 0, done.stderr
    settings = variables(done.stdout)
    assert settings["AWS_ENDPOINT_URL"] == address
    assert settings["HTTPS_PROXY"].startswith("https://atelier:")
    assert os.path.commonpath([settings["AWS_CA_BUNDLE"], str(home)]) == str(home)
    code = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    told = subprocess.run([sys.executable, "-c", code], env={**clean_environment(), "HOME": str(home), **settings},
                          stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
    assert told.strip() == "arn:aws:sts::123456789012:assumed-role/AtelierExecutionRole/atelier-env"


@pytest.mark.parametrize("name, status", [("studio." + HOST, 200), ("app-1.studio." + HOST, 401)])
def test_the_console_is_found_below_the_name(home, keys, address, remote, name, status):
    done = env(home, keys, "--url", address, "--format", "dotenv")
    trust = ssl.create_default_context(cafile=variables(done.stdout)["AWS_CA_BUNDLE"])
    with socket.create_connection(("127.0.0.1", remote.port)) as raw, \
            trust.wrap_socket(raw, server_hostname=name) as connection:
        connection.sendall(("GET / HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n"
                            % (name, remote.port)).encode())
        assert connection.recv(12) == b"HTTP/1.1 %d" % status


def test_a_profile_of_aws_can_hold_the_keys(home, keys, address):
    (home / ".aws").mkdir()
    (home / ".aws/credentials").write_text(
        "[lab]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % keys)
    done = env(home, ("", ""), "--url", address, "--profile", "lab", "--admin", "--format", "dotenv")
    assert variables(done.stdout)["AWS_ACCESS_KEY_ID"] == keys[0]


def test_wrong_keys_and_no_keys_get_a_sentence(home, keys, address):
    wrong = env(home, (keys[0], "not-the-secret"), "--url", address)
    assert wrong.returncode == 1 and wrong.stdout == ""
    assert "refused the keys" in wrong.stderr
    none = env(home, ("", ""), "--url", address)
    assert none.returncode == 1 and "ATELIER_ACCESS_KEY_ID" in none.stderr
    plain = env(home, keys, "--url", address.replace("https", "http"))
    assert plain.returncode == 1 and "https://HOST:PORT" in plain.stderr


def test_nothing_of_the_settings_is_told_to_who_does_not_sign(address):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address + "/.well-known/atelier/client", context=context, timeout=30)
    assert refused.value.code == 403


def test_a_name_that_is_not_the_servers_is_refused(remote):
    def ask(host):
        request = urllib.request.Request("http://127.0.0.1:%d/" % remote.port, headers={"Host": host})
        try:
            return urllib.request.urlopen(request, timeout=30).status
        except urllib.error.HTTPError as failure:
            return failure.code

    assert ask(HOST) == 403  # S3's AccessDenied for an unsigned listing
    assert ask("elsewhere.atelier.test") == 421


def test_the_certificate_names_the_host(remote, home, keys, address):
    settings = variables(env(home, keys, "--url", address, "--format", "dotenv").stdout)
    context = ssl.create_default_context(cafile=settings["AWS_CA_BUNDLE"])
    with socket.create_connection(("127.0.0.1", remote.port), timeout=30) as plain:
        with context.wrap_socket(plain, server_hostname=HOST) as secure:
            assert ("DNS", HOST) in secure.getpeercert()["subjectAltName"]
    with socket.create_connection(("127.0.0.1", remote.port), timeout=30) as plain:
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(plain, server_hostname="elsewhere.atelier.test")


def test_the_local_certificate_names_this_machine(server):
    context = ssl.create_default_context(cafile=server.settings()["AWS_CA_BUNDLE"])
    for name in ("localhost", "127.0.0.1"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as plain:
            with context.wrap_socket(plain, server_hostname=name) as secure:
                names = secure.getpeercert()["subjectAltName"]
                assert ("DNS", "localhost") in names and ("IP Address", "127.0.0.1") in names


def test_a_kernel_started_outside_the_shell_follows_the_page(home, keys, address):
    """The steps of the page, with the kernel that VS Code or Jupyter starts: it has none of the shell's settings."""
    page = open(os.path.join(os.path.dirname(LAUNCHER), STEPS)).read()
    command = re.search(r"^(\./atelier env --url .*) > \.env$", page, re.MULTILINE).group(1)
    words = command.replace("https://HOST:PORT", address).split()[2:]
    done = env(home, keys, *words)
    assert done.returncode == 0, done.stderr
    (home / ".env").write_text(done.stdout)
    cell = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1)
    assert "load_dotenv" in cell
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(home), env={**clean_environment(), "HOME": str(home)})
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        printed = []
        answer = client.execute_interactive(cell, timeout=120, output_hook=lambda message: printed.append(
            message["content"].get("text") or "\n".join(message["content"].get("traceback", []))))
        assert answer["content"]["status"] == "ok", "".join(printed)
        assert "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole" in "".join(printed)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_user_of_the_account_signs_in_with_his_own_key(remote, home, keys, address):
    iam = boto3.client("iam", endpoint_url=remote.url, region_name="us-east-1",
                       aws_access_key_id=keys[0], aws_secret_access_key=keys[1], aws_session_token=None)
    iam.create_user(UserName="visitor")
    own = iam.create_access_key(UserName="visitor")["AccessKey"]
    pair = own["AccessKeyId"], own["SecretAccessKey"]
    refused = env(home, pair, "--url", address)
    assert refused.returncode == 1 and "not authorized to perform: sts:AssumeRole" in refused.stderr
    settings = variables(env(home, pair, "--url", address, "--admin", "--format", "dotenv").stdout)
    s3 = boto3.client("s3", endpoint_url=address, region_name="us-east-1", verify=settings["AWS_CA_BUNDLE"],
                      aws_access_key_id=pair[0], aws_secret_access_key=pair[1], aws_session_token=None)
    with pytest.raises(ClientError) as denied:
        s3.list_buckets()
    assert denied.value.response["Error"]["Code"] == "AccessDenied"
    iam.put_user_policy(UserName="visitor", PolicyName="role", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}))
    assert env(home, pair, "--url", address).returncode == 0
