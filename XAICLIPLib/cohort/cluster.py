"""Where workers are: on this machine, in a Ray of one run that nobody else hears, or on a cluster."""

from __future__ import annotations

import math
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from XAICLIPLib.cohort.alone import ALONE, bare, environment, imported, private_folder
from XAICLIPLib.errors import InputError, ResourceError
from XAICLIPLib.threads import wait_asleep

CORES_PER_SLOT = 4  # where nobody says how many slots: more threads than this make a model little faster
_STORE_BYTES = 80 * 2**20  # the least that Ray takes; results are small, and volumes go by files
_REACH_SECONDS = 5.0


@dataclass(frozen=True)
class Wanted:
    """What a user wants of the machines.

    Attributes
    ----------
    address : str, optional
        HOST:PORT of a cluster, or "auto" for the one of this machine; None starts one here.
    slots : int, optional
        Workers, each with models of its own.
    threads : int, optional
        Of each.
    gpus : float, optional
        Of each; a part of one where several share it.
    is_cpu : bool
        Whether no GPU is to be used.
    """

    address: str | None = None
    slots: int | None = None
    threads: int | None = None
    gpus: float | None = None
    is_cpu: bool = False

    def __post_init__(self) -> None:
        for name, value in (("--slots", self.slots), ("--threads", self.threads)):
            if value is not None and value < 1:
                raise InputError(f"{name} is {value}; give 1 or more")
        if self.gpus is not None and not (0 <= self.gpus <= 1 or float(self.gpus).is_integer()):
            raise InputError(f"--gpus-per-slot is {self.gpus:g}; give a part of one, such as 0.5, or a whole number")


class Place:
    """A Ray that runs, and the workers that it has room for.

    Parameters
    ----------
    ray : module
    slots, threads : int
    gpus : float
        As in `Wanted`, decided.
    """

    def __init__(self, ray: Any, slots: int, threads: int, gpus: float) -> None:
        self._ray, self.slots, self.threads, self.gpus = ray, slots, threads, gpus
        self.errors: tuple[type[Exception], ...] = (ray.exceptions.RayError,)
        self.faults: tuple[type[Exception], ...] = (ray.exceptions.RayTaskError,)  # of those, what work raised itself

    def actor(self, make: Callable[[], Any]) -> Any:
        """Start a worker.

        Parameters
        ----------
        make : callable
            Makes its work, in its process.

        Returns
        -------
        object
            Ray's handle.
        """
        remote = self._ray.remote(_Actor)
        options = {"num_cpus": self.threads, "num_gpus": self.gpus, "max_restarts": 0, "max_task_retries": 0}
        return remote.options(**options).remote(make, self.threads)

    def wait(self, references: Sequence[Any], seconds: float) -> Sequence[Any]:
        """Wait for the first of some answers.

        Parameters
        ----------
        references : sequence
        seconds : float
            At most.

        Returns
        -------
        sequence
            Those that are there.

        Raises
        ------
        ResourceError
            If the cluster is gone.
        """
        try:
            return self._ray.wait(list(references), num_returns=1, timeout=seconds)[0]
        except self.errors as error:
            raise ResourceError(f"Ray can't be reached any more ({error}); run the same command to go on") from error

    def get(self, reference: Any) -> Any:
        """An answer that is there.

        Parameters
        ----------
        reference : object

        Returns
        -------
        object
        """
        return self._ray.get(reference)

    def end(self, actor: Any) -> None:
        """End a worker.

        Parameters
        ----------
        actor : object
        """
        with suppress(Exception):  # whatever state Ray is in: it ends with the run at the latest
            self._ray.kill(actor, no_restart=True)


class _Actor:
    """A worker's process."""

    def __init__(self, make: Callable[[], Any], threads: int) -> None:
        wait_asleep()
        os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(threads)  # before PyTorch reads it
        self._work = make()

    def ready(self) -> str:
        return self._work.ready()

    def do(self, task: Any) -> Any:
        return self._work(task)


@contextmanager
def started(wanted: Wanted) -> Iterator[Place]:
    """Ray as long as the block runs: started here, or reached.

    Parameters
    ----------
    wanted : Wanted

    Yields
    ------
    Place

    Raises
    ------
    MissingPackage
        If Ray is not installed.
    InputError
        If the cluster can't be reached, or has no room.
    """
    with environment(ALONE if wanted.address is None else {"RAY_USAGE_STATS_ENABLED": "0"}):
        ray = imported(wanted.address is None)
        if ray.is_initialized():
            raise InputError("Ray is in use in this process already; end it with ray.shutdown(), or run xaiclip cohort")
        folder = None
        try:
            if wanted.address is None:
                folder = private_folder()
                yield _here(ray, wanted, folder)
            else:
                yield _there(ray, wanted, wanted.address)
        finally:
            ray.shutdown()
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)


def _here(ray: Any, wanted: Wanted, folder: str) -> Place:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    gpus = {"num_gpus": 0} if wanted.is_cpu else {}
    most = (wanted.slots or cores) * (wanted.threads or cores)  # more than there are, where the user says so
    try:
        with bare():
            ray.init(
                address="local", num_cpus=max(cores, most), include_dashboard=False, log_to_driver=False,
                logging_level="ERROR", configure_logging=False, object_store_memory=_STORE_BYTES, _temp_dir=folder,
                **gpus,
            )  # fmt: skip
    except (OSError, RuntimeError, ValueError, TimeoutError) as error:
        raise ResourceError(
            f"Ray does not start ({_first_line(error)}); is there memory, and room in {folder}?"
        ) from error
    each, slots = _shared(wanted, ray.cluster_resources().get("GPU", 0), max(1, cores // CORES_PER_SLOT))
    return Place(ray, slots, wanted.threads or max(1, cores // slots), each)


def _there(ray: Any, wanted: Wanted, address: str) -> Place:
    if "://" in address:
        raise InputError(f"the address {address} is of Ray's client; give HOST:PORT of the cluster's head, or auto")
    if address != "auto":
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise InputError(f"the address {address!r} is none; give HOST:PORT of the cluster's head, or auto")
        try:
            socket.create_connection((host, int(port)), _REACH_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise InputError(
                f"no cluster answers at {address} ({error}); check the address, and `ray status`"
            ) from error
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", configure_logging=False)
    except Exception as error:  # versions that differ, a port of something else, a token that is not the cluster's
        raise InputError(
            f"the cluster at {address} can't be used ({_first_line(error)}); check `ray status`"
        ) from error
    resources = ray.cluster_resources()
    threads = wanted.threads or 1
    room = math.floor(resources.get("CPU", 0) / threads)
    each, slots = _shared(wanted, resources.get("GPU", 0), max(1, room))
    if slots * threads > resources.get("CPU", 0) or slots * each > resources.get("GPU", 0) + 1e-9:
        raise InputError(
            f"the cluster has {resources.get('CPU', 0):g} processors and {resources.get('GPU', 0):g} GPUs, too few for "
            f"{slots} slots of {threads} threads and {each:g} GPUs; choose fewer --slots, --threads or --gpus-per-slot"
        )
    return Place(ray, slots, threads, each)


def _shared(wanted: Wanted, gpus: float, otherwise: int) -> tuple[float, int]:
    """How much of a GPU each worker has, and how many workers there are."""
    each = wanted.gpus if wanted.gpus is not None else 0.0 if wanted.is_cpu or not gpus else 1.0
    if each and not gpus:
        raise InputError("--gpus-per-slot: there is no GPU; leave it out, or choose --device cpu")
    return each, wanted.slots or (max(1, math.floor(gpus / each)) if each else otherwise)


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200].rstrip(". ")
