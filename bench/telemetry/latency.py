"""How soon a running job's line can be read."""

import statistics
import time

from spine.control import IMAGE

GROUP = "/aws/sagemaker/TrainingJobs"
LINES = 150
AIM_MS = 200
PROGRAM = "import time; [(print('written', time.time(), flush=True), time.sleep(0.0377)) for n in range(%d)]" % LINES


def readable(atelier, report):
    """The program prints its clock; the difference to ours, when GetLogEvents has the line, is the latency."""
    s3, sagemaker, logs = (atelier.client(each) for each in ("s3", "sagemaker", "logs"))
    s3.create_bucket(Bucket="latency")
    sagemaker.create_training_job(
        TrainingJobName="latency", RoleArn=atelier.role, AlgorithmSpecification={
            "TrainingImage": IMAGE, "TrainingInputMode": "File", "ContainerEntrypoint": ["python", "-c", PROGRAM]},
        OutputDataConfig={"S3OutputPath": "s3://latency/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 600})
    stream = None
    while stream is None:
        found = [] if not logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"] else \
            logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix="latency/")["logStreams"]
        stream = found[0]["logStreamName"] if found else None
    times, token = [], None
    while len(times) < LINES:
        page = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True,
                                   **({"nextToken": token} if token else {}))
        now = time.time()
        token = page["nextForwardToken"]
        times += [(now - float(event["message"].split()[1])) * 1_000 for event in page["events"]
                  if event["message"].startswith("written ")]
        if not page["events"]:
            status = sagemaker.describe_training_job(TrainingJobName="latency")
            if status["TrainingJobStatus"] == "Failed":
                raise RuntimeError(status["FailureReason"])
            time.sleep(0.005)
    times.sort()
    report.below("a job's line written to readable, median", statistics.median(times), "ms", AIM_MS)
    report.below("a job's line written to readable, p99", times[int(len(times) * 0.99)], "ms", AIM_MS)
