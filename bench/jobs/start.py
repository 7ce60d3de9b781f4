"""From CreateTrainingJob to the program's first line, and what a job takes beside its program."""

import statistics

from measuring import alone

from .work import Jobs, whole

ROUNDS = 7
READY_SECONDS, FIRST_SECONDS, OVERHEAD_SECONDS = 1, 2, 0.6
PROGRAM = "print('first line', flush=True); import time; time.sleep(1)"


def first_line(jobs, name, keep_alive=0):
    accepted = jobs.submit(name, PROGRAM, keep_alive=keep_alive)
    job = jobs.ended(name)
    return jobs.line(name, "first line")[0] - accepted, job


def measure(atelier, report):
    jobs = Jobs(atelier)
    first_line(jobs, "builds-the-environment")
    atelier.end()
    atelier.spawn()
    atelier.wait_ready()
    first, _ = first_line(jobs, "first-of-its-kind")
    report.below("first job after a start, to its first line", first, "s", FIRST_SECONDS)
    rounds = [first_line(jobs, "built-%d" % each) for each in range(ROUNDS)]
    report.below("environment built, to the first line, median", statistics.median(each for each, _ in rounds), "s",
                 READY_SECONDS)
    bare = alone.seconds(PROGRAM, ROUNDS)
    beside = statistics.median(lasted(job) for _, job in rounds) - bare
    report.below("start to end, more than the program alone", beside, "s", OVERHEAD_SECONDS,
                 "the program alone %.2f s" % bare)
    more = statistics.median(whole(job) for _, job in rounds) - bare
    report.below("create to end, more than the program alone", more, "s", OVERHEAD_SECONDS,
                 "the program alone %.2f s" % bare)
    first_line(jobs, "pool", keep_alive=600)
    pooled = [first_line(jobs, "pooled-%d" % each, keep_alive=600)[0] for each in range(ROUNDS)]
    report.below("warm pool, to the first line, median", statistics.median(pooled), "s", READY_SECONDS)
    last = "pooled-%d" % (ROUNDS - 1)
    jobs.until(last, lambda job: job["WarmPoolStatus"]["Status"] == "Available")
    jobs.sagemaker.update_training_job(TrainingJobName=last, ResourceConfig={"KeepAlivePeriodInSeconds": 0})
    report.below("memory meanwhile, most", atelier.most_memory(), "MB", 512)


def lasted(job):
    return (job["TrainingEndTime"] - job["TrainingStartTime"]).total_seconds()
