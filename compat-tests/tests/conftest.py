import contextlib
import importlib
import os
import subprocess
import uuid

import boto3
import pytest
from botocore.config import Config

from server import Server, clean_environment, wait_until
from browser import Browser
from hurried import hurry

SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ROLE = "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("atelier") / "data").start()
    yield started
    started.down()


@pytest.fixture(scope="session")
def own_server(tmp_path_factory):
    """Makes servers on data folders of their own, for tests that kill or configure them."""
    made = []

    def make(config=None, options=()):
        folder = tmp_path_factory.mktemp("atelier")
        file = None
        if config is not None:
            file = folder / "config.json"
            file.write_text(config)
        made.append(Server(folder / "data", file, options))
        return made[-1]

    yield make
    with contextlib.ExitStack() as ending:
        # one that does not end must not keep the others running
        for each in made:
            if each.process is not None and each.process.poll() is None:
                ending.callback(each.down)


@pytest.fixture(scope="session")
def settings(server):
    return server.settings()


@pytest.fixture(scope="session", autouse=True)
def shell(settings, tmp_path_factory):
    """The settings of `atelier env` in this process and in the programs it starts, as in a user's shell."""
    before = dict(os.environ)
    wanted = {**clean_environment(), **settings}
    os.environ.clear()
    os.environ.update(wanted)
    os.environ["HOME"] = str(tmp_path_factory.mktemp("home"))
    yield os.environ
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def client(shell):
    def make(service, **options):
        config = Config(retries={"max_attempts": 1}, **options.pop("config", {}))
        return boto3.session.Session().client(service, config=config, **options)

    return make


@pytest.fixture(scope="session")
def administrator(server, client):
    keys = server.settings("--admin")

    def make(service, **options):
        return client(service, aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
                      aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
                      aws_session_token=keys.get("AWS_SESSION_TOKEN"), **options)

    return make


@pytest.fixture(scope="session")
def sagemaker(client):
    return client("sagemaker")


@pytest.fixture(scope="session")
def s3(client):
    return client("s3")


@pytest.fixture
def bucket(s3):
    name = "compat-" + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def name(request):
    """A resource name that no other test uses."""
    return "%s-%s" % (request.node.originalname.replace("_", "-")[:40].strip("-"), uuid.uuid4().hex[:8])


@pytest.fixture
def unique():
    return uuid.uuid4().hex[:10]


@pytest.fixture(scope="session")
def aws(shell):
    """The AWS CLI of this environment."""
    def run(*arguments, check=True):
        return subprocess.run(["aws", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=check, timeout=120)

    return run


@pytest.fixture
def hurried():
    """The SDK waits no longer than it has to."""
    importlib.import_module("sagemaker.session")
    leave = hurry()
    yield
    leave()


@pytest.fixture
def domain(sagemaker):
    """The first domain, which the server made."""
    found = [each["DomainId"] for each in sagemaker.list_domains()["Domains"] if each["DomainName"] == "default"]
    wait_until(lambda: sagemaker.describe_user_profile(DomainId=found[0], UserProfileName="default")["Status"]
               == "InService", "the first profile is in service")
    return found[0]


@pytest.fixture
def opened(sagemaker, domain):
    """Makes browsers with a presigned URL of a profile; the domain's apps are gone afterwards."""
    def make(profile="default"):
        return Browser(sagemaker.create_presigned_domain_url(
            DomainId=domain, UserProfileName=profile)["AuthorizedUrl"])

    yield make
    for app in sagemaker.list_apps(DomainIdEquals=domain)["Apps"]:
        if app["Status"] not in ("Deleted", "Failed", "Deleting"):
            sagemaker.delete_app(DomainId=domain, UserProfileName=app["UserProfileName"], AppType=app["AppType"],
                                 AppName=app["AppName"])
    wait_until(lambda: all(app["Status"] in ("Deleted", "Failed")
                           for app in sagemaker.list_apps(DomainIdEquals=domain)["Apps"]), "the apps are gone")
