"""What an nnU-Net gets of a scan: its axes, its crop, its normalisation and its spacing, each as nnU-Net has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import ModelError, WeightsError
from XAICLIPLib.models.axes import Axes
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.nnunet.plans import AGAIN, check_intensities
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
    """Images as nnU-Net would have them, (C, h, w) or (C, d, h, w) on axial axes, and what a value of each becomes."""

    image: Tensor
    grid: Cropped
    axes: Axes
    values: tuple[Callable[[float], float], ...]
    notes: tuple[str, ...] = ()


class Preprocessing:
    """nnU-Net's default preprocessing of a case: crop to what is not zero, normalise each image, resample.

    The steps are nnU-Net's own functions, called as `DefaultPreprocessor.run_case_npy` calls them, without what it does
    for labels.

    Parameters
    ----------
    plans : PlansManager
    configuration : ConfigurationManager
    count : int
        How many images it takes.

    Raises
    ------
    ModelError
        If the model was trained with another preprocessing.
    WeightsError
        If the plans do not say of each image how it is normalised.
    """

    def __init__(self, plans, configuration, count: int = 1) -> None:
        if configuration.preprocessor_name != "DefaultPreprocessor":
            raise ModelError(
                f"the model was trained with {configuration.preprocessor_name}, and only nnU-Net's DefaultPreprocessor "
                "is known; export the model as TorchScript or ONNX"
            )
        self._configuration = configuration
        self._transpose = plans.transpose_forward
        self._reoriented = plans.plans.get("image_reader_writer", "").endswith("WithReorient")
        self._channels = _channels(plans, configuration, count)
        self._kept: _Normalised | None = None

    def __call__(self, image: np.ndarray, context: Context) -> PreparedCase:
        """A slice (H, W), or for a configuration of volumes a volume (Z, H, W), float32 in the scan's own values; of
        several images with those first.

        Raises
        ------
        ModelError
            If a model of slices looks at others than axial ones.
        """
        code = context.orientation
        seen = "RAS" if self._reoriented else code
        axes = Axes.of(seen, self._transpose)
        images = image if len(self._channels) > 1 else image[None]
        shape = images.shape[1:]
        flat = len(shape) == 2
        if flat and axes.order[0] != 0:
            raise ModelError(
                f"this 2D model looks at {('axial', 'coronal', 'sagittal')[axes.order[0]]} slices of a scan stored as "
                f"{code}, and XAICLIP explains axial ones; open the model's 3d_fullres configuration"
            )
        stack = images[:, None] if flat else images
        volume = context.volume if flat else None
        notes = (
            "the model gets the scan as RAS, whatever its file has, as nnU-Net's reader with reorientation does"
            if self._reoriented
            else f"the model gets the scan as its file is stored ({code}), as nnU-Net itself does: its left and right "
            "are right where the files it learned from were stored alike",
        )
        of_all = [c.scheme for c in self._channels if c.scheme not in VOXEL_BY_VOXEL]
        if flat and volume is None and of_all:
            notes += (f"the {of_all[0]} is that of the slice alone; nnU-Net takes it from the whole scan",)
        normalised, box, values = self._normalise(stack, volume, context.index)
        # thick slices are resampled one by one
        spacing = (999 * max(context.spacing), *context.spacing) if flat else context.spacing
        resampled = self._resample(normalised, axes, spacing)
        if flat:
            resampled, box = resampled[:, 0], box[1:]
            axes = Axes(tuple(k - 1 for k in axes.order[1:]), axes.flipped[1:])
        inner = stretched([s.stop - s.start for s in box], resampled.shape[1:])
        return PreparedCase(resampled.contiguous(), Cropped(shape, box, inner), axes, values, notes)

    def _normalise(
        self, stack: np.ndarray, volume: np.ndarray | None, number: int | None
    ) -> tuple[np.ndarray, tuple[slice, ...], tuple[Callable[[float], float], ...]]:
        """A stack (C, Z, H, W) cut to the box of its case and normalised like it, the box, and what becomes of a single
        value of each image.

        The case is the stack itself, or it is the slice `number` (C, 1, H, W) of the volume: (Z, H, W), with C first
        where there are several images.
        """
        channels = self._channels
        case = stack if volume is None else volume if len(channels) > 1 else volume[None]
        if all(c.scheme in VOXEL_BY_VOXEL for c in channels):
            box = _box_of_nonzero(case)
            box = box if volume is None else (slice(0, 1), *box[1:])
            parts = [c.normaliser.run(part[box].astype(np.float32), None) for c, part in zip(channels, stack)]
            return _together(parts), box, tuple(c.value for c in channels)
        if volume is None:  # a volume, or a slice that stands for its scan, is prepared once
            kept = _normalise_case(case, channels)
            return kept.voxels, kept.box, kept.values
        if self._kept is None or self._kept.volume is not volume:
            self._kept = replace(_normalise_case(case, channels), volume=volume)
        kept = self._kept
        inside = (number or 0) - kept.box[0].start
        if 0 <= inside < kept.voxels.shape[1]:
            part = kept.voxels[:, inside, None]
        else:  # an empty slice that nnU-Net cuts off
            empty = [0.0 if c.masked else value(0.0) for c, value in zip(channels, kept.values)]
            part = np.broadcast_to(
                np.array(empty, np.float32)[:, None, None, None], (len(empty), 1, *kept.voxels.shape[2:])
            )
        return part, (slice(0, 1), *kept.box[1:]), kept.values

    def _resample(self, voxels: np.ndarray, axes: Axes, spacing: Sequence[float]) -> Tensor:
        """(C, Z, H, W) to the configuration's spacing: (C, d, h, w)."""
        from nnunetv2.preprocessing.resampling.default_resampling import compute_new_shape

        turned = axes.to_network(torch.from_numpy(np.ascontiguousarray(voxels))).numpy()
        present = axes.sorted(spacing)
        target = list(self._configuration.spacing)
        target = present[: 3 - len(target)] + target
        shape = compute_new_shape(turned.shape[1:], present, target)
        resampled = self._configuration.resampling_fn_data(np.ascontiguousarray(turned), shape, present, target)
        return axes.to_axial(torch.as_tensor(resampled, dtype=torch.float32))


