"""Whether a map depends on what it should, and not on what it should not: weights, seeds and fills."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import numpy as np
import torch
from scipy.stats import rankdata

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.metrics.fidelity import correlation
from XAICLIPLib.models.base import Segmenter

STAGES = (0.0, 0.34, 0.67, 1.0)  # shares of the layers, from the output downwards; at least the last one


def rank_correlation(a: np.ndarray, b: np.ndarray, evaluated: np.ndarray) -> float:
    """Spearman's correlation of two maps over the places that both say something about.

    Parameters
    ----------
    a, b : ndarray, shape (*S)
        Signed maps.
    evaluated : ndarray of bool, shape (*S)
        Those places.

    Returns
    -------
    float
        -1 to 1; 0 where one of the two is flat there: a map that says nothing is like none.
    """
    first, second = np.asarray(a, float)[evaluated], np.asarray(b, float)[evaluated]
    if len(first) < 3 or np.abs(first).max() < FLAT or np.abs(second).max() < FLAT:
        return 0.0
    value = correlation(rankdata(first), rankdata(second))
    return value if np.isfinite(value) else 0.0


def structural_similarity(a: np.ndarray, b: np.ndarray, evaluated: np.ndarray) -> float:
    """SSIM (Wang et al., IEEE TIP 2004) of two maps, each as a share of its largest value.

    Parameters
    ----------
    a, b : ndarray, shape (H, W)
        Signed maps.
    evaluated : ndarray of bool, shape (H, W)
        Where both say something.

    Returns
    -------
    float
        -1 to 1, the mean over the places evaluated; 0 where one of the two is flat, nan where the image is too small
        for a window.
    """
    from skimage.metrics import structural_similarity as ssim  # loaded on use

    peaks = [np.abs(np.where(evaluated, m, 0)).max() for m in (a, b)]
    if min(peaks) < FLAT:
        return 0.0
    first, second = (np.where(evaluated, m, 0) / peak for m, peak in zip((a, b), peaks))
    edge = min(7, min(evaluated.shape) - 1 + min(evaluated.shape) % 2)  # the window is odd and fits
    if edge < 3:
        return float("nan")
    _, local = ssim(first, second, data_range=2.0, win_size=edge, full=True)
    return float(local[evaluated].mean())


def randomised(segmenter: Segmenter, share: float = 1.0, seed: int = 0) -> Segmenter | None:
    """A copy of a segmenter whose layers are randomised from the output downwards; the segmenter stays as it is.

    The weights of a layer are drawn from a normal distribution with their own mean and standard deviation, so that the
    scale of what the network computes stays about the same and nothing but what it learned is lost. Layers are taken in
    the reverse of the order in which the network registered them, which is that of its computation in most.

    Parameters
    ----------
    segmenter : Segmenter
        One that shows its network, see `Segmenter.network`.
    share : float
        Of the layers with weights, the last one included in any case.
    seed : int
        Of the weights that are drawn.

    Returns
    -------
    Segmenter, or None where it shows no network with weights
    """
    network = segmenter.network
    if network is None:
        return None
    other = deepcopy(network)
    layers = [m for m in other.modules() if any(True for _ in m.parameters(recurse=False))]
    if not layers:
        return None
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for layer in layers[::-1][: max(1, round(share * len(layers)))]:
            for parameter in layer.parameters(recurse=False):
                values = parameter.detach().float().cpu()
                noise = torch.randn(values.shape, generator=generator)
                drawn = noise * values.std(unbiased=False) + values.mean()
                parameter.copy_(drawn.to(parameter.dtype))
    return segmenter.with_network(other)


def cascade(segmenter: Segmenter, seed: int = 0) -> Iterator[tuple[float, Segmenter]]:
    """Copies of a segmenter with more and more of its layers randomised, from the output down to the input.

    The cascading model parameter randomisation test (Adebayo et al., NeurIPS 2018): a map that stays the same while the
    weights are lost does not explain the model.

    Parameters
    ----------
    segmenter : Segmenter
    seed : int
        Of the weights that are drawn.

    Yields
    ------
    share : float
        Of the layers that are randomised; 0 stands for the last one alone.
    randomised : Segmenter
        Nothing where the segmenter shows no network.
    """
    for share in STAGES:
        model = randomised(segmenter, share, seed)
        if model is None:
            return
        yield share, model
