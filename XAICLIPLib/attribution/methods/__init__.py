"""The settings of the methods, with the papers' defaults: plain data, no torch, shared by every face."""

from __future__ import annotations

from XAICLIPLib.attribution.fieldtypes import nearest, shown
from XAICLIPLib.attribution.methods.features import (
    SMALLEST_WIDTH,
    Hsic,
    KernelShap,
    Lime,
    OnFeatures,
    OnSuperpixels,
)
from XAICLIPLib.attribution.methods.limits import (
    LARGEST,
    MOST_CELLS,
    MOST_PATCHES,
    MOST_SAMPLES,
    UNITS,
    size_of,
)
from XAICLIPLib.attribution.methods.occlusion import Hierarchical, Occlusion, every
from XAICLIPLib.attribution.methods.rise import ESTIMATORS, Rise
from XAICLIPLib.errors import InputError

__all__ = [
    "ESTIMATORS",
    "LARGEST",
    "METHODS",
    "MOST_CELLS",
    "MOST_PATCHES",
    "MOST_SAMPLES",
    "SMALLEST_WIDTH",
    "UNITS",
    "Hierarchical",
    "Hsic",
    "KernelShap",
    "Lime",
    "Method",
    "Occlusion",
    "OnFeatures",
    "OnSuperpixels",
    "Rise",
    "as_method",
    "every",
    "size_of",
]

Method = Occlusion | Hierarchical | Rise | Lime | KernelShap | Hsic
METHODS: dict[str, type[Method]] = {
    method.name: method for method in (Occlusion, Hierarchical, Rise, Lime, KernelShap, Hsic)
}


def as_method(given: Method | type[Method] | str | None) -> Method:
    """A method as it is given: its settings, its class, or its name; None is `Occlusion`.

    Raises
    ------
    InputError
        If there is no such method.
    """
    if given is None:
        return Occlusion()
    if isinstance(given, str):
        kind = METHODS.get(given.strip().lower())
        if kind is None:
            raise InputError(
                f"there is no method {given!r}; choose one of {', '.join(METHODS)}{nearest(given, METHODS)}"
            )
        return kind()
    if isinstance(given, type) and given in METHODS.values():
        return given()
    if type(given) in METHODS.values():
        return given
    raise InputError(f"method is {shown(given)}; give one of {', '.join(METHODS)}, or its settings, such as xai.Rise()")
