"""Many slices on one page, all cut alike, so that a place in one tile is the same place in the next."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from XAICLIPLib.report.colours import FAINT, Colour
from XAICLIPLib.report.layout import extent_mm, tiling
from XAICLIPLib.report.page import EDGE, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.strokes import annotate, contours, scale_bar

WIDEST = 2400  # pixels, of a page
_GAP, _HEAD, _FOOT, _NARROWEST = 2, 56, 52, 900


class Mosaic:
    """Tiles in rows and columns, as large as a page allows.

    Parameters
    ----------
    count : int
        How many slices.
    part : tuple of slices
        What is shown of each, see `visible_part`.
    spacing : tuple of 2 floats
        mm between rows and between columns.

    Attributes
    ----------
    size : tuple of int
        Width and height of a tile in pixels.
    line : float
        How wide an outline is.
    """

    def __init__(self, count: int, part: tuple[slice, slice], spacing: tuple[float, float]) -> None:
        wide, tall = extent_mm(part, spacing)
        columns, width = tiling(count, tall / wide, WIDEST - 2 * EDGE)
        height = max(1, round(width * tall / wide))
        self.size = width, height
        self.line = 1.5 if width >= 240 else 1
        self._part, self._pixel = part, wide / width
        self._corners = [((n % columns) * (width + _GAP), (n // columns) * (height + _GAP)) for n in range(count)]
        rows = math.ceil(count / columns)
        self._canvas = np.zeros((rows * (height + _GAP) - _GAP, columns * (width + _GAP) - _GAP, 3), np.float32)

    def put(self, number: int, tile: np.ndarray) -> None:
        """Place the picture of one slice.

        Parameters
        ----------
        number : int
            Which of the slices.
        tile : ndarray, shape (height, width, 3)
            RGB in [0, 1], of the tiles' `size`.
        """
        x, y = self._corners[number]
        self._canvas[y : y + self.size[1], x : x + self.size[0]] = tile

    def outline(self, number: int, mask: np.ndarray) -> list[np.ndarray]:
        """The outline of a mask where its slice lies on the page.

        Parameters
        ----------
        number : int
            Which of the slices.
        mask : ndarray of bool, shape (H, W)
            Of the whole slice.

        Returns
        -------
        list of ndarray, shape (N, 2)
            Points (x, y), px.
        """
        return [line + self._corners[number] for line in contours(mask[self._part], self.size)]

    def page(self, title: str, labels: Sequence[str]) -> tuple[Page, Axes, float]:
        """The page with the pictures and their labels.

        Parameters
        ----------
        title : str
        labels : sequence of str
            One for each slice.

        Returns
        -------
        page : Page
        axes : Axes
            To draw on the pictures with.
        y : float
            Height of the legend, px.
        """
        height, width = self._canvas.shape[:2]
        page = Page(max(width, _NARROWEST) + 2 * EDGE, _HEAD + height + _FOOT)
        page.title(title, RESEARCH_USE_ONLY)
        axes = page.picture((page.width - width) // 2, _HEAD, self._canvas)
        letters = 12 if self.size[0] >= 240 else 10
        for (x, y), label in zip(self._corners, labels):
            annotate(axes, x + 5, y + 4, label, letters, "left", "top")
            annotate(axes, x + 5, y + self.size[1] / 2, "R", letters, "left", "center")
        scale_bar(axes, self.size, self._pixel)
        return page, axes, _HEAD + height + 20

    @staticmethod
    def legend(page: Page, x: float, y: float, entries: Sequence[tuple[str, Colour, str]]) -> None:
        """What the outlines are, and which side is which.

        Parameters
        ----------
        page : Page
        x, y : float
            Where it begins, px.
        entries : sequence of (name, colour, style)
            See `Page.legend`.
        """
        page.text(page.legend(x, y, entries), y, "R: the patient's right", 13, FAINT)
