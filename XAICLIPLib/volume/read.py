"""Reading and writing: one entry, by what the path is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.check import at_right_angles, check_geometry
from XAICLIPLib.volume.metaimage import check_metaimage
from XAICLIPLib.volume.nifti import ENDINGS as NIFTI
from XAICLIPLib.volume.nifti import read_nifti
from XAICLIPLib.volume.nrrd import check_nrrd
from XAICLIPLib.volume.volume import Volume
from XAICLIPLib.volume.write import FORMATS, reason_of


def read_volume(path: str | Path, series: str | None = None) -> Volume:
    """Read a scan or a label map: NIfTI, NRRD, MHA, one DICOM file, or a folder with a DICOM series.

    Parameters
    ----------
    path : path
        A file, or a folder that holds DICOM files (sub-folders are searched).
    series : str, optional
        The series instance UID, or its end, where the folder holds several.

    Returns
    -------
    Volume
        On the file's own grid, its axes at right angles; `notes` say what was assumed.

    Raises
    ------
    InputError
        If the file is missing or unreadable, the folder holds no DICOM series or several, or the image is not one
        scalar volume.

    Examples
    --------
    >>> import tempfile
    >>> from XAICLIPLib import make_phantom, read_volume
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = make_phantom(shape=(8, 64, 64))[0].save(f"{folder}/ct.nrrd")
    ...     scan = read_volume(path)
    >>> scan.shape, scan.orientation
    ((8, 64, 64), 'LPS')
    """
    path = Path(path)
    try:
        there = path.exists()
    except (OSError, ValueError) as error:  # longer than a path may be, a zero character
        raise InputError(f"{str(path)[:80]!r} is no path that this system has; check it") from error
    if not there:
        raise InputError(f"{path} does not exist; check the path")
    if path.is_dir() or _is_dicom(path):
        from XAICLIPLib.volume.dicom_series import read_dicom

        volume = read_dicom(path, series)
    else:
        volume = _read_file(path)
    return at_right_angles(check_geometry(volume))


def _read_file(path: Path) -> Volume:
    """A file that is no DICOM, by its name's ending; what has another is left to ITK."""
    ending = path.name.lower()
    notes: tuple[str, ...] = ()
    try:
        if ending.endswith(NIFTI) and (volume := read_nifti(path)) is not None:
            return volume
        if ending.endswith((".mha", ".mhd")):
            notes = check_metaimage(path)
        elif ending.endswith((".nrrd", ".nhdr")):
            notes = check_nrrd(path)
    except OSError as error:
        raise InputError(f"{path.name} can't be read ({error.strerror or error}); check the file") from error
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise InputError(
            f"{path.name} can't be read as an image ({reason_of(error)}): it may be damaged or of another kind; give "
            f"one of {', '.join(FORMATS)} or a DICOM folder"
        ) from error
    return Volume.from_sitk(image, name=path.name, notes=notes)


def _is_dicom(path: Path) -> bool:
    """Whether a file is DICOM by its first bytes, with or without the preamble."""
    try:
        with path.open("rb") as file:
            head = file.read(132)
    except OSError as error:
        raise InputError(f"{path.name} can't be read ({error.strerror}); check the file") from error
    return head[128:] == b"DICM" or path.name.lower().endswith(".dcm") or head[:2] in (b"\x08\x00", b"\x02\x00")


def read_slices(files: Sequence[Path], name: str) -> tuple[Volume, list[int]]:
    """Read DICOM files of one series, one slice each, that may come in any order.

    Parameters
    ----------
    files : sequence of Path
    name : str
        What to call the volume in messages and reports.

    Returns
    -------
    volume : Volume
        Its slices in the order of their places in space.
    order : list of int
        For each of them, which of `files` it is.

    Raises
    ------
    InputError
        If a file can't be read, does not say where it lies, or two lie in one place.
    """
    from XAICLIPLib.volume.dicom_series import read_dicom_slices

    return read_dicom_slices(files, name)
