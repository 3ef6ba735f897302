"""``xaiclip rerun``."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path

from XAICLIPLib.cli.options import LABELS, STOPPED
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.pictures import draw_last
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.errors import InputError

DIFFERENT = 3
SUMMARY = "make a saved run again from its report, and say what differs"
TEXT = """\
Read the request in the report.json of a run of `xaiclip explain` or `xai.explain`, make the run again, and hold the
maps and numbers that come out against the saved ones, bit by bit. What differs is listed: settings, versions and
device, the columns of metrics.csv with their largest difference, and the volumes with theirs.

A report names files without their folders, unless the run was made with --keep-paths. They are looked for in --from,
beside the report, in the folder around it, and in the current one. What was given in memory was kept with the run.
Nothing is written without --out.

The exit status is 0 where all maps and numbers are the same (times aside), and 3 where they differ.
"""
# what may be given instead of the run's: option, setting of a request, and help
ANEW = (
    ("--scan", "scan", "PATH", "the scan (default: found by its name)"),
    ("--reference", "reference", "FILE", f"the ground truth: {LABELS}"),
    ("--region", "region", "SOURCE", "clip, prediction, full, or the file of a mask"),
    ("--model", "model", "SPEC", "the model, such as function:package.module:name for one that was given in memory"),
    ("--prompts", "learned_prompts", "FILE", "contexts learned with `xaiclip learn-prompts`"),
    ("--vlm", "vlm", "MODEL", "vision-language model"),
    ("--device", "device", "NAME", "auto, cpu, cuda, cuda:1, mps"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which run, what of it is given anew, and where the result goes.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument(
        "report", metavar="REPORT", type=Path, help="the report.json of a saved run, or the folder that holds it"
    )
    parser.add_argument(
        "--from", metavar="DIR", type=Path, dest="search", help="folder with the files that the report names"
    )
    group = parser.add_argument_group("instead of the run's")
    for option, name, metavar, text in ANEW:
        group.add_argument(option, dest=name, metavar=metavar, help=text)
    group.add_argument(
        "--channel", action="append", dest="images", metavar="FILE",
        help="a further registered image; again for each, in the order of the run's",
    )  # fmt: skip
    group.add_argument("--seed", type=int, help="another seed: how far do the maps depend on it?")
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder for the new result (default: it is not kept)")
    parser.add_argument(
        "--force", action="store_true", help="go on where the scan has another size or place than the report says"
    )
    parser.add_argument("--download", action="store_true", help="allow weights that are missing to be downloaded")


def run(arguments: argparse.Namespace) -> int:
    """Make the run again, print what differs, and save it where that was asked for.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status: 0 where all is the same, 3 where it is not.

    Raises
    ------
    InputError
        If something is not found, or the result would take the place of the run itself.
    """
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.pipeline.rerun import SavedRun
    from XAICLIPLib.report.names import INPUTS, input_file
    from XAICLIPLib.results.outputs import reserve_output, result_files

    output, out = Output(arguments), arguments.out
    names = [*(name for _, name, _, _ in ANEW), "images", "seed"]
    anew = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    saved = SavedRun.open(arguments.report, arguments.search, **anew)
    if out is not None and out.resolve() == saved.folder.resolve():
        raise InputError(f"{out} holds the run that is made again; choose another folder with --out")
    files = [*result_files(saved.request.structures), *map(input_file, INPUTS)]
    status = 0
    with nullcontext() if out is None else reserve_output(out, saved.request, files):
        with Bar(output.shows_progress) as bar:
            models = Models(arguments.download, bar.megabytes)
            again = saved.again(models, bar, arguments.force)
        if out is not None:
            with Bar(output.shows_progress) as bar:
                again.explanation.save(out, pictures=False)
                progress = partial(bar, message="drawing")
                status = draw_last(lambda: again.explanation.save_pictures(out, progress=progress), out, output)
    for line in str(again).splitlines():
        output.line(line)
    for warning in again.explanation.warnings:
        output.note(warning)
    if out is not None:
        output.line(f"-> {out}")
    output.data(folder=out, same=again.same, differences=asdict(again.differences))
    if any("stopped by the user" in warning for warning in again.explanation.warnings):
        return STOPPED
    return status or (0 if again.same else DIFFERENT)
