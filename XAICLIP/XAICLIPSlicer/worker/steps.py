"""Work in Slicer's own process that is done in small pieces."""

from collections import deque
from collections.abc import Iterator

import qt


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
        """Do this after what is waiting already.

        Parameters
        ----------
        work : iterator
            Each of its steps is a piece.
        """
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
