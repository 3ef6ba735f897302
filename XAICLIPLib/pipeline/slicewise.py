"""One slice explained: region → model → map, back on the slice."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.case.case import Case
from XAICLIPLib.message import Message
from XAICLIPLib.pipeline.images import Maps, by_image
from XAICLIPLib.pipeline.kept import Kept
from XAICLIPLib.pipeline.opened import (
    MIN_AREA_MM2,
    EarlyMaps,
    SliceResult,
    Stopwatch,
    normalised,
    on_slice_grid,
    open_image,
)
from XAICLIPLib.pipeline.recording import kept_of, start_recording
from XAICLIPLib.roi.region import empty_region, from_prediction

STRAY = 0.1  # of the largest slice: what is less is stray in a structure that is small everywhere


class Sizes:
    """How large the structures are in the slices that were passed over, so that what is small everywhere is not denied.

    Parameters
    ----------
    case : Case
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._areas: dict[int, np.ndarray] = {}
        self._taken: set[int] = set()

    def add(self, z: int, prediction: np.ndarray) -> None:
        """Remember how large the structures are in a slice that is passed over.

        Parameters
        ----------
        z : int
        prediction : ndarray, shape (K, H, W), bool
            The model's masks; the reference's count instead where there is one.
        """
        masks = prediction if self._case.references is None else self._case.references[:, z]
        self._areas[z] = masks.sum((1, 2)) * self._case.scan.spacing[0] * self._case.scan.spacing[1]

    def again(self) -> list[int]:
        """The slices to explain although they are small, where no slice is large enough: those that hold at least a
        tenth of a structure's largest slice.

        Returns
        -------
        list of int
            In the order of the case.
        """
        if self._case.request.slices != "auto" or not self._areas:
            return []
        areas = np.stack(list(self._areas.values()))
        largest = areas.max(0)
        chosen = ((areas > 0) & (areas >= STRAY * largest)).any(1)
        self._taken = {z for z, take in zip(self._areas, chosen) if take}
        return [z for z in self._case.slices if z in self._taken]

    def notes(self, results: Sequence[SliceResult]) -> list[str]:
        """What to say of each structure that is in no slice larger than the limit.

        Parameters
        ----------
        results : sequence of SliceResult

        Returns
        -------
        list of str
        """
        if self._case.request.slices != "auto":
            return []
        found = []
        for k, structure in enumerate(self._case.structures):
            areas = {z: float(a[k]) for z, a in self._areas.items() if a[k] > 0}
            if not areas or not self._taken and any(r.attribution.present[k] for r in results):
                continue
            largest = max(areas, key=areas.__getitem__)
            said: dict[str, Any] = {"structure": structure.label, "area": areas[largest], "least": MIN_AREA_MM2}
            if self._taken:
                text = Message(
                    "the slices that hold at least a tenth of that were explained; stray pixels look like this as well"
                )
            else:
                text = Message(
                    "to explain it, name its slices: slices {slice}, or {range}",
                    slice=largest, range=f"{min(areas)}:{max(areas) + 1}",
                )  # fmt: skip
            if self._case.references is None:
                found.append(Message(
                    "{structure}: the prediction is no larger than {area:.3g} mm2 in any slice, and slices auto asks "
                    "for {least:g} mm2; {advice}",
                    advice=text, **said,
                ))  # fmt: skip
            else:
                found.append(Message(
                    "{structure}: the reference is no larger than {area:.3g} mm2 in any slice, and slices auto asks "
                    "for {least:g} mm2; {advice}",
                    advice=text, **said,
                ))  # fmt: skip
        return found


def with_kept(result: SliceResult, kept: Kept, z: int | None = None) -> SliceResult:
    """A slice with what is kept of it.

    Parameters
    ----------
    result : SliceResult
    kept : Kept
        Of the slice, or of the volume.
    z : int, optional
        Which slice of the volume it is.

    Returns
    -------
    SliceResult
        With its part of the remote map.
    """
    maps = kept.remote_map
    if maps is None:
        return replace(result, kept=kept)
    return replace(result, kept=replace(kept, remote_map=None), remote=maps if z is None else maps[:, z])


def explain_slice(
    case: Case,
    z: int,
    stopwatch: Stopwatch,
    progress: Callable[[int, int], None] | None = None,
    on_early: Callable[[SliceResult], None] | None = None,
    sizes: Sizes | None = None,
    smallest: float | None = None,
) -> SliceResult | str:
    """Explain one slice, or say why there is nothing to explain in it.

    Parameters
    ----------
    case : Case
    z : int
        Axial slice.
    stopwatch : Stopwatch
    progress : callable, optional
        Called with (done, total) evaluations; raise `Cancelled` in it to stop.
    on_early : callable, optional
        Gets the slice with its map while that is still coarse. Where the user stops it then, the result is what there
        was.
    sizes : Sizes, optional
        Remembers how large the structures are where the slice is passed over.
    smallest : float, optional
        mm2, as in `nothing_to_explain`.

    Returns
    -------
    SliceResult or str

    Raises
    ------
    Cancelled
        If the user stops it before there was any map to see.
    """
    start = time.perf_counter()
    maps = Maps(progress, case.maps)
    opened = open_image(case, z, maps, stopwatch=stopwatch)
    if reason := opened.nothing_to_explain(smallest):
        if sizes is not None:
            sizes.add(z, opened.prediction)
        return reason
    with stopwatch("region"):
        region = opened.region()
        work_region = opened.on_work_grid(region.mask)
    if not work_region.any():
        return empty_region(region.source)
    with stopwatch("prepare"):
        baseline = from_prediction(opened.predictions, case.scan.spacing).mask
        needed, _ = opened.planned(baseline)

    def result(attribution: Attribution) -> SliceResult:
        with stopwatch("prepare"):
            evaluated, drop, stderr = on_slice_grid(attribution, opened.prepared, region.mask)
        return SliceResult(
            z=z,
            drop=drop,
            saliency=normalised(drop),
            stderr=stderr,
            evaluated=evaluated,
            region=region,
            prediction=opened.prediction,
            reference=opened.reference,
            attribution=attribution,
            seconds=time.perf_counter() - start,
            baseline=baseline,
            baseline_evaluations=needed,
        )

    early = EarlyMaps(on_early and (lambda attribution: on_early(result(attribution))))
    recorder = start_recording(opened)
    explained = result(opened.explain(work_region, stopwatch, early))
    if not explained.attribution.is_complete:
        return explained
    with stopwatch("influence"):
        kept = kept_of(opened, recorder, explained.attribution, explained.evaluated)
    with stopwatch("images"):
        images = by_image(opened, work_region, region.mask, maps)
    return replace(with_kept(explained, kept), images=images)
