"""What explaining a slice and explaining a volume share: the model opened on an image, and its maps brought back."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.attribute import explain
from XAICLIPLib.attribution.fill import HOUNSFIELD
from XAICLIPLib.attribution.methods import UNITS, Method, WorkGrid
from XAICLIPLib.attribution.monitor import Read
from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.roi.region import Region

MIN_AREA_MM2 = 100.0  # of a structure in a slice; less may be a few stray pixels
EARLY_SECONDS = 1.0  # between two looks at a map that is being made
Progress = Callable[[float, float, str], None]  # done, total, message


@dataclass(frozen=True, eq=False)
class SliceResult:
    """One explained slice, on the axial grid: maps per structure (K, H, W), masks (H, W).

    `saliency` is the positive drop as a share of the slice's own largest, or of the volume's it was explained with. It
    is what high attribution is measured on; for display a run scales all of its slices alike.
    `attribution` is the slice's own, or that of the volume it was explained with; `seconds` then is its share.
    `baseline` is the region that needs no other model, the dilated prediction (H, W), and `baseline_evaluations` what
    it would have taken: in the slice, or in the volume.
    """

    z: int
    drop: np.ndarray
    saliency: np.ndarray
    stderr: np.ndarray | None
    evaluated: np.ndarray
    region: Region
    prediction: np.ndarray
    reference: np.ndarray | None
    attribution: Attribution
    seconds: float
    baseline: np.ndarray
    baseline_evaluations: int


def attributions_of(results: Sequence[SliceResult]) -> list[Attribution]:
    """What slices were explained by: each by its own, or all by that of the volume."""
    return list({id(r.attribution): r.attribution for r in results}.values())


class Stopwatch:
    """Wall time per stage of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str):
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, time.perf_counter() - start)

    def add(self, stage: str, seconds: float) -> None:
        """Count seconds towards a stage."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


class Early:
    """Looks at a map that is being made, not too often, and keeps what was seen last.

    Parameters
    ----------
    show : callable, optional
        Gets each map seen (`Attribution`).

    Attributes
    ----------
    found : Attribution, or None
    """

    def __init__(self, show: Callable[[Attribution], None] | None = None) -> None:
        self.found: Attribution | None = None
        self._show, self._last = show, time.monotonic()

    def __call__(self, read: Read) -> None:
        now = time.monotonic()
        if now - self._last < EARLY_SECONDS:
            return
        self._last, self.found = now, read()
        if self._show:
            self._show(self.found)


def open_scorer(
    case: Case,
    prepared: Prepared,
    truth: np.ndarray | None,
    progress: Callable[[int, int], None] | None,
    reference: Tensor | None = None,
) -> Scorer:
    """The model on a prepared slice or volume, which it is run on once, and the request's score.

    `truth` holds the reference's masks (K, H, W) or (K, Z, H, W); without it `reference` may hold masks on the model's
    own grid, and without both the prediction is held against itself.
    """
    if truth is not None:
        reference = torch.as_tensor(np.stack([prepared.grid.mask_to_work(m) for m in truth]))
    request = case.request
    return Scorer(
        case.predictor(prepared),
        prepared.image,
        reference=reference,
        score=request.score,
        batch_size=request.batch_size,
        progress=progress,
        repeats=case.repeats,
    )


def perturbed(
    case: Case, prepared: Prepared, scorer: Scorer, work_region: np.ndarray, watch: Stopwatch, early: Early
) -> Attribution:
    """Explain the scorer's image inside a region of its own grid, by the request's method.

    Where the user stops it, the map that `early` saw last is the result; `Cancelled` goes on where there is none.
    """
    start, spent = time.perf_counter(), scorer.model_seconds
    region = torch.as_tensor(work_region, device=prepared.image.device)
    radius = case.receptive_radius(prepared)
    method = on_work_grid(case, prepared)
    try:
        attribution = explain(scorer, region, method, case.request.seed, radius=radius, show=early)
    except Cancelled:
        if early.found is None:
            raise
        attribution = early.found
    watch.add("perturb and score", time.perf_counter() - start - (scorer.model_seconds - spent))
    watch.add("model", scorer.model_seconds)
    return replace(attribution, warnings=(*prepared.notes, *attribution.warnings))


def nothing_to_explain(case: Case, z: int | slice, prediction: np.ndarray, smallest: float | None = None) -> str:
    """Why slice z is passed over, given the model's masks (K, H, W); empty where it is not. A slice object and masks
    (K, Z, H, W) ask about a volume.

    Unless the user named the slices, a few stray pixels do not make one worth explaining: no structure has more than
    `smallest` mm2 in it.
    """
    wanted, whose = (
        (prediction, "model finds") if case.references is None else (case.references[:, z], "reference holds")
    )
    if smallest is None:
        smallest = MIN_AREA_MM2 if case.request.slices == "auto" else 0.0
    largest = max(m.sum() for m in wanted) * case.spacing[0] * case.spacing[1]
    if largest > smallest:
        return ""
    return f"the {whose} {f'no more than {smallest:g} mm2' if largest else 'none'} of the structures"


def work_grid(case: Case, prepared: Prepared) -> WorkGrid:
    """How long the units of a method's settings are on the prepared image.

    Parameters
    ----------
    case : Case
    prepared : Prepared
        A slice or the volume of it.

    Returns
    -------
    WorkGrid
    """
    factors = {unit: case.pixels_per_unit(prepared, unit) for unit in UNITS}
    return WorkGrid(tuple(prepared.image.shape[1:]), factors)


def on_work_grid(case: Case, prepared: Prepared) -> Method:
    """The request's method in pixels and values of the prepared image."""
    method = case.request.method
    method = method.on_grid(work_grid(case, prepared))
    if isinstance(method.fill, str) and method.fill in HOUNSFIELD:
        if case.modality != "CT":
            raise InputError(
                f"fill {method.fill!r} is a CT number; this scan is {case.taken_for.words}: choose blur or mean"
                + (", or say --modality CT if it is one" if case.taken_for.guessed else "")
            )
        method = replace(method, fill=prepared.value(HOUNSFIELD[method.fill]))
    return method


def on_slice_grid(
    attribution: Attribution, prepared: Prepared, region: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """What was evaluated (H, W), signed drop and standard error (K, H, W) on the slice, or likewise on the volume.

    The map ends at the region's edge; interpolating it as it stands would mix in the zeros outside, so values and
    weights are interpolated and divided.
    """
    inside = attribution.evaluated.astype(np.float32)
    weight = prepared.grid.to_slice(inside)
    evaluated = region & (weight > 1e-3)

    def spread(values: np.ndarray) -> np.ndarray:
        return np.where(evaluated, prepared.grid.to_slice(values * inside) / np.maximum(weight, 1e-3), 0.0).astype(
            np.float32
        )

    stderr = None if attribution.stderr is None else spread(attribution.stderr)
    return evaluated, spread(attribution.drop), stderr


def normalised(drop: np.ndarray, largest: np.ndarray | None = None) -> np.ndarray:
    """Saliency in [0, 1]: the positive drop as a share of the largest in the slice or volume, per structure; a flat
    map stays 0 instead of showing its noise. `largest` (K,) takes the place of the map's own where it is larger."""
    positive = np.maximum(drop, 0)
    own = positive.reshape(len(drop), -1).max(1)
    largest = (own if largest is None else np.maximum(own, largest)).reshape(-1, *[1] * (drop.ndim - 1))
    return np.where(largest >= FLAT, positive / np.maximum(largest, FLAT), 0.0).astype(np.float32)
