"""The part of `report.html` about one structure: its pictures, numbers, and the tests of its map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from XAICLIPLib.report.curves import curve_svg
from XAICLIPLib.report.html_images import images_section
from XAICLIPLib.report.markup import number_table, picture
from XAICLIPLib.report.names import montage_file, panel_file
from XAICLIPLib.report.wording import value_of
from XAICLIPLib.volume.ranges import ranges

PANELS = 4  # slices shown per structure; a report of a hundred would be too large to send
MOST_PANELS = 12  # in all
MONTAGE_PX, PANEL_PX = 1400, 1200
# key of a number, how a reader calls it
_WHERE_HIGH = (
    ("fidelity_dice", "Dice of what is high and the structure"),
    ("iou", "IoU of the two"),
    ("band_dice", "Dice of what is high and the structure's boundary"),
    ("band_iou", "IoU of these"),
    ("recall", "share of the structure that is high"),
    ("precision", "share of what is high inside the structure"),
)
# heading of a part of the evidence; its numbers: key, how a reader calls it, key of what a random order reaches
_TESTS = {
    "Taken away and put back inside the region, with the run's own fill": (
        ("insertion_auc", "insertion AUC (high is good)", "random_auc"),
        ("deletion_auc", "deletion AUC (low is good)", "random_auc"),
        ("gap", "insertion − deletion (random: the most that chance reached)", "random_gap"),
        ("region_drop", "drop with the whole region filled", None),
    ),
    "The same with another fill": (
        ("second_insertion_auc", "insertion AUC", None),
        ("second_deletion_auc", "deletion AUC", None),
        ("second_gap", "insertion − deletion", None),
        ("second_region_drop", "drop with the whole region filled", None),
    ),
    "Outside the region": (
        ("outside_patches", "patches tried there", None),
        ("outside_drop", "largest change by one of them", None),
        ("outside_share", "the same as a share of the region's own", None),
    ),
    "Where the map lies": (
        ("pointing_game", "pointing game (hit = 1)", None),
        ("rank_accuracy", "relevance rank accuracy", None),
        ("mass_accuracy", "relevance mass accuracy", None),
        ("leakage", "share of the map beyond the widened structure", None),
    ),
    "Against what was taken away at random": (
        ("sensitivity_n", "sensitivity-n", None),
        ("mu_fidelity", "muFidelity", None),
        ("infidelity", "infidelity (0 is perfect, 1 says nothing)", None),
    ),
    "Asked again with another fill": (
        ("second_unseen_share", "share of what was hidden that is still drawn", None),
        ("second_remote_loss", "loss of the rest with the place hidden that matters most for it", None),
    ),
    "Rank correlation with the map of": (
        ("shape_correlation", "no model: the organ's shape (should be low)", None),
        ("fill_agreement", "another fill", None),
        ("seed_agreement", "another seed", None),
        ("random_weights_agreement", "random weights (should be low)", None),
    ),
}


def structure_section(folder: Path, report: Mapping, rows: Sequence[Mapping], entry: Mapping) -> str:
    """Pictures and numbers of one structure.

    Parameters
    ----------
    folder : Path
        Holds ``montage….png`` and ``panels/slice_….png``, as far as they were drawn; their copies become part of it.
    report : mapping
        Everything `report.json` holds.
    rows : sequence of mapping
        The numbers per slice and structure, of all structures.
    entry : mapping
        The structure, one of ``report["structures"]``.

    Returns
    -------
    str
        HTML, from its heading on.
    """
    name, alone = entry["name"], len(report["structures"]) == 1
    slices_of_it = [row for row in rows if row["structure"] == name]
    summary = next((row for row in report["summary"] if row["structure"] == name), None)
    parts = [f"<h2>{escape(entry['label'][:1].upper() + entry['label'][1:])}</h2>"]
    if summary is None:
        return parts[0] + "<p>Found in no slice.</p>"
    montage = picture(folder / montage_file(None if alone else name), MONTAGE_PX, "all slices")
    if montage:
        parts.append(
            f'{montage}<p class="small">Colour: {_colour(report, name)}. One scale for all slices, below the picture; '
            "in the corner of each slice its number and its largest value. Where there is no colour inside the region, "
            "nothing or hardly anything fell, or the score rose; outside the region nothing was tried.</p>"
        )
    chosen = _chosen(slices_of_it, max(1, min(PANELS, MOST_PANELS // len(report["structures"]))))
    pictures = []
    for z in chosen:
        file = folder / panel_file(z, None if alone else name)
        pictures.append(picture(file, PANEL_PX, f"slice {z}: image, region, saliency, prediction"))
    parts += pictures
    left_out = [row["slice"] for row in slices_of_it if row["slice"] not in chosen]
    if left_out and any(pictures):
        parts.append(f'<p class="small">In the folder <code>panels</code>, not here: slices {ranges(left_out)}.</p>')
    parts += [
        _where_high(report, summary),
        images_section(summary, folder, chosen, None if alone else name),
        _region_quality(summary),
        evidence_section(report, summary, name),
        _slices(slices_of_it),
    ]
    return "".join(parts)


def _colour(report: Mapping, name: str) -> str:
    if report.get("saliency", {}).get(name, {}).get("shows") == "remote":
        return "what the rest of it loses when that place is perturbed, the place itself not counted"
    if value_of(report["request"]["method"]) == "drop":
        return "how far the score falls when that place is perturbed"
    return "the mean score under the masks that keep that place, which is no drop"


def _chosen(rows: Sequence[Mapping], count: int) -> list[int]:
    """The slice with the largest drop, and others evenly spread."""
    slices = [row["slice"] for row in rows]
    if len(slices) <= count:
        return slices
    best = max(rows, key=lambda row: row["largest_drop"] or 0.0)["slice"]
    spread = [slices[round((i + 0.5) * len(slices) / count - 0.5)] for i in range(count)]
    nearest = min(range(count), key=lambda i: abs(spread[i] - best))
    return sorted({*spread[:nearest], best, *spread[nearest + 1 :]})


def _where_high(report: Mapping, row: Mapping) -> str:
    """Where the map is high against where the structure is, beside what the bare region reaches."""
    levels = [key.rpartition("_")[2] for key in row if key.startswith("iou_")]
    if not levels:
        return ""
    whole = "volume" if report.get("dimensions") == 3 else "slice"
    head = ["", *(f"map ≥ {level}" for level in levels), "bare region"]
    body = [
        [name, *(row.get(f"{key}_{level}") for level in levels), row.get(f"roi_{key}")]
        for key, name in _WHERE_HIGH
        if f"{key}_{levels[0]}" in row
    ]
    return (
        "<h3>Where the map is high</h3>"
        + number_table(head, body)
        + f'<p class="small">High: at least that share of the largest value in the {whole}. A map that exists '
        "only inside a region localises well almost by construction: only what exceeds the last column is the "
        "map's own doing.</p>"
    )


def _region_quality(row: Mapping) -> str:
    head = ["", "share of the slices", "holds of the structure", "evaluations"]
    body = [
        [f"region ({row['region']})", row["region_share"], row["target_recall"], row["evaluations"]],
        ["prediction, widened", row["baseline_share"], row["baseline_recall"], row["baseline_evaluations"]],
        ["whole image", 1.0, 1.0, row["full_evaluations"]],
    ]
    return "<h3>The region</h3>" + number_table(head, body)


def evidence_section(report: Mapping, row: Mapping, name: str) -> str:
    """The numbers and curves of the tests of a structure's map.

    Parameters
    ----------
    report : mapping
        Everything `report.json` holds.
    row : mapping
        The structure's row of ``report["summary"]``.
    name : str
        The structure's name.

    Returns
    -------
    str
        HTML; empty where nothing was tested.
    """
    evidence = report.get("evidence") or {}
    tested = (evidence.get("structures") or {}).get(name) or []
    body: list[list[Any]] = []
    for heading, numbers in _TESTS.items():
        lines = [
            [text, row[key], row.get(random) if random else None, row.get(f"roi_{key}"), row.get(f"shape_{key}")]
            for key, text, random in numbers
            if row.get(key) is not None
        ]
        body += [[heading], *lines] if lines else []
    known = {key for numbers in _TESTS.values() for key, *_ in numbers} | {"random_auc", "random_gap", "shape_gap"}
    others = sorted({key for e in tested for key in e["numbers"]} - known)
    rest = [
        [key.replace("_", " "), row[key], None, None, None]
        for key in others
        if row.get(key) is not None and not key.startswith("roi_")
    ]
    body += [["More"], *rest] if rest else []
    if not body:
        return ""
    parts = ["<h3>Evidence</h3>", number_table(["", "map", "random order", "bare region", "organ's shape"], body)]
    if len(tested) > 1:
        where = ranges(e["slice"] for e in tested)
        parts.append(f'<p class="small">Means over the slices that were tested: {where}.</p>')
    if tested and not any("roi_deletion" in drawn for e in tested for drawn in e["curves"].values()):
        parts.append(
            '<p class="small">All that was perturbed belongs to this structure: about the order of its inside the bare '
            "region says nothing, and it has no curves.</p>"
        )
    for test in tested:
        where = "the volume" if test["slice"] == "all" else f"slice {test['slice']}"
        drawings = [
            f'<div><p class="small">{escape(f"Score, {where}, fill {fill}")}</p>'
            f"{curve_svg(curves, f'{name}, {where}, fill {fill}')}</div>"
            for fill, curves in test["curves"].items()
        ]
        parts.append(f'<div class="curves">{"".join(drawings)}</div>')
    return "".join(parts)


def _slices(rows: Sequence[Mapping]) -> str:
    columns = {
        "slice": "slice", "region": "region", "region_threshold": "cut at", "region_share": "share",
        "region_recall": "holds of the prediction", "score": "score", "largest_drop": "largest drop",
        "smallest_drop": "smallest drop", "evaluations": "evaluations", "dice": "Dice of prediction and reference",
        "hd95_mm": "HD95, mm",
        "predicted_mm2": "predicted mm²", "flat": "flat",
    }  # fmt: skip
    there = [key for key in columns if any(row.get(key) is not None for row in rows)]
    return "<h3>Slices</h3>" + number_table(
        [columns[key] for key in there], [[row.get(key) for key in there] for row in rows]
    )
