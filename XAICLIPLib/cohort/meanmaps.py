"""The mean map of each structure of a cohort in the frame of the organ, how sure it is, and where there is an effect.

Cases are read one after the other, in the order of their ids: memory does not grow with them, and the same cases give
the same bits, in whatever order they were listed or made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib.cohort.casemaps import KINDS, OrganMaps, case_maps_in
from XAICLIPLib.cohort.frame import CELL, CELLS
from XAICLIPLib.cohort.store import EXPLAINED, finished_below

if TYPE_CHECKING:
    from XAICLIPLib.volume import Volume

FEWEST = 5  # cases in a cell of which an effect can be told
RATE = 0.05  # of false cells among those that are found (Benjamini and Hochberg), from which a cell is found
_LEVEL = 0.95  # of the intervals


@dataclass(frozen=True, eq=False)
class MeanMap:
    """The mean over cases of one kind of map of a structure, cell by cell of the organ's frame.

    Attributes
    ----------
    structure, kind : str
        Kind is of `casemaps.KINDS`.
    cases : int
        That have such a map.
    count : ndarray of int32, shape (CELLS, CELLS, CELLS)
        Cases in which a cell was tested; cells along z (feet to head), y (front to back), x (right to left).
    mean, sd : ndarray of float64
        Over the cases in which the cell was tested, nan where there are none; the second, of single cases about their
        mean, nan where there are fewer than two.
    organ : ndarray of float64
        The share of cases in whose organ the cell lies.
    half_mm : tuple of 3 floats
        The mean half-extent of the organs to the left, behind and above.
    left_out : dict of str to int
        Cases without a frame, by the reason.
    """

    structure: str
    kind: str
    cases: int
    count: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    organ: np.ndarray
    half_mm: tuple[float, float, float]
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def half_width(self) -> np.ndarray:
        """Half of the 95 % interval of the mean (Student's t); nan where there are fewer than two cases."""
        from scipy.stats import t

        freedom = np.maximum(self.count - 1, 1)
        return t.ppf(0.5 + _LEVEL / 2, freedom) * self.sd / np.sqrt(np.maximum(self.count, 1))

    @property
    def p(self) -> np.ndarray:
        """Of the two-sided t test that the mean is 0, corrected for all cells (Benjamini and Hochberg);
        nan where there are fewer than `FEWEST` cases. Where all cases are alike nothing can be told, and it is 1."""
        from scipy.stats import t

        told = self.count >= FEWEST
        corrected = np.full(self.count.shape, np.nan)
        n, mean, sd = self.count[told], self.mean[told], self.sd[told]
        statistic = np.divide(np.abs(mean) * np.sqrt(n), sd, out=np.zeros(len(n)), where=sd > 0)
        corrected[told] = _false_discovery(2 * t.sf(statistic, n - 1))
        return corrected

    @property
    def found(self) -> np.ndarray:
        """Where the mean can be told from 0: bool, at most a share of `RATE` of it wrongly, on average."""
        return np.nan_to_num(self.p, nan=1.0) < RATE

    @property
    def peak(self) -> tuple[int, int, int] | None:
        """The cell with the largest mean, along z, y, x, of those that have `FEWEST` cases, and half as many as any
        other cell: the fringe of what was tested is that of a few patients. None where there is none."""
        often = self.count >= max(FEWEST, self.count.max() / 2)
        if not often.any():
            return None
        z, y, x = np.unravel_index(np.argmax(np.where(often, self.mean, -np.inf)), self.count.shape)
        return int(z), int(y), int(x)

    def volume(self, values: np.ndarray, name: str = "map") -> Volume:
        """Numbers of cells as a volume of the size of the mean organ, whose middle is 0, 0, 0.

        Parameters
        ----------
        values : ndarray, shape (CELLS, CELLS, CELLS)
        name : str

        Returns
        -------
        Volume
            Along L, P and S; spacing in mm.
        """
        from XAICLIPLib.volume import Volume

        x, y, z = (CELL * half for half in self.half_mm)
        middle = CELLS // 2
        return Volume(values, (x, y, z), (-middle * x, -middle * y, -middle * z), name=name)


class _Sum:
    """Welford's sums of the maps of one structure."""

    def __init__(self) -> None:
        shape = (CELLS,) * 3
        self._cases = dict.fromkeys(KINDS, 0)
        self._count = {kind: np.zeros(shape, np.int32) for kind in KINDS}
        self._mean = {kind: np.zeros(shape) for kind in KINDS}
        self._squares = {kind: np.zeros(shape) for kind in KINDS}
        self._organ, self._half, self._frames = np.zeros(shape, np.int32), np.zeros(3), 0
        self._left_out: Counter[str] = Counter()

    def add(self, one: OrganMaps) -> None:
        if one.frame is None or one.organ is None:
            self._left_out[one.by] += 1
            return
        self._frames += 1
        self._organ += one.organ
        self._half += (np.array(one.frame.half) - self._half) / self._frames
        for kind, values in one.maps.items():
            known = np.isfinite(values)
            self._cases[kind] += 1
            self._count[kind] += known
            count, mean, squares = (sums[kind][known] for sums in (self._count, self._mean, self._squares))
            new = values[known].astype(float)
            step = new - mean
            mean += step / count
            self._mean[kind][known] = mean
            self._squares[kind][known] = squares + step * (new - mean)

    def told(self, structure: str) -> Iterator[MeanMap]:
        x, y, z = (float(half) for half in self._half)
        for kind in KINDS:
            if cases := self._cases[kind]:
                count = self._count[kind]
                mean = np.where(count > 0, self._mean[kind], np.nan)
                variance = np.divide(self._squares[kind], count - 1, out=np.full(mean.shape, np.nan), where=count > 1)
                organ = self._organ / self._frames
                yield MeanMap(
                    structure, kind, cases, count, mean, np.sqrt(variance), organ, (x, y, z), dict(self._left_out)
                )


def mean_of(cases: Iterable[Sequence[OrganMaps]]) -> list[MeanMap]:
    """The mean maps of cases.

    Parameters
    ----------
    cases : iterable of (sequence of OrganMaps)
        Of each case; taken one by one and not kept.

    Returns
    -------
    list of MeanMap
        By structure, then by kind; kidneys of the two sides are two structures, and none is mirrored.
    """
    sums: dict[str, _Sum] = {}
    for maps in cases:
        for one in maps:
            sums.setdefault(one.structure, _Sum()).add(one)
    return [found for structure in sorted(sums) for found in sums[structure].told(structure)]


def mean_maps(out: str | Path, ids: Collection[str] | None = None) -> list[MeanMap]:
    """The mean maps of a cohort that was explained, or of some of its cases.

    Parameters
    ----------
    out : path
        The folder of the cohort.
    ids : collection of str, optional
        The cases that are meant, such as those of one scanner; by default all that are in the folder.

    Returns
    -------
    list of MeanMap
        By structure, then by kind.

    Raises
    ------
    InputError
        If a case is damaged.

    Examples
    --------
    >>> from XAICLIPLib.cohort.meanmaps import mean_maps
    >>> mean_maps("cohort-that-is-not-there")
    []
    """
    there = [(head.id, folder) for folder, head in finished_below(Path(out)) if head.status == EXPLAINED]
    wanted = sorted((name, folder) for name, folder in there if ids is None or name in ids)
    return mean_of(case_maps_in(folder) for _, folder in wanted)


def _false_discovery(p: np.ndarray) -> np.ndarray:
    """Benjamini and Hochberg's correction of p values, shape (N,)."""
    order = np.argsort(p, kind="stable")[::-1]
    ranks = np.arange(len(p), 0, -1)
    corrected = np.empty(len(p))
    corrected[order] = np.minimum.accumulate(np.minimum(1.0, p[order] * len(p) / np.maximum(ranks, 1)))
    return corrected
