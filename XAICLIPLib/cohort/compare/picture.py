"""Pictures of a comparison: where two maps differ, slice by slice, and numbers pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from XAICLIPLib.cohort.compare.numbers import NEEDS, NUMBERS, OWN_SHARE, Key, interval, short
from XAICLIPLib.cohort.compare.statistics import Difference
from XAICLIPLib.cohort.compare.words import p_words
from XAICLIPLib.cohort.thumbnail import SIDE
from XAICLIPLib.pipeline.compare import ALIKE, NORMAL, Comparison
from XAICLIPLib.pipeline.compare_remote import RemoteDifference
from XAICLIPLib.report.colours import FAINT, INK, OVER, PAGE, blend, resized
from XAICLIPLib.report.layout import visible_part
from XAICLIPLib.report.mosaic import Mosaic
from XAICLIPLib.report.page import EDGE, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.strokes import contours, draw
from XAICLIPLib.results.explanation import Explanation

LESS, MORE = "#4aa8ff", "#ff7a3d"  # B hangs less, or more, on a place than A
FAINT_SHARE = 0.03  # of a difference that is shown where samples explain it
_BACK = 0.22  # grey behind a difference: the scan itself is not kept with a run
_MOST_SLICES, _MOST_PANELS, _MOST_LINES = 24, 9, 100
_ACROSS, _WIDE, _HIGH, _LEFT, _HEAD, _FOOT = 3, 400, 320, 66, 100, 4


class Slices:
    """A difference of two maps, as slices with the outlines of what both draw.

    Parameters
    ----------
    runs : sequence of Explanation
        Both.
    found : Comparison or RemoteDifference
        Of them.

    Attributes
    ----------
    spacing : tuple of float
        mm between rows and between columns.
    largest : float
        What the strongest colour stands for.
    has_errors : bool
        Whether what samples explain is shown faintly.
    """

    def __init__(self, runs: Sequence[Explanation], found: Comparison | RemoteDifference) -> None:
        first, second = runs
        stderr = found.stderr if isinstance(found, Comparison) else None
        self._values = np.array(found.difference.axial().voxels)
        if stderr is not None:
            by_chance = np.abs(self._values) <= NORMAL * stderr.axial().voxels
            self._values[by_chance] *= FAINT_SHARE
        self.has_errors = stderr is not None
        self._drawn = [run.prediction.axial().voxels == run.structures.index(found.structure) + 1 for run in runs]
        self._seen = [np.asarray(run.evaluated.axial().voxels) > 0 for run in (first, second)]
        self._spacing = found.difference.axial().spacing
        self.spacing = self._spacing[1], self._spacing[0]
        self.largest = max(found.largest, ALIKE)
        if found.slice is None:  # what no difference is spoken of has no colour either
            self._values[:] = 0
        self.at = found.slice

    def chosen(self, most: int) -> list[int]:
        """The slices to show: those in which both maps say something, of too many the ones that differ most.

        Parameters
        ----------
        most : int

        Returns
        -------
        list of int
            In their order.
        """
        known = [z for z in range(len(self._values)) if self._seen[0][z].any() and self._seen[1][z].any()]
        return sorted(sorted(known, key=lambda z: (-float(np.abs(self._values[z]).max()), z))[:most])

    def part(self, slices: Sequence[int]) -> tuple[slice, slice]:
        """The rows and columns that hold both drawings and what was evaluated.

        Parameters
        ----------
        slices : sequence of int

        Returns
        -------
        tuple of 2 slices
        """
        masks = [mask for mask in (*self._drawn, *self._seen)]
        return visible_part([(np.zeros(self._values[z].shape), [m[z] for m in masks]) for z in slices], self.spacing)

    def tile(self, z: int, part: tuple[slice, slice], size: tuple[int, int]) -> np.ndarray:
        """The difference in one slice.

        Parameters
        ----------
        z : int
        part : tuple of 2 slices
        size : tuple of 2 ints
            Width and height, px.

        Returns
        -------
        ndarray, shape (height, width, 3)
            RGB in [0, 1].
        """
        values = resized(self._values[z][part], size, cv2.INTER_NEAREST) / self.largest
        grey = np.full((size[1], size[0], 3), _BACK, np.float32)
        return blend(blend(grey, values, _ramp(MORE)), -values, _ramp(LESS))

    def outlines(self, z: int, part: tuple[slice, slice], size: tuple[int, int]) -> list[list[np.ndarray]]:
        """What A and what B draws there, as outlines.

        Parameters
        ----------
        z : int
        part : tuple of 2 slices
        size : tuple of 2 ints

        Returns
        -------
        list of list of ndarray, shape (N, 2)
        """
        return [contours(mask[z][part], size) for mask in self._drawn]

    def masks(self, z: int) -> list[np.ndarray]:
        """What A and what B draws in a slice.

        Parameters
        ----------
        z : int

        Returns
        -------
        list of ndarray of bool, shape (H, W)
        """
        return [mask[z] for mask in self._drawn]


def thumbnail(slices: Slices) -> bytes:
    """A small picture of the slice in which two maps differ most.

    Parameters
    ----------
    slices : Slices

    Returns
    -------
    bytes
        A JPEG; empty where there is nothing to show.
    """
    known = slices.chosen(1)
    if not known:
        return b""
    z = known[0] if slices.at is None else slices.at
    part = slices.part([z])
    tall, wide = ((p.stop - p.start) * step for p, step in zip(part, slices.spacing))
    size = max(1, round(SIDE * wide / max(tall, wide))), max(1, round(SIDE * tall / max(tall, wide)))
    pixels = np.ascontiguousarray(cv2.convertScaleAbs(slices.tile(z, part, size)[..., ::-1], alpha=255))
    for lines, width in zip(slices.outlines(z, part, size), (2, 1)):
        colour = (255, 255, 255) if width == 2 else (60, 220, 250)
        cv2.polylines(pixels, [np.round(line).astype(np.int32) for line in lines], True, colour, width)
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])
    return data.tobytes()


def draw_difference(path: Path, slices: Slices, title: str, unit: str) -> Path:
    """Draw where two maps differ, slice by slice.

    Parameters
    ----------
    path : Path
        The PNG to write.
    slices : Slices
    title : str
    unit : str
        What the difference is one of.

    Returns
    -------
    Path
    """
    known = slices.chosen(_MOST_SLICES)
    part = slices.part(known)
    mosaic = Mosaic(len(known), part, slices.spacing)
    for number, z in enumerate(known):
        mosaic.put(number, slices.tile(z, part, mosaic.size))
    page, axes, y = mosaic.page(title, [f"slice {z}" for z in known])
    for number, z in enumerate(known):
        for mask, colour, style in zip(slices.masks(z), (OVER, "#fadc3c"), ("-", "--")):
            draw(axes, mosaic.outline(number, mask), colour, mosaic.line, style)
    largest = short(slices.largest)
    mosaic.legend(
        page, EDGE, y, [("A draws", OVER, "-"), ("B draws", "#fadc3c", "--"),
                        (f"{unit} larger in B (at most {largest})", MORE, "-"), ("larger in A", LESS, "-"),
                        *([("faint: samples explain it", FAINT, "")] if slices.has_errors else [])],
    )  # fmt: skip
    return page.save(path)


def draw_pairs(
    path: Path,
    found: Mapping[Key, Difference],
    values: Mapping[Key, Sequence[tuple[float | None, float | None]]],
    title: str,
) -> Path:
    """Draw the numbers that differ most, a line for each pair from A to B.

    Parameters
    ----------
    path : Path
        The PNG to write.
    found : mapping of Key to Difference
    values : mapping of Key to sequence of (first, second)
    title : str

    Returns
    -------
    Path
    """
    told = [key for key in found if key.number != OWN_SHARE]  # the remote share says the same
    keys = sorted(told, key=lambda key: (not found[key].is_found, found[key].corrected, -abs(found[key].effect), key))
    keys = [key for key in keys if found[key].higher or found[key].lower][:_MOST_PANELS] or keys[:_ACROSS]
    across, down = min(_ACROSS, max(1, len(keys))), -(-len(keys) // _ACROSS)
    page = Page(max(2 * EDGE + across * _WIDE, 780), _HEAD + down * _HIGH + _FOOT)
    page.title(title, RESEARCH_USE_ONLY)
    page.legend(EDGE, 72, [("higher in B", MORE, "-"), ("higher in A", LESS, "-"), ("mean", INK, "-")])
    for number, key in enumerate(keys):
        x, y = EDGE + number % _ACROSS * _WIDE + _LEFT, _HEAD + number // _ACROSS * _HIGH + 44
        wide, high = _WIDE - _LEFT - 24, _HIGH - 96
        place = (x / page.width, 1 - (y + high) / page.height, wide / page.width, high / page.height)
        axes = page.figure.add_axes(place, facecolor=PAGE)
        _panel(axes, key, found[key], values[key])
    return page.save(path)


def _panel(axes: Axes, key: Key, d: Difference, values: Sequence[tuple[float | None, float | None]]) -> None:
    known = [(float(a), float(b)) for a, b in values if a is not None and b is not None]
    for a, b in known[:: -(-len(known) // _MOST_LINES)]:
        colour = MORE if b > a else LESS if b < a else FAINT
        axes.plot((0, 1), (a, b), color=colour, linewidth=1, alpha=0.6, marker="o", markersize=3)
    axes.plot((0, 1), (d.first, d.second), color=INK, linewidth=2.4, marker="o", markersize=6)
    number = NUMBERS[key.number]
    what = f"{key.player} hidden".replace("_", " ") if key.number == NEEDS else number.words
    unit = f", {number.unit}" if number.unit else ""
    axes.set_title(
        f"{key.structure.replace('_', ' ')}: {what}{unit}", color=INK, fontsize=9.5, parse_math=False, pad=20
    )
    said = f"B − A {short(d.mean, True)}"
    if d.is_tested:
        said += f" ({interval(d.low, d.high)}), p {p_words(d.corrected)}"
    axes.text(0.5, 1.03, said, transform=axes.transAxes, ha="center", fontsize=8.5, color=FAINT)
    axes.set_xticks((0, 1), ("A", "B"))
    axes.set_xlim(-0.25, 1.25)
    axes.tick_params(labelsize=8, colors=FAINT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _ramp(colour: str) -> np.ndarray:
    """A colour (256, 4) whose opacity grows from nothing at 0, fast at first: a weak difference has to be seen."""
    colours = np.tile(np.array((*to_rgb(colour), 0), np.float32), (256, 1))
    colours[:, 3] = np.sqrt(np.linspace(0, 1, 256))
    return colours
