"""CloudWatch metrics and alarms with boto3."""
import datetime
import time
import uuid

import pytest
from botocore.exceptions import ClientError


def now():
    return datetime.datetime.now(datetime.timezone.utc)


@pytest.fixture
def cloudwatch(administrator):
    return administrator("cloudwatch")


@pytest.fixture
def namespace():
    return "test/" + uuid.uuid4().hex[:8]


def await_state(cloudwatch, name, state, kind="MetricAlarm", seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=[kind])[kind + "s"][0]
        if found["StateValue"] == state:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.5)


def test_values_counts_and_percentiles(cloudwatch, namespace):
    at = now()
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[
        {"MetricName": "latency", "Timestamp": at, "Values": [1.0, 5.0, 100.0], "Counts": [50, 45, 5], "Unit": "Milliseconds"}])
    points = cloudwatch.get_metric_statistics(
        Namespace=namespace, MetricName="latency", StartTime=at - datetime.timedelta(minutes=5),
        EndTime=at + datetime.timedelta(minutes=5), Period=300, Statistics=["SampleCount", "Sum", "Maximum"])["Datapoints"]
    assert [(p["SampleCount"], p["Sum"], p["Maximum"], p["Unit"]) for p in points] == [(100.0, 775.0, 100.0, "Milliseconds")]
    extended = cloudwatch.get_metric_statistics(
        Namespace=namespace, MetricName="latency", StartTime=at - datetime.timedelta(minutes=5),
        EndTime=at + datetime.timedelta(minutes=5), Period=300, ExtendedStatistics=["p50", "p99", "tm90"])["Datapoints"]
    assert extended[0]["ExtendedStatistics"]["p99"] == 100.0
    assert 1.0 <= extended[0]["ExtendedStatistics"]["p50"] <= 5.0


def test_a_large_request_is_sent_packed(cloudwatch, namespace):
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[
        {"MetricName": "m", "Value": i, "Dimensions": [{"Name": "n", "Value": "x" * 100 + str(i)}]} for i in range(500)])
    listed = [m for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace) for m in page["Metrics"]]
    assert len(listed) == 500


def test_expressions_and_pages(cloudwatch, namespace):
    start = now().replace(second=0, microsecond=0) - datetime.timedelta(minutes=30)
    for name, factor in (("a", 1), ("b", 10)):
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[
            {"MetricName": name, "Timestamp": start + datetime.timedelta(minutes=i), "Value": i * factor} for i in range(20)])

    def metric(name):
        return {"Id": name, "ReturnData": False, "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": name}, "Period": 60, "Stat": "Sum"}}

    queries = [metric("a"), metric("b"), {"Id": "total", "Expression": "SUM(METRICS())"},
               {"Id": "rate", "Expression": "DIFF(b) / PERIOD(b)"},
               {"Id": "filled", "Expression": "FILL(a, 0)"},
               {"Id": "found", "Expression": "SEARCH('{%s} MetricName=\"b\"', 'Sum', 60)" % namespace}]
    arguments = dict(MetricDataQueries=queries, StartTime=start, EndTime=start + datetime.timedelta(minutes=25),
                     ScanBy="TimestampAscending")
    results = {r["Id"]: r for r in cloudwatch.get_metric_data(**arguments)["MetricDataResults"]}
    assert results["total"]["Values"] == [i * 11.0 for i in range(20)]
    assert results["rate"]["Values"] == [pytest.approx(10 / 60)] * 19
    assert len(results["filled"]["Values"]) == 25
    assert results["found"]["Values"] == [i * 10.0 for i in range(20)]
    paged = {}
    for page in cloudwatch.get_paginator("get_metric_data").paginate(**arguments, MaxDatapoints=7):
        assert sum(len(r["Values"]) for r in page["MetricDataResults"]) <= 7
        for result in page["MetricDataResults"]:
            paged.setdefault(result["Id"], []).extend(result["Values"])
    assert paged == {name: result["Values"] for name, result in results.items()}


@pytest.mark.parametrize("datum, code", [
    ({"MetricName": "m", "Value": 1, "StorageResolution": 7}, "InvalidParameterValue"),
    ({"MetricName": "m", "Value": 1, "Values": [1.0]}, "InvalidParameterCombination"),
    ({"MetricName": "m", "Values": [1.0], "Counts": [1.0, 2.0]}, "InvalidParameterValue"),
    ({"MetricName": "m", "Value": 1, "Timestamp": datetime.datetime(2020, 1, 1)}, "InvalidParameterValue"),
    ({"MetricName": "m"}, "InvalidParameterCombination"),
    ({"MetricName": "m", "Value": 1e300}, "InvalidParameterValue"),
])
def test_bad_data(cloudwatch, namespace, datum, code):
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])
    assert caught.value.response["Error"]["Code"] == code
    assert cloudwatch.list_metrics(Namespace=namespace)["Metrics"] == []


