"""A channel of few large objects, beside a copy of the same bytes."""

import os
import random
import shutil
import statistics
import time

from .work import BUCKET, Jobs, phase

GIGABYTES = int(os.environ.get("ATELIER_BENCH_CHANNEL_GB", "10"))
GIB = 1 << 30
PART = 64 << 20
ROUNDS = 5
READY_MS = 200
PROGRAM = ("import os; at = '/opt/ml/input/data/data'; "
           "print('found', sum(os.path.getsize(os.path.join(at, each)) for each in os.listdir(at)), flush=True)")


def measure(atelier, report):
    if shutil.disk_usage(atelier.folder).free < (GIGABYTES + 2) * GIB:
        raise RuntimeError("the disk has no room for %d GiB; ATELIER_BENCH_CHANNEL_GB makes it fewer" % GIGABYTES)
    jobs = Jobs(atelier)
    print("  (putting %d objects of 1 GiB)" % GIGABYTES, flush=True)
    for number in range(GIGABYTES):
        put(jobs.s3, "large/part-%d" % number, random.Random(number).randbytes(PART))
    with_data, without = [], []
    for count in range(ROUNDS + 1):
        jobs.submit("large-%d" % count, PROGRAM, channel="large/")
        job = jobs.ended("large-%d" % count)
        if jobs.line("large-%d" % count, "found")[1] != "found %d" % (GIGABYTES * GIB):
            raise RuntimeError("not all of the channel was there")
        with_data.append(downloading(job))
        jobs.submit("none-%d" % count, "pass")
        without.append(downloading(jobs.ended("none-%d" % count)))
    ready, bare = (1_000 * statistics.median(each[1:]) for each in (with_data, without))
    copied = copy_seconds(atelier)
    report.below("%d GiB channel ready, more than without one" % GIGABYTES, ready - bare, "ms", READY_MS,
                 "cp %.1f s" % copied, "%.0fx" % (1_000 * copied / max(1, ready - bare)))
    report.below("Downloading with %d GiB, the sandbox's start included" % GIGABYTES, ready, "ms", READY_MS,
                 "without a channel %.0f ms" % bare)
    report.below("memory with these channels, most", atelier.most_memory(), "MB", 512)
    for number in range(GIGABYTES):
        jobs.s3.delete_object(Bucket=BUCKET, Key="large/part-%d" % number)


def put(s3, key, part):
    """An object of 1 GiB in 16 parts."""
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
    parts = [{"PartNumber": number, "ETag": s3.upload_part(
        Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=number, Body=part)["ETag"]} for number in range(1, 17)]
    s3.complete_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})


def downloading(job):
    begin, end = phase(job, "Downloading")
    return end - begin


def copy_seconds(atelier):
    """The time that copies of all objects take, each gone before the next is made: the disk is not larger."""
    seconds = 0.0
    for path in (atelier.data / "objects").rglob("*"):
        if path.is_file() and path.stat().st_size == GIB:
            begun = time.perf_counter()
            shutil.copyfile(path, atelier.folder / "copy")
            seconds += time.perf_counter() - begun
            (atelier.folder / "copy").unlink()
    return seconds
