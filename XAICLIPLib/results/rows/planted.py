"""`rows.csv`, `summary.csv` and `statements.csv` of ``xaiclip benchmark --dataset planted``."""

from __future__ import annotations

from dataclasses import dataclass

from XAICLIPLib.results.rows.column import Row, column

_MAPS = "drop, total, remote, shape; input gradient, integrated gradients, Grad-CAM, Captum occlusion"
_FINDING = "metrics.planted.finding.Finding"


@dataclass(frozen=True, eq=False, kw_only=True)
class PlantedRow(Row):
    """One map of one planted model; for models that hang on no place, what else was built in."""

    family: str = column("what kind of reason was planted")
    seed: int = column("of geometry, noise and place", range="≥ 0")
    method: str = column("how places were hidden; Captum for its own maps")
    fill: str = column("with what they were hidden", range="zero, mean, blur, …")
    map: str = column("which map of that run", range=_MAPS)
    evaluations: int = column("perturbed images that the model was run on", range="≥ 0")
    auc: float | None = column(
        "area under the ROC curve of the cause's pixels against the rest of the evaluated region", range="0 … 1",
        source=_FINDING, optional=True,
    )  # fmt: skip
    pointing: float | None = column(
        "whether the map's largest value lies in the cause", range="0 … 1", source=_FINDING, optional=True
    )
    rank: float | None = column(
        "share of the other pixels that have a larger value than the cause's largest", range="0 … 1", source=_FINDING,
        optional=True,
    )  # fmt: skip
    overlap: float | None = column(
        "share of the cause's pixels among as many of the map's highest", range="0 … 1", source=_FINDING, optional=True
    )
    largest_remote: float | None = column(
        "largest effect on what was not hidden, of a model that has none", range="0 … 1", optional=True
    )
    unseen_error: float | None = column(
        "difference of the share that is drawn unseen from the one that was planted", range="0 … 1", optional=True
    )
    matrix_error: float | None = column(
        "largest error of the matrix of organs that need each other", range="0 … 1", optional=True
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class PlantedSummaryRow(Row):
    """The rows of one family, method, fill and map; the family "all" has the median and the worst of the families."""

    family: str = column("what kind of reason was planted; all for all of them")
    method: str = column("how places were hidden; Captum for its own maps")
    fill: str = column("with what they were hidden")
    map: str = column("which map of that run", range=_MAPS)
    n: int = column("rows that it is of; of all, families", range="≥ 1")
    evaluations: float = column("median of the perturbed images that the model was run on", range="≥ 0")
    auc_median: float | None = column("median AUC; of all, of the families' medians", range="0 … 1", optional=True)
    auc_worst: float | None = column("lowest AUC; of all, of the families' medians", range="0 … 1", optional=True)
    pointing: float | None = column("mean of the pointing game", range="0 … 1", optional=True)
    rank: float | None = column("median rank of the cause", range="0 … 1", optional=True)
    overlap: float | None = column("median overlap", range="0 … 1", optional=True)
    largest_remote: float | None = column("largest of the rows", range="0 … 1", optional=True)
    unseen_error: float | None = column("largest of the rows", range="0 … 1", optional=True)
    matrix_error: float | None = column("largest of the rows", range="0 … 1", optional=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class StatementRow(Row):
    """One sentence in words about a planted model, and whether it is true of it."""

    family: str = column("what kind of reason was planted")
    seed: int = column("of geometry, noise and place", range="≥ 0")
    method: str = column("how places were hidden")
    fill: str = column("with what they were hidden")
    question: str = column("what the sentence answers", range="source, place, organs, unseen, shape")
    verdict: str = column("whether it is true of the model", range="true, false, undecided, unknown")
    text: str = column("the sentence")
