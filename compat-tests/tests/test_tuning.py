"""Hyperparameter tuning jobs by boto3 and by the SageMaker SDK, v2 and v3: what they try really trains."""

import io
import os
import subprocess
import tarfile

import pytest
from botocore.exceptions import ClientError
from conftest import ROLE, SKLEARN
from server import wait_until
from test_identity_entities import acting, allow, iam, policy  # noqa: F401

XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
# the loss after each epoch; it waits, so that it can be ended in between
SCRIPT = """
import argparse, time
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
parser.add_argument("--epochs", type=int, default=1)
parser.add_argument("--wait", type=float, default=0)
arguments = parser.parse_args()
for epoch in range(arguments.epochs):
    print("loss=%.6f;" % ((arguments.rate - 0.3) ** 2 + 1 / (epoch + 1)), flush=True)
    time.sleep(arguments.wait)
"""
LOSS = [{"Name": "loss", "Regex": "loss=([0-9.]+);"}]


def ranges(low="0.1", high="1"):
    return {"ContinuousParameterRanges": [{"Name": "rate", "MinValue": low, "MaxValue": high}]}


def config(strategy="Random", most=4, parallel=2, objective="loss", **changes):
    return {"Strategy": strategy, "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": objective},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": most, "MaxParallelTrainingJobs": parallel},
            "ParameterRanges": ranges(), "RandomSeed": 1, **changes}


def definition(bucket, static, image=SKLEARN, metrics=LOSS, channels=None):
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    if metrics:
        algorithm["MetricDefinitions"] = metrics
    made = {"AlgorithmSpecification": algorithm, "RoleArn": ROLE, "StaticHyperParameters": static,
            "OutputDataConfig": {"S3OutputPath": "s3://%s/output" % bucket},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 300}}
    if channels:
        made["InputDataConfig"] = [
            {"ChannelName": name, "ContentType": "text/csv", "DataSource": {"S3DataSource": {
                "S3DataType": "S3Prefix", "S3Uri": "s3://%s/%s" % (bucket, name)}}} for name in channels]
    return made


@pytest.fixture
def script(s3, bucket):
    """The static hyperparameters of a script that lies in the bucket."""
    return store_script(s3, bucket)


def store_script(s3, bucket):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("train.py")
        info.size = len(SCRIPT)
        tar.addfile(info, io.BytesIO(SCRIPT.encode()))
    s3.put_object(Bucket=bucket, Key="source.tar.gz", Body=buffer.getvalue())
    return {"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://%s/source.tar.gz" % bucket}


def ended(sagemaker, name, seconds=120):
    def state():
        job = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        return job if job["HyperParameterTuningJobStatus"] in ("Completed", "Failed", "Stopped") else None
    return wait_until(state, "the end of " + name, seconds, 0.1)


def trials(sagemaker, name, **members):
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=name, PaginationConfig={"PageSize": 3}, **members)
    return [each for page in pages for each in page["TrainingJobSummaries"]]


@pytest.fixture
def short(unique):
    """Names of tuning jobs have at most 32 characters."""
    return "tune-" + unique


