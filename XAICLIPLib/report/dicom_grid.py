"""Which image of a DICOM series is which plane of a result's grid: by position in space, not by the order of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import Volume

if TYPE_CHECKING:
    from pydicom import Dataset

TURNED = 1e-3  # largest difference of direction cosines
OFF = 0.05  # of a voxel: rounding in DICOM's decimal strings stays far below it


@dataclass(frozen=True, eq=False)
class Planes:
    """A result's grid, seen as the planes of a series.

    Attributes
    ----------
    images : dict of int to Dataset
        The series' image in each plane that has one, planes counted along the normal of the images.
    order : tuple of 3 ints
        Axes of a result's array that are plane, row and column of the images.
    flipped : tuple of 3 bools
        Which of those run the other way.
    spacing : float
        mm between planes.
    """

    images: dict[int, Dataset]
    order: tuple[int, int, int]
    flipped: tuple[bool, bool, bool]
    spacing: float

    def turn(self, voxels: np.ndarray) -> np.ndarray:
        """An array of the result's grid along the axes of the series.

        Parameters
        ----------
        voxels : ndarray, shape (Z, Y, X)

        Returns
        -------
        ndarray, shape (planes, rows, columns)
            A view.
        """
        return np.transpose(voxels, self.order)[tuple(slice(None, None, -1 if f else 1) for f in self.flipped)]

    def of(self, planes: Iterable[int]) -> list[Dataset]:
        """The images of some planes.

        Parameters
        ----------
        planes : iterable of int
            Counted along the normal of the images.

        Returns
        -------
        list of Dataset
            In their order.

        Raises
        ------
        InputError
            If the series has no image there.
        """
        planes = list(planes)
        missing = [p for p in planes if p not in self.images]
        if missing:
            raise InputError(
                f"the series has no image in {len(missing)} of {len(planes)} explained planes; it is incomplete, or "
                "not the scan that was explained: give the series that the run was made from"
            )
        return [self.images[p] for p in planes]


def planes_of(grid: Volume, images: Sequence[Dataset]) -> Planes:
    """Match the images of a series, all of one orientation and size, with the planes of a grid.

    Parameters
    ----------
    grid : Volume
        Any volume of a result.
    images : sequence of Dataset
        Of one orientation and size; their headers are enough.

    Returns
    -------
    Planes

    Raises
    ------
    InputError
        If the images are turned, scaled or shifted against the grid, or two of them lie in one plane.
    """
    first = images[0]
    across, down = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
    axes = np.stack([np.cross(across, down), down, across])  # plane, row, column, as in the pixels of a series
    shares = axes @ np.array(grid.direction).reshape(3, 3)[:, ::-1]  # of the grid's z, y, x along those
    nearest = np.rint(shares)
    if not np.allclose(shares, nearest, atol=TURNED) or not (np.abs(nearest).sum(0) == 1).all():
        raise InputError("its images are turned against the run's grid")
    plane, row, column = (int(a) for a in np.abs(nearest).argmax(1))
    order = plane, row, column
    signs = nearest[range(3), order]
    steps = np.array(grid.spacing[::-1])[list(order)]
    sizes = np.array(grid.shape)[list(order)]
    # where voxel (0, 0, 0) of the turned array lies
    corner = np.array(grid.origin) + (axes * ((signs < 0) * (1 - sizes) * steps)[:, None]).sum(0)
    if tuple(sizes[1:]) != (first.Rows, first.Columns):
        raise InputError(
            f"its images have {first.Rows} × {first.Columns} pixels, the run's planes {sizes[1]} × {sizes[2]}"
        )
    if not np.allclose(np.array(first.PixelSpacing, float), steps[1:], rtol=1e-3):
        raise InputError(
            f"its pixels measure {' × '.join(f'{float(v):g}' for v in first.PixelSpacing)} mm, the run's "
            f"{steps[1]:g} × {steps[2]:g} mm"
        )
    places = np.array([np.array(image.ImagePositionPatient, float) for image in images])
    index = (places - corner) @ axes.T / steps
    aside = np.abs(index[:, 1:]).max()
    if aside > OFF:
        raise InputError(
            f"its images lie up to {aside:.1f} pixels beside the run's planes (another scan, or a tilted one)"
        )
    by_plane: dict[int, Dataset] = {}
    for image, place in zip(images, index[:, 0]):
        number = round(float(place))
        if abs(place - number) > OFF or not 0 <= number < sizes[0]:
            continue
        if number in by_plane:
            raise InputError("it has several images in one plane (phases or echoes); give a folder with one of them")
        by_plane[number] = image
    if not by_plane:
        raise InputError("none of its images lies in a plane of the run")
    flipped = bool(signs[0] < 0), bool(signs[1] < 0), bool(signs[2] < 0)
    return Planes(by_plane, order, flipped, float(steps[0]))
