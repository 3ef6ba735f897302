"""What every explainer gives back, and the region it works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.attribution.scorer import Scorer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BEYOND = 1.01  # a score lies between 0 and 1, so no drop is larger, but for what a linear fit makes of noise


@dataclass(frozen=True, eq=False, repr=False)
class Attribution:
    """Why a model drew its targets, on the grid of the image it got.

    Attributes
    ----------
    drop : ndarray, shape (K, *S), float32
        Signed drop of the score (see `Reference`) when the place is taken away: positive where the model needs the
        place, negative where it does better without it, 0 where nothing was evaluated.
    evaluated : ndarray, shape (*S), bool
        Where the map says something.
    evaluations : int
        Perturbed images the model was run on.
    full_evaluations : int
        How many a scan of the whole image would have needed.
    stderr : ndarray, shape (K, *S), float32, or None
        Standard error of `drop`, for the sampling methods.
    baseline : ndarray, shape (K,)
        The score of the unperturbed image.
    present : ndarray, shape (K,), bool
        Which targets the reference holds; the others have nothing to explain, and their drop is 0.
    prediction : ndarray, shape (K, *S'), float32
        The model's probabilities for it.
    warnings : tuple of str
        What a reader must know.
    details : dict
        Figures of the method, such as the number of superpixels.
    is_complete : bool
        False for a map that was looked at, or left, while it was being made: it is coarse.
    """

    drop: np.ndarray
    evaluated: np.ndarray
    evaluations: int
    full_evaluations: int
    baseline: np.ndarray
    present: np.ndarray
    prediction: np.ndarray
    stderr: np.ndarray | None = None
    warnings: tuple[str, ...] = ()
    details: dict = field(default_factory=dict)
    is_complete: bool = True

    def __repr__(self) -> str:
        """One line: ``<Attribution 1 x 64 x 64, largest drop 0.412, 27 of 193 evaluations>``."""
        size = " x ".join(str(n) for n in self.drop.shape)
        coarse = "" if self.is_complete else ", coarse"
        return (
            f"<Attribution {size}, largest drop {float(np.abs(self.drop).max(initial=0)):.3f}, {self.evaluations} of "
            f"{self.full_evaluations} evaluations{coarse}>"
        )

    def plot(self, image: np.ndarray | Tensor | None = None, target: int = 0, plane: int | None = None) -> Figure:
        """The signed drop of one target as a figure, over the image where it is given.

        Parameters
        ----------
        image : array or tensor, shape (*S) or (C, *S), optional
        target : int
        plane : int, optional
            Of a map in 3D, the plane along the first axis; by default the one with the largest drop.

        Returns
        -------
        matplotlib.figure.Figure

        Example
        -------
        >>> attribution.plot(image)
        """
        from matplotlib.figure import Figure

        values, shown = self.drop[target], self.evaluated
        under = np.zeros(values.shape) if image is None else np.asarray(torch.as_tensor(image).detach().cpu())
        under = under if under.ndim == values.ndim else under[0]
        if values.ndim == 3:
            z = int(np.abs(values).max((1, 2)).argmax()) if plane is None else plane
            values, shown, under = values[z], shown[z], under[z]
        largest = max(float(np.abs(values).max()), 1e-6)
        figure = Figure(figsize=(5, 4.2), layout="constrained")
        axes = figure.subplots()
        axes.imshow(under, cmap="gray")
        over = np.ma.masked_where(~shown, values)
        drawn = axes.imshow(over, cmap="coolwarm", vmin=-largest, vmax=largest, alpha=0.6)
        figure.colorbar(drawn, ax=axes, label="drop of the score")
        axes.set(xticks=[], yticks=[])
        return figure

    @classmethod
    def of(
        cls, scorer: Scorer, drop: np.ndarray, evaluated: np.ndarray, evaluations: int, full_evaluations: int, **more
    ) -> Attribution:
        """A map of the scorer's image; `more` holds the fields that not every method has.

        Parameters
        ----------
        scorer : Scorer
        drop : ndarray, shape (K, *S), float32
        evaluated : ndarray, shape (*S), bool
        evaluations, full_evaluations : int
        **more
            Further fields.

        Returns
        -------
        Attribution
        """
        return cls(
            drop,
            evaluated,
            evaluations,
            full_evaluations,
            baseline=scorer.baseline.cpu().numpy(),
            present=scorer.present.cpu().numpy(),
            prediction=scorer.prediction.cpu().numpy(),
            **more,
        )

    @property
    def flat(self) -> np.ndarray:
        """Which of the present targets nothing that was tried could change; shape (K,), bool."""
        return self.present & (np.abs(self.drop).reshape(len(self.drop), -1).max(1) < FLAT)

    @property
    def relative_error(self) -> np.ndarray:
        """Median standard error inside the map as a share of its largest value, per target; shape (K,).

        0 for a method that samples nothing, nan for a map that is 0 everywhere.
        """
        largest = np.abs(self.drop).reshape(len(self.drop), -1).max(1)
        if self.stderr is None:
            return np.where(largest > 0, 0.0, np.nan)
        inside = self.stderr[:, self.evaluated]
        median = np.median(inside, axis=1) if inside.size else np.zeros(len(largest))
        return np.divide(median, largest, out=np.full(len(largest), np.nan), where=largest > 0)

    @property
    def rho(self) -> float:
        """Share of a full scan's evaluations that was needed."""
        return self.evaluations / self.full_evaluations if self.full_evaluations else 0.0
