"""A picture of one slice with the outlines of everything that a model found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.report.colours import FAINT, Colour, grey_picture
from XAICLIPLib.report.page import EDGE, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.strokes import annotate, contours, draw, orient, scale_bar

WIDE, TALL = 760, 900  # px that the slice may take
LEGEND = 300
LINE = 26
PROMPT = "#ffffff"


@dataclass(frozen=True, eq=False)
class Outline:
    """One structure: its name, mask (H, W), colour (RGB in [0, 1]), and a word on its size."""

    name: str
    mask: np.ndarray
    colour: Colour
    size: str


def outlines(
    path: str | Path,
    *,
    image: np.ndarray,
    structures: Sequence[Outline],
    boxes: Sequence[tuple[float, float, float, float]] = (),
    points: Sequence[tuple[float, float, int]] = (),
    spacing: tuple[float, float],
    title: str,
    caption: str = "",
) -> Path:
    """Draw a slice, what was found in it, and what the model was told, as a PNG of 1132 px width.

    Parameters
    ----------
    path : path
        The PNG to write.
    image : ndarray, shape (H, W)
        The slice in its grey window, in [0, 1], in axial LPS order.
    structures : sequence of Outline
        As many as fit beside the slice are named.
    boxes : sequence of (x0, y0, x1, y1)
        Boxes that the model was pointed at with, in slice pixels.
    points : sequence of (x, y, inside)
        Points that it was pointed at with, in slice pixels.
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title, caption : str
        A line above and one below.

    Returns
    -------
    Path
        The PNG.

    Raises
    ------
    InputError
        If the place can't be written to.
    """
    mm = image.shape[1] * spacing[1], image.shape[0] * spacing[0]
    mm_per_px = max(mm[0] / WIDE, mm[1] / TALL)
    size = max(1, round(mm[0] / mm_per_px)), max(1, round(mm[1] / mm_per_px))
    height = max(size[1], 320)
    page = Page(3 * EDGE + WIDE + LEGEND, 56 + height + 48)
    page.title(title, RESEARCH_USE_ONLY)
    page.box(EDGE, 56, WIDE, height, "black")
    axes = page.picture(EDGE + (WIDE - size[0]) // 2, 56, grey_picture(image, size))
    orient(axes, size)
    scale_bar(axes, size, mm_per_px)
    for structure in structures:
        draw(axes, contours(structure.mask, size), structure.colour, 2, fill=0.2)
    across, down = size[0] / image.shape[1], size[1] / image.shape[0]
    for x0, y0, x1, y1 in boxes:
        corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]) * (across, down)
        draw(axes, [corners], PROMPT, 1.5, "--")
    for x, y, inside in points:
        annotate(axes, x * across, y * down, "+" if inside else "×", 18, "center", "center")

    _legend(page, structures, len(boxes) > 0, (height - 20) // LINE)
    page.text(EDGE, page.height - 22, caption, 13, FAINT)
    return page.save(path)


def _legend(page: Page, structures: Sequence[Outline], prompted: bool, room: int) -> None:
    """The structures beside the slice, as many as there is room for, each with its colour and size."""
    left, y = 2 * EDGE + WIDE, 70
    prompt_entry = [("prompt", PROMPT, "--")] if prompted else []
    entries: list[tuple[str, Colour, str]] = [
        *prompt_entry,
        *((_label(structure.name), structure.colour, "-") for structure in structures),
    ]
    sizes = [*([""] * len(prompt_entry)), *(structure.size for structure in structures)]
    for (name, colour, style), area in zip(entries[:room], sizes):
        number = page.text(page.width - EDGE, y, area, 13, FAINT, ha="right")
        page.line((left, left + 20), (y, y), colour, 3, linestyle=style)
        label = page.text(left + 30, y, name, 14)
        while len(name) > 1 and page.extent(label) > LEGEND - 40 - page.extent(number):
            name = name[:-1]
            label.set_text(name.rstrip() + "…")
        y += LINE
    if len(entries) > room:
        page.text(left, y, f"and {len(entries) - room} more", 13, FAINT)
    if not structures:
        page.text(left, y, "Nothing was found in this slice.", 14)


def _label(name: str) -> str:
    """A structure as people call it; a name that is in no table as it stands."""
    known = anatomy.find(name)
    return known.label if known is not None else name.replace("_", " ")
