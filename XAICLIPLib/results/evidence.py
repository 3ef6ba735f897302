"""What was found out for and against a run's maps: exhibits per structure and slice, and the verdict on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.case.cautions import DOUBT, UNSUITABLE, Caution
from XAICLIPLib.metrics.faithfulness import Curves
from XAICLIPLib.metrics.off_roi import MATTERS
from XAICLIPLib.metrics.trust import Findings, judge_run


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

    def verdict(
        self,
        row: dict,
        own: Sequence[dict],
        attributions: Mapping[int | str, Attribution],
        k: int,
        found: Sequence[Caution] = (),
    ) -> dict:
        """What the summary row of structure k gains: its numbers' means over the exhibits, and the trust line.

        Parameters
        ----------
        row : dict
            The numbers of the whole.
        own : sequence of dict
            Those of the structure's slices.
        attributions : mapping of slice number to Attribution
            By which each slice was explained; "all" for a volume that was explained at once.
        k : int
        found : sequence of Caution
        """
        exhibits = self.of(row["structure"])
        names = dict.fromkeys(name for e in exhibits for name in e.numbers)
        pooled = {name: _mean([e.numbers.get(name, np.nan) for e in exhibits]) for name in names}
        if "outside_drop" in pooled:  # a mean of ratios would be ruled by the slices in which nothing matters much
            pooled["outside_share"] = _ratio(pooled["outside_drop"], abs(pooled["region_drop"]))
        numbers = {r["slice"]: r for r in own} | {"all": row}
        slices = {e.slice: _of_slice(e, numbers[e.slice], attributions[e.slice], k) for e in exhibits}
        trust = judge_run(self._of_run(row, list(attributions.values()), k, found), slices)
        return pooled | {
            "evidence_slices": [e.slice for e in exhibits],
            "trust": trust.level,
            "trust_reasons": list(trust.reasons),
        }

    def _of_run(self, row: dict, attributions: Sequence[Attribution], k: int, found: Sequence[Caution]) -> Findings:
        errors = [a.relative_error[k] for a in attributions]
        errors = [e for e in errors if np.isfinite(e)]
        return Findings(
            largest_drop=_largest(row, attributions[0]),
            score=row["score"],
            evaluations=round(np.mean([a.evaluations for a in attributions])),
            region_recall=row["target_recall"],
            error=float(np.median(errors)) if errors else np.nan,
            unrepeatable=max(float(a.details.get("unrepeatable", 0.0)) for a in attributions),
            neighbours=max(float(a.details.get("neighbours", 0.0)) for a in attributions),
            dice=row.get("dice", np.nan),
            unsuitable=tuple(c.text for c in found if c.kind == UNSUITABLE),
            doubts=tuple(c.text for c in found if c.kind == DOUBT),
            untested=self.missing,
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know: what is missing, and what matters outside the region, and in which slices."""
        found = [f"evidence: {self.missing}"] if self.missing and self.level != "none" else []
        for name in dict.fromkeys(e.structure for e in self.exhibits):
            shares = {e.slice: e.numbers["outside_share"] for e in self.of(name)}
            held = {z: share for z, share in shares.items() if share >= MATTERS}
            if held:
                worst = max(held.values())
                much = f"{worst:.0%} as much as" if worst < 2 else f"{worst:.1f} times"
                much = f"{much} all that was perturbed" if np.isfinite(worst) else "and nothing else"
                where = "" if "all" in held else f" in slice{'s' * (len(held) > 1)} {', '.join(map(str, held))}"
                most = "up to " if len(held) > 1 and np.isfinite(worst) else ""
                found.append(
                    f"{name}: a place that was not perturbed matters{where}, {most}{much}; the map can't show it"
                )
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


def _of_slice(exhibit: Exhibit, row: dict, attribution: Attribution, k: int) -> Findings:
    """What was found out about one slice, or the volume."""
    numbers = exhibit.numbers
    return Findings(
        largest_drop=_largest(row, attribution),
        score=float(attribution.baseline[k]),
        effect=numbers["region_drop"],
        gap=numbers["gap"],
        random_gap=numbers["random_gap"],
        roi_gap=numbers["roi_gap"],
        second_gap=numbers["second_gap"],
        second_effect=numbers["second_region_drop"],
        outside=numbers["outside_share"],
        error=float(attribution.relative_error[k]),
        fills=numbers.get("fill_agreement", np.nan),
        seeds=numbers.get("seed_agreement", np.nan),
        twin=numbers.get("random_weights_agreement", np.nan),
    )


def _largest(row: dict, attribution: Attribution) -> float:
    """The largest drop without its sign; nan for a map that is none: RISE's raw estimator is a mean score."""
    if attribution.details.get("estimator") == "raw":
        return float("nan")
    return max(abs(row["largest_drop"]), abs(row["smallest_drop"]))
