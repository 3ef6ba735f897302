"""A slice as SAM and its relatives want it: the grey values, the square they are put into, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from PIL import Image
from skimage import transform
from torch.nn import functional

CT_WINDOW = (-160.0, 240.0)  # level 40, width 400
PERCENTILES = (0.5, 99.5)
# of SAM's training images, 0 to 255, red to blue
PIXEL_MEAN = (123.675, 116.28, 103.53)
PIXEL_STD = (58.395, 57.12, 57.375)


@dataclass(frozen=True)
class Square:
    """A slice (H, W) resized into the upper left corner of a square; what is left of the square is padding.

    Attributes
    ----------
    shape : tuple of 2 ints
        (H, W) of the slice.
    inner : tuple of 2 ints
        (h, w): what it was resized to.
    size : int
        Edge of the square.
    """

    shape: tuple[int, int]
    inner: tuple[int, int]
    size: int

    @property
    def scale(self) -> tuple[float, float]:
        """Work pixels per slice pixel, along rows and columns."""
        return self.inner[0] / self.shape[0], self.inner[1] / self.shape[1]

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the square.

        Parameters
        ----------
        mask : ndarray of bool, shape (H, W)

        Returns
        -------
        ndarray of bool, shape (size, size)
            True where at least half of the pixel is, false in the padding.
        """
        height, width = self.inner
        # area averaging does not alias where an image shrinks; one axis may alone
        down, across = (cv2.INTER_AREA if i < s else cv2.INTER_LINEAR for i, s in zip(self.inner, self.shape))
        narrow = cv2.resize(mask.astype(np.float32), (width, self.shape[0]), interpolation=across)
        out = np.zeros((self.size, self.size), bool)
        out[:height, :width] = cv2.resize(narrow, (width, height), interpolation=down) >= 0.5
        return out

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps of the whole square on the slice, bilinear; the padding is cut off.

        Parameters
        ----------
        maps : ndarray, shape (..., m, m)
            Of any m: the network's masks are coarser than its image.
        outside : float
            Never seen: the slice lies wholly inside the square.

        Returns
        -------
        ndarray of float32, shape (..., H, W)
        """
        flat = maps.reshape(-1, *maps.shape[-2:]).astype(np.float32)
        out = np.empty((len(flat), *self.shape), np.float32)
        height, width = self.inner
        for target, source in zip(out, flat):
            # a cut through the middle of a coarse pixel needs the square's own resolution first
            if self.inner != (self.size, self.size) and source.shape != (self.size, self.size):
                source = cv2.resize(source, (self.size, self.size), interpolation=cv2.INTER_LINEAR)
            if self.inner != (self.size, self.size):
                source = np.ascontiguousarray(source[:height, :width])
            target[:] = cv2.resize(source, self.shape[::-1], interpolation=cv2.INTER_LINEAR)
        return out.reshape(*maps.shape[:-2], *self.shape)


def grey_scale(scan: np.ndarray, modality: str) -> Callable[[np.ndarray], np.ndarray]:
    """The mapping of a scan's values to the bytes 0 to 255 that MedSAM was trained on.

    CT: window level 40, width 400 HU. All others: from the 0.5th to the 99.5th percentile of the scan's values above
    0, and 0 stays 0. Fractions are cut off, as in MedSAM's own preprocessing.

    Parameters
    ----------
    scan : ndarray, shape (Z, H, W) or (H, W)
        All of it, as MedSAM takes it, or a slice that stands alone; in its own values, HU on CT.
    modality : str
        "CT", "MR", …; only "CT" has a fixed window.

    Returns
    -------
    callable
        Values of the scan, an ndarray of any shape or a number -> uint8 of that shape, 0 to 255.
    """
    if modality == "CT":
        low, high = CT_WINDOW
    else:
        above = scan[scan > 0]
        low, high = np.percentile(above, PERCENTILES) if above.size else (0.0, 1.0)

    def grey(values: np.ndarray) -> np.ndarray:
        values = np.asarray(values, np.float64)
        unit = (np.clip(values, low, high) - low) / max(high - low, 1e-8)
        if modality != "CT":
            unit = np.where(values == 0, 0.0, unit)
        return (unit * 255.0).astype(np.uint8)

    return grey


def _cubic(grey: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    resized = transform.resize(grey, shape, order=3, preserve_range=True, anti_aliasing=True)
    return resized.astype(np.uint8)


def _pillow(grey: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(grey).resize(shape[::-1], Image.Resampling.BILINEAR))


def _area(grey: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return cv2.resize(grey, shape[::-1], interpolation=cv2.INTER_AREA)


def _antialiased(grey: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    image = torch.from_numpy(grey)[None, None].float()
    return functional.interpolate(image, shape, mode="bilinear", antialias=True)[0, 0].numpy()


def _bicubic(grey: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(grey).resize(shape[::-1], Image.Resampling.BICUBIC))


@dataclass(frozen=True)
class Recipe:
    """How one family's own program prepares an image and reads its output.

    Attributes
    ----------
    resize : callable
        (bytes (H, W), (h, w)) -> (h, w), from 0 to 255, whole or not.
    keep_aspect : bool
        Whether the longest side fills the square and the rest is padded, or both sides are stretched to it.
    stretch : bool
        Whether the grey values are stretched from their minimum to their maximum.
    standardise : bool
        Whether SAM's pixel mean and deviation are taken off, before the padding.
    upscale : bool
        Whether logits, not probabilities, are interpolated to the size of the image.
    whole_boxes : bool
        Whether the corners of a box are cut to whole pixels.
    """

    resize: Callable[[np.ndarray, tuple[int, int]], np.ndarray]
    keep_aspect: bool
    stretch: bool
    standardise: bool
    upscale: bool
    whole_boxes: bool = False

    def square(self, shape: tuple[int, int], size: int) -> Square:
        """Where a slice of that shape lies in the square.

        Parameters
        ----------
        shape : tuple of 2 ints
            (H, W) of the slice.
        size : int
            Edge of the square, pixels.

        Returns
        -------
        Square
        """
        if not self.keep_aspect:
            return Square(tuple(shape), (size, size), size)
        ratio = size / max(shape)
        return Square(tuple(shape), tuple(max(1, int(edge * ratio + 0.5)) for edge in shape), size)

    def prepare(self, image: np.ndarray, scale: Callable, size: int) -> tuple[np.ndarray, Square, Callable]:
        """A slice (H, W) as one grey channel, by the `grey_scale` of its scan.

        Parameters
        ----------
        image : ndarray, shape (H, W)
            In the scan's own values, HU on CT.
        scale : callable
            See `grey_scale`.
        size : int
            Edge of the network's image, pixels.

        Returns
        -------
        grey : ndarray, shape (size, size), float32 in [0, 1]
            Black in the padding.
        square : Square
        value : callable
            An intensity of the scan as a grey value of this image.
        """
        square = self.square(image.shape, size)
        resized = self.resize(scale(image), square.inner)
        low, high = (int(resized.min()), int(resized.max())) if self.stretch else (0, 255)
        spread = max(high - low, 1e-8)
        grey = np.zeros((size, size), np.float32)
        grey[: square.inner[0], : square.inner[1]] = (resized - np.float64(low)) / spread

        def value(intensity: float) -> float:
            return float(np.clip((float(scale(intensity)) - low) / spread, 0.0, 1.0))

        return grey, square, value

    def box(self, box: tuple[float, ...], square: Square) -> tuple[float, ...]:
        """A box (x0, y0, x1, y1) in slice pixels, in pixels of the square.

        Parameters
        ----------
        box : tuple of 4 floats
            (x0, y0, x1, y1), pixel edges in the slice.
        square : Square
            Where the slice lies.

        Returns
        -------
        tuple of 4 floats
            The same in pixels of the square; whole ones where the family has `whole_boxes`.
        """
        down, across = square.scale
        if self.whole_boxes:
            ratio = square.size / max(square.shape)
            return tuple(float(int(edge * ratio)) for edge in box)
        return box[0] * across, box[1] * down, box[2] * across, box[3] * down


_SAM = Recipe(_pillow, keep_aspect=True, stretch=False, standardise=True, upscale=True)
RECIPES = {
    "medsam": Recipe(_cubic, keep_aspect=False, stretch=True, standardise=False, upscale=False),
    "sam": _SAM,
    "mobilesam": _SAM,
    "litemedsam": Recipe(_area, keep_aspect=True, stretch=True, standardise=False, upscale=True, whole_boxes=True),
    "sam2": Recipe(_antialiased, keep_aspect=False, stretch=False, standardise=True, upscale=True),
    "medsam2": Recipe(_bicubic, keep_aspect=False, stretch=False, standardise=True, upscale=True),
}
