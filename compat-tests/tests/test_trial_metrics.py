"""The service sagemaker-metrics: what programs put under their job's trial component, and what their lines say."""

import time

import pytest
from botocore.exceptions import ClientError
from conftest import ROLE, SKLEARN
from server import wait_until
from test_identity_entities import acting, allow, iam, policy  # noqa: F401
from test_training import create, finished, shell

OWN = "arn:aws:sagemaker:us-east-1:123456789012:"
# a program that tells of itself by the API, with the credentials of its job's role; AWS takes 256 characters
PROGRAM = (
    "import boto3,sys,time;m=boto3.client('sagemaker-metrics');[m.batch_put_metrics(TrialComponentName=sys.argv[1],"
    "MetricData=[dict(MetricName='loss',Timestamp=str(int(time.time())),Step=s,Value=1/(s+1))]) for s in range(12)];"
    "print('acc=0.75;')")


def training(client, bucket, name, script="true", *arguments, **algorithm):
    create(client, bucket, name, AlgorithmSpecification={**shell(script), **(
        {"ContainerArguments": list(arguments)} if arguments else {}), **algorithm})
    assert finished(client, name)["TrainingJobStatus"] == "Completed"


def answers(client, *queries):
    return client("sagemaker-metrics").batch_get_metrics(MetricQueries=list(queries))["MetricQueryResults"]


def query(arn, metric, statistic="Last", period="OneMinute", **more):
    return {"MetricName": metric, "ResourceArn": arn, "MetricStat": statistic, "Period": period,
            "XAxisType": "IterationNumber" if period == "IterationNumber" else "Timestamp", **more}


def test_a_training_job_tells_of_itself(client, bucket, name):
    component = name + "-aws-training-job"
    training(client, bucket, name, "", component, ContainerEntrypoint=["python", "-c", PROGRAM],
             MetricDefinitions=[{"Name": "acc", "Regex": "acc=([0-9.]+);"}])
    steps, last, said, summed, job = answers(
        client, query(OWN + "experiment-trial-component/" + component, "loss", "Min", "IterationNumber"),
        query(OWN + "training-job/" + name, "loss", "Max", "IterationNumber", Start=10),
        query(OWN + "training-job/" + name, "acc", "Avg"), query(OWN + "training-job/" + name, "loss", "Count", "OneHour"),
        query(OWN + "training-job/none-" + name, "loss"))
    assert steps["Status"] == "Complete" and steps["XAxisValues"] == list(range(12))
    assert steps["MetricValues"] == pytest.approx([1 / (step + 1) for step in range(12)])
    assert last["MetricValues"] == pytest.approx([1 / 11, 1 / 12])
    assert said["MetricValues"] == [0.75]
    assert abs(said["XAxisValues"][0] / 1000 - time.time()) < 600
    assert sum(summed["MetricValues"]) == 12
    assert job["Status"] == "ValidationError" and "does not exist" in job["Message"] and job["MetricValues"] == []


def test_a_processing_job_has_a_component_of_its_own(client, name):
    component = name + "-aws-processing-job"
    client("sagemaker").create_processing_job(
        ProcessingJobName=name, RoleArn=ROLE,
        ProcessingResources={"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 1}},
        AppSpecification={"ImageUri": SKLEARN, "ContainerEntrypoint": ["python", "-c", PROGRAM],
                          "ContainerArguments": [component]})
    wait_until(lambda: client("sagemaker").describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"]
               == "Completed", "the job's end", 120)
    found, = answers(client, query(OWN + "experiment-trial-component/" + component, "loss", "Count", "IterationNumber"))
    assert found["MetricValues"] == [1.0] * 12


def test_the_sdks_sink_sends_what_a_run_logs(client, bucket, name):
    from sagemaker.experiments._metrics import _MetricsManager
    from sagemaker.session import Session

    training(client, bucket, name)
    with _MetricsManager(name + "-aws-training-job", Session()) as metrics:
        for step in range(25):
            metrics.log_metric("val:loss", 25 - step, step=step)
    found, = answers(client, query(OWN + "training-job/" + name, "val:loss", "Last", "IterationNumber"))
    assert found["MetricValues"] == list(range(25, 0, -1))


def test_what_is_not_stored_is_named(client, bucket, name):
    training(client, bucket, name)
    metrics, now = client("sagemaker-metrics"), int(time.time())
    component = name + "-aws-training-job"
    answer = metrics.batch_put_metrics(TrialComponentName=component, MetricData=[
        {"MetricName": "a", "Timestamp": str(now), "Value": float("nan")},
        {"MetricName": "a", "Timestamp": str(now - 15 * 86400), "Value": 1},
        {"MetricName": "a", "Timestamp": str(now), "Value": 1}])
    assert answer["Errors"] == [{"Code": "VALIDATION_ERROR", "MetricIndex": 0}, {"Code": "VALIDATION_ERROR", "MetricIndex": 1}]
    assert "Errors" not in metrics.batch_put_metrics(
        TrialComponentName=component, MetricData=[{"MetricName": "a", "Timestamp": str(now), "Value": 2}])
    assert answers(client, query(OWN + "training-job/" + name, "a", "Count", "OneHour"))[0]["MetricValues"] == [2.0]
    for changed, code in (({"TrialComponentName": "none-" + name}, "ResourceNotFound"),
                          ({"TrialComponentName": "Upper"}, "ValidationError")):
        with pytest.raises(ClientError) as refused:
            metrics.batch_put_metrics(**{"TrialComponentName": component, "MetricData": [
                {"MetricName": "a", "Timestamp": str(now), "Value": 1}], **changed})
        assert refused.value.response["Error"]["Code"] == code


def test_rights_are_asked_on_what_is_named(client, bucket, name, iam, acting):
    training(client, bucket, name)
    component = OWN + "experiment-trial-component/" + name + "-aws-training-job"
    iam.put_user_policy(UserName=acting.name, PolicyName="put", PolicyDocument=policy(
        allow("sagemaker:BatchPutMetrics", component), allow("sagemaker:BatchGetMetrics", OWN + "training-job/" + name)))
    metrics = acting.client("sagemaker-metrics")
    data = [{"MetricName": "a", "Timestamp": str(int(time.time())), "Value": 1}]
    metrics.batch_put_metrics(TrialComponentName=name + "-aws-training-job", MetricData=data)
    assert metrics.batch_get_metrics(MetricQueries=[query(OWN + "training-job/" + name, "a")])["MetricQueryResults"][0][
        "MetricValues"] == [1.0]
    for call in (lambda: metrics.batch_put_metrics(TrialComponentName="other-aws-training-job", MetricData=data),
                 lambda: metrics.batch_get_metrics(MetricQueries=[query(component, "a")])):
        with pytest.raises(ClientError) as denied:
            call()
        assert denied.value.response["Error"]["Code"] == "AccessDeniedException"


def test_metrics_survive_a_killed_server(own_server, name):
    server = own_server().start()
    client = server.client
    client("s3").create_bucket(Bucket=name[-60:])
    training(client, name[-60:], name)
    stamp = str(int(time.time()))
    client("sagemaker-metrics").batch_put_metrics(TrialComponentName=name + "-aws-training-job", MetricData=[
        {"MetricName": "a", "Timestamp": stamp, "Value": value} for value in (1, 2, 3)])
    server.kill()
    server.start(server.port)
    assert answers(server.client, query(OWN + "training-job/" + name, "a", "Count", "OneHour"))[0]["MetricValues"] == [3.0]
