"""One terminal: a shell on a pty, the end of what it wrote, and those who look at it.

What it writes goes to them as it is. What they send are records: kind (one byte), length (eight bytes, big-endian) and
content, which is input or a size (rows and columns, two bytes each). The shell writes no faster than the slowest who look
at it take; with nobody there it goes on, and all but the last KEPT bytes go.
"""

import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import termios
import threading
import time

import spool
from kernel import EXPENDABLE

INPUT, SIZE = range(2)
KEPT = 256 << 10
AHEAD = 128 << 10
PIECE = 64 << 10
LONGEST = 16 << 20
LOOK_AGAIN = 0.5
LAST_WORDS = 1.0


def shell():
    return next(path for path in ("/bin/bash", "/bin/sh") if os.path.exists(path))


class Reader:
    """Somebody who looks on."""

    def __init__(self, sock, offset):
        self.sock, self.offset, self.size, self.gone = sock, offset, None, False


class Terminal:
    def __init__(self, name, cwd, ended):
        """Starts a shell; `ended` is told when it is over."""
        self.name, self.ended = name, ended
        self.activity = time.time()
        self.changed = threading.Condition()
        self.kept = bytearray()
        self.start = 0
        self.readers = []
        self.over = False
        self.master, self.slave = pty.openpty()
        os.set_blocking(self.master, False)
        self.exited, self.exits = os.pipe()
        self.resize(24, 80)
        # who leads a session and opens a pty is controlled by it
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'exec "$1" <"$0" >"$0" 2>&1', os.ttyname(self.slave), shell()], start_new_session=True,
            cwd=cwd if os.path.isdir(cwd) else os.environ["HOME"], stdin=subprocess.DEVNULL,
            env={**os.environ, "TERM": "xterm-256color", "SHELL": shell()})
        try:
            with open("/proc/%d/oom_score_adj" % self.process.pid, "w") as file:
                file.write(EXPENDABLE)
        except OSError:
            pass  # it ended at once: seen below
        self.waiter = threading.Thread(target=self.wait, daemon=True)
        for each in (self.waiter, threading.Thread(target=self.live, daemon=True)):
            each.start()

    @property
    def end(self):
        return self.start + len(self.kept)

    def told(self):
        return {"name": self.name, "activity": self.activity}

    # --- what the shell writes ----------------------------------------------------------------------------------
    def wait(self):
        self.process.wait()
        os.write(self.exits, b".")

    def live(self):
        """Takes what the shell writes, until it has ended and that is taken; what it left running may write for ever."""
        late = 0
        while late < AHEAD:
            with self.changed:
                self.changed.wait_for(lambda: self.over or all(self.end - each.offset < AHEAD for each in self.readers))
            ready, _, _ = select.select([self.master, self.exited], [], [])
            if self.master not in ready or self.over:
                break
            piece = os.read(self.master, PIECE)
            late += len(piece) if self.exited in ready else 0
            with self.changed:
                self.activity = time.time()
                self.kept += piece
                self.trim()
                self.changed.notify_all()
        self.waiter.join()
        self.ended(self)
        with self.changed:
            self.over = True
            self.changed.notify_all()
            self.changed.wait_for(lambda: not self.readers)
        for each in (self.master, self.slave, self.exited, self.exits):
            os.close(each)

    def trim(self):
        keep = min([self.end - KEPT, *(each.offset for each in self.readers)])
        if keep > self.start:
            del self.kept[:keep - self.start]
            self.start = keep

    def beginning(self):
        """Where somebody new begins: at a line, when the beginning of all is not kept any more."""
        if self.start == 0:
            return 0
        line = self.kept.find(b"\n", max(0, len(self.kept) - KEPT))
        return self.end if line < 0 else self.start + line + 1

    # --- connections --------------------------------------------------------------------------------------------
    def attach(self, sock, lines):
        """Joins a connection with the shell, until either ends."""
        with self.changed:
            reader = Reader(sock, self.beginning())
            self.readers.append(reader)
        writer = threading.Thread(target=self.write, args=(reader,), daemon=True)
        writer.start()
        try:
            while self.take(lines, reader):
                pass
        finally:
            with self.changed:
                reader.gone = True
                self.changed.notify_all()
            hang_up(sock)
            writer.join()
            with self.changed:
                self.readers.remove(reader)
                self.fit()
                self.changed.notify_all()

    def write(self, reader):
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.over or reader.gone or self.end > reader.offset)
                at = reader.offset - self.start
                piece = bytes(self.kept[at:at + PIECE])
            if reader.gone or not piece:
                break
            try:
                reader.sock.sendall(piece)
            except OSError:
                break
            with self.changed:
                reader.offset += len(piece)
                self.changed.notify_all()
        hang_up(reader.sock)

    def take(self, lines, reader):
        """Takes a record; false when there are no more."""
        head = lines.read(spool.HEAD.size)
        kind, size = spool.HEAD.unpack(head) if len(head) == spool.HEAD.size else (None, 0)
        content = lines.read(size) if size <= LONGEST else b""
        if kind is None or len(content) < size:
            return False
        if kind == INPUT:
            self.activity = time.time()
            self.type(content)
        elif kind == SIZE:
            with self.changed:
                reader.size = struct.unpack(">HH", content)
                self.fit()
        return True

    def type(self, content):
        """Waits while the program in the terminal takes nothing."""
        while content and not self.over:
            if select.select([], [self.master], [], LOOK_AGAIN)[1]:
                try:
                    content = content[os.write(self.master, content):]
                except BlockingIOError:
                    continue

    def fit(self):
        """The shell has as much room as who looks at it through the smallest window."""
        sizes = [each.size for each in self.readers if each.size]
        if sizes and not self.over:
            self.resize(min(rows for rows, _ in sizes), min(columns for _, columns in sizes))

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # --- the end ------------------------------------------------------------------------------------------------
    def stop(self):
        """Ends the shell as when a terminal's window is closed: it passes that on to what it started."""
        with self.changed:
            self.over = True
            self.changed.notify_all()
        for number in (signal.SIGHUP, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(LAST_WORDS)
                return
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue


def hang_up(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other end was first
