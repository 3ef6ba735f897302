"""NIfTI-1, NIfTI-2 and Analyze: the header as the standard and nibabel understand it, and every voxel or a refusal.

ITK reads what a truncated file lacks as zeros, turns NaN into 0, an impossible spacing into 1 mm, and prefers the
qform. The format is a header of fixed places and the voxels behind it, so it is read here.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.nifti_affine import affine_of, edges_as_written, form_of
from XAICLIPLib.volume.nifti_header import Header, damage, header_and_data_files, open_unpacked, read_header
from XAICLIPLib.volume.volume import Volume

ENDINGS = (".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz")
_TYPES = {
    2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8",
}  # fmt: skip
_REFUSED = {1: "single bits", 32: "complex", 128: "colour (RGB)", 1536: "128-bit floating point", 1792: "complex",
            2048: "complex", 2304: "colour (RGBA)"}  # fmt: skip
_SCALES = (1e-15, 1e15)
_PIECE = 1 << 22  # bytes read at a time


def read_nifti(path: Path) -> Volume | None:
    """Read a NIfTI file (``.nii``, ``.nii.gz``, or a pair ``.hdr`` and ``.img``).

    Parameters
    ----------
    path : Path
        Ending in ``.nii``, ``.hdr`` or ``.img``, or one of these and ``.gz``.

    Returns
    -------
    Volume or None
        Its voxels in the file's own type, scaled to float where the header says so; None where the file is no NIfTI.

    Raises
    ------
    InputError
        If the file is damaged or ends early, or is not one scalar volume with a possible geometry.
    """
    head, data = header_and_data_files(path)
    header = read_header(head)
    if header is None:
        return None
    if not header.single and head == data:
        raise InputError(
            f"{path.name}: its header is damaged (it says that the voxels are in another file); save it again"
        )
    shape = _shape(header, path.name)
    notes = []
    affine = affine_of(header, path.name, notes)
    voxels = _scaled(_voxels(header, shape, head if header.single else data), header, path.name, notes)
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    if not (edges > 0).all():
        raise InputError(f"{path.name}: its {form_of(header)} is no place in space; correct its header")
    return Volume(
        voxels,
        tuple(edges_as_written(edges, header)),
        tuple(affine[:3, 3]),
        tuple((affine[:3, :3] / edges).ravel()),
        name=path.name,
        notes=tuple(notes),
    )


def _shape(header: Header, name: str) -> tuple[int, int, int]:
    """(Z, Y, X) of the one volume that the file holds."""
    dims = header.dims
    if not dims or any(n < 1 for n in dims):
        raise InputError(f"{name} has the size {dims or 'of no dimensions'}: its header is damaged, or it is empty")
    while len(dims) > 3 and dims[-1] == 1:
        dims = dims[:-1]
    if len(dims) == 5 and dims[3] == 1:
        raise InputError(
            f"{name} has {dims[4]} components per pixel (colour or vector); give a scan with one value per voxel"
        )
    if len(dims) > 3:
        raise InputError(
            f"{name} has {len(dims)} dimensions, size {dims}; save one time point or channel as a 3D volume and give "
            "that"
        )
    if header.datatype not in _TYPES:
        what = _REFUSED.get(header.datatype, f"an unknown type ({header.datatype})")
        raise InputError(f"{name} holds voxels of {what}; give a scan with one real number per voxel")
    return tuple((*dims, 1, 1)[:3][::-1])


def _voxels(header: Header, shape: tuple[int, int, int], path: Path) -> np.ndarray:
    """All voxels in the file's own type, (Z, Y, X); read into place, so that there is one copy of them."""
    dtype = np.dtype(header.order + _TYPES[header.datatype])
    wanted = int(np.prod(shape, dtype=object)) * dtype.itemsize
    start = header.offset
    if start < ((348 if header.first else 540) if header.single else 0):
        raise InputError(f"{path.name}: its header is damaged (the voxels' place in the file is {header.offset})")
    try:
        with open_unpacked(path) as file:
            if not isinstance(file, gzip.GzipFile) and path.stat().st_size < start + wanted:
                _short(path, max(0, path.stat().st_size - start), wanted)
            _skip(file, start)
            voxels = np.empty(shape, dtype)
            got = _fill(file, memoryview(voxels).cast("B"))
            if got < wanted:
                _short(path, got, wanted)
            _drain(file)
    except InputError:
        raise
    except (MemoryError, ValueError) as error:
        raise InputError(f"{path.name} says that it holds {wanted / 1e9:.0f} GB of voxels, more than memory") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name} is damaged or was cut off ({damage(error)}): copy or download it again"
        ) from error
    return voxels if dtype.isnative else voxels.byteswap(inplace=True).view(dtype.newbyteorder("="))


def _skip(file: BinaryIO, count: int) -> None:
    while count > 0 and (piece := file.read(min(count, _PIECE))):
        count -= len(piece)


def _fill(file: BinaryIO, place: memoryview) -> int:
    got = 0
    while got < len(place):
        count = file.readinto(place[got : got + _PIECE])
        if not count:
            break
        got += count
    return got


def _drain(file: BinaryIO) -> None:
    """To the end of a compressed file, where its checksum is; what follows it there is no part of it."""
    if not isinstance(file, gzip.GzipFile):
        return
    try:
        while file.read(_PIECE):
            pass
    except gzip.BadGzipFile as error:
        if "Not a gzipped file" not in str(error):
            raise


def _short(path: Path, got: int, wanted: int) -> None:
    raise InputError(
        f"{path.name} was cut off: it holds {got} of the {wanted} bytes of voxels that its header promises "
        f"({got / wanted:.0%}); copy or download it again"
    )


def _scaled(voxels: np.ndarray, header: Header, name: str, notes: list[str]) -> np.ndarray:
    """Values by the header's slope and intercept; as they are stored where it gives none."""
    slope, inter = header.slope, header.inter
    if np.isnan(slope):
        notes.append(
            "the header's slope for the values (scl_slope) is no number: they are taken as stored, as nibabel does"
        )
        return voxels
    if slope == 0 or (slope, inter) == (1, 0):
        return voxels
    if not (_SCALES[0] <= abs(slope) <= _SCALES[1] and np.isfinite(inter) and abs(inter) <= _SCALES[1]):
        raise InputError(
            f"{name}: its values are to be multiplied by {slope:g} and {inter:g} added, which is impossible: its "
            "header (scl_slope, scl_inter) is damaged; correct it"
        )
    wide = voxels.dtype.kind == "f" and voxels.dtype.itemsize == 8 or voxels.dtype.itemsize > 4
    scaled = np.empty(voxels.shape, np.float64 if wide else np.float32)
    for out, plane in zip(scaled, voxels):
        out[...] = plane.astype(out.dtype).astype(np.float64) * slope + inter
    return scaled
