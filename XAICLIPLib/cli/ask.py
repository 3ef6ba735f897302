"""``xaiclip ask``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from XAICLIPLib.cli.output import Output
from XAICLIPLib.errors import InputError

if TYPE_CHECKING:
    from XAICLIPLib.results.explanation import Explanation

SUMMARY = "ask a finished run why something is drawn, or what hangs on a place"
TEXT = """\
A run keeps where the model's output changed when each place was hidden. So it can be asked afterwards about any place,
in a moment and without the model: why is this drawn, why is this missing, what hangs on that place, which organ needs
which. Without a place it is asked about all that is drawn of the structure.

By default the answer leaves out what is hidden itself (--part remote): it shows what else the drawing depends on.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The run, the question, and where the answer goes.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("run_folder", metavar="RUN_FOLDER", type=Path, help="what `xaiclip explain` wrote")
    about = parser.add_argument_group("what is asked about (one of them)").add_mutually_exclusive_group()
    about.add_argument("--at", metavar="X,Y,Z", help="a point in LPS mm")
    about.add_argument("--mask", metavar="FILE", help="what is labelled in a mask or label map")
    about.add_argument("--island", metavar="N", type=int, help="a connected part of the prediction; 1 is the largest")
    for part, text in {
        "missing": "what the reference has and the prediction has not",
        "extra": "what the prediction has and the reference has not",
        "boundary": "the edge of the prediction, 5 mm to either side",
    }.items():
        about.add_argument(f"--{part}", dest="part_of", action="store_const", const=part, help=text)
    about.add_argument(
        "--between", action="store_true", help="which structure needs which segment; for a run made with --players"
    )
    about.add_argument(
        "--matters", action="store_true",
        help="no question, but what to ask about: hot spots, worst slices, islands, and where prediction and reference "
        "disagree, each with its side, size and place",
    )  # fmt: skip
    how = parser.add_argument_group("how")
    how.add_argument("--structure", metavar="TEXT", help="whose drawing (default: the run's first)")
    how.add_argument("--radius", metavar="MM", type=float, default=5.0, help="round the point (default: 5)")
    how.add_argument(
        "--part", choices=("remote", "own", "total"), default="remote",
        help="remote: without what is hidden itself (default); own: that alone; total: both",
    )  # fmt: skip
    how.add_argument("--reach", action="store_true", help="the other way round: what changes when the place is hidden")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the answer's map (.nrrd, .nii.gz, .mha)")
    parser.add_argument("--picture", metavar="FILE", type=Path, help="write a picture of the answer (.png)")
    parser.add_argument(
        "--scan", metavar="FILE", type=Path, help="the scan that was explained, to draw it beneath the answer"
    )
    parser.add_argument("--force", action="store_true", help="replace files of these names")


def run(arguments: argparse.Namespace) -> int:
    """Ask, and print the answer.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.

    Raises
    ------
    InputError
        If the run kept no record, or does not hold what is asked about.
    """
    from XAICLIPLib.cli.atomic import atomic_write, refuse_existing
    from XAICLIPLib.pipeline.ask import Question, ask, ask_between, with_scan
    from XAICLIPLib.results.explanation import Explanation
    from XAICLIPLib.volume import write_volume

    files = [path for path in (arguments.out, arguments.picture) if path is not None]
    if not arguments.force:
        refuse_existing(*files)
    explanation = Explanation.load(arguments.run_folder)
    output = Output(arguments)
    if arguments.scan is not None and arguments.picture is None:
        raise InputError("--scan is drawn in the picture; add --picture FILE")
    if arguments.between:
        if files:
            raise InputError("what stands between structures is a table; leave out --out and --picture")
        table = ask_between(explanation)
        output.line(table.text)
        output.data(players=table.players, structures=table.structures, losses=table.losses.tolist())
        return 0
    if arguments.matters:
        if files:
            raise InputError("what matters is a list; leave out --out and --picture")
        return _list_what_matters(explanation, output)
    question = Question(
        at=None if arguments.at is None else _point(arguments.at),
        radius_mm=arguments.radius,
        mask=arguments.mask,
        island=arguments.island,
        part_of=arguments.part_of,
        structure=arguments.structure,
        part=arguments.part,
        reach=arguments.reach,
    )
    reply = ask(explanation, question)
    if arguments.out is not None:
        with atomic_write(arguments.out) as place:
            write_volume(reply.values, place)
    if arguments.picture is not None:
        from XAICLIPLib.results.answer_picture import draw_answer

        if arguments.scan is not None:
            explanation = with_scan(explanation, arguments.scan)
        with atomic_write(arguments.picture) as place:
            draw_answer(explanation, reply.values, reply.structure, reply.text, place, reply.about, reply.slice)
    output.line(reply.text)
    output.data(
        text=reply.text, structure=reply.structure, largest=reply.largest, at=reply.at, slice=reply.slice,
        map=arguments.out, picture=arguments.picture,
    )  # fmt: skip
    return 0


def _list_what_matters(explanation: Explanation, output: Output) -> int:
    """Print what is worth a look, also of a run that was written before reports held it."""
    from XAICLIPLib.pipeline.matters import what_matters
    from XAICLIPLib.results.matters import listed

    found = what_matters(explanation)
    for line in listed(found) or ["nothing stands out in this run"]:
        output.line(line)
    output.data(matters=[finding.to_json() for finding in found])
    return 0


def _point(text: str) -> tuple[float, float, float]:
    try:
        x, y, z = (float(part) for part in text.replace(" ", "").split(","))
    except ValueError as error:
        raise InputError(
            f"the point is {text!r}; give three numbers with commas between them: X,Y,Z in LPS mm"
        ) from error
    return x, y, z
