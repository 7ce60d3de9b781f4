"""What a kernel said, on disk, in the order in which it came, for as many readers as like from wherever they were.

A record is its kind (one byte), the length of its content (eight bytes, big-endian) and the content. The oldest records
go when there are more than LIMIT bytes; a reader that was there is told where it goes on, by a record of kind CUT.
"""

import errno
import os
import socket
import struct
import threading
import time

# the first four are the channels of Jupyter's messages
SHELL, IOPUB, STDIN, CONTROL, EVENT, CUT = range(6)
HEAD = struct.Struct(">BQ")
SEGMENT = 64 << 20
LIMIT = 1 << 30
PIECES = 512
GONE_SECONDS = 5


def gone(sock):
    """Whether the reader closed its end."""
    try:
        return not sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


class Spool:
    def __init__(self, folder):
        os.makedirs(folder, 0o700)
        self.folder = folder
        self.changed = threading.Condition()
        self.segments = []      # where each begins, and its file
        self.end = 0
        self.closed = False
        self.file = None
        self.begin()

    @property
    def start(self):
        return self.segments[0][0]

    def begin(self):
        if self.file is not None:
            os.close(self.file)
        path = os.path.join(self.folder, "%020d" % self.end)
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.segments.append((self.end, path))
        while self.end - self.start > LIMIT and len(self.segments) > 1:
            os.unlink(self.segments.pop(0)[1])

    def append(self, kind, contents):
        pieces = []
        for content in contents:
            pieces += [HEAD.pack(kind, len(content)), content]
        with self.changed:
            if self.closed:
                return      # the file's number may be another file's by now
            for at in range(0, len(pieces), PIECES):
                self.write(pieces[at:at + PIECES])
            if self.end - self.segments[-1][0] > SEGMENT:
                self.begin()
            self.changed.notify_all()

    def write(self, pieces):
        size = sum(len(piece) for piece in pieces)
        done = 0
        while done < size:
            try:
                if not done:
                    done = os.writev(self.file, pieces)
                else:
                    done += os.write(self.file, memoryview(b"".join(pieces))[done:])
            except OSError as e:
                if e.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                time.sleep(0.5)     # the kernel waits, and who follows it: room may be made
        self.end += size

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
                begin, path = [segment for segment in self.segments if segment[0] <= offset][-1]
                end = next((start for start, _ in self.segments if start > begin), self.end)
                source = os.open(path, os.O_RDONLY)
            try:
                if cut:
                    sock.sendall(HEAD.pack(CUT, 8) + struct.pack(">Q", offset))
                while offset < end:
                    sent = os.sendfile(sock.fileno(), source, offset - begin, end - offset)
                    if not sent:
                        return
                    offset += sent
            finally:
                os.close(source)

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
            os.close(self.file)
            for _, path in self.segments:
                os.unlink(path)
            os.rmdir(self.folder)
