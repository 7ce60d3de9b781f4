"""Models, endpoints and invocations by boto3."""

import pytest
from botocore.exceptions import ClientError
from conftest import ROLE, SKLEARN
from server import wait_until
from test_training import archive

SCRIPT = b"""
def model_fn(model_dir):
    return float(open(model_dir + "/factor.txt").read())

def predict_fn(data, model):
    return data * model
"""


def deploy(client, bucket, name, script=SCRIPT):
    client("s3").put_object(Bucket=bucket, Key=name + "/model.tar.gz", Body=archive(
        {"factor.txt": b"2.5", "code/inference.py": script}))
    sagemaker = client("sagemaker")
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={
        "Image": SKLEARN, "ModelDataUrl": "s3://%s/%s/model.tar.gz" % (bucket, name),
        "Environment": {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}})
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[{
        "VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)

    def settled():
        endpoint = sagemaker.describe_endpoint(EndpointName=name)
        return endpoint if endpoint["EndpointStatus"] != "Creating" else None
    return wait_until(settled, "endpoint " + name, 180, 0.05)


def test_life_of_an_endpoint(client, bucket, name):
    endpoint = deploy(client, bucket, name)
    assert endpoint["EndpointStatus"] == "InService", endpoint.get("FailureReason")
    runtime = client("sagemaker-runtime")
    answer = runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Accept="application/json", Body="1,2\n")
    assert answer["Body"].read() == b"[[2.5, 5.0]]"
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    with pytest.raises(ClientError) as failure:
        runtime.invoke_endpoint(EndpointName=name, ContentType="image/png", Body=b"x")
    assert failure.value.response["Error"]["Code"] == "ModelError"
    assert failure.value.response["OriginalStatusCode"] == 415
    with pytest.raises(ClientError) as failure:
        client("sagemaker").create_endpoint(EndpointName=name, EndpointConfigName=name)
    assert "Cannot create already existing endpoint" in str(failure.value)
    client("sagemaker").delete_endpoint(EndpointName=name)

    def gone():
        try:
            client("sagemaker").describe_endpoint(EndpointName=name)
        except ClientError as error:
            return error
    error = wait_until(gone, "deletion")
    assert error.response["Error"]["Code"] == "ValidationException"
    assert "Could not find endpoint \"arn:aws:sagemaker:us-east-1:123456789012:endpoint/" in str(error)
    with pytest.raises(ClientError) as failure:
        runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body="1")
    assert failure.value.response["Error"]["Code"] == "ValidationError"


RESPONSE = b"""
class Refusal:
    status, mimetype = "422 UNPROCESSABLE ENTITY", "text/plain"

    def get_data(self):
        return b"too few columns"

def model_fn(model_dir):
    return None

def transform_fn(model, body, content_type, accept):
    return Refusal()
"""


def test_the_status_of_a_scripts_response_is_told(client, bucket, name):
    endpoint = deploy(client, bucket, name, RESPONSE)
    assert endpoint["EndpointStatus"] == "InService", endpoint.get("FailureReason")
    with pytest.raises(ClientError) as failure:
        client("sagemaker-runtime").invoke_endpoint(EndpointName=name, ContentType="text/csv", Body="1")
    assert failure.value.response["OriginalStatusCode"] == 422
    assert failure.value.response["OriginalMessage"] == "too few columns"
    client("sagemaker").delete_endpoint(EndpointName=name)


def test_a_broken_script_fails_the_endpoint_with_its_reason(client, bucket, name):
    endpoint = deploy(client, bucket, name, b"raise ImportError('no module named gadget')\n")
    assert endpoint["EndpointStatus"] == "Failed"
    assert "no module named gadget" in endpoint["FailureReason"]
    client("sagemaker").delete_endpoint(EndpointName=name)


def test_what_is_not_there(client):
    sagemaker = client("sagemaker")
    for call, words in ((lambda: sagemaker.describe_model(ModelName="none"), "Could not find model"),
                        (lambda: sagemaker.describe_endpoint_config(EndpointConfigName="none"),
                         "Could not find endpoint configuration"),
                        (lambda: sagemaker.create_endpoint(EndpointName="x", EndpointConfigName="none"),
                         "Could not find endpoint configuration")):
        with pytest.raises(ClientError) as failure:
            call()
        assert failure.value.response["Error"]["Code"] == "ValidationException"
        assert words in failure.value.response["Error"]["Message"]
