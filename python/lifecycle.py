"""Start-up scripts, run as AWS runs lifecycle configurations."""

import os
import signal
import subprocess
import sys
import threading

SCRIPT_SECONDS = 300
SCRIPT_FAILED = 64


def say(text):
    print("atelier: " + text, flush=True)


def fail(text):
    say(text)
    sys.exit(SCRIPT_FAILED)


def _label(stream, prefix):
    for line in stream:
        sys.stdout.write(prefix + line)
        sys.stdout.flush()


def run_script(path, kind="start-up script", prefix="", env=None, cwd=None):
    """Runs one script as AWS does: by bash, for five minutes at most, its output in the program's log.

    What it leaves running in the background goes on, and so does what that prints; `prefix` begins each of its lines.
    """
    name = os.path.basename(path)
    say("running the %s %s" % (kind, name))
    script = subprocess.Popen(["/bin/bash", path], cwd=cwd or os.environ["HOME"], env=env, start_new_session=True,
                              stdin=subprocess.DEVNULL, text=True, errors="replace",
                              stdout=subprocess.PIPE if prefix else None, stderr=subprocess.STDOUT if prefix else None)
    reader = threading.Thread(target=_label, args=(script.stdout, prefix), daemon=True) if prefix else None
    if reader:
        reader.start()
    try:
        code = script.wait(SCRIPT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(script.pid, signal.SIGKILL)
        script.wait()
        fail("the %s %s ran longer than %d seconds" % (kind, name, SCRIPT_SECONDS))
    except BaseException:
        # whoever waits for it is being stopped
        os.killpg(script.pid, signal.SIGKILL)
        raise
    if reader:
        # its last words come before the verdict on it
        reader.join(1)
    if code != 0:
        fail("the %s %s ended with exit code %d" % (kind, name, code))
    say("the %s %s is done" % (kind, name))
