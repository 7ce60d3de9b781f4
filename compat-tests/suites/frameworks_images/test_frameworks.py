"""Scripts on the images of frameworks: what they find there is what the job's log says, and what they train serves."""

import json
import re

import numpy as np
import pytest
import sagemaker
from botocore.exceptions import ClientError
from sagemaker import image_uris
from test_xgboost_scripts import ROWS, LABELS, SCRIPT as XGBOOST, csv

REPORT = """
import importlib, json, sys
def report(*names):
    versions = {name: importlib.import_module(name).__version__ for name in names}
    print("report " + json.dumps({"python": "%d.%d" % sys.version_info[:2], **versions}), flush=True)
"""
SKLEARN = """
import os, joblib
from report import report
from sklearn.ensemble import RandomForestRegressor

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))

if __name__ == "__main__":
    report("sklearn", "numpy", "pandas", "scipy")
    model = RandomForestRegressor(n_estimators=5, random_state=1).fit([[x] for x in range(20)], range(20))
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
TENSORFLOW = """
import argparse, os
import numpy as np
import tensorflow as tf
from report import report

report("tensorflow", "numpy")
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
parser.add_argument("--model_dir")
args, _ = parser.parse_known_args()
x = np.random.default_rng(1).random((256, 2)).astype("float32")
model = tf.keras.Sequential([tf.keras.layers.Input(shape=(2,)), tf.keras.layers.Dense(1)])
model.compile(optimizer=tf.keras.optimizers.SGD(0.5), loss="mse")
losses = model.fit(x, 3 * x[:, :1] - x[:, 1:] + 1, epochs=args.epochs, verbose=0).history["loss"]
print("losses %f %f;" % (losses[0], losses[-1]), flush=True)
model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
"""
HANDLERS = """
import json

def input_handler(data, context):
    return json.dumps({"instances": [[float(each) for each in data.read().decode().split(";")]]})

def output_handler(response, context):
    return "%s says %.1f" % (context.model_name, response.json()["predictions"][0][0]), "text/plain"
"""
REQUESTING = """
import requests

def handler(data, context):
    answer = requests.post(context.rest_uri, data='{"instances": [[%s]]}' % data.read().decode())
    return answer.content, "application/json"
"""
TRANSFORMERS = """
import os
import datasets
from report import report
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast, Trainer, TrainingArguments

report("transformers", "torch", "datasets", "numpy")
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film", "very"]
with open("vocab.txt", "w") as file:
    file.write("\\n".join(words))
tokens = BertTokenizerFast("vocab.txt")
texts = ["very good film", "good film", "bad film", "very bad film"] * 16
rows = datasets.Dataset.from_dict({"text": texts, "labels": [int("good" in text) for text in texts]})
rows = rows.map(lambda row: tokens(row["text"], padding="max_length", max_length=8, truncation=True))
model = BertForSequenceClassification(BertConfig(vocab_size=len(words), hidden_size=32, num_hidden_layers=1,
    num_attention_heads=2, intermediate_size=32, max_position_embeddings=16, id2label={0: "BAD", 1: "GOOD"}))
trainer = Trainer(model=model, train_dataset=rows, args=TrainingArguments(
    output_dir="/tmp/out", num_train_epochs=10, learning_rate=0.01, report_to=[], seed=1))
