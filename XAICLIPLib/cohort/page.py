"""One page that tells a cohort to a reader: how many, what failed and why, how numbers are spread, what to open.

It opens without a network. The table of all cases sorts and filters by a script in the page, and is there without it.
"""

from __future__ import annotations

import base64
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
from XAICLIPLib.cohort.page_maps import maps_section
from XAICLIPLib.cohort.page_table import MOST_ROWS, TableRow, left_out, sortable_table, whole_page
from XAICLIPLib.cohort.store import EXPLAINED, thumbnail_file
from XAICLIPLib.cohort.table import Told
from XAICLIPLib.cohort.wholefile import whole_file
from XAICLIPLib.report.markup import in_words, pairs_table
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.results.rows import SummaryRow, columns_of

PAGE = "cohort.html"
_WORST = 24  # cases with a picture
_NAMED = 30  # failed cases that are named under one reason


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
        maps_section(found.maps),
        _spreads(lines, has),
        _all(lines, has),
    ]
    page = whole_page(f"Cohort of {len(told)} cases", body)
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
    places = {i: 3 + k for k, i in enumerate(columns)}
    rows = [
        TableRow(
            [line.id, line.structure, line.trust, *(_short(line.values[i]) for i in columns)],
            line.link,
            [places[i] for i in line.far if i in places],
        )
        for line in lines[:MOST_ROWS]
    ]
    said = (
        f"Marked: numbers more than {FAR:g} robust standard deviations from the median of their "
        f"structure, where {FEWEST} cases have it. What each column is: docs/metrics.md; all columns: "
        f"structures.parquet and slices.parquet.{left_out(len(lines))}"
    )
    chosen = {
        "structure": ("all structures", sorted({line.structure for line in lines})),
        "trust": ("any trust", sorted({line.trust for line in lines} - {""})),
    }
    names = ["case", "structure", "trust", *(SHOWN[i].replace("_", " ") for i in columns)]
    return f'<h2>All cases</h2><p class="small">{said}</p>{sortable_table(names, 3, rows, chosen)}'


def _short(value: float | int | None) -> float | int | None:
    return value if value is None or isinstance(value, int) else float(f"{value:.6g}")
