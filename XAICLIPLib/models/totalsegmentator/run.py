"""Several trained data sets on perturbed copies of one scan."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from XAICLIPLib.models.nnunet.case import PreparedCase
from XAICLIPLib.models.nnunet.segmenter import NnunetSegmenter, TiledCase


class Run:
    """The networks on perturbed copies of one prepared scan; a channel per data set.

    Parameters
    ----------
    places : sequence of (int, int)
        Per target the number of its data set, and which of its structures it is.
    cases : dict of int to (NnunetSegmenter, PreparedCase)
        By the number of the data set, in the order of the channels.
    image : Tensor, shape (P, d, h, w)
        The unperturbed scan, a channel per data set.
    """

    def __init__(
        self,
        places: Sequence[tuple[int, int]],
        cases: dict[int, tuple[NnunetSegmenter, PreparedCase]],
        image: Tensor,
    ) -> None:
        self._places = places
        self._numbers = list(cases)
        self._tiled = [TiledCase(part, image[k : k + 1], case.axes) for k, (part, case) in enumerate(cases.values())]

    @property
    def count(self) -> int:
        """See `base.Tiling`; of all data sets together."""
        return sum(case.count for case in self._tiled)

    def touched(self, box: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
        """See `base.Tiling`; those of each data set have numbers of their own."""
        first, found = 0, []
        for case in self._tiled:
            found += [first + tile for tile in case.touched(box)]
            first += case.count
        return tuple(found)

    def seconds_each(self) -> float:
        """See `base.Tiling`."""
        return sum(case.count * case.seconds_each() for case in self._tiled) / self.count

    def runs(self, changes: Sequence[tuple[int, ...]]) -> int:
        """See `base.Tiling`."""
        first, total = 0, 0
        for case in self._tiled:
            mine = [tuple(t - first for t in change if first <= t < first + case.count) for change in changes]
            total += case.runs(mine)
            first += case.count
        return total

    def __call__(self, batch: Tensor, targets: Sequence[int] | None = None) -> Tensor:
        """(B, P, *S) -> (B, K, *S), probabilities in [0, 1] of the targets with these numbers, by default of all that
        the data sets of this run hold; the others are zero."""
        wanted = range(len(self._places)) if targets is None else targets
        out: list[Tensor | None] = [None] * len(wanted)
        for channel, number in enumerate(self._numbers):
            mine = [(row, self._places[k][1]) for row, k in enumerate(wanted) if self._places[k][0] == number]
            if mine:
                maps = self._tiled[channel](batch[:, channel : channel + 1], [k for _, k in mine])
                for (row, _), one in zip(mine, maps.unbind(1)):
                    out[row] = one
        known = next(one for one in out if one is not None)
        return torch.stack([torch.zeros_like(known) if one is None else one for one in out], 1)
