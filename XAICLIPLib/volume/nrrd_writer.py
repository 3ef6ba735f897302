"""NRRD, written plane by plane: SimpleITK writes a compressed file from one array only, which a result may be too large
for."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import SimpleITK as sitk

from XAICLIPLib.volume.stack import SliceStack

LEVEL = 2  # maps are mostly zeros; a higher level takes three times as long for a few per cent

_TYPES = {"uint8": "unsigned char", "int16": "short", "uint16": "unsigned short", "int32": "int", "float32": "float"}


class Grid(Protocol):
    """What is written of a `Volume`, which knows this module in order to save itself."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along z, y, x."""

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Voxel edges along x, y, z, mm."""

    @property
    def origin(self) -> tuple[float, float, float]:
        """Position of voxel (0, 0, 0), LPS mm."""

    @property
    def direction(self) -> tuple[float, ...]:
        """Nine direction cosines, row-major, LPS."""

    @property
    def dtype(self) -> np.dtype:
        """The voxels' type."""

    @property
    def stack(self) -> SliceStack | None:
        """The slices that the voxels are made of, where they are not one array."""

    def to_sitk(self) -> sitk.Image:
        """The same as a SimpleITK image."""


def can_write(volume: Grid, path: Path) -> bool:
    """Whether a volume has planes to be written one by one, and the name's ending asks for this format.

    Parameters
    ----------
    volume : Grid
    path : Path

    Returns
    -------
    bool
    """
    stacked = volume.stack is not None and volume.stack.planes() is not None
    return stacked and path.name.lower().endswith(".nrrd") and str(volume.dtype) in _TYPES


def write_nrrd(volume: Grid, path: Path, compress: bool) -> None:
    """Write a volume that `can_write` said yes to, in the layout that ITK and 3D Slicer read.

    Parameters
    ----------
    volume : Grid
    path : Path
    compress : bool
        Whether with gzip.
    """
    with open(path, "wb") as file:
        file.write(_header(volume, compress).encode("ascii"))
        for data in _encoded(volume.stack.planes(), compress):
            file.write(data)


def _header(volume: Grid, compress: bool) -> str:
    steps = (np.array(volume.direction).reshape(3, 3) * volume.spacing).T.tolist()
    lines = [
        "NRRD0004",
        f"type: {_TYPES[str(volume.dtype)]}",
        "dimension: 3",
        "space: left-posterior-superior",
        "sizes: " + " ".join(str(n) for n in reversed(volume.shape)),
        "space directions: " + " ".join(_vector(step) for step in steps),
        "kinds: domain domain domain",
        "endian: little",
        f"encoding: {'gzip' if compress else 'raw'}",
        f"space origin: {_vector(volume.origin)}",
    ]
    return "\n".join(lines) + "\n\n"


def _vector(values: list[float] | tuple[float, ...]) -> str:
    return "(" + ",".join(repr(float(v)) for v in values) + ")"


def _encoded(planes: Iterator[np.ndarray], compress: bool) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, wbits=31) if compress else None  # 31: with gzip's header
    for plane in planes:
        raw = np.ascontiguousarray(plane, plane.dtype.newbyteorder("<")).tobytes()
        yield packer.compress(raw) if packer else raw
    if packer:
        yield packer.flush()
