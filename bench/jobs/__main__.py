"""Jobs: how soon they run, what they cost beside their programs, and how soon their data is there."""

from measuring.atelier import run

from . import channels, million, queued, start, watched

PARTS = {"start": start.measure, "queued": queued.measure, "watched": watched.measure, "channel": channels.measure,
         "million": million.measure}

if __name__ == "__main__":
    run("jobs", PARTS)
