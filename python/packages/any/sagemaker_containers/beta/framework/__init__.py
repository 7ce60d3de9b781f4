"""The names of sagemaker_containers.beta.framework."""

from sagemaker_training import (  # noqa: F401
    content_types, encoders, entry_point, environment as env, errors, files, functions, logging_config as logging,
    mapping, modules, params, process, runner)

from sagemaker_containers.beta.framework import transformer, worker  # noqa: F401
