"""A model asked for the maps of a batch: what it gives back is looked at, so that no wrong answer becomes a map."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from XAICLIPLib.errors import ModelError, ResourceError, XAICLIPError
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import same_view
from XAICLIPLib.models.memory import out_of_memory

Predict = Callable[[Tensor], Tensor]
SLACK = 1e-4  # by which a probability may leave [0, 1]


class Asked:
    """A model whose answers are checked, and which is asked for one image at a time where it can't do more.

    Parameters
    ----------
    predict : callable
        (B, C, *S) -> (B, K, *S').
    image : Tensor, shape (C, *S)

    Attributes
    ----------
    predict : callable
        May be replaced by one that gives the same.
    prediction : Tensor, shape (K, *S')
        Of the image.
    seconds : float
        Time spent inside `predict`.
    notes : tuple of str
        What a reader must know of the way it was run.

    Raises
    ------
    ModelError
        If it fails, or does not return what it must.
    ResourceError
        If there is no memory for one image.
    """

    def __init__(self, predict: Predict, image: Tensor) -> None:
        self.predict, self._shape = predict, tuple(image.shape)
        self.seconds = 0.0
        self.notes: tuple[str, ...] = ()
        self._protect = self._one_by_one = False
        batch = image[None].clone()
        try:
            output = self._run(batch)
        except XAICLIPError:
            raise
        except Exception as error:
            raise (self.too_large() if out_of_memory(error) else self._failed(error, batch)) from error
        # a first layer that works in place would spoil the copies that are reused from batch to batch
        self._protect = not torch.equal(batch[0], image)
        self._check_first(output)
        self.prediction = output[0].float()

    def __call__(self, batch: Tensor) -> Tensor:
        """(B, C, *S) -> (B, K, *S'). Errors of memory pass as they are."""
        if self._one_by_one and len(batch) > 1:
            return torch.cat([self._asked(row[None]) for row in batch])
        try:
            return self._asked(batch)
        except Exception as error:
            foreign = _cause(error)
            if foreign is None or out_of_memory(error):
                raise
            if len(batch) > 1:
                return self._singly(batch, error, foreign)
            if isinstance(error, XAICLIPError):
                raise
            raise self._failed(error, batch) from error

    def _singly(self, batch: Tensor, error: Exception, foreign: BaseException) -> Tensor:
        """Try one by one what failed together; it is the first failure that is told where that does not help."""
        try:
            found = torch.cat([self._asked(row[None]) for row in batch])
        except Exception as again:
            if out_of_memory(again):
                raise
            raise (error if isinstance(error, XAICLIPError) else self._failed(error, batch)) from foreign
        self._one_by_one = True
        self.notes += (
            Message(
                "the model failed on several images at once ({reason}); it was run on one at a time",
                reason=_said(foreign),
            ),
        )
        return found

    def _asked(self, batch: Tensor) -> Tensor:
        output = self._run(batch)
        expected = (len(batch), *self.prediction.shape)
        if output.shape != expected:
            raise ModelError(
                f"the model returned shape {tuple(output.shape)} for a batch of {len(batch)}, expected {expected}: "
                f"{_counted(output.shape[0] if output.dim() else 1)} for {_counted(len(batch))}; it must answer each "
                "image of a batch, or be asked for one at a time with batch_size=1 (--batch-size 1)"
            )
        return output

    def _run(self, batch: Tensor) -> Tensor:
        start = time.perf_counter()
        with torch.inference_mode():
            output = self.predict(batch.clone() if self._protect else batch)
        if not isinstance(output, Tensor):
            raise ModelError(f"the model returned {type(output).__name__}; return one tensor (B, K, …){_hint(output)}")
        if output.is_cuda:
            torch.cuda.synchronize(output.device)
        self.seconds += time.perf_counter() - start
        return output if output.device == batch.device else output.to(batch.device)

    def _check_first(self, output: Tensor) -> None:
        """Refuse what is no probability per target and pixel."""
        spatial = self._shape[1:]
        if output.dim() != len(spatial) + 2 or output.shape[0] != 1 or not output.numel():
            raise ModelError(
                f"the model returned shape {tuple(output.shape)} for an image batch {(1, *self._shape)}; expected "
                f"(B, K, {', '.join('ZYX'[-len(spatial) :])}) with one channel per target"
            )
        if output.is_complex():
            raise ModelError(Message("the model returned complex numbers; return probabilities in [0, 1]"))
        self._check_grid(tuple(output.shape))
        if not torch.isfinite(output).all():
            raise ModelError(
                Message("the model returned NaN or infinite values for the unperturbed image; check its input")
            )
        low, high = float(output.min()), float(output.max())
        if low < -SLACK or high > 1 + SLACK:
            advice = Message("(apply a sigmoid or a softmax)")
            if not output.is_floating_point():
                advice = Message("instead of labels (leave out its argmax)")
            elif high > 1.5 and low >= 0 and high <= 255.5:
                advice = Message("(apply a sigmoid or a softmax, or divide by the largest value there can be)")
            raise ModelError(
                Message(
                    "the model returned values from {low:.3g} to {high:.3g}; return probabilities in [0, 1] {advice}",
                    low=low,
                    high=high,
                    advice=advice,
                )  # fmt: skip
            )

    def _check_grid(self, shape: tuple[int, ...]) -> None:
        """Refuse an output whose rows and columns are not those of the image, coarser or finer."""
        spatial, found = self._shape[1:], shape[2:]
        if found == spatial:
            return
        if shape[1:-1] == spatial:
            raise ModelError(
                f"the model returned shape {shape} for an image {spatial}: its channels come last; return them first, "
                "as output.permute(0, -1, …) or movedim(-1, 1) does"
            )
        if not same_view(found, spatial):
            raise ModelError(
                f"the model returned maps of {found} for an image {spatial}, whose rows and columns are not scaled "
                "alike; return (B, K, …) on the image's grid, channels first"
            )

    def _failed(self, error: Exception, batch: Tensor) -> ModelError:
        """What is told of a failure inside the model: what it was asked, and what may be meant."""
        hint = ""
        if len(self._shape) == 4 and self._shape[0] == 1:
            hint = "; the image was taken as a volume (C, D, H, W): one image of a batch is image[0]"
        elif len(self._shape) == 3 and self._shape[-1] <= 4 < self._shape[0]:
            hint = "; the image's channels come first: (C, H, W)"
        return ModelError(f"the model failed on a batch {tuple(batch.shape)}: {_said(error)}{hint}")

    def too_large(self) -> ResourceError:
        """What is told where not even one image fits."""
        return ResourceError(
            f"out of memory with one image of shape {self._shape} at a time; "
            "use another device, a smaller model, or a smaller image"
        )


def _cause(error: BaseException) -> BaseException | None:
    """The failure of the model itself in an error; None where it is the program that says what is wrong."""
    if not isinstance(error, XAICLIPError):
        return error
    cause = error.__cause__ if isinstance(error, ModelError) else None
    return None if cause is None or isinstance(cause, XAICLIPError) else cause


def _said(error: BaseException) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= 300 else f"{text[:300]}…"


def _counted(number: int) -> str:
    return f"{number} image{'s' if number != 1 else ''}"


def _hint(output: Any) -> str:
    """How to get at the tensor in what came instead."""
    if isinstance(output, Mapping):
        return f", the one of {', '.join(map(repr, output)) or 'its keys'} that holds the probabilities"
    if isinstance(output, (tuple, list)):
        parts = ", ".join(str(tuple(p.shape)) if isinstance(p, Tensor) else type(p).__name__ for p in output)
        return f", the one of {parts or 'its parts'} that holds the probabilities"
    if hasattr(output, "__array__"):
        return " with torch.from_numpy"
    return ""
