"""The only loop over model evaluations: perturbed images in, one score per target out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from XAICLIPLib.attribution.asking import SLACK, Asked, Predict
from XAICLIPLib.attribution.design import Design
from XAICLIPLib.attribution.listener import Listener
from XAICLIPLib.attribution.perturbations import Perturbations
from XAICLIPLib.attribution.receptive_field import Windowed, windowed
from XAICLIPLib.attribution.reference import FLAT, Reference
from XAICLIPLib.attribution.repeats import (
    TRIED,
    Repeats,
)
from XAICLIPLib.errors import InputError, ModelError, ResourceError
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Tiling
from XAICLIPLib.models.memory import free_memory, out_of_memory

Progress = Callable[[int, int], None]
Sink = Callable[[int, int, Tensor], bool | None]

BATCH_BYTES = 48 * 2**20
# On a CPU larger batches need larger temporaries, which the allocator maps anew each time: 4 was fastest in all.
MAX_BATCH_CPU = 4
MAX_BATCH = 16
MOVED = 0.01  # share of all probability that may come out elsewhere when an image is run again: reduced precision
CHECKED = 61  # of so many output pixels one is looked at for NaN; a prime, so that no column of an image is left out


class Scorer:
    """Runs a model on perturbed copies of one image and scores every target of every copy.

    Parameters
    ----------
    predict : callable
        (B, C, *S) -> (B, K, *S') probabilities in [0, 1], on the image's device.
    image : Tensor, shape (C, *S), float32
        The prepared image: what the model gets, in the model's own values.
    reference : Tensor, shape (K, *S), bool, optional
        What the prediction should be. Without it, the prediction of the unperturbed image.
    score : str
        See `Reference`.
    batch_size : int, optional
        Copies per evaluation; by default up to 16 (4 on a CPU), fewer for large images. Halved when memory runs out.
    progress : callable, optional
        Called with (done, total) after each batch. Raising `Cancelled` in it ends the run between two batches.
    repeats : Repeats, optional
        What another scorer of the same model found out; without it, this one begins anew.
    listener : Listener, optional
        Told of the model's output for every copy that is evaluated, see `Listener`. May be set later, before
        `evaluate`, where it needs the prediction first.

    Attributes
    ----------
    prediction : Tensor, shape (K, *S')
        Probabilities of the unperturbed image.
    baseline : Tensor, shape (K,)
        Its scores.
    present : Tensor, shape (K,), bool
        Which targets the reference holds at all; the others have no score to drop.
    evaluations : int
        Perturbed copies evaluated so far; the runs of `try_repeats` are not among them.
    tiling : Tiling, optional
        How the model pays for a change, where that goes by tiles. May be set before `evaluate`.
    repeats : Repeats
        Whether the model repeats itself, see `try_repeats`.

    Raises
    ------
    ModelError
        If the model fails, or its output has another shape than (B, K, *S'), holds NaN, or is no probability.
    """

    def __init__(
        self,
        predict: Predict,
        image: Tensor,
        *,
        reference: Tensor | None = None,
        score: str = "dice",
        batch_size: int | None = None,
        progress: Progress | None = None,
        repeats: Repeats | None = None,
        listener: Listener | None = None,
    ) -> None:
        if batch_size is not None and batch_size < 1:
            raise InputError(f"batch_size is {batch_size}; it must be at least 1")
        self.image = image
        self._progress, self.listener = progress, listener
        most = MAX_BATCH_CPU if image.device.type == "cpu" else MAX_BATCH
        self._batch_size = batch_size or max(1, min(most, BATCH_BYTES // (4 * image.numel())))
        self._batch: Tensor | None = None
        self.evaluations = 0
        self.tiling: Tiling | None = None
        self.repeats = Repeats() if repeats is None else repeats
        self._ask = Asked(predict, image)
        self.prediction = self._ask.prediction
        self._score = Reference(self._reference_on_output(reference), score)
        self.present = self._score.present
        self.baseline = self._score(self.prediction[None])[0]

    @property
    def targets(self) -> int:
        """Number of targets K."""
        return self.prediction.shape[0]

    @property
    def score(self) -> str:
        """Which score it is, see `Reference`."""
        return self._score.score

    @property
    def reference(self) -> Tensor:
        """What predictions are held against, on their own grid: (K, *S'), bool."""
        return self._score.mask

    @property
    def model_seconds(self) -> float:
        """Time spent inside `predict`."""
        return self._ask.seconds

    @property
    def affected(self) -> tuple[slice, ...]:
        """Where outputs (*S') may differ from the unperturbed prediction: all of them, or where a window is run."""
        if isinstance(self._ask.predict, Windowed):
            return self._ask.predict.window.affected
        return tuple(slice(0, size) for size in self.prediction.shape[1:])

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the way the model was run."""
        return self._ask.notes + self.repeats.notes

    def narrow(self, perturbed: Tensor, region: Tensor, radius: tuple[int, ...]) -> float:
        """Run the model on the evaluation window of a region from now on, where that gives the same and saves time.

        Parameters
        ----------
        perturbed : Tensor, shape (C, *S)
            The image with the whole region filled, on which it is tried.
        region : Tensor, shape (*S), bool
            Nothing outside it will ever be changed.
        radius : tuple of int
            See `receptive_radius`.

        Returns
        -------
        float
            The window's share of the image; 1 where the model goes on with all of it.
        """
        if self.prediction.shape[1:] != region.shape:
            return 1.0
        model = windowed(self._ask.predict, self.prediction, perturbed, region, radius)
        if model is None:
            return 1.0
        self._ask.predict = model
        return model.window.share(tuple(region.shape))

    def _reference_on_output(self, reference: Tensor | None) -> Tensor:
        if reference is None:
            return self.prediction > 0.5
        if reference.shape[0] != self.targets or reference.dim() != self.image.dim():
            raise InputError(
                f"the reference has shape {tuple(reference.shape)}; expected ({self.targets}, "
                f"{', '.join(map(str, self.image.shape[1:]))}): one mask per target on the image's grid"
            )
        reference = reference.to(self.image.device)
        if reference.shape == self.prediction.shape:
            return reference.bool()
        if reference.shape[1:] != self.image.shape[1:]:
            raise InputError(
                f"the reference has shape {tuple(reference.shape)}; expected ({self.targets}, "
                f"{', '.join(map(str, self.image.shape[1:]))}): one mask per target on the image's grid"
            )
        resized = torch.nn.functional.interpolate(reference[None].float(), self.prediction.shape[1:], mode="area")
        return resized[0] >= 0.5

    def _copies(self, needed: int) -> Tensor:
        """The batch that is written to and restored again and again, no larger than the copies that are needed."""
        size = min(self._batch_size, needed)
        if self._batch is None or len(self._batch) < size:
            self._batch = None  # before the larger one is made
            fitting = self._fitting(size)
            if fitting < size:
                self._batch_size = size = fitting
            self._batch = self.image[None].repeat(size, *[1] * self.image.dim())
        return self._batch[:size]

    def _fitting(self, size: int) -> int:
        """How many copies of so many fit into half of the memory that is free; a model needs room as well."""
        free = free_memory(self.image.device)
        each = self.image.numel() * self.image.element_size()
        return size if free is None else max(1, min(size, free // 2 // each))

    def _halve(self, error: Exception) -> None:
        size = len(self._batch) if self._batch is not None else self._batch_size
        self._batch = None
        if self.image.is_cuda:
            torch.cuda.empty_cache()
        self._batch_size = min(self._batch_size, size)
        if self._batch_size == 1:
            raise self._ask.too_large() from error
        self._batch_size //= 2

    def seconds_each(self, copies: int = 8) -> float:
        """How long the model takes for one of so many copies, or of as many as a batch holds; not the first run.

        Parameters
        ----------
        copies : int

        Returns
        -------
        float
            Seconds for one; of a model that works in tiles, for all of them.
        """
        if self.tiling is not None:
            copies = 1
        batch = self.image[None].repeat(min(copies, self._batch_size), *[1] * self.image.dim())
        if self.tiling is not None:
            batch += 1.0  # a change in every tile
        self._ask(batch)
        before = self.model_seconds
        self._ask(batch)
        return (self.model_seconds - before) / len(batch)

    def try_repeats(self, other: Tensor) -> None:
        """Look whether the same image gets the same answer again, and with another one beside it in its batch.

        The finding is written into `repeats`; where it is there already, the model is not run.

        Parameters
        ----------
        other : Tensor, shape (C, *S)
            The other image: a perturbed copy.
        """
        if self.repeats.tried:
            return
        self.repeats.tried = bool((self.prediction > 0.5).any())
        beside = self._again(torch.stack([other, self.image])[-min(TRIED, self._batch_size) :])
        if not self._differs(beside):
            return
        alone = self._again(self.image[None])
        if self._differs(alone):
            self.repeats.unrepeatable = change = self._change(alone)
            self.repeats.notes = (
                Message(
                    "the model gives another answer each time it gets the same image (the score changed by "
                    "{change:.3g}): something in it is random, such as dropout; the map holds that noise",
                    change=change,
                ),
            )
        elif self._batch_size > 1:
            self.repeats.neighbours = change = self._change(beside)
            self.repeats.notes = (
                Message(
                    "the model's answer depends on what else is in the batch (the score changed by {change:.3g}), as "
                    "with batch normalisation in training mode; the map then depends on the batch size: call "
                    "model.eval(), or give batch_size=1",
                    change=change,
                ),
            )

    def _again(self, batch: Tensor) -> Tensor:
        """The prediction of the last image of a batch, which is alone in it where memory is short."""
        try:
            return self._ask(batch.clone())[-1].float()
        except Exception as error:
            if not out_of_memory(error):
                raise
            if len(batch) == 1:
                raise self._ask.too_large() from error
            return self._again(batch[-1:])

    def _change(self, prediction: Tensor) -> float:
        change = (self._score(prediction[None])[0] - self.baseline).abs()
        return float(change[self.present].max()) if self.present.any() else 0.0

    def _differs(self, prediction: Tensor) -> bool:
        """Whether another prediction (K, *S') of the image differs from the first by more than rounding."""
        moved = float((prediction - self.prediction).abs().sum())
        return self._change(prediction) > FLAT or moved > MOVED * max(1.0, float(self.prediction.sum()))

    def evaluate(
        self,
        perturbations: Perturbations,
        sink: Sink | None = None,
        planned: int | None = None,
        ends: Sequence[int] = (),
    ) -> Tensor:
        """Score all perturbed copies.

        Parameters
        ----------
        perturbations : Perturbations
            N copies.
        sink : callable, optional
            Called with (start, stop, scores (stop − start, K)) after each batch; returning true ends the run early.
        planned : int, optional
            Where this is one call of several, the evaluations of all: the progress is told of all of them.
        ends : sequence of int, ascending
            Numbers of copies at which a batch ends whatever its size, so that what the sink decides there does not hang
            on it.

        Returns
        -------
        Tensor, shape (N', K), float32, on the CPU
            The scores in order; N' < N if the sink ended the run.
        """
        total = len(perturbations)
        scores = torch.empty(total, self.targets)
        start = told = 0
        if self.listener:
            self.listener.begin(perturbations)
        while start < total:
            try:
                batch = self._copies(total)
                stop = min(start + len(batch), total, next((end for end in ends if end > start), total))
                rows = batch[: stop - start]
                perturbations.write(rows, start, stop)
                output = self._ask(rows)
                if self.listener and stop > told:  # else its scores ran out of memory, and it is here again
                    new = max(start, told)
                    self.listener(new, stop, output[new - start :].float())
                    told = stop
                batch_scores = self._score(output)
                perturbations.undo(rows, start, stop)
            except Exception as error:
                if isinstance(error, ResourceError) or not out_of_memory(error):
                    raise
                self._halve(error)
                continue
            self._check(output, batch_scores)
            scores[start:stop] = batch_scores.cpu()
            self.evaluations += stop - start
            start = stop
            if self._progress:
                done = self.evaluations if planned else start
                self._progress(done, max(planned or total, done))
            if sink and sink(start - len(rows), start, batch_scores):
                break
        return scores[:start]

    def conclude(self, design: Callable[[], Design]) -> None:
        """Tell the listener, if there is one, that the run is over.

        Parameters
        ----------
        design : callable
            Gives what was hidden; not called where nobody listens.
        """
        if self.listener:
            self.listener.end(design())

    @staticmethod
    def _check(output: Tensor, scores: Tensor) -> None:
        sample = output.flatten(2)[..., ::CHECKED]
        # a hard Dice counts NaN as background and stays finite itself
        if not (torch.isfinite(scores).all() and torch.isfinite(sample).all()):
            raise ModelError(
                Message("the model returned NaN or infinite values for a perturbed image; choose another fill")
            )
        low, high = float(sample.min()), float(sample.max())
        if low < -SLACK or high > 1 + SLACK:
            raise ModelError(
                Message(
                    "the model returned values from {low:.3g} to {high:.3g} for a perturbed image; return "
                    "probabilities in [0, 1] (apply a sigmoid or a softmax)",
                    low=low,
                    high=high,
                )  # fmt: skip
            )
