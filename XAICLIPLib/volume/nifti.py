"""NIfTI-1, NIfTI-2 and Analyze: the header as the standard and nibabel understand it, and every voxel or a refusal.

ITK reads what a truncated file lacks as zeros, turns NaN into 0, an impossible spacing into 1 mm, and prefers the
qform. The format is a header of fixed places and the voxels behind it, so it is read here.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.volume import Volume

ENDINGS = (".nii", ".nii.gz", ".hdr", ".hdr.gz", ".img", ".img.gz")
_TYPES = {
    2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8",
}  # fmt: skip
_REFUSED = {1: "single bits", 32: "complex", 128: "colour (RGB)", 1536: "128-bit floating point", 1792: "complex",
            2048: "complex", 2304: "colour (RGBA)"}  # fmt: skip
_MILLIMETRES = {1: 1000.0, 2: 1.0, 3: 0.001}  # by the unit's code; metres, millimetres, micrometres
_NAMES = {1: "metres", 3: "micrometres"}
_SCALES = (1e-15, 1e15)
_PIECE = 1 << 22  # bytes read at a time
_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])  # NIfTI counts to the right and to the front, SimpleITK to the left and the back


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


def read_nifti(path: Path) -> Volume | None:
    """Read a NIfTI file (``.nii``, ``.nii.gz``, or a pair ``.hdr`` and ``.img``).

    Returns
    -------
    Volume or None
        Its voxels in the file's own type, scaled to float where the header says so; None where the file is no NIfTI.

    Raises
    ------
    InputError
        If the file is damaged or ends early, or is not one scalar volume with a possible geometry.
    """
    head, data = _pair(path)
    header = _header(head)
    if header is None:
        return None
    if not header.single and head == data:
        raise InputError(
            f"{path.name}: its header is damaged (it says that the voxels are in another file); save it again"
        )
    shape = _shape(header, path.name)
    notes = []
    affine = _affine(header, path.name, notes)
    voxels = _scaled(_voxels(header, shape, head if header.single else data), header, path.name, notes)
    edges = np.linalg.norm(affine[:3, :3], axis=0)
    if not (edges > 0).all():
        raise InputError(f"{path.name}: its {_form(header)} is no place in space; correct its header")
    return Volume(
        voxels,
        tuple(_neat(edges, header)),
        tuple(affine[:3, 3]),
        tuple((affine[:3, :3] / edges).ravel()),
        name=path.name,
        notes=tuple(notes),
    )


def _pair(path: Path) -> tuple[Path, Path]:
    """The files with the header and with the voxels; the same one for a single file."""
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


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")


def _header(path: Path) -> Header | None:
    """The header in the byte order that makes sense of its size; None where it is no NIfTI and no Analyze."""
    try:
        with _open(path) as file:
            raw = file.read(540)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name} can't be read ({_why(error)}); it is damaged: copy or download it again"
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


# ---- where it lies


def _affine(header: Header, name: str, notes: list[str]) -> np.ndarray:
    """From voxel (i, j, k) to LPS mm (4, 4), as nibabel chooses: the sform, else the qform, else the sizes alone."""
    sizes = np.array(header.pixdim[1:4], float)
    used = [n for n in range(3) if n < len(header.dims) and header.dims[n] > 1]
    if not all(np.isfinite(sizes[n]) and sizes[n] > 0 for n in used):
        raise InputError(
            f"{name} says that its voxels are {' x '.join(f'{v:g}' for v in sizes)} mm: its header is damaged; write "
            "the "
            "right sizes (pixdim) into it"
        )
    sizes = np.where(np.isfinite(sizes) & (sizes > 0), sizes, 1.0)
    sform = np.vstack([header.srow, [0, 0, 0, 1]]) if header.sform_code > 0 else None
    if sform is not None:
        for n in set(range(3)) - set(used):
            if not sform[:3, n].any():  # one slice: a file of a plane may leave it out
                sform[:3, n] = np.cross(
                    *(sform[:3, m] / (np.linalg.norm(sform[:3, m]) or 1) for m in range(3) if m != n)
                )
    qform = _qform(header, sizes, name) if header.qform_code > 0 else None
    if sform is not None and qform is not None:
        _compare(header, sform, qform, notes)
    elif sform is not None and not np.allclose(np.linalg.norm(sform[:3, used], axis=0), sizes[used], rtol=0.01):
        edges_mm = " x ".join(f"{v:.4g}" for v in np.linalg.norm(sform[:3, :3], axis=0))
        notes.append(
            f"the header's voxel sizes ({' x '.join(f'{v:.4g}' for v in sizes)} mm) are not those of its sform, which "
            "is "
            f"taken ({edges_mm} mm)"
        )
    affine = sform if sform is not None else qform
    if affine is not None and not (np.isfinite(affine).all() and (np.abs(affine) < 1e6).all()):
        raise InputError(f"{name}: its {_form(header)} is no place in space; correct its header")
    if affine is None:
        # Analyze's convention, and nibabel's: the patient's left last in the row, the front last in the column
        affine = np.diag([-sizes[0], sizes[1], sizes[2], 1.0])
        affine[:3, 3] = -affine[:3, :3] @ ((np.array((*header.dims, 1, 1)[:3]) - 1) / 2)
        notes.append(
            "the file does not say how the patient lies in it (no sform, no qform): it is read as nibabel does, from "
            "right "
            "to left, back to front, feet to head; left and right may be exchanged"
        )
    scale = _MILLIMETRES.get(header.units, 1.0)
    if scale != 1.0:
        notes.append(f"the file's lengths are in {_NAMES[header.units]}")
        affine = np.diag([scale, scale, scale, 1.0]) @ affine
    return _LPS @ affine + 0.0


def _qform(header: Header, sizes: np.ndarray, name: str) -> np.ndarray:
    b, c, d = header.quaternion
    rest = 1.0 - (b * b + c * c + d * d)
    if not np.isfinite([*header.quaternion, *header.qoffset]).all() or rest < -1e-3:
        raise InputError(f"{name}: its qform ({b:g}, {c:g}, {d:g}) is no rotation; correct its header")
    a = np.sqrt(max(rest, 0.0))
    b, c, d = np.array((b, c, d)) / np.sqrt(a * a + b * b + c * c + d * d)
    turn = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
        ]
    )
    affine = np.eye(4)
    affine[:3, :3] = turn * sizes * (1, 1, -1 if header.pixdim[0] < 0 else 1)
    affine[:3, 3] = header.qoffset
    return affine


def _compare(header: Header, sform: np.ndarray, qform: np.ndarray, notes: list[str]) -> None:
    """A note where the two places that the header gives differ by more than rounding."""
    corners = np.array(np.meshgrid(*[(0, max(n - 1, 0)) for n in (*header.dims, 1, 1)[:3]])).reshape(3, -1)
    corners = np.vstack([corners, np.ones(corners.shape[1])])
    apart = float(np.linalg.norm(((sform - qform) @ corners)[:3], axis=0).max())
    if np.isfinite(apart) and apart > 0.1 * min(np.linalg.norm(qform[:3, :3], axis=0)):
        notes.append(
            f"the file says twice where the scan lies, and its sform ({_letters(sform)}) and qform "
            f"({_letters(qform)}) differ "
            f"by up to {apart:.3g} mm: the sform is taken, as nibabel does"
        )


def _letters(affine: np.ndarray) -> str:
    """Where the voxel axes lead, in DICOM's letters, nearest."""
    lps = (_LPS @ affine)[:3, :3]
    return "".join(("LR", "PA", "SI")[int(np.abs(a).argmax())][int(a[np.abs(a).argmax()] < 0)] for a in lps.T)


