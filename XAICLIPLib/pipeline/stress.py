"""Dose and response of a segmentation: a scan is changed step by step, and what the model then draws is compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

from XAICLIPLib import anatomy
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import Cancelled, InputError, ResourceError, XAICLIPError
from XAICLIPLib.metrics.overlap import dice
from XAICLIPLib.pipeline.doses import Dose, Dosed, Given
from XAICLIPLib.results.rows import StressRow, is_known
from XAICLIPLib.results.stress import FAILED, judged
from XAICLIPLib.volume import Volume

MOST_SLICES = 12  # of a scan that a model of slices looks at again at each step
NONE = "none"  # the dose of the scan as it is
_SIDE = re.compile(r"(?<![a-z])(left|right)(?![a-z])")
_OTHER = {"left": "right", "right": "left"}

Progress = Callable[[float, float, str], None]


def stress(case: Case, doses: Sequence[Dose], scan: str, progress: Progress | None = None) -> Iterator[StressRow]:
    """Change a scan by one dose after the other and hold what the model draws against what it drew before.

    A dose is not taken further once Dice is below 0.5 for all structures. A model of slices is asked about the slices
    that hold a structure, evenly chosen where there are more than `MOST_SLICES`, or those that the request names.

    Parameters
    ----------
    case : Case
        With a reference, Dice with it is told as well, and is what decides.
    doses : sequence of Dose
    scan : str
        What the scan is called.
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop: what was yielded before stays.

    Yields
    ------
    StressRow
        One per structure for the scan as it is, and for each step.

    Raises
    ------
    InputError
        If the model wants to be pointed at what it segments, or draws none of the structures.
    """
    case.open_model()
    if case.promptable:
        raise InputError(
            f"{case.segmenter.name} segments what a prompt points at, which would have to move with the scan; stress "
            "a model that needs no prompt"
        )
    run = _Stressed(case, scan, progress or (lambda done, total, message: None))
    yield from run.rows_of({"dose": NONE, "side": "", "step": 0.0, "unit": ""}, run.unchanged)
    for number, dose in enumerate(doses):
        yield from run.ladder(dose, number / len(doses), 1 / len(doses))


class _Stressed:
    """A scan, what the model draws in it, and the slices that are compared."""

    def __init__(self, case: Case, scan: str, progress: Progress) -> None:
        self._case, self._scan, self._progress = case, scan, progress
        self._names = [s.name for s in case.structures]
        depth = case.scan.axial.shape[0]
        places = range(depth) if case.volumetric or case.request.slices == "auto" else case.slices
        self._drawn = _drawn(case, places, lambda done: progress(0, 1, f"{scan}, as it is, {done:.0%}"))
        known = self._drawn if case.references is None else case.references
        self._slices = self._chosen(known)
        if not known[:, self._slices].any():
            whose = "the model draws" if case.references is None else "the reference holds"
            where = "in this scan" if case.request.slices == "auto" else "in these slices"
            raise InputError(f"{whose} none of the structures {where}: there is nothing to compare")
        self.unchanged = Dosed(case.scan.axial, np.asarray, np.asarray, {z: (z, z) for z in range(depth)})
        self._tick: Callable[[], None] = partial(progress, 0, 1, scan)
        self._given = self._all_given(known)

    def _chosen(self, known: np.ndarray) -> list[int]:
        case = self._case
        if case.request.slices != "auto":
            return sorted(case.slices)
        if case.volumetric:
            return list(range(known.shape[1]))
        holding = np.flatnonzero(known.any((0, 2, 3)))
        if len(holding) <= MOST_SLICES:
            return holding.tolist()
        return holding[np.linspace(0, len(holding) - 1, MOST_SLICES).round().astype(int)].tolist()

    def _all_given(self, known: np.ndarray) -> list[Given]:
        """What a dose is given, for each image."""
        box = ndimage.find_objects(known.any(0).astype(np.uint8))[0]
        seed = self._case.request.seed
        return [
            Given(one.axial, 1.0 if one.modality == "CT" else max(np.ptp(one.contrast), 1e-6) / 100, box, seed + number)
            for number, one in enumerate(self._case.scans)
        ]

    def ladder(self, dose: Dose, start: float, width: float) -> Iterator[StressRow]:
        """The rows of one dose, side by side and step by step."""
        modality = self._case.scan.modality
        steps, unit = dose.ladder(modality), dose.unit_for(modality)
        for half, side in enumerate(dose.sides):
            for number, step in enumerate(steps):
                share = (half + number / len(steps)) / len(dose.sides)
                about = {"dose": dose.name, "side": side, "step": dose.towards(step, side), "unit": unit}
                message = f"{self._scan}, {dose.name} {about['step']:g} {unit}".rstrip()
                # asked again between two slices, so that a stop waits for one of them at most
                self._tick = partial(self._progress, start + width * share, 1, message)
                self._tick()
                rows = self._step(dose, about)
                yield from rows
                known = [judged(row) for row in rows if is_known(judged(row))]
                if known and max(known) < FAILED:
                    break

    def _step(self, dose: Dose, about: Mapping[str, Any]) -> list[StressRow]:
        try:
            dosed = [dose.apply(given, about["step"]) for given in self._given]
            return self.rows_of(about, dosed[0], dosed[1:])
        except (Cancelled, ResourceError):
            raise
        except XAICLIPError as error:
            reason = " ".join(str(error).split())
            return [self._without_number(name, about, reason) for name in self._names]

    def rows_of(self, about: Mapping[str, Any], dosed: Dosed, others: Sequence[Dosed] = ()) -> list[StressRow]:
        """A row per structure of one changed scan."""
        pairs = [dosed.places[z] for z in self._slices if z in dosed.places]
        shared = sorted({common for _, common in pairs})
        after = self._after(dosed, others, sorted({place for place, _ in pairs}))
        before = dosed.before(self._drawn)
        truth = None if self._case.references is None else dosed.before(self._case.references)
        millilitres = float(np.prod(dosed.volume.spacing)) / 1000
        rows = []
        for k, (name, drawn) in enumerate(zip(self._names, after)):
            if drawn is None:
                reason = "the sides are swapped, and the model does not segment the structure on the other side"
                rows.append(self._without_number(name, about, reason))
                continue
            mask = drawn[shared]
            row = StressRow(
                scan=self._scan, structure=name, **about, dice=dice(mask, before[k][shared]),
                dice_reference=None if truth is None else dice(mask, truth[k][shared]),
                volume_ml=int(mask.sum()) * millilitres, reason="",
            )  # fmt: skip
            empty = "nothing is drawn, and nothing was, in what both scans show"
            rows.append(row if is_known(judged(row)) else replace(row, reason=empty))
        return rows

    def _without_number(self, structure: str, about: Mapping[str, Any], reason: str) -> StressRow:
        nan = float("nan")
        known = None if self._case.references is None else nan
        return StressRow(
            scan=self._scan, structure=structure, **about, dice=nan, dice_reference=known, volume_ml=nan, reason=reason
        )

    def _after(self, dosed: Dosed, others: Sequence[Dosed], places: list[int]) -> list[np.ndarray | None]:
        """What the model draws of each structure in the changed scan, on the common grid; None where its partner on
        the other side is wanted, which the model does not know."""
        if dosed is self.unchanged:
            return list(self._drawn)
        names: list[str | None] = list(self._names)
        if dosed.swaps_sides:
            targets = self._case.segmenter.targets
            names = [other if anatomy.match(other := mirrored(name), targets) else None for name in self._names]
        asked = tuple(dict.fromkeys(name for name in names if name))
        if not asked:
            return [None] * len(names)
        case = self._case_of([dosed, *others], asked)
        drawn = dosed.after(_drawn(case, places, lambda done: self._tick()))
        return [None if name is None else drawn[asked.index(name)] for name in names]

    def _case_of(self, dosed: Sequence[Dosed], structures: tuple[str, ...]) -> Case:
        """The case of the changed scan: the same model, and the scan as if its file had been so."""
        case = self._case
        volumes = [
            replace(turned(one.volume, scan.volume.orientation), modality=scan.modality, name="the changed scan")
            for one, scan in zip(dosed, case.scans)
        ]
        request = case.request.changed(
            structures=structures, reference=None, region="prediction", slices="all", modality="auto", preset="auto"
        )
        images = volumes[1:] or None
        return Case(request, case.models, scan=volumes[0], model=case.segmenter, images=images)


def mirrored(name: str) -> str:
    """The structure on the patient's other side.

    Parameters
    ----------
    name : str
        As models call it, such as "kidney_left".

    Returns
    -------
    str
        "kidney_right"; the name itself where it has no side.
    """
    return _SIDE.sub(lambda found: _OTHER[found[0]], name)


def turned(axial: Volume, orientation: str) -> Volume:
    """A volume in axial LPS order as a file with other axes would hold it.

    Parameters
    ----------
    axial : Volume
    orientation : str
        Where its x, y and z axes are to lead, such as "RAS".

    Returns
    -------
    Volume
    """
    if axial.orientation == orientation:
        return axial
    image = sitk.DICOMOrient(axial.to_sitk(), orientation)
    return Volume.from_sitk(image, modality=axial.modality, name=axial.name)


def _drawn(case: Case, places: Sequence[int], tick: Callable[[float], None]) -> np.ndarray:
    """The model's own masks (K, Z, H, W) of a scan; a model of slices is asked about some of them alone."""
    names = [s.name for s in case.structures]
    masks = np.zeros((len(names), *case.scan.axial.shape), bool)
    for number, z in enumerate(places):
        tick(number / len(places))
        found = case.predicted(z)
        for k, name in enumerate(names):
            masks[k, z] = found[name]
    return masks
