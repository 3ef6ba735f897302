"""WHAT: the contract of a model under explanation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib.errors import ModelError

Box = tuple[tuple[int, int], ...]  # start and stop along each dimension of an image


class Grid(Protocol):
    """How a slice (H, W) and a model's work grid (h, w) belong together; `preprocess.Frame` is one.

    For a model of volumes the same holds with (Z, H, W) and (d, h, w).
    """

    @property
    def scale(self) -> tuple[float, ...]:
        """Work pixels per slice pixel, along rows and columns."""

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the work grid.

        Parameters
        ----------
        mask : ndarray of bool, shape (H, W)

        Returns
        -------
        ndarray of bool, shape (h, w)
            True where at least half of the pixel is.
        """

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps on the slice.

        Parameters
        ----------
        maps : ndarray, shape (..., h, w)
        outside : float
            The value of what the work grid does not cover.

        Returns
        -------
        ndarray of float32, shape (..., H, W)
        """


@dataclass(frozen=True)
class SliceGrid:
    """The work grid that is the slice itself."""

    scale: tuple[float, float] = (1.0, 1.0)

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """See `Grid.mask_to_work`; the mask itself."""
        return mask

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """See `Grid.to_slice`; the maps themselves."""
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
    volume : ndarray, shape (Z, H, W), or (C, Z, H, W) for a model of C images, optional
        For an image that is a slice: the whole scan in LPS order, for models whose normalisation looks at all of it.
    index : int, optional
        The number of the slice in it.
    targets : tuple of int, optional
        The numbers of the targets that will be asked for, for models that need not prepare what others need; None
        where that is not known.
    """

    modality: str = "CT"
    spacing: tuple[float, ...] = (1.0, 1.0)
    window: tuple[float, float] = (0.0, 1.0)
    prompts: tuple[Prompt | None, ...] = ()
    orientation: str = "LPS"
    volume: np.ndarray | None = None
    index: int | None = None
    targets: tuple[int, ...] | None = None


class Tiling(Protocol):
    """How a model that sees its image tile by tile pays for a change in it."""

    @property
    def count(self) -> int:
        """How many tiles the image has."""

    def touched(self, box: Box) -> tuple[int, ...]:
        """The tiles that are run again where a box of the image changes.

        Parameters
        ----------
        box : tuple of (start, stop)
            Along each dimension of the prepared image.

        Returns
        -------
        tuple of int
            Their numbers, ascending.
        """

    def seconds_each(self) -> float:
        """Run the network on a tile of the unperturbed image, by itself.

        Returns
        -------
        float
            Seconds for one tile; of several networks the mean over their tiles.
        """

    def runs(self, changes: Sequence[tuple[int, ...]]) -> int:
        """How many tiles are run for copies that change these, one after the other; those that have to be run again
        for want of memory are among them.

        Parameters
        ----------
        changes : sequence of tuples of int
            Per copy, as `touched` gives them.

        Returns
        -------
        int
        """


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
    values : tuple of callable
        Where the C channels are C images, or one as C networks normalise it: the same of each; empty where `value` is
        that of all channels.
    predict : callable, optional
        The model on perturbed copies of this very image, where it keeps something of it: its prompts, or what a
        perturbation elsewhere leaves as it is. Takes what the segmenter's own `predict` takes, which is asked where
        there is none.
    notes : tuple of str
        What a reader must know about the way this image was prepared.
    tiling : Tiling, optional
        Of a model that runs those tiles alone in which a copy differs; copies are then best asked for in an order in
        which those that touch the same tiles follow each other.
    to_masks : callable, optional
        Of a program that brings its labels back to the scan in a way of its own: probabilities (..., *S) to masks on
        the slice. See `masks`.
    """

    image: Tensor
    grid: Grid
    value: Callable[[float], float]
    predict: Callable[..., Tensor] | None = None
    notes: tuple[str, ...] = ()
    tiling: Tiling | None = None
    values: tuple[Callable[[float], float], ...] = ()
    to_masks: Callable[[np.ndarray], np.ndarray] | None = None

    def masks(self, probabilities: np.ndarray) -> np.ndarray:
        """What the model draws, on the slice.

        Parameters
        ----------
        probabilities : ndarray, shape (..., h, w) or (..., d, h, w)
            On the work grid.

        Returns
        -------
        ndarray of bool, shape (..., H, W) or (..., Z, H, W)
            As the model's own program brings it back, else where the interpolated probability is above a half.
        """
        return self.grid.to_slice(probabilities) > 0.5 if self.to_masks is None else self.to_masks(probabilities)


def same_view(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether maps of one size may show an image of another: one factor, but for rounding, brings its rows and columns
    to theirs. A volume's slices may be fewer by another factor.

    Parameters
    ----------
    found : tuple of ints
        Edges *S' of the maps, rows and columns last.
    wanted : tuple of ints
        Edges *S of the image, in the same order.

    Returns
    -------
    bool
    """
    factors = [((n - 1) / size, (n + 1) / size) for n, size in zip(found[-2:], wanted[-2:])]
    return max(low for low, _ in factors) <= min(high for _, high in factors)


