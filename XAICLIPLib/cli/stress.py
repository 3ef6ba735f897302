"""``xaiclip stress``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from XAICLIPLib.case.request import Request
from XAICLIPLib.cli.atomic import free_name
from XAICLIPLib.cli.image_options import add_images
from XAICLIPLib.cli.options import FAULT, LABELS, STOPPED, add_device, add_what, structures_of
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.errors import InputError

SUMMARY = "change a scan step by step, and find where a model's drawing gives way"
TEXT = """\
Change the scan's own voxels by one dose after the other, each in steps, before the model prepares them, and hold what
it then draws against what it draws in the scan as it is, or against a reference. Prints in words what each structure
depends on, how far each dose may go, and where Dice falls below 0.9 and 0.5, from which on a dose goes no further.
Writes steps.csv, summary.csv, stress.png and report.json. Several scans, or a folder of them, give one table with a
line for each and their median. No region and no explanation is made.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which scans, which doses, which model.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument(
        "scans", metavar="SCAN", nargs="+", help="a scan as for `explain`, or as for `cohort` a folder, pattern, table "
        "or data set; several",
    )  # fmt: skip
    parser.add_argument("--series", metavar="UID", help="which DICOM series, where the folder holds several")
    add_what(parser)
    doses = parser.add_argument_group("doses")
    doses.add_argument(
        "--which", metavar="LIST", default="", help="the doses, separated by commas (default: all)",
    )  # fmt: skip
    doses.add_argument(
        "--steps", metavar="DOSE=LIST", action="append", default=[],
        help="steps of a dose, such as shift=5,10,20 or noise=10:100:10 (from, to, by); may be repeated",
    )  # fmt: skip
    doses.add_argument("--seed", type=int, default=0, help="of the noise: same seed, same numbers (default: 0)")
    add_images(parser, perturbs=False)
    model = parser.add_argument_group("model")
    model.add_argument("--model", default="bundled", metavar="SPEC", help="as for `explain` (see `xaiclip models`)")
    model.add_argument(
        "--reference", metavar="FILE", help=f"ground truth, with which Dice is judged then: {LABELS}"
    )  # fmt: skip
    model.add_argument(
        "--time-limit", type=float, metavar="SECONDS", help="end where the model takes longer for one answer"
    )
    model.add_argument("--anyway", action="store_true", help="go on where the model was made for other scans")
    add_device(model)
    parser.add_argument("--label", metavar="TEXT", help="what a single scan is called in the result")
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder for the results (default: stress)")


def run(arguments: argparse.Namespace) -> int:
    """Stress, save, and print what the model survives.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`: 1 where one of several scans could not be looked at.
    """
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.cohort.stress import cases_of, stress_all
    from XAICLIPLib.pipeline.doses import chosen
    from XAICLIPLib.report.folder import reserved
    from XAICLIPLib.results.stress import FILES

    output = Output(arguments)
    doses = chosen([name.strip() for name in arguments.which.split(",") if name.strip()], _steps(arguments.steps))
    request = _request(arguments)
    cases, notes = cases_of(arguments.scans, request)
    for note in notes:
        output.note(note)
    out = arguments.out or free_name(Path("stress"), folder=True)
    read = [text for text in (*arguments.scans, arguments.reference, arguments.model) if text]
    with reserved(out, FILES, read):
        with Bar(output.shows_progress) as bar:
            found = stress_all(cases, request, doses, Models(), bar)
        found.save(out)
    for text in found.answers.values():
        output.line(text)
    for note in found.report["warnings"]:
        output.note(note)
    for name, reason in found.failed.items():
        output.fault(f"{name}: {reason}")
    output.line(f"{len(found.rows)} rows -> {out}")
    output.data(folder=out, answers=found.answers, summary=found.summary, failed=found.failed, stopped=found.stopped)
    if found.stopped:
        print("xaiclip: stopped; the steps that were finished are written", file=sys.stderr)
        return STOPPED
    return FAULT if found.failed else 0


def _request(arguments: argparse.Namespace) -> Request:
    same = ("slices", "modality", "preset", "model", "reference", "device", "time_limit", "anyway", "label", "series")
    return Request.of(
        arguments.scans[0], structures_of(arguments), region="prediction", evidence="none", influence=False,
        images=tuple(arguments.images), seed=arguments.seed, **{name: getattr(arguments, name) for name in same},
    )  # fmt: skip


def _steps(texts: list[str]) -> dict[str, tuple[float, ...]]:
    """Steps by dose.

    Raises
    ------
    InputError
        If they are no numbers.
    """
    found = {}
    for text in texts:
        name, _, listed = text.partition("=")
        try:
            values = tuple(value for part in listed.split(",") for value in _range(part))
        except ValueError:
            raise InputError(f"--steps {text}: give DOSE=NUMBERS, such as shift=5,10,20 or shift=10:100:10") from None
        found[name.strip()] = values
    return found


def _range(text: str) -> list[float]:
    numbers = [float(part) for part in text.split(":")]
    if len(numbers) == 1:
        return numbers
    first, last, by = numbers
    if not by > 0 or not 0 <= last - first <= 1000 * by:
        raise ValueError("no range")
    return [first + n * by for n in range(int((last - first) / by + 1e-9) + 1)]
