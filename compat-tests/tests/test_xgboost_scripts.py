"""Scripts for the XGBoost image, as public examples write them: the SDK trains, deploys and predicts."""

import json

import numpy as np
import pytest
import sagemaker
from botocore.exceptions import ClientError
from sagemaker import image_uris
from sagemaker.deserializers import CSVDeserializer
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer, LibSVMSerializer
from sagemaker.xgboost import XGBoost
from test_training import create, finished

SCRIPT = '''
import argparse, json, logging, os, pickle
from sagemaker_containers import entry_point
from sagemaker_xgboost_container import checkpointing, distributed
from sagemaker_xgboost_container.data_utils import get_dmatrix, get_size
import xgboost as xgb

def train(params, dtrain, evals, num_boost_round, model_dir, is_master):
    heard = {}
    booster = xgb.train(params, dtrain, num_boost_round, evals=evals, evals_result=heard, verbose_eval=False)
    scores = " ".join("%s=%.4f" % (name, scores["rmse"][-1]) for name, scores in heard.items())
    print("rows=%d columns=%d master=%s %s;" % (dtrain.num_row(), dtrain.num_col(), is_master, scores), flush=True)
    if is_master:
        with open(os.path.join(model_dir, "xgboost-model"), "wb") as file:
            pickle.dump(booster, file)

def model_fn(model_dir):
    with open(os.path.join(model_dir, "xgboost-model"), "rb") as file:
        return pickle.load(file)

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--num_round", type=int)
    parser.add_argument("--content_type", default="libsvm")
    parser.add_argument("--without_data", default="")
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))
    parser.add_argument("--model_dir", default=os.environ["SM_MODEL_DIR"])
    args, _ = parser.parse_known_args()
    hosts, host = json.loads(os.environ["SM_HOSTS"]), os.environ["SM_CURRENT_HOST"]
    dtrain = get_dmatrix(args.train, args.content_type) if host != args.without_data else None
    dval = get_dmatrix(args.validation, args.content_type) if args.validation else None
    evals = [(dtrain, "train")] + ([(dval, "validation")] if dval is not None else [])
    settings = dict(params={"objective": "reg:squarederror", "max_depth": 3, "seed": 1}, dtrain=dtrain, evals=evals,
                    num_boost_round=args.num_round, model_dir=args.model_dir)
    if len(hosts) > 1:
        entry_point._wait_hostname_resolution()
        distributed.rabit_run(exec_fun=train, args=settings, include_in_training=dtrain is not None, hosts=hosts,
                              current_host=host, update_rabit_args=True)
    else:
        train(is_master=True, **settings)
'''
RANDOM = np.random.default_rng(20260101)
ROWS = RANDOM.random((300, 4)).round(4)
LABELS = (10 * ROWS[:, 0] - 5 * ROWS[:, 2]).round(4)


def csv(rows, labels):
    return "".join(",".join(map(str, [label, *row])) + "\n" for row, label in zip(rows, labels))


def libsvm(rows, labels):
    return "".join("%s %s\n" % (label, " ".join("%d:%s" % (place, value) for place, value in enumerate(row, 1)))
                   for row, label in zip(rows, labels))


@pytest.fixture
def fit(tmp_path, s3, bucket, capfd, hurried):
    (tmp_path / "train.py").write_text(SCRIPT)

    def make(write, content_type, hosts=1, **hyperparameters):
        for number, (first, last) in enumerate(((0, 100), (100, 200))):
            s3.put_object(Bucket=bucket, Key="train/part-%d" % number,
                          Body=write(ROWS[first:last], LABELS[first:last]))
        s3.put_object(Bucket=bucket, Key="validation/data", Body=write(ROWS[200:], LABELS[200:]))
        estimator = XGBoost("train.py", source_dir=str(tmp_path), role=sagemaker.get_execution_role(),
                            framework_version="1.7-1", py_version="py3", instance_type="ml.m5.large",
                            instance_count=hosts, hyperparameters={"num_round": 20, "content_type": content_type,
                                                                   **hyperparameters})
        estimator.fit({name: TrainingInput("s3://%s/%s" % (bucket, name), content_type=content_type)
                       for name in ("train", "validation")})
        return estimator, capfd.readouterr().out

    return make


