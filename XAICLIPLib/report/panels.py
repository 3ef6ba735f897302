"""Pictures of explained slices: a panel of four views per slice, and a montage of all slices.

Slices are in axial LPS order (rows from anterior to posterior, columns from the patient's right to the left), so drawn
as they lie they show the radiological convention: seen from the feet, the patient's right on the left.

Drawn on matplotlib's Agg canvas alone, never through pyplot, which keeps global state and may open a window: these run in
worker threads.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from skimage.measure import find_contours

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY

UNIT = "share of the largest Dice drop"

_PAGE, _INK, _FAINT = "#15181c", "#eceff1", "#9aa4ad"
_REGION, _SIMILAR, _REFERENCE = "#5ce1f2", "#ffb300", "#ffffff"  # fixed; the prediction has the structure's own colour
_DPI = 100
_OPACITY = 0.75  # of the strongest saliency: the anatomy stays visible beneath it
_EDGE = 24  # px of page round everything
_MARGIN_MM = 8.0  # of air left round the body


class _Page:
    """A dark page measured in pixels from its top left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=_PAGE)
        self.canvas = FigureCanvasAgg(self.figure)

    def text(self, x: float, y: float, text: str, size: float, colour: str = _INK, **how) -> Text:
        """Text of `size` px centred on the height y, without reading $ as mathematics."""
        how = {"va": "center", **how}
        return self.figure.text(
            x / self.width, 1 - y / self.height, text, fontsize=size * 72 / _DPI, color=colour,
            family="DejaVu Sans", parse_math=False, **how,
        )  # fmt: skip

    def extent(self, text: Text) -> float:
        """Width of a text in px."""
        return text.get_window_extent(self.canvas.get_renderer()).width

    def line(self, x: Sequence[float], y: Sequence[float], colour: str, width: float = 1.5, **how) -> None:
        """A line through points in px."""
        places = [v / self.width for v in x], [1 - v / self.height for v in y]
        self.figure.add_artist(Line2D(*places, color=colour, linewidth=_points(width), **how))

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        corner = (x / self.width, 1 - (y + height) / self.height)
        size = (width / self.width, height / self.height)
        self.figure.add_artist(Rectangle(corner, *size, facecolor=colour, edgecolor="none", zorder=-1))

    def picture(self, x: int, y: int, pixels: np.ndarray) -> Axes:
        """An RGB picture (h, w, 3), pixel by pixel; its axes are in the picture's own pixels from the top left."""
        height, width = pixels.shape[:2]
        place = (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        axes.set_axis_off()
        axes.imshow(pixels, extent=(0, width, height, 0), aspect="auto", interpolation="nearest")
        axes.set_autoscale_on(False)
        return axes

    def legend(self, x: float, y: float, entries: Sequence[tuple[str, str, str]]) -> float:
        """Swatches ("-" line, "--" dashed line) with their names in a row; gives back the x where they end."""
        for name, colour, style in entries:
            self.line((x, x + 20), (y, y), colour, 2, linestyle=style)
            x += 28 + self.extent(self.text(x + 28, y, name, 13, _FAINT)) + 20
        return x

    def colour_bar(self, x: float, y: float, colours: np.ndarray, label: str, width: int = 170) -> float:
        """The colours as they look over mid-grey, from 0 to 1; gives back the x where the label ends."""
        ramp = np.linspace(0, 1, width, dtype=np.float32)[None].repeat(10, 0)
        self.picture(round(x), round(y - 5), _blend(np.full((10, width, 3), 0.35, np.float32), ramp, colours))
        for share, name in ((0, "0"), (0.5, "0.5"), (1, "1")):
            self.text(x + share * width, y + 14, name, 11, _FAINT, ha="center")
        return x + width + 12 + self.extent(self.text(x + width + 12, y, label, 13, _FAINT)) + 20

    def title(self, text: str, notice: str) -> None:
        """The first line, cut where it would not fit, with the notice at its end."""
        right = self.text(self.width - _EDGE, 30, notice, 12, _FAINT, ha="right")
        room = self.width - 2 * _EDGE - self.extent(right) - 20
        shown = self.text(_EDGE, 30, text, 20, weight="bold")
        while len(text) > 1 and self.extent(shown) > room:
            text = text[:-1]
            shown.set_text(text.rstrip() + "…")

    def save(self, path: str | Path) -> Path:
        path = Path(path)
        try:
            with path.open("wb") as file:
                self.canvas.print_png(file, metadata={"Software": None})
        except OSError as error:
            raise InputError(
                f"{path} can't be written ({error.strerror}); check the folder and the free space"
            ) from error
        return path


def _points(pixels: float) -> float:
    return pixels * 72 / _DPI


def _heat() -> np.ndarray:
    """Amber (256, 4), its opacity growing in step with a probability up to a third."""
    colours = np.tile(np.float32((*to_rgb(_SIMILAR), 0)), (256, 1))
    colours[:, 3] = np.linspace(0, 0.33, 256)
    return colours


def _colours(name: str) -> np.ndarray:
    """A colour map (256, 4), its opacity growing from nothing at 0: where there is no saliency, there is no colour."""
    try:
        colours = matplotlib.colormaps[name](np.linspace(0, 1, 256))
    except KeyError as error:
        raise InputError(f"there is no colour map {name!r}; choose jet or inferno") from error
    # fast at first: a weak but real drop has to be seen; the square root of a hundredth is a tenth
    colours[:, 3] = _OPACITY * np.sqrt(np.linspace(0, 1, 256))
    return colours.astype(np.float32)


def _resize(image: np.ndarray, size: tuple[int, int], how: int) -> np.ndarray:
    """An image (H, W) at the given (width, height); shrinks by area averaging, as all else would alias."""
    image = np.ascontiguousarray(image, np.float32)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if size[0] < image.shape[1] else how)


