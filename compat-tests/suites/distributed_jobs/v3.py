"""Distributed drivers of the SDK v3's ModelTrainer, each on two hosts."""
import re
import sys
import tempfile

import boto3
import digits
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode
from sagemaker.train.distributed import MPI, Torchrun

IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:1.13.1-cpu-py39"
DATA = digits.folder(tempfile.mkdtemp())


def train(script, distributed, count):
    trainer = ModelTrainer(training_image=IMAGE, distributed=distributed, base_job_name=script.split("_")[0],
                           source_code=SourceCode(source_dir=sys.argv[1], entry_script=script),
                           compute=Compute(instance_type="ml.m5.large", instance_count=2))
    trainer.train(input_data_config=[InputData(channel_name="training", data_source=DATA)], logs=False)
    name = trainer._latest_training_job.training_job_name
    events = boto3.client("logs").filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs",
                                                    logStreamNamePrefix=name + "/", filterPattern="loss")
    said = [event["message"] for event in events["events"] if "of %d loss=" % count in event["message"]]
    assert len(said) >= count, events["events"]
    accuracies = [float(re.search("accuracy=([0-9.]+);", line).group(1)) for line in said]
    assert min(accuracies) > digits.LEAST_ACCURACY, said
    print("%-28s %s" % (type(distributed).__name__, said[0]), flush=True)


train("torch_train.py", Torchrun(), 2)
# the driver starts this many in all, whatever the number of hosts
train("mpi_train.py", MPI(process_count_per_node=2), 2)
