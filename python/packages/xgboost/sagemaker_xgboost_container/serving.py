"""The functions that the image uses where a script for serving defines none."""

from sagemaker_containers.beta.framework import encoders, worker
from sagemaker_containers.beta.framework.transformer import default_model_fn  # noqa: F401
from sagemaker_xgboost_container import encoder


def default_input_fn(input_data, content_type):
    """The matrix of a CSV, libsvm or RecordIO body."""
    return encoder.decode(input_data, content_type)


def default_predict_fn(input_data, model):
    """The model's prediction, whatever its columns were called in training."""
    return model.predict(input_data, validate_features=False)


def default_output_fn(prediction, accept):
    """The prediction as CSV, JSON or NPY."""
    return worker.Response(encoders.encode(prediction, accept), mimetype=accept)
