"""RISE (Petsiuk et al., BMVC 2018): random smooth masks, restricted to the region, and three ways to read them."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import torch
from sklearn.linear_model import RidgeCV
from torch import Tensor

from XAICLIPLib.attribution.design import PartDesign
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.methods import Rise
from XAICLIPLib.attribution.monitor import Monitor, Show
from XAICLIPLib.attribution.perturbations import Blend, full_map
from XAICLIPLib.attribution.random_masks import MaskSource
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.ridge import fit_ridge, ridge_slopes, slopes_alone
from XAICLIPLib.attribution.scorer import Scorer

CHUNK = 64  # masks at a time
PENALTIES = tuple(np.logspace(-4, 3, 15))


def rise(scorer: Scorer, region: Tensor, settings: Rise, seed: int = 0, show: Show | None = None) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool, not empty.

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
        Not empty; nothing outside it is perturbed.
    settings : Rise
        In pixels of the scorer's image.
    seed : int
        Of everything that is drawn.
    show : callable, optional
        Is offered the map while it is made, see `Monitor`.

    Returns
    -------
    Attribution
    """
    source = MaskSource(settings, tuple(region.shape), region, seed)
    fill = make_fill(scorer.image, settings.fill, region, seed)
    estimators: dict[str, type[_Running]] = {"raw": _Raw, "centred": _Centred, "ridge": _RidgeOnCells}
    estimate = estimators[settings.estimator](settings, source, scorer)
    inside = region[source.box]

    def so_far(done: int) -> Attribution:
        drop, stderr = (full_map(torch.where(inside, v, 0.0), source.box, region.shape) for v in estimate.read())
        return Attribution.of(
            scorer,
            drop.cpu().numpy(),
            region.cpu().numpy(),
            done,
            settings.masks,
            stderr=stderr.cpu().numpy(),
            details={"masks": done, "estimator": settings.estimator},
        )

    monitor = Monitor(so_far, settings.masks, show, settings.tolerance)

    def after(start: int, stop: int, scores: Tensor) -> bool:
        estimate.add(start, stop, scores)
        return monitor(stop)

    scores = scorer.evaluate(Blend(scorer.image, fill, region, source, settings.masks), after, ends=monitor.checks)
    scorer.conclude(lambda: _design(source, settings, region, len(scores)))
    return so_far(len(scores))


