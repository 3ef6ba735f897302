"""The maps of one case in the frames of its organs, small enough to be kept of every case, whatever else is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib.cohort.frame import CELLS, Frame, frame_of, in_frame
from XAICLIPLib.cohort.store import CASES
from XAICLIPLib.errors import InputError

if TYPE_CHECKING:  # all bring much, the first two torch, which who reads small maps does not need
    from XAICLIPLib.influence.question import Influence
    from XAICLIPLib.results.explanation import Explanation
    from XAICLIPLib.volume import Volume

CASE_MAPS = "frames.npz"
DROP, REMOTE = "drop", "remote"
KINDS = (DROP, REMOTE)
ABOUT = {
    DROP: "drop of the score when the place is hidden",
    REMOTE: "loss of mean probability in the rest of the structure when the place is hidden",
}
_CUT = 0.25  # of an organ's largest area: with more than that in the scan's last slice 2 % of an ellipsoid lie beyond
_ORGAN, _SAID = "organ", "about"
Plane = tuple[int, np.ndarray, np.ndarray]  # number, values, where they were tested
Planes = Callable[[], Iterator[Plane]]


@dataclass(frozen=True, eq=False)
class OrganMaps:
    """The maps of a structure of a case in the frame of its organ.

    Attributes
    ----------
    structure : str
    frame : Frame or None
        Where the organ is in the scan; None where that can't be said.
    by : str
        What the organ was taken from, "reference" or "prediction"; where there is no frame, why not.
    maps : dict of str to ndarray of float16, shape (CELLS, CELLS, CELLS)
        By `KINDS`, cells along z, y, x; nan where nothing was tested.
    organ : ndarray of bool, shape (CELLS, CELLS, CELLS), or None
        The organ itself.
    """

    structure: str
    frame: Frame | None
    by: str
    maps: dict[str, np.ndarray] = field(default_factory=dict)
    organ: np.ndarray | None = None


def maps_of(explanation: Explanation) -> list[OrganMaps]:
    """The maps of a run in the frames of its organs.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    list of OrganMaps
        One for each structure that was explained.
    """
    axial = explanation.evaluated.axial()
    rows: dict[str, list[int]] = {name: [] for name in explanation.structures}
    for row in explanation.rows:
        rows[row.structure].append(int(row.slice))
    every = sorted(explanation.report["slices"]["explained"])
    is_volume = explanation.report["dimensions"] == 3
    labels = _labels(explanation)
    found = []
    for k, name in enumerate(explanation.structures):
        if rows[name]:
            frame, by, mask = _organ(explanation, labels, k, axial)
            if frame is None:
                found.append(OrganMaps(name, None, by))
                continue
            values = _planes(explanation, k, every if is_volume else sorted(rows[name]))
            maps = {kind: in_frame(planes, axial, frame).astype(np.float16) for kind, planes in values.items()}
            found.append(OrganMaps(name, frame, by, maps, _inside(mask, axial, frame)))
    return found


def write_case_maps(explanation: Explanation, folder: Path) -> None:
    """Write the maps of a run to `CASE_MAPS`.

    Parameters
    ----------
    explanation : Explanation
    folder : Path
        Of the case.

    Raises
    ------
    OSError
        If the disk is full.
    """
    write_maps(maps_of(explanation), folder)


def write_maps(found: Sequence[OrganMaps], folder: Path) -> None:
    """Write maps in frames to `CASE_MAPS`.

    Parameters
    ----------
    found : sequence of OrganMaps
        Of a case.
    folder : Path
        Of the case.

    Raises
    ------
    OSError
        If the disk is full.
    """
    arrays: dict[str, np.ndarray] = {}
    said = []
    for number, one in enumerate(found):
        frame = None if one.frame is None else asdict(one.frame)
        said.append({"structure": one.structure, "frame": frame, "by": one.by, "maps": sorted(one.maps)})
        if one.organ is not None:
            arrays |= {f"{kind}{number}": values for kind, values in one.maps.items()}
            arrays[f"{_ORGAN}{number}"] = np.packbits(one.organ)
    arrays[_SAID] = np.array(json.dumps(said))
    np.savez_compressed(folder / CASE_MAPS, **arrays)  # type: ignore[arg-type]  # numpy 2 has a flag beside them


def case_maps_in(folder: Path) -> list[OrganMaps]:
    """The maps of a finished case.

    Parameters
    ----------
    folder : Path
        Of the case.

    Returns
    -------
    list of OrganMaps
        Empty where none were kept.

    Raises
    ------
    InputError
        If they are damaged.
    """
    path = folder / CASE_MAPS
    if not path.exists():
        return []
    try:
        with np.load(path, allow_pickle=False) as kept:
            return [_read(kept, number, one) for number, one in enumerate(json.loads(str(kept[_SAID])))]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, zipfile.BadZipFile, EOFError) as error:
        raise InputError(
            f"the case in {CASES}/{folder.name} is damaged; delete that folder and run the same command again"
        ) from error


def _read(kept: np.lib.npyio.NpzFile, number: int, said: dict) -> OrganMaps:
    if said["frame"] is None:
        return OrganMaps(said["structure"], None, said["by"])
    shape = (CELLS,) * 3
    frame = Frame(**{name: tuple(values) for name, values in said["frame"].items()})
    maps = {kind: kept[f"{kind}{number}"].reshape(shape) for kind in said["maps"]}
    organ = np.unpackbits(kept[f"{_ORGAN}{number}"], count=CELLS**3).astype(bool).reshape(shape)
    return OrganMaps(said["structure"], frame, said["by"], maps, organ)


def _labels(explanation: Explanation) -> dict[str, np.ndarray]:
    """Label maps (Z, H, W) by what they are, the one that says most of an organ first."""
    given = {"reference": explanation.reference, "prediction": explanation.prediction}
    return {by: volume.axial().voxels for by, volume in given.items() if volume is not None}


def _organ(
    explanation: Explanation, labels: dict[str, np.ndarray], k: int, axial: Volume
) -> tuple[Frame | None, str, np.ndarray]:
    """Where structure k is, from what that is known, and its mask (Z, H, W); or why it can't be said."""
    slices = explanation.report["slices"]
    looked = [*slices["explained"], *(int(z) for z in slices["skipped"])]
    for by, values in labels.items():
        mask = values == k + 1
        areas, end = mask.sum((1, 2)), len(mask) - 1
        held = np.flatnonzero(areas)
        if not held.size:
            continue
        if end and max(areas[0], areas[-1]) > _CUT * areas.max():
            return None, "the scan ends in it", mask
        if by == "prediction" and end and not min(looked) < held[0] <= held[-1] < max(looked):
            return None, "how far it reaches is not known: some of its slices were not looked at", mask
        return frame_of(((int(z), mask[z]) for z in held), axial), by, mask
    return None, "nothing of it is drawn", np.zeros(axial.shape, bool)


