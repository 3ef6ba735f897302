"""What was found out for and against a run's maps: exhibits per structure and slice, and the verdict on all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from XAICLIPLib.explain.attribution import Attribution
from XAICLIPLib.measure.faithfulness import Curves
from XAICLIPLib.measure.probe import MATTERS
from XAICLIPLib.measure.trust import Findings, Trust, judge


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What was found out about the map of one structure in one slice, or in the volume.

    Attributes
    ----------
    structure : str
    slice : int or str
        "all" for a volume that was explained at once.
    curves : dict of fill to Curves
        The run's own fill first.
    numbers : dict of str to float
        Everything else, and the areas under the curves.
    """

    structure: str
    slice: int | str
    curves: dict[str, Curves]
    numbers: dict[str, float]

    def to_json(self) -> dict:
        """Plain data for the report: the numbers and the curves' points."""
        drawn = {}
        for fill, c in self.curves.items():
            drawn[fill] = {"area": c.area, "deletion": c.deletion, "insertion": c.insertion}
            if len(c.random):
                drawn[fill] |= {"random_deletion": c.random.mean(0), "random_insertion": c.random.mean(0)[::-1]}
            if c.roi_deletion is not None:
                drawn[fill] |= {"roi_deletion": c.roi_deletion, "roi_insertion": c.roi_insertion}
        return {"slice": self.slice, "numbers": self.numbers, "curves": drawn}


@dataclass(eq=False)
class Evidence:
    """The exhibits of a run.

    Attributes
    ----------
    level : str
        "none", "quick" or "full".
    exhibits : list of Exhibit
    evaluations : int
        Model runs on perturbed images, apart from those of the maps.
    seconds : float
    missing : str
        Why there is no evidence, or not all of it; empty where nothing is missing.
    """

    level: str
    exhibits: list[Exhibit] = field(default_factory=list)
    evaluations: int = 0
    seconds: float = 0.0
    missing: str = ""

    def of(self, structure: str) -> list[Exhibit]:
        """The exhibits of one structure."""
        return [e for e in self.exhibits if e.structure == structure]

    def add_to(self, rows: list[dict]) -> None:
        """Add each exhibit's numbers to the row of its slice and structure."""
        found = {(e.slice, e.structure): e.numbers for e in self.exhibits}
        for row in rows:
            row |= found.get((row["slice"], row["structure"]), {})

    def verdict(self, row: dict, attributions: list[Attribution], k: int) -> dict:
        """What the summary row of structure k gains: its numbers' means over the exhibits, and the trust line."""
        exhibits = self.of(row["structure"])
        names = dict.fromkeys(name for e in exhibits for name in e.numbers)
        pooled = {name: _mean([e.numbers.get(name, np.nan) for e in exhibits]) for name in names}
        if "outside_drop" in pooled:  # a mean of ratios would be ruled by the slices in which nothing matters much
            pooled["outside_share"] = _ratio(pooled["outside_drop"], abs(pooled["region_drop"]))
        trust = self._judge(row, pooled, attributions, k)
        return pooled | {
            "evidence_slices": [e.slice for e in exhibits],
            "trust": trust.level,
            "trust_reasons": list(trust.reasons),
        }

    def _judge(self, row: dict, pooled: dict, attributions: list[Attribution], k: int) -> Trust:
        errors = [_relative_error(a, k) for a in attributions if a.stderr is not None]
        return judge(
            Findings(
                largest_drop=max(abs(row["largest_drop"]), abs(row["smallest_drop"])),
                evaluations=round(np.mean([a.evaluations for a in attributions])),
                effect=pooled.get("region_drop", np.nan),
                gap=pooled.get("gap", np.nan),
                random_gap=pooled.get("random_gap", np.nan),
                roi_gap=pooled.get("roi_gap", 0.0),
                second_gap=pooled.get("second_gap", np.nan),
                second_effect=pooled.get("second_region_drop", np.nan),
                outside=pooled.get("outside_share", np.nan),
                region_recall=row["target_recall"],
                error=_mean(errors),
                dice=row.get("dice", np.nan),
                fills=pooled.get("fill_agreement", np.nan),
                seeds=pooled.get("seed_agreement", np.nan),
                twin=pooled.get("random_weights_agreement", np.nan),
                untested="" if "gap" in pooled else self.missing or "nothing to test",
            )
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know: what is missing, and what matters outside the region."""
        found = [f"evidence: {self.missing}"] if self.missing and self.level != "none" else []
        for name in dict.fromkeys(e.structure for e in self.exhibits):
            numbers = [e.numbers for e in self.of(name)]
            share = _ratio(_mean([n["outside_drop"] for n in numbers]), abs(_mean([n["region_drop"] for n in numbers])))
            if share >= MATTERS:
                much = f"{share:.0%} as much as all that was perturbed" if np.isfinite(share) else "and nothing else"
                found.append(f"{name}: a place that was not perturbed matters, {much}; the map can't show it")
        return tuple(found)

    def to_json(self) -> dict:
        """Plain data for the report."""
        return {
            "level": self.level,
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 4),
            "missing": self.missing,
            "structures": {
                name: [e.to_json() for e in self.of(name)] for name in dict.fromkeys(e.structure for e in self.exhibits)
            },
        }


def _mean(values: list[float]) -> float:
    values = [v for v in values if np.isfinite(v)]
    return float(np.mean(values)) if values else float("nan")


def _ratio(part: float, whole: float) -> float:
    if whole:
        return part / whole
    return float("inf") if part else float("nan")


def _relative_error(attribution: Attribution, k: int) -> float:
    """Median standard error as a share of the largest drop; nan where the map is empty."""
    largest = np.abs(attribution.drop[k]).max()
    inside = attribution.stderr[k][attribution.evaluated]
    return float(np.median(inside) / largest) if largest and inside.size else float("nan")
