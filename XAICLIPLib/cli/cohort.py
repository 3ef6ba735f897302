"""``xaiclip cohort``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from XAICLIPLib.case.request import Request
from XAICLIPLib.case.settings import REGION_SOURCES
from XAICLIPLib.cli.image_options import add_images
from XAICLIPLib.cli.method_options import add_method
from XAICLIPLib.cli.options import FAULT, STOPPED, add_model, add_what, make_request
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.cli.region_options import add_region
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.report.colormap import COLORMAP

SUMMARY = "explain many scans, on all processors or a cluster, and tell what a model depends on across patients"
TEXT = """\
Explain every scan of SOURCE with one request: cohort.html tells the whole on one page, structures.parquet,
slices.parquet, cases.parquet and times.parquet hold the numbers, frames/ the mean map of each structure in a frame
that its organ has in everybody, cases/ the result of each. SOURCE is

  a folder or a quoted pattern     all scans and DICOM series below it; labels (…_seg, …_labels) are left out
  a table (.csv, .tsv, .txt)       columns scan, and as you like reference, id, series, image-2, …; any others (scanner,
                                   age, …) go into the tables
  phantom; chaos or flare22        data sets; --root says where the last two were unpacked

A case without an id is called by the first digits of the SHA-256 of its scan, never by its file's name. What is
finished is kept whole and never made twice: after Ctrl-C, a power cut or a full disk the same command goes on. A scan
that can't be explained is a row with its reason, and the exit status is 1.
"""
KEPT = ("numbers", "maps", "all")
_SHOWN = 10  # failures that are printed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which cases, on which machines, and what of each is kept; and all options of `explain`.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("source", metavar="SOURCE", help="folder, quoted pattern, table, or data set")
    add_what(parser)
    parser.set_defaults(keep=None)
    cases = parser.add_argument_group("cases")
    cases.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for all results")
    cases.add_argument("--root", metavar="DIR", type=Path, help="where the data set was unpacked")
    cases.add_argument("--only", default="*", metavar="PATTERN", help='ids or files that match, such as "CT-*"')
    cases.add_argument("--sample", type=int, metavar="N", help="so many, drawn at random by --seed")
    cases.add_argument("--limit", type=int, metavar="N", help="the first N (of the phantom 12 by default)")
    cases.add_argument(
        "--keep", action=_Keep, metavar="WHAT", dest="kept", default="maps",
        help="of each case: numbers, with a small picture and map; maps, with pictures and report (default); all, with "
        "what `xaiclip ask` needs. A number is RISE's share of cells that stay",
    )  # fmt: skip
    cases.add_argument("--csv", action="store_true", help="write the tables as CSV, too")
    cases.add_argument(
        "--keep-paths", action="store_true",
        help="write the whole paths of scans and references to the report of each case (default: neither)",
    )  # fmt: skip
    cases.add_argument(
        "--colormap", default=COLORMAP, metavar="NAME", help=f"of the pictures, as for `explain` (default: {COLORMAP})"
    )
    machines = parser.add_argument_group("machines")
    machines.add_argument(
        "--slots", type=int, metavar="N", help="workers, each with models of its own (default: one per GPU, or 4 cores)"
    )
    machines.add_argument("--threads", type=int, metavar="N", help="of each slot (default: the cores, shared)")
    machines.add_argument(
        "--gpus-per-slot", type=float, metavar="X", help="such as 0.5, so that two share one (default: 1)"
    )
    machines.add_argument(
        "--address",
        metavar="HOST:PORT",
        help="a Ray cluster, or auto for this machine's (default: one is started here)",
    )
    for add in (add_images, add_region, add_model):
        add(parser)
    add_method(parser, without=("keep",))


class _Keep(argparse.Action):
    """``--keep maps`` says what is kept of a case, ``--keep 0.5`` is a setting of RISE: a word and a number."""

    def __call__(self, parser, namespace, value, option_string=None) -> None:
        if value in KEPT:
            setattr(namespace, self.dest, value)
            return
        try:
            namespace.keep = float(value)
        except ValueError:
            parser.error(f"--keep {value}: choose {', '.join(KEPT)}, or a number for RISE")


def run(arguments: argparse.Namespace) -> int:
    """Explain all, and print how many could be.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`: 1 where a case could not be explained.
    """
    from XAICLIPLib.cohort.cluster import Wanted
    from XAICLIPLib.cohort.explainer import Job
    from XAICLIPLib.cohort.identity import program_key
    from XAICLIPLib.cohort.run import run_cohort
    from XAICLIPLib.cohort.sources import Choice, find_cases, with_references

    output = Output(arguments)
    wanted = Wanted(
        arguments.address, arguments.slots, arguments.threads, arguments.gpus_per_slot, arguments.device == "cpu"
    )
    reference, request = arguments.reference, _request(arguments)
    choice = Choice(arguments.only, arguments.sample, arguments.limit, arguments.seed)
    cohort = find_cases(arguments.source, arguments.root, choice)
    cohort = with_references(cohort, reference) if reference else cohort
    for note in cohort.notes:
        output.note(note)
    job = Job(
        request, program_key(request), str(arguments.out.absolute()), arguments.kept, arguments.colormap,
        arguments.download,
    )  # fmt: skip
    try:
        with Bar(output.shows_progress) as bar:
            found = run_cohort(cohort, job, wanted, with_csv=arguments.csv, progress=bar)
    except (Cancelled, KeyboardInterrupt):
        print("xaiclip: stopped; what is finished is kept: run the same command to go on", file=sys.stderr)
        return STOPPED
    for one in found.failed[:_SHOWN]:
        output.fault(f"{one.id}: {one.reason}")
    if len(found.failed) > _SHOWN:
        output.fault(f"… and {len(found.failed) - _SHOWN} more; all are in {arguments.out / 'cohort.html'}")
    page = arguments.out / "cohort.html"
    output.line(f"{found.explained} of {len(found.told)} cases explained, {found.made} made now -> {page}")
    output.data(
        folder=arguments.out, cases=len(found.told), explained=found.explained, made=found.made,
        failed={one.id: one.reason for one in found.failed},
    )  # fmt: skip
    if found.stopped:
        print("xaiclip: stopped; what is finished is kept: run the same command to go on", file=sys.stderr)
        return STOPPED
    return FAULT if found.failed else 0


def _request(arguments: argparse.Namespace) -> Request:
    """The request that all cases have alike.

    Raises
    ------
    InputError
        If it names a file that is of one scan alone.
    """
    if arguments.images:
        raise InputError("--channel is of one scan; give further images in the columns image-2, image-3, … of a table")
    if arguments.region not in REGION_SOURCES:
        raise InputError(f"--region {arguments.region} is of one scan; a cohort takes {', '.join(REGION_SOURCES)}")
    if (arguments.players or "").startswith("segments:"):
        raise InputError("--players segments:FILE is of one scan; a cohort takes --players prediction")
    arguments.scan, arguments.reference = "cohort", None
    return make_request(arguments)
