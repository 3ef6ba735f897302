"""The progress bar of the command line, and Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from XAICLIPLib.errors import Cancelled

if TYPE_CHECKING:
    from tqdm import tqdm

LINE_SECONDS = 20.0  # between two lines where there is no terminal that a bar could be drawn on


class Bar:
    """A progress bar with the time left, that turns Ctrl-C, and SIGTERM, into a clean stop between two
    batches.

    Where the standard error is no terminal, a line says now and then how far it is.

    Parameters
    ----------
    shown : bool
        False draws and prints nothing; Ctrl-C is handled all the same.
    """

    def __init__(self, shown: bool = True) -> None:
        self._bar: tqdm | None = None
        self._stopped = False
        self._draws = shown and sys.stderr.isatty()
        self._prints = shown and not self._draws
        self._last_line = time.monotonic()

    def __enter__(self) -> Bar:
        self._before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *error) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._bar is not None:
            self._bar.close()

    def _stop(self, number, frame) -> None:
        if self._stopped:
            raise KeyboardInterrupt  # the second Ctrl-C does not wait for the batch
        self._stopped = True

    def __call__(self, done: float, total: float, message: str) -> None:
        from tqdm import tqdm

        if self._stopped:
            raise Cancelled("stopped with Ctrl-C")
        if self._bar is None:
            shape = "{desc} {percentage:3.0f}%|{bar}| {elapsed} < {remaining}"
            self._bar = tqdm(total=total, bar_format=shape, disable=not self._draws, leave=False)
        self._bar.set_description_str(message, refresh=False)
        if total != self._bar.total:  # something else has begun, and takes a time of its own
            self._bar.reset(total)
        self._bar.update(done - self._bar.n)
        if self._prints and time.monotonic() - self._last_line >= LINE_SECONDS:
            self._last_line = time.monotonic()
            print(f"xaiclip: {message}, {done / max(total, 1e-9):.0%} done", file=sys.stderr, flush=True)

    def megabytes(self, done: float, total: float, message: str) -> None:
        """The same for a download, which is counted in MB.

        Parameters
        ----------
        done, total : float
            Megabytes that are here, and that there are.
        message : str
            What is downloaded.
        """
        self(done, total, f"{message} {done:.0f} of {total:.0f} MB")


def terminate_as_interrupted() -> None:
    """Let SIGTERM end a command as Ctrl-C does, so that it cleans up what it has begun."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
