"""What `xaiclip stress` gives back: a row per step, where each segmentation gives way, and the curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.report.folder import reserved, whole_folder, write_report
from XAICLIPLib.report.names import STRESS_CURVES, STRESS_STEPS, STRESS_SUMMARY
from XAICLIPLib.report.provenance import write_csv
from XAICLIPLib.results.rows import StressRow, StressSummaryRow, is_known

KIND = "xaiclip stress"
GOOD, FAILED = 0.9, 0.5  # of Dice
MEDIAN = "median"
FILES = (STRESS_STEPS, STRESS_SUMMARY, STRESS_CURVES, "report.json")


def judged(row: StressRow) -> float:
    """The Dice that decides: with the reference, or where there is none with what was drawn in the scan as it is.

    Parameters
    ----------
    row : StressRow

    Returns
    -------
    float
        nan where there is none.
    """
    return row.dice if row.dice_reference is None else row.dice_reference


def ladders(rows: Sequence[StressRow]) -> dict[tuple[str, str, str, str], dict[str, list[StressRow]]]:
    """The steps of each dose, scan by scan.

    Parameters
    ----------
    rows : sequence of StressRow
        The steps of one scan and dose from the weakest to the strongest.

    Returns
    -------
    dict of (structure, dose, side, unit) to dict of scan to list of StressRow
        Without the scan as it is.
    """
    found: dict[tuple[str, str, str, str], dict[str, list[StressRow]]] = {}
    for row in rows:
        if row.dose != "none":
            scans = found.setdefault((row.structure, row.dose, row.side, row.unit), {})
            scans.setdefault(row.scan, []).append(row)
    return found


def summarise(rows: Sequence[StressRow]) -> list[StressSummaryRow]:
    """Where each structure gives way, for each scan and each dose, and the median of several scans.

    A median is that of the places on the ladder of steps, the lower one of an even number, so that it is always a step
    that was tried; a scan that never gives way counts as beyond the last step. Steps without a number are left out.

    Parameters
    ----------
    rows : sequence of StressRow
        As for `ladders`.

    Returns
    -------
    list of StressSummaryRow
    """
    lines = []
    scans = list(dict.fromkeys(row.scan for row in rows))
    for (structure, dose, side, unit), held in ladders(rows).items():
        about = {"structure": structure, "dose": dose, "side": side, "unit": unit}
        steps = [row.step for row in max(held.values(), key=len)]
        places = []
        for scan, own in held.items():
            known = [row for row in own if is_known(judged(row))]
            if not known:
                lines.append(_line(scan, 1, about, steps, None))
                continue
            first = [
                next((steps.index(row.step) for row in known if judged(row) < bar), len(steps))
                for bar in (GOOD, FAILED)
            ]
            last = max((n for n, row in enumerate(own) if row in known and n < first[0]), default=-1)
            lowest = min(judged(row) for row in known)
            places.append((last, *first, lowest, steps.index(known[-1].step)))
            lines.append(_line(scan, 1, about, steps, places[-1]))
        if len(scans) > 1 and places:
            # the lower median of each, but of the lowest Dice, which is a number and no place, too
            middle = [sorted(values)[(len(values) - 1) // 2] for values in zip(*places)]
            lines.append(_line(MEDIAN, len(places), about, steps, middle))
    return sorted(lines, key=lambda line: line.scan == MEDIAN)


def _line(
    scan: str, scans: int, about: dict[str, str], steps: Sequence[float], places: Sequence[float] | None
) -> StressSummaryRow:
    def at(place: float) -> float:
        return steps[int(place)] if 0 <= place < len(steps) else float("nan")

    last, good, failed, lowest, furthest = places or (-1, -1, -1, float("nan"), -1)
    return StressSummaryRow(
        scan=scan, scans=scans, **about, holds=at(last), below_09=at(good), below_05=at(failed), lowest=lowest,
        furthest=at(furthest),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Stressed:
    """How segmentations stood the doses.

    Attributes
    ----------
    rows : list of StressRow
    answers : dict of str to str
        Structure to sentences about it.
    report : dict
        The request and how it was carried out; what the files do not hold.
    failed : dict of str to str
        Scans that could not be looked at, and why.
    stopped : bool
        Whether the user stopped it before the end.
    """

    rows: list[StressRow]
    answers: dict[str, str]
    report: dict[str, Any]
    failed: dict[str, str] = field(default_factory=dict)
    stopped: bool = False

    @property
    def summary(self) -> list[StressSummaryRow]:
        """Where each structure gives way, see `summarise`."""
        return summarise(self.rows)

    def save(self, folder: str | Path) -> Path:
        """Write `steps.csv`, `summary.csv`, `stress.png` and `report.json`.

        Parameters
        ----------
        folder : path
            Made if it is not there; the files of an earlier result in it are replaced.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            If the folder can't be made or written to, or holds files of these names that this program did not write.
        ResourceError
            If the disk is full.
        """
        from XAICLIPLib.report.dose_curves import draw_curves  # matplotlib, which nothing else needs

        with reserved(folder, FILES), whole_folder(folder) as place:
            write_csv(place / STRESS_STEPS, self.rows)
            write_csv(place / STRESS_SUMMARY, self.summary)
            if curves := self._curves():
                draw_curves(place / STRESS_CURVES, curves, (GOOD, FAILED), self.report["title"])
            told = {"answers": self.answers, "failed": self.failed, "stopped": self.stopped}
            summary = [row.as_dict() for row in self.summary]
            write_report(place, {"kind": KIND, **self.report, **told, "summary": summary})
        return Path(folder)

    def _curves(self) -> dict[str, dict[str, dict[float, list[float]]]]:
        """Dice by dose with its unit, structure and step; of several scans all values. Both sides are one curve, and
        the scan as it is lies between them."""
        start: dict[str, list[float]] = {}
        for row in self.rows:
            if row.dose == "none":
                start.setdefault(row.structure, []).append(judged(row))
        curves: dict[str, dict[str, dict[float, list[float]]]] = {}
        for (structure, dose, side, unit), held in ladders(self.rows).items():
            name = f"{dose}, {unit}" if unit else dose
            steps: dict[float, list[float]] = {}
            for own in held.values():
                for row in own:
                    steps.setdefault(row.step, []).append(judged(row))
            points = curves.setdefault(name, {}).setdefault(structure, {})
            ordered = {**dict(reversed(steps.items())), **points} if side == "down" else {**points, **steps}
            if not points:
                ordered = {**_none(unit, dose, start[structure]), **ordered}
            curves[name][structure] = ordered
        return curves


def _none(unit: str, dose: str, values: list[float]) -> dict[float, list[float]]:
    """The scan as it is, as a step of a dose."""
    return {np.inf if dose == "fov" else 1.0 if unit == "x" else 0.0: values}
