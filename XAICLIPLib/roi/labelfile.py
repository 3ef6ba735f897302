"""Label maps read with what they say about themselves: layers, names, and whether they are label maps at all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.roi import dicomseg, labelnames
from XAICLIPLib.roi.labelnames import Segment
from XAICLIPLib.volume import FORMATS, Volume, read_volume

MOST_LABELS = 256  # more different values than any list of structures has
_GREY = 32  # with more values than this, neighbours in a label map are mostly equal, and in an image they are not
_DIFFERENT = 0.25


@dataclass(frozen=True, eq=False)
class Labels:
    """A label map, opened.

    Attributes
    ----------
    name : str
        The file's, or the volume's.
    layer : callable
        From a layer's number to its `Volume` of whole numbers.
    layers : int
        Segments that overlap lie in layers of their own.
    segments : tuple of Segment
        Its labels by name; empty where nothing names them.
    source : str
        Where the names are from.
    beside : bool
        Whether that is another file, found beside this one.
    cropped : bool
        Whether such a file usually holds no more than what is drawn.
    notes : tuple of str
    seg : DicomSegmentation, optional
    """

    name: str
    layer: Callable[[int], Volume]
    layers: int = 1
    segments: tuple[Segment, ...] = ()
    source: str = ""
    beside: bool = False
    cropped: bool = False
    notes: tuple[str, ...] = ()
    seg: dicomseg.DicomSegmentation | None = None

    def present(self) -> tuple[int, ...]:
        """The numbers that the first layer holds, without 0."""
        values = np.unique(self.layer(0).voxels)
        return tuple(int(v) for v in values if v)


def of_volume(volume: Volume) -> Labels:
    """A label map in memory.

    Parameters
    ----------
    volume : Volume

    Returns
    -------
    Labels
        Without names.

    Raises
    ------
    InputError
        If it is an image.
    """
    checked, notes = whole_numbers(volume)
    return Labels(volume.name, lambda _layer: checked, notes=(*volume.notes, *notes))


def read_labels(path: str | Path) -> Labels:
    """Read a mask, a label map, a 3D Slicer segmentation or a DICOM segmentation, with the names of its labels.

    Parameters
    ----------
    path : path
        A file, or a folder with one DICOM segmentation.

    Returns
    -------
    Labels

    Raises
    ------
    InputError
        If the file is missing or unreadable, or is an image and no label map.
    MissingPackage
        For a DICOM segmentation, without highdicom.
    """
    path = Path(path)
    if not os.path.exists(path):  # false as well for what is too long to be a path
        raise InputError(f"{path} does not exist; check the path")
    if segmentation := dicomseg.find(path):
        seg = dicomseg.DicomSegmentation(segmentation)
        layer = lru_cache(maxsize=1)(seg.layer)
        return Labels(segmentation.name, layer, len(seg.segments), seg.segments, "its segments", cropped=True, seg=seg)
    if path.is_dir() or not path.name.lower().endswith(tuple(f for f in FORMATS if f != ".dcm")):
        dicomseg.refuse_other_objects(path)
        return of_volume(read_volume(path))
    meta, size, count = _header(path)
    if count == 1 and len([edge for edge in size[3:] if edge > 1]) == 0:
        only = of_volume(read_volume(path))
        volumes, notes = [only.layer(0)], only.notes
    else:
        volumes, notes = _layers(path, meta)
    segments, source = labelnames.of_segmentation(meta, len(volumes)), "its segments"
    cropped = bool(segments)
    if not segments and path.name.lower().endswith((".nii", ".nii.gz")):
        segments, source = labelnames.in_nifti(path), "the names in its header"
    labels = Labels(path.name, volumes.__getitem__, len(volumes), segments, source, False, cropped, notes)
    return labels if segments or len(volumes) > 1 else _named_beside(labels, path)


def _named_beside(labels: Labels, path: Path) -> Labels:
    """With the names of a table beside the file, if one names every number that the file holds."""
    present = set(labels.present())
    ignored: tuple[str, ...] = ()
    for table, segments in labelnames.beside(path):
        strange = sorted(present - {s.value for s in segments})
        if not strange:
            return replace(
                labels, segments=segments, source=f"{table.name} beside it", beside=True, notes=labels.notes + ignored
            )
        if labelnames.stem_of(table).startswith(labelnames.stem_of(path)):
            listed = ", ".join(map(str, strange[:8]))
            ignored += (f"{table.name} does not name the labels {listed} of {labels.name}, and was not used",)
    return replace(labels, notes=labels.notes + ignored)


def _header(path: Path) -> tuple[dict[str, str], tuple[int, ...], int]:
    """What an image file's header says: its fields, its size, and how many values a voxel has."""
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
    except RuntimeError:  # what is wrong with it is said by whoever reads it
        return {}, (), 1
    return (
        {k: reader.GetMetaData(k) for k in reader.GetMetaDataKeys()},
        reader.GetSize(),
        reader.GetNumberOfComponents(),
    )


