"""Checkpoints of a training that may be interrupted: one model per round, of which the last ones are kept."""

import logging
import os
import re
import tempfile

import xgboost as xgb
from sagemaker_xgboost_container import membership

CHECKPOINT_FILENAME = "xgboost-checkpoint"
TEMP_FILE_SUFFIX = ".sagemaker-ignore"

_NAME = re.compile(r"%s\.(\d+)" % re.escape(CHECKPOINT_FILENAME))
logger = logging.getLogger(__name__)
# before XGBoost 1.3 a callback is a function
_Callback = getattr(xgb.callback, "TrainingCallback", object)


def train(train_args, checkpoint_dir):
    """``xgboost.train(**train_args)``, from the last checkpoint on and with a checkpoint after every round."""
    args = dict(train_args)
    args["xgb_model"], done = load_checkpoint(checkpoint_dir)
    if args["xgb_model"]:
        logger.info("Checkpoint loaded from %s", args["xgb_model"])
        logger.info("Resuming from iteration %s", done)
    rounds = args.get("num_boost_round", 10)
    args["num_boost_round"] = max(rounds - done, 0)
    args["verbose_eval"] = False
    args["callbacks"] = list(args.get("callbacks") or []) + [
        print_checkpointed_evaluation(end_iteration=rounds, start_iteration=done),
        save_checkpoint(checkpoint_dir, start_iteration=done, num_round=rounds)]
    return xgb.train(**args)


def load_checkpoint(checkpoint_dir, max_try=5):
    """The path of the last checkpoint that can be read and the number of rounds it holds; (None, 0) without one."""
    found = _checkpoints(checkpoint_dir)
    for iteration in sorted(found, reverse=True)[:max_try]:
        try:
            xgb.Booster(model_file=found[iteration])
            return found[iteration], iteration + 1
        except xgb.core.XGBoostError:
            logger.warning("The checkpoint %s cannot be read", found[iteration])
    return None, 0


def save_checkpoint(checkpoint_dir, start_iteration=0, max_to_keep=5, num_round=None, rank=0, iteration=0,
                    end_iteration=None):
    """A callback that stores the model after every round."""
    return SaveCheckpointCallBack(checkpoint_dir, start_iteration, max_to_keep, num_round, rank, iteration,
                                  end_iteration)


def print_checkpointed_evaluation(end_iteration, iteration=0, rank=0, period=1, show_stdv=True, start_iteration=0):
    """A callback that prints the evaluation with the number of the round in the whole training."""
    return PrintCheckpoint(end_iteration, iteration, rank, period, show_stdv, start_iteration)


class SaveCheckpointCallBack(_Callback):
    """Stores ``xgboost-checkpoint.<round>`` whole or not at all, on the host of rank 0."""

    def __init__(self, checkpoint_dir, start_iteration=0, max_to_keep=5, num_round=None, rank=0, iteration=0,
                 end_iteration=None):
        super().__init__()
        self.checkpoint_dir = checkpoint_dir
        self.max_to_keep = max_to_keep
        self.rank = rank
        os.makedirs(checkpoint_dir, exist_ok=True)
        # rounds are counted on from the checkpoints that are there, whatever the caller knows about them
        present = _checkpoints(checkpoint_dir)
        self.next_round = max([start_iteration] + [each + 1 for each in present])
        self.previous = set(present)

    def format_path(self, iteration):
        return os.path.join(self.checkpoint_dir, "%s.%d" % (CHECKPOINT_FILENAME, iteration))

    def after_iteration(self, model, epoch=0, evals_log=None):
        if self.rank == 0 and membership.get_rank() == 0:
            handle, path = tempfile.mkstemp(suffix=TEMP_FILE_SUFFIX, dir=self.checkpoint_dir)
            os.close(handle)
            with open(path, "wb") as file:
                file.write(_raw(model))
            os.replace(path, self.format_path(self.next_round))
            old = self.next_round - self.max_to_keep
            if old >= 0 and old not in self.previous and os.path.exists(self.format_path(old)):
                os.remove(self.format_path(old))
        self.next_round += 1
        return False

    def __call__(self, env):
        self.after_iteration(env.model)


class PrintCheckpoint(_Callback):
    """Prints every ``period`` rounds what XGBoost would print itself, counted from ``start_iteration``."""

    def __init__(self, end_iteration, iteration=0, rank=0, period=1, show_stdv=True, start_iteration=0):
        super().__init__()
        self.rank = rank
        self.period = period
        self.start_iteration = start_iteration

    def after_iteration(self, model, epoch=0, evals_log=None):
        done = self.start_iteration + epoch
        if self.rank == 0 and evals_log and self.period and done % self.period == 0:
            scores = ["%s-%s:%.5f" % (data, metric, _last(history))
                      for data, metrics in evals_log.items() for metric, history in metrics.items()]
            membership.communicator_print("[%d]\t%s\n" % (done, "\t".join(scores)))
        return False

    def __call__(self, env):
        history = {}
        for name, score in env.evaluation_result_list:
            data, metric = name.split("-", 1)
            history.setdefault(data, {})[metric] = [score]
        self.after_iteration(env.model, env.iteration, history)


def _raw(model):
    try:
        return model.save_raw("ubj")
    except TypeError:  # before 1.6 there is one format
        return model.save_raw()


def _last(history):
    value = history[-1]
    return value[0] if isinstance(value, tuple) else value


def _checkpoints(folder):
    """The checkpoints' paths by their round."""
    names = os.listdir(folder) if folder and os.path.isdir(folder) else []
    return {int(match.group(1)): os.path.join(folder, match.group()) for match in map(_NAME.fullmatch, names) if match}
