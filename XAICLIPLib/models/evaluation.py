"""Networks behind a callable, brought into evaluation mode while they are asked.

Dropout that is active gives another answer each time, and a batch normalisation in training mode mixes the copies of
one batch: a map of such a network is one of noise.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.dropout import _DropoutNd

from XAICLIPLib.message import Message

DEPTH = 3  # of functions that call functions
# of torch's own layers, those that do something else in training mode
_DIFFER = (_DropoutNd, _NormBase, nn.RNNBase, nn.RReLU, nn.MultiheadAttention, nn.TransformerEncoderLayer)
NOTE = Message(
    "the model was in training mode (dropout, batch normalisation): it was put into evaluation mode for this "
    "run; call model.eval() to have it so everywhere"
)


def networks_of(function: Any) -> list[nn.Module]:
    """The networks that a callable is, or is bound to, closes over or names among its globals.

    Parameters
    ----------
    function : any
        A network, a function, a bound method, a `functools.partial` or an object with `__call__`; what those refer to
        is followed `DEPTH` steps.

    Returns
    -------
    list of torch.nn.Module
        Each once, by its outermost module; empty where none is seen, or for None.
    """
    found: dict[int, nn.Module] = {}
    _collect(function, DEPTH, found, set())
    return list(found.values())


def _collect(thing: Any, depth: int, found: dict[int, nn.Module], seen: set[int]) -> None:
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, nn.Module):
        found[id(thing)] = thing
    elif depth and callable(thing) and not isinstance(thing, type):
        for part in _parts(thing):
            _collect(part, depth - 1, found, seen)
    elif depth and isinstance(thing, (list, tuple)) and len(thing) < 100:
        for part in thing:
            if isinstance(part, nn.Module):
                _collect(part, depth - 1, found, seen)


def _parts(function: Any) -> list[Any]:
    """What a callable that is no network refers to."""
    if isinstance(function, functools.partial):
        return [function.func, *function.args, *function.keywords.values()]
    if inspect.ismethod(function):
        return [function.__self__, function.__func__, *getattr(function.__self__, "__dict__", {}).values()]
    if inspect.isfunction(function):
        try:
            used = inspect.getclosurevars(function)
        except (TypeError, ValueError):  # a cell that is still empty
            return []
        return [*used.nonlocals.values(), *used.globals.values()]
    return list(getattr(function, "__dict__", {}).values())


def is_training(network: nn.Module) -> bool:
    """Whether a network would answer otherwise in evaluation mode, as far as can be told from its layers.

    Parameters
    ----------
    network : torch.nn.Module

    Returns
    -------
    bool
        True also for a layer in training mode that is none of torch's own: what it does then is not known.
    """
    for module in network.modules():
        plain = type(module).__module__.startswith("torch.nn.modules") and not isinstance(module, _DIFFER)
        if module.training and not plain:  # a class of the user's may ask for `training` in its forward
            return True
    return False


@contextmanager
def evaluating(networks: list[nn.Module]) -> Iterator[None]:
    """Networks in evaluation mode; afterwards every module is as it was.

    Parameters
    ----------
    networks : list of torch.nn.Module

    Yields
    ------
    None
        While they are in evaluation mode, with all their modules.
    """
    training = [module for network in networks for module in network.modules() if module.training]
    for module in training:
        module.training = False
    try:
        yield
    finally:
        for module in training:
            module.training = True
