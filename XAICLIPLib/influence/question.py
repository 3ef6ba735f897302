"""Questions to what one run recorded; each is answered in milliseconds, and none runs the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy import sparse

from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.grid import ImageGrid, OnImage
from XAICLIPLib.influence.place import Point, Where, shares_of, within
from XAICLIPLib.influence.record import PARTS, Record, TargetRecord
from XAICLIPLib.message import Message, Term

NOT_HIDDEN = "{!r} names no place that was hidden; give a mask or a Point"
LEAST_REST = 0.05  # of a drawing, that has to lie outside a place to say what becomes of it


class Influence:
    """What one run of an explainer knows about one image: which places the drawing depends on, and where.

    Parameters
    ----------
    record : Record
    grid : ImageGrid

    Example
    -------
    >>> import numpy as np, XAICLIPLib as xai
    >>> image = np.zeros((64, 64), np.float32)
    >>> image[16:48, 16:48] = 1.0
    >>> known = xai.influence(image, lambda batch: batch, method=xai.Occlusion(patch=16, stride=16))
    >>> float(known.why("drawn", part="remote").max())  # a threshold looks at nothing but the pixel itself
    0.0
    """

    def __init__(self, record: Record, grid: ImageGrid) -> None:
        self.record, self.grid = record, grid
        self._shares: dict[int, sparse.csr_matrix] = {}  # per target, see `_hidden_shares`

    @property
    def targets(self) -> tuple[str, ...]:
        """What the targets are called."""
        return tuple(self.record.names)

    def why(self, where: Where, target: str | int = 0, part: str = "remote") -> np.ndarray:
        """Which places the drawing in `where` depends on.

        Parameters
        ----------
        where : ndarray of bool (*I), str, Point or Island
            What is asked about: a mask on the image's grid, "drawn", "reference", "missing", "extra", "boundary", a
            point or an island.
        target : str or int
            Whose drawing.
        part : str
            "remote": without what was hidden itself, so that only its context counts; "own": that alone; "total": both.

        Returns
        -------
        ndarray, shape (*I), float32
            At each pixel the mean, over the hidden places that hold it, of the change of the mean probability in
            `where`: positive where hiding weakens the drawing. 0 where nothing was evaluated.

        Raises
        ------
        InputError
            If there is no such target, part or place.
        """
        out = np.zeros(self.grid.shape, np.float32)
        box, values = self.on_image(self.effects(where, target, part))
        out[box] = values
        return out

    def on_image(self, effects: np.ndarray) -> tuple[tuple[slice, ...], np.ndarray]:
        """Values by hidden place as a map.

        Parameters
        ----------
        effects : ndarray, shape (F,)

        Returns
        -------
        box : tuple of slice
            Of the image, that holds all of the map that is not 0.
        values : ndarray, float32
            The map in it.
        """
        return self._on_image.box, self._on_image(self.record.sources.spread_in_hull(effects))

    @cached_property
    def _on_image(self) -> OnImage:
        sources = self.record.sources
        return OnImage(self.grid, sources.hull, sources.covered())

    def effects(self, where: Where, target: str | int = 0, part: str = "remote") -> np.ndarray:
        """The same by hidden place instead of as a map.

        Parameters
        ----------
        where, target, part
            As in `why`.

        Returns
        -------
        ndarray, shape (F,), float64

        Raises
        ------
        InputError
            As `why`.
        """
        if part not in PARTS:
            raise InputError(f"there is no part {part!r}; choose one of {', '.join(PARTS)}")
        record = self.target(target)
        shares = shares_of(where, record, self.grid)
        return record.over_cells(shares / shares.sum(), part)

    def losses_of_rest(self, target: str | int = 0) -> np.ndarray:
        """How much of what is drawn, but not hidden, goes when each place is hidden.

        Parameters
        ----------
        target : str or int

        Returns
        -------
        ndarray, shape (F,), float64
            Loss of mean probability over the drawn pixels outside the place; 0 for a place that leaves less than a
            twentieth of the drawing outside.

        Raises
        ------
        InputError
            If there is no such target, or nothing of it is drawn.
        """
        record = self.target(target)
        drawn = (record.cells.sizes * record.cells.drawn).astype(float)
        if not drawn.any():
            raise InputError(Message("nothing of {structure} is drawn in this image",
                                     structure=Term(self.targets[self._number(target)])))  # fmt: skip
        lost = record.over_cells(drawn, "remote")
        hidden = self.hidden_of(target)
        rest = drawn.sum() - hidden
        return np.divide(lost, rest, out=np.zeros(len(lost)), where=rest >= LEAST_REST * drawn.sum())

    def hidden_of(self, target: str | int = 0) -> np.ndarray:
        """How much of what is drawn each place hides.

        Parameters
        ----------
        target : str or int

        Returns
        -------
        ndarray, shape (F,), float64
            Pixels of the output.

        Raises
        ------
        InputError
            If there is no such target.
        """
        record = self.target(target)
        return self._hidden_shares(self._number(target)) @ (record.cells.sizes * record.cells.drawn).astype(float)

    def largest_loss_at_most(self, target: str | int = 0) -> float:
        """What the rest of a target may lose at most anywhere, where a method samples: with one standard error.

        Parameters
        ----------
        target : str or int

        Returns
        -------
        float
            The largest of `losses_of_rest` where nothing was sampled.

        Raises
        ------
        InputError
            As `losses_of_rest`.
        """
        losses, errors = self.losses_of_rest(target), self.errors("drawn", target)
        return float((losses if errors is None else losses + errors).max(initial=0.0))

    def errors(self, where: Where, target: str | int = 0) -> np.ndarray | None:
        """Standard errors of `effects` with part "total", at most: as if the errors of all cells went together.

        Parameters
        ----------
        where, target
            As in `why`.

        Returns
        -------
        ndarray, shape (F,), float64, or None
            None for methods that sample nothing.

        Raises
        ------
        InputError
            As `why`.
        """
        record = self.target(target)
        if record.error is None:
            return None
        shares = shares_of(where, record, self.grid)
        return record.error.over_cells(shares / shares.sum())

    def reach(self, place: np.ndarray | Point, target: str | int = 0, part: str = "total") -> np.ndarray:
        """What changes when a place is hidden.

        Parameters
        ----------
        place : ndarray of bool (*I), or Point
        target : str or int
            Whose drawing.
        part : str
            As in `why`.

        Returns
        -------
        ndarray, shape (*I), float32
            The change of the probability at each pixel, as the mean over the hidden places that overlap with `place`,
            each weighing as much as the share of it that lies there.

        Raises
        ------
        InputError
            If nothing was hidden there, it is a name, or there is no such target.
        """
        if part not in PARTS:
            raise InputError(f"there is no part {part!r}; choose one of {', '.join(PARTS)}")
        if isinstance(place, str):
            raise InputError(NOT_HIDDEN.format(place))
        record = self.target(target)
        weights = self._overlap(place)
        if not weights.any():
            raise InputError(Message(
                "nothing was hidden at that place: it lies outside the evaluated region; ask about a place inside it, "
                "or run again with a larger region"
            ))  # fmt: skip
        changes = record.over_places(weights / weights.sum(), part)
        everywhere = np.ones(record.prediction.shape, bool)
        grid = replace(self.grid, evaluated=np.ones(self.grid.shape, bool))
        return grid.to_image(record.cells.spread(changes), everywhere)

    def between(
        self,
        players: Sequence[np.ndarray | str] | None = None,
        targets: Sequence[str | int] | None = None,
        part: str = "total",
    ) -> np.ndarray:
        """What each target loses when each player is hidden.

        Parameters
        ----------
        players : sequence of bool arrays (*I) or of names, optional
            By default the parts that were hidden, where they have names (segments as players). A mask stands for the
            hidden places that overlap with it, as in `reach`.
        targets : sequence of str or int, optional
            By default all.
        part : str
            As in `why`.

        Returns
        -------
        ndarray, shape (players, targets), float32
            Mean loss of probability over what is drawn of the target.

        Raises
        ------
        InputError
            If a player or a target is not known.
        """
        names = self.record.sources.names
        if players is None:
            if not names:
                raise InputError("the places of this run have no names; give masks, or run with segments as players")
            players = names
        weights = np.stack([self._player(p, names) for p in players])
        columns = [
            weights @ self.effects("drawn", t, part) if self.target(t).prediction.any() else np.zeros(len(weights))
            for t in (range(len(self.targets)) if targets is None else targets)
        ]
        return np.stack(columns, 1).astype(np.float32)

    def _player(self, player: np.ndarray | str, names: Sequence[str]) -> np.ndarray:
        """The weights (F,) of the hidden places that stand for a player; they add up to 1."""
        if isinstance(player, str):
            if player not in names:
                known = ", ".join(names) or "no names"
                raise InputError(f"there is no player {player!r}; this run has {known}")
            return np.eye(len(names))[list(names).index(player)]
        weights = self._overlap(player)
        if not weights.any():
            raise InputError("nothing was hidden where a player lies; run again with a region that holds it")
        return weights / weights.sum()

    def unseen(self, target: str | int = 0) -> np.ndarray:
        """Where the target is still drawn although it is hidden.

        Parameters
        ----------
        target : str or int

        Returns
        -------
        ndarray, shape (*I), float32
            At each drawn pixel that was hidden, the mean probability that was left there; 0 elsewhere.

        Raises
        ------
        InputError
            If there is no such target.
        """
        record = self.target(target)
        left, hidden = self._left(target)
        known = hidden[record.cells.number] > 0
        mean = np.divide(left, hidden, out=np.zeros(len(left)), where=hidden > 0)
        values = np.where(record.prediction, record.cells.spread(np.clip(mean, 0, 1)), 0.0)
        return self.grid.to_image(values, known)

    def unseen_share(self, target: str | int = 0) -> float:
        """Which share of what was hidden of a target is still drawn: mean probability left over the drawn pixels.

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
        record = self.target(target)
        left, hidden = self._left(target)
        drawn = record.cells.sizes * record.cells.drawn * (hidden > 0.0)
        if not drawn.any():
            return float("nan")
        mean = np.divide(left, hidden, out=np.zeros(len(left)), where=hidden > 0)
        return float(np.clip((drawn @ mean) / drawn.sum(), 0, 1))

    def _left(self, target: str | int) -> tuple[np.ndarray, np.ndarray]:
        """Per cell, summed over the places: the probability left on hidden pixels, and how much was hidden."""
        record = self.target(target)
        hidden = self._hidden_shares(self._number(target))
        share = np.asarray(hidden.sum(0)).ravel()
        lost = record.over_places(np.ones(len(self.record.sources)), "own")
        return share * record.probability - lost, share

    def _hidden_shares(self, target: int) -> sparse.csr_matrix:
        """Which share of each cell each place holds: (F, J), sparse."""
        if target not in self._shares:
            record = self.target(target)
            number = record.cells.number
            if number.shape != self.record.sources.shape:
                at = [
                    ((np.arange(n) + 0.5) * o / n).astype(int) for n, o in zip(self.record.sources.shape, number.shape)
                ]
                number = number[np.ix_(*at)]
            count = self.record.sources.in_cells(number, len(record.cells))
            sizes = np.maximum(np.bincount(number.ravel(), minlength=len(record.cells)), 1)
            self._shares[target] = count.multiply(1 / sizes).tocsr()
        return self._shares[target]

    def _number(self, target: str | int) -> int:
        return self.targets.index(target) if isinstance(target, str) else int(target)

    def _overlap(self, place: np.ndarray | Point) -> np.ndarray:
        """Which share of each hidden place lies in a place of the image: (F,)."""
        mask = within(place, self.grid.shape, self.grid.spacing) if isinstance(place, Point) else np.asarray(place) > 0
        if mask.shape != self.grid.shape:
            size, wanted = (" x ".join(map(str, s)) for s in (mask.shape, self.grid.shape))
            raise InputError(f"the place has {size} pixels and the image {wanted}; give one on the image's grid")
        work = np.zeros(self.record.sources.shape, bool)
        work[self.grid.places(mask, work.shape)] = True
        return self.record.sources.overlap(work)

    def target(self, target: str | int) -> TargetRecord:
        """What was recorded of one target.

        Parameters
        ----------
        target : str or int
            Its name or number.

        Returns
        -------
        TargetRecord

        Raises
        ------
        InputError
            If there is no such target.
        """
        names = self.targets
        if isinstance(target, str):
            if target not in names:
                raise InputError(f"this run has no target {target!r}; it has {', '.join(names)}")
            return self.record.targets[names.index(target)]
        if not 0 <= int(target) < len(names):
            raise InputError(f"there is no target {target}; this run has {len(names)}, the first is 0")
        return self.record.targets[int(target)]
