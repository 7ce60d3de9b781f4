"""Runs a Spark application on the hosts of a processing job, by the contract of SageMaker's Spark images.

    smspark-submit [OPTION...] APPLICATION [ARGUMENT...]

On one host Spark runs in one Java. On several, the first in order of name has the master and the driver, all have a worker;
the others end when the driver has. The exit code is the application's, or 1 when the hosts do not come together.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import spark_settings

HOME = "/opt/spark"
JARS = "/opt/atelier/jars"
CONFIGURATION = "/opt/ml/processing/input/conf/configuration.json"
WORK = "/opt/ml/processing/.spark"
MASTER_PORT = 7077
# whoever is connected here knows whether the driver lives
STATUS_PORT = 7076
TOGETHER_SECONDS = 600
MEBIBYTE = 1 << 20
DAEMON_MEBIBYTES = 384
LISTS = ("jars", "py_files", "files", "archives")


def arguments(words):
    parser = argparse.ArgumentParser(prog="smspark-submit", allow_abbrev=False)
    for name in ("class", "jars", "py-files", "files", "archives", "name", "packages", "exclude-packages",
                 "repositories", "properties-file", "driver-memory", "driver-java-options", "driver-library-path",
                 "driver-class-path", "executor-memory", "executor-cores", "total-executor-cores"):
        parser.add_argument("--" + name)
    parser.add_argument("--conf", action="append", default=[])
    parser.add_argument("--verbose", "-v", action="store_true")
    parser.add_argument("--local-spark-event-logs-dir")
    parser.add_argument("--spark-event-logs-s3-uri")
    parser.add_argument("application")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    return parser.parse_args(words)


def files_of(text):
    """The files of a list, where folders stand for what they hold: inputs of a job are folders."""
    paths = []
    for path in text.split(","):
        if os.path.isdir(path):
            paths.extend(os.path.join(path, name) for name in sorted(os.listdir(path)))
        else:
            paths.append(path)
    return ",".join(paths)


def submission(options, master):
    """The words of spark-submit."""
    words = [HOME + "/bin/spark-submit", "--master", master, "--deploy-mode", "client"]
    for name, value in sorted(vars(options).items()):
        if name in ("application", "rest", "conf", "verbose", "local_spark_event_logs_dir", "spark_event_logs_s3_uri") \
                or value is None:
            continue
        words += ["--" + name.replace("_", "-"), files_of(value) if name in LISTS else value]
    for each in options.conf:
        words += ["--conf", each]
    if options.verbose:
        words.append("--verbose")
    return words + [options.application] + options.rest


class Cluster:
    """The hosts of a job, as one of them sees them."""

    def __init__(self, config):
        self.host = config["current_host"]
        self.hosts = sorted(config["hosts"])
        self.first = self.hosts[0]
        self.cpus = max(1, int(float(os.environ.get("ATELIER_HOST_CPUS", os.cpu_count()))))
        self.mebibytes = int(os.environ.get("ATELIER_HOST_MEMORY_BYTES", 4 << 30)) // MEBIBYTE

    @property
    def several(self):
        return len(self.hosts) > 1

    def memory(self):
        """Heaps in MiB: of a worker's executor and of the driver, with room for Python and what Java has beside them."""
        if not self.several:
            return 0, int(self.mebibytes * 0.6)
        free = self.mebibytes - 2 * DAEMON_MEBIBYTES
        return max(512, int(free * 0.45)), max(512, int(free * 0.2))


def defaults(cluster, options):
    executor, driver = cluster.memory()
    settings = {
        "spark.driver.memory": "%dm" % driver,
        "spark.driver.host": cluster.host,
        "spark.driver.bindAddress": "0.0.0.0",
        "spark.local.dir": WORK + "/local",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": WORK + "/warehouse",
    }
    if cluster.several:
        settings["spark.executor.memory"] = "%dm" % executor
    settings.update(("spark.hadoop." + name, value)
                    for name, value in spark_settings.object_store(os.environ).items())
    logs = options.local_spark_event_logs_dir
    if logs or options.spark_event_logs_s3_uri:
        settings["spark.eventLog.enabled"] = "true"
        settings["spark.eventLog.dir"] = "file://" + logs if logs else options.spark_event_logs_s3_uri
        if logs:
            os.makedirs(logs, exist_ok=True)
    return settings


def install():
    """Spark's home: PySpark's, with the jars that it needs here in the place of some of its own."""
    import pyspark

    own = os.path.dirname(pyspark.__file__)
    os.makedirs(HOME + "/jars", exist_ok=True)
    for name in os.listdir(own):
        if name not in ("jars", "conf"):
            os.symlink(os.path.join(own, name), os.path.join(HOME, name))
    for folder in (own + "/jars", JARS):
        for name in os.listdir(folder):
            if folder == JARS or not name.startswith("hadoop-client-"):
                os.symlink(os.path.join(folder, name), os.path.join(HOME, "jars", name))


