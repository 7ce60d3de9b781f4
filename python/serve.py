"""Starts the model server of a Python image: makes the user's code ready, then runs gunicorn on port 8080."""

import os
import subprocess
import sys
import tempfile
from urllib.parse import urlparse


def code_dir():
    """The folder of the user's script; a submit directory in S3 is fetched with the role's credentials."""
    submit = os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY", "/opt/ml/model/code")
    if not submit.startswith("s3://"):
        return submit if os.path.isdir(submit) else "/opt/ml/model/code"
    import boto3

    location = urlparse(submit)
    target = tempfile.mkdtemp(prefix="code")
    archive = os.path.join(target, "sourcedir.tar.gz")
    boto3.client("s3").download_file(location.netloc, location.path.lstrip("/"), archive)
    subprocess.check_call(["tar", "-xzf", archive, "-C", target, "--no-same-owner", "--no-same-permissions"])
    return target


def main():
    code = code_dir()
    os.environ["ATELIER_CODE"] = code
    requirements = os.path.join(code, "requirements.txt")
    if os.path.exists(requirements):
        subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", "-r", requirements])
    here = os.path.dirname(os.path.abspath(__file__))
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [here, code] + ([os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []))
    workers = os.environ.get("SAGEMAKER_MODEL_SERVER_WORKERS", "1")
    timeout = os.environ.get("SAGEMAKER_MODEL_SERVER_TIMEOUT", "60")
    port = os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080")
    # what serves in images that take no functions of the script's
    application = os.environ.get("SAGEMAKER_SERVING_MODULE", "serving:application")
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:" + port, "--workers", workers,
                              "--threads", "4", "--timeout", timeout, "--worker-tmp-dir", "/dev/shm",
                              "--log-level", "warning", application + "()"])


if __name__ == "__main__":
    main()
