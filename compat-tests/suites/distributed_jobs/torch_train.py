"""Handwritten digits, learned on every host at once, by torchrun."""
import os
import sys

import numpy as np
import torch
import torch.distributed as dist
from torch import nn

if "smddp" in sys.argv:
    import smdistributed.dataparallel.torch.torch_smddp  # noqa: F401
dist.init_process_group("smddp" if "smddp" in sys.argv else "gloo")
rank, world = dist.get_rank(), dist.get_world_size()
torch.manual_seed(0)
rows = np.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "digits.csv"), delimiter=",", dtype=np.float32)
x, y = torch.from_numpy(rows[:, 1:] / 16), torch.from_numpy(rows[:, 0].astype(np.int64))
model = nn.parallel.DistributedDataParallel(nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)))
opt = torch.optim.Adam(model.parameters(), lr=0.01)
learned, held_out = slice(rank, 1400, world), slice(1400, None)
for epoch in range(60):
    loss = nn.functional.cross_entropy(model(x[learned]), y[learned])
    opt.zero_grad()
    loss.backward()
    opt.step()
with torch.no_grad():
    accuracy = (model(x[held_out]).argmax(1) == y[held_out]).float().mean().item()
print("rank %d of %d loss=%.6f; accuracy=%.4f;" % (rank, world, loss.item(), accuracy), flush=True)
if rank == 0:
    torch.save(model.module.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
