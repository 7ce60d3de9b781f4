"""The import by which scripts make the backend `smddp` known to PyTorch.

AWS's collectives need its network cards; here the name stands for NCCL where there are GPUs, else for gloo. Source:
https://docs.aws.amazon.com/sagemaker/latest/dg/data-parallel-modify-sdp-pt.html
"""
import warnings

import torch
import torch.distributed as dist

_SUBSTITUTE = "nccl" if torch.cuda.is_available() else "gloo"
_begin = dist.init_process_group


def init_process_group(backend=None, *arguments, **options):
    """As PyTorch's, taking `smddp` for what is there."""
    if str(backend).lower() == "smddp":
        warnings.warn("smddp needs AWS's network cards, which are not here: %s is used instead" % _SUBSTITUTE, stacklevel=2)
        backend = _SUBSTITUTE
    return _begin(backend, *arguments, **options)


dist.init_process_group = init_process_group
