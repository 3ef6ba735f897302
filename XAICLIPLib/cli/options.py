"""The options that several commands share, and the request that they make."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from XAICLIPLib.attribution.methods import METHODS, options
from XAICLIPLib.case.request import (
    CHOICES,
    SCORES,
    Request,
    make_method,
)
from XAICLIPLib.case.settings import REGION_SOURCES
from XAICLIPLib.cli.atomic import free_name

FAULT = 1
BAD_INPUT = 2
LABELS = (  # how a file with labels is written, in help texts
    "a mask, a label map, a 3D Slicer segmentation (.seg.nrrd) or a DICOM segmentation. Labels go by their names, in "
    "the "
    "file or in a table beside it, else by TotalSegmentator's numbers; FILE:liver=5,spleen=1 names the numbers, "
    "FILE:amos a numbering (totalsegmentator, totalsegmentator-mr, totalsegmentator-v1, amos, btcv, flare22, chaos, "
    "phantom), FILE:NAMES.ctbl a table"
)
STOPPED = 130


def add_scan(parser: argparse.ArgumentParser) -> None:
    """Which scan, what in it, which slices."""
    parser.add_argument(
        "scan", metavar="SCAN", help="NIfTI, NRRD or MHA file, DICOM file, or folder with a DICOM series"
    )
    parser.add_argument(
        "--structure", action="append", required=True, metavar="TEXT",
        help="what to look at, in words; may be repeated, or several with commas between them",
    )  # fmt: skip
    parser.add_argument("--series", metavar="UID", help="which DICOM series, where the folder holds several")
    parser.add_argument(
        "--slices", default="auto", metavar="WHICH",
        help="auto: those that hold the structure (default); all; 40:60 (axial, from the feet, end excluded); 45",
    )  # fmt: skip
    add_modality(parser)
    parser.add_argument("--preset", default="auto", metavar="NAME", help="contrast preset (default: by modality)")


def add_modality(parser: argparse.ArgumentParser) -> None:
    """What kind of scan it is."""
    parser.add_argument(
        "--modality", default="auto", choices=CHOICES["modality"], metavar="NAME",
        help=f"what kind of scan it is: {', '.join(CHOICES['modality'][1:])} (default: as the file says, else a guess)",
    )  # fmt: skip


def add_names(parser: argparse.ArgumentParser) -> None:
    """What a result says of the files that were given."""
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
    """The same as fields of a request."""
    names = ("scan", "series", "slices", "modality", "preset", "label", "keep_paths")
    given = {name: getattr(arguments, name) for name in names if hasattr(arguments, name)}
    return given | {"structures": structures_of(arguments)}


def structures_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The structures that were named, each on its own or several with commas between them."""
    return tuple(name.strip() for text in arguments.structure for name in text.split(",") if name.strip())


def add_region(parser: argparse.ArgumentParser) -> None:
    """Where the scan may be perturbed."""
    group = parser.add_argument_group("region")
    group.add_argument(
        "--region", default="clip", metavar="SOURCE",
        help=f"{', '.join(REGION_SOURCES)}, or the FILE of a mask or label map, see --reference (default: clip, the "
        "words themselves)",
    )  # fmt: skip
    add_vision_language(group)
    add_cut(group)
    group.add_argument(
        "--anyway", action="store_true",
        help="go on where models or words were made for another body part or modality; nothing then counts as "
        "supported",
    )  # fmt: skip


def add_cut(group) -> None:
    """What else words are compared with, and how a region is cut from the similarity."""
    group.add_argument(
        "--not", action="append", default=[], metavar="TEXT", dest="negatives",
        help="what is not meant, in words; competes with the structures; may be repeated",
    )  # fmt: skip
    group.add_argument("--prompts", metavar="FILE", help="contexts learned with `xaiclip learn-prompts`")
    group.add_argument(
        "--probability", default="auto", choices=CHOICES["probability"],
        help="softmax against background prompts, or each map from its lowest to its highest value (default: auto)",
    )  # fmt: skip
    group.add_argument(
        "--cut", default="threshold", choices=CHOICES["cut"],
        help="a fixed threshold, or Otsu's in each slice (default: threshold)",
    )  # fmt: skip
    group.add_argument(
        "--threshold", type=float, default=0.5, help="probability from which a pixel belongs to the region"
    )
    group.add_argument("--sigma", type=float, default=2.0, help="smoothing, in pixels of a slice 512 wide (default: 2)")
    group.add_argument("--dilate", type=float, default=0.0, metavar="MM", help="grow the region by so many mm")
    group.add_argument(
        "--components", default="all", metavar="HOW_MANY",
        help="connected pieces to keep of each structure: all (default), auto (two for a pair, else one), or a number",
    )  # fmt: skip
    group.add_argument("--fill-holes", action="store_true", help="holes in the region belong to it")


