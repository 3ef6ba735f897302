"""The sections of the dossier about what was found: needs, the gallery, and all numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from XAICLIPLib.cohort.dossier.measured import MEASURED
from XAICLIPLib.cohort.dossier.needs import DISTURBED, IGNORED, IGNORES, NEEDED, NEEDS
from XAICLIPLib.cohort.dossier.wording import between, cases, listed, number, of_cases, share
from XAICLIPLib.report.markup import number_table

_CLASSES = {NEEDS: "needs", DISTURBED: "disturbed", IGNORES: "ignores"}


def needs_part(needs: Mapping[str, Any]) -> str:
    """Which organs are needed and ignored, and where what is lost is lost.

    Parameters
    ----------
    needs : mapping
        Of `make.dossier`.

    Returns
    -------
    str
        HTML.
    """
    parts = [
        "<p>One place of the scan after another is hidden, and the model draws again. What it then loses tells what "
        "the drawing hangs on. <strong>Loss</strong>: how much of the model's mean probability over what it drew is "
        "gone; 0 is nothing, 1 is the whole drawing.</p>",
        _matrix(needs["matrix"]),
    ]
    if needs["shares"]:
        rows = [
            [row["structure"], *(_spread(row[name]) for name in ("own", "remote", "unseen"))] for row in needs["shares"]
        ]
        head = ["structure", "own", "remote", "unseen"]
        parts.append(
            "<h3>Where it is lost, when single places are hidden</h3>"
            f'{number_table(head, rows)}<p class="small"><strong>Own</strong>: of all that is lost, the share that is '
            "lost in the hidden place itself. <strong>Remote</strong>: the share that is lost elsewhere; the larger, "
            "the more the drawing hangs on its surroundings. <strong>Unseen</strong>: of what was hidden of the "
            "structure, the share that is drawn nevertheless; the larger, the more the model draws from habit and not "
            "from the picture. Medians over the cases, with their 95 % intervals.</p>"
        )
    return "".join(parts)


def _spread(row: Mapping[str, Any]) -> str:
    if not row:
        return "not recorded"
    if row["median_low"] is None:
        return f"{share(row['median'])} ({cases(row['cases'])})"
    return f"{share(row['median'])} ({share(row['median_low'])} to {share(row['median_high'])}; {cases(row['cases'])})"


def _matrix(rows: Sequence[Mapping[str, Any]]) -> str:
    """The organ × organ matrix, mean and spread, with what is needed and ignored marked."""
    if not rows:
        return "<p>Whole organs were not hidden in this cohort; which organ needs which is not known.</p>"
    structures = sorted({row["structure"] for row in rows})
    cells = {(row["hidden"], row["structure"]): row for row in rows}
    lines = []
    for hidden in sorted({row["hidden"] for row in rows}):
        line = [f"<th>{escape(hidden)}</th>"]
        for structure in structures:
            row = cells.get((hidden, structure))
            kind = "" if row is None else "self" if row["itself"] else _CLASSES.get(row["verdict"], "")
            line.append(
                f'<td class="n {kind}">{escape(_cell(row))}</td>' if kind else f"<td class=n>{escape(_cell(row))}</td>"
            )
        lines.append(f"<tr>{''.join(line)}</tr>")
    head = "".join(f"<th class=n>{escape(name)}</th>" for name in structures)
    return (
        "<h3>Which organ needs which</h3><p>Loss of each structure (column) when a whole organ (row) is hidden: mean "
        "over the cases ± standard deviation; 95 % interval of the mean; cases that lose more than "
        f'{NEEDED:g}.</p><table class="matrix"><tr><th>hidden</th>{head}</tr>{"".join(lines)}</table>'
        f'<p class="small key"><span class="needs">needed</span>the whole interval lies above {NEEDED:g}; <span '
        f'class="ignores">ignored</span>it lies within ±{IGNORED:g}, and no case loses more than {NEEDED:g}; <span '
        'class="disturbed">disturbing</span>it lies '
        f"below −{NEEDED:g}, so that the model is surer without it; unmarked: none of these can be said. Grey: the "
        "organ itself.</p>"
    )


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    mean = number(row["mean"]) + ("" if row["deviation"] is None else f" ± {number(row['deviation'])}")
    ends = "" if row["low"] is None else f" ({between(row['low'], row['high'])})"
    return f"{mean}{ends}; {of_cases(row['above'], row['cases'])}"


def gallery_part(entries: Sequence[Mapping[str, Any]], pictures: Sequence[str]) -> str:
    """The worst cases with their pictures.

    Parameters
    ----------
    entries : sequence of mapping
        Of `breaks.gallery`.
    pictures : sequence of str
        Source of the image of each; empty where there is none.

    Returns
    -------
    str
        HTML.
    """
    if not entries:
        return "<p>No case was explained.</p>"
    cards: dict[str, list[str]] = {}
    for entry, source in zip(entries, pictures):
        name = f"{entry['case']}, {entry['structure']}"
        image = f'<img src="{source}" alt="{escape(name, quote=True)}">' if source else "<p>no picture was kept</p>"
        said = "<br>".join(f"{escape(one['title'])} {number(one['value'], one['unit'])}" for one in entry["numbers"])
        far = (
            f"<br><span class=far>outlier: {escape(listed(entry['outlier_in']))}</span>" if entry["outlier_in"] else ""
        )
        card = f'<div class="card">{image}<strong>{escape(name)}</strong><br>{said}{far}</div>'
        cards.setdefault(entry["structure"], []).append(card)
    why = (
        "lowest Dice first"
        if any(one["title"] == MEASURED["dice"].title for entry in entries for one in entry["numbers"])
        else "those most unlike the others first"
    )
    groups = "".join(
        f'<h3>{escape(name[:1].upper() + name[1:])}</h3><div class="cards">{"".join(own)}</div>'
        for name, own in cards.items()
    )
    return (
        f"<p>{why[:1].upper()}{why[1:]}. Each shows the slice in which hiding a place cost most: the scan, in colour "
        f"what the drawing hangs on, and the outline of what the model drew.</p>{groups}"
    )


def statistics_part(rows: Sequence[Mapping[str, Any]]) -> str:
    """How each number is spread, structure by structure.

    Parameters
    ----------
    rows : sequence of mapping
        Of `measured.statistics`.

    Returns
    -------
    str
        HTML.
    """
    if not rows:
        return "<p>No case was explained.</p>"
    head = ["number", "cases", "median", "95 % interval of the median", "middle half of the cases", "lowest to highest"]
    lines: list[list[Any]] = []
    for structure in dict.fromkeys(row["structure"] for row in rows):
        lines.append([structure])
        for row in rows:
            if row["structure"] == structure:
                unit = row["unit"]
                lines.append(
                    [
                        row["title"], row["cases"], number(row["median"], unit),
                        between(row["median_low"], row["median_high"], unit),
                        between(row["quarter"], row["three_quarters"], unit), between(row["low"], row["high"], unit),
                    ]
                )  # fmt: skip
    used = dict.fromkeys(row["number"] for row in rows)
    meanings = "".join(
        f"<li><strong>{escape(MEASURED[name].title)}</strong>: {escape(MEASURED[name].meaning)}</li>" for name in used
    )
    return f"{number_table(head, lines)}<h3>What they mean</h3><ul class=small>{meanings}</ul>"
