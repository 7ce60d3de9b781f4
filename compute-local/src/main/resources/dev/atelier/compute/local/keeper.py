"""Stays beside one sandbox, in its network but outside its mounts, until it ended.

Copies the sandbox's output to the log, carries connections between unix sockets of the server and TCP ports of the
sandbox, ends a sandbox that no server watches any more or that fills its disk, and tells the server by closing
`keeper.sock` that all is over. One thread, no child process, standard library only.

Arguments: socket folder, pid of the outer bwrap (0: no sandbox, only hold the network), TCP port of the API inside
(0: none), service port (0: none), seconds without a server until the end, bytes on disk (0: no limit), 1 where a feeder
fills FIFOs of the sandbox, then the folders that are counted. Descriptors: 0 the sandbox's output, 1 told one line when
ready, 3 the log, 4 bwrap's status, 5 is told the bytes on disk whenever they were counted, 6 the log's times.
"""
import errno
import heapq
import itertools
import json
import os
import selectors
import signal
import socket
import stat
import sys
import time

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from log_times import LogTimes  # noqa: E402

CHUNK = 1 << 16
HELD = 1 << 18
API_PATIENCE = 60.0
RETRY = 0.1
# SDKs give the credentials address 1 or 2 s and few tries, which no setting changes
ASSURE = 0.5
CREDENTIALS = b"GET /atelier/credentials"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_WORDS = 0.25
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class End:
    """One side of a relayed connection; `out` waits to be written to it."""

    def __init__(self, sock):
        self.sock = sock
        self.out = bytearray()
        self.peer = None
        self.connecting = False
        self.heard = False      # it has sent something
        self.first = b""        # when that asks for credentials
        self.ended = False      # it will send no more
        self.closing = False    # nothing more comes for it once `out` is written
        self.events = 0         # what the selector watches
        self.shut = False

    def wants(self):
        events = 0
        if self.connecting:
            return WRITE
        if not self.ended and not self.peer.connecting and len(self.peer.out) < HELD:
            events |= READ
        if self.out or (self.closing and not self.shut):
            events |= WRITE
        return events


class Api:
    """A connection to the API, from before it leads there."""

    def __init__(self, near):
        self.near = near
        self.end = None


