"""What is drawn on a picture of a slice: outlines, letters, the patient's sides, a scale bar."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from skimage.measure import find_contours

from XAICLIPLib.report.colours import OVER, Colour
from XAICLIPLib.report.page import HEAD, Page, points


def contours(values: np.ndarray, size: tuple[int, int], level: float = 0.5, close: bool = True) -> list[np.ndarray]:
    """Contours of an array, in a picture of it.

    Parameters
    ----------
    values : ndarray, shape (H, W)
        A mask, or numbers.
    size : tuple of 2 ints
        Width and height of the picture, px.
    level : float
        Where the contour lies.
    close : bool
        Whether what is cut by the array's edge gets a line there.

    Returns
    -------
    list of ndarray, shape (N, 2)
        Points (x, y), px.
    """
    values = np.nan_to_num(np.asarray(values, np.float32))
    if close:  # a mask that is cut by the image's edge still gets a line there
        values = np.pad(values, 1)
    scale = np.divide(size, (values.shape[1] - 2 * close, values.shape[0] - 2 * close))
    return [(line[:, ::-1] - close + 0.5) * scale for line in find_contours(values, level)]


def draw(
    axes: Axes, lines: list[np.ndarray], colour: Colour, width: float = 1.5, style: str = "-", fill: float = 0.0
) -> None:
    """Lines on a picture, filled if wanted.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    lines : list of ndarray, shape (N, 2)
        Points (x, y), px.
    colour : color
        Anything that matplotlib takes for one.
    width : float
        px.
    style : str
        Matplotlib's: "-", "--".
    fill : float
        Opacity inside the lines, in [0, 1]; holes stay free.
    """
    if fill and lines:
        # contours round a hole run the other way, so that the hole stays free
        whole = Outline.make_compound_path(*(Outline(line, closed=True) for line in lines))
        axes.add_patch(PathPatch(whole, facecolor=colour, alpha=fill, edgecolor="none"))
    axes.add_collection(LineCollection(lines, colors=[colour], linewidths=points(width), linestyles=style))


def annotate(axes: Axes, x: float, y: float, text: str, size: float, ha: str, va: str, colour: str = OVER) -> None:
    """Text over a picture, readable on black and on white.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    x, y : float
        px.
    text : str
    size : float
        Of the letters, px.
    ha, va : str
        What of the text lies there, see matplotlib's ``Text``.
    colour : str
    """
    axes.text(
        x, y, text, ha=ha, va=va, fontsize=points(size), color=colour, family="DejaVu Sans", parse_math=False,
        path_effects=[withStroke(linewidth=2, foreground="black")],
    )  # fmt: skip


def orient(axes: Axes, size: tuple[int, int]) -> None:
    """The letters of the patient's sides at the edges of a picture of an axial slice.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    size : tuple of 2 ints
        Width and height, px.
    """
    width, height = size
    inset = 5
    for x, y, letter, ha, va in (
        (inset, height / 2, "R", "left", "center"),
        (width - inset, height / 2, "L", "right", "center"),
        (width / 2, inset, "A", "center", "top"),
        (width / 2, height - inset, "P", "center", "bottom"),
    ):
        if letter in "RL" or height > 120:  # in a flat picture they would stand on the anatomy
            annotate(axes, x, y, letter, 13, ha, va)


def headed_picture(page: Page, corner: tuple[int, int], width: int, name: str, picture: np.ndarray) -> Axes:
    """A picture on black in the middle of a cell, under its name, with the letters of the patient's sides.

    Parameters
    ----------
    page : Page
    corner : tuple of 2 ints
        Left and top of the cell, px.
    width : int
        Of the cell, px.
    name : str
    picture : ndarray, shape (h, w, 3)
        RGB in [0, 1], as large as it is drawn.

    Returns
    -------
    Axes
        In the picture's own pixels.
    """
    x, y = corner
    tall, wide = picture.shape[:2]
    page.text(x, y + 14, name, 15)
    page.box(x, y + HEAD, width, tall, "black")
    axes = page.picture(x + (width - wide) // 2, y + HEAD, picture)
    orient(axes, (wide, tall))
    return axes


def scale_bar(axes: Axes, size: tuple[int, int], mm_per_px: float) -> None:
    """A bar of 5 cm, or of 1 cm where 5 would be more than half of the picture, in its lower left corner.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    size : tuple of 2 ints
        Width and height, px.
    mm_per_px : float
    """
    centimetres = 5 if 50 / mm_per_px <= size[0] / 2 else 1
    length, x, y = 10 * centimetres / mm_per_px, 12, size[1] - 12
    if length > size[0] / 2:
        return
    for width, colour in ((4, "black"), (2, OVER)):
        axes.plot(
            (x, x, x, x + length, x + length, x + length), (y - 4, y + 4, y, y, y + 4, y - 4),
            color=colour, linewidth=points(width), solid_joinstyle="miter",
        )  # fmt: skip
    annotate(axes, x + length / 2, y - 7, f"{centimetres} cm", 12, "center", "bottom")
