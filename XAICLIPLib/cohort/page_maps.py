"""The part of `cohort.html` with the mean maps: three cuts through the middle of each organ, and how sure they are."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from XAICLIPLib.cohort.casemaps import ABOUT, DROP, KINDS, REMOTE
from XAICLIPLib.cohort.frame import CELL, CELLS
from XAICLIPLib.cohort.meanmaps import FEWEST, RATE, MeanMap
from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPLib.report.colours import INK, REGION_LINE

_UNITS = {DROP: "drop of the score", REMOTE: "loss of probability"}
_MOST = 24  # maps that are shown; all are in the files
_UNKNOWN = "#9aa4ab"  # where too few cases were tested
_ORGAN_LINE = "#ffffff"
_REACH = CELL * CELLS / 2
_SIZE = (9.2, 6.4)  # inches, of a map with its intervals
_MIDDLE = CELLS // 2


@dataclass(frozen=True)
class _Cut:
    """How a cut through the middle is shown: its name, the axes (x, y, z: 0, 1, 2) across and up, what the cells
    (z, y, x) become, bottom row first, and the letters of the patient's sides at left, right, top and bottom."""

    name: str
    axes: tuple[int, int]
    of: Callable[[np.ndarray], np.ndarray]
    sides: str


_CUTS = (
    _Cut("axial", (0, 1), lambda cells: cells[_MIDDLE, ::-1], "RLAP"),
    _Cut("coronal", (0, 2), lambda cells: cells[:, _MIDDLE], "RLHF"),
    _Cut("sagittal", (1, 2), lambda cells: cells[:, :, _MIDDLE], "APHF"),
)


@dataclass(frozen=True)
class Scale:
    """How the values of a mean map are shown.

    Attributes
    ----------
    lowest, highest : float
        Ends of the scale.
    colormap : str or Colormap
    unit : str
        What the values are, beside the scale.
    line : str
        Colour of the line round what can be told from 0.
    """

    lowest: float
    highest: float
    colormap: str | Colormap
    unit: str
    line: str = REGION_LINE


def maps_section(found: Sequence[MeanMap], level: int = 2) -> str:
    """The mean maps of all structures.

    Parameters
    ----------
    found : sequence of MeanMap
    level : int
        Of the heading.

    Returns
    -------
    str
        Empty where there are none.
    """
    if not found:
        return ""
    largest = {kind: _largest([one for one in found if one.kind == kind]) for kind in KINDS}
    shown = [one for one in found if one.peak is not None]
    parts = [
        f"<h{level}>Where, across patients</h{level}>"
        '<p class="small">Each map is brought into a frame of its organ: the middle is the centroid, the axes are the '
        "patient's, sizes are shares of the organ's own half-extents; left and right are kept apart, and nothing is "
        "mirrored. Cuts through the middle. Above the mean over the cases in which a place was tested (untested places "
        "are not counted as 0), below half of its 95 % interval (Student's t), on one scale for all structures. The "
        f"blue line holds what can be told from 0 (false discovery rate of all cells at most {RATE:.0%}), the white "
        f"line what is organ in half of the cases; grey: tested in fewer than {FEWEST} cases. A mean over these cases; "
        "a place that matters in a few of them is pale.</p>"
    ]
    for one in shown[:_MOST]:
        title = f"{one.structure.replace('_', ' ')}: {ABOUT[one.kind]}"
        scale = Scale(0, largest[one.kind], COLORMAP, _UNITS[one.kind])
        parts.append(
            f"<h{level + 1}>{escape(title)}</h{level + 1}>{map_picture(one, scale, title)}"
            f"<p>{escape(sentence_of(one))}</p>"
        )
    if len(shown) > _MOST:
        parts.append(f"<p>{len(shown) - _MOST} more are in frames/.</p>")
    few = sorted({one.structure for one in found if one.peak is None})
    if few:
        names = ", ".join(name.replace("_", " ") for name in few)
        parts.append(f"<p>No place of {escape(names)} was tested in {FEWEST} cases: a mean map needs as many.</p>")
    parts.append('<p class="small">Volumes and all numbers: frames/; the largest means: frames.parquet.</p>')
    return "".join(parts)


def _largest(found: Sequence[MeanMap]) -> float:
    """The end of the scale of a kind of map."""
    values = [float(one.mean[one.peak]) for one in found if one.peak is not None]
    return max([*values, 1e-6])


def sentence_of(one: MeanMap) -> str:
    """Where the mean is largest, how sure that is, and what was left out.

    Parameters
    ----------
    one : MeanMap
        With a place that was tested in enough cases.

    Returns
    -------
    str
    """
    peak = one.peak
    assert peak is not None
    width = float(one.half_width[peak])
    where = place_in_words(one, peak)
    told = "can be told from 0" if one.found[peak] else "cannot be told from 0"
    inside = one.organ >= 0.5
    share = float(one.found[inside].mean()) if inside.any() else 0.0
    left_out = "".join(
        f" {count} case{'s' * (count > 1)} left out: {reason}." for reason, count in sorted(one.left_out.items())
    )
    return (
        f"{one.cases} cases. The mean is largest, {one.mean[peak]:.3f} ± {width:.3f} in {one.count[peak]} cases, "
        f"{'from' if where else 'in'} the middle of a mean organ{where and ' ' + where}; there it {told}. The mean can "
        f"be told from 0 in {share:.0%} of the organ.{left_out}"
    )


