"""One file that tells a run to a reader: what was asked, what was found, how far it holds, and how it was made.

It opens without a network and without scripts, its pictures are in it, and it prints to paper or PDF as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.curves import curve_svg
from XAICLIPLib.report.markup import STYLE, number_table, pairs_table, picture, ranges, shown
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, plain
from XAICLIPLib.report.wording import score_of, value_of

PANELS = 4  # slices shown per structure; a report of a hundred would be too large to send
MOST_PANELS = 12  # in all
MONTAGE_PX, PANEL_PX = 1400, 1200
# key of a number, how a reader calls it
_AGREEMENT = (
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
    "Rank correlation with the map of": (
        ("fill_agreement", "another fill", None),
        ("seed_agreement", "another seed", None),
        ("random_weights_agreement", "random weights (should be low)", None),
    ),
}


def write_html(folder: str | Path, report: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write `report.html` beside the pictures of a run, which it holds copies of.

    Parameters
    ----------
    folder : path
        Holds ``montage….png`` and ``panels/slice_….png``, as far as they were drawn, and is written to.
    report : mapping
        Everything `report.json` holds.
    rows : sequence of mapping
        The numbers per slice and structure.

    Raises
    ------
    InputError
        If the place can't be written to.
    """
    folder, report = Path(folder), plain(report)
    rows = [plain(row) for row in rows]
    labels = ", ".join(entry["label"] for entry in report["structures"])
    title = f"Why the model “{report['model']['name']}” draws {labels} in {report['scan']['name']}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="notice"><strong>{escape(RESEARCH_USE_ONLY)}</strong></p>',
        _asked(report),
        _verdicts(report),
        _warnings(report),
        *(_structure(folder, report, rows, entry) for entry in report["structures"]),
        _not_evaluated(report),
        _made(report),
    ]
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )
    path = folder / "report.html"
    try:
        path.write_bytes(page.encode("utf-8"))
    except OSError as error:
        raise InputError(f"{path} can't be written ({error.strerror}); check the folder and the free space") from error
    return path


def _asked(report: Mapping) -> str:
    request, scan, slices = report["request"], report["scan"], report["slices"]
    explained = slices["explained"]
    what = "the volume at once, slices" if report.get("dimensions") == 3 else "slices"
    pairs = {
        "Question": "where in the region does the model's score fall when the image is perturbed there?",
        "Structures": "; ".join(_coded(entry) for entry in report["structures"]),
        "Scan": f"{scan['name']}, {scan['modality'] or 'modality not stated'}, "
        f"{' × '.join(str(n) for n in scan['shape_zyx'][::-1])} voxels of "
        f"{' × '.join(f'{v:.4g}' for v in scan['spacing_mm_xyz'])} mm",
        "Explained": f"{what} {ranges(explained)} ({len(explained)}; {slices['numbering']})"
        if explained
        else "no slice",
        "Model": report["model"]["name"],
        "Method": _settings(request["method"]),
        "Score": score_of(report),
        "Region from": _region(report),
    }
    return "<h2>What was asked</h2>" + pairs_table(pairs)


def _coded(entry: Mapping) -> str:
    return entry["label"] + (f" (SNOMED CT {entry['snomed_ct']})" if entry["snomed_ct"] else "")


def _region(report: Mapping) -> str:
    request, model = report["request"], report.get("vision_language_model")
    if model:
        return f"the words, by {model['model']}, cut at a probability of {request['region']['threshold']:g}"
    return {"prediction": "the model's own prediction, widened", "full": "nothing: the whole image"}.get(
        request["region"]["source"], str(request["region"]["source"])
    )


def _parameters(request: Mapping) -> dict:
    """A request's settings by name, a group of them in one line."""
    named = {
        key: ", ".join(f"{name.replace('_', ' ')} {shown(v)}" for name, v in value.items() if v not in (None, "", []))
        if isinstance(value, Mapping)
        else value
        for key, value in request.items()
    }
    return {**named, "method": _settings(request["method"])}


def _settings(method: Mapping) -> str:
    more = ", ".join(f"{key.replace('_', ' ')} {shown(value)}" for key, value in method.items() if key != "name")
    return method["name"] + (f" ({more})" if more else "")


