"""``xaiclip benchmark``."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import fields
from pathlib import Path

from XAICLIPLib.attribution.methods import METHODS
from XAICLIPLib.case.request import SCORES, Request, make_method
from XAICLIPLib.cli.method_options import add_method_settings, method_settings_of
from XAICLIPLib.cli.options import STOPPED, add_device
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.planted import add_planted, check_unused, run_planted_benchmark
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.cli.region_options import add_cut, add_vision_language, cut_of, vision_language_of
from XAICLIPLib.errors import Cancelled, InputError

SUMMARY = "brute force against ROI-guided on a data set: the paper's tables"
TEXT = """\
Explain the largest slices of each structure twice, with the whole image and with the region alone, and write what it
cost and how good the maps are: rows.csv (each case, slice, structure, method and arm), pairs.csv (each ROI-guided row
against its brute force), summary.csv, tables.md and figure.png.

  --dataset phantom            made on the spot, one patient per case; a few minutes
  --dataset chaos --root DIR   CT/ID and MR/ID as published, also below Train_Sets
  --dataset flare22 --root DIR images/NAME_0000.nii.gz and labels/NAME.nii.gz
  --dataset planted            instead: models whose reason is known, because it was built in; which method, fill and
                               map finds it, beside Captum's gradients; what is said in words, and how much is true

Each finished comparison is kept in rows.jsonl at once. The same command with the same --out goes on where it stopped,
also with more cases, slices, structures or methods.
"""
_DEFAULTS = ("occlusion", "rise", "lime")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which data, what in it, and how it is explained.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    """
    data = parser.add_argument_group("data")
    data.add_argument("--dataset", required=True, choices=("chaos", "flare22", "phantom", "planted"))
    data.add_argument(
        "--root", metavar="DIR", type=Path, help="where the data set was unpacked; the phantom needs none"
    )
    data.add_argument("--out", metavar="DIR", type=Path, help="folder for the tables (default: DATASET-benchmark)")
    data.add_argument("--cases", type=int, metavar="N", help="the first N (default: all; of the phantom 2)")
    data.add_argument("--only", default="*", metavar="PATTERN", help='cases whose name matches, such as "CT-*"')
    data.add_argument("--skip-incomplete", action="store_true", help="leave out cases of which files are missing")
    data.add_argument(
        "--structures", type=_list, default=(), metavar="LIST",
        help="separated by commas: liver,right kidney; or all (default: liver, spleen and kidneys, where there are "
        "labels)",
    )  # fmt: skip
    data.add_argument(
        "--slices-per-case", type=int, default=1, metavar="N",
        help="of each structure: its largest slice, then others over its length (default: 1)",
    )  # fmt: skip
    add_planted(parser)
    region = parser.add_argument_group("region of the ROI-guided arm")
    region.add_argument(
        "--region", default="clip", choices=("clip", "prediction"),
        help="found by words (default), or the model's own prediction, dilated",
    )  # fmt: skip
    add_vision_language(region)
    add_cut(region)
    model = parser.add_argument_group("model and method, alike in both arms")
    model.add_argument("--model", default="bundled", metavar="SPEC", help="a model of slices (see `xaiclip models`)")
    add_device(model)
    model.add_argument("--batch-size", type=int, metavar="N", help="perturbed copies per evaluation")
    model.add_argument("--score", default="dice", choices=SCORES, help="what must drop (default: dice)")
    model.add_argument(
        "--methods", type=_list, metavar="LIST",
        help=f"separated by commas, of {', '.join(METHODS)} (default: {','.join(_DEFAULTS)}; of planted causes "
        "occlusion,hierarchical)",
    )  # fmt: skip
    add_method_settings(model)
    model.add_argument("--seed", type=int, default=0, help="of all methods, in both arms (default: 0)")


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def run(arguments: argparse.Namespace) -> int:
    """Compare, write the tables, and print the medians.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.

    Raises
    ------
    InputError
        If nothing could be compared, or the folder is not the benchmark's.
    """
    from XAICLIPLib.benchmark.rowsfile import RowsFile
    from XAICLIPLib.benchmark.run import run_benchmark, settings_of
    from XAICLIPLib.benchmark.tables import glance, grid
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.datasets import choose_cases
    from XAICLIPLib.results.outputs import check_output

    out = arguments.out or Path(f"{arguments.dataset}-benchmark")
    check_output(out)
    if arguments.dataset == "planted":
        return run_planted_benchmark(arguments, out)
    check_unused(arguments)
    _refuse_foreign(out)
    methods, request = _methods(arguments), _request(arguments)
    cases, left_out = choose_cases(
        arguments.dataset, arguments.root, count=arguments.cases, only=arguments.only,
        skip_incomplete=arguments.skip_incomplete,
    )  # fmt: skip
    place = {} if arguments.dataset == "phantom" else {"root": str(arguments.root.resolve())}
    kept = RowsFile(out, settings_of(request, methods, dataset=arguments.dataset, **place))
    output = Output(arguments)
    if len(kept):
        output.note(f"{len(kept)} comparisons are in {out} already")
    try:
        with Bar(output.shows_progress) as bar:
            found = run_benchmark(
                cases, arguments.structures, methods, request,
                slices_per_case=arguments.slices_per_case, kept=kept, models=Models(arguments.download), progress=bar,
            )  # fmt: skip
    except (Cancelled, KeyboardInterrupt):  # before the first case, or twice
        print(_how_to_go_on(len(kept), out), file=sys.stderr)
        return STOPPED
    remarks = [
        *(["stopped by the user before everything was compared"] if found.stopped else []),
        *(f"left out: {text}" for text in left_out),
        *(_skipped(item) for item in found.skipped),
        *found.doubts(request.region.source),
        *found.notes,
    ]
    for remark in remarks:
        output.note(remark)
    if found.rows:
        _write(out, arguments, found, request, remarks)
        output.line(grid(*glance(found.summary)).rstrip("\n"))
        output.data(folder=out, comparisons=found.comparisons, summary=found.summary)
    elif not found.stopped:
        raise InputError(f"nothing could be compared: {'; '.join(remarks) or 'no slice'}")
    if found.stopped:
        print(_how_to_go_on(len(kept), out), file=sys.stderr)
        return STOPPED
    output.line(f"{found.comparisons} comparisons in {len({row.case for row in found.rows})} cases -> {out}")
    return 0


