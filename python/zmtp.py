"""ZMTP 3.0 as a client of a kernel's sockets: the handshake, and where messages end. Source: RFC 23/ZMTP of ZeroMQ.

Standard library alone: an image needs no more than ipykernel.
"""

import socket
import struct

MORE, LONG, COMMAND = 1, 2, 4
CHUNK = 1 << 20
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)


class NotZmtp(Exception):
    """The peer speaks something else."""


def frame(body, flags=0):
    if len(body) > 255:
        return bytes([flags | LONG]) + struct.pack(">Q", len(body)) + body
    return bytes([flags, len(body)]) + body


def message(frames):
    """The bytes of a message of several frames."""
    return b"".join(frame(each, MORE if at + 1 < len(frames) else 0) for at, each in enumerate(frames))


def end_of(buffer, at, have):
    """Where the message ends that begins at `at`; 0 when it is not there whole among the first `have` bytes."""
    while True:
        if at + 2 > have:
            return 0
        flags = buffer[at]
        if flags & LONG:
            if at + 9 > have:
                return 0
            at += 9 + struct.unpack_from(">Q", buffer, at + 1)[0]
        else:
            at += 2 + buffer[at + 1]
        if at > have:
            return 0
        if not flags & MORE:
            return at


def exactly(sock, size):
    parts = bytearray()
    while len(parts) < size:
        part = sock.recv(size - len(parts))
        if not part:
            raise NotZmtp("the peer is gone")
        parts += part
    return bytes(parts)


def ready(kind, identity):
    def named(name, value):
        return bytes([len(name)]) + name + struct.pack(">I", len(value)) + value
    return frame(b"\5READY" + named(b"Socket-Type", kind) + named(b"Identity", identity), COMMAND)


def connect(path, kind, identity):
    """A socket that shook hands; `kind` is b"DEALER" or b"SUB", the latter for everything that is published."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(path)
        sock.sendall(GREETING)
        theirs = exactly(sock, len(GREETING))
        if theirs[0] != 0xff or theirs[9] != 0x7f or theirs[10] < 3 or theirs[12:32] != GREETING[12:32]:
            raise NotZmtp("no ZMTP 3 without security")
        sock.sendall(ready(kind, identity))
        head = exactly(sock, 2)
        if exactly(sock, head[1])[:6] != b"\5READY":
            raise NotZmtp("the peer is not ready")
        if kind == b"SUB":
            sock.sendall(frame(b"\1"))
        return sock
    except BaseException:
        sock.close()
        raise


def pump(sock, take):
    """Hands over messages as they come, as lists of views that are good until `take` returns, until the peer is gone."""
    buffer, have = bytearray(CHUNK), 0
    while True:
        if have == len(buffer):
            buffer += bytes(len(buffer))
        with memoryview(buffer) as room:
            try:
                got = sock.recv_into(room[have:])
            except OSError:
                return
        if not got:
            return
        have += got
        at = 0
        with memoryview(buffer) as view:
            whole = []
            end = end_of(buffer, at, have)
            while end:
                if not buffer[at] & COMMAND:
                    whole.append(view[at:end])
                at = end
                end = end_of(buffer, at, have)
            if whole:
                take(whole)
            for each in whole:
                each.release()
        if at:
            # not each time: a message of hundreds of megabytes comes in thousands of pieces
            buffer[:have - at] = buffer[at:have]
            have -= at
        if len(buffer) > CHUNK and have < CHUNK // 2:
            del buffer[CHUNK:]
