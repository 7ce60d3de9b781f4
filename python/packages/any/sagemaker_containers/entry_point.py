"""Waiting for the other hosts of a job, and running user code."""

from sagemaker_training.entry_point import _wait_hostname_resolution, install, run  # noqa: F401
