"""Labelled scans as they were published: each data set's own layout in a file of its own, read case by case.

A case is only listed at first. Its scan and labels are read when it is opened, the labels in the scan's own place.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from XAICLIPLib import anatomy
from XAICLIPLib.datasets import chaos, flare22, phantom
from XAICLIPLib.datasets.labelled import Labelled, LabelledCase
from XAICLIPLib.errors import InputError

__all__ = ["DATASETS", "USUAL", "Labelled", "LabelledCase", "choose_cases", "find_structures"]

USUAL = ("liver", "spleen", "kidney_right", "kidney_left")
DATASETS = {"chaos": chaos, "flare22": flare22, "phantom": phantom}


def choose_cases(
    dataset: str,
    root: str | Path | None = None,
    *,
    count: int | None = None,
    only: str = "*",
    skip_incomplete: bool = False,
) -> tuple[list[LabelledCase], tuple[str, ...]]:
    """The cases of a data set, in the order of their names.

    Parameters
    ----------
    dataset : str
        "chaos", "flare22" or "phantom".
    root : path, optional
        The folder that the data set was unpacked to; the phantom needs none.
    count : int, optional
        How many, from the first on. All by default; of the phantom, which has no end, as many as are sensible.
    only : str
        A pattern that names must match, such as "CT-*".
    skip_incomplete : bool
        Leave out cases of which files are missing, instead of refusing.

    Returns
    -------
    cases : list of LabelledCase
    left_out : tuple of str
        What is wrong with those that were left out.

    Raises
    ------
    InputError
        If the folder holds no such data set, files of some cases are missing, or no name matches.
    """
    if count is not None and count < 1:
        raise InputError(f"{count} cases make no table; give 1 or more")
    layout = DATASETS[dataset]
    if layout is phantom:
        found = phantom.cases(count, only)
    else:
        if root is None:
            raise InputError(f"where is {layout.TITLE}? Give its folder with --root; it has {layout.LAYOUT}")
        if not Path(root).is_dir():
            raise InputError(f"{root} is no folder; give the one that {layout.TITLE} was unpacked to")
        found = [case for case in layout.cases(Path(root)) if fnmatchcase(case.name, only)]
    if not found:
        named = "" if only == "*" else f" whose name matches {only!r}"
        raise InputError(f"{root} holds no case of {layout.TITLE}{named}; it has {layout.LAYOUT}")
    missing = [f"{case.name}: {case.missing}" for case in found if case.missing]
    if missing and not skip_incomplete:
        raise InputError(
            f"files are missing in {len(missing)} of {len(found)} cases of {layout.TITLE} ({'; '.join(missing)}). "
            "Finish the download, or leave these cases out with --skip-incomplete"
        )
    whole = [case for case in found if not case.missing]
    if not whole:
        raise InputError(f"no case of {layout.TITLE} in {root} is complete: {'; '.join(missing)}")
    return whole[:count], tuple(missing)


def find_structures(wanted: Sequence[str], cases: Sequence[LabelledCase]) -> tuple[str, ...]:
    """The names of the structures that some of the cases have labels for.

    Parameters
    ----------
    wanted : sequence of str
        In words. "all" is every one of them; with nothing, it is the `USUAL` ones that there are.
    cases : sequence of LabelledCase

    Returns
    -------
    tuple of str
        By anatomy name; two for a pair such as "kidneys".

    Raises
    ------
    InputError
        If none of the cases has labels for one of them.
    """
    known = tuple(dict.fromkeys(name for case in cases for name in case.structures))
    if tuple(wanted) == ("all",):
        return known
    if not wanted:
        return tuple(name for name in USUAL if name in known) or known
    found: dict[str, None] = {}
    for text in wanted:
        names = anatomy.match(text, known)
        if not names:
            raise InputError(anatomy.no_match(text, known, "no case has labels for", "they have labels for"))
        found |= dict.fromkeys(names)  # "kidneys" are two organs, of one row each
    return tuple(found)
