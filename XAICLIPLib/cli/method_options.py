"""The options that say how a scan is perturbed; what each method declares is offered."""

from __future__ import annotations

import argparse
from collections.abc import Collection

from XAICLIPLib.attribution.methods import METHODS, options
from XAICLIPLib.attribution.methods.base import Fill
from XAICLIPLib.case.request import SCORES


def add_method(parser: argparse.ArgumentParser, without: Collection[str] = ()) -> None:
    """How it is perturbed.

    Parameters
    ----------
    parser : ArgumentParser
        Of the command; the options are added to it.
    without : collection of str
        Settings that the command adds itself, because it gives the option another meaning as well.
    """
    group = parser.add_argument_group("method")
    group.add_argument("--method", default="occlusion", choices=sorted(METHODS), help="(default: occlusion)")
    group.add_argument("--score", default="dice", choices=SCORES, help="what must drop (default: dice)")
    add_method_settings(group, without)


def add_method_settings(group, without: Collection[str] = ()) -> None:
    """The settings of all methods; each method says which are its own.

    Parameters
    ----------
    parser : ArgumentParser or its group
        The options are added to it.
    without : collection of str
        Settings that the command adds itself.
    """
    group.add_argument(
        "--fill", metavar="FILL",
        help="zero (default), mean, local_mean, blur, noise, inpaint, air, fat, water, soft_tissue, or a number in the "
        "model's own values; of several images one for all, or one for each with commas between them",
    )  # fmt: skip
    for option in options():
        if option.name in without:
            continue
        group.add_argument(
            f"--{option.name.replace('_', '-')}",
            type=option.kind,
            metavar=None if option.choices else option.metavar,
            choices=option.choices,
            help=option.about.replace("%", "%%"),
        )


def method_settings_of(arguments: argparse.Namespace) -> dict:
    """The settings of a method that were given.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_method_settings`.

    Returns
    -------
    dict
        For `make_method`, which refuses what the method does not have.
    """
    names = ("fill", *(option.name for option in options()))
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    return given | ({"fill": _fill(given["fill"])} if "fill" in given else {})


def _fill(text: str) -> Fill:
    """A fill as it is written: one for all images, or several with commas between them."""
    return tuple(_number(part.strip()) for part in text.split(",")) if "," in text else _number(text)


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
