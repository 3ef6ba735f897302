"""What a network gave back: which of its outputs is the map, and whether its values are probabilities or logits.

The rules, by the first output for a real image, where the sidecar does not say:

* whole numbers that never fall below 0 are labels or thresholded masks: refused;
* values in [0, 1] are probabilities;
* values that never fall below 0 and exceed 1 are no logits but probabilities on another scale, such as 0…255 or
  percentages: refused until "output_range" says on which;
* values that reach both -1 and 1 and go no further are a tanh's: refused in the same way;
* all others are logits: a softmax of several channels, a sigmoid of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from XAICLIPLib.errors import ModelError

TOLERANCE = 1e-4  # by which a probability may leave [0, 1]: rounding, not logits


def tensors_of(found: Any) -> dict[str, Any]:
    """Everything that a network returned, by name or index.

    Parameters
    ----------
    found : any
        A tensor, or several in a tuple, list or mapping, which may hold further ones.

    Returns
    -------
    dict of str to any
        In their order; what lies in a list or mapping inside has both names, such as "head.0". Not all need be tensors.
    """
    if isinstance(found, Mapping):
        pairs = [(str(key), value) for key, value in found.items()]
    elif isinstance(found, (tuple, list)):
        pairs = [(str(i), value) for i, value in enumerate(found)]
    else:
        return {"0": found}
    flat: dict[str, Any] = {}
    for key, value in pairs:
        if isinstance(value, (Mapping, tuple, list)):
            flat |= {f"{key}.{inner}": part for inner, part in tensors_of(value).items()}
        else:
            flat[key] = value
    return flat


def chosen(
    found: Any, batch: Tensor, wanted: str | int | None, name: str, file: str
) -> tuple[Tensor, tuple[str, str] | None]:
    """The output that is a map of the input.

    Without a name, the first whose grid is the input's; of those of other sizes (deep supervision) the finest.

    Parameters
    ----------
    found : any
        What the network returned, see `tensors_of`.
    batch : Tensor, shape (b, C, *S)
        What it was given.
    wanted : str, int or None
        Name or index of the output; None leaves the choice to the rule above.
    name, file : str
        What an error calls the model and its sidecar.

    Returns
    -------
    output : Tensor
        Mostly (b, K, *S'); one that was named, or is the only one, has still to pass `check_map`.
    said : tuple of 2 str or None
        Where it was chosen among several, its name and a sentence about the choice.

    Raises
    ------
    ModelError
        If no output is a map, or the one that was named is not there.
    """
    outputs = tensors_of(found)
    if wanted is not None:
        key = list(outputs)[wanted] if isinstance(wanted, int) and wanted < len(outputs) else wanted
        if not isinstance(outputs.get(key), Tensor):
            raise ModelError(
                f'{name} returned {_kinds(outputs)}, and "output" in {file} is {wanted!r}; name one of them'
            )
        return outputs[key], None
    if len(outputs) == 1 and isinstance(next(iter(outputs.values())), Tensor):
        return next(iter(outputs.values())), None
    maps = {
        key: value
        for key, value in outputs.items()
        if isinstance(value, Tensor) and value.is_floating_point() and value.dim() == batch.dim()
        and len(value) == len(batch) and min(value.shape[2:]) > 1 and not _channels_last(value, batch)
    }  # fmt: skip
    if not maps:
        labels = [key for key, v in outputs.items() if isinstance(v, Tensor) and v.dim() >= batch.dim() - 1]
        why = "labels, not probabilities" if labels else "none of which is a map"
        raise ModelError(
            f"{name} returned {_kinds(outputs)}: {why}; export it with an output (B, K, {_axes(batch)}) of "
            f'probabilities or logits, and name that with "output" in {file}'
        )
    # what training added, and labels beside the probabilities they were made of
    named = {k: v for k, v in maps.items() if not any(word in k.lower() for word in ("aux", "deep", "side"))} or maps
    soft = {k: v for k, v in named.items() if not ((v >= 0).all() and (v == v.round()).all())} or named
    key = max(soft, key=lambda k: soft[k][0, 0].numel())
    if len(outputs) == 1:
        return maps[key], None
    return maps[key], (
        key,
        f"the model has {len(outputs)} outputs ({_kinds(outputs)}); {key!r} is used, the first map as fine as any; "
        f'"output" in {file} names another',
    )


def check_map(output: Tensor, batch: Tensor, name: str, file: str) -> None:
    """Refuse an output that is no map of the batch with a channel per class.

    Parameters
    ----------
    output : Tensor
        As `chosen` gives it.
    batch : Tensor, shape (b, C, *S)
        What the network was given.
    name, file : str
        What an error calls the model and its sidecar.

    Raises
    ------
    ModelError
        Naming what it is.
    """
    if not output.is_floating_point():
        raise ModelError(
            f"{name} returned {str(output.dtype).removeprefix('torch.')}: labels, not probabilities; export it without "
            "its last argmax or threshold"
        )
    said = f"{name} returned shape {tuple(output.shape)} for an input {tuple(batch.shape)}"
    wanted = f"expected ({len(batch)}, K, {_axes(batch)}), one channel per class"
    if output.dim() == batch.dim() and _channels_last(output, batch):
        raise ModelError(f"{said}: its channels come last; export it with channels first: {wanted}")
    if output.dim() != batch.dim() or len(output) != len(batch):
        raise ModelError(
            f'{said}; {wanted}. A model of fixed batch size says so with "batch" in {file} ("batch": 1 for one that '
            'takes one image at a time), one of volumes with "spatial_dims": 3, one with several outputs with "output"'
        )
    sizes = [(n - 1) / own for n, own in zip(output.shape[-2:], batch.shape[-2:])]
    most = [(n + 1) / own for n, own in zip(output.shape[-2:], batch.shape[-2:])]
    if min(output.shape[2:]) < 2 or max(sizes) > min(most):
        raise ModelError(f"{said}, whose rows and columns are not scaled alike: no map of the image; {wanted}")


def settled(raw: Tensor, activation: str | None, rescaled: bool, name: str, file: str) -> tuple[str | None, str]:
    """The activation that the first output asks for, and what was assumed.

    Parameters
    ----------
    raw : Tensor, shape (b, K, *S)
        As the network gave it.
    activation : str or None, as declared
    rescaled : bool
        Whether its range was declared, and it was brought to [0, 1].
    name, file : str
        What an error calls the model and its sidecar.

    Returns
    -------
    tuple of (str or None, str)
        The activation, None in an output that is the same everywhere; how it is known, empty where it was declared.

    Raises
    ------
    ModelError
        If the values can't be what was declared, or it can't be told what they are.
    """
    if not torch.isfinite(raw).all():
        raise ModelError(f"{name} returned NaN or infinite values; check window, mean and std in {file}")
    low, high = float(raw.min()), float(raw.max())
    values = f"{name} returned values from {low:.3g} to {high:.3g}"
    within, many = low >= -TOLERANCE and high <= 1 + TOLERANCE, raw.shape[1] > 1
    whole = low >= 0 and low < high and bool((raw == raw.round()).all())
    if whole and not rescaled and not (activation == "none" and high == 1):
        raise ModelError(
            f"{values}, whole numbers alone: labels, not probabilities; export it without its last argmax, threshold "
            "or rounding"
            + (f'. If each channel is a mask of its own, declare "activation": "none" in {file}' if high == 1 else "")
            + (
                f'. If they are probabilities in {high:g} steps, declare "output_range": [0, {high:g}]'
                if high > 50
                else ""
            )
        )
    if activation == "none":
        if not within:
            raise ModelError(
                f'{values}, which are no probabilities; declare "activation": "softmax" or "sigmoid" in {file}, or '
                '"output_range" if they are probabilities on another scale'
            )
        return "none", ""
    if activation == "softmax":
        if not many:
            raise ModelError(
                f'{name} has one output channel, whose softmax is 1 everywhere; declare "activation": "sigmoid" '
                f"in {file}"
            )
        if within and low < high and (raw.sum(1) - 1).abs().max() < 1e-3:
            raise ModelError(
                f"{values} that sum to 1 before the softmax that was declared: they are probabilities already; declare "
                f'"activation": "none" in {file}'
            )
        return "softmax", ""
    if activation == "sigmoid":
        if within and low < high:
            raise ModelError(
                f"{values} before the sigmoid that was declared, which would make all of the image the structure: they "
                f'look like probabilities already; declare "activation": "none" in {file}'
            )
        return "sigmoid", ""
    if low == high and within:  # an image in which nothing is found tells little
        return None, ""
    if within:
        return "none", f"outputs from {low:.3g} to {high:.3g} are probabilities"
    tanh = low >= -1 and high <= 1 and low < -0.999 and high > 0.999
    if low >= -TOLERANCE or tanh:
        scale = "[-1, 1]" if tanh else "[0, 255]" if high > 101 else "[0, 100]"
        why = "as a tanh does" if tanh else "and logits fall below 0 where there is nothing"
        raise ModelError(
            f"{values}, {why}: it can't be told which of them are probabilities. If they are on another scale, declare "
            f'"output_range": {scale} in {file}; if they are logits, "activation": "softmax" or "sigmoid"'
        )
    name_of = "softmax" if many else "sigmoid"
    return name_of, f"outputs from {low:.3g} to {high:.3g} are logits, so {name_of}"


def _channels_last(output: Tensor, batch: Tensor) -> bool:
    return output.shape[1:-1] == batch.shape[2:] and output.shape[2:] != batch.shape[2:]


def _axes(batch: Tensor) -> str:
    return "H, W" if batch.dim() == 4 else "D, H, W"


def _kinds(outputs: Mapping[str, Any]) -> str:
    shown = [
        f"{key} {tuple(v.shape)}{'' if v.is_floating_point() else ' of ' + str(v.dtype).removeprefix('torch.')}"
        if isinstance(v, Tensor)
        else f"{key} ({type(v).__name__})"
        for key, v in outputs.items()
    ]
    return ", ".join(shown) or "nothing"