def _grey(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An image (H, W) in [0, 1] as an RGB picture of the given (width, height)."""
    return np.clip(_resize(image, size, cv2.INTER_CUBIC), 0, 1)[..., None].repeat(3, -1)


def _blend(picture: np.ndarray, values: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Lay values (H, W) in [0, 1] over an RGB picture (h, w, 3) in colours with opacity."""
    values = np.nan_to_num(values)
    if values.shape != picture.shape[:2]:
        values = _resize(values, picture.shape[1::-1], cv2.INTER_LINEAR)
    layer = colours[np.round(np.clip(values, 0, 1) * 255).astype(int)]
    return picture * (1 - layer[..., 3:]) + layer[..., :3] * layer[..., 3:]


def _outlines(values: np.ndarray, size: tuple[int, int], level: float = 0.5, close: bool = True) -> list[np.ndarray]:
    """Contours of an array (H, W) as lists of (x, y) in a picture of the given (width, height)."""
    values = np.nan_to_num(np.asarray(values, np.float32))
    if close:  # a mask that is cut by the image's edge still gets a line there
        values = np.pad(values, 1)
    scale = np.divide(size, (values.shape[1] - 2 * close, values.shape[0] - 2 * close))
    return [(line[:, ::-1] - close + 0.5) * scale for line in find_contours(values, level)]


def _draw(axes: Axes, lines: list[np.ndarray], colour, width: float = 1.5, style: str = "-", fill: float = 0.0) -> None:
    if fill and lines:
        # contours round a hole run the other way, so that the hole stays free
        whole = Outline.make_compound_path(*(Outline(line, closed=True) for line in lines))
        axes.add_patch(PathPatch(whole, facecolor=colour, alpha=fill, edgecolor="none"))
    axes.add_collection(LineCollection(lines, colors=[colour], linewidths=_points(width), linestyles=style))


def _annotate(axes: Axes, x: float, y: float, text: str, size: float, ha: str, va: str, colour: str = _INK) -> None:
    """Text over a picture, readable on black and on white."""
    axes.text(
        x, y, text, ha=ha, va=va, fontsize=_points(size), color=colour, family="DejaVu Sans", parse_math=False,
        path_effects=[withStroke(linewidth=2, foreground="black")],
    )  # fmt: skip


def _orient(axes: Axes, size: tuple[int, int]) -> None:
    """The letters of the patient's sides at the edges of a picture."""
    width, height = size
    inset = 5
    for x, y, letter, ha, va in (
        (inset, height / 2, "R", "left", "center"),
        (width - inset, height / 2, "L", "right", "center"),
        (width / 2, inset, "A", "center", "top"),
        (width / 2, height - inset, "P", "center", "bottom"),
    ):
        if letter in "RL" or height > 120:  # in a flat picture they would stand on the anatomy
            _annotate(axes, x, y, letter, 13, ha, va)


def _scale_bar(axes: Axes, size: tuple[int, int], mm_per_px: float) -> None:
    """5 cm, or 1 cm where 5 would be more than half of the picture, in its lower left corner."""
    centimetres = 5 if 50 / mm_per_px <= size[0] / 2 else 1
    length, x, y = 10 * centimetres / mm_per_px, 12, size[1] - 12
    if length > size[0] / 2:
        return
    for width, colour in ((4, "black"), (2, _INK)):
        axes.plot(
            (x, x, x, x + length, x + length, x + length), (y - 4, y + 4, y, y, y + 4, y - 4),
            color=colour, linewidth=_points(width), solid_joinstyle="miter",
        )  # fmt: skip
    _annotate(axes, x + length / 2, y - 7, f"{centimetres} cm", 12, "center", "bottom")


def _crop(images: Sequence[np.ndarray], masks: Sequence[np.ndarray | None], spacing) -> tuple[slice, slice]:
    """The part of the slices that is not air alone, with a margin; it holds every mask."""
    held = np.zeros(images[0].shape, bool)
    for image in images:
        tissue = image > image.min() + 0.1
        # a row with a few bright pixels is noise, not the body
        held |= tissue & (tissue.mean(1, keepdims=True) > 0.01) & (tissue.mean(0, keepdims=True) > 0.01)
    for mask in masks:
        if mask is not None:
            held |= mask
    if not held.any():
        return slice(0, held.shape[0]), slice(0, held.shape[1])
    parts = []
    for axis, step in ((0, spacing[0]), (1, spacing[1])):
        found = np.flatnonzero(held.any(1 - axis))
        margin = math.ceil(_MARGIN_MM / step)
        parts.append(slice(max(int(found[0]) - margin, 0), min(int(found[-1]) + 1 + margin, held.shape[axis])))
    return tuple(parts)


def _check(shape: tuple[int, ...], **arrays: np.ndarray | None) -> None:
    if len(shape) != 2:
        raise InputError(f"a slice has 2 dimensions (H, W), this image has shape {shape}")
    for name, array in arrays.items():
        if array is not None and np.shape(array) != shape:
            raise InputError(f"the {name} of shape {np.shape(array)} does not fit the image of shape {shape}")


def _extent(crop: tuple[slice, slice], spacing: tuple[float, float]) -> tuple[float, float]:
    """Width and height of a crop in mm."""
    rows, columns = crop
    return (columns.stop - columns.start) * spacing[1], (rows.stop - rows.start) * spacing[0]


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
        What a saliency of 1 means.

    Raises
    ------
    InputError
        If the shapes differ, the colour map is unknown, or the place can't be written to.
    """
    _check(
        image.shape, roi=roi, similarity=similarity, saliency=saliency, evaluated=evaluated, prediction=prediction,
        reference=reference,
    )  # fmt: skip
    colours = _colours(colormap)
    masks = [None if m is None else np.asarray(m, bool) for m in (roi, evaluated, prediction, reference)]
    whole = bool(masks[0].all())  # then the region is no reason to show the air, and has no outline
    crop = _crop([image], masks[2:] if whole else [masks[0], *masks[2:]], spacing)
    roi, evaluated, prediction, reference = (None if m is None else m[crop] for m in masks)
    saliency = np.where(evaluated, saliency[crop], 0)

    page_width, gap, head, strip = 1200, 16, 30, 44
    cell = (page_width - 2 * _EDGE - gap) // 2
    wide, tall = _extent(crop, spacing)
    mm_per_px = max(wide / cell, tall / (1.2 * cell))  # a tall slice gets narrower, not endless
    size = max(1, round(wide / mm_per_px)), max(1, round(tall / mm_per_px))
    lines = textwrap.wrap(caption, 165)
    page = _Page(page_width, 56 + 2 * (head + size[1] + strip) + 20 * len(lines) + 12)
    page.title(title, RESEARCH_USE_ONLY)

    grey = _grey(image[crop], size)
    heated = _blend(grey, similarity[crop], _heat()) if similarity is not None else grey
    coloured = _blend(grey, saliency, colours)
    shown = "Saliency" if saliency.any() else "Saliency: a flat map, no drop anywhere"
    places = []
    for number, (name, picture) in enumerate(
        (("Image", grey), ("Region of interest", heated), (shown, coloured), ("Prediction", grey))
    ):
        x = _EDGE + (number % 2) * (cell + gap)
        y = 56 + (number // 2) * (head + size[1] + strip)
        page.text(x, y + 14, name, 15)
        page.box(x, y + head, cell, size[1], "black")
        axes = page.picture(x + (cell - size[0]) // 2, y + head, picture)
        _orient(axes, size)
        places.append((axes, x, y + head + size[1] + 14))

    (first, *_), (second, x2, y2), (third, x3, y3), (fourth, x4, y4) = places
    _scale_bar(first, size, mm_per_px)

    if whole:
        entries = [("region: the whole slice", _REGION, "-")]
    else:
        # the similarity fills the region where there is one; two fills would mix into a third colour
        _draw(second, _outlines(roi, size), _REGION, 2, fill=0.2 if similarity is None else 0)
        entries = [("region", _REGION, "-")]
    if similarity is not None:
        _draw(second, _outlines(similarity[crop], size, threshold, close=False), _REFERENCE, 1, "--")
        entries += [("similarity to the text", _SIMILAR, "-"), (f"its threshold, {threshold:.2f}", _REFERENCE, "--")]
    page.legend(x2, y2, entries)

    x3 = page.colour_bar(x3, y3, colours, unit)
    if not evaluated.all():
        _draw(third, _outlines(evaluated, size), _REGION, 1)
        page.legend(x3, y3, [("evaluated", _REGION, "-")])

    _draw(fourth, _outlines(prediction, size), colour, 2, fill=0.25)
    entries = [("prediction", colour, "-")]
    if reference is not None:
        _draw(fourth, _outlines(reference, size), _REFERENCE, 1, "--")
        entries.append(("reference", _REFERENCE, "--"))
    page.legend(x4, y4, entries)

    for number, line in enumerate(lines):
        page.text(_EDGE, page.height - 12 - 20 * (len(lines) - number) + 4, line, 13, _FAINT)
    return page.save(path)


def _columns(count: int, aspect: float, room: int) -> tuple[int, int]:
    """How many columns, and how wide a tile, so that the whole is near 3 : 2 with few empty places."""

    def cost(columns: int) -> float:
        rows = math.ceil(count / columns)
        shape = columns / (rows * aspect) / 1.5
        return abs(math.log(shape)) + (rows * columns - count) / count

    columns = min(range(1, count + 1), key=cost)
    widest = 900 if count == 1 else 560
    # a tall slice is limited by its height instead
    return columns, int(max(16, min(widest, 720 / aspect, (room - 2 * (columns - 1)) / columns)))


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
    title, colormap, colour, unit
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
        _check(images[0].shape, image=image, saliency=saliency, prediction=prediction, roi=roi)
    colours = _colours(colormap)
    predictions, rois = ([np.asarray(mask, bool) for mask in masks] for masks in (predictions, rois))
    crop = _crop(images, predictions, spacing)
    wide, tall = _extent(crop, spacing)
    gap = 2
    columns, width = _columns(count, tall / wide, 2400 - 2 * _EDGE)
    size = width, max(1, round(width * tall / wide))
    rows = math.ceil(count / columns)
    whole = columns * (width + gap) - gap, rows * (size[1] + gap) - gap

    canvas = np.zeros((whole[1], whole[0], 3), np.float32)
    corners, outlines = [], {"roi": [], "prediction": []}
    for number, (image, saliency, prediction, roi) in enumerate(zip(images, saliencies, predictions, rois)):
        x, y = (number % columns) * (width + gap), (number // columns) * (size[1] + gap)
        corners.append((x, y))
        canvas[y : y + size[1], x : x + width] = _blend(_grey(image[crop], size), saliency[crop], colours)
        if not roi.all():
            outlines["roi"] += [line + (x, y) for line in _outlines(roi[crop], size)]
        outlines["prediction"] += [line + (x, y) for line in _outlines(prediction[crop], size)]

    page = _Page(max(whole[0], 900) + 2 * _EDGE, 56 + whole[1] + 52)
    page.title(title, RESEARCH_USE_ONLY)
    left = (page.width - whole[0]) // 2
    axes = page.picture(left, 56, canvas)
    _draw(axes, outlines["roi"], _REGION, 1)
    _draw(axes, outlines["prediction"], colour, 1.5 if width >= 240 else 1)
    letters = 12 if width >= 240 else 10
    for (x, y), label in zip(corners, labels):
        _annotate(axes, x + 5, y + 4, label, letters, "left", "top")
        _annotate(axes, x + 5, y + size[1] / 2, "R", letters, "left", "center")
    _scale_bar(axes, (width, size[1]), wide / width)
    y = 56 + whole[1] + 20
    x = page.colour_bar(_EDGE + 4, y, colours, unit)
    entries = [("prediction", colour, "-")]
    if outlines["roi"]:
        entries.append(("region of interest", _REGION, "-"))
    x = page.legend(x, y, entries)
    page.text(x, y, "R: the patient's right", 13, _FAINT)
    return page.save(path)
