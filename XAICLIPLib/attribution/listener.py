"""What may be told every output of a run: the model's probabilities of each perturbed copy, at no extra model run."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from XAICLIPLib.attribution.design import Design
from XAICLIPLib.attribution.perturbations import Perturbations


class Listener(Protocol):
    """What `Scorer` tells of each call of its `evaluate`: which copies are meant, then what the model made of them.

    Every copy that the model was run on is told of once, in ascending order, whatever the batch size, and also where
    memory ran out and the batch was halved. Where the run ends early (a tolerance, a budget, `Cancelled`), the copies
    that are left are not told of. What the scorer runs beside `evaluate` (the unperturbed image, `try_repeats`,
    `seconds_each`) is not told of either; the unperturbed prediction is `Scorer.prediction`.
    """

    def begin(self, perturbations: Perturbations) -> None:
        """Called once at the start of each `Scorer.evaluate`, before the model is run.

        Parameters
        ----------
        perturbations : Perturbations
            The copies of this call, to which the numbers that follow belong; `perturbations.hides(start, stop)` says
            what each of them hides. One run may have several calls (hierarchical occlusion: two for each level).
        """

    def __call__(self, start: int, stop: int, output: Tensor) -> None:
        """Called after each batch, before its scores are computed.

        Parameters
        ----------
        start, stop : int
            The copies of the current call that the batch holds; the first `start` is 0, the next one this `stop`.
        output : Tensor, shape (stop − start, K, *S'), float32, on the image's device
            The model's probabilities as it returned them, neither cut nor scored, on the grid of `Scorer.prediction`.
            Always of full size: where the model is run on a window alone, the rest is the unperturbed prediction, and
            `Scorer.affected` says where it may differ from that. Belongs to the model: copy what is kept, change
            nothing. It is not yet looked through for NaN, for which the run ends with a `ModelError` right after.

        Notes
        -----
        What it raises ends the run, but for a lack of memory, after which the same copies are told of again in smaller
        batches: until it returns, none of the batch counts as told. `perturbations.hides(start, stop)` costs next to
        nothing here, since the masks of a batch are still at hand.
        """

    def end(self, design: Design) -> None:
        """Called once when the run is over, with what it hid.

        Parameters
        ----------
        design : WindowDesign or PartDesign
        """
