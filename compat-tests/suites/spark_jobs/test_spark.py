"""Spark applications as processing jobs, by SageMaker's SDK v2."""

import io
import json
import time

import pytest

GIBIBYTE = 1 << 30
PARTS = 8
KEYS = 1000
APPLICATION = """
import json, socket, sys
from pyspark.sql import SparkSession, functions as f
from report import line

source, target = sys.argv[1:3]
spark = SparkSession.builder.appName("sums").getOrCreate()
rows = spark.read.option("header", "true").schema("key int, value long, padding string").csv(source)
sums = rows.groupBy("key").agg(f.sum("value").alias("sum"), f.count("*").alias("count"))
sums.coalesce(1).write.mode("overwrite").json(target)
hosts = spark.sparkContext.parallelize(range(16), 16).map(lambda each: socket.gethostname()).collect()
print(line(spark.sparkContext.master, sorted(set(hosts)), spark.conf.get("spark.sql.shuffle.partitions")), flush=True)
spark.stop()
"""
REPORT = """
def line(*words):
    return "report " + " ".join(str(word) for word in words)
"""


@pytest.fixture
def application(tmp_path):
    (tmp_path / "sums.py").write_text(APPLICATION)
    (tmp_path / "report.py").write_text(REPORT)
    return tmp_path


def processor(hosts, **more):
    import sagemaker
    from sagemaker.spark.processing import PySparkProcessor

    return PySparkProcessor(base_job_name="spark", framework_version="3.5", role=sagemaker.get_execution_role(),
                            instance_count=hosts, instance_type="ml.m5.xlarge", max_runtime_in_seconds=1200, **more)


def gigabyte(s3, bucket):
    """A gigabyte of rows whose sums are known; what each key should come to."""
    sums, counts = [0] * KEYS, [0] * KEYS
    value = 0
    for part in range(PARTS):
        body = io.BytesIO()
        body.write(b"key,value,padding\n")
        while body.tell() < GIBIBYTE // PARTS:
            body.write(b"".join(b"%d,%d,%s\n" % (key, value + key, b"x" * 100) for key in range(KEYS)))
            for key in range(KEYS):
                sums[key] += value + key
                counts[key] += 1
            value += KEYS
        s3.put_object(Bucket=bucket, Key="rows/%d.csv" % part, Body=body.getvalue())
    return {key: (sums[key], counts[key]) for key in range(KEYS)}


def objects(s3, bucket, prefix):
    return {each["Key"]: each["Size"]
            for each in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])}


def lines(client, job):
    pages = client("logs").get_paginator("filter_log_events").paginate(
        logGroupName="/aws/sagemaker/ProcessingJobs", logStreamNamePrefix=job + "/")
    return [event["message"] for page in pages for event in page["events"]]


def test_a_gigabyte_on_two_hosts(application, s3, bucket, client):
    wanted = gigabyte(s3, bucket)
    assert sum(objects(s3, bucket, "rows/").values()) >= GIBIBYTE
    spark = processor(2)
    begun = time.monotonic()
    spark.run(str(application / "sums.py"), submit_py_files=[str(application / "report.py")], logs=False,
              arguments=["s3://%s/rows/" % bucket, "s3a://%s/sums" % bucket],
              configuration=[{"Classification": "spark-defaults",
                              "Properties": {"spark.sql.shuffle.partitions": "8"}}],
              spark_event_logs_s3_uri="s3://%s/events" % bucket)
    job = spark.latest_job.describe()
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    print("\na gigabyte on two hosts: %.0f s, of which the application ran %.0f s" % (
        time.monotonic() - begun, (job["ProcessingEndTime"] - job["ProcessingStartTime"]).total_seconds()))
    assert "report spark://algo-1:7077 ['algo-1', 'algo-2'] 8" in lines(client, job["ProcessingJobName"])
    part, = [key for key in objects(s3, bucket, "sums/") if "part-" in key]
    rows = [json.loads(row) for row in s3.get_object(Bucket=bucket, Key=part)["Body"].read().splitlines()]
    assert {row["key"]: (row["sum"], row["count"]) for row in rows} == wanted
    assert any("events_1_" in key for key in objects(s3, bucket, "events/"))


def test_one_host_and_files_that_the_application_brings(application, s3, bucket, client):
    s3.put_object(Bucket=bucket, Key="rows/a.csv", Body=b"key,value,padding\n1,2,x\n1,3,x\n")
    spark = processor(1)
    spark.run(str(application / "sums.py"), submit_py_files=[str(application / "report.py")], logs=False,
              arguments=["s3://%s/rows/" % bucket, "s3://%s/sums" % bucket])
    assert any(line.startswith("report local[") for line in lines(client, spark.latest_job.job_name))


def test_a_failing_application_fails_the_job_with_its_words(tmp_path):
    from sagemaker.exceptions import UnexpectedStatusException

    (tmp_path / "bad.py").write_text("raise KeyError('no such column')\n")
    with pytest.raises(UnexpectedStatusException, match="KeyError: 'no such column'"):
        processor(2).run(str(tmp_path / "bad.py"), logs=False)


def test_a_classification_that_spark_does_not_know(tmp_path, monkeypatch):
    from sagemaker.exceptions import UnexpectedStatusException
    from sagemaker.spark.processing import SparkConfigUtils

    (tmp_path / "fine.py").write_text("print('never')\n")
    # the SDK would refuse it before the job is asked for
    monkeypatch.setattr(SparkConfigUtils, "_valid_configuration_classifications", ["presto"])
    with pytest.raises(UnexpectedStatusException, match="the classification 'presto' is not one of"):
        processor(1).run(str(tmp_path / "fine.py"), logs=False,
                         configuration=[{"Classification": "presto", "Properties": {"a": "b"}}])
