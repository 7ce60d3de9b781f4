"""Jobs in depth: spot training that is interrupted, channels read as pipes, processing, and tuning."""

import io
import random
import tarfile
import time

from .calls import again, created
from .trainings import IMAGE, Trainings

# goes on from where its checkpoint stands: every number is written once, whatever interrupts it
SPOT = ("cd /opt/ml/checkpoints; n=$(cat at 2>/dev/null || echo 0); echo began $n >> /opt/ml/model/runs; "
        "while [ $n -lt %d ]; do n=$((n+1)); echo $n > at.new; mv at.new at; echo step $n; sleep %s; done; "
        "cp at /opt/ml/model/at")
PIPE = ("cd /opt/ml/input/data; for epoch in 0 1 2; do cat train_$epoch > /opt/ml/model/epoch-$epoch; sleep %s; done; "
        "echo ran >> /opt/ml/model/runs")
PROCESS = ("for i in 1 2 3 4 5; do echo line $i; sleep %s; done; cp /opt/ml/processing/in/* /opt/ml/processing/out/; "
           "echo ran >> /opt/ml/processing/out/runs")
TRIAL = b"""import argparse, time
parser = argparse.ArgumentParser()
parser.add_argument('--rate', type=float)
parser.add_argument('--pause', type=float)
options = parser.parse_args()
time.sleep(options.pause)
print('score=%.4f' % options.rate)
"""
ENDED = ("Completed", "Failed", "Stopped")


class JobCycle(Trainings):
    """One job after another of a kind that asks for its own members."""

    def members(self, job, pause):
        raise NotImplementedError

    def round(self, count):
        job = "%s-%04d" % (self.name, count)
        self.create(job, self.members(job, self.random.choice(["0.05", "0.2"])))
        end = self.await_end(job)
        if end["TrainingJobStatus"] != "Completed":
            self.platform.account.blame("wrong", "%s is %s: %s" % (job, end["TrainingJobStatus"], end.get("FailureReason")))
        else:
            self.look(job, self.model(job), end)
        self.platform.account.over(job)
        self.platform.account.finished(self.kind)

    def model(self, job):
        body = again(lambda **request: self.s3.get_object(**request)["Body"].read(), Bucket=self.platform.bucket,
                     Key="out/%s/output/model.tar.gz" % job)
        with tarfile.open(fileobj=io.BytesIO(body)) as tar:
            return {entry.name.removeprefix("./"): tar.extractfile(entry).read() for entry in tar if entry.isfile()}


class Spots(JobCycle):
    """Interrupted once each, by the server's configuration."""

    def __init__(self, platform, number):
        super().__init__(platform, number, "spot")

    def members(self, job, pause):
        self.steps = self.random.randrange(10, 30)
        return {"AlgorithmSpecification": {"ContainerEntrypoint": ["/bin/sh", "-c", SPOT % (self.steps, pause)]},
                "EnableManagedSpotTraining": True,
                "StoppingCondition": {"MaxRuntimeInSeconds": 900, "MaxWaitTimeInSeconds": 1800},
                "CheckpointConfig": {"S3Uri": "s3://%s/checkpoints/%s" % (self.platform.bucket, job)}}

    def look(self, job, files, end):
        if files.get("at", b"").strip() != b"%d" % self.steps:
            self.platform.account.blame("lost", "%s ended at %s of %d" % (job, files.get("at"), self.steps))
        if files.get("runs", b"").count(b"\n") != 1:
            self.platform.account.blame("duplicated", "the last attempt of %s: %s" % (job, files.get("runs")))
        interrupted = [step["Status"] for step in end["SecondaryStatusTransitions"]].count("Interrupted")
        if interrupted > 1:
            self.platform.account.blame("duplicated", "%s was interrupted %d times" % (job, interrupted))


class Pipes(JobCycle):
    """Each epoch is the whole channel, whatever is killed beside it."""

    def __init__(self, platform, number):
        super().__init__(platform, number, "pipe")

    def members(self, job, pause):
        return {"AlgorithmSpecification": {"TrainingInputMode": "Pipe",
                                           "ContainerEntrypoint": ["/bin/sh", "-c", PIPE % pause]}}

    def look(self, job, files, end):
        for epoch in range(3):
            if files.get("epoch-%d" % epoch) != self.input:
                self.platform.account.blame("lost", "%s read %d of %d bytes in epoch %d" % (
                    job, len(files.get("epoch-%d" % epoch, b"")), len(self.input), epoch))
        if files.get("runs", b"").count(b"\n") != 1:
            self.platform.account.blame("duplicated", "%s: %s" % (job, files.get("runs")))


class Asked:
    """Something that is created by name, and then awaited."""

    def __init__(self, platform, number, kind):
        self.platform, self.kind, self.name = platform, kind, "%s-%d" % (kind, number)
        self.random = random.Random("%s %s" % (platform.seed, self.name))
        self.sagemaker, self.s3 = platform.client("sagemaker"), platform.client("s3")
        self.input = self.random.randbytes(20_000)

    def prepare(self):
        again(self.s3.put_object, Bucket=self.platform.bucket, Key="input/%s/rows" % self.name, Body=self.input)

    def ask(self, call, name, **request):
        self.platform.account.at(name, "create")
        created(call, **request)

    def await_end(self, name, describe, status, **request):
        while True:
            answer = again(describe, **request)
            self.platform.account.at(name, "%s %s" % (answer[status], answer.get("TrainingJobStatusCounters")))
            if answer[status] in ENDED:
                return answer
            time.sleep(0.3)


