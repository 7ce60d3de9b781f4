"""The SageMaker SDK, v2 in this process and v3 in its own environment, with nothing but ./atelier env."""

import os
import subprocess

import numpy as np
import pytest

SCRIPT = """
import argparse, os, joblib
from sklearn.linear_model import LinearRegression
parser = argparse.ArgumentParser()
parser.add_argument("--slope", type=float)
slope = parser.parse_args().slope
model = LinearRegression().fit([[0], [1], [2]], [0, slope, 2 * slope])
print("slope=%.1f;" % model.coef_[0], flush=True)
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
SERVING = """
import os, joblib
def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))
"""


@pytest.fixture
def source(tmp_path):
    (tmp_path / "train.py").write_text(SERVING + "\nif __name__ == '__main__':\n" + "".join(
        "    " + line + "\n" for line in SCRIPT.splitlines()))
    return str(tmp_path)


def test_v2_fits_and_streams_the_log(source, capfd, hurried):
    import sagemaker
    from sagemaker.sklearn import SKLearn

    role = sagemaker.get_execution_role()
    assert role == "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"
    assert sagemaker.Session().default_bucket() == "sagemaker-us-east-1-123456789012"
    estimator = SKLearn("train.py", source_dir=source, role=role, instance_type="ml.t3.medium",
                        framework_version="1.2-1", py_version="py3", hyperparameters={"slope": 3})
    estimator.fit()
    assert "slope=3.0;" in capfd.readouterr().out
    predictor = estimator.deploy(1, "ml.m5.large")
    assert np.allclose(predictor.predict(np.array([[2.0], [10.0]])), [6, 30])
    predictor.delete_model()
    predictor.delete_endpoint()


def test_v3_model_trainer(source, server):
    v3 = os.environ["ATELIER_CLIENTS_V3"]
    program = """
from sagemaker.core import image_uris
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, SourceCode
image = image_uris.retrieve("sklearn", "us-east-1", version="1.2-1", py_version="py3", instance_type="ml.t3.medium")
ModelTrainer(training_image=image, source_code=SourceCode(source_dir=%r, entry_script="train.py"),
             compute=Compute(instance_type="ml.t3.medium", instance_count=1), hyperparameters={"slope": 4}).train()
print("trained")
""" % source
    run = subprocess.run([v3 + "/bin/python", "-c", program], env=server.environment(), capture_output=True,
                         text=True, timeout=200)
    assert run.returncode == 0 and "trained" in run.stdout, run.stdout[-3000:] + run.stderr[-3000:]


def test_command_line(aws):
    assert "assumed-role/AtelierExecutionRole" in aws("sts", "get-caller-identity").stdout
    assert "TrainingJobSummaries" in aws("sagemaker", "list-training-jobs").stdout
