"""Bodies of requests as XGBoost's matrix."""

import csv
import io
import json
from email.message import Message

import numpy as np
import pandas as pd
import xgboost as xgb
from sagemaker_training import content_types, errors
from sagemaker_xgboost_container.constants import xgb_content_types
from sagemaker_xgboost_container.recordio_protobuf import read_recordio_protobuf
from scipy import sparse


def csv_to_dmatrix(input, dtype=None):
    """The rows of a CSV text; an empty field is a missing value."""
    text = _text(input).strip("\r\n")
    try:
        delimiter = csv.Sniffer().sniff(text.split("\n", 1)[0][:512], delimiters=",;\t| ").delimiter
    except csv.Error:
        delimiter = ","
    table = pd.read_csv(io.StringIO(text), sep=delimiter, header=None, dtype=dtype or np.float32,
                        skip_blank_lines=False)
    return xgb.DMatrix(table.to_numpy())


def libsvm_to_dmatrix(string_like):
    """The rows of a libsvm text, columns counted from 0 as in training; a label before them is passed over."""
    values, columns, starts = [], [], [0]
    for line in _text(string_like).strip().splitlines():
        for place, token in enumerate(line.split()):
            column, colon, value = token.partition(":")
            if colon:
                columns.append(int(column))
                values.append(float(value))
            elif place > 0:
                raise ValueError("'%s' is no libsvm feature" % token[:50])
        starts.append(len(columns))
    width = max(columns) + 1 if columns else 0
    return xgb.DMatrix(sparse.csr_matrix((np.asarray(values, dtype=np.float32), columns, starts),
                                         shape=(len(starts) - 1, width)))


def recordio_protobuf_to_dmatrix(string_like):
    """The records of a RecordIO body, with their labels when they have any."""
    features, labels = read_recordio_protobuf(bytes(string_like))
    return xgb.DMatrix(features, label=labels)


_DECODERS = {
    content_types.CSV: csv_to_dmatrix,
    xgb_content_types.LIBSVM: libsvm_to_dmatrix,
    xgb_content_types.X_LIBSVM: libsvm_to_dmatrix,
    xgb_content_types.X_RECORDIO_PROTOBUF: recordio_protobuf_to_dmatrix,
}


def decode(obj, content_type):
    """The matrix of a body of one of the types that the image takes."""
    header = Message()
    header["Content-Type"] = content_type
    decoder = _DECODERS.get(header.get_content_type())
    if decoder is None:
        raise errors.UnsupportedFormatError(content_type)
    return decoder(obj)


def json_to_jsonlines(json_data):
    """The entries of an object's single list, a line each."""
    data = json_data if isinstance(json_data, dict) else json.loads(json_data)
    if len(data) != 1:
        raise ValueError("JSON response is not compatible for conversion to jsonlines.")
    return "".join(json.dumps(entry) + "\n" for entries in data.values() for entry in entries).encode()


def _text(body):
    return bytes(body).decode("utf-8") if isinstance(body, (bytes, bytearray, memoryview)) else body