class Processings(Asked):
    def __init__(self, platform, number):
        super().__init__(platform, number, "processing")

    def round(self, count):
        job = "%s-%04d" % (self.name, count)
        out = "s3://%s/processed/%s" % (self.platform.bucket, job)
        self.ask(self.sagemaker.create_processing_job, job, ProcessingJobName=job, RoleArn=self.platform.role,
                 AppSpecification={"ImageUri": IMAGE, "ContainerEntrypoint": [
                     "/bin/sh", "-c", PROCESS % self.random.choice(["0", "0.1", "0.4"])]},
                 ProcessingResources={"ClusterConfig": {
                     "InstanceCount": 1, "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 1}},
                 ProcessingInputs=[{"InputName": "in", "S3Input": {
                     "S3Uri": "s3://%s/input/%s/" % (self.platform.bucket, self.name), "S3DataType": "S3Prefix",
                     "S3InputMode": "File", "LocalPath": "/opt/ml/processing/in"}}],
                 ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": {
                     "S3Uri": out, "LocalPath": "/opt/ml/processing/out",
                     "S3UploadMode": self.random.choice(["EndOfJob", "Continuous"])}}]})
        end = self.await_end(job, self.sagemaker.describe_processing_job, "ProcessingJobStatus", ProcessingJobName=job)
        account = self.platform.account
        if end["ProcessingJobStatus"] != "Completed":
            account.blame("wrong", "%s is %s: %s" % (job, end["ProcessingJobStatus"], end.get("FailureReason")))
        else:
            found = {key: again(lambda **request: self.s3.get_object(**request)["Body"].read(),
                                Bucket=self.platform.bucket, Key="processed/%s/%s" % (job, key)) for key in ("rows", "runs")}
            if found["rows"] != self.input:
                account.blame("lost", "%s stored %d bytes" % (job, len(found["rows"])))
            if found["runs"].count(b"\n") != 1:
                account.blame("duplicated", "%s: %s" % (job, found["runs"]))
        account.over(job)
        account.finished("processing")


class Tunings(Asked):
    """Each trial once, under a name of its own."""

    TRIALS = 4

    def __init__(self, platform, number):
        super().__init__(platform, number, "tuning")

    def prepare(self):
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            entry = tarfile.TarInfo("train.py")
            entry.size = len(TRIAL)
            tar.addfile(entry, io.BytesIO(TRIAL))
        again(self.s3.put_object, Bucket=self.platform.bucket, Key="source/%s.tar.gz" % self.name, Body=archive.getvalue())

    def round(self, count):
        job = "%s-%04d" % (self.name, count)
        pause = self.random.choice(["0", "0.3"])
        self.ask(self.sagemaker.create_hyper_parameter_tuning_job, job, HyperParameterTuningJobName=job,
                 HyperParameterTuningJobConfig={
                     "Strategy": "Random", "RandomSeed": count, "TrainingJobEarlyStoppingType": "Off",
                     "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "score"},
                     "ResourceLimits": {"MaxNumberOfTrainingJobs": self.TRIALS, "MaxParallelTrainingJobs": 2},
                     "ParameterRanges": {"ContinuousParameterRanges": [
                         {"Name": "rate", "MinValue": "0.1", "MaxValue": "0.9"}]}},
                 TrainingJobDefinition={
                     "AlgorithmSpecification": {
                         "TrainingImage": IMAGE, "TrainingInputMode": "File",
                         "MetricDefinitions": [{"Name": "score", "Regex": "score=([0-9.]+)"}]},
                     "StaticHyperParameters": {
                         "pause": pause, "sagemaker_program": '"train.py"',
                         "sagemaker_submit_directory": '"s3://%s/source/%s.tar.gz"' % (self.platform.bucket, self.name)},
                     "RoleArn": self.platform.role,
                     "OutputDataConfig": {"S3OutputPath": "s3://%s/tuned" % self.platform.bucket},
                     "ResourceConfig": {"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
                     "StoppingCondition": {"MaxRuntimeInSeconds": 600}})
        self.finish(job)

    def finish(self, job):
        account = self.platform.account
        end = self.await_end(job, self.sagemaker.describe_hyper_parameter_tuning_job, "HyperParameterTuningJobStatus",
                             HyperParameterTuningJobName=job)
        trials = again(self.sagemaker.list_training_jobs_for_hyper_parameter_tuning_job, HyperParameterTuningJobName=job,
                       MaxResults=100)["TrainingJobSummaries"]
        names = [trial["TrainingJobName"] for trial in trials]
        if len(names) != self.TRIALS or len(set(names)) != self.TRIALS:
            account.blame("lost" if len(set(names)) < self.TRIALS else "duplicated", "%s has the trials %s" % (job, names))
        counted = sum(end["TrainingJobStatusCounters"].values())
        if end["HyperParameterTuningJobStatus"] != "Completed" or counted != self.TRIALS:
            account.blame("wrong", "%s is %s with %s: %s" % (
                job, end["HyperParameterTuningJobStatus"], end["TrainingJobStatusCounters"], end.get("FailureReason")))
        account.over(job)
        account.finished("tuning")