def _verdicts(report: Mapping) -> str:
    """What came out, in a few lines per structure; how far it can be trusted, where that was tested."""
    labels = {entry["name"]: entry["label"] for entry in report["structures"]}
    parts = ["<h2>What came out</h2>"]
    if report.get("unsuitable"):
        parts.append(f'<p class="notice"><strong>Not to be relied on: {escape(report["warnings"][0])}.</strong></p>')
    for row in report["summary"]:
        label = labels[row["structure"]]
        parts.append(f"<p><strong>{escape(label)}</strong>: {escape(_numbers(report, row))}</p>")
        if row.get("dice") is not None:
            parts.append(f'<p class="small">{escape(_other_dice(report, row))}</p>')
        if row.get("trust"):
            reasons = "".join(f"<li>{escape(str(reason))}</li>" for reason in row.get("trust_reasons") or ())
            kind = row["trust"].replace(" ", "-")
            parts.append(
                f'<div class="trust {escape(kind, quote=True)}">Evidence for the map of {escape(label)}: '
                f"<strong>{escape(row['trust'])}</strong>{f'<ul>{reasons}</ul>' if reasons else ''}</div>"
            )
    if not report["summary"]:
        parts.append("<p>No slice holds any of the structures, so that there is nothing to show.</p>")
    return "".join(parts)


def _numbers(report: Mapping, row: Mapping) -> str:
    """The score and the largest drop, each with the slices that it is of, and what that took."""
    explained, kind = report["slices"]["explained"], value_of(report["request"]["method"])
    saved = 1 - row["evaluations"] / row["full_evaluations"]
    if report.get("dimensions") == 3:
        said = f"the score of the volume is {shown(row['score'])}; the largest {kind} is {shown(row['largest_drop'])}"
        said += f", in slice {row.get('largest_drop_slice', 'unknown')}"
    elif len(explained) == 1 or "largest_drop_slice" not in row:
        said = f"the score is {shown(row['score'])}; the largest {kind} is {shown(row['largest_drop'])}"
    else:
        said = (
            f"the largest {kind} is {shown(row['largest_drop'])}, in slice {row['largest_drop_slice']}, whose score is "
        )
        said += f"{shown(row['largest_drop_score'])}; the mean score of its slices is {shown(row['score'])}"
    return (
        f"{said}. That took {row['evaluations']} of the {row['full_evaluations']} evaluations that the whole image "
        "takes "
        f"({saved:.0%} saved)."
    )


def _other_dice(report: Mapping, row: Mapping) -> str:
    """Why the Dice of the prediction is another number than the score."""
    if report.get("dimensions") == 3:
        explained = "the score is that of the whole volume on the model's own grid"
    else:
        explained = (
            "the score is taken slice by slice on the model's own grid, so that small slices count as much as large "
            "ones"
        )
    return (
        "Dice of prediction and reference, over all of these slices at once on the scan's grid: "
        f"{shown(row['dice'])}. It differs from the score: {explained}. The Dice values under “Where the map is high” "
        "are neither: they compare the high part of the map with the structure."
    )


def _warnings(report: Mapping) -> str:
    if not report["warnings"]:
        return "<h2>Warnings</h2><p>None.</p>"
    return "<h2>Warnings</h2><ul>" + "".join(f"<li>{escape(w)}</li>" for w in report["warnings"]) + "</ul>"


