"""Adds up the JUnit reports of a run; prints what failed and, last, one line of counts. Exits 1 when anything failed."""

import glob
import os
import sys
import xml.etree.ElementTree as ElementTree


def cases(reports):
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            yield case


def main(home, clients):
    reports = sorted(glob.glob(os.path.join(home, "*", "target", "surefire-reports", "TEST-*.xml")))
    if os.path.exists(clients):
        reports.append(clients)
    passed, failed, skipped = 0, [], []
    for case in cases(reports):
        name = f"{case.get('classname')}.{case.get('name')}"
        broken = case.find("failure") if case.find("failure") is not None else case.find("error")
        left_out = case.find("skipped")
        if broken is not None:
            failed.append((name, broken.get("message") or ""))
        elif left_out is not None:
            skipped.append((name, left_out.get("message") or ""))
        else:
            passed += 1
    for kind, found in (("skipped", skipped), ("FAILED", failed)):
        for name, message in found:
            print(f"{kind}: {name}: {' '.join(message.split())[:300]}")
    print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
