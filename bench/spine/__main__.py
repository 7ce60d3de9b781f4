"""What every user meets: start, signed requests, S3, endpoints, jobs."""

import time

from measuring.atelier import run
from spine_faults.server import Server

from . import control, endpoints, jobs, objects

START_SECONDS, MEMORY_MB, IDLE_SECONDS = 3, 512, 60


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


if __name__ == "__main__":
    run("spine", PARTS)
