"""Every method, fill and map on models whose reason is known: which of them find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from XAICLIPLib.anatomy.names import match
from XAICLIPLib.attribution.methods import Hierarchical, KernelShap, Lime, Method, Occlusion, Rise
from XAICLIPLib.benchmark.statements import of_players, statements_about
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.planted import FAMILIES, Finding, Planted, Scene, finding, phantom_scene, scan_scenes
from XAICLIPLib.metrics.planted.gradients import gradient_maps
from XAICLIPLib.metrics.planted.maps import Answered, answered
from XAICLIPLib.results.rows import PlantedRow, PlantedSummaryRow, StatementRow
from XAICLIPLib.roi.given import segments_on
from XAICLIPLib.volume.modality import modality_of
from XAICLIPLib.volume.read import read_volume

METHODS: dict[str, Method] = {
    "occlusion": Occlusion(64, 32, unit="px512"),
    "occlusion 32/16": Occlusion(32, 16, unit="px512"),
    "hierarchical": Hierarchical(64, 8, unit="px512"),
    "rise": Rise(400, grid=12, estimator="ridge"),
    "lime": Lime(300),
    "kernelshap": KernelShap(300),
}
FILLS = ("zero", "mean", "blur")
CAPTUM = "Captum"
BEST = ("hierarchical", "mean", "remote")  # what the bars are about
COLUMNS = ("auc", "pointing", "rank", "overlap")
ERRORS = ("largest_remote", "unseen_error", "matrix_error")


@dataclass(frozen=True)
class PlantedBenchmark:
    """What came out.

    Attributes
    ----------
    rows : list of PlantedRow
    statements : list of StatementRow
    """

    rows: list[PlantedRow]
    statements: list[StatementRow]

    @property
    def summary(self) -> list[PlantedSummaryRow]:
        """By family, method, fill and map, and over all families."""
        return summary_of(self.rows)

    @property
    def false_share(self) -> float:
        """Which share of the sentences that can be judged is false; nan where none can."""
        judged = [row.verdict for row in self.statements if row.verdict in ("true", "false")]
        return judged.count("false") / len(judged) if judged else float("nan")


def run_planted(
    seeds: Iterable[int],
    families: Sequence[str] = (),
    methods: Sequence[str] = ("occlusion", "hierarchical"),
    fills: Sequence[str] = FILLS,
    *,
    scenes: Callable[[int], Scene] = phantom_scene,
    gradients: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> PlantedBenchmark:
    """Explain planted models in every way, and hold the maps and the sentences against what was planted.

    Parameters
    ----------
    seeds : iterable of int
    families : sequence of str
        Names in `FAMILIES`; all of them by default.
    methods : sequence of str
        Names in `METHODS`.
    fills : sequence of str
    scenes : callable
        The slice of each seed: the phantom's, or those of a real scan, see `scan_scenes`.
    gradients : bool
        Whether Captum's maps are made too.
    progress : callable, optional
        Called with (done, total, family and seed) after each model; raise `Cancelled` in it to stop.

    Returns
    -------
    PlantedBenchmark

    Raises
    ------
    InputError
        If there is no such family or method.
    MissingPackage
        If gradients are wanted and Captum is not installed.
    """
    chosen = [_known(name, FAMILIES, "family") for name in families or FAMILIES]
    ways = {name: _known(name, METHODS, "method") for name in methods}
    rows: list[PlantedRow] = []
    said: list[StatementRow] = []
    seeds = list(seeds)
    for place, seed in enumerate(seeds):
        scene = scenes(seed)
        for number, family in enumerate(chosen):
            planted = family.plant(scene)
            for fill in fills:
                if gradients and planted.cause is not None:
                    rows += _of_gradients(planted, planted.cause, fill, seed)
                for name, method in ways.items():
                    about = {"family": planted.family, "seed": seed, "method": name, "fill": fill}
                    answer = answered(planted, replace(method, fill=fill))
                    rows += _of_method(planted, answer, about)
                    said += statements_about(planted, answer, about)
            if progress is not None:
                progress(place * len(chosen) + number + 1, len(seeds) * len(chosen), f"{family.name}, seed {seed}")
    return PlantedBenchmark(rows, said)


def scenes_of(scan: str | None, labels: str | None, organ: str) -> Callable[[int], Scene]:
    """The slices in which causes are planted.

    Parameters
    ----------
    scan : str, optional
        Path of a CT; without it, the phantom is drawn.
    labels : str, optional
        Path of its label map.
    organ : str
        Which of the labels is drawn, by any of its names.

    Returns
    -------
    callable
        From a seed to its slice, see `run_planted`.

    Raises
    ------
    InputError
        If only one of the files is given, the scan is no CT, or a file can't be read or holds no such organ.
    """
    if scan is None and labels is None:
        return phantom_scene
    if scan is None or labels is None:
        raise InputError("--scan and --labels belong together; give both, or neither for the phantom")
    volume = read_volume(scan)
    if (modality := modality_of(volume)).name != "CT":
        raise InputError(f"{scan} is {modality.name}; give a CT, whose grey values are known")
    masks = segments_on(labels, volume)
    named = match(organ, tuple(masks))
    return scan_scenes(volume.axial().voxels, masks, named[0] if len(named) == 1 else organ)


def _known(name: str, there: dict, kind: str):
    if name not in there:
        raise InputError(f"there is no {kind} {name!r}; choose of {', '.join(there)}")
    return there[name]


def _of_gradients(planted: Planted, cause: np.ndarray, fill: str, seed: int) -> Iterator[PlantedRow]:
    edge = max(planted.region.shape)
    for name, values in gradient_maps(planted, fill, edge // 8, edge // 16).items():
        about = {"family": planted.family, "seed": seed, "method": CAPTUM, "fill": fill, "map": name}
        yield _row(about, 0, finding(values, cause, planted.region))


def _of_method(planted: Planted, answer: Answered, about: dict[str, Any]) -> Iterator[PlantedRow]:
    if planted.needs is not None:
        known = of_players(planted, about["fill"])
        error = float(np.abs(known.between() - planted.needs).max())
        yield PlantedRow(**about, map="matrix", evaluations=len(planted.players), matrix_error=error)
    elif planted.cause is None:
        wrong = abs(answer.known.unseen_share(0) - (planted.unseen or 0.0))
        largest = float(np.abs(answer.known.effects("drawn", 0, "remote")).max())
        yield PlantedRow(
            **about, map="remote", evaluations=answer.evaluations, largest_remote=largest, unseen_error=wrong
        )
    else:
        for kind, values in answer.maps.items():
            yield _row({**about, "map": kind}, answer.evaluations, finding(values, planted.cause, planted.region))


def _row(about: dict[str, Any], evaluations: int, found: Finding) -> PlantedRow:
    return PlantedRow(**about, evaluations=evaluations, **{name: getattr(found, name) for name in COLUMNS})


def summary_of(rows: Sequence[PlantedRow]) -> list[PlantedSummaryRow]:
    """Medians and worst values.

    Parameters
    ----------
    rows : sequence of PlantedRow

    Returns
    -------
    list of PlantedSummaryRow
        By family, method, fill and map, then those of all families.
    """
    groups: dict[tuple[str, str, str, str], list[PlantedRow]] = {}
    for row in rows:
        groups.setdefault((row.family, row.method, row.fill, row.map), []).append(row)
    lines = [_line(*key, own) for key, own in groups.items()]
    over: dict[tuple[str, str, str], list[PlantedSummaryRow]] = {}
    for line in lines:
        if line.auc_median is not None:
            over.setdefault((line.method, line.fill, line.map), []).append(line)
    return lines + [_of_all(*key, own) for key, own in over.items()]


def _line(family: str, method: str, fill: str, kind: str, rows: list[PlantedRow]) -> PlantedSummaryRow:
    values = {name: [v for row in rows if (v := getattr(row, name)) is not None] for name in (*COLUMNS, *ERRORS)}
    median = {name: float(np.median(v)) if v else None for name, v in values.items()}
    return PlantedSummaryRow(
        family=family, method=method, fill=fill, map=kind, n=len(rows),
        evaluations=float(np.median([row.evaluations for row in rows])),
        auc_median=median["auc"], auc_worst=min(values["auc"]) if values["auc"] else None,
        pointing=float(np.mean(values["pointing"])) if values["pointing"] else None,
        rank=median["rank"], overlap=median["overlap"],
        **{name: float(max(values[name])) if values[name] else None for name in ERRORS},
    )  # fmt: skip


def _of_all(method: str, fill: str, kind: str, lines: list[PlantedSummaryRow]) -> PlantedSummaryRow:
    medians, pointing, rank, overlap = (
        [v for line in lines if (v := getattr(line, name)) is not None]
        for name in ("auc_median", "pointing", "rank", "overlap")
    )
    return PlantedSummaryRow(
        family="all", method=method, fill=fill, map=kind, n=len(lines),
        evaluations=float(np.median([line.evaluations for line in lines])),
        auc_median=float(np.median(medians)), auc_worst=float(min(medians)),
        pointing=float(np.mean(pointing)),
        rank=float(np.median(rank)),
        overlap=float(np.median(overlap)),
    )  # fmt: skip
