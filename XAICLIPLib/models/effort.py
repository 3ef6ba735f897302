"""What a run of a model costs before it is made: the memory that it takes at least."""

from __future__ import annotations

from XAICLIPLib.models.base import Segmenter
from XAICLIPLib.models.evaluation import networks_of


def least_memory(segmenter: Segmenter, voxels: int) -> int | None:
    """Bytes that one evaluation of a volume takes at least: what goes into its first convolution and comes out of it.

    Parameters
    ----------
    segmenter : Segmenter
        One that gets the whole volume at once has its network, or the callable round it, as `sees_all`.
    voxels : int
        Of the prepared volume.

    Returns
    -------
    int or None
        None where the network is not seen (ONNX), or works in windows.
    """
    widest = 0
    for network in networks_of(segmenter.sees_all):
        for parameter in network.parameters():
            if parameter.dim() == 5:  # a 3D convolution
                widest = sum(parameter.shape[:2])
                break
    return 4 * voxels * widest if widest else None
