"""What a job that runs shows of itself: its lines at once, and what it uses each second."""

import datetime
import time

import pytest
from conftest import ROLE, SKLEARN
from server import wait_until

GROUP = "/aws/sagemaker/TrainingJobs"
LINES = 100
PATIENCE_SECONDS = 60
# the job's environment may have to be built first
PREPARED_SECONDS = 600
LATE_SECONDS = 30
PROGRAM = ("import time; open('/opt/ml/model/big', 'wb').write(bytes(32 << 20)); "
           "[(print('written', n, time.time(), flush=True), time.sleep(0.05)) for n in range(4000)]")


@pytest.fixture(scope="module")
def here(own_server):
    return own_server('{"utilisationSeconds": 1}').start()


@pytest.fixture(scope="module")
def job(here):
    s3, sagemaker = here.client("s3"), here.client("sagemaker")
    s3.create_bucket(Bucket="shows")
    sagemaker.create_training_job(
        TrainingJobName="shows", RoleArn=ROLE, AlgorithmSpecification={
            "TrainingImage": SKLEARN, "TrainingInputMode": "File", "ContainerEntrypoint": ["python", "-c", PROGRAM]},
        OutputDataConfig={"S3OutputPath": "s3://shows/out"},
        ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 300})
    yield "shows"
    sagemaker.stop_training_job(TrainingJobName="shows")


def test_lines_are_read_while_it_runs(here, job):
    logs = here.client("logs")

    def stream():
        found = logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"] and logs.describe_log_streams(
            logGroupName=GROUP, logStreamNamePrefix=job + "/")["logStreams"]
        return found and found[0]["logStreamName"]

    name = wait_until(stream, "a log stream")
    wait_until(lambda: logs.filter_log_events(
        logGroupName=GROUP, logStreamNames=[name], filterPattern="written")["events"], "the first line", PREPARED_SECONDS)
    read, late, token = [], [], {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(read) < LINES:
        page = logs.get_log_events(logGroupName=GROUP, logStreamName=name, startFromHead=True, **token)
        at = time.time()
        token = {"nextToken": page["nextForwardToken"]}
        written = [event["message"].split() for event in page["events"] if event["message"].startswith("written ")]
        read += [int(number) for _, number, _ in written]
        late += [at - float(clock) for _, _, clock in written]
        assert time.monotonic() < deadline, read
    # every line, once and in order, while the program has more to write; the bench measures how soon
    assert read == list(range(len(read))) and len(read) < 4_000
    assert max(late) < LATE_SECONDS
    assert here.client("sagemaker").describe_training_job(TrainingJobName=job)["TrainingJobStatus"] == "InProgress"


def test_utilisation_is_told_each_second(here, job):
    cloudwatch = here.client("cloudwatch")

    def points(metric):
        end = datetime.datetime.now(datetime.timezone.utc)
        found = cloudwatch.get_metric_statistics(
            Namespace=GROUP, MetricName=metric, Dimensions=[{"Name": "Host", "Value": job + "/algo-1"}], Period=1,
            StartTime=end - datetime.timedelta(minutes=5), EndTime=end, Statistics=["Maximum"])["Datapoints"]
        return len(found) >= 5 and max(point["Maximum"] for point in found)

    assert 0 < wait_until(lambda: points("MemoryUtilization"), "memory") <= 100
    assert wait_until(lambda: points("CPUUtilization") is not False, "processor time")
    # 32 MiB of 1 GiB
    assert wait_until(lambda: points("DiskUtilization") > 3, "the disk's count") and points("DiskUtilization") < 10