def test_xgboost_is_tuned(sagemaker, s3, bucket, short):
    rows = "".join("%f,%f,%f\n" % (2 * a + b, a, b) for a in range(12) for b in range(6))
    for channel in ("train", "validation"):
        s3.put_object(Bucket=bucket, Key=channel + "/rows.csv", Body=rows.encode())
    tuned = {"IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "1", "MaxValue": "6"}],
             "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0.01", "MaxValue": "1",
                                            "ScalingType": "Logarithmic"}]}
    arn = sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=short,
        HyperParameterTuningJobConfig=config("Bayesian", 6, 3, "validation:rmse", ParameterRanges=tuned),
        TrainingJobDefinition=definition(bucket, {"objective": "reg:squarederror", "num_round": "10"}, XGBOOST, None,
                                         ["train", "validation"]),
        Tags=[{"Key": "team", "Value": "blue"}])["HyperParameterTuningJobArn"]
    job = ended(sagemaker, short)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    assert job["TrainingJobStatusCounters"]["Completed"] == 6 == job["ObjectiveStatusCounters"]["Succeeded"]
    found = trials(sagemaker, short, SortBy="FinalObjectiveMetricValue", SortOrder="Ascending")
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in found]
    assert values == sorted(values) and len(values) == 6
    assert job["BestTrainingJob"]["TrainingJobName"] == found[0]["TrainingJobName"]
    training = sagemaker.describe_training_job(TrainingJobName=found[0]["TrainingJobName"])
    assert training["TuningJobArn"] == arn
    assert training["HyperParameters"]["_tuning_objective_metric"] == "validation:rmse"
    assert training["HyperParameters"]["eta"] == found[0]["TunedHyperParameters"]["eta"]
    for each in (arn, training["TrainingJobArn"]):
        assert sagemaker.list_tags(ResourceArn=each)["Tags"] == [{"Key": "team", "Value": "blue"}]
    s3.head_object(Bucket=bucket, Key="output/%s/output/model.tar.gz" % found[0]["TrainingJobName"])
    listed = sagemaker.list_hyper_parameter_tuning_jobs(NameContains=short, StatusEquals="Completed", SortBy="Name")
    assert [each["Strategy"] for each in listed["HyperParameterTuningJobSummaries"]] == ["Bayesian"]
    sagemaker.delete_hyper_parameter_tuning_job(HyperParameterTuningJobName=short)
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=short)


def test_hyperband_ends_the_worse_early(sagemaker, bucket, script, short):
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=short,
        HyperParameterTuningJobConfig=config("Hyperband", 6, 3, StrategyConfig={
            "HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 27}}),
        TrainingJobDefinition=definition(bucket, {**script, "epochs": "27", "wait": "0.3"}))
    job = ended(sagemaker, short)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    assert job["TrainingJobStatusCounters"]["Stopped"] >= 1
    assert job["ObjectiveStatusCounters"]["Succeeded"] == 6


def test_a_stop_ends_what_runs(sagemaker, bucket, script, short):
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=short, HyperParameterTuningJobConfig=config(),
        TrainingJobDefinition=definition(bucket, {**script, "epochs": "500", "wait": "0.5"}))
    wait_until(lambda: len(trials(sagemaker, short, StatusEquals="InProgress")) == 2, "two run", 30)
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=short)
    assert ended(sagemaker, short)["HyperParameterTuningJobStatus"] == "Stopped"
    assert {each["TrainingJobStatus"] for each in trials(sagemaker, short)} == {"Stopped"}


@pytest.mark.parametrize("members, said", [
    ({"Strategy": "Grid"}, "Grid search only supports categorical parameters"),
    ({"Strategy": "Hyperband", "TrainingJobEarlyStoppingType": "Auto"}, "TrainingJobEarlyStoppingType must be Off"),
    ({"ParameterRanges": ranges("a")}, "is not a number"),
    ({"ParameterRanges": ranges("2", "1")}, "must not be greater than its MaxValue"),
    ({"HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "other"}},
     "A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric definitions."),
])
def test_what_cannot_be_searched_is_refused(sagemaker, bucket, script, short, members, said):
    with pytest.raises(ClientError) as refused:
        sagemaker.create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=short, HyperParameterTuningJobConfig=config(**members),
            TrainingJobDefinition=definition(bucket, script))
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert said in str(refused.value)


def test_the_role_must_be_passed(acting, iam, bucket, script, short):
    iam.put_user_policy(UserName=acting.name, PolicyName="tunes", PolicyDocument=policy(allow("sagemaker:*")))
    with pytest.raises(ClientError) as refused:
        acting.client("sagemaker").create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=short, HyperParameterTuningJobConfig=config(),
            TrainingJobDefinition=definition(bucket, script))
    assert "iam:PassRole" in str(refused.value)


