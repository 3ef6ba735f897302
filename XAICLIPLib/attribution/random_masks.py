"""The random smooth masks of RISE, made when they are wanted, and what cells of their grid mean for pixels."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.methods import Rise
from XAICLIPLib.attribution.perturbations import bounding_box


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
        number = torch.zeros_like(grid[0])
        for axis, cells in zip(grid, self.cells):
            number = number * cells + axis
        return lattice, number
