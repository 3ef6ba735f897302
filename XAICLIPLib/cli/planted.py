"""``xaiclip benchmark --dataset planted``: which method, fill and map finds a cause that is known."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from XAICLIPLib.cli.options import STOPPED
from XAICLIPLib.cli.output import Output
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.errors import Cancelled, InputError

WAYS = ("occlusion", "hierarchical")  # within minutes; the others are asked for by name
MOST_SEEDS = 1000


def add_planted(parser: argparse.ArgumentParser) -> None:
    """What the models with a known reason are made of.

    Parameters
    ----------
    parser : ArgumentParser
        Of `xaiclip benchmark`.
    """
    group = parser.add_argument_group("planted causes (--dataset planted)")
    group.add_argument("--seeds", metavar="A:B", help="of geometry, noise and place: from A to below B (default: 0:10)")
    group.add_argument("--families", metavar="LIST", help="separated by commas (default: all)")
    group.add_argument("--fills", metavar="LIST", help="separated by commas (default: zero,mean,blur)")
    group.add_argument(
        "--scan", metavar="FILE", help="plant in the slices of this CT (default: in the phantom); needs --labels"
    )
    group.add_argument(
        "--labels", metavar="FILE", help="label map of --scan; of --structures the first (liver) is used"
    )


def check_unused(arguments: argparse.Namespace) -> None:
    """Refuse options of planted causes for another data set.

    Parameters
    ----------
    arguments : Namespace

    Raises
    ------
    InputError
        If one was given.
    """
    options = ("seeds", "families", "fills", "scan", "labels")
    given = [f"--{name}" for name in options if getattr(arguments, name) is not None]
    if given:
        raise InputError(f"{', '.join(given)}: for --dataset planted alone; leave it out")


def run_planted_benchmark(arguments: argparse.Namespace, out: Path) -> int:
    """Explain models whose reason is known, write the tables, and print them.

    Parameters
    ----------
    arguments : Namespace
    out : Path
        Folder of the tables.

    Returns
    -------
    int
        The exit status, see `XAICLIPLib.cli.EXIT`.

    Raises
    ------
    InputError
        If an option is not what it must be, or the folder can't be written to.
    """
    from XAICLIPLib.benchmark.planted import FILLS, run_planted, scenes_of
    from XAICLIPLib.benchmark.planted_tables import page, tables, write_planted

    seeds = _seeds(arguments.seeds or "0:10")
    families, fills = _list(arguments.families), _list(arguments.fills) or FILLS
    organ = (arguments.structures or ("liver",))[0]
    output = Output(arguments)
    try:
        with Bar(output.shows_progress) as bar:
            scenes = scenes_of(arguments.scan, arguments.labels, organ)
            found = run_planted(seeds, families, arguments.methods or WAYS, fills, scenes=scenes, progress=bar)
    except (Cancelled, KeyboardInterrupt):
        print("xaiclip: stopped; nothing was written", file=sys.stderr)
        return STOPPED
    write_planted(out, found)
    output.line(page(tables(found)))
    output.data(folder=out, summary=found.summary, false_statements=found.false_share)
    output.line(f"{len(seeds)} seeds -> {out}")
    return 0


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in (text or "").split(","))))


def _seeds(text: str) -> range:
    first, _, last = text.partition(":")
    try:
        seeds = range(int(first), int(last) if last else int(first) + 1)
    except ValueError:
        raise InputError(f"seeds {text!r} are no numbers; give A:B, such as 0:10") from None
    if not seeds or seeds.start < 0 or len(seeds) > MOST_SEEDS:
        raise InputError(f"seeds {text!r}: give A:B with 0 ≤ A < B and {MOST_SEEDS} seeds at most, such as 0:10")
    return seeds
