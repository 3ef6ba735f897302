"""Copies of an image with sets of its pixels filled: what every test of a map perturbs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


class Removed:
    """Copies of an image, each with another set of pixels replaced by the fill (see `score.Perturbations`).

    Parameters
    ----------
    image, fill : Tensor, shape (C, *S)
    sets : sequence of ndarray of int
        Per copy the flat positions, in an image (*S), of the pixels that are taken away.
    """

    def __init__(self, image: Tensor, fill: Tensor, sets: Sequence[np.ndarray]) -> None:
        self._image, self._fill = image.flatten(1), fill.flatten(1)
        self._sets = sets

    def __len__(self) -> int:
        return len(self._sets)

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        self._copy(self._fill, batch, start, stop)

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        self._copy(self._image, batch, start, stop)

    def _copy(self, source: Tensor, batch: Tensor, start: int, stop: int) -> None:
        for row, pixels in zip(batch, self._sets[start:stop]):
            at = torch.as_tensor(pixels, device=source.device)
            row.view(len(source), -1)[:, at] = source[:, at]
