"""The values of DICOM images, decoded by GDCM whatever their compression, each with its own slope and intercept."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.dicom_frames import Frame
from XAICLIPLib.volume.dicom_values import plain

if TYPE_CHECKING:
    from pydicom import Dataset

# What GDCM would act upon: it knows one slope for a file, and turns MONOCHROME1 over.
_TAKEN_OUT = (
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "RescaleSlope", "RescaleIntercept",
    "RescaleType", "ModalityLUTSequence", "DoseGridScaling", "GridFrameOffsetVector", "FrameIncrementPointer",
    "RealWorldValueMappingSequence",
)  # fmt: skip
_MANY = "1.2.840.10008.5.1.4.1.1.7.3"  # Multi-frame Grayscale Word Secondary Capture: frames and nothing else


def voxels_of(frames: Sequence[Frame]) -> np.ndarray:
    """The values of images of one size, in the narrowest type that holds all of them.

    Parameters
    ----------
    frames : sequence of Frame

    Returns
    -------
    ndarray, shape (Z, Y, X)
        In the order of the images.

    Raises
    ------
    InputError
        If one can't be decoded, or has another size than its header says.
    """
    volume: np.ndarray | None = None
    kept: tuple[Path, np.ndarray] | None = None
    for z, frame in enumerate(frames):
        if kept is None or kept[0] != frame.path:
            kept = frame.path, _stored(frame) if _by_hand(frame) else _scaled_by_gdcm(frame)
        plane = _without_overlay(kept[1][frame.index], frame) if _by_hand(frame) else kept[1][frame.index]
        if plane.shape != frame.size[:2]:
            raise InputError(
                f"{frame.path.name} has {plane.shape} pixels, its header says {frame.size[:2]}: it is damaged"
            )
        dtype = _type_of(frames, plane.dtype) if _by_hand(frame) else plane.dtype
        if volume is None:
            volume = np.empty((len(frames), *plane.shape), dtype)
        elif volume.dtype != (wide := np.result_type(volume.dtype, dtype)):
            volume = volume.astype(wide)
        if _by_hand(frame) and (frame.slope, frame.intercept) != (1, 0):
            plane = plane.astype(volume.dtype) * volume.dtype.type(frame.slope) + volume.dtype.type(frame.intercept)
        volume[z] = plane
    return volume


def _by_hand(frame: Frame) -> bool:
    """Whether GDCM, left alone, would get the values wrong."""
    return frame.count > 1 or frame.grouped or frame.stored[2] == "MONOCHROME1"


def _without_overlay(plane: np.ndarray, frame: Frame) -> np.ndarray:
    """Stored values without what old files keep in the bits that are not theirs."""
    bits, signed, _ = frame.stored
    spare = plane.dtype.itemsize * 8 - bits
    if spare <= 0 or plane.dtype.kind not in "iu":
        return plane
    if signed and plane.dtype.kind == "i":
        return (plane << spare) >> spare  # the sign goes with the highest bit that is stored
    return plane & plane.dtype.type(2**bits - 1)


def _type_of(frames: Sequence[Frame], stored: np.dtype) -> np.dtype:
    """The type for scaled values: of integers, as GDCM chooses, the narrowest that holds all that may occur."""
    pairs = {(f.slope, f.intercept) for f in frames}
    if pairs == {(1.0, 0.0)}:
        return stored
    if stored.kind == "f" or any(s != int(s) or i != int(i) for s, i in pairs):
        return np.dtype(np.float64)
    bits, signed, _ = frames[0].stored
    ends = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    every = [int(s) * end + int(i) for s, i in pairs for end in ends]
    for kind in (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32):
        if np.iinfo(kind).min <= min(every) and max(every) <= np.iinfo(kind).max:
            return np.dtype(kind)
    return np.dtype(np.float64)


def _scaled_by_gdcm(frame: Frame) -> np.ndarray:
    return _decoded(frame.path, frame.path.name)


def _stored(frame: Frame) -> np.ndarray:
    """The stored values of all frames of a file: as they stand in it, or of a copy without what GDCM would act upon."""
    from pydicom import dcmread

    with tempfile.TemporaryDirectory(prefix="xaiclip-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copy = Path(folder) / "frames.dcm"
        try:
            data = dcmread(frame.path, force=True)
            if (plain_values := _native(data, frame)) is not None:
                return plain_values
            for name in _TAKEN_OUT:
                if name in data:
                    delattr(data, name)
            if frame.stored[2] == "MONOCHROME1":
                data.PhotometricInterpretation = "MONOCHROME2"
            if frame.count > 1 or frame.grouped:
                data.SOPClassUID = _MANY
                if getattr(data, "file_meta", None) is not None:
                    data.file_meta.MediaStorageSOPClassUID = _MANY
            data.save_as(copy)
        except InputError:
            raise
        except Exception as error:  # pydicom has no common base for what damaged files make it raise
            raise InputError(
                f"{frame.path.name} can't be read ({plain(str(error))[:120]}): it is damaged, or the disk is full"
            ) from error
        del data
        values = _decoded(copy, frame.path.name)
    if len(values) != frame.count:
        raise InputError(f"{frame.path.name} has {len(values)} frames, its header says {frame.count}: it is damaged")
    return values


def _native(data: Dataset, frame: Frame) -> np.ndarray | None:
    """The stored values where they are not compressed, without a copy of them; None where GDCM is needed."""
    syntax = getattr(getattr(data, "file_meta", None), "TransferSyntaxUID", None)
    allocated, (bits, signed, _), (rows, columns, channels) = data.get("BitsAllocated"), frame.stored, frame.size
    if (syntax is not None and (syntax.is_compressed or not syntax.is_little_endian)) or "PixelData" not in data:
        return None
    if allocated not in (8, 16, 32) or not 1 < bits <= allocated or data.get("HighBit") != bits - 1 or channels != 1:
        return None
    dtype = np.dtype(f"<{'i' if signed else 'u'}{allocated // 8}")
    wanted = frame.count * rows * columns * dtype.itemsize
    there = len(data.PixelData)
    if there < wanted:
        raise InputError(
            f"{frame.path.name} was cut off: it holds {there} of {wanted} bytes of pixels; copy or export it again"
        )
    return np.frombuffer(data.PixelData, dtype, frame.count * rows * columns).reshape(frame.count, rows, columns)


def _decoded(path: Path, name: str) -> np.ndarray:
    """All frames of a file (N, Y, X)."""
    try:
        image = sitk.ReadImage(str(path), imageIO="GDCMImageIO")
    except RuntimeError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = plain(lines[-1].rsplit("ERROR: ", 1)[-1])[:160] if lines else "no reason given"
        raise InputError(
            f"the pixels of {name} can't be decoded ({reason}): it is damaged, or compressed in a way that can't be "
            "read; export it again without compression"
        ) from error
    if image.GetNumberOfComponentsPerPixel() > 1:
        raise InputError(
            f"{name} has {image.GetNumberOfComponentsPerPixel()} components per pixel (colour); give a scan with one "
            "value per voxel"
        )
    voxels = sitk.GetArrayFromImage(image)
    return voxels[None] if voxels.ndim == 2 else voxels.reshape(-1, *voxels.shape[-2:])
