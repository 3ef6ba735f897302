"""Brute force against ROI-guided over a data set: case by case, structure by structure, slice by slice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from XAICLIPLib import __version__, anatomy
from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.benchmark.compare import compare_slice
from XAICLIPLib.benchmark.rowsfile import RowsFile
from XAICLIPLib.benchmark.statistics import BRUTE, pairs, summary
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import cautions
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.datasets import LabelledCase, find_structures
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.models.device import choose_device
from XAICLIPLib.results.rows import ArmRow, ArmSummaryRow, PairRow
from XAICLIPLib.roi.region import LOW_RECALL

LARGE = 0.3  # of the structure's largest area: slices with less are not taken
# what a request says about a run, beside what the comparison chooses itself
_SETTINGS = (
    "model", "region", "vlm", "strategy", "vlm_size", "vlm_windows", "negatives", "learned_prompts", "probability",
    "cut", "threshold", "sigma", "dilation_mm", "components", "fill_holes", "preset", "score", "batch_size", "seed",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Benchmark:
    """What was found.

    Attributes
    ----------
    rows : list of ArmRow
        One per case, slice, structure, method and arm, see `compare_slice`.
    skipped : list of dict
        ``case``, ``structure``, ``slice`` and ``method`` where it is about one, and the ``reason``.
    notes : list of str
        What to know about the scans.
    stopped : bool
        Whether the user stopped it before everything was compared.
    """

    rows: list[ArmRow] = field(default_factory=list)
    skipped: list[dict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stopped: bool = False

    @property
    def comparisons(self) -> int:
        """How many slices were compared, counted for each structure and method."""
        return sum(row.arm == BRUTE for row in self.rows)

    def doubts(self, region: str) -> list[str]:
        """In how many rows the region was not the one asked for, missed most of the organ, or the map was flat.

        Parameters
        ----------
        region : str
            The source that was asked for.

        Returns
        -------
        list of str
            A sentence per arm and doubt.
        """
        arms: dict[str, list[ArmRow]] = {}
        for row in self.rows:
            arms.setdefault(row.arm, []).append(row)
        said = []
        for arm, rows in arms.items():
            for count, what in (
                (sum(row.flat for row in rows), "the map is flat: nothing changed the score"),
                (
                    sum(row.target_recall < LOW_RECALL for row in rows),
                    "the region holds less than half of the organ",
                ),
                (
                    0 if arm == BRUTE else sum(row.region != region for row in rows),
                    f"the region is a fallback, because {region} found nothing",
                ),
            ):
                if count:
                    said.append(f"{arm}: in {count} of {len(rows)} rows {what}")
        return said

    @property
    def pairs(self) -> list[PairRow]:
        """Each ROI-guided row held against its brute force, see `statistics.pairs`."""
        return pairs(self.rows)

    @property
    def summary(self) -> list[ArmSummaryRow]:
        """Means, deviations and medians, see `statistics.summary`."""
        return summary(self.rows, self.pairs)


def settings_of(request: Request, methods: Sequence[Method], **more) -> dict:
    """Everything that rows depend on; how many cases, slices and structures there are may change.

    Parameters
    ----------
    request : Request
    methods : sequence of Method
    **more
        What else they depend on, such as the data set.

    Returns
    -------
    dict
        For `RowsFile`.
    """
    flat = request.flat()
    return {
        "xaiclip": __version__,
        **more,
        **{name: flat[name] for name in _SETTINGS},
        "device": str(choose_device(request.device)),
        "methods": {method.name: asdict(method) for method in methods},
    }


def run_benchmark(
    cases: Sequence[LabelledCase],
    wanted: Sequence[str],
    methods: Sequence[Method],
    request: Request,
    *,
    slices_per_case: int = 1,
    kept: RowsFile | None = None,
    models: Models | None = None,
    progress: Callable[[float, float, str], None] | None = None,
) -> Benchmark:
    """Compare both ways to explain, in the largest slices of each structure.

    Parameters
    ----------
    cases : sequence of LabelledCase
    wanted : sequence of str
        Structures in words; "all" is every one that has labels and that the model segments, and with nothing it is
        liver, spleen and kidneys, where they have and it does.
    methods : sequence of Method
    request : Request
        The model, the region of the ROI-guided arm, the score and the seed; its scan, structures, slices and method
        don't matter.
    slices_per_case : int
        Of each structure: its largest slice, then others spread over its length.
    kept : RowsFile, optional
        Where each comparison is kept as soon as it is finished; what it holds already is not done again.
    models : Models, optional
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop. What was finished is returned.

    Returns
    -------
    Benchmark

    Raises
    ------
    InputError
        If there are no labels of a structure, the model does not segment it, a case can't be read, or the model
        segments volumes.
    """
    if slices_per_case < 1:
        raise InputError(f"{slices_per_case} slices of each case make no table; give 1 or more")
    progress = progress or (lambda done, total, message: None)
    models = models or Models()
    lenient = tuple(wanted) in ((), ("all",))
    structures, notes = _segmented(find_structures(wanted, cases), lenient, request, models)
    benchmark = Benchmark(notes=notes)
    cautioned: dict[str, list[str]] = {}
    turns = {structure: number for number, structure in enumerate(structures)}
    try:
        for number, listed in enumerate(cases):
            for unit in _units(listed, structures, methods, request, slices_per_case, models, benchmark.skipped):

                def within(share: float, before: float = number, unit: _Unit = unit) -> None:
                    progress(before + unit.start + share * unit.width, len(cases), " ".join(map(str, unit.of)))

                within(0)
                rows = _rows_of(unit, kept, turns[unit.structure], within)
                if isinstance(rows, str):
                    benchmark.skipped.append({**unit.about, "method": unit.method.name, "reason": rows})
                else:
                    benchmark.rows.extend(rows)
                if unit.method is methods[-1]:
                    turns[unit.structure] += 1
                for caution in (*unit.case.scan.notes, *map(str, cautions(unit.case))):
                    names = cautioned.setdefault(caution, [])
                    names.extend([listed.name] if listed.name not in names else [])
    except Cancelled:
        benchmark = replace(benchmark, stopped=True)
    except InputError as error:
        so_far = f" (the {len(kept)} comparisons that are finished are kept)" if kept is not None and len(kept) else ""
        raise InputError(f"{listed.name}: {error}{so_far}") from error
    benchmark.notes.extend(f"{text} ({_listed(names)})" for text, names in cautioned.items())
    return benchmark


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _segmented(
    structures: tuple[str, ...], lenient: bool, request: Request, models: Models
) -> tuple[tuple[str, ...], list[str]]:
    """The structures that the model segments, and what to say about the others.

    Raises
    ------
    InputError
        If one that was asked for by name is not segmented, or the model is one of volumes.
    """
    model = models.segmenter(request.model, choose_device(request.device), structures)
    if model.spatial_dims != 2:
        raise InputError(
            f"{model.name} segments volumes; the comparison is made slice by slice, as in the paper: give a model of "
            "slices"
        )
    unknown = [name for name in structures if not anatomy.match(name, model.targets)]
    known = tuple(name for name in structures if name not in unknown)
    if unknown and not (lenient and known):
        refusal = f"the model {model.name} does not segment"
        raise InputError(anatomy.no_match(unknown, model.targets, refusal, "it segments"))
    return known, [f"not segmented by {model.name}: {', '.join(unknown)}"] if unknown else []


def choose_slices(mask: np.ndarray, count: int) -> list[int]:
    """The slices of a structure to look at: its largest, then others spread over its length, none much smaller.

    Parameters
    ----------
    mask : ndarray of bool, shape (Z, H, W)
        The structure; not empty.
    count : int
        How many, at most.

    Returns
    -------
    list of int
        The largest first.
    """
    area = mask.sum((1, 2))
    large = np.flatnonzero(area >= LARGE * area.max())
    spread = large[np.linspace(0, len(large) - 1, count + 1).round().astype(int)[1:]] if count > 1 else []
    return list(dict.fromkeys([int(area.argmax()), *(int(z) for z in spread)]))[:count]


@dataclass(frozen=True, eq=False)
class _Unit:
    """One structure in one slice, by one method; `start` and `width` are shares of its case."""

    case: Case
    about: dict
    method: Method
    start: float
    width: float

    @property
    def structure(self) -> str:
        return self.about["structure"]

    @property
    def of(self) -> tuple:
        return (*self.about.values(), self.method.name)


def _units(
    listed: LabelledCase,
    structures: tuple[str, ...],
    methods: Sequence[Method],
    request: Request,
    slices_per_case: int,
    models: Models,
    skipped: list[dict],
) -> Iterator[_Unit]:
    """What there is to compare in a case, which is opened for it; what it does not hold is added to `skipped`."""
    opened = None
    for number, structure in enumerate(structures):
        about = {"case": listed.name, "structure": structure}
        if structure not in listed.structures:
            skipped.append({**about, "reason": f"the labels of this case are of {', '.join(listed.structures)} alone"})
            continue
        opened = opened or listed.open()
        mask = opened.mask(structure)
        if not mask.voxels.any():
            skipped.append({**about, "reason": "this case does not hold it"})
            continue
        asked = replace(request, scan=listed.name, structures=(structure,))
        case = Case(asked, models, scan=opened.scan, reference=mask)
        chosen = choose_slices(case.ground_truth[0], slices_per_case)
        width = 1 / (len(structures) * len(chosen) * len(methods))
        for place, z in enumerate(chosen):
            for step, method in enumerate(methods):
                start = number / len(structures) + (place * len(methods) + step) * width
                yield _Unit(case, {**about, "slice": z}, method, start, width)


def _rows_of(unit: _Unit, kept: RowsFile | None, turn: int, progress: Callable[[float], None]) -> list[ArmRow] | str:
    """The rows of a unit, as they are kept or made now; or why there are none."""
    before = None if kept is None else kept.get(unit.of)
    if before is not None:
        return [ArmRow.from_dict(row) for row in before]
    rows = compare_slice(unit.case, unit.about["slice"], unit.method, turn, progress)
    if isinstance(rows, str) or kept is None:
        return rows
    return [ArmRow.from_dict(row) for row in kept.add(unit.of, rows)]
