"""`metrics.csv` of a location: how good the region of one structure in one slice is."""

from __future__ import annotations

from dataclasses import dataclass

from XAICLIPLib.results.rows.column import Row, column

_QUALITY = "roi.quality.quality"


@dataclass(frozen=True, eq=False, kw_only=True)
class LocationRow(Row):
    """Where the region of one structure in one slice comes from, and how good it is."""

    slice: int = column("axial slice, from the feet, the first is 0", range="≥ 0")
    structure: str = column("name of the structure, as TotalSegmentator has it")
    source: str = column(
        "where the region comes from", range="clip, prediction, box, segment, full", source="roi.region.Region.source"
    )
    reason: str = column("why it comes from there", source="roi.region.Region.reason")
    threshold: float | None = column(
        "probability from which a pixel belongs to it; empty where there was none to cut at", range="0 … 1"
    )
    area_mm2: float = column("area of the region", unit="mm2", range="≥ 0")
    share_of_slice: float = column("share of the slice that it covers", range="0 … 1", source=_QUALITY)
    share_of_body: float = column("share of the body that it covers", range="0 … 1", source=_QUALITY)
    components: int = column("its connected pieces, also over corners", range="≥ 0", source=_QUALITY)
    largest_similarity: float | None = column(
        "largest smoothed probability of the words in the slice; empty without words", range="0 … 1", source=_QUALITY
    )
    similarity_inside: float | None = column(
        "its mean over the region; empty where there is none", range="0 … 1", source=_QUALITY
    )
    similarity_outside: float | None = column("its mean over the rest of the body", range="0 … 1", source=_QUALITY)
    compared_with: str | None = column(
        "what the region is held against; there where the run was asked to compare", range="reference, prediction",
        optional=True,
    )  # fmt: skip
    recall: float | None = column(
        "share of the structure inside the region; empty where the slice does not hold the structure", range="0 … 1",
        source="roi.region.region_recall", optional=True,
    )  # fmt: skip
    dice: float | None = column(
        "Dice of region and structure", range="0 … 1", source="metrics.overlap.dice", optional=True
    )
    iou: float | None = column(
        "IoU of region and structure", range="0 … 1", source="metrics.overlap.iou", optional=True
    )
    evaluations: int | None = column("model runs that explaining the region takes", range="≥ 0", optional=True)
    full_evaluations: int | None = column("model runs that the whole slice takes", range="≥ 1", optional=True)
    baseline_recall: float | None = column(
        "share of the structure inside the dilated prediction, the region that needs no words", range="0 … 1",
        optional=True,
    )  # fmt: skip
    baseline_dice: float | None = column("Dice of dilated prediction and structure", range="0 … 1", optional=True)
    baseline_iou: float | None = column("IoU of dilated prediction and structure", range="0 … 1", optional=True)
    baseline_area_mm2: float | None = column("area of the dilated prediction", unit="mm2", range="≥ 0", optional=True)
    baseline_evaluations: int | None = column(
        "model runs that explaining the dilated prediction takes", range="≥ 0", optional=True
    )
    warnings: str = column("what to know about the region, with ; between several", source="roi.region.Region.warnings")