def test_a_killed_server_loses_and_doubles_nothing(own_server, short):
    server = own_server().start()
    sagemaker, s3 = server.client("sagemaker"), server.client("s3")
    bucket = "killed-" + short
    s3.create_bucket(Bucket=bucket)
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=short, HyperParameterTuningJobConfig=config(most=5, parallel=3),
        TrainingJobDefinition=definition(bucket, {**store_script(s3, bucket), "epochs": "3", "wait": "0.3"}))
    for least in (1, 4):
        wait_until(lambda: len(trials(sagemaker, short)) >= least, "%d trials" % least, 60, 0.02)
        server.kill()
        server.start(server.port)
    job = ended(sagemaker, short)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    assert job["TrainingJobStatusCounters"]["Completed"] == 5
    all_jobs = sagemaker.list_training_jobs(NameContains=short)["TrainingJobSummaries"]
    assert sorted(each["TrainingJobName"] for each in all_jobs) == [
        each["TrainingJobName"] for each in trials(sagemaker, short)]


def test_v2_tuner(tmp_path, short):
    import sagemaker
    from sagemaker.sklearn import SKLearn
    from sagemaker.tuner import ContinuousParameter, HyperparameterTuner, WarmStartConfig, WarmStartTypes

    (tmp_path / "train.py").write_text(SCRIPT)
    estimator = SKLearn("train.py", source_dir=str(tmp_path), role=sagemaker.get_execution_role(),
                        instance_type="ml.m5.large", framework_version="1.2-1", py_version="py3",
                        hyperparameters={"epochs": 2})
    tuner = HyperparameterTuner(estimator, "loss", {"rate": ContinuousParameter(0, 1)}, LOSS, objective_type="Minimize",
                                max_jobs=4, max_parallel_jobs=4)
    tuner.fit(job_name=short)
    best = tuner.best_training_job()
    frame = tuner.analytics().dataframe()
    assert len(frame) == 4
    assert frame.sort_values("FinalObjectiveValue").iloc[0]["TrainingJobName"] == best
    assert tuner.best_estimator().latest_training_job.name == best
    attached = HyperparameterTuner.attach(tuner.latest_tuning_job.name)
    assert attached.best_training_job() == best
    warm = HyperparameterTuner(
        estimator, "loss", {"rate": ContinuousParameter(0, 1)}, LOSS, objective_type="Minimize", max_jobs=2,
        warm_start_config=WarmStartConfig(WarmStartTypes.IDENTICAL_DATA_AND_ALGORITHM, parents={short}))
    warm.fit(job_name=short + "-warm")
    described = warm.describe()
    assert described["WarmStartConfig"]["WarmStartType"] == "IdenticalDataAndAlgorithm"
    assert described["OverallBestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] <= frame[
        "FinalObjectiveValue"].min() + 1e-9


def test_v3_tuner(tmp_path, server, short):
    (tmp_path / "train.py").write_text(SCRIPT)
    program = """
from sagemaker.core import image_uris
from sagemaker.core.parameter import ContinuousParameter
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, SourceCode
from sagemaker.train.tuner import HyperparameterTuner
image = image_uris.retrieve("sklearn", "us-east-1", version="1.2-1", py_version="py3", instance_type="ml.m5.large")
trainer = ModelTrainer(training_image=image, source_code=SourceCode(source_dir=%r, entry_script="train.py"),
                       compute=Compute(instance_type="ml.m5.large", instance_count=1), hyperparameters={"epochs": 2})
tuner = HyperparameterTuner(trainer, "loss", {"rate": ContinuousParameter(0, 1)},
                            [{"Name": "loss", "Regex": "loss=([0-9.]+);"}], objective_type="Minimize", max_jobs=3,
                            max_parallel_jobs=3)
tuner.tune(job_name=%r)
print("best is", tuner.best_training_job())
""" % (str(tmp_path), short)
    run = subprocess.run([os.environ["ATELIER_CLIENTS_V3"] + "/bin/python", "-c", program], env=server.environment(),
                         capture_output=True, text=True, timeout=200)
    assert run.returncode == 0 and "best is" in run.stdout, run.stdout[-3000:] + run.stderr[-3000:]
