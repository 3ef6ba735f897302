"""What the saliency of a run shows: of each structure the drop of the score, or which places the rest of it hangs on.

The drop says where a structure is: it ranks places as a map does that needs no model. On models whose reason is known
(`xaiclip benchmark --dataset planted`) the remote map finds the cause at least as well with every fill, and clearly
better in the worst family with a mean or a blur. So it is shown, unless the paper's map is asked for, or nothing
matters for the rest of the structure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.case.case import Case
from XAICLIPLib.metrics.findings import REMOTE
from XAICLIPLib.pipeline.opened import SliceResult, normalised


def shown_parts(case: Case, results: Sequence[SliceResult]) -> tuple[str, ...]:
    """What is shown of each structure of a run.

    Parameters
    ----------
    case : Case
    results : sequence of SliceResult
        At least one.

    Returns
    -------
    tuple of str
        "total" or "remote" for each of the K structures: as the request wants it; where that leaves the choice, remote
        if in any slice a place takes away 5 % of the rest of the structure.
    """
    wanted, count = case.request.influence.part, len(case.structures)
    if wanted == "total" or all(r.remote is None for r in results):
        return ("total",) * count
    if wanted == "remote":
        return ("remote",) * count
    losses = np.array([r.kept.remote for r in results if r.kept is not None])
    return tuple("remote" if (losses[:, k] >= REMOTE).any() else "total" for k in range(count))


class Saliency:
    """The saliency of each slice, on one scale per structure over the run.

    Parameters
    ----------
    case : Case
    results : sequence of SliceResult

    Attributes
    ----------
    parts : tuple of str
        What is shown of each structure, see `shown_parts`.
    largest : ndarray, shape (K,), float32
        The value that is shown as 1: the structure's largest in all slices. A remote effect below 5 % is pale: it is
        not made to look large.
    """

    def __init__(self, case: Case, results: Sequence[SliceResult]) -> None:
        self._is_volume = case.volumetric
        self.parts = shown_parts(case, results)
        self.largest = np.array([REMOTE if part == "remote" else 0.0 for part in self.parts], np.float32)
        for result in results:  # one by one: they wait on the disk
            self.largest = np.maximum(self.largest, self._values(result).max((1, 2)))

    def __call__(self, result: SliceResult) -> np.ndarray:
        """The saliency of a slice.

        Parameters
        ----------
        result : SliceResult

        Returns
        -------
        ndarray, shape (K, H, W), float32
            In [0, 1]; a slice whose own map is flat stays 0.
        """
        values = self._values(result)
        saliency = normalised(values, self.largest)
        if not self._is_volume:
            saliency[values.max((1, 2)) < FLAT] = 0
        return saliency

    def _values(self, result: SliceResult) -> np.ndarray:
        if result.remote is None or "remote" not in self.parts:
            return result.drop
        pairs = zip(self.parts, result.remote, result.drop)
        return np.stack([remote if part == "remote" else drop for part, remote, drop in pairs])

    def to_json(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """For the report.

        Parameters
        ----------
        names : sequence of K str

        Returns
        -------
        dict
            Of each structure what it "shows", and the "largest" value.
        """
        return {
            name: {"shows": part, "largest": round(float(largest), 6)}
            for name, part, largest in zip(names, self.parts, self.largest)
        }
