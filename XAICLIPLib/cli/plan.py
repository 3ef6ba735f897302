"""``xaiclip plan``."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from XAICLIPLib.cli.image_options import add_images
from XAICLIPLib.cli.method_options import add_method
from XAICLIPLib.cli.options import add_model, add_scan, make_request
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.cli.region_options import add_region

SUMMARY = "say how many evaluations a run needs, and how long it takes"
TEXT = "Find the regions, time the model once, and print what `explain` with the same options would cost."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `explain`.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    for add in (add_scan, add_images, add_region, add_model, add_method):
        add(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the cost.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.case.case import Case
    from XAICLIPLib.case.cautions import refuse_unsuitable
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.errors import Unsuitable
    from XAICLIPLib.pipeline.plan import plan

    output = Output(arguments)
    with Bar(output.shows_progress) as bar:
        request = make_request(arguments)
        case = Case(request, Models(arguments.download, bar.megabytes))
        cost = plan(request, case=case, progress=bar)
    output.line(str(cost))
    try:
        refuse_unsuitable(case)
    except Unsuitable as error:
        output.note(f"`explain` would stop: {error}")
    output.data(**asdict(cost))
    return 0