def _inside(mask: np.ndarray, axial: Volume, frame: Frame) -> np.ndarray:
    """Which cells lie in the organ, at least by half."""
    everywhere = np.ones(mask.shape[1:], bool)
    return np.nan_to_num(in_frame(lambda: ((z, m, everywhere) for z, m in enumerate(mask)), axial, frame)) >= 0.5


def _planes(explanation: Explanation, k: int, numbers: Sequence[int]) -> dict[str, Planes]:
    """What is known of structure k in slices, by kind."""
    drop, evaluated = explanation.drops[explanation.structures[k]].slices, explanation.evaluated.slices

    def drops() -> Iterator[Plane]:
        return ((z, drop[z], evaluated[z] > 0) for z in numbers)

    if not explanation.records:
        return {DROP: drops}
    known = explanation.influence

    def remote() -> Iterator[Plane]:
        whole = None if known.whole is None else _remote(known.whole, k)
        there = numbers if known.whole is not None else sorted({*known.slices} & {*numbers})
        for z in there:
            values = whole[z] if whole is not None else None if known.whole is not None else _remote(known.slice(z), k)
            if values is not None:
                yield z, values, evaluated[z] > 0

    return {DROP: drops, REMOTE: remote}


def _remote(known: Influence, k: int) -> np.ndarray | None:
    """Which places the rest of structure k hangs on, as the saliency shows it; None where there is nothing of it."""
    return known.why("reference", k, "remote") if known.target(k).reference.any() else None
