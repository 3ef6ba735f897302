"""How far a prediction is from the one that the model's own package makes, printed: `pytest -rP` shows it."""

from __future__ import annotations

import numpy as np


def differs(found, expected) -> float:
    """The largest difference of two arrays or tensors."""
    largest = float(np.abs(np.asarray(found, np.float64) - np.asarray(expected, np.float64)).max())
    print(f"largest difference {largest:.1e}")
    return largest
