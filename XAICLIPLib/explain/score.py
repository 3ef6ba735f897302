"""The only loop over model evaluations: perturbed images in, one score per target out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import InputError, ModelError, ResourceError
from XAICLIPLib.explain.window import windowed
from XAICLIPLib.models.memory import out_of_memory

Predict = Callable[[Tensor], Tensor]
Progress = Callable[[int, int], None]
Sink = Callable[[int, int, Tensor], bool | None]

BATCH_BYTES = 48 * 2**20
# On a CPU larger batches need larger temporaries, which the allocator maps anew each time: 4 was fastest in all.
MAX_BATCH_CPU = 4
MAX_BATCH = 16
PIECE = 32768  # pixels summed at a time: one sum over a whole image would round soft scores at 1e-5
CHECKED = 61  # of so many output pixels one is looked at for NaN; a prime, so that no column of an image is left out


class Perturbations(Protocol):
    """A family of perturbed copies of one image, made a few at a time and taken back again.

    Only what a perturbation touches is written and restored, so that no mask tensor is made per copy.
    """

    def __len__(self) -> int: ...

    def write(self, batch: Tensor, start: int, stop: int) -> None:
        """Turn the rows of `batch` (stop − start, C, *S), all equal to the image, into copies `start`…`stop`."""

    def undo(self, batch: Tensor, start: int, stop: int) -> None:
        """Make those rows equal to the image again."""


def _dice(size: Tensor, shared: Tensor, reference: Tensor) -> Tensor:
    return 2 * shared / (size + reference).clamp_min(torch.finfo(torch.float32).eps)


def _above_half(flat: Tensor, reference: Tensor, span: slice) -> tuple[Tensor, Tensor]:
    """How many pixels of predictions (B, K, P) lie above 0.5, and how many of them in the reference.

    All pixels of the reference lie in `span`; it is given there, (K, span). Gives (B, K) twice, float32.
    """
    if flat.device.type != "cpu":
        hard = flat > 0.5
        return hard.sum(-1, dtype=torch.float32), (hard[..., span] & reference).sum(-1, dtype=torch.float32)
    # NumPy counts booleans ten times faster than torch, and one mask at a time stays in the cache
    masks = reference.numpy()
    counts = np.empty((2, *flat.shape[:2]), np.float32)
    for b, copy in enumerate(flat.float().numpy()):
        for k, probability in enumerate(copy):
            hard = probability > 0.5
            counts[:, b, k] = np.count_nonzero(hard), np.count_nonzero(hard[span] & masks[k])
    size, shared = torch.from_numpy(counts)
    return size, shared


class Reference:
    """What a prediction is compared with, per target, and the three ways to compare.

    Parameters
    ----------
    mask : Tensor, shape (K, *S'), bool
        The reference on the grid of the model's output.
    score : str
        "dice": Dice of the prediction at 0.5; "soft_dice": Dice of the probabilities; "confidence": mean probability
        inside the reference. A soft score still moves where a confident model's mask does not.
    """

    SCORES = ("dice", "soft_dice", "confidence")

    def __init__(self, mask: Tensor, score: str) -> None:
        if score not in self.SCORES:
            raise InputError(f"there is no score {score!r}; choose one of {', '.join(self.SCORES)}")
        self.mask = mask
        self.score = score
        self._flat = mask.flatten(1)
        self._size = self._flat.sum(-1, dtype=torch.float32)
        self.present = self._size > 0
        # the intersection is only looked for between the first and the last reference pixel
        inside = self._flat.any(0).nonzero()
        self._span = slice(int(inside[0]), int(inside[-1]) + 1) if len(inside) else slice(0, 0)
        self._flat_span = self._flat[:, self._span]
        self._float_span = self._flat_span.float()

    def __call__(self, probabilities: Tensor) -> Tensor:
        """Score predictions (B, K, *S') -> (B, K), float32."""
        flat = probabilities.flatten(2)
        if self.score == "dice":
            return _dice(*_above_half(flat, self._flat_span, self._span), self._size)
        flat = flat.float()
        pieces = zip(flat[..., self._span].split(PIECE, -1), self._float_span.split(PIECE, -1))
        shared = sum(torch.einsum("bkp,kp->bk", p, m) for p, m in pieces)
        if self.score == "soft_dice":
            return _dice(flat.sum(-1), shared, self._size)
        return shared / self._size.clamp_min(1)


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

    Attributes
    ----------
    prediction : Tensor, shape (K, *S')
        Probabilities of the unperturbed image.
    baseline : Tensor, shape (K,)
        Its scores.
    present : Tensor, shape (K,), bool
        Which targets the reference holds at all; the others have no score to drop.
    evaluations : int
        Perturbed copies evaluated so far.
    model_seconds : float
        Time spent inside `predict`.

    Raises
    ------
    ModelError
        If the output has another shape than (B, K, *S'), holds NaN, or is no probability.
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
    ) -> None:
        self.image = image
        self._predict = predict
        self._progress = progress
        self._protect = False
        most = MAX_BATCH_CPU if image.device.type == "cpu" else MAX_BATCH
        self._batch_size = batch_size or max(1, min(most, BATCH_BYTES // (4 * image.numel())))
        self._batch: Tensor | None = None
        self.evaluations = 0
        self.model_seconds = 0.0
        self.prediction = self._first_prediction()
        self._score = Reference(self._reference_on_output(reference), score)
        self.present = self._score.present
        self.baseline = self._score(self.prediction[None])[0]

    @property
    def targets(self) -> int:
        """Number of targets K."""
        return self.prediction.shape[0]

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
        model = windowed(self._predict, self.prediction, perturbed, region, radius)
        if model is None:
            return 1.0
        self._predict = model
        return model.window.share(tuple(region.shape))

    def _first_prediction(self) -> Tensor:
        batch = self.image[None].clone()
        try:
            output = self._forward(batch)
        except (MemoryError, RuntimeError) as error:
            if not out_of_memory(error):
                raise
            raise self._too_large() from error
        # a first layer that works in place would spoil the copies that are reused from batch to batch
        self._protect = not torch.equal(batch[0], self.image)
        spatial = self.image.dim() - 1
        if output.dim() != spatial + 2 or output.shape[0] != 1:
            raise ModelError(
                f"the model returned shape {tuple(output.shape)} for an image batch {tuple(batch.shape)}; expected "
                f"(B, K, {', '.join('ZYX'[-spatial:])}) with one channel per target"
            )
        if not torch.isfinite(output).all():
            raise ModelError("the model returned NaN or infinite values for the unperturbed image; check its input")
        low, high = float(output.min()), float(output.max())
        if low < -1e-4 or high > 1 + 1e-4:
            raise ModelError(
                f"the model returned values from {low:.3g} to {high:.3g}; return probabilities in [0, 1] "
                "(apply a sigmoid or a softmax)"
            )
        return output[0].float()

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
        resized = torch.nn.functional.interpolate(reference[None].float(), self.prediction.shape[1:], mode="area")
        return resized[0] >= 0.5

    def _forward(self, batch: Tensor) -> Tensor:
        start = time.perf_counter()
        with torch.inference_mode():
            output = self._predict(batch.clone() if self._protect else batch)
        if not isinstance(output, Tensor):
            raise ModelError(f"the model returned {type(output).__name__}; return one tensor (B, K, …)")
        if output.is_cuda:
            torch.cuda.synchronize(output.device)
        self.model_seconds += time.perf_counter() - start
        return output

    def _copies(self) -> Tensor:
        """The batch that is written to and restored again and again."""
        if self._batch is None or len(self._batch) != self._batch_size:
            self._batch = self.image[None].repeat(self._batch_size, *[1] * self.image.dim())
        return self._batch

    def _halve(self, error: Exception) -> None:
        self._batch = None
        if self.image.is_cuda:
            torch.cuda.empty_cache()
        if self._batch_size == 1:
            raise self._too_large() from error
        self._batch_size //= 2

    def _too_large(self) -> ResourceError:
        return ResourceError(
            f"out of memory with one image of shape {tuple(self.image.shape)} at a time; "
            "use another device, a smaller model, or a smaller image"
        )

    def evaluate(self, perturbations: Perturbations, sink: Sink | None = None, planned: int | None = None) -> Tensor:
        """Score all perturbed copies.

        Parameters
        ----------
        perturbations : Perturbations
            N copies.
        sink : callable, optional
            Called with (start, stop, scores (stop − start, K)) after each batch; returning true ends the run early.
        planned : int, optional
            Where this is one call of several, the evaluations of all: the progress is told of all of them.

        Returns
        -------
        Tensor, shape (N', K), float32, on the CPU
            The scores in order; N' < N if the sink ended the run.
        """
        total = len(perturbations)
        scores = torch.empty(total, self.targets)
        start = 0
        while start < total:
            try:
                batch = self._copies()
                stop = min(start + len(batch), total)
                rows = batch[: stop - start]
                perturbations.write(rows, start, stop)
                output = self._forward(rows)
                batch_scores = self._score(output)
                perturbations.undo(rows, start, stop)
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
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

    @staticmethod
    def _check(output: Tensor, scores: Tensor) -> None:
        # a hard Dice counts NaN as background and stays finite itself
        if not (torch.isfinite(scores).all() and torch.isfinite(output.flatten(2)[..., ::CHECKED]).all()):
            raise ModelError("the model returned NaN or infinite values for a perturbed image; choose another fill")
