"""The columns of the evidence for and against a map; there for the slices that were tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from XAICLIPLib.results.rows.column import Row, column

_CURVES = "Petsiuk et al., BMVC 2018; metrics.faithfulness.Curves"
_ASKED_AGAIN = "pipeline.recording.asked_again"
_RELEVANCE = "Arras et al., Information Fusion 2022; metrics.localisation"
_WEIGHTS = "Adebayo et al., NeurIPS 2018; metrics.randomisation.cascade"


def _auc(meaning: str) -> Any:
    return column(meaning, unit="score", range="0 … 1", source=_CURVES, optional=True)


def _gap(meaning: str) -> Any:
    return column(meaning, unit="score", range="-1 … 1", source=_CURVES, optional=True)


def _share(meaning: str, source: str = _RELEVANCE) -> Any:
    return column(meaning, range="0 … 1", source=source, optional=True)


def _rank(meaning: str, source: str = "metrics.randomisation.rank_correlation", name: str = "") -> Any:
    return column(
        f"Spearman's rank correlation of the map with that {meaning}", range="-1 … 1", source=source, name=name,
        optional=True,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class EvidenceRow(Row):
    """What was measured to test the map of one structure, in one slice or in the volume."""

    outside_drop: float | None = column(
        "largest change of the score by a patch outside the region", unit="score", range="0 … 1",
        source="metrics.off_roi.Outside.largest", optional=True,
    )  # fmt: skip
    outside_share: float | None = column(
        "the same as a share of what filling the whole region changes; inf where only the outside matters",
        range="≥ 0", source="metrics.off_roi.Outside.share", optional=True,
    )  # fmt: skip
    outside_patches: int | float | None = column(
        "patches that were tried outside the region", range="0 … 16", source="metrics.off_roi.probe_outside",
        optional=True,
    )  # fmt: skip
    deletion_auc: float | None = _auc("area under the score while the region's highest pixels are filled first")
    insertion_auc: float | None = _auc("area under the score while the region's highest pixels are put back first")
    random_auc: float | None = _auc("mean deletion AUC of random orders of the region's cells")
    gap: float | None = _gap("insertion AUC minus deletion AUC; 0 for a random order")
    random_gap: float | None = column(
        "largest gap between two random orders: what chance alone reaches", unit="score", range="0 … 1",
        source="metrics.faithfulness.Curves.random_gap", optional=True,
    )  # fmt: skip
    roi_gap: float | None = _gap("the gap of the structure's own part of the region; nan where that is all of it")
    shape_gap: float | None = _gap("the gap of the order of the map that needs no model")
    region_drop: float | None = _gap("what the score loses with the whole region filled: the room of all orders")
    second_deletion_auc: float | None = _auc("deletion AUC under another fill")
    second_insertion_auc: float | None = _auc("insertion AUC under another fill")
    second_gap: float | None = _gap("the gap under another fill")
    second_region_drop: float | None = _gap("what the score loses with the whole region filled by another fill")
    second_unseen_share: float | None = _share(
        "what is still drawn of the structure where a few places were hidden by another fill", _ASKED_AGAIN
    )
    second_remote_loss: float | None = column(
        "what the rest of the structure loses, as mean probability, when the place that matters most for it is hidden "
        "by another fill", range="-1 … 1", source=_ASKED_AGAIN, optional=True,
    )  # fmt: skip
    pointing_game: float | None = _share(
        "whether the map's largest value lies in the structure; of several largest values the share that does",
        "Zhang et al., IJCV 2018; metrics.localisation.pointing_game",
    )
    rank_accuracy: float | None = _share("share of the structure's n pixels among the n highest of the map")
    mass_accuracy: float | None = _share("share of the map's positive mass inside the structure")
    leakage: float | None = _share(
        "share of the map's positive mass more than 10 mm from the structure", "metrics.localisation.leakage"
    )
    roi_pointing_game: float | None = _share("`pointing_game` of a map that is 1 where this one says something")
    roi_rank_accuracy: float | None = _share("`rank_accuracy` of a map that is 1 where this one says something")
    roi_mass_accuracy: float | None = _share("`mass_accuracy` of a map that is 1 where this one says something")
    roi_leakage: float | None = _share(
        "`leakage` of a map that is 1 where this one says something", "metrics.localisation.leakage"
    )
    sensitivity_n: float | None = column(
        "Pearson's correlation of the map's sum over n cells with the drop when they are filled, mean over several n",
        range="-1 … 1", source="Ancona et al., ICLR 2018; metrics.fidelity.fidelity", optional=True,
    )  # fmt: skip
    mu_fidelity: float | None = column(
        "the same for random subsets of 20 % of the cells", range="-1 … 1",
        source="Bhatt et al., IJCAI 2020; metrics.fidelity.fidelity", optional=True,
    )  # fmt: skip
    infidelity: float | None = column(
        "mean squared difference of drop and best scaled sum of the map, as a share of the mean squared drop",
        range="0 … 1", source="Yeh et al., NeurIPS 2019; metrics.fidelity.infidelity", optional=True,
    )  # fmt: skip
    second_image_shapley: list[float] | None = column(
        "exact Shapley value of each registered image with another fill, see image_shapley", unit="score",
        range="-1 … 1", source="metrics.shapley.shapley_values", optional=True,
    )  # fmt: skip
    fill_agreement: float | None = _rank("made with another fill")
    seed_agreement: float | None = _rank("made with another seed; for the sampling methods")
    random_weights_0: float | None = _rank(
        "of the model whose last layer has random weights", _WEIGHTS, "random_weights_0%"
    )
    random_weights_agreement: float | None = _rank("of the model whose layers all have random weights", _WEIGHTS)
    random_weights_ssim: float | None = column(
        "structural similarity of the map with that of the model whose layers all have random weights",
        range="-1 … 1", source="Wang et al., IEEE TIP 2004; metrics.randomisation.structural_similarity", optional=True,
    )  # fmt: skip
    random_weights_34: float | None = _rank(
        "of the model whose upper third of layers has random weights", _WEIGHTS, "random_weights_34%"
    )
    random_weights_67: float | None = _rank(
        "of the model whose upper two thirds of layers have random weights", _WEIGHTS, "random_weights_67%"
    )
    random_weights_100: float | None = _rank(
        "of the model whose layers all have random weights", _WEIGHTS, "random_weights_100%"
    )
