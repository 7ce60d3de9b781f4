"""The images that notebooks run on: what is offered, and that each is what its name says."""

import shutil

import pytest

from browser import IMAGE, Client, ready
from server import wait_until

PYTORCH = IMAGE + "pytorch-1.13-cpu-py39"
GPU = IMAGE + "pytorch-1.13-gpu-py39"
FIRST_CELL = """import sagemaker
from sagemaker import get_execution_role
session = sagemaker.Session()
print(session.default_bucket(), get_execution_role())"""


@pytest.fixture
def lab(opened):
    browser = opened()
    browser.enter()
    return ready(browser)


def kernel(lab, image, **more):
    return lab.own("POST", "/api/kernels", {"name": "python3__SAGEMAKER_INTERNAL__" + image, **more})


def ready_kernel(lab, image):
    made = kernel(lab, image)["id"]
    wait_until(lambda: lab.own("GET", "/api/kernels/" + made)["execution_state"] == "idle", "the kernel is idle", 400)
    return made


def test_images_of_frameworks_are_offered_with_what_differs(lab):
    images = {image["name"]: image for image in lab.studio("GET", "/images")}
    assert {image["displayName"] for image in images.values()} >= {
        "Data Science 3.0", "Base Python 3.0", "PyTorch 1.13 Python 3.9 CPU Optimized",
        "PyTorch 1.13 Python 3.9 GPU Optimized", "TensorFlow 2.12.0 Python 3.10 CPU Optimized"}
    cpu, gpu = images["pytorch-1.13-cpu-py39"], images["pytorch-1.13-gpu-py39"]
    assert (cpu["gpu"], cpu["defaultInstanceType"]) == (False, "ml.t3.medium")
    assert (gpu["gpu"], gpu["defaultInstanceType"]) == (True, "ml.g4dn.xlarge")
    assert "asks for Python 3.9" in cpu["difference"]
    specs = lab.own("GET", "/api/kernelspecs")["kernelspecs"]
    spec = specs["python3__SAGEMAKER_INTERNAL__" + GPU]["spec"]
    assert spec["display_name"] == "Python 3 (PyTorch 1.13 Python 3.9 GPU Optimized)"
    assert spec["metadata"]["atelier"]["gpu"] is True


def test_pytorch_runs_where_the_sdk_finds_its_role(lab, sagemaker, domain):
    made = ready_kernel(lab, PYTORCH)
    with Client(lab, made) as client:
        bucket, role = client.run(FIRST_CELL).split()[-2:]
        version = client.run("import torch; print(torch.__version__, torch.ones(3).sum().item())")
        assert client.run("import torchvision, s3fs, sklearn, seaborn, papermill, pyarrow") == ""
    settings = sagemaker.describe_domain(DomainId=domain)["DefaultUserSettings"]
    assert role == settings["ExecutionRole"] and bucket == "sagemaker-us-east-1-" + role.split(":")[4]
    assert version.startswith(("1.13.", "2.7.")) and version.split()[1] == "3.0"
    lab.own("DELETE", "/api/kernels/" + made)


def test_an_image_for_gpus_asks_for_an_instance_that_has_one(lab):
    if shutil.which("nvidia-smi"):
        pytest.skip("this machine has a GPU, which would be given")
    made = kernel(lab, GPU)
    assert made["instance_type"] == "ml.g4dn.xlarge"
    assert made["app_name"].startswith("pytorch-1-13-gpu-py3-ml-g4dn-xlarge-")
    failed = wait_until(lambda: next((each for each in [lab.own("GET", "/api/kernels/" + made["id"])]
                                      if each["app_status"] == "Failed"), None), "the app failed", 60)
    assert "ml.g4dn.xlarge" in failed["reason"] and "accelerator" in failed["reason"]
    lab.own("DELETE", "/api/kernels/" + made["id"])
