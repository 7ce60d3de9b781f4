"""The server that is measured, and the run of a bench's parts over it."""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import boto3
from botocore.config import Config
from spine_faults.server import Server

from .report import Report
from .signed import REGION, Signer


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

    def end(self):
        """Ends the server and what it started, which would outlive it and stand in the way of the next figures."""
        subprocess.run([self.launcher, "down", "--data", str(self.data)], check=True, stdout=subprocess.DEVNULL)
        self.process.wait(60)

    def client(self, service, url=None, keys=None):
        """A client of this server or, with its own keys, of a peer."""
        keys = keys or self.keys
        return boto3.client(service, endpoint_url=url or self.url, region_name=REGION,
                            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
                            config=Config(proxies={}, s3={"addressing_style": "path"}))

    def environment(self):
        return dict(os.environ)

    def memory(self):
        """Resident memory of the server, in MB."""
        return self.status("VmRSS:")

    def most_memory(self):
        """The most resident memory that the server has had since it was started, in MB."""
        return self.status("VmHWM:")

    def status(self, member):
        status = Path("/proc/%d/status" % self.process.pid).read_text()
        return int(status.split(member)[1].split()[0]) / 1024


def run(bench, parts):
    """Runs the parts one after the other and prints the figures; exit 0 when all were measured, met or not."""
    parser = argparse.ArgumentParser(prog="atelier bench " + bench)
    parser.add_argument("--only", choices=sorted(parts), action="append", help="a part; may be given again")
    parser.add_argument("--json", help="writes the figures to this file")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bench", dir="/var/tmp")
    atelier = Atelier(folder)
    atelier.begin()
    report = Report()
    try:
        for name, part in parts.items():
            if not options.only or name in options.only:
                part(atelier, report)
    finally:
        atelier.end()
        shutil.rmtree(folder, ignore_errors=True)
    print(report.summary())
    if options.json:
        Path(options.json).write_text(json.dumps(report.rows(), indent=1))
