"""Scans and masks: voxels with their geometry, read and written through SimpleITK."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.stack import AxialSlices, SliceStack, Voxels
from XAICLIPLib.volume.turn import Turn
from XAICLIPLib.volume.write import write_volume


@dataclass(frozen=True, eq=False, repr=False)
class Volume:
    """A scan or a label map on a regular grid.

    Attributes
    ----------
    voxels : ndarray, shape (Z, Y, X)
        Scan intensities in their own unit (HU for CT), or labels. A result's array is made when it is asked for: keep
        it in a variable where it is needed more than once.
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

    Examples
    --------
    >>> import numpy as np
    >>> from XAICLIPLib import Volume
    >>> scan = Volume(np.zeros((4, 64, 48), np.int16), spacing=(0.8, 0.8, 5.0), modality="CT")
    >>> scan
    <Volume 'scan' 4 x 64 x 48 int16, 0.8 x 0.8 x 5 mm, LPS, CT>
    >>> scan.like(scan.voxels > 100, "bright").dtype
    dtype('bool')
    """

    voxels: np.ndarray = Voxels()
    spacing: tuple[float, float, float] = (1.0, 1.0, 1.0)
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    direction: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    modality: str = ""
    name: str = "scan"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self._voxels.ndim != 3:
            raise InputError(f"a volume has 3 dimensions (Z, Y, X), this array has shape {self._voxels.shape}")
        if self.stack is None:
            object.__setattr__(self, "voxels", _plain(self.voxels))
        for name, length in (("spacing", 3), ("origin", 3), ("direction", 9)):
            try:
                numbers = tuple(float(v) for v in np.ravel(getattr(self, name)))
            except (TypeError, ValueError):
                numbers = ()
            if len(numbers) != length:
                raise InputError(f"{name} of a volume has {length} numbers; this is {getattr(self, name)!r}")
            object.__setattr__(self, name, numbers)

    def __repr__(self) -> str:
        """One line, without the voxels: ``<Volume 'ct.nrrd' 300 x 512 x 512 int16, 0.75 x 0.75 x 1.5 mm, LPS, CT>``."""
        size = " x ".join(str(n) for n in self.shape)
        edges = " x ".join(f"{s:.4g}" for s in self.spacing)
        kind = f", {self.modality}" if self.modality else ""
        return f"<Volume {self.name!r} {size} {self.dtype}, {edges} mm, {self.orientation}{kind}>"

    def save(self, path: str | Path, compress: bool = True) -> Path:
        """Write it to the format that the name's ending says (.nrrd, .nii.gz, .mha, …), see `write_volume`.

        Parameters
        ----------
        path : path
        compress : bool
            Whether the voxels are compressed.

        Returns
        -------
        Path
            The file.

        """
        return write_volume(self, path, compress)

    def __getstate__(self) -> dict:
        """For pickle and copy: a stack of slices becomes an array."""
        return {**self.__dict__, "_voxels": self.voxels}

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along z, y, x."""
        return self._voxels.shape

    @property
    def dtype(self) -> np.dtype:
        """The voxels' type."""
        return self._voxels.dtype

    @property
    def stack(self) -> SliceStack | None:
        """The slices that the voxels are made of where they are not one array."""
        return self._voxels if isinstance(self._voxels, SliceStack) else None

    @property
    def orientation(self) -> str:
        """Where the x, y and z axes lead, in DICOM's letters: "LPS", "RAS", …; of an oblique volume the nearest."""
        return sitk.DICOMOrientImageFilter.GetOrientationFromDirectionCosines(self.direction)

    @classmethod
    def from_sitk(cls, image: sitk.Image, **named) -> Volume:
        """Take over a scalar 2D or 3D SimpleITK image; a 2D image becomes a volume of one slice.

        Parameters
        ----------
        image : sitk.Image
        **named
            Further attributes: modality, name, notes.

        Returns
        -------
        Volume

        Raises
        ------
        InputError
            If the image is empty, has several values per pixel, or more than 3 dimensions.
        """
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

        Parameters
        ----------
        voxels : ndarray, shape (Z, Y, X)
        name : str
            What to call it; by default as this one.

        Returns
        -------
        Volume
            Without notes.

        Raises
        ------
        InputError
            If `voxels` has another shape than the grid.
        """
        if voxels.shape != self.shape:
            raise InputError(f"an array of shape {voxels.shape} does not fit the grid {self.shape}")
        return replace(self._bare, voxels=voxels, name=name or self.name, notes=())

    def axial(self) -> Volume:
        """The volume with its axes permuted and flipped to the nearest axial LPS order; never resampled.

        Rows then run from anterior to posterior, columns from the patient's right to the left, slices from feet to
        head. An oblique volume keeps its own grid. The voxels are a view of this volume's, not a copy. `restore` undoes
        it.
        """
        turn = self._to_axial
        spacing, origin, direction = turn.geometry(self.shape, self.spacing, self.origin, self.direction)
        voxels = turn(self.voxels) if self.stack is None else self.stack.turned(Turn())
        return replace(self._bare, voxels=voxels, spacing=spacing, origin=origin, direction=direction)

    @property
    def slices(self) -> AxialSlices:
        """The slices (H, W) of `axial()` by their numbers, without making the whole volume."""
        return AxialSlices(self._to_axial(self.voxels).__getitem__ if self.stack is None else self.stack.axial_slice)

    def restore(self, axial: Volume) -> Volume:
        """Bring a volume on the grid of `self.axial()` back to this volume's own grid, voxel by voxel.

        Parameters
        ----------
        axial : Volume
            On the grid of `axial()`.

        Returns
        -------
        Volume
        """
        back = self._to_axial.inverse
        voxels = np.ascontiguousarray(back(axial.voxels)) if axial.stack is None else axial.stack.turned(back)
        # the header is copied, not computed back, so that not even rounding separates the two grids
        return self.like(voxels, axial.name)

    @property
    def _to_axial(self) -> Turn:
        return Turn.between(self.orientation, "LPS")

    @property
    def _bare(self) -> Volume:
        """This volume's header with no voxels that would have to be made."""
        return self if self.stack is None else Volume(
            np.empty((0, 0, 0), self.dtype), self.spacing, self.origin, self.direction, self.modality, self.name,
            self.notes,
        )  # fmt: skip

    def restore_slice(self, axial: Volume, z: int, values: np.ndarray) -> tuple[Volume, tuple[int, int, int]]:
        """Bring values (H, W) on slice z of `axial`, which is `self.axial()`, back to this volume's own grid.

        Parameters
        ----------
        axial : Volume
            What `axial()` gave.
        z : int
            Of the axial grid.
        values : ndarray, shape (H, W)

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
        """Whether two volumes have the same voxels in space.

        Parameters
        ----------
        other : Volume
        tolerance : float
            In mm and in direction cosines.

        Returns
        -------
        bool
        """
        return self.shape == other.shape and all(
            np.allclose(a, b, atol=tolerance)
            for a, b in zip((self.spacing, self.origin, self.direction), (other.spacing, other.origin, other.direction))
        )

    def labels_on(self, grid: Volume) -> Volume:
        """This label map resampled (nearest neighbour, in physical space) to another volume's grid.

        Parameters
        ----------
        grid : Volume
            Whose grid is wanted.

        Returns
        -------
        Volume

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


def _plain(voxels: np.ndarray) -> np.ndarray:
    """Voxels as SimpleITK and PyTorch take them: this machine's byte order, no half or extended precision.

    Raises
    ------
    InputError
        If they are no real numbers.
    """
    kind, size = voxels.dtype.kind, voxels.dtype.itemsize
    if kind not in "biuf":
        raise InputError(f"voxels of type {voxels.dtype} are no real numbers; give integers or floats")
    if kind == "f" and size not in (4, 8):
        return voxels.astype(np.float32 if size < 4 else np.float64)
    return voxels if voxels.dtype.isnative else voxels.astype(voxels.dtype.newbyteorder("="))
