"""Runs both parts and prints their one line of summary; exit 1 when a count is not 0."""

import argparse
import contextlib
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from spine_faults.calls import STOPPED, again, client, outcomes, session
from spine_faults.server import Server

from .plants import PLANTS
from .writers import BUCKETS, Counts, Writer

WRITERS = 5
KINDS = ("lost", "phantom", "torn", "wrong")


def parse():
    parser = argparse.ArgumentParser(prog="s3-crash", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--iterations", type=int, default=2000, help="crashes and faults within one process")
    parser.add_argument("--kills", type=int, default=200, help="kills of the server's process")
    parser.add_argument("--only", choices=("model", "kills"), help="one part alone")
    parser.add_argument("--keep", action="store_true", help="keep the data folder")
    parser.add_argument("--plant", choices=sorted(PLANTS), help="make one such fault from outside: its count must "
                        "turn red in each part (exit 1; exit 2 when it was not noticed)")
    return parser.parse_args()


def model(options):
    """The counts of the run in process, a JUnit test of the module."""
    home = os.environ["ATELIER_HOME"]
    settings = "-Datelier.crash.iterations=%d -Datelier.crash.seed=%d -Datelier.crash.plant=%s" % (
        options.iterations, options.seed, options.plant or "")
    done = subprocess.run([os.path.join(home, "mvnw"), "-B", "-ntp", "-q", "-f", os.path.join(home, "pom.xml"),
                           "-pl", "object-store", "-am", "test", "-Dtest=CrashTest",
                           "-Dsurefire.failIfNoSpecifiedTests=false", "-Dtest.jvm.args=" + settings],
                          capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith(("reached: ", "crash-model: ") + tuple(kind + ": " for kind in KINDS)):
            print(line[:600], flush=True)
    found = re.search(r"^crash-model: iterations=(\d+) .* lost=(\d+) phantom=(\d+) torn=(\d+) wrong=(\d+)", done.stdout,
                      re.MULTILINE)
    if not found:
        sys.exit("the model's run came to no end:\n" + done.stdout[-4000:] + done.stderr[-4000:])
    numbers = [int(each) for each in found.groups()]
    return numbers[0], dict(zip(KINDS, numbers[1:]))


def kill_often(server, writers, counts, options, chance):
    for kill in range(1, options.kills + 1):
        time.sleep(chance.uniform(0.05, 2.0))
        server.kill()
        server.spawn()
        if chance.random() < 0.1 and kill < options.kills:
            # the next kill meets a server that is still starting
            time.sleep(chance.uniform(0, 1.5))
            continue
        server.wait_ready()
        for writer in writers:
            writer.look_soon.set()
        if kill % 25 == 0:
            print("%d kills, %s" % (kill, counts.text()), flush=True)


def kills(options):
    folder = tempfile.mkdtemp(prefix="s3-crash", dir="/var/tmp")
    server = Server(folder)
    server.spawn()
    server.wait_ready()
    made = session(server, server.administrator())
    s3 = client(made, server, "s3")
    for name, versions in BUCKETS.items():
        s3.create_bucket(Bucket=name)
        if versions:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    counts = Counts()
    writers = [Writer(client(made, server, "s3"), options.seed, number, counts) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    kill_often(server, writers, counts, options, random.Random(options.seed))
    for writer in writers:
        writer.ending.set()
    for writer in writers:
        writer.join(180)
        if writer.is_alive():
            counts.blame("wrong", "%s did not come to its end" % writer.name)
    if options.plant:
        print("PLANTED %s: %s" % (options.plant, PLANTS[options.plant](server, writers)), flush=True)
    for writer in writers:
        writer.verify()
    strangers(s3, writers, counts)
    left = leftovers(server, s3)
    if left and not options.plant:
        counts.blame("wrong", "%d contents that nothing has" % left)
    STOPPED.set()
    server.end()
    print("changes (acknowledged/unknown/refused): %s" % outcomes())
    print("kills: %d, %s" % (options.kills, counts.text()))
    if options.keep or any(counts.values()) and not options.plant:
        print("kept: %s" % folder)
    else:
        shutil.rmtree(folder)
    return counts


def strangers(s3, writers, counts):
    """Keys that no writer has."""
    known = {key for writer in writers for key in writer.keys}
    for bucket in BUCKETS:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for entry in page.get("Versions", []) + page.get("DeleteMarkers", []):
                if (bucket, entry["Key"]) not in known:
                    counts.blame("phantom", "%s holds %s, which nobody sent" % (bucket, entry["Key"]))


def leftovers(server, s3):
    """How many contents there are beyond those of versions and parts, once the sweep of a start is over."""
    server.kill()
    server.spawn()
    server.wait_ready()
    wanted = 0
    for bucket in BUCKETS:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            wanted += len(page.get("Versions", []))
        for upload in again(s3.list_multipart_uploads, Bucket=bucket).get("Uploads", []):
            wanted += len(again(s3.list_parts, Bucket=bucket, Key=upload["Key"],
                                UploadId=upload["UploadId"]).get("Parts", []))
    end = time.monotonic() + 20
    while True:
        found = sum(1 for path in (server.data / "objects").rglob("*") if path.is_file()) + rows(server)
        if found == wanted or time.monotonic() > end:
            return found - wanted
        time.sleep(0.2)


def rows(server):
    """How many contents lie in rows, not in files."""
    with contextlib.closing(sqlite3.connect(server.data / "objects.db")) as index:
        return index.execute("SELECT count(*) FROM small_content").fetchone()[0]


def main():
    options = parse()
    print("seed=%d iterations=%d kills=%d" % (options.seed, options.iterations, options.kills), flush=True)
    iterations, total, noticed = 0, dict.fromkeys(KINDS, 0), True
    if options.only != "kills":
        iterations, found = model(options)
        total = {kind: total[kind] + found[kind] for kind in KINDS}
        noticed &= not options.plant or bool(found[options.plant])
    if options.only != "model":
        found = kills(options)
        total = {kind: total[kind] + found[kind] for kind in KINDS}
        noticed &= not options.plant or bool(found[options.plant])
    print("iterations=%d kills=%d lost=%d phantom=%d torn=%d wrong=%d seed=%d" % (
        iterations, 0 if options.only == "model" else options.kills, *(total[kind] for kind in KINDS), options.seed),
        flush=True)
    if not noticed:
        print("the planted fault was not noticed")
        sys.exit(2)
    sys.exit(1 if any(total.values()) else 0)


if __name__ == "__main__":
    main()
