"""What the steps of all doses say of a model, in sentences: what its drawing survives, and what it uses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from XAICLIPLib import anatomy
from XAICLIPLib.pipeline.doses import DOSES, FLIPS
from XAICLIPLib.results.rows import StressRow, StressSummaryRow, is_known
from XAICLIPLib.results.stress import FAILED, GOOD, MEDIAN, judged, summarise


def stress_answers(rows: Sequence[StressRow]) -> dict[str, str]:
    """Sentences about each structure: of the only scan, or of the median of several.

    A part of the scan counts as used where Dice falls below 0.9 under a dose that hurts it, and as not used where it
    does so under none of them.

    Parameters
    ----------
    rows : sequence of StressRow

    Returns
    -------
    dict of str to str
        By the structure's name.
    """
    summary = summarise(rows)
    told = [row for row in summary if row.scan == MEDIAN] or summary
    answers = {}
    for structure in dict.fromkeys(row.structure for row in told):
        own = [row for row in told if row.structure == structure]
        doses = {name: [row for row in own if row.dose == name] for name in dict.fromkeys(row.dose for row in own)}
        known = {name: rows for name, rows in doses.items() if not any(math.isnan(row.lowest) for row in rows)}
        label = anatomy.describe(structure).label
        parts = [
            _start(label, rows, structure),
            _uses(label, known),
            *(_response(name, rows) for name, rows in known.items() if name not in FLIPS),
        ]
        parts.append(_flips([row for name, rows in known.items() if name in FLIPS for row in rows]))
        if missing := [name for name in doses if name not in known]:
            parts.append(f"Nothing can be said of {_listed(missing, 'and')}.")
        answers[structure] = " ".join(part for part in parts if part)
    return answers


def _start(label: str, rows: Sequence[StressRow], structure: str) -> str:
    """How well the drawing fits the reference before anything is changed."""
    fits = [judged(row) for row in rows if (row.dose, row.structure) == ("none", structure)]
    if all(row.dice_reference is None for row in rows) or not (known := [v for v in fits if is_known(v)]):
        return ""
    fit = median(known)
    below = f", below {GOOD} before anything is changed" if fit < GOOD else ""
    return f"In the scan as it is, Dice of the {label} with the reference is {fit:.2f}{below}."


def _uses(label: str, known: dict[str, list[StressSummaryRow]]) -> str:
    """What the drawing uses, and what not."""
    hurt: dict[str, bool] = {}
    for name, rows in known.items():
        part = DOSES[name].part
        hurt[part] = hurt.get(part, False) or any(not math.isnan(row.below_09) for row in rows)
    used = [part for part, is_hurt in hurt.items() if is_hurt]
    unused = [part for part, is_hurt in hurt.items() if not is_hurt]
    if not hurt:
        return ""
    if not used:
        return f"The {label} survives all that was tried: it does not depend on {_listed(unused, 'or')}."
    rest = f"; as far as it was tried, not on {_listed(unused, 'or')}" if unused else ""
    return f"The {label} depends on {_listed(used, 'and')}{rest}."


def _response(name: str, rows: Sequence[StressSummaryRow]) -> str:
    """How far one dose goes."""
    dose, unit = DOSES[name], rows[0].unit
    held = [row.holds for row in rows]
    failing = [row for row in rows if not math.isnan(row.below_09)]
    if not failing:
        furthest = _both(name, [row.furthest for row in rows], unit)
        return f"It is robust to {dose.about} as far as it was tried ({furthest})."
    if all(math.isnan(v) for v in held):
        said = f"It is not robust to {dose.about}"
    else:
        said = f"It is robust to {dose.about} of {_both(name, [v for v in held if not math.isnan(v)], unit)}"
    said += (
        f"; Dice falls below {GOOD} {_at(name)} {_listed([_step(name, r.below_09, r.unit) for r in failing], 'and')}"
    )
    failed = [row for row in rows if not math.isnan(row.below_05)]
    if failed:
        at = _listed([_step(name, row.below_05, row.unit) for row in failed], "and")
        return f"{said}, below {FAILED} {_at(name)} {at}."
    return f"{said}, and below {FAILED} nowhere."


def _flips(rows: Sequence[StressSummaryRow]) -> str:
    """Which ways round the scan may lie."""
    good = [DOSES[row.dose].about for row in rows if math.isnan(row.below_09)]
    bad = [f"{DOSES[row.dose].about} (Dice {row.lowest:.2f})" for row in rows if not math.isnan(row.below_09)]
    parts = [f"It is robust to {_listed(good, 'and')}."] if good else []
    return " ".join([*parts, f"It is not robust to {_listed(bad, 'and')}."] if bad else parts)


def _at(name: str) -> str:
    return "with" if name == "fov" else "at"


def _step(name: str, value: float, unit: str) -> str:
    """A step with its unit, and its sign where it has one."""
    if unit == "x":
        return f"x {value:.3g}"
    sign = "+" if DOSES[name].sided and value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value):.4g} {unit}"


def _both(name: str, values: Sequence[float], unit: str) -> str:
    """Steps to both sides as one where they are alike: ±80 HU."""
    if len(values) == 2 and values[0] == -values[1]:
        return f"±{abs(values[0]):.4g} {unit}"
    return _listed([_step(name, value, unit) for value in values], "and")


def _listed(words: Sequence[str], last: str) -> str:
    words = list(dict.fromkeys(words))
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
