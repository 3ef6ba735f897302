"""Perturbed copies of one image: boxes, sets of pixels or soft masks filled; what the scorer runs a model on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import EllipsisType
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

Index = tuple[EllipsisType | slice, ...]
Box = tuple[tuple[int, int], ...]  # start and stop along each dimension; a slice has no hash before Python 3.12


class Perturbations(Protocol):
    """A family of perturbed copies of one image, made a few at a time and taken back again.

    Only what a perturbation touches is written and restored, so that no mask tensor is made per copy.
    """

    def __len__(self) -> int: ...

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        """Turn the rows of `batch` (stop − start, C, *S), all equal to the image, into copies `start`…`stop`.

        Parameters
        ----------
        batch : Tensor, shape (stop − start, C, *S)
        start, stop : int
            Which copies they become.
        """

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        """Make those rows equal to the image again.

        Parameters
        ----------
        batch : Tensor, shape (stop − start, C, *S)
        start, stop : int
            Which copies they are.
        """

    def hides(self, start: int, stop: int) -> Tensor:
        """What copies `start`…`stop` hide of the image.

        Parameters
        ----------
        start, stop : int

        Returns
        -------
        Tensor, shape (stop − start, *S), float32, on the image's device
            The share of each pixel that is replaced: 1 where the fill stands in its place, whether or not that changes
            its value; 0 where the image is as it was.
        """


class Boxes:
    """Copies with one box each filled as far as it lies in the region, see `Perturbations`.

    Parameters
    ----------
    image : Tensor, shape (C, *S)
    occluded : Tensor, shape (C, *S)
        The image with the whole region filled.
    region : Tensor, shape (*S), bool
    boxes : list of Box

    Attributes
    ----------
    boxes : tuple of Box
        One per copy.
    region : Tensor, shape (*S), bool
    """

    def __init__(self, image: Tensor, occluded: Tensor, region: Tensor, boxes: Sequence[Box]) -> None:
        self._image, self._occluded, self.region = image, occluded, region.to(image.device)
        self.boxes = tuple(boxes)

    def __len__(self) -> int:
        return len(self.boxes)

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        self._copy(self._occluded, batch, start, stop)

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        self._copy(self._image, batch, start, stop)

    def _copy(self, source: Tensor, batch: Tensor, start: int, stop: int) -> None:
        for row, box in zip(batch, self.boxes[start:stop]):
            at = (slice(None), *(slice(*span) for span in box))
            row[at] = source[at]

    def hides(self, start: int, stop: int) -> Tensor:
        """See `Perturbations`."""
        hidden = torch.zeros(stop - start, *self.region.shape, device=self._image.device)
        for row, box in zip(hidden, self.boxes[start:stop]):
            at = tuple(slice(*span) for span in box)
            row[at] = self.region[at].float()
        return hidden


class PixelSets:
    """Copies of an image, each with another set of pixels replaced by the fill (see `Perturbations`).

    Parameters
    ----------
    image, fill : Tensor, shape (C, *S)
    sets : sequence of ndarray of int
        Per copy the flat positions, in an image (*S), of the pixels that are taken away.
    """

    def __init__(self, image: Tensor, fill: Tensor, sets: Sequence[np.ndarray]) -> None:
        self._image, self._fill = image.flatten(1), fill.flatten(1)
        self._sets, self._shape = sets, image.shape[1:]

    def __len__(self) -> int:
        return len(self._sets)

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        self._copy(self._fill, batch, start, stop)

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        self._copy(self._image, batch, start, stop)

    def _copy(self, source: Tensor, batch: Tensor, start: int, stop: int) -> None:
        for row, pixels in zip(batch, self._sets[start:stop]):
            at = torch.as_tensor(pixels, device=source.device)
            row.view(len(source), -1)[:, at] = source[:, at]

    def hides(self, start: int, stop: int) -> Tensor:
        """See `Perturbations`."""
        hidden = torch.zeros(stop - start, *self._shape, device=self._image.device)
        for row, pixels in zip(hidden, self._sets[start:stop]):
            row.view(-1)[torch.as_tensor(pixels, device=hidden.device)] = 1.0
        return hidden


class WholeImages:
    """Copies of an image of several channels, in each of which some channels are replaced as a whole (see
    `Perturbations`).

    Parameters
    ----------
    image, filled : Tensor, shape (C, *S)
        Unperturbed, and with every channel replaced where that may be done.
    region : Tensor, shape (*S), bool
        Where that is.
    kept : sequence of int
        One per copy: bit c says whether channel c stays.
    """

    def __init__(self, image: Tensor, filled: Tensor, region: Tensor, kept: Sequence[int]) -> None:
        self._image, self._filled, self._region, self._kept = image, filled, region, kept

    def __len__(self) -> int:
        return len(self._kept)

    def _replaced(self, copy: int) -> list[int]:
        return [c for c in range(len(self._image)) if not self._kept[copy] >> c & 1]

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        for row, copy in zip(batch, range(start, stop)):
            row[self._replaced(copy)] = self._filled[self._replaced(copy)]

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        for row, copy in zip(batch, range(start, stop)):
            row[self._replaced(copy)] = self._image[self._replaced(copy)]

    def hides(self, start: int, stop: int) -> Tensor:
        """See `Perturbations`; the share of the channels that are replaced."""
        shares = [len(self._replaced(copy)) / len(self._image) for copy in range(start, stop)]
        return torch.stack([self._region.float() * share for share in shares])


def bounding_box(region: Tensor) -> tuple[slice, ...]:
    """The smallest box (slices along each dimension) that holds all true elements of a non-empty mask.

    Parameters
    ----------
    region : Tensor, shape (*S), bool

    Returns
    -------
    tuple of slices
    """
    box = []
    for axis in range(region.dim()):
        others = [a for a in range(region.dim()) if a != axis]
        along = (region.any(dim=others) if others else region).nonzero()
        box.append(slice(int(along[0]), int(along[-1]) + 1))
    return tuple(box)


def index(box: tuple[slice, ...]) -> Index:
    """What picks a box of the last dimensions out of a tensor that has others before them.

    Parameters
    ----------
    box : tuple of slices

    Returns
    -------
    tuple of ellipsis and slices
    """
    return (..., *box)


class Blend:
    """Perturbed copies ``image·m + fill·(1 − m)`` with a multiplier m per copy that is 1.0 outside the region.

    Parameters
    ----------
    image, fill : Tensor, shape (C, *S)
    region : Tensor, shape (*S), bool
    masks : callable
        ``masks(start, stop)`` -> (stop − start, *box) multipliers in [0, 1] on the region's bounding box.
    count : int
        Number of copies N.
    """

    def __init__(
        self, image: Tensor, fill: Tensor, region: Tensor, masks: Callable[[int, int], Tensor], count: int
    ) -> None:
        self.box = bounding_box(region)
        self._at = index(self.box)
        self._image = image[self._at]
        self._region = region
        self._difference = torch.where(region[self.box], fill[self._at] - self._image, 0.0)
        self._masks = masks
        self._count = count

    def __len__(self) -> int:
        return self._count

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        removed = 1 - self._masks(start, stop)[:, None]
        # the difference is 0 outside the region, which is 1 − roi·(1 − m) without a mask of its own
        batch[self._at] = torch.addcmul(self._image, removed, self._difference)

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        """See `Perturbations`."""
        batch[self._at] = self._image

    def hides(self, start: int, stop: int) -> Tensor:
        """See `Perturbations`."""
        removed = torch.where(self._region[self.box], 1 - self._masks(start, stop), 0.0)
        return full_map(removed, self.box, self._region.shape)


def full_map(values: Tensor, box: tuple[slice, ...], shape: torch.Size) -> Tensor:
    """Values (..., *box) placed into zeros (..., *shape).

    Parameters
    ----------
    values : Tensor, shape (..., *box)
    box : tuple of slices
    shape : tuple of int
        (*S), of the whole.

    Returns
    -------
    Tensor, shape (..., *S)
    """
    out = torch.zeros(*values.shape[: values.dim() - len(box)], *shape, dtype=values.dtype, device=values.device)
    out[index(box)] = values
    return out
