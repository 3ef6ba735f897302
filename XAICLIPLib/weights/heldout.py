"""What the bundled pair reached on the one MR scan when it was kept from their training: what may be asked of them on
MR at all."""

from __future__ import annotations

import json
from functools import cache

from XAICLIPLib.anatomy import find
from XAICLIPLib.weights import WEIGHTS

FILE = WEIGHTS / "validation.json"
MR = "held_out_mr_3mm"
RELIABLE = 0.7  # Dice from which on a structure may be asked for


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
    words = {prompt: row["iou"] for prompt, row in table["clip"]["prompts"].items() if "iou" in row}
    return {"model": drawn, "region": {find(prompt).name: 2 * iou / (1 + iou) for prompt, iou in words.items()}}
