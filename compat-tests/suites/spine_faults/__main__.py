"""Runs the suite and prints its one line of summary; exit 1 when anything was lost."""

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
import traceback

from .account import Account
from .calls import STOPPED, Unknown, client, outcomes, session
from .endpoints import Endpoints
from .jobs import Pipes, Processings, Spots, Tunings
from .plants import PLANTS
from .server import Server
from .stores import Definitions, Events, Multiparts, Objects
from .trainings import Trainings

STUCK_SECONDS = 30
QUIET_EVERY = 25
MOST_FAILURES = 5


class Platform:
    def __init__(self, server, seed, account):
        self.server, self.seed, self.account = server, seed, account
        self.keys = server.administrator()
        self.bucket = "faults"
        self.role = "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole"
        self.made = session(server, self.keys)
        self.making = threading.Lock()

    def client(self, service):
        with self.making:
            return client(self.made, self.server, service)


class Life(threading.Thread):
    """One life cycle, round after round, until told to end; a round that was begun is finished."""

    def __init__(self, cycle, account, gate):
        super().__init__(daemon=True, name=getattr(cycle, "name", cycle.__class__.__name__.lower()))
        self.cycle, self.account, self.gate = cycle, account, gate
        self.ending = threading.Event()

    def run(self):
        count = failures = 0
        while not self.ending.is_set():
            self.gate.wait()
            if self.ending.is_set():
                return
            try:
                self.cycle.round(count)
            except Unknown:
                return
            except Exception as error:  # pylint: disable=broad-except
                self.account.blame("wrong", "%s: %s" % (self.name, error))
                traceback.print_exc()
                self.account.abandon()
                failures += 1
                if failures == MOST_FAILURES:
                    return
            count += 1


def cycles(platform, jobs):
    if jobs:
        return [Spots(platform, 1), Spots(platform, 2), Pipes(platform, 3), Processings(platform, 4),
                Processings(platform, 5), Tunings(platform, 6), Trainings(platform, 7, "shell"),
                Trainings(platform, 8, "stop")]
    return [Trainings(platform, 1, "shell"), Trainings(platform, 2, "shell"), Trainings(platform, 3, "python"),
            Trainings(platform, 4, "stop"), Objects(platform, 5), Objects(platform, 6), Multiparts(platform, 7),
            Definitions(platform, 8), Events(platform, 9), Events(platform, 10), Endpoints(platform, 11),
            Trainings(platform, 12, "script")]


def quiet(server, account, lives, gate):
    """Lets everything that was begun come to its end on a server that is left alone."""
    gate.clear()
    blamed = set()
    while account.progress and len(blamed) < len(account.progress):
        for name, state in account.standing(server.ready_at, STUCK_SECONDS).items():
            if name not in blamed:
                blamed.add(name)
                account.blame("stuck", "%s stands at %s for %d s after the ready line" % (name, state, STUCK_SECONDS))
        time.sleep(0.2)
    gate.set()


def kill_often(server, account, lives, gate, options, chance):
    begun = time.monotonic()
    rest = max(0.5, options.minutes * 60 / options.kills - 2.2)
    for kill in range(1, options.kills + 1):
        early = chance.random() < 0.2
        if early:
            time.sleep(chance.uniform(0, 2.5) if kill > 1 else 0)
        else:
            time.sleep(chance.uniform(0, 2 * rest))
        server.kill()
        server.spawn()
        if chance.random() < 0.15 and kill < options.kills:
            # the next kill meets a server that is still starting
            time.sleep(chance.uniform(0, 1.8))
            continue
        server.wait_ready()
        if kill % QUIET_EVERY == 0:
            quiet(server, account, lives, gate)
            print("%d kills, %d s, %s" % (kill, time.monotonic() - begun, account.done), flush=True)
    return time.monotonic() - begun


def parse():
    parser = argparse.ArgumentParser(prog="spine-faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=18, help="about how long the kills shall take")
    parser.add_argument("--jobs", action="store_true", help="jobs alone, in depth")
    parser.add_argument("--keep", action="store_true", help="keep the data folder")
    parser.add_argument("--plant", choices=sorted(PLANTS),
                        help="make one such fault from outside after the last kill: its count must turn red (exit 1; "
                             "exit 2 when it was not noticed)")
    return parser.parse_args()


def finish(account, made, lives, end_of_life):
    """Joins the life cycles and looks at all that they were told was done."""
    for life in lives:
        life.join(max(0.1, end_of_life - time.monotonic()))
        if life.is_alive():
            account.blame("stuck", "%s did not come to its end" % life.name)
    for cycle in made:
        if hasattr(cycle, "verify"):
            try:
                cycle.verify()
            except Exception as error:  # pylint: disable=broad-except
                account.blame("wrong", "%s cannot be looked at: %s" % (cycle.__class__.__name__, error))
                traceback.print_exc()


def main():
    options = parse()
    print("seed=%d kills=%d" % (options.seed, options.kills), flush=True)
    folder = tempfile.mkdtemp(prefix="faults", dir="/var/tmp")
    account = Account()
    server = Server(folder)
    server.spawn()
    server.wait_ready()
    platform = Platform(server, options.seed, account)
    platform.client("s3").create_bucket(Bucket=platform.bucket)
    gate = threading.Event()
    gate.set()
    made = cycles(platform, options.jobs)
    for cycle in made:
        cycle.prepare()
    lives = [Life(cycle, account, gate) for cycle in made]
    for life in lives:
        life.start()
    seconds = kill_often(server, account, lives, gate, options, random.Random(options.seed))
    plant = PLANTS[options.plant](server) if options.plant else None
    if plant:
        print("PLANTED %s: %s" % (options.plant, plant.make()), flush=True)
    for life in lives:
        life.ending.set()
    quiet(server, account, lives, gate)
    orphans = settle(server) if options.plant == "orphans" else []
    if plant:
        plant.undo()
    finish(account, made, lives, time.monotonic() + STUCK_SECONDS)
    orphans += settle(server)
    STOPPED.set()
    server.end()
    report(options, server, account, orphans, seconds)
    failed = bool(orphans) or any(account.counts.values())
    if options.keep or failed and not plant:
        print("kept: %s" % folder)
    else:
        shutil.rmtree(folder)
    if plant and not {**account.counts, "orphans": len(orphans)}[options.plant]:
        print("the planted fault was not noticed")
        sys.exit(2)
    sys.exit(1 if failed else 0)


def report(options, server, account, orphans, seconds):
    starts = sorted(server.start_seconds)
    print("changes (acknowledged/unknown/refused): %s" % outcomes())
    print("done: %s; %d s; start to ready: median %.1f s, longest %.1f s"
          % (account.done, seconds, starts[len(starts) // 2], starts[-1]))
    print("kills=%d lost=%d duplicated=%d stuck=%d wrong=%d orphans=%d seed=%d" % (
        options.kills, account.counts["lost"], account.counts["duplicated"], account.counts["stuck"],
        account.counts["wrong"], len(orphans), options.seed), flush=True)


def settle(server):
    """What is left when every job has ended; ends are tidied up within moments."""
    end = time.monotonic() + 10
    while (left := server.orphans()) and time.monotonic() < end:
        time.sleep(0.2)
    left = [each for each in left if not each.startswith("%d " % server.process.pid)]
    for each in left:
        print("ORPHAN: %s" % each)
    return left


if __name__ == "__main__":
    main()
