"""Sliding windows of large models: sums instead of tiles are kept, so that a small change costs its own tiles alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from XAICLIPLib.models.tilegrid import Place, meet, within
from XAICLIPLib.models.tiles import Tile, TiledNetwork

SUMS_BYTES = 3 * 2**28  # what is held besides takes as much again
Numbers = tuple[int, ...]


class SummedWindow(TiledNetwork):
    """A network that sees an image tile by tile, where there is no memory to keep all its tiles.

    What is kept of the unperturbed image is the sum of its tiles, where that has room, and the sum of those tiles that
    the last copy left alone: the next one with a change in the same tiles needs no other run than theirs. Sums are
    formed in single precision, and each plane is finished as soon as no tile is left that reaches it. The result is
    that of `SlidingWindow` in single precision but for rounding, whatever was asked before.

    Parameters
    ----------
    *given, **settings
        See `TiledNetwork`.
    channels : int
        R, of the network's output.
    budget : int
        Bytes for the sum of all tiles, and for single tiles.
    """

    def __init__(self, *given, channels: int, budget: int = SUMS_BYTES, **settings) -> None:
        super().__init__(*given, budget=budget, **settings)
        self._weight = self._weight.float()
        self._total = torch.zeros(self._image.shape[1:], device=self._image.device)
        for place in self.grid.places:
            self._total[place] += self._weight
        size = 4 * channels * self._total.numel()
        self._keeps_sum = self._reuse and len(self.grid) > 1 and size <= self._budget
        self._room_left = self._budget - size * self._keeps_sum
        self._keeps_tiles = 4 * channels * self._weight.numel() * len(self.grid) <= self._room_left
        self._sum: Tensor | None = None
        self._rest: tuple[Numbers, Tensor | None] = ((), None)
        self._outputs: dict[Numbers | None, Tensor] = {}

    @property
    def _room(self) -> int:
        return self._room_left

    @torch.inference_mode()
    def __call__(self, batch: Tensor, wanted: Sequence[int] | None = None) -> Tensor:
        """Copies of the image, and the targets that are asked for, all by default.

        Parameters
        ----------
        batch : Tensor, shape (B, C, *S)
        wanted : sequence of int, optional

        Returns
        -------
        Tensor, shape (B, K, *S), float32
        """
        everything = tuple(range(len(self.grid)))
        output = self._of_the_image(wanted) if self._reuse else None
        plans = [self._changed(copy) if self._reuse else everything for copy in batch]
        boxes = [self.grid.box_of(changed) if changed else self.grid.whole for changed in plans]
        # one stream for all copies, so that the tiles of several fill a run of the network
        products = self._products(
            Tile(copy, t, True) for copy, changed, box in zip(batch, plans, boxes) for t in self._in_order(changed, box)
        )
        rows = []
        for changed, box in zip(plans, boxes):
            if output is not None and not changed:
                rows.append(output)
                continue
            part = self._blended(box, changed, products, self._left_alone(changed, box), wanted)
            if output is None or box == self.grid.whole:
                rows.append(part)
            else:
                rows.append(output.clone())
                rows[-1][(slice(None), *box)] = part
        return torch.stack(rows)

    def runs(self, changes: Sequence[Numbers]) -> int:
        """See `TiledNetwork.runs`."""
        runs, last = 0, None
        for changed in changes:
            runs += len(changed)
            if changed and changed != last and not self._keeps_tiles:
                last = changed
                runs += len(self._others(changed, self.grid.box_of(changed))[0])
        return runs

    def _of_the_image(self, wanted: Sequence[int] | None) -> Tensor:
        """The unperturbed image's maps; with the first of them the sum of its tiles, if that is kept."""
        key = None if wanted is None else tuple(wanted)
        if key not in self._outputs:
            whole = self.grid.whole
            numbers = self._in_order(tuple(range(len(self.grid))), whole)
            if self._keeps_sum and self._sum is None:
                self._sum = self._added(whole, numbers)
            if self._sum is not None:
                found = self._blended(whole, (), iter(()), self._sum, wanted)
            else:
                found = self._blended(whole, numbers, self._of_tiles(numbers), None, wanted)
            self._outputs = {key: found}  # one at a time: those of all targets are large
        return self._outputs[key]

    def _of_tiles(self, numbers: Sequence[int]) -> Iterator[Tensor]:
        """The products of the unperturbed image's tiles, those that are kept among them."""
        tiles = [self._unperturbed(t) for t in numbers]
        products = self._products(tiles)
        return (next(products) if tile.product is None else tile.product for tile in tiles)

    def _added(self, box: Place, numbers: Sequence[int]) -> Tensor | None:
        """The sum (R, *box) of the unperturbed image's tiles; None of none."""
        found: Tensor | None = None
        for number, product in zip(numbers, self._of_tiles(numbers)):
            if found is None:
                found = product.new_zeros(len(product), *(s.stop - s.start for s in box), dtype=torch.float32)
            self._add(found, box, number, product)
        return found

    def _add(self, total: Tensor, box: Place, number: int, product: Tensor, sign: int = 1) -> None:
        place = self.grid.places[number]
        shared = meet(place, box)
        part = product[(slice(None), *within(shared, place))]
        total[(slice(None), *within(shared, box))].add_(part, alpha=sign)

    def _others(self, changed: Numbers, box: Place) -> tuple[Numbers, bool]:
        """The tiles to run for the sum of those that reach into a box and do not change, and whether they are to be
        taken from the sum of all instead of being added."""
        others = tuple(t for t in self.grid.reached(box) if t not in changed)
        taken = self._keeps_sum and len(changed) <= len(others)
        return (changed if taken else others), taken

    def _left_alone(self, changed: Numbers, box: Place) -> Tensor | None:
        """The sum (R, *box) of the tiles that reach into the box and do not change; None where there are none."""
        if self._rest[0] != changed:
            self._rest = ((), None)  # before the next one is made
            numbers, taken = self._others(changed, box)
            if taken and self._sum is not None:
                found = self._sum[(slice(None), *box)].clone()
                for number, product in zip(numbers, self._of_tiles(numbers)):
                    self._add(found, box, number, product, -1)
            else:
                found = self._added(box, numbers)
            self._rest = (changed, found)
        return self._rest[1]

    def _axis(self, box: Place) -> int:
        """Along which sums are finished plane by plane: the longest; not the last, whose planes are no pieces of
        memory."""
        edges = [s.stop - s.start for s in box]
        return max(range(max(1, len(edges) - 1)), key=lambda axis: edges[axis])

    def _in_order(self, numbers: Numbers, box: Place) -> list[int]:
        """Tiles in the order in which they complete the planes of a box."""
        axis = self._axis(box)
        return sorted(numbers, key=lambda t: self.grid.places[t][axis].start)

    def _blended(
        self,
        box: Place,
        numbers: Sequence[int],
        products: Iterator[Tensor],
        rest: Tensor | None,
        wanted: Sequence[int] | None,
    ) -> Tensor:
        """The maps (K, *box) of the tiles with these numbers, whose products come in `_in_order`, added to a rest."""
        axis = self._axis(box)
        planes = _Planes(box, axis, self._total, rest, lambda means: self._finished(means, wanted))
        for number in self._in_order(tuple(numbers), box):
            planes.add(self.grid.places[number], next(products))
        return planes.done()


