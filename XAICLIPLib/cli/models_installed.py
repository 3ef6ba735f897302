"""``xaiclip models installed``."""

from __future__ import annotations

import argparse
from textwrap import fill
from typing import TYPE_CHECKING

from XAICLIPLib.cli.output import Output

if TYPE_CHECKING:
    from XAICLIPLib.models.installed.model import InstalledModel

SUMMARY = "list the models that other programs have left on this machine"
TEXT = """\
List the models on this machine, in the places where each program keeps its own: TotalSegmentator, nnU-Net, HD-BET,
MONAIAuto3DSeg, MONAI Label, lungmask, Segment Anything, VoxTell and others; what they segment, their size, and the
string that opens each with --model. What can't be explained is listed with the reason. Only names and small files of
text are read: no model is opened, nothing is downloaded.
"""
WIDTH = 118
SHOWN = 8  # structures named in the table; --json and `models check` have all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--places`.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("--places", action="store_true", help="also say where is looked for each program's models")


def run(arguments: argparse.Namespace) -> int:
    """Look, and print.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.models.installed.programs import PROGRAMS, found_models

    output, models = Output(arguments), found_models()
    for name in dict.fromkeys(model.program for model in models):
        output.line(name)
        for model in models:
            if model.program == name:
                _tell(output, model)
        output.line("")
    if not models:
        output.line(
            "No program has left a model where it would; `xaiclip models` lists what can be opened by its path."
        )
    if arguments.places:
        output.line("looked for in")
        for program in PROGRAMS:
            output.line(_wrapped(f"{program.name}: {program.places}", "  "))
    output.data(
        models=[model.to_json() for model in models],
        places={program.name: program.places for program in PROGRAMS},
    )
    return 0


def _tell(output: Output, model: InstalledModel) -> None:
    names = model.structures
    shown = ", ".join(names[:SHOWN]) + (f", … ({len(names)})" if len(names) > SHOWN else "")
    size = f"{model.bytes / 1e6:.0f} MB" if model.bytes >= 1e6 else f"{model.bytes / 1e3:.0f} kB"
    output.line(_wrapped(f"{model.task} ({size}){': ' if shown else ''}{shown}", "  "))
    if model.explainable:
        output.line(_wrapped(f"--model {model.spec}", "    "))
    else:
        output.line(_wrapped(f"can't be explained: {model.refused}", "    "))
    for note in model.notes:
        output.line(_wrapped(note, "    "))


def _wrapped(text: str, indent: str) -> str:
    return fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
