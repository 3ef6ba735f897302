"""WHAT: the contract of a model under explanation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from torch import Tensor


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


def same_view(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether maps of one size (*S') may show an image of another (*S): one factor, but for rounding, brings its rows
    and columns to theirs. A volume's slices may be fewer by another factor."""
    factors = [((n - 1) / size, (n + 1) / size) for n, size in zip(found[-2:], wanted[-2:])]
    return max(low for low, _ in factors) <= min(high for _, high in factors)


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
    trained_on : str, optional
        The only modality it was made for ("CT", "MR"), where that is known; empty where it is not.
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
