"""Any Python callable on batches as a model."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.base import Context, Prepared, Segmenter, SliceGrid


class FunctionSegmenter:
    """A callable ``(B, 1, H, W) -> (B, K, H, W)`` on slices in the scan's own values (HU on CT).

    Parameters
    ----------
    function : callable
        Returns probabilities in [0, 1], one channel per target.
    device : torch.device
        Where its input is put.
    targets : tuple of str
        The structures of its channels, in order, unless the callable has an attribute `targets` of its own;
        "target" alone if nobody says.
    """

    spatial_dims = 2

    def __init__(
        self, function: Callable[[Tensor], Tensor], device: torch.device, targets: tuple[str, ...] = ()
    ) -> None:
        self.name = getattr(function, "__name__", type(function).__name__)
        self.targets = tuple(getattr(function, "targets", ())) or targets or ("target",)
        self.provenance = {"family": "function", "function": f"{getattr(function, '__module__', '')}:{self.name}"}
        self._function = function
        self._device = device

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """The slice (H, W) as it is, one channel."""
        tensor = torch.as_tensor(np.ascontiguousarray(image), dtype=torch.float32, device=self._device)
        return Prepared(tensor[None], SliceGrid(), value=float)

    def predict(self, batch: Tensor) -> Tensor:
        """(B, 1, H, W) -> (B, K, H', W').

        Raises
        ------
        ModelError
            If the callable fails on this shape or returns another number of channels than there are targets.
        """
        try:
            output = self._function(batch)
        except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
            if "memory" in str(error).lower():  # which a smaller batch may cure
                raise
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ModelError(f"{self.name} failed on a batch {tuple(batch.shape)}: {reason}") from error
        if not isinstance(output, Tensor) or output.dim() != 4 or output.shape[:2] != (len(batch), len(self.targets)):
            found = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
            raise ModelError(
                f"{self.name} returned {found} for a batch {tuple(batch.shape)}; expected "
                f"({len(batch)}, {len(self.targets)}, H, W): one channel per target ({', '.join(self.targets)})"
            )
        return output


def open_model(argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> Segmenter:
    """Import "package.module:name": a callable on batches, or a factory without arguments that makes a `Segmenter`.

    Raises
    ------
    ModelError
        If the module or the name is not there, or what it names can't be called.
    """
    module_name, _, name = argument.partition(":")
    try:
        found = getattr(import_module(module_name), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ModelError(
            f"function:{argument} can't be imported ({error}); write function:package.module:name"
        ) from error
    if isinstance(found, type):
        found = found()
    if isinstance(found, Segmenter):
        return found
    if not callable(found):
        raise ModelError(f"function:{argument} is a {type(found).__name__}, not a callable on batches")
    return FunctionSegmenter(found, device, targets)
