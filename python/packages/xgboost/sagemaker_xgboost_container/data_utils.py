"""Training data of a channel as XGBoost's matrix. The label is the first column, or what libsvm and RecordIO say."""

import csv
import logging
import os
import re
import tempfile
import warnings
from email.message import Message

import numpy as np
import pandas as pd
import xgboost as xgb
from sagemaker_algorithm_toolkit import exceptions as exc
from sagemaker_training import content_types
from sagemaker_xgboost_container.constants import xgb_content_types
from sagemaker_xgboost_container.recordio_protobuf import read_recordio_protobuf

CSV = "csv"
LIBSVM = "libsvm"
PARQUET = "parquet"
RECORDIO_PROTOBUF = "recordio-protobuf"
MAX_FOLDER_DEPTH = 3

_KINDS = {
    CSV: CSV, content_types.CSV: CSV,
    LIBSVM: LIBSVM, xgb_content_types.LIBSVM: LIBSVM, xgb_content_types.X_LIBSVM: LIBSVM,
    PARQUET: PARQUET, xgb_content_types.X_PARQUET: PARQUET,
    RECORDIO_PROTOBUF: RECORDIO_PROTOBUF, xgb_content_types.X_RECORDIO_PROTOBUF: RECORDIO_PROTOBUF,
}
VALID_CONTENT_TYPES = list(_KINDS)
VALID_PIPED_CONTENT_TYPES = [name for name, kind in _KINDS.items() if kind != LIBSVM]

_DELIMITERS = ",;\t| "
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)"
_LIBSVM_LINE = re.compile(r"(?:%s)(?::(?:%s))?(?:\s+(?:qid:\d+|\d+:(?:%s)))*\s*(?:#.*)?" % ((_NUMBER,) * 3), re.I)


def get_content_type(content_type_cfg_val):
    """The short name of a content type, which may have parameters; libsvm for None."""
    if content_type_cfg_val is None:
        return LIBSVM
    header = Message()
    header["Content-Type"] = content_type_cfg_val.lower()
    name, *parameters = header.get_params()
    kind = _KINDS.get(name[0].strip())
    if kind is None:
        raise exc.UserError("%s is not an accepted ContentType: %s." % (content_type_cfg_val, ", ".join(_KINDS)))
    if kind == CSV and dict(parameters).get("label_size", "1") != "1":
        raise exc.UserError("%s is not an accepted csv ContentType. Optional parameter label_size must be equal to 1"
                            % content_type_cfg_val)
    return kind


def validate_data_file_path(data_path, content_type):
    """Looks at the first line of each file of a CSV or libsvm channel."""
    kind = get_content_type(content_type)
    if not os.path.exists(data_path):
        raise exc.UserError("%s is not a valid path!" % data_path)
    for file in _files(data_path) if kind in (CSV, LIBSVM) else []:
        line = _first_line(file)
        if not (_delimiter(line) if kind == CSV else _LIBSVM_LINE.fullmatch(line.strip())):
            raise exc.UserError("First line '%s...' of file '%s' is not '%s' format. Please ensure the file is in '%s' "
                                "format." % (line[:50], os.path.basename(file), kind.upper(), kind.upper()))


def get_dmatrix(data_path, content_type, csv_weights=0, is_pipe=False):
    """The matrix of all files under a path, or under each of a list of paths; None when the path does not exist.

    :param content_type: csv, libsvm, parquet or recordio-protobuf, or a content type that stands for one of them
    :param csv_weights: 1 when the second column of CSV holds the rows' weights
    :param is_pipe: whether the channel is a pipe, which only RecordIO can be read from
    """
    kind = get_content_type(content_type)
    if is_pipe:
        return _labelled(_recordio(_pipes(data_path)) if kind == RECORDIO_PROTOBUF else _refuse_pipe(kind))
    paths = data_path if isinstance(data_path, list) else [data_path]
    if not isinstance(data_path, list) and not (data_path and os.path.exists(data_path)):
        logging.info("File path %s does not exist!", data_path)
        return None
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise exc.UserError("No data files found in %s" % data_path)
    readers = {CSV: lambda: _csv(files, csv_weights), LIBSVM: lambda: _libsvm(files),
               PARQUET: lambda: _parquet(files), RECORDIO_PROTOBUF: lambda: _recordio(files)}
    try:
        return _labelled(readers[kind]())
    except exc.UserError:
        raise
    except Exception as failure:
        raise exc.UserError("Failed to load %s data with exception: %s" % (kind, failure)) from failure


