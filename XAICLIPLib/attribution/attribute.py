"""`attribute`: the one verb for every method, in 2D and 3D, with any model that is a function of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.fieldtypes import fit, short_repr
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.inputs import as_image, as_reference, as_region
from XAICLIPLib.attribution.listener import Listener
from XAICLIPLib.attribution.methods import METHODS, Method, WorkGrid, as_method
from XAICLIPLib.attribution.monitor import Show
from XAICLIPLib.attribution.receptive_field import receptive_radius
from XAICLIPLib.attribution.result import BEYOND, Attribution
from XAICLIPLib.attribution.scorer import Predict, Progress, Scorer
from XAICLIPLib.errors import InputError, did_you_mean
from XAICLIPLib.message import Message
from XAICLIPLib.models.evaluation import NOTE, evaluating, is_training, networks_of


def attribute(
    image: np.ndarray | Tensor,
    predict: Predict,
    region: np.ndarray | Tensor | None = None,
    method: Method | type[Method] | str | None = None,
    score: str = "dice",
    reference: np.ndarray | Tensor | None = None,
    *,
    seed: int = 0,
    **options: Any,
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
        Occlusion by default. A class or a name takes the papers' settings, but for those in `options`; an array has no
        field of view, so that sizes are pixels here unless their `unit` says otherwise.
    score : str
        "dice", "soft_dice" or "confidence", see `Reference`.
    reference : bool array (K, *S), or (*S) for one target, optional
        The ground truth; without it, the model's own prediction of the unperturbed image. Probabilities are cut at 0.5.
    seed : int
        Same seed, same map.
    **options
        How the model is run: `batch_size`, `progress`, `device`, `window`, `on_map`, see `Run`. Where the method is a
        name or a class, also its settings: ``method="occlusion", patch=32``.

    Returns
    -------
    Attribution
        Its warnings say what was assumed. Its details hold, beside the method's figures, by how much a score changed
        when the unperturbed image was run again ("unrepeatable"), or with another image in its batch ("neighbours").

    Raises
    ------
    InputError
        If an argument is not what it must be or has no such name, shapes don't fit, the image holds NaN or infinite
        values, or the region is empty.
    ModelError
        If `predict` fails, or does not return what it must.
    ResourceError
        If a single image does not fit into memory.

    Example
    -------
    >>> import numpy as np, torch
    >>> image = np.zeros((1, 32, 32), np.float32)
    >>> image[0, 8:16, 8:16] = 1.0
    >>> attribute(image, lambda batch: torch.sigmoid(20 * (batch - 0.5)), method="occlusion", patch=8, stride=4)
    <Attribution 1 x 32 x 32, largest drop 1.000, 9 of 49 evaluations>
    """
    how, settings = _parted(options)
    method = as_method(method, **settings)
    seed = _seed(seed)
    if not callable(predict):
        raise InputError(f"predict is {short_repr(predict)}; it must be a function")
    prepared = as_image(image, how.device)
    inside, notes = as_region(region, prepared)
    if reference is not None:
        reference, assumed = as_reference(reference, prepared)
        notes += assumed
    cautions = method.cautions()
    method = method.on_grid(WorkGrid.of_array(tuple(prepared.shape[1:])))
    networks = networks_of(predict)
    notes += (NOTE,) if any(map(is_training, networks)) else ()
    with evaluating(networks):
        scorer = how.scorer(predict, prepared, score, reference)
        notes += _on_another_grid(tuple(scorer.prediction.shape[1:]), tuple(prepared.shape[1:]))
        radius = receptive_radius(predict, prepared) if how.window else None
        return explain(scorer, inside, method, seed, notes + cautions, radius, how.show)


