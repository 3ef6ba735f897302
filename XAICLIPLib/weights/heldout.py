"""What the bundled pair reached on the one MR scan when it was kept from their training: what may be asked of them on
MR at all."""

from __future__ import annotations

import json
from functools import cache

from XAICLIPLib.weights import WEIGHTS

FILE = WEIGHTS / "validation.json"
MR = "held_out_mr_3mm"
RELIABLE = 0.7  # Dice from which on a structure may be asked for
# Of the prompts of the table, which structure they name.
_PROMPTS = {
    "Liver": "liver", "Spleen": "spleen", "Right Kidney": "kidney_right", "Left Kidney": "kidney_left",
    "Kidneys": "kidneys", "Stomach": "stomach", "Aorta": "aorta", "Spine": "spine", "Lung": "lung", "Heart": "heart",
}  # fmt: skip


@cache
def dice_on_mr() -> dict[str, dict[str, float]]:
    """Dice of each structure that the scan shows.

    Returns
    -------
    dict of str to dict
        "model": of what the U-Net draws; "region": of what the words find; by the structure's name. What the scan does
        not show is not in it.

    Examples
    --------
    >>> sorted(dice_on_mr())
    ['model', 'region']
    """
    table = json.loads(FILE.read_text(encoding="utf-8"))[MR]
    drawn = dict(table["unet"]["dice"])
    drawn["kidneys"] = min(drawn["kidney_right"], drawn["kidney_left"])
    found = {_PROMPTS[name]: row["iou"] for name, row in table["clip"]["prompts"].items() if "iou" in row}
    return {"model": drawn, "region": {name: 2 * iou / (1 + iou) for name, iou in found.items()}}
