"""From a scan to what a MONAI bundle's network gets, by the bundle's own steps, and back.

MONAI's arrays run along x, y, z as a NIfTI file stores them, with an affine to RAS; those here run along slices, rows
and columns in axial LPS order. An image is handed to the transforms as its file stores it, and what they give is turned
to the order used here, so that the edges of a patch mean the same axes everywhere.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.axes import Axes
from XAICLIPLib.models.memory import out_of_memory

if TYPE_CHECKING:
    from monai.data import MetaTensor
    from monai.transforms import CropForegroundd


# sources of crops: the image before the first step, and before the first that moves it
WHOLE, UNMOVED = "the scan as stored", "the scan as stored, normalised"


class FixedCrop:
    """MONAI's crop to the foreground, with the box that it found in one image.

    Parameters
    ----------
    step : monai.transforms.CropForegroundd
    data : dict
        The image, and what else the box may be found in.

    Raises
    ------
    ModelError
        If there is no foreground.
    """

    def __init__(self, step: CropForegroundd, data: dict[str, MetaTensor]) -> None:
        self._cropper, self._mode = step.cropper, step.mode[0]
        self._start, self._end = step.cropper.compute_bounding_box(img=data[step.source_key])
        if (self._end <= self._start).any():
            raise ModelError(
                "the model crops a scan to what lies above 0, and nothing does; give the scan in its own unit, HU on CT"
            )

    def __call__(self, data: dict[str, MetaTensor]) -> dict[str, MetaTensor]:
        """The images in the box."""
        return {
            key: self._cropper.crop_pad(image, self._start, self._end, mode=self._mode) for key, image in data.items()
        }

    def inverse(self, data: dict[str, MetaTensor]) -> dict[str, MetaTensor]:
        """The images on the whole scan again.

        Parameters
        ----------
        data : dict of str to MetaTensor

        Returns
        -------
        dict of str to MetaTensor
            With 0 outside the box.
        """
        return {key: self._cropper.inverse(image) for key, image in data.items()}


class BundleGrid:
    """The grid that a bundle's spatial transforms make of one image; a `models.base.Grid`.

    Parameters
    ----------
    steps : list of (kind, transform)
        See `build.build_transforms`.
    image : ndarray, shape (C, H, W) or (C, Z, H, W), float32
        C images on one grid.
    spacing : tuple of floats
        Edges of a pixel or voxel in the array's order, mm.
    key : str
        What the steps call the image.
    stored : str
        Where the axes of the scan's file lead, in DICOM's letters.

    Attributes
    ----------
    prepared : Tensor, shape (C, h, w) or (C, d, h, w), float32
        The images after all steps.
    scale : tuple of floats
        Work pixels per pixel of the scan, along (slices,) rows and columns.
    """

    def __init__(
        self,
        steps: list[tuple[str, Any]],
        image: np.ndarray,
        spacing: tuple[float, ...],
        key: str,
        stored: str = "LPS",
    ) -> None:
        from monai.transforms import CropForegroundd

        self._key = key
        self._shape, self._spacing = image.shape[1:], spacing
        dims = len(self._shape)
        self._axes = Axes.of_letters(stored if dims == 3 else in_plane(stored))
        if dims == 2:
            self._axes = Axes(tuple(axis - 1 for axis in self._axes.order), self._axes.flipped)
        self._spatial: list[Any] = []
        self._intensity = [step for kind, step in steps if kind == "intensity"]
        whole = unmoved = done = self._meta(image)
        self._unscaled = None
        for kind, step in steps:
            if self._intensity and step is self._intensity[0]:
                self._unscaled = done.clone()  # some of MONAI's transforms write into their input
            if isinstance(step, CropForegroundd):
                step = FixedCrop(step, {key: done, WHOLE: whole, UNMOVED: unmoved})
            if not self._spatial and kind != "spatial":
                unmoved = None  # told after the step
            if kind == "spatial":
                self._spatial.append(step)
            done = self._run(step, done)
            unmoved = done if unmoved is None else unmoved
        self._done = done
        affine = np.abs(np.asarray(done.affine)[:dims, :dims])
        along = affine.argmax(0).tolist()  # which of x, y, z each axis of the result runs along
        if len(set(along)) < dims:
            raise ModelError("the bundle's transforms turn the image so far that its axes can't be told apart")
        self._from_monai = tuple(along.index(axis) for axis in reversed(range(dims)))
        self._to_monai = tuple(int(i) for i in np.argsort(self._from_monai))
        edges = affine.max(0)[list(self._from_monai)]
        self.scale = tuple(float(old / new) for old, new in zip(spacing, edges))
        self.prepared = self.from_monai(done.as_tensor().float())

    def _meta(self, array: np.ndarray):
        """Images (C, …) on the scan's grid as MONAI has them (C, x, y, …), with their affine, as files store them."""
        from monai.data import MetaTensor

        dims = len(self._shape)
        affine = torch.eye(4, dtype=torch.float64)
        for column, (axis, flipped) in enumerate(zip(self._axes.order, self._axes.flipped)):
            row = dims - 1 - axis  # slices, rows and columns run along z, y and x
            affine[:, column] = 0
            # axial order leads to the patient's left and back, RAS to the right and front
            affine[row, column] = self._spacing[axis] * (1 if row == 2 else -1) * (-1 if flipped else 1)
        turned = self._axes.to_network(torch.from_numpy(np.array(array, np.float32)))
        return MetaTensor(turned.contiguous(), affine=affine)

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
        moved = self._meta(mask[None])
        for step in self._spatial:
            moved = self._run(step, moved)
        return self.from_monai(moved.as_tensor())[0].numpy() >= 0.5

    def to_slice(self, maps: np.ndarray, outside: float = 0.0, nearest: bool = False) -> np.ndarray:
        """Maps of the work grid on the scan, through the transforms' own inverses.

        Parameters
        ----------
        maps : ndarray, shape (..., h, w) or (..., d, h, w)
            On axial axes.
        outside : float
            The value of what the transforms cut off.
        nearest : bool
            Whether they are brought back by the nearest voxel, as label maps are, and not by the steps' own
            interpolation.

        Returns
        -------
        ndarray of float32, shape (..., H, W) or (..., Z, H, W)
        """
        from monai.data import MetaTensor
        from monai.transforms.utils import convert_applied_interp_mode

        operations = self._done.applied_operations
        if nearest:
            operations = convert_applied_interp_mode(operations, mode="nearest", align_corners=None)
        dims = len(self._shape)
        flat = torch.from_numpy(np.ascontiguousarray(maps, dtype=np.float32)).reshape(-1, 1, *maps.shape[-dims:])
        found = np.empty((len(flat), *self._shape), np.float32)
        for target, one in zip(found, flat):  # one at a time: resampling takes several copies
            moved = MetaTensor(self.to_monai(one) - outside, affine=self._done.affine)
            moved.applied_operations = deepcopy(operations)  # some inverses write into theirs
            for step in reversed(self._spatial):
                moved = step.inverse({self._key: moved})[self._key]
            target[...] = self._axes.to_axial(moved.as_tensor())[0].numpy() + outside
        return found.reshape(*maps.shape[:-dims], *self._shape)

    def value_of(self, intensity: float, channel: int = 0) -> float:
        """What an intensity of the scan becomes: how one voxel of that value comes out of the steps.

        Parameters
        ----------
        intensity : float
            In the scan's own unit, HU on CT.
        channel : int
            Of which image it is an intensity.

        Returns
        -------
        float
            In the unit of `prepared`, by the steps that change single values; smoothing is left out.
        """
        if self._unscaled is None:
            return float(intensity)
        probe = self._unscaled.clone()
        place = (channel, *(n // 2 for n in probe.shape[1:]))
        probe[place] = float(intensity)
        for step in self._intensity:
            probe = self._run(step, probe)
        return float(probe[place])


def in_plane(stored: str) -> str:
    """Where the axes of an axial slice lead in a scan's file.

    Parameters
    ----------
    stored : str
        The letters of the file's three axes.

    Returns
    -------
    str
        Two letters; "LP" where the file's own slices are not axial.
    """
    return stored[:2] if stored[2] in "SI" else "LP"


def _turned(tensor: Tensor, order: tuple[int, ...]) -> Tensor:
    """The last axes of a tensor in another order, in memory too."""
    ahead = tensor.dim() - len(order)
    return tensor.permute(*range(ahead), *(ahead + i for i in order)).contiguous()
