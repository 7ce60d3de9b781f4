"""Trains a logistic regression as a SageMaker script; the same file serves it."""

import argparse
import os
import shutil

import joblib
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--inverse-regularisation", type=float, default=1.0)
    arguments = parser.parse_args()
    rows = np.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"), delimiter=",")
    labels, features = rows[:, 0], rows[:, 1:]
    model = make_pipeline(StandardScaler(),
                          LogisticRegression(C=arguments.inverse_regularisation, max_iter=1000)).fit(features, labels)
    print("train accuracy=%.4f;" % model.score(features, labels), flush=True)
    model_dir = os.environ["SM_MODEL_DIR"]
    joblib.dump(model, os.path.join(model_dir, "model.joblib"))
    os.makedirs(os.path.join(model_dir, "code"), exist_ok=True)
    shutil.copy(os.path.abspath(__file__), os.path.join(model_dir, "code", "train.py"))
