"""From a scan's values to a network's input, as its sidecar declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.models.base import Context, Grid
from XAICLIPLib.models.files.sidecar import Sidecar
from XAICLIPLib.models.resize import native, stretched
from XAICLIPLib.preprocess import body_frame, unit_window

CT_WINDOW = (-160.0, 240.0)
MULTIPLE = 32


def resize(says: Sidecar) -> str:
    """How an image is brought to the network's size.

    Parameters
    ----------
    says : Sidecar
        With what the model file itself says.

    Returns
    -------
    str
        One of `sidecar.RESIZES`; where nobody said, "stretch" for a network with a size and "native" for one without.
    """
    return says.resize or ("stretch" if says.size else "native")


def edges(says: Sidecar) -> tuple[int, ...] | None:
    """The input's size, one number per dimension; None where any will do.

    Parameters
    ----------
    says : Sidecar
        With what the model file itself says.

    Returns
    -------
    tuple of ints or None
        Pixels, in the order of the model's axes.
    """
    return says.size * says.dims if says.size and len(says.size) == 1 else says.size


def assumptions(says: Sidecar) -> list[str]:
    """What nobody said of the input, in words.

    Parameters
    ----------
    says : Sidecar
        With what the model file itself says.

    Returns
    -------
    list of str
        A phrase for each; empty where all was said.
    """
    found = []
    if not (says.window or says.percentiles or says.mean):
        low, high = CT_WINDOW
        others = " and images beside them" if len(says.images or ()) > 1 else ""
        found.append(f"CT windowed to {low:.0f}…{high:.0f} HU, other scans{others} to percentiles 1…99, as 0…1")
    if says.resize is None:
        how = "brought to its size" if says.size else f"padded to a multiple of {says.multiple or MULTIPLE}"
        found.append(f"the whole {'slice' if says.dims == 2 else 'volume'} {how}")
    if says.orientation is None and says.axes is None:
        found.append(
            f'it learned from images that lie as LPS, {"rows" if says.dims == 2 else "slices"} first; "orientation" '
            'and "axes" in its sidecar say otherwise, and `xaiclip models check` tries it'
        )
    return found


def work_grid(says: Sidecar, image: np.ndarray, context: Context, file: str) -> Grid:
    """The grid of the network for one slice (H, W) or volume (Z, H, W).

    Parameters
    ----------
    says : Sidecar
        With what the model file itself says.
    image : ndarray, shape (H, W) or (Z, H, W)
        On the model's axes, in the scan's own values (HU on CT), by which "body" finds the body.
    context : Context
        Its spacing, mm, is in the order of the image's axes.
    file : str
        What an error calls the sidecar.

    Returns
    -------
    Grid
        With `to_work`, which brings an image to it.

    Raises
    ------
    InputError
        If the sidecar lacks a size that its kind of resizing needs, or the image is larger than a native size.
    """
    how, size = resize(says), edges(says)
    if how != "native" and size is None:
        raise InputError(f'{file}: resize {how} needs the edge of the input, such as "size": 256')
    if how == "body":
        return body_frame(image, context.modality, size[0], spacing=context.spacing)
    if how == "stretch":
        return stretched(image.shape, size)
    wanted = says.spacing
    if wanted:
        wanted = [own / new for own, new in zip(context.spacing, wanted if len(wanted) > 1 else wanted * image.ndim)]
    return native(image.shape, size=size, multiple=says.multiple or MULTIPLE, resampling=wanted)


def normalisation(says: Sidecar, image: np.ndarray, context: Context) -> tuple[Callable[[Any], Any], float]:
    """How the scan's values become the network's.

    One mean and standard deviation per channel are not among it: the image has one channel until it meets the network.

    Parameters
    ----------
    says : Sidecar
        With what the model file itself says.
    image : ndarray, shape (H, W) or (Z, H, W)
        In the scan's own values, HU on CT; percentiles, and a mean and deviation of "image", are taken from it.
    context : Context
        Where the sidecar names no window, its modality and window give one.

    Returns
    -------
    normalise : callable
        Values of the scan, float32 -> values of the network's input.
    outside : float
        The value in the scan where the image does not reach.
    """
    window = says.window
    if says.percentiles:
        window = np.percentile(image, says.percentiles)
    elif window is None and says.mean is None:
        window = CT_WINDOW if context.modality == "CT" else context.window
    low, high = says.range or (0.0, 1.0)

    def windowed(values):
        return values if window is None else unit_window(values, *window) * np.float32(high - low) + np.float32(low)

    mean, std = 0.0, 1.0
    if says.mean == "image":
        seen = windowed(image)
        mean, std = float(seen.mean()), max(float(seen.std()), 1e-8)
    elif says.mean and len(says.mean) == len(says.std) == 1:
        mean, std = says.mean[0], says.std[0]
    outside = float(image.min() if window is None else window[0])
    return lambda values: (windowed(values) - np.float32(mean)) / np.float32(std), outside
