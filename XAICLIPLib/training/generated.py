"""Patients that were drawn, not scanned: varied phantoms of all parts of the body, as training scans.

The labelled scans show three patients from the thigh to the dome of the liver. Whoever asks for a liver in a head has
left what they teach; drawn heads, chests, pelvises and thighs teach where there is none.
"""

from __future__ import annotations

import numpy as np

from XAICLIPLib.phantom import PARTS, make_phantom
from XAICLIPLib.training import data

# Seeds of the training's patients begin here; those below are the demo's and the tests', and those from
# `EVALUATED_SEED` on judge.
FIRST_SEED = 1000
EVALUATED_SEED = 9000
# How often a part is drawn among the patients of a training.
_SHARES = {"abdomen": 14, "chest": 9, "head": 9, "pelvis": 5, "thigh": 3}


def generated_scan(seed: int, part: str) -> data.Scan:
    """One drawn patient.

    Parameters
    ----------
    seed : int
    part : str
        A key of `phantom.PARTS`.

    Returns
    -------
    Scan
        CT, 3 mm in the plane, slices 5 mm apart.
    """
    depth = 5.0 if part != "head" else 4.4
    ct, labels = make_phantom(seed, (46, 128, 128), (3.1, 3.1, depth), part=part, varied_anatomy=True)
    spacing = np.asarray(ct.spacing[::-1], float)
    return data.make_scan(f"{part}-{seed}", "CT", ct.voxels.astype(np.float32), labels.voxels, spacing, gas_known=True)


def generated_scans(count: int, seed: int = FIRST_SEED) -> list[data.Scan]:
    """Drawn patients of all parts of the body, by fixed shares.

    Parameters
    ----------
    count : int
    seed : int
        Of the first.

    Returns
    -------
    list of Scan
    """
    order = [part for part in PARTS for _ in range(_SHARES[part])]
    step = len(order) / max(count, 1)
    return [generated_scan(seed + i, order[int(i * step) % len(order)]) for i in range(count)]
