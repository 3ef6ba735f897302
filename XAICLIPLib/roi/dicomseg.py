"""DICOM segmentations read with their names, by highdicom, which is an optional package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import SimpleITK as sitk

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError, MissingPackage
from XAICLIPLib.roi.labelnames import Segment, coded
from XAICLIPLib.volume import Volume

_KINDS = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")  # Segmentation, Label Map Segmentation
_STRUCTURES = "1.2.840.10008.5.1.4.1.1.481.3"  # RT Structure Set
_CLASS, _FRAME_OF_REFERENCE, _SERIES = "0008|0016", "0020|0052", "0020|000e"
_HEADERS = 4096  # files of a folder that are looked at
_START = 2048  # bytes, in which the file says its class
_MEDIA_CLASS = b"\x02\x00\x02\x00UI"


def class_of(path: Path) -> str:
    """The UID of a DICOM file's class, by its file meta information.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        Empty for a file that is no DICOM, or can't be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError:
        return ""
    place = start.find(_MEDIA_CLASS)
    if start[128:132] != b"DICM" or place < 0:
        return ""
    length = int.from_bytes(start[place + 6 : place + 8], "little")
    return start[place + 8 : place + 8 + length].decode("ascii", "replace").strip(" \0")


def header(path: Path) -> dict[str, str]:
    """Class, frame of reference and series of a DICOM image; empty for any other file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to str
        Class, frame of reference and series by their tags ("0008|0016", "0020|0052", "0020|000e"); empty for any
        other file.
    """
    if not class_of(path):
        return {}
    try:
        reader = sitk.ImageFileReader()
        reader.SetFileName(str(path))
        reader.SetImageIO("GDCMImageIO")
        reader.ReadImageInformation()
    except (OSError, RuntimeError):
        return {}
    keys = (_CLASS, _FRAME_OF_REFERENCE, _SERIES)
    return {key: reader.GetMetaData(key).strip(" \0") if reader.HasMetaDataKey(key) else "" for key in keys}


def find(path: Path) -> Path | None:
    """The DICOM segmentation that a path means: the file itself, or the only one in a folder.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Path or None
        None where it is none.

    Raises
    ------
    InputError
        If the folder holds several, or can't be read.
    """
    if not path.is_dir():
        return path if is_segmentation(path) else None
    try:
        files = [p for p in sorted(path.rglob("*")) if p.is_file()][:_HEADERS]
    except OSError as error:
        raise InputError(f"a folder in the one given can't be read ({error.strerror}); check the rights") from error
    segmentations = [p for p in files if is_segmentation(p)]
    if len(segmentations) > 1:
        raise InputError(
            f"the folder holds {len(segmentations)} DICOM segmentations "
            f"({', '.join(p.name for p in segmentations[:5])}); give the file of one of them"
        )
    return segmentations[0] if segmentations else None


def is_segmentation(path: Path) -> bool:
    """Whether a file is a DICOM segmentation.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
        By the file's class; nothing more is read.
    """
    return class_of(path) in _KINDS


