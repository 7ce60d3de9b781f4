"""Training jobs: run once, log each line once, stop, and can be deleted."""

import io
import json
import random
import tarfile
import time

from botocore.exceptions import ClientError

from .calls import again, created

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
GROUP = "/aws/sagemaker/TrainingJobs"
# one line each: AWS's pattern for entrypoints matches no line feed
SHELL = ("echo ran >> /opt/ml/model/runs; cp /opt/ml/input/data/train/* /opt/ml/model/; "
         "i=0; while [ $i -lt %d ]; do echo line $i; i=$((i+1)); sleep %s; done")
PYTHON = (r"import time; open('/opt/ml/model/runs', 'a').write('ran\n'); "
          "[(print('line', i, flush=True), time.sleep(%s)) for i in range(%d)]")

# what is in the model folder was said before: the log holds at least as many lines as it
ENDLESS = ("echo ran >> /opt/ml/model/runs; i=0; "
           "while :; do echo line $i; echo $i >> /opt/ml/model/said; i=$((i+1)); sleep %s; done")
SCRIPT = b"""import argparse, os, shutil, time
parser = argparse.ArgumentParser()
parser.add_argument('--lines', type=int)
parser.add_argument('--pause', type=float)
options = parser.parse_args()
with open(os.path.join(os.environ['SM_MODEL_DIR'], 'runs'), 'a') as runs:
    print('ran', file=runs)
shutil.copy(os.path.join(os.environ['SM_CHANNEL_TRAIN'], 'rows'), os.environ['SM_MODEL_DIR'])
for i in range(options.lines):
    print('line', i, flush=True)
    time.sleep(options.pause)
"""


