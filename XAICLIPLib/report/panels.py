"""Pictures of explained slices: a panel of four views per slice, and a montage of all slices.

Slices are in axial LPS order (rows from anterior to posterior, columns from the patient's right to the left), so drawn
as they lie they show the radiological convention: the patient's right on the left, as from the feet.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPLib.report.colours import (
    REFERENCE_LINE,
    REGION_LINE,
    SIMILAR,
    STRUCTURE_COLOUR,
    Colour,
    blend,
    colour_table,
    grey_picture,
    heat_table,
)
from XAICLIPLib.report.layout import check_shapes, fitted, visible_part
from XAICLIPLib.report.mosaic import Mosaic
from XAICLIPLib.report.page import EDGE, HEAD, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.strokes import contours, draw, headed_picture, scale_bar

UNIT = "share of the largest drop"
_WIDTH, _GAP, _TOP, _STRIP = 1200, 16, 56, 44  # px: page, between pictures, title, legend
_CELL = (_WIDTH - 2 * EDGE - _GAP) // 2  # room for a picture


@dataclass(frozen=True, eq=False)
class ExplainedSlice:
    """What is drawn of an explained slice; all arrays have its shape.

    Attributes
    ----------
    image : ndarray, shape (H, W)
        In its grey window, in [0, 1], in axial LPS order.
    saliency : ndarray, shape (H, W)
        In [0, 1]; drawn only where it was evaluated.
    prediction, roi : ndarray of bool, shape (H, W)
        The model's mask of the structure, and the region of interest.
    evaluated : ndarray of bool, shape (H, W), optional
        Where something was perturbed; everywhere by default.
    similarity : ndarray, shape (H, W), optional
        Probability of the text at each pixel, in [0, 1].
    threshold : float
        Where the similarity was cut.
    reference : ndarray of bool, shape (H, W), optional
    """

    image: np.ndarray
    saliency: np.ndarray
    prediction: np.ndarray
    roi: np.ndarray
    evaluated: np.ndarray | None = None
    similarity: np.ndarray | None = None
    threshold: float = 0.5
    reference: np.ndarray | None = None

    def check(self, shape: tuple[int, ...]) -> None:
        """Refuse arrays that are not of one shape.

        Parameters
        ----------
        shape : tuple of int
            (H, W) that all must have.

        Raises
        ------
        InputError
            Naming the array.
        """
        check_shapes(
            shape, image=self.image, roi=self.roi, similarity=self.similarity, saliency=self.saliency,
            evaluated=self.evaluated, prediction=self.prediction, reference=self.reference,
        )  # fmt: skip

    def cropped(self, part: tuple[slice, slice]) -> ExplainedSlice:
        """A part of the slice, its masks as booleans and its saliency 0 where nothing was evaluated.

        Parameters
        ----------
        part : tuple of 2 slices
            Rows and columns.

        Returns
        -------
        ExplainedSlice
        """
        prediction, roi = (np.asarray(mask, bool)[part] for mask in (self.prediction, self.roi))
        evaluated = np.ones(roi.shape, bool) if self.evaluated is None else np.asarray(self.evaluated, bool)[part]
        return ExplainedSlice(
            self.image[part],
            np.where(evaluated, self.saliency[part], 0),
            prediction,
            roi,
            evaluated,
            None if self.similarity is None else self.similarity[part],
            self.threshold,
            None if self.reference is None else np.asarray(self.reference, bool)[part],
        )


@dataclass(frozen=True)
class Style:
    """How the map of one structure is drawn.

    Attributes
    ----------
    colormap : str
        Of the saliency; any of matplotlib's.
    colour : tuple of 3 floats
        The structure's, RGB in [0, 1].
    unit : str
        What the saliency is, below its scale.
    largest : float
        What a saliency of 1 stands for, in that unit: the end of the scale.
    """

    colormap: str = COLORMAP
    colour: tuple[float, float, float] = STRUCTURE_COLOUR
    unit: str = UNIT
    largest: float = 1.0


def slice_panel(
    path: str | Path,
    explained: ExplainedSlice,
    *,
    spacing: tuple[float, float],
    title: str,
    caption: str = "",
    style: Style | None = None,
) -> Path:
    """Draw one explained slice as a PNG of 1200 px width: image · region · saliency · prediction.

    Parameters
    ----------
    path : path
        The PNG to write.
    explained : ExplainedSlice
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title, caption : str
        One line above; a few lines of small print below.
    style : Style, optional

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
    explained.check(np.shape(explained.image))
    colours = colour_table(style.colormap)
    whole = bool(np.all(explained.roi))  # then the region is no reason to show the air, and has no outline
    masks = [explained.prediction, explained.reference, None if whole else explained.roi]
    part = visible_part([(explained.image, masks)], spacing)
    explained = explained.cropped(part)
    size, mm_per_px = fitted(part, spacing, _CELL)
    lines = textwrap.wrap(caption.replace(" · ", "\u00a0· "), 168)  # no line begins with a dot
    page = Page(_WIDTH, _TOP + 2 * (HEAD + size[1] + _STRIP) + 20 * len(lines) + 12)
    page.title(title, RESEARCH_USE_ONLY)
    (first, *_), second, third, fourth = _four_pictures(page, explained, size, colours)
    scale_bar(first, size, mm_per_px)
    _region(page, *second, explained, size, whole)
    _saliency(page, *third, explained, size, colours, style)
    _prediction(page, *fourth, explained, size, style.colour)
    page.small_print(lines, 12)
    return page.save(path)


