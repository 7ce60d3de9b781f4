"""Distribution dictionaries of the SDK v2, each on two hosts."""
import sys
import tempfile

import digits
import sagemaker
from sagemaker.pytorch import PyTorch

MEASURES = [{"Name": name, "Regex": name + "=([0-9.]+);"} for name in ("loss", "accuracy")]
DATA = sagemaker.Session().upload_data(digits.folder(tempfile.mkdtemp()), key_prefix="digits")


def fit(script, instance_type, distribution, hyperparameters=None):
    estimator = PyTorch(script, source_dir=sys.argv[1], role=sagemaker.get_execution_role(), instance_count=2,
                        instance_type=instance_type, framework_version="1.13.1", py_version="py39",
                        distribution=distribution, hyperparameters=hyperparameters, metric_definitions=MEASURES)
    estimator.fit(DATA, logs=False)
    job = estimator.latest_training_job.describe()
    measured = {each["MetricName"]: each["Value"] for each in job["FinalMetricDataList"]}
    assert measured.get("accuracy", 0) > digits.LEAST_ACCURACY, job["FinalMetricDataList"]
    print("%-28s loss %.4f accuracy %.4f" % (next(iter(distribution)), measured["loss"], measured["accuracy"]), flush=True)


# the SDK takes torch_distributed for types with accelerators alone; the server runs those on its processors here
fit("torch_train.py", "ml.g4dn.xlarge", {"torch_distributed": {"enabled": True}})
fit("mpi_train.py", "ml.m5.large", {"mpi": {"enabled": True, "processes_per_host": 2}})
fit("torch_train.py", "ml.g4dn.xlarge", {"torch_distributed": {"enabled": True}}, {"backend": "smddp"})
