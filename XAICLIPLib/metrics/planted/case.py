"""What a planted cause is: an image, a model, a question, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from torch import Tensor, nn

from XAICLIPLib.metrics.planted.scene import Scene


@dataclass(frozen=True)
class Planted:
    """A model of which it is known why it draws what it draws.

    Attributes
    ----------
    family : str
    image : ndarray, shape (1, H, W), float32
    predict : callable
        (B, 1, H, W) -> (B, K, H, W).
    region : ndarray, shape (H, W), bool
        Where places are hidden.
    where : ndarray of bool, shape (H, W), or str
        Whose drawing is asked about.
    cause : ndarray of bool, shape (H, W), optional
        The place on which it hangs; None where it hangs on none.
    unseen : float, optional
        Which share is drawn of what is hidden, where that is known.
    needs : ndarray, shape (players, K), optional
        What each target loses without each player.
    players : dict of str to ndarray of bool, shape (H, W)
        Of `needs`.
    network : Module, optional
        Where the model is a network that was trained.
    """

    family: str
    image: np.ndarray
    predict: Callable[[Tensor], Tensor]
    region: np.ndarray
    where: np.ndarray | str = "drawn"
    cause: np.ndarray | None = None
    unseen: float | None = None
    needs: np.ndarray | None = None
    players: dict[str, np.ndarray] = field(default_factory=dict)
    network: nn.Module | None = None


class Family(Protocol):
    """A kind of reason that can be planted in any scene."""

    name: str
    about: str

    def plant(self, scene: Scene) -> Planted:
        """Build a model with this reason.

        Parameters
        ----------
        scene : Scene

        Returns
        -------
        Planted
        """
