"""Unpacks one archive into one folder, inside a sandbox of its own: unpack.py ARCHIVE FOLDER MAX_BYTES MAX_ENTRIES.

Takes regular files, folders and links that stay inside; refuses everything else with one line on standard error and
exit code 1. Prints a dot now and then, so that it ends when nobody listens any more.
"""
import os
import posixpath
import stat
import sys
import tarfile
import zipfile

CHUNK = 1 << 20
RATIO = 1000
RATIO_FROM = 64 << 20
# as the kernel
MOST_LINKS_ON_A_WAY = 40
# of all links together: for each entry, and on top
STEPS, STEPS_ON_TOP = 64, 1 << 16
MOST_LINK_NAMES = 256 << 20


class Refused(Exception):
    pass


class Unpacker:
    def __init__(self, top, size, max_bytes, max_entries):
        self.top, self.size, self.max_bytes, self.max_entries = top, size, max_bytes, max_entries
        self.bytes, self.entries, self.links, self.link_names, self.steps = 0, 0, [], 0, 0

    def parts(self, name):
        if name.startswith("/") or "\0" in name:
            raise Refused("the entry %r has an absolute path" % name)
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise Refused("the entry %r leaves the folder" % name)
        self.entries += 1
        if self.entries > self.max_entries:
            raise Refused("it has more than %d entries" % self.max_entries)
        if self.entries % 256 == 0:
            os.write(1, b".")
        return parts

    def folder(self, parts):
        path = self.top
        for part in parts:
            path = os.path.join(path, part)
            try:
                os.mkdir(path, 0o755)
            except FileExistsError:
                if not stat.S_ISDIR(os.lstat(path).st_mode):
                    raise Refused("the entry %r passes through a link or a file" % "/".join(parts))
        return path

    def place(self, parts):
        if not parts:
            raise Refused("an entry has no name")
        path = os.path.join(self.folder(parts[:-1]), parts[-1])
        if os.path.lexists(path):
            if stat.S_ISDIR(os.lstat(path).st_mode):
                raise Refused("the entry %r replaces a folder" % "/".join(parts))
            os.unlink(path)
        return path

    def file(self, parts, source, mode):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(self.place(parts), flags, 0o755 if mode & 0o111 else 0o644), "wb") as target:
            while True:
                data = source.read(CHUNK)
                if not data:
                    return
                self.count(len(data))
                target.write(data)
                os.write(1, b".")

    def count(self, size):
        self.bytes += size
        if self.bytes > self.max_bytes:
            raise Refused("it holds more than %d bytes" % self.max_bytes)
        if self.bytes > RATIO_FROM and self.bytes > RATIO * self.size:
            raise Refused("it grows to more than %d times its size" % RATIO)

    def inside(self, base, target):
        if target.startswith("/"):
            raise Refused("a link leads to %r, outside the folder" % target)
        parts = posixpath.normpath(posixpath.join("/".join(base), target)).split("/")
        if ".." in parts:
            raise Refused("a link leads to %r, outside the folder" % target)
        return [part for part in parts if part not in ("", ".")]

    def hard_link(self, parts, target):
        source = self.inside([], target)
        path = self.top
        for part in source:
            path = os.path.join(path, part)
            if stat.S_ISLNK(os.lstat(path).st_mode):
                raise Refused("the hard link %r passes through a link" % "/".join(parts))
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Refused("the hard link %r leads to no file" % "/".join(parts))
        os.link(path, self.place(parts), follow_symlinks=False)

    def tar(self, stream):
        with tarfile.open(fileobj=stream, mode="r|*") as archive:
            for entry in archive:
                archive.members.clear()  # which would hold them all
                parts = self.parts(entry.name)
                if entry.isdir():
                    self.folder(parts)
                elif entry.isreg():
                    self.file(parts, archive.extractfile(entry), entry.mode)
                elif entry.issym():
                    self.inside(parts[:-1], entry.linkname)
                    os.symlink(entry.linkname, self.place(parts))
                    self.remember("/".join(parts))
                elif entry.islnk():
                    self.hard_link(parts, entry.linkname)
                else:
                    raise Refused("the entry %r is a device or a pipe" % entry.name)

    def remember(self, link):
        name = os.fsencode(link)
        self.link_names += len(name)
        if self.link_names > MOST_LINK_NAMES:
            raise Refused("the names of its links have more than %d bytes" % MOST_LINK_NAMES)
        self.links.append(name)

    def check_links(self):
        """What a link leads to is known once all others are there: each may lead on from where another led."""
        for link in self.links:
            self.follow(os.fsdecode(link))

    def follow(self, link):
        """Goes the way of a link as the kernel does, also on from where nothing lies."""
        *real, last = link.split("/")
        way, passed = [last], 0
        while way:
            self.step(len(real))
            part = way.pop()
            if part == "..":
                if not real:
                    raise Refused("the link %r leads outside the folder" % link)
                real.pop()
                continue
            path = "/".join((self.top, *real, part))
            if not os.path.islink(path):
                real.append(part)
                continue
            passed += 1
            if passed > MOST_LINKS_ON_A_WAY:
                raise Refused("the link %r leads through more than %d links" % (link, MOST_LINKS_ON_A_WAY))
            target = os.readlink(path)
            if target.startswith("/"):
                raise Refused("the link %r leads outside the folder" % link)
            self.step(len(target))
            way.extend(each for each in target.split("/")[::-1] if each not in ("", "."))

    def step(self, length):
        """Counts something that takes the longer, the more names or characters there are."""
        before = self.steps
        self.steps += 1 + length // 8
        if self.steps > STEPS * self.entries + STEPS_ON_TOP:
            raise Refused("the ways of its links are too long")
        if self.steps >> 10 != before >> 10:
            os.write(1, b".")

    def zip(self, stream):
        with zipfile.ZipFile(stream) as archive:
            for entry in archive.infolist():
                parts = self.parts(entry.filename)
                mode = entry.external_attr >> 16
                if entry.is_dir():
                    self.folder(parts)
                elif stat.S_IFMT(mode) in (0, stat.S_IFREG):
                    with archive.open(entry) as source:
                        self.file(parts, source, mode)
                else:
                    raise Refused("the entry %r is a link or a device" % entry.filename)


def main(source, top, max_bytes, max_entries):
    os.umask(0o022)
    with open(source, "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        head = stream.read(4)
        stream.seek(0)
        unpacker = Unpacker(top, size, int(max_bytes), int(max_entries))
        try:
            if head == b"PK\x03\x04" or head == b"PK\x05\x06":
                unpacker.zip(stream)
            else:
                unpacker.tar(stream)
                unpacker.check_links()
        except Refused as e:
            sys.exit("the archive was refused: %s" % e)
        except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError) as e:
            sys.exit("the archive cannot be read: %s" % e)
        except Exception as e:  # zlib.error, lzma.LZMAError and their like share no parent
            sys.exit("the archive cannot be read: %s" % e)


if __name__ == "__main__":
    main(*sys.argv[1:])
