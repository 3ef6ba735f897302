"""One file that tells a run to a reader: what was asked, what was found, how far it holds, and how it was made.

It opens without a network and without scripts, its pictures are in it, and it prints to paper or PDF as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.html_structure import structure_section
from XAICLIPLib.report.markup import STYLE, in_words, pairs_table
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, plain
from XAICLIPLib.report.wording import score_of, value_of
from XAICLIPLib.volume.ranges import ranges


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

    Returns
    -------
    Path
        The file.

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
        _answers(report),
        _matters(report),
        _asked(report),
        _verdicts(report),
        _warnings(report),
        *(structure_section(folder, report, rows, entry) for entry in report["structures"]),
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


def _answers(report: Mapping) -> str:
    """What the run says in words, each sentence with its number and its test."""
    answers = report.get("answers") or ()
    if not answers:
        return ""
    items = "".join(
        f'<li>{escape(answer["text"])}. <span class="small">Tested: {escape(answer["test"])}.</span></li>'
        for answer in answers
    )
    return f'<h2>In words</h2><ul class="answers">{items}</ul>'


def _matters(report: Mapping) -> str:
    """What is worth a look: places, pieces and slices, each with where it lies, its size and its number."""
    found = report.get("matters") or ()
    if not found:
        return ""
    items = "".join(f"<li>{escape(finding['text'][:1].upper() + finding['text'][1:])}.</li>" for finding in found)
    return f'<h2>What matters</h2><ul class="answers">{items}</ul>'


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
    named = {key: _group(value) if isinstance(value, Mapping) else value for key, value in request.items()}
    return {**named, "method": _settings(request["method"])}


def _group(values: Mapping) -> str:
    filled = {name: value for name, value in values.items() if value not in (None, "", [])}
    return ", ".join(f"{name.replace('_', ' ')} {in_words(value)}" for name, value in filled.items())


def _settings(method: Mapping) -> str:
    more = ", ".join(f"{key.replace('_', ' ')} {in_words(value)}" for key, value in method.items() if key != "name")
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
        if row["structure"] in report.get("presence", {}):
            parts.append(f'<p class="small">{escape(_presence(report["presence"][row["structure"]]))}</p>')
        if row.get("dice") is not None:
            parts.append(f'<p class="small">{escape(_other_dice(report, row))}</p>')
        if row.get("trust"):
            reasons = "".join(f"<li>{escape(str(reason))}</li>" for reason in row.get("trust_reasons") or ())
            kind = re.sub("[^a-z]+", "-", row["trust"].lower())
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
        said = f"the score of the volume is {in_words(row['score'])}; the largest {kind} is "
        said += f"{in_words(row['largest_drop'])}, in slice {row.get('largest_drop_slice', 'unknown')}"
    elif len(explained) == 1 or "largest_drop_slice" not in row:
        said = f"the score is {in_words(row['score'])}; the largest {kind} is {in_words(row['largest_drop'])}"
    else:
        said = (
            f"the largest {kind} is {in_words(row['largest_drop'])}, in slice {row['largest_drop_slice']}, whose score "
            f"is {in_words(row['largest_drop_score'])}; the mean score of its slices is {in_words(row['score'])}"
        )
    return (
        f"{said}. That took {row['evaluations']} of the {row['full_evaluations']} evaluations that the whole image "
        f"takes ({saved:.0%} saved)."
    )


def _presence(found: Mapping) -> str:
    """How probable it is that a structure is there at all."""
    sources = {"words": "by the words alone", "model": "by what the model draws alone"}
    each = [f"{told} {in_words(found[name])}" for name, told in sources.items() if name in found]
    more = f" ({', '.join(each)})" if len(each) > 1 else ""
    return f"Probability that it is in these slices, as the bundled models see it: {in_words(found['volume'])}{more}."


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
        f"{in_words(row['dice'])}. It differs from the score: {explained}. The Dice values under “Where the map is "
        "high” are neither: they compare the high part of the map with the structure."
    )


def _warnings(report: Mapping) -> str:
    if not report["warnings"]:
        return "<h2>Warnings</h2><p>None.</p>"
    return "<h2>Warnings</h2><ul>" + "".join(f"<li>{escape(w)}</li>" for w in report["warnings"]) + "</ul>"


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
        for name, tested in (evidence.get("structures") or {}).items():
            where = ", ".join(str(e["slice"]) for e in tested)
            where = "the volume at once" if where == "all" else f"slice{'s' * (len(tested) > 1)} {where} only"
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
