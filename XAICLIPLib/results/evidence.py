"""The evidence for and against a run's maps: measured per structure and slice, and the verdict on all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.case.cautions import DOUBT, UNSUITABLE, Caution
from XAICLIPLib.message import Message
from XAICLIPLib.metrics.faithfulness import Curves
from XAICLIPLib.metrics.findings import Findings
from XAICLIPLib.metrics.off_roi import MATTERS
from XAICLIPLib.metrics.trust import judge_run
from XAICLIPLib.results.rows import EvidenceRow, SliceRow, SummaryRow, columns_of


@dataclass(frozen=True, eq=False)
class MapEvidence:
    """What was measured to test the map of one structure in one slice, or in the volume.

    Attributes
    ----------
    structure : str
    slice : int or str
        "all" for a volume that was explained at once.
    curves : dict of fill to Curves
        The run's own fill first.
    numbers : EvidenceRow
        Everything else, and the areas under the curves.
    """

    structure: str
    slice: int | str
    curves: dict[str, Curves]
    numbers: EvidenceRow

    def to_json(self) -> dict:
        """Plain data for the report: the numbers and the curves' points.

        Returns
        -------
        dict
        """
        drawn = {}
        for fill, c in self.curves.items():
            drawn[fill] = {"area": c.area, "deletion": c.deletion, "insertion": c.insertion}
            if len(c.random):
                drawn[fill] |= {"random_deletion": c.random.mean(0), "random_insertion": c.random.mean(0)[::-1]}
            if c.roi_deletion is not None and c.roi_insertion is not None:
                drawn[fill] |= {"roi_deletion": c.roi_deletion, "roi_insertion": c.roi_insertion}
            if c.shape_deletion is not None and c.shape_insertion is not None:
                drawn[fill] |= {"shape_deletion": c.shape_deletion, "shape_insertion": c.shape_insertion}
        return {"slice": self.slice, "numbers": self.numbers.as_dict(), "curves": drawn}


@dataclass(eq=False)
class Evidence:
    """The evidence of a run.

    Attributes
    ----------
    level : str
        "none", "quick" or "full".
    maps : list of MapEvidence
    evaluations : int
        Model runs on perturbed images, apart from those of the maps.
    seconds : float
    missing : str
        Why there is no evidence, or not all of it; empty where nothing is missing.
    """

    level: str
    maps: list[MapEvidence] = field(default_factory=list)
    evaluations: int = 0
    seconds: float = 0.0
    missing: str = ""

    def of(self, structure: str) -> list[MapEvidence]:
        """The evidence on the maps of one structure.

        Parameters
        ----------
        structure : str
            Its name.

        Returns
        -------
        list of MapEvidence
            In the order in which the slices were tested; empty where none was.
        """
        return [m for m in self.maps if m.structure == structure]

    def added_to(self, rows: Sequence[SliceRow]) -> list[SliceRow]:
        """The rows of the slices with what was measured in them.

        Parameters
        ----------
        rows : sequence of SliceRow

        Returns
        -------
        list of SliceRow
            In the same order; those of slices that were not tested as they are.
        """
        measured = {(m.slice, m.structure): m.numbers for m in self.maps}
        return [replace(row, **_given(measured.get((row.slice, row.structure), EvidenceRow()))) for row in rows]

    def judged(
        self,
        row: SummaryRow,
        slices: Sequence[SliceRow],
        attributions: Mapping[int | str, Attribution],
        k: int,
        cautions: Sequence[Caution] = (),
    ) -> SummaryRow:
        """The summary row of structure k with the means of what was measured, and how far the map can be trusted.

        Parameters
        ----------
        row : SummaryRow
            The numbers of the whole.
        slices : sequence of SliceRow
            Those of the structure's slices.
        attributions : mapping of slice number to Attribution
            By which each slice was explained; "all" for a volume that was explained at once.
        k : int
            Which of the structures, from 0.
        cautions : sequence of Caution
            About models and region.

        Returns
        -------
        SummaryRow
        """
        own = self.of(row.structure)
        rows: dict[int | str, SliceRow | SummaryRow] = {**{r.slice: r for r in slices}, "all": row}
        tested = {m.slice: _of_slice(m, rows[m.slice], attributions[m.slice], k) for m in own}
        run = self._of_run(row, list(attributions.values()), k, cautions)
        remote, again = _remote(row, list(tested.values()))
        trust = judge_run(replace(run, remote=remote, other_remote=again), tested)
        return replace(
            row,
            **_pooled([m.numbers for m in own]),
            evidence_slices=[m.slice for m in own],
            trust=trust.level,
            trust_reasons=list(trust.reasons),
            trust_points=list(trust.points),
        )

    def _of_run(
        self, row: SummaryRow, attributions: Sequence[Attribution], k: int, cautions: Sequence[Caution]
    ) -> Findings:
        errors = [a.relative_error[k] for a in attributions]
        errors = [e for e in errors if np.isfinite(e)]
        return Findings(
            largest_drop=_largest(row, attributions[0]),
            score=row.score,
            evaluations=round(np.mean([a.evaluations for a in attributions])),
            region_recall=row.target_recall,
            error=float(np.median(errors)) if errors else np.nan,
            unrepeatable=max(float(a.details.get("unrepeatable", 0.0)) for a in attributions),
            neighbours=max(float(a.details.get("neighbours", 0.0)) for a in attributions),
            dice=_known(row.dice),
            shape=_known(row.shape_correlation),
            unsuitable=tuple(c.text for c in cautions if c.kind == UNSUITABLE),
            doubts=tuple(c.text for c in cautions if c.kind == DOUBT),
            untested=self.missing,
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know: what is missing, and what matters outside the region, and in which slices."""
        texts: list[str] = []
        if self.missing and self.level != "none":
            texts.append(Message("evidence: {reason}", reason=self.missing))
        for name in dict.fromkeys(m.structure for m in self.maps):
            shares = {m.slice: _known(m.numbers.outside_share) for m in self.of(name)}
            if large := {z: share for z, share in shares.items() if share >= MATTERS}:
                texts.append(_outside(name, large))
        return tuple(texts)

    def to_json(self) -> dict:
        """Plain data for the report.

        Returns
        -------
        dict
        """
        return {
            "level": self.level,
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 4),
            "missing": self.missing,
            "structures": {
                name: [m.to_json() for m in self.of(name)] for name in dict.fromkeys(m.structure for m in self.maps)
            },
        }


