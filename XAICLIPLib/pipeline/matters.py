"""What of a run is worth a look, found in its maps and masks: a pure function of the explanation; no model is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan

import numpy as np
from scipy import ndimage

from XAICLIPLib.influence.grid import box_of
from XAICLIPLib.influence.place import islands
from XAICLIPLib.pipeline.answers import NEAR_MM
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.matters import EXTRA, HOT_SPOT, ISLAND, MISSING, SLICE, Finding
from XAICLIPLib.results.rows import is_known
from XAICLIPLib.volume import Volume

MOST = 3  # of each kind and structure
HOT, SPREAD = 0.5, 0.75  # of the largest value, from which a place is hot; of a spot's own, down to which it reaches
APART_MM = 20.0  # within which two hot spots are one
RIM_MM = 3.0  # beside the other's edge, where a disagreement is none to speak of
SMALLEST_MM = 3.0  # longest edge of what is told of
SMALLEST_ML = 0.1  # of a piece: less is a few pixels at an edge
SPECK = 1e-6  # of the largest value, below which two values are the same


def what_matters(explanation: Explanation) -> list[Finding]:
    """Hot spots, worst slices, islands, and where prediction and reference disagree.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    list of Finding
        Of each structure up to three of a kind, the one that weighs most first.
    """
    slices = list(explanation.report["slices"]["explained"])
    found: list[Finding] = []
    for number, name in enumerate(explanation.structures, start=1):
        pieces = _Pieces(explanation, name, number, slices)
        for kind in (pieces.hot_spots, pieces.worst_slices, pieces.islands, pieces.missing, pieces.extra):
            found += kind()
    return found


@dataclass(frozen=True)
class _Piece:
    """A connected piece on the stack of explained slices: its voxels (rows of slice, row, column), and a value."""

    voxels: np.ndarray
    value: float
    point: np.ndarray


class _Pieces:
    """The findings of one structure, on the stack of the explained slices, in axial order."""

    def __init__(self, explanation: Explanation, name: str, label: int, slices: list[int]) -> None:
        self._explanation, self._name, self._label, self._slices = explanation, name, label, slices
        self._axial = explanation.evaluated.axial()
        self._spacing = np.array(self._axial.spacing[::-1])

    def hot_spots(self) -> list[Finding]:
        """Where hiding a place changes most."""
        explanation = self._explanation
        saliency = explanation.saliencies.get(self._name, explanation.saliency)
        values = self._stack(saliency, self._evaluated_box)
        shown = explanation.report.get("saliency", {}).get(self._name, {})
        row = next((row for row in explanation.summary if row.structure == self._name), None)
        scale = shown.get("largest") or (row.largest_drop if row is not None else 0.0)
        unit = "remote" if shown.get("shows") == "remote" else "drop"
        pieces = self._peaks(values, [side.start for side in self._evaluated_box]) if scale else []
        return self._findings(HOT_SPOT, pieces, unit, scale)

    def worst_slices(self) -> list[Finding]:
        """Where the drawing agrees least with the reference; without one, where it hangs most on one place."""
        rows = [r for r in self._explanation.rows if r.structure == self._name and r.slice in self._slices]
        is_scored = self._explanation.reference is not None
        by_value = "dice" if is_scored else "largest_drop"
        known = [row for row in rows if is_known(row.get(by_value))]
        known.sort(key=lambda row: row[by_value] if is_scored else -row[by_value])
        if len(known) < 2 or (not is_scored and known[0][by_value] <= 0):
            return []
        found = []
        for number, row in enumerate(known[:MOST], start=1):
            z = self._slices.index(row.slice)
            places = np.argwhere(self._drawn[z] if self._drawn[z].any() else self._evaluated(z))
            if len(places):
                point = np.array([z, *places[((places - np.median(places, 0)) ** 2).sum(1).argmin()]])
                piece = _Piece(np.empty((0, 3), int), float(row[by_value]), point)
                found.append(self._finding(SLICE, number, piece, "Dice" if is_scored else "drop", 1.0))
        return found

    def islands(self) -> list[Finding]:
        """Pieces of the drawing beside the largest."""
        labels, count, start = self._islands
        pieces = [self._piece(np.argwhere(labels == n) + start) for n in range(2, min(count, MOST + 1) + 1)]
        found = []
        for number, piece in enumerate(pieces, start=2):
            if self._is_told(piece):
                found.append(self._finding(ISLAND, number, piece, "ml", 1.0))
        return found

    def missing(self) -> list[Finding]:
        """Pieces of the reference that are not drawn."""
        return self._disagreeing(MISSING)

    def extra(self) -> list[Finding]:
        """Pieces of the drawing that are not in the reference."""
        return self._disagreeing(EXTRA)

    # -- how they are found -------------------------------------------------------------------------------------------

    def _stack(self, volume: Volume, box: tuple[slice, ...] = (slice(None),) * 2) -> np.ndarray:
        """The explained slices of a volume, in axial order, or a box of rows and columns of them."""
        return np.stack([np.asarray(volume.slices[z])[box] for z in self._slices])

    def _evaluated(self, z: int) -> np.ndarray:
        return np.asarray(self._explanation.evaluated.slices[self._slices[z]]) > 0

    @cached_property
    def _evaluated_box(self) -> tuple[slice, ...]:
        """Rows and columns that hold all that was evaluated: of a large scan, a small part."""
        seen = np.zeros(self._axial.shape[1:], bool)
        for number in range(len(self._slices)):
            seen |= self._evaluated(number)
        return box_of(seen) if seen.any() else (slice(0, 1),) * 2

    @cached_property
    def _labels(self) -> np.ndarray:
        return self._stack(self._explanation.prediction)

    @cached_property
    def _drawn(self) -> np.ndarray:
        return self._labels == self._label

    @cached_property
    def _islands(self) -> tuple[np.ndarray, int, np.ndarray]:
        """The pieces of the drawing in the whole volume, as questions count them, in a box of the explained slices that
        begins at the third."""
        if not self._drawn.any():
            return np.zeros((0, 0, 0), np.int32), 0, np.zeros(3, int)
        _, *sides = box_of(self._drawn)
        places = [z - self._slices[0] for z in self._slices]
        drawn = np.zeros((places[-1] + 1, *(side.stop - side.start for side in sides)), bool)
        drawn[places] = self._drawn[:, sides[0], sides[1]]  # what was not explained is not drawn
        labels, count = islands(drawn)
        return labels[places], count, np.array([0, *(side.start for side in sides)])

    @cached_property
    def _middle(self) -> np.ndarray:
        """Of the largest piece of the drawing, else of the reference, else of what was evaluated."""
        labels, count, start = self._islands
        if count:
            return np.array(ndimage.center_of_mass(labels == 1)) + start
        reference = self._explanation.reference
        mask = self._stack(reference) == self._label if reference is not None else np.zeros(1, bool)
        if not mask.any():
            mask = self._stack(self._explanation.evaluated) > 0
        return np.array(ndimage.center_of_mass(mask)) if mask.any() else np.array(mask.shape) / 2

    def _peaks(self, values: np.ndarray, corner: Sequence[int]) -> list[_Piece]:
        """The largest values, each with what is nearly as large round it, and none near another."""
        start = np.array([0, *corner])
        largest, left, found = float(values.max(initial=0.0)), values.copy(), []
        while len(found) < MOST and largest > 0:
            top = float(left.max())
            if top < HOT * largest:
                break
            labels, _ = ndimage.label(left >= SPREAD * top)
            highest = np.argwhere(left >= top * (1 - SPECK))
            first = labels[tuple(highest[0])]
            voxels = np.argwhere(labels == first)
            tops = highest[labels[tuple(highest.T)] == first]
            z = np.bincount(tops[:, 0]).argmax()  # the slice with most of the largest values
            tops = tops[tops[:, 0] == z]
            point = tops[(((tops - tops.mean(0)) * self._spacing) ** 2).sum(1).argmin()]
            found.append(_Piece(voxels + start, top, point + start))
            left[labels == first] = 0
            self._clear(left, point)
        return found

    def _clear(self, values: np.ndarray, point: np.ndarray) -> None:
        """Set what lies near a place to 0."""
        reach = np.ceil(APART_MM / self._spacing).astype(int)
        near = tuple(slice(max(0, p - r), p + r + 1) for p, r in zip(point.tolist(), reach.tolist()))
        steps = [
            ((np.arange(side.start, min(side.stop, n)) - p) * s) ** 2
            for side, n, p, s in zip(near, values.shape, point, self._spacing)
        ]
        values[near][sum(np.ix_(*steps), start=np.zeros(1)) <= APART_MM**2] = 0

    def _disagreeing(self, kind: str) -> list[Finding]:
        """Connected pieces of what one mask has and the other has not, farther from the other than a rim."""
        reference = self._explanation.reference
        if reference is None:
            return []
        truth = self._stack(reference) == self._label
        mask, other = (truth, self._drawn) if kind == MISSING else (self._drawn, truth)
        if not mask.any():
            return []
        box = (slice(None), *box_of(mask | other)[1:])  # of a large scan, a small part
        start = np.array([0, box[1].start, box[2].start])
        mask, other = mask[box], other[box]
        far = np.zeros_like(mask)
        for z in range(len(mask)):
            only = mask[z] & ~other[z]
            if only.any() and other[z].any():
                only &= ndimage.distance_transform_edt(~other[z], sampling=self._spacing[1:]) > RIM_MM
            far[z] = only
        labels, count = islands(far)
        pieces = [self._piece(np.argwhere(labels == n) + start) for n in range(1, min(count, MOST) + 1)]
        return self._findings(kind, [p for p in pieces if self._is_told(p)], "ml", 1.0)

    def _piece(self, voxels: np.ndarray) -> _Piece:
        """A piece of a mask: what it holds, and the voxel of it that is nearest to its middle."""
        away = (((voxels - voxels.mean(0)) * self._spacing) ** 2).sum(1)
        return _Piece(voxels, len(voxels) * float(self._spacing.prod()) / 1000, voxels[away.argmin()])

    def _is_told(self, piece: _Piece) -> bool:
        """Whether a piece is large enough to speak of."""
        return self._size(piece) >= SMALLEST_MM and piece.value >= SMALLEST_ML

    def _size(self, piece: _Piece) -> float:
        """The longest edge of its box in mm; of a piece in one slice, of that slice."""
        if not len(piece.voxels):
            return nan
        edges = (np.ptp(piece.voxels, 0) + 1) * self._spacing
        return float(edges.max() if edges[0] > self._spacing[0] else edges[1:].max())

    # -- how they are told --------------------------------------------------------------------------------------------

    def _findings(self, kind: str, pieces: list[_Piece], unit: str, scale: float) -> list[Finding]:
        return [self._finding(kind, number, piece, unit, scale) for number, piece in enumerate(pieces, start=1)]

    def _finding(self, kind: str, number: int, piece: _Piece, unit: str, scale: float) -> Finding:
        organ, is_inside = self._organ(piece.point, kind in (HOT_SPOT, SLICE))
        slices = np.array(self._slices)
        above = slices[piece.point[0]] - np.interp(self._middle[0], np.arange(len(slices)), slices)
        offset = np.array([above, *(piece.point[1:] - self._middle[1:])]) * self._spacing
        x, y, z = (float(round(v, 1)) for v in offset[::-1])
        return Finding(
            kind=kind,
            structure=self._name,
            number=number,
            at=self._lps(piece.point),
            slice=self._slices[int(piece.point[0])],
            offset_mm=(x, y, z),
            organ=organ,
            is_inside=is_inside,
            size_mm=round(self._size(piece), 1),
            value=float(piece.value * scale),
            unit=unit,
        )

    def _lps(self, point: np.ndarray) -> tuple[float, float, float]:
        """A voxel of the stack in LPS mm."""
        index = np.array([self._slices[int(point[0])], *point[1:]], float)[::-1] * np.array(self._axial.spacing)
        x, y, z = np.array(self._axial.origin) + np.array(self._axial.direction).reshape(3, 3) @ index
        return float(x), float(y), float(z)

    def _organ(self, point: np.ndarray, is_own_told: bool) -> tuple[str, bool]:
        """The structure that the reference has at a point, or that is drawn there, else the nearest one in its slice;
        that a piece of a structure lies in or near that structure tells nothing."""
        names, reference = self._explanation.structures, self._explanation.reference
        z, row, column = (int(p) for p in point)
        told = set(range(1, len(names) + 1)) - (set() if is_own_told else {self._label})
        labels = [int(self._labels[z, row, column])]
        if reference is not None:
            labels.insert(0, int(np.asarray(reference.slices[self._slices[z]])[row, column]))
        for label in labels:
            if label in told:
                return names[label - 1], True
        nearest = [
            (float(distances.min()), number)
            for number, distances in self._distances(z, np.array([row, column]))
            if number in told and distances.min() <= NEAR_MM
        ]
        return (names[min(nearest)[1] - 1], False) if nearest else ("", False)

    def _distances(self, z: int, place: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Of each structure that is drawn in a slice, how far its pixels lie from a place, in mm."""
        for number in range(1, len(self._explanation.structures) + 1):
            places = np.argwhere(self._labels[z] == number)
            if len(places):
                yield number, np.sqrt((((places - place) * self._spacing[1:]) ** 2).sum(1))
