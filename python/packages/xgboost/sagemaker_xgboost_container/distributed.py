"""Training on several hosts with XGBoost's own collective; the first host by name runs the tracker."""

import logging
import socket
import sys
import time

from sagemaker_xgboost_container import membership
from sagemaker_xgboost_container.membership import XGBoostError

LOCAL_HOSTNAME = "127.0.0.1"
_FIRST_PORT = 9099
_CONNECTED = 600  # seconds that a host waits for another one, which may still read its data
_RESOLVED = 900
_PATIENCE = 5  # seconds for the others to notice a failure
_ATTEMPTS = 60


def wait_hostname_resolution(sm_hosts):
    """Returns when every host has an address."""
    for host in sm_hosts:
        _address(host)


def rabit_run(exec_fun, args, include_in_training, hosts, current_host, first_port=None, second_port=None,
              max_connect_attempts=None, connect_retry_timeout=10, update_rabit_args=False):
    """Runs ``exec_fun(**args)`` on the hosts that have data, joined to one training; the others end here.

    :param update_rabit_args: whether to tell the function, as ``is_master``, if its host is the one that stores
    """
    first_port = first_port or _FIRST_PORT
    with Rabit(hosts, current_host, port=first_port, max_connect_attempts=max_connect_attempts,
               connect_retry_timeout=connect_retry_timeout) as everyone:
        said = everyone.synchronize({"host": current_host, "include_in_training": bool(include_in_training)})
    trained = [each["host"] for each in said if each["include_in_training"]]
    if not trained:
        raise RuntimeError("No hosts received training data.")
    if not include_in_training:
        logging.warning("Host %s not being used for distributed training.", current_host)
        sys.exit(0)
    with Rabit(trained, current_host, port=second_port or first_port + 1, max_connect_attempts=max_connect_attempts,
               connect_retry_timeout=connect_retry_timeout) as cluster:
        if update_rabit_args:
            args.update({"is_master": cluster.is_master})
        exec_fun(**args)


class RabitHelper:
    """What a host knows about the hosts that it is joined with."""

    def __init__(self, is_master, current_host, master_port):
        self.is_master = is_master
        self.current_host = current_host
        self.master_port = master_port
        self.rank = membership.get_rank()
        self.world_size = membership.get_world_size()

    def synchronize(self, data):
        """What every host gave, in order of rank."""
        return [membership.broadcast(data if rank == self.rank else None, rank) for rank in range(self.world_size)]


class Rabit:
    """Joins the hosts while its block runs."""

    def __init__(self, hosts, current_host=None, master_host=None, port=None, max_connect_attempts=None,
                 connect_retry_timeout=3):
        if max_connect_attempts is not None and max_connect_attempts <= 0:
            raise ValueError("max_connect_attempts must be None or an integer greater than 0.")
        self.hosts = sorted(hosts)
        self.n_workers = len(self.hosts)
        self.current_host = current_host or LOCAL_HOSTNAME
        self.master_host = master_host or self.hosts[0]
        self.is_master_host = self.current_host == self.master_host
        self.port = port or _FIRST_PORT
        self.max_connect_attempts = max_connect_attempts or _ATTEMPTS
        self.connect_retry_timeout = connect_retry_timeout
        self.tracker = None
        self.context = None

    def start(self):
        if self.n_workers > 1:
            address = _address(self.master_host)
            if self.is_master_host:
                self.tracker = membership.Tracker(self.n_workers, address, self.port, _CONNECTED)
            self.context = membership.join(
                address, self.port, "%06d" % self.hosts.index(self.current_host), _CONNECTED, self.max_connect_attempts,
                self.connect_retry_timeout)
        return RabitHelper(self.is_master_host or self.n_workers == 1, self.current_host, self.port)

    def stop(self):
        """Leaves the other hosts, once all are done; on the master it takes them to leave, too."""
        self._leave(None)

    def _leave(self, patience):
        if self.context is not None:
            context, self.context = self.context, None
            membership.leave(context)
        if self.tracker is not None:
            tracker, self.tracker = self.tracker, None
            tracker.stop(patience)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, failure, trace):
        if failure is None:
            self.stop()
            return
        # a process that ends without having left crashes; the others fail as soon as this one is gone
        try:
            self._leave(_PATIENCE)
        except (XGBoostError, ValueError) as second:
            logging.warning("Leaving the other hosts failed: %s", str(second).split("\n", 1)[0])


def _address(host):
    deadline = time.monotonic() + _RESOLVED
    while True:
        try:
            return socket.gethostbyname(host)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
