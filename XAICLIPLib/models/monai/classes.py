"""From the classes that a config names to MONAI's own objects: looked up by name, and made with plain arguments."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.monai.config import INSTEAD, UNREAD, Component, Config


def class_name(component: Component, package: str) -> str:
    """The class's own name.

    Parameters
    ----------
    component : Component
    package : str
        MONAI's package of that kind, into which a full path must lead.

    Returns
    -------
    str
        The whole path where it leads elsewhere.
    """
    path, _, name = component.target.rpartition(".")
    return name if not path or f"{path}.".startswith(f"{package}.") else component.target


def refused(config: Config, component: Component, kind: str, known: tuple[str, ...]) -> ModelError:
    """What to say of a class that is none of those that are taken from a config.

    Parameters
    ----------
    config : Config
    component : Component
    kind : str
        Such as "networks".
    known : tuple of str
        Those that are taken.

    Returns
    -------
    ModelError
    """
    return ModelError(
        f"{config.name}: {component.where} wants {component.target!r}, which is none of the {kind} that XAICLIP "
        f"takes from a bundle ({', '.join(known)}); {INSTEAD}"
    )


def checked(config: Config, component: Component) -> Component:
    """A component of a config that was read around its code, if none of its arguments is code.

    Parameters
    ----------
    config : Config
    component : Component

    Returns
    -------
    Component
        The same one.

    Raises
    ------
    ModelError
        If one of its arguments is Python code.
    """
    if _holds_code(component.arguments):
        config.get(component.where)  # which tells what can't be read
    return component


def _holds_code(value: Any) -> bool:
    if isinstance(value, (list, dict)):
        return any(map(_holds_code, value.values() if isinstance(value, dict) else value))
    return value is UNREAD


def made(config: Config, component: Component, kind: Callable, arguments: dict[str, Any]) -> Any:
    """An object of a class.

    Parameters
    ----------
    config : Config
    component : Component
        That names it, for messages.
    kind : callable
        MONAI's class, or a function that makes a network.
    arguments : dict

    Returns
    -------
    any

    Raises
    ------
    ModelError
        If the arguments do not fit it.
    """
    try:
        # what MONAI will change is nothing to its user here, and what a network prints would be read as a result
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore", FutureWarning)
            return kind(**arguments)
    except Exception as error:  # whatever a class says of arguments that do not fit it
        raise ModelError(
            f"{config.name}: {component.where} ({component.target}) can't be made with its arguments: "
            f"{' '.join(str(error).split()) or type(error).__name__}"
        ) from error
