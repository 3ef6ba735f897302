"""`attribute`: the one verb for every method, in 2D and 3D, with any model that is a function of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.errors import InputError
from XAICLIPLib.explain.attribution import FLAT_ADVICE, Attribution
from XAICLIPLib.explain.fill import make_fill
from XAICLIPLib.explain.hierarchical import occlude_hierarchically
from XAICLIPLib.explain.hsic import hsic
from XAICLIPLib.explain.kernelshap import kernel_shap
from XAICLIPLib.explain.lime import lime
from XAICLIPLib.explain.monitor import Read, Show
from XAICLIPLib.explain.occlusion import occlude
from XAICLIPLib.explain.rise import rise
from XAICLIPLib.explain.score import Predict, Progress, Scorer
from XAICLIPLib.explain.settings import Hierarchical, Hsic, KernelShap, Lime, Method, Occlusion, Rise
from XAICLIPLib.explain.window import receptive_radius

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
    method: Method | None = None,
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
        The image in the model's own values (already windowed and normalised).
    predict : callable
        (B, C, *S) float32 tensor -> (B, K, *S) probabilities in [0, 1], one channel per target.
    region : bool array (*S), optional
        Where to perturb; everything else is never touched. None means everywhere.
    method : Occlusion, Hierarchical, Rise, Lime, KernelShap or Hsic
        Occlusion with the paper's settings by default.
    score : str
        "dice", "soft_dice" or "confidence", see `Reference`.
    reference : bool array (K, *S), or (*S) for one target, optional
        The ground truth; without it, the model's own prediction of the unperturbed image.
    batch_size : int, optional
        Perturbed copies per evaluation; by default as many as are sensible, see `Scorer`.
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

    Raises
    ------
    InputError
        If shapes don't fit, the image holds NaN or infinite values, or the region is empty.
    ModelError
        If `predict` does not return what it must.
    ResourceError
        If a single image does not fit into memory.
    """
    method = method or Occlusion()
    prepared = torch.as_tensor(image).to(device=device, dtype=torch.float32)
    if prepared.dim() == 2:
        prepared = prepared[None]
    if prepared.dim() not in (3, 4):
        raise InputError(f"the image has shape {tuple(prepared.shape)}; expected (H, W), (C, H, W) or (C, D, H, W)")
    if not torch.isfinite(prepared).all():
        raise InputError("the image holds NaN or infinite values; replace them")
    spatial = prepared.shape[1:]
    if region is None:
        region = torch.ones(spatial, dtype=torch.bool)
    region = torch.as_tensor(region).to(prepared.device).bool()
    if region.shape != spatial:
        raise InputError(f"the region has shape {tuple(region.shape)}; expected the image's {tuple(spatial)}")
    if not region.any():
        raise InputError("the region is empty; there is nothing to perturb")
    if reference is not None:
        reference = torch.as_tensor(reference)
        reference = reference[None] if reference.shape == spatial else reference
    cautions = method.cautions()
    unit = getattr(method, "unit", "pixel")
    if unit == "mm":
        raise InputError("an array has no spacing: give patch and stride in pixels (unit='pixel')")
    if unit == "px512":
        method = method.on_grid((max(spatial) / 512,) * len(spatial))
    scorer = Scorer(predict, prepared, reference=reference, score=score, batch_size=batch_size, progress=progress)
    radius = receptive_radius(predict, prepared) if window else None
    show = None if on_map is None else lambda read: on_map(read())
    return explain(scorer, region, method, seed, cautions, radius, show)


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
    share = 1.0
    if radius is not None:
        filled = torch.where(region, make_fill(scorer.image, method.fill, region, seed), scorer.image)
        share = scorer.narrow(filled, region, radius)

    def described(found: Attribution) -> Attribution:
        warnings = cautions + found.warnings
        if not found.present.any():
            warnings += ("the reference is empty: there is no segmentation to explain",)
        elif found.flat.any():
            warnings += (FLAT_ADVICE,)
        return replace(found, details={**found.details, "window_share": share}, warnings=warnings)

    def offer(read: Read) -> None:
        show(lambda: replace(described(read()), is_complete=False))

    return described(_EXPLAINERS[type(method)](scorer, region, method, seed, show and offer))