def _outside(name: str, shares: Mapping[int | str, float]) -> Message:
    """What matters outside the region, by slice, in words."""
    worst = max(shares.values())
    if worst < 2:
        most = Message("{share:.0%} as much as all that was perturbed", share=worst)
    elif np.isfinite(worst):
        most = Message("{times:.1f} times all that was perturbed", times=worst)
    else:
        most = Message("and nothing else")
    if len(shares) > 1 and np.isfinite(worst):
        most = Message("up to {share}", share=most)
    said = {"structure": anatomy.describe(name).label, "much": most}
    if "all" in shares:
        return Message("{structure}: a place that was not perturbed matters, {much}; the map can't show it", **said)
    slices = [str(z) for z in shares]
    if len(slices) == 1:
        return Message("{structure}: a place that was not perturbed matters in slice {slice}, {much}; the map can't "
                       "show it", slice=slices[0], **said)  # fmt: skip
    return Message("{structure}: a place that was not perturbed matters in slices {slices}, {much}; the map can't "
                   "show it", slices=slices, **said)  # fmt: skip


def _given(numbers: EvidenceRow) -> dict[str, Any]:
    """What was measured, by the names of attributes."""
    values = {name: getattr(numbers, name) for name in columns_of(EvidenceRow)}
    return {name: value for name, value in values.items() if value is not None}


def _pooled(tested: Sequence[EvidenceRow]) -> dict[str, Any]:
    """Means over the slices that were tested."""
    measured = [_given(numbers) for numbers in tested]
    names = dict.fromkeys(name for values in measured for name in values)
    pooled: dict[str, Any] = {name: _mean_of([v[name] for v in measured if name in v]) for name in names}
    if "outside_drop" in pooled:  # a mean of ratios would be ruled by the slices in which nothing matters much
        pooled["outside_share"] = _ratio(pooled["outside_drop"], abs(pooled["region_drop"]))
    return pooled


def _mean_of(values: list[Any]) -> Any:
    """Of numbers, or of lists of as many."""
    return [_mean(list(own)) for own in zip(*values)] if isinstance(values[0], list) else _mean(values)


def _mean(values: list[float]) -> float:
    values = [v for v in values if np.isfinite(v)]
    return float(np.mean(values)) if values else float("nan")


def _ratio(part: float, whole: float) -> float:
    if whole:
        return part / whole
    return float("inf") if part else float("nan")


def _known(value: float | None) -> float:
    """A number, nan where it was not measured."""
    return float("nan") if value is None else value


def _of_slice(evidence: MapEvidence, row: SliceRow | SummaryRow, attribution: Attribution, k: int) -> Findings:
    """What was found out about one slice, or the volume."""
    numbers = evidence.numbers
    return Findings(
        largest_drop=_largest(row, attribution),
        score=float(attribution.baseline[k]),
        effect=_known(numbers.region_drop),
        gap=_known(numbers.gap),
        random_gap=_known(numbers.random_gap),
        roi_gap=_known(numbers.roi_gap),
        shape_gap=_known(numbers.shape_gap),
        second_gap=_known(numbers.second_gap),
        second_effect=_known(numbers.second_region_drop),
        outside=_known(numbers.outside_share),
        error=float(attribution.relative_error[k]),
        fills=_known(numbers.fill_agreement),
        seeds=_known(numbers.seed_agreement),
        random_weights=_known(numbers.random_weights_agreement),
        shape=_known(row.shape_correlation),
        remote=_known(row.remote_loss),
        other_remote=_known(numbers.second_remote_loss),
    )


def _remote(row: SummaryRow, tested: Sequence[Findings]) -> tuple[float, float]:
    """What matters for the rest of the structure in a run, and the same asked again: where it does so repeatably, if in
    any slice."""
    asked = [f for f in tested if np.isfinite(f.other_remote)]
    if not asked:
        return _known(row.remote_loss), float("nan")
    best = max(asked, key=lambda f: (f.is_remote, f.remote))
    return best.remote, best.other_remote


def _largest(row: SliceRow | SummaryRow, attribution: Attribution) -> float:
    """The largest drop without its sign; nan for a map that is none: RISE's raw estimator is a mean score."""
    if attribution.details.get("estimator") == "raw":
        return float("nan")
    return max(abs(row.largest_drop), abs(row.smallest_drop))
