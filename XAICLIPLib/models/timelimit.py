"""How long a model may take for one answer; one that takes longer is left behind."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from XAICLIPLib.errors import OverTime

Answer = TypeVar("Answer")
_left: list[threading.Thread] = []  # that still compute


class TimeLimit:
    """A model that is asked in a thread of its own, so that nobody waits for it longer than told.

    Nothing can stop a loop inside a model, which may be one in C++. Its thread goes on until it ends by itself or the
    process does, so the command line and the worker end theirs, see `leave`.

    Parameters
    ----------
    seconds : float, optional
        For each call; None asks the model where the caller is, for as long as it takes.
    """

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.exceeded = False
        self._thread: threading.Thread | None = None
        self._calls: queue.SimpleQueue = queue.SimpleQueue()

    def __call__(self, ask: Callable[..., Answer], *given: Any) -> Answer:
        """What `ask` says to what is given; its errors pass as they are.

        Raises
        ------
        OverTime
            If it takes longer, and ever after: its thread is still busy.
        """
        if self.seconds is None or threading.current_thread() is self._thread:
            return ask(*given)
        if self.exceeded:
            raise self._over()
        if self._thread is None:
            # one thread for all calls: PyTorch keeps a pool of threads for each that asks
            self._thread = threading.Thread(target=_answer, args=(self._calls,), daemon=True, name="model")
            self._thread.start()
        answers: queue.SimpleQueue = queue.SimpleQueue()
        self._calls.put((_as_here(ask), given, answers))
        try:
            answer, error = answers.get(timeout=self.seconds)
        except queue.Empty:
            self.exceeded = True
            _left.append(self._thread)
            raise self._over() from None
        if error is not None:
            raise error
        return answer

    def around(self, ask: Callable[..., Answer]) -> Callable[..., Answer]:
        """The same callable with the limit; itself where there is none.

        Parameters
        ----------
        ask : callable
            The model; it takes positional arguments alone.

        Returns
        -------
        callable
            Raises `OverTime` as calling this does.
        """
        return ask if self.seconds is None else lambda *given: self(ask, *given)

    def __del__(self) -> None:
        self._calls.put(None)

    def _over(self) -> OverTime:
        return OverTime(
            f"the model took longer than the time limit of {self.seconds:g} s for one answer; give a longer one "
            "(--time-limit), a smaller batch or another device, or don't use this model: it may never end"
        )


def _answer(calls: queue.SimpleQueue) -> None:
    while (call := calls.get()) is not None:
        ask, given, answers = call
        try:
            answers.put((ask(*given), None))
        except BaseException as error:  # noqa: B036  it is raised where the model was asked
            answers.put((None, error))
        del call, ask, given, answers  # no image is kept until the next call


def _as_here(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same with the caller's modes of PyTorch, which belong to a thread."""
    import torch

    inference, gradients = torch.is_inference_mode_enabled(), torch.is_grad_enabled()

    def asked(*given: Any) -> Answer:
        with torch.inference_mode(inference), torch.set_grad_enabled(gradients and not inference):
            return ask(*given)

    return asked


def left_behind() -> bool:
    """Whether a model that took too long still computes in this process."""
    return any(thread.is_alive() for thread in _left)


def leave(status: int) -> None:
    """End this process at once where a model still computes in it; else go on.

    The interpreter's own end would take apart what the model's thread uses.

    Parameters
    ----------
    status : int
        The exit status of the process.
    """
    if left_behind():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