def _form(header: Header) -> str:
    return "sform" if header.sform_code > 0 else "qform"


def _neat(edges: np.ndarray, header: Header) -> list[float]:
    """The voxel's edges; the header's own numbers where they are the same up to rounding."""
    given = np.array(header.pixdim[1:4], float)
    return [float(g if np.isclose(e, g, rtol=1e-5, atol=0) else e) for e, g in zip(edges, given)]


# ---- what it holds


def _voxels(header: Header, shape: tuple[int, int, int], path: Path) -> np.ndarray:
    """All voxels in the file's own type, (Z, Y, X); read into place, so that there is one copy of them."""
    dtype = np.dtype(header.order + _TYPES[header.datatype])
    wanted = int(np.prod(shape, dtype=object)) * dtype.itemsize
    start = header.offset
    if start < ((348 if header.first else 540) if header.single else 0):
        raise InputError(f"{path.name}: its header is damaged (the voxels' place in the file is {header.offset})")
    try:
        with _open(path) as file:
            if not isinstance(file, gzip.GzipFile) and path.stat().st_size < start + wanted:
                _short(path, max(0, path.stat().st_size - start), wanted)
            _skip(file, start)
            voxels = np.empty(shape, dtype)
            got = _fill(file, memoryview(voxels).cast("B"))
            if got < wanted:
                _short(path, got, wanted)
            _drain(file)
    except (MemoryError, ValueError) as error:
        raise InputError(f"{path.name} says that it holds {wanted / 1e9:.0f} GB of voxels, more than memory") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path.name} is damaged or was cut off ({_why(error)}): copy or download it again") from error
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
            "header "
            "(scl_slope, scl_inter) is damaged; correct it"
        )
    wide = voxels.dtype.kind == "f" and voxels.dtype.itemsize == 8 or voxels.dtype.itemsize > 4
    scaled = np.empty(voxels.shape, np.float64 if wide else np.float32)
    for out, plane in zip(scaled, voxels):
        out[...] = plane.astype(out.dtype).astype(np.float64) * slope + inter
    return scaled


def _why(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return "it ends early" if isinstance(error, EOFError) else text
