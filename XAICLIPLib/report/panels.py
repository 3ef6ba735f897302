"""Pictures of explained slices: a panel of four views per slice, and a montage of all slices.

Slices are in axial LPS order (rows from anterior to posterior, columns from the patient's right to the left), so drawn
as they lie they show the radiological convention: seen from the feet, the patient's right on the left.

Drawn on matplotlib's Agg canvas alone, never through pyplot, which keeps global state and may open a window: these run
in worker threads.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.layout import check_shapes, extent_mm, visible_part
from XAICLIPLib.report.mosaic import Mosaic
from XAICLIPLib.report.page import (
    EDGE,
    FAINT,
    SIMILAR,
    Page,
    blend,
    colour_table,
    contours,
    draw,
    grey_picture,
    heat_table,
    orient,
    scale_bar,
)
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY

UNIT = "share of the largest drop"

_REGION, _REFERENCE = "#5ce1f2", "#ffffff"  # fixed; the prediction has the structure's own colour


def slice_panel(
    path: str | Path,
    *,
    image: np.ndarray,
    roi: np.ndarray,
    similarity: np.ndarray | None,
    threshold: float,
    saliency: np.ndarray,
    evaluated: np.ndarray,
    prediction: np.ndarray,
    reference: np.ndarray | None,
    spacing: tuple[float, float],
    title: str,
    caption: str = "",
    colormap: str = "jet",
    colour: tuple[float, float, float] = (0.94, 0.68, 0.36),
    unit: str = UNIT,
    largest: float = 1.0,
) -> Path:
    """Draw one explained slice as a PNG of 1200 px width: image · region · saliency · prediction.

    Parameters
    ----------
    path : path
        The PNG to write.
    image : ndarray, shape (H, W)
        The slice as it was windowed, in [0, 1], in axial LPS order.
    roi, evaluated, prediction : ndarray of bool, shape (H, W)
    similarity : ndarray, shape (H, W), optional
        Probability of the text at each pixel.
    threshold : float
        Where the similarity was cut.
    saliency : ndarray, shape (H, W)
        In [0, 1]; shown only where it was evaluated.
    reference : ndarray of bool, shape (H, W), optional
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title, caption : str
        One line above; a few lines of small print below.
    colormap : str
        Of the saliency; any of matplotlib's.
    colour : tuple of 3 floats
        The structure's, RGB in [0, 1].
    unit : str
        What the saliency is.
    largest : float
        What a saliency of 1 stands for, in that unit: the end of the scale.

    Raises
    ------
    InputError
        If the shapes differ, the colour map is unknown, or the place can't be written to.
    """
    check_shapes(
        image.shape, roi=roi, similarity=similarity, saliency=saliency, evaluated=evaluated, prediction=prediction,
        reference=reference,
    )  # fmt: skip
    colours = colour_table(colormap)
    masks = [None if m is None else np.asarray(m, bool) for m in (roi, evaluated, prediction, reference)]
    whole = bool(masks[0].all())  # then the region is no reason to show the air, and has no outline
    crop = visible_part([image], masks[2:] if whole else [masks[0], *masks[2:]], spacing)
    roi, evaluated, prediction, reference = (None if m is None else m[crop] for m in masks)
    saliency = np.where(evaluated, saliency[crop], 0)

    page_width, gap, head, strip = 1200, 16, 30, 44
    cell = (page_width - 2 * EDGE - gap) // 2
    wide, tall = extent_mm(crop, spacing)
    mm_per_px = max(wide / cell, tall / (1.2 * cell))  # a tall slice gets narrower, not endless
    size = max(1, round(wide / mm_per_px)), max(1, round(tall / mm_per_px))
    lines = textwrap.wrap(caption.replace(" · ", "\u00a0· "), 168)  # no line begins with a dot
    page = Page(page_width, 56 + 2 * (head + size[1] + strip) + 20 * len(lines) + 12)
    page.title(title, RESEARCH_USE_ONLY)

    grey = grey_picture(image[crop], size)
    heated = blend(grey, similarity[crop], heat_table()) if similarity is not None else grey
    coloured = blend(grey, saliency, colours)
    shown = "Saliency" if saliency.any() else f"Saliency: no drop above {FLAT:g} here"
    places = []
    for number, (name, picture) in enumerate(
        (("Image", grey), ("Region of interest", heated), (shown, coloured), ("Prediction", grey))
    ):
        x = EDGE + (number % 2) * (cell + gap)
        y = 56 + (number // 2) * (head + size[1] + strip)
        page.text(x, y + 14, name, 15)
        page.box(x, y + head, cell, size[1], "black")
        axes = page.picture(x + (cell - size[0]) // 2, y + head, picture)
        orient(axes, size)
        places.append((axes, x, y + head + size[1] + 14))

    (first, *_), (second, x2, y2), (third, x3, y3), (fourth, x4, y4) = places
    scale_bar(first, size, mm_per_px)

    if whole:
        entries = [("region: the whole slice", "", "")]
    else:
        # the similarity fills the region where there is one; two fills would mix into a third colour
        draw(second, contours(roi, size), _REGION, 2, fill=0.2 if similarity is None else 0)
        entries = [("region", _REGION, "-")]
    if similarity is not None:
        draw(second, contours(similarity[crop], size, threshold, close=False), _REFERENCE, 1, "--")
        entries += [("similarity to the text", SIMILAR, "-"), (f"its threshold, {threshold:.2f}", _REFERENCE, "--")]
    page.legend(x2, y2, entries)

    x3 = page.colour_bar(x3, y3, colours, unit, top=largest)
    if not evaluated.all():
        draw(third, contours(evaluated, size), _REGION, 1)
        page.legend(x3, y3, [("evaluated", _REGION, "-")])

    draw(fourth, contours(prediction, size), colour, 2, fill=0.25)
    entries = [("prediction", colour, "-") if prediction.any() else ("prediction: nothing", "", "")]
    if reference is not None:
        draw(fourth, contours(reference, size), _REFERENCE, 1, "--")
        entries.append(("reference", _REFERENCE, "--"))
    page.legend(x4, y4, entries)

    for number, line in enumerate(lines):
        page.text(EDGE, page.height - 12 - 20 * (len(lines) - number) + 4, line, 13, FAINT)
    return page.save(path)


def montage(
    path: str | Path,
    *,
    images: Sequence[np.ndarray],
    saliencies: Sequence[np.ndarray],
    predictions: Sequence[np.ndarray],
    rois: Sequence[np.ndarray],
    labels: Sequence[str],
    spacing: tuple[float, float],
    title: str,
    colormap: str = "jet",
    colour: tuple[float, float, float] = (0.94, 0.68, 0.36),
    unit: str = UNIT,
    largest: float = 1.0,
) -> Path:
    """Draw all explained slices as one PNG of at most 2400 px width: saliency over image, prediction, region.

    All slices are cut alike, so that a place in one tile is the same place in the next.

    Parameters
    ----------
    path : path
        The PNG to write.
    images, saliencies : sequence of ndarray, shape (H, W)
        In [0, 1], in axial LPS order.
    predictions, rois : sequence of ndarray of bool, shape (H, W)
    labels : sequence of str
        What stands in the corner of each tile.
    spacing : tuple of 2 floats
        mm between rows and between columns.
    title, colormap, colour, unit, largest
        As in `slice_panel`.

    Raises
    ------
    InputError
        If there is no slice, the numbers or shapes differ, the colour map is unknown, or the place can't be written to.
    """
    count = len(images)
    if count == 0:
        raise InputError("no slice was explained, so there is nothing to draw")
    for name, items in (("saliencies", saliencies), ("predictions", predictions), ("rois", rois), ("labels", labels)):
        if len(items) != count:
            raise InputError(f"{len(items)} {name} do not fit {count} images")
    for image, saliency, prediction, roi in zip(images, saliencies, predictions, rois):
        check_shapes(images[0].shape, image=image, saliency=saliency, prediction=prediction, roi=roi)
    colours = colour_table(colormap)
    part = visible_part(images, predictions, spacing)
    mosaic = Mosaic(count, part, spacing)
    outlines = {"roi": [], "prediction": []}
    for number, (image, saliency, prediction, roi) in enumerate(zip(images, saliencies, predictions, rois)):
        mosaic.put(number, blend(grey_picture(image[part], mosaic.size), saliency[part], colours))
        if not np.all(roi):
            outlines["roi"] += mosaic.outline(number, np.asarray(roi, bool))
        outlines["prediction"] += mosaic.outline(number, np.asarray(prediction, bool))

    page, axes, y = mosaic.page(title, labels)
    draw(axes, outlines["roi"], _REGION, 1)
    draw(axes, outlines["prediction"], colour, mosaic.line)
    x = page.colour_bar(EDGE + 4, y, colours, unit, top=largest)
    entries = [("prediction", colour, "-")]
    if outlines["roi"]:
        entries.append(("region of interest", _REGION, "-"))
    mosaic.legend(page, x, y, entries)
    return page.save(path)
