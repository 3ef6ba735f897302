"""What a result was made with, and the plain files that say so: JSON and CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import platform
import re
from collections.abc import Iterable, Mapping
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.errors import InputError

RESEARCH_USE_ONLY = "Research use only. Not for diagnosis or treatment."

# import name -> the distributions that can bring it, of which one is installed at most
_LIBRARIES = {
    "numpy": ("numpy",),
    "scipy": ("scipy",),
    "torch": ("torch",),
    "open_clip": ("open_clip_torch",),
    "cv2": ("opencv-python-headless", "opencv-contrib-python-headless", "opencv-python", "opencv-contrib-python"),
    "skimage": ("scikit-image",),
    "sklearn": ("scikit-learn",),
    "SimpleITK": ("SimpleITK",),
    "matplotlib": ("matplotlib",),
}


def _installed(*distributions: str) -> str | None:
    for name in distributions:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def environment() -> dict[str, Any]:
    """Versions of the program, Python, the system and the libraries; None for a library that is not installed.

    Read from the installed packages' metadata, so that nothing heavy is imported for it. Nothing in it names the
    machine or its user: of the system only its kind, its version number and the processor's architecture.
    """
    # the running source's own word first: the metadata of an old installation may lie beside it
    running = getattr(import_module("XAICLIPLib"), "__version__", None) or _installed("xaiclip") or "unknown"
    # the digits only, because who builds a kernel may put any name behind them
    release = re.match(r"\d+(\.\d+)*", platform.release())
    system = (platform.system(), release.group() if release else "", platform.machine())
    return {
        "xaiclip": running,
        "python": platform.python_version(),
        "platform": " ".join(part for part in system if part),
        "libraries": {name: _installed(*distributions) for name, distributions in _LIBRARIES.items()},
    }


def write_json(path: str | Path, payload: Mapping[str, Any]) -> Path:
    """Write a payload as JSON: UTF-8, indented, the keys in the order given.

    NumPy scalars and arrays, tuples, sets (sorted), paths and dataclasses become their plain counterparts. What is not
    finite becomes null, because JSON has no nan and no infinity.

    Parameters
    ----------
    path : path
    payload : mapping

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the place can't be written to.
    TypeError
        If the payload holds something else.
    """
    return _write(path, json.dumps(plain(payload), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_csv(path: str | Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows as CSV with a header: the columns are all the rows' keys in the order of their first appearance.

    Missing values, None and nan are empty cells; infinity is ``inf``; a list is joined with "; ".

    Parameters
    ----------
    path : path
    rows : iterable of mapping

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the place can't be written to.
    """
    rows = list(rows)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return _write(path, text.getvalue())


def plain(value: Any) -> Any:
    """What `write_json` makes of a value: something that strict JSON can hold.

    Parameters
    ----------
    value : object

    Returns
    -------
    object
    """
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, Mapping):  # first: a table's row is one by its columns' names, and a dataclass too
        return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Path):
        return str(value)
    return value


def _cell(value: Any) -> Any:
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return "; ".join(str(_cell(item)) for item in value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return value


def _write(path: str | Path, text: str) -> Path:
    path = Path(path)
    try:
        path.write_bytes(text.encode("utf-8"))  # bytes, so that line ends and the hash are alike on every system
    except OSError as error:
        raise InputError(f"{path} can't be written ({error.strerror}); check the folder and the free space") from error
    return path
