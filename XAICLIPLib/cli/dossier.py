"""``xaiclip dossier``."""

from __future__ import annotations

import argparse
from pathlib import Path

from XAICLIPLib.cli.output import Output

SUMMARY = "one document about a model from a finished cohort: what it needs, ignores, where it breaks, what is untested"
TEXT = """\
Make one document about a model from the folder of a cohort, without running it: what the model is, what it was asked,
what it needs and ignores, where it breaks, the worst cases with a picture, all numbers with their intervals, and what
was not tested. These are facts that technical documentation (EU AI Act Annex IV, MDCG 2025-6) asks of a model's maker;
the document makes no legal claim. Writes dossier.html, which opens offline and prints, and dossier.json. The same
folder gives the same bytes. Cases are called by their number in cases.parquet, never by a name.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which cohort, what belongs to it, and where to.

    Parameters
    ----------
    parser : ArgumentParser
        Of this command; the options are added to it.
    """
    parser.add_argument("cohort", metavar="COHORT", type=Path, help="what `xaiclip cohort --out` wrote")
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder for the document (default: COHORT)")
    parser.add_argument(
        "--stress", metavar="DIR", type=Path,
        help="what `xaiclip stress --out` wrote of the same model (default: COHORT/stress, if it is there)",
    )  # fmt: skip
    parser.add_argument(
        "--card", metavar="FILE", type=Path,
        help="the model's card, a Markdown or text file, which becomes part of the document (default: the bundled "
        "model's own)",
    )  # fmt: skip
    parser.add_argument(
        "--ids", action="store_true", help="call cases by their ids, for a document that does not leave the house"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the document, and print what a reader should know first.

    Parameters
    ----------
    arguments : Namespace
        The values of the options of `add_arguments` and of `output.add_output`.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.
    """
    from XAICLIPLib.cohort.dossier.make import dossier

    output = Output(arguments)
    found = dossier(arguments.cohort, stress=arguments.stress, card=arguments.card, by_id=arguments.ids)
    page = found.save(arguments.out)
    for text in found.facts["warnings"]:
        output.note(text)
    for entry in found.facts["summary"]:
        output.line(f"{entry['structure']}: {' '.join(entry['sentences'])}")
    output.line(f"{found.facts['data']['explained']} of {found.facts['data']['cases']} cases -> {page}")
    output.data(
        page=page, cases=found.facts["data"]["cases"], explained=found.facts["data"]["explained"],
        summary=found.facts["summary"], limits=found.facts["limits"],
    )  # fmt: skip
    return 0
