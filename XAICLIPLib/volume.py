"""Scans and masks: voxels with their geometry, read and written through SimpleITK."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from XAICLIPLib.errors import InputError

FORMATS = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm")
_MODALITY = "0008|0060"
_DESCRIPTION = "0008|103e"
_POSITION = "0020|0032"
_ORIENTATION = "0020|0037"


@dataclass(frozen=True, eq=False)
class Volume:
    """A scan or a label map on a regular grid.

    Attributes
    ----------
    voxels : ndarray, shape (Z, Y, X)
        Scan intensities in their own unit (HU for CT), or labels.
    spacing : tuple of 3 floats
        Voxel edge lengths along x, y, z in mm, in SimpleITK's order.
    origin : tuple of 3 floats
        Position of the centre of voxel (0, 0, 0), LPS, mm.
    direction : tuple of 9 floats
        Row-major direction cosines, LPS.
    modality : str
        DICOM modality ("CT", "MR", "US", …), empty where the file does not say.
    name : str
        What to call it in messages and reports.
    notes : tuple of str
        What a reader of the result should know about how it was read.
    """

    voxels: np.ndarray
    spacing: tuple[float, float, float] = (1.0, 1.0, 1.0)
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    direction: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    modality: str = ""
    name: str = "scan"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.voxels.ndim != 3:
            raise InputError(f"a volume has 3 dimensions (Z, Y, X), this array has shape {self.voxels.shape}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along z, y, x."""
        return self.voxels.shape

    @property
    def orientation(self) -> str:
        """Where the x, y and z axes lead, in DICOM's letters: "LPS", "RAS", …; of an oblique volume the nearest."""
        return sitk.DICOMOrientImageFilter.GetOrientationFromDirectionCosines(self.direction)

    @classmethod
    def from_sitk(cls, image: sitk.Image, **named) -> Volume:
        """Take over a scalar 2D or 3D SimpleITK image; a 2D image becomes a volume of one slice."""
        if image.GetNumberOfComponentsPerPixel() > 1:
            raise InputError(
                f"the image has {image.GetNumberOfComponentsPerPixel()} components per pixel (colour or vector); "
                "give a scan with one value per voxel"
            )
        if image.GetDimension() == 4 and image.GetSize()[3] == 1:
            image = image[:, :, :, 0]
        if image.GetDimension() > 3:
            raise InputError(
                f"the image has {image.GetDimension()} dimensions, size {image.GetSize()}; "
                "save one time point or channel as a 3D volume and give that"
            )
        if 0 in image.GetSize():
            raise InputError(f"the image is empty: size {image.GetSize()}")
        if image.GetDimension() == 2:
            image = sitk.JoinSeries(image)
        return cls(sitk.GetArrayFromImage(image), image.GetSpacing(), image.GetOrigin(), image.GetDirection(), **named)

    def to_sitk(self) -> sitk.Image:
        """The same volume as a SimpleITK image (booleans as 0 and 1)."""
        voxels = self.voxels.astype(np.uint8) if self.voxels.dtype == bool else self.voxels
        image = sitk.GetImageFromArray(voxels)
        image.SetSpacing(self.spacing)
        image.SetOrigin(self.origin)
        image.SetDirection(self.direction)
        return image

    def like(self, voxels: np.ndarray, name: str = "") -> Volume:
        """Other voxels on this volume's grid.

        Raises
        ------
        InputError
            If `voxels` has another shape than the grid.
        """
        if voxels.shape != self.shape:
            raise InputError(f"an array of shape {voxels.shape} does not fit the grid {self.shape}")
        return replace(self, voxels=voxels, name=name or self.name, notes=())

    def axial(self) -> Volume:
        """The volume with its axes permuted and flipped to the nearest axial LPS order; never resampled.

        Rows then run from anterior to posterior, columns from the patient's right to the left, slices from feet to
        head. An oblique volume keeps its own grid. `restore` undoes it.
        """
        image = sitk.DICOMOrient(self.to_sitk(), "LPS")
        voxels = sitk.GetArrayFromImage(image).astype(self.voxels.dtype, copy=False)
        return replace(
            self, voxels=voxels, spacing=image.GetSpacing(), origin=image.GetOrigin(), direction=image.GetDirection()
        )

    def restore(self, axial: Volume) -> Volume:
        """Bring a volume on the grid of `self.axial()` back to this volume's own grid, voxel by voxel."""
        voxels = sitk.GetArrayFromImage(sitk.DICOMOrient(axial.to_sitk(), self.orientation))
        # the header is copied, not computed back, so that not even rounding separates the two grids
        return self.like(voxels.astype(axial.voxels.dtype, copy=False), axial.name)

    def restore_slice(self, axial: Volume, z: int, values: np.ndarray) -> tuple[Volume, tuple[int, int, int]]:
        """Bring values (H, W) on slice z of `axial`, which is `self.axial()`, back to this volume's own grid.

        Returns
        -------
        slab : Volume
            One voxel thick along one of this volume's axes, in its place in space.
        offset : tuple of 3 ints
            Index (k, j, i) of the slab's first voxel in this volume.
        """
        across = np.array(axial.direction).reshape(3, 3)[:, 2]
        origin = tuple(np.array(axial.origin) + z * axial.spacing[2] * across)
        image = replace(axial, voxels=values[None], origin=origin).to_sitk()
        turned = sitk.DICOMOrient(image, self.orientation)
        place = np.linalg.solve(np.array(self.direction).reshape(3, 3), np.subtract(turned.GetOrigin(), self.origin))
        i, j, k = (int(v) for v in np.rint(place / self.spacing))
        voxels = sitk.GetArrayFromImage(turned).astype(values.dtype, copy=False)
        return replace(self, voxels=voxels, origin=turned.GetOrigin(), notes=()), (k, j, i)

    def same_grid(self, other: Volume, tolerance: float = 1e-3) -> bool:
        """Whether both volumes have the same voxels in space; `tolerance` in mm and in direction cosines."""
        return self.shape == other.shape and all(
            np.allclose(a, b, atol=tolerance)
            for a, b in zip((self.spacing, self.origin, self.direction), (other.spacing, other.origin, other.direction))
        )

    def labels_on(self, grid: Volume) -> Volume:
        """This label map resampled (nearest neighbour, in physical space) to another volume's grid.

        Raises
        ------
        InputError
            If none of the labelled voxels lies inside the other grid.
        """
        if self.same_grid(grid):
            return grid.like(self.voxels, self.name)
        image = sitk.Resample(self.to_sitk(), grid.to_sitk(), sitk.Transform(), sitk.sitkNearestNeighbor, 0)
        voxels = sitk.GetArrayFromImage(image)
        if self.voxels.any() and not voxels.any():
            raise InputError(
                f"{self.name} does not overlap {grid.name} in space; give a mask that was drawn on this scan"
            )
        return grid.like(voxels, self.name)


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


def check_scan(volume: Volume) -> Volume:
    """Refuse a scan that nothing can be computed from.

    Raises
    ------
    InputError
        If a voxel is NaN or infinite, or all voxels have one value.
    """
    if np.issubdtype(volume.voxels.dtype, np.floating):
        bad = int(np.size(volume.voxels) - np.isfinite(volume.voxels).sum())
        if bad:
            raise InputError(
                f"{volume.name} has {bad} voxels that are NaN or infinite; replace them (air is -1000 HU on CT)"
            )
    if volume.voxels.min() == volume.voxels.max():
        raise InputError(f"{volume.name} is constant (every voxel is {volume.voxels.flat[0]}); it holds no image")
    return volume


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
