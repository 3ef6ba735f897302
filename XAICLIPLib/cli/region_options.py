"""The options that say where a scan may be perturbed, and which vision-language model finds it."""

from __future__ import annotations

import argparse

from XAICLIPLib.case.request import CHOICES
from XAICLIPLib.case.settings import REGION_SOURCES


def add_region(parser: argparse.ArgumentParser) -> None:
    """Where the scan may be perturbed.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    """
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
    """What else words are compared with, and how a region is cut from the similarity.

    Parameters
    ----------
    parser : ArgumentParser or its group
        The options are added to it.
    """
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
    """How a region is cut, as settings of a request.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_cut`.

    Returns
    -------
    dict
        For `Request.of`.
    """
    same = ("probability", "cut", "threshold", "sigma", "components", "fill_holes")
    return {
        **{name: getattr(arguments, name) for name in same},
        "negatives": tuple(arguments.negatives),
        "learned_prompts": arguments.prompts,
        "dilation_mm": arguments.dilate,
    }


def add_vision_language(group) -> None:
    """Which vision-language model, and how it looks.

    Parameters
    ----------
    parser : ArgumentParser or its group
        The options are added to it.
    """
    group.add_argument(
        "--vlm", default="bundled", metavar="MODEL",
        help="vision-language model: bundled, biomedclip, ARCHITECTURE:TAG or ARCHITECTURE:CHECKPOINT of open_clip, "
        "hf-hub:OWNER/NAME, local-dir:FOLDER; or voxtell:FOLDER (see `xaiclip models`)",
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
    """The vision-language model as settings of a request.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_vision_language`.

    Returns
    -------
    dict
        For `Request.of`.
    """
    return {name: getattr(arguments, name) for name in ("vlm", "strategy", "vlm_size", "vlm_windows")}
