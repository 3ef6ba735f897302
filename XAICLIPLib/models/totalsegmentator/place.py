"""Where TotalSegmentator keeps its data sets, and whether one is there as a whole."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from XAICLIPLib.models.totalsegmentator.tasks import folder_of, names_of

CHECKPOINT = "checkpoint_final.pth"
INSIDE = Path("nnunet", "results")


def default_root(environment: Mapping[str, str] = os.environ, home: Path | None = None) -> Path:
    """The folder of the data sets, as TotalSegmentator itself finds it.

    Parameters
    ----------
    environment : mapping
        `TOTALSEG_WEIGHTS_PATH` is that folder, `TOTALSEG_HOME_DIR` the one above nnunet/results.
    home : Path, optional
        The user's home folder; that of this process by default.

    Returns
    -------
    Path
        It need not exist.
    """
    if environment.get("TOTALSEG_WEIGHTS_PATH"):
        return Path(environment["TOTALSEG_WEIGHTS_PATH"])
    if environment.get("TOTALSEG_HOME_DIR"):
        return Path(environment["TOTALSEG_HOME_DIR"]) / INSIDE
    home = home or Path.home()
    return (Path("/tmp") if str(home) == "/" else home) / ".totalsegmentator" / INSIDE


def root_of(path: Path) -> Path | None:
    """The folder of the data sets, from a path at, above or in it.

    Parameters
    ----------
    path : Path
        ".totalsegmentator", "nnunet", "nnunet/results", a data set's folder, or something in one.

    Returns
    -------
    Path or None
        None where there are no data sets.
    """
    for above in (path / INSIDE, path / "results", path, *path.parents[:4]):
        if any(dataset_number(folder.name) is not None for folder in _folders(above)):
            return above
    return None


def dataset_number(name: str) -> int | None:
    """The number in the name of a data set's folder.

    Parameters
    ----------
    name : str
        Such as "Dataset291_TotalSegmentator_part1_organs_1559subj".

    Returns
    -------
    int or None
        None for any other name.
    """
    found = re.match(r"Dataset(\d{3})_", name)
    return int(found[1]) if found else None


def is_totalsegmentators(path: Path) -> bool:
    """Whether a path is at, above or in data sets of TotalSegmentator, and of nothing else.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
        As the names of their folders say, which are those that TotalSegmentator downloads.
    """
    own = next((p.name for p in (path, *path.parents[:4]) if dataset_number(p.name) is not None), None)
    root = root_of(path)
    names = [own] if own else [f.name for f in _folders(root) if dataset_number(f.name) is not None] if root else []
    return bool(names) and all(_is_known(name) for name in names)


def _is_known(name: str) -> bool:
    number = dataset_number(name)
    return number is not None and bool(names_of(number)) and name.startswith(folder_of(number))


def dataset_folder(root: Path, number: int) -> Path | None:
    """The folder of a data set.

    Parameters
    ----------
    root : Path
        See `default_root`.
    number : int

    Returns
    -------
    Path or None
        None where it is not there.
    """
    return next((folder for folder in _folders(root) if dataset_number(folder.name) == number), None)


def trained_folder(root: Path, number: int, trainer: str, plans: str, configuration: str) -> Path | None:
    """The trained model of a data set.

    Parameters
    ----------
    root : Path
    number : int
    trainer, plans, configuration : str

    Returns
    -------
    Path or None
        None where the data set is not there; where it is, the path need not be.
    """
    dataset = dataset_folder(root, number)
    return None if dataset is None else dataset / f"{trainer}__{plans}__{configuration}"


def missing_of(folder: Path, folds: tuple[str, ...]) -> tuple[str, ...]:
    """What a trained model's folder lacks, as an interrupted download or unpacking leaves it.

    Parameters
    ----------
    folder : Path
        TRAINER__PLANS__CONFIGURATION.
    folds : tuple of str
        That are needed; empty for any one.

    Returns
    -------
    tuple of str
        Paths relative to it; its own name where it is not there at all.
    """
    if not folder.is_dir():
        return (folder.name,)
    wanted = [*("dataset.json", "plans.json"), *(f"fold_{fold}/{CHECKPOINT}" for fold in folds)]
    lacking = [name for name in wanted if not _filled(folder / name)]
    if not folds and not any(_filled(f / CHECKPOINT) for f in _folders(folder) if f.name.startswith("fold_")):
        lacking.append(f"fold_0/{CHECKPOINT}")
    return tuple(lacking)


def _filled(file: Path) -> bool:
    try:
        return file.is_file() and file.stat().st_size > 0
    except OSError:
        return False


def _folders(path: Path) -> list[Path]:
    try:
        return sorted(inner for inner in path.iterdir() if inner.is_dir())
    except OSError:
        return []
