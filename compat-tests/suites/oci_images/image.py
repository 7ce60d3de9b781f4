"""An image made of this machine's Python, without a registry to take a base from, and the Podman that handles it."""

import io
import os
import re
import subprocess
import sys
import tarfile
import time
from pathlib import Path

PODMAN = ["podman", "--cgroup-manager", "cgroupfs", "--runtime", "runc"]
ENTRY = b"#!/bin/sh\nexec /usr/bin/python3 -u /opt/program/program.py \"$@\"\n"


class Podman:
    """A Podman's service on a socket of its own."""

    def __init__(self, folder):
        self.socket = os.path.join(folder, "podman.sock")
        self.log = open(os.path.join(folder, "podman.log"), "ab")
        self.process = subprocess.Popen(PODMAN + ["system", "service", "--time=0", "unix://" + self.socket],
                                        stdout=self.log, stderr=self.log)
        until = time.monotonic() + 30
        while not os.path.exists(self.socket):
            if self.process.poll() is not None or time.monotonic() > until:
                print("SKIPPED: podman's service does not start here; see", self.log.name)
                sys.exit(0)
            time.sleep(0.05)

    def end(self):
        self.process.terminate()
        self.process.wait(30)


def run(words, **more):
    done = subprocess.run(PODMAN + words, capture_output=True, **more)
    if done.returncode:
        sys.exit("podman %s: %s" % (words[0], done.stderr.decode(errors="replace")[-2000:]))
    return done.stdout.decode()


def containers():
    return set(run(["ps", "--all", "--format", "{{.Names}}"]).split())


def copies():
    """The names of pushed images that servers have loaded."""
    names = run(["images", "--format", "{{.Repository}}:{{.Tag}}"]).split()
    return {name for name in names if name.startswith("localhost/atelier-pushed-")}


def libraries(program):
    told = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    return set(re.findall(r"(/\S+)", told))


def rootfs(path):
    """Python, a shell and their libraries as a tar."""
    python = os.path.realpath("/usr/bin/python3")
    version = os.path.basename(python)
    home = "/usr/lib/" + version
    files = {python, os.path.realpath("/bin/sh")}
    modules = [str(each) for each in Path(home, "lib-dynload").glob("*.so")]
    for program in list(files) + modules:
        files |= libraries(program)
    with tarfile.open(path, "w") as tar:
        for name in ("tmp", "root", "etc", "proc", "sys", "dev", "var", "opt", "opt/program"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            tar.addfile(folder)
        for link, target in (("bin", "usr/bin"), ("lib", "usr/lib"), ("lib64", "usr/lib64")):
            entry = tarfile.TarInfo(link)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)
        for name in sorted(files):
            inside = name if name.startswith("/usr") else "/usr" + name
            tar.add(os.path.realpath(name), inside.lstrip("/"))
        for link, target in (("usr/bin/sh", os.path.basename(os.path.realpath("/bin/sh"))), ("usr/bin/python3", version)):
            entry = tarfile.TarInfo(link)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)
        skipped = {"test", "idlelib", "tkinter", "__pycache__", "ensurepip"}
        tar.add(home, home.lstrip("/"), filter=lambda entry: None if skipped & set(entry.name.split("/")) else entry)
        program = Path(__file__).with_name("program.py").read_bytes()
        for name, content in (("opt/program/program.py", program), ("opt/program/entry", ENTRY),
                              ("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))


def build(folder, name):
    tar = os.path.join(folder, "rootfs.tar")
    rootfs(tar)
    run(["import", "--change", 'ENTRYPOINT ["/opt/program/entry"]', "--change", "WORKDIR /opt/program", tar, name])
    os.unlink(tar)
