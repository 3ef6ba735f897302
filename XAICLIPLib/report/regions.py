"""Pictures of located structures: the slice, the similarity over it, and the region that was cut from it.

Slices lie as in `panels`: in axial LPS order, so that the patient's right is on the left.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPLib.report.colours import (
    REFERENCE_LINE,
    REGION_LINE,
    STRUCTURE_COLOUR,
    Colour,
    blend,
    colour_table,
    grey_picture,
)
from XAICLIPLib.report.layout import check_shapes, fitted, visible_part
from XAICLIPLib.report.mosaic import Mosaic
from XAICLIPLib.report.page import EDGE, HEAD, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.strokes import contours, draw, headed_picture, scale_bar

_WIDTH, _GAP, _TOP, _STRIP = 1560, 16, 56, 60  # px: page, between pictures, title, legend


def probability_table() -> np.ndarray:
    """Colours (256, 4) of a probability, its opacity growing in step with it: what is improbable leaves no veil."""
    colours = colour_table(COLORMAP)
    colours[:, 3] = np.linspace(0, 0.55, 256)
    return colours


@dataclass(frozen=True, eq=False)
class LocatedSlice:
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
    located: LocatedSlice,
    *,
    spacing: tuple[float, float],
    title: str,
    caption: str = "",
    colour: tuple[float, float, float] = STRUCTURE_COLOUR,
) -> Path:
    """Draw one located structure as a PNG of 1560 px width: image · similarity · region.

    Without a similarity, as for a given mask, there are two pictures.

    Parameters
    ----------
    path : path
        The PNG to write.
    located : LocatedSlice
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title, caption : str
        One line above; a few lines of small print below.
    colour : tuple of 3 floats
        The structure's, RGB in [0, 1].

    Returns
    -------
    Path
        The PNG.

    Raises
    ------
    InputError
        If the shapes differ, or the place can't be written to.
    """
    layers = {name: getattr(located, name) for name in ("region", "similarity", "prediction", "reference")}
    check_shapes(located.image.shape, **layers)
    part = visible_part([(located.image, located.masks())], spacing)
    cell = (_WIDTH - 2 * EDGE - 2 * _GAP) // 3
    size, mm_per_px = fitted(part, spacing, cell)
    lines = textwrap.wrap(caption, 220)
    page = Page(_WIDTH, _TOP + HEAD + size[1] + _STRIP + 20 * len(lines) + 8)
    page.title(title, RESEARCH_USE_ONLY)
    grey = grey_picture(located.image[part], size)
    below = _TOP + HEAD + size[1] + 16

    def picture(number: int, name: str, pixels: np.ndarray):
        x = EDGE + number * (cell + _GAP)
        return headed_picture(page, (x, _TOP), cell, name, pixels), x

    axes, _ = picture(0, "Image", grey)
    scale_bar(axes, size, mm_per_px)
    if located.similarity is not None:
        colours = probability_table()
        axes, x = picture(1, "Similarity to the text", blend(grey, located.similarity[part], colours))
        x = page.colour_bar(x + 4, below, colours, "similarity")
        if located.threshold is not None:
            lines_at = contours(located.similarity[part], size, located.threshold, close=False)
            draw(axes, lines_at, REFERENCE_LINE, 1.5, "--")
            page.legend(x, below, [(f"threshold {located.threshold:.2f}", REFERENCE_LINE, "--")])
    axes, x = picture(1 if located.similarity is None else 2, "Region", grey)
    _outline(page, axes, located, part, size, colour, (x, below))
    page.small_print(lines, 8)
    return page.save(path)


def _outline(page: Page, axes, located: LocatedSlice, part, size, colour, place: tuple[float, float]) -> None:
    """The region, and what it is compared with; their names in two rows of at most two."""
    entries = []
    if located.region.all():
        entries.append(("region: the whole slice", "", ""))
    else:
        draw(axes, contours(located.region[part], size), REGION_LINE, 2, fill=0.2)
        entries.append(("region", REGION_LINE, "-"))
    for name, line, width, style in (("prediction", colour, 2, "-"), ("reference", REFERENCE_LINE, 1.5, "--")):
        mask = getattr(located, name)
        if mask is None:
            continue
        draw(axes, contours(mask[part], size), line, width, style)
        entries.append((name, line, style) if mask.any() else (f"{name}: nothing", "", ""))
    page.legend(*place, entries)


def region_montage(
    path: str | Path,
    slices: Sequence[LocatedSlice],
    *,
    spacing: tuple[float, float],
    title: str,
    colour: tuple[float, float, float] = STRUCTURE_COLOUR,
) -> Path:
    """Draw all slices where a structure was found as one PNG of at most 2400 px width: similarity, region, outlines.

    All slices are cut alike, so that a place in one tile is the same place in the next.

    Parameters
    ----------
    path : path
        The PNG to write.
    slices : sequence of LocatedSlice
        Looked at one by one, twice.
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title : str
        One line above.
    colour : tuple of 3 floats
        The structure's, RGB in [0, 1].

    Returns
    -------
    Path
        The PNG.

    Raises
    ------
    InputError
        If there is no slice, the shapes differ, or the place can't be written to.
    """
    if not slices:
        raise InputError("nothing was found, so there is nothing to draw")
    part = visible_part(_checked(slices), spacing)
    mosaic = Mosaic(len(slices), part, spacing)
    colours = probability_table()
    outlines: dict[str, list[np.ndarray]] = {"region": [], "prediction": [], "reference": []}
    numbers, shows_similarity = [], False
    for number, located in enumerate(slices):
        numbers.append(located.z)
        shows_similarity |= located.similarity is not None
        grey = grey_picture(located.image[part], mosaic.size)
        mosaic.put(number, grey if located.similarity is None else blend(grey, located.similarity[part], colours))
        for name, lines in outlines.items():
            mask = getattr(located, name)
            if mask is not None and not mask.all():
                lines += mosaic.outline(number, mask)

    page, axes, y = mosaic.page(title, [str(z) for z in numbers])
    x: float = EDGE + 4
    if shows_similarity:
        x = page.colour_bar(x, y, colours, "similarity to the text")
    entries: list[tuple[str, Colour, str]] = []
    for name, line, style in (
        ("region", REGION_LINE, "-"),
        ("prediction", colour, "-"),
        ("reference", REFERENCE_LINE, "--"),
    ):
        if outlines[name]:
            draw(axes, outlines[name], line, mosaic.line, style)
            entries.append((name, line, style))
    mosaic.legend(page, x, y, entries)
    return page.save(path)


def _checked(slices: Iterable[LocatedSlice]) -> Iterator[tuple[np.ndarray, list[np.ndarray]]]:
    """The image of each slice with the masks that must be seen; all have the shape of the first."""
    shape: tuple[int, ...] | None = None
    for located in slices:
        shape = shape or located.image.shape
        check_shapes(shape, image=located.image, region=located.region, similarity=located.similarity)
        yield located.image, located.masks()
