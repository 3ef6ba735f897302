"""Learn prompts from a user's own labelled slices: choose them, learn, and say on the other slices what it brought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.regions import BATCH, Regions
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.metrics import dice
from XAICLIPLib.roi.given import Given
from XAICLIPLib.vlm.prompt_learning.learned_prompts import LearnedPrompts
from XAICLIPLib.vlm.prompt_learning.optimise import Examples, Settings, learn
from XAICLIPLib.volume import Volume

__all__ = ["Learning", "Settings", "Shots", "choose_shots", "learn_prompts"]

FEWEST = 2
WATCHED = 4  # every so manieth shot is not learned from, but says when to stop
Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Shots:
    """What each slice of a scan is for, by axial number.

    Attributes
    ----------
    learned : tuple of int
        Slices that the prompts are fitted to, those without the structure last.
    watched : tuple of int
        Shots that say when to stop.
    measured : tuple of int
        All others whose label is known.
    without : int
        How many of those learned from and watched do not hold the structure.
    """

    learned: tuple[int, ...]
    watched: tuple[int, ...]
    measured: tuple[int, ...]
    without: int = 0


def check_place(path: str | Path) -> None:
    """Try, before anything is learned, whether learned prompts can be written there.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    InputError
        If they can't.
    """
    from XAICLIPLib.vlm.prompt_learning.learned_prompts import check_place

    check_place(path)


def known_slices(present: np.ndarray, others: np.ndarray) -> np.ndarray:
    """In which slices it is known whether they hold a structure.

    A slice without the structure says that it is not there only where somebody looked: where the label map holds
    something else, or outside the structure's own slices if it is labelled in every slice from the first to the last.
    Every third slice labelled, or a gap, is no such structure.

    Parameters
    ----------
    present, others : ndarray of bool, shape (Z,)
        Whether a slice has a label of the structure, and of anything else.

    Returns
    -------
    ndarray of bool, shape (Z,)
    """
    places = np.flatnonzero(present)
    whole = len(places) > 0 and len(places) == places[-1] - places[0] + 1
    return present | others | whole


def choose_shots(
    present: np.ndarray, known: np.ndarray, count: int, negatives: int, within: Sequence[int] | None = None
) -> Shots:
    """Slices to learn a structure from, spread over its length, and slices without it.

    Parameters
    ----------
    present, known : ndarray of bool, shape (Z,)
        Slices that hold the structure, and slices of which that is known.
    count : int
        How many that hold it; fewer where there are fewer. Every fourth is watched.
    negatives : int
        How many known not to hold it, at most.
    within : sequence of int, optional
        Take them from these slices only, and measure outside of them only.

    Returns
    -------
    Shots

    Raises
    ------
    InputError
        If fewer than two slices hold the structure.
    """
    allowed = np.zeros(len(present), bool)
    allowed[list(range(len(present)) if within is None else within)] = True
    there, absent = np.flatnonzero(present & allowed), np.flatnonzero(known & ~present & allowed)
    if len(there) < FEWEST:
        raise InputError(Message(
            "{count} labelled slices hold it; label at least {least}",
            count=len(there), least=FEWEST,
        ))  # fmt: skip
    chosen, empty = _spread(there, count), _spread(absent, negatives)
    watched = (*chosen[2::WATCHED], *empty[2::WATCHED])
    learned = tuple(z for z in (*chosen, *empty) if z not in watched)
    rest = known & ~allowed if within is not None else known.copy()
    rest[[*learned, *watched]] = False
    return Shots(learned, watched, tuple(map(int, np.flatnonzero(rest))), len(empty))


def _spread(places: np.ndarray, count: int) -> tuple[int, ...]:
    """At most `count` of some places, evenly: the middles of as many equal parts."""
    count = min(count, len(places))
    return tuple(int(places[int((i + 0.5) * len(places) / count)]) for i in range(count))


@dataclass(frozen=True, eq=False)
class Learning:
    """What was learned, and what it brought.

    Attributes
    ----------
    prompts : LearnedPrompts
    rows : list of dict
        Per structure: the slices `shots`, `without`, `watched` (counts) and `measured`, and the ROI Dice over the
        measured slices `before` (by words) and `after`; None where there was nothing to measure.
    warnings : tuple of str
    """

    prompts: LearnedPrompts
    rows: list[dict]
    warnings: tuple[str, ...]

    @property
    def useful(self) -> tuple[str, ...]:
        """The structures that got better, and those of which nothing was left to measure."""
        return tuple(r["structure"] for r in self.rows if r["after"] is None or r["after"] > r["before"])

    def save(self, path: str | Path, force: bool = False) -> Path:
        """Write the learned prompts, without the structures that their plain words find as well.

        Parameters
        ----------
        path : path
        force : bool
            Write all structures, whatever was measured.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If no structure is left, or the file can't be written.
        """
        names = self.prompts.structures if force else self.useful
        if not names:
            raise InputError(
                f"no structure is found better by learned prompts than by its words, and {path} was not written; "
                "label more slices, try --adapters or a larger model, or keep them all the same with --force"
            )
        return self.prompts.only(names).save(path)


def learn_prompts(
    request: Request,
    settings: Settings | None = None,
    *,
    shots: int = 8,
    negatives: int | None = None,
    models: Models | None = None,
    progress: Progress | None = None,
    scan: Volume | None = None,
    reference: Volume | None = None,
) -> Learning:
    """Learn prompts for structures from labelled slices of one scan.

    Parameters
    ----------
    request : Request
        Scan, structures, labels (`reference`), vision-language model, and how regions are cut. A range of `slices` is
        where the shots are taken from; the figures are then of the slices outside it.
    settings : Settings, optional
    shots : int
        Labelled slices of each structure, a quarter of which is watched and not learned from.
    negatives : int, optional
        Slices without the structure on top of that; half as many by default.
    models : Models, optional
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop.
    scan, reference : Volume, optional
        In memory instead of the request's paths.

    Returns
    -------
    Learning

    Raises
    ------
    InputError
        If there are no labels, too few labelled slices, or a context does not fit the text tower.
    ModelError
        If the model has no patch embeddings to learn from.
    """
    settings, tell = settings or Settings(seed=request.seed), progress or (lambda done, total, message: None)
    if shots < FEWEST:
        raise InputError(Message(
            "{count} shots are too few; give at least {least}, such as 8",
            count=shots, least=FEWEST,
        ))  # fmt: skip
    request = request.changed(region="clip", learned_prompts=None)
    case = Case(request, models or Models(), scan=scan, reference=reference)
    labels = case.reference
    if labels is None:
        raise InputError(Message("there are no labels to learn from; give a mask or a label map of the scan"))
    chosen, known, warnings = _choose(case, labels, shots, shots // 2 if negatives is None else negatives)
    learned = sorted({z for one in chosen for z in one.learned})
    watched = sorted({z for one in chosen for z in one.watched} - set(learned))
    used = {*learned, *watched}
    tests = [[z for z in one.measured if z not in used] for one in chosen]
    prompts = learn(
        case.similarities.model,
        [s.name for s in case.structures],
        [s.label for s in case.structures],
        _examples(case, labels, learned, known, settings.adapters),
        _examples(case, labels, watched, known, settings.adapters) if watched else None,
        settings,
        tell,
    )
    before = _roi_dice(case, labels, case.regions, tests, tell)
    after = _roi_dice(case, labels, case.regions.with_learned(prompts), tests, tell)
    rows, notes = _figures(case, chosen, tests, before, after)
    facts = prompts.facts | {"figures": rows, "modality": case.scan.modality, "windows": request.vlm.windows}
    return Learning(replace(prompts, facts=facts), rows, (*warnings, *notes))


def _figures(
    case: Case,
    chosen: Sequence[Shots],
    tests: Sequence[Sequence[int]],
    before: Sequence[float | None],
    after: Sequence[float | None],
) -> tuple[list[dict], list[str]]:
    """A row per structure with what learning brought, and what to say of those that it brought nothing."""
    notes: list[str] = []
    rows = []
    for structure, one, test, b, a in zip(case.structures, chosen, tests, before, after):
        holding = len(one.learned) + len(one.watched) - one.without
        rows.append(
            {
                "structure": structure.name,
                "shots": holding,
                "without": one.without,
                "watched": len(one.watched),
                "measured": len(test),
                "before": b,
                "after": a,
            }
        )
        if a is None:
            notes.append(Message(
                "{structure}: no labelled slice is left to measure on; label more than {least}",
                structure=structure.label, least=holding,
            ))  # fmt: skip
        elif b is not None and a <= b:
            notes.append(Message(
                "{structure}: learned prompts are no better than its words ({learned:.3f}, {plain:.3f})",
                structure=structure.label, learned=a, plain=b,
            ))  # fmt: skip
    return rows, notes


def _choose(case: Case, labels: Given, shots: int, negatives: int) -> tuple[list[Shots], np.ndarray, list[str]]:
    """Shots per structure, the table of what is known (K, Z), and warnings."""
    anything = labels.anything()
    within = None if case.request.slices in ("auto", "all") else case.slices
    chosen, table, warnings = [], [], list(case.label_notes)
    for structure, mask in zip(case.structures, labels.masks):
        present = mask.any((1, 2))
        known = known_slices(present, (anything & ~mask).any((1, 2)))
        try:
            one = choose_shots(present, known, shots, negatives, within)
        except InputError as error:
            text = Message("{structure}: {error}", structure=structure.label, error=error.text)
            if within is not None:
                text = Message(
                    "{structure} in the slices {slices}: {error}",
                    structure=structure.label, slices=str(case.request.slices), error=error.text,
                )  # fmt: skip
            raise InputError(text) from error
        holding = len(one.learned) + len(one.watched) - one.without
        if holding < shots:
            warnings.append(Message(
                "{structure}: only {count} labelled slices hold it, and all are used as shots",
                structure=structure.label, count=holding,
            ))  # fmt: skip
        if negatives and not one.without:
            warnings.append(
                Message(
                    "{structure}: no slice is known to be without it, so that nothing is learned of other levels",
                    structure=structure.label,
                )
            )
        chosen.append(one)
        table.append(known)
    return chosen, np.stack(table), warnings


def _examples(case: Case, labels: Given, slices: Sequence[int], known: np.ndarray, adapters: bool) -> Examples:
    """Slices with their masks on the model's own input grid."""
    seen = case.similarities.encode(slices)  # as they will be where they are to be found later
    masks = [[one.frame.mask_to_work(mask[z]) for mask in labels.masks] for one, z in zip(seen, slices)]
    return Examples(
        case.similarities.model,
        seen,
        torch.from_numpy(np.array(masks)),
        torch.from_numpy(known[:, list(slices)].T.copy()),
        adapters,
    )


def _roi_dice(
    case: Case, labels: Given, regions: Regions, tests: Sequence[Sequence[int]], tell: Progress
) -> list[float | None]:
    """Dice of each structure's region with its label over its own slices together; None where there are none."""
    slices = sorted({z for test in tests for z in test})
    masks: dict[int, dict[str, np.ndarray]] = {}
    for start in range(0, len(slices), BATCH):
        some = slices[start : start + BATCH]
        tell(start, len(slices), "measuring")
        masks |= {z: region.masks for z, region in zip(some, regions.of(some))}
    found: list[float | None] = []
    for structure, reference, test in zip(case.structures, labels.masks, tests):
        wanted = reference[list(test)]
        if not wanted.any():
            found.append(None)
            continue
        found.append(float(dice(np.stack([masks[z][structure.name] for z in test]), wanted)))
    return found
