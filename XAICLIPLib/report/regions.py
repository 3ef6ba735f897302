"""Pictures of located structures: the slice, the similarity over it, and the region that was cut from it.

Slices lie as in `panels`: in axial LPS order, so that the patient's right is on the left.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.layout import check_shapes, extent_mm, visible_part
from XAICLIPLib.report.mosaic import Mosaic
from XAICLIPLib.report.page import (
    EDGE,
    FAINT,
    Page,
    blend,
    colour_table,
    contours,
    draw,
    grey_picture,
    orient,
    scale_bar,
)
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY

_REGION, _LINE = "#5ce1f2", "#ffffff"  # as in `panels`; the prediction has the structure's own colour
_COLOURS = "inferno"
_WIDTH, _GAP, _HEAD = 1560, 16, 30


def probability_table() -> np.ndarray:
    """Colours (256, 4) of a probability, its opacity growing in step with it: what is improbable leaves no veil."""
    colours = colour_table(_COLOURS)
    colours[:, 3] = np.linspace(0, 0.55, 256)
    return colours


@dataclass(frozen=True, eq=False)
class Found:
    """A structure located in a slice.

    Attributes
    ----------
    z : int
        Axial slice.
    image : ndarray, shape (H, W)
        The slice as it was windowed, in [0, 1], in axial LPS order.
    region : ndarray of bool, shape (H, W)
    similarity : ndarray, shape (H, W), optional
        Probability of the text at each pixel.
    threshold : float, optional
        Where it was cut.
    prediction, reference : ndarray of bool, shape (H, W), optional
    """

    z: int
    image: np.ndarray
    region: np.ndarray
    similarity: np.ndarray | None = None
    threshold: float | None = None
    prediction: np.ndarray | None = None
    reference: np.ndarray | None = None

    def masks(self) -> list[np.ndarray]:
        """Every mask that must be seen; a region of everything is no reason to show the air."""
        every = (None if self.region.all() else self.region, self.prediction, self.reference)
        return [mask for mask in every if mask is not None]


def region_panel(
    path: str | Path,
    found: Found,
    *,
    spacing: tuple[float, float],
    title: str,
    caption: str = "",
    colour: tuple[float, float, float] = (0.94, 0.68, 0.36),
) -> Path:
    """Draw one located structure as a PNG of 1560 px width: image · similarity · region.

    Without a similarity, as for a given mask, there are two pictures.

    Parameters
    ----------
    path : path
        The PNG to write.
    found : Found
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title, caption : str
        One line above; a few lines of small print below.
    colour : tuple of 3 floats
        The structure's, RGB in [0, 1].

    Raises
    ------
    InputError
        If the shapes differ, or the place can't be written to.
    """
    layers = {name: getattr(found, name) for name in ("region", "similarity", "prediction", "reference")}
    check_shapes(found.image.shape, **layers)
    part = visible_part([found.image], found.masks(), spacing)
    cell = (_WIDTH - 2 * EDGE - 2 * _GAP) // 3
    wide, tall = extent_mm(part, spacing)
    mm_per_px = max(wide / cell, tall / (1.2 * cell))  # a tall slice gets narrower, not endless
    size = max(1, round(wide / mm_per_px)), max(1, round(tall / mm_per_px))
    lines = textwrap.wrap(caption, 220)
    strip = 60
    page = Page(_WIDTH, 56 + _HEAD + size[1] + strip + 20 * len(lines) + 8)
    page.title(title, RESEARCH_USE_ONLY)
    grey = grey_picture(found.image[part], size)
    below = 56 + _HEAD + size[1] + 16

    def picture(number: int, name: str, pixels: np.ndarray):
        x = EDGE + number * (cell + _GAP)
        page.text(x, 56 + 14, name, 15)
        page.box(x, 56 + _HEAD, cell, size[1], "black")
        axes = page.picture(x + (cell - size[0]) // 2, 56 + _HEAD, pixels)
        orient(axes, size)
        return axes, x

    axes, _ = picture(0, "Image", grey)
    scale_bar(axes, size, mm_per_px)
    if found.similarity is not None:
        colours = probability_table()
        axes, x = picture(1, "Similarity to the text", blend(grey, found.similarity[part], colours))
        x = page.colour_bar(x + 4, below, colours, "similarity")
        if found.threshold is not None:
            draw(axes, contours(found.similarity[part], size, found.threshold, close=False), _LINE, 1.5, "--")
            page.legend(x, below, [(f"threshold {found.threshold:.2f}", _LINE, "--")])
    axes, x = picture(1 if found.similarity is None else 2, "Region", grey)
    _outline(page, axes, found, part, size, colour, (x, below))
    for number, line in enumerate(lines):
        page.text(EDGE, page.height - 8 - 20 * (len(lines) - number) + 4, line, 13, FAINT)
    return page.save(path)


def _outline(page: Page, axes, found: Found, part, size, colour, place: tuple[float, float]) -> None:
    """The region, and what it is compared with; their names in two rows of at most two."""
    entries = []
    if found.region.all():
        entries.append(("region: the whole slice", "", ""))
    else:
        draw(axes, contours(found.region[part], size), _REGION, 2, fill=0.2)
        entries.append(("region", _REGION, "-"))
    for name, line, width, style in (("prediction", colour, 2, "-"), ("reference", _LINE, 1.5, "--")):
        mask = getattr(found, name)
        if mask is None:
            continue
        draw(axes, contours(mask[part], size), line, width, style)
        entries.append((name, line, style) if mask.any() else (f"{name}: nothing", "", ""))
    page.legend(*place, entries)


def region_montage(
    path: str | Path,
    found: Sequence[Found],
    *,
    spacing: tuple[float, float],
    title: str,
    colour: tuple[float, float, float] = (0.94, 0.68, 0.36),
) -> Path:
    """Draw all slices where a structure was found as one PNG of at most 2400 px width: similarity, region, outlines.

    All slices are cut alike, so that a place in one tile is the same place in the next.

    Parameters
    ----------
    path : path
        The PNG to write.
    found : sequence of Found
    spacing, title, colour
        As in `region_panel`.

    Raises
    ------
    InputError
        If there is no slice, the shapes differ, or the place can't be written to.
    """
    if not found:
        raise InputError("nothing was found, so there is nothing to draw")
    for one in found:
        check_shapes(found[0].image.shape, image=one.image, region=one.region, similarity=one.similarity)
    part = visible_part((one.image for one in found), (mask for one in found for mask in one.masks()), spacing)
    mosaic = Mosaic(len(found), part, spacing)
    colours = probability_table()
    outlines = {"region": [], "prediction": [], "reference": []}
    numbers, shows_similarity = [], False
    for number, one in enumerate(found):
        numbers.append(one.z)
        shows_similarity |= one.similarity is not None
        grey = grey_picture(one.image[part], mosaic.size)
        mosaic.put(number, grey if one.similarity is None else blend(grey, one.similarity[part], colours))
        for name, lines in outlines.items():
            mask = getattr(one, name)
            if mask is not None and not mask.all():
                lines += mosaic.outline(number, mask)

    page, axes, y = mosaic.page(title, [str(z) for z in numbers])
    x = EDGE + 4
    if shows_similarity:
        x = page.colour_bar(x, y, colours, "similarity to the text")
    entries = []
    for name, line, style in (("region", _REGION, "-"), ("prediction", colour, "-"), ("reference", _LINE, "--")):
        if outlines[name]:
            draw(axes, outlines[name], line, mosaic.line, style)
            entries.append((name, line, style))
    mosaic.legend(page, x, y, entries)
    return page.save(path)