class _Planes:
    """Sums of tiles over a box, of which only those planes are held that tiles still reach.

    Parameters
    ----------
    box : tuple of slices
    axis : int
        Across the planes.
    total : Tensor, shape (*S)
        Of the weights.
    rest : Tensor, shape (R, *box), optional
        What is in the sum already.
    finish : callable
        Means (R, *plane) -> (K, *plane).
    """

    def __init__(self, box: Place, axis: int, total: Tensor, rest: Tensor | None, finish) -> None:
        self._box, self._axis, self._rest, self._finish = box, axis, rest, finish
        self._total = total[box].movedim(axis, 0)
        self._first = 0  # the plane of the box that is held as number 0
        self._held: Tensor | None = None  # (depth, R, *plane): each plane one piece of memory
        self._out: Tensor | None = None

    def add(self, place: Place, product: Tensor) -> None:
        """The weighted output (R, *tile) of a tile that begins no earlier than those before."""
        axis, size = self._axis, len(self._total)
        start = place[axis].start - self._box[axis].start
        depth = min(place[axis].stop - place[axis].start, size)
        if self._held is None:
            edges = self._total.shape[1:]
            self._held = product.new_empty(depth, len(product), *edges, dtype=torch.float32)
            self._enter(0, depth, start)
        self._move(start)
        inside = within(meet(place, self._box), self._box)
        held = self._held[inside[axis].start - self._first : inside[axis].stop - self._first].movedim(0, axis + 1)
        held[(slice(None), *(slice(None) if k == axis else s for k, s in enumerate(inside)))] += product

    def done(self) -> Tensor:
        """The maps (K, *box)."""
        size = len(self._total)
        if self._held is None:  # no tile: the rest is all
            for plane in range(size):
                self._write(plane, self._rest.select(self._axis + 1, plane))
        else:
            self._move(size)
        return self._out

    def _enter(self, first: int, stop: int, begin: int) -> None:
        """Planes `first` … `stop` of those held, the first of which is plane `begin` of the box."""
        for k in range(first, stop):
            plane = begin + k
            if self._rest is None or plane >= len(self._total):
                self._held[k] = 0
            else:
                self._held[k] = self._rest.select(self._axis + 1, plane)

    def _move(self, start: int) -> None:
        """Finish the planes before `start`, which no later tile reaches, and hold those from there on."""
        depth, size = len(self._held), len(self._total)
        for plane in range(self._first, min(start, self._first + depth, size)):
            self._write(plane, self._held[plane - self._first])
        for plane in range(self._first + depth, min(start, size)):  # that no tile reaches
            self._write(plane, self._rest.select(self._axis + 1, plane))
        moved, self._first = start - self._first, max(start, self._first)
        if moved > 0 and start < size:
            for k in range(depth - moved):
                self._held[k] = self._held[k + moved]
            self._enter(max(0, depth - moved), depth, start)

    def _write(self, plane: int, sums: Tensor) -> None:
        maps = self._finish(sums / self._total[plane])
        if self._out is None:
            edges = list(self._total.shape[1:])
            edges.insert(self._axis, len(self._total))
            self._out = maps.new_empty(len(maps), *edges)
        self._out.select(self._axis + 1, plane).copy_(maps)
