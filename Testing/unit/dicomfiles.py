"""Small DICOM files as scanners and archives write them, for the tests: series of single images, and multi-frame "
"files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CT, MR, PT, US = (f"1.2.840.10008.5.1.4.1.1.{n}" for n in ("2", "4", "128", "3.1"))
ENHANCED = {
    "CT": "1.2.840.10008.5.1.4.1.1.2.1",
    "MR": "1.2.840.10008.5.1.4.1.1.4.1",
    "PT": "1.2.840.10008.5.1.4.1.1.130",
}
AXIAL = (1, 0, 0, 0, 1, 0)
PIXEL = (0.8, 0.6)  # rows, columns


def item(**values) -> Dataset:
    """A sequence item."""
    made = Dataset()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def image(stored: np.ndarray, uids: dict | None = None, **more) -> Dataset:
    """A CT image (or frames, N x Y x X) with stored values, on no place yet."""
    signed = stored.dtype.kind == "i"
    made = item(
        SOPClassUID=CT, SOPInstanceUID=generate_uid(), Modality="CT", SeriesDescription="series", InstanceNumber=1,
        PatientName="Nobody", PatientID="0", SeriesNumber=1, ImageType=["ORIGINAL", "PRIMARY", "AXIAL"],
        StudyInstanceUID=generate_uid(), SeriesInstanceUID=generate_uid(), FrameOfReferenceUID=generate_uid(),
        Rows=stored.shape[-2], Columns=stored.shape[-1], SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2",
        BitsAllocated=stored.dtype.itemsize * 8, BitsStored=stored.dtype.itemsize * 8,
        HighBit=stored.dtype.itemsize * 8 - 1, PixelRepresentation=int(signed), RescaleSlope=1, RescaleIntercept=0,
    )  # fmt: skip
    for name, value in {**(uids or {}), **more}.items():
        setattr(made, name, value)
    made.PixelData = np.ascontiguousarray(stored, stored.dtype.newbyteorder("<")).tobytes()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return made


def save(made: Dataset, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save_as(path, enforce_file_format=True)
    return path


def series_uids() -> dict:
    return {name: generate_uid() for name in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")}


def write_stack(
    folder: Path,
    stored: np.ndarray,
    *,
    uids: dict | None = None,
    along=AXIAL,
    step=(0, 0, 2.5),
    start=(-10, -20, -30),
    name="{:03d}.dcm",
    first=1,
    each=None,
    **more,
) -> dict:
    """One file per slice; `each(k)` gives attributes of slice k. Returns the UIDs of the series."""
    uids = uids or series_uids()
    for k, plane in enumerate(stored):
        place = [float(f"{a + k * b:.7g}") for a, b in zip(start, step)]
        own = {"ImagePositionPatient": place, "ImageOrientationPatient": [float(f"{v:.10g}") for v in along],
               "PixelSpacing": list(PIXEL), "SliceThickness": 2.5, "InstanceNumber": first + k, **more,
               **(each(k) if each else {})}  # fmt: skip
        save(image(plane, uids, **own), folder / name.format(k))
    return uids


def enhanced(
    stored: np.ndarray, *, kind="CT", order=None, places=None, along=AXIAL, scale=None, content=None, extra=None, **more
) -> Dataset:
    """A multi-frame file: frame n holds slice order[n]; `scale(k)` gives slope and intercept of slice k, `content(k)`
    attributes of its frame content, `extra(k)` further sequences."""
    order = list(range(len(stored))) if order is None else order
    places = places if places is not None else [(-10, -20, -30 + 2.5 * k) for k in range(len(stored))]
    made = image(stored[order], SOPClassUID=ENHANCED[kind], Modality=kind, NumberOfFrames=len(order), **more)
    del made.RescaleSlope, made.RescaleIntercept
    made.SharedFunctionalGroupsSequence = [
        item(
            PlaneOrientationSequence=[item(ImageOrientationPatient=list(along))],
            PixelMeasuresSequence=[item(PixelSpacing=list(PIXEL), SliceThickness=2.5)],
        )
    ]
    frames = []
    for n, k in enumerate(order):
        slope, intercept = scale(k) if scale else (1, 0)
        frame = item(
            PlanePositionSequence=[item(ImagePositionPatient=list(places[k]))],
            FrameContentSequence=[item(DimensionIndexValues=[1, n + 1], **(content(k) if content else {}))],
            PixelValueTransformationSequence=[item(RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="HU")],
        )
        for name, value in (extra(k) if extra else {}).items():
            setattr(frame, name, value)
        frames.append(frame)
    made.PerFrameFunctionalGroupsSequence = frames
    return made
