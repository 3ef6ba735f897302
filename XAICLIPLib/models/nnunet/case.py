"""What an nnU-Net gets of a scan: its axes, its crop, its normalisation and its spacing, each as nnU-Net has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.axes import Axes
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.resize import Padded, stretched

# the value of a voxel alone decides what becomes of it; all other schemes look at the whole scan first
VOXEL_BY_VOXEL = ("CTNormalization", "NoNormalization", "RGBTo01Normalization")


@dataclass(frozen=True)
class Cropped:
    """The work grid of a box in a slice (H, W) or volume (Z, H, W), resampled.

    Attributes
    ----------
    shape : tuple of ints
        The slice or volume.
    box : tuple of slices
    inner : Padded
        The box at another size.
    """

    shape: tuple[int, ...]
    box: tuple[slice, ...]
    inner: Padded

    @property
    def scale(self) -> tuple[float, ...]:
        """Work pixels per pixel of the slice, along each axis."""
        return self.inner.scale

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the work grid.

        Parameters
        ----------
        mask : ndarray of bool, shape (H, W) or (Z, H, W)
            On the slice or volume that was cropped.

        Returns
        -------
        ndarray of bool, shape of the work grid
            True where at least half of the pixel is.
        """
        return self.inner.mask_to_work(mask[self.box])

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps of the work grid on the slice or volume, linear.

        Parameters
        ----------
        maps : ndarray, shape (..., h, w) or (..., d, h, w)
            On axial axes.
        outside : float
            The value of what nnU-Net cut off.

        Returns
        -------
        ndarray of float32, shape (..., H, W) or (..., Z, H, W)
        """
        out = np.full((*maps.shape[: maps.ndim - len(self.shape)], *self.shape), outside, np.float32)
        out[(..., *self.box)] = self.inner.to_slice(maps)
        return out


@dataclass(frozen=True, eq=False)
class PreparedCase:
    """An image as nnU-Net would have it, with axial axes: (1, h, w) or (1, d, h, w)."""

    image: Tensor
    grid: Cropped
    axes: Axes
    value: Callable[[float], float]
    notes: tuple[str, ...] = ()


class Preprocessing:
    """nnU-Net's default preprocessing of one image: crop to what is not zero, normalise, resample.

    The steps are nnU-Net's own functions, called as `DefaultPreprocessor.run_case_npy` calls them, without what it does
    for labels.

    Parameters
    ----------
    plans : PlansManager
    configuration : ConfigurationManager

    Raises
    ------
    ModelError
        If the model was trained with another preprocessing.
    """

    def __init__(self, plans, configuration) -> None:
        if configuration.preprocessor_name != "DefaultPreprocessor":
            raise ModelError(
                f"the model was trained with {configuration.preprocessor_name}, and only nnU-Net's DefaultPreprocessor "
                "is known; export the model as TorchScript or ONNX"
            )
        self._configuration = configuration
        self._transpose = plans.transpose_forward
        self._reoriented = plans.plans.get("image_reader_writer", "").endswith("WithReorient")
        self._scheme = configuration.normalization_schemes[0]
        self._masked = configuration.use_mask_for_norm[0]
        self._normaliser = _find_normaliser(self._scheme, self._masked, plans)
        self._kept: _Normalised | None = None

    def __call__(self, image: np.ndarray, context: Context) -> PreparedCase:
        """A slice (H, W), or for a configuration of volumes a volume (Z, H, W), float32 in the scan's own values.

        Raises
        ------
        ModelError
            If a model of slices looks at others than axial ones.
        """
        code = context.orientation
        seen = "RAS" if self._reoriented else code
        axes = Axes.of(seen, self._transpose)
        flat = image.ndim == 2
        if flat and axes.order[0] != 0:
            raise ModelError(
                f"this 2D model looks at {('axial', 'coronal', 'sagittal')[axes.order[0]]} slices of a scan stored as "
                f"{code}, and XAICLIP explains axial ones; open the model's 3d_fullres configuration"
            )
        stack = image[None] if flat else image
        volume = context.volume if flat else None
        case, number = (stack, 0) if volume is None else (volume, context.index)
        notes = (
            "the model gets the scan as RAS, whatever its file has, as nnU-Net's reader with reorientation does"
            if self._reoriented
            else f"the model gets the scan as its file is stored ({code}), as nnU-Net itself does: its left and right "
            "are right where the files it learned from were stored alike",
        )
        if flat and volume is None and self._scheme not in VOXEL_BY_VOXEL:
            notes += (f"the {self._scheme} is that of the slice alone; nnU-Net takes it from the whole scan",)
        normalised, box, value = self._normalise(stack, case, number)
        # thick slices are resampled one by one
        spacing = (999 * max(context.spacing), *context.spacing) if flat else context.spacing
        resampled = self._resample(normalised, axes, spacing)
        if flat:
            resampled, box = resampled[:, 0], box[1:]
            axes = Axes(tuple(k - 1 for k in axes.order[1:]), axes.flipped[1:])
        inner = stretched([s.stop - s.start for s in box], resampled.shape[1:])
        return PreparedCase(resampled.contiguous(), Cropped(image.shape, box, inner), axes, value, notes)

    def _normalise(
        self, stack: np.ndarray, case: np.ndarray, number: int
    ) -> tuple[np.ndarray, tuple[slice, ...], Callable[[float], float]]:
        """A stack cut to the box of its case and normalised like it, the box, and what becomes of a single value.

        `stack` is the case itself, or its slice `number` (1, H, W).
        """
        if self._scheme in VOXEL_BY_VOXEL:
            box = _box_of_nonzero(case)
            box = box if stack is case else (slice(0, 1), *box[1:])
            run = self._normaliser.run
            return (
                run(stack[box].astype(np.float32), None),
                box,
                lambda v: float(run(np.full(1, v, np.float32), None)[0]),
            )
        if self._kept is None or self._kept.case is not case:
            self._kept = _normalise_case(case, self._normaliser, self._masked)
        kept = self._kept
        if stack is case:
            self._kept = None  # a volume, or a slice that stands for its scan, is prepared once
            return kept.voxels, kept.box, kept.value
        inside = number - kept.box[0].start
        if 0 <= inside < len(kept.voxels):
            part = kept.voxels[inside, None]
        else:  # an empty slice that nnU-Net cuts off
            part = np.full((1, *kept.voxels.shape[1:]), 0.0 if self._masked else kept.value(0.0), np.float32)
        return part, (slice(0, 1), *kept.box[1:]), kept.value

    def _resample(self, voxels: np.ndarray, axes: Axes, spacing: Sequence[float]) -> Tensor:
        """(Z, H, W) to the configuration's spacing: (1, d, h, w)."""
        from nnunetv2.preprocessing.resampling.default_resampling import compute_new_shape

        turned = axes.to_network(torch.from_numpy(voxels)).numpy()
        present = axes.sorted(spacing)
        target = list(self._configuration.spacing)
        target = present[: 3 - len(target)] + target
        shape = compute_new_shape(turned.shape, present, target)
        resampled = self._configuration.resampling_fn_data(np.ascontiguousarray(turned[None]), shape, present, target)
        return axes.to_axial(torch.as_tensor(resampled, dtype=torch.float32))


