"""An upload of 5 GB in parts by boto3, and the memory that the server needs for it."""

import os
import threading
import time

from boto3.s3.transfer import TransferConfig

GIB = 1 << 30
SIZE = 5 * GIB
MEMORY_MB = 700


class Watch(threading.Thread):
    """The most memory that a server is seen to have."""

    def __init__(self, atelier):
        super().__init__(daemon=True)
        self.atelier, self.most, self.over = atelier, 0.0, threading.Event()

    def run(self):
        while not self.over.wait(0.2):
            self.most = max(self.most, self.atelier.memory())


def measure(atelier, report):
    s3 = atelier.client("s3")
    s3.create_bucket(Bucket="large")
    file = atelier.folder / "large"
    block = os.urandom(64 << 20)
    with open(file, "wb") as out:
        for _ in range(SIZE // len(block)):
            out.write(block)
    watch = Watch(atelier)
    watch.start()
    begun = time.perf_counter()
    s3.upload_file(str(file), "large", "object", Config=TransferConfig(multipart_chunksize=64 << 20))
    taken = time.perf_counter() - begun
    watch.over.set()
    watch.join()
    if s3.head_object(Bucket="large", Key="object")["ContentLength"] != SIZE:
        raise RuntimeError("the object is not as long as its file")
    print("  (5 GB by upload_file in %.0f s: %.0f MB/s)" % (taken, SIZE / (1 << 20) / taken))
    report.below("memory during an upload of 5 GB, most", watch.most, "MB", MEMORY_MB)
    s3.delete_object(Bucket="large", Key="object")
    file.unlink()
