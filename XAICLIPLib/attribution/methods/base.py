"""What an explainer is: settings that know how many runs of the model they take, and how they become a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, runtime_checkable

import numpy as np

from XAICLIPLib.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor
    from typing_extensions import Self

    from XAICLIPLib.attribution.monitor import Show
    from XAICLIPLib.attribution.perturbations import Box
    from XAICLIPLib.attribution.result import Attribution
    from XAICLIPLib.attribution.scorer import Scorer

METHODS: dict[str, type[Method]] = {}
Fill = str | float | np.ndarray | tuple[str | float, ...]  # a tuple has one for each image; see `fill.make_fill`
Kind = TypeVar("Kind", bound="type[Method]")


@dataclass(frozen=True)
class WorkGrid:
    """The grid of the image that a model gets, and how long the units of a setting are on it.

    Attributes
    ----------
    shape : tuple of int
        Pixels along each dimension of the image (*S).
    factors : mapping of str to tuple of float
        Pixels of the grid per "pixel" of the scan, per "px512" (a pixel of an image 512 wide) and per "mm", along each
        dimension. An array that shows no body of known size has no "mm".
    """

    shape: tuple[int, ...]
    factors: Mapping[str, tuple[float, ...]]

    @classmethod
    def of_array(cls, shape: tuple[int, ...]) -> WorkGrid:
        """That of an image of which nothing but its pixels is known.

        Parameters
        ----------
        shape : tuple of int
            Pixels along each dimension.

        Returns
        -------
        WorkGrid
            "px512" refers to the longest dimension.
        """
        dimensions = len(shape)
        return cls(shape, {"pixel": (1.0,) * dimensions, "px512": (max(shape) / 512,) * dimensions})

    def per(self, unit: str) -> tuple[float, ...]:
        """Pixels of the grid per unit, along each dimension.

        Parameters
        ----------
        unit : str
            "pixel", "px512" or "mm".

        Returns
        -------
        tuple of float

        Raises
        ------
        InputError
            If that is not known here.
        """
        if unit not in self.factors:
            raise InputError("an array has no spacing: give patch and stride in pixels (unit='pixel')")
        return self.factors[unit]


@runtime_checkable
class Method(Protocol):
    """The settings of one way to explain, as a frozen dataclass of plain values; also the way itself.

    A new one is a file in this folder with such a class under `@explainer`, which inherits from this one and says
    `plan` and `explain`; the rest has defaults. It is then offered by every face under its name.

    Attributes
    ----------
    name : str
        What it is called in requests, results and on the command line.
    title : str
        What it is called in sentences; the name where it is empty.
    copies : str
        What its perturbed copies are called: "patches", "masks", "samples".
    drawn : str, optional
        The setting that says how many copies are drawn at random, whatever the region; None where the region decides.
    sizes : tuple of str
        Settings that count in the setting `unit`, and can be written with it, such as "40mm".
    is_random : bool
        Whether another seed gives another map.
    fill : str, float, array, or tuple of str and float
        See `make_fill`.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]  # what makes it a dataclass to type checkers
    name: ClassVar[str]
    title: ClassVar[str] = ""
    copies: ClassVar[str] = "evaluations"
    drawn: ClassVar[str | None] = None
    sizes: ClassVar[tuple[str, ...]] = ()
    is_random: ClassVar[bool] = True

    fill: Fill

    @classmethod
    def has_unit(cls) -> bool:
        """Whether it has a setting `unit`, in which its sizes count."""
        return "unit" in cls.__dataclass_fields__

    def cautions(self) -> tuple[str, ...]:
        """What a reader must be warned of in these settings, whatever the image: nothing."""
        return ()

    def for_scan(self) -> Self:
        """The same settings where they explain a scan, whose pixels have a size: what is left open gets its unit."""
        return self

    def on_grid(self, grid: WorkGrid) -> Self:
        """The same settings in pixels of the image that the model gets.

        Parameters
        ----------
        grid : WorkGrid

        Returns
        -------
        Method
            Of the same class; itself where nothing in it has a unit.

        Raises
        ------
        InputError
            If the settings can't be meant for such an image.
        """
        return self

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations it takes at most.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)
            On the model's grid.

        Returns
        -------
        needed, full : int
            In the region, and if the whole image were the region.
        """
        ...

    def rounds(self, region: np.ndarray) -> list[list[Box]] | None:
        """Which boxes of the image its evaluations change, for a model that pays by the size of a change.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)
            On the model's grid.

        Returns
        -------
        list of lists of Box, or None
            Round by round: within one the order of the evaluations is free. Of those that it may choose from, where it
            does not evaluate all. None where an evaluation may change all of the region.
        """
        return None

    def explain(self, scorer: Scorer, region: Tensor, seed: int = 0, show: Show | None = None) -> Attribution:
        """Perturb the scorer's image inside the region, and make a map of what its scores say to that.

        Parameters
        ----------
        scorer : Scorer
            Runs the model; the only way to do so.
        region : Tensor, shape (*S), bool
            Not empty; nothing outside it may be perturbed.
        seed : int
            Of everything that is drawn.
        show : callable, optional
            To be offered the map while it is made, see `Monitor`.

        Returns
        -------
        Attribution
        """
        ...

    def share_of_features(self, image: Tensor, region: np.ndarray) -> float:
        """How much fewer samples a region needs for the same detail.

        Parameters
        ----------
        image : Tensor, shape (C, *S)
            The prepared image.
        region : ndarray of bool, shape (*S)

        Returns
        -------
        float
            Of the things that a sampling method tells apart in the image (cells, superpixels), the share that it still
            has to in the region. 1 for a method whose evaluations follow the region anyway.
        """
        return 1.0


class Explained(Method, Protocol):
    """A method whose algorithm is a function of this room, imported when it is first used: settings are plain data.

    Attributes
    ----------
    algorithm : str
        "module:function" in `XAICLIPLib.attribution`; the function takes (scorer, region, settings, seed, show).
    """

    algorithm: ClassVar[str]

    def explain(self, scorer: Scorer, region: Tensor, seed: int = 0, show: Show | None = None) -> Attribution:
        """See `Method.explain`.

        Parameters
        ----------
        scorer : Scorer
        region : Tensor, shape (*S), bool
        seed : int
        show : callable, optional

        Returns
        -------
        Attribution
        """
        return algorithm(self.algorithm)(scorer, region, self, seed, show)


def algorithm(name: str) -> Callable[..., Any]:
    """A function of this room, imported now: what computes knows the settings, and not the other way round.

    Parameters
    ----------
    name : str
        "module:function" in `XAICLIPLib.attribution`.

    Returns
    -------
    callable
    """
    module, _, function = name.partition(":")
    return getattr(import_module(f"XAICLIPLib.attribution.{module}"), function)


def explainer(kind: Kind) -> Kind:
    """Make a class of settings known under its name (a decorator), above `@dataclass(frozen=True)`.

    Parameters
    ----------
    kind : type
        A frozen dataclass that is a `Method`.

    Returns
    -------
    type
        The same.

    Raises
    ------
    TypeError
        If it lacks what a method needs, or another one has its name.
    """
    missing = [part for part in ("name", "fill", "plan", "explain") if not hasattr(kind, part)]
    if missing:
        raise TypeError(f"{kind.__name__} is no method: it has no {', '.join(missing)}")
    if METHODS.setdefault(kind.name, kind) is not kind:
        raise TypeError(f"{kind.__name__} and {METHODS[kind.name].__name__} both have the name {kind.name!r}")
    return kind


def setting(
    default: Any, about: str, metavar: str | None = None, kind: type = str, choices: tuple[str, ...] | None = None
) -> Any:
    """A field that every face offers, with what it says about it.

    Parameters
    ----------
    default : value
    about : str
        A few words, in lower case; the default is added where they don't name it.
    metavar : str, optional
        What stands for its value in a help text: "N", "SHARE".
    kind : type
        What text is made into: int, float or str.
    choices : tuple of str, optional
        The only values.

    Returns
    -------
    dataclasses.Field
    """
    return field(default=default, metadata={"about": about, "metavar": metavar, "kind": kind, "choices": choices})


@dataclass(frozen=True)
class Option:
    """A setting as a face offers it: its name, what it is made of, and what each method says about it.

    Attributes
    ----------
    name : str
    metavar : str, optional
    kind : type
    choices : tuple of str, optional
    about : str
        "RISE: number of masks (default: 2000)".
    """

    name: str
    metavar: str | None
    kind: type
    choices: tuple[str, ...] | None
    about: str


def options() -> list[Option]:
    """The settings of all methods that are offered, each name once, in the order of the methods.

    Returns
    -------
    list of Option
    """
    said: dict[str, dict[str, list[str]]] = {}
    how: dict[str, Mapping[str, Any]] = {}
    for method in METHODS.values():
        for part in method.__dataclass_fields__.values():
            if "about" in part.metadata:
                about, default = part.metadata["about"], part.default
                if default not in (None, MISSING) and part.name not in method.sizes and "default" not in about:
                    about = f"{about} (default: {default})"
                said.setdefault(part.name, {}).setdefault(about, []).append(method.title or method.name)
                how.setdefault(part.name, part.metadata)
    told = {
        name: "; ".join(f"{', '.join(who)}: {about}" for about, who in parts.items()) for name, parts in said.items()
    }
    return [Option(name, m["metavar"], m["kind"], m["choices"], told[name]) for name, m in how.items()]
