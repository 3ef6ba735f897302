"""What becomes of a scan before an Auto3DSeg network sees it.

Slicer's module and MONAI's own program take the same steps in another order: the module normalises the whole scan, and
then turns, crops and resamples it; MONAI's program (and the module, for BraTS) normalises last. The module finds the
box of its crop in the scan as the file stores it and applies it to the turned scan; so is done here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.monai.grid import UNMOVED, WHOLE

KEY = "image"
MARGIN = 10  # voxels round the foreground
BOUNDS = (-250, 250)  # MONAI's own, where a config has none


class Pointwise:
    """A function of an image as a transform of dictionaries.

    Parameters
    ----------
    function : callable
        (image) -> image of the same shape.
    """

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self._function = function

    def __call__(self, data: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Each image through the function."""
        return {key: self._function(image) for key, image in data.items()}


class PerChannel:
    """Transforms of dictionaries for each of several images.

    Parameters
    ----------
    transforms : sequence of lists of callables
        One list per channel.
    """

    def __init__(self, transforms: Sequence[list[Any]]) -> None:
        self._transforms = transforms

    def __call__(self, data: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Each channel through its own."""
        found = {}
        for key, image in data.items():
            found[key] = image.clone()
            for channel, transforms in enumerate(self._transforms):
                one = {key: image[channel : channel + 1].clone()}
                for transform in transforms:
                    one = transform(one)
                found[key][channel : channel + 1] = one[key]
        return found


def steps_of(config: Mapping[str, Any], by_slicer: bool, normalised_last: bool) -> list[tuple[str, Any]]:
    """The steps of a config.

    Parameters
    ----------
    config : mapping
        Of the checkpoint.
    by_slicer : bool
        Whether Slicer's module runs it: it resamples wherever the config has a resolution.
    normalised_last : bool
        Whether intensities are changed after everything else.

    Returns
    -------
    list of (kind, transform)
        See `monai.build.build_transforms`.

    Raises
    ------
    ModelError
        If the config normalises in a way that neither program knows.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # what MONAI will change is nothing to its user here
        return _steps(config, by_slicer, normalised_last)


def _steps(config: Mapping[str, Any], by_slicer: bool, normalised_last: bool) -> list[tuple[str, Any]]:
    from monai import transforms

    extra = list((config.get("extra_modalities") or {}).values())
    spatial: list[tuple[str, Any]] = []
    if config.get("orientation_ras", False):
        spatial.append(("spatial", transforms.Orientationd(keys=KEY, axcodes="RAS")))
    if config.get("crop_foreground", True):
        # of several images, the module looks at the first, which is normalised by then
        source = KEY if normalised_last else UNMOVED if extra else WHOLE
        first = None if normalised_last else [0]
        crop = transforms.CropForegroundd(
            keys=KEY, source_key=source, margin=MARGIN, allow_smaller=True, channel_indices=first
        )
        spatial.append(("spatial", crop))
    edges = config.get("resample_resolution")
    if edges is not None and (by_slicer or config.get("resample", False)):
        edges = [float(edge) for edge in edges]
        # a scan that is nearly so fine already stays as it is
        resampled = transforms.Spacingd(
            keys=[KEY], pixdim=edges, mode=["bilinear"], dtype=torch.float, min_pixdim=np.array(edges) * 0.75,
            max_pixdim=np.array(edges) * 1.25,
        )  # fmt: skip
        spatial.append(("spatial", resampled))
    mode = config.get("normalize_mode") or ("range" if str(config.get("modality")).lower() == "ct" else "meanstd")
    changes = _normalisation(config, mode)
    if extra and not normalised_last:
        changes = [PerChannel([changes, *(_normalisation(config, str(other)) for other in extra)])]
    intensity = [("intensity", step) for step in changes]
    return [*spatial, *intensity] if normalised_last else [*intensity, *spatial]


def _normalisation(config: Mapping[str, Any], mode: str) -> list[Any]:
    from monai import transforms

    if mode == "none":
        return []
    if mode in ("range", "ct"):
        low, high = (float(bound) for bound in config.get("intensity_bounds") or BOUNDS)
        ranged = transforms.ScaleIntensityRanged(keys=KEY, a_min=low, a_max=high, b_min=-1, b_max=1, clip=False)
        return [ranged, Pointwise(torch.sigmoid)]
    centred = transforms.NormalizeIntensityd(keys=KEY, nonzero=True, channel_wise=True)
    if mode in ("meanstd", "mri"):
        return [centred]
    if mode == "meanstdtanh":
        return [centred, Pointwise(lambda image: 3 * torch.tanh(image / 3))]
    if mode == "pet":
        return [Pointwise(lambda image: torch.sigmoid((image - image.min()) / image.std()))]
    raise ModelError(f"its config normalises by {mode!r}, which Auto3DSeg does not know; get the model again")