def test_alarms_fire_with_history(cloudwatch, namespace):
    name = "alarm-" + uuid.uuid4().hex[:8]
    topic = "arn:aws:sns:us-east-1:123456789012:nobody"
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace=namespace, MetricName="load", Statistic="Maximum", Period=10, EvaluationPeriods=2,
        DatapointsToAlarm=1, Threshold=5, ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic],
        Tags=[{"Key": "team", "Value": "one"}])
    composite = name + "-all"
    cloudwatch.put_composite_alarm(AlarmName=composite, AlarmRule=f'ALARM("{name}") AND NOT FALSE')
    created = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    assert created["StateValue"] == "INSUFFICIENT_DATA"
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[
        {"MetricName": "load", "Value": 9, "StorageResolution": 1, "Timestamp": now() - datetime.timedelta(seconds=second)}
        for second in (0, 10, 20)])
    alarm = await_state(cloudwatch, name, "ALARM")
    assert "Threshold Crossed" in alarm["StateReason"]
    await_state(cloudwatch, composite, "ALARM", "CompositeAlarm")
    history = cloudwatch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    kinds = [item["HistoryItemType"] for item in history]
    assert sorted(set(kinds)) == ["Action", "ConfigurationUpdate", "StateUpdate"]
    assert any("Failed to execute action " + topic in item["HistorySummary"] for item in history)
    arn = alarm["AlarmArn"]
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "team", "Value": "one"}]
    with pytest.raises(ClientError) as caught:
        cloudwatch.delete_alarms(AlarmNames=[name])
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    cloudwatch.delete_alarms(AlarmNames=[name, composite])
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


@pytest.mark.parametrize("asked, labels", [
    ([("Sum", 60), ("Minimum", 120)], ["m Sum 60", "m Minimum 120"]),
    ([("Sum", 60), ("Minimum", 60)], ["m Sum", "m Minimum"]),
    ([("Sum", 60), ("Sum", 120)], ["m 60", "m 120"]),
    ([("Sum", 60), ("Sum", 60)], ["m", "m"]),
])
def test_labels_say_what_differs(cloudwatch, namespace, asked, labels):
    """As CloudWatch was recorded to answer."""
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "m", "Value": 1}])
    results = cloudwatch.get_metric_data(
        StartTime=now() - datetime.timedelta(minutes=5), EndTime=now() + datetime.timedelta(minutes=5),
        MetricDataQueries=[{"Id": "q%d" % i, "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": "m"}, "Stat": stat, "Period": period}}
            for i, (stat, period) in enumerate(asked)])["MetricDataResults"]
    assert [result["Label"] for result in results] == labels


def test_dashboards(cloudwatch):
    name = "board-" + uuid.uuid4().hex[:8]
    body = '{"widgets":[{"type":"text","properties":{"markdown":"hello"}}]}'
    cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body)
    assert cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"] == body
    assert name in [d["DashboardName"] for d in cloudwatch.list_dashboards()["DashboardEntries"]]
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_dashboard(DashboardName=name, DashboardBody='{"widgets":')
    assert caught.value.response["Error"]["Code"] == "InvalidParameterInput"
    cloudwatch.delete_dashboards(DashboardNames=[name])
    with pytest.raises(ClientError) as caught:
        cloudwatch.get_dashboard(DashboardName=name)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"


def test_what_is_acknowledged_survives_a_kill(own_server, client):
    server = own_server()
    server.start()
    settings = server.settings("--admin")

    def cloudwatch():
        return client("cloudwatch", endpoint_url=server.url, aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
                      aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"])

    at = now()
    first = cloudwatch()
    for i in range(20):
        first.put_metric_data(Namespace="kill", MetricData=[{"MetricName": "m", "Value": 1, "Timestamp": at}])
    server.kill()
    server.start()
    points = cloudwatch().get_metric_statistics(
        Namespace="kill", MetricName="m", StartTime=at - datetime.timedelta(minutes=5),
        EndTime=at + datetime.timedelta(minutes=5), Period=60, Statistics=["Sum"])["Datapoints"]
    assert [p["Sum"] for p in points] == [20.0]


def test_what_no_metric_or_alarm_can_be(cloudwatch, namespace):
    def code(call, **members):
        with pytest.raises(ClientError) as failure:
            call(**members)
        return failure.value.response["Error"]["Code"]

    at = now()
    assert code(cloudwatch.put_metric_data, Namespace=namespace,
                MetricData=[{"MetricName": "a\x01", "Value": 1.0}]) == "InvalidParameterValue"
    assert code(cloudwatch.get_metric_statistics, Namespace=namespace, MetricName="a", Period=60,
                StartTime=at - datetime.timedelta(minutes=5), EndTime=at, Statistics=["Sum"],
                ExtendedStatistics=["p99"]) == "InvalidParameterCombination"
    assert code(cloudwatch.put_metric_alarm, AlarmName=namespace, Namespace=namespace, MetricName="a", Statistic="Sum",
                Period=60, EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
                AlarmActions=["foo"]) == "ValidationError"