print("loss %f;" % trainer.train().training_loss, flush=True)
trainer.save_model(os.environ["SM_MODEL_DIR"])
tokens.save_pretrained(os.environ["SM_MODEL_DIR"])
"""


@pytest.fixture
def source(tmp_path):
    def make(script):
        (tmp_path / "report.py").write_text(REPORT)
        (tmp_path / "train.py").write_text(script)
        return str(tmp_path)

    return make


@pytest.fixture
def endpoint():
    """Deploys a model or estimator; all goes at the end."""
    made = []

    def deploy(model, **more):
        made.append(model.deploy(1, "ml.m5.large", **more))
        return made[-1]

    yield deploy
    for predictor in made:
        predictor.delete_endpoint()


def reported(log):
    return json.loads(re.search(r"report ({.*})", log).group(1))


def said_or_given(log, framework, asked, found):
    """The framework is of the minor version that was asked for, or the log says which one there is instead."""
    minor = ".".join(asked.split("-")[0].split(".")[:2])
    return (found + ".").startswith(minor + ".") or (
        "asks for version %s" % asked.split("-")[0] in log and "this runtime has %s %s" % (framework, found) in log)


@pytest.mark.parametrize("version", ["0.20.0", "0.23-1", "1.0-1", "1.4-2"])
def test_scikit_learn(version, source, endpoint, capfd):
    from sagemaker.sklearn import SKLearn

    estimator = SKLearn("train.py", source_dir=source(SKLEARN), role=sagemaker.get_execution_role(),
                        framework_version=version, py_version="py3", instance_type="ml.m5.large")
    estimator.fit()
    log = capfd.readouterr().out
    found = reported(log)
    assert said_or_given(log, "scikit-learn", version, found["sklearn"])
    told = re.search(r"AWS's image %s has Python (\d+\.\d+); this runtime has Python (\d+\.\d+)" % re.escape(version), log)
    assert (told is None) or (told.group(1) != told.group(2) and told.group(2) == found["python"]), log
    for name in ("numpy", "pandas", "scipy"):
        assert all(each == found[name] for each in re.findall(r"this runtime has .*\b%s ([\d.]+)" % name, log)), log
    assert np.allclose(endpoint(estimator).predict(np.array([[0.0], [19.0]])), [0, 19], atol=3)


@pytest.mark.parametrize("version", ["0.90-2", "1.5-1", "1.7-1", "3.0-5"])
@pytest.mark.parametrize("hosts", [1, 2])
def test_xgboost(version, hosts, s3, bucket, tmp_path, capfd):
    from sagemaker.xgboost import XGBoost

    (tmp_path / "report.py").write_text(REPORT)
    (tmp_path / "train.py").write_text(XGBOOST.replace(
        'if __name__ == "__main__":',
        'if __name__ == "__main__":\n    from report import report\n    report("xgboost")'))
    for number, (first, last) in enumerate(((0, 100), (100, 200))):
        s3.put_object(Bucket=bucket, Key="train/part-%d" % number, Body=csv(ROWS[first:last], LABELS[first:last]))
    estimator = XGBoost("train.py", source_dir=str(tmp_path), role=sagemaker.get_execution_role(),
                        framework_version=version, py_version="py3", instance_type="ml.m5.large", instance_count=hosts,
                        hyperparameters={"num_round": 20, "content_type": "csv"})
    estimator.fit({"train": sagemaker.inputs.TrainingInput(
        "s3://%s/train" % bucket, content_type="csv",
        distribution="ShardedByS3Key" if hosts > 1 else "FullyReplicated")})
    log = capfd.readouterr().out
    assert said_or_given(log, "xgboost", version, reported(log)["xgboost"])
    rows = re.findall(r"rows=(\d+) columns=4 master=(\w+) train=([\d.]+)", log)
    assert sorted(each[:2] for each in rows) == (
        [("200", "True")] if hosts == 1 else [("100", "False"), ("100", "True")]), log
    # the error is that of all hosts together
    assert len({each[2] for each in rows}) == 1 and float(rows[0][2]) < 1, log


@pytest.fixture(scope="module")
def tensorflow_model(shell, tmp_path_factory):
    from sagemaker.tensorflow import TensorFlow

    folder = tmp_path_factory.mktemp("tensorflow")
    (folder / "report.py").write_text(REPORT)
    (folder / "train.py").write_text(TENSORFLOW)
    estimator = TensorFlow(entry_point="train.py", source_dir=str(folder), role=sagemaker.get_execution_role(),
                           framework_version="2.19.0", py_version="py312", instance_type="ml.m5.large",
                           instance_count=1, hyperparameters={"epochs": 20})
    estimator.fit()
    return estimator


def served(estimator, **more):
    from sagemaker.tensorflow import TensorFlowModel

    return TensorFlowModel(model_data=estimator.model_data, role=sagemaker.get_execution_role(),
                           framework_version="2.19.0", **more)


def test_tensorflow_trains_and_serves(tensorflow_model, endpoint, client, capfd):
    tensorflow_model.sagemaker_session.logs_for_job(tensorflow_model.latest_training_job.name)
    log = capfd.readouterr().out
    first, last = map(float, re.search(r"losses ([\d.]+) ([\d.]+);", log).groups())
    assert last < first / 10
    found = reported(log)
    assert said_or_given(log, "TensorFlow", "2.19.0", found["tensorflow"])
    assert ("asks for Python 3.12; this runtime has Python " + found["python"] in log) == (found["python"] != "3.12")
    predictor = endpoint(tensorflow_model)
    wanted = [[3.0], [0.0]]
    assert np.allclose(predictor.predict({"instances": [[1, 1], [0, 1]]})["predictions"], wanted, atol=0.5)
    assert np.allclose(predictor.predict({"inputs": [[1, 1], [0, 1]]})["outputs"], wanted, atol=0.5)
    assert np.allclose(predictor.predict([[1, 1], [0, 1]])["predictions"], wanted, atol=0.5)

    def ask(body, content_type):
        answer = client("sagemaker-runtime").invoke_endpoint(
            EndpointName=predictor.endpoint_name, ContentType=content_type, Body=body)
        return json.loads(answer["Body"].read())["predictions"]

    assert np.allclose(ask("1,1\n0,1\n", "text/csv"), wanted, atol=0.5)
    assert np.allclose(ask("[1, 1]\n[0, 1]\n", "application/jsonlines"), wanted, atol=0.5)
    for body in ('{"instances": "none"}', '{"instances": [[1, 2, 3]]}', "{",
                 '{"signature_name": "no", "instances": [1]}'):
        with pytest.raises(ClientError) as refused:
            ask(body, "application/json")
        assert refused.value.response["OriginalStatusCode"] == 400, body


@pytest.mark.parametrize("script, answer", [(HANDLERS, "model says "), (REQUESTING, '{"predictions": [[')])
def test_tensorflow_serves_by_a_script(script, answer, tensorflow_model, endpoint, tmp_path, client):
    (tmp_path / "inference.py").write_text(script)
    model = served(tensorflow_model, entry_point="inference.py", source_dir=str(tmp_path))
    predictor = endpoint(model)
    body = client("sagemaker-runtime").invoke_endpoint(
        EndpointName=predictor.endpoint_name, ContentType="text/plain",
        Body="1;1" if script is HANDLERS else "1, 1")["Body"].read().decode()
    assert body.startswith(answer)
    assert abs(float(re.search(r"(\d\.\d+)", body).group(1)) - 3) < 0.5


def test_hugging_face_trains_and_serves(source, endpoint, capfd):
    from sagemaker.huggingface import HuggingFace

    image = image_uris.retrieve("huggingface", "us-east-1", version="4.36.0", base_framework_version="pytorch2.1.0",
                                py_version="py310", image_scope="training", instance_type="ml.p3.2xlarge",
                                container_version="cu121-ubuntu20.04")
    estimator = HuggingFace(entry_point="train.py", source_dir=source(TRANSFORMERS),
                            role=sagemaker.get_execution_role(), image_uri=image, py_version="py310",
                            instance_type="ml.m5.large", instance_count=1)
    estimator.fit()
    log = capfd.readouterr().out
    found = reported(log)
    assert said_or_given(log, "transformers", "4.36.0", found["transformers"])
    # the distribution's build does not know its own patch version
    assert found["torch"].startswith(re.search(
        r"asks for version 2\.1\.0; this runtime has PyTorch (\d+\.\d+)", log).group(1) + ".")
    assert "this runtime is for processors alone" in log
    assert float(re.search(r"loss ([\d.]+);", log).group(1)) < 0.5
    predictor = endpoint(estimator.create_model(
        image_uri=image.replace("-training", "-inference"), env={"HF_TASK": "text-classification"}, entry_point=None,
        source_dir=None))
    answer = predictor.predict({"inputs": ["very good film", "bad film"]})
    assert [each["label"] for each in answer] == ["GOOD", "BAD"]
