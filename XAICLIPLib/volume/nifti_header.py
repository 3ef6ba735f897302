"""The header of a NIfTI-1, NIfTI-2 or Analyze file: fields at fixed places, in either byte order."""

from __future__ import annotations

import gzip
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from XAICLIPLib.errors import InputError


@dataclass(frozen=True)
class Header:
    """What a NIfTI header says, in plain numbers; x first, as in the file."""

    order: str
    dims: tuple[int, ...]
    datatype: int
    pixdim: tuple[float, ...]
    offset: int
    slope: float
    inter: float
    units: int
    qform_code: int
    sform_code: int
    quaternion: tuple[float, ...]
    qoffset: tuple[float, ...]
    srow: np.ndarray
    single: bool
    first: bool


def header_and_data_files(path: Path) -> tuple[Path, Path]:
    """The files with the header and with the voxels.

    Parameters
    ----------
    path : Path
        Either of them.

    Returns
    -------
    header, data : Path
        The same one for a single file.

    Raises
    ------
    InputError
        If the other one of a pair is not beside it.
    """
    for ending, partner_ending in ((".hdr", ".img"), (".img", ".hdr")):
        for packed in ("", ".gz"):
            if path.name.lower().endswith(ending + packed):
                stem = path.name[: -len(ending + packed)]
                upper = path.name[len(stem) :].isupper()
                beside = [
                    path.with_name(stem + (e.upper() if upper else e)) for e in (partner_ending, f"{partner_ending}.gz")
                ]
                partner = next((p for p in beside if p.exists()), None)
                if partner is None:
                    raise InputError(
                        f"{path.name} is one of two files, and the one ending in {partner_ending} is not beside it"
                    )
                return (path, partner) if ending == ".hdr" else (partner, path)
    return path, path


def open_unpacked(path: Path) -> BinaryIO:
    """Open a file for reading, through gzip where it is compressed, whatever its name says.

    Parameters
    ----------
    path : Path

    Returns
    -------
    BinaryIO
    """
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")


def read_header(path: Path) -> Header | None:
    """The header, in the byte order that makes sense of its size.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Header or None
        None where it is no NIfTI and no Analyze.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    try:
        with open_unpacked(path) as file:
            raw = file.read(540)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name} can't be read ({damage(error)}); it is damaged: copy or download it again"
        ) from error
    for order in "<>":
        size = struct.unpack_from(order + "i", raw)[0] if len(raw) >= 348 else 0
        if size == 348:
            return _first(raw, order)
        if size == 540 and len(raw) >= 540:
            return _second(raw, order)
    return None


def _first(raw: bytes, order: str) -> Header:
    def take(form: str, at: int) -> tuple:
        return struct.unpack_from(order + form, raw, at)

    magic = raw[344:348]
    known = magic in (b"n+1\0", b"ni1\0")
    count, *dims = take("8h", 40)
    return Header(
        order, tuple(dims[:count]) if 0 < count < 8 else (), take("h", 70)[0], take("8f", 76),
        _whole(take("f", 108)[0]),
        *(take("2f", 112) if known else (1.0, 0.0)), raw[123] & 7 if known else 0,
        *(take("2h", 252) if known else (0, 0)), take("3f", 256), take("3f", 268),
        np.reshape(take("12f", 280), (3, 4)), magic == b"n+1\0", True,
    )  # fmt: skip


def _second(raw: bytes, order: str) -> Header:
    def take(form: str, at: int) -> tuple:
        return struct.unpack_from(order + form, raw, at)

    count, *dims = take("8q", 16)
    return Header(
        order, tuple(dims[:count]) if 0 < count < 8 else (), take("h", 12)[0], take("8d", 104), take("q", 168)[0],
        *take("2d", 176), take("i", 500)[0] & 7, *take("2i", 344), take("3d", 352), take("3d", 376),
        np.reshape(take("12d", 400), (3, 4)), raw[4:8] == b"n+2\0", False,
    )  # fmt: skip


def _whole(number: float) -> int:
    return int(number) if np.isfinite(number) and 0 <= number < 2**31 else -1


def damage(error: Exception) -> str:
    """What an error says of a file, on one line.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    str
    """
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return "it ends early" if isinstance(error, EOFError) else text
