"""Reading and writing: one entry, by what the path is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.volume import Volume

FORMATS = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm")
_MODALITY = "0008|0060"
_DESCRIPTION = "0008|103e"
_POSITION = "0020|0032"
_ORIENTATION = "0020|0037"


def read_volume(path: str | Path, series: str | None = None) -> Volume:
    """Read a scan or a label map: NIfTI, NRRD, MHA, one DICOM file, or a folder with a DICOM series.

    Parameters
    ----------
    path : path
        A file, or a folder that holds DICOM files (sub-folders are searched).
    series : str, optional
        The series instance UID, or its end, where the folder holds several.

    Raises
    ------
    InputError
        If the file is missing or unreadable, the folder holds no DICOM series or several, or the image is not one
        scalar volume.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path} does not exist; check the path")
    if path.is_dir():
        return _read_series(path, series)
    try:
        reader = sitk.ImageFileReader()
        reader.SetFileName(str(path))
        reader.ReadImageInformation()
        modality = reader.GetMetaData(_MODALITY).strip() if reader.HasMetaDataKey(_MODALITY) else ""
        image = reader.Execute()
    except RuntimeError as error:
        raise InputError(
            f"{path} can't be read as an image ({_reason(error)}); give one of {', '.join(FORMATS)} or a DICOM folder"
        ) from error
    return Volume.from_sitk(image, modality=modality, name=path.name)


def _read_series(folder: Path, wanted: str | None) -> Volume:
    found = _series_in(folder)
    if not found:
        raise InputError(f"{folder} holds no DICOM series; give a folder with DICOM images or an image file")
    if wanted:
        found = {uid: files for uid, files in found.items() if uid.endswith(wanted)}
    if len(found) != 1:
        listed = _series_in(folder)
        lines = "; ".join(f"{uid} ({_describe(files)})" for uid, files in listed.items())
        raise InputError(f"{folder} holds {len(listed)} series; choose one with --series UID: {lines}")
    (files,) = found.values()
    return _read_files(files, str(folder), folder.name)


def read_slices(files: Sequence[Path], name: str) -> tuple[Volume, list[int]]:
    """Read DICOM files of one series, one slice each, that may come in any order.

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
    heights = []
    for path in files:
        reader = sitk.ImageFileReader()
        reader.SetFileName(str(path))
        try:
            reader.ReadImageInformation()
            place, along = (
                [float(v) for v in reader.GetMetaData(key).split("\\")] for key in (_POSITION, _ORIENTATION)
            )
        except (RuntimeError, ValueError) as error:
            raise InputError(f"{path} is no DICOM file that says where its slice lies; download it again") from error
        heights.append(float(np.dot(np.cross(along[:3], along[3:]), place)))
    order = [int(k) for k in np.argsort(heights, kind="stable")]
    for below, above in zip(order, order[1:]):
        if heights[above] - heights[below] < 1e-3:
            raise InputError(
                f"{files[below]} and {files[above].name} lie in the same place: they are of two series; "
                "put each series into a folder of its own"
            )
    return _read_files([str(files[k]) for k in order], name, name), order


def _read_files(files: Sequence[str], where: str, name: str) -> Volume:
    """The volume of a DICOM series' files, which come in the order of their places in space."""
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(files)
    reader.MetaDataDictionaryArrayUpdateOn()
    try:
        image = reader.Execute()
    except RuntimeError as error:
        raise InputError(f"the DICOM series in {where} can't be read ({_reason(error)})") from error
    modality = reader.GetMetaData(0, _MODALITY).strip() if reader.HasMetaDataKey(0, _MODALITY) else ""
    return Volume.from_sitk(image, modality=modality, name=name, notes=_gaps(reader, len(files)))


def _series_in(folder: Path) -> dict[str, tuple[str, ...]]:
    folders = [folder, *sorted(p for p in folder.rglob("*") if p.is_dir())]
    found: dict[str, tuple[str, ...]] = {}
    warns = sitk.ProcessObject.GetGlobalWarningDisplay()
    sitk.ProcessObject.SetGlobalWarningDisplay(False)  # ITK warns of every folder without DICOM, which is no fault
    try:
        for place in folders:
            for uid in sitk.ImageSeriesReader.GetGDCMSeriesIDs(str(place)):
                # GDCM appends digits to a UID whose files differ in geometry, so localisers come apart by themselves
                found.setdefault(uid, sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(place), uid))
    finally:
        sitk.ProcessObject.SetGlobalWarningDisplay(warns)
    return found


def _describe(files: tuple[str, ...]) -> str:
    reader = sitk.ImageFileReader()
    reader.SetFileName(files[0])
    reader.ReadImageInformation()
    text = reader.GetMetaData(_DESCRIPTION).strip() if reader.HasMetaDataKey(_DESCRIPTION) else "no description"
    return f"{text}, {len(files)} images"


def _gaps(reader: sitk.ImageSeriesReader, count: int) -> tuple[str, ...]:
    """A note where the slices of a series are not evenly spaced: SimpleITK would stretch them silently."""
    if count < 3 or not all(reader.HasMetaDataKey(i, _POSITION) for i in range(count)):
        return ()
    places = np.array([[float(v) for v in reader.GetMetaData(i, _POSITION).split("\\")] for i in range(count)])
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    if np.ptp(steps) <= 0.05 * np.median(steps):
        return ()
    return (f"slices are unevenly spaced ({steps.min():.2f} to {steps.max():.2f} mm): some may be missing",)


def _reason(error: RuntimeError) -> str:
    """The last meaningful line of an ITK error, which is long and starts with a source path."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rsplit("ERROR: ", 1)[-1] if lines else "no reason given"


def write_volume(volume: Volume, path: str | Path, compress: bool = True) -> Path:
    """Write to the format that the name's ending says.

    Raises
    ------
    InputError
        If the ending is no format that can be written, or the place can't be written to.
    """
    path = Path(path)
    if not path.name.lower().endswith(tuple(f for f in FORMATS if f != ".dcm")):
        raise InputError(f"{path.name}: can't write this format; end the name with .nrrd, .nii.gz or .mha")
    try:
        sitk.WriteImage(volume.to_sitk(), str(path), useCompression=compress)
    except RuntimeError as error:
        raise InputError(f"{path} can't be written ({_reason(error)}); check the folder and the free space") from error
    return path
