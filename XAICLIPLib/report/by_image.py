"""The picture of one slice of several registered images: its map, and beside it those with places hidden in one image
alone, all on one scale.

Slices lie as in `panels`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from XAICLIPLib.report.colours import REGION_LINE, Colour, blend, colour_table, grey_picture
from XAICLIPLib.report.layout import check_shapes, fitted, visible_part
from XAICLIPLib.report.page import EDGE, HEAD, Page
from XAICLIPLib.report.panels import ExplainedSlice, Style
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.strokes import contours, draw, headed_picture, scale_bar

MOST_COLUMNS = 4
_WIDTH, _GAP, _TOP, _FOOT = 1200, 16, 56, 48  # px: page, between pictures, title, legend


def by_image_panel(
    path: str | Path,
    explained: ExplainedSlice,
    maps: Sequence[tuple[str, np.ndarray]],
    *,
    spacing: tuple[float, float],
    title: str,
    caption: str = "",
    style: Style | None = None,
) -> Path:
    """Draw several maps of one slice as a PNG of 1200 px width, beside each other and under their names.

    Parameters
    ----------
    path : path
        The PNG to write.
    explained : ExplainedSlice
        Its own saliency is not drawn.
    maps : sequence of (name, ndarray of shape (H, W))
        At least one, in [0, 1]; drawn where the slice was evaluated.
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title, caption : str
        One line above; a few lines of small print below.
    style : Style, optional
        Of all maps alike.

    Returns
    -------
    Path
        The PNG.

    Raises
    ------
    InputError
        If the shapes differ, the colour map is unknown, or the place can't be written to.
    """
    style = style or Style()
    shape = np.shape(explained.image)
    explained.check(shape)
    check_shapes(shape, **{f"map of {name}": values for name, values in maps})
    colours = colour_table(style.colormap)
    whole = bool(np.all(explained.roi))
    part = visible_part([(explained.image, [explained.prediction, None if whole else explained.roi])], spacing)
    cut = explained.cropped(part)
    columns = min(len(maps), MOST_COLUMNS)
    cell = (_WIDTH - 2 * EDGE - (columns - 1) * _GAP) // columns
    size, mm_per_px = fitted(part, spacing, cell)
    rows = -(-len(maps) // columns)
    lines = textwrap.wrap(caption, 168)
    height = HEAD + size[1] + _GAP
    page = Page(_WIDTH, _TOP + rows * height + _FOOT + 20 * len(lines) + 12)
    page.title(title, RESEARCH_USE_ONLY)
    grey = grey_picture(cut.image, size)
    prediction, roi = contours(cut.prediction, size), contours(cut.roi, size)
    for number, (name, values) in enumerate(maps):
        shown = values[part] if cut.evaluated is None else np.where(cut.evaluated, values[part], 0)
        corner = EDGE + number % columns * (cell + _GAP), _TOP + number // columns * height
        heading = name if shown.any() else f"{name}: nothing here"
        axes = headed_picture(page, corner, cell, heading, blend(grey, shown, colours))
        draw(axes, prediction, style.colour, 1.5)
        if not whole:
            draw(axes, roi, REGION_LINE, 1)
        if number == 0:
            scale_bar(axes, size, mm_per_px)
    y = _TOP + rows * height + 14
    x = page.colour_bar(EDGE + 4, y, colours, style.unit, top=style.largest)
    entries: list[tuple[str, Colour, str]] = [("prediction", style.colour, "-")] if prediction else []
    page.legend(x, y, entries if whole else [*entries, ("region of interest", REGION_LINE, "-")])
    page.small_print(lines, 12)
    return page.save(path)
