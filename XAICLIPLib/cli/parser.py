"""The command line's grammar: a fault of usage is one line that says what to write instead."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from XAICLIPLib.cli.options import BAD_INPUT
from XAICLIPLib.errors import did_you_mean

_CHOICE = re.compile(r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<known>.+)\)$", re.DOTALL)
_KIND = re.compile(r"argument (?P<name>.+?): invalid (?P<kind>\w+) value: (?P<value>.+)$", re.DOTALL)
_COUNT = re.compile(r"argument (?P<name>.+?): expected (?P<count>.+) arguments?$")
_POINT = re.compile(r"-\.?\d[\d.,eE+-]*$")
_ACTIONS = ("COMMAND", "ACTION")
_KINDS = {"int": "a whole number", "float": "a number"}


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that answers a fault of usage with one line, without its synopsis of two dozen."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._negative_number_matcher = _POINT  # a point may begin with a minus too, as most in LPS do

    # the base class is overloaded by the kind of `namespace`, of which there is one kind here
    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As the base class; an unknown option is named before what is missing, which may be its misspelling.

        Parameters
        ----------
        args : sequence of str, optional
            The words of the command line after the program's name; None takes those of this process, unlooked at.
        namespace : Namespace, optional
            Where the values go; None makes a new one.

        Returns
        -------
        tuple of (Namespace, list of str)
            The values, and the words that were not understood.
        """
        if args is not None:
            self._refuse_unknown(list(args))
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print one line to the standard error and end with the status of bad input.

        Parameters
        ----------
        message : str
            What argparse says about the fault, in its own words.
        """
        self.exit(BAD_INPUT, f"xaiclip: {self._sentence(message)} (see {self.prog} --help)\n")

    def _refuse_unknown(self, args: list[str]) -> None:
        """Say which option there is not, of those that this parser is to read; a command reads its own."""
        commands = any(isinstance(action, argparse._SubParsersAction) for action in self._actions)
        for word in args:
            if word == "--" or (commands and not word.startswith("-")):
                return
            name = word.partition("=")[0]
            if not re.match(r"--[a-z]", name) or any(known.startswith(name) for known in self._option_string_actions):
                continue
            long = [known for known in self._option_string_actions if known.startswith("--")]
            self.error(f"there is no option {name}{did_you_mean(name, long)}")

    def _sentence(self, message: str) -> str:
        if choice := _CHOICE.match(message):
            value, known = choice["value"].strip("'\""), [k.strip(" '\"") for k in choice["known"].split(",")]
            what = choice["name"].lower() if choice["name"] in _ACTIONS else choice["name"]
            guess = did_you_mean(value, known)
            return f"there is no {what} {value!r}{guess or '; choose one of ' + ', '.join(known)}"
        if kind := _KIND.match(message):
            return f"{kind['name']} wants {_KINDS.get(kind['kind'], 'another value')}, not {kind['value']}"
        if count := _COUNT.match(message):
            return f"{count['name']} wants {count['count']} value{'' if count['count'] == 'one' else 's'}"
        if message.startswith("the following arguments are required: "):
            missing = message.partition(": ")[2]
            return (
                f"name a {missing.lower()}" if missing in _ACTIONS else f"this needs {missing.replace(', ', ' and ')}"
            )
        if message.startswith("unrecognized arguments: "):
            return f"{message.partition(': ')[2]}: too many arguments; put a name with spaces into quotation marks"
        return message.removeprefix("argument ")
