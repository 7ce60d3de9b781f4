"""Starts a server, runs the attack as a job beside another job, and looks at what the machine and the store hold."""

import argparse
import io
import json
import os
import shutil
import socket
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from spine_faults.calls import client, session
from spine_faults.server import Server
from spine_faults.trainings import GROUP, IMAGE

SECRET = b"what only the machine holds"
ATTACK = Path(__file__).with_name("attack.py").read_bytes()
ROWS = b"rows of the store\n" * 40_000
ROLE = "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"


class Escape:
    def __init__(self, folder, plant):
        self.folder = folder
        self.server = Server(folder)
        if plant:
            settings = json.loads(self.server.config.read_text())
            self.server.config.write_text(json.dumps({**settings, "egressAllow": ["127.0.0.1"]}))
        self.server.spawn()
        self.server.wait_ready()
        made = session(self.server, self.server.administrator())
        self.s3, self.sagemaker, self.logs = (client(made, self.server, each) for each in ("s3", "sagemaker", "logs"))
        self.s3.create_bucket(Bucket="escape")
        self.s3.put_object(Bucket="escape", Key="in/attack.py", Body=ATTACK)
        self.s3.put_object(Bucket="escape", Key="in/rows", Body=ROWS)
        self.tries, self.open = 0, []

    def check(self, name, held):
        self.tries += 1
        if not held:
            self.open.append(name)

    def create(self, name, environment):
        self.sagemaker.create_training_job(
            TrainingJobName=name, RoleArn=ROLE, Environment=environment,
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File", "ContainerEntrypoint": [
                "/usr/bin/python3", "/opt/ml/input/data/train/attack.py"]},
            InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": {
                "S3DataType": "S3Prefix", "S3Uri": "s3://escape/in/",
                "S3DataDistributionType": "FullyReplicated"}}}],
            OutputDataConfig={"S3OutputPath": "s3://escape/out"},
            ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 300})

    def lines(self, name):
        try:
            streams = self.logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=name + "/")["logStreams"]
        except ClientError:
            return []
        return [event["message"] for stream in streams for event in self.logs.get_log_events(
            logGroupName=GROUP, logStreamName=stream["logStreamName"], startFromHead=True)["events"]]

    def wait(self, what, found):
        end = time.monotonic() + 120
        while not (answer := found()):
            if time.monotonic() > end:
                sys.exit("it did not happen within 120 s: " + what)
            time.sleep(0.2)
        return answer

    def ended(self, name):
        answer = self.sagemaker.describe_training_job(TrainingJobName=name)
        return answer if answer["TrainingJobStatus"] in ("Completed", "Failed", "Stopped") else None

    def archived(self, name, kind="model"):
        body = self.s3.get_object(Bucket="escape", Key="out/%s/output/%s.tar.gz" % (name, kind))["Body"].read()
        with tarfile.open(fileobj=io.BytesIO(body)) as tar:
            return {entry.name.removeprefix("./"): (entry, tar.extractfile(entry).read() if entry.isfile() else b"")
                    for entry in tar}

    def attack(self, holder):
        self.create("other", {"ESCAPE_ROLE": "other", "ESCAPE_FACTS": "{}"})
        token = self.wait("the other job runs", lambda: [line.split()[1] for line in self.lines("other")
                                                         if line.startswith("TOKEN")])[0]
        secret = Path(self.folder) / "secret"
        secret.write_bytes(SECRET)
        secret.chmod(0o644)
        other = next((self.server.data / "run" / "work").glob("t*"))
        facts = {"paths": [str(secret), str(self.server.data / "meta.db"), str(self.server.data / "keys"),
                           *map(str, other.glob("*/s/api.sock")), str(other / "algo-1" / "work"), "/run/atelier"],
                 "pid": self.server.process.pid, "port": self.server.port, "abstract": holder,
                 "address": socket.gethostbyname(socket.gethostname()), "other_token": token}
        self.create("attack", {"ESCAPE_FACTS": json.dumps(facts)})
        end = self.wait("the attack ends", lambda: self.ended("attack"))
        self.check("the attack is %s: %s" % (end["TrainingJobStatus"], end.get("FailureReason")),
                   end["TrainingJobStatus"] == "Completed")
        lines = self.lines("attack")
        for line in lines:
            if line.startswith(("TRIED", "OPEN")):
                self.check(line, line.startswith("TRIED"))
        self.check("the attack did not come to its end: %s" % lines[-5:], "TRIED everything" in lines)

    def archive(self):
        files = self.archived("attack")
        self.check("the archive lacks what the program kept", files.get("kept", (None, b""))[1] == b"kept")
        for name, (entry, content) in files.items():
            self.check("the archive holds %s, neither file nor folder" % name, entry.isfile() or entry.isdir())
            self.check("the archive holds the machine's secret", SECRET not in content)
            self.check("the archive holds %s of the machine" % name, name not in (
                "passwd", "up", "root", "proc", "fifo", "socket", "device", "secret-of-the-other")
                and not name.startswith(("host", "root/", "/", "..")))
            self.check("the archive holds %s of a folder that was swapped" % name, name.rstrip("/") in (
                "turn", "turn/own", "away", "away/own") or not name.startswith(("turn", "away", "link")))
        try:
            output = list(self.archived("attack", "output"))
        except ClientError:
            output = []
        self.check("the output holds %s" % output, not [name for name in output if name not in ("", ".", "data")])
        return json.loads(files["credentials.json"][1]) if "credentials.json" in files else None

    def store(self):
        self.check("the job changed its input in the store",
                   self.s3.get_object(Bucket="escape", Key="in/rows")["Body"].read() == ROWS)
        self.check("the job changed its script in the store",
                   self.s3.get_object(Bucket="escape", Key="in/attack.py")["Body"].read() == ATTACK)

    def failures(self):
        """A failure file that is a link tells nothing of the machine, nor of the sandbox that collects it."""
        for number, target in enumerate((str(Path(self.folder) / "secret"), "/proc/1/environ", "/proc/self/environ",
                                         "/etc/passwd", "/proc/self/cmdline")):
            name = "failure-%d" % number
            self.create(name, {"ESCAPE_ROLE": "failure", "ESCAPE_FACTS": json.dumps({"target": target})})
            end = self.wait("the job with a failure file ends", lambda: self.ended(name))
            reason = end.get("FailureReason", "")
            self.check("a failure file that is a link to %s: %s" % (target, reason),
                       end["TrainingJobStatus"] == "Failed" and SECRET.decode() not in reason
                       and not any(word in reason for word in ("PATH=", "root:", "nobody:", "bwrap")))

    def left(self, holder):
        """The program's process that was to outlive it is gone."""
        name = holder[-15:]

        def living():
            found = []
            for entry in Path("/proc").iterdir():
                try:
                    if entry.name.isdigit() and (entry / "comm").read_text().strip() == name:
                        found.append(entry.name)
                except OSError:
                    continue
            return found
        end = time.monotonic() + 5
        while (found := living()) and time.monotonic() < end:
            time.sleep(0.1)
        self.check("processes %s outlive their job" % found, not found)

    def stale(self, keys):
        """Credentials of a job that has ended are dead."""
        sts = boto3.client("sts", endpoint_url=self.server.url, region_name="us-east-1",
                           aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
                           aws_session_token=keys["Token"])

        def dead():
            try:
                sts.get_caller_identity()
                return False
            except ClientError:
                return True
        end = time.monotonic() + 5
        while not (held := dead()) and time.monotonic() < end:
            time.sleep(0.1)
        self.check("a job's credentials live on after its end", held)

    def end(self):
        self.sagemaker.stop_training_job(TrainingJobName="other")
        self.wait("the other job stops", lambda: self.ended("other"))
        self.server.end()


def main():
    parser = argparse.ArgumentParser(prog="spine-escape")
    parser.add_argument("--plant", action="store_true", help="allow sandboxes the machine's loopback; must turn red")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="escape", dir="/var/tmp")
    os.chmod(folder, 0o755)
    holder = socket.socket(socket.AF_UNIX)
    name = "atelier-escape-%d" % os.getpid()
    holder.bind("\0" + name)
    holder.listen()
    escape = Escape(folder, options.plant)
    try:
        escape.attack(name)
        escape.left(name)
        keys = escape.archive()
        escape.store()
        escape.failures()
        escape.check("no credentials to try", keys is not None)
        if keys:
            escape.stale(keys)
        escape.end()
    finally:
        if escape.server.process.poll() is None:
            escape.server.kill()
    for each in escape.open:
        print("ESCAPE: " + each)
    print("%d checks from inside training jobs of a server of %s" % (
        escape.tries, "root's" if os.getuid() == 0 else "a plain user's, uid %d" % os.getuid()))
    print("%d escapes" % len(escape.open))
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if escape.open else 0)


if __name__ == "__main__":
    main()
