"""Runs the parts one after the other and prints the figures; exit 0 when all were measured, met or not."""

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config
from spine_faults.server import Server

from . import control, endpoints, jobs, objects
from .report import Report
from .signed import REGION, Signer

START_SECONDS, MEMORY_MB, IDLE_SECONDS = 3, 512, 60


class Atelier(Server):
    """The server that is measured, and what its users have."""

    def __init__(self, folder):
        super().__init__(folder)
        self.role = "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"

    def begin(self):
        self.spawn()
        self.wait_ready()
        self.keys = self.administrator()
        self.signer = Signer(self.url, self.keys)

    def client(self, service, url=None):
        return boto3.client(service, endpoint_url=url or self.url, region_name=REGION,
                            aws_access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"],
                            config=Config(proxies={}, s3={"addressing_style": "path"}))

    def environment(self):
        return dict(os.environ)

    def memory(self):
        """Resident memory of the server, in MB."""
        status = Path("/proc/%d/status" % self.process.pid).read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def start(atelier, report):
    """Starts on empty data folders, then what the measured server itself takes when it is left alone."""
    seconds = []
    for count in range(4):
        folder = atelier.folder / ("start-%d" % count)
        folder.mkdir()
        server = Server(folder)
        server.spawn()
        server.wait_ready()
        seconds += server.start_seconds
        server.end()
    seconds.sort()
    report.below("start on an empty data folder, median", (seconds[1] + seconds[2]) / 2, "s", START_SECONDS)
    time.sleep(max(0.0, atelier.ready_at + IDLE_SECONDS - time.monotonic()))
    report.below("memory 60 s after ready", atelier.memory(), "MB", MEMORY_MB)


PARTS = {"start": start, "control": control.measure, "objects": objects.measure, "endpoint": endpoints.measure,
         "jobs": jobs.measure, "demo": jobs.demo}


def main():
    parser = argparse.ArgumentParser(prog="atelier bench spine")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="a part; may be given again")
    parser.add_argument("--json", help="writes the figures to this file")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bench", dir="/var/tmp")
    atelier = Atelier(folder)
    atelier.begin()
    report = Report()
    try:
        for name, part in PARTS.items():
            if not options.only or name in options.only:
                part(atelier, report)
    finally:
        atelier.end()
        shutil.rmtree(folder, ignore_errors=True)
    print(report.summary())
    if options.json:
        Path(options.json).write_text(json.dumps(report.rows(), indent=1))


if __name__ == "__main__":
    main()
