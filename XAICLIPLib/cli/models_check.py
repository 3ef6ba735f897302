"""``xaiclip models check``."""

from __future__ import annotations

import argparse
from pathlib import Path

SUMMARY = "open a model, run one slice, and say what it is and how fast"
TEXT = """\
Open a model by the string that `explain --model` takes, run it on one slice (one volume for a model of volumes), print
what it segments, what it wants and how long an image takes, and write a picture of what it finds. Whatever had to be
assumed about the model is said in notes.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Model, scan, slice, prompt, and where the picture goes."""
    parser.add_argument("model", metavar="SPEC", help="the model, see `xaiclip models`; a path alone is looked into")
    parser.add_argument("scan", metavar="SCAN", nargs="?", help="the scan (default: the phantom)")
    parser.add_argument(
        "--structure", action="append", default=[], metavar="TEXT",
        help="look at this alone, in words; for MedSAM and SAM also where to point; may be repeated",
    )  # fmt: skip
    parser.add_argument("--series", metavar="UID", help="which DICOM series, where the folder holds several")
    parser.add_argument(
        "--slice", type=int, metavar="N", help="axial, from the feet (default: the middle; the phantom's liver)"
    )
    parser.add_argument(
        "--region", default="clip", metavar="SOURCE",
        help="for MedSAM and SAM: whose box is the prompt: clip (the words, default), or the FILE of a mask",
    )  # fmt: skip
    parser.add_argument(
        "--prompt-box", type=float, nargs=6, metavar=("X0", "X1", "Y0", "Y1", "Z0", "Z1"),
        help="for MedSAM and SAM: the box in LPS mm",
    )  # fmt: skip
    parser.add_argument(
        "--prompt-point", type=float, nargs=4, action="append", metavar=("X", "Y", "Z", "INSIDE"),
        help="for MedSAM and SAM: a point in LPS mm, and 1 for inside or 0 for outside; may be repeated",
    )  # fmt: skip
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (default: auto)")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="the picture, .png (default: NAME-check.png beside you)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check, print, and draw."""
    from XAICLIPLib.errors import InputError
    from XAICLIPLib.modelcheck import check_model

    out = arguments.out
    if out is not None and out.suffix.lower() != ".png":
        raise InputError(f"{out} is no .png; the picture is one")
    found = check_model(
        arguments.model,
        scan=arguments.scan,
        structures=tuple(arguments.structure),
        series=arguments.series,
        z=arguments.slice,
        region=arguments.region,
        prompt_box=tuple(arguments.prompt_box) if arguments.prompt_box else None,
        prompt_points=tuple(v for p in arguments.prompt_point for v in p) if arguments.prompt_point else None,
        device=arguments.device,
    )
    rows = found.rows()
    width = max(len(title) for title, _ in rows) + 1
    for title, text in rows:
        print(f"{title:<{width}}{text}")
    for note in found.notes:
        print(f"note: {note}")
    print(f"picture -> {found.draw(out or Path(f'{found.short_name}-check.png'))}")
    return 0
