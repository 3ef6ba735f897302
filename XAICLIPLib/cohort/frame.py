"""The frame of an organ, the same in every patient: its own middle and size along the patient's axes, and maps in it.

The axes are the patient's own. Principal axes of an organ would be one choice more: those of round organs are not
determined, and those of a liver that lies at 40° or at 50° differ by a quarter turn. Maps of perturbations are far
coarser than the few degrees by which organs of patients who lie straight differ. So left is left in every frame,
nothing is mirrored, and a cut through the frame reads like one through the scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import map_coordinates

if TYPE_CHECKING:
    from XAICLIPLib.volume import Volume


CELLS = 31  # along each axis; odd, so that the middle of the organ is the middle of a cell
CELL = 0.1  # of the half-extent: 9 mm of a liver, 3 mm of a kidney across; patches of a map are several times as wide
_FIRST = -CELL * (CELLS // 2)
_ELLIPSOID = np.sqrt(5.0)  # the semi-axis of a solid ellipsoid, in standard deviations of its points
_TESTED = 0.5  # of the neighbourhood of a cell, from which it counts as tested


@dataclass(frozen=True)
class Frame:
    """Where an organ is in a scan, and how large.

    Attributes
    ----------
    centre : tuple of 3 floats
        The centroid, LPS, mm.
    half : tuple of 3 floats
        Half-extent to the left, behind and above, mm: √5 standard deviations, which is the semi-axis of an ellipsoid.
        Unlike the box of the organ it hardly changes by a stray island.
    """

    centre: tuple[float, float, float]
    half: tuple[float, float, float]

    def cells(self) -> np.ndarray:
        """The middles of the frame's cells.

        Returns
        -------
        ndarray of float64, shape (3, CELLS, CELLS, CELLS)
            x, y, z in LPS, mm; cells along z (feet to head), y (front to back), x (the patient's right to left).
        """
        steps = _FIRST + CELL * np.arange(CELLS)
        z, y, x = np.meshgrid(steps, steps, steps, indexing="ij")
        return np.array(
            [centre + half * step for centre, half, step in zip(self.centre, self.half, (x, y, z), strict=True)]
        )


def frame_of(masks: Iterable[tuple[int, np.ndarray]], axial: Volume) -> Frame | None:
    """The frame of an organ.

    Parameters
    ----------
    masks : iterable of (int, ndarray of bool, shape (H, W))
        The organ in axial slices, each slice once; those without it may be left out.
    axial : Volume
        The grid of the slices (`Volume.axial`); its voxels are not looked at.

    Returns
    -------
    Frame or None
        None where the slices hold nothing of it.
    """
    count, first, second = 0, np.zeros(3), np.zeros((3, 3))
    for z, mask in masks:
        rows, columns = np.nonzero(mask)
        if rows.size:
            index = np.stack([columns, rows, np.full(rows.size, z)]).astype(float)  # x, y, z
            count += rows.size
            first += index.sum(1)
            second += index @ index.T
    if not count:
        return None
    middle = first / count
    spread = second / count - np.outer(middle, middle) + np.eye(3) / 12  # a voxel is a box, not a point
    turn = _to_world(axial)
    half = _ELLIPSOID * np.sqrt(np.diag(turn @ spread @ turn.T))
    centre = np.array(axial.origin) + turn @ middle
    return Frame(_three(centre), _three(half))


def in_frame(
    planes: Callable[[], Iterable[tuple[int, np.ndarray, np.ndarray]]], axial: Volume, frame: Frame
) -> np.ndarray:
    """A map of a scan in the frame of an organ.

    Voxels that are smaller than a cell are averaged, so that no small hot spot falls between two cells; what is left is
    interpolated linearly. Only what was tested counts.

    Parameters
    ----------
    planes : callable
        Gives axial slices in ascending order: number, values (H, W), and where they were tested, bool (H, W).
    axial : Volume
        Their grid; its voxels are not looked at.
    frame : Frame

    Returns
    -------
    ndarray of float32, shape (CELLS, CELLS, CELLS)
        Cells along z, y, x; nan where nothing was tested.
    """
    turn = _to_world(axial)
    offset = frame.cells().reshape(3, -1) - np.array(axial.origin)[:, None]
    index = np.linalg.solve(turn, offset)[::-1]  # z, y, x, in voxels
    per_cell = CELL * np.array(frame.half) @ np.abs(np.linalg.inv(turn)).T  # voxels along x, y, z
    blocks = _Blocks(index, axial.shape, np.maximum(1, per_cell[::-1]).astype(int))
    for z, values, tested in planes():
        blocks.add(z, values, tested)
    return blocks.at(index).reshape((CELLS,) * 3)


class _Blocks:
    """Means of what was tested, in blocks of voxels that are no larger than a cell, round the frame alone."""

    def __init__(self, index: np.ndarray, shape: tuple[int, int, int], size: np.ndarray) -> None:
        low = np.floor(index.min(1)).astype(int) - size
        high = np.ceil(index.max(1)).astype(int) + size
        self._first = np.clip(low, 0, shape)
        stop = np.clip(high, self._first, shape)
        self._stop, self._size = stop, size
        counts = -(-(stop - self._first) // size)
        self._sum, self._count = np.zeros((2, *counts))

    def add(self, z: int, values: np.ndarray, tested: np.ndarray) -> None:
        if not self._first[0] <= z < self._stop[0] or not self._sum.size:
            return
        part = tuple(slice(a, b) for a, b in zip(self._first[1:], self._stop[1:], strict=True))
        known = tested[part]
        place = (z - self._first[0]) // self._size[0]
        self._sum[place] += self._reduced(np.where(known, values[part], 0.0))
        self._count[place] += self._reduced(known.astype(float))

    def _reduced(self, plane: np.ndarray) -> np.ndarray:
        for axis in (0, 1):
            starts = np.arange(0, plane.shape[axis], self._size[axis + 1])
            plane = np.add.reduceat(plane, starts, axis=axis)
        return plane

    def at(self, index: np.ndarray) -> np.ndarray:
        """Values (N,) at places (3, N) in voxels; nan where nothing near was tested."""
        if not self._sum.size:
            return np.full(index.shape[1], np.nan, np.float32)
        known = self._count > 0
        means = np.divide(self._sum, self._count, out=np.zeros_like(self._sum), where=known)
        place = (index - self._first[:, None] - (self._size[:, None] - 1) / 2) / self._size[:, None]
        share = map_coordinates(known.astype(float), place, order=1, mode="grid-constant")
        value = map_coordinates(means, place, order=1, mode="grid-constant")
        tested = share >= _TESTED - 1e-9  # what lies on an edge does so whatever the rounding
        return np.divide(value, share, out=np.full(share.shape, np.nan), where=tested).astype(np.float32)


def _to_world(axial: Volume) -> np.ndarray:
    """From steps of voxels (x, y, z) to mm along L, P and S."""
    return np.array(axial.direction).reshape(3, 3) * np.array(axial.spacing)


def _three(values: np.ndarray) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in values)
    return x, y, z
