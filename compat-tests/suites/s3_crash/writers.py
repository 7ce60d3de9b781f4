"""Writers that know what each of their keys may hold: all that was acknowledged, and what was sent without an answer."""

import hashlib
import random
import threading
import traceback

from botocore.exceptions import ClientError

from spine_faults.calls import Late, NotSent, Unknown, again, code, once

MIB = 1 << 20
BUCKETS = {"plain": False, "kept": True}
MOST_VERSIONS = 8
SAMPLE = 6
SIZES = [0, 10, 4_000, 40_000, 300_000, 1_500_000]


class Counts(dict):
    """What was found wrong, by kind, and how much was looked at; shared by all writers."""

    def __init__(self):
        super().__init__(lost=0, phantom=0, torn=0, wrong=0)
        self.lock = threading.Lock()
        self.looks = 0

    def blame(self, kind, text):
        with self.lock:
            self[kind] += 1
        print("%s: %s" % (kind.upper(), text[:600]), flush=True)

    def looked(self):
        with self.lock:
            self.looks += 1

    def text(self):
        return "%d keys read back, %s" % (self.looks, dict(self))


def entry(body, etag=None, note=""):
    """What a version must show: content, ETag and metadata."""
    return (hashlib.sha256(body).hexdigest(), etag or hashlib.md5(body).hexdigest(), note)


MARKER = ("marker", "", "")


