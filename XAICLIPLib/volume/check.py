"""What a scan must be so that anything can be computed from it: possible geometry, right angles, numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.volume import Volume

SPACING_MM = (0.0005, 200.0)  # from micrometres of a specimen to the thickest slice
LARGEST_RATIO = 100.0  # of the longest to the shortest edge of a voxel
LARGEST_PLACE_MM = 1e5
EXACT_DEGREES = 0.006  # what single precision in a header makes of a right angle
LARGEST_SHEAR_DEGREES = 1.0


def check_geometry(volume: Volume) -> Volume:
    """Refuse a volume whose place and size in the patient are impossible.

    Parameters
    ----------
    volume : Volume

    Returns
    -------
    Volume
        The same.

    Raises
    ------
    InputError
        If a voxel's edge is not a number between 0.0005 and 200 mm, one is 100 times another, or the origin or the
        direction is no place in space.
    """
    edges = np.array(volume.spacing)
    along = [n for n in range(3) if volume.shape[2 - n] > 1] or [0, 1]
    edges_mm = " x ".join(f"{v:g}" for v in edges)
    if not np.isfinite(edges).all() or not all(SPACING_MM[0] <= edges[n] <= SPACING_MM[1] for n in along):
        raise InputError(
            f"{volume.name} has voxels of {edges_mm} mm, which is impossible: its header is damaged or in another "
            "unit; write the right spacing into it"
        )
    if max(edges[along]) > LARGEST_RATIO * min(edges[along]):
        raise InputError(
            f"{volume.name} has voxels of {edges_mm} mm, one edge over {LARGEST_RATIO:g} times another: its header is "
            "damaged; write the right spacing into it"
        )
    if not np.isfinite(volume.origin).all() or max(np.abs(volume.origin)) > LARGEST_PLACE_MM:
        place = ", ".join(f"{v:g}" for v in volume.origin)
        raise InputError(f"{volume.name} lies at ({place}) mm, which is no place in space; correct its header")
    if not np.isfinite(volume.direction).all() or shear_degrees(volume.direction) > 89.0:
        raise InputError(
            f"{volume.name} has axes that do not span space (direction {volume.direction}); correct its header"
        )
    return volume


def shear_degrees(direction: tuple[float, ...]) -> float:
    """How far the axes of a direction are from right angles, at worst.

    Parameters
    ----------
    direction : tuple of 9 floats
        Row-major; its columns are the axes.

    Returns
    -------
    float
        Degrees; 90 where two coincide.
    """
    axes = np.reshape(direction, (3, 3))
    lengths = np.linalg.norm(axes, axis=0)
    if not (lengths > 0).all():
        return 90.0
    axes = axes / lengths
    cosines = np.abs(axes.T @ axes - np.diag((axes * axes).sum(0)))
    # three axes may lie in one plane without any two being near each other
    flat = np.degrees(np.arcsin(min(1.0, abs(np.linalg.det(axes)))))
    return float(max(np.degrees(np.arcsin(min(1.0, cosines.max()))), 90.0 if flat < 1.0 else 0.0))


def at_right_angles(volume: Volume) -> Volume:
    """The volume with the orthonormal axes nearest to its own, about its centre, and a note where that moves voxels.

    Parameters
    ----------
    volume : Volume

    Returns
    -------
    Volume
        The same where its axes are at right angles already.

    Raises
    ------
    InputError
        If its axes are more than 1 degree from right angles: then it must be resampled, which changes its voxels.
    """
    shear = shear_degrees(volume.direction)
    if shear <= EXACT_DEGREES:
        return volume
    if shear > LARGEST_SHEAR_DEGREES:
        raise InputError(
            f"{volume.name} is sheared: its axes are {shear:.1f} degrees off right angles (as after a tilted gantry); "
            "resample it on orthogonal axes and give that: dcm2niix does when it converts the DICOM, in 3D Slicer "
            "'Harden transform' does"
        )
    given = np.reshape(volume.direction, (3, 3))
    left, _, right = np.linalg.svd(given)
    nearest = left @ right
    half = np.array(volume.spacing) * (np.array(volume.shape[::-1]) - 1) / 2
    origin = np.array(volume.origin) + (given - nearest) @ half
    signs = np.array(np.meshgrid(*[(-1, 1)] * 3)).reshape(3, -1)
    moved = float(np.linalg.norm((given - nearest) @ (signs * half[:, None]), axis=0).max())
    note = (
        f"its axes are {shear:.2g} degrees off right angles; the nearest right angles are taken, which moves no voxel "
        f"by more than {moved:.2g} mm"
    )
    return replace(
        volume, direction=tuple(nearest.ravel().tolist()), origin=tuple(origin.tolist()), notes=(*volume.notes, note)
    )


def check_scan(volume: Volume) -> Volume:
    """Refuse a scan that nothing can be computed from.

    Parameters
    ----------
    volume : Volume

    Returns
    -------
    Volume
        With axes at right angles, and with booleans as 0 and 1.

    Raises
    ------
    InputError
        If a voxel is NaN or infinite, all voxels have one value, or the geometry is impossible.
    """
    volume = at_right_angles(check_geometry(volume))
    if volume.voxels.dtype == bool:
        volume = replace(volume, voxels=volume.voxels.astype(np.uint8))
    if np.issubdtype(volume.voxels.dtype, np.floating):
        bad = int(np.size(volume.voxels) - np.isfinite(volume.voxels).sum())
        if bad:
            raise InputError(
                f"{volume.name} has {bad} voxels that are NaN or infinite, which no model can see: replace them by "
                "what lies outside the patient (air is -1000 HU on CT, 0 on MR), as numpy.nan_to_num(voxels, "
                "nan=-1000) does"
            )
    if volume.voxels.min() == volume.voxels.max():
        raise InputError(f"{volume.name} is constant (every voxel is {volume.voxels.flat[0]}); it holds no image")
    return volume
