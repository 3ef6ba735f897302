"""Any Python callable on batches as a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.errors import ModelError, XAICLIPError
from XAICLIPLib.models.axes import FILE, Axes
from XAICLIPLib.models.base import Context, Prepared, Segmenter, Segments, SliceGrid, adapted, same_view
from XAICLIPLib.models.evaluation import NOTE, evaluating, is_training, networks_of
from XAICLIPLib.models.memory import out_of_memory


class FunctionSegmenter(Segmenter):
    """A callable ``(B, 1, H, W) -> (B, K, H, W)`` on slices in the scan's own values (HU on CT).

    Where a case has several registered images it gets them as channels, ``(B, C, H, W)``, whatever their number; an
    attribute `images` of the callable, such as ``("T1", "T2")``, says which it wants, in order.

    Networks that it is, or refers to, are in evaluation mode while it is called, and as they were afterwards.

    One with an attribute `spatial_dims` of 3 gets whole volumes, ``(B, 1, Z, H, W) -> (B, K, Z, H, W)``. Both lie as
    LPS with rows (slices) first, unless the callable has attributes `orientation`, such as "RAS" or "file", and `axes`,
    such as "xyz" or "xy", as the sidecar of a model file has them (see `files.sidecar`); its output lies as its input.

    Parameters
    ----------
    function : callable
        Returns probabilities in [0, 1], one channel per target. Where its maps are smaller than the slice they are
        brought to its size.
    device : torch.device
        Where its input is put.
    targets : tuple of str
        The structures of its channels, in order, unless the callable has an attribute `targets` of its own;
        "target" alone if nobody says.
    """

    can_be_oriented = True

    def __init__(
        self, function: Callable[[Tensor], Tensor], device: torch.device, targets: tuple[str, ...] = ()
    ) -> None:
        self.name = getattr(function, "__name__", type(function).__name__)
        own = tuple(getattr(function, "targets", ()))
        self.targets = own or targets or ("target",)
        self.named_by_request = not own
        self.provenance = {"family": "function", "function": f"{getattr(function, '__module__', '')}:{self.name}"}
        self.spatial_dims = getattr(function, "spatial_dims", 2)
        self.images = _names(getattr(function, "images", ()), self.name)
        self._function = self.sees_all = function
        self._device = device
        self._looked_at = False
        self._networks = networks_of(function)
        self._orient(getattr(function, "orientation", None), getattr(function, "axes", None))

    def _orient(self, orientation: str | None, axes: str | None) -> None:
        for key, value in (("orientation", orientation), ("axes", axes)):
            if value is not None and not isinstance(value, str):
                raise ModelError(
                    f'{self.name} has the attribute {key} {value!r}; write it as text, such as "RAS", "xyz"'
                )
        self._orientation, self._order = orientation, axes
        self._axes = Axes.declared(orientation, axes, self.spatial_dims)
        if orientation or axes:
            self.provenance = {
                **self.provenance,
                "orientation": orientation or "LPS",
                "axes": axes or "zyx"[-self.spatial_dims :],
            }

    def oriented(self, orientation: str, axes: str) -> FunctionSegmenter:
        """See `Segmenter.oriented`."""
        other = copy(self)
        other._orient(orientation, axes)
        return other

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """The slice or volume as it is, as one channel; several images as as many.

        Parameters
        ----------
        image : ndarray, shape (H, W) or (Z, H, W), or (C, H, W) or (C, Z, H, W) for several
            In the scan's own values, HU on CT.
        context : Context
            Its orientation counts for a callable that takes scans as their files store them.

        Returns
        -------
        Prepared
            Its image has the shape (C, H, W) or (C, Z, H, W), float32 on the device; a note says so where a network was
            in training mode.
        """
        tensor = torch.as_tensor(np.ascontiguousarray(image), dtype=torch.float32, device=self._device)
        self._networks = networks_of(self._function)
        notes = (NOTE,) if any(map(is_training, self._networks)) else ()
        predict = None
        if (self._orientation or "").lower() == FILE:
            axes = Axes.declared(FILE, self._order, self.spatial_dims, context.orientation)
            notes += (f"{self.name} gets the scan as its file is stored ({context.orientation})",)
            predict = lambda batch: self._predicted(batch, axes)  # noqa: E731
        tensor = tensor if tensor.dim() > self.spatial_dims else tensor[None]
        return Prepared(tensor, SliceGrid((1.0,) * self.spatial_dims), float, predict, notes)

    def predict(self, batch: Tensor) -> Tensor:
        """What the callable answers, told on the axes of an axial slice or volume.

        Parameters
        ----------
        batch : Tensor, shape (B, C, *S), float32
            On axial axes.

        Returns
        -------
        Tensor, shape (B, K, *S), float32
            Probabilities, brought to the image's size where the callable's maps have another.

        Raises
        ------
        ModelError
            If the callable fails on this shape, or does not return one tensor of floats on the batch's device with as
            many channels as there are targets.
        """
        return self._predicted(batch, self._axes)

    def _predicted(self, batch: Tensor, axes: Axes) -> Tensor:
        if axes.same:
            return self._called(batch)
        return axes.to_axial(self._called(axes.to_network(batch).contiguous())).contiguous()

    def _called(self, batch: Tensor) -> Tensor:
        try:
            with evaluating(self._networks):
                output = self._function(batch)
        except XAICLIPError:
            raise
        except Exception as error:
            if out_of_memory(error):  # which a smaller batch may cure
                raise
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ModelError(
                f"{self.name} failed on a batch {tuple(batch.shape)} of {_kind(batch)}: {reason}"
            ) from error
        self._check(output, batch)
        output = output.detach().float()
        self._check_grid(tuple(output.shape[2:]), tuple(batch.shape[2:]))
        if output.shape[2:] != batch.shape[2:]:
            mode = "bilinear" if self.spatial_dims == 2 else "trilinear"
            output = functional.interpolate(output, batch.shape[2:], mode=mode, align_corners=False)
        return output

    def _check(self, output: Any, batch: Tensor) -> None:
        """Say what a wrong output is, and what was expected."""
        axes = ", ".join("ZHW"[-self.spatial_dims :])
        wanted = (
            f"for a batch {tuple(batch.shape)}; expected ({len(batch)}, {len(self.targets)}, {axes}): one channel per "
            f"target ({', '.join(self.targets)})"
        )
        if not isinstance(output, Tensor):
            raise ModelError(f"{self.name} returned {_described(output)} {wanted}")
        if output.dim() != batch.dim() or output.shape[:2] != (len(batch), len(self.targets)):
            hint = ""
            if output.dim() == batch.dim() and output.shape[1] == len(self.targets) + 1:
                hint = "; leave out the background's channel, or name all in an attribute `targets` of the function"
            elif output.dim() == batch.dim() and len(output) != len(batch):
                hint = (
                    f"; {len(output)} image{'s' * (len(output) != 1)} for a batch of {len(batch)}: it must answer "
                    "each, or "
                    "be asked for one at a time with batch_size=1 (--batch-size 1)"
                )
            elif output.dim() == batch.dim():
                hint = "; an attribute `targets` of the function may name its channels"
            raise ModelError(f"{self.name} returned {tuple(output.shape)} {wanted}{hint}")
        if not output.is_floating_point():
            raise ModelError(
                f"{self.name} returned {_kind(output)}: labels, not probabilities; return what it has before "
                "its argmax or threshold"
            )
        if output.device != batch.device:
            raise ModelError(
                f"{self.name} returned a tensor on {output.device} for a batch on {batch.device}; return it on the "
                "batch's own device"
            )
        if not self._looked_at:
            if not torch.isfinite(output).all():
                raise ModelError(f"{self.name} returned NaN or infinite values for the first batch; check its input")
            self._looked_at = True

    def _check_grid(self, found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
        """Refuse maps that are not the image scaled: enlarged to it they would be another picture."""
        if not same_view(found, wanted):
            raise ModelError(
                f"{self.name} returned maps of {found} for an image {wanted}, whose rows and columns are not scaled "
                "alike; return (B, K, …) on the image's grid, channels first"
            )


def _names(images: Any, model: str) -> tuple[str, ...]:
    """The attribute `images` of a callable."""
    if isinstance(images, str) or not all(isinstance(name, str) for name in images):
        raise ModelError(f'{model} has the attribute images {images!r}; write their names, such as ("T1", "T2")')
    return tuple(images)


def _kind(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _described(output: Any) -> str:
    """What came instead of a tensor, and how to get at the tensor."""
    if isinstance(output, np.ndarray):
        return f"ndarray {output.shape} (wrap it in torch.from_numpy)"
    if isinstance(output, Mapping):
        keys = ", ".join(map(repr, output)) or "none"
        return f"{type(output).__name__} with the keys {keys} (return the one that holds the probabilities)"
    if isinstance(output, (tuple, list)):
        parts = ", ".join(str(tuple(p.shape)) if isinstance(p, Tensor) else type(p).__name__ for p in output)
        return f"{type(output).__name__} of {parts or 'nothing'} (return the one that holds the probabilities)"
    return type(output).__name__


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> Segmenter:
    """Import "package.module:name" or "FILE.py:name": a callable on batches, or a class that makes a `Segmenter`.

    Parameters
    ----------
    family : str
        "function".
    argument : str
        "package.module:name", or "FILE.py:name", which is run.
    device : torch.device
        Where the input of a callable is put.
    targets : tuple of str
        The structures of a callable's channels, unless it names them itself.

    Returns
    -------
    Segmenter

    Raises
    ------
    ModelError
        If the module or the name is not there, or what it names can't be called.
    """
    module_name, _, name = argument.rpartition(":")
    try:
        module = _from_file(Path(module_name)) if module_name.endswith(".py") else import_module(module_name)
        found = getattr(module, name)
    except XAICLIPError:
        raise
    except (AttributeError, ImportError, OSError, SyntaxError, ValueError) as error:
        raise ModelError(
            f"function:{argument} can't be imported ({' '.join(str(error).split())}); write "
            "function:package.module:name, or function:FILE.py:name"
        ) from error
    if isinstance(found, type):
        found = found()
    if isinstance(found, (Segmenter, Segments)):
        return adapted(found)
    if not callable(found):
        raise ModelError(f"function:{argument} is a {type(found).__name__}, not a callable on batches")
    return FunctionSegmenter(found, device, targets)


def _from_file(path: Path):
    """A Python file as a module of its own; it is the user's program, and runs."""
    spec = spec_from_file_location(path.stem, path.expanduser())
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
