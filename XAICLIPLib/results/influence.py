"""What a run knows of a scan, asked on the scan's own grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.files import read_record
from XAICLIPLib.influence.place import Island, Point, Where
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.volume import VolumeInfluence
from XAICLIPLib.report.names import slice_of_record
from XAICLIPLib.volume import Volume

NOT_KEPT = "this run kept no record of its influence: explain again without --no-influence, then ask"


class ScanInfluence:
    """Questions to a saved or finished run; none of them runs the model.

    Parameters
    ----------
    records : mapping of str to callable
        Per file of the record (see `report.names.record_file`), what reads it.
    evaluated : Volume
        Where the run says something; it gives the scan's grid.
    prediction : Volume
        What the model draws, as labels 1…K.

    Attributes
    ----------
    whole : Influence, or None
        What is known of the volume where that was explained at once.

    Raises
    ------
    InputError
        If the run kept no record.
    """

    def __init__(self, records: Mapping[str, Callable[[], bytes]], evaluated: Volume, prediction: Volume) -> None:
        if not records:
            raise InputError(NOT_KEPT)
        self._grid, self._axial = evaluated, evaluated.axial()
        self._prediction = prediction
        changes: dict[int | None, Callable[[], bytes]] = {}
        players: dict[int | None, Callable[[], bytes]] = {}
        for file, read in records.items():
            z, is_of_players = slice_of_record(file)
            (players if is_of_players else changes)[z] = read
        self._by_slice: VolumeInfluence | None = None
        self.whole: Influence | None = None
        self._players: Influence | None = None
        if None in changes:
            self.whole = Influence(*read_record(changes[None](), "the record of the volume"))
            if None in players:
                self._players = Influence(*read_record(players[None](), "the record of the players"))
            return
        spacing = self._axial.spacing[::-1]
        slices, others = ({z: r for z, r in kind.items() if z is not None} for kind in (changes, players))
        self._by_slice = VolumeInfluence(slices, others, self._axial.shape, spacing, self._drawn)

    def _drawn(self, target: int) -> np.ndarray:
        return self._prediction.axial().voxels == target + 1

    @property
    def _known(self) -> VolumeInfluence | Influence:
        known = self._by_slice or self.whole
        assert known is not None
        return known

    @property
    def slices(self) -> list[int]:
        """The axial slices of which something is known; all of those that were perturbed where the volume was explained
        at once."""
        if self._by_slice is not None:
            return self._by_slice.slices
        return np.flatnonzero(self._axial.voxels.any((1, 2))).tolist()

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the structures."""
        return self._known.targets

    @property
    def players(self) -> tuple[str, ...]:
        """The segments that were hidden one at a time; empty where the run had none."""
        if self._by_slice is not None:
            return self._by_slice.players
        return () if self._players is None else self._players.record.sources.names

    def slice(self, z: int) -> Influence:
        """What is known of one axial slice.

        Parameters
        ----------
        z : int

        Returns
        -------
        Influence

        Raises
        ------
        InputError
            If it was not explained, or the volume was explained at once.
        """
        if self._by_slice is None:
            raise InputError("the volume was explained at once, and no slice by itself; ask about the whole")
        return self._by_slice.slice(z)

    def why(self, where: Where | Volume, target: str | int = 0, part: str = "remote") -> np.ndarray:
        """Which places the drawing in `where` depends on.

        Parameters
        ----------
        where : ndarray of bool (Z, Y, X), Volume, str, Point or Island
            A mask on the scan's grid, or a volume that is brought onto it; "drawn", "reference", "missing", "extra",
            "boundary"; a point in LPS mm (x, y, z); an island of the prediction.
        target : str or int
            Whose drawing.
        part : str
            "remote": without what is hidden itself; "own": that alone; "total": both.

        Returns
        -------
        ndarray, shape (Z, Y, X), float32
            On the scan's own grid: the change of the mean probability in `where` when a place round the voxel is
            hidden. 0 where nothing was evaluated.

        Raises
        ------
        InputError
            If there is no such target, part or place.
        """
        return self._back(self._known.why(self._place(where), target, part))

    def reach(self, place: np.ndarray | Volume | Point, target: str | int = 0, part: str = "total") -> np.ndarray:
        """What changes when a place is hidden.

        Parameters
        ----------
        place : ndarray of bool (Z, Y, X), Volume, or Point in LPS mm
        target : str or int
        part : str

        Returns
        -------
        ndarray, shape (Z, Y, X), float32
            The change of the probability at each voxel.

        Raises
        ------
        InputError
            If nothing was hidden there, or there is no such target.
        """
        given = self._place(place)
        if isinstance(given, (str, Island)):
            raise InputError("hiding is asked about for a mask or a point; give one")
        return self._back(self._known.reach(given, target, part))

    def unseen(self, target: str | int = 0) -> np.ndarray:
        """Where a structure is still drawn although it is hidden.

        Parameters
        ----------
        target : str or int

        Returns
        -------
        ndarray, shape (Z, Y, X), float32

        Raises
        ------
        InputError
            If there is no such target.
        """
        return self._back(self._known.unseen(target))

    def unseen_share(self, target: str | int = 0) -> float:
        """Which share of what was hidden of a structure is still drawn.

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
        return self._known.unseen_share(target)

    def between(self, players: Sequence[str] | None = None, targets: Sequence[str | int] | None = None) -> np.ndarray:
        """What each structure loses when each segment is hidden.

        Parameters
        ----------
        players : sequence of str, optional
            By default all.
        targets : sequence of str or int, optional
            By default all.

        Returns
        -------
        ndarray, shape (players, targets), float32

        Raises
        ------
        InputError
            If the run had no players, or one of the names is not known.
        """
        if self._by_slice is not None:
            return self._by_slice.between(players, targets)
        if self._players is None:
            raise InputError("no segments were hidden in this run; run it with --players prediction or a label map")
        return self._players.between(players, targets)

    def _place(self, where: Where | Volume) -> Where:
        """A place on the axial grid."""
        if isinstance(where, (str, Island)):
            return where
        if isinstance(where, Point):
            if len(where.at) != 3:
                raise InputError("a point of a scan has three numbers: x, y, z in LPS mm")
            direction = np.array(self._axial.direction).reshape(3, 3)
            offset = np.linalg.inv(direction) @ (np.array(where.at) - np.array(self._axial.origin))
            index = offset / np.array(self._axial.spacing)
            if not ((index >= -0.5) & (index < np.array(self._axial.shape[::-1]) - 0.5)).all():
                said = ", ".join(f"{v:g}" for v in where.at)
                raise InputError(f"the point {said} lies outside the scan; give LPS mm inside it")
            return Point(tuple(index[::-1]), where.radius)
        if isinstance(where, Volume):
            return where.labels_on(self._grid).axial().voxels > 0
        mask = np.asarray(where)
        if mask.shape != self._grid.shape:
            size, wanted = (" x ".join(map(str, s)) for s in (mask.shape, self._grid.shape))
            raise InputError(f"the mask has {size} voxels and the scan {wanted}; give one on the scan's grid")
        return self._grid.like((mask > 0).astype(np.uint8), "mask").axial().voxels > 0

    def _back(self, values: np.ndarray) -> np.ndarray:
        """Values on the axial grid, on the scan's own."""
        return self._grid.restore(self._axial.like(values, "answer")).voxels
