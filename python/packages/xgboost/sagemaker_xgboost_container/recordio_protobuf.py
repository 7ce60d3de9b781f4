"""SageMaker's RecordIO framing of protobuf records, as features and labels."""

import io

import numpy as np
from sagemaker_training.record_pb2 import Record
from sagemaker_training.recordio import _read_recordio
from scipy import sparse

_KINDS = ("float32_tensor", "float64_tensor", "int32_tensor")


def read_recordio_protobuf(buffer):
    """The features (an array, or a sparse matrix when the records are sparse) and the labels, None without any."""
    rows, labels = [], []
    for frame in _read_recordio(io.BytesIO(buffer)):
        record = Record()
        record.ParseFromString(frame)
        rows.append(_Tensor(record.features["values"]))
        if "values" in record.label:
            labels.append(_Tensor(record.label["values"]).values[0])
    if not rows:
        raise ValueError("the data holds no record")
    if labels and len(labels) != len(rows):
        raise ValueError("%d of %d records have a label" % (len(labels), len(rows)))
    return _matrix(rows), np.asarray(labels, dtype=np.float32) if labels else None


class _Tensor:
    """One record's numbers, with the columns they belong to when it is sparse."""

    def __init__(self, value):
        kind = next((each for each in _KINDS if value.HasField(each)), None)
        if kind is None:
            raise ValueError("a record holds no numbers")
        tensor = getattr(value, kind)
        self.values = np.asarray(tensor.values, dtype=np.float32)
        self.keys = np.asarray(tensor.keys, dtype=np.int64)
        self.width = int(tensor.shape[0]) if tensor.shape else 0


def _matrix(rows):
    if not any(row.keys.size for row in rows) and not any(row.width for row in rows):
        return np.stack([row.values for row in rows])
    columns = np.concatenate([row.keys for row in rows])
    width = max([row.width for row in rows] + [int(columns.max()) + 1 if columns.size else 0])
    starts = np.concatenate([[0], np.cumsum([row.keys.size for row in rows])])
    return sparse.csr_matrix((np.concatenate([row.values for row in rows]), columns, starts), shape=(len(rows), width))
