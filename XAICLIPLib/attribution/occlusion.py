"""Occlusion sensitivity (Zeiler & Fergus 2014), only where the region is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage, sparse
from torch import Tensor

from XAICLIPLib.attribution.design import WindowDesign
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.methods import Occlusion
from XAICLIPLib.attribution.monitor import Monitor, Show
from XAICLIPLib.attribution.perturbations import Box, Boxes
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer


def occlude(
    scorer: Scorer, region: Tensor, settings: Occlusion, seed: int = 0, show: Show | None = None
) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool.

    Patches are evaluated from coarse to fine, so that an early look at the map sees all of it.

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
        Not empty; nothing outside it is perturbed.
    settings : Occlusion
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
    places = patches.places

    def so_far(done: int) -> Attribution:
        drop, covered = patches.mean(_spread(patches))
        details = {"patch": settings.edges(region.dim())[0]}
        return Attribution.of(scorer, drop, region.cpu().numpy() & covered, done, places.size, details=details)

    levels = settings.levels_of(places.shape)
    order = np.concatenate([patches.in_order(np.flatnonzero(level & places)) for level in levels])
    patches.evaluate(order, Monitor(so_far, patches.copies, show))
    scorer.conclude(patches.design)
    return so_far(patches.evaluations)


def _spread(patches: Patches) -> np.ndarray:
    """The drops (N, K) of all places of a lattice; that of a place that is not known is the nearest known one's."""
    if patches.known.all() or not patches.known.any():
        return patches.drops
    lattice = patches.places.shape
    unknown = ~patches.known.reshape(lattice)
    nearest = ndimage.distance_transform_edt(unknown, return_distances=False, return_indices=True)
    return patches.drops[np.ravel_multi_index(tuple(nearest), lattice).ravel()]


@dataclass(frozen=True)
class Source:
    """A place that is hidden in one copy of the image, for one or several windows of a scan.

    Attributes
    ----------
    box : Box
        The smallest one round all pixels that change: start and stop along each dimension. The place is its part inside
        the region.
    windows : tuple of int
        The numbers of the windows (see `Patches.windows`) that give this same copy.
    """

    box: Box
    windows: tuple[int, ...]


