"""The answer in words to the question on which of several registered images a structure hangs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from XAICLIPLib.metrics.findings import REMOTE

APART = 0.25  # by which the shares of an image under two fills may differ
MOSTLY = 0.6  # share from which on one image is named alone


def image_answer(
    label: str,
    names: Sequence[str],
    worth: Sequence[float],
    other: Sequence[float] | None,
    fills: tuple[str, str],
    slices: Sequence[int] = (),
) -> tuple[str, str, float, str, bool]:
    """The sentence.

    Parameters
    ----------
    label : str
        The structure in words.
    names : sequence of n str
        Of the images.
    worth : sequence of n float
        Their Shapley values.
    other : sequence of n float, optional
        The same under another fill.
    fills : tuple of 2 str
        The run's own fill, and the other.
    slices : sequence of int
        In which that was tried.

    Returns
    -------
    question, text : str
    value : float
        The largest share.
    test : str
    is_held : bool
    """
    values = np.array(worth)
    total = float(values.sum())
    if total < REMOTE:
        goes = f"hiding all of them takes away {max(total, 0):.1%} of its score"
        text = f"On which image the {label} hangs cannot be told: {goes}"
        return "images", text, float("nan"), f"hidden in the whole region with the fill {fills[0]}", True
    shares = values / total
    order = np.argsort(-shares, kind="stable")
    first = int(order[0])
    test, held = "not tested under another fill", False
    if other is not None and (again := float(np.sum(other))) >= REMOTE:
        there = np.array(other) / again
        where = f" on slice{'s' * (len(slices) != 1)} {', '.join(map(str, slices))}" if slices else ""
        test = f"{names[first]} {there[first]:.0%} with the fill {fills[1]}{where}"
        held = bool(np.abs(shares - there).max() <= APART)
        if not held:
            far = int(np.abs(shares - there).argmax())
            text = (
                f"On which image the {label} hangs most cannot be told: {names[far]} has {shares[far]:.0%} of what is "
                f"lost when all are hidden with the fill {fills[0]}, {there[far]:.0%} with {fills[1]}"
            )
            return "images", text, float(shares[first]), test, False
    parts = [f"{names[i]} {shares[i]:.0%}" for i in order]
    if shares[first] >= MOSTLY:
        lost = f"{shares[first]:.0%} of what is lost when all images are hidden"
        text = f"The {label} hangs mostly on {names[first]}: {', '.join([lost, *parts[1:]])}"
    else:
        text = f"The {label} hangs on no image alone: of what is lost when all are hidden {', '.join(parts)}"
    return "images", text, float(shares[first]), test, held
