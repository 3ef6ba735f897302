"""Gather the evidence for and against a run's maps, once the maps are there.

"quick" looks at three slices per structure: the one of median area, and one from each end of the structure. The slice
with the largest drop would flatter: it is often the smallest cut, which falls with a single patch. It takes at most a
quarter of the run's evaluations, but never fewer than a verdict needs (about 55 a slice). "full" looks at every slice,
and on the one of median area explains the structure again: with another fill, with another seed, and with the network's
weights randomised. Its evaluations are several times those of the run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.attribute import explain
from XAICLIPLib.attribution.fill import alike, called, make_fill
from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.attribution.perturbations import PixelSets
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import Cancelled, XAICLIPError
from XAICLIPLib.influence.files import read_record
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.shape import shape_null
from XAICLIPLib.message import Message
from XAICLIPLib.metrics.faithfulness import SEEDS, STEPS, Baselines, Curves, curves
from XAICLIPLib.metrics.fidelity import SHARES, Subsets, fidelity
from XAICLIPLib.metrics.localisation import relevance_metrics
from XAICLIPLib.metrics.off_roi import FEWEST, probe_outside
from XAICLIPLib.metrics.other_fill import OTHER_FILLS, choose_other_fill
from XAICLIPLib.metrics.randomisation import STAGES, cascade, rank_correlation, structural_similarity
from XAICLIPLib.pipeline.images import image_shapley
from XAICLIPLib.pipeline.opened import Opened, SliceResult, attributions_of, open_image
from XAICLIPLib.pipeline.recording import SPREAD, asked_again
from XAICLIPLib.results.evidence import Evidence, MapEvidence
from XAICLIPLib.results.rows import EvidenceRow

QUICK_SHARE = 0.25  # of the run's evaluations
QUICK_SLICES = 3  # of a structure
PROBE_SHARE = 0.1
MOST_PATCHES = 16
ORDERS = 6 + SEEDS  # in which the region is taken away: of the map, its reverse, the same of the shape, another fill
OTHERS = 7 + SPREAD  # the region filled, by each fill, and the places that are asked about again
QUICK_STEPS = (STEPS, 10, 5)  # along a curve, as many as the quarter allows


def gather(case: Case, results: list[SliceResult], progress: Callable[[float], None]) -> Evidence:
    """Test the maps of a run, as far as the request asks for it.

    Parameters
    ----------
    case : Case
    results : list of SliceResult
        At least one.
    progress : callable
        Called with the share done; raise `Cancelled` in it to stop. What was found until then is kept.

    Returns
    -------
    Evidence
        A model that fails under a test's perturbation does not cost the run its maps: it is said in `missing`.
    """
    evidence = Evidence(case.request.evidence.level)
    if evidence.level == "none":
        evidence.missing = Message("the evidence was switched off")
        return evidence
    start = time.perf_counter()
    work = _chosen(case, results, evidence.level)
    for number, (result, structures) in enumerate(work):
        within = _OpenEndedProgress(number / len(work), 1 / len(work), progress)
        examination = _Examination(case, result, results, evidence, within)
        try:
            within(0, 1)
            examination.examine(structures)
        except Cancelled:
            evidence.missing = Message("stopped by the user")
            break
        except XAICLIPError as error:
            evidence.missing = Message("a test failed: {error}", error=error.text)
        finally:
            evidence.evaluations += examination.evaluations
    evidence.seconds = time.perf_counter() - start
    return evidence


def expected_evaluations(case: Case, slices: int, evaluations: int) -> int:
    """About how many evaluations `gather` makes, for whoever plans a run.

    Parameters
    ----------
    case : Case
    slices : int
        That are explained.
    evaluations : int
        That their maps take.

    Returns
    -------
    int
        Of "quick" the quarter of the run, or what a verdict needs at least.
    """
    level, structures = case.request.evidence.level, len(case.structures)
    if level == "none" or not slices:
        return 0
    maps = structures * (1 if case.volumetric else slices if level == "full" else min(QUICK_SLICES, slices))
    if level == "quick":
        return max(maps * (ORDERS * (QUICK_STEPS[-1] - 1) + OTHERS + FEWEST), round(QUICK_SHARE * evaluations))
    subsets = Subsets()
    tried = (ORDERS + SEEDS) * (STEPS - 1) + OTHERS + MOST_PATCHES
    tried += subsets.samples * len(SHARES) + subsets.mu_samples
    # on the median slice everything again: with another fill, and with weights randomised in stages
    again = (1 + len(STAGES)) * structures * evaluations // (1 if case.volumetric else slices)
    return maps * tried + again


class _OpenEndedProgress:
    """Progress through parts whose number is not known: each takes half of what is left of the width."""

    def __init__(self, start: float, width: float, progress: Callable[[float], None]) -> None:
        self._start, self._left, self._progress = start, width, progress

    def __call__(self, done: int, total: int) -> None:
        part = self._left / 2 * done / max(1, total)
        self._progress(self._start + part)
        if done and done == total:
            self._start, self._left = self._start + part, self._left - part


def _chosen(case: Case, results: list[SliceResult], level: str) -> list[tuple[SliceResult, list[int]]]:
    """The slices to look at, with the structures to look at in each; of a volume, any slice stands for all."""
    present = [k for k in range(len(case.structures)) if any(r.attribution.present[k] for r in results)]
    if case.volumetric:
        return [(results[0], present)]
    holding = {k: [r for r in results if r.attribution.present[k]] for k in present}
    if level == "full":
        return [(r, mine) for r in results if (mine := [k for k in present if r.attribution.present[k]])]
    chosen = {k: [r.z for r in _spread(slices, k)] for k, slices in holding.items()}
    return [(r, mine) for r in results if (mine := [k for k in present if r.z in chosen[k]])]


def _area(result: SliceResult, k: int) -> int:
    """Pixels of what is explained in a slice: of the reference, or of the prediction where there is none."""
    return int(result.target(k).sum())


def _median(results: list[SliceResult], k: int) -> SliceResult:
    """The slice of median area."""
    return sorted(results, key=lambda r: (_area(r, k), r.z))[len(results) // 2]


def _spread(results: list[SliceResult], k: int) -> list[SliceResult]:
    """The slice of median area and the middle one of each other third of the structure, in axial order."""
    results = sorted(results, key=lambda r: r.z)
    if len(results) <= QUICK_SLICES:
        return results
    median = _median(results, k).z
    parts = np.array_split(np.arange(len(results)), QUICK_SLICES)
    thirds = [[results[i] for i in part] for part in parts]
    return [next((r for r in third if r.z == median), third[len(third) // 2]) for third in thirds]


class _Examination:
    """One slice, or the volume, with the model ready to be run on it again."""

    def __init__(
        self,
        case: Case,
        result: SliceResult,
        results: list[SliceResult],
        evidence: Evidence,
        progress: Callable[[int, int], None],
    ) -> None:
        self._case, self._result, self._results = case, result, results
        self._evidence, self._progress = evidence, progress
        self._attribution = result.attribution
        self._is_full = evidence.level == "full"
        self._scorers: list[Scorer] = []
        self._shapley: dict[str, np.ndarray] = {}  # by fill

    @property
    def evaluations(self) -> int:
        """Made so far."""
        return sum(scorer.evaluations for scorer in self._scorers)

    def examine(self, structures: list[int]) -> None:
        """Add the evidence on the map of each structure."""
        case, attribution = self._case, self._attribution
        region = attribution.evaluated
        if not region.any():
            return
        opened = self._open(case)
        prepared, scorer, method = opened.prepared, opened.scorer, opened.method
        inside = torch.as_tensor(region, device=prepared.image.device)
        asked = case.request.method.fill
        asked = called(asked)
        own = make_fill(prepared.image, method.fill, inside, case.request.seed)
        others = {
            name: make_fill(prepared.image, alike(method.fill, name), inside, case.request.seed)
            for name in OTHER_FILLS
            if name != asked
        }
        patches = min(MOST_PATCHES, max(FEWEST, int(PROBE_SHARE * attribution.evaluations)))
        outside = probe_outside(scorer, region, own, patches)
        null = shape_null(scorer, inside, method, case.request.seed)
        if radius := case.receptive_radius(prepared):
            scorer.narrow(torch.where(inside, own, prepared.image), inside, radius)
        effects = self._effects(scorer, others, region)
        for k in structures:
            second = choose_other_fill(dict(zip(others, effects[:, k])), abs(float(outside.region_drop[k])))
            fills = {asked: own, second: others[second]}
            drawn = self._curves(opened, k, fills, patches, null.drop[k])
            numbers = {
                "outside_drop": outside.largest(k),
                "outside_share": outside.share(k),
                "outside_patches": len(outside.boxes),
                **_areas(*drawn.values()),
                **self._localisation(k),
                **self._asked_again(scorer, k, others[second]),
                **self._images_again(opened, k, second),
            }
            if self._is_full:
                numbers |= fidelity(scorer, k, attribution.drop[k], region, own, seed=case.request.seed)
                if self._is_median(k):
                    numbers |= self._explained_again(k, opened, second)
            where = "all" if case.volumetric else self._result.z
            measured = EvidenceRow(**EvidenceRow.attributes(numbers))
            self._evidence.maps.append(MapEvidence(case.structures[k].name, where, drawn, measured))

    def _asked_again(self, scorer: Scorer, k: int, filled: Tensor) -> dict[str, float]:
        """What the answers in words rest on, under another fill; nothing where nothing was recorded."""
        kept = self._result.kept
        if kept is None or kept.changes is None:
            return {}
        known = Influence(*read_record(kept.changes.tobytes(), "the record of a slice"))
        unseen, remote = asked_again(scorer, known, k, filled)
        return {"second_unseen_share": unseen, "second_remote_loss": remote}

    def _images_again(self, opened: Opened, k: int, second: str) -> dict[str, list[float]]:
        """What each of several images is worth with another fill; nothing where that is not known of the run's own."""
        known = self._result.images
        if known is None or known.shapley is None:
            return {}
        if second not in self._shapley:
            image = opened.prepared.image
            inside = torch.as_tensor(self._attribution.evaluated, device=image.device)
            fill = make_fill(image, second, inside, self._case.request.seed)
            self._shapley[second] = image_shapley(opened.scorer, inside, fill)
        return {"second_image_shapley": self._shapley[second][:, k].tolist()}

    @staticmethod
    def _effects(scorer: Scorer, fills: dict[str, Tensor], region: np.ndarray) -> np.ndarray:
        """How far the score changes with the whole region under each fill: (fills, K)."""
        whole = [np.flatnonzero(region)]
        scores = [scorer.evaluate(PixelSets(scorer.image, filled, whole)) for filled in fills.values()]
        return (scorer.baseline.cpu() - torch.cat(scores)).abs().numpy()

    def _open(self, case: Case, reference: Tensor | None = None) -> Opened:
        z = None if case.volumetric else self._result.z
        opened = open_image(case, z, self._progress, reference=reference)
        self._scorers.append(opened.scorer)
        return opened

    def _curves(
        self, opened: Opened, k: int, fills: dict[str, Tensor], probed: int, shape: np.ndarray
    ) -> dict[str, Curves]:
        """The curves of both fills; random orders are tried with the run's own alone, unless everything is wanted, and
        the order of the map that needs no model with the run's own."""
        steps = STEPS if self._is_full else self._affordable(probed)
        values, region = self._attribution.drop[k], self._attribution.evaluated
        name = self._case.structures[k].name
        own = None
        if all(name in r.region.masks for r in self._results):
            own = opened.on_work_grid(self._own_region(name))
        baselines = Baselines(own, shape if np.ptp(shape[region]) > 0 else None)
        return {
            fill: curves(
                opened.scorer, k, values, region, filled, steps=steps, baselines=baselines if number == 0 else None,
                seeds=range(self._case.request.seed, self._case.request.seed + SEEDS)
                if number == 0 or self._is_full else (),
            )
            for number, (fill, filled) in enumerate(fills.items())
        }  # fmt: skip

    def _own_region(self, name: str) -> np.ndarray:
        """The part of the region that is there for this structure, on the slice or the volume."""
        if not self._case.volumetric:
            return self._result.region.masks[name]
        mask = np.zeros(self._case.scan.axial.shape, bool)
        for result in self._results:
            mask[result.z] = result.region.masks[name]
        return mask

    def _affordable(self, probed: int) -> int:
        """The finest curves within a slice's part of the quick budget."""
        run = sum(a.evaluations for a in attributions_of(self._results))
        slices = 1 if self._case.volumetric else min(QUICK_SLICES, len(self._results))
        budget = QUICK_SHARE * run / len(self._case.structures) / slices - probed
        for steps in QUICK_STEPS:
            if ORDERS * (steps - 1) + OTHERS <= budget:
                return steps
        return QUICK_STEPS[-1]

    def _localisation(self, k: int) -> dict[str, float]:
        case = self._case
        chosen = self._results if case.volumetric else [self._result]
        drop = np.stack([r.drop[k] for r in chosen])
        evaluated, target = np.stack([r.evaluated for r in chosen]), np.stack([r.target(k) for r in chosen])
        if not case.volumetric:
            return relevance_metrics(drop[0], evaluated[0], target[0], case.scan.spacing)
        return relevance_metrics(drop, evaluated, target, (case.scan.axial.spacing[2], *case.scan.spacing))

    def _is_median(self, k: int) -> bool:
        """Whether this is the structure's slice of median area."""
        holding = [r for r in self._results if r.attribution.present[k]]
        return self._case.volumetric or self._result.z == _median(holding, k).z

    def _explained_again(self, k: int, opened: Opened, second: str) -> dict[str, float]:
        """How alike the map is with another fill, another seed, and random weights."""
        scorer, method = opened.scorer, opened.method
        seed, region = self._case.request.seed, self._attribution.evaluated
        inside = torch.as_tensor(region, device=opened.prepared.image.device)
        mine = self._attribution.drop[k]

        def again(scorer: Scorer, method: Method, seed: int) -> np.ndarray:
            return explain(scorer, inside, method, seed).drop[k]

        other = replace(method, fill=alike(method.fill, second))
        figures = {"fill_agreement": rank_correlation(mine, again(scorer, other, seed), region)}
        if method.is_random:
            figures["seed_agreement"] = rank_correlation(mine, again(scorer, method, seed + 1), region)
        if opened.prepared.predict is not None:
            return figures  # it keeps something of this model; a copy of the weights would not be asked
        asked = None if self._case.references is not None else scorer.prediction > 0.5
        for share, randomised in cascade(self._case.segmenter, seed):
            other = self._open(self._case.of_model(randomised), asked)
            if torch.equal(other.scorer.prediction, scorer.prediction):
                return figures  # what it shows as its network is not what it predicts with
            drop = again(other.scorer, method, seed)
            agreement = rank_correlation(mine, drop, region)
            figures[f"random_weights_{share:.0%}"] = agreement
            figures["random_weights_agreement"] = agreement  # in the end, of all layers
            if drop.ndim == 2:
                figures["random_weights_ssim"] = structural_similarity(mine, drop, region)
        return figures


def _areas(own: Curves, second: Curves) -> dict[str, float]:
    """The curves in numbers, those of the second fill by that name."""
    return {
        "deletion_auc": own.deletion_auc,
        "insertion_auc": own.insertion_auc,
        "random_auc": own.random_auc,
        "gap": own.gap,
        "random_gap": own.random_gap,
        "roi_gap": own.roi_gap if own.roi_deletion is not None else float("nan"),  # nothing was measured
        "shape_gap": own.shape_gap,
        "region_drop": own.effect,
        "second_deletion_auc": second.deletion_auc,
        "second_insertion_auc": second.insertion_auc,
        "second_gap": second.gap,
        "second_region_drop": second.effect,
    }
