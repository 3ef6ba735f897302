"""How well the high-attribution region of a map, the pixels above a share of its largest, meets a structure.

Masks and spacing are as in `overlap`. Each number has its counterpart of the bare region: a map that only exists inside
a region localises well almost by construction, whatever it says.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.overlap import as_masks, boundary_band, dice, iou, share_of

BAND_MM = 5.0  # how far the band of a border reaches to either side
THRESHOLDS = (0.3, 0.4, 0.5)  # where the paper draws the edge of the high-attribution region


def high_attribution(saliency: np.ndarray, threshold: float = 0.4) -> np.ndarray:
    """Where a saliency map is at least `threshold`.

    Parameters
    ----------
    saliency : ndarray
        Map in [0, 1].
    threshold : float
        Above 0, up to 1.

    Returns
    -------
    ndarray of bool, the map's shape
        False where the map is nan.

    Raises
    ------
    InputError
        If the threshold is not above 0: a pixel without any attribution would count as high.
    """
    if not 0 < threshold <= 1:
        raise InputError(f"a threshold of {threshold} makes no region; give one above 0 up to 1, usually 0.3 to 0.5")
    return np.asarray(saliency) >= threshold


def localisation_metrics(
    saliency: np.ndarray,
    reference: np.ndarray,
    spacing: float | Sequence[float],
    thresholds: Sequence[float] = THRESHOLDS,
    band_mm: float = BAND_MM,
) -> dict[str, float]:
    """How well the high-attribution region of a map meets a structure and its border.

    Parameters
    ----------
    saliency : ndarray
        Map in [0, 1].
    reference : ndarray of bool, the map's shape
    spacing : float or sequence of floats
        mm per axis, in the array's order.
    thresholds : sequence of floats
        Edges of the high-attribution region.
    band_mm : float
        How far the border's band reaches to either side.

    Returns
    -------
    dict of str to float
        For each threshold t: ``fidelity_dice_t`` (Dice fidelity) and ``iou_t`` against the reference, ``band_dice_t``
        and ``band_iou_t`` against its `boundary_band`, ``recall_t`` (share of the reference inside the region) and
        ``precision_t`` (share of the region inside the reference). nan where a share is of nothing.
    """
    (reference,) = as_masks(reference)
    band = boundary_band(reference, band_mm, spacing)
    values = {}
    for threshold in thresholds:
        region = high_attribution(saliency, threshold)
        values.update({f"{name}_{threshold:g}": v for name, v in _overlap(region, reference, band).items()})
    return values


def _overlap(region: np.ndarray, reference: np.ndarray, band: np.ndarray) -> dict[str, float]:
    region, reference, band = as_masks(region, reference, band)
    both, size, wanted = (np.count_nonzero(m) for m in (region & reference, region, reference))
    return {
        "fidelity_dice": dice(region, reference),
        "iou": iou(region, reference),
        "band_dice": dice(region, band),
        "band_iou": iou(region, band),
        "recall": share_of(both, wanted),
        "precision": share_of(both, size),
    }


def map_metrics(
    saliency: np.ndarray,
    evaluated: np.ndarray,
    reference: np.ndarray,
    spacing: float | Sequence[float],
    thresholds: Sequence[float] = THRESHOLDS,
    band_mm: float = BAND_MM,
) -> dict[str, float]:
    """The numbers of `localisation_metrics`, and the same for the bare region, as one flat row.

    A map that only exists inside a region localises well almost by construction, whatever it says. The keys
    ``roi_fidelity_dice``, ``roi_iou``, ``roi_band_dice``, ``roi_band_iou``, ``roi_recall`` and ``roi_precision`` are
    therefore those of the evaluated pixels themselves, all taken as high: what a map has to exceed to say more than the
    region did.

    Parameters
    ----------
    saliency : ndarray
        Map in [0, 1]; counts only where it was evaluated.
    evaluated, reference : ndarray of bool, the map's shape
    spacing : float or sequence of floats
        mm per axis, in the array's order.
    thresholds, band_mm
        As in `localisation_metrics`.

    Returns
    -------
    dict of str to float
        As above, and ``evaluated_share`` of the image.

    Raises
    ------
    InputError
        If the map does not fit the masks.
    """
    evaluated, reference = as_masks(evaluated, reference)
    if np.shape(saliency) != evaluated.shape:
        raise InputError(f"a map of shape {np.shape(saliency)} does not fit the masks of shape {evaluated.shape}")
    shown = np.where(evaluated, saliency, 0.0)
    bare = _overlap(evaluated, reference, boundary_band(reference, band_mm, spacing))
    return {
        **localisation_metrics(shown, reference, spacing, thresholds, band_mm),
        **{f"roi_{name}": value for name, value in bare.items()},
        "evaluated_share": float(evaluated.mean()),
    }
