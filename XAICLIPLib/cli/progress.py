"""The progress bar of the command line, and Ctrl-C."""

from __future__ import annotations

import signal
import sys

from XAICLIPLib.errors import Cancelled


class Bar:
    """A progress bar with the time left, that turns Ctrl-C into a clean stop between two batches."""

    def __init__(self) -> None:
        self._bar = None
        self._stopped = False

    def __enter__(self) -> Bar:
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *error) -> None:
        signal.signal(signal.SIGINT, self._before)
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
            self._bar = tqdm(total=total, bar_format=shape, disable=not sys.stderr.isatty(), leave=False)
        self._bar.set_description_str(message, refresh=False)
        if total != self._bar.total:  # something else has begun, and takes a time of its own
            self._bar.reset(total)
        self._bar.update(done - self._bar.n)

    def megabytes(self, done: float, total: float, message: str) -> None:
        """The same for a download, which is counted in MB."""
        self(done, total, f"{message} {done:.0f} of {total:.0f} MB")
