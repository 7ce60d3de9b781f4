"""Start-up scripts of Studio apps, run as AWS runs lifecycle configurations."""

import os
import signal
import subprocess
import sys

SCRIPT_SECONDS = 300
SCRIPT_FAILED = 64


def say(text):
    print("atelier: " + text, flush=True)


def run_script(path):
    """Runs one script by bash, for five minutes at most, its output in the app's log; ends the app when it fails."""
    say("running the start-up script " + os.path.basename(path))
    script = subprocess.Popen(["/bin/bash", path], cwd=os.environ["HOME"], start_new_session=True,
                              stdin=subprocess.DEVNULL)
    try:
        code = script.wait(SCRIPT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(script.pid, signal.SIGKILL)
        script.wait()
        say("the start-up script %s ran longer than %d seconds" % (os.path.basename(path), SCRIPT_SECONDS))
        sys.exit(SCRIPT_FAILED)
    if code != 0:
        say("the start-up script %s ended with exit code %d" % (os.path.basename(path), code))
        sys.exit(SCRIPT_FAILED)
