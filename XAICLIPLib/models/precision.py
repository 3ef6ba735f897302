"""The fastest way to run a network that leaves its prediction as it is."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from XAICLIPLib.weights import cache_folder

FASTER = 1.2
SAME_DICE = 0.998
REPEATS = 3
Forward = Callable[[Tensor], Tensor]


def _plain(network: nn.Module) -> Forward:
    return network


def _channels_last(network: nn.Module) -> Forward:
    return lambda batch: network(batch.contiguous(memory_format=torch.channels_last))


def _bfloat16(network: nn.Module) -> Forward:
    def forward(batch: Tensor) -> Tensor:
        with torch.autocast(batch.device.type, dtype=torch.bfloat16):
            return network(batch.contiguous(memory_format=torch.channels_last)).float()

    return forward


VARIANTS: dict[str, Callable[[nn.Module], Forward]] = {
    "fp32": _plain,
    "fp32 channels_last": _channels_last,
    "bf16 channels_last": _bfloat16,
}


def remembered(
    network: nn.Module, examples: Tensor, same: Callable[[Tensor, Tensor], float], key: str
) -> tuple[str, Forward]:
    """`fastest`, measured once per machine.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, on the examples' device.
    examples : Tensor, shape (N, C, H, W)
        Real images, enough of them to judge by.
    same : callable
        Agreement of two outputs in [0, 1]; a variant below `SAME_DICE` is out.
    key : str
        What the choice is kept under, such as the weights' SHA-256.

    Returns
    -------
    name : str
        One of `VARIANTS`.
    forward : callable
        (B, C, H, W) -> the network's output by that variant, in single precision.
    """
    name = recalled(key, examples.device, lambda: fastest(network, examples, same)[0], tuple(VARIANTS))
    return name, VARIANTS[name](network)


def recalled(key: str, device: torch.device, measure: Callable[[], str], known: tuple[str, ...]) -> str:
    """What `measure` chose on this machine: the same request must give the same map in every process.

    The choice is kept in `precision.json` of the cache folder under `key` (the weights) and what else decides: the
    device, PyTorch's version and the number of threads. Without a place to write it is measured in each process.

    Parameters
    ----------
    key : str
        Of the weights, such as their SHA-256.
    device : torch.device
    measure : callable
        Takes nothing, gives the choice; called where none is kept.
    known : tuple of str
        What a choice that is still understood is, or begins with before a reason in brackets.

    Returns
    -------
    str
        The choice, with its reason in brackets if it was measured with one.
    """
    on_cuda = device.type == "cuda"
    processor = torch.cuda.get_device_name(device) if on_cuda else torch.backends.cpu.get_cpu_capability()
    place = f"{key} {processor} torch {torch.__version__} {torch.get_num_threads()} threads"
    file = cache_folder() / "precision.json"
    try:
        choices = json.loads(file.read_text())
    except (OSError, ValueError, RecursionError):
        choices = {}
    if not isinstance(choices, dict):  # damaged: it is written anew
        choices = {}
    if str(choices.get(place)).partition(" (")[0] in known:
        return choices[place]
    chosen = measure()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**choices, place: chosen}, indent=1))
    except OSError as error:
        logging.getLogger(__name__).info("the choice of precision is not remembered: %s", error)
    return chosen


def fastest(
    network: nn.Module, examples: Tensor, same: Callable[[Tensor, Tensor], float], batch: int = 4
) -> tuple[str, Forward]:
    """Time the variants on a few images and choose.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, on the examples' device.
    examples : Tensor, shape (N, C, H, W)
        Real images, enough of them to judge by.
    same : callable
        Agreement of two outputs in [0, 1]; a variant below `SAME_DICE` is out.
    batch : int
        How many of them are timed together.

    Returns
    -------
    name : str
    forward : callable
        Plain single precision unless another is at least `FASTER` times as fast: a difference smaller than that is
        within the noise of a busy machine, and the same machine should choose the same from run to run.
    """
    images = examples[:batch].contiguous()
    forwards = {name: make(network) for name, make in VARIANTS.items()}
    expected = network(examples)
    forwards = {name: f for name, f in forwards.items() if name == "fp32" or same(expected, f(examples)) >= SAME_DICE}
    seconds = dict.fromkeys(forwards, float("inf"))
    # in turns, so that another program's burst does not hit one variant alone; the first round warms up
    for turn in range(REPEATS + 1):
        for name, forward in forwards.items():
            taken = _seconds(forward, images)
            seconds[name] = min(seconds[name], taken) if turn else float("inf")
    best = min(seconds, key=seconds.get)
    chosen = best if seconds[best] * FASTER < seconds["fp32"] else "fp32"
    return chosen, forwards[chosen]


def _seconds(forward: Forward, images: Tensor) -> float:
    start = time.perf_counter()
    forward(images)
    if images.is_cuda:
        torch.cuda.synchronize(images.device)
    return time.perf_counter() - start
