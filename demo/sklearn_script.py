"""SageMaker SDK v2: a scikit-learn script, trained, deployed and asked."""

import os
import sys
import time

import boto3
import numpy as np
import sagemaker
from sagemaker.sklearn import SKLearn

import timing

work, result = sys.argv[1:]
session = sagemaker.Session()
train = session.upload_data(os.path.join(work, "cancer", "train"), key_prefix="atelier-demo/cancer/train")
estimator = SKLearn("train.py", source_dir=os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripts"),
                    role=sagemaker.get_execution_role(), instance_type="ml.m5.large", framework_version="1.2-1",
                    py_version="py3", hyperparameters={"inverse-regularisation": 0.5})
begin = time.time()
estimator.fit({"train": train})
fit = time.time() - begin
job = boto3.client("sagemaker").describe_training_job(TrainingJobName=estimator.latest_training_job.name)

begin = time.time()
predictor = estimator.deploy(1, "ml.t2.medium")
deploy = time.time() - begin
endpoint = boto3.client("sagemaker").describe_endpoint(EndpointName=predictor.endpoint_name)

rows = np.loadtxt(os.path.join(work, "cancer", "test", "test.csv"), delimiter=",")
predictions = np.asarray(predictor.predict(rows[:, 1:]), dtype=float)
timing.write(result, {
    "model": "scikit-learn script, SDK v2", "measure": "accuracy",
    "value": float(np.mean(predictions == rows[:, 0])),
    "predictions": predictions[:3].tolist(), "truth": rows[:3, 0].tolist(),
    "timeline": timing.timeline(job), "fit": fit, "deploy": deploy,
    "job": (job["TrainingEndTime"] - job["CreationTime"]).total_seconds(),
    "endpoint": (endpoint["LastModifiedTime"] - endpoint["CreationTime"]).total_seconds()})
predictor.delete_model()
predictor.delete_endpoint()
