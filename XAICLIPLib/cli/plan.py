"""``xaiclip plan``."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from XAICLIPLib.cli.options import add_method, add_model, add_region, add_scan, make_request
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.progress import Bar

SUMMARY = "say how many evaluations a run needs, and how long it takes"
TEXT = "Find the regions, time the model once, and print what `explain` with the same options would cost."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `explain`."""
    for add in (add_scan, add_region, add_model, add_method):
        add(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the cost."""
    from XAICLIPLib import pipeline
    from XAICLIPLib.loaded import Models

    output = Output(arguments)
    with Bar(output.shows_progress) as bar:
        found = pipeline.plan(make_request(arguments), models=Models(arguments.download, bar.megabytes), progress=bar)
    output.line(str(found))
    output.data(**asdict(found))
    return 0
