"""How soon a job's program runs and how soon the job is over."""

import statistics
import subprocess
import time

from measuring import alone

from .control import IMAGE

ROUNDS = 7
FIRST_LINE_SECONDS, TRIVIAL_SECONDS, XGBOOST_SECONDS = 1, 2, 5
GROUP = "/aws/sagemaker/TrainingJobs"
PROGRAM = "print('first line', flush=True)"


def measure(atelier, report):
    s3, sagemaker, logs = (atelier.client(each) for each in ("s3", "sagemaker", "logs"))
    s3.create_bucket(Bucket="jobs")
    first, whole = [], []
    for count in range(ROUNDS):
        name = "trivial-%d" % count
        sagemaker.create_training_job(
            TrainingJobName=name, RoleArn=atelier.role, AlgorithmSpecification={
                "TrainingImage": IMAGE, "TrainingInputMode": "File",
                "ContainerEntrypoint": ["python", "-c", PROGRAM]},
            OutputDataConfig={"S3OutputPath": "s3://jobs/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 600})
        accepted = time.time()
        job = ended(sagemaker, name)
        stream = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=name + "/")["logStreams"][0]
        events = logs.get_log_events(logGroupName=GROUP, logStreamName=stream["logStreamName"], startFromHead=True)
        line = next(event for event in events["events"] if event["message"] == "first line")
        if count > 0:
            first.append(line["timestamp"] / 1_000 - accepted)
            whole.append((job["TrainingEndTime"] - job["CreationTime"]).total_seconds())
    bare = alone.seconds(PROGRAM, ROUNDS)
    report.below("CreateTrainingJob accepted to first log line", statistics.median(first), "s", FIRST_LINE_SECONDS)
    report.below("trivial job, create to Completed", statistics.median(whole), "s", TRIVIAL_SECONDS,
                 "python alone %.3f s" % bare, "+%.2f s" % (statistics.median(whole) - bare))


def ended(sagemaker, name):
    while True:
        job = sagemaker.describe_training_job(TrainingJobName=name)
        if job["TrainingJobStatus"] in ("Completed", "Failed", "Stopped"):
            break
        time.sleep(0.05)
    if job["TrainingJobStatus"] != "Completed":
        raise RuntimeError("%s is %s: %s" % (name, job["TrainingJobStatus"], job.get("FailureReason")))
    return job


def demo(atelier, report):
    """The demo on this server: its XGBoost job, and the server's memory afterwards."""
    sagemaker = atelier.client("sagemaker")
    begun = time.perf_counter()
    output = subprocess.run([atelier.launcher, "demo"], env={**atelier.environment(), "ATELIER_DATA": str(atelier.data)},
                            capture_output=True, text=True)
    if output.returncode != 0:
        raise RuntimeError("the demo failed:\n" + output.stdout[-4_000:] + output.stderr[-2_000:])
    seconds = time.perf_counter() - begun
    names = [each["TrainingJobName"] for each in sagemaker.list_training_jobs(NameContains="xgboost")["TrainingJobSummaries"]]
    job = sagemaker.describe_training_job(TrainingJobName=names[0])
    report.below("demo", seconds, "s", 90)
    report.below("demo's XGBoost job, create to Completed",
                 (job["TrainingEndTime"] - job["CreationTime"]).total_seconds(), "s", XGBOOST_SECONDS)
    report.below("memory after the demo", atelier.memory(), "MB", 512)
