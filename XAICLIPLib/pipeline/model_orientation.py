"""Whether a model gets its images the way round that it learned them, tried against regions that are known."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import torch

from XAICLIPLib import anatomy
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import XAICLIPError
from XAICLIPLib.metrics.overlap import dice
from XAICLIPLib.models.base import Segmenter

GOOD = 0.5  # mean Dice from which on a way round is believed
BETTER = 0.2  # by which it must exceed that of the images as they are given now
FINE = 0.8  # from which on no other is tried
PATIENCE = 60.0  # seconds for all of them
SLICES = 12  # of a volume that the bundled model looks at
# the habits of programs, which are tried first: MONAI's and nibabel's, nnU-Net's and SimpleITK's
HABITS = (("RAS", "xyz"), ("LPS", "xyz"), ("RAS", "zyx"), ("LPS", "zyx"))


@dataclass(frozen=True)
class Tried:
    """How well a model's prediction fits regions that are known, by the way round its images lie.

    Attributes
    ----------
    names : tuple of str
        The structures that were compared.
    against : str
        Whose regions they are.
    now : float
        Mean Dice with the images as they are given now.
    best : float
    orientation, axes : str
        The way round that gave the best.
    tried : int
        Ways that were tried.
    """

    names: tuple[str, ...]
    against: str
    now: float
    best: float
    orientation: str
    axes: str
    tried: int

    @property
    def is_turned(self) -> bool:
        """Whether another way round is so much better that the model must have learned it."""
        return self.best >= GOOD and self.best - self.now >= BETTER

    def said(self, where: str) -> str:
        """The finding in a sentence; `where` is where the keys go.

        Parameters
        ----------
        where : str
            Where the keys go, such as "its sidecar".

        Returns
        -------
        str
        """
        names = ", ".join(self.names)
        if not self.is_turned:
            what = f"Dice {self.now:.2f} with {self.against} ({names})"
            if self.now >= GOOD:
                return f"fits: {what}" + (f"; none of {self.tried} other ways round is better" if self.tried else "")
            return f"can't be told: {what}, and none of {self.tried} other ways round fits much better"
        transposed = self.axes in ("xyz", "xy")
        flipped = self.orientation != "LPS"
        how = " and ".join(["transposed"] * transposed + ["flipped"] * flipped) or "turned by what is declared"
        return (
            f"looks {how}: Dice {self.now:.2f} with {self.against} ({names}) as the images are given now, "
            f"{self.best:.2f} "
            f'with "orientation": "{self.orientation}", "axes": "{self.axes}"; write these into {where}'
        )


def ways(dims: int) -> list[tuple[str, str]]:
    """All flips, with the first axis first and last; programs' habits come first.

    Parameters
    ----------
    dims : int
        2 or 3.

    Returns
    -------
    list of (str, str)
        Orientation and axes.
    """
    ends = ("LR", "PA", "S" if dims == 2 else "SI")
    orders = ("yx", "xy") if dims == 2 else ("zyx", "xyz")
    habits = [
        (code, axes[-2:] if dims == 2 and axes == "zyx" else axes[:2] if dims == 2 else axes) for code, axes in HABITS
    ]
    return list(dict.fromkeys([*habits, *(("".join(code), axes) for code, axes in product(product(*ends), orders))]))


def try_orientations(
    segmenter: Segmenter,
    case: Case,
    z: int,
    known: Mapping[str, np.ndarray] | None,
    against: str = "the phantom's labels",
) -> Tried | None:
    """Run a model on its images in every way round and compare what it finds with what is known to be there.

    Parameters
    ----------
    segmenter : Segmenter
        One that can be `oriented`; for others, and those that are pointed at what they segment, nothing is tried.
    case : Case
        The scan.
    z : int
        The slice to look at, for a model of slices.
    known : mapping of str to ndarray (Z, H, W), bool, optional
        Structures and their axial masks; without it, those of the bundled model.
    against : str
        Whose they are.

    Returns
    -------
    Tried or None
        None where nothing can be compared.
    """
    if not segmenter.can_be_oriented or segmenter.promptable:
        return None
    volume = segmenter.spatial_dims == 3
    slices = range(z, z + 1)
    if volume:
        depth = len(case.scan.axial.voxels)
        slices = range(0, depth, max(1, depth // SLICES)) if known is None else range(depth)
    if known is None:
        known, against = _bundled(case, slices), "the bundled model's regions"
    channels, truth = [], []
    for name, masks in known.items():
        found = anatomy.match(name, segmenter.targets)
        mask = np.stack([masks[k] for k in slices])
        if found and mask.sum() * np.prod(case.scan.spacing) > 400:  # mm²: of less, a Dice says little
            channels.append((name, [segmenter.targets.index(t) for t in found]))
            truth.append(mask)
    if not channels:
        return None
    places = list(slices)

    def fits(model: Segmenter) -> float:
        context = case.context if volume else replace(case.context, volume=case.voxels, index=z)
        prepared = model.prepare(case.image(None if volume else z), context)
        with torch.inference_mode():
            output = (prepared.predict or model.predict)(prepared.image[None])[0].float()
        maps = prepared.masks(output.cpu().numpy())
        maps = maps[:, places] if volume else maps[:, None]
        return float(np.mean([dice(np.any(maps[c], axis=0), mask) for (_, c), mask in zip(channels, truth)]))

    names = tuple(name for name, _ in channels)
    start = time.perf_counter()
    now = best = fits(segmenter)
    chosen, tried = ("", ""), 0
    if now < FINE:
        for orientation, axes in ways(segmenter.spatial_dims):
            taken = (time.perf_counter() - start) / (tried + 1)
            if time.perf_counter() - start + taken > PATIENCE:
                break
            try:
                fit = fits(segmenter.oriented(orientation, axes))
            except XAICLIPError:  # such as an input of one size that is no square
                continue
            tried += 1
            if fit > best + 0.01:
                best, chosen = fit, (orientation, axes)
    return Tried(names, against, now, best, *chosen, tried)


def _bundled(case: Case, slices: range) -> dict[str, np.ndarray]:
    """What the bundled model finds in some slices, by structure: masks (Z, H, W)."""
    from XAICLIPLib.models.load import open_segmenter

    model = open_segmenter("bundled", case.device)
    found = {name: np.zeros(case.scan.axial.shape, bool) for name in model.targets}
    for z in slices:
        prepared = model.prepare(case.scan.image(z), replace(case.context, spacing=case.scan.spacing))
        maps = prepared.masks(model.predict(prepared.image[None])[0].float().cpu().numpy())
        for name, mask in zip(model.targets, maps):
            found[name][z] = mask
    return found
