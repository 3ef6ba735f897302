"""Where an output changed, pooled: small cells of the model's output, cut along the borders of what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from scipy import sparse
from torch.nn import functional

MOST_CELLS = 2**18  # along all axes of one output; more would make a record larger than what it explains


class Cells:
    """The output of one target, divided into cells; a cell that the edge of the prediction or the reference crosses is
    divided along it, so that means over an organ, its missing or its extra part are exact.

    Parameters
    ----------
    prediction, reference : ndarray, shape (*S'), bool
        What the model draws in the unperturbed image, and what it is held against.
    edges : sequence of int
        Pixels of a cell along each axis, at least 1.

    Attributes
    ----------
    number : ndarray, shape (*S'), int32
        The cell of each output pixel.
    sizes : ndarray, shape (J,), int64
        Pixels of each cell.
    drawn, in_reference : ndarray, shape (J,), bool
        Which cells lie in the prediction, and which in the reference; no cell lies in them in part.
    """

    def __init__(self, prediction: np.ndarray, reference: np.ndarray, edges: Sequence[int]) -> None:
        self.prediction, self.reference, self.edges = prediction, reference, tuple(int(e) for e in edges)
        counts = [-(-n // e) for n, e in zip(prediction.shape, self.edges)]
        place = np.zeros(prediction.shape, np.int64)
        for axis, (size, edge, count) in enumerate(zip(prediction.shape, self.edges, counts)):
            along = (np.arange(size) // edge).reshape(-1, *[1] * (prediction.ndim - axis - 1))
            place = place * count + along
        squares = int(np.prod(counts))
        # what is drawn comes first, so that questions about it unpack few groups of cells
        place += squares * (3 - 2 * prediction.astype(np.int64) - reference)
        sizes = np.bincount(place.ravel(), minlength=4 * squares)
        kinds = np.flatnonzero(sizes)
        renumbered = np.zeros(4 * squares, np.int32)
        renumbered[kinds] = np.arange(len(kinds))
        self._square = kinds % squares
        self.number = renumbered[place]
        self.sizes = sizes[kinds]
        self.drawn, self.in_reference = kinds // squares < 2, kinds // squares % 2 == 0

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def _divided(self) -> tuple[np.ndarray, np.ndarray, sparse.csr_matrix]:
        """The cells that share their square (cube) with others, the pixels they are made of, and the matrix (cells,
        pixels) that takes their means."""
        divided = np.flatnonzero(np.bincount(self._square)[self._square] > 1)
        flat = self.number.ravel()
        row = np.full(len(self), -1)
        row[divided] = np.arange(len(divided))
        pixels = np.flatnonzero(row[flat] >= 0)
        weights = (1 / self.sizes[flat[pixels]]).astype(np.float32)
        where = (row[flat[pixels]], np.arange(len(pixels)))
        return divided, pixels, sparse.csr_matrix((weights, where), (len(divided), len(pixels)))

    def means(self, maps: np.ndarray) -> np.ndarray:
        """Means of maps over the cells.

        Parameters
        ----------
        maps : ndarray, shape (B, *S'), float32

        Returns
        -------
        ndarray, shape (B, J), float32
        """
        pool = functional.avg_pool2d if maps.ndim == 3 else functional.avg_pool3d
        squares = pool(torch.from_numpy(maps)[:, None], self.edges, ceil_mode=True, count_include_pad=False)
        means = squares.flatten(1).numpy()[:, self._square]
        divided, pixels, average = self._divided
        if len(divided):
            means[:, divided] = (average @ maps.reshape(len(maps), -1)[:, pixels].T).T
        return means

    def means_in_box(self, values: np.ndarray, box: tuple[slice, ...]) -> np.ndarray:
        """The share of cells' means that comes from a box: its values summed by cell, over the cells' whole sizes.

        Parameters
        ----------
        values : ndarray
            The values inside the box.
        box : tuple of slices
            Of the output grid.

        Returns
        -------
        ndarray, shape (J,), float32
        """
        numbers = self.number[box].ravel()
        return (np.bincount(numbers, values.ravel(), len(self)) / self.sizes).astype(np.float32)

    def shares(self, mask: np.ndarray) -> np.ndarray:
        """How many pixels of a mask lie in each cell.

        Parameters
        ----------
        mask : ndarray, shape (*S'), bool

        Returns
        -------
        ndarray, shape (J,), float64
        """
        return np.bincount(self.number[mask], minlength=len(self)).astype(float)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values per cell on its pixels.

        Parameters
        ----------
        values : ndarray, shape (J,)

        Returns
        -------
        ndarray, shape (*S'), float32
        """
        return values.astype(np.float32)[self.number]


def cell_edges(shape: Sequence[int], pixels: Sequence[float]) -> tuple[int, ...]:
    """Whole pixels of a cell along each axis: as wanted, but at least one, and no more cells than a record holds.

    Parameters
    ----------
    shape : sequence of int
        Of the output.
    pixels : sequence of float
        Wanted edges, in output pixels.

    Returns
    -------
    tuple of int
    """
    edges = [max(1, min(int(n), round(p))) for n, p in zip(shape, pixels)]
    while np.prod([-(-n // e) for n, e in zip(shape, edges)], dtype=np.int64) > MOST_CELLS:
        edges = [min(int(n), 2 * e) for n, e in zip(shape, edges)]
    return tuple(edges)
