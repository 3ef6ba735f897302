"""``xaiclip phantom``."""

from __future__ import annotations

import argparse
from pathlib import Path

SUMMARY = "write a synthetic abdominal CT with exact labels"
TEXT = "Write a deterministic synthetic CT, and beside it NAME_labels with TotalSegmentator's class numbers."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write, and which patient."""
    parser.add_argument("out", metavar="FILE", type=Path, help="where to write the CT (.nrrd, .nii.gz, .mha)")
    parser.add_argument("--seed", type=int, default=0, help="another patient (default: 0)")


def run(arguments: argparse.Namespace) -> int:
    """Write both volumes and print their paths."""
    from XAICLIPLib.phantom import make_phantom
    from XAICLIPLib.volume import FORMATS, write_volume

    scan, labels = make_phantom(arguments.seed)
    ending = next((e for e in sorted(FORMATS, key=len, reverse=True) if arguments.out.name.endswith(e)), "")
    second = arguments.out.with_name(arguments.out.name.removesuffix(ending) + "_labels" + ending)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    for volume, path in ((scan, arguments.out), (labels, second)):
        print(write_volume(volume, path))
    return 0
