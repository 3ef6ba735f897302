"""The last rows of `metrics.csv`, and `summary` in `report.json`: one structure over all explained slices."""

from __future__ import annotations

from dataclasses import dataclass

from XAICLIPLib.results.rows.column import Row, column
from XAICLIPLib.results.rows.evidence import EvidenceRow
from XAICLIPLib.results.rows.measured import MapColumns, PredictionColumns


@dataclass(frozen=True, eq=False, kw_only=True)
class _Explained(Row):
    """How the slices that hold the structure were explained, or the volume."""

    slice: str = column("that the row is of all slices", range="all")
    structure: str = column("name of the structure, as TotalSegmentator has it")
    region: str = column("where the slices' regions come from, with + between several")
    region_share: float = column("share of the slices that the region covers, mean", range="0 … 1")
    target_recall: float = column(
        "share of the structure inside the region, over all slices at once", range="0 … 1",
        source="roi.region.region_recall",
    )  # fmt: skip
    baseline_share: float = column("share of the slices that the dilated prediction covers, mean", range="0 … 1")
    baseline_recall: float = column(
        "share of the structure inside the dilated prediction, over all slices at once", range="0 … 1"
    )
    baseline_evaluations: int = column(
        "model runs that the maps of the dilated prediction would have taken", range="≥ 0"
    )
    evaluations: int = column("model runs on perturbed images that the maps took", range="≥ 0")
    full_evaluations: int = column("model runs that the same maps of the whole images would have taken", range="≥ 1")
    rho: float = column("evaluations as a share of full_evaluations", range="0 … 1", source="the paper's ρ")
    seconds: float = column("wall time of the slices, or of the volume", unit="s", range="≥ 0")
    evaluations_per_second: float = column("evaluations by seconds", unit="1/s", range="≥ 0")
    score: float = column(
        "unperturbed score, mean over the slices; that of the volume where it was explained at once", unit="score",
        range="0 … 1", source="attribution.scorer.Scorer",
    )  # fmt: skip
    largest_drop: float = column("largest value of the signed maps", unit="score", range="-1 … 1")
    largest_drop_slice: int | None = column("the slice that it lies in", range="≥ 0", optional=True)
    largest_drop_score: float | None = column(
        "the unperturbed score in that slice", unit="score", range="0 … 1", optional=True
    )
    smallest_drop: float = column("smallest value of the signed maps", unit="score", range="-1 … 1")
    flat: bool = column("whether nothing changed the score in any slice", source="Attribution.flat")
    predicted_mm2: float = column("area of the prediction, sum over the slices", unit="mm2", range="≥ 0")
    shape_correlation: float = column(
        "rank correlation of the map with the one that needs no model, mean over the slices; of the volume where it "
        "was explained at once", range="-1 … 1", source="influence.shape.shape_correlation",
    )  # fmt: skip
    unseen_share: float = column(
        "share of what was hidden of the structure that is still drawn; nan where nothing was recorded", range="0 … 1",
        source="influence.question.Influence.unseen_share",
    )  # fmt: skip
    remote_loss: float = column(
        "most that the rest of the structure loses, as mean probability, when one place is hidden; nan where nothing "
        "was recorded", range="-1 … 1", source="influence.question.Influence.losses_of_rest",
    )  # fmt: skip
    images: list[str] | None = column(
        "the registered images, where there are several", source="Case.image_names", optional=True
    )
    image_shapley: list[float] | None = column(
        "exact Shapley value of each image, in their order: what of the score goes where it is hidden in the whole "
        "region, mean over the slices; not of more than 6 images", unit="score", range="-1 … 1",
        source="metrics.shapley.shapley_values", optional=True,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class _Verdict(Row):
    """How far the map can be trusted, by the rule at the head of `metrics.trust`."""

    evidence_slices: list[int | str] | None = column(
        "the slices that were tested; all where the volume was explained at once", optional=True
    )
    trust: str | None = column(
        "the verdict",
        range="strong, weak, the organ's shape, not supported, not tested",
        source="metrics.trust",
        optional=True,
    )
    trust_reasons: list[str] | None = column("what the verdict rests on", source="metrics.trust", optional=True)
    trust_points: list[str] | None = column(
        "which points of the rule speak against the map, each with the slice where it is worst, where it has one",
        range="such as fill:18, dice", source="metrics.reasons", optional=True,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class SummaryRow(_Verdict, EvidenceRow, MapColumns, PredictionColumns, _Explained):
    """The numbers of one structure over all explained slices; those of the evidence are means over the tested ones."""
