"""LIME (Ribeiro et al., KDD 2016) on the superpixels of the region."""

from __future__ import annotations

import numpy as np
import torch
from skimage.segmentation import felzenszwalb, slic
from torch import Tensor

from XAICLIPLib.errors import InputError
from XAICLIPLib.explain.attribution import Attribution, Blend, bounding_box
from XAICLIPLib.explain.fill import make_fill
from XAICLIPLib.explain.linear import fit_ridge
from XAICLIPLib.explain.score import Scorer
from XAICLIPLib.explain.settings import Lime


def lime(scorer: Scorer, region: Tensor, settings: Lime, seed: int = 0) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool, not empty."""
    inside = region.cpu().numpy()
    labels = superpixels(scorer.image.cpu().numpy(), settings)
    kept = kept_superpixels(labels, inside, settings.min_overlap)
    warnings = ()
    if len(kept) == 0:
        kept = np.unique(labels[inside])
        warnings += (
            f"every superpixel lies less than {settings.min_overlap:.0%} in the region; all that meet it are used",
        )
    if len(kept) < 3:
        warnings += (f"the region holds only {len(kept)} superpixels; lower scale or min_size for a finer map",)

    number = np.full(int(labels.max()) + 1, -1)
    number[kept] = np.arange(len(kept))
    feature = np.where(inside, number[labels], -1)
    evaluated = feature >= 0

    on = np.random.default_rng(seed).integers(0, 2, (settings.samples, len(kept)))
    on[0] = 1
    source = _Patterns(on, feature, region.device)
    fill = make_fill(scorer.image, settings.fill, region, seed)
    perturbed = torch.as_tensor(evaluated, device=region.device)
    scores = scorer.evaluate(Blend(scorer.image, fill, perturbed, source, settings.samples)).double().numpy()
    coefficients, covariance = fit_ridge(on, scores, settings.alpha, locality(on, settings.kernel_width))
    return Attribution(
        drop=_on_pixels(coefficients, feature),
        evaluated=evaluated,
        evaluations=settings.samples,
        full_evaluations=settings.samples,
        baseline=scorer.baseline.cpu().numpy(),
        present=scorer.present.cpu().numpy(),
        prediction=scorer.prediction.cpu().numpy(),
        stderr=_on_pixels(np.sqrt(covariance.diagonal(axis1=1, axis2=2)), feature),
        warnings=warnings,
        details={"superpixels": len(kept), "superpixels_in_image": int(len(np.unique(labels)))},
    )


def superpixels(image: np.ndarray, settings: Lime) -> np.ndarray:
    """Label every pixel of an image (C, *S): int array (*S)."""
    if settings.segments is not None:
        if settings.segments.shape != image.shape[1:]:
            raise InputError(f"segments have shape {settings.segments.shape}; expected the image's {image.shape[1:]}")
        return np.asarray(settings.segments)
    low, high = float(image.min()), float(image.max())
    unit = (image - low) / max(high - low, 1e-12)
    if image.ndim == 4:
        pieces = max(2, image[0].size // (8 * settings.min_size))
        return slic(unit, n_segments=pieces, compactness=0.1, channel_axis=0, start_label=0)
    return felzenszwalb(unit, scale=settings.scale, sigma=settings.sigma, min_size=settings.min_size, channel_axis=0)


def kept_superpixels(labels: np.ndarray, region: np.ndarray, min_overlap: float) -> np.ndarray:
    """Which superpixel labels have enough of their area inside the region, in ascending order."""
    area = np.bincount(labels.ravel())
    inside = np.bincount(labels[region], minlength=len(area))
    return np.nonzero((inside > 0) & (inside >= min_overlap * area))[0]


def locality(on: np.ndarray, width: float | None) -> np.ndarray | None:
    """The locality kernel for patterns (N, F), or None."""
    if width is None:
        return None
    distance = 1 - np.sqrt(on.mean(axis=1))  # cosine distance of a 0/1 vector to all ones
    return np.sqrt(np.exp(-(distance**2) / width**2))


class _Patterns:
    """Multipliers (B, *box) that follow the on/off patterns (N, F) of the superpixels."""

    def __init__(self, on: np.ndarray, feature: np.ndarray, device: torch.device) -> None:
        box = bounding_box(torch.as_tensor(feature >= 0))
        # one column more, always on, for the pixels of no superpixel: index −1
        padded = np.concatenate([on, np.ones((len(on), 1), on.dtype)], axis=1)
        self._on = torch.as_tensor(padded, dtype=torch.float32, device=device)
        self._feature = torch.as_tensor(feature[box] % padded.shape[1], device=device)

    def __call__(self, start: int, stop: int) -> Tensor:
        return self._on[start:stop][:, self._feature]


def _on_pixels(values: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """Values per superpixel (K, F) on their pixels (K, *S), 0 elsewhere; float32."""
    padded = np.concatenate([values, np.zeros((len(values), 1))], axis=1)
    return padded[:, feature].astype(np.float32)
