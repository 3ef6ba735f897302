"""``xaiclip explain``."""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path

from XAICLIPLib.cli.image_options import add_images
from XAICLIPLib.cli.method_options import add_method
from XAICLIPLib.cli.options import BAD_INPUT, STOPPED, add_model, add_names, add_scan, default_out, make_request
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.pictures import draw_last
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.cli.region_options import add_region
from XAICLIPLib.models.timelimit import left_behind
from XAICLIPLib.report.colormap import AS_IN_THE_PAPER, COLORMAP, RUN, SCALES
from XAICLIPLib.report.wording import duration, score_of, value_of
from XAICLIPLib.results.rows import SummaryRow

SUMMARY = "explain why a model segments a structure as it does"
TEXT = """\
Write a saliency volume, the signed drop of the score, the region, the prediction, a panel per slice, a montage,
metrics.csv and report.json to a folder. All volumes lie on the scan's own voxel grid.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Scan, region, model, method, and where the result goes.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    for add in (add_scan, add_images, add_region, add_model, add_method):
        add(parser)
    add_names(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="folder for the results (default: NAME-METHOD beside you)"
    )
    parser.add_argument(
        "--colormap", default=COLORMAP, metavar="NAME",
        help=f"{COLORMAP} (default), {AS_IN_THE_PAPER} as in the paper, or any of matplotlib's",
    )  # fmt: skip
    parser.add_argument(
        "--scale", choices=SCALES, default=RUN,
        help="of the pictures' colours: one for all slices of the run (default), or one for each slice",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Explain, save, and print two lines per structure.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.pipeline import explain
    from XAICLIPLib.results.answers import sentences
    from XAICLIPLib.results.outputs import reserve_output, result_files

    output = Output(arguments)
    request = make_request(arguments)
    out = arguments.out or default_out(arguments, arguments.method)
    start = time.perf_counter()
    with reserve_output(out, request, result_files(request.structures), arguments.colormap):
        with Bar(output.shows_progress) as bar:
            explanation = explain.run(request, models=Models(arguments.download, bar.megabytes), progress=bar)
        with Bar(output.shows_progress) as bar:
            explanation.save(out, pictures=False)
            progress = partial(bar, message="drawing")
            status = draw_last(
                lambda: explanation.save_pictures(out, arguments.colormap, progress, arguments.scale), out, output
            )
    slices = explanation.report["slices"]["explained"]
    spent = time.perf_counter() - start
    if explanation.report["unsuitable"]:
        output.line(f"not to be relied on: {explanation.warnings[0]}")
    for row in explanation.summary:
        for line in summary_lines(row, explanation.report):
            output.line(line)
    for warning in explanation.warnings:
        output.note(warning)
    for sentence in sentences(explanation.answers):
        output.line(sentence)
    output.line(f"{len(slices)} slice{'s' * (len(slices) != 1)} in {duration(spent)} -> {out}")
    answers = [answer.to_json() for answer in explanation.answers]
    presence = explanation.report["presence"]
    output.data(
        folder=out, slices=slices, seconds=spent, summary=explanation.summary, answers=answers, presence=presence
    )
    if left_behind():  # as for any failure, also where notes are not wanted
        print(
            f"xaiclip: the model took longer than the time limit of {request.time_limit:g} s; "
            f"what was finished is in {out}",
            file=sys.stderr,
        )
        return BAD_INPUT
    return STOPPED if any("stopped by the user" in w for w in explanation.warnings) else status


def summary_lines(row: SummaryRow, report: dict) -> list[str]:
    """What came out for one structure in two lines: its numbers, with the slices that each is of, and the verdict.

    Parameters
    ----------
    row : SummaryRow
        Of the structure.
    report : dict
        The run's, as in report.json.

    Returns
    -------
    list of str
    """
    at_once, many = report.get("dimensions") == 3, len(report["slices"]["explained"]) > 1
    count = len(report["slices"]["explained"])
    where = " of the volume" if at_once else f" (mean of {count} slices)" if many else ""
    peak = f" in slice {row.largest_drop_slice}" if many else ""
    before = f", whose score is {row.largest_drop_score:.3f}" if many and not at_once else ""
    first = (
        f"{row.structure}: score {row.score:.3f}{where}, {score_of(report)}; "
        f"largest {value_of(report['request']['method'])} {row.largest_drop:.3f}{peak}{before}; "
        f"{row.evaluations} evaluations in {duration(row.seconds)}, the whole image takes "
        f"{row.full_evaluations} ({1 - row.rho:.0%} saved)"
    )
    return [first, f"  trust: {row.trust} ({'; '.join(row.trust_reasons or ())})"]
