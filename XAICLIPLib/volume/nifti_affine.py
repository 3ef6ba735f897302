"""Where the voxels of a NIfTI file lie, as nibabel reads its header: the sform, else the qform, else the sizes."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.nifti_header import Header

_MILLIMETRES = {1: 1000.0, 2: 1.0, 3: 0.001}  # by the unit's code; metres, millimetres, micrometres
_NAMES = {1: "metres", 3: "micrometres"}
_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])  # NIfTI counts to the right and to the front, SimpleITK to the left and the back


def affine_of(header: Header, name: str, notes: list[str]) -> np.ndarray:
    """From voxel (i, j, k) to LPS mm, as nibabel chooses: the sform, else the qform, else the sizes alone.

    Parameters
    ----------
    header : Header
    name : str
        The file's, for messages.
    notes : list of str
        What is assumed is added.

    Returns
    -------
    ndarray, shape (4, 4)

    Raises
    ------
    InputError
        If sizes or axes are impossible.
    """
    sizes = np.array(header.pixdim[1:4], float)
    used = [n for n in range(3) if n < len(header.dims) and header.dims[n] > 1]
    if not all(np.isfinite(sizes[n]) and sizes[n] > 0 for n in used):
        raise InputError(
            f"{name} says that its voxels are {' x '.join(f'{v:g}' for v in sizes)} mm: its header is damaged; write "
            "the right sizes (pixdim) into it"
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
            f"is taken ({edges_mm} mm)"
        )
    affine = sform if sform is not None else qform
    if affine is not None and not (np.isfinite(affine).all() and (np.abs(affine) < 1e6).all()):
        raise InputError(f"{name}: its {form_of(header)} is no place in space; correct its header")
    if affine is None:
        # Analyze's convention, and nibabel's: the patient's left last in the row, the front last in the column
        affine = np.diag([-sizes[0], sizes[1], sizes[2], 1.0])
        affine[:3, 3] = -affine[:3, :3] @ ((np.array((*header.dims, 1, 1)[:3]) - 1) / 2)
        notes.append(
            "the file does not say how the patient lies in it (no sform, no qform): it is read as nibabel does, from "
            "right to left, back to front, feet to head; left and right may be exchanged"
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


def form_of(header: Header) -> str:
    """Which of the two places in the header is taken.

    Parameters
    ----------
    header : Header

    Returns
    -------
    str
        "sform" or "qform".
    """
    return "sform" if header.sform_code > 0 else "qform"


def edges_as_written(edges: np.ndarray, header: Header) -> list[float]:
    """The voxel's edges; the header's own numbers where they are the same up to rounding.

    Parameters
    ----------
    edges : ndarray, shape (3,)
        Lengths of the affine's axes, mm.
    header : Header

    Returns
    -------
    list of 3 floats
        Along x, y, z, mm.
    """
    given = np.array(header.pixdim[1:4], float)
    return [float(g if np.isclose(e, g, rtol=1e-5, atol=0) else e) for e, g in zip(edges, given)]
