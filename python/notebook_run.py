"""Executes a notebook by papermill, as the JSON object on standard input says: see notebook_job.py, which starts this."""

import json
import logging
import signal
import sys

import papermill


def typed(text):
    """A parameter's value: numbers and truth values are meant as such, as on papermill's command line."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass  # of another kind
    return {"True": True, "true": True, "False": False, "false": False, "None": None}.get(text, text)


def stopped(*_):
    # papermill writes what there is on its way out
    raise SystemExit(128 + signal.SIGTERM)


def main():
    asked = json.load(sys.stdin)
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(message)s")
    signal.signal(signal.SIGTERM, stopped)
    try:
        papermill.execute_notebook(
            asked["input"], asked["output"], kernel_name=asked["kernel"], language=asked["language"], log_output=True,
            parameters={name: typed(text) for name, text in asked["parameters"].items()}, progress_bar=False)
    except papermill.PapermillExecutionError as e:
        reason = "Cell %s of %s failed: %s: %s" % (e.exec_count, asked["input"], e.ename, e.evalue)
    except Exception as e:
        logging.exception("the notebook was not executed")
        reason = "%s was not executed: %s: %s" % (asked["input"], type(e).__name__, e)
    else:
        return
    with open(asked["failure"], "w", encoding="utf-8") as file:
        file.write(reason)
    logging.error(reason)
    sys.exit(1)


main()
