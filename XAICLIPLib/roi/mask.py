"""From a similarity, a prediction, a label map or a box to the region that may be perturbed, with its quality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from scipy import ndimage

THRESHOLD = 0.5
RAISED = (0.6, 0.7)
LOW_THRESHOLD = 0.3
NEARLY_ALL = 0.9
LOW_RECALL = 0.5
BOX_MARGIN_MM = 10.0


@dataclass(frozen=True, eq=False)
class Region:
    """Where a slice may be perturbed.

    Attributes
    ----------
    mask : ndarray, shape (H, W), bool
        The union over the prompts.
    masks : dict of structure to ndarray (H, W), bool
        The region of each prompt.
    similarity : dict of structure to ndarray (H, W), float32
        Smoothed probabilities, where a vision-language model found the region.
    source : str
        "clip", "prediction", "segment", "box" or "full"; what was used in the end.
    threshold : float or None
        What the similarity was cut at.
    warnings : tuple of str
        Every fallback and every doubt.
    """

    mask: np.ndarray
    masks: dict[str, np.ndarray] = field(default_factory=dict)
    similarity: dict[str, np.ndarray] = field(default_factory=dict)
    source: str = "full"
    threshold: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the slice inside the region."""
        return float(self.mask.mean())


def smooth(probability: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian smoothing of a map (H, W); `sigma` in pixels of a slice 512 pixels wide, so that it means as much on
    a coarse slice."""
    pixels = sigma * max(probability.shape) / 512
    return probability if pixels <= 0 else cv2.GaussianBlur(probability.astype(np.float32), (0, 0), pixels)


def dilate(mask: np.ndarray, millimetres: float, spacing: tuple[float, float]) -> np.ndarray:
    """All pixels within a distance of the mask; `spacing` is the pixel edge along rows and columns in mm."""
    if millimetres <= 0 or not mask.any():
        return mask
    return ndimage.distance_transform_edt(~mask, sampling=spacing) <= millimetres


def box_around(mask: np.ndarray, millimetres: float, spacing: tuple[float, float]) -> np.ndarray:
    """The bounding box of a non-empty mask (H, W), grown on every side; boolean (H, W)."""
    out = np.zeros(mask.shape, bool)
    window = []
    for places, length, edge in zip(np.nonzero(mask), mask.shape, spacing):
        grow = int(np.ceil(millimetres / edge))
        window.append(slice(max(0, int(places.min()) - grow), min(length, int(places.max()) + 1 + grow)))
    out[tuple(window)] = True
    return out


def from_similarity(
    probability: Mapping[str, np.ndarray],
    body: np.ndarray,
    spacing: tuple[float, float],
    *,
    threshold: float = THRESHOLD,
    sigma: float = 2.0,
    dilation_mm: float = 0.0,
) -> Region:
    """Cut smoothed probabilities at a threshold, raised where the region would cover nearly the whole body.

    Parameters
    ----------
    probability : mapping of structure to ndarray (H, W)
        What `VisionLanguageModel.locate` gives.
    body : ndarray, shape (H, W), bool
        What "nearly everything" is measured against.
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.
    threshold, sigma, dilation_mm : float

    Returns
    -------
    Region
        Empty where no pixel reaches the threshold; `checked` decides then.
    """
    smoothed = {name: smooth(p, sigma) for name, p in probability.items()}
    warnings: tuple[str, ...] = ()
    if threshold < LOW_THRESHOLD:
        warnings += (
            f"threshold {threshold:g} is below {LOW_THRESHOLD}: the region may hold much that was not asked for",
        )
    for level in (threshold, *(t for t in RAISED if t > threshold)):
        cut = {name: p >= level for name, p in smoothed.items()}
        union = np.logical_or.reduce(list(cut.values()))
        if not _covers_nearly_all(union, body):
            break
        warnings += (f"the region covers {_share(union, body):.0%} of the body at threshold {level:g}",)
    if level > threshold:
        warnings += (f"threshold raised from {threshold:g} to {level:g}",)
    masks = {name: dilate(mask, dilation_mm, spacing) for name, mask in cut.items()}
    return Region(np.logical_or.reduce(list(masks.values())), masks, smoothed, "clip", level, warnings)


def _share(mask: np.ndarray, body: np.ndarray) -> float:
    return float((mask & body).sum() / max(1, body.sum()))


def _covers_nearly_all(mask: np.ndarray, body: np.ndarray) -> bool:
    return _share(mask, body) > NEARLY_ALL


def from_prediction(
    predictions: Mapping[str, np.ndarray], spacing: tuple[float, float], dilation_mm: float = BOX_MARGIN_MM
) -> Region:
    """The model's own prediction per target (H, W), dilated."""
    masks = {name: dilate(mask, dilation_mm, spacing) for name, mask in predictions.items()}
    return Region(np.logical_or.reduce(list(masks.values())), masks, source="prediction")


def checked(region: Region, predictions: Mapping[str, np.ndarray], spacing: tuple[float, float]) -> Region:
    """The region held against the model's own prediction (masks (H, W) per target).

    An empty region becomes the prediction's box, a little wider, and stays empty if there is no prediction either. One
    that misses most of the prediction is kept, because that may be the finding, but it is said.
    """
    predicted = np.logical_or.reduce(list(predictions.values()))
    if region.mask.any():
        recall = agreement(region.mask, predicted)
        if not recall < LOW_RECALL:
            return region
        return replace(
            region, warnings=(*region.warnings, f"the region holds less than {LOW_RECALL:.0%} of the prediction")
        )
    boxes = {name: box_around(m, BOX_MARGIN_MM, spacing) for name, m in predictions.items() if m.any()}
    if not boxes:
        return region
    union = np.logical_or.reduce(list(boxes.values()))
    warning = (
        f"the {region.source} region is empty: the box of the model's prediction, {BOX_MARGIN_MM:g} mm wider, is used"
    )
    return replace(region, mask=union, masks=boxes, source="box", warnings=(*region.warnings, warning))


def agreement(region: np.ndarray, prediction: np.ndarray) -> float:
    """Recall: the share of the prediction that lies inside the region; NaN where nothing is predicted."""
    return float((region & prediction).sum() / prediction.sum()) if prediction.any() else float("nan")
