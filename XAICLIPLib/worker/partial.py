"""Slices as files for whoever waits for a run: slabs on the scan's own grid."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.assemble import labels_of
from XAICLIPLib.pipeline.opened import SliceResult, normalised
from XAICLIPLib.volume import Volume, write_volume


class PartialResults:
    """The slices of a run that is under way, each written as soon as it is there.

    Parameters
    ----------
    case : Case
    folder : Path
        For them alone; it is not there yet.
    """

    def __init__(self, case: Case, folder: Path) -> None:
        self._case, self._folder = case, folder
        self._largest = [0.0] * len(case.structures)

    def write(self, result: SliceResult) -> dict[str, Any]:
        """Write a slice, finished or coarse.

        Parameters
        ----------
        result : SliceResult

        Returns
        -------
        dict
            As `write_partial`; the saliency is scaled by the largest drops of the slices that were finished before.
        """
        files = write_partial(self._case, result, self._folder, self._largest)
        if result.attribution.is_complete:  # a coarse map may overshoot
            self._largest = [max(before, float(drop.max())) for before, drop in zip(self._largest, result.drop)]
        return files

    def write_saliency(self, saliency: Volume, slices: Sequence[int]) -> list[dict[str, Any]]:
        """Write the saliency of finished slices anew, as the whole run shows it.

        What is shown of a structure, and its scale, are known only when all slices are; see `pipeline.shown`.

        Parameters
        ----------
        saliency : Volume
            Of the whole run.
        slices : sequence of int
            Axial slices.

        Returns
        -------
        list of dict
            Of each slice its ``z``, its ``file`` and the ``offset`` of the file's first voxel in the scan.
        """
        written = []
        for z in slices:
            path, offset = write_slab(self._case, z, saliency.slices[z], self._folder / f"{z:04d}-shown.nrrd")
            written.append({"z": z, "file": path, "offset": offset})
        return written

    def remove(self) -> None:
        """Remove what was written: it is in the run's result, and the client has read what it was told of."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.suffix == ".nrrd":
                    path.unlink()
            self._folder.rmdir()


def write_slab(case: Case, z: int, values: np.ndarray, path: Path) -> tuple[str, list[int]]:
    """Write an axial slice as a slab on the scan's own grid.

    Parameters
    ----------
    case : Case
    z : int
        Axial slice.
    values : ndarray, shape (H, W)
    path : Path
        Its folder is made where it is missing.

    Returns
    -------
    path : str
    offset : list of 3 ints
        The index (z, y, x) of its first voxel in the scan.

    Raises
    ------
    InputError
        If the folder can't be made, or the file can't be written.
    """
    slab, offset = case.scan.volume.restore_slice(case.scan.axial, z, values)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path.parent} can't be made ({error.strerror}); choose another folder") from error
    return str(write_volume(slab, path, compress=False)), list(offset)


def write_partial(case: Case, result: SliceResult, folder: Path, largest: Sequence[float] = (0.0,)) -> dict[str, Any]:
    """Write one slice as it looks by now: while a run goes on, its saliency is the drop of the score.

    Each look at a slice has files of its own, since the client may still be reading those of the last.

    Parameters
    ----------
    case : Case
    result : SliceResult
    folder : Path
    largest : sequence of K floats
        The largest drops of the slices before: the saliency's scale by now. The whole result is scaled by those of all.

    Returns
    -------
    dict
        The slice ``z``, its ``files`` by kind, the ``offset`` of their first voxel, and whether the map is
        ``complete``.
    """
    saliency = result.saliency if case.volumetric else normalised(result.drop, np.asarray(largest, np.float32))
    maps = {
        "saliency": saliency.max(0),
        "roi": result.region.mask.astype("uint8"),
        "prediction": labels_of(result.prediction),
    }
    maps |= {f"drop-{s.name}": drop for s, drop in zip(case.structures, result.drop)}
    files, offset, look = {}, None, f"{result.z:04d}-{result.attribution.evaluations}"
    for kind, values in maps.items():
        files[kind], offset = write_slab(case, result.z, values, folder / f"{look}-{kind}.nrrd")
    return {"z": result.z, "files": files, "offset": offset, "complete": result.attribution.is_complete}
