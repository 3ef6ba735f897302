"""The work grid of a model that gets whole slices or volumes: stretched to its size, or as they are with padding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from XAICLIPLib.errors import InputError

_LINEAR = {2: "bilinear", 3: "trilinear"}


@dataclass(frozen=True)
class Padded:
    """A slice (H, W) or volume (Z, H, W), resampled where its size changes and padded at the far ends.

    Attributes
    ----------
    shape : tuple of ints
        The slice or volume.
    inner : tuple of ints
        What it covers of the work grid, from the first pixel on.
    size : tuple of ints
        The work grid.
    """

    shape: tuple[int, ...]
    inner: tuple[int, ...]
    size: tuple[int, ...]

    @property
    def scale(self) -> tuple[float, ...]:
        """Work pixels per slice pixel, along each axis."""
        return tuple(i / n for i, n in zip(self.inner, self.shape))

    def to_work(self, image: np.ndarray, pad: float) -> np.ndarray:
        """An image on the work grid.

        Parameters
        ----------
        image : ndarray, shape (H, W) or (Z, H, W)
        pad : float
            The value of what it does not cover.

        Returns
        -------
        ndarray of float32, shape `size`
            Means of areas along an axis that shrinks, else linear.
        """
        inner = _resampled(image[None], self.inner)[0]
        if self.inner == self.size:
            return inner
        out = np.full(self.size, pad, np.float32)
        out[tuple(slice(n) for n in self.inner)] = inner
        return out

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the work grid.

        Parameters
        ----------
        mask : ndarray of bool, shape (H, W) or (Z, H, W)

        Returns
        -------
        ndarray of bool, shape `size`
            True where at least half of the pixel is, false in the padding.
        """
        return self.to_work(mask.astype(np.float32), 0.0) >= 0.5

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps of the work grid on the image, linear; the padding is cut off.

        Parameters
        ----------
        maps : ndarray, shape (..., *size)
        outside : float
            Never seen: the image lies wholly inside the work grid.

        Returns
        -------
        ndarray of float32, shape (..., *shape)
        """
        covered = maps[(..., *(slice(n) for n in self.inner))]
        flat = covered.reshape(-1, *self.inner)
        return _resampled(flat, self.shape).reshape(*maps.shape[: maps.ndim - len(self.size)], *self.shape)


def _resampled(images: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Images (N, *S) at another size, axis by axis: means of areas where an axis shrinks, else linear."""
    out = np.ascontiguousarray(images, np.float32)
    for axis, (old, new) in enumerate(zip(images.shape[1:], size)):
        if old != new:
            target = (*out.shape[1 : axis + 1], new, *out.shape[axis + 2 :])
            mode = {"mode": "area"} if new < old else {"mode": _LINEAR[len(size)], "align_corners": False}
            out = functional.interpolate(torch.from_numpy(out)[:, None], target, **mode)[:, 0].numpy()
    return out


def stretched(shape: Sequence[int], size: Sequence[int]) -> Padded:
    """The whole image brought to a size.

    Parameters
    ----------
    shape : sequence of ints
        The image: (H, W) or (Z, H, W).
    size : sequence of ints
        The work grid, in the same order.

    Returns
    -------
    Padded
        Without padding.
    """
    return Padded(tuple(shape), tuple(size), tuple(size))


def native(
    shape: Sequence[int],
    *,
    size: Sequence[int] | None = None,
    multiple: int = 1,
    resampling: Sequence[float] | None = None,
) -> Padded:
    """Pixels as they are, padded.

    Parameters
    ----------
    shape : sequence of ints
        The image.
    size : sequence of ints, optional
        The work grid; without it, the smallest whose edges are multiples of `multiple`.
    multiple : int
    resampling : sequence of floats, optional
        Work pixels per image pixel, along each axis.

    Returns
    -------
    Padded

    Raises
    ------
    InputError
        If the image is larger than the size.
    """
    inner = tuple(max(1, round(n * f)) for n, f in zip(shape, resampling or [1.0] * len(shape)))
    if size is None:
        return Padded(tuple(shape), inner, tuple(math.ceil(n / multiple) * multiple for n in inner))
    if any(i > s for i, s in zip(inner, size)):
        raise InputError(
            f"the image is {' x '.join(map(str, inner))} pixels and the model takes {' x '.join(map(str, size))}; "
            'give "resize": "stretch", or for slices "body", in its sidecar'
        )
    return Padded(tuple(shape), inner, tuple(size))
