"""WHAT: the contract of a model under explanation, and how one is opened by a string."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import InputError, ModelError, ResourceError


class Grid(Protocol):
    """How a slice (H, W) and a model's work grid (h, w) belong together; `preprocess.Frame` is one."""

    @property
    def scale(self) -> tuple[float, float]:
        """Work pixels per slice pixel, along rows and columns."""

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A boolean slice (H, W) on the work grid (h, w)."""

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps (..., h, w) on the slice (..., H, W)."""


@dataclass(frozen=True)
class SliceGrid:
    """The work grid that is the slice itself."""

    scale: tuple[float, float] = (1.0, 1.0)

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        return mask

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        return maps


@dataclass(frozen=True)
class Context:
    """What a model may want to know about the scan a slice comes from.

    Attributes
    ----------
    modality : str
        "CT", "MR", …
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.
    window : tuple of 2 floats
        1st and 99th percentile of the scan inside the body, in its own unit: the contrast of scans without a
        unit of their own.
    """

    modality: str = "CT"
    spacing: tuple[float, float] = (1.0, 1.0)
    window: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Prepared:
    """One slice as the model gets it.

    Attributes
    ----------
    image : Tensor, shape (C, h, w), float32
    grid : Grid
        Back to the slice.
    value : callable
        An intensity of the scan (HU on CT) as a value of `image`, for fills such as air or water.
    """

    image: Tensor
    grid: Grid
    value: Callable[[float], float]


@runtime_checkable
class Segmenter(Protocol):
    """A segmentation model under explanation.

    Attributes
    ----------
    name : str
        What it is called in reports.
    targets : tuple of str
        The K structures it segments, by anatomy name.
    spatial_dims : int
        2: slices, 3: whole volumes.
    provenance : dict
        What the report says about it: file, SHA-256, precision, ….
    """

    name: str
    targets: tuple[str, ...]
    spatial_dims: int
    provenance: dict

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """Once per slice: the model's own window, normalisation and resizing of a slice (H, W)."""

    def predict(self, batch: Tensor) -> Tensor:
        """Prepared, perturbed images (B, C, h, w) -> probabilities (B, K, h', w') in [0, 1]."""


def available_devices() -> list[str]:
    """What can be computed on here, the best first: CUDA, then Apple's MPS, then the CPU."""
    found = [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    found += ["mps"] if torch.backends.mps.is_available() else []
    return [*found, "cpu"]


def choose_device(name: str = "auto") -> torch.device:
    """The device of that name; "auto" is CUDA, then Apple's MPS, then the CPU.

    Raises
    ------
    ResourceError
        If there is no such device here.
    """
    available = available_devices()
    if name == "auto":
        return torch.device(available[0])
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in available:
        raise ResourceError(f"there is no device {name!r} here; choose auto or {', '.join(available)}")
    return torch.device(wanted)


# name before the colon -> module in this package that opens it with open_model(argument, device, targets)
FAMILIES = {"bundled": "bundled", "function": "function"}


def open_segmenter(
    spec: str | Callable[[Tensor], Tensor] | Segmenter,
    device: str | torch.device = "auto",
    targets: tuple[str, ...] = (),
) -> Segmenter:
    """Open a model by one string.

    Parameters
    ----------
    spec : str, callable, or Segmenter
        "bundled", "function:package.module:name" (a callable, or a factory of a `Segmenter`), a callable
        ``(B, 1, H, W) tensor -> (B, K, H, W) probabilities`` on slices in the scan's own values, or a `Segmenter`.
    device : str or torch.device
    targets : tuple of str
        The structures of a callable's K channels, in order; not needed otherwise.

    Raises
    ------
    InputError
        If there is no such family.
    ModelError
        If what the string names is no model.
    ResourceError
        If the device is not there.
    """
    device = device if isinstance(device, torch.device) else choose_device(device)
    if isinstance(spec, str):
        family, _, argument = spec.partition(":")
        if family not in FAMILIES:
            raise InputError(f"there is no model {spec!r}; give one of {', '.join(FAMILIES)} (see `xaiclip models`)")
        module = import_module(f"XAICLIPLib.models.{FAMILIES[family]}")
        return module.open_model(argument, device, targets)
    if isinstance(spec, Segmenter):
        return spec
    if not callable(spec):
        raise ModelError(f"a model is a string, a callable or a Segmenter, not {type(spec).__name__}")
    from XAICLIPLib.models.function import FunctionSegmenter

    return FunctionSegmenter(spec, device, targets)
