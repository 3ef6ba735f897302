"""RISE (Petsiuk et al., BMVC 2018): random smooth masks, restricted to the region, and three ways to read them."""

from __future__ import annotations

from functools import reduce

import numpy as np
import torch
from sklearn.linear_model import RidgeCV
from torch import Tensor

from XAICLIPLib.attribution.design import PartDesign
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.methods import Rise
from XAICLIPLib.attribution.monitor import Monitor, Show
from XAICLIPLib.attribution.perturbations import Blend, bounding_box, full_map
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
    estimate = {"raw": _Raw, "centred": _Centred, "ridge": _RidgeOnCells}[settings.estimator](settings, source, scorer)
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


def _axis_weights(positions: Tensor, cell: float, cells: int, offset: float) -> Tensor:
    """Linear interpolation from `cells` samples of width `cell` (the first centred at `offset`): (..., P, cells)."""
    at = ((positions - offset) / cell).clamp(0, cells - 1)
    return (1 - (at[..., None] - torch.arange(cells, device=at.device)).abs()).clamp_min(0)


def _covariance_weights(positions: Tensor, cell: int, cells: int) -> Tensor:
    """cov(mean mask in a cell, mask at a pixel) / var(mask at that pixel) along one axis: (P, cells)."""
    enlarged = (cells + 1) * cell / cells
    shifts = torch.arange(cell, dtype=torch.float32, device=positions.device)[:, None]
    everywhere = torch.arange(cells * cell, dtype=torch.float32, device=positions.device)
    at_pixel = _axis_weights(positions + shifts, enlarged, cells, enlarged / 2 - 0.5)
    in_cell = (
        _axis_weights(everywhere + shifts, enlarged, cells, enlarged / 2 - 0.5).unflatten(1, (cells, cell)).mean(2)
    )
    return torch.einsum("spc,sjc->pj", at_pixel, in_cell) / (at_pixel**2).sum((0, 2))[:, None]


def _spread(coarse: Tensor, weights: list[Tensor]) -> Tensor:
    """Apply one weight matrix (B, P_d, cells) per axis to coarse grids (B, *cells) -> (B, *P)."""
    for axis, weight in enumerate(weights):
        moved = coarse.movedim(axis + 1, -1)
        shape = moved.shape
        spread = moved.reshape(shape[0], -1, shape[-1]) @ weight.transpose(-1, -2)
        coarse = spread.reshape(*shape[:-1], -1).movedim(-1, axis + 1)
    return coarse


