"""What the benchmarks share: timing in turns, a table of figures against their bars, and the slices to work on."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[3] / "shared" / "data"
ORGANS = ("liver", "kidney_right", "kidney_left", "spleen")


class Table:
    """Lines of: what was measured, the figure, the bar, and whether it is reached.

    Parameters
    ----------
    title : str
        Printed at once, with the machine's load: timings of a busy machine are no timings.
    """

    def __init__(self, title: str) -> None:
        import torch

        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        busy = "; BUSY: don't believe the times" if load > 0.6 * (os.cpu_count() or 1) else ""
        machine = f"{os.cpu_count()} cores, {torch.get_num_threads()} threads, torch {torch.__version__}"
        print(f"{title}\n{machine}, load {load:.1f}{busy}\n", flush=True)

    def line(self, what: str, value: str, bar: str = "", reached: bool | None = None) -> None:
        """Print one line; `reached` only where there is a bar."""
        verdict = "" if reached is None else ("reached" if reached else "NOT REACHED")
        print(f"{what:<66} {value:>22}   {bar:<14} {verdict}".rstrip(), flush=True)


def seconds_in_turns(jobs: Mapping[str, Callable[[], object]], repeats: int, warm_up: int = 1) -> dict[str, float]:
    """Median wall time of each job; they take turns, so that a passing load falls on all of them alike."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(warm_up + repeats):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            if number >= warm_up:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(t) for name, t in times.items()}


def spread(values: Iterable[float], digits: int = 3) -> str:
    """Mean ± standard deviation."""
    values = np.asarray(list(values))
    return f"{values.mean():.{digits}f} ± {values.std():.{digits}f}"


def open_case(scan, structures: Iterable[str], reference=None, models=None, **request):
    """A `Case` of a volume or a path, as `xai.explain` would make it."""
    from XAICLIPLib import Request, Volume
    from XAICLIPLib.case.case import Case
    from XAICLIPLib.case.models import Models

    in_memory = isinstance(scan, Volume)
    request = Request.of(
        scan=scan.name if in_memory else str(scan),
        structures=tuple(structures),
        reference=None if reference is None or in_memory else str(reference),
        **request,
    )
    given = {"scan": scan, "reference": reference} if in_memory else {}
    return Case(request, models or Models(), **given)


@dataclass(frozen=True, eq=False)
class OpenSlice:
    """What `pipeline.explain_slice` has in hand before it perturbs: prepared image, prediction, region, settings."""

    prepared: object
    predictions: dict[str, np.ndarray]
    region: object
    work_region: np.ndarray
    method: object


def open_slice(case, z: int) -> OpenSlice | None:
    """Slice z of a case up to its region; None where the model finds too little of the structures to be explained."""
    from XAICLIPLib.pipeline.opened import MIN_AREA_MM2, on_work_grid

    prepared = case.prepare(z)
    masks = prepared.grid.to_slice(case.predictor(prepared)(prepared.image[None])[0].cpu().numpy()) > 0.5
    if masks.sum((1, 2)).max() * case.scan.spacing[0] * case.scan.spacing[1] <= MIN_AREA_MM2:
        return None
    predictions = {s.name: m for s, m in zip(case.structures, masks)}
    region = case.region(z, predictions)
    work_region = prepared.grid.mask_to_work(region.mask)
    return OpenSlice(prepared, predictions, region, work_region, on_work_grid(case, prepared))


def largest_slices(case, k: int = 0, count: int = 1) -> list[int]:
    """Slices where a structure's reference is large: the largest, then others spread over its length."""
    area = case.references[k].sum((1, 2))
    there = np.flatnonzero(area > 0.3 * area.max())
    spots = there[np.linspace(0, len(there) - 1, count + 1).round().astype(int)[1:]] if count > 1 else []
    return list(dict.fromkeys([int(area.argmax()), *(int(z) for z in spots)]))[:count]


def real_slices(data: Path):
    """Name, organ, case and open slice of the largest slice of two organs in each CT of the data folder; a scan that
    is not there is said."""
    models = None
    for scan, organs in (("ct_series", ("liver", "spleen")), ("ct_3mm.nii.gz", ("liver", "kidney_left"))):
        name = scan.removesuffix(".nii.gz")
        if not (data / scan).exists():
            print(f"{data / scan} is not there: skipped")
            continue
        for organ in organs:
            case = open_case(data / scan, [organ], data / f"{name}_labels.nii.gz", models)
            models = case.models
            yield name, organ, case, open_slice(case, largest_slices(case)[0])
