"""A Ray of one run alone: how it is imported and started so that nobody else hears it and nothing of it is left."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from XAICLIPLib.errors import InputError, MissingPackage

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
_UNUSED = ("start_api_server", "start_monitor", "start_log_monitor")  # of Ray's node, see `bare`
_MARK = "_xaiclip_alone"  # of a Ray that was imported with these


def imported(is_alone: bool) -> Any:
    """Ray, which reads once, when it is imported, whether it may listen to other machines.

    Parameters
    ----------
    is_alone : bool
        Whether it is for this machine alone; then within `environment(ALONE)`.

    Returns
    -------
    module

    Raises
    ------
    MissingPackage
        If Ray is not installed.
    InputError
        If it was imported before, and would listen to other machines.
    """
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
def bare() -> Iterator[None]:
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
def environment(variables: dict[str, str]) -> Iterator[None]:
    """Set what Ray reads of the environment, also in the processes that it starts; afterwards all is as it was.

    Parameters
    ----------
    variables : dict of str to str

    Yields
    ------
    None
    """
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


def private_folder() -> str:
    """A folder for Ray's sockets and logs that nobody else can read, and that goes with the run.

    Where a run was killed it could not: the next one removes it.

    Returns
    -------
    str
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
