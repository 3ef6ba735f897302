"""The settings of LIME: superpixels switched on and off, and a linear model of the score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from XAICLIPLib.attribution.methods.base import explainer, setting
from XAICLIPLib.attribution.methods.features import OnSuperpixels
from XAICLIPLib.errors import InputError

SMALLEST_WIDTH = 0.05  # of the kernel: half of the superpixels taken away lie 0.3 from the image, which weighs e^-18


@explainer
@dataclass(frozen=True)
class Lime(OnSuperpixels):
    """Switch superpixels of the region on and off at random and fit a linear model of the score.

    A superpixel's drop is its coefficient: what the score loses, in the linear model, when it is taken away. Each is
    on with probability 1/2; in the first sample all are.

    Attributes
    ----------
    alpha : float
        Ridge penalty.
    kernel_width : float, optional
        Weights of the samples by their cosine distance d to the full image, sqrt(exp(−d²/width²)), as the package
        `lime` has them (its width is 0.25). Without it all samples weigh the same, as in the paper.
    """

    name: ClassVar[str] = "lime"
    title: ClassVar[str] = "LIME"
    algorithm: ClassVar[str] = "lime:lime"
    alpha: float = 1.0
    kernel_width: float | None = setting(None, "width of the locality kernel (default: none)", "W", float)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.alpha < 0:
            raise InputError(f"alpha is {self.alpha}; it is a penalty and can't be negative, 1 by default")
        if self.kernel_width is not None and not self.kernel_width >= SMALLEST_WIDTH:
            raise InputError(
                f"kernel_width is {self.kernel_width}; it must be at least {SMALLEST_WIDTH}, such as 0.25: narrower, "
                "the samples but one weigh nothing"
            )
