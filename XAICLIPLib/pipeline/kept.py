"""What is kept of an explained image, to be asked afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Kept:
    """What is kept of one slice, or of a volume that was explained at once.

    Attributes
    ----------
    changes : ndarray of uint8, or None
        The record as the bytes of a file, see `packed_record`; None where nothing was to be recorded.
    players : ndarray of uint8, or None
        The same of segments as players.
    shape : ndarray, shape (K,), float64
        Rank correlation of each structure's map with the map that needs no model.
    unseen, remote : ndarray, shape (K,), float64
        Which share of what was hidden of a structure is still drawn; and the largest loss of mean probability in the
        rest of it. nan where nothing was recorded.
    remote_map : ndarray, shape (K, H, W) or (K, Z, H, W), float32, or None
        Which places the rest of each structure hangs on, see `Influence.why`, where the saliency may show that; None
        once the slices have theirs.
    """

    changes: np.ndarray | None
    players: np.ndarray | None
    shape: np.ndarray
    unseen: np.ndarray
    remote: np.ndarray
    remote_map: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class ByImage:
    """What each of the n images does for the structures, in a slice or in a volume that was explained at once.

    Attributes
    ----------
    shapley : ndarray, shape (n, K), float64, or None
        Exact Shapley values: how much of the score each image is worth, inside the region. None of more than 6 images.
    drops : ndarray, shape (n, K, H, W), float32, or None
        Signed maps with places hidden in each image alone, where the request wants them; of a volume those of the
        slice.
    is_stopped : bool
        Whether the user stopped it before all was there.
    """

    shapley: np.ndarray | None = None
    drops: np.ndarray | None = None
    is_stopped: bool = False

    def of_slice(self, z: int) -> ByImage:
        """What it is in one slice of the volume.

        Parameters
        ----------
        z : int

        Returns
        -------
        ByImage
        """
        return self if self.drops is None else replace(self, drops=self.drops[:, :, z])
