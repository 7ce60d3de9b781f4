"""What the demo's programs tell of themselves: the job's own timeline against the time that the SDK took."""

import json


def timeline(description):
    """Seconds per secondary status of a finished job."""
    return [{"status": step["Status"], "seconds": (step["EndTime"] - step["StartTime"]).total_seconds()}
            for step in description["SecondaryStatusTransitions"] if step.get("EndTime")]


def write(path, result):
    with open(path, "w") as file:
        json.dump(result, file)
