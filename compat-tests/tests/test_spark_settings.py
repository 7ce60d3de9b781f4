"""What smspark-submit makes of its options and of a job's configuration."""

import os
import sys
import xml.etree.ElementTree

import pytest
from server import HOME

sys.path.insert(0, os.path.join(HOME, "python"))
import smspark
import spark_settings


def test_classifications_become_files_and_variables(tmp_path):
    files, variables, left_out = spark_settings.classified([
        {"Classification": "spark-defaults", "Properties": {"spark.a": "1 2"}},
        {"Classification": "core-site", "Properties": {"fs.x": "a<b&c"}},
        {"Classification": "spark-metrics", "Properties": {"*.sink": "x"}},
        {"Classification": "spark-env", "Properties": {},
         "Configurations": [{"Classification": "export", "Properties": {"NAME": "value"}}]},
        {"Classification": "yarn-site", "Properties": {"yarn.x": "1"}}])
    assert variables == {"NAME": "value"} and left_out == ["yarn-site"]
    spark_settings.write(str(tmp_path), files)
    assert (tmp_path / "spark-defaults.conf").read_text() == "spark.a 1 2\n"
    assert (tmp_path / "metrics.properties").read_text() == "*.sink=x\n"
    assert xml.etree.ElementTree.parse(tmp_path / "core-site.xml").findtext("property/value") == "a<b&c"


def test_one_classification_need_be_no_list():
    assert spark_settings.classified({"Classification": "hive-site", "Properties": {"a": "b"}})[0] == \
        {"hive-site.xml": {"a": "b"}}
    with pytest.raises(spark_settings.UnknownClassification, match="'presto'"):
        spark_settings.classified([{"Classification": "presto"}])


def test_folders_stand_for_their_files(tmp_path):
    for name in ("b.jar", "a.jar"):
        (tmp_path / name).write_text("")
    options = smspark.arguments(["--class", "a.B", "--jars", "s3://x/y.jar,%s" % tmp_path, "--conf", "k=v", "-v",
                                 "--local-spark-event-logs-dir", "/logs", "app.jar", "--of-the-application", "1"])
    assert smspark.submission(options, "local[2]") == [
        "/opt/spark/bin/spark-submit", "--master", "local[2]", "--deploy-mode", "client", "--class", "a.B",
        "--jars", "s3://x/y.jar,%s/a.jar,%s/b.jar" % (tmp_path, tmp_path), "--conf", "k=v", "--verbose",
        "app.jar", "--of-the-application", "1"]


@pytest.mark.parametrize("cpus, gibibytes, hosts", [(1, 2, 2), (2, 4, 2), (8, 64, 3), (1, 4, 1), (16, 256, 1)])
def test_heaps_fit_the_host(monkeypatch, cpus, gibibytes, hosts):
    monkeypatch.setenv("ATELIER_HOST_CPUS", str(float(cpus)))
    monkeypatch.setenv("ATELIER_HOST_MEMORY_BYTES", str(gibibytes << 30))
    names = ["algo-%d" % (i + 1) for i in range(hosts)]
    cluster = smspark.Cluster({"current_host": "algo-1", "hosts": names[::-1]})
    executor, driver = cluster.memory()
    assert cluster.first == "algo-1" and cluster.cpus == cpus
    assert executor + driver + (2 * smspark.DAEMON_MEBIBYTES if hosts > 1 else 0) < gibibytes * 1024
    assert driver >= 512 and (executor >= 512) == (hosts > 1)


def test_the_object_store_is_reached_as_the_jobs_role():
    settings = spark_settings.object_store({"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_REGION": "eu-west-1",
                                            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/role"})
    assert settings["fs.s3a.endpoint"] == "http://127.0.0.1:9"
    assert settings["fs.s3a.endpoint.region"] == "eu-west-1"
    assert settings["fs.s3.impl"] == settings["fs.s3a.impl"]
    assert settings["fs.s3a.aws.credentials.provider"].endswith("ContainerCredentialsProvider")
