"""WHAT: the contract of a model under explanation, and how one is opened by a string."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import InputError, ModelError, ResourceError


class Grid(Protocol):
    """How a slice (H, W) and a model's work grid (h, w) belong together; `preprocess.Frame` is one.

    For a model of volumes the same holds with (Z, H, W) and (d, h, w).
    """

    @property
    def scale(self) -> tuple[float, ...]:
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
class Prompt:
    """What a promptable model is told about one structure in one slice, in slice pixels.

    Attributes
    ----------
    box : tuple of 4 floats, optional
        (x0, y0, x1, y1): the pixel edges of the box; its last column is x1 − 1.
    points : tuple of (x, y, inside)
        Pixel positions; `inside` is 1 for the structure and 0 for what is not.
    """

    box: tuple[float, float, float, float] | None = None
    points: tuple[tuple[float, float, int], ...] = ()


@dataclass(frozen=True)
class Context:
    """What a model may want to know about the scan a slice comes from.

    Attributes
    ----------
    modality : str
        "CT", "MR", …
    spacing : tuple of floats, one per dimension of the image
        Pixel edge along rows and columns, mm; slices, rows and columns for a volume.
    window : tuple of 2 floats
        1st and 99th percentile of the scan inside the body, in its own unit: the contrast of scans without a
        unit of their own.
    prompts : tuple of Prompt or None
        For a promptable model, one per structure that was asked about; None where it has no prompt in this slice.
    orientation : str
        Where the x, y and z axes of the scan's file lead, in DICOM's letters. Images come in LPS; a model that learned
        from files as they are stored has seen theirs.
    volume : ndarray, shape (Z, H, W), optional
        For an image that is a slice: the whole scan in LPS order, for models whose normalisation looks at all of it.
    index : int, optional
        The number of the slice in it.
    """

    modality: str = "CT"
    spacing: tuple[float, ...] = (1.0, 1.0)
    window: tuple[float, float] = (0.0, 1.0)
    prompts: tuple[Prompt | None, ...] = ()
    orientation: str = "LPS"
    volume: np.ndarray | None = None
    index: int | None = None


@dataclass(frozen=True, eq=False)
class Prepared:
    """One slice (or volume) as the model gets it.

    Attributes
    ----------
    image : Tensor, shape (C, h, w) or (C, d, h, w), float32
    grid : Grid
        Back to the slice.
    value : callable
        An intensity of the scan (HU on CT) as a value of `image`, for fills such as air or water.
    predict : callable, optional
        The model on perturbed copies of this very image, where it keeps something of it: its prompts, or what a
        perturbation elsewhere leaves as it is. Without it, the segmenter's own `predict`.
    notes : tuple of str
        What a reader must know about the way this image was prepared.
    """

    image: Tensor
    grid: Grid
    value: Callable[[float], float]
    predict: Callable[[Tensor], Tensor] | None = None
    notes: tuple[str, ...] = ()


@runtime_checkable
class Segmenter(Protocol):
    """A segmentation model under explanation.

    Attributes
    ----------
    name : str
        What it is called in reports.
    targets : tuple of str
        The K structures it segments, by name; for a promptable model those that it was opened for.
    spatial_dims : int
        2: slices, 3: whole volumes.
    promptable : bool, optional
        Whether it segments whatever its prompt points at. Its `prepare` then wants `Context.prompts`, one per target.
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


# name before the colon -> module in this package that opens it with open_model(family, argument, device, targets)
FAMILIES = {
    "bundled": "bundled",
    "medsam": "sam.vit",
    "sam": "sam.vit",
    "litemedsam": "sam.tinyvit",
    "mobilesam": "sam.tinyvit",
    "nnunet": "nnunet.segmenter",
    "monai": "monai.segmenter",
    "torchscript": "files.torchscript",
    "torchexport": "files.torchscript",
    "onnx": "files.onnx",
    "function": "function",
}


def open_segmenter(
    spec: str | Callable[[Tensor], Tensor] | Segmenter,
    device: str | torch.device = "auto",
    targets: tuple[str, ...] = (),
) -> Segmenter:
    """Open a model by one string.

    Parameters
    ----------
    spec : str, callable, or Segmenter
        "FAMILY:PATH" with one of `FAMILIES`; "bundled"; "function:package.module:name" or "function:FILE.py:name" (a
        callable, or a factory of a `Segmenter`); a path alone, which `detect` looks into; a callable
        ``(B, 1, H, W) tensor -> (B, K, H, W) probabilities`` on slices in the scan's own values; or a `Segmenter`.
    device : str or torch.device
    targets : tuple of str
        The structures of a callable's K channels, in order; not needed where the model names its own.

    Raises
    ------
    InputError
        If there is no such family, and no such path.
    ModelError
        If what the string names is no model.
    WeightsError
        If its file is missing, damaged, or refused.
    ResourceError
        If the device is not there, or the model does not fit in memory.
    """
    device = device if isinstance(device, torch.device) else choose_device(device)
    if isinstance(spec, str):
        spec, reason = (spec, "") if spec.partition(":")[0] in FAMILIES else _recognised(spec)
        family, _, argument = spec.partition(":")
        module = import_module(f"XAICLIPLib.models.{FAMILIES[family]}")
        opened = module.open_model(family, argument, device, targets)
        if reason:
            opened.provenance["recognised"] = f"{family}: {reason}"
        return opened
    if isinstance(spec, Segmenter):
        return spec
    if not callable(spec):
        raise ModelError(f"a model is a string, a callable or a Segmenter, not {type(spec).__name__}")
    from XAICLIPLib.models.function import FunctionSegmenter

    return FunctionSegmenter(spec, device, targets)


def _is_path(spec: str) -> bool:
    try:
        return bool(spec.strip()) and Path(spec).expanduser().exists()
    except (OSError, RuntimeError, ValueError):  # longer than a path may be, an unknown home, a zero character
        return False


def _recognised(spec: str) -> tuple[str, str]:
    """The string of a path without a family, and how it is known."""
    if _is_path(spec):
        from XAICLIPLib.models.detect import recognise

        found = recognise(spec)
        return found.spec, found.reason
    family = spec.partition(":")[0]
    near = get_close_matches(family.lower(), FAMILIES, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    if len(Path(spec).parts) > 1 or Path(spec).suffix:
        raise InputError(f"there is no model {spec!r}: no such file or folder here, and no family of that name{hint}")
    raise InputError(f"there is no model {spec!r}; give one of {', '.join(FAMILIES)} (see `xaiclip models`){hint}")
