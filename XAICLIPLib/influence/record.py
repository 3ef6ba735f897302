"""What one run knows of one image: where the output changed when each place was hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from XAICLIPLib.influence.cells import Cells
from XAICLIPLib.influence.packed import Packed
from XAICLIPLib.influence.sources import BoxSources, PartSources

PARTS = ("remote", "own", "total")


@dataclass(frozen=True, eq=False)
class TargetRecord:
    """How one target's probability changed, by hidden place and output cell.

    A change is p(j) − p(j | place hidden): positive where the drawing is weaker without the place. The mean over a cell
    is kept in two parts: over those of its pixels that were hidden themselves (`own`), and over the others (`remote`),
    both as shares of the whole cell, so that `total` = `own` + `remote`.

    Attributes
    ----------
    prediction, reference : ndarray, shape (*S'), bool
        What the model draws, and what it is held against.
    edges : tuple of int
        Pixels of a cell along each axis of the output.
    probability : ndarray, shape (J,), float32
        Mean of the unperturbed image's probability in each cell.
    own, remote : Packed
        (F, J).
    error : Packed, optional
        Standard error of the total, for methods that sample.
    sizes, shared : ndarray, shape (N,), int64
        Per perturbed copy, how many pixels are drawn (above 0.5), and how many of them lie in the reference: with
        them, Dice follows exactly. Empty for methods whose copies hide several places at a time.
    """

    prediction: np.ndarray
    reference: np.ndarray
    edges: tuple[int, ...]
    probability: np.ndarray
    own: Packed
    remote: Packed
    error: Packed | None = None
    sizes: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    shared: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    @cached_property
    def cells(self) -> Cells:
        """The output's cells, which follow from what is drawn."""
        return Cells(self.prediction, self.reference, self.edges)

    def over_cells(self, weights: np.ndarray, part: str) -> np.ndarray:
        """The change of a weighted mean over cells, by hidden place.

        Parameters
        ----------
        weights : ndarray, shape (J,)
        part : str
            "remote", "own" or "total".

        Returns
        -------
        ndarray, shape (F,), float64
        """
        return np.sum([packed.over_cells(weights) for packed in self._packed(part)], axis=0)

    def over_places(self, weights: np.ndarray, part: str) -> np.ndarray:
        """The weighted sum over places of the changes of each cell.

        Parameters
        ----------
        weights : ndarray, shape (F,)
        part : str
            "remote", "own" or "total".

        Returns
        -------
        ndarray, shape (J,), float64
        """
        return np.sum([packed.over_places(weights) for packed in self._packed(part)], axis=0)

    def _packed(self, part: str) -> tuple[Packed, ...]:
        return {"remote": (self.remote,), "own": (self.own,), "total": (self.own, self.remote)}[part]


@dataclass(frozen=True, eq=False)
class Record:
    """What one run knows of one image.

    Attributes
    ----------
    sources : BoxSources or PartSources
        The F places that were hidden, on the image that the model got.
    targets : tuple of TargetRecord
        One per target.
    names : tuple of str
        What the targets are called.
    """

    sources: BoxSources | PartSources
    targets: tuple[TargetRecord, ...]
    names: Sequence[str]

    @property
    def nbytes(self) -> int:
        """About what it takes on the disk, in bytes."""
        return sum(t.own.nbytes + t.remote.nbytes + (t.error.nbytes if t.error else 0) for t in self.targets)
