"""What explaining a slice and explaining a volume share: the model opened on an image, and its maps brought back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.asking import Predict
from XAICLIPLib.attribution.attribute import explain
from XAICLIPLib.attribution.methods import UNITS, Method, WorkGrid
from XAICLIPLib.attribution.monitor import Read
from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.models.tiles import RELIABLE
from XAICLIPLib.pipeline.cost import Foretold, share_of_tiles
from XAICLIPLib.pipeline.fills import fill_on
from XAICLIPLib.pipeline.kept import ByImage, Kept
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
    it would have taken: in the slice, or in the volume. `kept` is what can be asked afterwards; None while the map is
    coarse. `remote` is which places the rest of each structure hangs on, where a run may show that, see `shown`.
    `images` is what each of several registered images does; None where there is one.
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
    kept: Kept | None = None
    remote: np.ndarray | None = None
    images: ByImage | None = None

    def target(self, k: int) -> np.ndarray:
        """What the numbers of structure k are held against.

        Parameters
        ----------
        k : int
            Which of the case's structures, from 0.

        Returns
        -------
        ndarray, shape (H, W), bool
            Its mask in the reference, or the model's own where there is none.
        """
        return self.prediction[k] if self.reference is None else self.reference[k]


def attributions_of(results: Sequence[SliceResult]) -> list[Attribution]:
    """What slices were explained by: each by its own, or all by that of the volume.

    Parameters
    ----------
    results : sequence of SliceResult

    Returns
    -------
    list of Attribution
    """
    return list({id(r.attribution): r.attribution for r in results}.values())


class Stopwatch:
    """Wall time per stage of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count the time inside a `with` block.

        Parameters
        ----------
        stage : str
            What it is counted towards.

        Yields
        ------
        None
        """
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, time.perf_counter() - start)

    def add(self, stage: str, seconds: float) -> None:
        """Count time that was measured otherwise.

        Parameters
        ----------
        stage : str
        seconds : float
        """
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


class EarlyMaps:
    """Looks at a map that is being made, not too often, and keeps what was seen last.

    Parameters
    ----------
    on_map : callable, optional
        Gets each map that was looked at (`Attribution`).

    Attributes
    ----------
    latest : Attribution, or None
    """

    def __init__(self, on_map: Callable[[Attribution], None] | None = None) -> None:
        self.latest: Attribution | None = None
        self._on_map, self._last = on_map, time.monotonic()

    def __call__(self, read: Read) -> None:
        """Look, where the last look is a second ago.

        Parameters
        ----------
        read : callable
            Gives the map as it is now, see `Monitor`.
        """
        now = time.monotonic()
        if now - self._last < EARLY_SECONDS:
            return
        self._last, self.latest = now, read()
        if self._on_map:
            self._on_map(self.latest)


@dataclass(frozen=True, eq=False)
class Opened:
    """A slice, or the whole volume, that the model was run on once: everything up to the first perturbed copy.

    Attributes
    ----------
    case : Case
    z : int, or None
        The axial slice; None for the volume.
    prepared : Prepared
        The image as the model gets it, and its grid.
    scorer : Scorer
        The model on copies of it, and the request's score.
    prediction : ndarray, shape (K, H, W) or (K, Z, H, W), bool
        The model's own masks on the scan's axial grid.
    foretold : Foretold, optional
        What the prediction was said to take before it was made, of a volume that is seen in tiles.
    """

    case: Case
    z: int | None
    prepared: Prepared
    scorer: Scorer
    prediction: np.ndarray
    foretold: Foretold | None = None

    @property
    def reference(self) -> np.ndarray | None:
        """The ground truth's masks, shaped as the prediction; None where there is none."""
        return _reference(self.case, self.z)

    @property
    def predictions(self) -> dict[str, np.ndarray]:
        """The model's own masks by the structure's name."""
        return {s.name: mask for s, mask in zip(self.case.structures, self.prediction)}

    @cached_property
    def method(self) -> Method:
        """The request's method in pixels and values of the prepared image."""
        return on_work_grid(self.case, self.prepared)

    def nothing_to_explain(self, smallest: float | None = None) -> str:
        """Why this slice is passed over, see `nothing_to_explain`.

        Parameters
        ----------
        smallest : float, optional
            mm2.

        Returns
        -------
        str
            Empty where it is not.
        """
        return nothing_to_explain(self.case, slice(None) if self.z is None else self.z, self.prediction, smallest)

    def region(self) -> Region:
        """Where the slice may be perturbed.

        Returns
        -------
        Region

        Raises
        ------
        XAICLIPError
            If it can't be found, or this is a volume, each slice of which has its own.
        """
        if self.z is None:
            raise InputError("a volume has no region of its own; ask for that of a slice")
        return self.case.region(self.z, self.predictions)

    def on_work_grid(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the model's own grid.

        Parameters
        ----------
        mask : ndarray, shape (H, W) or (Z, H, W), bool

        Returns
        -------
        ndarray, shape (h, w) or (d, h, w), bool
        """
        return self.prepared.grid.mask_to_work(mask)

    def planned(self, mask: np.ndarray) -> tuple[int, int]:
        """What explaining a mask would take.

        Parameters
        ----------
        mask : ndarray, shape (H, W) or (Z, H, W), bool

        Returns
        -------
        needed, full : int
            Evaluations for the mask, and for the whole image.
        """
        return self.method.plan(self.on_work_grid(mask))

    def seconds_needed(self, work_region: np.ndarray) -> float:
        """How long the model will take for a map; a short first run is not relied on, since a model warms up in it.

        Parameters
        ----------
        work_region : ndarray, shape (h, w) or (d, h, w), bool
            On the model's own grid.

        Returns
        -------
        float
            Seconds, about.
        """
        evaluations, _ = self.method.plan(work_region)
        share = share_of_tiles(self.method, self.prepared, work_region)
        first = self.scorer.model_seconds
        tiled = self.prepared.tiling is not None
        return evaluations * share * (first if tiled and first > RELIABLE else self.scorer.seconds_each())

    def explain(self, work_region: np.ndarray, stopwatch: Stopwatch, early: EarlyMaps) -> Attribution:
        """Explain the image inside a region by the request's method.

        Parameters
        ----------
        work_region : ndarray, shape (h, w) or (d, h, w), bool
            On the model's own grid.
        stopwatch : Stopwatch
        early : EarlyMaps
            Where the user stops the run, the map that it saw last is the result.

        Returns
        -------
        Attribution

        Raises
        ------
        Cancelled
            If the user stops it before there was any map to see.
        """
        scorer, prepared = self.scorer, self.prepared
        start, spent = time.perf_counter(), scorer.model_seconds
        region = torch.as_tensor(work_region, device=prepared.image.device)
        radius = self.case.receptive_radius(prepared)
        method = self.method
        try:
            attribution = explain(scorer, region, method, self.case.request.seed, radius=radius, show=early)
        except Cancelled:
            if early.latest is None:
                raise
            attribution = early.latest
        stopwatch.add("perturb and score", time.perf_counter() - start - (scorer.model_seconds - spent))
        stopwatch.add("model", scorer.model_seconds)
        return replace(attribution, warnings=(*prepared.notes, *attribution.warnings))


def open_image(
    case: Case,
    z: int | None,
    progress: Callable[[int, int], None] | None = None,
    *,
    stopwatch: Stopwatch | None = None,
    before_run: Callable[[Prepared], None] | None = None,
    reference: Tensor | None = None,
    predictor: Callable[[Prepared], Predict] | None = None,
) -> Opened:
    """Prepare a slice or the volume, run the model on it once, and hold it against the reference.

    Parameters
    ----------
    case : Case
    z : int, or None
        Axial slice; None for the whole volume.
    progress : callable, optional
        Called with (done, total) evaluations; raise `Cancelled` in it to stop.
    stopwatch : Stopwatch, optional
        Counts the time for preparing; the model's own is counted when the image is explained.
    before_run : callable, optional
        Gets the prepared image before the model is run for the first time.
    reference : Tensor, shape (K, h, w) or (K, d, h, w), bool, optional
        Masks on the model's own grid where the case has no reference; without both, the score holds the prediction of
        a perturbed image against that of the unperturbed one.
    predictor : callable, optional
        Gives the model on copies of the prepared image; by default with its channels joined to structures.

    Returns
    -------
    Opened

    Raises
    ------
    XAICLIPError
        If the model can't be opened, or fails.
    """
    stopwatch = stopwatch or Stopwatch()
    with stopwatch("prepare"):
        prepared = case.prepare(z)
    if before_run:
        before_run(prepared)
    if (masks := _reference(case, z)) is not None:
        reference = torch.as_tensor(np.stack([prepared.grid.mask_to_work(mask) for mask in masks]))
    scorer = Scorer(
        (predictor or case.predictor)(prepared),
        prepared.image,
        reference=reference,
        score=case.request.score,
        batch_size=case.request.batch_size,
        progress=progress,
        repeats=case.repeats,
    )
    scorer.tiling = prepared.tiling
    with stopwatch("prepare"):
        prediction = prepared.masks(scorer.prediction.cpu().numpy())
    return Opened(case, z, prepared, scorer, prediction)


def _reference(case: Case, z: int | None) -> np.ndarray | None:
    if case.references is None:
        return None
    return case.references if z is None else case.references[:, z]


def nothing_to_explain(case: Case, z: int | slice, prediction: np.ndarray, smallest: float | None = None) -> str:
    """Why a slice is passed over: a few stray pixels do not make one worth explaining, unless the user named it.

    Parameters
    ----------
    case : Case
    z : int, or slice object
        Axial slice; a slice object asks about a volume.
    prediction : ndarray, shape (K, H, W) or (K, Z, H, W), bool
        The model's masks; the reference's are looked at instead where there is one.
    smallest : float, optional
        mm2 that no structure has more of in a slice to be passed over; by default `MIN_AREA_MM2`, or 0 where the user
        named the slices.

    Returns
    -------
    str
        Empty where it is not passed over.
    """
    wanted = prediction if case.references is None else case.references[:, z]
    if smallest is None:
        smallest = MIN_AREA_MM2 if case.request.slices == "auto" else 0.0
    largest = max(m.sum() for m in wanted) * case.scan.spacing[0] * case.scan.spacing[1]
    if largest > smallest:
        return ""
    if case.references is None:
        if largest:
            return Message("the model finds no more than {area:g} mm2 of the structures", area=smallest)
        return Message("the model finds none of the structures")
    if largest:
        return Message("the reference holds no more than {area:g} mm2 of the structures", area=smallest)
    return Message("the reference holds none of the structures")


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
    """The request's method in pixels and values of the prepared image.

    Parameters
    ----------
    case : Case
    prepared : Prepared

    Returns
    -------
    Method

    Raises
    ------
    InputError
        If its fill is a CT number, and the scan is no CT; or there are not as many fills as images.
    """
    method = case.request.method.on_grid(work_grid(case, prepared))
    fill = fill_on(case, prepared)
    return method if fill is method.fill else replace(method, fill=fill)


def on_slice_grid(
    attribution: Attribution, prepared: Prepared, region: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """A map brought back from the model's own grid to the slice, or to the volume.

    The map ends at the region's edge; interpolating it as it stands would mix in the zeros outside, so values and
    weights are interpolated and divided.

    Parameters
    ----------
    attribution : Attribution
    prepared : Prepared
    region : ndarray, shape (H, W) or (Z, H, W), bool
        Where the image was perturbed.

    Returns
    -------
    evaluated : ndarray, shape (H, W) or (Z, H, W), bool
        Where the map has values.
    drop : ndarray, shape (K, H, W) or (K, Z, H, W), float32
        Signed.
    stderr : ndarray, shaped as the drop, float32, or None
        Its standard error, for the sampling methods.
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
    """Saliency: the positive drop as a share of the largest one; a flat map stays 0 instead of showing its noise.

    Parameters
    ----------
    drop : ndarray, shape (K, H, W) or (K, Z, H, W)
    largest : ndarray, shape (K,), optional
        Takes the place of the map's own largest drop per structure where it is larger.

    Returns
    -------
    ndarray, shaped as the drop, float32 in [0, 1]
    """
    positive = np.maximum(drop, 0)
    own = positive.reshape(len(drop), -1).max(1)
    largest = (own if largest is None else np.maximum(own, largest)).reshape(-1, *[1] * (drop.ndim - 1))
    return np.where(largest >= FLAT, positive / np.maximum(largest, FLAT), 0.0).astype(np.float32)
