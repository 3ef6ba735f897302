"""Colours of pictures: of the page, of lines, and of values that are laid over a slice."""

from __future__ import annotations

import cv2
import matplotlib
import numpy as np
from matplotlib.colors import to_rgb

from XAICLIPLib.errors import InputError, did_you_mean

Colour = str | tuple[float, float, float]
PAGE, INK, FAINT = "#ffffff", "#1c2126", "#4a545c"  # light: on paper, and in the report
OVER = "#eceff1"  # letters on a picture of the scan, with a dark edge
SIMILAR = "#ffb300"  # the heat of a similarity, and its line in the legend
REGION_LINE, REFERENCE_LINE = "#5ce1f2", "#ffffff"  # fixed; the prediction has the structure's own colour
STRUCTURE_COLOUR = (0.94, 0.68, 0.36)  # of a structure that has none of its own
_OPACITY = 0.75  # of the strongest saliency: the anatomy stays visible beneath it


def heat_table() -> np.ndarray:
    """Amber (256, 4), its opacity growing in step with a probability up to a third."""
    colours = np.tile(np.array((*to_rgb(SIMILAR), 0), np.float32), (256, 1))
    colours[:, 3] = np.linspace(0, 0.33, 256)
    return colours


def colour_table(name: str) -> np.ndarray:
    """A colour map whose opacity grows from nothing at 0: where there is no saliency, there is no colour.

    Parameters
    ----------
    name : str
        Any of matplotlib's.

    Returns
    -------
    ndarray of float32, shape (256, 4)
        RGBA in [0, 1].

    Raises
    ------
    InputError
        If there is no colour map of that name.
    """
    try:
        colours = matplotlib.colormaps[name](np.linspace(0, 1, 256))
    except KeyError as error:
        guess = did_you_mean(name, matplotlib.colormaps) or "; choose inferno, viridis or jet"
        raise InputError(f"there is no colour map {name!r}{guess}") from error
    # fast at first: a weak but real drop has to be seen; the square root of a hundredth is a tenth
    colours[:, 3] = _OPACITY * np.sqrt(np.linspace(0, 1, 256))
    return colours.astype(np.float32)


def resized(image: np.ndarray, size: tuple[int, int], how: int) -> np.ndarray:
    """An image in another size; it shrinks by area averaging, as all else would alias.

    Parameters
    ----------
    image : ndarray, shape (H, W)
    size : tuple of 2 ints
        Width and height.
    how : int
        OpenCV's interpolation where it grows.

    Returns
    -------
    ndarray of float32, shape (height, width)
    """
    image = np.ascontiguousarray(image, np.float32)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if size[0] < image.shape[1] else how)


def grey_picture(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A slice as an RGB picture.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        In [0, 1].
    size : tuple of 2 ints
        Width and height, px.

    Returns
    -------
    ndarray of float32, shape (height, width, 3)
    """
    return np.clip(resized(image, size, cv2.INTER_CUBIC), 0, 1)[..., None].repeat(3, -1)


def blend(picture: np.ndarray, values: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Values laid over a picture in colours.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3)
        RGB in [0, 1].
    values : ndarray, shape (H, W)
        In [0, 1].
    colours : ndarray, shape (256, 4)
        RGBA in [0, 1], from 0 to 1.

    Returns
    -------
    ndarray, shape (h, w, 3)
    """
    values = np.nan_to_num(values)
    if values.shape != picture.shape[:2]:
        values = resized(values, picture.shape[1::-1], cv2.INTER_LINEAR)
    layer = colours[np.round(np.clip(values, 0, 1) * 255).astype(int)]
    return picture * (1 - layer[..., 3:]) + layer[..., :3] * layer[..., 3:]
