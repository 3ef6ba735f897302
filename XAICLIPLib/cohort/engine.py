"""Many cases at once, on this machine or on a cluster: Ray's actors, each with models that stay loaded.

A worker process or a machine that dies costs the cases that it was at, which others take over.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from XAICLIPLib.cohort.cluster import Place
from XAICLIPLib.errors import ResourceError

ATTEMPTS = 5  # worker processes that one case may cost before it is given up
OPENINGS = 3  # of a worker, one after the other, that may die before it is ready
PATIENCE = 180.0  # seconds without any worker that is there
_TICK = 0.25  # seconds between two looks at whether the user wants to stop
T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class Work(Protocol[T_contra, R_co]):
    """What a worker does; made once in its process."""

    def ready(self) -> str:
        """Get ready, and say in one line why that can't be; nothing where it can."""
        ...

    def __call__(self, task: T_contra, /) -> R_co:
        """Do a task."""
        ...


@dataclass(frozen=True)
class Lost(Generic[T]):
    """A task that was given up, because each worker that tried it died.

    Attributes
    ----------
    task : object
    reason : str
    """

    task: T
    reason: str


class Engine(Generic[T, R_co]):
    """Workers that do tasks.

    Parameters
    ----------
    place : Place
        Where they are, see `cluster.started`.
    make : callable
        Makes the `Work` of a worker in its own process.
    on_tick : callable
        Called several times a second; what it raises ends the run.
    """

    def __init__(self, place: Place, make: Callable[[], Work[T, R_co]], on_tick: Callable[[], None]) -> None:
        self._place, self._make, self._on_tick = place, make, on_tick
        self._waking: dict[Any, _Worker] = {}
        self._busy: dict[Any, tuple[_Worker, T]] = {}
        self._attempts: dict[int, int] = {}
        self._last_sign = time.monotonic()

    def run(self, tasks: Iterable[T]) -> Iterator[R_co | Lost[T]]:
        """Do tasks, as many at once as there are workers.

        Parameters
        ----------
        tasks : iterable
            Taken as they are wanted.

        Yields
        ------
        object
            What the work gave for each, in the order in which they end; `Lost` for one that was given up. A worker
            whose result says that it `is_spent` is replaced.

        Raises
        ------
        ResourceError
            If no worker can be started, none is left, or one says that it can't get ready.
        """
        left, again = iter(tasks), deque[T]()
        workers = [_Worker(self._place, self._make) for _ in range(self._place.slots)]
        self._waking = {worker.ready(): worker for worker in workers}
        idle: list[_Worker] = []
        try:
            while True:
                while idle:
                    if not again:
                        again.extend(islice(left, 1))
                    if not again:
                        break
                    worker, task = idle.pop(), again.popleft()
                    self._busy[worker.do(task)] = worker, task
                if not self._busy and not again and idle:
                    return
                for reference in self._ended():
                    if reference in self._waking:
                        if self._is_ready(worker := self._waking.pop(reference), reference):
                            idle.append(worker)
                        continue
                    worker, task = self._busy.pop(reference)
                    try:
                        result = self._place.get(reference)
                    except self._place.faults as error:
                        idle.append(worker)
                        yield Lost(task, f"a fault of the program ({type(error).__name__}: {_last(error)})")
                    except self._place.errors as error:
                        lost = self._died(worker, task, error)
                        if lost is None:
                            again.append(task)
                        else:
                            yield lost
                    else:
                        if getattr(result, "is_spent", False):
                            self._waking[worker.again()] = worker
                        else:
                            idle.append(worker)
                        self._attempts.pop(id(task), None)
                        yield result
        finally:
            for worker in workers:
                worker.end()

    def _ended(self) -> Sequence[Any]:
        """What has ended since; asks the user now and then whether to go on."""
        self._on_tick()
        ended = self._place.wait([*self._busy, *self._waking], _TICK)
        if ended or self._busy:
            self._last_sign = time.monotonic()
        elif time.monotonic() - self._last_sign > PATIENCE:
            raise ResourceError(
                f"no worker has been there for {PATIENCE:.0f} s; are there machines with free processors, and GPUs "
                "where they are wanted? Run the same command to go on"
            )
        return ended

    def _is_ready(self, worker: _Worker, reference: Any) -> bool:
        try:
            refusal = self._place.get(reference)
        except self._place.errors as error:
            worker.openings += 1
            if worker.openings >= OPENINGS:
                raise ResourceError(
                    f"a worker died {OPENINGS} times while it opened the model ({_short(error)}); is there memory for "
                    f"{self._place.slots} of them? Choose fewer --slots"
                ) from error
            self._waking[worker.again()] = worker
            return False
        if refusal:
            raise ResourceError(refusal)
        worker.openings = 0
        return True

    def _died(self, worker: _Worker, task: T, error: Exception) -> Lost[T] | None:
        """Have another worker in its place; None where the task is to be tried again as well."""
        self._waking[worker.again()] = worker
        count = self._attempts[id(task)] = self._attempts.get(id(task), 0) + 1
        if count < ATTEMPTS:
            return None
        return Lost(task, f"the worker process died {count} times at it ({_short(error)})")


class _Worker:
    """One of Ray's actors, and after its death another in its place, wherever there is room."""

    def __init__(self, place: Place, make: Callable[[], Work]) -> None:
        self._place, self._make, self._actor, self.openings = place, make, place.actor(make), 0

    def ready(self) -> Any:
        return self._actor.ready.remote()

    def again(self) -> Any:
        self.end()  # it may be alive, and its machine not be reached
        self._actor = self._place.actor(self._make)
        return self.ready()

    def do(self, task: Any) -> Any:
        return self._actor.do.remote(task)

    def end(self) -> None:
        self._place.end(self._actor)


def _last(error: Exception) -> str:
    """What an error says behind the page on where it came from."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def _short(error: Exception) -> str:
    """What Ray says of a death, which is a page, in some words."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:120].rstrip(". :")
