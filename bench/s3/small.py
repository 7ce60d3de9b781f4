"""4 KB objects, written and read over 32 connections, beside versitygw and moto server."""

import contextlib
import itertools
import random

from measuring import moto, versitygw
from measuring.load import load
from measuring.signed import Signer

BODY = random.Random(4).randbytes(4_096)
WARM_SECONDS, SECONDS = 10, 10
MOST_PUT = 160_000
MOTO_AIM = 10
# what versitygw acknowledges a power cut may take back; Atelier has flushed it
VERSITY_AIM = 0.5


class Side:
    def __init__(self, url, keys, client):
        self.url, self.signer = url, Signer(url, keys)
        self.names = itertools.count()
        client.create_bucket(Bucket="small")
        client.put_object(Bucket="small", Key="read", Body=BODY)

    def get(self):
        request = [self.signer.s3("GET", "/small/read")]
        load(self.url, request, WARM_SECONDS)
        return load(self.url, request, SECONDS).rate

    def put(self):
        load(self.url, self.puts(MOST_PUT // 2), WARM_SECONDS)
        return load(self.url, self.puts(MOST_PUT), SECONDS).rate

    def puts(self, count):
        return [self.signer.s3("PUT", "/small/object-%d" % number, BODY)
                for number in itertools.islice(self.names, count)]


def measure(atelier, report):
    own = Side(atelier.url, atelier.keys, atelier.client("s3"))
    binary = versitygw.program()
    if binary is None:
        print("  (no Go here: versitygw is not measured)")
    peers = [("moto", lambda: moto.server(), moto.KEYS, MOTO_AIM)]
    if binary is not None:
        peers.insert(0, ("versitygw, no fsync", lambda: versitygw.server(binary), versitygw.KEYS, VERSITY_AIM))
    for name, start, keys, aim in peers:
        with contextlib.ExitStack() as running:
            url = running.enter_context(start())
            peer = Side(url, keys, atelier.client("s3", url, keys))
            for kind, action in (("PUT", Side.put), ("GET", Side.get)):
                theirs, ours = action(peer), action(own)
                report.ratio("S3 %s 4 KB, 32 connections" % kind, ours, "/s", name, theirs, ours / theirs, aim)
