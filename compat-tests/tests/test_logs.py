"""CloudWatch Logs with boto3."""
import json
import time
import uuid

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def logs(administrator):
    return administrator("logs")


@pytest.fixture
def stream(logs):
    group = "test-" + uuid.uuid4().hex[:8]
    logs.create_log_group(logGroupName=group, tags={"made": "here"})
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    yield {"logGroupName": group, "logStreamName": "s"}
    logs.delete_log_group(logGroupName=group)


def millis():
    return int(time.time() * 1000)


def put(logs, stream, *messages, at=None):
    at = at or millis()
    return logs.put_log_events(**stream, logEvents=[{"timestamp": at, "message": m} for m in messages])


def test_limits(logs, stream):
    at = millis()
    day = 86_400_000
    answer = logs.put_log_events(**stream, logEvents=[
        {"timestamp": at - 15 * day, "message": "old"}, {"timestamp": at, "message": "good"},
        {"timestamp": at + 3 * 3_600_000, "message": "new"}])
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2}
    for events in ([{"timestamp": at, "message": "a"}, {"timestamp": at - 1, "message": "b"}],
                   [{"timestamp": at - day - 1000, "message": "a"}, {"timestamp": at, "message": "b"}],
                   [{"timestamp": at, "message": "x" * 524_288}] * 2):
        with pytest.raises(ClientError) as caught:
            logs.put_log_events(**stream, logEvents=events)
        assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    assert [e["message"] for e in logs.get_log_events(**stream)["events"]] == ["good"]


def test_pages_both_ways(logs, stream):
    put(logs, stream, *[str(i) for i in range(25)])
    seen, token = [], None
    while True:
        page = logs.get_log_events(**stream, startFromHead=True, limit=10, **({"nextToken": token} if token else {}))
        seen += [e["message"] for e in page["events"]]
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    assert seen == [str(i) for i in range(25)]
    put(logs, stream, "later")
    assert [e["message"] for e in logs.get_log_events(**stream, nextToken=token)["events"]] == ["later"]
    page = logs.get_log_events(**stream, limit=10)
    assert [e["message"] for e in page["events"]] == [str(i) for i in range(16, 25)] + ["later"]
    page = logs.get_log_events(**stream, limit=10, nextToken=page["nextBackwardToken"])
    assert [e["message"] for e in page["events"]] == [str(i) for i in range(6, 16)]


def test_patterns(logs, stream):
    put(logs, stream, '{"level":"ERROR","code":500}', '{"level":"INFO","code":200}', "10.0.0.1 ann 404", "plain ERROR")

    def found(pattern):
        return [e["message"] for e in logs.filter_log_events(
            logGroupName=stream["logGroupName"], filterPattern=pattern)["events"]]

    assert found('{ $.code >= 400 && $.level = "E*" }') == ['{"level":"ERROR","code":500}']
    assert found("[ip, user, status=4*]") == ["10.0.0.1 ann 404"]
    assert found("%^plain%") == ["plain ERROR"]
    assert found("ERROR -plain") == ['{"level":"ERROR","code":500}']
    with pytest.raises(ClientError):
        found("{ $.code > }")
    matches = logs.test_metric_filter(filterPattern="[a, b]", logEventMessages=["x y", "x"])["matches"]
    assert [(m["eventNumber"], m["extractedValues"]) for m in matches] == [(1, {"$a": "x", "$b": "y"})]


def test_metric_filters_emit(logs, stream, administrator):
    namespace = "logs/" + uuid.uuid4().hex[:8]
    logs.put_metric_filter(logGroupName=stream["logGroupName"], filterName="slow", filterPattern="{ $.ms > 100 }",
                           metricTransformations=[{"metricName": "ms", "metricNamespace": namespace, "metricValue": "$.ms"}])
    put(logs, stream, '{"ms":50}', '{"ms":150}', '{"ms":250}')
    at = millis() / 1000
    points = administrator("cloudwatch").get_metric_statistics(
        Namespace=namespace, MetricName="ms", StartTime=at - 300, EndTime=at + 300, Period=60,
        Statistics=["Sum", "SampleCount"])["Datapoints"]
    assert sum(p["Sum"] for p in points) == 400.0
    assert sum(p["SampleCount"] for p in points) == 2.0
    assert logs.describe_log_groups(logGroupNamePrefix=stream["logGroupName"])["logGroups"][0]["metricFilterCount"] == 1
    logs.delete_metric_filter(logGroupName=stream["logGroupName"], filterName="slow")
    assert logs.describe_metric_filters(logGroupName=stream["logGroupName"])["metricFilters"] == []


