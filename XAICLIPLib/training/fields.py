"""Smooth random fields, of which absent organs, thoraxes and pictures of nothing are drawn."""

from __future__ import annotations

import cv2
import numpy as np


def smooth_field(rng: np.random.Generator, size: int, cells: int) -> np.ndarray:
    """A smooth random field of unit deviation at its knots.

    Parameters
    ----------
    rng : Generator
    size : int
        Its edge in pixels.
    cells : int
        Knots along an edge.

    Returns
    -------
    ndarray (size, size), float32
    """
    knots = rng.standard_normal((cells, cells)).astype(np.float32)
    return cv2.resize(knots, (size, size), interpolation=cv2.INTER_CUBIC)