class Writer(threading.Thread):
    """Changes its own keys one at a time; a key's history is a list, newest first, of (version, entry)."""

    def __init__(self, s3, seed, number, counts):
        super().__init__(daemon=True, name="writer-%d" % number)
        self.s3, self.counts = s3, counts
        self.random = random.Random("%s writer %d" % (seed, number))
        self.keys = {(bucket, "w%d/k%d ü" % (number, each)): [] for bucket in BUCKETS for each in range(10)}
        self.bodies = {}
        self.ending, self.look_soon = threading.Event(), threading.Event()
        self.count = 0

    def run(self):
        while not self.ending.is_set():
            try:
                if self.look_soon.is_set():
                    self.look_soon.clear()
                    for place in self.random.sample(sorted(self.keys), SAMPLE):
                        self.look(place, self.keys[place])
                self.round()
            except Unknown:
                return
            except Exception as error:  # pylint: disable=broad-except
                self.counts.blame("wrong", "%s: %s" % (self.name, error))
                traceback.print_exc()
                return

    def body(self):
        body = self.random.randbytes(self.random.choice(SIZES))
        self.bodies[hashlib.sha256(body).hexdigest()] = body
        return body

    def round(self):
        self.count += 1
        place = self.random.choice(sorted(self.keys))
        history = self.keys[place]
        choice = self.random.random()
        versioned = BUCKETS[place[0]]
        if history and (versioned and len(history) >= MOST_VERSIONS or choice < 0.1):
            self.remove(place, history) if versioned else self.delete(place, history)
        elif choice < 0.2:
            self.delete(place, history)
        elif choice < 0.35:
            self.copy(place, history)
        elif choice < 0.45:
            self.multipart(place, history)
        else:
            self.put(place, history)

    def add(self, place, history, new):
        return [(None, new)] + (history if BUCKETS[place[0]] else [])

    def put(self, place, history):
        body, note = self.body(), "n%d" % self.count
        sealed = {"ServerSideEncryption": "AES256"} if self.random.random() < 0.25 else {}
        self.change(place, history, self.add(place, history, entry(body, note=note)), self.s3.put_object, Body=body,
                    Metadata={"note": note}, **sealed)

    def delete(self, place, history):
        after = self.add(place, history, MARKER) if BUCKETS[place[0]] else []
        self.change(place, history, after, self.s3.delete_object)

    def remove(self, place, history):
        gone = self.random.choice(history)
        self.change(place, history, [each for each in history if each is not gone], self.s3.delete_object,
                    VersionId=gone[0])

    def copy(self, place, history):
        sources = [(at, version, what) for at, versions in sorted(self.keys.items()) for version, what in versions
                   if what is not MARKER]
        if not sources:
            return
        at, version, what = self.random.choice(sources)
        source = {"Bucket": at[0], "Key": at[1], **({"VersionId": version} if BUCKETS[at[0]] else {})}
        new = entry(self.bodies[what[0]], note="c%d" % self.count)
        self.change(place, history, self.add(place, history, new), self.s3.copy_object, CopySource=source,
                    MetadataDirective="REPLACE", Metadata={"note": new[2]})

    def multipart(self, place, history):
        bucket, key = place
        at = {"Bucket": bucket, "Key": key}
        note = "m%d" % self.count
        upload = again(self.s3.create_multipart_upload, **at, Metadata={"note": note})["UploadId"]
        bodies = [self.random.randbytes(5 * MIB)] if self.random.random() < 0.3 else []
        bodies.append(self.body())
        parts = []
        for number, body in enumerate(bodies, 1):
            tag = again(self.s3.upload_part, **at, UploadId=upload, PartNumber=number, Body=body)["ETag"]
            parts.append({"PartNumber": number, "ETag": tag})
            if tag.strip('"') != hashlib.md5(body).hexdigest():
                self.counts.blame("wrong", "part %d of %s has ETag %s" % (number, place, tag))
        if self.random.random() < 0.15:
            try:
                again(self.s3.abort_multipart_upload, **at, UploadId=upload)
            except ClientError as error:
                # it was done although its answer was lost
                if code(error) != "NoSuchUpload":
                    raise
            return
        whole = b"".join(bodies)
        self.bodies[hashlib.sha256(whole).hexdigest()] = whole
        md5s = hashlib.md5(b"".join(hashlib.md5(body).digest() for body in bodies)).hexdigest()
        new = entry(whole, "%s-%d" % (md5s, len(bodies)), note)
        self.change(place, history, self.add(place, history, new), self.s3.complete_multipart_upload, UploadId=upload,
                    MultipartUpload={"Parts": parts})

    def change(self, place, before, after, call, **request):
        """A change, and what the key holds after it: looked at when no answer came."""
        try:
            answer = once(call, Bucket=place[0], Key=place[1], **request)
        except NotSent:
            return
        except Late:
            raise RuntimeError("no answer in time at %s" % (place,)) from None
        except Unknown:
            self.look(place, before, after)
            return
        if BUCKETS[place[0]] and after and after[0][0] is None:
            after = [(answer["VersionId"], after[0][1])] + after[1:]
        self.keys[place] = [(each or "null", what) for each, what in after]

    def look(self, place, *possible):
        """Reads a key whole; it holds one of the possible histories, and only that one from then on."""
        self.counts.looked()
        seen = self.read(place)
        fits = [each for each in possible if len(each) == len(seen) and all(
            wanted[1] == found[1] and wanted[0] in (None, found[0]) for wanted, found in zip(each, seen))]
        if not fits:
            self.blame(place, possible, seen)
        self.keys[place] = seen

    def blame(self, place, possible, seen):
        told = "%s %s has %s, not one of %s" % (*place, seen, possible)
        contents = {what[0] for each in possible for _, what in each}
        wanted = set.intersection(*({what[0] for _, what in each} for each in possible))
        found = {what[0] for _, what in seen}
        if any(each.startswith("unreadable") for each in found):
            self.counts.blame("lost" if all("NoSuch" in each or "missing" in each for each in found - contents)
                              else "torn", told)
        elif found - contents:
            same = {version for each in possible for version, _ in each} & {
                version for version, what in seen if what[0] not in contents}
            self.counts.blame("torn" if same and BUCKETS[place[0]] else "phantom", told)
        elif wanted - found:
            self.counts.blame("lost", told)
        else:
            self.counts.blame("wrong", told)

    def read(self, place):
        bucket, key = place
        answer = again(self.s3.list_object_versions, Bucket=bucket, Prefix=key)
        listed = [(each["VersionId"], each["LastModified"], "ETag" in each, each["IsLatest"])
                  for each in self.in_order(answer, key)]
        if listed and not listed[0][3]:
            self.counts.blame("wrong", "%s: the newest version is not the latest: %s" % (place, listed))
        seen = [(version, self.content(bucket, key, version) if whole else MARKER)
                for version, _, whole, _ in listed]
        latest = self.content(bucket, key, None)
        if latest != (seen[0][1] if seen and seen[0][1] is not MARKER else ("unreadable: NoSuchKey", "", "")):
            self.counts.blame("wrong", "%s gives %s, and its newest version is %s" % (place, latest, seen[:1]))
        return seen

    def in_order(self, answer, key):
        """Versions and markers of one key, newest first: ids of later versions sort first."""
        entries = answer.get("Versions", []) + answer.get("DeleteMarkers", [])
        return sorted((each for each in entries if each["Key"] == key), key=lambda each: each["VersionId"])

    def content(self, bucket, key, version):
        def get(**request):
            answer = self.s3.get_object(**request)
            body = answer["Body"].read()
            if len(body) != answer["ContentLength"]:
                return ("unreadable: short", "", "")
            return (hashlib.sha256(body).hexdigest(), answer["ETag"].strip('"'), answer["Metadata"].get("note", ""))
        try:
            return again(get, Bucket=bucket, Key=key, **({"VersionId": version} if version else {}))
        except ClientError as error:
            return ("unreadable: " + code(error) + (" missing" if "missing" in str(error) else ""), "", "")

    def verify(self):
        for place in sorted(self.keys):
            try:
                self.look(place, self.keys[place])
            except Exception as error:  # pylint: disable=broad-except
                self.counts.blame("wrong", "%s cannot be looked at: %s" % (place, error))
                traceback.print_exc()
