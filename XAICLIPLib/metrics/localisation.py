"""Where a map's positive part lies: pointing game, relevance rank and mass accuracy, leakage.

Each comes with the value that the bare region has, i.e. a map that is 1 wherever the real one says something. A map
that ends at the region's edge localises well almost by construction; only what it has beyond the region's own value is
the map's merit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from XAICLIPLib.errors import InputError

MARGIN_MM = 10.0


def pointing_game(values: np.ndarray, target: np.ndarray) -> float:
    """Whether the map's largest value lies in the target: 1 or 0 (Zhang et al., IJCV 2018).

    Parameters
    ----------
    values : ndarray, shape (*S)
        Signed map.
    target : ndarray of bool, shape (*S)

    Returns
    -------
    float
        Where several pixels share the largest value, the share of them in the target, which is the expected hit of one
        drawn at random; nan where nothing of the map is positive, or the target is empty.
    """
    values, target = _pair(values, target)
    largest = values.max(initial=0.0)
    if largest <= 0 or not target.any():
        return float("nan")
    return float(target[values == largest].mean())


def relevance_rank_accuracy(values: np.ndarray, target: np.ndarray) -> float:
    """Share of the target's |T| pixels among the map's |T| highest (Arras et al., Information Fusion 2022).

    Parameters
    ----------
    values : ndarray, shape (*S)
        Signed map.
    target : ndarray of bool, shape (*S)

    Returns
    -------
    float
        0 to 1. Of pixels that tie at the last place the expected share counts, so that the number does not hang on how
        they are sorted. nan where the target is empty.
    """
    values, target = _pair(values, target)
    size = int(target.sum())
    if not size:
        return float("nan")
    flat, inside = values.ravel(), target.ravel()
    last = np.partition(flat, flat.size - size)[flat.size - size]
    above, level = flat > last, flat == last
    return float((inside[above].sum() + (size - above.sum()) * inside[level].mean()) / size)


def relevance_mass_accuracy(values: np.ndarray, target: np.ndarray) -> float:
    """Share of the map's positive mass inside the target (Arras et al., Information Fusion 2022).

    Of the positive part alone: with a signed map's sum in the denominator the share has no bounds.

    Parameters
    ----------
    values : ndarray, shape (*S)
        Signed map.
    target : ndarray of bool, shape (*S)

    Returns
    -------
    float
        0 to 1; nan where nothing of the map is positive, or the target is empty.
    """
    values, target = _pair(values, target)
    positive = np.maximum(values, 0)
    total = positive.sum(dtype=float)
    return float(positive[target].sum(dtype=float) / total) if total > 0 and target.any() else float("nan")


def leakage(
    values: np.ndarray, target: np.ndarray, spacing: float | Sequence[float], margin_mm: float = MARGIN_MM
) -> float:
    """Share of the map's positive mass further than `margin_mm` from the target.

    Parameters
    ----------
    values : ndarray, shape (*S)
        Signed map.
    target : ndarray of bool, shape (*S)
    spacing : float or sequence of floats
        mm per axis, in the array's order.
    margin_mm : float
        From the target's nearest pixel.

    Returns
    -------
    float
        0 to 1; nan where nothing of the map is positive, or the target is empty.
    """
    values, target = _pair(values, target)
    if not target.any():
        return float("nan")
    steps = np.broadcast_to(np.asarray(spacing, float), target.ndim)
    near = ndimage.distance_transform_edt(~target, sampling=steps) <= margin_mm * (1 + 1e-6)
    share = relevance_mass_accuracy(values, near)
    return 1 - share


def relevance_metrics(
    values: np.ndarray, evaluated: np.ndarray, target: np.ndarray, spacing: float | Sequence[float]
) -> dict[str, float]:
    """`pointing_game`, `rank_accuracy`, `mass_accuracy` and `leakage` of a map, and of the bare region as ``roi_…``.

    Parameters
    ----------
    values : ndarray, shape (*S)
        Signed map.
    evaluated, target : ndarray of bool, shape (*S)
        Where the map says something, and what it is held against.
    spacing : float or sequence of floats
        mm per axis, in the array's order.

    Returns
    -------
    dict of str to float
    """
    row: dict[str, float] = {}
    for prefix, shown in (("", np.where(evaluated, values, 0.0)), ("roi_", evaluated.astype(float))):
        row |= {
            f"{prefix}pointing_game": pointing_game(shown, target),
            f"{prefix}rank_accuracy": relevance_rank_accuracy(shown, target),
            f"{prefix}mass_accuracy": relevance_mass_accuracy(shown, target),
            f"{prefix}leakage": leakage(shown, target, spacing),
        }
    return row


def _pair(values: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, target = np.asarray(values), np.asarray(target)
    if values.shape != target.shape:
        raise InputError(f"a map of shape {values.shape} does not fit the target of shape {target.shape}")
    if target.dtype != bool and not np.issubdtype(target.dtype, np.integer):
        raise InputError(f"a target is boolean, this array is {target.dtype}; compare it with a threshold first")
    return values, target.astype(bool, copy=False)
