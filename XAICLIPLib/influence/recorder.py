"""The listener that records, while a run goes on, where the output changed; it costs no model run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.design import Design, PartDesign, WindowDesign
from XAICLIPLib.attribution.perturbations import Boxes, Perturbations
from XAICLIPLib.influence.cells import Cells, cell_edges
from XAICLIPLib.influence.packed import SMALLEST, Packed, quantised
from XAICLIPLib.influence.record import Record, TargetRecord
from XAICLIPLib.influence.sources import BoxSources, PartSources


class Recorder:
    """To be given to a `Scorer` as its listener; one for each image.

    Parameters
    ----------
    prediction : Tensor, shape (K, *S')
        Probabilities of the unperturbed image.
    reference : Tensor, shape (K, *S'), bool
        What it is held against, on the same grid.
    cell : sequence of float
        Edges of an output cell in output pixels; at least one pixel is taken.
    names : sequence of str
        What the targets are called.

    Attributes
    ----------
    record : Record, or None
        There once the run is over.
    """

    def __init__(self, prediction: Tensor, reference: Tensor, cell: Sequence[float], names: Sequence[str]) -> None:
        self._unperturbed = prediction.detach().float().cpu().numpy()
        masks = self._unperturbed > 0.5
        edges = cell_edges(masks.shape[1:], cell)
        self._reference = reference.cpu().numpy().astype(bool)
        self._cells = [Cells(mask, wanted, edges) for mask, wanted in zip(masks, self._reference)]
        self._names = tuple(names)
        self.record: Record | None = None
        self._one_at_a_time: Boxes | None = None
        self._own: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in self._cells]
        self._remote: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in self._cells]
        self._totals: list[list[np.ndarray]] = [[] for _ in self._cells]
        self._counts: list[list[np.ndarray]] = [[] for _ in self._cells]
        self._boxes: list[np.ndarray] = []

    def begin(self, perturbations: Perturbations) -> None:
        """Hear which copies come next.

        Parameters
        ----------
        perturbations : Perturbations
        """
        self._one_at_a_time = None
        if isinstance(perturbations, Boxes):
            self._one_at_a_time = perturbations
            self._region = self._on_output_grid(perturbations.region.cpu().numpy().astype(int)) > 0

    def __call__(self, start: int, stop: int, output: Tensor) -> None:
        """Keep what a batch of copies changed.

        Parameters
        ----------
        start, stop : int
            Which of the copies they are.
        output : Tensor, shape (stop − start, K, *S')
            Their probabilities.
        """
        maps = output.detach().float().cpu().numpy()
        if self._one_at_a_time is None:
            for k, cells in enumerate(self._cells):
                self._totals[k].append(cells.means(self._unperturbed[k] - maps[:, k]).astype(np.float16))
            return
        boxes = np.array(self._one_at_a_time.boxes[start:stop], np.int32)
        self._boxes.append(boxes)
        image = tuple(self._one_at_a_time.region.shape)
        places = [self._on_output(box, image) for box in boxes]
        for k, cells in enumerate(self._cells):
            self._keep_boxes(k, cells, maps[:, k], places)

    def _keep_boxes(self, k: int, cells: Cells, maps: np.ndarray, places: list[tuple[slice, ...]]) -> None:
        drawn = maps > 0.5
        shared = [np.count_nonzero(d & self._reference[k]) for d in drawn]
        self._counts[k].append(np.array([[np.count_nonzero(d) for d in drawn], shared]))
        change = self._unperturbed[k] - maps
        own = np.empty((len(maps), len(cells)), np.float32)
        for row, (copy, at) in enumerate(zip(change, places)):
            hidden = self._region[at]
            own[row] = cells.means_in_box(np.where(hidden, copy[at], 0.0), at)
            copy[at][hidden] = 0.0  # what is left is remote, and exactly 0 where nothing changed
        self._own[k].append(quantised(own))
        self._remote[k].append(quantised(cells.means(change)))

    def _on_output(self, box: np.ndarray, image: tuple[int, ...]) -> tuple[slice, ...]:
        """What holds a box of the image's grid (*S) on the output's."""
        output = self._unperturbed.shape[1:]
        if image == output:
            return tuple(slice(*span) for span in box.tolist())
        return tuple(slice(int(a * o / i), -int(-b * o // i)) for (a, b), i, o in zip(box.tolist(), image, output))

    def end(self, design: Design) -> None:
        """Make the record of what was heard.

        Parameters
        ----------
        design : WindowDesign or PartDesign
        """
        self.record = self._of_windows(design) if isinstance(design, WindowDesign) else self._of_parts(design)

    def _of_windows(self, design: WindowDesign) -> Record:
        boxes = np.concatenate(self._boxes) if self._boxes else np.zeros((0, design.region.ndim, 2), np.int32)
        sources = BoxSources(design.region.shape, design.region, boxes, design.windows, design.combined)
        targets = []
        for k, cells in enumerate(self._cells):
            own, remote = (self._packed(rows[k], len(cells)) for rows in (self._own, self._remote))
            sizes, shared = np.concatenate(self._counts[k], 1) if self._counts[k] else np.zeros((2, 0), np.int64)
            targets.append(self._target(k, own, remote, sizes=sizes, shared=shared))
        return Record(sources, tuple(targets), self._names)

    def _of_parts(self, design: PartDesign) -> Record:
        """Of parts that were hidden together by patterns: the method's own fit, one right-hand side per cell."""
        sources = PartSources(design.number, design.count, design.names)
        on_output = self._on_output_grid(design.number)
        held = on_output >= 0
        targets = []
        for k, cells in enumerate(self._cells):
            falls = np.concatenate(self._totals[k]).astype(np.float64)
            changed = np.abs(falls).max(0, initial=0.0) > SMALLEST
            values, errors = np.zeros((2, design.count, len(cells)))
            if changed.any():
                values[:, changed], errors[:, changed] = design.fit(falls[:, changed])
            share = np.zeros_like(values)
            np.add.at(share, (on_output[held], cells.number[held]), 1.0)
            share /= cells.sizes
            parts = (share * values, (1 - share) * values, errors)
            own, remote, error = (Packed.of(*quantised(part.astype(np.float32))) for part in parts)
            targets.append(self._target(k, own, remote, error=error))
        return Record(sources, tuple(targets), self._names)

    def _on_output_grid(self, number: np.ndarray) -> np.ndarray:
        """A label image of the image's grid on the output's, nearest."""
        output = self._unperturbed.shape[1:]
        if number.shape == output:
            return number
        values = torch.as_tensor(number, dtype=torch.float32)[None, None]
        return torch.nn.functional.interpolate(values, output, mode="nearest-exact")[0, 0].numpy().astype(int)

    def _target(self, k: int, own: Packed, remote: Packed, **more) -> TargetRecord:
        cells = self._cells[k]
        probability = cells.means(self._unperturbed[k][None])[0]
        return TargetRecord(cells.prediction, cells.reference, cells.edges, probability, own, remote, **more)

    @staticmethod
    def _packed(batches: list[tuple[np.ndarray, np.ndarray]], cells: int) -> Packed:
        if not batches:
            return Packed.of(np.zeros((0, cells), np.int8), np.zeros(0, np.float32))
        steps, scales = (np.concatenate(part) for part in zip(*batches))
        return Packed.of(steps, scales)