def query(logs, stream, text):
    at = int(time.time())
    started = logs.start_query(logGroupName=stream["logGroupName"], startTime=at - 600, endTime=at + 600, queryString=text)
    deadline = time.monotonic() + 30
    while True:
        answer = logs.get_query_results(queryId=started["queryId"])
        if answer["status"] != "Running":
            assert answer["status"] == "Complete"
            return [{f["field"]: f["value"] for f in row} for row in answer["results"]]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_insights(logs, stream):
    put(logs, stream, *[json.dumps({"level": "ERROR" if i % 5 == 0 else "INFO", "ms": i}) for i in range(100)])
    rows = query(logs, stream, "filter level = 'ERROR' | stats count(*) as n, max(ms) as top by level")
    assert rows == [{"level": "ERROR", "n": "20", "top": "95"}]
    rows = query(logs, stream, "fields @timestamp, ms | sort ms desc | limit 3")
    assert [row["ms"] for row in rows] == ["99", "98", "97"]
    record = logs.get_log_record(logRecordPointer=rows[0]["@ptr"])["logRecord"]
    assert record["ms"] == "99" and record["@logStream"] == "s"
    assert query(logs, stream, 'parse @message \'"ms": *}\' as took | stats sum(took) as total') == [{"total": "4950"}]
    names = [f["name"] for f in logs.get_log_group_fields(logGroupName=stream["logGroupName"])["logGroupFields"]]
    assert {"@message", "level", "ms"} <= set(names)
    with pytest.raises(ClientError) as caught:
        query(logs, stream, "fields a | foo b")
    assert caught.value.response["Error"]["Code"] == "MalformedQueryException"
    kept = logs.put_query_definition(name="mine", queryString="fields @message")["queryDefinitionId"]
    assert [d["name"] for d in logs.describe_query_definitions()["queryDefinitions"]
            if d["queryDefinitionId"] == kept] == ["mine"]
    logs.delete_query_definition(queryDefinitionId=kept)


def test_retention_tags_and_protection(logs, stream):
    group = stream["logGroupName"]
    with pytest.raises(ClientError):
        logs.put_retention_policy(logGroupName=group, retentionInDays=2)
    put(logs, stream, "old", at=millis() - 3 * 86_400_000)
    put(logs, stream, "new")
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    assert [e["message"] for e in logs.get_log_events(**stream)["events"]] == ["new"]
    info = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    assert info["retentionInDays"] == 1 and info["storedBytes"] > 0
    logs.tag_resource(resourceArn=info["logGroupArn"], tags={"more": "tags"})
    assert logs.list_tags_log_group(logGroupName=group)["tags"] == {"made": "here", "more": "tags"}
    logs.put_log_group_deletion_protection(logGroupIdentifier=group, deletionProtectionEnabled=True)
    with pytest.raises(ClientError):
        logs.delete_log_group(logGroupName=group)
    logs.put_log_group_deletion_protection(logGroupIdentifier=group, deletionProtectionEnabled=False)


def test_groups_are_listed_by_name_and_tag(logs):
    mark = "list-" + uuid.uuid4().hex[:8]
    for name in ("a", "b", "c"):
        logs.create_log_group(logGroupName=mark + "/" + name, tags={"kind": mark + name})
    names = lambda **kw: [g["logGroupName"] for g in logs.list_log_groups(**kw)["logGroups"]]
    assert names(logGroupNamePattern="^" + mark) == [mark + "/a", mark + "/b", mark + "/c"]
    assert names(logGroupNamePattern=mark[5:]) == names(logGroupNamePattern="^" + mark)
    assert names(logGroupNamePattern="^%s|nothing" % mark[5:]) == []
    assert names(logGroupTags=[{"key": "kind", "values": [mark + "b", "x"]}]) == [mark + "/b"]
    first = logs.list_log_groups(logGroupNamePattern="^" + mark, limit=2)
    rest = logs.list_log_groups(logGroupNamePattern="^" + mark, limit=2, nextToken=first["nextToken"])
    assert [g["logGroupName"] for g in rest["logGroups"]] == [mark + "/c"] and "nextToken" not in rest
    for name in ("a", "b", "c"):
        logs.delete_log_group(logGroupName=mark + "/" + name)


def test_what_is_not_built_says_so(logs, stream):
    with pytest.raises(ClientError) as caught:
        logs.put_subscription_filter(logGroupName=stream["logGroupName"], filterName="f", filterPattern="",
                                     destinationArn="arn:aws:lambda:us-east-1:123456789012:function:f")
    assert "not supported" in caught.value.response["Error"]["Message"]
