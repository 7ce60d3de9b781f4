"""A small client of the registry protocol, so that pushes and pulls are tested without docker or podman."""

import gzip
import hashlib
import io
import json
import tarfile

import requests

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def layer(**files):
    """A gzip-compressed tar of small text files by their names."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(raw.getvalue(), mtime=0)


class Image:
    """An image of given layers."""

    def __init__(self, *layers, media_type=DOCKER, config=None, **more):
        self.layers = list(layers)
        self.media_type = media_type
        self.config = json.dumps(config or {
            "architecture": "amd64", "os": "linux", "config": {},
            "rootfs": {"type": "layers", "diff_ids": [digest(gzip.decompress(each)) for each in layers]}}).encode()
        oci = media_type == OCI
        self.manifest = json.dumps({
            "schemaVersion": 2, "mediaType": media_type,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json" if oci
                       else "application/vnd.docker.container.image.v1+json",
                       "size": len(self.config), "digest": digest(self.config)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip" if oci
                        else "application/vnd.docker.image.rootfs.diff.tar.gzip",
                        "size": len(each), "digest": digest(each)} for each in layers], **more}).encode()

    @property
    def digest(self):
        return digest(self.manifest)

    @property
    def blobs(self):
        return [self.config, *self.layers]


class Registry:
    """One repository at an address, for the bearer of a token of GetAuthorizationToken."""

    def __init__(self, url, repository, token, host=None):
        self.base = f"{url}/v2/{repository}"
        self.root = f"{url}/v2/"
        self.url = url
        self.session = requests.Session()
        # no proxy, no .netrc: what is sent is what is tested
        self.session.trust_env = False
        if token:
            self.session.headers["Authorization"] = "Basic " + token
        if host:
            self.session.headers["Host"] = host

    def call(self, method, path, **options):
        address = path if path.startswith("http") else self.url + path if path.startswith("/") else f"{self.base}/{path}"
        return self.session.request(method, address, timeout=60, **options)

    def push_blob(self, content, chunk=None):
        """Sends a blob, in chunks of a length when one is given."""
        if self.call("HEAD", "blobs/" + digest(content)).status_code == 200:
            return
        started = self.call("POST", "blobs/uploads/")
        assert started.status_code == 202, started.text
        where = started.headers["Location"]
        for first in range(0, len(content), chunk or max(1, len(content))):
            piece = content[first:first + (chunk or len(content))]
            sent = self.call("PATCH", where, data=piece, headers={
                "Content-Type": "application/octet-stream", "Content-Range": f"{first}-{first + len(piece) - 1}"})
            assert sent.status_code == 202, sent.text
            assert sent.headers["Range"] == f"0-{first + len(piece) - 1}"
            where = sent.headers["Location"]
        done = self.call("PUT", where, params={"digest": digest(content)})
        assert done.status_code == 201, done.text
        assert done.headers["Docker-Content-Digest"] == digest(content)

    def put(self, image, reference):
        return self.call("PUT", "manifests/" + reference, data=image.manifest,
                         headers={"Content-Type": image.media_type})

    def push(self, image, tag, chunk=None):
        for each in image.blobs:
            self.push_blob(each, chunk)
        put = self.put(image, tag)
        assert put.status_code == 201, put.text
        assert put.headers["Docker-Content-Digest"] == image.digest
        return put

    def pull(self, reference):
        """The manifest and the blobs that it names, checked against their digests."""
        got = self.call("GET", "manifests/" + reference, headers={"Accept": f"{DOCKER}, {OCI}"})
        assert got.status_code == 200, got.text
        assert digest(got.content) == got.headers["Docker-Content-Digest"]
        manifest = got.json()
        blobs = []
        for each in [manifest["config"], *manifest["layers"]]:
            blob = self.call("GET", "blobs/" + each["digest"])
            assert blob.status_code == 200 and digest(blob.content) == each["digest"]
            blobs.append(blob.content)
        return manifest, blobs
