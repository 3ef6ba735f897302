"""plans.json and dataset.json as the package may rely on them: every number that counts is looked at first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from XAICLIPLib.errors import WeightsError

AGAIN = "copy the model's folder again"
# by what the entry's name holds: edges of a patch, features of a layer, repetitions
LIMITS = {
    "patch_size": 4096,
    "features": 65536,
    "n_conv": 64,
    "n_blocks": 64,
    "n_stages": 64,
    "kernel": 64,
    "stride": 64,
}
MOST_VOXELS = 2**28  # of a patch: 1 GB
LONGEST = 10_000  # entries of one list or object
PROPERTIES = ("mean", "std", "percentile_00_5", "percentile_99_5")


def check_plans(plans: Any, where: str = "plans.json") -> None:
    """Refuse plans that lack what a prediction needs, or hold numbers that no training writes.

    Parameters
    ----------
    plans : any
        What was read from the file.
    where : str
        What an error calls it.

    Raises
    ------
    WeightsError
        Naming the entry.
    """
    if not isinstance(plans, Mapping) or not isinstance(plans.get("configurations"), Mapping):
        raise WeightsError(f"{where} are no plans of nnU-Net v2; {AGAIN}")
    _check_numbers(plans, where)
    for name in ("dataset_name", "plans_name"):
        if not isinstance(plans.get(name), str):
            raise WeightsError(f"{where} has no {name}; {AGAIN}")
    order = plans.get("transpose_forward")
    if not isinstance(order, list) or sorted(map(str, order)) != ["0", "1", "2"]:
        raise WeightsError(f"{where}: transpose_forward is {str(order)[:80]}, which is no order of three axes; {AGAIN}")
    check_intensities(plans.get("foreground_intensity_properties_per_channel"), where)
    for name, configuration in plans["configurations"].items():
        if not isinstance(configuration, Mapping):
            raise WeightsError(f"{where}: the configuration {name[:40]!r} is no object; {AGAIN}")
        _check_patch(configuration, f"{where}: {name[:40]}")


def check_sizes(plans: Mapping, where: str = "plans.json") -> None:
    """Refuse numbers that no training writes, in plans of which only the architecture and the patch are used.

    Parameters
    ----------
    plans : mapping
        With configurations.
    where : str
        What an error calls it.

    Raises
    ------
    WeightsError
        Naming the entry.
    """
    if not isinstance(plans, Mapping) or not isinstance(plans.get("configurations"), Mapping):
        raise WeightsError(f"{where} are no plans of nnU-Net v2; {AGAIN}")
    _check_numbers(plans, where)
    for name, configuration in plans["configurations"].items():
        if isinstance(configuration, Mapping):
            _check_patch(configuration, f"{where}: {name[:40]}")


def check_configuration(configuration: Mapping, where: str = "plans.json") -> None:
    """Refuse a configuration, with what it inherits, that lacks what a prediction needs.

    Parameters
    ----------
    configuration : mapping
        As nnU-Net's `ConfigurationManager` has it.
    where : str
        What an error calls it.

    Raises
    ------
    WeightsError
        Naming the entry.
    """
    for key in ("patch_size", "spacing"):
        if not isinstance(configuration.get(key), (list, tuple)):
            raise WeightsError(f"{where} has no {key}; {AGAIN}")
    if len(configuration["spacing"]) != len(configuration["patch_size"]):
        raise WeightsError(f"{where}: patch_size and spacing have not the same dimensions; {AGAIN}")
    for key, kind in (("normalization_schemes", str), ("use_mask_for_norm", bool)):
        found = configuration.get(key)
        if not isinstance(found, (list, tuple)) or not found or not all(isinstance(value, kind) for value in found):
            raise WeightsError(f"{where}: {key} is {str(found)[:80]}, one per channel is expected; {AGAIN}")
    _check_patch(configuration, where)


def check_dataset(dataset: Any) -> None:
    """Refuse a dataset.json whose labels or channels are none.

    Parameters
    ----------
    dataset : any
        What was read from dataset.json.

    Raises
    ------
    WeightsError
        Naming the entry.
    """
    if not isinstance(dataset, Mapping) or not isinstance(dataset.get("labels"), Mapping) or not dataset["labels"]:
        raise WeightsError(f"dataset.json names no labels; {AGAIN}")
    channels = dataset.get("channel_names") or dataset.get("modality") or {}
    if not isinstance(channels, Mapping) or not all(isinstance(name, str) for name in channels.values()):
        raise WeightsError(
            f"dataset.json: channel_names is {str(channels)[:80]}, names by number are expected; {AGAIN}"
        )
    _check_numbers(dataset, "dataset.json")
    for name, value in dataset["labels"].items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(str(v).isdigit() and int(v) < LONGEST for v in values if not isinstance(v, bool)):
            raise WeightsError(
                f"dataset.json: the label {name[:40]!r} is {str(value)[:60]}, a number is expected; {AGAIN}"
            )


def check_intensities(found: Any, where: str, count: int = 1) -> None:
    """Refuse plans that do not say what the values of the foreground are in each image.

    Parameters
    ----------
    found : any
        Their `foreground_intensity_properties_per_channel`.
    where : str
        What an error calls them.
    count : int
        How many images there are.

    Raises
    ------
    WeightsError
        Naming what is missing.
    """
    for number in range(count):
        own = found.get(str(number)) if isinstance(found, Mapping) else None
        if not isinstance(own, Mapping) or not all(_finite(own.get(key)) for key in PROPERTIES):
            raise WeightsError(
                f"{where}: foreground_intensity_properties_per_channel lacks {', '.join(PROPERTIES)} of channel "
                f"{number}; {AGAIN}"
            )


def _check_patch(configuration: Mapping, where: str) -> None:
    patch, spacing = configuration.get("patch_size"), configuration.get("spacing")
    if patch is not None:
        whole = isinstance(patch, list) and len(patch) in (2, 3) and all(
            isinstance(n, (int, float)) and not isinstance(n, bool) and n == int(n) > 0 for n in patch
        )  # fmt: skip
        if not whole or math.prod(patch) > MOST_VOXELS:
            raise WeightsError(f"{where}: patch_size is {str(patch)[:80]}, two or three edges are expected; {AGAIN}")
    if spacing is not None and not (
        isinstance(spacing, list) and len(spacing) in (2, 3) and all(_finite(s) and 1e-3 <= s <= 1e3 for s in spacing)
    ):
        raise WeightsError(f"{where}: spacing is {str(spacing)[:80]}, mm are expected; {AGAIN}")


def _check_numbers(root: Any, where: str) -> None:
    for path, value in _numbers(root, where):
        most = next((limit for word, limit in LIMITS.items() if any(word in part for part in path)), 1e12)
        if not abs(value) <= most:
            raise WeightsError(f"{where}: {'.'.join(path)[-80:]} is {value:.6g}, which no training writes; {AGAIN}")


def _numbers(root: Any, where: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every number below a node of JSON, with the way to it."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, (Mapping, list)):
            if len(node) > LONGEST or len(path) > 20:
                raise WeightsError(f"{where}: {'.'.join(path)[-80:]} is too large; {AGAIN}")
            pairs = node.items() if isinstance(node, Mapping) else enumerate(node)
            waiting += [((*path, str(key)), value) for key, value in pairs]
        elif isinstance(node, (int, float)) and not isinstance(node, bool):
            yield path, node


def _finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1e12
