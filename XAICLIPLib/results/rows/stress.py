"""`steps.csv` and `summary.csv` of ``xaiclip stress``."""

from __future__ import annotations

from dataclasses import dataclass

from XAICLIPLib.results.rows.column import Row, column

_DOSES = "shift, scale, noise, blur, spacing, thickness, fov, move, flip-lr, flip-ap, flip-hf"
_SIDES = "up, down; empty where a dose has one way only"


@dataclass(frozen=True, eq=False, kw_only=True)
class StressRow(Row):
    """One structure of one scan that was changed by one dose; the dose "none" is the scan as it is."""

    scan: str = column("what the scan is called")
    structure: str = column("what the model was to draw")
    dose: str = column("what was changed in the scan", range=f"none, {_DOSES}")
    side: str = column("which way it was changed", range=_SIDES)
    step: float = column("how far: what was added, the factor, or mm; 1 of a flip", source="pipeline.doses.DOSES")
    unit: str = column("of the step", range="HU, %, x, mm, or empty")
    dice: float = column(
        "Dice of what the model draws with what it draws in the scan as it is, on a grid that both have",
        range="0 … 1", source="metrics.overlap.dice",
    )  # fmt: skip
    dice_reference: float | None = column(
        "the same with the reference", range="0 … 1", source="metrics.overlap.dice", optional=True
    )
    volume_ml: float = column(
        "volume of what the model draws, on the slices that were looked at", unit="ml", range="≥ 0"
    )
    reason: str = column("why there is no number; empty where there is one")


@dataclass(frozen=True, eq=False, kw_only=True)
class StressSummaryRow(Row):
    """One structure of one scan under all steps of one dose; the scan "median" stands for the scans together."""

    scan: str = column("what the scan is called; median for the lower median of the scans' steps")
    scans: int = column("how many scans it is of", range="≥ 1")
    structure: str = column("what the model was to draw")
    dose: str = column("what was changed in the scan", range=_DOSES)
    side: str = column("which way it was changed", range=_SIDES)
    unit: str = column("of the steps", range="HU, %, x, mm, or empty")
    holds: float = column(
        "last step up to which Dice is 0.9 or more; nan where it is less at the first",
        source="results.stress.summarise",
    )
    below_09: float = column(
        "first step at which Dice is below 0.9; nan where it is at none", name="below_0.9",
        source="results.stress.summarise",
    )  # fmt: skip
    below_05: float = column(
        "first step at which Dice is below 0.5; nan where it is at none", name="below_0.5",
        source="results.stress.summarise",
    )  # fmt: skip
    lowest: float = column("lowest Dice of all steps", range="0 … 1", source="results.stress.summarise")
    furthest: float = column(
        "last step that has a number; beyond the first below 0.5 none is tried; nan where none has one"
    )
