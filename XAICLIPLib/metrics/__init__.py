"""How good: numbers of a prediction and of a map, on slices and on volumes."""

from __future__ import annotations

from XAICLIPLib.metrics.map_overlap import high_attribution, localisation_metrics, map_metrics
from XAICLIPLib.metrics.overlap import boundary_band, boundary_iou, dice, hausdorff95, iou, prediction_metrics

__all__ = [
    "boundary_band",
    "boundary_iou",
    "dice",
    "hausdorff95",
    "high_attribution",
    "iou",
    "localisation_metrics",
    "map_metrics",
    "prediction_metrics",
]
