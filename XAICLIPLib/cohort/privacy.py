"""Texts of a case without the names of its files, which may be the patient's."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.manifest import CohortCase
from XAICLIPLib.roi.labelchoice import parse_label_spec
from XAICLIPLib.volume import FORMATS

_SHORTEST = 3  # letters of a name that is looked for on its own; shorter ones stand in every other word


class Nameless:
    """Puts what a file is in the place of what it is called.

    Parameters
    ----------
    case : CohortCase
    name : str
        What the case is called instead.

    Examples
    --------
    >>> from XAICLIPLib.cohort.manifest import CohortCase
    >>> Nameless(CohortCase(0, "/data/DOE_JANE/ct.nii.gz"), "p7").text("/data/DOE_JANE/ct.nii.gz is damaged")
    'the scan of p7 is damaged'
    """

    def __init__(self, case: CohortCase, name: str) -> None:
        self._patterns: list[tuple[re.Pattern, str]] = []
        if case.dataset:
            return
        reference = parse_label_spec(case.reference).path if case.reference else None
        images = {f"image {number}": path for number, path in enumerate(case.images, start=2)}
        given = {"scan": case.scan, **({"reference": reference} if reference else {}), **images}
        for whole in (True, False):
            for what, path in given.items():
                for form in _whole(path) if whole else _parts(path):
                    # what hangs on a path, the files of a folder, may be named after a patient as well
                    tail = r"(?:[/\\][^\s'\",;:()]*)*" if whole else ""
                    text = rf"(?<![\w]){re.escape(form)}{tail}(?![\w])"
                    self._patterns.append((re.compile(text), f"the {what} of {name}"))

    def text(self, text: str) -> str:
        """A text without names of files.

        Parameters
        ----------
        text : str

        Returns
        -------
        str
        """
        for pattern, said in self._patterns:
            text = pattern.sub(said.replace("\\", r"\\"), text)
        return text

    def plain(self, value: Any) -> Any:
        """Plain data of which no text has such a name.

        Parameters
        ----------
        value : object
            Mappings, sequences, texts, numbers.

        Returns
        -------
        object
            A copy.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        return value


def _whole(path: str) -> list[str]:
    """The forms that a whole path has in texts, the longest first."""
    forms = {path, os.path.abspath(path), os.path.realpath(path), repr(path)[1:-1]}
    return sorted((form for form in forms if re.search(r"[/\\]", form)), key=len, reverse=True)


def _parts(path: str) -> list[str]:
    """Names that texts may have of a path: its file's, with and without its ending, and that of its folder."""
    name = Path(path).name
    ending = next((e for e in sorted(FORMATS, key=len, reverse=True) if name.lower().endswith(e)), "")
    return [part for part in (name, name[: len(name) - len(ending)]) if len(part) >= _SHORTEST]
