"""Calls whose answer may be lost: what is not acknowledged has an unknown outcome."""

import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

STOPPED = threading.Event()


class Unknown(Exception):
    """The connection broke before an answer came."""


def session(server, keys):
    return boto3.Session(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1")


def client(made, server, service):
    return made.client(service, endpoint_url=server.url, config=Config(
        connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1}, max_pool_connections=4,
        proxies={}, s3={"addressing_style": "path"}))


def once(call, **request):
    """The answer, or Unknown; an error that the server answered is raised as it is."""
    try:
        return call(**request)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise Unknown("%s: %s" % (call.__name__, error)) from error
        raise
    except (BotoCoreError, OSError) as error:
        time.sleep(0.1)
        raise Unknown(str(error)) from error


def again(call, **request):
    """Repeats a call that changes nothing, or changes the same twice, until it is answered."""
    while True:
        try:
            return once(call, **request)
        except Unknown:
            if STOPPED.is_set():
                raise


def code(error):
    return error.response["Error"]["Code"]
