"""torchrun, also of a PyTorch that is older than its Python: since Python 3.11 iteration passes over the zero of a flag, by
which PyTorch before 2.0 looks up that nothing is redirected (https://docs.python.org/3/library/enum.html#enum.Flag)."""
from torch.distributed import run
from torch.distributed.elastic.multiprocessing import api

if api.Std.from_str("0") is None:
    look_up = api.Std.from_str
    api.Std.from_str = classmethod(lambda kind, text: kind.NONE if text == "0" else look_up(text))

run.main()
