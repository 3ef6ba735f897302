"""`attribute`: the one verb for every method, in 2D and 3D, with any model that is a function of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.fieldtypes import fit, shown
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.hierarchical import occlude_hierarchically
from XAICLIPLib.attribution.hsic import hsic
from XAICLIPLib.attribution.inputs import as_image, as_reference, as_region
from XAICLIPLib.attribution.kernelshap import kernel_shap
from XAICLIPLib.attribution.lime import lime
from XAICLIPLib.attribution.methods import (
    Hierarchical,
    Hsic,
    KernelShap,
    Lime,
    Method,
    Occlusion,
    Rise,
    as_method,
)
from XAICLIPLib.attribution.monitor import Read, Show
from XAICLIPLib.attribution.occlusion import occlude
from XAICLIPLib.attribution.receptive_field import receptive_radius
from XAICLIPLib.attribution.result import BEYOND, FLAT_ADVICE, IMPOSSIBLE, Attribution
from XAICLIPLib.attribution.rise import rise
from XAICLIPLib.attribution.scorer import Predict, Progress, Scorer
from XAICLIPLib.errors import InputError
from XAICLIPLib.models.evaluation import NOTE, evaluating, is_training, networks_of

_EXPLAINERS = {
    Occlusion: occlude,
    Hierarchical: occlude_hierarchically,
    Rise: rise,
    Lime: lime,
    KernelShap: kernel_shap,
    Hsic: hsic,
}


def attribute(
    image: np.ndarray | Tensor,
    predict: Predict,
    region: np.ndarray | Tensor | None = None,
    method: Method | type[Method] | str | None = None,
    score: str = "dice",
    reference: np.ndarray | Tensor | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    device: str | torch.device | None = None,
    window: bool = False,
    on_map: Callable[[Attribution], None] | None = None,
) -> Attribution:
    """Explain why a model segments an image as it does, in 2D or 3D.

    Parameters
    ----------
    image : array or tensor, shape (H, W), (C, H, W) or (C, D, H, W)
        The image in the model's own values (already windowed and normalised): one, no batch.
    predict : callable
        (B, C, *S) float32 tensor -> (B, K, *S) probabilities in [0, 1], one channel per target. Networks that it is, or
        refers to, are in evaluation mode while they are asked. A model of one image at a time is found out and asked
        so.
    region : bool array (*S), optional
        Where to perturb; everything else is never touched. None means everywhere. Probabilities are cut at 0.5.
    method : Occlusion, Hierarchical, Rise, Lime, KernelShap or Hsic, or a name such as "rise"
        Occlusion by default. A class or a name takes the papers' settings; an array has no field of view, so that sizes
        are pixels here unless their `unit` says otherwise.
    score : str
        "dice", "soft_dice" or "confidence", see `Reference`.
    reference : bool array (K, *S), or (*S) for one target, optional
        The ground truth; without it, the model's own prediction of the unperturbed image. Probabilities are cut at 0.5.
    batch_size : int, optional
        Perturbed copies per evaluation; by default as many as are sensible, see `Scorer`. Never more than there are, or
        than memory holds.
    seed : int
        Same seed, same map.
    progress : callable, optional
        Called with (done, total) after each batch; raise `Cancelled` in it to stop.
    device : str or torch.device, optional
        Where `predict` wants its input; by default where the image is.
    window : bool
        Run `predict` on a crop round the region alone where it depends on a neighbourhood only. Whether it does is
        found out with NaN in its input and held against the whole image; the scores are the same to 1e-6.
    on_map : callable, optional
        Gets the map as it is after about 5, 10, 20, 40 and 70 % of the evaluations (hierarchical: after each level).
        The early ones are coarse: places that were not tried yet show what was found near them.

    Returns
    -------
    Attribution
        Its warnings say what was assumed. Its details hold, beside the method's figures, by how much a score changed
        when the unperturbed image was run again ("unrepeatable"), or with another image in its batch ("neighbours").

    Raises
    ------
    InputError
        If an argument is not what it must be, shapes don't fit, the image holds NaN or infinite values, or the region
        is empty.
    ModelError
        If `predict` fails, or does not return what it must.
    ResourceError
        If a single image does not fit into memory.
    """
    method = as_method(method)
    batch_size, seed = fit(batch_size, int | None, "batch_size"), fit(seed, int, "seed")
    if seed < 0:
        raise InputError(f"seed is {seed}; it can't be negative")
    for name, value in (("predict", predict), ("progress", progress), ("on_map", on_map)):
        if not callable(value) and (name == "predict" or value is not None):
            raise InputError(f"{name} is {shown(value)}; it must be a function")
    prepared = as_image(image, device)
    region, notes = as_region(region, prepared)
    if reference is not None:
        reference, assumed = as_reference(reference, prepared)
        notes += assumed
    spatial = tuple(prepared.shape[1:])
    cautions = method.cautions()
    unit = getattr(method, "unit", "pixel")
    if unit == "mm":
        raise InputError("an array has no spacing: give patch and stride in pixels (unit='pixel')")
    if unit == "px512":
        method = method.on_grid((max(spatial) / 512,) * len(spatial))
    networks = networks_of(predict)
    notes += (NOTE,) if any(map(is_training, networks)) else ()
    with evaluating(networks):
        scorer = Scorer(predict, prepared, reference=reference, score=score, batch_size=batch_size, progress=progress)
        notes += _on_another_grid(tuple(scorer.prediction.shape[1:]), spatial)
        radius = receptive_radius(predict, prepared) if window else None
        show = None if on_map is None else lambda read: on_map(read())
        return explain(scorer, region, method, seed, notes + cautions, radius, show)


def _on_another_grid(found: tuple[int, ...], spatial: tuple[int, ...]) -> tuple[str, ...]:
    """What is assumed of an output that has other pixels than the image."""
    if found == spatial:
        return ()
    return (f"the model's maps are {found} for an image {spatial}: they are taken to show the same field of view",)


def explain(
    scorer: Scorer,
    region: Tensor,
    method: Method,
    seed: int = 0,
    cautions: tuple[str, ...] = (),
    radius: tuple[int, ...] | None = None,
    show: Show | None = None,
) -> Attribution:
    """Explain the scorer's image inside a non-empty region (*S), with everything a reader must be warned of.

    `cautions` are warnings about the settings as the user gave them; with a `radius` (see `receptive_radius`) the
    model is run on the region's evaluation window where it can be; `show` is offered the map while it is made (see
    `Monitor`).
    """
    filled = torch.where(region, make_fill(scorer.image, method.fill, region, seed), scorer.image)
    share = 1.0 if radius is None else scorer.narrow(filled, region, radius)
    scorer.try_repeats(filled)

    def described(found: Attribution) -> Attribution:
        warnings = cautions + scorer.notes + found.warnings
        if (beyond := np.abs(found.drop).max(initial=0.0)) > BEYOND:
            warnings += (IMPOSSIBLE.format(beyond),)
        if not found.present.any():
            warnings += ("the reference is empty: there is no segmentation to explain",)
        elif found.flat.any():
            warnings += (FLAT_ADVICE,)
        repeats = scorer.repeats
        run = {"window_share": share, "unrepeatable": repeats.unrepeatable, "neighbours": repeats.neighbours}
        return replace(found, details={**found.details, **run}, warnings=warnings)

    def offer(read: Read) -> None:
        show(lambda: replace(described(read()), is_complete=False))

    return described(_EXPLAINERS[type(method)](scorer, region, method, seed, show and offer))
