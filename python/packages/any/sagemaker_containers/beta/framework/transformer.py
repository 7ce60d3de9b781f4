"""The functions that an image uses where a script defines none."""

from sagemaker_containers.beta.framework import worker
from sagemaker_training import encoders


def default_model_fn(model_dir):
    """No model can be loaded without knowing how it was stored."""
    raise NotImplementedError("Please provide a model_fn implementation. See documentation for model_fn at "
                              "https://github.com/aws/sagemaker-python-sdk")


def default_input_fn(input_data, content_type):
    """An array of a CSV, JSON or NPY body."""
    return encoders.decode(input_data, content_type)


def default_predict_fn(data, model):
    """What can be done with a model depends on its framework."""
    raise NotImplementedError("Please provide a predict_fn implementation. See documentation for predict_fn at "
                              "https://github.com/aws/sagemaker-python-sdk")


def default_output_fn(prediction, accept):
    """The prediction as CSV, JSON or NPY."""
    return worker.Response(response=encoders.encode(prediction, accept), mimetype=accept)
