"""What a prediction is compared with, and how."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import InputError

PIECE = 32768  # pixels summed at a time: one sum over a whole image would round soft scores at 1e-5

FLAT = 1e-3  # a score that changes by less has not changed


def _dice(size: Tensor, shared: Tensor, reference: Tensor) -> Tensor:
    return 2 * shared / (size + reference).clamp_min(torch.finfo(torch.float32).eps)


def _above_half(flat: Tensor, reference: Tensor, span: slice) -> tuple[Tensor, Tensor]:
    """How many pixels of predictions (B, K, P) lie above 0.5, and how many of them in the reference.

    All pixels of the reference lie in `span`; it is given there, (K, span). Gives (B, K) twice, float32.
    """
    if flat.device.type != "cpu":
        hard = flat > 0.5
        return hard.sum(-1, dtype=torch.float32), (hard[..., span] & reference).sum(-1, dtype=torch.float32)
    # NumPy counts booleans ten times faster than torch, and one mask at a time stays in the cache
    masks = reference.numpy()
    counts = np.empty((2, *flat.shape[:2]), np.float32)
    for b, copy in enumerate(flat.float().numpy()):
        for k, probability in enumerate(copy):
            hard = probability > 0.5
            counts[:, b, k] = np.count_nonzero(hard), np.count_nonzero(hard[span] & masks[k])
    size, shared = torch.from_numpy(counts)
    return size, shared


class Reference:
    """What a prediction is compared with, per target, and the three ways to compare.

    Parameters
    ----------
    mask : Tensor, shape (K, *S'), bool
        The reference on the grid of the model's output.
    score : str
        "dice": Dice of the prediction at 0.5; "soft_dice": Dice of the probabilities; "confidence": mean probability
        inside the reference. A soft score still moves where a confident model's mask does not.
    """

    SCORES = ("dice", "soft_dice", "confidence")

    def __init__(self, mask: Tensor, score: str) -> None:
        if score not in self.SCORES:
            raise InputError(f"there is no score {score!r}; choose one of {', '.join(self.SCORES)}")
        self.mask = mask
        self.score = score
        self._flat = mask.flatten(1)
        self._size = self._flat.sum(-1, dtype=torch.float32)
        self.present = self._size > 0
        # the intersection is only looked for between the first and the last reference pixel
        inside = self._flat.any(0).nonzero()
        self._span = slice(int(inside[0]), int(inside[-1]) + 1) if len(inside) else slice(0, 0)
        self._flat_span = self._flat[:, self._span]
        self._float_span = self._flat_span.float()

    def __call__(self, probabilities: Tensor) -> Tensor:
        """Score predictions (B, K, *S') -> (B, K), float32."""
        flat = probabilities.flatten(2)
        if self.score == "dice":
            return _dice(*_above_half(flat, self._flat_span, self._span), self._size)
        flat = flat.float()
        pieces = zip(flat[..., self._span].split(PIECE, -1), self._float_span.split(PIECE, -1))
        shared = sum((torch.einsum("bkp,kp->bk", p, m) for p, m in pieces), start=torch.zeros_like(self._size))
        if self.score == "soft_dice":
            return _dice(flat.sum(-1), shared, self._size)
        return shared / self._size.clamp_min(1)
