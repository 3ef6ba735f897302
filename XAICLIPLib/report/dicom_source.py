"""The images that exported results refer to: the scan's own DICOM series, or a study made for a scan that has none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib.errors import InputError, MissingPackage
from XAICLIPLib.report.dicom_grid import Planes, planes_of
from XAICLIPLib.report.dicom_mend import mend
from XAICLIPLib.volume import Volume, read_volume

if TYPE_CHECKING:
    from pydicom import Dataset

# Attributes that every patient, study and series has in DICOM, though they may be empty.
_HEAD = (
    "PatientID", "PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyDate",
    "StudyTime", "ReferringPhysicianName",
)  # fmt: skip
OLDEST = (0, 28)  # highdicom
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


@dataclass(frozen=True, eq=False)
class Source:
    """What results are derived from.

    Attributes
    ----------
    planes : Planes
    images : tuple of Dataset
        All of the series.
    new : bool
        The study is new: its images are to be written beside the results.
    notes : tuple of str
        What a reader must know about it.
    """

    planes: Planes
    images: tuple[Dataset, ...]
    new: bool = False
    notes: tuple[str, ...] = ()


def need_highdicom() -> None:
    """Refuse early where the package is missing, or too old to give a Parametric Map its window.

    Raises
    ------
    MissingPackage
        If it is.
    """
    try:
        import highdicom
    except ImportError as error:
        raise MissingPackage("the DICOM export", "highdicom", "dicom") from error
    if tuple(int(part) for part in highdicom.__version__.split(".")[:2]) < OLDEST:
        raise MissingPackage("the DICOM export", f"highdicom {'.'.join(map(str, OLDEST))} or later", "dicom")


def open_source(scan: str | Path, grid: Volume, series: str | None = None, label: str | None = None) -> Source:
    """Find the DICOM series that a result lies on, or make one from a scan that is no DICOM.

    Parameters
    ----------
    scan : path
        A folder with DICOM images (sub-folders are searched), a DICOM file, or the scan as NIfTI, NRRD or MHA.
    grid : Volume
        Any volume of the result.
    series : str, optional
        The series instance UID, or its end, where several series lie on that grid.
    label : str, optional
        What a scan that is no DICOM is called in its new study (default: the name of its file).

    Returns
    -------
    Source

    Raises
    ------
    InputError
        If there is no such scan, or it is another one than was explained.
    MissingPackage
        If highdicom is not installed.
    """
    need_highdicom()
    scan = Path(scan)
    if not scan.exists():
        raise InputError(f"the scan {scan} is not there; give its DICOM folder, or its file, with --series")
    from pydicom.misc import is_dicom

    if scan.is_dir() or is_dicom(scan):
        return _complete(*_matching(scan, _read_headers(scan), grid, series))
    volume = read_volume(scan)
    if not volume.same_grid(grid):
        raise InputError(f"{scan} is not the scan that was explained: its grid is another one")
    return new_study(replace(volume, name=label or volume.name))


def _read_headers(scan: Path) -> list[list[tuple[Path, Dataset]]]:
    """The images under a path, in groups of one series, orientation and size."""
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    groups: dict[tuple, list[tuple[Path, Dataset]]] = {}
    enhanced = 0
    for path in sorted(p for p in scan.rglob("*") if p.is_file()) if scan.is_dir() else [scan]:
        try:
            image = dcmread(path, stop_before_pixels=True)
        except (InvalidDicomError, EOFError):
            continue
        enhanced += int(image.get("NumberOfFrames") or 1) > 1 and "PerFrameFunctionalGroupsSequence" in image
        if not all(
            image.get(name) for name in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "Rows")
        ):
            continue
        turned = tuple(np.round(np.array(image.ImageOrientationPatient, float), 4) + 0.0)
        key = (image.get("SeriesInstanceUID", ""), turned, image.Rows, image.Columns)
        groups.setdefault(key, []).append((path, image))
    if not groups:
        why = (
            "only multi-frame images, which can't be referred to plane by plane yet" if enhanced else "no DICOM images"
        )
        raise InputError(f"{scan} holds {why}; give the folder of the series, or the scan's NIfTI or NRRD file")
    return list(groups.values())


def _matching(
    scan: Path, groups: list[list[tuple[Path, Dataset]]], grid: Volume, series: str | None
) -> tuple[list[tuple[Path, Dataset]], Planes]:
    """The one group that lies on the grid."""
    if series:
        named = [g for g in groups if str(g[0][1].get("SeriesInstanceUID", "")).endswith(series)]
        if not named:
            raise InputError(f"{scan} holds no series {series}; it holds: {_listed(groups)}")
        groups = named
    fitting, reasons = [], []
    for group in groups:
        try:
            fitting.append((group, planes_of(grid, [image for _, image in group])))
        except InputError as error:
            reasons.append(f"{_named(group)}: {error}")
    if not fitting:
        raise InputError(f"{scan} does not hold the scan that was explained: {'; '.join(reasons)}")
    if len(fitting) > 1:
        # of several that touch the grid, the one that fills it
        most = max(len(planes.images) for _, planes in fitting)
        fitting = [pair for pair in fitting if len(pair[1].images) == most]
    if len(fitting) > 1:
        raise InputError(
            f"{scan} holds {len(fitting)} series on the run's grid; choose one with --uid: "
            f"{_listed([group for group, _ in fitting])}"
        )
    return fitting[0]


def _named(group: list[tuple[Path, Dataset]]) -> str:
    image = group[0][1]
    uid, text = image.get("SeriesInstanceUID") or "a series without a UID", image.get("SeriesDescription")
    return f"{uid} ({text or 'no description'})"


def _listed(groups: list) -> str:
    return "; ".join(f"{_named(group)}, {len(group)} images" for group in groups)


def _complete(group: list[tuple[Path, Dataset]], planes: Planes) -> Source:
    """The series with what results need filled in. Where its identity was removed, a copy of it in a new study."""
    from highdicom import UID
    from pydicom import dcmread

    notes = []
    frame = next((str(i.FrameOfReferenceUID) for _, i in group if i.get("FrameOfReferenceUID")), "")
    if not frame:
        frame = UID()
        notes.append("the series names no frame of reference; the results carry a new one, positions are the same")
    new = not all(image.get("StudyInstanceUID") and image.get("SeriesInstanceUID") for _, image in group)
    study, series = UID(), UID()
    if new:
        notes.append(
            "the series has no study or series UID (removed, as it seems, to make it anonymous): a new study was made, "
            "with a copy of its images that has them"
        )
    kept: dict[int, Dataset] = {}
    dropped: dict[str, str] = {}
    for path, header in group:
        image = dcmread(path) if new else header
        image.SOPClassUID = image.get("SOPClassUID") or image.file_meta.MediaStorageSOPClassUID
        image.SOPInstanceUID = image.get("SOPInstanceUID") or image.file_meta.MediaStorageSOPInstanceUID
        image.FrameOfReferenceUID = image.get("FrameOfReferenceUID") or frame
        if new:
            image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        for name in _HEAD:
            if name not in image:
                setattr(image, name, "")
        dropped |= mend(image)
        kept[id(header)] = image
    notes += [
        f"{name} of the series is {reason}, which DICOM does not allow, and is left out of the results"
        for name, reason in sorted(dropped.items())
    ]
    images = {plane: kept[id(header)] for plane, header in planes.images.items()}
    return Source(Planes(images, planes.order, planes.flipped, planes.spacing), tuple(kept.values()), new, tuple(notes))


def new_study(volume: Volume) -> Source:
    """A study made from a scan that is no DICOM: one Secondary Capture per slice, in its place in space.

    Secondary Capture, because nothing is known of how the scan was acquired, which an image of CT or MR must say.
    Values are kept exactly where they are whole numbers within a range of 65536, else in as many steps.

    Parameters
    ----------
    volume : Volume
        The scan, on the grid of the result.

    Returns
    -------
    Source
        With `new` true.
    """
    from highdicom import UID
    from pydicom import Dataset
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian
    from pydicom.valuerep import format_number_as_ds

    stored, slope, intercept, note = _whole_numbers(volume.voxels)
    direction = np.array(volume.direction).reshape(3, 3)
    study, series, frame, now = UID(), UID(), UID(), datetime.now()
    images = []
    for k, pixels in enumerate(stored):
        image = Dataset()
        for name in _HEAD:
            setattr(image, name, "")
        image.SpecificCharacterSet = "ISO_IR 192"
        image.SOPClassUID, image.SOPInstanceUID = _SECONDARY_CAPTURE, UID()
        image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = study, series, frame
        image.StudyDate = image.ContentDate = now.strftime("%Y%m%d")
        image.StudyTime = image.ContentTime = now.strftime("%H%M%S")
        image.Modality, image.ConversionType, image.ImageType = "OT", "WSD", ["DERIVED", "SECONDARY"]
        image.StudyDescription = f"Made by XAICLIP from {volume.name}"[:64]
        image.SeriesDescription = volume.name[:64]
        image.SeriesNumber, image.InstanceNumber, image.PatientOrientation = 1, k + 1, _letters(direction)
        place = np.array(volume.origin) + k * volume.spacing[2] * direction[:, 2]
        image.ImagePositionPatient = [format_number_as_ds(float(v)) for v in place]
        image.ImageOrientationPatient = [format_number_as_ds(float(v)) for v in direction[:, :2].T.ravel()]
        image.PixelSpacing = [format_number_as_ds(float(v)) for v in volume.spacing[1::-1]]
        image.SliceThickness = image.SpacingBetweenSlices = format_number_as_ds(float(volume.spacing[2]))
        image.PositionReferenceIndicator = ""
        image.SamplesPerPixel, image.PhotometricInterpretation, image.PixelRepresentation = 1, "MONOCHROME2", 0
        image.Rows, image.Columns = pixels.shape
        image.BitsAllocated, image.BitsStored, image.HighBit = 16, 16, 15
        image.RescaleSlope, image.RescaleIntercept = (format_number_as_ds(v) for v in (slope, intercept))
        image.RescaleType = "HU" if volume.modality == "CT" else "US"
        image.PixelData = np.ascontiguousarray(pixels, "<u2").tobytes()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        images.append(image)
    notes = (
        f"{volume.name} is no DICOM: a new study was made, with the scan in it as Secondary Capture images and no "
        f"patient's name or ID{note}",
    )
    return Source(planes_of(volume, images), tuple(images), True, notes)


def _whole_numbers(voxels: np.ndarray) -> tuple[np.ndarray, float, float, str]:
    """Values as uint16, the slope and intercept that give them back, and what is lost."""
    low, high = float(voxels.min()), float(voxels.max())
    if high - low <= 65535 and low == round(low) and (voxels == np.rint(voxels)).all():
        return (
            (voxels - low if voxels.dtype.kind == "f" else voxels.astype(np.int64) - int(low)).astype(np.uint16),
            1.0,
            low,
            "",
        )
    slope = float(f"{(high - low) / 65535:.9g}") or 1.0
    stored = np.clip(np.rint((voxels.astype(np.float64) - low) / slope), 0, 65535).astype(np.uint16)
    return stored, slope, low, f"; its values are rounded to steps of {slope:.3g}"


def _letters(direction: np.ndarray) -> list[str]:
    """Where rows and columns lead, in DICOM's letters."""
    names = (("L", "R"), ("P", "A"), ("H", "F"))
    axes = direction[:, :2].T
    return [names[int(np.abs(a).argmax())][int(a[np.abs(a).argmax()] < 0)] for a in axes]