@dataclass(frozen=True)
class Run:
    """How `attribute` runs a model: the names of its options that belong to no method.

    Attributes
    ----------
    batch_size : int, optional
        Perturbed copies per evaluation; by default as many as are sensible, see `Scorer`. Never more than there are, or
        than memory holds.
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
    listen : callable, optional
        Gives, from the scorer with the unperturbed prediction, whoever is told of every output, see `Listener`.
    """

    batch_size: int | None = None
    progress: Progress | None = None
    device: str | torch.device | None = None
    window: bool = False
    on_map: Callable[[Attribution], None] | None = None
    listen: Callable[[Scorer], Listener] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "batch_size", fit(self.batch_size, int | None, "batch_size"))
        for name, value in (("progress", self.progress), ("on_map", self.on_map), ("listen", self.listen)):
            if value is not None and not callable(value):
                raise InputError(f"{name} is {short_repr(value)}; it must be a function")

    def scorer(self, predict: Predict, image: Tensor, score: str, reference: Tensor | None) -> Scorer:
        """The only loop over the model's runs, run this way.

        Parameters
        ----------
        predict, image, score, reference
            As `Scorer` takes them.

        Returns
        -------
        Scorer
        """
        scorer = Scorer(
            predict, image, reference=reference, score=score, batch_size=self.batch_size, progress=self.progress
        )
        scorer.listener = self.listen and self.listen(scorer)
        return scorer

    @property
    def show(self) -> Show | None:
        """`on_map` as an explainer offers a map."""
        on_map = self.on_map
        return None if on_map is None else lambda read: on_map(read())


def _seed(given: Any) -> int:
    """A seed that was given, as a number that generators take."""
    seed = fit(given, int, "seed")
    if seed < 0:
        raise InputError(f"seed is {seed}; it can't be negative")
    return seed


def _parted(options: dict[str, Any]) -> tuple[Run, dict[str, Any]]:
    """Options of the run, and the rest: settings of the method."""
    names = {field.name for field in fields(Run)}
    known = names | {field.name for kind in METHODS.values() for field in fields(kind)}
    for name in sorted(set(options) - known):
        raise InputError(f"attribute has no {name}{did_you_mean(name, known)}")
    run = {name: value for name, value in options.items() if name in names}
    return Run(**run), {name: value for name, value in options.items() if name not in names}


def _on_another_grid(found: tuple[int, ...], spatial: tuple[int, ...]) -> tuple[str, ...]:
    """What is assumed of an output that has other pixels than the image."""
    if found == spatial:
        return ()
    return (Message(
        "the model's maps are {shape} for an image {spatial}: they are taken to show the same field of view",
        shape=str(found), spatial=str(spatial),
    ),)  # fmt: skip


def explain(
    scorer: Scorer,
    region: Tensor,
    method: Method,
    seed: int = 0,
    cautions: tuple[str, ...] = (),
    radius: tuple[int, ...] | None = None,
    show: Show | None = None,
) -> Attribution:
    """Explain the scorer's image, with everything a reader must be warned of.

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
        Not empty.
    method : Method
        In pixels of the image.
    seed : int
    cautions : tuple of str
        Warnings about the settings as the user gave them.
    radius : tuple of int, optional
        See `receptive_radius`; with it the model is run on the region's evaluation window where it can be.
    show : callable, optional
        Is offered the map while it is made, see `Monitor`.

    Returns
    -------
    Attribution
    """
    filled = torch.where(region, make_fill(scorer.image, method.fill, region, seed), scorer.image)
    share = 1.0 if radius is None else scorer.narrow(filled, region, radius)
    scorer.try_repeats(filled)

    def described(found: Attribution) -> Attribution:
        warnings = cautions + scorer.notes + found.warnings
        if (beyond := np.abs(found.drop).max(initial=0.0)) > BEYOND:
            text = Message(
                "the map's largest value is {value:.3g}, but a score between 0 and 1 can't change by more than 1: it "
                "is the error of too few samples for so many places; give more samples, or larger superpixels",
                value=beyond,
            )
            warnings += (text,)
        if not found.present.any():
            warnings += (Message("the reference is empty: there is no segmentation to explain"),)
        elif found.flat.any():
            text = Message(
                "the map is flat: no perturbation changed the score by more than 0.001; try smaller patches, another "
                "fill, LIME, or a soft score (soft_dice, confidence)"
            )
            warnings += (text,)
        repeats = scorer.repeats
        run = {"window_share": share, "unrepeatable": repeats.unrepeatable, "neighbours": repeats.neighbours}
        return replace(found, details={**found.details, **run}, warnings=warnings)

    def offering(show: Show) -> Show:
        return lambda read: show(lambda: replace(described(read()), is_complete=False))

    return described(method.explain(scorer, region, seed, show and offering(show)))
