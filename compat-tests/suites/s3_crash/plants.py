"""Faults planted from outside the product, each of which must turn its count red."""

import shutil
import sqlite3

from .writers import BUCKETS


def restart(server, between):
    server.kill()
    between()
    server.spawn()
    server.wait_ready()


def content(server):
    """The content files, longest first."""
    return sorted((path for path in (server.data / "objects").rglob("*") if path.is_file()),
                  key=lambda path: -path.stat().st_size)


def lost(server, writers):
    """Rows of acknowledged objects go."""
    def forget():
        with sqlite3.connect(server.data / "objects.db") as index:
            index.execute("DELETE FROM object WHERE object_key IN (SELECT object_key FROM object LIMIT 3)")
    restart(server, forget)
    return "three keys are gone from the index"


def phantom(server, writers):
    """An object that no writer sent."""
    writers[0].s3.put_object(Bucket=next(iter(BUCKETS)), Key="nobody/sent", Body=b"this")
    return "an object was put beside the writers"


def torn(server, writers):
    """A content file loses its second half."""
    path = content(server)[0]

    def cut():
        copy = path.with_name(path.name + ".cut")
        shutil.copy2(path, copy)
        with open(copy, "r+b") as file:
            file.truncate(path.stat().st_size // 2)
        copy.replace(path)
    restart(server, cut)
    return "%s was cut in half" % path.name


PLANTS = {"lost": lost, "phantom": phantom, "torn": torn}
