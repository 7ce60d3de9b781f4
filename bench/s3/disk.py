"""64 MB objects against a plain file: written and flushed, read from the disk and from memory."""

import hashlib
import os
import random
import statistics
import time

from measuring.load import Connection

MIB = 1 << 20
SIZE = 64 * MIB
ROUNDS = 9
AIM = 0.8


def measure(atelier, report):
    atelier.client("s3").create_bucket(Bucket="disk")
    body = random.Random(64).randbytes(SIZE)
    file = atelier.folder / "plain"
    put, get = atelier.signer.s3("PUT", "/disk/object", body), atelier.signer.s3("GET", "/disk/object")
    connection = Connection(("127.0.0.1", atelier.port))
    times = {name: [] for name in ("write", "put", "read", "get", "cached read", "cached get")}
    for _ in range(ROUNDS):
        times["write"].append(written(file, body))
        times["put"].append(connection.exchange(put))
        forget(file)
        times["read"].append(read(file))
        forget(*contents(atelier))
        times["get"].append(connection.exchange(get))
        times["cached read"].append(read(file))
        times["cached get"].append(connection.exchange(get))
    connection.close()
    file.unlink()
    rate = {name: SIZE / MIB / statistics.median(values[2:]) for name, values in times.items()}
    report.ratio("S3 PUT 64 MB", rate["put"], "MB/s", "write+fsync", rate["write"], rate["put"] / rate["write"], AIM)
    begun = time.perf_counter()
    hashlib.md5(body).digest()
    print("  (the ETag of an object put at once is its MD5, which this machine computes at %.0f MB/s)"
          % (SIZE / MIB / (time.perf_counter() - begun)))
    report.ratio("S3 GET 64 MB", rate["get"], "MB/s", "read", rate["read"], rate["get"] / rate["read"], AIM)
    print("  (from memory: GET %.0f MB/s, read %.0f MB/s)" % (rate["cached get"], rate["cached read"]))


def contents(atelier):
    """The files that are as long as the object."""
    return [path for path in (atelier.data / "objects").rglob("*") if path.is_file() and path.stat().st_size == SIZE]


def forget(*files):
    """Drops files from the system's memory, so that the next read comes from the disk."""
    for each in files:
        place = os.open(each, os.O_RDONLY)
        os.posix_fadvise(place, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(place)


def written(file, body):
    file.unlink(missing_ok=True)
    begun = time.perf_counter()
    with open(file, "wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return time.perf_counter() - begun


def read(file):
    buffer = bytearray(MIB)
    begun = time.perf_counter()
    with open(file, "rb", buffering=0) as source:
        while source.readinto(buffer):
            pass
    return time.perf_counter() - begun
