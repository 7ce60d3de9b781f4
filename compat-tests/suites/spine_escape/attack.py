"""Runs as a training job and tries what it must not; prints TRIED for each try and OPEN for each that worked."""

import ctypes
import json
import os
import signal
import socket
import stat
import urllib.error
import urllib.parse
import urllib.request

FACTS = json.loads(os.environ["ESCAPE_FACTS"])
MODEL = "/opt/ml/model"
DOOR = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])


def check(name, held):
    print("TRIED" if held else "OPEN", name, flush=True)


def fails(action):
    try:
        action()
    except (OSError, ValueError):
        return True
    return False


def files():
    for path in FACTS["paths"] + ["/root/.ssh", "/etc/shadow", "/var/lib/dpkg", "/boot", "/sys/fs/cgroup", "/sys/kernel"]:
        check("host path " + path, not os.path.exists(path))
        check("host path through /proc/1/root " + path, not os.path.exists("/proc/1/root" + path))
    for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/etc/passwd",
                 "/usr/escape", "/sys/fs/cgroup/cgroup.procs"):
        check("write " + path, fails(lambda: open(path, "a").close()))
    pids = [int(each) for each in os.listdir("/proc") if each.isdigit()]
    check("other processes %s" % pids, len(pids) < 12)
    check("kill outside", fails(lambda: os.kill(FACTS["pid"], 0)) or FACTS["pid"] in pids)


def calls():
    libc = ctypes.CDLL(None, use_errno=True)
    for name, number, words in (("new user namespace", 272, (0x10000000,)), ("new mount namespace", 272, (0x20000,)),
                                ("keyring", 250, (0, -3, 0)), ("keyring search", 250, (10, -3, 0)),
                                ("mount", 165, (0, 0, 0, 0, 0)), ("bpf", 321, (0, 0, 0)), ("setns", 308, (0, 0))):
        check(name, os.uname().machine != "x86_64" or libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, words)) < 0)
    leader, follower = os.openpty()
    check("TIOCSTI", libc.ioctl(follower, ctypes.c_ulong(0x5412), ctypes.c_char_p(b"x")) < 0)
    check("TIOCLINUX", libc.ioctl(leader, ctypes.c_ulong(0x541C), ctypes.c_char_p(b"\x03")) < 0)


def connect(host, port):
    """The status that the proxy at the door answers to CONNECT, 0 when it closes without one."""
    with socket.create_connection((DOOR.hostname, DOOR.port), 10) as link:
        link.settimeout(20)
        link.sendall(("CONNECT %s:%d HTTP/1.1\r\nHost: %s:%d\r\n\r\n" % (host, port, host, port)).encode())
        answer = link.recv(200).split(b" ")
        return int(answer[1]) if len(answer) > 1 else 0


def network():
    abstract = socket.socket(socket.AF_UNIX)
    check("abstract socket", fails(lambda: abstract.connect("\0" + FACTS["abstract"])))
    check("loopback of the machine", fails(lambda: socket.create_connection(("127.0.0.1", FACTS["port"]), 3)))
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1", "0177.0.0.1",
                 FACTS["address"]):
        check("proxy to " + host, connect(host, FACTS["port"]) != 200)
    for host in ("169.254.169.254", "10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "[fd00::1]", "[fe80::1]"):
        check("proxy to " + host, connect(host, 80) != 200)
    check("proxy to an AWS name on another port", connect("sts.us-east-1.amazonaws.com", FACTS["port"]) != 200)


def ask(path, token=None):
    request = urllib.request.Request(urllib.parse.urlunsplit(DOOR) + path,
                                     headers={"Authorization": token} if token is not None else {})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def credentials():
    path = urllib.parse.urlsplit(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]).path
    own = os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    status, body = ask(path, own)
    if status != 200:
        print("OPEN the job's own credentials answer %d, so the other tries prove nothing" % status)
    else:
        # read by the driver, which tries them after the job's end
        with open(MODEL + "/credentials.json", "wb") as out:
            out.write(body)
    for name, token in (("no token", None), ("an empty token", ""), ("a short token", own[:-1]),
                        ("another job's token", FACTS["other_token"]), ("a changed token", own[:-1] + "?")):
        check("credentials with " + name, ask(path, token)[0] != 200)
    check("an unsigned call", ask("/")[0] in (400, 403))


def input_file():
    path = "/opt/ml/input/data/train/rows"
    for action in (lambda: os.chmod(path, 0o777), lambda: open(path, "ab").write(b"poison"),
                   lambda: os.truncate(path, 0), lambda: open(path, "wb").write(b"poison")):
        fails(action)
    check("rewriting the input", True)  # the driver compares the object and a second job's input


def outputs():
    """What lies in the model folder besides files; the driver looks into the archive."""
    with open(MODEL + "/kept", "w") as out:
        out.write("kept")
    links = {"passwd": "/etc/passwd", "up": "../../../../../../etc/hostname", "root": "/", "proc": "/proc/1/environ"}
    for number, path in enumerate(FACTS["paths"]):
        links["host%d" % number] = path
    for name, target in links.items():
        os.symlink(target, MODEL + "/" + name)
    os.mkfifo(MODEL + "/fifo")
    socket.socket(socket.AF_UNIX).bind(MODEL + "/socket")
    check("device", fails(lambda: os.mknod(MODEL + "/device", stat.S_IFCHR | 0o666, os.makedev(1, 1))))
    fails(lambda: os.link("/etc/passwd", MODEL + "/hard"))
    fails(lambda: os.link("/usr/bin/env", MODEL + "/hard-env"))


if os.environ.get("ESCAPE_ROLE") == "other":
    with open(MODEL + "/secret-of-the-other", "w") as out:
        out.write("secret")
    print("TOKEN", os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"], flush=True)
    signal.pause()
for part in (files, calls, network, credentials, input_file, outputs):
    part()
print("TRIED everything", flush=True)
