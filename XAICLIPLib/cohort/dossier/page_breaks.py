"""The section of the dossier about where the model breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from XAICLIPLib.cohort.dependence import ALPHA
from XAICLIPLib.cohort.dossier.wording import listed, number, of_cases, share
from XAICLIPLib.cohort.outliers import FAR
from XAICLIPLib.report.markup import number_table

_NAMED = 20  # cases that are named under one reason


def breaks_part(breaks: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Failures, bad drawings, outliers, dependence on columns, stress, and warnings.

    Parameters
    ----------
    breaks, data : mapping
        Of `make.dossier`.

    Returns
    -------
    str
        HTML.
    """
    return "".join(
        (
            _not_explained(breaks["not_explained"], data),
            _drawings(breaks["drawings"]),
            _outliers(breaks["outliers"]),
            _dependence(breaks["dependence"]),
            _stress(breaks["stress"]),
            _trust(breaks["trust"]),
            _notes(breaks["notes"], data["explained"]),
        )
    )


def _not_explained(rows: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> str:
    if not rows:
        return f"<h3>Cases that could not be explained</h3><p>None of {data['cases'] - data['not_run']}.</p>"
    lines = []
    for row in rows:
        named = ", ".join(row["which"][:_NAMED])
        more = f" and {row['cases'] - _NAMED} more" if row["cases"] > _NAMED else ""
        lines.append([row["cases"], row["reason"], named + more])
    return f"<h3>Cases that could not be explained</h3>{number_table(['cases', 'reason', 'which'], lines)}"


def _drawings(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "<h3>Bad drawings</h3><p>Not known: there is no reference.</p>"
    head = ["structure", "cases", *(f"Dice below {bar['bar']:g}" for bar in rows[0]["bars"])]
    lines = [
        [
            row["structure"], row["cases"],
            *(f"{bar['below']}: {share(bar['below'] / row['cases'])} ({share(bar['low'])} to {share(bar['high'])})"
              for bar in row["bars"]),
        ]
        for row in rows
    ]  # fmt: skip
    return (
        f"<h3>Bad drawings</h3>{number_table(head, lines)}"
        '<p class="small">Cases, their share, and its 95 % interval.</p>'
    )


def _outliers(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "<h3>Outliers</h3><p>None were found.</p>"
    lines = [
        [
            row["structure"], row["title"], number(row["median"], row["unit"]),
            "; ".join(f"{one['case']}: {number(one['value'], row['unit'])}" for one in row["cases"][:_NAMED]),
        ]
        for row in rows
    ]  # fmt: skip
    return (
        f"<h3>Outliers</h3>{number_table(['structure', 'number', 'median of all', 'cases far from it'], lines)}"
        f'<p class="small">Far: more than {FAR:g} robust standard deviations from the median (Iglewicz and Hoaglin '
        "1993).</p>"
    )


def _dependence(found: Mapping[str, Any]) -> str:
    title = "<h3>What the numbers depend on</h3>"
    if not found["tests"]:
        return f"{title}<p>Nothing could be tested: no column has enough cases with different values.</p>"
    columns = listed(found["columns"])
    if not found["found"]:
        said = f"<p>No dependence was found on {escape(columns)} ({found['tests']} tests). It need not be absent.</p>"
    else:
        said = "<ul>" + "".join(f"<li>{escape(row['sentence'])}.</li>" for row in found["found"]) + "</ul>"
    return (
        f'{title}{said}<p class="small">Tested: {escape(columns)}; {found["tests"]} tests. Found is what stays below '
        f"{ALPHA:g} when all tests are counted (Holm). Intervals are 95 % bootstrap intervals. Cliff's delta: 0 is no "
        "shift, 1 or −1 that all cases with the value lie above or below all others. An association, no cause.</p>"
    )


def _stress(stress: Mapping[str, Any]) -> str:
    title = "<h3>What the drawing survives</h3>"
    if not stress:
        return f"{title}<p>Not tried: no result of a stress test was given.</p>"
    said = "".join(f"<p>{escape(text)}</p>" for text in stress["answers"].values())
    rows = [
        [
            row["structure"], f"{row['about']}{_side(row)}", _step(row, "holds"), _step(row, "below_0.9"),
            _step(row, "below_0.5"), number(row["lowest"]),
        ]
        for row in stress["steps"]
    ]  # fmt: skip
    head = ["structure", "what is done to the scan", "holds up to", "Dice below 0.9 at", "below 0.5 at", "lowest Dice"]
    scans = "one scan" if stress["scans"] == 1 else f"the median of {stress['scans']} scans"
    more = f"; {stress['left_out']} scans could not be looked at" if stress["left_out"] else ""
    ended = "; it was stopped before its end" if stress["stopped"] else ""
    return (
        f"{title}{said}{number_table(head, rows)}"
        f'<p class="small">Of {scans}{more}{ended}. A dash: at no step that was tried.</p>'
    )


def _side(row: Mapping[str, Any]) -> str:
    return f", {row['side']}" if row["side"] else ""


def _step(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if value is None:
        return "no step" if name == "holds" else "–"
    return (
        f"x {value:.3g}"
        if row["unit"] == "x"
        else "yes"
        if not row["unit"]
        else f"{value:.4g} {row['unit']}".replace("-", "−")
    )


def _trust(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    verdicts = sorted({name for row in rows for name in row["verdicts"]})
    lines = [[row["structure"], *(row["verdicts"].get(name, 0) for name in verdicts)] for row in rows]
    return (
        f"<h3>How far the maps hold</h3>{number_table(['structure', *verdicts], lines)}"
        '<p class="small">Cases, by a rule that holds each map against chance, another fill and one that needs no '
        "model. <em>Strong</em>: no doubt was found. <em>Weak</em>: read it with its reasons in mind. <em>The organ's "
        "shape</em>: it says where the organ is, not why. <em>Not supported</em>: nothing may be concluded from it.</p>"
    )


def _notes(rows: Sequence[Mapping[str, Any]], cases: int) -> str:
    if not rows:
        return ""
    lines = [[of_cases(row["cases"], cases), row["example"]] for row in rows]
    return f"<h3>What the program warned of</h3>{number_table(['cases', 'such as'], lines)}"
