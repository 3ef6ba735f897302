"""Take organs out of a slice, so that a place alone does not make an organ.

In the training scans the liver begins where the kidneys do; in other patients the kidneys reach below it. Without such
slices both networks put a liver into the fat beside the right kidney.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.training import data
from XAICLIPLib.training.fields import smooth_field

_CHANCES = {data.LIVER: 0.3, data.SPLEEN: 0.08, data.KIDNEY_RIGHT: 0.04, data.KIDNEY_LEFT: 0.04}
_BOWEL = 0.3  # more, and whatever lies in the spleen's place is taken for bowel
_LARGEST = 0.07  # of the image: nothing could take the place of a whole liver


def remove_organs(image: Tensor, labels: Tensor, rng: np.random.Generator) -> None:
    """Replace some organs of one slice by fat, now and then with loops of bowel in it; in place.

    Parameters
    ----------
    image, labels : Tensor (H, W)
        HU and fine classes.
    rng : Generator
    """
    fine = labels.cpu().numpy()
    for organ, chance in _CHANCES.items():
        if rng.random() >= chance:
            continue
        mask = fine == organ
        if not 20 < mask.sum() < _LARGEST * mask.size:
            continue
        size = len(fine)
        # The rim goes along, where the organ still shines through.
        rim = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
        rim &= np.isin(fine, (data.FAT, data.OTHER, data.GAS)) | mask
        hu = image.cpu().numpy().copy()
        fine = fine.copy()
        hu[rim] = (rng.normal(-100, 10) + 8 * smooth_field(rng, size, 40))[rim]
        fine[rim] = data.FAT
        if rng.random() < _BOWEL:
            loops = rim & (smooth_field(rng, size, int(rng.integers(10, 24))) > rng.uniform(-0.2, 0.8))
            hu[loops] = (rng.uniform(10, 70) + 10 * smooth_field(rng, size, 40))[loops]
            fine[loops] = data.BOWEL
            gas = loops & (smooth_field(rng, size, 24) > 1.0)
            hu[gas] = rng.uniform(-900, -300)
        soft = cv2.GaussianBlur(hu, (3, 3), 0.7)
        hu[rim] = soft[rim]
        image.copy_(torch.from_numpy(hu).to(image))
        labels.copy_(torch.from_numpy(fine).to(labels))
