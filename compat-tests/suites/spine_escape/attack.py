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


def processes():
    status = dict(line.rstrip("\n").split(":\t", 1) for line in open("/proc/self/status") if ":\t" in line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        check("%s is %s" % (name, status[name]), int(status[name], 16) == 0)
    check("no new privileges", status["NoNewPrivs"] == "1")
    check("a filter of system calls", status["Seccomp"] == "2")
    check("groups " + status["Groups"], set(status["Groups"].split()) <= {"1000", "100", "65534"})
    check("becoming root", fails(lambda: os.setuid(0)))
    check("devices", not [each for each in os.listdir("/dev") if each.startswith(
        ("sd", "vd", "nvme", "mem", "kmem", "kmsg", "loop", "kvm", "fuse", "net", "vsock"))])
    check("devices made", fails(lambda: os.mknod("/tmp/device", stat.S_IFCHR | 0o666, os.makedev(1, 1))))
    own = {str(os.getpid()), "self", "thread-self"}
    for pid in [each for each in os.listdir("/proc") if each.isdigit() and each not in own]:
        for path in FACTS["paths"]:
            check("host path through /proc/%s/root" % pid, not os.path.exists("/proc/%s/root%s" % (pid, path)))
            check("host path through /proc/%s/cwd" % pid, not os.path.exists("/proc/%s/cwd%s" % (pid, path)))
    for number in os.listdir("/proc/self/fd"):
        for way in ("", "/..", "/../../../../.."):
            path = "/proc/self/fd/%s%s%s" % (number, way, FACTS["paths"][0])
            check("host path through descriptor " + path, not os.path.exists(path))


def calls():
    libc = ctypes.CDLL(None, use_errno=True)
    x86 = os.uname().machine == "x86_64"
    text = ctypes.cast(ctypes.create_string_buffer(b"/tmp\0"), ctypes.c_void_p).value
    for name, on_x86, on_arm, words in (
            ("new user namespace", 272, 97, (0x10000000,)), ("new mount namespace", 272, 97, (0x20000,)),
            ("new network namespace", 272, 97, (0x40000000,)), ("new cgroup namespace", 272, 97, (0x2000000,)),
            ("clone into a user namespace", 56, 220, (0x10000000 | 17, 0, 0, 0, 0)), ("clone3", 435, 435, (0, 0)),
            ("session keyring", 250, 219, (0, -3, 0)), ("keyring search", 250, 219, (10, -3, 0)),
            ("user keyring", 250, 219, (0, -4, 0)), ("add_key", 248, 217, (text, text, 0, 0, -3)),
            ("request_key", 249, 218, (text, text, 0, -3)), ("mount", 165, 40, (0, 0, 0, 0, 0)),
            ("umount", 166, 39, (text, 2)), ("pivot_root", 155, 41, (text, text)), ("chroot", 161, 51, (text,)),
            ("open_tree", 428, 428, (-100, text, 1)), ("fsopen", 430, 430, (text, 0)), ("bpf", 321, 280, (0, 0, 0)),
            ("setns", 308, 268, (0, 0)), ("open_by_handle_at", 304, 265, (-100, 0, 0)),
            ("perf_event_open", 298, 241, (0, 0, -1, -1, 0)), ("userfaultfd", 323, 282, (1,)),
            ("io_uring_setup", 425, 425, (1, 0)), ("kexec_load", 246, 104, (0, 0, 0, 0)),
            ("finit_module", 313, 273, (0, text, 0)), ("syslog", 103, 116, (10, 0, 0))):
        result = libc.syscall(ctypes.c_long(on_x86 if x86 else on_arm), *map(ctypes.c_long, words))
        if result == 0 and name.startswith("clone"):
            os._exit(0)
        check("%s: %d" % (name, ctypes.get_errno()), result < 0)
    leader, follower = os.openpty()
    letter = ctypes.create_string_buffer(b"x")
    # the second differs from the first in bits that the kernel ignores
    for name, request in (("TIOCSTI", 0x5412), ("TIOCSTI by another number", 0x100005412), ("TIOCLINUX", 0x541C)):
        check(name, libc.syscall(ctypes.c_long(16 if x86 else 29), ctypes.c_long(follower), ctypes.c_long(request),
                                 letter) < 0)


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


def swap():
    """A process that outlives its program, if it can, and exchanges a folder for a link under the collection."""
    os.chdir(MODEL)
    os.mkdir("turn")
    with open("turn/own", "w") as out:
        out.write("own")
    os.symlink("/usr/share", "link")
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    libc = ctypes.CDLL(None)
    libc.prctl(15, ctypes.c_char_p(FACTS["abstract"][-15:].encode()), 0, 0, 0)
    while True:
        os.rename("turn", "away")
        os.rename("link", "turn")
        os.rename("turn", "link")
        os.rename("away", "turn")


def swapped_mounts():
    """Whole folders that are collected, exchanged for links."""
    for path, target in ((MODEL, "/etc"), ("/opt/ml/output/data", "/etc"), ("/opt/ml/output", "/usr/share")):
        fails(lambda: os.rename(path, path + "-away"))
        fails(lambda: os.rmdir(path))
        fails(lambda: os.symlink(target, path))


def failure():
    """The failure file is a link to what its collector sees."""
    fails(lambda: os.unlink("/opt/ml/output/failure"))
    os.symlink(FACTS["target"], "/opt/ml/output/failure")
    os._exit(1)


if os.environ.get("ESCAPE_ROLE") == "failure":
    failure()
if os.environ.get("ESCAPE_ROLE") == "other":
    with open(MODEL + "/secret-of-the-other", "w") as out:
        out.write("secret")
    print("TOKEN", os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"], flush=True)
    signal.pause()
for part in (files, processes, calls, network, credentials, input_file, outputs, swapped_mounts, swap):
    part()
print("TRIED everything", flush=True)
