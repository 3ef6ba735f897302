"""Occlusion from coarse to fine: patches are tried where it matters, and interpolated where it does not."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from XAICLIPLib.explain.attribution import Attribution
from XAICLIPLib.explain.fill import make_fill
from XAICLIPLib.explain.occlusion import Patches, mean_over_patches
from XAICLIPLib.explain.score import Scorer
from XAICLIPLib.explain.settings import Hierarchical, every

CHECKED = 0.15  # share of a level's evaluations that go where nothing is expected


def occlude_hierarchically(scorer: Scorer, region: Tensor, settings: Hierarchical, seed: int = 0) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool.

    The drop of a patch varies smoothly with its place, since neighbouring patches overlap. So the places of a full
    scan (`Occlusion` with the same patch and stride) form a lattice: a coarse part of it is evaluated, the rest is
    interpolated, and each finer level evaluates the places around which the drops vary most, whatever their sign. A
    share of every level's evaluations goes to other places at random: where such a check is off by more than the
    tolerance, its siblings are evaluated as well, so that a small part that matters is not passed over. A patch that
    does not meet the region changes nothing; its drop is known to be 0.

    With `budget` 1 every place is evaluated, and the result is that of `Occlusion`.
    """
    windows = settings.windows(tuple(region.shape))
    inside = region.cpu().numpy()
    places = settings.places(inside)
    occluded = torch.where(region, make_fill(scorer.image, settings.fill, region, seed), scorer.image)
    search = _Search(scorer, windows, places, occluded, settings, seed)
    search.run()
    drops = torch.from_numpy(search.drops[:, places].T)
    drop, _ = mean_over_patches([w for w, there in zip(windows, places.ravel()) if there], drops, region)
    errors = search.error[search.known]
    return Attribution(
        drop=drop,
        evaluated=inside,
        evaluations=int(search.known.sum()),
        full_evaluations=len(windows),
        baseline=scorer.baseline.cpu().numpy(),
        present=scorer.present.cpu().numpy(),
        prediction=scorer.prediction.cpu().numpy(),
        details={
            "patch": np.broadcast_to(settings.patch, region.dim()).astype(int).tolist(),
            "patches_in_region": int(places.sum()),
            "largest_interpolation_error": float(errors.max(initial=0.0)),
        },
    )


class _Search:
    """Which places of the lattice are evaluated, and the drops of all of them.

    Attributes
    ----------
    drops : ndarray, shape (K, *lattice), float32
        Evaluated or interpolated.
    known : ndarray, shape (*lattice), bool
        Where they are evaluated.
    error : ndarray, shape (*lattice)
        By how much the interpolation was off where a place was evaluated later.
    """

    def __init__(
        self, scorer: Scorer, windows: list, places: np.ndarray, occluded: Tensor, settings: Hierarchical, seed: int
    ) -> None:
        self._scorer, self._windows, self._places, self._occluded = scorer, windows, places, occluded
        self._settings, self._rng = settings, np.random.default_rng(seed)
        self._budget = round(settings.budget * int(places.sum()))
        self.drops = np.zeros((scorer.targets, *places.shape), np.float32)
        self.known = np.zeros(places.shape, bool)
        self.error = np.zeros(places.shape, np.float32)

    def run(self) -> None:
        """The coarse lattice, then level by level."""
        step = self._settings.coarse_step
        self._evaluate(every(self._places.shape, step) & self._places)
        self.error[:] = 0.0  # nothing was interpolated yet
        while step > 1:
            step //= 2
            self._interpolate(step)
            level = every(self._places.shape, step) & self._places
            self._evaluate(self._chosen(level & ~self.known, step))
            self._evaluate(self._siblings(level & ~self.known, step))

    @property
    def _left(self) -> int:
        return max(0, self._budget - int(self.known.sum()))

    def _evaluate(self, wanted: np.ndarray) -> None:
        if not wanted.any():
            return
        windows = [self._windows[i] for i in np.flatnonzero(wanted)]
        scores = self._scorer.evaluate(Patches(self._scorer.image, self._occluded, windows))
        drops = (self._scorer.baseline.cpu() - scores).numpy().T
        self.error[wanted] = np.abs(drops - self.drops[:, wanted]).max(0)
        self.drops[:, wanted] = drops
        self.known |= wanted

    def _interpolate(self, step: int) -> None:
        """Linear between the places of the coarser lattice, for those of the lattice with this step that are not known.

        Behind the last coarse place there is nothing to interpolate to: its value goes on, as in NumPy's `interp`.
        """
        shape = self._places.shape
        values = self.drops[(slice(None), *(slice(None, None, 2 * step),) * len(shape))]
        for axis, size in enumerate(shape, start=1):
            coarse, fine = np.arange(0, size, 2 * step), np.arange(0, size, step)
            values = np.apply_along_axis(lambda v, x=fine, at=coarse: np.interp(x, at, v), axis, values)
        at = (slice(None, None, step),) * len(shape)
        guessed = self._places[at] & ~self.known[at]
        self.drops[(slice(None), *at)][:, guessed] = values[:, guessed]

    def _chosen(self, candidates: np.ndarray, step: int) -> np.ndarray:
        """Of the candidates of a level, those around which the drops vary most, and a few of the others."""
        count = min(self._left, int(candidates.sum()))
        if count == int(candidates.sum()):
            return candidates
        at = (slice(None, None, step),) * candidates.ndim
        near = (1, *(3,) * candidates.ndim)
        drops = self.drops[(slice(None), *at)]
        varies = np.zeros(candidates.shape, np.float32)
        varies[at] = (ndimage.maximum_filter(drops, near) - ndimage.minimum_filter(drops, near)).max(0)
        numbers = np.flatnonzero(candidates)
        order = numbers[np.argsort(-varies.ravel()[numbers], kind="stable")]
        # some of the budget is kept for the siblings of what the checks find
        count -= count // 4
        checks = round(CHECKED * count)
        chosen = np.zeros(candidates.shape, bool)
        chosen.ravel()[order[: count - checks]] = True
        chosen.ravel()[self._rng.permutation(order[count - checks :])[:checks]] = True
        return chosen

    def _siblings(self, candidates: np.ndarray, step: int) -> np.ndarray:
        """The candidates next to a place whose interpolation was off by more than the tolerance, the worst first."""
        at = (slice(None, None, step),) * candidates.ndim
        worst = np.zeros(candidates.shape, np.float32)
        worst[at] = ndimage.maximum_filter(self.error[at], 3)
        off = candidates & (worst > self._settings.tolerance * max(np.abs(self.drops).max(), 1e-6))
        numbers = np.flatnonzero(off)
        numbers = numbers[np.argsort(-worst.ravel()[numbers], kind="stable")][: self._left]
        chosen = np.zeros(candidates.shape, bool)
        chosen.ravel()[numbers] = True
        return chosen
