"""`metrics.csv` of an explanation, but for its last rows: the numbers of one structure in one slice."""

from __future__ import annotations

from dataclasses import dataclass

from XAICLIPLib.results.rows.column import Row, column
from XAICLIPLib.results.rows.evidence import EvidenceRow
from XAICLIPLib.results.rows.measured import MapColumns, PredictionColumns


@dataclass(frozen=True, eq=False, kw_only=True)
class _Explained(Row):
    """How the slice was explained. Where the volume was explained at once, evaluations and scores are those of the
    volume and stand in its summary row alone."""

    slice: int = column("axial slice, from the feet, the first is 0", range="≥ 0")
    structure: str = column("name of the structure, as TotalSegmentator has it")
    region: str = column(
        "where the region comes from", range="clip, prediction, box, segment, full", source="roi.region.Region.source"
    )
    region_threshold: float | None = column(
        "probability from which a pixel belongs to the region of the structure; empty where there was none to cut at",
        range="0 … 1", source="roi.region.Region.thresholds",
    )  # fmt: skip
    region_share: float = column("share of the slice that the region covers", range="0 … 1")
    region_recall: float = column(
        "share of the prediction inside the region", range="0 … 1", source="roi.region.region_recall"
    )
    target_recall: float = column(
        "share of the structure inside the region: of the reference, or of the prediction where there is none",
        range="0 … 1", source="roi.region.region_recall",
    )  # fmt: skip
    baseline_share: float = column(
        "share of the slice that the dilated prediction covers, the region that needs no words", range="0 … 1",
        source="roi.region.from_prediction",
    )  # fmt: skip
    baseline_recall: float = column("share of the structure inside the dilated prediction", range="0 … 1")
    evaluations: int | None = column(
        "model runs on perturbed images that the map took", range="≥ 0", source="attribution.result.Attribution",
        optional=True,
    )  # fmt: skip
    full_evaluations: int | None = column(
        "model runs that the same map of the whole image would have taken", range="≥ 1",
        source="attribution.result.Attribution", optional=True,
    )  # fmt: skip
    baseline_evaluations: int | None = column(
        "model runs that the map of the dilated prediction would have taken", range="≥ 0", optional=True
    )
    rho: float | None = column(
        "evaluations as a share of full_evaluations", range="0 … 1", source="Attribution.rho; the paper's ρ",
        optional=True,
    )  # fmt: skip
    seconds: float | None = column("wall time from the slice as it was read to its map", unit="s", optional=True)
    evaluations_per_second: float | None = column(
        "evaluations by seconds, finding the region included", unit="1/s", optional=True
    )
    score: float | None = column(
        "unperturbed score of the structure, against the reference or the prediction itself", unit="score",
        range="0 … 1", source="attribution.scorer.Scorer", optional=True,
    )  # fmt: skip
    flat: bool | None = column(
        "whether nothing changed the score, so that the map shows nothing", source="Attribution.flat", optional=True
    )
    largest_drop: float = column("largest value of the signed map in the slice", unit="score", range="-1 … 1")
    smallest_drop: float = column("smallest value of the signed map in the slice", unit="score", range="-1 … 1")
    predicted_mm2: float = column("area of the prediction", unit="mm2", range="≥ 0")
    shape_correlation: float | None = column(
        "rank correlation of the map with the one that needs no model", range="-1 … 1",
        source="influence.shape.shape_correlation", optional=True,
    )  # fmt: skip
    unseen_share: float | None = column(
        "share of what was hidden of the structure that is still drawn", range="0 … 1",
        source="influence.question.Influence.unseen_share", optional=True,
    )  # fmt: skip
    remote_loss: float | None = column(
        "most that the rest of the structure loses, as mean probability, when one place is hidden", range="-1 … 1",
        source="influence.question.Influence.losses_of_rest", optional=True,
    )  # fmt: skip
    images: list[str] | None = column(
        "the registered images, where there are several", source="Case.image_names", optional=True
    )
    image_shapley: list[float] | None = column(
        "exact Shapley value of each image, in their order: what of the score goes where it is hidden in the whole "
        "region; not of more than 6 images", unit="score", range="-1 … 1",
        source="metrics.shapley.shapley_values", optional=True,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class SliceRow(EvidenceRow, MapColumns, PredictionColumns, _Explained):
    """The numbers of one structure in one explained slice."""
