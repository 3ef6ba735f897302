"""A comparison as one picture: a row of panels per method, a group of bars per structure, a bar per arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from XAICLIPLib.benchmark.statistics import ARMS, THRESHOLD, number
from XAICLIPLib.benchmark.tables import label_of
from XAICLIPLib.report.colours import FAINT, INK, PAGE
from XAICLIPLib.report.page import EDGE, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.results.rows import ArmRow

COLOURS = ("#7f8a94", "#ffb300", "#4db6ac")  # of the arms
_NARROWEST, _WIDEST, _ROW, _HEAD, _FOOT = 1800, 3200, 290, 92, 64
_LEFT, _GAP = 90, 70
_BAR = 32  # px that a bar wants, so that its number fits over it
_AT = f"{THRESHOLD:g}"
# what a panel shows of a row, its name, and how the means are written
_PANELS: tuple[tuple[str, Callable[[ArmRow], float], str], ...] = (
    ("time, s", lambda row: number(row.seconds), ".2g"),
    ("evaluations", lambda row: number(row.evaluations), ".0f"),
    (f"IoU with the organ, drop ≥ {_AT}", lambda row: number(row.get(f"iou_{_AT}")), ".2f"),
    ("IoU with its border, ± 5 mm", lambda row: number(row.get(f"band_iou_{_AT}")), ".2f"),
    ("insertion − deletion AUC", lambda row: number(row.gap), ".2f"),
)
_ORGAN = 2  # the panel in which the bare region is marked


def draw_bars(path: str | Path, rows: Sequence[ArmRow], title: str) -> Path:
    """Draw means as bars, single slices as dots, and what the bare region reaches as a line.

    Parameters
    ----------
    path : path
        The PNG to write.
    rows : sequence of ArmRow
    title : str
        Above the picture.

    Returns
    -------
    Path
        The PNG.

    Raises
    ------
    InputError
        If the place can't be written to.
    """
    methods, structures = (list(dict.fromkeys(getattr(row, name) for row in rows)) for name in ("method", "structure"))
    wanted = len(_PANELS) * (_GAP + _BAR * len(structures) * len(_arms(rows)))
    page = Page(min(_WIDEST, max(_NARROWEST, wanted)), _HEAD + _ROW * len(methods) + _FOOT)
    page.title(title, RESEARCH_USE_ONLY)
    x = float(EDGE)
    for arm, colour in zip(_arms(rows), COLOURS):
        page.box(x, 58, 16, 12, colour)
        x += 24 + page.extent(page.text(x + 24, 64, arm, 13, FAINT)) + 24
    page.line((x, x + 20), (64, 64), INK, 2)
    x += 28 + page.extent(page.text(x + 28, 64, "the region alone", 13, FAINT)) + 24
    page.text(x, 64, "bars: mean; dots: single slices", 13, FAINT)
    wide = (page.width - _LEFT - EDGE - _GAP * (len(_PANELS) - 1)) / len(_PANELS)
    for down, method in enumerate(methods):
        top = _HEAD + down * _ROW
        page.text(EDGE, top + (_ROW - 60) / 2, method, 16, rotation=90, ha="center")
        for across, (name, value, form) in enumerate(_PANELS):
            place = (
                (_LEFT + across * (wide + _GAP)) / page.width,
                1 - (top + _ROW - 60) / page.height,
                wide / page.width,
                (_ROW - 84) / page.height,
            )
            axes = page.figure.add_axes(place, facecolor=PAGE)
            mine = [row for row in rows if row.method == method]
            _panel(axes, mine, structures, value, form)
            if across == _ORGAN:
                _bare(axes, mine, structures)
            axes.set_title(name, color=INK, fontsize=9.5)
            last = down == len(methods) - 1
            _look(axes, [label_of(s) for s in structures] if last else [""] * len(structures))
    return page.save(path)


def _arms(rows: Sequence[ArmRow]) -> list[str]:
    return [arm for arm in ARMS if any(row.arm == arm for row in rows)]


def _panel(
    axes: Axes, rows: Sequence[ArmRow], structures: Sequence[str], value: Callable[[ArmRow], float], form: str
) -> None:
    arms = _arms(rows)
    step = 0.84 / len(arms)
    crowded = axes.bbox.width < _BAR * len(structures) * len(arms) * 0.8
    for a, arm in enumerate(arms):
        for s, structure in enumerate(structures):
            values = np.array([value(r) for r in rows if r.arm == arm and r.structure == structure])
            values = values[np.isfinite(values)]
            if not len(values):
                continue
            x, mean = s + (a - (len(arms) - 1) / 2) * step, float(values.mean())
            axes.bar(x, mean, step * 0.92, color=COLOURS[ARMS.index(arm)])
            if len(values) > 1:
                spots = x + np.linspace(-0.25, 0.25, len(values)) * step
                axes.scatter(spots, values, s=9, color=INK, edgecolors=PAGE, linewidths=0.5, zorder=3)
            axes.annotate(
                f"{round(mean, 3) + 0.0:{form}}", (x, max(0.0, mean, *values)), (0, 3), textcoords="offset points",
                ha="center", va="bottom", fontsize=7, color=INK, rotation=90 if crowded else 0,
            )  # fmt: skip
    axes.margins(y=0.25 if crowded else 0.14)


def _bare(axes: Axes, rows: Sequence[ArmRow], structures: Sequence[str]) -> None:
    """What the region reaches as it is, over the bars of the arms that are limited to it."""
    arms = _arms(rows)
    for s, structure in enumerate(structures):
        values = [number(r.roi_iou) for r in rows if r.arm == ARMS[1] and r.structure == structure]
        if np.isfinite(values).any():
            start = s - 0.42 + 0.84 / len(arms)
            axes.plot((start, s + 0.42), [np.nanmean(values)] * 2, color=INK, linewidth=1.6, zorder=4)


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
