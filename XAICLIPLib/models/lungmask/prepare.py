"""A slice as lungmask gets it: its box round the body, 256 pixels, −1024 to 600 HU; and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

SIZE = 256
LOWEST, HIGHEST = -1024, 600  # HU
_COARSE = 128  # pixels, on which the body is looked for
_BODY_HU = -500
_EROSIONS = 2  # which cut the table off
_EIGHT = np.ones((3, 3), bool)


@dataclass(frozen=True)
class BodyBox:
    """The work grid of the box round the body in a slice (H, W): 256 x 256 pixels, corner on corner.

    Attributes
    ----------
    shape : tuple of 2 ints
        (H, W) of the slice.
    box : tuple of 2 slices
        Rows and columns.
    """

    shape: tuple[int, int]
    box: tuple[slice, slice]

    @property
    def _edges(self) -> tuple[int, int]:
        rows, columns = self.box
        return rows.stop - rows.start, columns.stop - columns.start

    @property
    def scale(self) -> tuple[float, float]:
        """Work pixels per slice pixel, along rows and columns."""
        rows, columns = self._edges
        return SIZE / rows, SIZE / columns

    def to_work(self, image: np.ndarray) -> np.ndarray:
        """An image on the work grid, linear.

        Parameters
        ----------
        image : ndarray, shape (H, W)

        Returns
        -------
        ndarray, shape (256, 256)
            Of the image's own type: whole numbers where it has whole numbers, as in lungmask.
        """
        part = image[self.box]
        return ndimage.zoom(part, np.divide((SIZE, SIZE), part.shape), order=1)

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the work grid.

        Parameters
        ----------
        mask : ndarray of bool, shape (H, W)

        Returns
        -------
        ndarray of bool, shape (256, 256)
            True where at least half of the pixel is.
        """
        return self.to_work(mask.astype(np.float32)) >= 0.5

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps of the work grid on the slice, by the nearest pixel: so lungmask brings its labels back.

        Parameters
        ----------
        maps : ndarray, shape (..., 256, 256)
        outside : float
            The value outside the box.

        Returns
        -------
        ndarray of float32, shape (..., H, W)
        """
        flat = maps.reshape(-1, *maps.shape[-2:]).astype(np.float32)
        out = np.full((len(flat), *self.shape), outside, np.float32)
        for target, source in zip(out, flat):
            target[self.box] = ndimage.zoom(source, np.divide(self._edges, source.shape), order=0)
        return out.reshape(*maps.shape[:-2], *self.shape)


def body_box(image: np.ndarray) -> tuple[slice, slice]:
    """The box round the largest piece of the body.

    Looked for as lungmask does: on 128 x 128 pixels, above −500 HU, holes filled and the largest piece of what two
    erosions leave.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        HU.

    Returns
    -------
    tuple of 2 slices
        Rows and columns; the whole slice where no body is found.
    """
    coarse = ndimage.zoom(image, np.divide(_COARSE, image.shape), order=0)
    body = ndimage.binary_fill_holes(ndimage.binary_closing(coarse > _BODY_HU), structure=_EIGHT)
    pieces, count = ndimage.label(ndimage.binary_erosion(body, iterations=_EROSIONS))
    if not count:
        return slice(0, image.shape[0]), slice(0, image.shape[1])
    largest = pieces == 1 + int(np.argmax(np.bincount(pieces.ravel())[1:]))
    grown = ndimage.binary_dilation(largest, iterations=_EROSIONS)
    found, _ = ndimage.label(ndimage.zoom(grown, np.divide(image.shape, _COARSE), order=0), structure=_EIGHT)
    return ndimage.find_objects(found)[0]


def unit(values: np.ndarray) -> np.ndarray:
    """HU as lungmask's network gets them.

    Parameters
    ----------
    values : ndarray
        HU, of any shape.

    Returns
    -------
    ndarray of float32
        In [0, 1].
    """
    return np.divide(np.clip(values, LOWEST, HIGHEST) - LOWEST, HIGHEST - LOWEST).astype(np.float32)
