"""``xaiclip compare``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from XAICLIPLib.cli.output import Output
from XAICLIPLib.errors import InputError

if TYPE_CHECKING:
    from XAICLIPLib.cohort.compare.comparison import CohortComparison

SUMMARY = "hold two runs on one scan, or two cohorts on the same scans, against each other"
TEXT = """\
Two runs of `xaiclip explain` on one scan: say in what they differ: the settings, how alike their maps are, where they
differ most, and how far the two predictions overlap. --out FILE writes the difference of the maps, the second minus the
first; --out DIR that with a page, a picture and the numbers.

Two folders of `xaiclip cohort` on the same scans, of two models, versions, sequences or settings: what B depends on
that A does not, pair by pair of the same scan, with intervals and tests. Writes compare.html, compare.png,
compare.json, differences.parquet, pairs.parquet, and the differences of maps that both kept. Scans are paired by what
they hold, whatever files and cases are called; those that only one has are named.

No model is run. (`xaiclip rerun` makes one run again and compares it bit by bit.)
"""
_FOLDER = "comparison"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two, and where the result goes.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("first", metavar="A", type=Path, help="folder that `xaiclip explain` or `xaiclip cohort` wrote")
    parser.add_argument("second", metavar="B", type=Path, help="the same of another run on that scan, or other cohort")
    parser.add_argument(
        "--structure", metavar="TEXT", help="which one (default: all that both explain; of two runs the first)"
    )
    parser.add_argument(
        "--out", metavar="PLACE", type=Path,
        help="of two runs a file (.nrrd, .nii.gz, .mha) for the difference of the maps, or a folder for everything; of "
        f"two cohorts a folder (default: {_FOLDER})",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace a file of that name")
    cohorts = parser.add_argument_group("two cohorts")
    cohorts.add_argument(
        "--pair", choices=("content", "id"), default="content",
        help="how the same case is known: by the content of its scan (default), or by its id, such as for two "
        "sequences of one patient",
    )  # fmt: skip
    cohorts.add_argument("--no-maps", action="store_true", help="numbers alone, which is quicker")
    cohorts.add_argument("--csv", action="store_true", help="write the tables as CSV, too")


def run(arguments: argparse.Namespace) -> int:
    """Compare, and print in what the two differ.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.cohort.compare.folders import COHORTS, compare, kind_of

    if kind_of(arguments.first) == kind_of(arguments.second) != COHORTS:
        return _runs(arguments)
    found = compare(arguments.first, arguments.second, arguments.structure, arguments.pair)
    return _cohorts(arguments, found)


def _cohorts(arguments: argparse.Namespace, found: CohortComparison) -> int:
    from XAICLIPLib.cli.atomic import free_name
    from XAICLIPLib.cli.progress import Bar

    output = Output(arguments)
    out = arguments.out or free_name(Path(_FOLDER), folder=True)
    _refuse_file(out, "of two cohorts a folder is written")
    with Bar(output.shows_progress) as bar:
        found.save(out, with_csv=arguments.csv, maps=not arguments.no_maps, progress=bar)
    for text in found.sentences:
        output.line(text)
    if not found.sentences:
        output.line("Nothing was found in which the two differ.")
    output.line(found.how)
    for reason, ids in found.unpaired.items():
        output.note(f"{len(ids)} not paired, {reason}: {', '.join(ids[:10])}{' …' * (len(ids) > 10)}")
    for note in found.notes:
        output.note(note)
    output.line(f"{len(found.pairs)} pairs of the same scan -> {out / 'compare.html'}")
    output.data(folder=out, **{name: value for name, value in found.as_dict().items() if name != "notes"})
    return 0


def _runs(arguments: argparse.Namespace) -> int:
    from XAICLIPLib.cli.atomic import atomic_write, refuse_existing
    from XAICLIPLib.cohort.compare.folders import of_runs
    from XAICLIPLib.pipeline.compare import compare
    from XAICLIPLib.results.explanation import Explanation
    from XAICLIPLib.volume import write_volume

    out, is_file = arguments.out, arguments.out is not None and _is_volume(arguments.out)
    if is_file and not arguments.force:
        refuse_existing(out)
    output = Output(arguments)
    folders = arguments.first, arguments.second
    first, second = (Explanation.load(folder) for folder in folders)
    if out is not None and not is_file:
        comparison, maps = of_runs((first, second), folders, arguments.structure)
        comparison.save(out)
        found = maps[0]
        more = comparison.sentences
    else:
        found, more = compare(first, second, arguments.structure), []
    if is_file:
        with atomic_write(out) as place:
            write_volume(found.difference, place)
    for text in (found.text, *more):
        output.line(text)
    for change in found.settings:
        output.line(f"setting {change.name}: {change.before} in the first, {change.now} in the second")
    output.data(
        text=found.text, structure=found.structure, unit=found.unit, correlation=found.correlation, dice=found.dice,
        largest=found.largest, at=found.at, slice=found.slice, beyond=found.beyond, map=out, sentences=more,
        settings=[{"name": c.name, "first": c.before, "second": c.now} for c in found.settings],
    )  # fmt: skip
    return 0


def _is_volume(path: Path) -> bool:
    from XAICLIPLib.volume import FORMATS

    return path.name.lower().endswith(tuple(FORMATS))


def _refuse_file(out: Path, why: str) -> None:
    if _is_volume(out) or out.is_file():
        raise InputError(f"--out {out} names a file; {why}")
