"""Distribution dictionaries of the SDK v2, each on two hosts."""
import sys

import sagemaker
from sagemaker.pytorch import PyTorch

LOSS = [{"Name": "loss", "Regex": "loss=([0-9.]+);"}]


def fit(script, instance_type, distribution, hyperparameters=None):
    estimator = PyTorch(script, source_dir=sys.argv[1], role=sagemaker.get_execution_role(), instance_count=2,
                        instance_type=instance_type, framework_version="1.13.1", py_version="py39",
                        distribution=distribution, hyperparameters=hyperparameters, metric_definitions=LOSS)
    estimator.fit(logs=False)
    job = estimator.latest_training_job.describe()
    losses = [each["Value"] for each in job["FinalMetricDataList"]]
    assert losses and losses[0] < 1e-3, job["FinalMetricDataList"]
    print("%-28s loss %.8f" % (next(iter(distribution)), losses[0]), flush=True)


# the SDK takes torch_distributed for types with accelerators alone; the server runs those on its processors here
fit("torch_train.py", "ml.g4dn.xlarge", {"torch_distributed": {"enabled": True}})
fit("mpi_train.py", "ml.m5.large", {"mpi": {"enabled": True, "processes_per_host": 2}})
fit("torch_train.py", "ml.g4dn.xlarge", {"torch_distributed": {"enabled": True}}, {"backend": "smddp"})
