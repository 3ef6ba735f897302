"""``xaiclip learn-prompts``."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from XAICLIPLib.case.request import Request
from XAICLIPLib.cli.options import LABELS, add_device, add_scan, scan_of
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.cli.region_options import add_vision_language, vision_language_of
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.wording import duration

SUMMARY = "learn prompts for a structure from a few labelled slices of your own"
TEXT = """\
Keep the vision-language model as it is and learn the words around a structure's name (context optimisation, CoOp), so
that the region fits a few slices that you labelled. Prints the Dice of the region with your labels over the slices that
were not learned from, by plain words and by what was learned, and writes it to the file. Neighbouring slices are alike:
give a range of --slices to learn from, and the figures are of the slices outside it. Structures that are not found
better than by their words are left out of the file. Then:

  xaiclip explain SCAN --structure gallbladder --prompts contexts.safetensors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Scan and labels, the model, and how it is learned.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    add_scan(parser)
    parser.add_argument(
        "--labels", required=True, metavar="FILE",
        help=f"{LABELS}; slices without any label say nothing, unless "
        "the structure is labelled without gaps from its first slice to its last",
    )  # fmt: skip
    parser.add_argument(
        "--out", default="contexts.safetensors", type=Path, metavar="FILE", help="(default: contexts.safetensors)"
    )
    parser.add_argument("--force", action="store_true", help="keep what was learned, also where it is no better")
    model = parser.add_argument_group("vision-language model; what is learned belongs to it")
    add_vision_language(model)
    add_device(model)
    group = parser.add_argument_group("learning")
    group.add_argument(
        "--shots", type=int, default=8, metavar="N",
        help="labelled slices of each structure; a quarter of them only says when to stop (default: 8)",
    )  # fmt: skip
    group.add_argument(
        "--negatives", type=int, metavar="N", help="slices without it on top of that (default: half as many)"
    )
    group.add_argument("--context", type=int, default=16, metavar="N", help="vectors around the name (default: 16)")
    group.add_argument(
        "--position", default="front", choices=("front", "middle"),
        help="all before the name, or half of them after it (default: front)",
    )  # fmt: skip
    group.add_argument(
        "--specific", action=argparse.BooleanOptionalAction, default=True,
        help="contexts of its own for each structure, or one for all (default: its own)",
    )  # fmt: skip
    group.add_argument(
        "--adapters", action="store_true", help="also learn from features inside the image tower (MediCLIP's adapters)"
    )
    group.add_argument("--steps", type=int, default=200, metavar="N", help="at most (default: 200)")
    group.add_argument("--seed", type=int, default=0, help="same seed, same contexts (default: 0)")


def run(arguments: argparse.Namespace) -> int:
    """Learn, print what it brought, write the file.

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
        If the file can't be written where it is to go.
    """
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.pipeline.learn_prompts import Settings, check_place, learn_prompts

    if not arguments.out.parent.is_dir():
        raise InputError(f"{arguments.out} can't be written: there is no folder {arguments.out.parent}; make it first")
    check_place(arguments.out)
    request = Request.of(
        **scan_of(arguments),
        **vision_language_of(arguments),
        reference=arguments.labels,
        device=arguments.device,
        seed=arguments.seed,
    )
    settings = Settings(
        context=arguments.context,
        position=arguments.position,
        specific=arguments.specific,
        adapters=arguments.adapters,
        steps=arguments.steps,
        seed=arguments.seed,
    )
    output, start = Output(arguments), time.perf_counter()
    with Bar(output.shows_progress) as bar:
        learning = learn_prompts(
            request,
            settings,
            shots=arguments.shots,
            negatives=arguments.negatives,
            models=Models(arguments.download, bar.megabytes),
            progress=bar,
        )
    for row in learning.rows:
        output.line(
            f"{row['structure']}: {row['shots']} slices with it and {row['without']} without, "
            f"{row['watched']} of them watched; {_figures(row)}"
        )
    for warning in learning.warnings:
        output.note(warning)
    out = learning.save(arguments.out, arguments.force)
    seconds = time.perf_counter() - start
    output.line(f"{learning.prompts.facts['steps']} steps, {duration(seconds)} -> {out}")
    output.data(out=out, rows=learning.rows, seconds=seconds, **learning.prompts.facts)
    return 0


def _figures(row: dict) -> str:
    if row["after"] is None:
        return "no other labelled slice to measure on"
    return f"ROI Dice on {row['measured']} other slices {row['before']:.3f} by words, {row['after']:.3f} learned"
