"""What a run hid, in the terms of its method: what a listener is told at the end, to make sense of the outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

Fit = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class WindowDesign:
    """Windows that were hidden one at a time.

    Attributes
    ----------
    region : ndarray, shape (*S), bool
        Nothing outside it was hidden.
    windows : ndarray, shape (W, D, 2), int32
        Start and stop of the windows whose mean the map is, along each axis.
    combined : csr_matrix, shape (W, N)
        How the value of each window follows from those of the N copies, in the order in which these were evaluated:
        several windows can give the same copy, some change nothing, and some were interpolated.
    """

    region: np.ndarray
    windows: np.ndarray
    combined: sparse.csr_matrix


@dataclass(frozen=True, eq=False)
class PartDesign:
    """Parts that were hidden together by patterns.

    Attributes
    ----------
    number : ndarray, shape (*S), int32
        The part of each pixel; −1 for the pixels of none.
    count : int
        How many parts there are, F.
    fit : callable
        The method's linear fit for any number of right-hand sides: from how much J outputs fell in the N copies, (N, J)
        float64, in the order in which these were evaluated, to how much each falls when a part is hidden, and the
        standard errors of that: (F, J) twice.
    names : tuple of str
        What the parts are called, if they are anything.
    """

    number: np.ndarray
    count: int
    fit: Fit
    names: tuple[str, ...] = ()


Design = WindowDesign | PartDesign