def place_in_words(one: MeanMap, cell: tuple[int, int, int]) -> str:
    """Where a cell lies from the middle of a mean organ.

    Parameters
    ----------
    one : MeanMap
    cell : tuple of int
        Along z, y, x.

    Returns
    -------
    str
        "12 mm to the left, 30 mm to the head"; empty for the middle.
    """
    above, behind, left = (CELL * (place - _MIDDLE) for place in cell)
    sides = ((left, "left", "right"), (behind, "back", "front"), (above, "head", "feet"))
    return ", ".join(
        f"{abs(step) * half:.0f} mm to the {words[0] if step > 0 else words[1]}"
        for half, (step, *words) in zip(one.half_mm, sides, strict=True)
        if abs(step) > CELL / 2
    )


def map_picture(one: MeanMap, scale: Scale, title: str) -> str:
    """Three cuts through the middle of a mean map, and below them half of its interval.

    Parameters
    ----------
    one : MeanMap
    scale : Scale
        Of both.
    title : str
        What screen readers say.

    Returns
    -------
    str
        An ``<img>`` element.
    """
    figure = Figure(_SIZE, dpi=80, facecolor="white")
    FigureCanvasAgg(figure)
    norm = Normalize(scale.lowest, scale.highest)
    known = one.count >= FEWEST
    grid = figure.add_gridspec(2, 4, width_ratios=(1, 1, 1, 0.05), left=0.05, right=0.92, top=0.94, bottom=0.09)
    for row, (values, what) in enumerate(((one.mean, "mean"), (one.half_width, "± of the mean"))):
        for column, cut in enumerate(_CUTS):
            axes = figure.add_subplot(grid[row, column])
            _draw(axes, cut, np.where(known, values, np.nan), one, scale)
            _letters(axes, cut.sides)
            if not row:
                axes.set_title(cut.name, fontsize=11, color=INK)
            if not column:
                axes.set_ylabel(what, fontsize=11, color=INK)
    extend = "neither" if scale.lowest < 0 else "min"
    bar = figure.colorbar(ScalarMappable(norm, scale.colormap), cax=figure.add_subplot(grid[:, 3]), extend=extend)
    bar.ax.tick_params(labelsize=9)
    bar.set_label(scale.unit, fontsize=10, color=INK)
    edge = [withStroke(linewidth=3.2, foreground="black")]
    lines: list[Artist] = [
        Line2D([], [], color=_ORGAN_LINE, linewidth=2, path_effects=edge, label="organ in half of the cases"),
        Line2D([], [], color=scale.line, linewidth=2, path_effects=edge, label="can be told from 0"),
        Patch(color=_UNKNOWN, label=f"fewer than {FEWEST} cases"),
    ]
    figure.legend(handles=lines, loc="lower center", ncols=3, fontsize=10, frameon=False)
    data = io.BytesIO()
    figure.savefig(data, format="png", metadata={"Software": None})
    text = base64.b64encode(data.getvalue()).decode("ascii")
    return f'<img src="data:image/png;base64,{text}" alt="mean map of {escape(title, quote=True)}">'


def _draw(axes: Axes, cut: _Cut, values: np.ndarray, one: MeanMap, scale: Scale) -> None:
    """One cut in the proportions of the mean organ, with the outlines of the organ and of what was found."""
    across, up = (one.half_mm[axis] for axis in cut.axes)
    place = (-_REACH * across, _REACH * across, -_REACH * up, _REACH * up)
    axes.set_facecolor(_UNKNOWN)
    norm = Normalize(scale.lowest, scale.highest)
    axes.imshow(cut.of(values), scale.colormap, norm, origin="lower", extent=place, interpolation="nearest")
    steps = CELL * (np.arange(CELLS) - _MIDDLE)
    for mask, colour in ((one.organ, _ORGAN_LINE), (one.found.astype(float), scale.line)):
        plane = cut.of(mask)
        if plane.min() < 0.5 <= plane.max():
            lines = axes.contour(across * steps, up * steps, plane, levels=[0.5], colors=[colour], linewidths=1.4)
            lines.set_path_effects([withStroke(linewidth=2.6, foreground="black")])
    axes.set_xticks([])
    axes.set_yticks([])


def _letters(axes: Axes, sides: str) -> None:
    """The patient's sides at the edges of a cut."""
    places = ((0.07, 0.5), (0.93, 0.5), (0.5, 0.95), (0.5, 0.05))
    for letter, (x, y) in zip(sides, places, strict=True):
        text = axes.text(x, y, letter, fontsize=11, color="white", ha="center", va="center", transform=axes.transAxes)
        text.set_path_effects([withStroke(linewidth=2.5, foreground="black")])
