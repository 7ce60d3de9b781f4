"""A program as it runs without a platform."""

import statistics
import subprocess
import sys
import time


def seconds(program, rounds):
    """The median time that this Python takes for a program's text, its own start included."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
