"""Many queued jobs of a second each, beside their programs alone, as many at once as the queue let run."""

import concurrent.futures
import os
import subprocess
import sys
import time

from .work import Jobs, phase

JOBS = int(os.environ.get("ATELIER_BENCH_JOBS", "200"))
PROGRAM = "import time; time.sleep(1)"
MOST = 1.3


def measure(atelier, report):
    jobs = Jobs(atelier)
    jobs.submit("warm", "pass")
    jobs.ended("warm")
    names = ["queued-%03d" % each for each in range(JOBS)]
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda name: jobs.submit(name, PROGRAM), names))
    ended = [jobs.ended(name) for name in names]
    took = max(each["TrainingEndTime"] for each in ended) - min(each["CreationTime"] for each in ended)
    slots = most_at_once([phase(each, "Training") for each in ended])
    with concurrent.futures.ThreadPoolExecutor(slots) as at_once:
        begun = time.perf_counter()
        list(at_once.map(lambda name: subprocess.run([sys.executable, "-c", PROGRAM], check=True), names))
        alone = time.perf_counter() - begun
    report.below("%d queued jobs of a second, %d at once" % (JOBS, slots), took.total_seconds() / alone, "x", MOST,
                 "programs alone %.1f s" % alone, "%.1f s" % took.total_seconds())
    report.below("memory with %d jobs queued, most" % JOBS, atelier.most_memory(), "MB", 512)


def most_at_once(spans):
    """The most of these spans that share a moment; one that ends when another begins does not."""
    changes = sorted([(begin, 1) for begin, _ in spans] + [(end, -1) for _, end in spans])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most
