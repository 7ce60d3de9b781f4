"""What keeps a kernel's messages beside it: the record on disk, and where messages end on the wire."""

import os
import random
import socket
import sys
import threading

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
