"""Calls whose answer may be lost: what is not acknowledged has an unknown outcome, what was refused has none."""

import collections
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import (BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError,
                                 ReadTimeoutError)

STOPPED = threading.Event()
# set between a server's ready line and its next kill: calls wait for it, so that few are refused
READY = threading.Event()
UNANSWERED_SECONDS = 120
# a server that answers with a failure, again and again for so long, means it
FAILING_SECONDS = 2
OUTCOMES = collections.Counter()
counting = threading.Lock()


class Unknown(Exception):
    """The connection broke before an answer came: it was done or it was not."""


class NotSent(Unknown):
    """No connection was accepted, so it was certainly not done."""


class Late(Unknown):
    """No answer came in time from a server that may do it still."""


def session(server, keys):
    return boto3.Session(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1")


def client(made, server, service):
    return made.client(service, endpoint_url=server.url, config=Config(
        connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1}, max_pool_connections=4,
        proxies={}, s3={"addressing_style": "path"}))


def attempt(call, **request):
    READY.wait()
    try:
        return call(**request)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise Unknown(str(error)) from error
        raise
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        raise NotSent(str(error)) from error
    except ReadTimeoutError as error:
        raise Late(str(error)) from error
    except (BotoCoreError, OSError) as error:
        raise Unknown(str(error)) from error


def count(outcome):
    with counting:
        OUTCOMES[threading.current_thread().name, outcome] += 1


def once(call, **request):
    """The answer, NotSent or Unknown, counted; an error that the server answered is raised as it is."""
    try:
        answer = attempt(call, **request)
    except NotSent:
        count("refused")
        raise
    except Unknown:
        count("unknown")
        raise
    except ClientError:
        count("acknowledged")
        raise
    count("acknowledged")
    return answer


def created(call, **request):
    """Creates something by name: when an answer was lost, that the name is taken means that it was made."""
    unknown = False
    while not STOPPED.is_set():
        try:
            once(call, **request)
            return
        except NotSent:
            continue
        except Unknown:
            unknown = True
        except ClientError as error:
            if unknown and code(error) == "ResourceInUse":
                return
            raise


def again(call, **request):
    """Repeats a call that changes nothing, or changes the same twice, until it is answered; a lasting failure is."""
    end = time.monotonic() + UNANSWERED_SECONDS
    failing = None
    while True:
        try:
            return attempt(call, **request)
        except Unknown as error:
            if STOPPED.is_set():
                raise
            now = time.monotonic()
            if not READY.is_set():
                end, failing = now + UNANSWERED_SECONDS, None
            elif not isinstance(error.__cause__, ClientError):
                failing = None
            elif now > (failing := failing or now + FAILING_SECONDS):
                raise error.__cause__
            if now > end:
                raise RuntimeError("no answer within %d s: %s" % (UNANSWERED_SECONDS, error)) from error
            # a server that answers with errors is not asked in a tight loop
            time.sleep(0.05)


def outcomes():
    """What became of the calls that change something, for each life cycle."""
    names = sorted({name for name, _ in OUTCOMES})
    return ", ".join("%s %d/%d/%d" % (name, *(OUTCOMES[name, each] for each in ("acknowledged", "unknown", "refused")))
                     for name in names)


def code(error):
    return error.response["Error"]["Code"]