def _structure(folder: Path, report: Mapping, rows: Sequence[Mapping], entry: Mapping) -> str:
    """Pictures and numbers of one structure."""
    name, alone = entry["name"], len(report["structures"]) == 1
    slices_of_it = [row for row in rows if row["structure"] == name]
    summary = next((row for row in report["summary"] if row["structure"] == name), None)
    parts = [f"<h2>{escape(entry['label'][:1].upper() + entry['label'][1:])}</h2>"]
    if summary is None:
        return parts[0] + "<p>Found in no slice.</p>"
    montage = picture(folder / ("montage.png" if alone else f"montage-{name}.png"), MONTAGE_PX, "all slices")
    if montage:
        parts.append(
            f'{montage}<p class="small">Colour: {_colour(report)}. One scale for all slices, below the picture; in the '
            "corner of each slice its number and its largest value. Where there is no colour inside the region, "
            "nothing "
            "or hardly anything fell, or the score rose; outside the region nothing was tried.</p>"
        )
    chosen = _chosen(slices_of_it, max(1, min(PANELS, MOST_PANELS // len(report["structures"]))))
    pictures = []
    for z in chosen:
        file = folder / "panels" / (f"slice_{z:04d}.png" if alone else f"slice_{z:04d}_{name}.png")
        pictures.append(picture(file, PANEL_PX, f"slice {z}: image, region, saliency, prediction"))
    parts += pictures
    left_out = [row["slice"] for row in slices_of_it if row["slice"] not in chosen]
    if left_out and any(pictures):
        parts.append(f'<p class="small">In the folder <code>panels</code>, not here: slices {ranges(left_out)}.</p>')
    parts += [
        _agreement(report, summary),
        _region_quality(summary),
        _tests(report, summary, name),
        _slices(slices_of_it),
    ]
    return "".join(parts)


def _colour(report: Mapping) -> str:
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


def _agreement(report: Mapping, row: Mapping) -> str:
    """Where the map is high against where the structure is, beside what the bare region reaches."""
    levels = [key.rpartition("_")[2] for key in row if key.startswith("iou_")]
    if not levels:
        return ""
    whole = "volume" if report.get("dimensions") == 3 else "slice"
    head = ["", *(f"map ≥ {level}" for level in levels), "bare region"]
    body = [
        [name, *(row.get(f"{key}_{level}") for level in levels), row.get(f"roi_{key}")]
        for key, name in _AGREEMENT
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


def _tests(report: Mapping, row: Mapping, name: str) -> str:
    """The numbers and curves of the evidence; nothing where none was gathered."""
    evidence = report.get("evidence") or {}
    exhibits = (evidence.get("structures") or {}).get(name) or []
    body: list[list[Any]] = []
    for heading, numbers in _TESTS.items():
        lines = [
            [text, row[key], row.get(random) if random else None, row.get(f"roi_{key}")]
            for key, text, random in numbers
            if row.get(key) is not None
        ]
        body += [[heading], *lines] if lines else []
    known = {key for numbers in _TESTS.values() for key, *_ in numbers} | {"random_auc", "random_gap"}
    others = sorted({key for e in exhibits for key in e["numbers"]} - known)
    rest = [
        [key.replace("_", " "), row[key], None, None]
        for key in others
        if row.get(key) is not None and not key.startswith("roi_")
    ]
    body += [["More"], *rest] if rest else []
    if not body:
        return ""
    parts = ["<h3>Evidence</h3>", number_table(["", "map", "random order", "bare region"], body)]
    if len(exhibits) > 1:
        where = ranges(e["slice"] for e in exhibits)
        parts.append(f'<p class="small">Means over the slices that were tested: {where}.</p>')
    if not any("roi_deletion" in drawn for e in exhibits for drawn in e["curves"].values()):
        parts.append(
            '<p class="small">All that was perturbed belongs to this structure: about the order of its inside the bare '
            "region says nothing, and it has no curves.</p>"
        )
    for exhibit in exhibits:
        where = "the volume" if exhibit["slice"] == "all" else f"slice {exhibit['slice']}"
        drawings = [
            f'<div><p class="small">{escape(f"Score, {where}, fill {fill}")}</p>'
            f"{curve_svg(curves, f'{name}, {where}, fill {fill}')}</div>"
            for fill, curves in exhibit["curves"].items()
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


def _not_evaluated(report: Mapping) -> str:
    lines = ["The map says what the model reacts to, not whether the model is right, and not what is there."]
    for row in report["summary"]:
        if row.get("evaluated_share") is not None:
            lines.append(
                f"{row['structure']}: {1 - row['evaluated_share']:.1%} of the explained slices lie outside what was "
                "perturbed; the map is empty there, whatever matters there."
            )
    skipped = report["slices"]["skipped"]
    reasons: dict[str, list[int]] = {}
    for z, reason in skipped.items():
        reasons.setdefault(reason, []).append(int(z))
    for reason, numbers in reasons.items():
        lines.append(f"Slice{'s' if len(numbers) > 1 else ''} {ranges(numbers)}: skipped, {reason}.")
    total, done = report["scan"]["shape_zyx"][0], len(report["slices"]["explained"]) + len(skipped)
    if total > done:
        lines.append(f"{total - done} further slices of the scan were not asked for.")
    if not report["reference_given"]:
        lines.append("No reference was given: how well the prediction fits the anatomy was not measured.")
    evidence = report.get("evidence") or {}
    if not evidence or evidence.get("missing"):
        lines.append(f"Faithfulness tests: {evidence.get('missing') or 'none were made'}.")
    elif evidence.get("level") == "quick":
        for name, exhibits in (evidence.get("structures") or {}).items():
            where = ", ".join(str(e["slice"]) for e in exhibits)
            where = "the volume at once" if where == "all" else f"slice{'s' * (len(exhibits) > 1)} {where} only"
            lines.append(
                f"{name}: the evidence is quick: it tested {where}; no other seed and no randomised weights were tried."
            )
    return "<h2>What was not evaluated</h2><ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _made(report: Mapping) -> str:
    environment = report["environment"]
    versions = {key: value for key, value in environment.items() if key != "libraries"}
    versions |= {key: value for key, value in environment["libraries"].items() if value}
    parts = {"Model": report["model"]}
    if report.get("vision_language_model"):
        parts["Vision-language model"] = report["vision_language_model"]
    parts |= {
        "Scan": report["scan"],
        "Parameters": _parameters(report["request"]),
        "Seconds": {"device": report["device"], **report["seconds"]},
        "Versions": versions,
    }
    blocks = "".join(f"<section><h3>{name}</h3>{pairs_table(pairs)}</section>" for name, pairs in parts.items())
    return (
        f'<h2>How it was made</h2><div class="made">{blocks}</div>'
        '<p class="small">The same, for machines: <code>report.json</code> and <code>metrics.csv</code>.</p>'
    )
