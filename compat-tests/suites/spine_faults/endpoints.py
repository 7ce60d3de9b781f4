"""Endpoints: in service by their own answer, found again after every kill, gone when deleted."""

import io
import random
import tarfile
import time

from botocore.exceptions import ClientError

from .calls import NotSent, Unknown, again, once
from .trainings import IMAGE

SCRIPT = b"""def model_fn(folder):
    return open(folder + '/weight').read()
def input_fn(body, kind):
    return body if isinstance(body, str) else body.decode()
def predict_fn(data, model):
    return model + data
def output_fn(result, accept):
    return result, 'text/csv'
"""


class Endpoints:
    def __init__(self, platform, number):
        self.platform, self.name = platform, "endpoint-%d" % number
        self.random = random.Random("%s %s" % (platform.seed, self.name))
        self.sagemaker, self.s3 = platform.client("sagemaker"), platform.client("s3")
        self.runtime = platform.client("sagemaker-runtime")

    def prepare(self):
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            for name, content in (("code/inference.py", SCRIPT), ("weight", b"seven ")):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        again(self.s3.put_object, Bucket=self.platform.bucket, Key="models/%s.tar.gz" % self.name,
              Body=archive.getvalue())

    def make(self, call, **request):
        unknown = False
        while True:
            try:
                return once(call, **request)
            except NotSent:
                continue
            except Unknown:
                unknown = True
            except ClientError as error:
                if unknown and "already exist" in str(error):
                    return None
                raise

    def round(self, count):
        name = "%s-%04d" % (self.name, count)
        account = self.platform.account
        account.at(name, "create")
        self.make(self.sagemaker.create_model, ModelName=name, ExecutionRoleArn=self.platform.role,
                  PrimaryContainer={"Image": IMAGE, "ModelDataUrl": "s3://%s/models/%s.tar.gz"
                                    % (self.platform.bucket, self.name),
                                    "Environment": {"SAGEMAKER_PROGRAM": "inference.py",
                                                    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}})
        self.make(self.sagemaker.create_endpoint_config, EndpointConfigName=name, ProductionVariants=[
            {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": 1,
             "InstanceType": "ml.t2.medium"}])
        self.make(self.sagemaker.create_endpoint, EndpointName=name, EndpointConfigName=name)
        state = self.await_state(name, "InService")
        for _ in range(self.random.randrange(1, 12) if state == "InService" else 0):
            answer = self.invoke(name)
            if answer != b"seven up":
                account.blame("wrong", "%s answered %r" % (name, answer))
            time.sleep(self.random.uniform(0, 1))
        self.delete(name)
        account.over(name)
        account.finished("endpoint")

    def invoke(self, name):
        end = time.monotonic() + 90
        while True:
            try:
                return once(lambda **request: self.runtime.invoke_endpoint(**request)["Body"].read(),
                            EndpointName=name, ContentType="text/csv", Body=b"up")
            except (Unknown, ClientError) as error:
                if time.monotonic() > end:
                    self.platform.account.blame("stuck", "%s does not answer: %s" % (name, error))
                    return b"seven up"
                time.sleep(0.1)

    def await_state(self, name, wanted):
        while True:
            answer = again(self.sagemaker.describe_endpoint, EndpointName=name)
            self.platform.account.at(name, answer["EndpointStatus"])
            if answer["EndpointStatus"] == "Failed":
                self.platform.account.blame("wrong", "%s failed: %s" % (name, answer.get("FailureReason")))
            if answer["EndpointStatus"] in (wanted, "Failed"):
                return answer["EndpointStatus"]
            time.sleep(0.3)

    def delete(self, name):
        self.platform.account.at(name, "delete")
        for call, request in ((self.sagemaker.delete_endpoint, {"EndpointName": name}),
                              (self.sagemaker.delete_endpoint_config, {"EndpointConfigName": name}),
                              (self.sagemaker.delete_model, {"ModelName": name})):
            try:
                again(call, **request)
            except ClientError as error:
                if "ould not find" not in str(error):
                    raise
        while True:
            try:
                again(self.sagemaker.describe_endpoint, EndpointName=name)
            except ClientError:
                return
            time.sleep(0.3)
