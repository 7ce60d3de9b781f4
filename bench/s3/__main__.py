"""S3 against the disk it writes to, versitygw and moto server."""

from measuring.atelier import run

from . import disk, large, listing, small

PARTS = {"disk": disk.measure, "small": small.measure, "large": large.measure, "listing": listing.measure}

if __name__ == "__main__":
    run("s3", PARTS)
