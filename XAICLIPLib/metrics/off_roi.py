"""Does anything outside the region matter? A few large patches answer for all of it.

A map that is limited to a region is blind outside by design. The image is cut into a few large patches, and of each the
part outside the region is filled; together they cover everything outside, so that nothing can hide between them. What
only matters together with something in another patch is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from torch import Tensor

from XAICLIPLib.attribution.perturbations import PixelSets
from XAICLIPLib.attribution.scorer import Scorer

FEWEST = 4
MATTERS = 0.25  # of the region's own effect; above it the map may miss what counts


@dataclass(frozen=True, eq=False)
class Outside:
    """What lies outside the region does to each of K targets.

    Attributes
    ----------
    drops : ndarray, shape (N, K)
        Signed drop of the score with one patch's part outside the region filled.
    region_drop : ndarray, shape (K,)
        The same with the whole region filled.
    boxes : list of tuple of slices
        The patches, on the scorer's image.
    """

    drops: np.ndarray
    region_drop: np.ndarray
    boxes: list[tuple[slice, ...]]

    def largest(self, target: int) -> float:
        """The largest change, drop or rise, by a patch outside.

        Parameters
        ----------
        target : int
            Which of the K.

        Returns
        -------
        float
            0 where nothing outside could be changed.
        """
        return float(np.abs(self.drops[:, target]).max(initial=0.0))

    def share(self, target: int) -> float:
        """The largest change outside as a share of the region's own.

        Parameters
        ----------
        target : int
            Which of the K.

        Returns
        -------
        float
            Infinite where only the outside matters, nan where neither does.
        """
        outside, inside = self.largest(target), abs(float(self.region_drop[target]))
        if inside:
            return outside / inside
        return float("inf") if outside else float("nan")


def probe_outside(scorer: Scorer, region: np.ndarray, fill: Tensor, most: int = FEWEST) -> Outside:
    """Fill everything outside the region, one large patch after the other.

    Parameters
    ----------
    scorer : Scorer
        On the whole image, not on an evaluation window.
    region : ndarray of bool, shape (*S)
    fill : Tensor, shape (C, *S)
        Patches that it leaves as they are, such as air that is filled with air, are known to change nothing and are
        not evaluated.
    most : int
        Patches to evaluate at most; below 4 is taken as 4.

    Returns
    -------
    Outside
    """
    changes = (scorer.image != fill).any(0).cpu().numpy() & ~region
    boxes = _patches(changes, max(FEWEST, most))
    sets = [np.flatnonzero(region)]
    for box in boxes:
        patch = np.zeros(region.shape, bool)
        patch[box] = changes[box]
        sets.append(np.flatnonzero(patch))
    scores = scorer.evaluate(PixelSets(scorer.image, fill, sets))
    drops = (scorer.baseline.cpu() - scores).double().numpy()
    return Outside(drops[1:], drops[0], boxes)


def _patches(changes: np.ndarray, most: int) -> list[tuple[slice, ...]]:
    """The box of what changes, cut into at most `most` patches: as many as hold something, and as square as can be."""
    if not changes.any():
        return []
    places = np.nonzero(changes)
    low = [int(p.min()) for p in places]
    sizes = [int(p.max()) + 1 - a for p, a in zip(places, low)]
    best: tuple[tuple[int, float], list[tuple[slice, ...]]] = ((0, 0.0), [])
    for counts in product(*[range(1, min(most, size) + 1) for size in sizes]):
        if np.prod(counts) > most:
            continue
        axes = []
        for count, size, start in zip(counts, sizes, low):
            cuts = (np.rint(np.linspace(0, size, count + 1)).astype(int) + start).tolist()
            axes.append([slice(a, b) for a, b in zip(cuts, cuts[1:])])
        boxes = [box for box in product(*axes) if changes[box].any()]
        edges = [size / count for size, count in zip(sizes, counts)]
        best = max(best, ((len(boxes), min(edges) / max(edges)), boxes), key=lambda cut: cut[0])
    return best[1]
