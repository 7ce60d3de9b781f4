"""Pages of 1,000 keys out of a million."""

import concurrent.futures
import os
import random

from measuring.load import Connection
from measuring.signed import Signer

KEYS = int(os.environ.get("ATELIER_BENCH_KEYS", "1000000"))
WORKERS = 4
PAGES = 400
P99_MS = 30


def fill(port, url, keys, first):
    """Puts every so many-th empty object."""
    signer, connection = Signer(url, keys), Connection(("127.0.0.1", port))
    for number in range(first, KEYS, WORKERS):
        connection.exchange(signer.quick("PUT", "/listed/" + key(number)))
    connection.close()


def key(number):
    return "data/%03d/part-%07d.parquet" % (number % 1_000, number)


def measure(atelier, report):
    atelier.client("s3").create_bucket(Bucket="listed")
    print("  (putting %d keys)" % KEYS, flush=True)
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as workers:
        for done in [workers.submit(fill, atelier.port, atelier.url, atelier.keys, first) for first in range(WORKERS)]:
            done.result()
    choice = random.Random(1_000)
    connection = Connection(("127.0.0.1", atelier.port))
    times = []
    for turn in range(PAGES + 20):
        after = key(choice.randrange(KEYS)).replace("/", "%2F")
        taken = connection.exchange(atelier.signer.s3(
            "GET", "/listed?list-type=2&max-keys=1000&start-after=" + after))
        if turn >= 20:
            times.append(taken * 1_000)
    connection.close()
    times.sort()
    print("  (median %.1f ms)" % times[len(times) // 2])
    report.below("1,000 of %s keys listed, 99th percentile" % format(KEYS, ","), times[int(len(times) * 0.99)], "ms", P99_MS)
