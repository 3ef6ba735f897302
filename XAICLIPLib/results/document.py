"""`docs/metrics.md`, made from the rows: ``python -m XAICLIPLib.results.document [FILE]``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from XAICLIPLib.results.rows import (
    ArmRow,
    ArmSummaryRow,
    EvidenceRow,
    LocationRow,
    PairRow,
    PlantedRow,
    PlantedSummaryRow,
    Row,
    SliceRow,
    StatementRow,
    StressRow,
    StressSummaryRow,
    SummaryRow,
    columns_of,
)

HEAD = """\
# The numbers

Every column of every table that XAICLIP writes. This page is made from the dataclasses in `XAICLIPLib/results/rows`
by `python -m XAICLIPLib.results.document docs/metrics.md`; change a column there, not here.

An empty cell (null in JSON) is a number that there is no value of, such as the Dice of two empty masks. A column is
left out of a table where no row has it: those of the reference without one, those of the evidence without any. Scores
are those that the run was asked for (`dice`, `soft_dice` or `confidence`), 0 to 1, and a drop is the score before
minus the score after. In Python a row has each column as an attribute, `row.iou_04` for `iou_0.4`, and by its name in
the file, `row["iou_0.4"]`.
"""
TABLES: tuple[tuple[str, str, type[Row], type[Row] | None], ...] = (
    ("`metrics.csv` of `xaiclip explain`: a row per slice and structure", "explanation.rows", SliceRow, EvidenceRow),
    (
        "The last rows of it, and `summary` in `report.json`: a row per structure",
        "explanation.summary",
        SummaryRow,
        EvidenceRow,
    ),
    ("The evidence, in both: for the slices that were tested", "", EvidenceRow, None),
    ("`metrics.csv` of `xaiclip locate`: a row per slice and structure", "location.rows", LocationRow, None),
    ("`rows.csv` of `xaiclip benchmark`: a row per slice, structure, method and arm", "benchmark.rows", ArmRow, None),
    ("`pairs.csv` of it: a row per row that is not brute force", "benchmark.pairs", PairRow, None),
    ("`summary.csv` of it: a row per method, structure and arm", "benchmark.summary", ArmSummaryRow, None),
    ("`rows.csv` of `xaiclip benchmark --dataset planted`: a row per planted model and map", "", PlantedRow, None),
    ("`summary.csv` of that: a row per family, method, fill and map", "", PlantedSummaryRow, None),
    ("`statements.csv` of that: a row per sentence", "", StatementRow, None),
    ("`steps.csv` of `xaiclip stress`: a row per scan, structure and step", "", StressRow, None),
    (
        "`summary.csv` of it: a row per scan, structure and dose, and the median of the scans",
        "",
        StressSummaryRow,
        None,
    ),
)


def page() -> str:
    """The whole page as Markdown.

    Returns
    -------
    str
    """
    parts = [HEAD]
    for title, place, kind, elsewhere in TABLES:
        parts.append(f"\n## {title}\n\n{_sentence(kind)}{f' In Python: `{place}`.' if place else ''}\n")
        left_out = set(columns_of(elsewhere)) if elsewhere else set()
        parts.append(_table(kind, left_out))
        if left_out:
            parts.append("\nThe columns of the evidence follow, see below.\n" if left_out else "")
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _sentence(kind: type[Row]) -> str:
    return " ".join((kind.__doc__ or "").partition("\n\n")[0].split())


def _table(kind: type[Row], left_out: Iterable[str]) -> str:
    lines = ["| column | meaning | unit | range | source |", "| --- | --- | --- | --- | --- |"]
    for attribute, about in columns_of(kind).items():
        if attribute not in left_out:
            source = f"`{about.source}`" if " " not in about.source and about.source else about.source
            cells = (f"`{about.name}`", about.meaning, about.unit, about.range, source)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
    else:
        print(page(), end="")
