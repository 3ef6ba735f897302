"""Dice against the steps of each dose, as one picture: a panel per dose, a line per structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from XAICLIPLib.report.colours import FAINT, INK, PAGE
from XAICLIPLib.report.page import EDGE, Page
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY

COLOURS = ("#0b6e8f", "#c8553d", "#5b8c2a", "#7a4fa3", "#b8860b", "#4a545c")  # of structures, in turn
MARKS = ("o", "s", "^", "D", "v", "P")
ACROSS = 3
_WIDE, _HIGH, _LEFT, _HEAD, _FOOT = 480, 260, 64, 100, 30

Points = Mapping[float, Sequence[float]]


def draw_curves(
    path: str | Path, curves: Mapping[str, Mapping[str, Points]], bars: Sequence[float], title: str
) -> Path:
    """Draw the curves; of several scans their median, and each of them as a dot.

    Parameters
    ----------
    path : path
        The PNG to write.
    curves : mapping of dose to mapping of structure to mapping of step to sequence of float
        Dice of each scan, the steps in the order in which they are drawn, at equal distances.
    bars : sequence of float
        Dice at which a line is drawn across.
    title : str

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the place can't be written to.
    """
    down = -(-len(curves) // ACROSS)
    across = min(ACROSS, len(curves))
    page = Page(max(2 * EDGE + across * _WIDE, 760), _HEAD + down * _HIGH + _FOOT)
    page.title(title, RESEARCH_USE_ONLY)
    names = list(dict.fromkeys(name for own in curves.values() for name in own))
    styles = {name: (COLOURS[n % len(COLOURS)], MARKS[n % len(MARKS)]) for n, name in enumerate(names)}
    page.legend(EDGE, 72, [(name.replace("_", " "), styles[name][0], "-") for name in names])
    for number, (dose, own) in enumerate(curves.items()):
        x, y = EDGE + number % ACROSS * _WIDE + _LEFT, _HEAD + number // ACROSS * _HIGH + 24
        wide, high = _WIDE - _LEFT - 16, _HIGH - 74
        place = (x / page.width, 1 - (y + high) / page.height, wide / page.width, high / page.height)
        axes = page.figure.add_axes(place, facecolor=PAGE)
        _panel(axes, own, styles, bars)
        axes.set_title(dose, color=INK, fontsize=10)
    return page.save(path)


def _panel(axes: Axes, own: Mapping[str, Points], styles: Mapping[str, tuple[str, str]], bars: Sequence[float]) -> None:
    # sides that stopped early are shorter for one structure than for another
    steps = sorted({step for points in own.values() for step in points})
    longest = max(own.values(), key=len)
    if list(longest) == sorted(longest, reverse=True):
        steps.reverse()
    for bar in bars:
        axes.axhline(bar, color=FAINT, linewidth=0.8, linestyle=":")
    for name, points in own.items():
        colour, mark = styles[name]
        places = [steps.index(step) for step in points]
        middle = [float(np.nanmedian(v)) if np.isfinite(v).any() else np.nan for v in points.values()]
        axes.plot(places, middle, color=colour, marker=mark, markersize=5, linewidth=1.6)
        for place, values in zip(places, points.values()):
            if len(values) > 1:
                axes.plot([place] * len(values), values, ".", color=colour, markersize=4, alpha=0.5)
    axes.set_xticks(range(len(steps)), ["as it is" if np.isinf(s) else f"{s:.3g}" for s in steps], rotation=45)
    axes.set(ylim=(-0.03, 1.03), xlim=(-0.5, len(steps) - 0.5))
    axes.set_ylabel("Dice", color=INK, fontsize=9)
    axes.tick_params(labelsize=8, colors=FAINT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
