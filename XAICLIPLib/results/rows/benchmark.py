"""`rows.csv`, `pairs.csv` and `summary.csv` of a benchmark: what each arm costs, and how good its maps are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from XAICLIPLib.results.rows.column import Row, column
from XAICLIPLib.results.rows.measured import MapColumns

_CURVES = "Petsiuk et al., BMVC 2018; metrics.faithfulness.Curves"
_COMMON = "inside the area where all arms of the slice have values"


@dataclass(frozen=True, eq=False, kw_only=True)
class _Arm(Row):
    """What was explained, how, and what it cost."""

    case: str = column("name of the case in its data set")
    structure: str = column("name of the structure, as TotalSegmentator has it")
    slice: int = column("axial slice, from the feet, the first is 0", range="≥ 0")
    modality: str = column("kind of scan, such as CT")
    method: str = column("how it was perturbed", range="occlusion, hierarchical, rise, lime, kernelshap, hsic")
    arm: str = column("where it was perturbed", range="brute force; ROI; ROI, fewer samples")
    turn: int = column("when the arm went among those of its slice, the first is 0", range="0 … 2")
    seconds: float = column("wall time from the slice as it was read to its map", unit="s", range="≥ 0")
    region_seconds: float = column("of these, to find the region", unit="s", range="≥ 0")
    model_seconds: float = column("of these, in the model", unit="s", range="≥ 0")
    evaluations: int = column("model runs on perturbed images that the map took", range="≥ 0")
    rho: float = column(
        "evaluations as a share of those of the whole image", range="0 … 1", source="Attribution.rho; the paper's ρ"
    )
    region: str = column("where the region comes from", range="clip, prediction, box, segment, full")
    region_share: float = column("share of the slice that the region covers", range="0 … 1")
    target_recall: float = column(
        "share of the structure inside the region", range="0 … 1", source="roi.region.region_recall"
    )
    prediction_dice: float = column("Dice of prediction and ground truth on the scan's grid", range="0 … 1")
    score: float = column("unperturbed score against the ground truth", unit="score", range="0 … 1")
    largest_drop: float = column("largest value of the signed map", unit="score", range="-1 … 1")
    flat: bool = column("whether nothing changed the score", source="Attribution.flat")
    window_share: float = column(
        "share of the image that the model was run on, where its receptive field allows less", range="0 … 1"
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Curves(Row):
    """Deletion and insertion in the area that the arms of a slice share; missing where they share none."""

    deletion_auc: float | None = column(
        f"area under the score while the map's highest pixels are filled first, {_COMMON}", unit="score",
        range="0 … 1", source=_CURVES, optional=True,
    )  # fmt: skip
    insertion_auc: float | None = column(
        f"area under the score while the map's highest pixels are put back first, {_COMMON}", unit="score",
        range="0 … 1", source=_CURVES, optional=True,
    )  # fmt: skip
    gap: float | None = column("insertion AUC minus deletion AUC", unit="score", range="-1 … 1", optional=True)
    random_auc: float | None = column("mean AUC of random orders", unit="score", range="0 … 1", optional=True)
    random_gap: float | None = column(
        "largest gap between two random orders", unit="score", range="0 … 1", optional=True
    )
    common_effect: float | None = column(
        "what the score loses with all of the area filled", unit="score", range="-1 … 1", optional=True
    )
    common_share: float = column("share of the image that the area covers", range="0 … 1")
    drop_outside: float | None = column(
        "share of the map's positive drop outside the area", range="0 … 1", optional=True
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Notes(Row):
    warnings: list[str] = column("what to know about region and map")


@dataclass(frozen=True, eq=False, kw_only=True)
class ArmRow(_Notes, _Curves, MapColumns, _Arm):
    """One structure in one slice, explained by one method in one way."""


def _saved(what: str) -> Any:
    return column(f"share of the {what} that is saved, 1 − value / brute force", range="≤ 1")


def _gain(of: str) -> Any:
    return column(
        f"growth of {of}, value / brute force − 1; inf from nothing to something, nan from nothing to nothing",
        range="≥ -1", source="benchmark.statistics.gain", name=f"{of}_gain",
    )  # fmt: skip


def _change(of: str) -> Any:
    return column(f"{of} minus that of brute force", unit="score", range="-1 … 1")


@dataclass(frozen=True, eq=False, kw_only=True)
class PairRow(Row):
    """One row of an arm held against the brute force of the same slice, structure and method."""

    case: str = column("name of the case in its data set")
    slice: int = column("axial slice, from the feet, the first is 0", range="≥ 0")
    structure: str = column("name of the structure, as TotalSegmentator has it")
    method: str = column("how it was perturbed")
    arm: str = column("which arm is held against brute force", range="ROI; ROI, fewer samples")
    seconds_saved: float = _saved("time")
    evaluations_saved: float = _saved("evaluations")
    speed_up: float = column("seconds of brute force / seconds", range="≥ 0")
    fidelity_dice_03_gain: float = _gain("fidelity_dice_0.3")
    iou_03_gain: float = _gain("iou_0.3")
    band_dice_03_gain: float = _gain("band_dice_0.3")
    band_iou_03_gain: float = _gain("band_iou_0.3")
    fidelity_dice_04_gain: float = _gain("fidelity_dice_0.4")
    iou_04_gain: float = _gain("iou_0.4")
    band_dice_04_gain: float = _gain("band_dice_0.4")
    band_iou_04_gain: float = _gain("band_iou_0.4")
    fidelity_dice_05_gain: float = _gain("fidelity_dice_0.5")
    iou_05_gain: float = _gain("iou_0.5")
    band_dice_05_gain: float = _gain("band_dice_0.5")
    band_iou_05_gain: float = _gain("band_iou_0.5")
    deletion_auc_change: float = _change("deletion_auc")
    insertion_auc_change: float = _change("insertion_auc")
    gap_change: float = _change("gap")


@dataclass(frozen=True, eq=False, kw_only=True)
class ArmSummaryRow(Row):
    """The rows of one method, structure and arm in numbers; the structure is "all" for those of all structures."""

    method: str = column("how it was perturbed")
    structure: str = column("name of the structure; all for all of them")
    arm: str = column("where it was perturbed", range="brute force; ROI; ROI, fewer samples")
    n: int = column("rows that it is of", range="≥ 1")
    means: dict[str, float] = column("mean of the column NAME of rows.csv over the n rows", name="NAME_mean")
    deviations: dict[str, float] = column(
        "standard deviation of the same as of a sample; nan for a single row", name="NAME_std"
    )
    medians: dict[str, float] = column(
        "median of the column NAME of pairs.csv over the pairs; not for brute force", name="NAME_median"
    )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ArmSummaryRow:
        """A row from what `as_dict` gave.

        Parameters
        ----------
        values : mapping of column name to value

        Returns
        -------
        ArmSummaryRow
        """
        parts: dict[str, dict[str, float]] = {}
        for ending in ("_mean", "_std", "_median"):
            named = {name.removesuffix(ending): value for name, value in values.items() if name.endswith(ending)}
            parts[ending] = {name: float("nan") if value is None else value for name, value in named.items()}
        head = {name: values[name] for name in ("method", "structure", "arm", "n")}
        return cls(**head, means=parts["_mean"], deviations=parts["_std"], medians=parts["_median"])

    def __getitem__(self, name: str) -> Any:
        if name in ("method", "structure", "arm", "n"):
            return getattr(self, name)
        for ending, part in (("_mean", self.means), ("_std", self.deviations), ("_median", self.medians)):
            if name.endswith(ending):
                return part[name.removesuffix(ending)]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        yield from ("method", "structure", "arm", "n")
        for name in self.means:
            yield from (f"{name}_mean", f"{name}_std")
        yield from (f"{name}_median" for name in self.medians)
