"""``xaiclip phantom``."""

from __future__ import annotations

import argparse
from pathlib import Path

from XAICLIPLib.cli.output import Output

SUMMARY = "write a synthetic CT with exact labels"
TEXT = "Write a deterministic synthetic CT, and beside it NAME_labels with TotalSegmentator's class numbers."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write, and which patient.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("out", metavar="FILE", type=Path, help="where to write the CT (.nrrd, .nii.gz, .mha)")
    parser.add_argument("--force", action="store_true", help="replace files of these names")
    parser.add_argument("--seed", type=int, default=0, help="another patient (default: 0)")
    parser.add_argument(
        "--part", metavar="NAME", default="abdomen",
        help="what of the body is in view: abdomen (default), chest, head, pelvis or thigh",
    )  # fmt: skip
    parser.add_argument(
        "--varied", action="store_true",
        help="draw size, fat, sex, posture and organs at random as well, some of them missing",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Write both volumes and print their paths.

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
    from XAICLIPLib.phantom import make_phantom
    from XAICLIPLib.volume import FORMATS, write_volume

    ending = next((e for e in sorted(FORMATS, key=len, reverse=True) if arguments.out.name.endswith(e)), "")
    second = arguments.out.with_name(arguments.out.name.removesuffix(ending) + "_labels" + ending)
    if not arguments.force:
        refuse_existing(arguments.out, second)
    scan, labels = make_phantom(arguments.seed, part=arguments.part, varied_anatomy=arguments.varied)
    with atomic_write(arguments.out) as first_place, atomic_write(second) as second_place:
        for volume, place in ((scan, first_place), (labels, second_place)):
            write_volume(volume, place)
    output = Output(arguments)
    output.line(str(arguments.out))
    output.line(str(second))
    output.data(ct=arguments.out, labels=second)
    return 0
