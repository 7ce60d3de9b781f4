"""When a sandbox's log had which length, for who reads it later: a line does not say when it was written.

The file holds pairs of 64-bit numbers of the machine's byte order, bytes of the log and milliseconds since 1970, of
which none is ever wrong; one may be there twice. A byte was written at the time of the first pair that counts it.
"""
import array
import os
import time

EVERY = 1.0
# of a log that grows all the time: an hour by the second, a day by two minutes
MOST = 16384


class LogTimes:
    def __init__(self, log, file, after, most=MOST):
        """Descriptors of the log and of its times; `after` calls something in so many seconds."""
        self.log, self.file, self.after, self.most = log, file, after, most
        self.sizes, self.millis = array.array("q"), array.array("q")
        self.kept = 0
        self.waiting = False

    def grew(self):
        if not self.waiting:
            self.waiting = True
            self.after(EVERY, self.end)

    def end(self):
        """Notes what has not been noted yet."""
        if self.waiting:
            self.waiting = False
            self.note(os.fstat(self.log).st_size, int(time.time() * 1000))

    def note(self, size, millis):
        self.sizes.append(size)
        self.millis.append(millis)
        if len(self.sizes) > self.most:
            self.thin()
        pairs = array.array("q")
        for pair in zip(self.sizes[self.kept:], self.millis[self.kept:]):
            pairs.extend(pair)
        try:
            self.kept += os.pwrite(self.file, pairs, self.kept * 16) // 16
        except OSError:
            pass  # the server's own disk is full: told the next time

    def thin(self):
        """Leaves three quarters at most: of long ago as few as their age allows to, by parts of it."""
        room = self.most * 3 // 4
        for part in (self.most // 8, self.most // 16, self.most // 32):
            if len(self.sizes) > room:
                self.thin_to(part)
        del self.sizes[:-room], self.millis[:-room]
        self.kept = 0

    def thin_to(self, part):
        now = last = self.millis[-1]
        chosen = [len(self.millis) - 1]
        for i in range(len(self.millis) - 2, -1, -1):
            if (last - self.millis[i]) * part >= now - self.millis[i]:
                last = self.millis[i]
                chosen.append(i)
        chosen.reverse()
        self.sizes = array.array("q", [self.sizes[i] for i in chosen])
        self.millis = array.array("q", [self.millis[i] for i in chosen])