def _layers(path: Path, meta: dict[str, str]) -> tuple[list[Volume], tuple[str, ...]]:
    """The layers of a 3D Slicer segmentation whose segments overlap; any other file of several values is refused."""
    if not any(re.match(r"Segment\d+_", key) for key in meta):
        raise InputError(
            f"{path.name} has several values per voxel: a colour image, or one map for each structure or time point, "
            "and no names of segments; give a label map with one number per voxel, or a 3D Slicer segmentation "
            "(.seg.nrrd)"
        )
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise InputError(f"{path.name} can't be read to its end; save or download it again") from error
    if image.GetDimension() == 4:
        parts = [image[:, :, :, n] for n in range(image.GetSize()[3])]
    else:
        parts = [sitk.VectorIndexSelectionCast(image, n) for n in range(image.GetNumberOfComponentsPerPixel())]
    volumes: list[Volume] = []
    notes: tuple[str, ...] = ()
    for part in parts:
        volume, layer_notes = whole_numbers(Volume.from_sitk(part, name=path.name))
        volumes.append(volume)
        notes += layer_notes
    return volumes, tuple(dict.fromkeys(notes))


def whole_numbers(volume: Volume) -> tuple[Volume, tuple[str, ...]]:
    """A label map with its labels as whole numbers from 0 on, and what had to be done for it.

    Whole numbers stored as decimals are taken; values between 0 and 1 are probabilities, of which more than 0.5 counts;
    -1 is "not labelled". Everything else is an image.

    Parameters
    ----------
    volume : Volume

    Returns
    -------
    volume : Volume
        Its voxels of an integer type, not negative.
    notes : tuple of str
        What was assumed.

    Raises
    ------
    InputError
        If it is an image, or was resampled by interpolation.
    """
    voxels, name = volume.voxels, volume.name
    if voxels.dtype == bool:
        return replace(volume, voxels=voxels.astype(np.uint8)), ()
    notes: tuple[str, ...] = ()
    if not np.issubdtype(voxels.dtype, np.integer):
        voxels = np.asarray(voxels, np.float64)
        if not np.isfinite(voxels).all():
            bad = int(voxels.size - np.isfinite(voxels).sum())
            raise InputError(f"{name} has {bad} voxels that are NaN or infinite; write 0 where nothing is labelled")
        if voxels.size and np.abs(voxels - np.rint(voxels)).max() <= 1e-3:
            voxels = np.rint(voxels)
        elif voxels.min() >= -1e-6 and voxels.max() <= 1 + 1e-6:
            notes += (f"{name} holds probabilities between 0 and 1: where it is more than 0.5 counts as labelled",)
            voxels = voxels > 0.5
        else:
            odd = voxels[np.abs(voxels - np.rint(voxels)) > 1e-3][0]
            raise InputError(
                f"{name} holds values that are no whole numbers, such as {odd:.4g}: it is an image, or a label map "
                "that was resampled by interpolation; give labels, resampled with nearest neighbour"
            )
        voxels = voxels.astype(np.int64)
    low = int(voxels.min()) if voxels.size else 0
    if low < -1:
        raise InputError(
            f"{name} holds negative values, down to {low}: it is an image, such as a CT, and no label map; give the "
            "file with the labels"
        )
    if low == -1:
        notes += (f"{name} holds -1, which is taken as not labelled",)
        voxels = np.where(voxels < 0, 0, voxels)
    values = np.unique(voxels[voxels != 0])
    if len(values) > MOST_LABELS or (len(values) > _GREY and _changes(voxels) > _DIFFERENT):
        raise InputError(
            f"{name} holds {len(values)} different values, from {values[0]} to {values[-1]}: it is an image, such as a "
            "scan, and no label map; give the file with the labels"
        )
    return replace(volume, voxels=voxels), notes


def _changes(voxels: np.ndarray) -> float:
    """The share of neighbours along a row, neither of them 0, that differ."""
    before, after = voxels[..., :-1], voxels[..., 1:]
    both = (before != 0) & (after != 0)
    return float((before != after)[both].mean()) if both.any() else 0.0
