"""Signed control-plane requests, on Atelier and on moto server."""

import itertools

from measuring import moto
from measuring.load import load
from measuring.signed import Signer

WARM_SECONDS = 5
SECONDS = 10
MOST_CREATED = 200_000
MOST_CREATED_BY_PEER = 16_000
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
JOB = {"TrainingJobName": "described", "AlgorithmSpecification": {
           "TrainingImage": IMAGE, "TrainingInputMode": "File", "ContainerEntrypoint": ["/bin/true"]},
       "OutputDataConfig": {"S3OutputPath": "s3://bench/out"},
       "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
       "StoppingCondition": {"MaxRuntimeInSeconds": 600}}
AIM, P99_MS = 10, 50


class Side:
    """One of the two servers: its address, its signer, the role its models name."""

    def __init__(self, url, signer, role, most):
        self.url, self.signer, self.role, self.most = url, signer, role, most
        self.names = itertools.count()

    def describe(self):
        request = [self.signer.json("DescribeTrainingJob", {"TrainingJobName": "described"})]
        load(self.url, request, WARM_SECONDS)
        return load(self.url, request, SECONDS)

    def create(self):
        load(self.url, self.models(self.most // 2), WARM_SECONDS)
        return load(self.url, self.models(self.most), SECONDS)

    def models(self, count):
        return [self.signer.json("CreateModel", {
            "ModelName": "model-%d" % number, "ExecutionRoleArn": self.role,
            "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://bench/model.tar.gz"}})
            for number in itertools.islice(self.names, count)]


def measure(atelier, report):
    atelier.client("s3").create_bucket(Bucket="bench")
    role = atelier.role
    atelier.client("sagemaker").create_training_job(**JOB, RoleArn=role)
    ours = Side(atelier.url, atelier.signer, role, MOST_CREATED)
    with moto.server() as url:
        peer = Side(url, Signer(url, moto.KEYS), role, MOST_CREATED_BY_PEER)
        atelier.client("sagemaker", url).create_training_job(**JOB, RoleArn=role)
        for name, run in (("DescribeTrainingJob", Side.describe), ("CreateModel", Side.create)):
            theirs, own = run(peer), run(ours)
            report.ratio(name + ", 32 connections", own.rate, "/s", "moto", theirs.rate, own.rate / theirs.rate, AIM)
            report.below(name + ", 99th percentile", own.p99, "ms", P99_MS, "moto %.0f ms" % theirs.p99,
                         "%.2fx" % (theirs.p99 / own.p99))