class MaskSource:
    """Masks made a few at a time from the seed: only the coarse grids and shifts of all masks are kept.

    A grid of Bernoulli(p) cells is enlarged bilinearly to one cell more than the image and cut out at a random
    shift, as in the paper. Interpolation is separable, so a mask costs two small matrix products on the region's
    bounding box and the full-size enlargement is never made.
    """

    def __init__(self, settings: Rise, shape: tuple[int, ...], region: Tensor, seed: int) -> None:
        self.box = bounding_box(region)
        self.region = region[self.box]
        self.cells = tuple(int(g) for g in np.broadcast_to(settings.grid, len(shape)))
        self.cell = tuple(-(-size // cells) for size, cells in zip(shape, self.cells))
        rng = np.random.default_rng(seed)
        device = region.device
        kept = rng.random((settings.masks, *self.cells)) < settings.keep
        self._grids = torch.as_tensor(kept, dtype=torch.float32, device=device)
        shifts = np.stack([rng.integers(0, cell, settings.masks) for cell in self.cell], axis=1)
        self._shifts = torch.as_tensor(shifts, dtype=torch.float32, device=device)
        self._positions = [torch.arange(b.start, b.stop, dtype=torch.float32, device=device) for b in self.box]
        self._last: tuple[int, int, Tensor] | None = None

    def __call__(self, start: int, stop: int) -> Tensor:
        """Masks `start`…`stop` on the bounding box: (stop − start, *box) in [0, 1]."""
        if self._last is None or self._last[:2] != (start, stop):
            weights = []
            for axis, (cells, cell) in enumerate(zip(self.cells, self.cell)):
                enlarged = (cells + 1) * cell / cells
                positions = self._positions[axis] + self._shifts[start:stop, axis, None]
                weights.append(_axis_weights(positions, enlarged, cells, enlarged / 2 - 0.5))
            self._last = (start, stop, _spread(self._grids[start:stop], weights))
        return self._last[2]

    def from_cells(self, coefficients: Tensor) -> Tensor:
        """What effects per cell of the unshifted grid (B, *cells) mean for each pixel of the bounding box (B, *box).

        A mask that keeps a pixel tends to keep its neighbourhood too: in a linear model on the cells' means, the
        score's slope on the mask at a pixel is Σ coefficient·cov(cell, pixel)/var(pixel), which is what the centred
        estimator estimates. Bernoulli cells are independent and the masks separable, so the covariances are exact sums
        over the possible shifts, one small matrix per axis.

        Parameters
        ----------
        coefficients : Tensor, shape (B, *cells)

        Returns
        -------
        Tensor, shape (B, *box)
        """
        weights = [
            _covariance_weights(p, cell, cells).expand(len(coefficients), -1, -1)
            for p, cell, cells in zip(self._positions, self.cell, self.cells)
        ]
        return _spread(coefficients, weights)

    def cell_of(self, strides: tuple[int, ...]) -> tuple[tuple[slice, ...], Tensor]:
        """The places of the bounding box that are `strides` apart, and the number of the cell each lies in.

        Parameters
        ----------
        strides : tuple of int
            Pixels along each axis.

        Returns
        -------
        places : tuple of slices
            Of the bounding box.
        cell : Tensor of int
            Of each place.
        """
        lattice = tuple(slice(None, None, stride) for stride in strides)
        along = [(p[step] // cell).long() for p, step, cell in zip(self._positions, lattice, self.cell)]
        grid = torch.meshgrid(*along, indexing="ij")
        return lattice, reduce(lambda number, axis: number * axis[1] + axis[0], zip(grid, self.cells), 0)


class _Running:
    """Sums over the masks seen so far, enough for an estimate and its standard error at any moment."""

    def __init__(self, settings: Rise, source: MaskSource, scorer: Scorer) -> None:
        self._settings, self._source = settings, source
        self._baseline = scorer.baseline
        self._count = 0

    def add(self, start: int, stop: int, scores: Tensor) -> None:
        self._count = stop
        self._take(self._source(start, stop), scores)


class _Raw(_Running):
    def __init__(self, *args) -> None:
        super().__init__(*args)
        self._sum = self._squares = 0.0

    def _take(self, masks: Tensor, scores: Tensor) -> None:
        self._sum = self._sum + torch.einsum("bk,b...->k...", scores, masks)
        self._squares = self._squares + torch.einsum("bk,b...->k...", scores**2, masks**2)

    def read(self) -> tuple[Tensor, Tensor]:
        mean = self._sum / self._count
        variance = (self._squares / self._count - mean**2).clamp_min(0)
        return mean / self._settings.keep, (variance / self._count).sqrt() / self._settings.keep


class _Centred(_Running):
    def __init__(self, *args) -> None:
        super().__init__(*args)
        self._d = self._dd = self._m = self._mm = self._dm = 0.0

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
    def __init__(self, *args) -> None:
        super().__init__(*args)
        source = self._source
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
        return sum(self._to_box(part[None]) ** 2 for part in parts).sqrt()

    def _to_box(self, per_cell: np.ndarray) -> Tensor:
        source = self._source
        flat = torch.zeros(len(per_cell), int(np.prod(source.cells)), device=source.region.device)
        flat[:, self._used] = torch.as_tensor(per_cell, dtype=torch.float32, device=flat.device)
        return source.from_cells(flat.view(-1, *source.cells))
