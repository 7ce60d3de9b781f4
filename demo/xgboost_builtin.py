"""SageMaker SDK v2: the built-in XGBoost algorithm, trained, deployed and asked."""

import os
import sys
import time

import boto3
import numpy as np
import sagemaker
from sagemaker.deserializers import CSVDeserializer
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer

import timing

work, result = sys.argv[1:]
session = sagemaker.Session()
role = sagemaker.get_execution_role()
train = session.upload_data(os.path.join(work, "diabetes", "train"), key_prefix="atelier-demo/diabetes/train")
image = sagemaker.image_uris.retrieve("xgboost", session.boto_region_name, version="1.7-1")
estimator = Estimator(image, role, instance_count=1, instance_type="ml.m5.large",
                      output_path="s3://%s/atelier-demo/output" % session.default_bucket(),
                      hyperparameters={"objective": "reg:squarederror", "num_round": 60, "max_depth": 3, "eta": 0.1,
                                       "seed": 7, "tree_method": "exact"})
begin = time.time()
estimator.fit({"train": TrainingInput(train, content_type="text/csv")})
fit = time.time() - begin
job = boto3.client("sagemaker").describe_training_job(TrainingJobName=estimator.latest_training_job.name)

begin = time.time()
predictor = estimator.deploy(1, "ml.t2.medium", serializer=CSVSerializer(), deserializer=CSVDeserializer())
deploy = time.time() - begin
endpoint = boto3.client("sagemaker").describe_endpoint(EndpointName=predictor.endpoint_name)

rows = np.loadtxt(os.path.join(work, "diabetes", "test", "test.csv"), delimiter=",")
predictions = np.array(predictor.predict(rows[:, 1:]), dtype=float).ravel()
timing.write(result, {
    "model": "XGBoost built-in, SDK v2", "measure": "RMSE",
    "value": float(np.sqrt(np.mean((predictions - rows[:, 0]) ** 2))),
    "predictions": predictions[:3].tolist(), "truth": rows[:3, 0].tolist(),
    "timeline": timing.timeline(job), "fit": fit, "deploy": deploy,
    "job": (job["TrainingEndTime"] - job["CreationTime"]).total_seconds(),
    "endpoint": (endpoint["LastModifiedTime"] - endpoint["CreationTime"]).total_seconds()})
predictor.delete_model()
predictor.delete_endpoint()
