"""Programs that take all they can get hurt neither the job beside them nor the server."""

import contextlib
import glob
import time

from server import wait_until
from test_training import create, finished, lines, shell

# says how long it was kept from running at worst
STEADY = ("import time; ends = [time.monotonic()]; "
          "[(time.sleep(0.05), ends.append(time.monotonic())) for _ in range(200)]; "
          "print('longest pause %.2f' % max(b - a for a, b in zip(ends, ends[1:])))")
# on a machine of two cores that has other work, too
SECONDS = 10
BOMB = "f() { f | f & }; f; sleep 6; : %s"
FLOOD = "yes 'a program that says one line after the other, and nothing that anybody wants to read' | head -c 100M"
FILL = "head -c 3G /dev/zero > /opt/ml/model/big; sleep 60"


def longest_pause(client, name):
    assert finished(client, name)["TrainingJobStatus"] == "Completed"
    return float(next(line for line in lines(client, name) if line.startswith("longest pause")).split()[-1])


def answers(client, name):
    """How long the server takes to answer at worst, until the job has ended."""
    slowest, status = 0.0, "InProgress"
    while status == "InProgress":
        asked = time.monotonic()
        status = client("sagemaker").describe_training_job(TrainingJobName=name)["TrainingJobStatus"]
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.05)
    return slowest


def left(mark):
    """Processes of this machine whose command line says something."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with contextlib.suppress(OSError), open(path, "rb") as line:
            if mark.encode() in line.read():
                found.append(path)
    return found


def beside(client, bucket, name, script, **changes):
    create(client, bucket, name + "-bad", AlgorithmSpecification=shell(script), **changes)
    create(client, bucket, name + "-good", AlgorithmSpecification={
        **shell(""), "ContainerEntrypoint": ["python3", "-c", STEADY]})
    wait_until(lambda: client("sagemaker").describe_training_job(
        TrainingJobName=name + "-good")["SecondaryStatus"] not in ("Starting", "Pending", "Downloading"), "it runs", 120, 0.1)
    slowest = answers(client, name + "-good")
    assert longest_pause(client, name + "-good") < SECONDS
    assert slowest < SECONDS, "the server took %.1f s to answer" % slowest


def test_a_fork_bomb(client, bucket, name):
    mark = name + "-is-a-bomb"
    beside(client, bucket, name, BOMB % mark, StoppingCondition={"MaxRuntimeInSeconds": 20})
    # its program ends in time unless its own processes leave it no moment to, and all that it began ends with it
    assert finished(client, name + "-bad")["TrainingJobStatus"] in ("Completed", "Stopped")
    wait_until(lambda: not left(mark), "its processes are gone", 30, 0.1)


def test_a_flood_of_log_lines(server, client, bucket, name):
    beside(client, bucket, name, FLOOD)
    assert finished(client, name + "-bad")["TrainingJobStatus"] == "Completed"
    with open("/proc/%d/status" % server.process.pid, encoding="ascii") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    assert resident < 1 << 20, "the server holds %d MiB" % (resident >> 10)


def test_more_than_the_volume_holds(client, bucket, name):
    beside(client, bucket, name, FILL)
    job = finished(client, name + "-bad")
    assert job["TrainingJobStatus"] == "Failed" and "No space left" in job["FailureReason"]
