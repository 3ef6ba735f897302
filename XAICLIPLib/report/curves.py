"""Deletion and insertion curves as a drawing that is text: SVG, sharp at any size and on paper, without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 360, 220
_LEFT, _TOP, _RIGHT, _BOTTOM = 44, 10, 330, 170
# key in the report, name, colour, dashes
_LINES = (
    ("deletion", "deletion", "#b3261e", ""),
    ("insertion", "insertion", "#1b5e9b", ""),
    ("random_deletion", "random order", "#777777", "4 3"),
    ("roi_deletion", "deletion, bare region", "#b3261e", "1 3"),
    ("roi_insertion", "insertion, bare region", "#1b5e9b", "1 3"),
    ("shape_deletion", "deletion, organ's shape", "#b3261e", "7 3"),
    ("shape_insertion", "insertion, organ's shape", "#1b5e9b", "7 3"),
)


def curve_svg(curves: Mapping[str, Sequence[float]], title: str) -> str:
    """Draw the score over the share of the region that is taken away, or put back.

    Parameters
    ----------
    curves : mapping
        ``area`` and any of ``deletion``, ``insertion``, ``random_deletion``, ``roi_deletion``, ``roi_insertion``,
        ``shape_deletion``, ``shape_insertion``; all of one length. Points that are None are left out.
    title : str
        What screen readers say.

    Returns
    -------
    str
        An ``<svg>`` element, its legend in it.
    """
    area = curves["area"]
    drawn = [(line, curves[line[0]]) for line in _LINES if curves.get(line[0]) is not None]
    values = [v for _, points in drawn for v in points if v is not None]
    top = max(1.0, *values) if values else 1.0
    low = min(0.0, *values) if values else 0.0
    rows = (len(drawn) + 1) // 2
    parts = [
        f'<svg role="img" aria-label="{escape(title, quote=True)}" width="{WIDTH}" height="{HEIGHT + 16 * rows}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT + 16 * rows}" xmlns="http://www.w3.org/2000/svg" '
        'font-family="sans-serif" font-size="11" fill="#333">'
    ]

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + x * (_RIGHT - _LEFT), _BOTTOM - (y - low) / (top - low) * (_BOTTOM - _TOP)

    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = place(tick, low)[0], place(0, tick)[1]
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
        parts.append(f'<text x="{x:.1f}" y="{_BOTTOM + 16}" text-anchor="middle">{tick:.0%}</text>')
    parts.append(f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" stroke="#555" fill="none"/>')
    middle = (_LEFT + _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_BOTTOM + 34}" text-anchor="middle">share of the region taken away, or put back</text>'
    )
    for number, ((_, name, colour, dashes), points) in enumerate(drawn):
        line = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in zip(area, points) if y is not None)
        look = f'stroke="{colour}" stroke-width="1.8" fill="none"' + (f' stroke-dasharray="{dashes}"' if dashes else "")
        parts.append(f'<polyline points="{line}" {look}/>')
        x, y = 8 + number % 2 * 174, HEIGHT + 16 * (number // 2) + 2
        parts.append(f'<path d="M{x} {y}h22" {look}/><text x="{x + 27}" y="{y + 4}">{escape(name)}</text>')
    return "".join([*parts, "</svg>"])
