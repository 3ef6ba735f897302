"""The options that say of which further images a model is to be given, and in which of them places are hidden."""

from __future__ import annotations

import argparse


def add_images(parser: argparse.ArgumentParser, perturbs: bool = True) -> None:
    """Registered images beside the scan.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    perturbs : bool
        Whether the command hides places.
    """
    group = parser.add_argument_group("several images")
    group.add_argument(
        "--channel", action="append", dest="images", default=[], metavar="FILE",
        help="a further image, registered to SCAN, for a model that takes several (T1, T2, …); again for each, in the "
        "model's order. Resampled where its grid is another; FOLDER:UID is a series of a DICOM folder",
    )  # fmt: skip
    if perturbs:
        group.add_argument(
            "--perturb", default="all", metavar="WHICH",
            help="where places are hidden: in all images at once (default); each: so, and then in each alone, with a "
            "map for each; or in one, by its name or number (SCAN is 1)",
        )  # fmt: skip
    group.add_argument(
        "--region-image", default="1", metavar="WHICH",
        help="the image in which the words are looked for, by its name or number (default: 1, which is SCAN)",
    )  # fmt: skip


def images_of(arguments: argparse.Namespace) -> dict:
    """The further images as settings of a request.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_images`; without them where the command has none.

    Returns
    -------
    dict
        For `Request.of`.
    """
    if "images" not in arguments:
        return {}
    perturb = {"perturb": arguments.perturb} if "perturb" in arguments else {}
    return {"images": tuple(arguments.images), "region_image": arguments.region_image, **perturb}
