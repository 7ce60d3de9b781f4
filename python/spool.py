"""What a kernel said, on disk, in the order in which it came, for as many readers as like from wherever they were.

A record is its kind (one byte), the length of its content (eight bytes, big-endian) and the content. The oldest records
go when there are more than LIMIT bytes, or the disk has little room; a reader that was there is told where it goes on, by a
record of kind CUT. While the disk has none, what comes is kept in memory, the last HELD bytes, until it can be written.
"""

import errno
import os
import socket
import struct
import threading
import time

from lifecycle import say

# the first four are the channels of Jupyter's messages
SHELL, IOPUB, STDIN, CONTROL, EVENT, CUT = range(6)
HEAD = struct.Struct(">BQ")
SEGMENT = 64 << 20
LIMIT = 1 << 30
PIECES = 512
HELD = 8 << 20
HELD_SEGMENT = 1 << 20
ROOM = 2 * HELD
TRY_AGAIN = 1.0
GONE_SECONDS = 5


def gone(sock):
    """Whether the reader closed its end."""
    try:
        return not sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


def full(failure):
    return failure.errno in (errno.ENOSPC, errno.EDQUOT)


def together(kind, contents):
    """Records of a kind, as many together as may be written at once."""
    pieces, size = [], 0
    for content in contents:
        pieces += [HEAD.pack(kind, len(content)), content]
        size += len(content)
        if len(pieces) >= PIECES or size >= HELD_SEGMENT:
            yield pieces
            pieces, size = [], 0
    if pieces:
        yield pieces


class Segment:
    """A part of the record: a file, or bytes in memory for which there is none."""

    def __init__(self, begin, path=None):
        self.begin = begin
        self.path = path
        self.held = bytearray()

    def drop(self):
        if self.path:
            os.unlink(self.path)


class Spool:
    def __init__(self, folder):
        os.makedirs(folder, 0o700, exist_ok=True)
        self.folder = folder
        self.changed = threading.Condition()
        self.segments = []
        self.end = 0
        self.closed = False
        self.file = None        # the last segment's, unless that is in memory
        self.held = 0
        self.again = 0.0        # when the disk is tried again
        self.told = False
        self.begin()

    @property
    def start(self):
        return self.segments[0].begin

    def begin(self):
        """Begins the next segment: in a file, or in memory when the disk is full."""
        path = os.path.join(self.folder, "%020d" % self.end)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as e:
            if not full(e):
                raise
            self.begin_held()
            return
        self.leave_file()
        self.file = file
        self.segments.append(Segment(self.end, path))
        while len(self.segments) > 1 and (self.end - self.start > LIMIT or self.room() < SEGMENT):
            self.segments.pop(0).drop()

    def room(self):
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize

    def leave_file(self):
        if self.file is not None:
            os.close(self.file)
            self.file = None

    def append(self, kind, contents):
        with self.changed:
            if self.closed:
                return      # the file's number may be another file's by now
            if self.file is None and time.monotonic() > self.again:
                self.write_held()
            for pieces in together(kind, contents):
                self.write(pieces)
                if self.file is not None and self.end - self.segments[-1].begin > SEGMENT:
                    self.begin()
            self.changed.notify_all()

    def write(self, pieces):
        """Writes records; the oldest go where there is no room, and when those were not enough nothing waits for it."""
        while self.file is not None:
            try:
                self.write_file(pieces)
                return
            except OSError as e:
                if not full(e):
                    raise
                # who reads sees whole records alone
                os.ftruncate(self.file, self.end - self.segments[-1].begin)
            if len(self.segments) > 1:
                self.segments.pop(0).drop()
            else:
                self.begin_held()
        self.hold(pieces)

    def write_file(self, pieces):
        size = sum(len(piece) for piece in pieces)
        done = os.writev(self.file, pieces)
        if done < size:
            left = memoryview(b"".join(pieces))[done:]
            while left:
                left = left[os.write(self.file, left):]
        self.end += size

    # --- without a disk ---------------------------------------------------------------------------------------
    def begin_held(self):
        self.leave_file()
        self.again = time.monotonic() + TRY_AGAIN
        if self.segments and self.segments[-1].begin == self.end:
            self.segments.pop().drop()
        self.segments.append(Segment(self.end))
        if not self.told:
            self.told = True
            # a log on the same disk may keep who writes to it waiting
            threading.Thread(target=say, args=(
                "the disk is full: what kernels say is shown, but only the last of it is kept until there is room",),
                daemon=True).start()

    def hold(self, pieces):
        if self.end - self.segments[-1].begin > HELD_SEGMENT:
            self.segments.append(Segment(self.end))
        before = len(self.segments[-1].held)
        for piece in pieces:
            self.segments[-1].held += piece
        size = len(self.segments[-1].held) - before
        self.end += size
        self.held += size
        while self.held > HELD:
            oldest = self.segments.pop(0)
            self.held -= len(oldest.held)
            oldest.drop()
        if not self.segments:
            self.segments.append(Segment(self.end))

    def write_held(self):
        """Writes what is in memory, when there is room for it by now; then all goes on as before."""
        self.again = time.monotonic() + TRY_AGAIN
        if self.room() < ROOM:
            return
        held = [segment for segment in self.segments if not segment.path]
        path = os.path.join(self.folder, "%020d" % held[0].begin)
        try:
            self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            for segment in held:
                left = memoryview(segment.held)
                while left:
                    left = left[os.write(self.file, left):]
        except OSError as e:
            if not full(e):
                raise
            self.leave_file()
            if os.path.exists(path):
                os.unlink(path)
            return
        self.segments = [segment for segment in self.segments if segment.path] + [Segment(held[0].begin, path)]
        self.held = 0
        self.told = False

    # --- readers ----------------------------------------------------------------------------------------------
    def follow(self, offset, sock):
        """Sends records to a socket from an offset on, which must be where one begins, until either is closed."""
        while True:
            with self.changed:
                while offset >= self.end and not self.closed:
                    if not self.changed.wait(GONE_SECONDS) and gone(sock):
                        return
                if self.closed:
                    return
                cut = offset < self.start
                if cut:
                    offset = self.start
                segment = [each for each in self.segments if each.begin <= offset][-1]
                end = next((each.begin for each in self.segments if each.begin > segment.begin), self.end)
                held = bytes(segment.held[offset - segment.begin:])
                source = os.open(segment.path, os.O_RDONLY) if segment.path else None
            try:
                if cut:
                    sock.sendall(HEAD.pack(CUT, 8) + struct.pack(">Q", offset))
                if source is None:
                    sock.sendall(held)
                    offset = end
                while offset < end:
                    sent = os.sendfile(sock.fileno(), source, offset - segment.begin, end - offset)
                    if not sent:
                        return
                    offset += sent
            finally:
                if source is not None:
                    os.close(source)

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
            self.leave_file()
            for segment in self.segments:
                segment.drop()
            os.rmdir(self.folder)
