"""What a scan must be so that anything can be computed from it."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.volume import Volume


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
