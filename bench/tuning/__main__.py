"""Bayesian suggestions against Optuna's TPE: how good after 50 trials, and how fast."""

import argparse
import json
import os
import subprocess
import time
from pathlib import Path

import optuna

from measuring.report import Report
from tuning.functions import ALL

TRIALS = 50
SEEDS = range(1, int(os.environ.get("ATELIER_BENCH_SEEDS", "10")) + 1)
MANY, SECONDS = 500, 5
SLOW = next(each for each in ALL if each.name == "Hartmann-6")


class Own:
    """The searcher in a Java of its own."""

    def __init__(self):
        home = Path(os.environ["ATELIER_HOME"])
        self.process = subprocess.Popen(
            [os.path.join(os.environ.get("JAVA_HOME", "/usr"), "bin", "java"), "-cp",
             (home / "server/target/launch").read_text(), str(Path(__file__).with_name("Suggestions.java"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def best(self, function, seed, trials, strategy="Bayesian"):
        self.say("new", strategy, seed, *(bound for side in function.box for bound in side))
        best = float("inf")
        for _ in range(trials):
            self.say("ask")
            loss = function.value([float(each) for each in self.process.stdout.readline().split()])
            self.say("tell", loss)
            best = min(best, loss)
        return best

    def seconds(self):
        self.say("time")
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def tpe(function, seed, trials):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    spent = 0
    for _ in range(trials):
        begun = time.perf_counter()
        trial = study.ask()
        point = [trial.suggest_float("x%d" % i, low, high) for i, (low, high) in enumerate(function.box)]
        spent += time.perf_counter() - begun
        study.tell(trial, function.value(point))
    return study.best_value, spent


def ranks(own, report):
    """Mean rank, 1 for the better of the two and 1.5 for both where they are even, and the mean regret's ratio."""
    ours, theirs, won = [], [], 0
    for function in ALL:
        pairs = [(own.best(function, seed, TRIALS), tpe(function, seed, TRIALS)[0]) for seed in SEEDS]
        for a, b in pairs:
            even = abs(a - b) <= 1e-6 * (1 + abs(b))
            ours.append(1.5 if even else 1 if a < b else 2)
            theirs.append(3 - ours[-1])
        regret = [sum(each) / len(pairs) - function.least for each in zip(*pairs)]
        won += regret[0] <= regret[1]
        report.ratio(function.name + ", regret at %d" % TRIALS, regret[0], "", "Optuna TPE", regret[1],
                     regret[1] / max(regret[0], 1e-6), 1)
    mine, other = sum(ours) / len(ours), sum(theirs) / len(theirs)
    report.ratio("mean rank, %d functions, seeds %d-%d" % (len(ALL), SEEDS[0], SEEDS[-1]), mine, "", "Optuna TPE", other,
                 other / mine, 1)


def speed(own, report):
    """The time that suggestions take in all, the model's growth included."""
    own.best(SLOW, 0, MANY)
    seconds = own.seconds()
    _, other = tpe(SLOW, 0, MANY)
    report.below("%d suggestions in 6 dimensions" % MANY, seconds, "s", SECONDS,
                 "Optuna TPE %.3g s" % other, "%.2fx" % (other / seconds))


PARTS = {"speed": speed, "ranks": ranks}


def main():
    parser = argparse.ArgumentParser(prog="atelier bench tuning")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="a part; may be given again")
    parser.add_argument("--json", help="writes the figures to this file")
    options = parser.parse_args()
    report, own = Report(), Own()
    try:
        for name, part in PARTS.items():
            if not options.only or name in options.only:
                part(own, report)
    finally:
        own.close()
    print(report.summary())
    if options.json:
        Path(options.json).write_text(json.dumps(report.rows(), indent=1))


if __name__ == "__main__":
    main()
