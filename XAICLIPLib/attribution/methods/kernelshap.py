"""The settings of KernelSHAP: superpixels switched on and off, and their Shapley values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from XAICLIPLib.attribution.methods.base import explainer
from XAICLIPLib.attribution.methods.features import OnSuperpixels


@explainer
@dataclass(frozen=True)
class KernelShap(OnSuperpixels):
    """Switch superpixels of the region on and off and give each its Shapley value.

    The values of all superpixels add up to the drop of the whole region; with no more coalitions than samples they are
    exact, and so they are for a score to which the superpixels contribute one by one.
    """

    name: ClassVar[str] = "kernelshap"
    title: ClassVar[str] = "KernelSHAP"
    algorithm: ClassVar[str] = "kernelshap:kernel_shap"
