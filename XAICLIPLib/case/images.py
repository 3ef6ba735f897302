"""Further images of a case: registered sequences of the same patient, brought to the grid of the first."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from XAICLIPLib.case.scan import Scan
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.volume import Volume, check_scan, read_volume

SERIES = re.compile(r"[\d.]+(/\d+)?")  # the UID of a DICOM series, or its end, with the number of a volume in it
ALL_OF_IT = 0.999  # share of the scan that an image covers, from which on nothing is said


@dataclass(frozen=True, eq=False)
class Images:
    """The images beside the scan.

    Attributes
    ----------
    scans : tuple of Scan
        In the order in which they were given, all on the grid of the scan.
    notes : tuple of str
        What a reader must know of how they came there.
    """

    scans: tuple[Scan, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def open(cls, scan: Scan, paths: Sequence[str], given: Sequence[Volume | None] | None = None) -> Images:
        """Read images, and bring them to the grid of the scan.

        Parameters
        ----------
        scan : Scan
            The first image.
        paths : sequence of str
            Files or folders; "FOLDER:UID" is a series of a DICOM folder.
        given : sequence of Volume or None, optional
            Those that are in memory, in the places of their paths.

        Returns
        -------
        Images

        Raises
        ------
        InputError
            If one can't be read, or does not overlap the scan in space.
        """
        scans: list[Scan] = []
        notes: list[str] = []
        for number, path in enumerate(paths):
            volume = given[number] if given and number < len(given) else None
            volume = check_scan(_read(path) if volume is None else volume)
            name = Path(volume.name).name or f"image {number + 2}"
            moved, how = on_grid_of(volume, scan.volume, name)
            # not by its file's name, which may be the patient's
            notes += [Message("image {number}: {note}", number=number + 2, note=note) for note in (*volume.notes, *how)]
            scans.append(Scan(moved))
        return cls(tuple(scans), tuple(notes))


def on_grid_of(volume: Volume, scan: Volume, name: str = "the image") -> tuple[Volume, tuple[str, ...]]:
    """A registered image on the voxels of the scan.

    Parameters
    ----------
    volume : Volume
        The image, in its own place in space; nothing is registered here.
    scan : Volume
        Whose grid is wanted.
    name : str
        What the image is called where it is refused.

    Returns
    -------
    moved : Volume
        Its voxels as they are where the grids are one, also with the axes in another order; else interpolated
        linearly, float32, and its lowest value where it does not reach.
    notes : tuple of str
        What was done, where something was.

    Raises
    ------
    InputError
        If it does not overlap the scan in space.
    """
    axial = scan.axial()
    turned = volume.axial()
    if turned.same_grid(axial):
        voxels = scan.restore(axial.like(turned.voxels)).voxels
        return _placed(volume, scan, voxels), ()
    image = sitk.Cast(volume.to_sitk(), sitk.sitkFloat32)
    grid = scan.to_sitk()
    there = sitk.Image(image.GetSize(), sitk.sitkUInt8) + 1
    there.CopyInformation(image)
    share = float(np.mean(sitk.GetArrayFromImage(_resampled(there, grid, sitk.sitkNearestNeighbor, 0))))
    if not share:
        raise InputError(
            f"{name} does not overlap {Path(scan.name).name} in space; give an image of the same patient that was "
            "registered to the scan"
        )
    voxels = sitk.GetArrayFromImage(_resampled(image, grid, sitk.sitkLinear, float(volume.voxels.min())))
    covers = f", of which it covers {share:.0%}; its lowest value stands in the rest" if share < ALL_OF_IT else ""
    return _placed(volume, scan, voxels), (f"it lies on another grid than the scan and was resampled onto it{covers}",)


def _resampled(image: sitk.Image, grid: sitk.Image, how: int, outside: float) -> sitk.Image:
    return sitk.Resample(image, grid, sitk.Transform(), how, outside)


def _placed(volume: Volume, scan: Volume, voxels: np.ndarray) -> Volume:
    # the header is copied, not computed, so that not even rounding separates the grids
    return replace(volume, voxels=voxels, spacing=scan.spacing, origin=scan.origin, direction=scan.direction)


def _read(path: str) -> Volume:
    """A file, a folder, or a series of a DICOM folder."""
    folder, _, series = path.rpartition(":")
    if SERIES.fullmatch(series) and os.path.isdir(os.path.expanduser(folder)):
        return read_volume(folder, series)
    try:
        return read_volume(path)
    except InputError as error:  # which of them is said otherwise here
        raise InputError(str(error).replace("choose one with --series ", "choose one as FOLDER:")) from error


def image_number(wanted: str, names: Sequence[str]) -> int | None:
    """Which image is meant.

    Parameters
    ----------
    wanted : str
        Its name, in upper or lower case, or its number from 1.
    names : sequence of str
        Of all images.

    Returns
    -------
    int, or None
        From 0; None where there is none.
    """
    folded = [name.casefold() for name in names]
    if wanted.strip().casefold() in folded:
        return folded.index(wanted.strip().casefold())
    number = int(wanted) if wanted.strip().isdigit() else 0
    return number - 1 if 1 <= number <= len(names) else None


def image_names(told: Sequence[str], count: int) -> tuple[str, ...]:
    """What the images of a case are called: as the model calls them, each by another name.

    Parameters
    ----------
    told : sequence of str
        By the model.
    count : int
        How many there are.

    Returns
    -------
    tuple of str
        "image 1", … where the model names another number of them.
    """
    names = [name.strip() for name in told] if len(told) == count else [""] * count
    counted = [f"{name or 'image'} {n}" for n, name in enumerate(names, start=1)]
    return tuple(n if n and names.count(n) == 1 else c for n, c in zip(names, counted))
