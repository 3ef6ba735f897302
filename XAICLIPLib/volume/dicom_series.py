"""From DICOM files to one volume: the series that is meant, its slices in their places, its values as they are "
"meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.dicom_frames import Frame, frames_below
from XAICLIPLib.volume.dicom_pixels import voxels_of
from XAICLIPLib.volume.dicom_stacks import Stack, stacks_of
from XAICLIPLib.volume.volume import Volume

SERIES = "DICOM series"  # what a folder of DICOM images is called: its own name may be the patient's
UNEVEN = 0.05  # of the usual distance of slices
ASTRAY = 2.0  # distances of slices that one may lie off where it is shown
SHIFT_MM = 0.5  # within the plane, from which it is said
STEEPEST_DEGREES = 45.0  # from the normal; a gantry tilts by 30 at most
BESIDE = 0.5  # of the image's edge, by which the next slice may not lie beside


def read_dicom(path: Path, wanted: str | None = None) -> Volume:
    """Read a DICOM file, or the one series in a folder, or that of several which is wanted.

    Parameters
    ----------
    path : Path
    wanted : str, optional
        The series instance UID, or its end; behind a slash which stack of that series.

    Returns
    -------
    Volume

    Raises
    ------
    InputError
        If there is no image, there are several volumes, or the images do not make up one.
    """
    frames, folder = frames_below(path), path.is_dir()
    where, name = ("the folder", SERIES) if folder else (path.name, path.name)
    if not frames:
        raise InputError(f"{where} holds no DICOM series; give a folder with DICOM images or an image file")
    return _volume(_chosen(where, stacks_of(frames), wanted), name)


def read_dicom_slices(files: Sequence[Path], name: str) -> tuple[Volume, list[int]]:
    """Read DICOM files of one slice each, see `XAICLIPLib.volume.read_slices`.

    Parameters
    ----------
    files : sequence of Path
        DICOM files of one slice each, in any order.
    name : str
        What to call the volume in messages and reports.

    Returns
    -------
    volume : Volume
        Its slices in the order of their places in space.
    order : list of int
        For each of them, which of `files` it is.

    Raises
    ------
    InputError
        If a file can't be read, does not say where it lies, two lie in one place, or they are of several series.
    """
    frames = []
    for path in files:
        try:
            (frame,) = frames_below(path)
        except (ValueError, InputError) as error:
            raise InputError(f"{path} is no DICOM file that says where its slice lies; download it again") from error
        if frame.place is None:
            raise InputError(f"{path} is no DICOM file that says where its slice lies; download it again")
        frames.append(frame)
    order = sorted(range(len(frames)), key=lambda k: frames[k].height)
    for below, above in zip(order, order[1:]):
        if frames[above].height - frames[below].height < 1e-3:
            raise InputError(
                f"{files[below]} and {files[above].name} lie in the same place: they are of two series; "
                "put each series into a folder of its own"
            )
    if len(stacks := stacks_of([frames[k] for k in order])) > 1 or len(stacks[0].frames) != len(files):
        raise InputError(f"{name}: the DICOM files are of several series or sizes; put each into a folder of its own")
    return _volume(Stack(name, tuple(frames[k] for k in order)), name), order


def _chosen(where: str, stacks: list[Stack], wanted: str | None) -> Stack:
    """The one volume that is meant."""
    listed = "; ".join(f"{stack.name} ({stack.described})" for stack in stacks)
    matching = stacks
    if wanted:
        uid, slash, part = wanted.partition("/")
        exact = [s for s in stacks if s.name.partition("/")[0] == uid]
        matching = exact or [s for s in stacks if s.name.partition("/")[0].endswith(uid)]
        several = sorted({s.name.partition("/")[0] for s in matching})
        if not matching:
            raise InputError(f"{where} holds no series whose UID is or ends in {wanted!r}; choose one of: {listed}")
        if len(several) > 1:
            raise InputError(
                f"{wanted!r} ends the UIDs of {len(several)} series in {where}; give more of the one that is meant: "
                f"{listed}"
            )
        if slash:
            matching = [s for s in matching if s.name.endswith(slash + part)]
            if not matching:
                raise InputError(f"{where} holds no {wanted!r}; choose one of: {listed}")
    if len(matching) == 1:
        if matching[0].why:
            _refuse_mixed(where, matching[0])
        return matching[0]
    series = {s.name.partition("/")[0] for s in matching}
    if len(series) == 1:
        raise InputError(
            f"the series in {where} is more than one volume: {matching[0].why}; choose one with --series UID/NUMBER: "
            f"{listed}"
        )
    count = len({s.name.partition("/")[0] for s in stacks})
    raise InputError(f"{where} holds {count} series; choose one with --series UID: {listed}")


def _refuse_mixed(where: str, stack: Stack) -> None:
    """A stack that was chosen by its number is well; one that could not be taken apart is not."""
    if "/" not in stack.name and "nothing tells" in stack.why:
        raise InputError(
            f"the series in {where} is no volume: {stack.why}; put the images of one volume into a folder of their own"
        )


def _volume(stack: Stack, name: str) -> Volume:
    frames, first = stack.frames, stack.frames[0]
    notes = [*stack.notes, *dict.fromkeys(note for frame in frames for note in frame.notes)]
    if first.size[2] != 1 or first.stored[2] not in ("MONOCHROME1", "MONOCHROME2", ""):
        raise InputError(
            f"{name} holds colour images ({first.size[2]} components per pixel): screenshots or overlays, no scan; "
            "give the "
            "series that they were made from"
        )
    if first.place is None:
        place = _placeless(frames, name, notes)
    else:
        place = _placed(frames, name, notes)
    spacing, origin, direction, shifts = place
    if first.stored[2] == "MONOCHROME1":
        notes.append("the images are shown with low values bright (MONOCHROME1): values are taken as they are stored")
    voxels = voxels_of(frames)
    if shifts is not None:
        voxels, origin = _moved(voxels, shifts, spacing, origin, direction)
    return Volume(
        voxels,
        spacing,
        tuple(origin),
        tuple(direction.T.ravel()),
        modality=first.modality,
        name=name,
        notes=tuple(notes),
    )


def _placeless(frames: Sequence[Frame], name: str, notes: list[str]) -> tuple:
    """One image that does not say where it lies may be looked at; several are no volume."""
    if len(frames) > 1:
        what = "frames" if frames[0].count > 1 else "images"
        guess = (
            "they may follow each other in time, as in an ultrasound loop or a cine run"
            if frames[0].count > 1
            else "the headers were stripped of their geometry, as it seems"
        )
        raise InputError(
            f"the {len(frames)} {what} of {name} do not say where they lie in space ({guess}), so they are no volume; "
            f"give one {what[:-1]} by itself, or a NIfTI or NRRD file that has the geometry"
        )
    pixel = frames[0].pixel
    notes.append(
        "the image does not say where it lies: its rows are taken to run to the patient's left, its columns to the back"
        + ("" if pixel else "; nor how large a pixel is: 1 mm is taken")
    )
    return (*(pixel or (1.0, 1.0))[::-1], frames[0].gap or 1.0), (0.0, 0.0, 0.0), np.eye(3), None


def _placed(frames: Sequence[Frame], name: str, notes: list[str]) -> tuple:
    """Spacing, origin, axes (rows of the array) and how far each slice lies off the column of the first, in pixels."""
    first, count = frames[0], len(frames)
    if first.pixel is None:
        if count > 1:
            raise InputError(f"the images of {name} do not say how large a pixel is; export the series again")
        notes.append("the image does not say how large a pixel is: 1 mm is taken")
    down, across = first.pixel or (1.0, 1.0)
    axes = np.array([first.along[:3], first.along[3:], first.normal])
    places = np.array([f.place for f in frames])
    heights = places @ axes[2]
    gap = (heights[-1] - heights[0]) / (count - 1) if count > 1 else first.gap or 1.0
    spacing = (across, down, float(gap))
    if not all(np.isfinite(v) and v > 0 for v in spacing):
        edges_mm = " x ".join(f"{v:g}" for v in spacing)
        raise InputError(f"{name} says that its voxels are {edges_mm} mm, which is impossible; export the series again")
    _check_even(heights, name, notes)
    off = (places - places[0]) @ axes[:2].T
    shifts = np.rint(off / (across, down)).astype(int)
    if np.abs(off).max() > SHIFT_MM:
        rest = np.abs(off - shifts * (across, down)).max()
        angle = np.degrees(np.arctan2(np.linalg.norm(off[-1]), heights[-1] - heights[0]))
        extent = (first.size[1] * across, first.size[0] * down)
        if angle > STEEPEST_DEGREES or (np.abs(np.diff(off, axis=0)) > np.multiply(BESIDE, extent)).any():
            raise InputError(
                f"the images of {name} lie beside each other, up to {np.abs(off).max():.0f} mm apart in their own "
                "plane: they "
                "are not one stack of slices; put the images of one volume into a folder of their own"
            )
        notes.append(
            f"the slices are not stacked at right angles ({angle:.1f} degrees: a tilted gantry or a sheared stack): "
            f"each is moved in its plane by whole pixels, up to {np.abs(off).max():.1f} mm, to lie within {rest:.2g} "
            "mm of its place; its values are unchanged, what the larger grid adds round it has the scan's lowest "
            "value, and results on it can't be exported as DICOM"
        )
    return spacing, tuple(places[0]), axes, shifts if shifts.any() else None


def _check_even(heights: np.ndarray, name: str, notes: list[str]) -> None:
    """Say where the slices are not evenly spaced; refuse where that would put one far from its place."""
    steps = np.diff(heights)
    if len(steps) < 2 or np.ptp(steps) <= UNEVEN * np.median(steps):
        return
    usual = float(np.median(steps))
    off = float(np.abs(heights - np.linspace(heights[0], heights[-1], len(heights))).max())
    said = f"slices are unevenly spaced ({steps.min():.2f} to {steps.max():.2f} mm)"
    if off > ASTRAY * usual:
        at = int(steps.argmax())
        raise InputError(
            f"{name}: {said}: after slice {at + 1} of {len(heights)} the next lies {steps[at]:.1f} mm on, and on one "
            f"grid a slice would be up to {off:.1f} mm off its place; give the whole series, or one part of it"
        )
    notes.append(f"{said}: some may be missing; a slice is shown up to {off:.1f} mm from its place")


def _moved(
    voxels: np.ndarray, shifts: np.ndarray, spacing: tuple, origin: tuple, axes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Slices moved by whole pixels (columns, rows) on a grid that holds all of them, and its new origin."""
    low = shifts.min(0)
    extra = shifts.max(0) - low
    grown = np.full((len(voxels), voxels.shape[1] + extra[1], voxels.shape[2] + extra[0]), voxels.min(), voxels.dtype)
    for out, plane, (x, y) in zip(grown, voxels, shifts - low):
        out[y : y + plane.shape[0], x : x + plane.shape[1]] = plane
    return grown, np.array(origin) + (low * spacing[:2]) @ axes[:2]