@dataclass(frozen=True, eq=False)
class _Normalised:
    """A whole scan, cropped and normalised."""

    case: np.ndarray
    box: tuple[slice, ...]
    voxels: np.ndarray
    value: Callable[[float], float]


def _normalise_case(case: np.ndarray, normaliser, masked: bool) -> _Normalised:
    box = _box_of_nonzero(case)
    inside = np.ones(case.shape, bool)
    if masked:
        from nnunetv2.preprocessing.cropping.cropping import create_nonzero_mask

        inside = create_nonzero_mask(case[None])
    inside = inside[box]
    before = case[box].astype(np.float32)
    after = normaliser.run(before.copy(), np.where(inside, 0, -1))
    # what nnU-Net does to a whole scan is one straight line for all its voxels
    raw, normal = before[inside], after[inside]
    low, high = (int(raw.argmin()), int(raw.argmax())) if raw.size else (0, 0)
    rise = float(raw[high] - raw[low]) if raw.size else 0.0
    slope = float(normal[high] - normal[low]) / rise if rise else 0.0
    return _Normalised(case, box, after, lambda v: float(normal[low]) + slope * (v - float(raw[low])) if rise else 0.0)


def _box_of_nonzero(case: np.ndarray) -> tuple[slice, ...]:
    """The box round all voxels (Z, H, W) that are not zero; all of it where there are none."""
    there = case != 0
    box = []
    for axis in range(3):
        found = np.flatnonzero(there.any(tuple(k for k in range(3) if k != axis)))
        box.append(slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, case.shape[axis]))
    return tuple(box)


def _find_normaliser(scheme: str, masked: bool, plans):
    import nnunetv2.preprocessing.normalization as schemes
    from nnunetv2.utilities.find_class_by_name import recursive_find_python_class

    found = recursive_find_python_class(schemes.__path__[0], scheme, schemes.__name__)
    if found is None:
        raise ModelError(
            f"plans.json normalises by {scheme}, which this nnunetv2 does not have; install the model's own"
        )
    properties = plans.foreground_intensity_properties_per_channel["0"]
    return found(use_mask_for_norm=masked, intensityproperties=properties)
