"""What a perturbed place is filled with."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import torch
from scipy import ndimage
from torch import Tensor

from XAICLIPLib.attribution.inputs import as_tensor
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message

FILLS = ("zero", "mean", "local_mean", "blur", "noise", "inpaint")
KEEP = "keep"  # in the place of a fill: this image stays as it is
_WORDS = {
    "zero": Message("zero"),
    "mean": Message("mean"),
    "local_mean": Message("local_mean"),
    "blur": Message("blur"),
    "noise": Message("noise"),
    "inpaint": Message("inpaint"),
    KEEP: Message("keep"),
}
HOUNSFIELD = {"air": -1000.0, "fat": -100.0, "water": 0.0, "soft_tissue": 50.0}


def make_fill(
    image: Tensor, fill: str | float | np.ndarray | Tensor | tuple[str | float, ...], region: Tensor, seed: int = 0
) -> Tensor:
    """The image that shows through where the original is taken away.

    Parameters
    ----------
    image : Tensor, shape (C, *S)
        The prepared image.
    fill : str, float, array of shape (C, *S), or tuple of str and float
        "zero": 0 on the prepared image (the paper's); "mean": each channel's mean; "local_mean": the mean of a
        neighbourhood of an eighth of the image; "blur": a Gaussian of a thirty-second, which keeps the large
        structures; "noise": Gaussian noise with the channel's mean and standard deviation; "inpaint": the region
        painted over from its surroundings (Telea 2004, 2D only); a number in the image's own values; or an image. A
        tuple has one of these names or numbers for each channel; "keep" leaves a channel as it is.
    region : Tensor, shape (*S), bool
        Where perturbations happen; what "inpaint" paints over.
    seed : int
        For "noise".

    Returns
    -------
    Tensor, shape (C, *S)

    Raises
    ------
    InputError
        If there is no such fill, an image has another shape, there are not as many fills as channels, or inpainting
        has nothing to paint from.
    """
    if isinstance(fill, tuple):
        if len(fill) != len(image):
            raise InputError(f"there are {len(fill)} fills for {len(image)} images; give one for all, or one for each")
        parts = [(image[c : c + 1], one, seed + c) for c, one in enumerate(fill)]
        return torch.cat([p if one == KEEP else make_fill(p, one, region, own) for p, one, own in parts])
    if not isinstance(fill, str):
        given = as_tensor(fill, "fill").to(image)
        if not torch.isfinite(given).all():
            raise InputError("the fill holds NaN or infinite values; give finite ones")
        if given.dim() == 0:
            return torch.full_like(image, float(given))
        if given.shape == image.shape[1:] and len(image) == 1:
            given = given[None]
        if given.shape != image.shape:
            raise InputError(f"the fill has shape {tuple(given.shape)}; expected the image's {tuple(image.shape)}")
        return given
    if fill == "zero":
        return torch.zeros_like(image)
    if fill not in FILLS:
        raise InputError(
            f"there is no fill {fill!r}; choose {', '.join(FILLS)}, a tissue of a CT ({', '.join(HOUNSFIELD)}), or a "
            "number"
        )
    channels = image.cpu().numpy()
    edge = max(image.shape[1:])
    if fill == "mean":
        made = np.broadcast_to(channels.mean(axis=tuple(range(1, image.dim())), keepdims=True), channels.shape)
    elif fill == "local_mean":
        made = np.stack([ndimage.uniform_filter(c, max(3, edge // 8), mode="nearest") for c in channels])
    elif fill == "blur":
        made = np.stack([ndimage.gaussian_filter(c, edge / 32, mode="nearest") for c in channels])
    elif fill == "noise":
        rng = np.random.default_rng(seed)
        made = np.stack([rng.normal(c.mean(), c.std(), c.shape) for c in channels])
    else:
        made = _inpaint(channels, region.cpu().numpy())
    return torch.as_tensor(np.ascontiguousarray(made, dtype=np.float32)).to(image)


def alike(fill: Any, other: str) -> str | tuple[str, ...]:
    """Another fill where one was: in the same images.

    Parameters
    ----------
    fill : str, float, array, or tuple of str and float
        See `make_fill`.
    other : str
        The name of another.

    Returns
    -------
    str or tuple of str
        The other; where some images stay as they are, one for each image, so that the same stay.
    """
    if not isinstance(fill, tuple) or KEEP not in fill:
        return other
    return tuple(KEEP if one == KEEP else other for one in fill)


def called(fill: Any) -> str:
    """A fill in a word or two.

    Parameters
    ----------
    fill : str, float, array, or tuple of str and float
        See `make_fill`.

    Returns
    -------
    str
        "mean", "-1000", "mean, zero"; "image" for an array.
    """
    if isinstance(fill, tuple):
        return Message("{fills}", fills=tuple(map(called, fill)))
    if isinstance(fill, str):
        return _WORDS.get(fill, fill)
    return Message("image") if np.ndim(fill) else f"{fill:g}"


def _inpaint(channels: np.ndarray, region: np.ndarray) -> np.ndarray:
    if region.ndim != 2:
        raise InputError("inpainting works on slices; choose blur or local_mean for a volume")
    if region.all():
        raise InputError("inpainting needs surroundings to paint from; give a region smaller than the image")
    radius = max(3, max(region.shape) // 64)
    painted = []
    for channel in channels:
        low, high = float(channel.min()), float(channel.max())
        # OpenCV inpaints 8-bit images reliably; 1/255 of the range is far below what a fill needs
        grey = np.round((channel - low) / max(high - low, 1e-12) * 255).astype(np.uint8)
        filled = cv2.inpaint(grey, region.astype(np.uint8), radius, cv2.INPAINT_TELEA)
        painted.append(np.where(region, filled / 255 * (high - low) + low, channel))
    return np.stack(painted)
