"""The answer in words to the question on which of several registered images a structure hangs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from XAICLIPLib.message import Message
from XAICLIPLib.metrics.findings import REMOTE
from XAICLIPLib.results.answers import with_fill

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
        text = Message("On which image the {structure} hangs cannot be told: hiding all of them takes away "
                       "{share:.1%} of its score", structure=label, share=max(total, 0))  # fmt: skip
        test = Message("hidden in the whole region with the fill {fill}", fill=fills[0])
        return "images", text, float("nan"), test, True
    shares = values / total
    order = np.argsort(-shares, kind="stable")
    first = int(order[0])
    test, held = Message("not tested under another fill"), False
    if other is not None and (again := float(np.sum(other))) >= REMOTE:
        there = np.array(other) / again
        test = Message("{image} {share:.0%} {where}", image=names[first], share=there[first],
                       where=with_fill(fills[1], slices))  # fmt: skip
        held = bool(np.abs(shares - there).max() <= APART)
        if not held:
            far = int(np.abs(shares - there).argmax())
            text = Message(
                "On which image the {structure} hangs most cannot be told: {image} has {share:.0%} of what is lost "
                "when all are hidden with the fill {fill}, {other_share:.0%} with {other_fill}",
                structure=label, image=names[far], share=shares[far], fill=fills[0], other_share=there[far],
                other_fill=fills[1],
            )  # fmt: skip
            return "images", text, float(shares[first]), test, False
    parts = [Message("{image} {share:.0%}", image=names[i], share=shares[i]) for i in order]
    if shares[first] < MOSTLY:
        text = Message("The {structure} hangs on no image alone: of what is lost when all are hidden {shares}",
                       structure=label, shares=parts)  # fmt: skip
    elif len(parts) == 1:
        text = Message("The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are "
                       "hidden",
                       structure=label, image=names[first], share=shares[first])  # fmt: skip
    else:
        text = Message("The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are "
                       "hidden, {others}", structure=label, image=names[first], share=shares[first],
                       others=parts[1:])  # fmt: skip
    return "images", text, float(shares[first]), test, held