class DicomSegmentation:
    """An opened DICOM segmentation.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    segments : tuple of Segment
        Each in a layer of its own, since they may overlap.
    notes : list of str
        What was assumed so far.

    Raises
    ------
    MissingPackage
        Without highdicom.
    InputError
        If it can't be read.
    """

    def __init__(self, path: Path) -> None:
        try:
            import highdicom
        except ImportError as error:
            raise MissingPackage(f"reading the DICOM segmentation {path.name}", "highdicom", "dicom") from error
        try:
            self._seg = highdicom.seg.segread(path)
            descriptions = [self._seg.get_segment_description(n) for n in self._seg.segment_numbers if n]
        except Exception as error:  # of any kind, by what is odd in the file
            raise InputError(f"{path.name} is no DICOM segmentation that can be read ({_short(error)})") from error
        self._name = path.name
        self._numbers = [int(d.segment_number) for d in descriptions]
        self.segments = tuple(
            Segment(str(d.segment_label), 1, layer, _structure(d)) for layer, d in enumerate(descriptions)
        )
        self.notes: list[str] = []

    def layer(self, index: int) -> Volume:
        """The voxels of one segment, in their place in space; frames that were left out hold nothing.

        Parameters
        ----------
        index : int
            From 0, as in `segments`.

        Returns
        -------
        Volume of uint8
            0 and 1.

        Raises
        ------
        InputError
            If its frames don't lie on one regular grid.
        """
        number = self._numbers[index]
        try:
            volume = self._seg.get_volume(segment_numbers=[number], combine_segments=False)
        except Exception as error:
            raise InputError(
                f"the frames of {self._name} don't make one volume ({_short(error)}); open it in 3D Slicer, export the "
                "segmentation as a label map (NRRD or NIfTI) and give that"
            ) from error
        voxels = volume.array[..., 0]
        if np.issubdtype(voxels.dtype, np.floating):
            note = f"{self._name} holds fractions: what is more than half a segment counts as in it"
            self.notes += [note] if note not in self.notes else []
            voxels = voxels > 0.5
        # array axes are slices, rows, columns, and so are the columns of the direction; positions are LPS as ours
        direction = np.asarray(volume.direction)[:, ::-1]
        (between, down, across), (x, y, z) = map(float, volume.spacing), map(float, volume.position)
        return Volume(
            (voxels > 0).astype(np.uint8),
            (across, down, between),
            (x, y, z),
            tuple(float(d) for d in direction.ravel()),
            modality="SEG",
            name=self._name,
        )

    def check_place(self, scan: Path, series: str | None) -> tuple[str, ...]:
        """Whether it was drawn on a DICOM scan.

        Parameters
        ----------
        scan : Path
            A file or a folder.
        series : str, optional
            The series instance UID, or its end, where the folder holds several.

        Returns
        -------
        tuple of str
            Notes; none where the scan is no DICOM, or all is well.

        Raises
        ------
        InputError
            If its positions are of another frame of reference: they mean nothing in the scan.
        """
        image = _image_of(scan, series)
        drawn_in, scan_in = str(self._seg.get("FrameOfReferenceUID", "")), image.get(_FRAME_OF_REFERENCE, "")
        if drawn_in and scan_in and drawn_in != scan_in:
            raise InputError(
                f"{self._name} was drawn in another frame of reference than the scan's (another examination, or "
                "another patient), so that its places mean nothing here; give the segmentation of this scan"
            )
        drawn = {str(item.get("SeriesInstanceUID", "")) for item in self._seg.get("ReferencedSeriesSequence", ())} - {
            ""
        }
        if drawn and image.get(_SERIES) and image[_SERIES] not in drawn:
            return (f"{self._name} was drawn on another series than the one that is explained, of the same frame of "
                    "reference",)  # fmt: skip
        return ()


def refuse_other_objects(path: Path) -> None:
    """Say of an RT Structure Set what to do with it.

    Parameters
    ----------
    path : Path
        A file that is no segmentation.

    Raises
    ------
    InputError
        If it is an RT Structure Set.
    """
    if class_of(path) == _STRUCTURES:
        raise InputError(
            f"{path.name} is an RT Structure Set, contours and no voxels; open it in 3D Slicer (SlicerRT), export it "
            "as a segmentation (.seg.nrrd) or a label map, and give that"
        )


def _image_of(scan: Path, series: str | None) -> dict[str, str]:
    """The header of one of the scan's own images."""
    if not scan.exists():
        return {}
    for path in (p for p in (sorted(scan.rglob("*")) if scan.is_dir() else [scan]) if p.is_file()):
        fields = header(path)
        of_series = not series or fields.get(_SERIES, "").endswith(series)
        if fields.get(_CLASS) and fields[_CLASS] not in _KINDS and of_series:
            return fields
    return {}


def _structure(description) -> str:
    """The structure that a segment's coded type means; codes of the older SNOMED are known as well."""
    from pydicom.sr.coding import Code

    kind = description.segmented_property_type
    for structure in anatomy.STRUCTURES:
        if structure.code and kind == Code(structure.code, "SCT", structure.code_meaning):
            modifiers = description.get("SegmentedPropertyTypeCodeSequence")[0].get(
                "SegmentedPropertyTypeModifierCodeSequence", ()
            )
            regions = description.get("AnatomicRegionSequence", ())
            return coded(structure.code, _side(modifiers), str(regions[0].get("CodeValue", "")) if regions else "")
    return ""


def _side(modifiers) -> str:
    from pydicom.sr.coding import Code

    for item in modifiers:
        code = Code(str(item.CodeValue), str(item.CodingSchemeDesignator), str(item.get("CodeMeaning", "")))
        for side in anatomy.SIDES.values():
            if code == Code(side[1], side[0], side[2]):
                return side[1]
    return ""


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
