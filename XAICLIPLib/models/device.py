"""Where a model computes: which devices there are, and how a network gets there."""

from __future__ import annotations

import time
from typing import TypeVar

import torch
from torch import nn

from XAICLIPLib.errors import ResourceError
from XAICLIPLib.models.memory import out_of_memory

Network = TypeVar("Network", bound=nn.Module)


def available_devices() -> list[str]:
    """What can be computed on here, the best first: CUDA, then Apple's MPS, then the CPU."""
    found = [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    found += ["mps"] if torch.backends.mps.is_available() else []
    return [*found, "cpu"]


def choose_device(name: str = "auto") -> torch.device:
    """The device of that name; "auto" is CUDA, then Apple's MPS, then the CPU.

    Parameters
    ----------
    name : str
        "auto", "cpu", "mps", "cuda" (the first) or "cuda:N".

    Returns
    -------
    torch.device

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


def on_device(network: Network, device: torch.device, name: str) -> Network:
    """A network on its device.

    Parameters
    ----------
    network : torch.nn.Module
        It is moved itself, not copied.
    device : torch.device
    name : str
        What an error calls the model.

    Returns
    -------
    torch.nn.Module
        The same one.

    Raises
    ------
    ResourceError
        If the device has no room for its weights.
    """
    try:
        return network.to(device)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        size = sum(p.numel() * p.element_size() for p in network.parameters()) / 2**20
        raise ResourceError(
            f"{name} needs {size:.0f} MB for its weights, more than {device} has free; "
            "choose another device or a smaller model"
        ) from error


def seconds_now(device: torch.device) -> float:
    """A clock for the work of a device, which is waited for.

    Parameters
    ----------
    device : torch.device

    Returns
    -------
    float
        Seconds; differences of them mean something.
    """
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()
