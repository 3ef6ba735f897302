"""``xaiclip compare``."""

from __future__ import annotations

import argparse
from pathlib import Path

from XAICLIPLib.cli.output import Output

SUMMARY = "hold two finished runs of one scan against each other"
TEXT = """\
Say in what two runs of `xaiclip explain` on one scan differ: the settings, how alike their maps are, where they differ
most, and how far the two predictions overlap. The difference of the maps, the second minus the first, is written with
--out. No model is run. (`xaiclip rerun` makes one run again and compares it bit by bit.)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two runs, and where the difference goes.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("first", metavar="RUN_FOLDER", type=Path, help="what `xaiclip explain` wrote")
    parser.add_argument("second", metavar="OTHER_RUN_FOLDER", type=Path, help="the same, of another run on that scan")
    parser.add_argument("--structure", metavar="TEXT", help="which one (default: the first that both explain)")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="write the difference of the maps (.nrrd, .nii.gz, .mha)"
    )
    parser.add_argument("--force", action="store_true", help="replace a file of that name")


def run(arguments: argparse.Namespace) -> int:
    """Compare, and print in what the two differ.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.cli.atomic import atomic_write, refuse_existing
    from XAICLIPLib.pipeline.compare import compare
    from XAICLIPLib.results.explanation import Explanation
    from XAICLIPLib.volume import write_volume

    if arguments.out is not None and not arguments.force:
        refuse_existing(arguments.out)
    output = Output(arguments)
    first, second = (Explanation.load(folder) for folder in (arguments.first, arguments.second))
    found = compare(first, second, arguments.structure)
    if arguments.out is not None:
        with atomic_write(arguments.out) as place:
            write_volume(found.difference, place)
    output.line(found.text)
    for change in found.settings:
        output.line(f"setting {change.name}: {change.before} in the first, {change.now} in the second")
    output.data(
        text=found.text, structure=found.structure, unit=found.unit, correlation=found.correlation, dice=found.dice,
        largest=found.largest, at=found.at, slice=found.slice, map=arguments.out,
        settings=[{"name": c.name, "first": c.before, "second": c.now} for c in found.settings],
    )  # fmt: skip
    return 0
