"""A map looked at while it is being made: shown while it is coarse, and its run ended once it has converged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from XAICLIPLib.attribution.result import Attribution

SHARES = (0.05, 0.1, 0.2, 0.4, 0.7)  # of the evaluations, after which the map so far is shown
CHECK_EVERY = 64
FEWEST = 128
EVEN = 4  # a batch of which ends at every check, so that none is cut short

Read = Callable[[], Attribution]
Show = Callable[[Read], None]


class Monitor:
    """To be called after each batch of a run.

    Parameters
    ----------
    read : callable
        From the number of evaluations done to the map that they give.
    total : int
        Evaluations of the whole run.
    show : callable, optional
        Called a few times with a function that gives the map so far; whoever does not want it now does not call that.
    tolerance : float, optional
        The run ends once the median standard error of every target's map is below this share of its largest value.
    fewest : int
        Evaluations before a standard error is believed.

    Attributes
    ----------
    checks : tuple of int
        The numbers of evaluations after which it is looked whether the run may end: the same whatever the batch size,
        so that a batch must end at each of them.
    """

    def __init__(
        self,
        read: Callable[[int], Attribution],
        total: int,
        show: Show | None = None,
        tolerance: float | None = None,
        fewest: int = FEWEST,
    ) -> None:
        self._read, self._tolerance, self._show = read, tolerance, show
        self._due = [share * total for share in SHARES] if show else []
        first = -(-fewest // EVEN) * EVEN
        self.checks = () if tolerance is None else tuple(range(first, total, CHECK_EVERY))

    def __call__(self, done: int) -> bool:
        """Look after `done` evaluations; true where the run may end."""
        if self._show and self._due and done >= self._due[0]:
            self._due = [due for due in self._due if due > done]
            self._show(lambda: self._read(done))
        if self._tolerance is None or done not in self.checks:
            return False
        return is_converged(self._read(done), self._tolerance)


def is_converged(found: Attribution, tolerance: float) -> bool:
    """Whether the standard error is small: its median below `tolerance` times the largest value, for every target.

    Parameters
    ----------
    found : Attribution
        One without standard errors is not known to have converged.
    tolerance : float
        Share of the largest value.

    Returns
    -------
    bool
    """
    if found.stderr is None:
        return False
    inside = found.evaluated
    largest = np.abs(found.drop[:, inside]).max(1)
    return bool((np.median(found.stderr[:, inside], axis=1) <= tolerance * largest).all())
