"""Occlusion from coarse to fine: patches are tried where it matters, and interpolated where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from scipy import ndimage, sparse
from torch import Tensor

from XAICLIPLib.attribution.methods import Hierarchical, every
from XAICLIPLib.attribution.monitor import Show
from XAICLIPLib.attribution.occlusion import Patches
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer

CHECKED = 0.15  # share of a level's evaluations that go where nothing is expected


def occlude_hierarchically(
    scorer: Scorer, region: Tensor, settings: Hierarchical, seed: int = 0, show: Show | None = None
) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool.

    The drop of a patch varies smoothly with its place, since neighbouring patches overlap. So the places of a full
    scan (`Occlusion` with the same patch and stride) form a lattice: a coarse part of it is evaluated, the rest is
    interpolated, and each finer level evaluates the places around which the drops vary most, whatever their sign. A
    share of every level's evaluations goes to other places at random: where such a check is off by more than the
    tolerance, its siblings are evaluated as well, so that a small part that matters is not passed over. A patch that
    does not meet the region changes nothing; its drop is known to be 0.

    With `budget` 1 every place is evaluated, and the result is that of `Occlusion`.

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
        Not empty; nothing outside it is perturbed.
    settings : Hierarchical
        In pixels of the scorer's image.
    seed : int
        Of everything that is drawn.
    show : callable, optional
        Is offered the map while it is made, see `Monitor`.

    Returns
    -------
    Attribution
    """
    patches = Patches(scorer, settings, region, seed)
    search = _Search(patches, settings, seed)
    places = patches.places

    def so_far(drops: np.ndarray) -> Attribution:
        drop, _ = patches.mean(np.ascontiguousarray(drops.reshape(len(drops), -1).T))
        errors = search.error[search.known]
        details = {
            "patch": settings.edges(region.dim())[0],
            "patches_in_region": int(places.sum()),
            "largest_interpolation_error": float(errors.max(initial=0.0)),
        }
        return Attribution.of(scorer, drop, region.cpu().numpy(), patches.evaluations, places.size, details=details)

    for drops in search.levels():
        if show and not search.is_done:
            show(partial(so_far, drops))
    scorer.conclude(lambda: patches.design(search.combined()))
    return so_far(search.drops)


class _Search:
    """Which places of the lattice are evaluated, and the drops of all of them.

    Attributes
    ----------
    drops : ndarray, shape (K, *lattice), float32
        Evaluated or interpolated.
    error : ndarray, shape (*lattice)
        By how much the interpolation was off where a place was evaluated later.
    """

    def __init__(self, patches: Patches, settings: Hierarchical, seed: int) -> None:
        places = patches.places
        self._patches, self._places, self._settings = patches, places, settings
        self._rng = np.random.default_rng(seed)
        self._budget = int(settings.budget * patches.copies)
        self._step = settings.coarse_step
        self.drops = np.zeros((patches.drops.shape[1], *places.shape), np.float32)
        self.error = np.zeros(places.shape, np.float32)
        self._history: list[tuple[int, np.ndarray]] = []  # each level's step, and what was known before it

    @property
    def known(self) -> np.ndarray:
        """Where they are evaluated, bool (*lattice)."""
        return self._patches.known.reshape(self._places.shape)

    @property
    def is_done(self) -> bool:
        """Whether no finer level is left."""
        return self._step == 1

    def levels(self) -> Iterator[np.ndarray]:
        """Evaluate the coarse lattice, then level by level; after each, the drops (K, *lattice) of all places."""
        self._evaluate(every(self._places.shape, self._step) & self._places)
        self.error[:] = 0.0  # nothing was interpolated yet
        yield self._interpolated()
        while self._step > 1:
            self._step //= 2
            self._history.append((self._step, self.known.copy()))
            self._interpolate(self.drops, self._step)
            level = every(self._places.shape, self._step) & self._places
            self._evaluate(self._chosen(level & ~self.known, self._step))
            self._evaluate(self._siblings(level & ~self.known, self._step))
            yield self._interpolated()

    def combined(self) -> sparse.csr_matrix:
        """How the values of all places follow from those that were evaluated, as `levels` does it: (N, N)."""
        known_at_first = self._history[0][1] if self._history else self.known
        whole = sparse.diags(known_at_first.ravel().astype(float)).tocsr()
        after = [known for _, known in self._history[1:]] + [self.known]
        for (step, known), known_then in zip(self._history, after):
            guessed = every(known.shape, step) & self._places & ~known
            new = known_then & ~known
            drawn = sparse.diags(guessed.ravel().astype(float)) @ (_linear(known.shape, step) @ whole)
            kept = sparse.diags((~guessed & ~new).ravel().astype(float)) @ whole
            whole = kept + sparse.diags((~new).ravel().astype(float)) @ drawn + sparse.diags(new.ravel().astype(float))
        return whole.tocsr()

    @property
    def _left(self) -> int:
        return max(0, self._budget - self._patches.evaluations)

    def _evaluate(self, wanted: np.ndarray) -> None:
        before, numbers = self.known.copy(), self._patches.in_order(np.flatnonzero(wanted))
        self._patches.evaluate(numbers, planned=max(self._budget, self._patches.evaluations + len(numbers)))
        new = self.known & ~before  # the places wanted, and those that give the same copies
        drops = self._patches.drops.T.reshape(self.drops.shape)[:, new]
        self.error[new] = np.abs(drops - self.drops[:, new]).max(0, initial=0.0)
        self.drops[:, new] = drops

    def _interpolated(self) -> np.ndarray:
        """The drops of all places as they would be if no more were evaluated."""
        drops, step = self.drops.copy(), self._step
        while step > 1:
            step //= 2
            self._interpolate(drops, step)
        return drops

    def _interpolate(self, drops: np.ndarray, step: int) -> None:
        """Linear between the places of the coarser lattice, for those of the lattice with this step that are not known.

        Behind the last coarse place there is nothing to interpolate to: its value goes on, as in NumPy's `interp`.
        """
        shape = self._places.shape
        values = drops[(slice(None), *(slice(None, None, 2 * step),) * len(shape))]
        for axis, size in enumerate(shape, start=1):
            coarse, fine = np.arange(0, size, 2 * step), np.arange(0, size, step)
            values = np.apply_along_axis(partial(np.interp, fine, coarse), axis, values)
        at = (slice(None, None, step),) * len(shape)
        guessed = self._places[at] & ~self.known[at]
        drops[(slice(None), *at)][:, guessed] = values[:, guessed]

    def _chosen(self, candidates: np.ndarray, step: int) -> np.ndarray:
        """Of the candidates of a level, those around which the drops vary most, and a few of the others."""
        count = min(self._left, int(candidates.sum()))
        if count == int(candidates.sum()) or self._settings.budget == 1:
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


def _linear(lattice: tuple[int, ...], step: int) -> sparse.csr_matrix:
    """The interpolation of the lattice with a step from the one with twice that step, as a matrix (N, N)."""
    along = []
    for size in lattice:
        coarse, fine = np.arange(0, size, 2 * step), np.arange(0, size, step)
        at = np.minimum(fine / (2 * step), len(coarse) - 1)
        low = np.floor(at).astype(int)
        high = np.minimum(low + 1, len(coarse) - 1)
        weights = np.concatenate([1 - (at - low), at - low])
        where = (np.tile(fine, 2), coarse[np.concatenate([low, high])])
        along.append(sparse.csr_matrix((weights, where), (size, size)))
    matrix = along[0]
    for axis in along[1:]:
        matrix = sparse.kron(matrix, axis)
    return matrix.tocsr()
