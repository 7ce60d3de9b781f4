"""What the disk changed behind the server's back is found, told and not served."""

import json
import os
import pathlib
import subprocess

import pytest
from botocore.exceptions import ClientError

from server import LAUNCHER, clean_environment, wait_until


def damaged(server):
    status = subprocess.run([LAUNCHER, "status", "--data", server.data], env=clean_environment(), check=True, text=True,
                            stdout=subprocess.PIPE, timeout=60).stdout
    return [line.split() for line in status.splitlines() if line.startswith("objects")]


def test_a_damaged_object_is_refused_and_counted(own_server):
    server = own_server(json.dumps({"scrub": {"everyDays": 0}})).start()
    s3 = server.client("s3")
    s3.create_bucket(Bucket="damaged")
    content = os.urandom(100_000)
    s3.put_object(Bucket="damaged", Key="hit", Body=content)
    s3.put_object(Bucket="damaged", Key="sound", Body=b"sound")
    assert damaged(server) == [["objects", "0", "damaged"]]
    port = server.port
    server.down()
    file, = (path for path in pathlib.Path(server.data, "objects").rglob("*")
             if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content)
    flipped = bytearray(content)
    flipped[77_777] ^= 4
    file.write_bytes(flipped)
    server.config.write_text(json.dumps({"scrub": {"everyDays": 1}}))
    server.start(port)
    s3 = server.client("s3")
    wait_until(lambda: damaged(server) == [["objects", "1", "damaged"]], "the damage was counted")
    for call in (lambda: s3.get_object(Bucket="damaged", Key="hit"),
                 lambda: s3.get_object(Bucket="damaged", Key="hit", Range="bytes=0-9"),
                 lambda: s3.copy_object(Bucket="damaged", Key="copy", CopySource="damaged/hit")):
        with pytest.raises(ClientError) as refused:
            call()
        assert refused.value.response["Error"]["Code"] == "InternalError"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert s3.get_object(Bucket="damaged", Key="sound")["Body"].read() == b"sound"
    s3.put_object(Bucket="damaged", Key="hit", Body=content)
    assert s3.get_object(Bucket="damaged", Key="hit")["Body"].read() == content
    assert damaged(server) == [["objects", "0", "damaged"]]
