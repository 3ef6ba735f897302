"""Where the model breaks: cases that could not be explained, bad drawings, outliers, and on what the numbers depend."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from XAICLIPLib.cohort.across import Across
from XAICLIPLib.cohort.dossier.identity import label
from XAICLIPLib.cohort.dossier.intervals import share_interval
from XAICLIPLib.cohort.dossier.measured import MEASURED, summary, values_of
from XAICLIPLib.cohort.dossier.read import Kept
from XAICLIPLib.cohort.lines import SHOWN, Line, badness
from XAICLIPLib.cohort.outliers import FEWEST, modified_z
from XAICLIPLib.cohort.store import EXPLAINED, finished_in
from XAICLIPLib.cohort.table import NOT_YET
from XAICLIPLib.results.stress import FAILED, GOOD

WORST, ROW = 12, 4  # pictures in the gallery, shared by the structures in whole rows
_TOLD = ("dice", "hd95_mm", "remote_share", "unseen_share")  # numbers below a picture, as far as there are any


def not_explained(kept: Kept) -> list[dict[str, Any]]:
    """Cases that could not be explained, by their reasons.

    Parameters
    ----------
    kept : Kept

    Returns
    -------
    list of dict
        ``reason``, ``cases`` (how many) and ``which``; the most frequent reason first.
    """
    by_reason: dict[str, list[str]] = defaultdict(list)
    for one in kept.told:
        if one.status not in (EXPLAINED, NOT_YET):
            by_reason[kept.text(one.reason, one.id)].append(kept.names[one.id])
    ordered = sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{"reason": reason, "cases": len(which), "which": which} for reason, which in ordered]


def drawings(found: Across) -> list[dict[str, Any]]:
    """How many drawings of each structure are bad, against the reference.

    Parameters
    ----------
    found : Across

    Returns
    -------
    list of dict
        ``structure``, ``cases`` with a reference, and per bar of Dice ``bar``, ``below``, ``low`` and ``high`` (95 %
        interval of the share).
    """
    rows = []
    for structure, alike in _by_structure(found.lines):
        dice = values_of(alike, "dice")
        bars = []
        for bar in (GOOD, FAILED):
            below = sum(value < bar for value in dice)
            low, high = share_interval(below, len(dice)) or (None, None)
            bars.append({"bar": bar, "below": below, "low": low, "high": high})
        if dice:
            rows.append({"structure": label(structure), "cases": len(dice), "bars": bars})
    return rows


def trusted(found: Across) -> list[dict[str, Any]]:
    """How many maps hold, by the rule of trust.

    Parameters
    ----------
    found : Across

    Returns
    -------
    list of dict
        ``structure`` and ``verdicts`` (how many cases of each).
    """
    return [
        {"structure": label(structure), "verdicts": _counted(line.trust or "not tested" for line in alike)}
        for structure, alike in _by_structure(found.lines)
    ]


def outliers(kept: Kept, found: Across) -> list[dict[str, Any]]:
    """Cases far from all others.

    Parameters
    ----------
    kept : Kept
    found : Across

    Returns
    -------
    list of dict
        ``structure``, ``number``, ``title``, ``unit``, ``median``, and ``cases``: of each ``case``, ``value`` and how
        many robust standard deviations it lies from the median (``z``).
    """
    rows = []
    for structure, alike in _by_structure(found.lines):
        for i, name in enumerate(SHOWN):
            far = [line for line in alike if i in line.far]
            if far:
                z = dict(zip((line.id for line in alike), modified_z([line.values[i] for line in alike]).tolist()))
                about, by = MEASURED[name], MEASURED[name].factor
                ordered = sorted(far, key=lambda line: (-abs(z[line.id]), line.id))
                rows.append(
                    {
                        "structure": label(structure), "number": name, "title": about.title, "unit": about.unit,
                        "median": summary(values_of(alike, name))["median"] * by,
                        "cases": [
                            {"case": kept.names[line.id], "value": (line.values[i] or 0) * by, "z": z[line.id]}
                            for line in ordered
                        ],
                    }
                )  # fmt: skip
    return rows


def too_few_for_outliers(found: Across) -> list[str]:
    """Structures with too few cases to call any of them an outlier.

    Parameters
    ----------
    found : Across

    Returns
    -------
    list of str
        Labels.
    """
    return [label(structure) for structure, alike in _by_structure(found.lines) if len(alike) < FEWEST]


def dependence(found: Across) -> dict[str, Any]:
    """On which attributes the numbers depend.

    Parameters
    ----------
    found : Across

    Returns
    -------
    dict
        ``tests`` (how many), ``columns`` (those that could be tested) and ``found``: ``structure``, ``sentence``,
        ``cases``, ``effect``, ``low``, ``high``, ``p`` and ``corrected`` of each effect that holds.
    """
    held = [effect for effect in found.effects if effect.is_found]
    return {
        "tests": len(found.effects),
        "columns": sorted({effect.column for effect in found.effects}),
        "found": [
            {
                "structure": label(effect.structure), "sentence": effect.sentence(),
                "cases": effect.cases + effect.others, "effect": effect.effect,
                "low": effect.low, "high": effect.high, "p": effect.p, "corrected": effect.corrected,
            }
            for effect in held
        ],
    }  # fmt: skip


def notes(kept: Kept) -> list[dict[str, Any]]:
    """What the program warned of in the cases, alike ones together.

    Parameters
    ----------
    kept : Kept

    Returns
    -------
    list of dict
        ``cases`` (how many), and an ``example`` of the text; those of the most cases first.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    cases: Counter[str] = Counter()
    for one in kept.explained:
        head = finished_in(one.folder) if one.folder else None
        alike = set()
        for text in head.warnings if head else ():
            told = kept.text(text, one.id)
            alike.add(kind := re.sub(r"\d+(?:[–.]\d+)*(?:, \d+(?:[–.]\d+)*)*", "#", told).replace("slices", "slice"))
            texts[kind].append(told)
        cases.update(alike)
    ordered = sorted(cases.items(), key=lambda item: (-item[1], item[0]))
    return [{"cases": count, "example": min(texts[kind])} for kind, count in ordered]


def gallery(kept: Kept, found: Across) -> tuple[list[dict[str, Any]], list[Line]]:
    """The worst cases of each structure.

    Parameters
    ----------
    kept : Kept
    found : Across

    Returns
    -------
    entries : list of dict
        ``case``, ``structure``, ``numbers`` (``title``, ``value``, ``unit``) and ``outlier_in`` (titles).
    lines : list of Line
        The same, for their pictures.
    """
    by_structure = _by_structure(found.lines)
    most = max(1, WORST // ROW // max(1, len(by_structure))) * ROW
    worst = [line for _, alike in by_structure for line in sorted(alike, key=badness)[:most]]
    entries = []
    for line in worst:
        numbers = [
            {"title": MEASURED[name].title, "unit": MEASURED[name].unit, "value": value * MEASURED[name].factor}
            for name in _TOLD
            if (value := line.values[SHOWN.index(name)]) is not None
        ]
        far = [MEASURED[SHOWN[i]].title for i in line.far]
        entries.append({"case": kept.names[line.id], "structure": label(line.structure), "numbers": numbers,
                        "outlier_in": far})  # fmt: skip
    return entries, worst


def _by_structure(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    structures = sorted({line.structure for line in lines})
    return [(name, [line for line in lines if line.structure == name]) for name in structures]


def _counted(words: Any) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda item: (-item[1], item[0])))
