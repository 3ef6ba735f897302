"""What a model needs in one case, in few numbers that can be told of many: the organ × organ matrix, and how much of
what is lost is lost elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from XAICLIPLib.influence.question import Influence
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.influence import ScanInfluence


def remote_shares(explanation: Explanation) -> dict[str, float | None]:
    """How much of what a drawing loses it loses elsewhere than where something was hidden.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    dict of structure to float
        0 to 1; None where nothing was recorded, or nothing is lost.
    """
    if not explanation.records:
        return dict.fromkeys(explanation.structures)
    known = explanation.influence
    slices = [known.whole] if known.whole is not None else [known.slice(z) for z in known.slices]
    return {name: _remote_share(slices, target) for target, name in enumerate(explanation.structures)}


def _remote_share(slices: list[Influence], target: int) -> float | None:
    lost = np.zeros(2)
    for known in slices:
        cells = known.target(target).cells
        drawn = float((cells.sizes * cells.drawn).sum())
        if drawn:
            parts = (known.effects("drawn", target, part) for part in ("own", "remote"))
            lost += [drawn * np.maximum(effects, 0).sum() for effects in parts]
    return float(lost[1] / lost.sum()) if lost.sum() > 0 else None


def between_of(explanation: Explanation) -> list[dict[str, Any]]:
    """What each structure loses when each segment is hidden.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    list of dict
        ``player``, ``structure`` and ``loss`` of mean probability; empty where no segments were hidden.
    """
    if not explanation.records:
        return []
    known: ScanInfluence = explanation.influence
    if not known.players:
        return []
    losses = known.between()
    return [
        {"player": player, "structure": structure, "loss": float(losses[i, k])}
        for i, player in enumerate(known.players)
        for k, structure in enumerate(explanation.structures)
    ]
