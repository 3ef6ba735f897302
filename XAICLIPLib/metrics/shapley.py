"""Exact Shapley values of a few players, from what every one of their coalitions is worth."""

from __future__ import annotations

from math import factorial

import numpy as np

from XAICLIPLib.errors import InputError

MOST_PLAYERS = 6  # of whom every coalition is tried: 64


def shapley_values(worth: np.ndarray) -> np.ndarray:
    """The Shapley value of each player: what it adds, averaged over all orders in which the players may come.

    Parameters
    ----------
    worth : ndarray, shape (2**n, ...)
        What each coalition is worth; bit i of its number says whether player i is in it.

    Returns
    -------
    ndarray, shape (n, ...), float64
        Their sum is what all are worth less what none is.

    Raises
    ------
    InputError
        If there is not one value for each coalition.

    References
    ----------
    Shapley, A value for n-person games, 1953.

    Examples
    --------
    >>> shapley_values(np.array([0.0, 1.0, 2.0, 3.0])).tolist()  # additive: each is worth its own
    [1.0, 2.0]
    """
    worth = np.asarray(worth, np.float64)
    count = len(worth).bit_length() - 1
    if count < 1 or len(worth) != 2**count:
        raise InputError(f"there are {len(worth)} coalitions; give one value for each of the 2**n")
    values = np.zeros((count, *worth.shape[1:]))
    for player in range(count):
        for others in range(len(worth)):
            if others >> player & 1:
                continue
            size = others.bit_count() if hasattr(int, "bit_count") else bin(others).count("1")
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            values[player] += weight * (worth[others | 1 << player] - worth[others])
    return values
