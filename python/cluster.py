"""Lets the hosts of one job log in to each other by ssh, as hosts of SageMaker's images can: mpirun starts its programs so.

Only the hosts of a job are on their network, so whoever reaches a host's port is the job itself; the key is one that all
of them can derive. sshd runs as the job's own user. Run by `start`, once, before the job's program.
"""
import hashlib
import os
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SETTINGS = """\
Port 22
HostKey %(key)s
AuthorizedKeysFile %(folder)s/authorized_keys
StrictModes no
UsePAM no
PidFile none
PermitUserEnvironment yes
AcceptEnv *
MaxStartups 1000
"""
CLIENT = """\
Host algo-*
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
"""


def write(path, content, mode=0o600):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(content)


def main(home, etc):
    secret = hashlib.sha256(b"hosts of " + os.environ.get("TRAINING_JOB_ARN", "one job").encode()).digest()
    key = Ed25519PrivateKey.from_private_bytes(secret)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH,
                                serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    folder = os.path.join(home, ".ssh")
    os.makedirs(folder, 0o700, exist_ok=True)
    os.makedirs(etc, exist_ok=True)
    path = os.path.join(folder, "id_ed25519")
    write(path, private)
    write(os.path.join(folder, "authorized_keys"), public + b"\n")
    write(os.path.join(folder, "config"), CLIENT.encode())
    # what a login does not give: programs are started with the image's own paths
    kept = [name for name in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "OPAL_PREFIX") if name in os.environ]
    write(os.path.join(folder, "environment"), "".join("%s=%s\n" % (name, os.environ[name]) for name in kept).encode())
    write(os.path.join(etc, "sshd_config"), (SETTINGS % {"key": path, "folder": folder}).encode(), 0o644)


if __name__ == "__main__":
    main(*sys.argv[1:])
