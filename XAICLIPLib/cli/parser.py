"""The command line's grammar: a fault of usage is one line that says what to write instead."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from XAICLIPLib.cli.options import BAD_INPUT
from XAICLIPLib.errors import did_you_mean

_CHOICE = re.compile(r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<known>.+)\)$", re.DOTALL)
_KIND = re.compile(r"argument (?P<name>.+?): invalid (?P<kind>\w+) value: (?P<value>.+)$", re.DOTALL)
_COUNT = re.compile(r"argument (?P<name>.+?): expected (?P<count>.+) arguments?$")
_ACTIONS = ("COMMAND", "ACTION")
_KINDS = {"int": "a whole number", "float": "a number"}


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that answers a fault of usage with one line, without its synopsis of two dozen."""

    def parse_known_args(self, args: Sequence[str] | None = None, namespace=None):
        """As the base class; an unknown option is named before what is missing, which may be its misspelling."""
        if args is not None:
            self._refuse_unknown(list(args))
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print one line to the standard error and end with the status of bad input."""
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
        if found := _CHOICE.match(message):
            value, known = found["value"].strip("'\""), [k.strip(" '\"") for k in found["known"].split(",")]
            what = found["name"].lower() if found["name"] in _ACTIONS else found["name"]
            guess = did_you_mean(value, known)
            return f"there is no {what} {value!r}{guess or '; choose one of ' + ', '.join(known)}"
        if found := _KIND.match(message):
            return f"{found['name']} wants {_KINDS.get(found['kind'], 'another value')}, not {found['value']}"
        if found := _COUNT.match(message):
            return f"{found['name']} wants {found['count']} value{'' if found['count'] == 'one' else 's'}"
        if message.startswith("the following arguments are required: "):
            missing = message.partition(": ")[2]
            return (
                f"name a {missing.lower()}" if missing in _ACTIONS else f"this needs {missing.replace(', ', ' and ')}"
            )
        if message.startswith("unrecognized arguments: "):
            return f"{message.partition(': ')[2]}: too many arguments; put a name with spaces into quotation marks"
        return message.removeprefix("argument ")
