"""The options that several commands share, and the request that they make."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from XAICLIPLib.case.request import (
    CHOICES,
    Request,
    make_method,
)
from XAICLIPLib.cli.atomic import free_name
from XAICLIPLib.cli.image_options import images_of
from XAICLIPLib.cli.method_options import method_settings_of
from XAICLIPLib.cli.region_options import cut_of, vision_language_of

FAULT = 1
BAD_INPUT = 2
LABELS = (  # how a file with labels is written, in help texts
    "a mask, a label map, a 3D Slicer segmentation (.seg.nrrd) or a DICOM segmentation. Labels go by their names, in "
    "the "
    "file or in a table beside it, else by TotalSegmentator's numbers; FILE:liver=5,spleen=1 names the numbers, "
    "FILE:amos a numbering (totalsegmentator, totalsegmentator-mr, totalsegmentator-v3, totalsegmentator-v1, amos, "
    "btcv, flare22, chaos, phantom), FILE:NAMES.ctbl a table"
)
STOPPED = 130


def add_scan(parser: argparse.ArgumentParser) -> None:
    """Which scan, what in it, which slices.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    """
    parser.add_argument(
        "scan", metavar="SCAN", help="NIfTI, NRRD or MHA file, DICOM file, or folder with a DICOM series"
    )
    parser.add_argument("--series", metavar="UID", help="which DICOM series, where the folder holds several")
    add_what(parser)


def add_what(parser: argparse.ArgumentParser) -> None:
    """What in a scan, which slices, and how it is taken.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    """
    parser.add_argument(
        "--structure", action="append", required=True, metavar="TEXT",
        help="what to look at, in words; may be repeated, or several with commas between them",
    )  # fmt: skip
    parser.add_argument(
        "--slices", default="auto", metavar="WHICH",
        help="auto: those that hold the structure (default); all; 40:60 (axial, from the feet, end excluded); 45",
    )  # fmt: skip
    add_modality(parser)
    parser.add_argument("--preset", default="auto", metavar="NAME", help="contrast preset (default: by modality)")


def add_modality(parser: argparse.ArgumentParser) -> None:
    """What kind of scan it is.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    """
    parser.add_argument(
        "--modality", default="auto", choices=CHOICES["modality"], metavar="NAME",
        help=f"what kind of scan it is: {', '.join(CHOICES['modality'][1:])} (default: as the file says, else a guess)",
    )  # fmt: skip


def add_names(parser: argparse.ArgumentParser) -> None:
    """What a result says of the files that were given.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    """
    parser.add_argument(
        "--label",
        metavar="TEXT",
        help='what the scan is called in the result (default: its file\'s name; of a DICOM folder "DICOM series")',
    )
    parser.add_argument(
        "--keep-paths", action="store_true",
        help="write the whole paths of scan, reference, region and model to the report (default: their names alone)",
    )  # fmt: skip


def scan_of(arguments: argparse.Namespace) -> dict:
    """The scan, its structures and its slices as settings of a request.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_scan`, and of `add_names` where the command has them.

    Returns
    -------
    dict
        For `Request.of`.
    """
    names = ("scan", "series", "slices", "modality", "preset", "label", "keep_paths")
    given = {name: getattr(arguments, name) for name in names if hasattr(arguments, name)}
    return given | {"structures": structures_of(arguments)}


def structures_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The structures that were named, each on its own or several with commas between them.

    Parameters
    ----------
    arguments : Namespace
        With `structure`, a list of texts.

    Returns
    -------
    tuple of str
        Without empty ones.
    """
    return tuple(name.strip() for text in arguments.structure for name in text.split(",") if name.strip())


def add_model(parser: argparse.ArgumentParser) -> None:
    """What is explained, and against which truth.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    """
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model", default="bundled", metavar="SPEC",
        help="bundled, FAMILY:PATH such as medsam:FILE or nnunet:FOLDER, or function:package.module:name "
        "(see `xaiclip models`)",
    )  # fmt: skip
    add_prompt(group)
    group.add_argument(
        "--reference", metavar="FILE",
        help=f"ground truth: {LABELS}; the model's own prediction stands in without it",
    )  # fmt: skip
    add_device(group)
    group.add_argument(
        "--batch-size", type=int, metavar="N", help="perturbed copies per evaluation (default: by memory)"
    )
    group.add_argument(
        "--time-limit", type=float, metavar="SECONDS",
        help="end the run where the model takes longer for one answer; slices that are finished are written "
        "(default: none)",
    )  # fmt: skip
    group.add_argument(
        "--evidence", default="quick", choices=CHOICES["evidence"],
        help="test the maps: quick, on three slices per structure (default); full, every slice, several times the "
        "run's evaluations; none",
    )  # fmt: skip
    group.add_argument("--seed", type=int, default=0, help="same seed, same map (default: 0)")
    add_influence(group)


def add_influence(parser) -> None:
    """What is kept of where the output changed, for `xaiclip ask` and the answers in words.

    Parameters
    ----------
    parser : ArgumentParser or its group
        The options are added to it.
    """
    parser.add_argument(
        "--players", metavar="WHAT",
        help="hide whole segments one at a time as well, to say which structure needs which: prediction (all that the "
        "model draws), or segments:FILE, a label map",
    )  # fmt: skip
    parser.add_argument(
        "--part", default="auto", choices=CHOICES["part"],
        help="what the saliency shows. total: the drop of the score, as in the paper; remote: which places the rest of "
        "the structure hangs on, what is hidden itself left out; auto: remote where any matters, else total (default)",
    )  # fmt: skip
    parser.add_argument(
        "--cell-mm", type=float, default=4.0, metavar="MM", help="cells in which changes are kept (default: 4)"
    )
    parser.add_argument(
        "--no-influence", dest="influence", action="store_false",
        help="do not keep where the output changed: the run can't be asked then, and says nothing in words",
    )  # fmt: skip


def add_prompt(parser) -> None:
    """What a model that wants to be pointed at something is told.

    Parameters
    ----------
    parser : ArgumentParser or its group
        The options are added to it.
    """
    parser.add_argument(
        "--prompt-box", type=float, nargs=6, metavar=("X0", "X1", "Y0", "Y1", "Z0", "Z1"),
        help="for MedSAM and SAM: the box in LPS mm (default: the box of the region)",
    )  # fmt: skip
    parser.add_argument(
        "--prompt-point", type=float, nargs=4, action="append", metavar=("X", "Y", "Z", "INSIDE"),
        help="for MedSAM and SAM: a point in LPS mm, and 1 for inside or 0 for outside; may be repeated",
    )  # fmt: skip


def prompt_of(arguments: argparse.Namespace) -> dict:
    """Box and points as settings of a request.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_prompt`.

    Returns
    -------
    dict
        `prompt_box`, six numbers in LPS mm, and `prompt_points`, four numbers a point; None where not given.
    """
    box, points = arguments.prompt_box, arguments.prompt_point
    return {
        "prompt_box": tuple(box) if box else None,
        "prompt_points": tuple(v for point in points for v in point) if points else None,
    }


def add_device(parser) -> None:
    """Where the models compute.

    Parameters
    ----------
    parser : ArgumentParser or its group
        The options are added to it.
    """
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (default: auto)")


def make_request(arguments: argparse.Namespace) -> Request:
    """What the options ask for.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_scan` and `add_region`; where the command has them, also of `add_model` and
        `add_method`.

    Returns
    -------
    Request

    Raises
    ------
    InputError
        If a value is none that a request can have; the message says what is.
    """
    given = {}
    if "method" in arguments:
        given = {
            "method": make_method(arguments.method, **method_settings_of(arguments)),
            "model": arguments.model,
            "reference": arguments.reference,
            "score": arguments.score,
            "evidence": arguments.evidence,
            "batch_size": arguments.batch_size,
            "time_limit": arguments.time_limit,
            **prompt_of(arguments),
            "seed": arguments.seed,
            "influence": arguments.influence,
            "cell_mm": arguments.cell_mm,
            "players": arguments.players,
            "part": arguments.part,
        }
    return Request.of(
        **scan_of(arguments),
        **images_of(arguments),
        **vision_language_of(arguments),
        **cut_of(arguments),
        region=arguments.region,
        anyway=arguments.anyway,
        device=arguments.device,
        **given,
    )


def default_out(arguments: argparse.Namespace, ending: str) -> Path:
    """A folder beside the user, named after the scan, that is not there yet: what lies there may be of another scan.

    The name is the scan's label, or its file's; a folder of DICOM images, whose name may be the patient's, lends it
    none.

    Parameters
    ----------
    arguments : Namespace
        With `scan` and `label`.
    ending : str
        What stands behind the name, such as the method.

    Returns
    -------
    Path
    """
    from XAICLIPLib.volume import FORMATS
    from XAICLIPLib.volume.dicom_series import SERIES

    scan = Path(arguments.scan)
    name = SERIES.replace(" ", "-") if scan.is_dir() else scan.name
    if arguments.label:
        name = re.sub(r"[^\w.\-]+", "-", arguments.label)
    known = next((e for e in sorted(FORMATS, key=len, reverse=True) if name.lower().endswith(e)), "")
    stem = name[: len(name) - len(known)].strip(". ")[:100] or "scan"
    return free_name(Path(f"{stem}-{ending}"), folder=True)