def get_csv_dmatrix(path, csv_weights, is_pipe=False):
    return get_dmatrix(path, CSV, csv_weights, is_pipe)


def get_libsvm_dmatrix(files_path, is_pipe=False):
    return get_dmatrix(files_path, LIBSVM, is_pipe=is_pipe)


def get_parquet_dmatrix(path, is_pipe=False):
    return get_dmatrix(path, PARQUET, is_pipe=is_pipe)


def get_recordio_protobuf_dmatrix(path, is_pipe=False):
    return get_dmatrix(path, RECORDIO_PROTOBUF, is_pipe=is_pipe)


def get_size(data_path, is_pipe=False):
    """The bytes of the files under a path; 0 when there is none, 1 for a pipe."""
    if is_pipe and os.path.exists("%s_0" % data_path):
        return 1
    if os.path.isfile(data_path):
        return os.path.getsize(data_path)
    total = 0
    for folder, _, names in os.walk(data_path, followlinks=True):
        for name in names:
            if name.startswith("."):
                raise exc.UserError("Hidden file found in the data path! Remove that before training.")
            total += os.path.getsize(os.path.join(folder, name))
    return total


def check_data_redundancy(train_path, validate_path):
    """Warns of files that both channels hold, by name and size."""
    for what, path in (("training", train_path), ("validation", validate_path)):
        if not os.path.exists(path):
            raise exc.UserError("%s data's path is not existed" % what)
    held = {os.path.basename(file): file for file in _files(train_path)}
    for file in _files(validate_path):
        twin = held.get(os.path.basename(file))
        if twin and os.path.getsize(twin) == os.path.getsize(file):
            logging.warning("Suspected identical files found: %s and %s. Validation on training data says little.",
                            twin, file)


def _files(path):
    """The data files of a path in order of name; hidden ones, and those deeper than the image looks, are none."""
    if os.path.isfile(path):
        return [path]
    found = []
    for folder, folders, names in os.walk(path, followlinks=True):
        depth = 0 if folder == path else os.path.relpath(folder, path).count(os.sep) + 1
        folders[:] = sorted(each for each in folders if depth < MAX_FOLDER_DEPTH)
        found += [os.path.join(folder, name) for name in sorted(names) if not name.startswith((".", "_"))]
    return found


def _first_line(file):
    with open(file, errors="ignore") as lines:
        return lines.readline()


def _delimiter(line):
    """The delimiter of a line; a single column has none, and is taken for one of commas."""
    try:
        return csv.Sniffer().sniff(line, delimiters=_DELIMITERS).delimiter
    except csv.Error:
        return "," if re.fullmatch(_NUMBER, line.strip(), re.I) else None


def _csv(files, weights):
    line = _first_line(files[0])
    delimiter = _delimiter(line)
    if delimiter is None:
        raise exc.UserError("Could not determine delimiter on line %s" % line[:50])
    logging.info("Determined delimiter of CSV input is '%s'", delimiter)
    tables = [pd.read_csv(file, sep=delimiter, header=None, dtype=np.float32) for file in files
              if os.path.getsize(file)]
    data = np.concatenate([table.to_numpy() for table in tables])
    return xgb.DMatrix(data[:, 1 + weights:], label=data[:, 0], weight=data[:, 1] if weights else None)


def _libsvm(files):
    """XGBoost's own reader wants one folder of plain files, and takes parts of their names for options."""
    with tempfile.TemporaryDirectory(prefix="libsvm") as folder:
        for number, file in enumerate(files):
            os.symlink(os.path.abspath(file), os.path.join(folder, "%06d" % number))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="(?s).*Text file input has been deprecated")
            return xgb.DMatrix(folder + "?format=libsvm")


def _parquet(files):
    data = np.concatenate([pd.read_parquet(file).to_numpy(dtype=np.float32) for file in files])
    return xgb.DMatrix(data[:, 1:], label=data[:, 0])


def _recordio(files):
    content = b"".join(_read(file) for file in files)
    features, labels = read_recordio_protobuf(content)
    return xgb.DMatrix(features, label=labels)


def _read(file):
    with open(file, "rb") as content:
        return content.read()


def _pipes(data_path):
    return ["%s_0" % path for path in (data_path if isinstance(data_path, list) else [data_path])]


def _refuse_pipe(kind):
    raise exc.UserError("Pipe mode is not supported for %s. Use the input mode File or FastFile." % kind)


def _labelled(matrix):
    if matrix.get_label().size == 0:
        raise exc.UserError("Got input data without labels. Please check the input data set.")
    return matrix