class Trainings:
    """One job after another: of a shell or a Python command, in script mode, or one that is stopped."""

    def __init__(self, platform, number, kind):
        self.platform, self.kind = platform, kind
        self.name = "%s-%d" % (kind, number)
        self.random = random.Random("%s %s" % (platform.seed, self.name))
        self.sagemaker, self.s3, self.logs = (platform.client(each) for each in ("sagemaker", "s3", "logs"))
        self.input = self.random.randbytes(50_000)

    def prepare(self):
        again(self.s3.put_object, Bucket=self.platform.bucket, Key="input/%s/rows" % self.name, Body=self.input)
        if self.kind == "script":
            archive = io.BytesIO()
            with tarfile.open(fileobj=archive, mode="w:gz") as tar:
                entry = tarfile.TarInfo("train.py")
                entry.size = len(SCRIPT)
                tar.addfile(entry, io.BytesIO(SCRIPT))
            again(self.s3.put_object, Bucket=self.platform.bucket, Key="source/%s/sourcedir.tar.gz" % self.name,
                  Body=archive.getvalue())

    def round(self, count):
        job = "%s-%04d" % (self.name, count)
        lines = self.random.randrange(1, 25)
        pause = self.random.choice(["0", "0.02", "0.1"])
        self.create(job, self.program(job, lines, pause))
        if self.kind == "stop":
            time.sleep(self.random.uniform(0, 2))
            self.stop(job)
        end = self.await_end(job)
        self.check(job, end, lines)
        if self.random.random() < 0.4:
            self.delete(job)
        self.platform.account.over(job)
        self.platform.account.finished("training " + self.kind)

    def program(self, job, lines, pause):
        """The members of the request that say what runs."""
        if self.kind == "script":
            # as the SDKs send it: each value is JSON
            return {"HyperParameters": {name: json.dumps(value) for name, value in {
                "sagemaker_program": "train.py", "sagemaker_container_log_level": 20, "sagemaker_job_name": job,
                "sagemaker_region": "us-east-1", "lines": lines, "pause": float(pause),
                "sagemaker_submit_directory": "s3://%s/source/%s/sourcedir.tar.gz" % (
                    self.platform.bucket, self.name)}.items()}}
        if self.kind == "python":
            return {"AlgorithmSpecification": {"ContainerEntrypoint": ["python", "-c", PYTHON % (pause, lines)]}}
        script = SHELL % (lines, pause) if self.kind == "shell" else ENDLESS % (pause if pause != "0" else "0.01")
        return {"AlgorithmSpecification": {"ContainerEntrypoint": ["/bin/sh", "-c", script]}}

    def create(self, job, program):
        self.platform.account.at(job, "create")
        algorithm = {"TrainingImage": IMAGE, "TrainingInputMode": "File", **program.get("AlgorithmSpecification", {})}
        request = dict(
            TrainingJobName=job, RoleArn=self.platform.role,
            InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": {
                "S3DataType": "S3Prefix", "S3DataDistributionType": "FullyReplicated",
                "S3Uri": "s3://%s/input/%s/" % (self.platform.bucket, self.name)}}}],
            OutputDataConfig={"S3OutputPath": "s3://%s/out" % self.platform.bucket},
            ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 900})
        request.update(program, AlgorithmSpecification=algorithm)
        created(self.sagemaker.create_training_job, **request)

    def stop(self, job):
        try:
            again(self.sagemaker.stop_training_job, TrainingJobName=job)
        except ClientError as error:
            if "in status" not in str(error):
                raise

    def await_end(self, job):
        while True:
            answer = again(self.sagemaker.describe_training_job, TrainingJobName=job)
            self.platform.account.at(job, "%s %s %d" % (answer["TrainingJobStatus"], answer["SecondaryStatus"],
                                                        len(answer["SecondaryStatusTransitions"])))
            if answer["TrainingJobStatus"] in ("Completed", "Failed", "Stopped"):
                return answer
            time.sleep(0.3)

    def check(self, job, end, lines):
        account = self.platform.account
        wanted = "Stopped" if self.kind == "stop" else "Completed"
        if end["TrainingJobStatus"] != wanted:
            account.blame("wrong", "%s is %s: %s" % (job, end["TrainingJobStatus"], end.get("FailureReason")))
            return
        try:
            body = again(lambda **request: self.s3.get_object(**request)["Body"].read(), Bucket=self.platform.bucket,
                         Key="out/%s/output/model.tar.gz" % job)
        except ClientError as error:
            if self.kind != "stop":
                account.blame("lost", "%s has no model: %s" % (job, error))
            return
        with tarfile.open(fileobj=io.BytesIO(body)) as tar:
            files = {entry.name.removeprefix("./"): tar.extractfile(entry).read() for entry in tar if entry.isfile()}
        runs = files.get("runs", b"").count(b"\n")
        if runs > 1:
            account.blame("duplicated", "%s ran %d times" % (job, runs))
        elif runs < 1 and self.kind != "stop":
            account.blame("lost", "%s has no line in %s" % (job, sorted(files)))
        if self.kind in ("shell", "script") and files.get("rows") != self.input:
            account.blame("lost", "%s saw other input" % job)
        self.check_log(job, files.get("said", b"").count(b"\n") if self.kind == "stop" else lines)

    def check_log(self, job, lines):
        """Each line once and in order; a job that was stopped may have said more than it kept."""
        seen = []
        for stream in again(self.logs.describe_log_streams, logGroupName=GROUP,
                            logStreamNamePrefix=job + "/")["logStreams"]:
            events = again(self.logs.get_log_events, logGroupName=GROUP, logStreamName=stream["logStreamName"],
                           startFromHead=True)["events"]
            seen += [event["message"] for event in events if event["message"].startswith("line ")]
        wanted = ["line %d" % i for i in range(len(seen) if self.kind == "stop" else lines)]
        if len(seen) > len(set(seen)):
            self.platform.account.blame("duplicated", "log of %s: %s" % (job, seen))
        elif seen != wanted or len(seen) < lines:
            self.platform.account.blame("lost", "log of %s: %s of %d lines" % (job, seen, lines))

    def delete(self, job):
        self.platform.account.at(job, "delete")
        try:
            again(self.sagemaker.delete_training_job, TrainingJobName=job)
        except ClientError as error:
            if "not found" not in str(error):
                raise
        try:
            again(self.sagemaker.describe_training_job, TrainingJobName=job)
            self.platform.account.blame("wrong", "%s is there after its deletion" % job)
        except ClientError as error:
            if "not found" not in str(error):
                raise
