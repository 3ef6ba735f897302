"""``xaiclip dicom``."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from XAICLIPLib.cli.output import Output
from XAICLIPLib.errors import InputError

SUMMARY = "write a finished run as DICOM objects for an archive"
TEXT = """\
Write the saliency of each structure as a Parametric Map, prediction and region as Segmentations, the montages as
Secondary Captures, the numbers as a Structured Report and the report as an Encapsulated PDF. They refer to the images
of the scan's own series, lie in its study, and supplement it: nothing of it is changed. Needs the package highdicom:
pip install highdicom.

A scan that is no DICOM (NIfTI, NRRD, MHA), or whose study and series UIDs were removed, gets a new study, with its
images beside the results in the folder `scan`. Patient names are copied from the series as they are.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The run, its scan, and where the objects go.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("run_folder", metavar="RUN_FOLDER", type=Path, help="what `xaiclip explain` wrote")
    parser.add_argument(
        "--series", metavar="FOLDER", type=Path,
        help="the scan's DICOM folder, or its NIfTI, NRRD or MHA file (default: the file of the scan's name beside "
        "you or the run, or the path of a run made with --keep-paths)",
    )  # fmt: skip
    parser.add_argument("--uid", metavar="UID", help="which series, where several in the folder lie on the run's grid")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the DICOM files")


def run(arguments: argparse.Namespace) -> int:
    """Export, and list what was written.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.report.dicom_source import need_highdicom
    from XAICLIPLib.report.folder import reserved
    from XAICLIPLib.results.explanation import Explanation

    need_highdicom()
    explanation = Explanation.load(arguments.run_folder)
    scan = arguments.series or _scan_of(explanation.report["request"].get("scan"), arguments.run_folder)
    with reserved(arguments.out, inputs=[scan], listing="export.json"):
        export = explanation.export_dicom(arguments.out, scan, arguments.uid, arguments.run_folder)
    output = Output(arguments)
    for note in export.notes:
        output.note(note)
    for name in export.files:
        output.line(name)
    copied = f", and {export.copied} images of the scan in a new study" if export.copied else ""
    output.line(f"{len(export.files)} DICOM objects{copied} -> {arguments.out}")
    output.data(folder=arguments.out, files=export.files, copied=export.copied)
    return 0


def _scan_of(name: object, run_folder: Path) -> Path:
    """The scan that a run was made from, where it can be found by its name."""
    if isinstance(name, str) and name:
        for place in (Path(), run_folder.resolve().parent, run_folder):
            with suppress(OSError, ValueError):
                if (place / name).exists():
                    return place / name
    raise InputError("the run does not say where its scan lies; give the DICOM folder, or the file, with --series")
