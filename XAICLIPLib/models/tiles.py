"""Sliding windows over perturbed copies of one image: only the tiles that a perturbation touches are run again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor

from XAICLIPLib.models.device import seconds_now
from XAICLIPLib.models.tilegrid import Place, TileGrid, hull, meet, within

CACHE_BYTES = 2**30
RELIABLE = 5.0  # seconds of a first run, beside which what a network does in its first run alone is short
COLUMNS = 8192  # pixels whose probabilities are computed at a time: what they need stays in a processor's own cache
# blended values (R, n) of n pixels, and the numbers of the targets that are asked for (None: all) -> (K, n)
Finish = Callable[[Tensor, "Sequence[int] | None"], Tensor]


@dataclass(frozen=True, eq=False)
class Tile:
    """A tile of a copy on its way into the sum; `product` is its weighted output where that is known already."""

    copy: Tensor
    number: int
    changed: bool
    product: Tensor | None = None


class TiledNetwork:
    """A network that sees an image tile by tile, and what it makes of the tiles of the unperturbed image.

    Parameters
    ----------
    network : callable
        (n, C, *tile) -> (n, R, *tile), every tile by itself.
    image : Tensor, shape (C, *S)
        The unperturbed image, no smaller than a tile.
    places : sequence of tuples of slices
        Where the tiles lie in S, in the order in which they are summed; together they cover it.
    weight : Tensor, shape (*tile)
        Of a tile's pixels in the mean, on the image's device.
    finish : callable, optional
        What becomes of the mean of each pixel, (R, n) and the targets that are asked for -> (K, n), float32, every
        pixel by itself; without it the means themselves.
    at_once : int
        Tiles per run of the network: always so many, if need be one of them twice. Given another number a network may
        round differently, and a tile that was kept would no longer equal one that is run again.
    budget : int
        Bytes for what is kept of the unperturbed image. What has no room is run again where it is needed.
    reuse : bool
        False runs all tiles of every copy.

    Attributes
    ----------
    grid : TileGrid
    tiles_run : int
        Tiles that the network was run on so far.
    """

    def __init__(
        self,
        network: Callable[[Tensor], Tensor],
        image: Tensor,
        places: Sequence[Place],
        weight: Tensor,
        *,
        finish: Finish | None = None,
        at_once: int = 1,
        budget: int = CACHE_BYTES,
        reuse: bool = True,
    ) -> None:
        self._network, self._image, self._weight = network, image, weight
        self.grid = TileGrid(places, tuple(image.shape[1:]))
        self._finish = finish
        self._at_once, self._budget, self._reuse = at_once, budget, reuse
        self._kept: OrderedDict[int, Tensor] = OrderedDict()
        self.tiles_run = 0

    def _changed(self, copy: Tensor) -> tuple[int, ...]:
        """The tiles in which a copy differs from the image."""
        differs = (copy != self._image).any(0)
        box = hull(differs)
        return tuple(t for t in self.grid.reached(box) if differs[self.grid.places[t]].any()) if box else ()

    def _unperturbed(self, number: int) -> Tile:
        if number in self._kept:
            self._kept.move_to_end(number)
        return Tile(self._image, number, False, self._kept.get(number))

    def _products(self, tiles: Iterable[Tile]) -> Iterator[Tensor]:
        """The weighted outputs (R, *tile) of those tiles that are not known yet, in their order."""
        unknown = (tile for tile in tiles if tile.product is None)
        while group := list(islice(unknown, self._at_once)):
            self.tiles_run += len(group)
            filled = group + group[-1:] * (self._at_once - len(group))
            inputs = torch.stack([tile.copy[(slice(None), *self.grid.places[tile.number])] for tile in filled])
            for tile, product in zip(group, self._weighted(self._network(inputs))):
                if not tile.changed:
                    self._keep(tile.number, product)
                yield product

    def _weighted(self, outputs: Tensor) -> Tensor:
        """What a network gave belongs to nobody else; in place, where its type allows it."""
        if torch.promote_types(outputs.dtype, self._weight.dtype) == outputs.dtype:
            return outputs.mul_(self._weight)
        return outputs * self._weight

    def _keep(self, number: int, product: Tensor) -> None:
        room = self._room // product.nbytes if self._reuse and len(self.grid) > 1 else 0
        if room:
            self._kept[number] = product.clone() if self._at_once > 1 else product
            self._kept.move_to_end(number)
        while len(self._kept) > room:
            self._kept.popitem(last=False)

    @torch.inference_mode()
    def seconds_each(self) -> float:
        """How long the network takes for a tile; run again where that is short, since a network warms up in its first
        run.

        Returns
        -------
        float
            Seconds for one of the tiles that are run at once; the tile in the middle is taken.
        """
        middle = self.grid.places[len(self.grid) // 2]
        tiles = self._image[(slice(None), *middle)].expand(self._at_once, -1, *[-1] * len(middle)).contiguous()
        seconds = 0.0
        for _ in range(2):
            if seconds < RELIABLE:
                start = seconds_now(tiles.device)
                self._weighted(self._network(tiles))
                seconds = seconds_now(tiles.device) - start
        return seconds / self._at_once

    def runs(self, changes: Sequence[tuple[int, ...]]) -> int:
        """How many tiles the network is run on for copies that change these tiles, one after the other.

        Parameters
        ----------
        changes : sequence of tuples of int
            Per copy the numbers of the tiles, ascending.

        Returns
        -------
        int
            Where what may be kept of the unperturbed image is kept already.
        """
        return sum(map(len, changes)) if self._reuse else len(changes) * len(self.grid)

    @property
    def _room(self) -> int:
        """Bytes for the products of single tiles."""
        return self._budget

    def _finished(self, means: Tensor, wanted: Sequence[int] | None) -> Tensor:
        """(R, *box) -> (K, *box), a few pixels at a time, so that no more than the K maps is ever held whole."""
        if self._finish is None:
            return means if wanted is None else means[list(wanted)]
        flat = means.flatten(1)
        parts = [self._finish(flat[:, i : i + COLUMNS], wanted) for i in range(0, flat.shape[1], COLUMNS)]
        return torch.cat(parts, 1).view(-1, *means.shape[1:])


class SlidingWindow(TiledNetwork):
    """A network that sees an image tile by tile; where tiles overlap, the weighted mean of its outputs.

    The outputs for the unperturbed image are kept, tile by tile. Of a perturbed copy only the tiles that differ are
    run, and the sums are formed again, in the same order, where those tiles lie: the result is that of running all
    tiles, to the last bit.

    Parameters
    ----------
    network, image, places, weight, **settings
        See `TiledNetwork`.
    dtype : torch.dtype
        Of the sums.
    """

    def __init__(
        self,
        network: Callable[[Tensor], Tensor],
        image: Tensor,
        places: Sequence[Place],
        weight: Tensor,
        *,
        dtype: torch.dtype = torch.float32,
        **settings,
    ) -> None:
        super().__init__(network, image, places, weight, **settings)
        self._total = torch.zeros(image.shape[1:], dtype=dtype, device=image.device)
        for place in self.grid.places:
            self._total[place] += weight
        self._outputs: dict[tuple[int, ...] | None, Tensor] = {}

    @torch.inference_mode()
    def __call__(self, batch: Tensor, wanted: Sequence[int] | None = None) -> Tensor:
        """Copies of the image, and the targets that are asked for, all by default.

        Parameters
        ----------
        batch : Tensor, shape (B, C, *S)
        wanted : sequence of int, optional

        Returns
        -------
        Tensor, shape (B, K, *S)
        """
        everything = range(len(self.grid))
        output = self._of_the_image(wanted) if self._reuse else None  # first: its tiles are kept
        if not self._reuse:
            plans = [(self.grid.whole, [Tile(copy, t, True) for t in everything]) for copy in batch]
        else:
            plans = [self._plan(copy) for copy in batch]
        # one stream for all copies, so that the tiles of several fill a run of the network
        products = self._products(tile for _, tiles in plans for tile in tiles)
        rows = []
        for box, tiles in plans:
            if output is None or (tiles and box == self.grid.whole):
                rows.append(self._finished(self._mean(box, tiles, products), wanted))
            elif not tiles:
                rows.append(output)
            else:
                row = output.clone()
                row[(slice(None), *box)] = self._finished(self._mean(box, tiles, products), wanted)
                rows.append(row)
        return torch.stack(rows)

    def _of_the_image(self, wanted: Sequence[int] | None) -> Tensor:
        key = None if wanted is None else tuple(wanted)
        if key not in self._outputs:
            tiles = [self._unperturbed(t) for t in range(len(self.grid))]
            mean = self._mean(self.grid.whole, tiles, self._products(tiles))
            self._outputs = {key: self._finished(mean, wanted)}  # one at a time: those of all targets are large
        return self._outputs[key]

    def _plan(self, copy: Tensor) -> tuple[Place, list[Tile]]:
        """The box of the tiles that differ from the image's, and all tiles that reach into it; none if none differs."""
        changed = self._changed(copy)
        if not changed:
            return self.grid.whole, []
        box = self.grid.box_of(changed)
        return box, [Tile(copy, t, True) if t in changed else self._unperturbed(t) for t in self.grid.reached(box)]

    def _mean(self, box: Place, tiles: Iterable[Tile], products: Iterator[Tensor]) -> Tensor:
        """The weighted mean (R, *box) of the tiles in a box; those that are not known come from `products`."""
        total = self._total[box]
        output = None
        for tile in tiles:
            product = next(products) if tile.product is None else tile.product
            if output is None:
                output = total.new_zeros(len(product), *total.shape)
            place = self.grid.places[tile.number]
            shared = meet(place, box)
            output[(slice(None), *within(shared, box))] += product[(slice(None), *within(shared, place))]
        return output.div_(total)
