"""Where workers are: on this machine, in a Ray of one run that nobody else hears, or on a cluster."""

from __future__ import annotations

import math
import os
import re
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from XAICLIPLib.errors import InputError, MissingPackage, ResourceError
from XAICLIPLib.threads import wait_asleep

CORES_PER_SLOT = 4  # where nobody says how many slots: more threads than this make a model little faster
_STORE_BYTES = 80 * 2**20  # the least that Ray takes; results are small, and volumes go by files
_REACH_SECONDS = 5.0
_LONGEST_PLACE = 16  # characters of a path that still leaves room for the names of Ray's sockets, 107 in all
_FOLDER = "xai-ray-"
# Nothing is told to anybody, nothing listens beyond this machine, nobody else on it can send it work, and workers run
# as readily as any program does: Ray would have all others go first. No worker is started that is not asked for.
ALONE = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_worker_niceness": "0",
    "RAY_prestart_worker_first_driver": "false",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1",
}
_UNUSED = ("start_api_server", "start_monitor", "start_log_monitor")  # of Ray's node, see `_bare`
_MARK = "_xaiclip_alone"  # of a Ray that was imported with these


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
    with _environment(ALONE if wanted.address is None else {"RAY_USAGE_STATS_ENABLED": "0"}):
        ray = _imported(wanted.address is None)
        if ray.is_initialized():
            raise InputError("Ray is in use in this process already; end it with ray.shutdown(), or run xaiclip cohort")
        folder = None
        try:
            if wanted.address is None:
                folder = _private_folder()
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
        with _bare():
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


def _imported(is_alone: bool) -> Any:
    """Ray, which reads once, when it is imported, whether it may listen to other machines."""
    was_there = "ray" in sys.modules
    try:
        import ray
    except ImportError as error:
        raise MissingPackage("a cohort", "ray", "cohort") from error
    if is_alone and was_there and not getattr(ray, _MARK, False):
        raise InputError(
            "Ray was imported in this process before and would listen to other machines; run xaiclip cohort, or use a "
            "process of its own"
        )
    if is_alone:
        setattr(ray, _MARK, True)
    # Ray prints a page to where results go for each worker that dies; here that is told in a line, as a reason
    with suppress(ImportError):
        import_module("ray._private.worker").__dict__["print_to_stdstream"] = lambda *args, **kwargs: None
    return ray


@contextmanager
def _bare() -> Iterator[None]:
    """Have Ray start without programs that a run of its own has no use for: it starts a head of the dashboard, an
    autoscaler and a collector of logs even where they are switched off, and waits until they are there."""
    node: Any = None
    with suppress(ImportError, AttributeError):
        node = import_module("ray._private.node").Node
    before = {name: node.__dict__[name] for name in _UNUSED if node is not None and name in node.__dict__}
    for name in before:
        setattr(node, name, _start_nothing)
    try:
        yield
    finally:
        for name, start in before.items():
            setattr(node, name, start)


def _start_nothing(node: Any, *args: Any, **named: Any) -> None:
    node._webui_url = ""  # as Ray has it without a dashboard


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set what Ray reads of the environment, also in the processes that it starts; afterwards all is as it was."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _private_folder() -> str:
    """A folder for Ray's sockets and logs that nobody else can read, and that goes with the run.

    Where a run was killed it could not: the next one removes it.
    """
    place = tempfile.gettempdir()
    if len(place) > _LONGEST_PLACE and os.path.isdir("/tmp"):
        place = "/tmp"
    for name in os.listdir(place):
        run = re.fullmatch(rf"{_FOLDER}(\d+)-\w+", name)
        if run and not _runs(int(run[1])):
            shutil.rmtree(os.path.join(place, name), ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-", dir=place)


def _runs(pid: int) -> bool:
    """Whether there is such a process; where nobody can tell there is."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200].rstrip(". ")
