"""The slices of a run asked together: a model of slices sees each by itself, so that answers add up through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.files import read_record
from XAICLIPLib.influence.place import Island, Point, Where, islands, shares_of, within
from XAICLIPLib.influence.question import NOT_HIDDEN, Influence
from XAICLIPLib.influence.record import PARTS
from XAICLIPLib.influence.sources import BoxSources, PartSources
from XAICLIPLib.volume.ranges import ranges

KEPT_SLICES = 128  # records in memory at a time; about 0.3 MB each
EMPTY = "holds no pixel of the slices that were explained"
Read = Callable[[], bytes]
PlaneBox = tuple[slice, ...]  # of rows and columns; in the class below, `slice` is the method


class VolumeInfluence:
    """What a run knows of the slices of a scan, on its axial grid (Z, H, W).

    Parameters
    ----------
    records : mapping of int to callable
        Per axial slice, what reads its record (see `read_record`).
    players : mapping of int to callable
        The same for segments as players, where the run had any.
    shape : tuple of int
        (Z, H, W).
    spacing : tuple of float
        mm, along the same axes.
    drawn : callable
        From a target's number to what the model draws of it, bool (Z, H, W).
    """

    def __init__(
        self,
        records: Mapping[int, Read],
        players: Mapping[int, Read],
        shape: Sequence[int],
        spacing: Sequence[float],
        drawn: Callable[[int], np.ndarray],
    ) -> None:
        if not records:
            raise InputError(
                "this run kept no record of its influence; run the explanation again without --no-influence"
            )
        self._records, self._players, self._drawn = dict(records), dict(players), drawn
        self.shape, self.spacing = tuple(shape), tuple(spacing)
        self._open = lru_cache(KEPT_SLICES)(self._read)

    def _read(self, z: int, players: bool) -> Influence:
        kind = "players" if players else "slice"
        return Influence(*read_record((self._players if players else self._records)[z](), f"{kind} {z}"))

    @property
    def slices(self) -> list[int]:
        """The axial slices of which something is known, in ascending order."""
        return sorted(self._records)

    @property
    def targets(self) -> tuple[str, ...]:
        """What the targets are called."""
        return self.slice(self.slices[0]).targets

    def slice(self, z: int) -> Influence:
        """What is known of one slice, to be asked like an image.

        Parameters
        ----------
        z : int
            Axial slice.

        Returns
        -------
        Influence

        Raises
        ------
        InputError
            If it was not explained, or its record is damaged.
        """
        if z not in self._records:
            raise InputError(f"slice {z} was not explained; slices {ranges(self.slices, '-')} were")
        return self._open(z, False)

    def why(
        self, where: Where, target: str | int = 0, part: str = "remote", depth_mm: float | None = None
    ) -> np.ndarray:
        """Which places the drawing in `where` depends on, in all slices together.

        Parameters
        ----------
        where : ndarray of bool (Z, H, W), str, Point or Island
            As in `Influence.why`; islands are those of the volume.
        target : str or int
        part : str
            "remote", "own" or "total".
        depth_mm : float, optional
            How far the hidden places reach through the slices; by default as far as they do in the slice.

        Returns
        -------
        ndarray, shape (Z, H, W), float32
            The change of the mean probability in `where` when a place round the voxel is hidden in all slices that it
            reaches through. 0 in slices that were not explained.

        Raises
        ------
        InputError
            As `Influence.why`.
        """
        if part not in PARTS:
            raise InputError(f"there is no part {part!r}; choose one of {', '.join(PARTS)}")
        shares = self._shares(where, target)
        total = sum(s.sum() for s in shares.values())
        maps = {}
        for z, share in shares.items():
            known = self.slice(z)
            maps[z] = known.on_image(known.target(target).over_cells(share / total, part))
        return self._through(maps, self._depth() if depth_mm is None else depth_mm)

    def _shares(self, where: Where, target: str | int) -> dict[int, np.ndarray]:
        """How much of a place lies in each cell of each slice that holds any of it, in pixels of the slices."""
        mask = self._mask(where, target)
        shares, problem = {}, None
        for z in self.slices:
            if mask is not None and not mask[z].any():
                continue
            known = self.slice(z)
            try:
                shares[z] = shares_of(where if mask is None else mask[z], known.target(target), known.grid)
            except InputError as error:
                known.target(target)
                problem = error
        if not shares:
            raise problem or InputError(f"the place {EMPTY}: {ranges(self.slices, '-')}; ask about a place in them")
        return shares

    def _mask(self, where: Where, target: str | int) -> np.ndarray | None:
        """A place of the volume as a mask; None for one that each slice knows exactly by its name."""
        if isinstance(where, str):
            return None
        if isinstance(where, Point):
            z = round(where.at[0]) if len(where.at) == 3 else -1
            if not 0 <= z < self.shape[0]:
                size = " x ".join(map(str, self.shape))
                raise InputError(f"the point {', '.join(f'{v:g}' for v in where.at)} lies outside the scan of {size}")
            return within(where, self.shape, self.spacing)
        if isinstance(where, Island):
            labels, count = islands(self._drawn(self._number(target)))
            if not 1 <= where.number <= count:
                raise InputError(f"there is no island {where.number} in the prediction; it has {count}")
            return labels == where.number
        mask = np.asarray(where) > 0
        if mask.shape != self.shape:
            size, wanted = (" x ".join(map(str, s)) for s in (mask.shape, self.shape))
            raise InputError(f"the mask has {size} voxels and the scan {wanted}; give one on the scan's grid")
        if not mask.any():
            raise InputError("the mask is empty; mark the place that the question is about")
        return mask

    def _number(self, target: str | int) -> int:
        self.slice(self.slices[0]).target(target)  # says which targets there are
        return self.targets.index(target) if isinstance(target, str) else int(target)

    def _depth(self) -> float:
        """How far the hidden places reach in a slice, mm: the median edge of the boxes, or of parts of that size."""
        known = self.slice(self.slices[len(self.slices) // 2])
        sources, grid = known.record.sources, known.grid
        edges = [s / f for s, f in zip(grid.spacing, grid.factors(sources.shape))]  # mm of a pixel of the model's image
        if isinstance(sources, BoxSources) and len(sources.windows):
            return float(np.median(np.diff(sources.windows, axis=2)[..., 0] * edges))
        if isinstance(sources, PartSources) and sources.count:
            return float(np.sqrt(sources.covered().sum() / sources.count * np.prod(edges)))
        return 0.0

    def _reached(self, z: int, depth_mm: float) -> list[int]:
        """The explained slices that a place of that depth round slice z reaches."""
        half = depth_mm / 2 / self.spacing[0]
        return [other for other in self.slices if abs(other - z) <= half or other == z]

    def _through(self, maps: Mapping[int, tuple[PlaneBox, np.ndarray]], depth_mm: float) -> np.ndarray:
        """Sums over the slices that a place reaches; each slice's effect is its own, so that they add up."""
        out = np.zeros(self.shape, np.float32)
        boxes = [box for box, values in maps.values() if values.size]
        if not boxes:
            return out
        hull = tuple(slice(min(b[a].start for b in boxes), max(b[a].stop for b in boxes)) for a in range(2))
        sums = np.zeros([side.stop - side.start for side in hull])
        held: set[int] = set()
        for z in self.slices:  # what comes into reach is added, and what goes out of it taken away
            reached = set(self._reached(z, depth_mm)) & maps.keys()
            for other in sorted(held ^ reached):
                box, values = maps[other]
                at = tuple(slice(b.start - h.start, b.stop - h.start) for b, h in zip(box, hull))
                if other in reached:
                    sums[at] += values
                else:
                    sums[at] -= values
            held = reached
            if held:
                np.copyto(out[z][hull], sums, casting="same_kind", where=self.slice(z).grid.evaluated[hull])
        return out

    def dice(self, target: str | int, hidden: Mapping[int, int]) -> float:
        """The Dice score of the explained slices together when a place is hidden in some of them, from kept counts.

        Parameters
        ----------
        target : str or int
        hidden : mapping of int to int
            Slice to the number of the place that is hidden in it (see `BoxSources.boxes`).

        Returns
        -------
        float
            As running the model on all slices would give.

        Raises
        ------
        InputError
            If a slice or place is not known, or the method hid several places at a time.
        """
        drawn = shared = reference = 0
        for z in self.slices:
            record = self.slice(z).target(target)
            reference += int(record.reference.sum())
            if z in hidden:
                if not 0 <= hidden[z] < len(record.sizes):
                    raise InputError(
                        f"slice {z} has no counts for place {hidden[z]}; it has {len(record.sizes)} places. Methods "
                        "that hide several places at a time keep none: run occlusion or hierarchical"
                    )
                drawn += int(record.sizes[hidden[z]])
                shared += int(record.shared[hidden[z]])
            else:
                drawn += int(record.prediction.sum())
                shared += int((record.prediction & record.reference).sum())
        return 2 * shared / (drawn + reference) if drawn + reference else 0.0

    def reach(self, place: np.ndarray | Point, target: str | int = 0, part: str = "total") -> np.ndarray:
        """What changes when a place is hidden, in the slices that it lies in.

        Parameters
        ----------
        place : ndarray of bool (Z, H, W), or Point
        target : str or int
        part : str

        Returns
        -------
        ndarray, shape (Z, H, W), float32
            See `Influence.reach`; 0 in all other slices, which a model of slices can't feel.

        Raises
        ------
        InputError
            If nothing was hidden there, it is a name, or there is no such target.
        """
        mask = self._mask(place, target)
        if mask is None:
            raise InputError(NOT_HIDDEN.format(place))
        out, problem, some = np.zeros(self.shape, np.float32), None, False
        for z in self.slices:
            if mask[z].any():
                try:
                    out[z] = self.slice(z).reach(mask[z], target, part)
                    some = True
                except InputError as error:
                    problem = error
        if not some:
            raise problem or InputError(f"the place {EMPTY}: {ranges(self.slices, '-')}; ask about a place in them")
        return out

    def unseen(self, target: str | int = 0) -> np.ndarray:
        """Where the target is still drawn although it is hidden.

        Parameters
        ----------
        target : str or int

        Returns
        -------
        ndarray, shape (Z, H, W), float32
            See `Influence.unseen`.

        Raises
        ------
        InputError
            If there is no such target.
        """
        out = np.zeros(self.shape, np.float32)
        for z in self.slices:
            out[z] = self.slice(z).unseen(target)
        return out

    def unseen_share(self, target: str | int = 0) -> float:
        """Which share of what was hidden of a target is still drawn, over all slices.

        Parameters
        ----------
        target : str or int

        Returns
        -------
        float
            0 to 1; nan where none of it was hidden.

        Raises
        ------
        InputError
            If there is no such target.
        """
        shares, areas = [], []
        for z in self.slices:
            known = self.slice(z)
            record = known.target(target)
            if np.isfinite(share := known.unseen_share(target)):
                shares.append(share)
                areas.append(record.prediction.sum() / known.grid.pixels_per_pixel(record.prediction.shape))
        return float(np.average(shares, weights=areas)) if shares else float("nan")

    @property
    def players(self) -> tuple[str, ...]:
        """The segments that were hidden one at a time, in the order in which they are met."""
        names = (name for z in sorted(self._players) for name in self._open(z, True).record.sources.names)
        return tuple(dict.fromkeys(names))

    def between(self, players: Sequence[str] | None = None, targets: Sequence[str | int] | None = None) -> np.ndarray:
        """What each target loses when each segment is hidden in all slices.

        Parameters
        ----------
        players : sequence of str, optional
            By default all.
        targets : sequence of str or int, optional
            By default all.

        Returns
        -------
        ndarray, shape (players, targets), float32
            Mean loss of probability over what is drawn of the target in the slices; 0 where it is drawn nowhere.

        Raises
        ------
        InputError
            If the run had no players, or a player or target is not known.
        """
        if not self._players:
            raise InputError(
                "no segments were hidden in this run; run it with players, such as --players prediction or a label map"
            )
        names = self.players if players is None else tuple(players)
        for name in names:
            if name not in self.players:
                raise InputError(f"there is no player {name!r}; this run has {', '.join(self.players)}")
        wanted = [self._number(t) for t in (range(len(self.targets)) if targets is None else targets)]
        lost, area = np.zeros((len(names), len(wanted))), np.zeros(len(wanted))
        for z in sorted(self._players):
            known = self._open(z, True)
            here = [i for i, name in enumerate(names) if name in known.record.sources.names]
            for column, k in enumerate(wanted):
                record = known.target(k)
                drawn = record.prediction.sum() / known.grid.pixels_per_pixel(record.prediction.shape)
                area[column] += drawn
                if drawn and here:
                    lost[here, column] += drawn * known.between([names[i] for i in here], [k])[:, 0]
        return np.divide(lost, area, out=np.zeros_like(lost), where=area > 0).astype(np.float32)
