"""From a scan to what a MONAI bundle's network gets, by the bundle's own steps, and back.

MONAI's arrays run along x, y, z as a NIfTI file stores them, with an affine to RAS; those here run along slices, rows
and columns in axial LPS order. An image is handed to the transforms in MONAI's order, and what they give is turned to
the order used here, so that the edges of a patch mean the same axes everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.memory import out_of_memory


class BundleGrid:
    """The grid that a bundle's spatial transforms make of one image; a `models.base.Grid`.

    Parameters
    ----------
    steps : list of (kind, transform)
        See `build.build_transforms`.
    image : ndarray, shape (H, W) or (Z, H, W), float32
    spacing : tuple of floats
        Edges of a pixel or voxel in the array's order, mm.
    key : str
        What the steps call the image.

    Attributes
    ----------
    prepared : Tensor, shape (1, h, w) or (1, d, h, w), float32
        The image after all steps.
    scale : tuple of floats
        Work pixels per pixel of the scan, along (slices,) rows and columns.
    """

    def __init__(self, steps: list[tuple[str, Any]], image: np.ndarray, spacing: tuple[float, ...], key: str) -> None:
        self._key = key
        self._shape, self._spacing = image.shape, spacing
        self._spatial = [step for kind, step in steps if kind == "spatial"]
        self._intensity = [step for kind, step in steps if kind == "intensity"]
        done = self._meta(image)
        self._unscaled = None
        for _, step in steps:
            if self._intensity and step is self._intensity[0]:
                self._unscaled = done.clone()  # some of MONAI's transforms write into their input
            done = self._run(step, done)
        self._done = done
        affine = np.abs(np.asarray(done.affine)[: image.ndim, : image.ndim])
        along = affine.argmax(0).tolist()  # which of x, y, z each axis of the result runs along
        if len(set(along)) < image.ndim:
            raise ModelError("the bundle's transforms turn the image so far that its axes can't be told apart")
        self._from_monai = tuple(along.index(axis) for axis in reversed(range(image.ndim)))
        self._to_monai = tuple(int(i) for i in np.argsort(self._from_monai))
        edges = affine.max(0)[list(self._from_monai)]
        self.scale = tuple(float(old / new) for old, new in zip(spacing, edges))
        self.prepared = self.from_monai(done.as_tensor().float())

    def _meta(self, array: np.ndarray):
        """A slice or volume on the scan's grid as MONAI's image (1, x, y, …) with its affine."""
        from monai.data import MetaTensor

        edges = [*self._spacing[::-1], 1.0][:3]
        affine = torch.diag(torch.tensor([-edges[0], -edges[1], edges[2], 1.0], dtype=torch.float64))
        return MetaTensor(torch.from_numpy(np.array(array.T[None], dtype=np.float32, order="C")), affine=affine)

    def _run(self, step, image):
        try:
            return step({self._key: image})[self._key]
        except Exception as error:  # of settings that were taken when the step was made
            if out_of_memory(error):
                raise
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ModelError(f"the bundle's {type(step).__name__} fails on this image: {reason[:300]}") from error

    def to_monai(self, tensor: Tensor) -> Tensor:
        """A tensor (…, h, w) or (…, d, h, w) with MONAI's order of axes.

        Parameters
        ----------
        tensor : Tensor, shape (..., h, w) or (..., d, h, w)
            On axial axes.

        Returns
        -------
        Tensor, shape (..., the same edges in MONAI's order)
            Contiguous.
        """
        return _turned(tensor, self._to_monai)

    def from_monai(self, tensor: Tensor) -> Tensor:
        """Undo `to_monai`.

        Parameters
        ----------
        tensor : Tensor, shape (..., edges in MONAI's order)

        Returns
        -------
        Tensor, shape (..., h, w) or (..., d, h, w)
            Contiguous.
        """
        return _turned(tensor, self._from_monai)

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the work grid, through the bundle's spatial transforms.

        Parameters
        ----------
        mask : ndarray of bool, shape (H, W) or (Z, H, W)

        Returns
        -------
        ndarray of bool, shape (h, w) or (d, h, w)
            True where at least half of the voxel is.

        Raises
        ------
        ModelError
            If a transform fails on it.
        """
        moved = self._meta(mask)
        for step in self._spatial:
            moved = self._run(step, moved)
        return self.from_monai(moved.as_tensor())[0].numpy() >= 0.5

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps of the work grid on the scan, through the transforms' own inverses.

        Parameters
        ----------
        maps : ndarray, shape (..., h, w) or (..., d, h, w)
            On axial axes.
        outside : float
            The value of what the transforms cut off.

        Returns
        -------
        ndarray of float32, shape (..., H, W) or (..., Z, H, W)
        """
        from monai.data import MetaTensor

        dims = len(self._shape)
        flat = torch.from_numpy(np.ascontiguousarray(maps, dtype=np.float32)).reshape(-1, 1, *maps.shape[-dims:])
        found = np.empty((len(flat), *self._shape), np.float32)
        for target, one in zip(found, flat):  # one at a time: resampling takes several copies
            moved = MetaTensor(self.to_monai(one) - outside, affine=self._done.affine)
            moved.applied_operations = list(self._done.applied_operations)
            for step in reversed(self._spatial):
                moved = step.inverse({self._key: moved})[self._key]
            target[...] = moved.as_tensor()[0].numpy().T + outside
        return found.reshape(*maps.shape[:-dims], *self._shape)

    def value_of(self, intensity: float) -> float:
        """What an intensity of the scan becomes: how one voxel of that value comes out of the steps.

        Parameters
        ----------
        intensity : float
            In the scan's own unit, HU on CT.

        Returns
        -------
        float
            In the unit of `prepared`, by the steps that change single values; smoothing is left out.
        """
        if self._unscaled is None:
            return float(intensity)
        probe = self._unscaled.clone()
        place = tuple(n // 2 for n in probe.shape)
        probe[place] = float(intensity)
        for step in self._intensity:
            probe = self._run(step, probe)
        return float(probe[place])


def _turned(tensor: Tensor, order: tuple[int, ...]) -> Tensor:
    """The last axes of a tensor in another order, in memory too."""
    ahead = tensor.dim() - len(order)
    return tensor.permute(*range(ahead), *(ahead + i for i in order)).contiguous()