def cut_of(arguments: argparse.Namespace) -> dict:
    """The same as fields of a request."""
    same = ("probability", "cut", "threshold", "sigma", "components", "fill_holes")
    return {
        **{name: getattr(arguments, name) for name in same},
        "negatives": tuple(arguments.negatives),
        "learned_prompts": arguments.prompts,
        "dilation_mm": arguments.dilate,
    }


def add_vision_language(group) -> None:
    """Which vision-language model, and how it looks."""
    group.add_argument(
        "--vlm", default="bundled", metavar="MODEL",
        help="vision-language model: bundled, biomedclip, ARCHITECTURE:TAG or ARCHITECTURE:CHECKPOINT of open_clip, "
        "hf-hub:OWNER/NAME, local-dir:FOLDER (see `xaiclip models`)",
    )  # fmt: skip
    group.add_argument(
        "--download", action="store_true",
        help="allow the model's weights to be downloaded where they are not on this machine; nothing is uploaded",
    )  # fmt: skip
    group.add_argument(
        "--strategy", default="auto", choices=CHOICES["strategy"],
        help="how patches are compared with words (default: auto, what measured best for the model)",
    )  # fmt: skip
    group.add_argument(
        "--vlm-size", type=int, metavar="PIXELS", help="edge of its input (default: its own); larger gives a finer map"
    )
    group.add_argument(
        "--vlm-windows", default="one", choices=CHOICES["vlm_windows"],
        help="the same grey in its three channels, or three windows of the scan (default: one)",
    )  # fmt: skip


def vision_language_of(arguments: argparse.Namespace) -> dict:
    """The same as fields of a request."""
    return {name: getattr(arguments, name) for name in ("vlm", "strategy", "vlm_size", "vlm_windows")}


def add_model(parser: argparse.ArgumentParser) -> None:
    """What is explained, and against which truth."""
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


def add_prompt(parser) -> None:
    """What a model that wants to be pointed at something is told."""
    parser.add_argument(
        "--prompt-box", type=float, nargs=6, metavar=("X0", "X1", "Y0", "Y1", "Z0", "Z1"),
        help="for MedSAM and SAM: the box in LPS mm (default: the box of the region)",
    )  # fmt: skip
    parser.add_argument(
        "--prompt-point", type=float, nargs=4, action="append", metavar=("X", "Y", "Z", "INSIDE"),
        help="for MedSAM and SAM: a point in LPS mm, and 1 for inside or 0 for outside; may be repeated",
    )  # fmt: skip


def prompt_of(arguments: argparse.Namespace) -> dict:
    """The same as fields of a request."""
    box, points = arguments.prompt_box, arguments.prompt_point
    return {
        "prompt_box": tuple(box) if box else None,
        "prompt_points": tuple(v for point in points for v in point) if points else None,
    }


def add_device(parser) -> None:
    """Where the models compute."""
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (default: auto)")


def add_method(parser: argparse.ArgumentParser) -> None:
    """How it is perturbed."""
    group = parser.add_argument_group("method")
    group.add_argument("--method", default="occlusion", choices=sorted(METHODS), help="(default: occlusion)")
    group.add_argument("--score", default="dice", choices=SCORES, help="what must drop (default: dice)")
    add_method_settings(group)


def add_method_settings(group) -> None:
    """The settings of all methods; each method says which are its own."""
    group.add_argument(
        "--fill", metavar="FILL",
        help="zero (default), mean, local_mean, blur, noise, inpaint, air, fat, water, soft_tissue, or a number in the "
        "model's own values",
    )  # fmt: skip
    for option in options():
        group.add_argument(
            f"--{option.name.replace('_', '-')}",
            type=option.kind,
            metavar=None if option.choices else option.metavar,
            choices=option.choices,
            help=option.about.replace("%", "%%"),
        )


def method_settings_of(arguments: argparse.Namespace) -> dict:
    """The same as settings of a method, those that were given."""
    names = ("fill", *(option.name for option in options()))
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    return given | ({"fill": _number(given["fill"])} if "fill" in given else {})


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def make_request(arguments: argparse.Namespace) -> Request:
    """What the options ask for."""
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
        }
    return Request.of(
        **scan_of(arguments),
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
