"""Fields of a dataclass and arguments held against their annotations, so that what is given is of the type it must be.

Numbers of NumPy, whole numbers written as 2.0, lists for tuples and paths for text become what the annotation says;
anything else is refused in words. No number is NaN or infinite.
"""

from __future__ import annotations

import math
import os
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache, wraps
from numbers import Integral, Real
from typing import Any

import numpy as np

from XAICLIPLib.errors import InputError

_WORDS = {
    int: "a whole number",
    float: "a finite number",
    str: "text",
    bool: "true or false",
    type(None): "nothing (null, None)",
    np.ndarray: "an array",
    dict: "an object with names and values",
}


class _Unfit(Exception):
    """A value is not of a type."""


def check_fields(record: Any, names: Mapping[str, str] | None = None) -> None:
    """Bring the fields of a dataclass, also of a frozen one, to their types.

    Parameters
    ----------
    record : dataclass
    names : mapping of str to str, optional
        What fields are called in errors, where that is not their name.

    Raises
    ------
    InputError
        If a value is of another type, or a number that is not finite.
    """
    kind: type = type(record)
    for name, hint in _hints(kind).items():
        value = getattr(record, name)
        fitted = fit(value, hint, names.get(name, name) if names else name)
        if fitted is not value:
            object.__setattr__(record, name, fitted)


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def typed(method: Callable) -> Callable:
    """A function that brings what it is given by name to the types of its annotations, or raises `InputError`.

    Parameters
    ----------
    method : callable
        With an annotation for every argument.

    Returns
    -------
    callable
    """
    hints = typing.get_type_hints(method)

    @wraps(method)
    def held(*given: Any, **named: Any) -> Any:
        return method(*given, **{name: fit(value, hints[name], name) for name, value in named.items()})

    return held


def fit(value: Any, hint: Any, name: str) -> Any:
    """A value as an annotation wants it.

    Parameters
    ----------
    value : object
    hint : type, or a union of types
        The annotation: int, float, str, bool, None, ndarray, dict, a class, or a tuple of one of them.
    name : str
        What the value is called in the error.

    Returns
    -------
    object
        The value itself where it is of that type; else a number of NumPy as Python's, 2.0 as 2, a list as a tuple, a
        path as text.

    Raises
    ------
    InputError
        If it is not of that type.
    """
    options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    try:
        return _fit_any(value, options)
    except _Unfit:
        pass
    raise InputError(f"{name} is {short_repr(value)}; it must be {' or '.join(dict.fromkeys(map(_words, options)))}")


def _fit_any(value: Any, options: Sequence[Any]) -> Any:
    one_or_several = sum(option is not type(None) for option in options) > 1
    for option in options:
        try:
            fitted = _fit(value, option)
        except _Unfit:
            continue
        if one_or_several and isinstance(fitted, tuple) and not fitted:  # neither one nor several
            continue
        return fitted
    raise _Unfit


def _fit(value: Any, option: Any) -> Any:
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if typing.get_origin(option) is tuple:
        return _fit_tuple(value, typing.get_args(option)[0])
    if typing.get_origin(option) in (typing.Union, types.UnionType):
        return _fit_any(value, typing.get_args(option))
    if option is bool:
        fits = isinstance(value, bool)
    elif option is int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        fits = isinstance(value, Integral) and not isinstance(value, bool)
    elif option is float:
        fits = isinstance(value, Real) and not isinstance(value, bool) and _is_finite(value)
    elif option is str:
        value = os.fspath(value) if isinstance(value, os.PathLike) else value
        fits = isinstance(value, str) and "\0" not in value and _is_written(value)
    elif option is np.ndarray:  # or a tensor
        fits = hasattr(value, "__array__") and bool(getattr(value, "shape", ()))
    else:
        fits = isinstance(value, option)
    if not fits:
        raise _Unfit
    return value


def _fit_tuple(value: Any, option: Any) -> tuple:
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, dict)) or getattr(value, "ndim", 1) != 1:
        raise _Unfit
    fitted = tuple(_fit(v, option) for v in value)
    if isinstance(value, tuple) and all(a is b for a, b in zip(fitted, value)):
        return value
    return fitted


def _is_finite(value: Real) -> bool:
    try:
        return math.isfinite(value) and abs(float(value)) <= 3.4e38  # what single precision holds
    except OverflowError:
        return False


def _is_written(value: str) -> bool:
    """Whether the system can write a text: one that has half of a surrogate pair names no file and fits no report."""
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


def _words(option: Any) -> str:
    if typing.get_origin(option) is tuple:
        return f"several of {_words(typing.get_args(option)[0])}"
    if typing.get_origin(option) in (typing.Union, types.UnionType):
        return " or ".join(map(_words, typing.get_args(option)))
    return _WORDS.get(option) or f"{option.__name__}"


def short_repr(value: Any) -> str:
    """A value as an error shows it: in one short line, arrays by their kind.

    Parameters
    ----------
    value : object

    Returns
    -------
    str
    """
    if hasattr(value, "__array__") and getattr(value, "shape", None):
        return f"an array of shape {tuple(value.shape)}"
    if value is None:
        return "nothing (None)"
    if isinstance(value, Real) or (isinstance(value, str) and len(value) < 80):
        return repr(value)
    if isinstance(value, (str, bytes, list, tuple, dict)):
        text = " ".join(repr(value).split())
        return f"{text if len(text) < 80 else text[:77] + '…'} ({type(value).__name__})"
    return f"of type {type(value).__name__}"
