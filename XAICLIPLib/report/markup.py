"""Pieces of an HTML page: its style, tables, numbers in words, pictures that the page holds. All text is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import cv2
import numpy as np

STYLE = """
body{font:15px/1.5 "Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:#1c2126;background:#fff;max-width:1040px;
margin:0 auto;padding:24px}
h1{font-size:25px;line-height:1.25;margin:0 0 4px}
h2{font-size:19px;margin:32px 0 8px;padding-bottom:3px;border-bottom:2px solid #d5dbe0}
h3{font-size:16px;margin:20px 0 6px}
p{margin:6px 0}
table{border-collapse:collapse;margin:8px 0;font-size:13px}
th,td{padding:3px 10px 3px 0;text-align:left;vertical-align:top;border-bottom:1px solid #e3e7ea}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
code{font-size:12px;overflow-wrap:anywhere}
img{max-width:100%;height:auto;display:block;margin:6px 0}
.notice{border:1px solid #b58900;background:#fff8e1;padding:6px 12px;margin:10px 0}
.trust{border-left:6px solid #78828a;background:#f3f5f7;padding:6px 12px;margin:8px 0}
.strong{border-color:#2e7d32}.weak{border-color:#b58900}.not-supported{border-color:#b3261e}
.the-organ-s-shape{border-color:#1b5e9b}.answers li{margin:3px 0}
.small{font-size:13px;color:#4a545c}
.curves{display:flex;flex-wrap:wrap;gap:16px}
tr.part th{padding-top:12px;color:#4a545c}
.made{columns:2;column-gap:32px}.made section{break-inside:avoid;padding-bottom:12px}.made h3{margin:0}
.made table{width:100%}.made th{width:28%}.made td{overflow-wrap:anywhere}
@page{size:A4;margin:14mm 12mm}
@media print{body{max-width:none;padding:0;font-size:10pt}h1{font-size:17pt}h2{font-size:14pt;margin:14px 0 6px}
h2,h3{break-after:avoid}p,li{orphans:2;widows:2}tr,img,svg,.trust,.curves>div{break-inside:avoid}
table{font-size:8.5pt}td,th{padding:2px 6px 2px 0}.small{font-size:8.5pt}
tr:first-child{break-after:avoid}td.n{white-space:nowrap}tr:has(td:nth-child(9)),tr:has(th:nth-child(9)){font-size:7pt}
img{max-height:104mm;width:auto;margin:3px auto}.curves{display:block}.curves>div{display:inline-block;width:49%}
.curves svg{width:100%;height:auto}.made section{break-inside:auto}.made table{font-size:8pt}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def pairs_table(pairs: Mapping[str, Any]) -> str:
    """A table of names and values; what is empty is left out.

    Parameters
    ----------
    pairs : mapping of str to object

    Returns
    -------
    str
        A ``<table>`` element.
    """
    body = (
        f"<tr><th>{escape(str(key).replace('_', ' '))}</th><td>{escape(in_words(value))}</td></tr>"
        for key, value in pairs.items()
        if value not in (None, "", [], {})
    )
    return f"<table>{''.join(body)}</table>"


def number_table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table whose numbers are aligned to the right.

    Parameters
    ----------
    head : sequence of str
        Names of the columns.
    rows : iterable of sequence
        Values of the columns; a row of one cell is the heading of those that follow.

    Returns
    -------
    str
        A ``<table>`` element.
    """
    rows = [list(row) for row in rows]
    numeric = [any(isinstance(row[i], (int, float)) for row in rows if len(row) > 1) for i in range(len(head))]

    def cell(i: int, value: Any) -> str:
        return f"<td{' class=n' if numeric[i] else ''}>{escape(in_words(value))}</td>"

    names = "".join(f"<th{' class=n' if numeric[i] else ''}>{escape(name)}</th>" for i, name in enumerate(head))
    lines = [f"<tr>{names}</tr>"]
    for row in rows:
        if len(row) == 1 < len(head):
            lines.append(f'<tr class="part"><th colspan="{len(head)}">{escape(in_words(row[0]))}</th></tr>')
        else:
            lines.append(f"<tr>{''.join(cell(i, value) for i, value in enumerate(row))}</tr>")
    return f"<table>{''.join(lines)}</table>"


def in_words(value: Any) -> str:
    """A value as a reader wants it: numbers short, truth as yes and no, nothing as a dash.

    Parameters
    ----------
    value : object
        Plain data.

    Returns
    -------
    str
        Not yet escaped.
    """
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {in_words(item)}" for key, item in value.items())
    return str(value)


def picture(path: Path, width: int, alt: str) -> str:
    """A PNG as an element that holds it.

    Parameters
    ----------
    path : Path
    width : int
        At most, px; a wider picture is made smaller.
    alt : str
        What screen readers say.

    Returns
    -------
    str
        An ``<img>`` element; empty where the picture was not drawn.
    """
    # not imread, which can't open names beyond ASCII on Windows
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR) if path.exists() else None
    if pixels is None:
        return ""
    if pixels.shape[1] > width:
        size = width, max(1, round(pixels.shape[0] * width / pixels.shape[1]))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    _, png = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    data = base64.b64encode(png.tobytes()).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" alt="{escape(alt, quote=True)}">'
