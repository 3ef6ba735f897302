"""Slices as files for whoever waits for a run: slabs on the scan's own grid."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.assemble import labels_of
from XAICLIPLib.pipeline.opened import SliceResult, normalised
from XAICLIPLib.volume import write_volume


def write_slab(case: Case, z: int, values: np.ndarray, path: Path) -> tuple[str, list[int]]:
    """Write an axial slice as a slab on the scan's own grid; its path, and the index of its first voxel."""
    slab, offset = case.scan.restore_slice(case.axial, z, values)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path.parent} can't be made ({error.strerror}); choose another folder") from error
    return str(write_volume(slab, path, compress=False)), list(offset)


def write_partial(case: Case, result: SliceResult, folder: Path, largest: Sequence[float] = (0.0,)) -> dict:
    """Write one slice as it will stand in the whole, or as it looks by now.

    Each look at a slice has files of its own, since the client may still be reading those of the last. `largest` (K,)
    are the largest drops of the slices before: the saliency's scale by now. The whole result is scaled by those of all.
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
