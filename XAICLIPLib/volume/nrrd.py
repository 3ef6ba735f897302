"""NRRD (``.nrrd``, ``.nhdr``): its header is checked before ITK reads it; what is cut off, ITK notices itself."""

from __future__ import annotations

import math
import re
from pathlib import Path

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.textheader import LARGEST_HEADER, UNPLACED, data_files, printed

_NUMBERED = re.compile(r"(.*%0?\d*d.*?)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(?:\s+\d+)?")


def check_nrrd(path: Path) -> tuple[str, ...]:
    """Refuse an NRRD that ITK would misread.

    Parameters
    ----------
    path : Path
        A ``.nrrd`` or ``.nhdr`` file.

    Returns
    -------
    tuple of str
        What a reader must know: that the file does not say how the scan lies.

    Raises
    ------
    InputError
        If the header is damaged or impossible, or the data file is not beside it.
    """
    fields, listed = _header(path)
    name = path.name
    if "dimension" not in fields or not fields["dimension"].isdigit() or not 1 <= int(fields["dimension"]) <= 16:
        raise InputError(
            f"{name}: its header is damaged (dimension is {printed(fields.get('dimension', 'missing'))!r})"
        )
    count = int(fields["dimension"])
    sizes = fields.get("sizes", "").split()
    if len(sizes) != count or not all(s.isdigit() and 0 < int(s) < 2**31 for s in sizes):
        raise InputError(
            f"{name} has {count} dimensions and the size {printed(' '.join(sizes)) or 'missing'!r}: its header is "
            "damaged, or it is "
            "empty"
        )
    for key in ("spacings", "space directions"):
        if key in fields:
            _check_axes(name, key, fields[key], count)
    place = fields.get("data file", fields.get("datafile"))
    if place is not None:
        data_files(path, "data file", place, listed, _NUMBERED)
    if count > 2 and not set(fields) & {"space", "space directions"}:
        return (UNPLACED,)
    return ()


def _header(path: Path) -> tuple[dict[str, str], list[str]]:
    """The fields with their names in small letters, and the data files where they are listed."""
    fields: dict[str, str] = {}
    listed: list[str] = []
    with path.open("rb") as file:
        if not file.readline(64).startswith(b"NRRD000"):
            raise InputError(f"{path.name} can't be read as an image: it does not begin as an NRRD file does")
        for line in iter(lambda: file.readline(LARGEST_HEADER), b""):
            text = line.decode("utf-8", "replace").strip("\r\n")
            if not text.strip() or file.tell() > LARGEST_HEADER:
                break
            if "data file" in fields and fields["data file"].upper().startswith("LIST"):
                listed.append(text.strip())
                continue
            if text.startswith("#") or ":=" in text:
                continue
            key, colon, value = text.partition(":")
            if colon:
                key = key.strip().lower()
                fields["data file" if key == "datafile" else key] = value.strip()
    return fields, listed


def _check_axes(name: str, key: str, text: str, count: int) -> None:
    """One vector or number per axis, none of them zero; what is no axis in space is called none, or nan."""
    axes = re.findall(r"\([^)]*\)|\S+", text)
    spatial = 0
    for axis in axes:
        if axis.lower() in ("none", "nan"):
            continue
        spatial += 1
        try:
            numbers = [float(v) for v in axis.strip("()").split(",")]
        except ValueError:
            numbers = [math.nan]
        if not all(math.isfinite(v) for v in numbers) or not any(numbers):
            raise InputError(
                f"{name}: {key} has {printed(axis)}, which is impossible; write the right one into its header"
            )
    if len(axes) != count or (spatial < min(count, 3) and key == "spacings" and count <= 3):
        raise InputError(
            f"{name}: its header is damaged ({key} is {printed(text)!r}, which is not one for each of {count} "
            "dimensions)"
        )
