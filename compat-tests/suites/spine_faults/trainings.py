"""Training jobs: run once, log each line once, stop, and can be deleted."""

import io
import random
import tarfile
import time

from botocore.exceptions import ClientError

from .calls import STOPPED, Unknown, again, code, once

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
GROUP = "/aws/sagemaker/TrainingJobs"
# one line each: AWS's pattern for entrypoints matches no line feed
SHELL = ("echo ran >> /opt/ml/model/runs; cp /opt/ml/input/data/train/* /opt/ml/model/; "
         "i=0; while [ $i -lt %d ]; do echo line $i; i=$((i+1)); sleep %s; done")
PYTHON = (r"import time; open('/opt/ml/model/runs', 'a').write('ran\n'); "
          "[(print('line', i, flush=True), time.sleep(%s)) for i in range(%d)]")


class Trainings:
    def __init__(self, platform, number, kind):
        self.platform, self.kind = platform, kind
        self.name = "%s-%d" % (kind, number)
        self.random = random.Random("%s %s" % (platform.seed, self.name))
        self.sagemaker, self.s3, self.logs = (platform.client(each) for each in ("sagemaker", "s3", "logs"))
        self.input = self.random.randbytes(50_000)

    def prepare(self):
        again(self.s3.put_object, Bucket=self.platform.bucket, Key="input/%s/rows" % self.name, Body=self.input)

    def round(self, count):
        job = "%s-%04d" % (self.name, count)
        lines = self.random.randrange(1, 25)
        pause = self.random.choice(["0", "0.02", "0.1"])
        script = SHELL % (lines, pause) if self.kind != "python" else PYTHON % (pause, lines)
        if self.kind == "stop":
            script = "echo ran >> /opt/ml/model/runs; exec sleep 600"
        self.create(job, ["/bin/sh" if self.kind != "python" else "python", "-c", script])
        if self.kind == "stop":
            time.sleep(self.random.uniform(0, 2))
            self.stop(job)
        end = self.await_end(job)
        self.check(job, end, lines)
        if self.random.random() < 0.4:
            self.delete(job)
        self.platform.account.over(job)
        self.platform.account.finished("training " + self.kind)

    def create(self, job, entrypoint):
        self.platform.account.at(job, "create")
        while not STOPPED.is_set():
            try:
                once(self.sagemaker.create_training_job, TrainingJobName=job, RoleArn=self.platform.role,
                     AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File",
                                             "ContainerEntrypoint": entrypoint},
                     InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": {
                         "S3DataType": "S3Prefix", "S3DataDistributionType": "FullyReplicated",
                         "S3Uri": "s3://%s/input/%s/" % (self.platform.bucket, self.name)}}}],
                     OutputDataConfig={"S3OutputPath": "s3://%s/out" % self.platform.bucket},
                     ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
                     StoppingCondition={"MaxRuntimeInSeconds": 900})
                return
            except Unknown:
                continue
            except ClientError as error:
                if code(error) == "ResourceInUse":
                    return
                raise

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
        if self.kind != "stop":
            if self.kind == "shell" and files.get("rows") != self.input:
                account.blame("lost", "%s saw other input" % job)
            self.check_log(job, lines)

    def check_log(self, job, lines):
        stream = again(self.logs.describe_log_streams, logGroupName=GROUP, logStreamNamePrefix=job + "/")["logStreams"]
        events = again(self.logs.get_log_events, logGroupName=GROUP, logStreamName=stream[0]["logStreamName"],
                       startFromHead=True)["events"]
        seen = [event["message"] for event in events if event["message"].startswith("line ")]
        wanted = ["line %d" % i for i in range(lines)]
        if len(seen) > len(set(seen)):
            self.platform.account.blame("duplicated", "log of %s: %s" % (job, seen))
        elif seen != wanted:
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
