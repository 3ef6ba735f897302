"""MetaImage (``.mha``, ``.mhd``): its header is checked before ITK reads it.

ITK takes a header at its word: lists that are too short or too long end the process, a compressed file that is
damaged is read as noise, and the data file may lie anywhere on the disk.
"""

from __future__ import annotations

import math
import re
import zlib
from pathlib import Path

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.textheader import LARGEST_HEADER, UNPLACED, data_files, printed

_BYTES = {
    "MET_CHAR": 1, "MET_UCHAR": 1, "MET_SHORT": 2, "MET_USHORT": 2, "MET_INT": 4, "MET_UINT": 4, "MET_LONG": 4,
    "MET_ULONG": 4, "MET_LONG_LONG": 8, "MET_ULONG_LONG": 8, "MET_FLOAT": 4, "MET_DOUBLE": 8,
}  # fmt: skip
# How many numbers a key has, by the number of dimensions.
_LISTS = {
    "DimSize": 1, "ElementSpacing": 1, "ElementSize": 1, "Offset": 1, "Position": 1, "Origin": 1, "CenterOfRotation": 1,
    "TransformMatrix": 2, "Rotation": 2, "Orientation": 2,
}  # fmt: skip
_NUMBERED = re.compile(r"(\S*%0?\d*d\S*)\s+(\d+)\s+(\d+)(?:\s+(\d+))?")
_PIECE = 1 << 22


def check_metaimage(path: Path) -> tuple[str, ...]:
    """Refuse a MetaImage that ITK would misread.

    Parameters
    ----------
    path : Path
        A ``.mha`` or ``.mhd`` file.

    Returns
    -------
    tuple of str
        What a reader must know: that the file does not say how the scan lies.

    Raises
    ------
    InputError
        If the header is damaged or impossible, the data end early, or the data file is not beside the header.
    """
    fields, end = _header(path)
    name = path.name
    dims = _numbers(fields, "NDims", name, whole=True) or [0]
    if len(dims) != 1 or not 1 <= dims[0] <= 10:
        raise InputError(f"{name}: its header is damaged (NDims is {printed(fields.get('NDims', 'missing'))!r})")
    count = int(dims[0])
    for key, power in _LISTS.items():
        if key in fields:
            numbers = _numbers(fields, key, name, whole=key == "DimSize")
            if len(numbers) != count**power:
                raise InputError(
                    f"{name}: its header is damaged ({key} has {len(numbers)} numbers where {count**power} belong)"
                )
    sizes = _numbers(fields, "DimSize", name, whole=True)
    if not sizes or min(sizes) < 1:
        raise InputError(
            f"{name} has the size {printed(fields.get('DimSize', 'missing'))!r}: its header is damaged, or it is empty"
        )
    for key in ("ElementSpacing", "ElementSize"):
        if key in fields and not all(v > 0 for v in _numbers(fields, key, name)):
            raise InputError(
                f"{name}: {key} is {printed(fields[key])!r}, which is impossible; write the right spacing into its "
                "header"
            )
    kind = fields.get("ElementType", "missing").upper()
    if kind not in _BYTES:
        raise InputError(
            f"{name} holds voxels of the type {printed(kind)}, which can't be read; save it again as short or float"
        )
    channels = _numbers(fields, "ElementNumberOfChannels", name, whole=True) or [1]
    if len(channels) != 1 or not 1 <= channels[0] <= 1024:
        raise InputError(f"{name}: its header is damaged (ElementNumberOfChannels is {channels})")
    _check_data(path, fields, end, math.prod(int(v) for v in (*sizes, *channels)) * _BYTES[kind])
    if count > 2 and not set(fields) & {"TransformMatrix", "Rotation", "Orientation"}:
        return (UNPLACED,)
    return ()


def _header(path: Path) -> tuple[dict[str, str], int]:
    """The fields, and where the header ends in the file."""
    fields: dict[str, str] = {}
    with path.open("rb") as file:
        while file.tell() < LARGEST_HEADER:
            line = file.readline(LARGEST_HEADER)
            key, equals, value = line.decode("utf-8", "replace").partition("=")
            if not line or not equals:
                if line and not line.strip():
                    continue
                break
            key = key.strip()
            if key in fields:
                raise InputError(f"{path.name}: its header is damaged ({printed(key)} is there twice)")
            fields[key] = value.strip()
            if key == "ElementDataFile":
                return fields, file.tell()
    raise InputError(f"{path.name} can't be read as an image: its header is damaged or cut off (no ElementDataFile)")


def _numbers(fields: dict[str, str], key: str, name: str, whole: bool = False) -> list[float]:
    """The numbers of a field; an empty list where it is missing."""
    text = fields.get(key, "")
    try:
        numbers = [int(v) if whole else float(v) for v in text.split()]
    except ValueError:
        numbers = [math.nan]
    if not all(math.isfinite(v) and abs(v) < 2**40 for v in numbers):
        raise InputError(
            f"{name}: its header is damaged ({key} is {printed(text)!r}); correct it or save the scan again"
        )
    return numbers


def _check_data(path: Path, fields: dict[str, str], end: int, wanted: int) -> None:
    """The data are in the file or beside it, and there are enough of them."""
    place = fields["ElementDataFile"]
    if place.upper() == "LOCAL":
        files, start = [path], end
    else:
        files, start = data_files(path, "ElementDataFile", place, _lines_after(path, end), _NUMBERED), 0
    if fields.get("BinaryData", "True").lower() in ("false", "0"):
        return  # numbers in words; ITK reads as many as there are, or fails
    header = (_numbers(fields, "HeaderSize", path.name, whole=True) or [0])[0]
    if header < -1:
        raise InputError(f"{path.name}: its header is damaged (HeaderSize is {header})")
    if fields.get("CompressedData", "False").lower() in ("true", "1"):
        if len(files) == 1:
            _check_packed(path, files[0], start + max(0, int(header)), wanted)
        return
    there = sum(file.stat().st_size - start - max(0, int(header)) for file in files)
    if there < wanted:
        raise InputError(
            f"{path.name} was cut off: it holds {max(0, there)} of the {wanted} bytes of voxels that its header "
            "promises "
            f"({max(0, there) / wanted:.0%}); copy or download it again"
        )


def _lines_after(path: Path, end: int) -> list[str]:
    """What stands in a file behind its header: the names of the data files, where they are listed."""
    with path.open("rb") as file:
        file.seek(end)
        lines = file.read(LARGEST_HEADER).decode("utf-8", "replace").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _check_packed(path: Path, file: Path, start: int, wanted: int) -> None:
    """Unpack the data once, without keeping them, to see whether they are whole."""
    unpack, got = zlib.decompressobj(wbits=47), 0
    try:
        with file.open("rb") as stream:
            stream.seek(start)
            while not unpack.eof and (piece := stream.read(_PIECE)):
                while piece and not unpack.eof:
                    got += len(unpack.decompress(piece, _PIECE))
                    piece = unpack.unconsumed_tail
    except zlib.error as error:
        raise InputError(f"{path.name} is damaged (its compressed data: {error}); copy or download it again") from error
    if got < wanted or not unpack.eof:
        raise InputError(
            f"{path.name} was cut off: {got} of the {wanted} bytes of voxels that its header promises can be unpacked "
            f"({got / wanted:.0%}); copy or download it again"
        )
