"""The tables of planted causes: by family and map, over all families, and what is said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from XAICLIPLib.benchmark.planted import CAPTUM, PlantedBenchmark
from XAICLIPLib.benchmark.tables import grid
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.planted import FAMILIES
from XAICLIPLib.report.provenance import write_csv, write_json
from XAICLIPLib.results.rows import PlantedSummaryRow

Table = tuple[list[str], list[list[str]]]


def write_planted(folder: Path, found: PlantedBenchmark) -> None:
    """Write ``rows.csv``, ``summary.csv``, ``statements.csv``, ``summary.json`` and ``tables.md``.

    Parameters
    ----------
    folder : path
        Made where it is missing.
    found : PlantedBenchmark

    Raises
    ------
    InputError
        If a file can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tables.md").write_text(page(tables(found)), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{folder} can't be written ({error.strerror}); check the folder and the free space"
        ) from error
    for name, items in (("rows", found.rows), ("summary", found.summary), ("statements", found.statements)):
        write_csv(folder / f"{name}.csv", items)
    summary = {"summary": [row.as_dict() for row in found.summary], "false_statements": found.false_share}
    write_json(folder / "summary.json", summary)


def page(parts: Mapping[str, Table]) -> str:
    """Tables with their headings as Markdown.

    Parameters
    ----------
    parts : mapping of heading to table

    Returns
    -------
    str
    """
    return "\n".join(f"## {title}\n\n{grid(*table)}" for title, table in parts.items())


def tables(found: PlantedBenchmark) -> dict[str, Table]:
    """All tables, by their headings.

    Parameters
    ----------
    found : PlantedBenchmark

    Returns
    -------
    dict of str to (heading, lines)
    """
    lines = found.summary
    parts: dict[str, Table] = {}
    for family in dict.fromkeys(line.family for line in lines if line.family != "all"):
        own = [line for line in lines if line.family == family]
        title = f"{family}: {FAMILIES[family].about}"
        parts[title] = _of_causes(own) if own[0].auc_median is not None else _of_errors(own)
    whole = [line for line in lines if line.family == "all"]
    if whole:
        parts["All families: the median of their medians, and the worst"] = _of_causes(whole)
    parts["What is said in words"] = _of_statements(found)
    return parts


def _of_causes(lines: Sequence[PlantedSummaryRow]) -> Table:
    heading = ["method", "fill", "map", "evaluations", "AUC median", "AUC worst", "pointing", "rank", "overlap"]
    ordered = sorted(lines, key=lambda line: line.method == CAPTUM)
    return heading, [
        [
            line.method, line.fill, line.map, f"{line.evaluations:.0f}" if line.evaluations else "–",
            *(_number(v) for v in (line.auc_median, line.auc_worst, line.pointing, line.rank, line.overlap)),
        ]
        for line in ordered
    ]  # fmt: skip


def _of_errors(lines: Sequence[PlantedSummaryRow]) -> Table:
    heading = ["method", "fill", "largest remote effect", "error of the unseen share", "error of the matrix"]
    return heading, [
        [line.method, line.fill, *(_exact(v) for v in (line.largest_remote, line.unseen_error, line.matrix_error))]
        for line in lines
    ]


def _of_statements(found: PlantedBenchmark) -> Table:
    verdicts = ("true", "false", "undecided", "unknown")
    heading = ["fill", "family", *verdicts]
    lines = []
    for fill in dict.fromkeys(row.fill for row in found.statements):
        for family in dict.fromkeys(row.family for row in found.statements):
            own = [row.verdict for row in found.statements if (row.fill, row.family) == (fill, family)]
            lines.append([fill, family, *(str(own.count(verdict)) for verdict in verdicts)])
    everything = [row.verdict for row in found.statements]
    false = f"{everything.count('false')} ({found.false_share:.1%} of those judged)"
    counts = [str(everything.count(verdict)) for verdict in verdicts]
    return heading, [*lines, ["all", "all", counts[0], false, *counts[2:]]]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _exact(value: float | None) -> str:
    return "–" if value is None else f"{value:.1e}" if value else "0"
