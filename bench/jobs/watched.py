"""Many jobs in progress: what the server does for them by itself, and while clients wait for each."""

import concurrent.futures
import os
import time
from pathlib import Path

from measuring.load import THREADS, Connection, load

from .work import ENDED, Jobs

JOBS = int(os.environ.get("ATELIER_BENCH_WATCHED", "500"))
# as often as the SDK's wait() asks
EVERY_SECONDS = 5
SECONDS = 30
WARM_SECONDS = 20
MOST_PERCENT = 5
PROGRAM = "import time; time.sleep(3600)"


def measure(atelier, report):
    jobs = Jobs(atelier)
    names = ["watched-%03d" % each for each in range(JOBS)]
    jobs.submit(names[0], PROGRAM)
    jobs.until(names[0], lambda each: each["SecondaryStatus"] == "Training")
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda name: jobs.submit(name, PROGRAM), names[1:]))
    # what a server that has run for a while does not do any more is compile its code
    load(atelier.url, [describe(atelier, name) for name in names[:THREADS]], WARM_SECONDS)
    before = cpu_seconds(atelier)
    time.sleep(SECONDS)
    alone = 100 * (cpu_seconds(atelier) - before) / SECONDS
    report.below("%d jobs in progress, of one core" % JOBS, alone, "%", MOST_PERCENT)
    before = cpu_seconds(atelier)
    asked = watch(atelier, names, SECONDS)
    asking = 100 * (cpu_seconds(atelier) - before) / SECONDS
    report.below("the same, each described every %d s" % EVERY_SECONDS, asking, "%", MOST_PERCENT,
                 "%.0f requests/s" % (asked / SECONDS))
    report.below("memory with %d jobs in progress, most" % JOBS, atelier.most_memory(), "MB", 512)
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda name: jobs.sagemaker.stop_training_job(TrainingJobName=name), reversed(names)))
    for name in names:
        jobs.until(name, lambda each: each["TrainingJobStatus"] in ENDED)


def watch(atelier, names, seconds):
    """Describes every job each few seconds, evenly spread; how many answers came."""
    connection = Connection(("127.0.0.1", atelier.port))
    begun = time.perf_counter()
    count = 0
    while (now := time.perf_counter() - begun) < seconds:
        due = count * EVERY_SECONDS / len(names)
        if due > now:
            time.sleep(due - now)
        connection.exchange(describe(atelier, names[count % len(names)]))
        count += 1
    connection.close()
    return count


def describe(atelier, name):
    return atelier.signer.json("DescribeTrainingJob", {"TrainingJobName": name})


def cpu_seconds(atelier):
    """Processor time of the server's process so far."""
    fields = Path("/proc/%d/stat" % atelier.process.pid).read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