def configure(cluster, options):
    files, variables, left_out = {}, {}, []
    if os.path.exists(CONFIGURATION):
        with open(CONFIGURATION, encoding="utf-8") as given:
            files, variables, left_out = spark_settings.classified(json.load(given))
    for name in left_out:
        print("smspark-submit: the classification %s means nothing here and is left out" % name, flush=True)
    files["spark-defaults.conf"] = {**defaults(cluster, options), **files.get("spark-defaults.conf", {})}
    files.setdefault("log4j2.properties", {
        "rootLogger.level": "warn", "rootLogger.appenderRef.console.ref": "console",
        "appender.console.type": "Console", "appender.console.name": "console", "appender.console.target": "SYSTEM_ERR",
        "appender.console.layout.type": "PatternLayout",
        "appender.console.layout.pattern": "%d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex"})
    spark_settings.write(HOME + "/conf", files)
    os.makedirs(WORK + "/local", exist_ok=True)
    os.environ.update(variables)
    os.environ.update(SPARK_HOME=HOME, SPARK_CONF_DIR=HOME + "/conf", PYSPARK_PYTHON=shutil.which("python3"),
                      SPARK_LOCAL_HOSTNAME=cluster.host, SPARK_DAEMON_MEMORY="%dm" % (DAEMON_MEBIBYTES // 2),
                      SPARK_WORKER_DIR=WORK + "/work")


CHILDREN = []


def start(*words):
    child = subprocess.Popen([HOME + "/bin/spark-class", *words])
    CHILDREN.append(child)
    return child


def ended(signum, _):
    for child in CHILDREN:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    sys.exit(128 + signum)


def worker(cluster):
    executor, _ = cluster.memory()
    return start("org.apache.spark.deploy.worker.Worker", "--host", cluster.host, "--cores", str(cluster.cpus),
                 "--memory", "%dM" % executor, "spark://%s:%d" % (cluster.first, MASTER_PORT))


def connected(host, port, until):
    while True:
        try:
            return socket.create_connection((host, port), 5)
        except OSError:
            if time.monotonic() > until:
                raise SystemExit("smspark-submit: %s does not answer at port %d" % (host, port)) from None
            time.sleep(0.2)


def lead(cluster, options):
    """The first host: master, worker and driver."""
    until = time.monotonic() + TOGETHER_SECONDS
    status = socket.create_server(("0.0.0.0", STATUS_PORT), backlog=len(cluster.hosts))
    start("org.apache.spark.deploy.master.Master", "--host", cluster.host, "--port", str(MASTER_PORT),
          "--webui-port", "0")
    connected(cluster.host, MASTER_PORT, until).close()
    worker(cluster)
    others = []
    while len(others) < len(cluster.hosts) - 1:
        status.settimeout(max(0.1, until - time.monotonic()))
        try:
            others.append(status.accept()[0])
        except TimeoutError:
            raise SystemExit("smspark-submit: only %d of %d hosts have come within %d s"
                             % (len(others) + 1, len(cluster.hosts), TOGETHER_SECONDS)) from None
    return drive(options, "spark://%s:%d" % (cluster.first, MASTER_PORT))


def drive(options, master):
    driver = subprocess.Popen(submission(options, master))
    CHILDREN.append(driver)
    code = driver.wait()
    return code if code >= 0 else 128 - code


def follow(cluster):
    """Any other host: a worker, for as long as the driver lives."""
    until = time.monotonic() + TOGETHER_SECONDS
    connected(cluster.first, MASTER_PORT, until).close()
    own = worker(cluster)
    line = connected(cluster.first, STATUS_PORT, until)
    line.settimeout(None)
    gone = threading.Event()

    def listen():
        try:
            while line.recv(1):
                pass
        except OSError:
            pass
        gone.set()

    threading.Thread(target=listen, daemon=True).start()
    while not gone.wait(0.5):
        if own.poll() is not None:
            raise SystemExit("smspark-submit: the worker of %s has ended with %d" % (cluster.host, own.returncode))
    return 0


def main(words):
    options = arguments(words)
    with open("/opt/ml/config/resourceconfig.json", encoding="utf-8") as given:
        cluster = Cluster(json.load(given))
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, ended)
    try:
        install()
        configure(cluster, options)
    except spark_settings.UnknownClassification as e:
        raise SystemExit("smspark-submit: %s" % e) from None
    try:
        if not cluster.several:
            return drive(options, "local[%d]" % cluster.cpus)
        return lead(cluster, options) if cluster.host == cluster.first else follow(cluster)
    finally:
        for child in CHILDREN:
            if child.poll() is None:
                child.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