def _refuse_foreign(out: Path) -> None:
    """Refuse a folder with files of the names that will be written, in which no benchmark was begun."""
    from XAICLIPLib.benchmark.rowsfile import ROWS, SETTINGS

    names = ("rows.csv", "pairs.csv", "summary.csv", "tables.md", "figure.png", ROWS)
    there = [name for name in names if os.path.lexists(out / name)]
    links = [name for name in there if (out / name).is_symlink()]
    if links or (there and not (out / SETTINGS).is_file()):
        raise InputError(
            f"{out} holds {', '.join(links or there)}, which no benchmark is known to have written; choose another "
            "folder with --out"
        )


def _methods(arguments: argparse.Namespace) -> list:
    """The methods, each with those of the settings that it has.

    Raises
    ------
    InputError
        If one is unknown or named twice, or a setting is of none of them.
    """
    names = _DEFAULTS if arguments.methods is None else arguments.methods
    if not names or len(set(names)) < len(names):
        raise InputError(f"methods {','.join(names) or 'are missing'}: name each once, of {', '.join(METHODS)}")
    given = method_settings_of(arguments)
    made, used = [], set()
    for name in names:
        has = {f.name for f in fields(METHODS[name])} if name in METHODS else set()
        used |= has
        made.append(make_method(name, **{key: value for key, value in given.items() if key in has}))
    if unused := set(given) - used:
        raise InputError(f"{', '.join(sorted(unused))}: none of {', '.join(names)} has this setting")
    return made


def _request(arguments: argparse.Namespace) -> Request:
    return Request.of(
        scan=arguments.dataset,
        structures=arguments.structures or ("liver",),
        model=arguments.model,
        region=arguments.region,
        **vision_language_of(arguments),
        **cut_of(arguments),
        score=arguments.score,
        evidence="none",
        device=arguments.device,
        batch_size=arguments.batch_size,
        seed=arguments.seed,
    )


def _write(out: Path, arguments: argparse.Namespace, found, request: Request, remarks: list[str]) -> None:
    from XAICLIPLib.benchmark.figure import draw_bars
    from XAICLIPLib.benchmark.tables import write_tables
    from XAICLIPLib.report.provenance import environment

    made, region = environment(), request.region
    title = f"Brute force against ROI-guided: {arguments.dataset}"
    facts = {
        "data": f"{arguments.dataset}, cases {', '.join(dict.fromkeys(row.case for row in found.rows))}",
        "model": request.model,
        "region": f"{region.source}, language model {request.vlm.model}, threshold {region.threshold:g}",
        "score": f"{request.score} against the ground truth",
        "seed": str(request.seed),
        "machine": f"{request.device}, {os.cpu_count()} cores, {made['platform']}",
        "versions": f"xaiclip {made['xaiclip']}, Python {made['python']}, torch {made['libraries']['torch']}",
    }
    draw_bars(out / "figure.png", found.rows, title)
    write_tables(
        out, title, found.rows, found.pairs, found.summary, facts=facts, remarks=remarks, figure="figure.png"
    )  # fmt: skip


def _skipped(item: dict) -> str:
    where = f"{item['case']}, {item['structure'].replace('_', ' ')}"
    where += f", slice {item['slice']}" if "slice" in item else ""
    return f"{where}{', ' + item['method'] if 'method' in item else ''}: {item['reason']}"


def _how_to_go_on(count: int, out: Path) -> str:
    return (
        f"xaiclip: stopped; the {count} comparisons that are finished are kept in {out}: run the same command to go on"
    )
