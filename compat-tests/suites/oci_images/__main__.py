"""Runs the suite and says what each step took."""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

import boto3
from botocore.exceptions import ClientError

from spine_faults.server import Server

from . import image

ACCOUNT, REGION = "123456789012", "us-east-1"
ROLE = "arn:aws:iam::%s:role/service-role/AtelierExecutionRole" % ACCOUNT
NAME = "%s.dkr.ecr.%s.amazonaws.com/team/model:1" % (ACCOUNT, REGION)
GROUP = "/aws/sagemaker/TrainingJobs"


class Suite:
    def __init__(self, folder, socket):
        self.folder = folder
        self.before = image.containers()
        self.copies = image.copies()
        self.server = Server(folder)
        self.configure({"containers": {"engine": socket}, "lifecycle": {"everySeconds": 1}})
        self.server.spawn()
        self.server.wait_ready()
        keys = self.server.administrator()
        self.session = boto3.Session(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], region_name=REGION)
        self.sagemaker, self.s3, self.logs, self.ecr, self.iam = (
            self.client(each) for each in ("sagemaker", "s3", "logs", "ecr", "iam"))
        self.s3.create_bucket(Bucket="oci-suite")
        self.s3.put_object(Bucket="oci-suite", Key="train/rows", Body=b"rows")

    def configure(self, config):
        self.server.config.write_text(json.dumps(config))

    def client(self, name):
        return self.session.client(name, endpoint_url=self.server.url)

    def step(self, what, deed):
        begun = time.monotonic()
        deed()
        print("%-60s %6.1f s" % (what, time.monotonic() - begun), flush=True)

    def push(self):
        self.ecr.create_repository(repositoryName="team/model")
        image.build(self.folder, NAME)
        launcher = [self.server.launcher, "env", "--data", str(self.server.data), "--admin", "--format", "dotenv"]
        text = subprocess.run(launcher, check=True, capture_output=True, text=True).stdout
        settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        env = dict(os.environ, **{name: value.strip("'\"") for name, value in settings.items()})
        password = self.ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
        auth = os.path.join(self.folder, "auth.json")
        with open(auth, "w") as out:
            json.dump({"auths": {NAME.split("/")[0]: {"auth": password}}}, out)
        image.run(["push", "--authfile", auth, NAME], env=env)
        # the engine must get it from Atelier
        image.run(["rmi", "--force", NAME])

    def request(self, name, hosts=1, **more):
        request = {
            "TrainingJobName": name, "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": NAME, "TrainingInputMode": "File"},
            "HyperParameters": {"suffix": "+1", "lines": "0"},
            "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": {
                "S3DataType": "S3Prefix", "S3Uri": "s3://oci-suite/train/"}}}],
            "OutputDataConfig": {"S3OutputPath": "s3://oci-suite/out"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": hosts, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 600}}
        request.update(more)
        return request

    def until(self, name, *states, seconds=120):
        end = time.monotonic() + seconds
        while True:
            job = self.sagemaker.describe_training_job(TrainingJobName=name)
            if job["TrainingJobStatus"] in states or job["SecondaryStatus"] in states:
                return job
            if job["TrainingJobStatus"] in ("Completed", "Failed", "Stopped") or time.monotonic() > end:
                sys.exit("%s is %s: %s\n%s" % (name, job["TrainingJobStatus"], job.get("FailureReason"), self.log(name)))
            time.sleep(0.1)

    def log(self, name, host="algo-1"):
        streams = self.logs.describe_log_streams(
            logGroupName=GROUP, logStreamNamePrefix="%s/%s" % (name, host))["logStreams"]
        lines, token = [], {}
        while streams:
            page = self.logs.get_log_events(logGroupName=GROUP, logStreamName=streams[0]["logStreamName"],
                                            startFromHead=True, **token)
            lines += [event["message"] for event in page["events"]]
            if token.get("nextToken") == page["nextForwardToken"]:
                break
            token = {"nextToken": page["nextForwardToken"]}
        return lines

    def weights(self, name):
        job = self.sagemaker.describe_training_job(TrainingJobName=name)
        key = job["ModelArtifacts"]["S3ModelArtifacts"].split("/", 3)[3]
        body = self.s3.get_object(Bucket="oci-suite", Key=key)["Body"].read()
        with tarfile.open(fileobj=io.BytesIO(body)) as tar:
            return tar.extractfile("weights").read()

    def train(self):
        self.sagemaker.create_training_job(**self.request("one"))
        self.until("one", "Completed")
        assert self.weights("one") == b"rows+1", self.weights("one")
        log = self.log("one")
        assert "user 0 folder /opt/program" in log, log
        assert "credentials AccessKeyId" in log, log

    def several(self):
        self.sagemaker.create_training_job(**self.request("three", hosts=3))
        self.until("three", "Completed")
        assert sorted(line for line in self.log("three") if line.startswith("met")) == ["met algo-2", "met algo-3"]

    def entry_point(self):
        algorithm = {"TrainingImage": NAME, "TrainingInputMode": "File", "ContainerEntrypoint": ["/bin/sh", "-c"],
                     "ContainerArguments": ["echo own > /opt/ml/model/weights; exit 0"]}
        self.sagemaker.create_training_job(**self.request("own", AlgorithmSpecification=algorithm))
        self.until("own", "Completed")
        assert self.weights("own") == b"own\n"

    def fails(self):
        algorithm = {"TrainingImage": NAME, "TrainingInputMode": "File", "ContainerEntrypoint": ["/no/such/program"]}
        self.sagemaker.create_training_job(**self.request("none", AlgorithmSpecification=algorithm))
        job = self.until("none", "Failed")
        assert "/no/such/program" in job["FailureReason"], job["FailureReason"]
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": "sagemaker.amazonaws.com"}}]}
        arn = self.iam.create_role(RoleName="no-ecr", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        self.iam.put_role_policy(RoleName="no-ecr", PolicyName="s3", PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
        self.sagemaker.create_training_job(**self.request("denied", RoleArn=arn))
        job = self.until("denied", "Failed")
        assert "ecr:BatchGetImage" in job["FailureReason"], job["FailureReason"]

    def killed(self):
        request = self.request("killed")
        request["HyperParameters"]["lines"] = "60"
        self.sagemaker.create_training_job(**request)
        # its credentials were asked for by then; who is asked while dead cannot answer
        while not any(line.startswith("line") for line in self.log("killed")):
            self.until("killed", "Starting", "Downloading", "Pending", "Training")
            time.sleep(0.1)
        self.server.kill()
        self.server.spawn()
        self.server.wait_ready()
        self.until("killed", "Completed")
        lines = [line for line in self.log("killed") if line.startswith("line")]
        assert lines == ["line %d" % i for i in range(60)], lines
        assert self.weights("killed") == b"rows+1"

    def serve(self):
        job = self.sagemaker.describe_training_job(TrainingJobName="one")
        self.sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={
            "Image": NAME, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]})
        self.sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[{
            "VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}])
        self.sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
        self.sagemaker.get_waiter("endpoint_in_service").wait(
            EndpointName="e", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        answer = self.client("sagemaker-runtime").invoke_endpoint(EndpointName="e", Body=b"this")["Body"].read()
        assert answer == b"rows+1 of this", answer
        self.sagemaker.delete_endpoint(EndpointName="e")
        end = time.monotonic() + 60
        while self.sagemaker.list_endpoints()["Endpoints"]:
            assert time.monotonic() < end, "the endpoint is still there"
            time.sleep(0.2)

    def nothing_is_left(self):
        left = image.containers() - self.before
        assert not left, left

    def copy_goes(self):
        own = image.copies() - self.copies
        assert own, "the engine has no copy of the image"
        self.ecr.batch_delete_image(repositoryName="team/model", imageIds=[{"imageTag": "1"}])
        end = time.monotonic() + 60
        while own & image.copies():
            assert time.monotonic() < end, "the engine still has %s" % own
            time.sleep(0.2)

    def without_an_engine(self):
        self.server.end()
        self.configure({"containers": {"engine": "none"}})
        self.server.spawn()
        self.server.wait_ready()
        try:
            self.sagemaker.create_training_job(**self.request("refused"))
            sys.exit("a job without an engine was accepted")
        except ClientError as failure:
            assert failure.response["Error"]["Code"] == "ValidationException", failure
            assert "Install podman" in failure.response["Error"]["Message"], failure


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="atelier-oci-")
    podman = None if options.engine else image.Podman(folder)
    suite = None
    try:
        suite = Suite(folder, options.engine or podman.socket)
        suite.step("an image is pushed by its AWS name", suite.push)
        suite.step("a job trains on it", suite.train)
        suite.step("three hosts meet", suite.several)
        suite.step("an entry point of the job's own runs", suite.entry_point)
        suite.step("failures are explained", suite.fails)
        suite.step("a job outlives the server's kill -9", suite.killed)
        suite.step("an endpoint serves it", suite.serve)
        suite.step("no container is left", suite.nothing_is_left)
        suite.step("the engine's copy goes with the image", suite.copy_goes)
        suite.step("without an engine jobs are refused with advice", suite.without_an_engine)
        print("oci: all passed")
    finally:
        if suite is not None and suite.server.process.poll() is None:
            suite.server.end()
        if podman is not None:
            podman.end()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


main()
