"""A page that opens without a network, and its table, which sorts and filters by a script in the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from XAICLIPLib.cohort.page_style import SCRIPT
from XAICLIPLib.cohort.page_style import STYLE as MORE_STYLE
from XAICLIPLib.report.markup import STYLE, in_words

MOST_ROWS = 20_000  # of the table: more make a page that no browser opens in a moment
_STATIC = 100  # rows that are there without the script
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class TableRow(NamedTuple):
    """A row of a table that sorts and filters.

    Attributes
    ----------
    cells : list
        Texts and numbers; None where there is nothing.
    link : str
        Of the first cell; empty where it has none.
    far : list of int
        The cells that are marked as outliers.
    """

    cells: list[Any]
    link: str
    far: list[int]


def whole_page(title: str, body: Sequence[str], style: str = "", script: str = SCRIPT) -> str:
    """A page of its parts.

    Parameters
    ----------
    title : str
        Of the window, not escaped yet.
    body : sequence of str
        HTML.
    style : str
        CSS, after that which all pages have.
    script : str
        Empty for a page that has no table which sorts.

    Returns
    -------
    str
        With its style and script; nothing is loaded from anywhere.
    """
    policy = f"{_POLICY}; script-src 'unsafe-inline'" if script else _POLICY
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{MORE_STYLE}{style}</style></head><body>\n"
        + "\n".join(body)
        + (f"\n<script>{script}</script>" if script else "")
        + "</body></html>\n"
    )


def sortable_table(
    names: Sequence[str], words: int, rows: Sequence[TableRow], chosen: Mapping[str, tuple[str, Sequence[str]]]
) -> str:
    """A table with its controls and its data.

    Parameters
    ----------
    names : sequence of str
        Of the columns.
    words : int
        How many of the first columns hold words, all others numbers.
    rows : sequence of TableRow
        Those to look at first, first.
    chosen : mapping of str to (str, sequence of str)
        What can be chosen from: "structure", of the second column, and "trust", of the third, each with what stands for
        all and the values.

    Returns
    -------
    str
        HTML.
    """
    numeric = [i >= words for i in range(len(names))]
    data = json.dumps(
        {"numeric": numeric, "rows": [{"v": row.cells, "l": row.link, "f": row.far} for row in rows]},
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    head = "".join(
        f'<th{" class=n" if numeric[i] else ""} scope="col"><button>{escape(name)}</button></th>'
        for i, name in enumerate(names)
    )
    selects = "".join(_select(name, every, options) for name, (every, options) in chosen.items())
    return (
        '<div class="controls" hidden><input id="find" type="search" placeholder="find a case" aria-label="find">'
        f"{selects}"
        '<label><input id="outliers" type="checkbox"> outliers only</label><span id="count"></span></div>'
        f'<div class="all"><table><thead><tr>{head}</tr></thead><tbody>'
        f"{''.join(_static(row, numeric) for row in rows[:_STATIC])}</tbody></table></div>"
        '<p class="more"><button id="more" hidden>show more</button></p>'
        f'<script type="application/json" id="rows">{_inert(data)}</script>'
    )


def left_out(count: int) -> str:
    """That a table does not hold all of its rows.

    Parameters
    ----------
    count : int
        Rows that there are.

    Returns
    -------
    str
        Empty where it holds them.
    """
    if count <= MOST_ROWS:
        return ""
    return f" These are the {MOST_ROWS} of {count} rows to look at first; the tables hold all."


def _inert(data: str) -> str:
    """JSON that can't end the element that it stands in."""
    return (
        data.replace("<", "\\u003c").replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


def _select(name: str, every: str, options: Sequence[str]) -> str:
    said = "".join(f'<option value="{escape(o, quote=True)}">{escape(o.replace("_", " "))}</option>' for o in options)
    return f'<select id="{name}" aria-label="{name}"><option value="">{every}</option>{said}</select>'


def _static(row: TableRow, numeric: Sequence[bool]) -> str:
    cells = []
    for i, value in enumerate(row.cells):
        text = escape(in_words(value))
        text = f'<a href="{escape(row.link)}">{text}</a>' if i == 0 and row.link else text
        cells.append(f"<td{' class=n' if numeric[i] else ''}>{text}</td>")
    return f"<tr>{''.join(cells)}</tr>"
