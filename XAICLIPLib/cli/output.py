"""What a command prints, and how much of it: lines for people, or one JSON object for programs."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping
from typing import Any


def add_output(parser: argparse.ArgumentParser) -> None:
    """The options that every command has.

    Parameters
    ----------
    parser : ArgumentParser
        Of a command, or of an action of one.
    """
    group = parser.add_argument_group("output")
    how = group.add_mutually_exclusive_group()
    how.add_argument("-q", "--quiet", action="store_true", help="print faults only: no progress, no notes, no lines")
    how.add_argument("--json", action="store_true", help="print one JSON object instead of lines; notes are part of it")
    group.add_argument("-v", "--verbose", action="store_true", help="show where a fault of the program came from")


class Output:
    """Where a command's words go, as its options say.

    Parameters
    ----------
    arguments : Namespace
        With `quiet` and `json`, as `add_output` makes them.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._quiet, self._json = arguments.quiet, arguments.json
        self._notes: list[str] = []

    @property
    def shows_progress(self) -> bool:
        """Whether a progress bar belongs on the standard error."""
        return not self._quiet

    def line(self, text: str) -> None:
        """A line of the result, for people.

        Parameters
        ----------
        text : str
            Printed to the standard output, unless --quiet or --json.
        """
        if not (self._quiet or self._json):
            print(text)

    def note(self, text: str) -> None:
        """What a reader must know, on the standard error; part of the object where JSON is printed.

        Parameters
        ----------
        text : str
            One line, without "note:".
        """
        self._notes.append(text)
        if not (self._quiet or self._json):
            print(f"note: {text}", file=sys.stderr)

    def ahead(self, text: str) -> None:
        """What is worth knowing while something long is still to come, on the standard error alone.

        Parameters
        ----------
        text : str
            One line.
        """
        if not (self._quiet or self._json):
            print(text, file=sys.stderr, flush=True)

    def fault(self, text: str) -> None:
        """What went wrong in a command that goes on: also said where all but faults is kept quiet.

        Parameters
        ----------
        text : str
            One line, without the program's name.
        """
        self._notes.append(text)
        if not self._json:
            print(f"xaiclip: {text}", file=sys.stderr)

    def data(self, **values: Any) -> None:
        """The result for programs, printed where JSON was asked for.

        Parameters
        ----------
        **values
            By name: numbers, texts, paths, rows, or lists and dicts of them. What is not finite becomes null.
        """
        if self._json:
            print(json.dumps(_plain(values | {"notes": self._notes}), ensure_ascii=False))


def _plain(value: Any) -> Any:
    """Data that JSON can hold: paths as text, numbers of NumPy as Python's, NaN and infinity as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def ready_streams() -> None:
    """Make both standard streams take whatever is printed.

    A pipe on Windows has the code page of the machine, which lacks most of the world's letters: what it can't write
    is written as a question mark, instead of ending a finished run. A closed stream becomes one that goes nowhere.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  lives as long as the process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def abandon_stdout() -> None:
    """Send what is left to print nowhere, after its reader (`| head`) has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
