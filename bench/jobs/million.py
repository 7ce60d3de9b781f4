"""A channel of very many small objects."""

import concurrent.futures
import os
import selectors
import time

from measuring.load import Connection
from measuring.signed import Signer

from .watched import cpu_seconds
from .work import BUCKET, Jobs, phase

OBJECTS = int(os.environ.get("ATELIER_BENCH_OBJECTS", "200000"))
FULL = 1_000_000
FULL_SECONDS = 20
WORKERS, CONNECTIONS = 2, 256
BODY = b"small,but,not,empty\n" * 5
PROGRAM = ("import os; at = '/opt/ml/input/data/data'; "
           "print('found', sum(len(files) for _, _, files in os.walk(at)), flush=True)")


def key(number):
    return "many/%04d/%07d.csv" % (number // 1_000, number)


def fill(port, url, keys, first):
    """Puts every so many-th object over connections of its own."""
    signer = Signer(url, keys)
    numbers = iter(range(first, OBJECTS, WORKERS))
    busy = selectors.DefaultSelector()

    def send(connection):
        number = next(numbers, None)
        if number is None:
            busy.unregister(connection.socket)
            connection.close()
            return
        connection.socket.sendall(signer.quick("PUT", "/%s/%s" % (BUCKET, key(number)), BODY))

    for _ in range(CONNECTIONS):
        connection = Connection(("127.0.0.1", port))
        busy.register(connection.socket, selectors.EVENT_READ, connection)
        send(connection)
    while busy.get_map():
        for event, _ in busy.select():
            connection = event.data
            answer = connection.socket.recv(1 << 16)
            if b" 200" not in answer[:15]:
                raise RuntimeError("refused: %s" % answer)
            send(connection)


def measure(atelier, report):
    jobs = Jobs(atelier)
    jobs.submit("warm", "pass")
    jobs.ended("warm")
    print("  (putting %d objects)" % OBJECTS, flush=True)
    begun = time.perf_counter()
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as workers:
        for done in [workers.submit(fill, atelier.port, atelier.url, atelier.keys, first) for first in range(WORKERS)]:
            done.result()
    print("  (%.0f objects/s)" % (OBJECTS / (time.perf_counter() - begun)), flush=True)
    begun, before = time.perf_counter(), cpu_seconds(atelier)
    accepted = jobs.submit("many", PROGRAM, channel="many/")
    print("  (accepted after %.1f s)" % (time.perf_counter() - begun), flush=True)
    jobs.until("many", lambda job: job["SecondaryStatus"] not in ("Starting", "Pending", "Downloading"))
    print("  (the server's processor time until then: %.1f s)" % (cpu_seconds(atelier) - before), flush=True)
    job = jobs.ended("many")
    if jobs.line("many", "found")[1] != "found %d" % OBJECTS:
        raise RuntimeError("not all of the channel was there: %s" % jobs.lines("many"))
    downloaded = phase(job, "Downloading")
    limit = FULL_SECONDS * OBJECTS / FULL
    report.below("channel of %s objects, ready" % format(OBJECTS, ","), downloaded[1] - accepted, "s", limit)
    report.below("memory with this channel, most", atelier.most_memory(), "MB", 700)
    report.below("the same, given back after the program's end",
                 job["TrainingEndTime"].timestamp() - phase(job, "Training")[1], "s", limit)