def mean_error(answer):
    return np.abs(np.asarray(answer, dtype=float).ravel() - LABELS[200:]).mean()


def test_csv_is_read_trained_on_and_served(fit, client):
    estimator, log = fit(csv, "csv")
    assert "rows=200 columns=4 master=True train=0." in log and "validation=" in log
    predictor = estimator.deploy(1, "ml.m5.large", serializer=CSVSerializer(), deserializer=CSVDeserializer())
    assert mean_error(predictor.predict(ROWS[200:])) < 0.5
    answer = client("sagemaker-runtime").invoke_endpoint(
        EndpointName=predictor.endpoint_name, ContentType="text/csv", Accept="application/json", Body="0.5,,0.5,0.5\n")
    assert len(json.loads(answer["Body"].read())) == 1
    with pytest.raises(ClientError) as refused:
        client("sagemaker-runtime").invoke_endpoint(
            EndpointName=predictor.endpoint_name, ContentType="application/json", Body="[1, 2, 3, 4]")
    assert refused.value.response["OriginalStatusCode"] == 415
    predictor.delete_model()
    predictor.delete_endpoint()


def test_libsvm_is_read_trained_on_and_served(fit):
    estimator, log = fit(libsvm, "libsvm")
    assert "rows=200 columns=5 master=True train=0." in log  # columns are counted from 0, as XGBoost does
    predictor = estimator.deploy(1, "ml.m5.large", serializer=LibSVMSerializer(), deserializer=CSVDeserializer())
    assert mean_error(predictor.predict(libsvm(ROWS[200:], LABELS[200:]))) < 0.5
    predictor.delete_model()
    predictor.delete_endpoint()


def test_several_hosts_train_one_model(fit):
    estimator, log = fit(csv, "csv", hosts=2)
    masters = [line for line in log.splitlines() if "rows=" in line]
    assert sorted("master=True" in line for line in masters) == [False, True], log
    scores = {line.split("master=")[1].split()[1] for line in masters}
    assert len(scores) == 1, log  # the error is that of all hosts together


def test_a_host_without_data_leaves_the_others_to_train(fit):
    _, log = fit(csv, "csv", hosts=2, without_data="algo-1")
    assert [line.split("rows=")[1].split(" train=")[0] for line in log.splitlines() if "rows=" in line] == [
        "200 columns=4 master=True"], log


def test_data_of_another_kind_is_refused(fit):
    with pytest.raises(Exception) as refused:
        fit(lambda rows, labels: "label,a,b,c,d\n" + csv(rows, labels), "csv")
    assert "could not convert string to float: 'label'" in str(refused.value)


def test_the_built_in_algorithm_defines_its_metrics(client, s3, bucket, name):
    s3.put_object(Bucket=bucket, Key="rows/part", Body=csv(ROWS, LABELS))
    channels = [{"ChannelName": each, "ContentType": "text/csv", "DataSource": {"S3DataSource": {
        "S3DataType": "S3Prefix", "S3Uri": "s3://%s/rows/" % bucket}}} for each in ("train", "validation")]
    create(client, bucket, name, InputDataConfig=channels, HyperParameters={"num_round": "5", "eval_metric": "rmse,mae"},
           AlgorithmSpecification={"TrainingInputMode": "File", "TrainingImage": image_uris.retrieve(
               "xgboost", "us-east-1", version="1.7-1")})
    job = finished(client, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert {each["Name"] for each in job["AlgorithmSpecification"]["MetricDefinitions"]} >= {
        "train:rmse", "validation:auc"}
    assert {each["MetricName"] for each in job["FinalMetricDataList"]} == {
        "train:rmse", "train:mae", "validation:rmse", "validation:mae"}
    assert all(each["Value"] > 0 for each in job["FinalMetricDataList"])
