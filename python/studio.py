"""Runs the program of a Studio app: its start-up scripts first, then JupyterLab, which is started again when it ends.

Reads ATELIER_APP, a JSON object: `type` of the app, `scripts` (paths, run in this order), `base_url`, `root`, `shared`
(whether several people edit here) and `recovery` (whether the owner's own packages and settings are left alone). The token that requests must bring is in JUPYTER_TOKEN. Exits with 64 when a script fails, with 70 when JupyterLab keeps
ending.
"""

import json
import os
import sys
import tempfile

import lab
from lifecycle import run_script


def main():
    app = json.loads(os.environ.pop("ATELIER_APP"))
    for path in app["scripts"]:
        run_script(path, prefix="[LifecycleConfigOnStart] ")
    if app["recovery"]:
        os.makedirs(os.environ["HOME"], exist_ok=True)
        os.environ["PYTHONNOUSERSITE"] = "1"
    # without jupyter-collaboration, as in JupyterServer's image, nobody reads these
    words = lab.command(app["base_url"], app["root"], LabApp__extra_labextensions_path=lab.EXTENSIONS,
                        YDocExtension__disable_rtc=not app["shared"],
                        SQLiteYStore__db_path=tempfile.mkdtemp(prefix="edits-") + "/edits.db")
    env = lab.environment(app["shared"], app["type"])
    sys.exit(lab.Supervisor("JupyterLab", words, app["root"], env).run())


if __name__ == "__main__":
    main()
