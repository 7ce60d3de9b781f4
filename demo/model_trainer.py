"""SageMaker SDK v3: ModelTrainer runs the script; the model is deployed through the SDK's resources and asked."""

import json
import os
import sys
import time

import boto3
from sagemaker.core import image_uris
from sagemaker.core.helper.session_helper import Session, get_execution_role
from sagemaker.core.resources import Endpoint, EndpointConfig, Model
from sagemaker.core.shapes import ContainerDefinition, ProductionVariant
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode

import timing

work, result = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
region = Session().boto_region_name
image = image_uris.retrieve("sklearn", region, version="1.2-1", py_version="py3", instance_type="ml.m5.large")
trainer = ModelTrainer(training_image=image,
                       source_code=SourceCode(source_dir=os.path.join(here, "scripts"), entry_script="train.py"),
                       compute=Compute(instance_type="ml.m5.large", instance_count=1),
                       hyperparameters={"inverse-regularisation": 0.5}, base_job_name="demo-trainer")
begin = time.time()
trainer.train(input_data_config=[
    InputData(channel_name="train", data_source=os.path.join(work, "cancer", "train"))])
fit = time.time() - begin
client = boto3.client("sagemaker")
listed = client.list_training_jobs(NameContains="demo-trainer", SortBy="CreationTime", SortOrder="Descending")
name = listed["TrainingJobSummaries"][0]["TrainingJobName"]
job = client.describe_training_job(TrainingJobName=name)

begin = time.time()
Model.create(model_name=name, execution_role_arn=get_execution_role(), primary_container=ContainerDefinition(
    image=image, model_data_url=job["ModelArtifacts"]["S3ModelArtifacts"],
    environment={"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}))
EndpointConfig.create(endpoint_config_name=name, production_variants=[ProductionVariant(
    variant_name="AllTraffic", model_name=name, instance_type="ml.t2.medium", initial_instance_count=1)])
endpoint = Endpoint.create(endpoint_name=name, endpoint_config_name=name)
endpoint.wait_for_status("InService")
deploy = time.time() - begin

with open(os.path.join(work, "cancer", "test", "test.csv")) as file:
    rows = [[float(cell) for cell in line.split(",")] for line in file]
body = "\n".join(",".join(repr(cell) for cell in row[1:]) for row in rows)
answer = endpoint.invoke(body=body, content_type="text/csv", accept="application/json")
predictions = json.loads(answer.body.read())
described = client.describe_endpoint(EndpointName=name)
timing.write(result, {
    "model": "scikit-learn script, SDK v3", "measure": "accuracy",
    "value": sum(p == row[0] for p, row in zip(predictions, rows)) / len(rows),
    "predictions": predictions[:3], "truth": [row[0] for row in rows[:3]],
    "timeline": timing.timeline(job), "fit": fit, "deploy": deploy,
    "job": (job["TrainingEndTime"] - job["CreationTime"]).total_seconds(),
    "endpoint": (described["LastModifiedTime"] - described["CreationTime"]).total_seconds()})
endpoint.delete()
client.delete_endpoint_config(EndpointConfigName=name)
client.delete_model(ModelName=name)
