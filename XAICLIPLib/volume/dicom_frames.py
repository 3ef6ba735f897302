"""What DICOM headers say of every image: of a file with one, and of every frame of a file with many."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.dicom_values import number_of, numbers_of, plain, text_of, value_of, whole_of

if TYPE_CHECKING:
    from pydicom import Dataset

# What tells apart images that lie in one place, in the order in which it is tried, and what people call it.
APART = {
    "AcquisitionNumber": "acquisition",
    "TemporalPositionIdentifier": "time point",
    "TemporalPositionIndex": "time point",
    "StackID": "stack",
    "EchoNumbers": "echo",
    "EchoTime": "echo time",
    "EffectiveEchoTime": "echo time",
    "TriggerTime": "trigger time",
    "NominalCardiacTriggerDelayTime": "cardiac phase",
    "NominalPercentageOfCardiacPhase": "cardiac phase",
    "TemporalPositionTimeOffset": "time",
    "InversionTime": "inversion time",
    "DiffusionBValue": "b-value",
    "FrameReferenceTime": "frame time",
    "ImageType": "image type",
    "FrameType": "frame type",
    "ComplexImageComponent": "component",
    "ConvolutionKernel": "kernel",
    "SliceThickness": "slice thickness",
    "SeriesNumber": "series number",
    "KVP": "kV",
    "ContrastBolusAgent": "contrast agent",
    "ReferencedSegmentNumber": "segment",
    "FrameReferenceDateTime": "time",
    "AcquisitionDateTime": "time",
    "AcquisitionTime": "time",
    "ContentTime": "time",
}
_ROOT = (
    "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "SeriesDescription", "Modality", "InstanceNumber", "Rows",
    "Columns", "NumberOfFrames", "SamplesPerPixel", "PhotometricInterpretation", "BitsStored", "BitsAllocated",
    "PixelRepresentation", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "ImagerPixelSpacing",
    "NominalScannedPixelSpacing", "SpacingBetweenSlices", "RescaleSlope", "RescaleIntercept", "DoseGridScaling",
    "GridFrameOffsetVector", "SequenceOfUltrasoundRegions", "SharedFunctionalGroupsSequence", "ModalityLUTSequence",
    "PerFrameFunctionalGroupsSequence",
)  # fmt: skip
_MOST_FRAMES = 100_000
# Groups of a frame: the sequence, and what is looked for in it.
_GROUPS = {
    "PlanePositionSequence": ("ImagePositionPatient",),
    "PlanePositionVolumeSequence": ("ImagePositionVolume",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PlaneOrientationVolumeSequence": ("ImageOrientationVolume",),
    "PixelMeasuresSequence": ("PixelSpacing", "SliceThickness", "SpacingBetweenSlices"),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept"),
    "FrameContentSequence": ("StackID", "TemporalPositionIndex", "FrameAcquisitionNumber", "FrameReferenceDateTime"),
    "TemporalPositionSequence": ("TemporalPositionTimeOffset",),
    "CardiacSynchronizationSequence": ("NominalCardiacTriggerDelayTime", "NominalPercentageOfCardiacPhase"),
    "MREchoSequence": ("EffectiveEchoTime",),
    "MRDiffusionSequence": ("DiffusionBValue",),
    "MRImageFrameTypeSequence": ("FrameType", "ComplexImageComponent"),
    "CTImageFrameTypeSequence": ("FrameType",),
    "CTReconstructionSequence": ("ConvolutionKernel",),
    "PETFrameTypeSequence": ("FrameType",),
    "SegmentIdentificationSequence": ("ReferencedSegmentNumber",),
}


@dataclass(frozen=True, eq=False)
class Frame:
    """One image of a DICOM file.

    Attributes
    ----------
    path : Path
    index, count : int
        Which image of the file it is, and how many the file holds.
    size : tuple of 3 ints
        Rows, columns, values per pixel.
    place, along : tuple of floats, or None
        Position of the first pixel (LPS mm), and directions of rows and columns (6 numbers); None where not said.
    pixel : tuple of 2 floats, or None
        Distance of rows and of columns, mm.
    gap : float or None
        Distance to the next slice as the header has it, or the slice's thickness.
    slope, intercept : float
        From stored values to those that are meant.
    stored : tuple
        Bits stored, whether signed, photometric interpretation.
    apart : dict of str to str
        What may tell it from others in its place, by the keys of `APART`.
    """

    path: Path
    index: int
    count: int
    sop: str
    series: str
    description: str
    modality: str
    number: float
    size: tuple[int, int, int]
    place: tuple[float, ...] | None
    along: tuple[float, ...] | None
    pixel: tuple[float, ...] | None
    gap: float | None
    slope: float
    intercept: float
    stored: tuple[int, bool, str]
    grouped: bool
    notes: tuple[str, ...] = ()
    apart: dict[str, str] = field(default_factory=dict)

    @property
    def normal(self) -> np.ndarray:
        """The direction across the image (3,)."""
        return np.cross(self.along[:3], self.along[3:])

    @property
    def height(self) -> float:
        """Where it lies along its normal, mm."""
        return float(np.dot(self.normal, self.place))


def frames_below(path: Path) -> list[Frame]:
    """Every image of a DICOM file, or of all DICOM files in a folder and its sub-folders.

    Parameters
    ----------
    path : Path
        A file, or a folder whose sub-folders are searched.

    Returns
    -------
    list of Frame
        In the order of the files' names.

    Raises
    ------
    InputError
        If a file that is given by itself can't be read as DICOM, or holds no image.
    """
    if path.is_dir():
        files: Iterable[Path] = sorted(p for p in path.rglob("*") if _may_be_dicom(p))
        return [frame for file in files for frame in _frames(file, alone=False)]
    return _frames(path, alone=True)


def _may_be_dicom(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(132)
    except OSError as error:
        raise InputError(f"{path.name} can't be read ({error.strerror}); check the folder's permissions") from error
    return head[128:] == b"DICM" or head[:2] in (b"\x08\x00", b"\x02\x00")


def _frames(path: Path, alone: bool) -> list[Frame]:
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    wanted = [*_ROOT, *APART]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd values, which are judged here
        try:
            data = dcmread(path, stop_before_pixels=True, force=True, specific_tags=wanted)
            frames = list(_of_dataset(path, data)) if whole_of(data, "Rows") and whole_of(data, "Columns") else []
        except InputError:
            raise
        except Exception as error:  # pydicom has no common base for what damaged files make it raise
            if alone or not isinstance(error, InvalidDicomError):
                raise InputError(
                    f"{path.name} can't be read as DICOM ({plain(str(error))[:120]}): it is damaged; copy or export "
                    "it again"
                ) from error
            return []
    if alone and not frames:
        raise InputError(
            f"{path.name} holds no image that DICOM describes; give the folder of the series, or an image of it"
        )
    return frames


def _of_dataset(path: Path, data: Dataset) -> Iterator[Frame]:
    """The images that one header describes."""
    count = whole_of(data, "NumberOfFrames") or 1
    if not 1 <= count <= _MOST_FRAMES:
        raise InputError(f"{path.name} says that it holds {count} frames: it is damaged; copy or export it again")
    per_frame = value_of(data, "PerFrameFunctionalGroupsSequence") or []
    shared = (value_of(data, "SharedFunctionalGroupsSequence") or [None])[0]
    if per_frame and len(per_frame) != count:
        raise InputError(
            f"{path.name} has {count} frames and describes {len(per_frame)}: it is damaged; copy or export it again"
        )
    root = {name: text_of(data, name) for name in APART}
    notes = (
        ("a lookup table for its values is ignored (Modality LUT)",) if value_of(data, "ModalityLUTSequence") else ()
    )
    for index in range(count):
        groups = _groups(per_frame[index] if per_frame else None, shared)
        place, along, own_notes = _placed(data, groups, index, count)
        apart = root | {name: text_of(groups[name], name) for name in APART if name in groups}
        if "FrameAcquisitionNumber" in groups:
            apart["AcquisitionNumber"] = text_of(groups["FrameAcquisitionNumber"], "FrameAcquisitionNumber")
        slope, intercept = _scale(data, groups, path)
        gaps = [numbers_of(groups.get(name, data), name, 1) for name in ("SpacingBetweenSlices", "SliceThickness")]
        yield Frame(
            path, index, count, text_of(data, "SOPInstanceUID"), text_of(data, "SeriesInstanceUID"),
            text_of(data, "SeriesDescription"), text_of(data, "Modality"), number_of(data, "InstanceNumber"),
            (whole_of(data, "Rows"), whole_of(data, "Columns"), whole_of(data, "SamplesPerPixel") or 1), place, along,
            _pixel(data, groups), next((abs(g[0]) for g in gaps if g and g[0]), None), slope, intercept,
            (whole_of(data, "BitsStored") or 16, bool(whole_of(data, "PixelRepresentation")),
             text_of(data, "PhotometricInterpretation")),
            bool(per_frame or shared), notes + own_notes, apart,
        )  # fmt: skip


def _groups(of_frame: Dataset | None, shared: Dataset | None) -> dict[str, Dataset]:
    """By attribute, the item of a frame's functional groups that has it; the frame's own before the shared one."""
    items_of: dict[str, Dataset] = {}
    for source in (of_frame, shared):
        for sequence, names in _GROUPS.items():
            sequence_items = value_of(source, sequence) if source is not None else None
            for name in names if sequence_items else ():
                if name in sequence_items[0]:
                    items_of.setdefault(name, sequence_items[0])
    return items_of


def _placed(data: Dataset, groups: dict[str, Dataset], index: int, count: int) -> tuple:
    """Place and directions of a frame, and what must be known of them."""
    for where, how in (
        ("ImagePositionPatient", "ImageOrientationPatient"),
        ("ImagePositionVolume", "ImageOrientationVolume"),
    ):
        place = numbers_of(groups.get(where, data if count == 1 else {}), where, 3)
        along = numbers_of(groups.get(how, data), how, 6)
        if place and along:
            note = ("it lies in the transducer's own space, not the patient's: left and right are not known",)
            return place, _unit(along), note if where == "ImagePositionVolume" else ()
    place, along = (
        numbers_of(data, name, n) for name, n in (("ImagePositionPatient", 3), ("ImageOrientationPatient", 6))
    )
    offsets = numbers_of(data, "GridFrameOffsetVector", count)  # a dose distribution's planes
    if count > 1 and place and along and offsets:
        normal = np.cross(along[:3], along[3:])
        return tuple(np.array(place) + normal * (offsets[index] - offsets[0])), _unit(along), ()
    return None, None, ()


def _unit(along: tuple[float, ...]) -> tuple[float, ...] | None:
    """Directions of length 1; None where they are none, or not at right angles."""
    row, column = np.array(along[:3]), np.array(along[3:])
    lengths = np.linalg.norm(row), np.linalg.norm(column)
    if not all(0.9 < length < 1.1 for length in lengths) or abs(np.dot(row, column)) > 0.02:
        return None
    if all(abs(length - 1) < 1e-5 for length in lengths):
        return tuple(along)
    return (*(row / lengths[0]), *(column / lengths[1]))


def _pixel(data: Dataset, groups: dict[str, Dataset]) -> tuple[float, ...] | None:
    spacing = numbers_of(groups.get("PixelSpacing", data), "PixelSpacing", 2)
    for name in ("ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        spacing = spacing or numbers_of(data, name, 2)
    regions = value_of(data, "SequenceOfUltrasoundRegions")
    if not spacing and regions and len(regions) == 1 and whole_of(regions[0], "PhysicalUnitsXDirection") == 3:  # cm
        deltas = [numbers_of(regions[0], name, 1) for name in ("PhysicalDeltaY", "PhysicalDeltaX")]
        spacing = tuple(abs(d[0]) * 10 for d in deltas) if all(deltas) else None
    return spacing


def _scale(data: Dataset, groups: dict[str, Dataset], path: Path) -> tuple[float, float]:
    """Slope and intercept of a frame."""
    values = []
    for name, default in (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0)):
        source = groups.get(name, data)
        numbers = numbers_of(source, name, 1)
        if numbers is None and value_of(source, name) not in (None, ""):
            raise InputError(f"{path.name}: {name} is no number; correct the header or export the series again")
        values.append(numbers[0] if numbers else default)
    dose = numbers_of(data, "DoseGridScaling", 1)
    slope, intercept = values
    slope = dose[0] if dose else slope
    if slope == 0 or not 1e-15 < abs(slope) < 1e15 or abs(intercept) > 1e15:
        raise InputError(
            f"{path.name}: its values are to be multiplied by {slope:g} and {intercept:g} added, which is impossible; "
            "correct its header or export the series again"
        )
    return slope, intercept
