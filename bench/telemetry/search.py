"""Gigabytes of log text, stored over HTTP, and what is found in them while the server's memory is watched."""

import concurrent.futures
import random
import threading
import time

STREAMS = 8
LINES = 4_600
SENDERS = 2
RSS_MB = 900
GROUP = "/searched"
NEEDLE = "cuda-xid-31-fault"
LEVELS = ["INFO"] * 17 + ["DEBUG"] * 2 + ["WARN"]


def batch(chooser, number, at):
    """Lines as trainers write them, about a megabyte; the same seed gives the same lines."""
    events = []
    for line in range(LINES):
        step = number * LINES + line
        events.append({"timestamp": at, "message":
                       "%s worker-%02d trainer.loop epoch=%d step=%d loss=%.5f lr=%.3e grad_norm=%.4f samples_per_s=%.1f "
                       "gpu_mem=%dMiB data_wait_ms=%d host=ip-10-0-%d-%d.ec2.internal request=%08x-%04x" % (
                           LEVELS[step % 20], step % 16, step // 50_000, step, chooser.random() * 3, 3e-4, chooser.random(),
                           480 + chooser.random() * 40, 30_000 + chooser.randrange(9_000), chooser.randrange(40),
                           step % 4, step % 200, chooser.getrandbits(32), chooser.getrandbits(16))})
    return events


def searched(atelier, report, gigabytes):
    client = atelier.client("logs")
    client.create_log_group(logGroupName=GROUP)
    for stream in range(STREAMS):
        client.create_log_stream(logGroupName=GROUP, logStreamName="s%d" % stream)
    start = int(time.time() * 1_000) - 6 * 3_600_000
    first = batch(random.Random(0), 0, start)
    size = sum(len(event["message"]) + 26 for event in first)
    batches = max(STREAMS, int(gigabytes * 1e9 / size))
    needles = sorted({batches // 3, batches * 2 // 3, batches - 1})
    clients = threading.local()

    def put(number):
        if not hasattr(clients, "logs"):
            clients.logs = atelier.client("logs")
        events = batch(random.Random(number), number, start + number)
        if number in needles:
            events[LINES // 2]["message"] += " " + NEEDLE
        clients.logs.put_log_events(logGroupName=GROUP, logStreamName="s%d" % (number % STREAMS), logEvents=events)
        return sum(len(event["message"]) + 26 for event in events)

    begun = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(SENDERS) as senders:
        stored = sum(senders.map(put, range(batches)))
    taken = time.perf_counter() - begun
    print("  (%.1f GB in %s events stored in %.0f s: %s events/s; this client makes and signs them too)" % (
        stored / 1e9, format(batches * LINES, ","), taken, format(int(batches * LINES / taken), ",")))

    pages = found = 0
    slowest = 0
    begun = turned = time.perf_counter()
    for page in client.get_paginator("filter_log_events").paginate(logGroupName=GROUP, filterPattern=NEEDLE):
        slowest = max(slowest, time.perf_counter() - turned)
        turned = time.perf_counter()
        pages += 1
        found += len(page["events"])
    taken = time.perf_counter() - begun
    if found != len(needles):
        raise RuntimeError("found %d lines, not %d" % (found, len(needles)))
    print("  (FilterLogEvents: %d of %s lines in %.1f s and %d pages, the slowest %.1f s: %.0f MB/s)" % (
        found, format(batches * LINES, ","), taken, pages, slowest, stored / 1e6 / taken))
    query(client, "fields @timestamp, @message | filter @message like '%s' | sort @timestamp desc" % NEEDLE,
          stored, start, lambda rows: len(rows) == len(needles))
    query(client, "parse @message 'loss=* lr' as loss | filter @message like 'WARN' | stats count(*) as n, avg(loss), pct(loss, 99)",
          stored, start, lambda rows: int(float(rows[0][0]["value"])) == batches * LINES // 20)
    report.below("server after search in %.1f GB" % (stored / 1e9), atelier.memory(), "MB", RSS_MB)


def query(client, text, stored, start, holds):
    begun = time.perf_counter()
    made = client.start_query(logGroupName=GROUP, startTime=start // 1_000, endTime=start // 1_000 + 86_400, queryString=text)
    while True:
        answer = client.get_query_results(queryId=made["queryId"])
        if answer["status"] not in ("Running", "Scheduled"):
            break
        time.sleep(0.05)
    taken = time.perf_counter() - begun
    if answer["status"] != "Complete" or not holds(answer["results"]):
        raise RuntimeError("the query %s came to %s" % (text, answer))
    print("  (Insights, %.1f s, %.0f MB/s: %s)" % (taken, stored / 1e6 / taken, text))