def _four_pictures(
    page: Page, explained: ExplainedSlice, size: tuple[int, int], colours: np.ndarray
) -> list[tuple[Axes, tuple[float, float]]]:
    """The four pictures in two rows, each with the axes to draw on it and the place (x, y) of its legend."""
    grey = grey_picture(explained.image, size)
    similar = grey if explained.similarity is None else blend(grey, explained.similarity, heat_table())
    heading = "Saliency" if explained.saliency.any() else "Saliency: nothing here"
    pictures = (
        ("Image", grey),
        ("Region of interest", similar),
        (heading, blend(grey, explained.saliency, colours)),
        ("Prediction", grey),
    )
    places: list[tuple[Axes, tuple[float, float]]] = []
    for number, (name, picture) in enumerate(pictures):
        x = EDGE + (number % 2) * (_CELL + _GAP)
        y = _TOP + (number // 2) * (HEAD + size[1] + _STRIP)
        places.append((headed_picture(page, (x, y), _CELL, name, picture), (x, y + HEAD + size[1] + 14)))
    return places


def _region(
    page: Page, axes: Axes, place: tuple[float, float], explained: ExplainedSlice, size: tuple[int, int], whole: bool
) -> None:
    """The region's outline, and the contour of the similarity that it was cut at."""
    similarity = explained.similarity
    if whole:
        entries = [("region: the whole slice", "", "")]
    else:
        # the similarity fills the region where there is one; two fills would mix into a third colour
        draw(axes, contours(explained.roi, size), REGION_LINE, 2, fill=0.2 if similarity is None else 0)
        entries = [("region", REGION_LINE, "-")]
    if similarity is not None:
        draw(axes, contours(similarity, size, explained.threshold, close=False), REFERENCE_LINE, 1, "--")
        entries += [
            ("similarity to the text", SIMILAR, "-"),
            (f"its threshold, {explained.threshold:.2f}", REFERENCE_LINE, "--"),
        ]
    page.legend(*place, entries)


def _saliency(
    page: Page,
    axes: Axes,
    place: tuple[float, float],
    explained: ExplainedSlice,
    size: tuple[int, int],
    colours: np.ndarray,
    style: Style,
) -> None:
    """The scale of the colours, and what was evaluated where that is not everything."""
    x = page.colour_bar(*place, colours, style.unit, top=style.largest)
    if explained.evaluated is not None and not explained.evaluated.all():
        draw(axes, contours(explained.evaluated, size), REGION_LINE, 1)
        page.legend(x, place[1], [("evaluated", REGION_LINE, "-")])


def _prediction(
    page: Page, axes: Axes, place: tuple[float, float], explained: ExplainedSlice, size: tuple[int, int], colour: Colour
) -> None:
    """The prediction in the structure's colour, and the reference."""
    draw(axes, contours(explained.prediction, size), colour, 2, fill=0.25)
    entries: list[tuple[str, Colour, str]] = [
        ("prediction", colour, "-") if explained.prediction.any() else ("prediction: nothing", "", "")
    ]
    if explained.reference is not None:
        draw(axes, contours(explained.reference, size), REFERENCE_LINE, 1, "--")
        entries.append(("reference", REFERENCE_LINE, "--"))
    page.legend(*place, entries)


def montage(
    path: str | Path,
    slices: Sequence[ExplainedSlice],
    labels: Sequence[str],
    *,
    spacing: tuple[float, float],
    title: str,
    style: Style | None = None,
) -> Path:
    """Draw all explained slices as one PNG of at most 2400 px width: saliency over image, prediction, region.

    All slices are cut alike, so that a place in one tile is the same place in the next.

    Parameters
    ----------
    path : path
        The PNG to write.
    slices : sequence of ExplainedSlice
        Looked at one by one, twice.
    labels : sequence of str
        What stands in the corner of each tile.
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title : str
        One line above.
    style : Style, optional

    Returns
    -------
    Path
        The PNG.

    Raises
    ------
    InputError
        If there is no slice, the numbers or shapes differ, the colour map is unknown, or the place can't be written to.
    """
    count = len(slices)
    if count == 0:
        raise InputError("no slice was explained, so there is nothing to draw")
    if len(labels) != count:
        raise InputError(f"{len(labels)} labels do not fit {count} images")
    style = style or Style()
    colours = colour_table(style.colormap)
    part = visible_part(_checked(slices), spacing)
    mosaic = Mosaic(count, part, spacing)
    outlines: dict[str, list[np.ndarray]] = {"roi": [], "prediction": []}
    for number, explained in enumerate(slices):
        picture = grey_picture(explained.image[part], mosaic.size)
        mosaic.put(number, blend(picture, explained.saliency[part], colours))
        if not np.all(explained.roi):
            outlines["roi"] += mosaic.outline(number, np.asarray(explained.roi, bool))
        outlines["prediction"] += mosaic.outline(number, np.asarray(explained.prediction, bool))

    page, axes, y = mosaic.page(title, labels)
    draw(axes, outlines["roi"], REGION_LINE, 1)
    draw(axes, outlines["prediction"], style.colour, mosaic.line)
    x = page.colour_bar(EDGE + 4, y, colours, style.unit, top=style.largest)
    entries: list[tuple[str, Colour, str]] = [("prediction", style.colour, "-")]
    if outlines["roi"]:
        entries.append(("region of interest", REGION_LINE, "-"))
    mosaic.legend(page, x, y, entries)
    return page.save(path)


def _checked(slices: Iterable[ExplainedSlice]) -> Iterator[tuple[np.ndarray, list[np.ndarray]]]:
    """The image of each slice with the mask that must be seen; all have the shape of the first."""
    shape: tuple[int, ...] | None = None
    for explained in slices:
        shape = shape or np.shape(explained.image)
        explained.check(shape)
        yield explained.image, [explained.prediction]
