"""Objects, multipart uploads, buckets, roles and log events: what was acknowledged is there, once, at the end."""

import hashlib
import json
import random
import time

from botocore.exceptions import ClientError

from .calls import Late, NotSent, Unknown, again, code, once

MIB = 1 << 20


class Objects:
    """Puts, overwrites and deletions over a few keys; a lost answer leaves two contents possible until one is read."""

    def __init__(self, platform, number):
        self.platform, self.s3 = platform, platform.client("s3")
        self.prefix = "objects/%d/" % number
        self.random = random.Random("%s objects %d" % (platform.seed, number))
        self.possible = {}

    def prepare(self):
        pass

    def change(self, key, now, call, **request):
        before = self.possible.get(key, {None})
        self.possible[key] = before | {now}
        try:
            once(call, Bucket=self.platform.bucket, Key=key, **request)
            self.possible[key] = {now}
        except NotSent:
            self.possible[key] = before
        except Late:
            pass
        except Unknown:
            self.look(key)

    def look(self, key):
        """What is read is one of the possible contents, and the only possible one from then on."""
        found = self.digest(key)
        if found not in self.possible[key]:
            self.platform.account.blame("lost", "%s holds %s, not one of %s" % (key, found, self.possible[key]))
        if len(self.possible[key]) == 1:
            self.platform.account.finished("object read back")
        self.possible[key] = {found}

    def round(self, count):
        key = self.prefix + "k%d/%%2F ü" % self.random.randrange(60)
        choice = self.random.random()
        if choice < 0.15:
            self.change(key, None, self.s3.delete_object)
        elif choice < 0.35 and key in self.possible:
            self.look(key)
        else:
            body = self.random.randbytes(self.random.choice([0, 10, 4_000, 300_000, 2_000_000]))
            self.change(key, hashlib.sha256(body).hexdigest(), self.s3.put_object, Body=body)
        time.sleep(0.03)

    def verify(self):
        for key in self.possible:
            self.look(key)

    def digest(self, key):
        try:
            answer = again(lambda **request: self.s3.get_object(**request)["Body"].read(),
                           Bucket=self.platform.bucket, Key=key)
            return hashlib.sha256(answer).hexdigest()
        except ClientError as error:
            return None if code(error) == "NoSuchKey" else "nothing readable: %s" % error


class Multiparts(Objects):
    """Multipart uploads whose parts and completion are repeated until they are answered."""

    def round(self, count):
        key = self.prefix + "m%d" % count
        bodies = [self.random.randbytes(5 * MIB), self.random.randbytes(self.random.randrange(1, 2 * MIB))]
        place = {"Bucket": self.platform.bucket, "Key": key}
        self.platform.account.at(key, "upload")
        upload = again(self.s3.create_multipart_upload, **place)["UploadId"]
        parts = []
        for number, body in enumerate(bodies, 1):
            tag = again(self.s3.upload_part, **place, UploadId=upload, PartNumber=number, Body=body)["ETag"]
            parts.append({"PartNumber": number, "ETag": tag})
        try:
            again(self.s3.complete_multipart_upload, **place, UploadId=upload, MultipartUpload={"Parts": parts})
        except ClientError as error:
            # the first completion may have been done although its answer was lost
            if code(error) != "NoSuchUpload":
                raise
        self.possible[key] = {hashlib.sha256(b"".join(bodies)).hexdigest()}
        self.platform.account.over(key)
        self.platform.account.finished("multipart upload")
        time.sleep(0.3)


class Definitions:
    """Buckets and roles, made and deleted; what was acknowledged holds at once and at the end."""

    def __init__(self, platform, number):
        self.platform, self.number = platform, number
        self.s3, self.iam = platform.client("s3"), platform.client("iam")
        self.random = random.Random("%s definitions %d" % (platform.seed, number))
        self.buckets, self.roles = {}, {}

    def prepare(self):
        pass

    def round(self, count):
        name = "faults-%d-%d" % (self.number, self.random.randrange(8))
        if self.random.random() < 0.5:
            self.toggle(self.buckets, name, lambda: once(self.s3.create_bucket, Bucket=name),
                        lambda: once(self.s3.delete_bucket, Bucket=name))
        else:
            trust = json.dumps({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
            self.toggle(self.roles, name,
                        lambda: once(self.iam.create_role, RoleName=name, AssumeRolePolicyDocument=trust),
                        lambda: once(self.iam.delete_role, RoleName=name))
        time.sleep(0.02)

    def toggle(self, known, name, make, delete):
        there = known.get(name, False)
        try:
            delete() if there else make()
            known[name] = not there
        except NotSent:
            pass
        except Unknown:
            known[name] = self.exists(known, name)
        except ClientError as error:
            self.platform.account.blame("lost", "%s was known as %s: %s" % (name, there, error))
            known[name] = not there

    def exists(self, known, name):
        try:
            if known is self.buckets:
                again(self.s3.head_bucket, Bucket=name)
            else:
                again(self.iam.get_role, RoleName=name)
            return True
        except ClientError:
            return False

    def verify(self):
        for known in (self.buckets, self.roles):
            for name, there in known.items():
                if self.exists(known, name) != there:
                    self.platform.account.blame("lost", "%s should %sbe there" % (name, "" if there else "not "))


class Events:
    """Batches of log events; an unanswered batch is there as a whole or not at all."""

    GROUP = "/faults/events"

    def __init__(self, platform, number):
        self.platform, self.logs = platform, platform.client("logs")
        self.stream = "stream-%d" % number
        self.random = random.Random("%s events %d" % (platform.seed, number))
        self.batches = []

    def prepare(self):
        for call, request in ((self.logs.create_log_group, {}),
                              (self.logs.create_log_stream, {"logStreamName": self.stream})):
            try:
                again(call, logGroupName=self.GROUP, **request)
            except ClientError as error:
                if code(error) != "ResourceAlreadyExistsException":
                    raise

    def round(self, count):
        texts = ["%d.%d %s" % (count, i, "x" * self.random.randrange(200)) for i in range(self.random.randrange(1, 9))]
        now = int(time.time() * 1000)
        try:
            once(self.logs.put_log_events, logGroupName=self.GROUP, logStreamName=self.stream,
                 logEvents=[{"timestamp": now, "message": text} for text in texts])
            self.batches.append((texts, True))
        except NotSent:
            pass
        except Unknown:
            self.batches.append((texts, False))
        time.sleep(0.02)

    def read(self):
        seen, token = [], None
        while True:
            page = again(self.logs.get_log_events, logGroupName=self.GROUP, logStreamName=self.stream,
                         startFromHead=True, **({"nextToken": token} if token else {}))
            seen += [event["message"] for event in page["events"]]
            if page["nextForwardToken"] == token:
                return seen
            token = page["nextForwardToken"]

    def verify(self):
        seen = self.read()
        at = 0
        for texts, acknowledged in self.batches:
            if seen[at:at + len(texts)] == texts:
                at += len(texts)
            elif acknowledged:
                self.platform.account.blame("lost", "log batch %s; there is %s" % (texts, seen[at:at + len(texts)]))
                return
        if at < len(seen):
            self.platform.account.blame("duplicated", "log events %s" % seen[at:])
