"""Linear regression on every host at once, by torchrun."""
import os
import sys

import torch
import torch.distributed as dist
from torch import nn

if "smddp" in sys.argv:
    import smdistributed.dataparallel.torch.torch_smddp  # noqa: F401
dist.init_process_group("smddp" if "smddp" in sys.argv else "gloo")
rank, world = dist.get_rank(), dist.get_world_size()
torch.manual_seed(0)
x = torch.randn(512, 8)
y = (x @ torch.arange(8.0)).unsqueeze(1)
model = nn.parallel.DistributedDataParallel(nn.Linear(8, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
part = slice(rank, None, world)
for step in range(60):
    loss = ((model(x[part]) - y[part]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
print("rank %d of %d loss=%.8f;" % (rank, world, loss.item()), flush=True)
if rank == 0:
    torch.save(model.module.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
