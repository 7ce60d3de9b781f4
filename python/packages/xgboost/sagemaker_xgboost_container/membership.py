"""How hosts join one training, whichever XGBoost is here: its collective with a tracker of its own in C (2.1 and
later), with one in Python (1.7 to 2.0), and Rabit before."""

import importlib.util
import os
import time

import xgboost
from xgboost.core import XGBoostError

try:
    from xgboost import collective
    from xgboost.collective import broadcast, communicator_print, get_rank, get_world_size
except ImportError:
    collective = None
    from xgboost.rabit import broadcast, get_rank, get_world_size
    from xgboost.rabit import tracker_print as communicator_print

__all__ = ["XGBoostError", "Tracker", "broadcast", "communicator_print", "get_rank", "get_world_size", "join", "leave"]


def _tracker_class():
    try:
        from xgboost.tracker import RabitTracker
    except ImportError:
        # the first versions bring it in a folder that is no package
        path = os.path.join(os.path.dirname(xgboost.__file__), "dmlc-core", "tracker", "dmlc_tracker", "tracker.py")
        if not os.path.exists(path):
            raise RuntimeError(
                "XGBoost %s has no tracker to train on several hosts with" % xgboost.__version__) from None
        spec = importlib.util.spec_from_file_location("dmlc_tracker", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        RabitTracker = module.RabitTracker
    return RabitTracker


class Tracker:
    """What hosts find each other by; ranks are by the tasks' names where XGBoost can."""

    def __init__(self, workers, address, port, timeout):
        kind = _tracker_class()
        self.in_c = hasattr(kind, "wait_for")
        if self.in_c:
            self.tracker = kind(workers, address, port=port, sortby="task", timeout=timeout)
            self.tracker.start()
            return
        by_task = {"sortby": "task"} if collective else {}
        self.tracker = kind(address, workers, port=port, **by_task)
        self.tracker.start(workers)

    def stop(self, patience):
        """Waits until all hosts have left, for ``patience`` seconds at most; without end when it is None."""
        if self.in_c:
            self.tracker.wait_for(patience)
            self.tracker.free()
        else:
            self.tracker.thread.join(patience)


def join(address, port, task, timeout, attempts, delay):
    """Returns once all hosts are joined; what must be handed to ``leave``. A tracker may not listen yet."""
    if collective is None:
        from xgboost import rabit

        settings = {"DMLC_TRACKER_URI": address, "DMLC_TRACKER_PORT": port, "DMLC_TASK_ID": task,
                    "DMLC_WORKER_CONNECT_RETRY": attempts}
        rabit.init([("%s=%s" % setting).encode() for setting in settings.items()])
        return rabit
    if hasattr(_tracker_class(), "wait_for"):
        settings = {"dmlc_communicator": "rabit", "dmlc_tracker_uri": address, "dmlc_tracker_port": port,
                    "dmlc_task_id": task, "dmlc_timeout": timeout}
    else:
        settings = {"xgboost_communicator": "rabit", "DMLC_TRACKER_URI": address, "DMLC_TRACKER_PORT": port,
                    "DMLC_TASK_ID": task, "DMLC_WORKER_CONNECT_RETRY": attempts}
    for attempt in range(1, attempts + 1):
        context = collective.CommunicatorContext(**settings)
        try:
            context.__enter__()
            return context
        except XGBoostError:
            if attempt == attempts:
                raise
            time.sleep(min(attempt, delay))


def leave(joined):
    if collective is None:
        joined.finalize()
    else:
        joined.__exit__(None, None, None)
