"""Runs the demo's programs side by side and prints what came of them."""

import argparse
import json
import os
import re
import subprocess
import sys
import threading
import time

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.model_selection import train_test_split

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 7
TOLERANCE = 0.01
NOISE = re.compile(r"INFO:botocore|.*Found endpoint for |.*environment_global|WARNING:sagemaker.deprecations|See https:.*migration")
COLOURS = {"xgboost": "36", "sklearn": "32", "trainer": "35"}


def prepare(work):
    """Train and held-out rows of both data sets as CSV files, label first, no header."""
    for name, loader in (("diabetes", load_diabetes), ("cancer", load_breast_cancer)):
        rows, labels = loader(return_X_y=True)
        parts = train_test_split(rows, labels, test_size=0.25, random_state=SEED)
        for part, x, y in (("train", parts[0], parts[2]), ("test", parts[1], parts[3])):
            folder = os.path.join(work, name, part)
            os.makedirs(folder)
            np.savetxt(os.path.join(folder, part + ".csv"), np.column_stack([y, x]), delimiter=",", fmt="%.10g")


def load(work, name, part):
    rows = np.loadtxt(os.path.join(work, name, part, part + ".csv"), delimiter=",")
    return rows[:, 1:], rows[:, 0]


def follow(name, process):
    """Prints a program's lines as they come, each with its name in front."""
    colour = sys.stdout.isatty()
    for line in process.stdout:
        text = line.rstrip("\n")
        if text.strip() and not NOISE.match(text):
            prefix = "\033[%sm%-8s\033[0m" % (COLOURS[name], name) if colour else "%-8s" % name
            print("%s | %s" % (prefix, text), flush=True)


def run(work, interpreters):
    """Runs all programs at once; a program's result is a JSON file that it writes."""
    programs = {"xgboost": ("v2", "xgboost_builtin.py"), "sklearn": ("v2", "sklearn_script.py"),
                "trainer": ("v3", "model_trainer.py")}
    started, running, readers = time.time(), {}, []
    # the programs' own words, without notices of deprecation and line breaks for narrow terminals
    quiet = dict(os.environ, SAGEMAKER_SUPPRESS_V2_WARNING="1", PYTHONWARNINGS="ignore", COLUMNS="160")
    for name, (sdk, program) in programs.items():
        result = os.path.join(work, name + ".json")
        process = subprocess.Popen([interpreters[sdk], "-u", os.path.join(HERE, program), work, result],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                   env=quiet)
        reader = threading.Thread(target=follow, args=(name, process))
        reader.start()
        running[name], readers = (process, result), readers + [reader]
    results, failed = {}, []
    for name, (process, result) in running.items():
        if process.wait() != 0:
            failed.append("%s (exit code %d)" % (name, process.returncode))
        else:
            with open(result) as file:
                results[name] = json.load(file)
    for reader in readers:
        reader.join()
    if failed:
        sys.exit("The demo failed: " + ", ".join(failed))
    return results, time.time() - started


def references(work):
    """The same models trained directly in Python on the same rows with the same seed."""
    import xgboost
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, y = load(work, "diabetes", "train")
    held_x, held_y = load(work, "diabetes", "test")
    booster = xgboost.train({"objective": "reg:squarederror", "max_depth": 3, "eta": 0.1, "seed": SEED,
                             "tree_method": "exact"}, xgboost.DMatrix(x, y), num_boost_round=60)
    rmse = float(np.sqrt(np.mean((booster.predict(xgboost.DMatrix(held_x)) - held_y) ** 2)))
    x, y = load(work, "cancer", "train")
    held_x, held_y = load(work, "cancer", "test")
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=1000)).fit(x, y)
    accuracy = float(np.mean(model.predict(held_x) == held_y))
    return {"xgboost": rmse, "sklearn": accuracy, "trainer": accuracy}


def report(results, expected, wall):
    """Prints the table; returns the programs whose quality is too far from the reference."""
    print("\n%-10s %-28s %-9s %10s %10s %8s   %s" % (
        "program", "model", "measure", "Atelier", "Python", "differs", "first predictions (truth)"))
    apart = []
    for name, result in results.items():
        difference = abs(result["value"] - expected[name]) / abs(expected[name])
        if difference > TOLERANCE:
            apart.append(name)
        shown = "  ".join("%.4g (%.4g)" % pair for pair in zip(result["predictions"], result["truth"]))
        print("%-10s %-28s %-9s %10.4f %10.4f %7.2f%%   %s" % (
            name, result["model"], result["measure"], result["value"], expected[name], 100 * difference, shown))
    print("\n%-10s %s" % ("program", "timeline of the job (seconds), endpoint, and the SDK's own waiting"))
    for name, result in results.items():
        steps = ", ".join("%s %.2f" % (step["status"], step["seconds"]) for step in result["timeline"])
        waiting = result["fit"] - result["job"] + result["deploy"] - result["endpoint"]
        print("%-10s %s | endpoint %.2f | fit() took %.1f and deploy() %.1f, of which %.1f s (%d %%) the SDK waited "
              "between two questions" % (name, steps, result["endpoint"], result["fit"], result["deploy"], waiting,
                                         round(100 * waiting / (result["fit"] + result["deploy"]))))
    print("\nAll of it took %.1f s. How to go on:" % wall)
    print("  ./atelier up                      # a server that stays, its data in ~/.local/share/atelier")
    print('  eval "$(./atelier env)"           # in another shell: then run your own SageMaker code unchanged')
    print("  demo/xgboost_builtin.py, demo/sklearn_script.py, demo/model_trainer.py are the programs you just saw")
    return apart


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True)
    parser.add_argument("--v2", required=True)
    parser.add_argument("--v3", required=True)
    arguments = parser.parse_args()
    prepare(arguments.work)
    results, wall = run(arguments.work, {"v2": arguments.v2, "v3": arguments.v3})
    apart = report(results, references(arguments.work), wall)
    if apart:
        sys.exit("The quality differs by more than 1 %% from the same model in Python: %s" % ", ".join(apart))


if __name__ == "__main__":
    main()
