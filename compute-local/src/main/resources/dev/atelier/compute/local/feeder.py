"""Fills the FIFOs of one sandbox's channels, epoch after epoch, beside the sandbox and outside its mounts.

A reader takes the end of a FIFO's writers for the end of an epoch. So that this program's death is none, its keeper holds
every FIFO open, too, from before the first byte until all are written; when this program goes first, the keeper ends the
sandbox. One thread for each channel, standard library only.

Arguments: the keeper's socket, the folder of the FIFOs, the folder of the contents and their plan. Descriptor 1 is told
one line when the first FIFOs are there.
"""
import fcntl
import gzip
import json
import os
import random
import select
import socket
import stat
import struct
import sys
import threading

CHUNK = 1 << 20
MAGIC = 0xCED7230A
LONGEST_RECORD = (1 << 29) - 1
F_SETPIPE_SZ = 1031


class Keeper:
    """The keeper's side of every open FIFO."""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(path)
        self.lock = threading.Lock()
        self.count = 0

    def hold(self, fd):
        with self.lock:
            self.count += 1
            number = self.count
            socket.send_fds(self.sock, [b"hold %d\n" % number], [fd])
            if self.sock.recv(1) != b"k":
                os._exit(1)  # the keeper is gone, and with it the sandbox
            return number

    def done(self, number):
        with self.lock:
            self.sock.sendall(b"done %d\n" % number)

    def fail(self, why):
        with self.lock:
            self.sock.sendall(b"fail " + why.encode("utf-8", "replace").replace(b"\n", b" ") + b"\n")


def read_plan(path):
    feeds = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "feed" in row:
                feeds.append((row, []))
            else:
                feeds[-1][1].append(row["pieces"])
    return feeds


class Channel:
    def __init__(self, keeper, folder, contents, settings, entries):
        self.keeper, self.folder, self.contents = keeper, folder, contents
        self.name, self.record_io = settings["feed"], settings["recordIo"]
        self.settings, self.entries = settings, entries
        self.held = {}

    def fifo(self, epoch):
        return os.path.join(self.folder, "%s_%d" % (self.name, epoch))

    def make(self, epoch):
        """From here on the FIFO has a writer, so that nobody who opens it reads an end before there is one."""
        path = self.fifo(epoch)
        os.mkfifo(path, 0o644)
        os.chmod(path, 0o644)
        both = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        writer = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        self.held[epoch] = self.keeper.hold(writer)
        os.close(writer)
        os.close(both)

    def run(self):
        try:
            epoch = 0
            while True:
                self.feed(epoch)
                epoch += 1
        except BaseException as e:  # whatever it is, the epoch is not whole
            self.keeper.fail("the input of channel %s failed: %s" % (self.name, e))

    def feed(self, epoch):
        out = os.open(self.fifo(epoch), os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)  # returns when it is read
        if not stat.S_ISFIFO(os.fstat(out).st_mode):
            raise OSError("%s is no FIFO" % self.fifo(epoch))
        self.make(epoch + 1)
        try:
            fcntl.fcntl(out, F_SETPIPE_SZ, CHUNK)
        except OSError:
            pass  # the machine's users have as much of pipes as they may have: it goes slower
        try:
            for pieces in self.order(epoch):
                for piece in pieces:
                    self.write(out, piece)
        except BrokenPipeError:
            pass  # the program has read as much of this epoch as it wants
        os.unlink(self.fifo(epoch))
        self.keeper.done(self.held.pop(epoch))
        os.close(out)

    def order(self, epoch):
        entries = self.entries
        if self.settings["shuffled"]:
            entries = list(entries)
            random.Random("%d %d" % (self.settings["seed"], epoch)).shuffle(entries)
        return entries[self.settings["shard"]::self.settings["shards"]]

    def write(self, out, piece):
        if "text" in piece:
            data = piece["text"].encode()
            self.framed(out, len(data), [data])
            return
        path = os.path.join(self.contents, piece["file"])
        if not piece["gzip"]:
            with open(path, "rb", buffering=0) as source:
                self.framed(out, os.fstat(source.fileno()).st_size, chunks(source))
            return
        # its length is known only when it was read once
        size = sum(len(chunk) for chunk in unzipped(path)) if self.record_io else 0
        self.framed(out, size, unzipped(path))

    def framed(self, out, size, data):
        """https://mxnet.apache.org/versions/1.9.1/api/architecture/note_data_loading: magic, length, content, padding."""
        if self.record_io:
            if size > LONGEST_RECORD:
                raise ValueError("a record of RecordIO has at most %d bytes, and one would have %d" % (LONGEST_RECORD, size))
            write_all(out, struct.pack("<II", MAGIC, size))
        sent = 0
        for chunk in data:
            write_all(out, chunk)
            sent += len(chunk)
        if self.record_io:
            if sent != size:
                raise ValueError("%d bytes came where %d were to come" % (sent, size))
            write_all(out, b"\0" * (-size % 4))


def chunks(source):
    while True:
        chunk = source.read(CHUNK)
        if not chunk:
            return
        yield chunk


def unzipped(path):
    with gzip.open(path, "rb") as source:
        yield from chunks(source)


def write_all(out, data):
    view = memoryview(data)
    while view:
        view = view[os.write(out, view):]


def main(words):
    socket_path, folder, contents = words
    keeper = Keeper(socket_path)
    channels = [Channel(keeper, folder, contents, *feed) for feed in read_plan(os.path.join(contents, "plan"))]
    for channel in channels:
        channel.make(0)
        threading.Thread(target=channel.run, daemon=True).start()
    os.write(1, b"ready\n")
    os.close(1)
    gone = select.poll()
    gone.register(keeper.sock.fileno(), select.POLLHUP | select.POLLRDHUP)
    gone.poll()


if __name__ == "__main__":
    main(sys.argv[1:])
