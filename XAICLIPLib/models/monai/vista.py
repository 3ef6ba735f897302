"""VISTA3D of the model zoo: a network that is told which structures to segment, by the numbers of its classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.monai.config import Component, Config

NETWORK = "vista3d132"
LAST = 132  # of the classes that its class head has learned


class VistaInferer:
    """The network in windows, as the bundle's own inferer runs it where nobody clicks.

    Parameters
    ----------
    roi_size : sequence of 3 ints
        Edges of a window, voxels.
    """

    def __init__(self, roi_size: Sequence[int]) -> None:
        from monai.inferers import SlidingWindowInfererAdapt

        self._windows = SlidingWindowInfererAdapt(roi_size=list(roi_size), sw_batch_size=1, with_coord=True)

    def __call__(self, images: Tensor, network: nn.Module, classes: Sequence[int]) -> Tensor:
        """(B, 1, *S) -> (B, K, *S), a logit for each class."""
        asked = torch.as_tensor(list(classes), device=images.device)[:, None]
        one_by_one = [
            self._windows(
                image[None], network, transpose=True, point_coords=None, point_labels=None, class_vector=asked,
                prompt_class=asked.clone(), prev_mask=None, labels=None, label_set=None,
            )
            for image in images
        ]  # fmt: skip
        return torch.cat(one_by_one)


def is_vista(component: Component | None) -> bool:
    """Whether a config's network is VISTA3D.

    Parameters
    ----------
    component : Component or None

    Returns
    -------
    bool
    """
    return component is not None and component.target.rpartition(".")[2] == NETWORK


def inferer_of(config: Config) -> VistaInferer:
    """The inferer of a bundle of VISTA3D, whose class is a script of the bundle, from what the config tells it.

    Parameters
    ----------
    config : Config

    Returns
    -------
    VistaInferer

    Raises
    ------
    ModelError
        If the config says no size of windows.
    """
    size = config.get("inferer#roi_size")
    if not isinstance(size, list) or len(size) != 3 or not all(isinstance(n, int) and n > 0 for n in size):
        raise ModelError(f"{config.name}: inferer#roi_size is {size!r}, and no size of windows; get the bundle again")
    return VistaInferer(size)


def classes_of(config: Config, names: Sequence[str]) -> tuple[int, ...]:
    """The classes that can be asked for.

    Parameters
    ----------
    config : Config
    names : sequence of str
        By their numbers, the background first.

    Returns
    -------
    tuple of int
        Without those that stand for several others, such as the lung, for whose parts the bundle asks in its place.
    """
    groups: Any = config.read_around("subclass") if "subclass" in config else {}
    groups = {int(key) for key in groups} if isinstance(groups, Mapping) else set()
    return tuple(i for i in range(1, min(len(names), LAST + 1)) if i not in groups)
