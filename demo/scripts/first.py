"""Fits a line through rows of x,y as a SageMaker script; the same file serves it."""

import os

import joblib
import numpy as np
from sklearn.linear_model import LinearRegression


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "line.joblib"))


if __name__ == "__main__":
    rows = np.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.csv"), delimiter=",")
    line = LinearRegression().fit(rows[:, :1], rows[:, 1])
    print("slope=%.3f;" % line.coef_[0], flush=True)
    joblib.dump(line, os.path.join(os.environ["SM_MODEL_DIR"], "line.joblib"))
