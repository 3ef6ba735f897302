"""Arrays as they come (any type, byte order, strides, device) as the tensors that are computed with, or a reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import InputError, ResourceError

SHAPES = "(H, W), (C, H, W) or (C, D, H, W)"
CUT = 0.5  # of a soft mask, as of a prediction


def as_tensor(given: Any, what: str) -> Tensor:
    """Real numbers or booleans as a tensor of a native type; never the caller's own memory where it can't be written.

    Parameters
    ----------
    given : array, tensor, SimpleITK image or nested sequence
    what : str
        What it is called in an error, such as "image".

    Returns
    -------
    Tensor
        Of float32, float64, a whole-number type or bool, on the CPU unless it lay elsewhere.

    Raises
    ------
    InputError
        If it does not hold real numbers, or nothing at all.
    """
    tensor = given.detach() if isinstance(given, Tensor) else torch.from_numpy(_native(given, what))
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if tensor.is_complex():
        raise InputError(f"the {what} holds complex numbers; give their magnitude")
    if not tensor.numel():
        raise InputError(f"the {what} is empty: shape {tuple(tensor.shape)}")
    return tensor


def _native(given: Any, what: str) -> np.ndarray:
    if hasattr(given, "voxels") and hasattr(given, "spacing"):
        raise InputError(f"the {what} is a Volume; give an array, such as its voxels, or call xai.explain with it")
    if type(given).__module__.startswith("SimpleITK"):
        import SimpleITK as sitk

        given = sitk.GetArrayFromImage(given)
    if isinstance(given, np.ma.MaskedArray):
        if np.ma.is_masked(given):
            raise InputError(f"the {what} has masked values; fill them, as with {what}.filled(0)")
        given = given.data
    try:
        array = np.asarray(given)
    except (TypeError, ValueError) as error:
        raise InputError(f"the {what} is no array: its rows have different lengths or kinds") from error
    if array.dtype.kind not in "biufc":
        kind = type(given).__name__ if array.ndim == 0 else f"an array of {array.dtype}"
        raise InputError(f"the {what} is {kind}, not an array of numbers")
    if array.dtype.kind == "u" and array.dtype.itemsize > 1:
        array = array.astype(np.int64)  # torch has few operations for the wider unsigned types
    elif array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    elif array.dtype.kind == "c":
        array = array.astype(np.complex128)
    array = np.asarray(array, dtype=array.dtype.newbyteorder("="), order="C")  # no axis for a single number
    return array if array.flags.writeable else array.copy()


def as_image(given: Any, device: str | torch.device | None = None) -> Tensor:
    """An image (C, *S), float32, on its device.

    Parameters
    ----------
    given : array, tensor or SimpleITK image, shape (*S) or (C, *S)
        Two or three axes without channels, or with them first.
    device : str or torch.device, optional
        Where it is wanted; by default where it is.

    Returns
    -------
    Tensor, shape (C, *S), float32

    Raises
    ------
    InputError
        If it is not one image, or holds NaN or infinite values.
    ResourceError
        If there is no such device.
    """
    tensor = as_tensor(given, "image")
    shape = tuple(tensor.shape)
    if tensor.dim() not in (2, 3, 4):
        batch = "; one image of a batch is image[0]" if tensor.dim() == 5 else ""
        raise InputError(f"the image has shape {shape}; expected {SHAPES}{batch}")
    if tensor.dim() == 4 and shape[0] > 1 and shape[1] == 1:
        raise InputError(
            f"the image has shape {shape}, which looks like a batch of {shape[0]} images; expected {SHAPES}: "
            "explain one at a time, image[0]"
        )
    try:
        tensor = tensor.to(device=device, dtype=torch.float32)
    except (AssertionError, NotImplementedError, RuntimeError, TypeError) as error:
        raise ResourceError(f"there is no device {device!r} here ({' '.join(str(error).split())[:120]})") from error
    if not torch.isfinite(tensor).all():
        raise InputError("the image holds NaN or infinite values; replace them")
    return tensor[None] if tensor.dim() == 2 else tensor


def as_mask(given: Any, what: str) -> tuple[Tensor, tuple[str, ...]]:
    """A mask as booleans, and what was assumed.

    Probabilities are cut at 0.5, as a prediction is, and NaN lies outside; 0 and any one other number, such as 255, are
    a mask as well. Labels of several structures, or values that are no probabilities, are not.

    Parameters
    ----------
    given : array or tensor
    what : str
        What it is called in an error, such as "region".

    Returns
    -------
    mask : Tensor, bool
        Of the same shape.
    notes : tuple of str
        What was assumed.

    Raises
    ------
    InputError
        If it is no mask.
    """
    tensor = as_tensor(given, what)
    if tensor.dtype == torch.bool:
        return tensor, ()
    notes = []
    if tensor.is_floating_point():
        unknown = torch.isnan(tensor)
        if unknown.any():
            notes.append(f"the {what} holds {int(unknown.sum())} NaN, which are taken as outside")
            tensor = torch.where(unknown, 0, tensor)
    low, high = float(tensor.min()), float(tensor.max())
    if low >= 0 and high <= 1 and tensor.is_floating_point():
        if ((tensor > 0) & (tensor < 1)).any():
            notes.append(f"the {what} is soft (values from {low:.3g} to {high:.3g}); it was cut at {CUT}")
        return tensor > CUT, tuple(notes)
    if low < 0 or not ((tensor == 0) | (tensor == high)).all():
        raise InputError(
            f"the {what} holds values from {low:.6g} to {high:.6g}, which are neither a mask nor probabilities; "
            f"give booleans, such as {what} == {max(1, round(high)) if abs(high) < 1e9 else 1}"
        )
    return tensor > 0, tuple(notes)


def as_region(given: Any, image: Tensor) -> tuple[Tensor, tuple[str, ...]]:
    """Where an image (C, *S) may be perturbed, bool (*S) on its device, and what was assumed; None means everywhere.

    Parameters
    ----------
    given : array or tensor, shape (*S), optional
    image : Tensor, shape (C, *S)

    Returns
    -------
    region : Tensor, shape (*S), bool
    notes : tuple of str

    Raises
    ------
    InputError
        If it is no mask, does not fit, or is empty.
    """
    spatial = image.shape[1:]
    if given is None:
        return torch.ones(spatial, dtype=torch.bool, device=image.device), ()
    region, notes = as_mask(given, "region")
    if region.shape == (1, *spatial):
        region = region[0]
    if region.shape != spatial:
        raise InputError(
            f"the region has shape {tuple(region.shape)}; expected the image's {tuple(spatial)}"
            + _other_order(tuple(region.shape), tuple(image.shape))
        )
    if not region.any():
        raise InputError("the region is empty; there is nothing to perturb" + "".join(f" ({note})" for note in notes))
    return region.to(image.device), notes


def _other_order(region: tuple[int, ...], image: tuple[int, ...]) -> str:
    """What may be meant by an image that a region does not fit."""
    if region == image[:-1]:
        return "; channels come first: (C, H, W)"
    if region == image[2:] and len(image) == 4:
        return "; one image of a batch is image[0]"
    if region == image[1:][::-1]:
        return "; it may be transposed"
    return ""


def as_reference(given: Any, image: Tensor) -> tuple[Tensor, tuple[str, ...]]:
    """The masks (K, *S) that a prediction of an image (C, *S) is held against, and what was assumed.

    Parameters
    ----------
    given : array or tensor, shape (K, *S), or (*S) for one target
    image : Tensor, shape (C, *S)

    Returns
    -------
    reference : Tensor, shape (K, *S), bool
        On the image's device.
    notes : tuple of str
    """
    reference, notes = as_mask(given, "reference")
    spatial = image.shape[1:]
    if reference.shape == spatial:
        reference = reference[None]
    elif reference.dim() == len(spatial) + 2 and len(reference) == 1:
        reference = reference[0]
    return reference, notes