class Keeper:
    def __init__(self, folder, pid, api_port, service_port, orphan_after, disk_limit, feeds, folders):
        self.folder, self.pid, self.api_port, self.service_port = folder, pid, api_port, service_port
        self.orphan_after, self.disk_limit, self.folders = orphan_after, disk_limit, folders
        self.feeds, self.held, self.fed = feeds, {}, bytearray()
        self.selector = selectors.DefaultSelector()
        self.timers, self.order = [], itertools.count()
        self.relays = set()
        self.servers = 0
        self.alone_since = time.monotonic()
        self.gone = pid == 0
        self.drained = pid == 0
        self.unlogged = bytearray()
        self.log_full = False
        self.times = LogTimes(3, 6, self.after)
        self.buffer = memoryview(bytearray(HELD))

    # --- set-up -----------------------------------------------------------------------------------------------
    def listen_unix(self, name, accept):
        path = os.path.join(self.folder, name)
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass  # the usual case: a first start
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.bind(path)
        os.chmod(path, 0o600)
        self.listen(sock, accept)

    def listen(self, sock, accept):
        sock.listen(256)
        sock.setblocking(False)
        self.selector.register(sock, READ, lambda events: self.accept(sock, accept))

    def accept(self, sock, then):
        try:
            near, _ = sock.accept()
        except OSError as e:
            if e.errno in (errno.EMFILE, errno.ENFILE):
                self.selector.unregister(sock)
                self.after(RETRY, lambda: self.selector.register(sock, READ, lambda ev: self.accept(sock, then)))
            return
        near.setblocking(False)
        then(near)

    def open(self):
        self.listen_unix("keeper.sock", self.server_came)
        if self.service_port:
            self.listen_unix("service.sock", self.to_service)
        if self.feeds:
            self.listen_unix("feeder.sock", self.feeder_came)
        if self.api_port:
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", self.api_port))
            self.listen(sock, self.to_api)
        if self.pid:
            self.selector.register(os.pidfd_open(self.pid), READ, self.sandbox_gone)
            os.set_blocking(0, False)
            self.selector.register(0, READ, self.copy_output)
            if self.disk_limit:
                self.after(1.0, self.check_disk)
        self.after(min(60.0, self.orphan_after), self.check_orphan)

    def after(self, seconds, action):
        heapq.heappush(self.timers, (time.monotonic() + seconds, next(self.order), action))

    # --- the sandbox ------------------------------------------------------------------------------------------
    def copy_output(self, _events):
        try:
            data = os.read(0, CHUNK)
        except BlockingIOError:
            return
        if not data:
            self.drained = True
            self.selector.unregister(0)
            return
        self.write_log(data)

    def write_log(self, data):
        self.unlogged += data
        if not self.log_full:
            self.flush_log()

    def flush_log(self):
        try:
            while self.unlogged:
                del self.unlogged[:os.write(3, self.unlogged)]
                self.times.grew()
        except OSError as e:
            if e.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            # the program waits at its full pipe, nobody else does; nothing is lost when there is room again in its time
            self.log_full = True
            self.after(1.0, self.retry_log)
        if 0 in self.selector.get_map() and self.log_full:
            self.selector.unregister(0)

    def retry_log(self):
        self.log_full = False
        self.flush_log()
        if not self.log_full and not self.drained and 0 not in self.selector.get_map():
            self.selector.register(0, READ, self.copy_output)

    def sandbox_gone(self, _events):
        for key in list(self.selector.get_map().values()):
            if key.data == self.sandbox_gone:
                self.selector.unregister(key.fileobj)
        self.gone = True
        self.kill_init()
        self.after(5.0, self.stop_waiting)

    def stop_waiting(self):
        self.drained = True

    def init_pid(self):
        for line in os.pread(4, 4096, 0).splitlines():
            try:
                return int(json.loads(line)["child-pid"])
            except (ValueError, KeyError):
                continue
        return 0

    def kill_init(self):
        pid = self.init_pid()
        if not pid:
            return
        try:
            with open("/proc/%d/status" % pid) as status:
                spaces = [line.split()[1:] for line in status if line.startswith("NSpid:")]
            if spaces and len(spaces[0]) > 1 and spaces[0][-1] == "1":
                os.kill(pid, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            pass  # it ended by itself

    def end_sandbox(self, why):
        if self.pid and not self.gone:
            self.write_log(("atelier: %s; the host was ended\n" % why).encode())
            if self.init_pid():
                self.kill_init()
            else:
                os.kill(self.pid, signal.SIGKILL)

    # --- the server -------------------------------------------------------------------------------------------
    def server_came(self, sock):
        self.servers += 1
        self.selector.register(sock, READ, lambda events: self.server_said(sock))

    def server_said(self, sock):
        try:
            if sock.recv(CHUNK):
                return
        except BlockingIOError:
            return
        except OSError:
            pass  # reset is as good as closed
        self.selector.unregister(sock)
        sock.close()
        self.servers -= 1
        self.alone_since = time.monotonic()

    def check_orphan(self):
        if self.servers == 0:
            left = self.alone_since + self.orphan_after - time.monotonic()
            if left <= 0:
                if not self.pid:
                    sys.exit(0)
                self.end_sandbox("no server watched it for %d s" % self.orphan_after)
                return
            self.after(min(60.0, left), self.check_orphan)
        else:
            self.after(min(60.0, self.orphan_after), self.check_orphan)

    # --- the feeder -------------------------------------------------------------------------------------------
    def feeder_came(self, sock):
        self.selector.register(sock, READ, lambda events: self.feeder_said(sock))

    def feeder_said(self, sock):
        """Its FIFOs are held open here, too: without that its death would be the end of an epoch to whoever reads."""
        try:
            data, fds, _, _ = socket.recv_fds(sock, CHUNK, 16)
        except BlockingIOError:
            return
        except OSError:
            data, fds = b"", []
        if not data:
            self.selector.unregister(sock)
            sock.close()
            self.end_sandbox("No input: the feeder of its channels was ended")
            return
        self.fed += data
        while b"\n" in self.fed:
            line, _, rest = self.fed.partition(b"\n")
            self.fed = bytearray(rest)
            word, _, said = bytes(line).partition(b" ")
            if word == b"hold":
                self.held[said] = fds.pop(0)
                sock.send(b"k")
            elif word == b"done":
                os.close(self.held.pop(said))
            else:
                self.end_sandbox(said.decode("utf-8", "replace"))

    # --- the disk ---------------------------------------------------------------------------------------------
    def check_disk(self):
        began = time.monotonic()
        used = os.fstat(3).st_size
        for folder in self.folders:
            used += self.size_of(folder)
            if used > self.disk_limit:
                break
        if used > self.disk_limit:
            self.end_sandbox("No space left: the writable folders passed the limit of %d bytes" % self.disk_limit)
            return
        try:
            os.pwrite(5, b"%020d" % used, 0)
        except OSError:
            pass  # the server's own disk is full: told the next time
        self.after(max(2.0, 20 * (time.monotonic() - began)), self.check_disk)

    def size_of(self, top):
        total, waiting = 0, [top]
        while waiting and total <= self.disk_limit:
            folder = waiting.pop()
            try:
                entries = os.scandir(folder)
            except PermissionError:
                if not self.opened(folder):
                    continue
                entries = os.scandir(folder)
            except OSError:
                continue  # removed meanwhile, or not a folder any more
            with entries:
                for entry in entries:
                    try:
                        found = entry.stat(follow_symlinks=False)
                    except OSError:
                        continue  # removed meanwhile
                    total += found.st_blocks * 512 // max(1, found.st_nlink if stat.S_ISREG(found.st_mode) else 1)
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append(entry.path)
        return total

    def opened(self, folder):
        """A folder cannot be kept from the count by its mode."""
        try:
            mode = os.lstat(folder).st_mode
            if stat.S_ISDIR(mode) and not mode & stat.S_IRUSR:
                os.chmod(folder, stat.S_IMODE(mode) | 0o500)
                return True
        except OSError:
            pass  # changed meanwhile: counted the next time
        return False

    # --- connections ------------------------------------------------------------------------------------------
    def to_service(self, near):
        far = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.join(near, far, ("127.0.0.1", self.service_port))

    def to_api(self, near):
        near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        until = time.monotonic() + API_PATIENCE
        api = Api(near)
        self.after(ASSURE, lambda: self.assure(api, until))
        self.dial_api(api, until)

    def dial_api(self, api, until):
        if api.near.fileno() < 0:
            return  # whoever asked has gone
        far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        far.setblocking(False)
        try:
            far.connect(os.path.join(self.folder, "api.sock"))
        except OSError:
            far.close()
            if time.monotonic() > until:
                api.near.close()
            else:
                self.after(RETRY, lambda: self.dial_api(api, until))
            return
        api.end = self.join(api.near, far, None)

    def assure(self, api, until):
        """Tells who waits for credentials that their answer will come, in HTTP's words, until it begins to come."""
        if api.near.fileno() < 0 or api.end and api.end.peer.heard or time.monotonic() > until:
            return
        try:
            asked = api.end.first if api.end else api.near.recv(CHUNK, socket.MSG_PEEK)
            if asked.startswith(CREDENTIALS) and b"\r\n\r\n" in asked:
                api.near.send(CONTINUE)
            if not asked and not api.end:
                api.near.close()
                return
        except BlockingIOError:
            pass  # nothing asked yet, or it does not read
        except OSError:
            if not api.end:
                api.near.close()
            return
        self.after(ASSURE, lambda: self.assure(api, until))

    def join(self, near, far, address):
        far.setblocking(False)
        a, b = End(near), End(far)
        a.peer, b.peer = b, a
        if address:
            result = far.connect_ex(address)
            if result not in (0, errno.EINPROGRESS):
                near.close()
                far.close()
                return a
            b.connecting = result != 0
        self.relays.add(a)
        self.renew(a)
        return a

    def renew(self, end):
        for each in (end, end.peer):
            events = each.wants()
            if events == each.events:
                continue
            action = (lambda e: lambda ev: self.moved(e, ev))(each)
            if events and each.events:
                self.selector.modify(each.sock, events, action)
            elif events:
                self.selector.register(each.sock, events, action)
            else:
                self.selector.unregister(each.sock)
            each.events = events

    def moved(self, end, events):
        if end.sock.fileno() < 0:
            return  # closed by an earlier event of the same round
        try:
            if end.connecting:
                problem = end.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if problem:
                    raise OSError(problem, "connect")
                end.connecting = False
            if events & READ:
                self.read(end)
            for each in (end, end.peer):
                self.write(each)
        except OSError:
            self.close(end)
            return
        if end.ended and end.peer.ended and end.shut and end.peer.shut:
            self.close(end)
        else:
            self.renew(end)

    def read(self, end):
        try:
            size = end.sock.recv_into(self.buffer)
        except BlockingIOError:
            return
        if size:
            data = self.buffer[:size]
            if not end.heard and data[:len(CREDENTIALS)] == CREDENTIALS:
                end.first = bytes(data)
            end.heard = True
            end.peer.out += data[self.sent_at_once(end.peer, data):]
        else:
            end.ended = True
            end.peer.closing = True

    def sent_at_once(self, end, data):
        """How much of what has just come could be passed on without being kept."""
        if end.out or end.connecting:
            return 0
        try:
            return end.sock.send(data)
        except BlockingIOError:
            return 0

    def write(self, end):
        if end.connecting:
            return
        if end.out:
            try:
                del end.out[:end.sock.send(end.out)]
            except BlockingIOError:
                return
        if end.closing and not end.out and not end.shut:
            end.shut = True
            end.sock.shutdown(socket.SHUT_WR)

    def close(self, end):
        self.relays.discard(end)
        self.relays.discard(end.peer)
        for each in (end, end.peer):
            if each.events:
                self.selector.unregister(each.sock)
            each.events = 0
            each.sock.close()

    # --- the loop ---------------------------------------------------------------------------------------------
    def run(self):
        last_words = None
        while True:
            if self.pid and self.gone and self.drained:
                last_words = last_words or time.monotonic() + LAST_WORDS
                if not self.relays or time.monotonic() > last_words:
                    self.times.end()
                    return
            wait = max(0.0, self.timers[0][0] - time.monotonic()) if self.timers else None
            if last_words:
                wait = min(LAST_WORDS, wait) if wait is not None else LAST_WORDS
            for key, events in self.selector.select(wait):
                key.data(events)
            while self.timers and self.timers[0][0] <= time.monotonic():
                heapq.heappop(self.timers)[2]()


def main(words):
    numbers = [int(word) for word in words[1:7]]
    os.closerange(7 if numbers[0] else 5, 1024)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    keeper = Keeper(words[0], *numbers, words[7:])
    keeper.open()
    os.write(1, b"ready\n")
    os.close(1)
    keeper.run()


if __name__ == "__main__":
    main(sys.argv[1:])
