"""``xaiclip explain``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from XAICLIPLib.cli.options import STOPPED, add_method, add_model, add_region, add_scan, default_out, make_request
from XAICLIPLib.cli.progress import Bar

SUMMARY = "explain why a model segments a structure as it does"
TEXT = """\
Write a saliency volume, the signed drop of the score, the region, the prediction, a panel per slice, a montage,
metrics.csv and report.json to a folder. All volumes lie on the scan's own voxel grid.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Scan, region, model, method, and where the result goes."""
    for add in (add_scan, add_region, add_model, add_method):
        add(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="folder for the results (default: NAME-METHOD beside you)"
    )
    parser.add_argument(
        "--colormap", default="jet", metavar="NAME", help="jet (default), inferno, or any of matplotlib's"
    )


def run(arguments: argparse.Namespace) -> int:
    """Explain, save, and print a line per structure."""
    from XAICLIPLib import pipeline
    from XAICLIPLib.explanation import check_output
    from XAICLIPLib.loaded import Models

    request = make_request(arguments)
    out = arguments.out or default_out(arguments, arguments.method)
    check_output(out, arguments.colormap)
    start = time.perf_counter()
    with Bar() as bar:
        explanation = pipeline.run(request, models=Models(arguments.download, bar.megabytes), progress=bar)
    explanation.save(out, colormap=arguments.colormap)
    for row in explanation.summary:
        share = 1 - row["rho"]
        print(
            f"{row['structure']}: {request.score} {row['score']:.3f}, largest drop {row['largest_drop']:.3f}; "
            f"{row['evaluations']} of {row['full_evaluations']} evaluations ({share:.0%} saved) "
            f"in {row['seconds']:.1f} s"
        )
        print(f"  trust: {row['trust']} ({'; '.join(row['trust_reasons'])})")
    for warning in explanation.warnings:
        print(f"note: {warning}", file=sys.stderr)
    slices = explanation.report["slices"]["explained"]
    print(f"{len(slices)} slices in {time.perf_counter() - start:.1f} s -> {out}")
    return STOPPED if any("stopped by the user" in w for w in explanation.warnings) else 0