@runtime_checkable
class Segments(Protocol):
    """What a class of one's own must have to be explained; `load.open_segmenter` adds the abilities of `Segmenter`.

    Attributes
    ----------
    name : str
        What it is called in reports.
    targets : tuple of str
        The K structures it segments, by name; for a promptable model those that it was opened for.
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
        """The model's own window, normalisation and resizing, once per slice or volume.

        Parameters
        ----------
        image : ndarray, shape (H, W) or (Z, H, W)
            In the scan's own values (HU on CT), in LPS order; for a model of several `images` with those first,
            (C, H, W) or (C, Z, H, W), on one grid.
        context : Context

        Returns
        -------
        Prepared
        """

    def predict(self, batch: Tensor) -> Tensor:
        """Segment prepared, perturbed images.

        Parameters
        ----------
        batch : Tensor, shape (B, C, *S), float32

        Returns
        -------
        Tensor, shape (B, K, *S')
            Probabilities in [0, 1].
        """


class Segmenter:
    """A segmentation model under explanation, with what it can do beside segmenting; inherit it and say what holds.

    Attributes
    ----------
    name, targets, provenance
        As in `Segments`.
    spatial_dims : int
        2: slices, 3: whole volumes.
    images : tuple of str
        What it takes of one patient: the names of registered images, in the order of its input channels. One for a
        model of single scans, whatever it makes of that; none for one that takes as many as it is given.
    promptable : bool
        Whether it segments whatever its prompt points at. Its `prepare` then wants `Context.prompts`, one per target.
    named_by_request : bool
        Whether its targets are called what the request calls them, since it has no names of its own.
    trained_on : str
        The only modality it was made for ("CT", "MR"), where that is known; empty where it is not.
    can_be_oriented : bool
        Whether `oriented` gives the same model for images that lie otherwise.
    selects_targets : bool
        Whether `predict`, its own and that of what it prepares, takes the numbers of the targets that are asked for as
        a second argument, and pays for no others. Without it all are computed and chosen among.
    sees_all : callable, optional
        Of a model that gets the whole volume at once: its network, or the callable round it. None where that is not
        seen, or where it works in tiles.
    network : torch.nn.Module, optional
        The network whose weights can be exchanged, see `with_network`; None for a black box.
    """

    name: str
    targets: tuple[str, ...]
    provenance: dict
    spatial_dims: int = 2
    images: tuple[str, ...] = ("image",)
    promptable: bool = False
    named_by_request: bool = False
    trained_on: str = ""
    can_be_oriented: bool = False
    selects_targets: bool = False
    sees_all: Callable | None = None

    @property
    def network(self) -> nn.Module | None:
        """The network whose weights can be exchanged; None for a black box."""
        return None

    def with_network(self, network: nn.Module) -> Segmenter:
        """The same model with another network in place of its own.

        Parameters
        ----------
        network : torch.nn.Module
            Of the same architecture.

        Returns
        -------
        Segmenter
            A copy; this one stays as it is.

        Raises
        ------
        ModelError
            If it is a black box.
        """
        raise ModelError(f"{self.name} does not show its network; its weights can't be exchanged")

    def oriented(self, orientation: str, axes: str) -> Segmenter:
        """The same model for images that lie otherwise.

        Parameters
        ----------
        orientation : str
            Where the x, y and z axes of its images lead, such as "RAS".
        axes : str
            In which order the axes of its arrays come, such as "xyz".

        Returns
        -------
        Segmenter

        Raises
        ------
        ModelError
            If it says itself how its images lie.
        """
        raise ModelError(f"{self.name} says itself how its images lie")

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """See `Segments.prepare`."""
        raise NotImplementedError

    def predict(self, batch: Tensor) -> Tensor:
        """See `Segments.predict`."""
        raise NotImplementedError


class NetworkSegmenter(Segmenter):
    """A segmenter that runs a torch network, which it keeps as `_network`."""

    _network: nn.Module

    @property
    def network(self) -> nn.Module | None:
        """The network it runs; None where that is a TorchScript, whose weights belong to its file."""
        return shown_network(self._network)

    def with_network(self, network: nn.Module) -> Segmenter:
        """See `Segmenter.with_network`."""
        other = copy(self)
        other._network = network
        other.provenance = dict(self.provenance)
        return other


def shown_network(network: Any) -> nn.Module | None:
    """A network whose weights can be exchanged.

    Parameters
    ----------
    network : object

    Returns
    -------
    torch.nn.Module or None
        None for what is no network of torch, and for a TorchScript, whose weights belong to its file.
    """
    is_open = isinstance(network, nn.Module) and not isinstance(network, torch.jit.ScriptModule)
    return network if is_open else None


class AdaptedSegmenter(Segmenter):
    """A user's own segmenter with the abilities of `Segmenter`: those it has, and the defaults for the others.

    Parameters
    ----------
    inner : Segments
    """

    _OPTIONAL = ("images", "promptable", "named_by_request", "trained_on", "selects_targets", "sees_all")

    def __init__(self, inner: Segments) -> None:
        self._inner = inner
        self.name, self.targets, self.provenance = inner.name, tuple(inner.targets), inner.provenance
        self.spatial_dims = inner.spatial_dims
        for ability in self._OPTIONAL:
            setattr(self, ability, getattr(inner, ability, getattr(self, ability)))
        self.can_be_oriented = hasattr(inner, "oriented")
        # its own methods, so that whoever looks for the networks behind them finds the user's
        self.prepare, self.predict = inner.prepare, inner.predict  # type: ignore[method-assign]

    @property
    def _place(self) -> str | None:
        """The attribute in which the user's class keeps its network."""
        return next((n for n in ("network", "_network") if shown_network(getattr(self._inner, n, None))), None)

    @property
    def network(self) -> nn.Module | None:
        """What the user's class keeps as `network` or `_network`, if that is a network of torch; else None."""
        return getattr(self._inner, self._place) if self._place else None

    def with_network(self, network: nn.Module) -> Segmenter:
        """See `Segmenter.with_network`."""
        if self._place is None:
            return super().with_network(network)
        inner = copy(self._inner)
        setattr(inner, self._place, network)
        inner.provenance = dict(inner.provenance)
        return AdaptedSegmenter(inner)

    def oriented(self, orientation: str, axes: str) -> Segmenter:
        """See `Segmenter.oriented`."""
        if not self.can_be_oriented:
            return super().oriented(orientation, axes)
        return adapted(self._inner.oriented(orientation, axes))  # type: ignore[attr-defined]


def adapted(segmenter: Segments | Segmenter) -> Segmenter:
    """A segmenter with every ability declared.

    Parameters
    ----------
    segmenter : Segments or Segmenter

    Returns
    -------
    Segmenter
        Itself, or round a user's own.
    """
    return segmenter if isinstance(segmenter, Segmenter) else AdaptedSegmenter(segmenter)
