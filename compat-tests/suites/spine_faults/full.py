"""A data folder on a small disk that fills up, and gets space again."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from botocore.exceptions import ClientError

from .calls import client, session
from .server import Server
from .trainings import IMAGE

MIB = 1 << 20
DISK = 160 * MIB
ROLE = "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"
failures = []


def check(name, holds):
    print("%s  %s" % ("ok    " if holds else "FAILED", name), flush=True)
    if not holds:
        failures.append(name)


class Full:
    def __init__(self, server):
        made = session(server, server.administrator())
        self.server = server
        self.s3, self.sagemaker = client(made, server, "s3"), client(made, server, "sagemaker")
        self.random = random.Random(7)
        self.kept = {}

    def put(self, key, size):
        body = self.random.randbytes(size)
        self.s3.put_object(Bucket="full", Key=key, Body=body)
        self.kept[key] = hashlib.sha256(body).hexdigest()

    def fill(self, size):
        """The first error of puts of one size."""
        for count in range(10_000):
            try:
                self.put("fill/%d/%d" % (size, count), size)
            except ClientError as error:
                return error.response
        return None

    def intact(self):
        return all(hashlib.sha256(self.s3.get_object(Bucket="full", Key=key)["Body"].read()).hexdigest() == digest
                   for key, digest in self.kept.items())

    def job(self, name, script):
        self.sagemaker.create_training_job(
            TrainingJobName=name, RoleArn=ROLE,
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File",
                                    "ContainerEntrypoint": ["/bin/sh", "-c", script]},
            OutputDataConfig={"S3OutputPath": "s3://full/out"},
            ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 300})
        end = time.monotonic() + 60
        while time.monotonic() < end:
            answer = self.sagemaker.describe_training_job(TrainingJobName=name)
            if answer["TrainingJobStatus"] in ("Completed", "Failed", "Stopped"):
                return answer
            time.sleep(0.2)
        return {"TrainingJobStatus": "stuck: " + answer["SecondaryStatus"]}

    def delete_fill(self):
        for key in [key for key in self.kept if key.startswith("fill/")]:
            self.s3.delete_object(Bucket="full", Key=key)
            del self.kept[key]

    def run(self):
        self.s3.create_bucket(Bucket="full")
        for number in range(8):
            self.put("old/%d" % number, 500_000)
        # a program that fills the disk by what it leaves: its job fails and says why
        end = self.job("fills", "head -c 400M /dev/zero > /opt/ml/model/big; echo $?")
        print("        %s: %s" % (end["TrainingJobStatus"], end.get("FailureReason")))
        check("a job whose program filled the disk ends", not end["TrainingJobStatus"].startswith("stuck"))
        check("old objects are intact", self.intact())
        answer = self.fill(8 * MIB)
        check("a put on a full disk is answered 507: %s" % (answer and answer["Error"]), answer is not None
              and answer["ResponseMetadata"]["HTTPStatusCode"] == 507)
        check("its message names the cause", answer is not None and "space" in answer["Error"]["Message"].lower())
        self.fill(64 << 10)
        answer = self.fill(100)
        check("so is a small one: %s" % (answer and answer["Error"]), answer is not None
              and answer["ResponseMetadata"]["HTTPStatusCode"] == 507)
        check("old objects are readable on the full disk", self.intact())
        try:
            end = self.job("starves", "echo hello")
            check("a job on a full disk fails: %s %s" % (end["TrainingJobStatus"], end.get("FailureReason")),
                  end["TrainingJobStatus"] == "Failed" and bool(end.get("FailureReason")))
        except ClientError as error:
            check("or is refused with a reason: %s" % error.response["Error"],
                  error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
                  and bool(error.response["Error"].get("Message")))
        self.server.kill()
        self.server.spawn()
        try:
            self.server.wait_ready()
            check("a killed server starts on the full disk", True)
        except SystemExit as end:
            check("a killed server starts on the full disk: %s" % end, False)
            return
        self.delete_fill()
        check("old objects are intact after space was made", self.intact())
        self.put("new", 2 * MIB)
        end = self.job("goes-on", "echo hello > /opt/ml/model/f")
        check("a job completes: %s" % end.get("FailureReason"), end["TrainingJobStatus"] == "Completed")
        check("new objects are intact", self.intact())


def main():
    folder = tempfile.mkdtemp(prefix="faults-full", dir="/var/tmp")
    data = os.path.join(folder, "data")
    os.mkdir(data, 0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%d,mode=0700" % DISK, "atelier-full", data], check=True)
    server = Server(folder)
    try:
        server.spawn()
        server.wait_ready()
        Full(server).run()
    finally:
        if server.process.poll() is None:
            server.end()
        subprocess.run([server.launcher, "down", "--data", data], capture_output=True, check=False)
        subprocess.run(["umount", "-l", data], check=True)
        if not failures:
            shutil.rmtree(folder)
        else:
            print("kept: " + folder)
    print("%d failures" % len(failures))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
