"""The methods, one a file: their settings with the papers' defaults are plain data, no torch, shared by every face.

A file in this folder is found by itself; what it holds under `@explainer` is offered everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from XAICLIPLib.attribution.fieldtypes import short_repr
from XAICLIPLib.attribution.methods.base import METHODS, Method, Option, WorkGrid, explainer, options, setting
from XAICLIPLib.attribution.methods.features import OnFeatures, OnSuperpixels
from XAICLIPLib.attribution.methods.limits import UNITS, size_of

# in this order they are offered: the paper's before the others, then what else lies here
from XAICLIPLib.attribution.methods.occlusion import Occlusion, every  # isort: skip
from XAICLIPLib.attribution.methods.hierarchical import Hierarchical  # isort: skip
from XAICLIPLib.attribution.methods.rise import ESTIMATORS, Rise  # isort: skip
from XAICLIPLib.attribution.methods.lime import SMALLEST_WIDTH, Lime  # isort: skip
from XAICLIPLib.attribution.methods.kernelshap import KernelShap  # isort: skip
from XAICLIPLib.attribution.methods.hsic import Hsic  # isort: skip
from XAICLIPLib.errors import InputError, did_you_mean

__all__ = [
    "ESTIMATORS",
    "METHODS",
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
    "Option",
    "Rise",
    "WorkGrid",
    "as_method",
    "check_settings",
    "every",
    "explainer",
    "find_methods",
    "kind_of",
    "options",
    "setting",
    "size_of",
]


def find_methods(folders: Iterable[str] = __path__) -> None:
    """Import every file of this package, so that the methods in them are known.

    Parameters
    ----------
    folders : sequence of str
        Where its files lie.
    """
    for module in iter_modules(folders):
        import_module(f"{__name__}.{module.name}")


def kind_of(name: Any) -> type[Method]:
    """The class of a method by its name.

    Parameters
    ----------
    name : str
        In any case, with or without spaces round it.

    Returns
    -------
    type
        Of its settings.

    Raises
    ------
    InputError
        If there is no such method.
    """
    kind = METHODS.get(name.strip().lower()) if isinstance(name, str) else None
    if kind is None:
        raise InputError(
            f"there is no method {short_repr(name)}; choose one of {', '.join(METHODS)}"
            + did_you_mean(str(name), METHODS)
        )
    return kind


def as_method(given: Method | type[Method] | str | None, **settings: Any) -> Method:
    """A method as it is given.

    Parameters
    ----------
    given : Method, type, str or None
        Its settings, its class, or its name; None is `Occlusion`.
    **settings
        Of a class or a name, those that differ from its defaults.

    Returns
    -------
    Method

    Raises
    ------
    InputError
        If there is no such method, it has no such setting, or the settings are given twice.
    """
    if given is None or isinstance(given, str):
        kind = Occlusion if given is None else kind_of(given)
    elif isinstance(given, type) and issubclass(given, tuple(METHODS.values())):
        kind = given
    elif isinstance(given, type) or not isinstance(given, Method):
        raise InputError(
            f"method is {short_repr(given)}; give one of {', '.join(METHODS)}, or its settings, such as xai.Rise()"
        )
    elif settings:
        check_settings(type(given), settings)
        name, first = type(given).__name__, next(iter(settings))
        raise InputError(f"{first} is given beside the settings of {name}; give it among them: {name}({first}=…)")
    else:
        return given
    check_settings(kind, settings)
    return kind(**settings)


def check_settings(kind: type[Method], settings: Iterable[str]) -> None:
    """Refuse settings that a method does not have.

    Parameters
    ----------
    kind : type
        Of the method.
    settings : iterable of str
        Their names.

    Raises
    ------
    InputError
        If there are any; it says what may be meant.
    """
    known = sorted(field.name for field in fields(kind))
    unknown = sorted(set(settings) - set(known))
    if unknown:
        others = [other.name for other in METHODS.values() if unknown[0] in (field.name for field in fields(other))]
        hint = f" ({', '.join(others)} {'has' if len(others) == 1 else 'have'} it)" if others else ""
        hint = hint or did_you_mean(unknown[0], known)
        raise InputError(f"{kind.name} has no setting {', '.join(unknown)}{hint}; it has {', '.join(known)}")


find_methods()