class Patches:
    """Windows of an image filled inside its region, one at a time, each distinct copy evaluated once.

    A window changes nothing where the image has the fill's value already, and two windows give the same copy where they
    change the same pixels: where the smallest boxes round what they change are the same, since each window holds all of
    its box, and the box all changes of the window.

    Parameters
    ----------
    scorer : Scorer
    settings : Occlusion
        In pixels of the scorer's image.
    region : Tensor, shape (*S), bool
    seed : int
        Of the fill.

    Attributes
    ----------
    windows : list of tuples of slices
        The N windows of a full scan of the image, in row-major order of their lattice.
    places : ndarray, shape (*lattice), bool
        Which of them meet the region.
    drops : ndarray, shape (N, K), float32
        Of the score; 0 where not known.
    known : ndarray, shape (N,), bool
    evaluations : int
        Copies evaluated so far.
    sources : tuple of Source
        The distinct copies in the order of their first window, each with the windows that it stands for; after
        `evaluate` those whose windows are `known` were run. Windows in which nothing changes are in none.
    """

    def __init__(self, scorer: Scorer, settings: Occlusion, region: Tensor, seed: int) -> None:
        self._scorer, self._region = scorer, region.cpu()
        self.windows = settings.windows(tuple(region.shape))
        self.places = settings.places(self._region.numpy())
        self.drops = np.zeros((len(self.windows), scorer.targets), np.float32)
        self.known = np.zeros(len(self.windows), bool)
        self.evaluations = 0
        self._occluded = torch.where(region, make_fill(scorer.image, settings.fill, region, seed), scorer.image)
        self._box: dict[int, Box] = {}
        self._same: dict[Box, list[int]] = {}
        self._evaluated: list[Box] = []
        changes = (self._occluded != scorer.image).any(0).cpu().numpy()
        for number in map(int, np.flatnonzero(self.places)):
            box = _box_round(changes[self.windows[number]], self.windows[number])
            if box is None:
                self.known[number] = True  # nothing changes, and so nothing drops
            else:
                self._box[number] = box
                self._same.setdefault(box, []).append(number)

    @property
    def copies(self) -> int:
        """How many distinct copies there are."""
        return len(self._same)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What was hidden: the distinct copies, each with the windows that it stands for."""
        return tuple(Source(box, tuple(numbers)) for box, numbers in self._same.items())

    def design(self, combined: sparse.spmatrix | None = None) -> WindowDesign:
        """What was hidden so far.

        Parameters
        ----------
        combined : sparse matrix, shape (N, N), optional
            How the values of all of a full scan's windows follow from those that are known; by default only these are
            in it.

        Returns
        -------
        WindowDesign
        """
        rows = [n for box in self._evaluated for n in self._same[box]]
        columns = [i for i, box in enumerate(self._evaluated) for _ in self._same[box]]
        size = (len(self.windows), len(self._evaluated))
        copies = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), size)
        wanted = np.flatnonzero(self.places.ravel() & (self.known if combined is None else True))
        spans = np.array([[(s.start, s.stop) for s in self.windows[n]] for n in wanted], np.int32)
        windows = spans.reshape(len(wanted), self._region.dim(), 2)
        all_of_them = copies if combined is None else (combined @ copies).tocsr()
        return WindowDesign(self._region.numpy(), windows, all_of_them[wanted])

    def in_order(self, numbers: np.ndarray) -> np.ndarray:
        """Windows in the order in which a model that works in tiles has the least to run.

        Parameters
        ----------
        numbers : ndarray of int
            Of the windows.

        Returns
        -------
        ndarray of int
            The same; those that change the same tiles follow each other.
        """
        tiling = self._scorer.tiling
        if tiling is None:
            return numbers
        touched = {n: tiling.touched(self._box[n]) if n in self._box else () for n in map(int, numbers)}
        return np.array(sorted(touched, key=lambda n: touched[n]), np.int64)

    def evaluate(
        self,
        numbers: Sequence[int] | np.ndarray,
        after: Callable[[int], object] | None = None,
        planned: int | None = None,
    ) -> None:
        """Get to know the drops of the windows with these numbers, and of all that give the same copies.

        `after` is called with the evaluations so far after each batch. `planned` is the number of evaluations of all
        calls, for the progress; those of this one by default.

        Parameters
        ----------
        numbers : sequence or array of int
            Of the windows, in row-major order of their lattice; those that are known are not run again.
        after : callable, optional
            Called with the evaluations so far after each batch.
        planned : int, optional
            The evaluations of all calls, for the progress; those of this one by default.
        """
        boxes = list(dict.fromkeys(self._box[n] for n in map(int, numbers) if not self.known[n]))
        baseline = self._scorer.baseline.cpu()

        def keep(start: int, stop: int, scores: Tensor) -> None:
            for box, drop in zip(boxes[start:stop], (baseline - scores.cpu()).numpy()):
                self.drops[self._same[box]], self.known[self._same[box]] = drop, True
            self._evaluated += boxes[start:stop]
            self.evaluations += stop - start
            if after:
                after(self.evaluations)

        if boxes:
            self._scorer.evaluate(Boxes(self._scorer.image, self._occluded, self._region, boxes), keep, planned)

    def mean(self, drops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Per pixel the mean of the drops (N, K) of the patches that cover it: (K, *S), 0 outside the region; and which
        pixels any patch covers, bool (*S).

        Parameters
        ----------
        drops : ndarray, shape (N, K), float32
            Of all windows of a full scan.

        Returns
        -------
        mean : ndarray, shape (K, *S), float32
        covered : ndarray, shape (*S), bool
        """
        total = torch.zeros(drops.shape[1], *self._region.shape)
        count = torch.zeros(self._region.shape)
        shaped = torch.from_numpy(drops).view(*drops.shape, *[1] * self._region.dim())
        for number in np.flatnonzero(self.places):
            window = self.windows[number]
            total[(slice(None), *window)] += shaped[number]
            count[window] += 1
        mean = torch.where(self._region, total / count.clamp_min(1), 0.0)
        return mean.numpy(), (count > 0).numpy()


def _box_round(changes: np.ndarray, window: tuple[slice, ...]) -> Box | None:
    """The smallest box round the changes in a window, which are given there; None where there are none."""
    box = []
    for axis, along in enumerate(window):
        there = np.flatnonzero(changes.any(tuple(a for a in range(changes.ndim) if a != axis)))
        if not len(there):
            return None
        box.append((along.start + int(there[0]), along.start + int(there[-1]) + 1))
    return tuple(box)
