"""Tries to leave its sandbox in every way it knows; prints one line per way that was open, and the number of tries."""
import ctypes
import errno
import mmap
import os
import platform
import socket
import sys

SECRET = os.environ["ESCAPE_SECRET_FILE"]
ABSTRACT = os.environ["ESCAPE_ABSTRACT"]
PORT = int(os.environ["ESCAPE_PORT"])
FORBIDDEN = os.environ["ESCAPE_PATHS"].split(":")
libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
tries = 0


def check(name, held):
    global tries
    tries += 1
    if not held:
        print("OPEN", name, flush=True)


def fails(action, *errors):
    try:
        action()
    except OSError as e:
        return not errors or e.errno in errors
    return False


def call(number, *words):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(w) for w in words])
    return ctypes.get_errno() if result == -1 else 0


def refused(name, x86, arm, *words, code=errno.EPERM):
    number = x86 if X86 else arm
    got = call(number, *words)
    check("%s answered %s" % (name, errno.errorcode.get(got, got)), got == code)


def files():
    for path in [SECRET, *FORBIDDEN]:
        check("reads " + path, not os.path.exists(path))
    for pid in [p for p in os.listdir("/proc") if p.isdigit()]:
        for link in ("root", "cwd"):
            check("reads through /proc/%s/%s" % (pid, link), not os.path.exists("/proc/%s/%s%s" % (pid, link, SECRET)))
    for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/kernel/hostname",
                 "/proc/sysrq-trigger", "/usr/escape", "/etc/passwd", "/dev/escape", "/sys/fs/cgroup/cgroup.procs"):
        check("writes " + path, fails(lambda: open(path, "w").close()))
    check("sees control groups", not os.path.exists("/sys/fs/cgroup"))
    check("sees devices: %s" % os.listdir("/dev"), not [d for d in os.listdir("/dev")
          if d.startswith(("sd", "vd", "nvme", "mem", "kmem", "loop", "kvm", "fuse", "net", "vsock", "vhost"))])
    check("makes a device", fails(lambda: os.mknod("/tmp/d", 0o20600, os.makedev(1, 1))))
    open_fds = [int(fd) for fd in os.listdir("/proc/self/fd")]
    check("holds descriptors %s" % open_fds, all(fd <= 3 for fd in open_fds))
    for fd in (0, 1, 2):
        check("descriptor %d is %s" % (fd, os.readlink("/proc/self/fd/%d" % fd)),
              os.readlink("/proc/self/fd/%d" % fd).startswith(("pipe:", "/dev/null"))
              or os.readlink("/proc/self/fd/%d" % fd).endswith("/out"))
    check("sees variables %s" % sorted(os.environ), set(os.environ) <= {
        "PATH", "HOME", "HOSTNAME", "PWD", "LC_CTYPE", "API_PORT", "ESCAPE_SECRET_FILE", "ESCAPE_ABSTRACT",
        "ESCAPE_PORT", "ESCAPE_PATHS"})


def processes():
    pids = sorted(int(p) for p in os.listdir("/proc") if p.isdigit())
    check("sees processes %s" % pids, len(pids) <= 3 and pids[-1] < 20)
    status = dict(line.split(":\t", 1) for line in open("/proc/self/status") if ":\t" in line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        check("%s is %s" % (name, status[name]), int(status[name], 16) == 0)
    check("may gain privileges", status["NoNewPrivs"].strip() == "1")
    check("has no filter", status["Seccomp"].strip() == "2")
    check("is in groups " + status["Groups"], set(status["Groups"].split()) <= {"1000", "65534"})
    check("becomes root", fails(lambda: os.setuid(0)))


def calls():
    text = ctypes.cast(ctypes.create_string_buffer(b"/tmp\0"), ctypes.c_void_p).value
    refused("mount", 165, 40, text, text, 0, 4096, 0)
    refused("umount2", 166, 39, text, 2)
    refused("pivot_root", 155, 41, text, text)
    refused("fsopen", 430, 430, text, 0)
    refused("open_tree", 428, 428, -100, text, 1)
    refused("move_mount", 429, 429, -1, text, -1, text, 0)
    refused("mount_setattr", 442, 442, -100, text, 0, 0, 0)
    refused("chroot", 161, 51, text)
    refused("setns", 308, 268, 0, 0)
    refused("unshare of users", 272, 97, 0x10000000)
    refused("unshare of mounts", 272, 97, 0x00020000)
    refused("unshare of the network", 272, 97, 0x40000000)
    refused("clone of users", 56, 220, 0x10000000 | 17, 0, 0, 0, 0)
    refused("clone3", 435, 435, 0, 0, code=errno.ENOSYS)
    refused("keyctl", 250, 219, 0, -3, 0)
    refused("add_key", 248, 217, text, text, 0, 0, -3)
    refused("request_key", 249, 218, text, text, 0, -3)
    refused("bpf", 321, 280, 0, 0, 0)
    refused("perf_event_open", 298, 241, 0, 0, -1, -1, 0)
    refused("userfaultfd", 323, 282, 1)
    refused("io_uring_setup", 425, 425, 1, 0)
    refused("open_by_handle_at", 304, 265, -100, 0, 0)
    refused("finit_module", 313, 273, 0, text, 0)
    refused("kexec_load", 246, 104, 0, 0, 0, 0)
    refused("reboot", 169, 142, 0, 0, 0, 0)
    if X86:
        check("x32 answers", call(0x40000000 + 39) == errno.EPERM)
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # getpid of the 32 bit ABI
        code = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
        check("the 32 bit ABI answers", code() == -errno.EPERM)
    leader, follower = os.openpty()
    letter = ctypes.create_string_buffer(b"x")
    for request in (0x5412, 0x100005412, 0x541C):
        number = 16 if X86 else 29
        got = call(number, follower, request, ctypes.addressof(letter))
        check("ioctl %x answered %s" % (request, got), got == errno.EPERM)


def network():
    abstract = socket.socket(socket.AF_UNIX)
    check("reaches abstract sockets", fails(lambda: abstract.connect("\0" + ABSTRACT)))
    check("reaches the machine's loopback", fails(lambda: socket.create_connection(("127.0.0.1", PORT), 2)))
    check("opens vsock", fails(lambda: socket.socket(40, socket.SOCK_STREAM), errno.EPERM))
    check("has interfaces %s" % socket.if_nameindex(), [n for _, n in socket.if_nameindex()] == ["lo"])
    check("opens raw sockets", fails(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)))


files()
processes()
calls()
network()
print("TRIED", tries)
sys.stdout.flush()
