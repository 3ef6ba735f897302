"""One page that tells a comparison to a reader: what B depends on that A does not, how sure that is, what to open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from XAICLIPLib.cohort.compare.numbers import NEEDS, NUMBERS, Key, interval, short, with_unit
from XAICLIPLib.cohort.compare.statistics import Difference
from XAICLIPLib.cohort.compare.words import p_words
from XAICLIPLib.report.markup import number_table

STYLE = (
    "<style>.three{display:grid;grid-template-columns:repeat(auto-fill,minmax(480px,1fr));gap:14px}"
    ".three .card>div{display:flex;gap:6px}.three figure{margin:0;flex:1;min-width:0}"
    ".three figcaption{font-size:12px;color:#4a545c}tr.found td{font-weight:600}</style>"
)

Found = Mapping[Key, Difference]


def numbers_section(structures: Sequence[str], found: Found) -> str:
    """Every number of each structure, A beside B.

    Parameters
    ----------
    structures : sequence of str
    found : mapping of Key to Difference

    Returns
    -------
    str
        HTML.
    """
    parts = ["<h2>Numbers, A beside B</h2>"]
    for structure in structures:
        keys = [Key(structure, name) for name in NUMBERS if Key(structure, name) in found]
        if not keys:
            continue
        parts.append(f"<h3>{escape(structure.replace('_', ' '))}</h3>")
        parts.append(_table([(with_unit(key.number), found[key]) for key in keys], "number"))
    return "".join(parts)


def needs_section(structures: Sequence[str], found: Found) -> str:
    """What each structure loses when each segment is hidden, A beside B.

    Parameters
    ----------
    structures : sequence of str
    found : mapping of Key to Difference

    Returns
    -------
    str
        HTML; a sentence where no segments were hidden on both sides.
    """
    head = "<h2>Which structure needs which, A beside B</h2>"
    if not any(key.number == NEEDS for key in found):
        return (
            f'{head}<p class="small">Not known: no segment was hidden in both. Explain with --players prediction to '
            "see which structure needs which.</p>"
        )
    parts = [
        head,
        '<p class="small">Mean loss of probability over what is drawn of a structure when a whole segment is hidden: '
        "0 where it needs nothing of it, 1 where it is gone without it.</p>",
    ]
    for structure in structures:
        keys = sorted(key for key in found if key.structure == structure and key.number == NEEDS)
        if keys:
            rows = [(key.player.replace("_", " "), found[key]) for key in keys]
            parts.append(f"<h3>{escape(structure.replace('_', ' '))}, when hidden:</h3>{_table(rows, 'segment')}")
    return "".join(parts)


def _table(rows: Sequence[tuple[str, Difference]], first: str) -> str:
    tested, several = any(d.is_tested for _, d in rows), any(d.pairs > 1 for _, d in rows)
    head = [first, "A", "B", "B − A", *(["95 % interval"] if tested else [])]
    head += ["B higher", "B lower", "pairs"] if several else []
    head += ["effect", "p", "p, all counted"] if tested else []
    lines = []
    for name, d in rows:
        cells = [name, short(d.first), short(d.second), short(d.mean, True)]
        cells += [interval(d.low, d.high) if d.is_tested else "–"] if tested else []
        cells += [str(d.higher), str(d.lower), str(d.pairs)] if several else []
        if tested:
            cells += [short(d.effect, True), *((p_words(d.p), p_words(d.corrected)) if d.is_tested else ("–", "–"))]
        marked = ' class="found"' if d.is_found else ""
        said = "".join(f"<td{' class=n' * (i > 0)}>{escape(cell)}</td>" for i, cell in enumerate(cells))
        lines.append(f"<tr{marked}>{said}</tr>")
    names = "".join(f"<th{' class=n' * (i > 0)}>{escape(name)}</th>" for i, name in enumerate(head))
    return f"<table><tr>{names}</tr>{''.join(lines)}</table>"


def unpaired_section(unpaired: Mapping[str, Sequence[str]], most: int = 30) -> str:
    """The cases that were not compared.

    Parameters
    ----------
    unpaired : mapping of reason to sequence of str
    most : int
        Cases that are named under one reason.

    Returns
    -------
    str
        HTML.
    """
    if not unpaired:
        return "<h2>Not paired</h2><p>None: every explained case is in both.</p>"
    rows = []
    for reason, ids in unpaired.items():
        more = f" and {len(ids) - most} more" if len(ids) > most else ""
        rows.append([len(ids), reason, ", ".join(ids[:most]) + more])
    return f"<h2>Not paired</h2>{number_table(['cases', 'reason', 'which'], rows)}"
