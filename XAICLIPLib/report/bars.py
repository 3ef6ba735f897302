"""A comparison as one picture: a row of panels per method, a group of bars per structure, a bar per arm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter

from XAICLIPLib.measure.gains import THRESHOLD, number
from XAICLIPLib.report.page import EDGE, FAINT, INK, PAGE, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.tables import label_of

COLOURS = ("#7f8a94", "#ffb300", "#4db6ac")  # of the arms, in their order
_WIDTH, _ROW, _HEAD, _FOOT = 1800, 300, 118, 74
_AT = f"{THRESHOLD:g}"
# what a panel shows of a row, its name, whether its axis is logarithmic
_PANELS: tuple[tuple[str, Callable[[Mapping], float], bool], ...] = (
    ("time, s", lambda row: number(row["seconds"]), True),
    ("evaluations", lambda row: number(row["evaluations"]), True),
    (f"IoU with the organ, drop ≥ {_AT}", lambda row: number(row.get(f"iou_{_AT}")), False),
    ("IoU with its border, ± 5 mm", lambda row: number(row.get(f"band_iou_{_AT}")), False),
    ("insertion − deletion AUC", lambda row: number(row.get("gap")), False),
)
_ORGAN = 2  # the panel in which the bare region is marked


def draw_bars(path: str | Path, rows: Sequence[Mapping], title: str) -> Path:
    """Draw means as bars, single slices as dots, and what the bare region reaches as a line.

    Parameters
    ----------
    path : path
        The PNG to write.
    rows : sequence of mappings
        See `comparison.compare_slice`.
    title : str

    Raises
    ------
    InputError
        If the place can't be written to.
    """
    methods, structures, arms = (list(dict.fromkeys(row[name] for row in rows)) for name in ("method", "structure", "arm"))
    page = Page(_WIDTH, _HEAD + _ROW * len(methods) + _FOOT)
    page.title(title, RESEARCH_USE_ONLY)
    x = EDGE
    for arm, colour in zip(arms, COLOURS):
        page.box(x, 58, 16, 12, colour)
        x += 24 + page.extent(page.text(x + 24, 64, arm, 13, FAINT)) + 24
    page.line((x, x + 20), (64, 64), INK, 2)
    x += 28 + page.extent(page.text(x + 28, 64, "the region alone", 13, FAINT)) + 24
    page.text(x, 64, "bars: mean; dots: single slices", 13, FAINT)
    left, gap = 90, 70
    wide = (_WIDTH - left - EDGE - gap * (len(_PANELS) - 1)) / len(_PANELS)
    for down, method in enumerate(methods):
        top = _HEAD + down * _ROW
        page.text(EDGE, top + (_ROW - 60) / 2, method, 16, rotation=90, ha="center")
        for across, (name, value, logarithmic) in enumerate(_PANELS):
            place = (
                (left + across * (wide + gap)) / page.width,
                1 - (top + _ROW - 60) / page.height,
                wide / page.width,
                (_ROW - 84) / page.height,
            )
            axes = page.figure.add_axes(place, facecolor=PAGE)
            mine = [row for row in rows if row["method"] == method]
            _panel(axes, mine, structures, arms, value, logarithmic)
            if across == _ORGAN:
                _bare(axes, mine, structures, arms)
            axes.set_title(name, color=INK, fontsize=9.5)
            last = down == len(methods) - 1
            _look(axes, [label_of(s) for s in structures] if last else [""] * len(structures))
    return page.save(path)


def _panel(
    axes: Axes,
    rows: Sequence[Mapping],
    structures: Sequence[str],
    arms: Sequence[str],
    value: Callable[[Mapping], float],
    logarithmic: bool,
) -> None:
    step = 0.8 / len(arms)
    for a, arm in enumerate(arms):
        for s, structure in enumerate(structures):
            found = np.array([value(r) for r in rows if r["arm"] == arm and r["structure"] == structure])
            found = found[np.isfinite(found)]
            if not len(found):
                continue
            x = s + (a - (len(arms) - 1) / 2) * step
            axes.bar(x, found.mean(), step * 0.9, color=COLOURS[a])
            if len(found) > 1:
                spots = x + np.linspace(-0.25, 0.25, len(found)) * step
                axes.scatter(spots, found, s=9, color=INK, edgecolors=PAGE, linewidths=0.5, zorder=3)
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(numticks=6))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.yaxis.set_major_formatter(lambda v, _: f"{v:g}")


def _bare(axes: Axes, rows: Sequence[Mapping], structures: Sequence[str], arms: Sequence[str]) -> None:
    """What the region reaches as it is, over the bars of the arms that are limited to it."""
    step = 0.8 / len(arms)
    for s, structure in enumerate(structures):
        values = [number(r.get("roi_iou")) for r in rows if r["arm"] == arms[1] and r["structure"] == structure]
        if np.isfinite(values).any():
            start = s + (1 - len(arms) / 2) * step
            axes.plot((start, s + 0.4), [np.nanmean(values)] * 2, color=INK, linewidth=1.6, zorder=4)


def _look(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right", fontsize=8.5, color=FAINT)
    axes.tick_params(colors=FAINT, labelsize=8.5, length=2)
    axes.axhline(0, color=FAINT, linewidth=0.6)
    axes.grid(axis="y", color="#2b3138", linewidth=0.6)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(FAINT)
