"""Occlusion sensitivity (Zeiler & Fergus 2014), only where the region is."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.explain.attribution import Attribution
from XAICLIPLib.explain.fill import make_fill
from XAICLIPLib.explain.score import Scorer
from XAICLIPLib.explain.settings import Occlusion


def occlude(scorer: Scorer, region: Tensor, settings: Occlusion, seed: int = 0) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool."""
    image = scorer.image
    everywhere = settings.windows(tuple(region.shape))
    inside = region.cpu().numpy()
    windows = [window for window in everywhere if inside[window].any()]
    occluded = torch.where(region, make_fill(image, settings.fill, region, seed), image)
    scores = scorer.evaluate(Patches(image, occluded, windows))
    drop, covered = mean_over_patches(windows, scorer.baseline.cpu() - scores, region)
    return Attribution(
        drop=drop,
        evaluated=inside & covered,
        evaluations=len(windows),
        full_evaluations=len(everywhere),
        baseline=scorer.baseline.cpu().numpy(),
        present=scorer.present.cpu().numpy(),
        prediction=scorer.prediction.cpu().numpy(),
        details={"patch": list(np.broadcast_to(settings.patch, region.dim()).astype(int).tolist())},
    )


def mean_over_patches(windows: list[tuple[slice, ...]], drops: Tensor, region: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Per pixel the mean of the drops (N, K) of the patches that cover it: (K, *S), 0 outside the region; and which
    pixels any patch covers, bool (*S)."""
    total = torch.zeros(drops.shape[1], *region.shape)
    count = torch.zeros(region.shape)
    for window, drop in zip(windows, drops):
        total[(slice(None), *window)] += drop.view(-1, *[1] * region.dim())
        count[window] += 1
    mean = torch.where(region.cpu(), total / count.clamp_min(1), 0.0)
    return mean.numpy(), (count > 0).numpy()


class Patches:
    """Copies with one patch each replaced by the occluded image."""

    def __init__(self, image: Tensor, occluded: Tensor, windows: list[tuple[slice, ...]]) -> None:
        self._image, self._occluded, self._windows = image, occluded, windows

    def __len__(self) -> int:
        return len(self._windows)

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        self._copy(self._occluded, batch, start, stop)

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        self._copy(self._image, batch, start, stop)

    def _copy(self, source: Tensor, batch: Tensor, start: int, stop: int) -> None:
        for row, window in zip(batch, self._windows[start:stop]):
            at = (slice(None), *window)
            row[at] = source[at]
