"""The evaluation window: where a model looks at a neighbourhood only, a crop round the region is run, not the image.

Outside the region nothing ever changes. For a convolutional network without global operations, an output can then
only change within the receptive field's radius of the region, and to compute it, the input is needed within twice
that radius. It is the idea of Krypton (Nakandala et al., SIGMOD 2019), for a region instead of one patch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from XAICLIPLib.attribution.perturbations import bounding_box, index
from XAICLIPLib.errors import XAICLIPError

ALIGN = 32  # pooling and strides come out alike in the crop where it starts at a multiple of theirs
EXACT = 1e-6
WORTH = 0.7  # share of the image above which a crop saves too little
# of a model that is asked for what it was not made for
FAILURES = (XAICLIPError, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)
Predict = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Window:
    """What has to be run again when the image changes inside a region, along each dimension.

    Attributes
    ----------
    crop : tuple of slices
        What the model gets.
    affected : tuple of slices
        Where its output may differ from that of the unperturbed image.
    """

    crop: tuple[slice, ...]
    affected: tuple[slice, ...]

    def share(self, shape: tuple[int, ...]) -> float:
        """The crop's share of an image (*S).

        Parameters
        ----------
        shape : tuple of int
            (*S).

        Returns
        -------
        float
            In (0, 1].
        """
        share = 1.0
        for along, size in zip(self.crop, shape):
            share *= (along.stop - along.start) / size
        return share


class Windowed:
    """A model that is run on the window alone; the rest of its output is that of the unperturbed image.

    Parameters
    ----------
    predict : callable
        (B, C, *S) -> (B, K, *S).
    prediction : Tensor, shape (K, *S)
        Of the unperturbed image.
    window : Window
    """

    def __init__(self, predict: Predict, prediction: Tensor, window: Window) -> None:
        self._predict, self._prediction, self.window = predict, prediction, window
        self._inner = tuple(slice(a.start - c.start, a.stop - c.start) for a, c in zip(window.affected, window.crop))

    def __call__(self, batch: Tensor) -> Tensor:
        part = self._predict(batch[index(self.window.crop)].contiguous())
        whole = self._prediction[None].repeat(len(batch), *[1] * self._prediction.dim())
        whole[index(self.window.affected)] = part[index(self._inner)].to(whole.dtype)
        return whole


def receptive_radius(predict: Predict, image: Tensor) -> tuple[int, ...] | None:
    """How far an input can be felt in the output, in pixels along each dimension; None where it is felt everywhere.

    NaN spreads through every operation it takes part in, so the outputs that a block of NaN reaches are exactly those
    that depend on it. The block is as wide as the alignment, which covers every phase of pooling and strides.

    Parameters
    ----------
    predict : callable
        (B, C, *S) -> (B, K, *S'). Another output grid than the input's has no window.
    image : Tensor, shape (C, *S)

    Returns
    -------
    tuple of int, or None
    """
    shape = tuple(image.shape[1:])
    starts = [max(0, (size // 2) // ALIGN * ALIGN) for size in shape]
    block = tuple(slice(start, min(start + ALIGN, size)) for start, size in zip(starts, shape))
    probe = image[None].clone()
    probe[index(block)] = torch.nan
    try:
        with torch.inference_mode():
            output = predict(probe)
    except FAILURES:
        return None  # a model need not take NaN
    if tuple(output.shape[2:]) != shape:
        return None
    reached = torch.isnan(output[0]).any(0)
    if not reached.any():
        return None  # the model hides NaN, and so its receptive field
    radius = []
    for hit, own, size in zip(bounding_box(reached), block, shape):
        if size > ALIGN and (hit.start == 0 or hit.stop == size):
            return None  # it may reach further than this image shows
        radius.append(max(own.start - hit.start, hit.stop - own.stop, 0))
    return tuple(radius)


def window_round(region: Tensor, radius: tuple[int, ...]) -> Window:
    """The window of a non-empty region (*S).

    The radius is that of a whole block from its edges (see `receptive_radius`). A single pixel can reach further to the
    side of its block's far edge, so what changes is taken as the blocks that hold the region.

    Parameters
    ----------
    region : Tensor, shape (*S), bool
    radius : tuple of int
        Pixels along each axis.

    Returns
    -------
    Window
    """
    crop, affected = [], []
    for inside, reach, size in zip(bounding_box(region), radius, region.shape):
        start, stop = inside.start // ALIGN * ALIGN - reach, -(-inside.stop // ALIGN) * ALIGN + reach
        affected.append(slice(max(0, start), min(size, stop)))
        crop.append(slice(max(0, start - reach) // ALIGN * ALIGN, min(size, -(-(stop + reach) // ALIGN) * ALIGN)))
    return Window(tuple(crop), tuple(affected))


def windowed(
    predict: Predict, prediction: Tensor, perturbed: Tensor, region: Tensor, radius: tuple[int, ...]
) -> Windowed | None:
    """The model on the window of a region, if that saves something and gives the same.

    Parameters
    ----------
    predict, prediction
        As in `Windowed`.
    perturbed : Tensor, shape (C, *S)
        The image with the whole region filled: the largest change that will be asked for. On it the window is held
        against the whole image.
    region : Tensor, shape (*S), bool
    radius : tuple of int
        See `receptive_radius`.

    Returns
    -------
    Windowed, or None
        None where the model is to go on with the whole image.
    """
    window = window_round(region, radius)
    if window.share(tuple(region.shape)) > WORTH:
        return None
    model = Windowed(predict, prediction, window)
    try:
        with torch.inference_mode():
            difference = (model(perturbed[None]) - predict(perturbed[None])).abs().max()
    except FAILURES:
        return None  # a model need not take another size
    return model if float(difference) <= EXACT else None