@dataclass(frozen=True, eq=False)
class _Channel:
    """How one image is normalised."""

    scheme: str
    masked: bool
    normaliser: Any

    def value(self, v: float) -> float:
        """What becomes of a value, for schemes that look at nothing else."""
        return float(self.normaliser.run(np.full(1, v, np.float32), None)[0])


@dataclass(frozen=True, eq=False)
class _Normalised:
    """A whole case (C, Z, H, W), cropped and normalised; `volume` is what it was made of, where it is kept."""

    box: tuple[slice, ...]
    voxels: np.ndarray
    values: tuple[Callable[[float], float], ...]
    volume: np.ndarray | None = None


def _normalise_case(case: np.ndarray, channels: Sequence[_Channel]) -> _Normalised:
    box = _box_of_nonzero(case)
    inside = np.ones(case.shape[1:], bool)
    if any(c.masked for c in channels):
        from nnunetv2.preprocessing.cropping.cropping import create_nonzero_mask

        inside = create_nonzero_mask(case)
    parts, values = zip(*(_normalise_image(image[box], c, inside[box]) for image, c in zip(case, channels)))
    return _Normalised(box, _together(parts), values)


def _normalise_image(
    image: np.ndarray, channel: _Channel, inside: np.ndarray
) -> tuple[np.ndarray, Callable[[float], float]]:
    """One image of a case (Z, H, W), cropped, and what becomes of a single value of it."""
    inside = inside if channel.masked else np.ones(image.shape, bool)
    before = image.astype(np.float32)
    after = channel.normaliser.run(before.copy(), np.where(inside, 0, -1))
    if channel.scheme in VOXEL_BY_VOXEL:
        return after, channel.value
    # what nnU-Net does to a whole scan is one straight line for all its voxels
    raw, normal = before[inside], after[inside]
    low, high = (int(raw.argmin()), int(raw.argmax())) if raw.size else (0, 0)
    rise = float(raw[high] - raw[low]) if raw.size else 0.0
    slope = float(normal[high] - normal[low]) / rise if rise else 0.0
    return after, lambda v: float(normal[low]) + slope * (v - float(raw[low])) if rise else 0.0


def _together(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Images with an axis for them first; a single one is not copied."""
    return parts[0][None] if len(parts) == 1 else np.stack(parts)


def _box_of_nonzero(case: np.ndarray) -> tuple[slice, ...]:
    """The box round all voxels of a case (C, Z, H, W) that are not zero in any image; all of it without them."""
    there = (case != 0).any(0)
    box = []
    for axis in range(3):
        found = np.flatnonzero(there.any(tuple(k for k in range(3) if k != axis)))
        box.append(slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, there.shape[axis]))
    return tuple(box)


def _channels(plans, configuration, count: int) -> tuple[_Channel, ...]:
    schemes, masks = configuration.normalization_schemes, configuration.use_mask_for_norm
    known = plans.foreground_intensity_properties_per_channel
    if min(len(schemes), len(masks), len(known)) < count:
        raise WeightsError(
            f"plans.json says of {min(len(schemes), len(masks), len(known))} images how they are normalised, and the "
            f"model takes {count}; {AGAIN}"
        )
    check_intensities(known, "plans.json", count)
    return tuple(
        _Channel(scheme, masked, _find_normaliser(scheme, masked, known[str(number)]))
        for number, (scheme, masked) in enumerate(zip(schemes[:count], masks))
    )


def _find_normaliser(scheme: str, masked: bool, properties: dict):
    import nnunetv2.preprocessing.normalization as schemes
    from nnunetv2.utilities.find_class_by_name import recursive_find_python_class

    found = recursive_find_python_class(schemes.__path__[0], scheme, schemes.__name__)
    if found is None:
        raise ModelError(
            f"plans.json normalises by {scheme}, which this nnunetv2 does not have; install the model's own"
        )
    return found(use_mask_for_norm=masked, intensityproperties=properties)
