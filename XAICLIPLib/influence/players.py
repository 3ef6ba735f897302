"""Segments as players: the parts of any segmentation, each hidden by itself, to ask which organ needs which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.design import PartDesign
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.attribution.methods.base import Fill
from XAICLIPLib.attribution.monitor import Monitor, Show
from XAICLIPLib.attribution.perturbations import PixelSets
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.errors import InputError


@dataclass(frozen=True)
class Segments(Method):
    """Hide the segments of a label image one at a time.

    Unlike the other methods it hides each of them whole, wherever the region is; the region only says which segments
    take part: those that meet it.

    Attributes
    ----------
    number : ndarray of int, shape (*S)
        The segment of each pixel, from 0; −1 for the pixels of none.
    names : tuple of str
        What the segments are called, in the order of their numbers.
    fill : str, float or array
        See `make_fill`.
    """

    name: ClassVar[str] = "segments"
    title: ClassVar[str] = "segments as players"
    copies: ClassVar[str] = "segments"
    is_random: ClassVar[bool] = False
    number: np.ndarray
    names: tuple[str, ...] = ()
    fill: Fill = "mean"

    def __post_init__(self) -> None:
        number = np.asarray(self.number)
        if number.dtype.kind not in "iu" or number.max(initial=-1) < 0:
            raise InputError("players are a label image of whole numbers from 0, −1 where there is none; it holds none")
        if self.names and len(self.names) <= int(number.max()):
            raise InputError(
                f"there are {int(number.max()) + 1} players and {len(self.names)} names; give one for each"
            )

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """One evaluation for each segment, see `Method.plan`.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)

        Returns
        -------
        needed, full : int
        """
        return len(self._taking_part(region)), len(np.unique(self.number[self.number >= 0]))

    def _taking_part(self, region: np.ndarray) -> np.ndarray:
        return np.unique(self.number[region & (self.number >= 0)])

    def explain(self, scorer: Scorer, region: Tensor, seed: int = 0, show: Show | None = None) -> Attribution:
        """See `Method.explain`; a segment's drop stands on all of its pixels.

        Parameters
        ----------
        scorer : Scorer
        region : Tensor, shape (*S), bool
        seed : int
        show : callable, optional

        Returns
        -------
        Attribution

        Raises
        ------
        InputError
            If the label image has another shape than the model's image, or no segment meets the region.
        """
        if self.number.shape != tuple(region.shape):
            raise InputError(
                f"the players have shape {self.number.shape} and the image {tuple(region.shape)}; give them on its grid"
            )
        part = self._taking_part(region.cpu().numpy())
        if not len(part):
            raise InputError("no player meets the region; choose the region full, or other players")
        place = np.full(int(self.number.max()) + 2, -1)
        place[part] = np.arange(len(part))
        number = place[self.number].astype(np.int32)
        held = torch.as_tensor(number >= 0, device=region.device)
        fill = make_fill(scorer.image, self.fill, held, seed)
        copies = PixelSets(scorer.image, fill, [np.flatnonzero(number == p) for p in range(len(part))])
        drops = np.zeros((scorer.targets, len(part) + 1), np.float32)

        def so_far(done: int) -> Attribution:
            known = (number >= 0) & (number < done)
            return Attribution.of(scorer, drops[:, number] * known, known, done, len(part), details={"players": done})

        monitor = Monitor(so_far, len(part), show)

        def keep(start: int, stop: int, scores: Tensor) -> bool:
            drops[:, start:stop] = (scorer.baseline.cpu() - scores.cpu()).numpy().T
            return monitor(stop)

        scorer.evaluate(copies, keep)
        names = tuple(self.names[p] if self.names else str(p) for p in part.tolist())
        scorer.conclude(lambda: PartDesign(number, len(part), lambda falls: (falls, np.zeros_like(falls)), names))
        return so_far(len(part))


def players_of(labels: dict[str, np.ndarray], fill: Fill = "mean") -> Segments:
    """Segments from masks by name.

    Parameters
    ----------
    labels : dict of str to ndarray of bool, shape (*S)
        Where masks overlap, the later one has the pixel.
    fill : str, float, array, or tuple of str and float
        See `make_fill`.

    Returns
    -------
    Segments

    Raises
    ------
    InputError
        If there is no mask, or all are empty.
    """
    if not labels:
        raise InputError("there are no players; give at least one mask")
    number = np.full(next(iter(labels.values())).shape, -1, np.int32)
    for place, mask in enumerate(labels.values()):
        number[mask] = place
    return Segments(number, tuple(labels), fill)


def label_players(number: np.ndarray, names: Sequence[str] = ()) -> Segments:
    """Segments from a label map in which 0 is background.

    Parameters
    ----------
    number : ndarray of int, shape (*S)
    names : sequence of str
        Of the labels in ascending order.

    Returns
    -------
    Segments

    Raises
    ------
    InputError
        If it holds no label, or another number of them than names.
    """
    values = np.unique(number[number != 0])
    if names and len(names) != len(values):
        raise InputError(
            f"the label map holds {len(values)} labels and {len(names)} names are given; give one for each"
        )
    place = np.searchsorted(values, number)
    return Segments(
        np.where(number != 0, place, -1).astype(np.int32), tuple(names) or tuple(str(v) for v in values.tolist())
    )
