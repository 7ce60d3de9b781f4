"""The names that scripts import from sagemaker-containers, which runs on no present Python.

Its successor, sagemaker-training, has them in modules of its own; what that left out is defined here.
"""
