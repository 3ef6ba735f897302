"""The tables of a comparison: every row and every pair as CSV, and the figures to quote as Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from XAICLIPLib import anatomy
from XAICLIPLib.benchmark.statistics import THRESHOLD
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.map_overlap import THRESHOLDS
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, write_csv
from XAICLIPLib.results.rows import ArmRow, ArmSummaryRow, PairRow

HOW = f"""\
Two ways to explain the same slice with the same model, method, settings, seed and score against the ground truth:

- **brute force** perturbs the whole image;
- **ROI** perturbs the region alone; the time to find it is counted. Who goes first alternates.
- **ROI, fewer samples**: RISE and LIME take a fixed number of samples, whatever the region (of equal ones, which a few
  superpixels soon give, one is run). This arm takes as many *for each cell (RISE) or superpixel (LIME)* as brute force.

Dice and IoU are those of the high-attribution region, the pixels of at least {THRESHOLD:g} of the map's largest drop,
with the organ and with the 5 mm on either side of its border. A map inside a region localises well almost by
construction: **region alone** is what the region itself reaches, without any map. Deletion (low is good) and insertion
AUC (high is good) are measured for all arms of a slice in one area, where each of them has a value. *Gain* and *saved*
are taken pair by pair, and the median is given; tables have mean ± standard deviation.
"""


def write_tables(
    folder: Path,
    title: str,
    rows: Sequence[ArmRow],
    pairs: Sequence[PairRow],
    summary: Sequence[ArmSummaryRow],
    *,
    facts: Mapping[str, str],
    remarks: Sequence[str] = (),
    figure: str = "",
) -> None:
    """Write ``rows.csv``, ``pairs.csv``, ``summary.csv`` and ``tables.md``.

    Parameters
    ----------
    folder : path
        Which is there.
    title : str
        Of the page.
    rows, pairs, summary : sequences of ArmRow, PairRow, ArmSummaryRow
        See `Benchmark`.
    facts : mapping of name to value
        What it was made with.
    remarks : sequence of str
        What was left out, and what to know.
    figure : str
        Name of a picture beside it.

    Raises
    ------
    InputError
        If a file can't be written.
    """
    for name, items in (("rows", rows), ("pairs", pairs), ("summary", summary)):
        write_csv(folder / f"{name}.csv", items)
    path = folder / "tables.md"
    try:
        path.write_text(markdown(title, summary, facts, remarks, figure), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} can't be written ({error.strerror}); check the folder and the free space") from error


def markdown(
    title: str, summary: Sequence[ArmSummaryRow], facts: Mapping[str, str], remarks: Sequence[str], figure: str
) -> str:
    """The page of tables.

    Parameters
    ----------
    title, summary, facts, remarks, figure
        As in `write_tables`.

    Returns
    -------
    str
        Markdown.
    """
    parts = [f"# {title}\n", f"> {RESEARCH_USE_ONLY}\n", HOW]
    if figure:
        parts.append(f"![{title}]({figure})\n")
    parts += ["## What ROI guidance brings: medians over the pairs\n", grid(*glance(summary))]
    parts += ["## High-attribution region at other thresholds: median gain in IoU\n", grid(*by_threshold(summary))]
    for method in dict.fromkeys(line.method for line in summary):
        parts += [f"## {method}: mean ± standard deviation\n", grid(*of_method(summary, method))]
    parts += ["## Made with\n", *(f"- {name}: {value}" for name, value in facts.items()), ""]
    if remarks:
        parts += ["## Left out, and to be known\n", *(f"- {remark}" for remark in remarks), ""]
    return "\n".join(parts)


def grid(heading: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table.

    Parameters
    ----------
    heading : sequence of str
        A cell per column.
    lines : sequence of sequences of str
        As many cells each.

    Returns
    -------
    str
    """
    rows = [heading, ["---"] * len(heading), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def glance(summary: Sequence[ArmSummaryRow]) -> tuple[list[str], list[list[str]]]:
    """The medians of all pairs, one line for each method, structure and arm.

    Parameters
    ----------
    summary : sequence of ArmSummaryRow

    Returns
    -------
    heading : list of str
    lines : list of list of str
        For `grid`.
    """
    heading = [
        "method", "structure", "arm", "pairs", "runtime saved", "evaluations saved", "IoU, organ", "Dice, organ",
        "IoU, border", "deletion", "insertion",
    ]  # fmt: skip
    at = f"{THRESHOLD:g}"
    names = (f"iou_{at}_gain", f"fidelity_dice_{at}_gain", f"band_iou_{at}_gain")
    lines = [
        [
            *_names(line),
            str(line.n),
            *(share(line.medians.get(f"{name}_saved")) for name in ("seconds", "evaluations")),
            *(share(line.medians.get(name), signed=True) for name in names),
            *(signed(line.medians.get(f"{name}_auc_change")) for name in ("deletion", "insertion")),
        ]
        for line in summary
        if line.medians
    ]
    return heading, lines


def by_threshold(summary: Sequence[ArmSummaryRow]) -> tuple[list[str], list[list[str]]]:
    """What the gain would be had the high-attribution region been drawn elsewhere.

    Parameters
    ----------
    summary : sequence of ArmSummaryRow

    Returns
    -------
    heading : list of str
    lines : list of list of str
        For `grid`.
    """
    heading = ["method", "structure", "arm", *(f"at {t:g}" for t in THRESHOLDS)]
    lines = [
        [*_names(line), *(share(line.medians.get(f"iou_{t:g}_gain"), signed=True) for t in THRESHOLDS)]
        for line in summary
        if line.medians
    ]
    return heading, lines


def of_method(summary: Sequence[ArmSummaryRow], method: str) -> tuple[list[str], list[list[str]]]:
    """The means of one method, brute force and ROI below each other.

    Parameters
    ----------
    summary : sequence of ArmSummaryRow
    method : str
        Its name.

    Returns
    -------
    heading : list of str
    lines : list of list of str
        For `grid`.
    """
    heading = [
        "structure", "arm", "n", "time, s", "evaluations", "Dice, organ", "IoU, organ", "region alone: IoU",
        "Dice, border", "IoU, border", "deletion AUC", "insertion AUC",
    ]  # fmt: skip
    at = f"{THRESHOLD:g}"
    lines = []
    for line in summary:
        if line.method == method:
            bare = _spread(line, "roi_iou", 2) if line.medians else "–"
            lines.append(
                [
                    *_names(line)[1:],
                    str(line.n),
                    _spread(line, "seconds", 2),
                    _spread(line, "evaluations", 0),
                    *(_spread(line, name, 2) for name in (f"fidelity_dice_{at}", f"iou_{at}")),
                    bare,
                    *(_spread(line, name, 2) for name in (f"band_dice_{at}", f"band_iou_{at}")),
                    *(_spread(line, f"{name}_auc", 3) for name in ("deletion", "insertion")),
                ]
            )
    return heading, lines


def _names(line: ArmSummaryRow) -> list[str]:
    return [line.method, label_of(line.structure), line.arm]


def label_of(structure: str) -> str:
    """A structure as people call it.

    Parameters
    ----------
    structure : str
        Its name, or "all".

    Returns
    -------
    str
    """
    return structure if structure == "all" else anatomy.describe(structure).label


def share(value: float | None, signed: bool = False) -> str:
    """A share in per cent.

    Parameters
    ----------
    value : float, or None
        1 is 100 %.
    signed : bool
        Whether what is above 0 gets a +.

    Returns
    -------
    str
        ∞ from nothing to something, – for what there is not.
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    value = round(value, 2) + 0.0  # no −0 %
    return f"{value:+.0%}" if signed and value else f"{value:.0%}"


def signed(value: float | None) -> str:
    """A difference with its sign.

    Parameters
    ----------
    value : float, or None

    Returns
    -------
    str
        Three digits after the point; – for what there is not.
    """
    if value is None or math.isnan(value):
        return "–"
    value = round(value, 3) + 0.0
    return f"{value:+.3f}" if value else "0"


def _spread(line: ArmSummaryRow, name: str, digits: int) -> str:
    mean, deviation = line.means[name], line.deviations[name]
    if math.isnan(mean):
        return "–"
    return f"{mean:.{digits}f}" + ("" if math.isnan(deviation) else f" ± {deviation:.{digits}f}")
