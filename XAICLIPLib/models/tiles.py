"""Sliding windows over perturbed copies of one image: only the tiles that a perturbation touches are run again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor

CACHE_BYTES = 2**30
Place = tuple[slice, ...]


@dataclass(frozen=True, eq=False)
class _Tile:
    """A tile of a copy on its way into the sum; `product` is its weighted output where that is known already."""

    copy: Tensor
    number: int
    changed: bool
    product: Tensor | None = None


class SlidingWindow:
    """A network that sees an image tile by tile; where tiles overlap, the weighted mean of its outputs.

    The outputs for the unperturbed image are kept. Of a perturbed copy only the tiles that differ are run, and the
    sums are formed again, in the same order, where those tiles lie: the result is that of running all tiles, to the
    last bit.

    Parameters
    ----------
    network : callable
        (n, C, *tile) -> (n, K, *tile), every tile by itself.
    image : Tensor, shape (C, *S)
        The unperturbed image, no smaller than a tile.
    places : sequence of tuples of slices
        Where the tiles lie in S, in the order in which they are summed; together they cover it.
    weight : Tensor, shape (*tile)
        Of a tile's pixels in the mean, on the image's device.
    dtype : torch.dtype
        Of the sums and the result.
    at_once : int
        Tiles per run of the network: always so many, if need be one of them twice. Given another number a network may
        round differently, and a tile that was kept would no longer equal one that is run again.
    budget : int
        Bytes for the tiles that are kept. Those without room are run again where they are needed.
    reuse : bool
        False runs all tiles of every copy.

    Attributes
    ----------
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
        dtype: torch.dtype = torch.float32,
        at_once: int = 1,
        budget: int = CACHE_BYTES,
        reuse: bool = True,
    ) -> None:
        self._network = network
        self._image = image
        self._places = list(places)
        self._weight = weight
        self._at_once = at_once
        self._budget = budget
        self._reuse = reuse
        self._whole = tuple(slice(0, n) for n in image.shape[1:])
        self._total = torch.zeros(image.shape[1:], dtype=dtype, device=image.device)
        for place in self._places:
            self._total[place] += weight
        self._output: Tensor | None = None
        self._kept: OrderedDict[int, Tensor] = OrderedDict()
        self.tiles_run = 0

    @torch.inference_mode()
    def __call__(self, batch: Tensor) -> Tensor:
        """Copies of the image (B, C, *S) -> (B, K, *S)."""
        if not self._reuse:
            plans = [(self._whole, [_Tile(copy, t, True) for t in range(len(self._places))]) for copy in batch]
        else:
            if self._output is None:
                tiles = [_Tile(self._image, t, False) for t in range(len(self._places))]
                self._output = self._mean(self._whole, tiles, self._products(tiles))
            plans = [self._plan(copy) for copy in batch]
        # one stream for all copies, so that the tiles of several fill a run of the network
        products = self._products(tile for _, tiles in plans for tile in tiles)
        rows = []
        for box, tiles in plans:
            if not tiles:
                rows.append(self._output)
            elif box == self._whole:
                rows.append(self._mean(box, tiles, products))
            else:
                row = self._output.clone()
                row[(slice(None), *box)] = self._mean(box, tiles, products)
                rows.append(row)
        return torch.stack(rows)

    def _plan(self, copy: Tensor) -> tuple[Place, list[_Tile]]:
        """The box of the tiles that differ from the image's, and all tiles that reach into it; none if none differs."""
        differs = (copy != self._image).any(0)
        hull = _hull(differs)
        changed = [
            t
            for t, place in enumerate(self._places)
            if hull and _meet(place, hull) is not None and differs[place].any()
        ]
        if not changed:
            return self._whole, []
        places = [self._places[t] for t in changed]
        box = tuple(slice(min(s.start for s in axis), max(s.stop for s in axis)) for axis in zip(*places))
        tiles = []
        for t, place in enumerate(self._places):
            if t in changed:
                tiles.append(_Tile(copy, t, True))
            elif _meet(place, box) is not None:
                if t in self._kept:
                    self._kept.move_to_end(t)
                tiles.append(_Tile(self._image, t, False, self._kept.get(t)))
        return box, tiles

    def _products(self, tiles: Iterable[_Tile]) -> Iterator[Tensor]:
        """The weighted outputs (K, *tile) of those tiles that are not known yet, in their order."""
        unknown = (tile for tile in tiles if tile.product is None)
        while group := list(islice(unknown, self._at_once)):
            self.tiles_run += len(group)
            filled = group + group[-1:] * (self._at_once - len(group))
            inputs = torch.stack([tile.copy[(slice(None), *self._places[tile.number])] for tile in filled])
            for tile, product in zip(group, self._network(inputs) * self._weight):
                if not tile.changed:
                    self._keep(tile.number, product)
                yield product

    def _keep(self, number: int, product: Tensor) -> None:
        room = self._budget // product.nbytes if self._reuse and len(self._places) > 1 else 0
        if room:
            self._kept[number] = product.clone() if self._at_once > 1 else product
            self._kept.move_to_end(number)
        while len(self._kept) > room:
            self._kept.popitem(last=False)

    def _mean(self, box: Place, tiles: Iterable[_Tile], products: Iterator[Tensor]) -> Tensor:
        """The weighted mean (K, *box) of the tiles in a box; those that are not known come from `products`."""
        total = self._total[box]
        output = None
        for tile in tiles:
            product = next(products) if tile.product is None else tile.product
            if output is None:
                output = total.new_zeros(len(product), *total.shape)
            place = self._places[tile.number]
            shared = _meet(place, box)
            inside = tuple(slice(s.start - b.start, s.stop - b.start) for s, b in zip(shared, box))
            part = tuple(slice(s.start - p.start, s.stop - p.start) for s, p in zip(shared, place))
            output[(slice(None), *inside)] += product[(slice(None), *part)]
        return output.div_(total)


def _meet(a: Place, b: Place) -> Place | None:
    """What two boxes share."""
    shared = tuple(slice(max(x.start, y.start), min(x.stop, y.stop)) for x, y in zip(a, b))
    return shared if all(s.start < s.stop for s in shared) else None


def _hull(mask: Tensor) -> Place | None:
    """The smallest box round the true elements of a mask."""
    box = []
    for axis in range(mask.dim()):
        others = [d for d in range(mask.dim()) if d != axis]
        there = mask.any(others).nonzero() if others else mask.nonzero()
        if not len(there):
            return None
        box.append(slice(int(there[0]), int(there[-1]) + 1))
    return tuple(box)
