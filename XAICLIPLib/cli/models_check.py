"""``xaiclip models check``."""

from __future__ import annotations

import argparse
from pathlib import Path

from XAICLIPLib.cli.options import add_device, add_modality, add_prompt, prompt_of
from XAICLIPLib.cli.output import Output

SUMMARY = "open a model, run one slice, and say what it is and how fast"
TEXT = """\
Open a model by the string that `explain --model` takes, run it on one slice (one volume for a model of volumes), print
what it segments, what it wants and how long an image takes, and write a picture of what it finds. Whatever had to be
assumed about the model is said in notes.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Model, scan, slice, prompt, and where the picture goes.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("model", metavar="SPEC", help="the model, see `xaiclip models`; a path alone is looked into")
    parser.add_argument("scan", metavar="SCAN", nargs="?", help="the scan (default: the phantom)")
    parser.add_argument(
        "--structure", action="append", default=[], metavar="TEXT",
        help="look at this alone, in words; for MedSAM and SAM also where to point; may be repeated",
    )  # fmt: skip
    parser.add_argument("--series", metavar="UID", help="which DICOM series, where the folder holds several")
    parser.add_argument(
        "--channel", action="append", dest="images", default=[], metavar="FILE",
        help="a further image, registered to SCAN, for a model that takes several; again for each, in its order",
    )  # fmt: skip
    add_modality(parser)
    parser.add_argument(
        "--slice", type=int, metavar="N", help="axial, from the feet (default: the middle; the phantom's liver)"
    )
    parser.add_argument(
        "--region", default="clip", metavar="SOURCE",
        help="for MedSAM and SAM: whose box is the prompt: clip (the words, default), or the FILE of a mask",
    )  # fmt: skip
    add_prompt(parser)
    add_device(parser)
    parser.add_argument(
        "--accept-licence", action="store_true",
        help="the model's licence forbids commercial use, and you accept it; remembered on this machine",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace a picture of that name")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="the picture, .png (default: NAME-check.png beside you)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check, print, and draw.

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
        If the picture has another ending than .png, or would replace a file.
    """
    from XAICLIPLib.cli.atomic import atomic_write, free_name, refuse_existing
    from XAICLIPLib.errors import InputError
    from XAICLIPLib.pipeline.check_model import check_model

    out = arguments.out
    if out is not None and out.suffix.lower() != ".png":
        raise InputError(f"{out} is no .png; the picture is one")
    if out is not None and not arguments.force:
        refuse_existing(out)
    output = Output(arguments)
    check = check_model(
        arguments.model,
        scan=arguments.scan,
        structures=tuple(arguments.structure),
        series=arguments.series,
        modality=arguments.modality,
        images=tuple(arguments.images),
        z=arguments.slice,
        region=arguments.region,
        **prompt_of(arguments),
        device=arguments.device,
        accept_licence=arguments.accept_licence,
        tell=output.ahead,
    )
    rows = check.rows()
    width = max(len(title) for title, _ in rows) + 1
    for title, text in rows:
        output.line(f"{title:<{width}}{text}")
    for note in check.notes:
        output.note(note)
    out = out or free_name(Path(f"{check.short_name}-check.png"))
    with atomic_write(out) as place:
        check.draw(place)
    output.line(f"picture -> {out}")
    output.data(facts=dict(rows), picture=out)
    return 0
