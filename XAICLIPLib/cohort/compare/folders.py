"""Two folders, of cohorts or of runs, held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.compare.comparison import COHORTS, RUNS, CohortComparison
from XAICLIPLib.cohort.compare.numbers import numbers_of
from XAICLIPLib.cohort.compare.pairs import (
    CONTENT,
    ID,
    WAYS,
    Case,
    Pair,
    Side,
    paired,
    read_side,
    settings_of,
    shared_structures,
    values_of,
)
from XAICLIPLib.cohort.needs import between_of, remote_shares
from XAICLIPLib.cohort.numbers import REMOTE_SHARE
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.compare import Comparison
from XAICLIPLib.pipeline.compare import compare as compare_maps
from XAICLIPLib.pipeline.compare_remote import remote_difference
from XAICLIPLib.report.names import REPORT
from XAICLIPLib.results.differences import Change, settings_apart
from XAICLIPLib.results.explanation import Explanation

_OF_A_CASE = ("scan", "reference", "label", "series", "keep_paths", "images")  # settings that say nothing of the model


def kind_of(folder: Path) -> str:
    """What a folder holds.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str
        "cohorts" or "runs".

    Raises
    ------
    InputError
        If it holds neither.
    """
    if settings_of(folder) is not None:
        return COHORTS
    if (folder / REPORT).is_file():
        return RUNS
    what = "holds neither a run nor a cohort" if folder.is_dir() else "is not there, or is no folder"
    raise InputError(f"{folder} {what}; give two folders that `xaiclip explain` or `xaiclip cohort` wrote with --out")


def compare(
    first: str | Path, second: str | Path, structure: str | None = None, pair: str = CONTENT
) -> CohortComparison:
    """What the second of two cohorts, or of two runs, has and depends on that the first does not; no model is run.

    Parameters
    ----------
    first, second : path
        Folders of two cohorts on the same scans, or of two runs on one scan: of two models, versions, sequences or
        settings.
    structure : str, optional
        Which one, in words; by default all that both explain.
    pair : str
        How cases of two cohorts are known to be the same: by the "content" of the scan, whatever files and cases are
        called, or by their "id", such as for two sequences of one patient.

    Returns
    -------
    CohortComparison

    Raises
    ------
    InputError
        If a folder holds neither, one holds a cohort and the other a run, or there is nothing to compare: no case, no
        structure, no slice in common.

    Examples
    --------
    >>> import tempfile
    >>> import torch
    >>> import XAICLIPLib as xai
    >>> ct, _ = xai.make_phantom(shape=(6, 48, 48), spacing=(8.0, 8.0, 30.0))
    >>> place = tempfile.mkdtemp()
    >>> for name, level in (("a", 60), ("b", 90)):
    ...     bright = lambda batch: torch.sigmoid((batch - level) / 20)
    ...     explanation = xai.explain(
    ...         ct, "liver", xai.Occlusion(16, 16), region="full", model=bright, slices=3, device="cpu", evidence="none"
    ...     )
    ...     _ = explanation.save(f"{place}/{name}", pictures=False)
    >>> found = xai.compare(f"{place}/a", f"{place}/b")
    >>> found.structures, len(found.pairs), found.differences["liver", "volume_ml", ""].lower
    (('liver',), 1, 1)
    """
    if pair not in WAYS:
        raise InputError(f"cases can't be paired by {pair!r}; choose {' or '.join(WAYS)}")
    folders = Path(first), Path(second)
    kinds = [kind_of(folder) for folder in folders]
    if kinds[0] != kinds[1]:
        words = ["a cohort" if kind == COHORTS else "a run" for kind in kinds]
        raise InputError(f"{first} holds {words[0]} and {second} {words[1]}; compare two cohorts, or two runs")
    return _cohorts(*folders, structure, pair) if kinds[0] == COHORTS else _runs(*folders, structure)


def _cohorts(first: Path, second: Path, structure: str | None, by: str) -> CohortComparison:
    sides = read_side(first, "A"), read_side(second, "B")
    pairs, unpaired = paired(*sides, by)
    shared, notes = shared_structures(*sides, structure)
    settings = tuple(c for c in _apart(*sides) if c.name not in (*_OF_A_CASE, "model.name"))
    alike = not any(c.name == "slices" for c in settings)
    if not alike:
        notes.append("volumes are not compared: slices were chosen otherwise")
    if by == ID:
        same = sum(p.first.content == p.second.content for p in pairs)
        notes.append(f"paired by id; {same} of {len(pairs)} pairs are of the very same scan")
    if any(c.name in ("method.name", "score") for c in settings):
        notes.append("no mean of the maps over patients: they were made by other methods or scores")
    values = values_of(pairs, shared, alike)
    said = (*sides[0].notes, *sides[1].notes, *notes)
    return CohortComparison(COHORTS, sides, tuple(shared), tuple(pairs), values, unpaired, settings, notes=said)


def _runs(first: Path, second: Path, structure: str | None) -> CohortComparison:
    return of_runs((Explanation.load(first), Explanation.load(second)), (first, second), structure)[0]


def of_runs(
    runs: tuple[Explanation, Explanation], folders: tuple[Path, Path], structure: str | None = None
) -> tuple[CohortComparison, list[Comparison]]:
    """Two runs that are loaded already.

    Parameters
    ----------
    runs : tuple of 2 Explanation
    folders : tuple of 2 Path
        Where they are.
    structure : str, optional
        By default all that both explain.

    Returns
    -------
    comparison : CohortComparison
        Of one pair.
    maps : list of Comparison
        One for each structure.

    Raises
    ------
    InputError
        See `pipeline.compare.compare`.
    """
    names = [name for name in runs[0].structures if name in runs[1].structures]
    wanted = [structure] if structure is not None or not names else names
    found = [compare_maps(*runs, name) for name in wanted]
    rests = [remote_difference(*runs, each.structure) for each in found]
    sides = tuple(_side(run, folder) for run, folder in zip(runs, folders))
    pair = Pair(_name(runs[0]), sides[0].cases[0], sides[1].cases[0])
    shared = tuple(each.structure for each in found)
    settings = settings_apart(runs[0].report, runs[1].report)
    models = {(c.before, c.now) for c in settings if c.name == "model"}
    settings = tuple(c for c in settings if c.name != "model.name" or (c.before, c.now) not in models)
    alike = runs[0].report["slices"]["explained"] == runs[1].report["slices"]["explained"]
    notes = ["one scan says nothing about others: compare two cohorts for that"]
    if not alike:
        notes.append("volumes are not compared: other slices were explained")
    comparison = CohortComparison(
        RUNS, (sides[0], sides[1]), shared, (pair,), values_of([pair], shared, alike), {}, settings,
        tuple(each.text for pair_of in zip(found, rests) for each in pair_of if each is not None), tuple(notes),
    )  # fmt: skip
    return comparison, found


def _name(run: Explanation) -> str:
    return str(run.report["request"].get("label") or "the scan")


def _side(run: Explanation, folder: Path) -> Side:
    shares = remote_shares(run)
    rows: list[Mapping[str, Any]] = [{**row, REMOTE_SHARE: shares[row.structure]} for row in run.summary]
    numbers = numbers_of(rows, between_of(run), run.evaluated.axial().spacing[2])
    return Side(folder, (Case(folder.name, folder, "", numbers),), run.report, {})


def _apart(first: Side, second: Side) -> tuple[Change, ...]:
    if not (first.report["request"] and second.report["request"]):
        return ()
    return settings_apart(first.report, second.report)
