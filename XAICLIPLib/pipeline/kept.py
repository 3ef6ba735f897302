"""What is kept of an explained image, to be asked afterwards."""

from __future__ import annotations

from dataclasses import dataclass

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
