"""A scan at a task's spacing and back, as TotalSegmentator's `change_spacing` does it: by `scipy.ndimage.zoom`.

That keeps the centres of the first and the last voxel of each axis in place, not the edges of the box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from XAICLIPLib.models.nnunet.case import Cropped


@dataclass(frozen=True)
class Zoomed:
    """The work grid of a part of a volume (Z, H, W) at another spacing, of which nnU-Net takes a box.

    Attributes
    ----------
    shape : tuple of 3 ints
        The volume.
    box : tuple of 3 slices
        The part of it that TotalSegmentator looks at.
    size : tuple of 3 ints
        The part at the task's spacing.
    inner : Cropped
        What nnU-Net makes of it.
    """

    shape: tuple[int, ...]
    box: tuple[slice, ...]
    size: tuple[int, ...]
    inner: Cropped

    @property
    def part(self) -> tuple[int, ...]:
        """Edges of the part, in voxels of the volume."""
        return tuple(s.stop - s.start for s in self.box)

    @property
    def scale(self) -> tuple[float, ...]:
        """Work voxels per voxel of the volume, along each axis."""
        return tuple(n / p * s for n, p, s in zip(self.size, self.part, self.inner.scale))

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the work grid.

        Parameters
        ----------
        mask : ndarray of bool, shape (Z, H, W)

        Returns
        -------
        ndarray of bool, shape of the work grid
            True where, linearly interpolated, it is at least a half.
        """
        return self.inner.mask_to_work(_linear(mask[self.box].astype(np.float32)[None], self.size)[0] >= 0.5)

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps of the work grid on the volume, linear.

        Parameters
        ----------
        maps : ndarray, shape (..., d, h, w)
        outside : float
            The value of what TotalSegmentator does not look at.

        Returns
        -------
        ndarray of float32, shape (..., Z, H, W)
        """
        lead = maps.shape[: maps.ndim - 3]
        inner = self.inner.to_slice(maps, outside).reshape(-1, *self.size)
        out = np.full((len(inner), *self.shape), outside, np.float32)
        for row, one in zip(out, inner):  # one by one: a volume of a hundred structures has no room as a copy
            row[self.box] = _linear(one[None], self.part)[0]
        return out.reshape(*lead, *self.shape)

    def drawn(self, probabilities: np.ndarray) -> np.ndarray:
        """Masks on the volume as TotalSegmentator brings its labels back: from the nearest voxel of its own grid.

        Parameters
        ----------
        probabilities : ndarray, shape (..., d, h, w)

        Returns
        -------
        ndarray of bool, shape (..., Z, H, W)
            Where they are above a half.
        """
        inner = self.inner.to_slice(probabilities) > 0.5
        out = np.zeros((*inner.shape[:-3], *self.shape), bool)
        # its rows and columns run the other way, and what lies between two voxels takes the next in that direction
        along_z, *along_yx = (nearest(n, p) for n, p in zip(self.size, self.part))
        places = [along_z, *(n - 1 - way[::-1] for n, way in zip(self.size[1:], along_yx))]
        out[(..., *self.box)] = inner[(..., *np.ix_(*places))]
        return out


def nearest(size: int, part: int) -> np.ndarray:
    """From which of `size` voxels of a row each of `part` comes, by `scipy.ndimage.zoom` of order 0.

    Parameters
    ----------
    size, part : int

    Returns
    -------
    ndarray of int, shape (part,)
    """
    step = (size - 1) / (part - 1) if part > 1 else 1.0
    return np.clip(np.floor(np.arange(part) * step + 0.5).astype(int), 0, size - 1)


def _linear(maps: np.ndarray, size: Sequence[int]) -> np.ndarray:
    """Maps (N, *S) at another size (N, *size), the centres of the outermost voxels kept."""
    if maps.shape[1:] == tuple(size):
        return maps
    given = torch.from_numpy(np.ascontiguousarray(maps, np.float32))[:, None]
    return functional.interpolate(given, tuple(size), mode="trilinear", align_corners=True)[:, 0].numpy()
