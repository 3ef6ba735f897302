"""``xaiclip locate``."""

from __future__ import annotations

import argparse
from pathlib import Path

from XAICLIPLib.cli.image_options import add_images
from XAICLIPLib.cli.options import LABELS, add_device, add_names, add_scan, default_out, make_request
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.pictures import draw_last
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.cli.region_options import add_region
from XAICLIPLib.results.rows import LocationRow, is_known

SUMMARY = "find where words are in a scan, without explaining"
TEXT = """\
Write the region of interest, the similarity of every prompt, a picture of every slice that holds the structure,
metrics.csv and report.json to a folder, and print a line per slice: the region's area, its share of the body, in how
many pieces, and the mean similarity inside it and in the rest of the body. With a reference or a model: how well they
agree; with a model also how many runs of it an occlusion would take, and the same of its own dilated prediction, the
region that needs no words.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Scan, region, what it is compared with, and where the result goes.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    add_scan(parser)
    add_images(parser, perturbs=False)
    add_region(parser)
    group = parser.add_argument_group("comparison")
    group.add_argument(
        "--reference", metavar="FILE",
        help=f"ground truth to compare with: {LABELS}",
    )  # fmt: skip
    group.add_argument(
        "--compare", action="store_true", help="run the bundled model as well, and compare with its prediction"
    )
    group.add_argument(
        "--model", metavar="SPEC", help="compare with the prediction of this model instead (see `xaiclip models`)"
    )
    add_device(parser)
    add_names(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="folder for the results (default: NAME-location beside you)"
    )
    parser.add_argument("--no-pictures", action="store_true", help="draw nothing")


def run(arguments: argparse.Namespace) -> int:
    """Locate, save, and print a line per slice.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.pipeline.locate import locate
    from XAICLIPLib.results.outputs import location_files, reserve_output

    output = Output(arguments)
    out = arguments.out or default_out(arguments, "location")
    request = make_request(arguments).changed(reference=arguments.reference, model=arguments.model or "bundled")
    compare = arguments.compare or arguments.model is not None
    status = 0
    with reserve_output(out, request, location_files(request.structures)):
        with Bar(output.shows_progress) as bar:
            models = Models(arguments.download, bar.megabytes)
            location = locate(request, models=models, compare=compare, progress=bar)
        with Bar(output.shows_progress) as bar:
            location.save(out, pictures=False)
            if not arguments.no_pictures:
                status = draw_last(lambda: location.save_pictures(out, bar), out, output)
    doubtful = location.report["unsuitable"]
    if doubtful:
        output.line(f"nothing is called found: {location.report['warnings'][0]}")
    presence = location.report["presence"]
    if presence:
        told = (f"{name} {found['volume']:.2f}" for name, found in presence.items())
        output.line(f"presence in {'this scan' if arguments.slices == 'all' else 'these slices'}: {', '.join(told)}")
    for line in slice_table(location.rows):
        output.line(line)
    for warning in location.report["warnings"]:
        output.note(warning)
    marked = sorted({row.slice for row in location.rows if row.area_mm2})
    looked = len({row.slice for row in location.rows})
    output.line(f"{'marked' if doubtful else 'found'} in {len(marked)} of {looked} slices -> {out}")
    output.data(folder=out, marked=marked, unsuitable=doubtful, presence=presence, rows=location.rows)
    return status


def slice_table(rows: list[LocationRow]) -> list[str]:
    """Lines with aligned columns: a heading, and one for every slice and structure where something was found, or was
    to be found.

    Parameters
    ----------
    rows : list of LocationRow
        One per slice and structure.

    Returns
    -------
    list of str
        Nothing where no row is to be printed; columns without any value are left out.
    """
    listed = [row for row in rows if row.area_mm2 or is_known(row.recall)]
    if not listed:
        return []
    columns = [
        ("", [f"{row.structure} slice {row.slice}:" for row in listed], str.ljust),
        ("source", [row.source for row in listed], str.ljust),
        ("cm2", [f"{row.area_mm2 / 100:.1f}" for row in listed], str.rjust),
        ("body", [f"{row.share_of_body:.1%}" for row in listed], str.rjust),
        ("pieces", [str(row.components) for row in listed], str.rjust),
    ]

    def add(heading: str, key: str, form: str) -> None:
        cells = [format(value, form) if is_known(value := getattr(row, key)) else "" for row in listed]
        if any(cells):
            columns.append((heading, cells, str.rjust))

    for heading, key, form in (
        ("cut at", "threshold", ".2f"), ("inside", "similarity_inside", ".2f"), ("rest", "similarity_outside", ".2f"),
        ("recall", "recall", ".0%"), ("Dice", "dice", ".2f"), ("IoU", "iou", ".2f"), ("runs", "evaluations", ""),
        ("dilated: recall", "baseline_recall", ".0%"), ("Dice", "baseline_dice", ".2f"),
        ("runs", "baseline_evaluations", ""),
    ):  # fmt: skip
        add(heading, key, form)
    lines = [[heading for heading, *_ in columns], *zip(*(cells for _, cells, _ in columns))]
    widths = [max(len(line[c]) for line in lines) for c in range(len(columns))]
    return [
        "  ".join(align(cell, width) for cell, width, (*_, align) in zip(line, widths, columns)).rstrip()
        for line in lines
    ]
