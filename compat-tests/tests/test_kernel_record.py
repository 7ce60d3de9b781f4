"""What keeps a kernel's messages beside it: the record on disk, and where messages end on the wire."""

import errno
import os
import queue
import random
import socket
import sys
import threading
import types

import pytest

from server import HOME

sys.path.insert(0, os.path.join(HOME, "python"))

import spool  # noqa: E402
import zmtp  # noqa: E402


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "SEGMENT", 1000)
    monkeypatch.setattr(spool, "LIMIT", 5000)
    made = spool.Spool(str(tmp_path / "spool"))
    yield made
    if not made.closed:
        made.close()


def follow(record, offset):
    ours, theirs = socket.socketpair()
    threading.Thread(target=lambda: (record.follow(offset, theirs), theirs.close()), daemon=True).start()
    return ours.makefile("rb")


def entry(stream):
    kind, size = spool.HEAD.unpack(stream.read(spool.HEAD.size))
    return kind, stream.read(size)


def test_readers_go_on_from_where_they_were(record):
    record.append(spool.IOPUB, [b"one", b"two"])
    first = follow(record, 0)
    assert entry(first) == (spool.IOPUB, b"one")
    later = record.end
    record.append(spool.SHELL, [b"three"])
    assert [entry(first), entry(first)] == [(spool.IOPUB, b"two"), (spool.SHELL, b"three")]
    second = follow(record, later)
    record.append(spool.EVENT, [b"{}"])
    assert [entry(second), entry(second)] == [(spool.SHELL, b"three"), (spool.EVENT, b"{}")]
    assert entry(first) == (spool.EVENT, b"{}")
    record.close()
    assert first.read() == b""


def test_the_oldest_goes_and_its_reader_is_told(record):
    for number in range(200):
        record.append(spool.IOPUB, [b"%091d" % number])
    assert spool.LIMIT - 2 * spool.SEGMENT <= record.end - record.start <= spool.LIMIT + 2 * spool.SEGMENT
    assert len(os.listdir(record.folder)) == len(record.segments)
    late = follow(record, 0)
    kind, to = entry(late)
    assert kind == spool.CUT and int.from_bytes(to, "big") == record.start
    assert entry(late) == (spool.IOPUB, b"%091d" % (record.start // 100))


class Disk:
    """A disk with room for so many bytes in a folder; a write that begins within them is cut off at their end."""

    def __init__(self, monkeypatch, folder, size):
        self.folder, self.size, self.write_file = folder, size, os.write
        monkeypatch.setattr(spool.os, "write", lambda file, data: self.write(file, bytes(data)))
        monkeypatch.setattr(spool.os, "writev", lambda file, parts: self.write(file, b"".join(parts)))
        monkeypatch.setattr(spool.os, "statvfs", lambda _: types.SimpleNamespace(f_bavail=self.left(), f_frsize=1))

    def left(self):
        return self.size - sum(os.stat(os.path.join(self.folder, name)).st_size for name in os.listdir(self.folder))

    def write(self, file, data):
        if self.left() <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.write_file(file, data[:self.left()])


@pytest.fixture
def said(monkeypatch):
    lines = queue.Queue()
    monkeypatch.setattr(spool, "say", lines.put)
    monkeypatch.setattr(spool, "HELD", 1000)
    monkeypatch.setattr(spool, "HELD_SEGMENT", 200)
    monkeypatch.setattr(spool, "ROOM", 2000)
    monkeypatch.setattr(spool, "TRY_AGAIN", -1)
    return lines


def numbers(stream, last):
    """The numbers that come until the last one, and how often something was cut."""
    got, cuts = [], 0
    while not got or got[-1] != last:
        kind, content = entry(stream)
        if kind == spool.CUT:
            cuts += 1
        else:
            got.append(int(content))
    return got, cuts


def test_on_a_full_disk_the_oldest_goes_first(record, monkeypatch, said):
    Disk(monkeypatch, record.folder, 3050)
    for number in range(100):
        record.append(spool.IOPUB, [b"%091d" % number])
    assert record.file is not None and said.empty()
    kept, cuts = numbers(follow(record, 0), 99)
    assert cuts == 1 and kept == list(range(kept[0], 100)) and len(kept) >= 10


def test_without_any_room_readers_still_hear_all_and_it_is_kept_when_there_is_some(record, monkeypatch, said):
    disk = Disk(monkeypatch, record.folder, 250)
    reader = follow(record, 0)
    for number in range(100):
        record.append(spool.IOPUB, [b"%091d" % number])
        assert entry(reader) == (spool.IOPUB, b"%091d" % number)
    assert record.file is None and record.held <= 1000 and len(os.listdir(record.folder)) == 0
    kept, cuts = numbers(follow(record, 0), 99)
    assert cuts == 1 and kept == list(range(kept[0], 100)) and len(kept) >= 7
    assert "disk is full" in said.get(timeout=30) and said.empty()
    disk.size = 1 << 20
    record.append(spool.IOPUB, [b"%091d" % 100])
    assert record.file is not None and record.held == 0
    assert numbers(follow(record, record.start), 100) == ([*kept, 100], 0)
    assert entry(reader) == (spool.IOPUB, b"%091d" % 100)


def test_what_does_not_fit_into_memory_is_passed_over(record, monkeypatch, said):
    Disk(monkeypatch, record.folder, 0)
    record.append(spool.IOPUB, [b"x" * 5000])
    record.append(spool.IOPUB, [b"1"])
    assert numbers(follow(record, 0), 1) == ([1], 1)


def test_messages_end_where_their_frames_do():
    seed = random.randrange(1 << 30)
    print("seed", seed)
    chance = random.Random(seed)
    sent = [[chance.randbytes(chance.choice((0, 5, 255, 256, 5000))) for _ in range(chance.randint(1, 6))]
            for _ in range(300)]
    wire = b"".join(zmtp.message(frames) for frames in sent)
    assert zmtp.end_of(wire, 0, 1) == 0
    at, ends = 0, []
    while at < len(wire):
        at = zmtp.end_of(wire, at, len(wire))
        ends.append(at)
    assert len(ends) == len(sent)
    ours, theirs = socket.socketpair()
    got = []

    def write():
        left = memoryview(wire)
        while left:
            size = chance.randint(1, 70_000)
            theirs.sendall(left[:size])
            left = left[size:]
        theirs.close()

    threading.Thread(target=write, daemon=True).start()
    zmtp.pump(ours, lambda messages: got.extend(bytes(each) for each in messages))
    assert got == [zmtp.message(frames) for frames in sent]
