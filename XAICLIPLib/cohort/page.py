"""One page that tells a cohort to a reader: how many, what failed and why, how numbers are spread, what to open.

It opens without a network. The table of all cases sorts and filters by a script in the page, and is there without it.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.across import Across
from XAICLIPLib.cohort.lines import JUDGED, SHOWN, Line, badness
from XAICLIPLib.cohort.numbers import ABOUT_REMOTE_SHARE
from XAICLIPLib.cohort.outliers import FAR, FEWEST, Spread, spread
from XAICLIPLib.cohort.page_across import dependence_section, matrix_section
from XAICLIPLib.cohort.page_style import SCRIPT
from XAICLIPLib.cohort.page_style import STYLE as MORE_STYLE
from XAICLIPLib.cohort.store import EXPLAINED, thumbnail_file
from XAICLIPLib.cohort.table import Told
from XAICLIPLib.cohort.wholefile import whole_file
from XAICLIPLib.report.markup import STYLE, in_words, pairs_table
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.results.rows import SummaryRow, columns_of

PAGE = "cohort.html"
_WORST = 24  # cases with a picture
_STATIC = 100  # rows that are there without the script
_ROWS = 20_000  # of the table: more make a page that no browser opens in a moment
_NAMED = 30  # failed cases that are named under one reason
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def write_page(
    out: Path, told: Sequence[Told], found: Across, about: Mapping[str, Any], notes: Sequence[str] = ()
) -> Path:
    """Write `cohort.html`.

    Parameters
    ----------
    out : Path
        Of the cohort.
    told : sequence of Told
        What came out, in the order of the cases.
    found : Across
        What they say together.
    about : mapping of str to object
        What was asked, for the reader.
    notes : sequence of str
        What to know about the cases.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OSError
        If the disk is full.
    """
    lines = sorted(found.lines, key=badness)
    has = [any(line.values[i] is not None for line in lines) for i in range(len(SHOWN))]
    body = [
        "<h1>Cohort: what a model's drawings depend on, across patients</h1>",
        f'<p class="notice"><strong>{escape(RESEARCH_USE_ONLY)}</strong></p>',
        _totals(told, lines),
        "<h2>What was asked</h2>" + pairs_table(about),
        _failures(told),
        _notes(notes),
        _worst(lines),
        dependence_section(found),
        matrix_section(found),
        _spreads(lines, has),
        _all(lines, has),
    ]
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Cohort of {len(told)} cases</title><style>{STYLE}{MORE_STYLE}</style></head><body>\n"
        + "\n".join(body)
        + f"\n<script>{SCRIPT}</script></body></html>\n"
    )
    with whole_file(out / PAGE) as scratch:
        scratch.write_bytes(page.encode("utf-8"))
    return out / PAGE


def _totals(told: Sequence[Told], lines: Sequence[Line]) -> str:
    done = sum(one.status == EXPLAINED for one in told)
    parts = [
        f"<div><strong>{len(told)}</strong>cases</div>",
        f"<div><strong>{done}</strong>explained</div>",
        f"<div{' class=failed' if done < len(told) else ''}><strong>{len(told) - done}</strong>not explained</div>",
    ]
    verdicts: dict[str, int] = defaultdict(int)
    for line in lines:
        verdicts[line.trust or "not tested"] += 1
    parts += [
        f"<div><strong>{count}</strong>maps: {escape(name)}</div>"
        for name, count in sorted(verdicts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return f'<div class="totals">{"".join(parts)}</div>'


def _failures(told: Sequence[Told]) -> str:
    failed = [one for one in told if one.status != EXPLAINED]
    if not failed:
        return "<h2>Not explained</h2><p>None: every case was explained.</p>"
    by_reason: dict[str, list[str]] = defaultdict(list)
    for one in failed:
        by_reason[one.reason.replace(one.id, "…") if one.id else one.reason].append(one.id or "?")
    items = []
    for reason, ids in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
        named = ", ".join(ids[:_NAMED]) + (f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else "")
        items.append(f"<tr><td class=n>{len(ids)}</td><td>{escape(reason)}</td><td>{escape(named)}</td></tr>")
    head = "<tr><th class=n>cases</th><th>reason</th><th>which</th></tr>"
    return f"<h2>Not explained</h2><table>{head}{''.join(items)}</table>"


def _notes(notes: Sequence[str]) -> str:
    return "<h2>Notes</h2><ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>" if notes else ""


def _worst(lines: Sequence[Line]) -> str:
    """The cases to look at first, each with its picture."""
    if not lines:
        return ""
    referred = lines[0].values[SHOWN.index("dice")] is not None
    why = "lowest Dice first" if referred else "those most unlike the others first, by the outliers below"
    cards = []
    for line in lines[:_WORST]:
        try:
            data = base64.b64encode((line.folder / thumbnail_file(line.structure)).read_bytes()).decode("ascii")
            image = f'<img src="data:image/jpeg;base64,{data}" alt="{escape(line.structure)} of {escape(line.id)}">'
        except OSError:
            image = ""
        name = f"{line.id}, {line.structure.replace('_', ' ')}"
        title = f'<a href="{escape(line.link)}">{escape(name)}</a>' if line.link else escape(name)
        known = [(SHOWN[i], v) for i, v in enumerate(line.values) if v is not None and SHOWN[i] in JUDGED[:5]]
        said = "; ".join(f"{n.replace('_', ' ')} {in_words(v)}" for n, v in known[:3])
        far = "".join(f"<br><span class=far>outlier: {SHOWN[i].replace('_', ' ')}</span>" for i in line.far[:3])
        cards.append(f'<div class="card">{image}<strong>{title}</strong><br>{escape(said)}{far}</div>')
    return f'<h2>Cases to look at ({why})</h2><div class="cards">{"".join(cards)}</div>'


def _spreads(lines: Sequence[Line], has: Sequence[bool]) -> str:
    """How each number is spread over the cases, per structure."""
    parts = ["<h2>How the numbers are spread</h2>"]
    meanings = {column.name: column for column in columns_of(SummaryRow).values()}
    for structure in dict.fromkeys(sorted(line.structure for line in lines)):
        alike = [line for line in lines if line.structure == structure]
        figures = []
        for i, name in enumerate(SHOWN):
            found = spread([line.values[i] for line in alike]) if has[i] else None
            if found is not None:
                meaning = escape(meanings[name].meaning if name in meanings else ABOUT_REMOTE_SHARE, quote=True)
                figures.append(
                    f'<figure>{_histogram(found)}<figcaption title="{meaning}"><strong>{name.replace("_", " ")}'
                    f"</strong>: median {in_words(found.median)}, half of the cases between "
                    f"{in_words(found.quarter)} and {in_words(found.three_quarters)}</figcaption></figure>"
                )
        parts.append(f"<h3>{escape(structure.replace('_', ' '))} ({len(alike)} cases)</h3>")
        parts.append(f'<div class="spreads">{"".join(figures)}</div>')
    return "".join(parts) if lines else ""


def _histogram(found: Spread) -> str:
    """The spread of a number as a drawing, with its ends and its median."""
    wide, tall, foot = 240.0, 70.0, 16.0
    bar, top = wide / len(found.counts), max(1, int(found.counts.max()))
    bars = "".join(
        f'<rect x="{k * bar:.1f}" y="{tall - tall * n / top:.1f}" width="{bar - 1:.1f}" height="{tall * n / top:.1f}"/>'
        for k, n in enumerate(found.counts.tolist())
        if n
    )
    length = found.high - found.low
    x = wide * (found.median - found.low) / length if length > 0 else bar / 2
    ends = (
        f'<text x="0" y="{tall + foot - 3}" font-size="11">{in_words(found.low)}</text>'
        f'<text x="{wide}" y="{tall + foot - 3}" font-size="11" text-anchor="end">{in_words(found.high)}</text>'
    )
    return (
        f'<svg viewBox="0 0 {wide:g} {tall + foot:g}" role="img" aria-label="histogram of {found.count} cases">'
        f'<g fill="#6b93b8">{bars}</g><line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{tall}" stroke="#b3261e" '
        f'stroke-width="1.5"/>{ends}</svg>'
    )


def _all(lines: Sequence[Line], has: Sequence[bool]) -> str:
    """The table of all cases, with its controls and its data."""
    if not lines:
        return ""
    columns = [i for i in range(len(SHOWN)) if has[i]]
    names = ["case", "structure", "trust", *(SHOWN[i] for i in columns)]
    numeric = [False, False, False, *(True for _ in columns)]
    places = {i: 3 + k for k, i in enumerate(columns)}
    rows = [
        {
            "v": [line.id, line.structure, line.trust, *(_short(line.values[i]) for i in columns)],
            "l": line.link,
            "f": [places[i] for i in line.far if i in places],
        }
        for line in lines[:_ROWS]
    ]
    data = json.dumps({"numeric": numeric, "rows": rows}, ensure_ascii=False, separators=(",", ":"))
    head = "".join(
        f'<th{" class=n" if numeric[i] else ""} scope="col"><button>{escape(name.replace("_", " "))}</button></th>'
        for i, name in enumerate(names)
    )
    return (
        "<h2>All cases</h2>"
        f'<p class="small">Marked: numbers more than {FAR:g} robust standard deviations from the median of their '
        f"structure, where {FEWEST} cases have it. What each column is: docs/metrics.md; all columns: "
        f"structures.parquet and slices.parquet.{_left_out(len(lines))}</p>"
        '<div class="controls" hidden><input id="find" type="search" placeholder="find a case" aria-label="find">'
        f"{_select('structure', 'all structures', sorted({line.structure for line in lines}))}"
        f"{_select('trust', 'any trust', sorted({line.trust for line in lines} - {''}))}"
        '<label><input id="outliers" type="checkbox"> outliers only</label><span id="count"></span></div>'
        f'<div class="all"><table><thead><tr>{head}</tr></thead><tbody>'
        f"{''.join(_static(row, numeric) for row in rows[:_STATIC])}</tbody></table></div>"
        '<p class="more"><button id="more" hidden>show more</button></p>'
        f'<script type="application/json" id="rows">{_inert(data)}</script>'
    )


def _left_out(count: int) -> str:
    if count <= _ROWS:
        return ""
    return f" These are the {_ROWS} of {count} rows to look at first; the tables hold all."


def _inert(data: str) -> str:
    """JSON that can't end the element that it stands in."""
    return (
        data.replace("<", "\\u003c").replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


def _select(name: str, every: str, options: Sequence[str]) -> str:
    said = "".join(f'<option value="{escape(o, quote=True)}">{escape(o.replace("_", " "))}</option>' for o in options)
    return f'<select id="{name}" aria-label="{name}"><option value="">{every}</option>{said}</select>'


def _static(row: Mapping[str, Any], numeric: Sequence[bool]) -> str:
    cells = []
    for i, value in enumerate(row["v"]):
        text = escape(in_words(value))
        text = f'<a href="{escape(row["l"])}">{text}</a>' if i == 0 and row["l"] else text
        cells.append(f"<td{' class=n' if numeric[i] else ''}>{text}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _short(value: float | int | None) -> float | int | None:
    return value if value is None or isinstance(value, int) else float(f"{value:.6g}")
