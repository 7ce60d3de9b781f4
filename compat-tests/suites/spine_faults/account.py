"""What the life cycles found, counted; shared by all threads."""

import threading
import time


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {"lost": 0, "duplicated": 0, "stuck": 0, "wrong": 0}
        self.done = {}
        self.progress = {}

    def blame(self, kind, text):
        with self.lock:
            self.counts[kind] += 1
        print("%s: %s" % (kind.upper(), text), flush=True)

    def finished(self, what):
        with self.lock:
            self.done[what] = self.done.get(what, 0) + 1

    def at(self, name, state):
        """A life cycle stands here; it is stuck when it stands too long after a server came up."""
        with self.lock:
            known = self.progress.get(name)
            if known is None or known[0] != state:
                self.progress[name] = (state, time.monotonic(), threading.get_ident())

    def over(self, name):
        with self.lock:
            self.progress.pop(name, None)

    def abandon(self):
        """The calling life cycle failed within a round, which has been told already."""
        with self.lock:
            mine = [name for name, entry in self.progress.items() if entry[2] == threading.get_ident()]
            for name in mine:
                del self.progress[name]

    def standing(self, since, seconds):
        """Those that have not moved for so long, counted from a ready line at the earliest."""
        now = time.monotonic()
        with self.lock:
            return {name: state for name, (state, moved, _) in self.progress.items() if now - max(moved, since) > seconds}
