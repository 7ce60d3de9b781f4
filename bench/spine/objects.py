"""S3: small objects against moto server, big ones against a plain copy of a file that is synced to disk."""

import hashlib
import os
import random
import shutil
import statistics
import time

from measuring import moto
from measuring.load import Connection, load
from measuring.signed import Signer

MIB = 1 << 20
BIG = 64 * MIB
ROUNDS = 9
SMALL_AIM, BIG_AIM = 10, 0.5


def measure(atelier, report):
    atelier.client("s3").create_bucket(Bucket="objects")
    small(atelier, report)
    big(atelier, report)


def small(atelier, report):
    body = random.Random(4).randbytes(4_096)
    with moto.server() as url:
        peer = atelier.client("s3", url)
        peer.create_bucket(Bucket="objects")
        rates = {}
        for name, address, signer, client in (("moto", url, Signer(url, moto.KEYS), peer),
                                              ("own", atelier.url, atelier.signer, atelier.client("s3"))):
            client.put_object(Bucket="objects", Key="small", Body=body)
            request = [signer.s3("GET", "/objects/small")]
            load(address, request, 5)
            rates[name] = load(address, request, 10)
    report.ratio("S3 GET 4 KB, 32 connections", rates["own"].rate, "/s", "moto", rates["moto"].rate,
                 rates["own"].rate / rates["moto"].rate, SMALL_AIM)


def big(atelier, report):
    """Each round copies, puts and gets, so that all three meet the same disk."""
    body = random.Random(64).randbytes(BIG)
    source = atelier.folder / "big"
    source.write_bytes(body)
    put, get = atelier.signer.s3("PUT", "/objects/big", body), atelier.signer.s3("GET", "/objects/big")
    connection = Connection(("127.0.0.1", atelier.port))
    copies, puts, gets = [], [], []
    for _ in range(ROUNDS):
        copies.append(copied(source))
        puts.append(connection.exchange(put))
        gets.append(connection.exchange(get))
    connection.close()
    copy, put, get = (BIG / MIB / statistics.median(each[2:]) for each in (copies, puts, gets))
    report.ratio("S3 PUT 64 MB", put, "MB/s", "copy+fsync", copy, put / copy, BIG_AIM)
    begun = time.perf_counter()
    hashlib.md5(body).digest()
    print("  (the ETag of an object put at once is its MD5, which this machine computes at %.0f MB/s)"
          % (BIG / MIB / (time.perf_counter() - begun)))
    report.ratio("S3 GET 64 MB", get, "MB/s", "copy+fsync", copy, get / copy, BIG_AIM)


def copied(source):
    target = source.with_name("copy")
    begun = time.perf_counter()
    shutil.copyfile(source, target)
    with open(target, "rb") as file:
        os.fsync(file.fileno())
    folder = os.open(source.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    taken = time.perf_counter() - begun
    target.unlink()
    return taken
