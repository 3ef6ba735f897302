"""Whether a prompted model may run in bfloat16: only where that is faster and leaves its masks as they are."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.models.base import Prompt
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom

SAME_DICE = 0.995
FASTER = 1.2


def phantom_prompts() -> tuple[np.ndarray, tuple[Prompt, ...]]:
    """A slice of the phantom (H, W), HU, and the boxes of the organs in it: what the precision is judged on.

    With the scan's own slices the choice would hang on which came first.
    """
    phantom, labels = make_phantom(0, shape=(10, 192, 192), spacing=(2.0, 2.0, 18.0))
    organs = [labels.voxels == number for number in PHANTOM_LABELS.values()]
    z = int(np.argmax([sum(bool(organ[z].any()) for organ in organs) for z in range(len(phantom.voxels))]))
    prompts = []
    for organ in organs:
        rows, columns = np.nonzero(organ[z])
        if len(rows):
            edges = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
            prompts.append(Prompt(tuple(float(edge) for edge in edges)))
    return phantom.voxels[z].astype(np.float32), tuple(prompts)


def choose(predict: Callable[[str], Tensor], device: torch.device) -> str:
    """The precision to run in, with the reason where bfloat16 was tried and refused.

    Parameters
    ----------
    predict : callable
        "fp32" or "bf16" -> the probabilities (1, K, h, w) of the phantom's slice in that precision.
    device : torch.device

    Returns
    -------
    str
        "bf16" or "fp32", or "fp32 (…)" with the reason why bfloat16 was refused though it is faster.
    """
    if not fast_bfloat16(device):
        return "fp32"
    seconds, masks = {}, {}
    for precision in ("fp32", "bf16"):
        if device.type == "cuda":  # the first run also looks for kernels
            predict(precision)
            torch.cuda.synchronize(device)
        start = time.perf_counter()
        masks[precision] = predict(precision).float() > 0.5
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds[precision] = time.perf_counter() - start
    if seconds["bf16"] * FASTER > seconds["fp32"]:
        return "fp32"
    if not masks["fp32"].any():
        return "fp32 (the phantom shows it nothing to judge bf16 by)"
    dice = agreement(masks["fp32"], masks["bf16"])
    return "bf16" if dice >= SAME_DICE else f"fp32 (bf16 changes the masks of the phantom: Dice {dice:.3f})"


def agreement(expected: Tensor, found: Tensor) -> float:
    """Dice of two masks of the same shape; 1 for two empty ones.

    Parameters
    ----------
    expected, found : Tensor of bool
        On the same device.

    Returns
    -------
    float
        From 0 to 1.
    """
    size = int(expected.sum() + found.sum())
    return 2.0 * int((expected & found).sum()) / size if size else 1.0


def fast_bfloat16(device: torch.device) -> bool:
    """Whether a matrix product in bfloat16 is worth trying: some processors only emulate it.

    Parameters
    ----------
    device : torch.device

    Returns
    -------
    bool
        On CUDA from compute capability 8 on; on a CPU where a product of 512 x 512 is at least `FASTER` times as fast
        as in single precision, by a measurement now; False on any other device.
    """
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device)[0] >= 8  # from Ampere on; older ones emulate it
    if device.type != "cpu":
        return False
    factors = {dtype: torch.ones(512, 512, dtype=dtype) for dtype in (torch.float32, torch.bfloat16)}
    seconds = dict.fromkeys(factors, float("inf"))
    for _ in range(5):  # in turns, the fastest of each: the first warms up, and others may be at work here
        for dtype, factor in factors.items():
            start = time.perf_counter()
            factor @ factor
            seconds[dtype] = min(seconds[dtype], time.perf_counter() - start)
    return seconds[torch.bfloat16] * FASTER < seconds[torch.float32]
