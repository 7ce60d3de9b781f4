"""The bodies that SageMaker's framework containers read and write unless the user's script says otherwise."""

import csv
import io
import json

import numpy as np


class UnsupportedFormat(Exception):
    """A content type that no default function knows."""


def decode(body, content_type):
    """An array of the rows in a CSV, JSON or NPY body. Pickled arrays are refused: they would run code."""
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/x-npy":
        return np.load(io.BytesIO(body), allow_pickle=False)
    if kind == "application/json":
        data = json.loads(body)
        return np.array(data["instances"] if isinstance(data, dict) and "instances" in data else data)
    if kind == "text/csv":
        text = body if isinstance(body, str) else body.decode("utf-8")
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        try:
            return np.array(rows, dtype=np.float64)
        except ValueError:
            return np.array(rows)
    raise UnsupportedFormat("content type %s is not supported; define input_fn in the script" % content_type)


def predict(data, model):
    """Calls the model's predict; a PyTorch module is called on a tensor."""
    if hasattr(model, "predict"):
        return model.predict(data)
    import torch

    with torch.no_grad():
        model.eval()
        return model(torch.as_tensor(data, dtype=torch.float32))


def encode(prediction, accept):
    """The prediction as NPY, JSON or CSV."""
    kind = accept.split(";")[0].strip().lower()
    array = prediction.detach().cpu().numpy() if hasattr(prediction, "detach") else np.asarray(prediction)
    if kind == "application/x-npy":
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        return buffer.getvalue(), kind
    if kind == "application/json":
        return json.dumps(array.tolist()), kind
    if kind == "text/csv":
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(array if array.ndim > 1 else [[value] for value in array])
        return buffer.getvalue(), kind
    raise UnsupportedFormat("accept type %s is not supported; define output_fn in the script" % accept)
