"""An explanation under way: what the worker sends becomes the nodes of a run, piece by piece."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from XAICLIPLib import anatomy
from XAICLIPLib.case.request import Request
from XAICLIPSlicer.scene.names import nameOf
from XAICLIPSlicer.scene.nodes import addNodesInSteps, newRun
from XAICLIPSlicer.scene.results import completeRunInSteps, pasteSliceInSteps
from XAICLIPSlicer.scene.runs import removeRun
from XAICLIPSlicer.scene.words import methodName
from XAICLIPSlicer.worker.client import WorkerError
from XAICLIPSlicer.worker.errors import CANCELLED, EXPECTED, errorCode, errorText
from XAICLIPSlicer.worker.steps import Steps


@dataclass(eq=False)
class Job:
    """One explanation under way.

    Attributes
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    request : Request
        What was asked for.
    folder : Path
        Where the worker writes; it holds the report and the pictures afterwards.
    steps : Steps
        Where the work on the scene is queued.
    withdraw : callable
        Gets the id of the worker's request when its answer is not wanted any more.
    onFinished, onProgress, onError : callable, optional
        See `Runner.explain`.
    run : RunNodes, optional
        The nodes of the result; made with the first slice.
    unfinished : RunNodes, optional
        The same while they are being made.
    state : str
        "running", "stopping", then "finished", "stopped", "failed" or "abandoned".
    id : int, optional
        Of the worker's request.
    started : float
        On the monotonic clock, in seconds.
    firstSlice : int, optional
        The axial slice that was finished first, counted from the feet.
    """

    volumeNode: object
    request: Request
    folder: Path
    steps: Steps
    withdraw: Callable[[int | None], None]
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
        """Whether there is more to come, also after Cancel was pressed."""
        return self.state in ("running", "stopping")

    def secondsLeft(self, done: float, total: float) -> float | None:
        """About how long it still takes.

        Parameters
        ----------
        done, total : float
            Share of the work, in the worker's unit.

        Returns
        -------
        float or None
            Seconds; None before anything can be said.
        """
        elapsed = time.monotonic() - self.started
        return elapsed * (total - done) / done if done > 0 and elapsed > 1 else None

    def abandon(self) -> bool:
        """Stop and forget it: its scene is going away. Whether there was anything to stop."""
        if not self.isRunning:
            return False
        self.state = "abandoned"
        self._removeUnfinished()
        self.withdraw(self.id)
        return True

    # -- what the worker sends ----------------------------------------------------------------------------------------

    def progressed(self, progress: dict) -> None:
        """Take a message of the worker about its progress.

        Parameters
        ----------
        progress : dict
            "done", "total", "message" and, with a finished slice, "partial"; see `XAICLIPLib.worker`.
        """
        self._doInSteps(self._progressInSteps(progress))

    def explained(self, result: dict) -> None:
        """Take the worker's answer.

        Parameters
        ----------
        result : dict
            "summary", "warnings", "stopped"; the rest is in the job's folder.
        """
        self._doInSteps(self._finishInSteps(result))

    def failed(self, error) -> None:
        """Take the worker's refusal.

        Parameters
        ----------
        error : WorkerError
            What went wrong; the slices that were finished before are kept.
        """
        self._doInSteps(self._failInSteps(error))

    # -- step by step -------------------------------------------------------------------------------------------------

    def _progressInSteps(self, progress: dict) -> Iterator:
        partial = progress.get("partial")
        if partial:
            yield from self._makeRunInSteps()
            yield from pasteSliceInSteps(self.run, partial)
            if self.firstSlice is None:
                self.firstSlice = partial["z"]
        notify(self.onProgress, self, progress["done"], progress["total"], progress.get("message", ""))

    def _finishInSteps(self, result: dict) -> Iterator:
        yield from self._makeRunInSteps()
        yield from completeRunInSteps(self.run, str(self.folder), result)
        shutil.rmtree(self.folder / "partial", ignore_errors=True)
        yield
        self.state = "stopped" if result.get("stopped") else "finished"
        notify(self.onFinished, self.run)

    def _failInSteps(self, error) -> Iterator:
        yield from ()  # after what is waiting: slices that were finished before
        stopped = self.state == "stopping" or errorCode(error) == CANCELLED
        self.state = "stopped" if stopped else "failed"
        text = _("Stopped before the first slice was finished.") if stopped else errorText(error)
        if self.run is not None:
            text += " " + _("The slices that were finished are kept.")
        missing = getattr(error, "extra", ""), getattr(error, "source", "")
        notify(self.onError, WorkerError(text, errorCode(error) or 0, getattr(error, "type", ""), *missing))

    def _makeRunInSteps(self) -> Iterator:
        """Make the nodes of the result when the first of it is there."""
        if self.run is not None:
            return
        structures = [anatomy.describe(text) for text in self.request.structures]
        plain = [
            {"name": s.name, "label": s.label, "colour": tuple(s.colour), "snomed_ct": s.code or None}
            for s in structures
        ]
        name = "{structures} · {method}".format(
            structures=", ".join(nameOf(s.label) for s in structures), method=methodName(self.request.method.name)
        )
        self.unfinished = newRun(self.volumeNode, name, plain)
        yield from addNodesInSteps(self.unfinished, self.volumeNode)
        self.run, self.unfinished = self.unfinished, None
        yield

    def _doInSteps(self, work: Iterator) -> None:
        """Do a work piece by piece, as long as the job is not over."""

        def unlessOver() -> Iterator:
            while self.isRunning and not self._isGone():
                try:
                    next(work)
                except StopIteration:
                    return
                except Exception as error:  # what is raised in a slot is only printed, and the job would never end
                    self._break(error)
                yield

        self.steps.add(unlessOver())

    # -- early ends ---------------------------------------------------------------------------------------------------

    def _isGone(self) -> bool:
        """Whether the scan or the result was removed from the scene meanwhile; the job is then over."""
        present = slicer.mrmlScene.IsNodePresent
        kept = present(self.volumeNode) and (self.run is None or present(self.run.saliencyNode))
        if kept:
            return False
        if self.abandon():
            notify(self.onError, _("The scan or its result was removed from the scene, so the run was stopped."))
        return True

    def _break(self, error: Exception) -> None:
        """End the job for an error on this side, such as a full disk or a mistake of this program."""
        self.state = "failed"
        text = errorText(error)
        if not isinstance(error, EXPECTED):
            logging.exception("XAICLIP: a run could not be shown")
            text = _("The run could not be shown ({kind}: {text}); the application log has the whole story.")
            text = text.format(kind=type(error).__name__, text=error)
        try:
            self.withdraw(self.id)
            self._removeUnfinished()
        finally:
            notify(self.onError, text)

    def _removeUnfinished(self) -> None:
        """Nodes of which only a part was made are no result."""
        if self.unfinished is not None:
            removeRun(self.unfinished)
            self.unfinished = None


def notify(callback: Callable | None, *values) -> None:
    """Call a callback if there is one.

    Parameters
    ----------
    callback : callable or None
        What is called with the values.
    *values
        What it gets.
    """
    if callback:
        callback(*values)
