"""Quantus asked the questions that `XAICLIPLib.metrics` answers: what it is given, and where its definitions differ.

Quantus measures classifiers: a score per image, (B, C), and not a segmentation. A segmenter's score is put in that form
by `Confidence`. It is a tool of the tests alone (GPL): nothing of XAICLIP needs it, and nothing of it is shipped. It
asks for `opencv-python`, whose own Qt breaks that of other programs, and is therefore installed without its
dependencies, all of which are there (see the Makefile).

Where the definitions differ, with `PixelFlipping` and `RegionPerturbation` of Quantus 0.6.0:

- it removes from the whole image, we from the region: a map that is lowest outside the region makes it begin inside;
- its curves begin after the first step, ours with the unperturbed score;
- its areas are sums over steps, ours run over 0 to 1: `area` says how one becomes the other;
- it has no insertion: here, it flips the filled image's pixels back to the image's own, the highest of the map first;
- it takes equal values in the order in which they happen to be sorted, we in a random order of cells;
- `RegionPerturbation` says the drop, and orders square patches by the sum of the map over them;
- its pointing game counts a hit if any of several equal maxima lies in the target, ours is their share there;
- its rank accuracy counts those of equal values that happen to be sorted first, ours the expected share;
- its mass accuracy takes a signed map's sum as the denominator, which has no bounds: it is given the positive part.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import numpy as np
import quantus
import torch
from quantus.helpers.utils import calculate_auc
from scipy.integrate import trapezoid
from torch import Tensor, nn


class Confidence(nn.Module):
    """The mean probability inside a reference as a classifier of two classes: (B, C, H, W) -> (B, 2).

    Parameters
    ----------
    predict : callable
        (B, C, H, W) -> (B, 1, H, W) probabilities.
    reference : Tensor, shape (H, W), bool
    """

    def __init__(self, predict: Callable[[Tensor], Tensor], reference: Tensor) -> None:
        super().__init__()
        self._predict, self._reference = predict, reference

    def forward(self, batch: Tensor) -> Tensor:
        score = self._predict(batch.float())[:, 0][:, self._reference].mean(1)
        return torch.stack([score, 1 - score], 1)


@contextlib.contextmanager
def numpy_as_it_was() -> Iterator[None]:
    """`numpy.trapz`, which Quantus calls and NumPy 2.4 no longer has."""
    missing = not hasattr(np, "trapz")
    if missing:
        np.trapz = trapezoid
    try:
        yield
    finally:
        if missing:
            del np.trapz


def ask(metric: quantus.Metric, model: nn.Module | None, image: np.ndarray, values: np.ndarray, target=None) -> list:
    """What a metric says about one map (H, W) of one image (C, H, W)."""
    with numpy_as_it_was():
        return metric(
            model=model, x_batch=image[None], y_batch=np.zeros(1, int), a_batch=values[None, None],
            s_batch=None if target is None else target[None, None], softmax=False, device="cpu",
        )  # fmt: skip


def inside_first(values: np.ndarray, region: np.ndarray) -> np.ndarray:
    """A map whose pixels outside the region are lower than all others, each another value."""
    low = float(values[region].min()) - 1
    return np.where(region, values, low - np.arange(values.size).reshape(values.shape))


def deletion(model: nn.Module, image: np.ndarray, values: np.ndarray, region: np.ndarray, fill: float, steps: int):
    """`PixelFlipping`: the scores after each of the steps through a region (H, W), and Quantus's area over them."""
    return _flipped(model, image, values, region, steps, {"perturb_baseline": fill})


def insertion(model: nn.Module, image: np.ndarray, values: np.ndarray, region: np.ndarray, fill: float, steps: int):
    """The same from the region filled back to the image."""

    def put_back(arr: np.ndarray, indices: np.ndarray, **_) -> np.ndarray:
        arr = arr.copy()
        arr[:, indices[0]] = image.reshape(-1)[indices[0]]
        return arr

    filled = np.where(region, np.float32(fill), image)
    return _flipped(model, filled, values, region, steps, {"perturb_func": put_back})


def _flipped(model, image, values, region, steps, how) -> tuple[np.ndarray, float]:
    size, left = divmod(int(region.sum()), steps)
    assert not left and not region.size % size, "Quantus takes equal steps that divide the image"
    options = {"features_in_step": size, "normalise": False, "disable_warnings": True, **how}
    (curve,) = ask(quantus.PixelFlipping(**options), model, image, inside_first(values, region))
    with numpy_as_it_was():
        return np.array(curve[:steps]), float(calculate_auc(np.array(curve[:steps])))


def area(theirs: float, first: float, start: float, steps: int) -> float:
    """Quantus's area over the scores after `steps` steps as ours: with the trapezoid before the first, and per step."""
    return (theirs + (start + first) / 2) / steps


def patches(model: nn.Module, image: np.ndarray, values: np.ndarray, edge: int, fill: float) -> np.ndarray:
    """`RegionPerturbation`: the drop after each patch of edge × edge pixels, those with the highest sums first."""
    metric = quantus.RegionPerturbation(
        patch_size=edge, regions_evaluation=image[0].size // edge**2, order="morf", perturb_baseline=fill,
        normalise=False, disable_warnings=True,
    )  # fmt: skip
    return np.array(ask(metric, model, image, values)[0])


def localisation(values: np.ndarray, target: np.ndarray) -> dict[str, float]:
    """`PointingGame`, `RelevanceRankAccuracy` and `RelevanceMassAccuracy` of the positive part of a map (H, W)."""
    image = np.zeros((1, *values.shape), np.float32)
    options = {"normalise": False, "disable_warnings": True}
    return {
        "pointing_game": float(ask(quantus.PointingGame(**options), None, image, values, target)[0]),
        "rank_accuracy": float(ask(quantus.RelevanceRankAccuracy(**options), None, image, values, target)[0]),
        "mass_accuracy": float(
            ask(quantus.RelevanceMassAccuracy(**options), None, image, values.clip(min=0), target)[0]
        ),
    }
