"""Decisions of policies in process, and signed requests against moto server."""

import os
import subprocess
from pathlib import Path

from measuring import moto
from measuring.atelier import run
from measuring.load import load
from measuring.signed import Signer

MICROSECONDS = 50
AIM = 10
WARM_SECONDS, SECONDS = 5, 10


def decisions(atelier, report):
    """The evaluator alone, in a Java of its own: a request that the last of 20 statements allows."""
    home = Path(os.environ["ATELIER_HOME"])
    output = subprocess.run(
        [os.path.join(os.environ.get("JAVA_HOME", "/usr"), "bin", "java"), "-cp",
         (home / "server/target/launch").read_text(), str(Path(__file__).with_name("Decisions.java"))],
        check=True, capture_output=True, text=True).stdout
    report.below("policy decision at 20 statements, median", float(output), "us", MICROSECONDS)


def questions(atelier, report):
    """GetCallerIdentity: a signature, a decision, a small answer."""
    with moto.server() as url:
        rates = {}
        for name, address, signer in (("moto", url, Signer(url, moto.KEYS)), ("own", atelier.url, atelier.signer)):
            request = [signer.query("sts", {"Action": "GetCallerIdentity", "Version": "2011-06-15"})]
            load(address, request, WARM_SECONDS)
            rates[name] = load(address, request, SECONDS).rate
    report.ratio("GetCallerIdentity, 32 connections", rates["own"], "/s", "moto", rates["moto"],
                 rates["own"] / rates["moto"], AIM)


PARTS = {"decisions": decisions, "questions": questions}

if __name__ == "__main__":
    run("identity", PARTS)