def _design(source: MaskSource, settings: Rise, region: Tensor, done: int) -> PartDesign:
    """The cells of the masks' grid as parts, and how outputs fall with each: by the ridge, or the slope
    on each cell's mean alone.

    The cells lie where the grid does without a shift. The ridge has one penalty for all outputs, chosen by their sum.
    The raw estimator has an offset, which is no effect: outputs are read as the centred one reads scores.
    """
    _, cell = source.cell_of((1,) * region.dim())
    used, part = torch.unique(torch.where(source.region, cell, -1), return_inverse=True)
    part = part - int(used[0] < 0)  # -1 outside the region
    number = np.full(tuple(region.shape), -1, np.int32)
    number[source.box] = part.cpu().numpy()
    inside = part.flatten() >= 0
    member = part.flatten()[inside]
    sizes = torch.bincount(member)

    def fit(falls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        means = []
        for start in range(0, done, CHUNK):
            masks = source(start, min(start + CHUNK, done)).flatten(1)[:, inside]
            sums = torch.zeros(len(masks), len(sizes), device=masks.device).index_add_(1, member, masks)
            means.append((sums / sizes).cpu().double().numpy())
        features = np.concatenate(means)
        if settings.estimator != "ridge":
            return slopes_alone(features, -falls)
        alpha = float(RidgeCV(alphas=PENALTIES).fit(features, -falls.sum(1)).alpha_)
        return ridge_slopes(features, -falls, alpha)

    return PartDesign(number, len(sizes), fit)


class _Running(ABC):
    """Sums over the masks seen so far, enough for an estimate and its standard error at any moment."""

    def __init__(self, settings: Rise, source: MaskSource, scorer: Scorer) -> None:
        self._settings, self._source = settings, source
        self._baseline = scorer.baseline
        self._count = 0

    def add(self, start: int, stop: int, scores: Tensor) -> None:
        self._count = stop
        self._take(self._source(start, stop), scores)

    @abstractmethod
    def _take(self, masks: Tensor, scores: Tensor) -> None:
        """Add masks (B, *box) and their scores (B, K) to the sums."""

    @abstractmethod
    def read(self) -> tuple[Tensor, Tensor]:
        """The estimate and its standard error, (K, *box) each, after at least one mask."""


class _Raw(_Running):
    def __init__(self, settings: Rise, source: MaskSource, scorer: Scorer) -> None:
        super().__init__(settings, source, scorer)
        self._sum = self._squares = torch.zeros(())

    def _take(self, masks: Tensor, scores: Tensor) -> None:
        self._sum = self._sum + torch.einsum("bk,b...->k...", scores, masks)
        self._squares = self._squares + torch.einsum("bk,b...->k...", scores**2, masks**2)

    def read(self) -> tuple[Tensor, Tensor]:
        mean = self._sum / self._count
        variance = (self._squares / self._count - mean**2).clamp_min(0)
        return mean / self._settings.keep, (variance / self._count).sqrt() / self._settings.keep


class _Centred(_Running):
    def __init__(self, settings: Rise, source: MaskSource, scorer: Scorer) -> None:
        super().__init__(settings, source, scorer)
        self._d = self._dd = self._m = self._mm = self._dm = torch.zeros(())

    def _take(self, masks: Tensor, scores: Tensor) -> None:
        # differences to the baseline, so that single precision is not spent on the offset of Dice near 1
        change = scores - self._baseline
        self._d = self._d + change.sum(0)
        self._dd = self._dd + (change**2).sum(0)
        self._m = self._m + masks.sum(0)
        self._mm = self._mm + (masks**2).sum(0)
        self._dm = self._dm + torch.einsum("bk,b...->k...", change, masks)

    def read(self) -> tuple[Tensor, Tensor]:
        n = self._count
        wide = (slice(None), *[None] * self._m.dim())
        mean_d, mean_m = (self._d / n)[wide], self._m / n
        variance_m = (self._mm / n - mean_m**2).clamp_min(1e-6)
        slope = (self._dm / n - mean_d * mean_m) / variance_m
        unexplained = ((self._dd / n)[wide] - mean_d**2 - slope**2 * variance_m).clamp_min(0)
        return slope, (unexplained / max(1, n - 2) / variance_m).sqrt()


class _RidgeOnCells(_Running):
    def __init__(self, settings: Rise, source: MaskSource, scorer: Scorer) -> None:
        super().__init__(settings, source, scorer)
        # masks are smooth on the scale of a cell: a lattice of 8 points per cell edge averages them well enough
        self._lattice, cell = source.cell_of(tuple(max(1, cell // 8) for cell in source.cell))
        cell = torch.where(source.region[self._lattice], cell, -1)
        self._used = torch.unique(cell[cell >= 0])
        self._members = [(cell == c).flatten() for c in self._used]
        self._features: list[Tensor] = []
        self._scores: list[Tensor] = []

    def _take(self, masks: Tensor, scores: Tensor) -> None:
        flat = masks[(slice(None), *self._lattice)].flatten(1)
        self._features.append(torch.stack([flat[:, members].mean(1) for members in self._members], 1).cpu())
        self._scores.append((scores - self._baseline).cpu())

    def read(self) -> tuple[Tensor, Tensor]:
        features, scores = torch.cat(self._features).double().numpy(), torch.cat(self._scores).double().numpy()
        coefficients, covariance = fit_ridge(features, scores, PENALTIES)
        return self._to_box(coefficients), torch.cat([self._spread_error(c) for c in covariance])

    def _spread_error(self, covariance: np.ndarray) -> Tensor:
        """Standard error (1, *box) of the map from the covariance (F, F) of the coefficients."""
        values, vectors = np.linalg.eigh(covariance)
        # the map is linear in the coefficients: the variances of its independent parts add up, one part at a time
        parts = (vectors * np.sqrt(np.maximum(values, 0))).T
        return sum((self._to_box(part[None]) ** 2 for part in parts), start=torch.zeros(())).sqrt()

    def _to_box(self, per_cell: np.ndarray) -> Tensor:
        source = self._source
        flat = torch.zeros(len(per_cell), int(np.prod(source.cells)), device=source.region.device)
        flat[:, self._used] = torch.as_tensor(per_cell, dtype=torch.float32, device=flat.device)
        return source.from_cells(flat.view(-1, *source.cells))
