"""Files of a client's folder: names for previews, of which the oldest go, and what a finished run left there."""

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from pathlib import Path

PREVIEWS = 8  # calls whose files stay: the client may still be reading those of the calls before


class Previews:
    """Names for the files of each call that shows something by the way; those of older calls are removed."""

    def __init__(self) -> None:
        self._calls: deque[list[Path]] = deque()
        self._number = 0

    def begin(self, folder: str) -> Preview:
        """Begin the files of a new call.

        Parameters
        ----------
        folder : str
            The client's.

        Returns
        -------
        Preview
        """
        self._number += 1
        self._calls.append([])
        while len(self._calls) > PREVIEWS:
            for path in self._calls.popleft():
                with suppress(OSError, ValueError):  # it may never have been written, or be open still
                    path.unlink()
        return Preview(Path(folder), self._number, self._calls[-1])


class Preview:
    """The files of one call.

    Parameters
    ----------
    folder : Path
    number : int
        Of the call.
    paths : list of Path
        Gets every path that is given out.
    """

    def __init__(self, folder: Path, number: int, paths: list[Path]) -> None:
        self._folder, self._number, self._paths = folder, number, paths

    def path(self, what: str) -> Path:
        """A path for one file.

        Parameters
        ----------
        what : str
            What is in it.

        Returns
        -------
        Path
        """
        self._paths.append(self._folder / f"preview-{self._number}-{what}.nrrd")
        return self._paths[-1]


def result_paths(folder: str) -> dict[str, str]:
    """What an explanation's folder holds.

    Parameters
    ----------
    folder : str

    Returns
    -------
    dict of str to str
        Paths: the volumes by name, the other files by file name.
    """
    listed = sorted(p for p in Path(folder).iterdir() if p.is_file())
    return {p.stem if p.suffix == ".nrrd" else p.name: str(p) for p in listed}


def new_folder(path: Path) -> Path:
    """A folder of that name, or of that name with a number, that is not there yet.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Path
        It is made with its first file.
    """
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
