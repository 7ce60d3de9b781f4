"""PutLogEvents, searches over what came in, and a day of metrics."""

import os
import statistics
import time

from measuring.atelier import run
from measuring.load import Connection, load

from .latency import readable
from .search import searched

EVENTS_PER_SECOND = 10_000
BATCH = 500
SECONDS = 10
METRIC_MS = 20
DAY_MINUTES = 1_440


def logs(atelier, report):
    """Batches of 500 events from 32 connections at once, each batch on disk before its answer."""
    client = atelier.client("logs")
    client.create_log_group(logGroupName="/bench")
    client.create_log_stream(logGroupName="/bench", logStreamName="in")
    now = int(time.time() * 1_000)
    events = [{"timestamp": now, "message": "step %d of training: loss 0.%04d, 512 images/s" % (number, number % 10_000)}
              for number in range(BATCH)]
    request = [atelier.signer.target("logs", "Logs_20140328.PutLogEvents", {
        "logGroupName": "/bench", "logStreamName": "in", "logEvents": events}, "1.1")]
    load(atelier.url, request, 3)
    rate = load(atelier.url, request, SECONDS).rate * BATCH
    report.above("log events ingested", rate, "/s", EVENTS_PER_SECOND)


def search(atelier, report):
    """A rare term and a query over gigabytes of text, ATELIER_BENCH_GIGABYTES of them (2)."""
    searched(atelier, report, float(os.environ.get("ATELIER_BENCH_GIGABYTES", "2")))


def latency(atelier, report):
    """From the write of a job's line until GetLogEvents answers with it."""
    readable(atelier, report)


def metrics(atelier, report):
    """GetMetricData over a day of points, a minute each."""
    client = atelier.client("cloudwatch")
    end = int(time.time()) // 60 * 60
    start = end - DAY_MINUTES * 60
    points = [{"MetricName": "loss", "Timestamp": start + minute * 60, "Value": minute / 7.0}
              for minute in range(DAY_MINUTES)]
    for first in range(0, DAY_MINUTES, 480):
        client.put_metric_data(Namespace="bench", MetricData=points[first:first + 480])
    request = atelier.signer.target("monitoring", "GraniteServiceVersion20100801.GetMetricData", {
        "StartTime": start, "EndTime": end, "MetricDataQueries": [{"Id": "m", "MetricStat": {
            "Metric": {"Namespace": "bench", "MetricName": "loss"}, "Period": 60, "Stat": "Average"}}]}, "1.0")
    answer = client.get_metric_data(StartTime=start, EndTime=end, MetricDataQueries=[{"Id": "m", "MetricStat": {
        "Metric": {"Namespace": "bench", "MetricName": "loss"}, "Period": 60, "Stat": "Average"}}])
    if len(answer["MetricDataResults"][0]["Values"]) != DAY_MINUTES:
        raise RuntimeError("a day has %d points here" % len(answer["MetricDataResults"][0]["Values"]))
    connection = Connection(("127.0.0.1", atelier.port))
    times = [connection.exchange(request) * 1_000 for _ in range(120)][20:]
    connection.close()
    report.below("GetMetricData, a day of minutes, median", statistics.median(times), "ms", METRIC_MS)


PARTS = {"logs": logs, "latency": latency, "metrics": metrics, "search": search}

if __name__ == "__main__":
    run("telemetry", PARTS)
