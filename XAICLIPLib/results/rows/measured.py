"""Columns that several tables share: how good a segmentation is, and how well a map localises a structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from XAICLIPLib.results.rows.column import Row, column

_HIGH = "the high-attribution region, saliency ≥ {t:g}"
_BARE = "the bare region, all evaluated pixels taken as high"
_OVERLAP = {
    "fidelity_dice": "Dice of the structure and {region}",
    "iou": "IoU of the structure and {region}",
    "band_dice": "Dice of the band of 5 mm to either side of the structure's border and {region}",
    "band_iou": "IoU of the band of 5 mm to either side of the structure's border and {region}",
    "recall": "share of the structure inside {region}",
    "precision": "share inside the structure of {region}",
}


def _at(what: str, threshold: float) -> Any:
    """A column of `metrics.map_overlap.localisation_metrics` at a threshold."""
    meaning = _OVERLAP[what].format(region=_HIGH.format(t=threshold))
    name = f"{what}_{threshold:g}"
    return column(meaning, range="0 … 1", source="metrics.map_overlap.localisation_metrics", name=name, optional=True)


def _bare(what: str) -> Any:
    """The same of the evaluated pixels themselves."""
    meaning = _OVERLAP[what].format(region=_BARE)
    return column(meaning, range="0 … 1", source="metrics.map_overlap.map_metrics", optional=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class PredictionColumns(Row):
    """How good the segmentation is; there with a reference."""

    dice: float | None = column(
        "Dice of prediction and reference on the scan's grid, 2·|a ∩ b| / (|a| + |b|)",
        range="0 … 1", source="metrics.overlap.dice", optional=True,
    )  # fmt: skip
    iou: float | None = column(
        "intersection over union of prediction and reference", range="0 … 1", source="metrics.overlap.iou",
        optional=True,
    )  # fmt: skip
    boundary_iou: float | None = column(
        "IoU of the inner border bands of prediction and reference, 2 % of the image's diagonal wide",
        range="0 … 1", source="Cheng et al., CVPR 2021; metrics.overlap.boundary_iou", optional=True,
    )  # fmt: skip
    hd95_mm: float | None = column(
        "95th percentile of the Hausdorff distance of prediction and reference, symmetric; nan where one is empty",
        unit="mm", range="≥ 0", source="metrics.overlap.hausdorff95, as MONAI has it", optional=True,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class MapColumns(Row):
    """How well the map localises the structure: the reference's, or the predicted one where there is no reference."""

    fidelity_dice_03: float | None = _at("fidelity_dice", 0.3)
    iou_03: float | None = _at("iou", 0.3)
    band_dice_03: float | None = _at("band_dice", 0.3)
    band_iou_03: float | None = _at("band_iou", 0.3)
    recall_03: float | None = _at("recall", 0.3)
    precision_03: float | None = _at("precision", 0.3)
    fidelity_dice_04: float | None = _at("fidelity_dice", 0.4)
    iou_04: float | None = _at("iou", 0.4)
    band_dice_04: float | None = _at("band_dice", 0.4)
    band_iou_04: float | None = _at("band_iou", 0.4)
    recall_04: float | None = _at("recall", 0.4)
    precision_04: float | None = _at("precision", 0.4)
    fidelity_dice_05: float | None = _at("fidelity_dice", 0.5)
    iou_05: float | None = _at("iou", 0.5)
    band_dice_05: float | None = _at("band_dice", 0.5)
    band_iou_05: float | None = _at("band_iou", 0.5)
    recall_05: float | None = _at("recall", 0.5)
    precision_05: float | None = _at("precision", 0.5)
    roi_fidelity_dice: float | None = _bare("fidelity_dice")
    roi_iou: float | None = _bare("iou")
    roi_band_dice: float | None = _bare("band_dice")
    roi_band_iou: float | None = _bare("band_iou")
    roi_recall: float | None = _bare("recall")
    roi_precision: float | None = _bare("precision")
    evaluated_share: float | None = column(
        "share of the image that the map says something about", range="0 … 1", source="metrics.map_overlap.map_metrics",
        optional=True,
    )  # fmt: skip
