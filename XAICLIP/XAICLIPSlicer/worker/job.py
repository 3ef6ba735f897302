"""An explanation under way, and work in Slicer's own process that is done in small pieces."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import qt

from XAICLIPLib.case.request import Request


@dataclass(eq=False)
class Job:
    """One explanation under way.

    Attributes
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
    request : Request
    folder : Path
        Where the worker writes; it holds the report and the pictures afterwards.
    run : RunNodes, optional
        The nodes of the result; made with the first slice.
    unfinished : RunNodes, optional
        The same while they are being made.
    state : str
        "running", "stopping", then "finished", "stopped", "failed" or "abandoned".
    """

    volumeNode: object
    request: Request
    folder: Path
    onFinished: Callable | None = None
    onProgress: Callable | None = None
    onError: Callable | None = None
    run: object = None
    unfinished: object = None
    state: str = "running"
    id: int | None = None
    started: float = field(default_factory=time.monotonic)
    firstSlice: int | None = None

    @property
    def isRunning(self) -> bool:
        return self.state in ("running", "stopping")

    def secondsLeft(self, done: float, total: float) -> float | None:
        """About how long it still takes; None before anything can be said."""
        elapsed = time.monotonic() - self.started
        return elapsed * (total - done) / done if done > 0 and elapsed > 1 else None


class Steps:
    """Work in Slicer's own process, one piece at a time, with Slicer's event loop served in between.

    A work is an iterator: each of its steps is a piece, and what it yields means nothing.
    """

    def __init__(self) -> None:
        self._waiting: deque[Iterator] = deque()
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self._next)

    def add(self, work: Iterator) -> None:
        """Do this after what is waiting already."""
        self._waiting.append(work)
        if not self._timer.active:
            self._timer.start()

    def _next(self) -> None:
        work = self._waiting.popleft()
        if self._waiting:
            self._timer.start()
        for _piece in work:
            self._waiting.appendleft(work)
            self._timer.start()
            break
