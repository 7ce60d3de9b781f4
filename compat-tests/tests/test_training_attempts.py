"""Training that runs more than once or on kept instances: spot interruptions, warm pools, and what the SDK makes of them."""

import pytest
from botocore.exceptions import ClientError
from conftest import SKLEARN
from server import wait_until
from test_training import archive, create, finished, lines, shell

# logistic regression by plain gradient descent that begins where its last checkpoint ended
LEARNER = b"""
import json, math, os, random, time
random.seed(3)
rows = [(random.gauss(0, 1), random.gauss(0, 1)) for _ in range(200)]
data = [(x, y, 1.0 if x - 2 * y + random.gauss(0, .3) > 0 else 0.0) for x, y in rows]
path = "/opt/ml/checkpoints/state.json"
state = json.load(open(path)) if os.path.exists(path) else {"step": 0, "w": [0.0, 0.0]}
print("begins at", state["step"], flush=True)
while state["step"] < 60:
    w, grad, loss = state["w"], [0.0, 0.0], 0.0
    for x, y, label in data:
        p = 1 / (1 + math.exp(-(w[0] * x + w[1] * y)))
        grad[0] += (p - label) * x
        grad[1] += (p - label) * y
        loss -= math.log(max(1e-9, p if label else 1 - p))
    state = {"step": state["step"] + 1, "w": [w[0] - grad[0] / 100, w[1] - grad[1] / 100]}
    with open(path + ".new", "w") as out:
        json.dump(state, out)
    os.replace(path + ".new", path)
    print("step %d loss=%.6f;" % (state["step"], loss / len(data)), flush=True)
    time.sleep(float(os.environ.get("PACE", "0")))
"""


def learner(s3, bucket, name):
    s3.put_object(Bucket=bucket, Key=name + "/source.tar.gz", Body=archive({"train.py": LEARNER}))
    return dict(
        AlgorithmSpecification={"TrainingImage": SKLEARN, "TrainingInputMode": "File",
                                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.*?);"}]},
        HyperParameters={"sagemaker_program": '"train.py"',
                         "sagemaker_submit_directory": '"s3://%s/%s/source.tar.gz"' % (bucket, name)})


def steps_of_attempts(client, name):
    """How many steps each attempt has told of, in order of where they began."""
    said = [line.split() for line in lines(client, name)]
    begun = sorted(int(words[2]) for words in said if words[:2] == ["begins", "at"])
    done = [int(words[1]) for words in said if words[:1] == ["step"]]
    return [sum(first < step <= last for step in done) for first, last in zip(begun, begun[1:] + [10 ** 6])]


def statuses(job):
    return [step["Status"] for step in job["SecondaryStatusTransitions"]]


def loss(job):
    return {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}["loss"]


def test_a_spot_job_interrupted_twice_ends_with_the_same_loss(server, client, s3, bucket, name):
    request = learner(s3, bucket, name)
    create(client, bucket, name + "-calm", **request)
    create(client, bucket, name, Environment={"PACE": "0.15"}, EnableManagedSpotTraining=True,
           StoppingCondition={"MaxRuntimeInSeconds": 120, "MaxWaitTimeInSeconds": 240},
           CheckpointConfig={"S3Uri": "s3://%s/%s/checkpoints" % (bucket, name)}, **request)
    for attempt in (1, 2):
        # what the attempt before has stored, and five steps of its own
        wait_until(lambda: steps_of_attempts(client, name)[attempt - 1:] >= [5], "attempt %d" % attempt, 120, 0.1)
        assert server.run("interrupt", name).returncode == 0
    job, calm = finished(client, name), finished(client, name + "-calm")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert statuses(job).count("Interrupted") == 2
    assert loss(job) == pytest.approx(loss(calm), rel=0.01)
    begun = [int(line.split()[-1]) for line in lines(client, name) if line.startswith("begins at")]
    assert sorted(begun)[0] == 0 and len(begun) == 3 and all(step >= 5 for step in sorted(begun)[1:])
    assert 0 < job["BillableTimeInSeconds"] < job["TrainingTimeInSeconds"]


def test_what_is_not_on_spot_cannot_be_interrupted(server, client, bucket, name):
    create(client, bucket, name, AlgorithmSpecification=shell("true"))
    refused = server.run("interrupt", name)
    assert refused.returncode == 1 and "does not run on spot instances" in refused.stderr
    assert "Requested resource not found" in server.run("interrupt", name + "-gone").stderr
    assert finished(client, name)["TrainingJobStatus"] == "Completed"


def test_a_matching_job_finds_the_pools_folder(client, bucket, name):
    kept = {"InstanceType": "ml.m7i.large", "InstanceCount": 1, "VolumeSizeInGB": 1, "KeepAlivePeriodInSeconds": 600}
    cache = "/opt/ml/sagemaker/warmpoolcache/seen"
    for number in ("1", "2"):
        create(client, bucket, name + number, ResourceConfig=kept,
               AlgorithmSpecification=shell("echo run >> %s; echo cached $(wc -l < %s)" % (cache, cache)))
        assert finished(client, name + number)["TrainingJobStatus"] == "Completed"
        wait_until(lambda: client("sagemaker").describe_training_job(TrainingJobName=name + number)["WarmPoolStatus"][
            "Status"] == "Available", "a warm pool", 30, 0.05)
    assert "cached 2" in lines(client, name + "2")
    first = client("sagemaker").describe_training_job(TrainingJobName=name + "1")["WarmPoolStatus"]
    assert first["Status"] == "Reused" and first["ReusedByJob"] == name + "2"
    client("sagemaker").update_training_job(TrainingJobName=name + "2", ResourceConfig={"KeepAlivePeriodInSeconds": 0})
    wait_until(lambda: client("sagemaker").describe_training_job(TrainingJobName=name + "2")["WarmPoolStatus"][
        "Status"] == "Terminated", "the end of the pool", 30, 0.05)
    with pytest.raises(ClientError, match="can only be updated when the warm pool status"):
        client("sagemaker").update_training_job(TrainingJobName=name + "1",
                                                ResourceConfig={"KeepAlivePeriodInSeconds": 60})


def test_a_program_reads_its_channel_as_a_pipe(client, s3, bucket, name):
    for number in range(3):
        s3.put_object(Bucket=bucket, Key="%s/train/%d" % (name, number), Body=b"row %d\n" % number)
    create(client, bucket, name, AlgorithmSpecification=shell(
        "cd /opt/ml/input/data; for epoch in 0 1; do cat train_$epoch | tr '\\n' ','; echo; done; ls -d *"),
        InputDataConfig=[{"ChannelName": "train", "InputMode": "Pipe", "DataSource": {"S3DataSource": {
            "S3DataType": "S3Prefix", "S3Uri": "s3://%s/%s/train" % (bucket, name)}}}])
    assert finished(client, name)["TrainingJobStatus"] == "Completed"
    written = lines(client, name)
    assert written.count("row 0,row 1,row 2,") == 2 and "train_2" in written
