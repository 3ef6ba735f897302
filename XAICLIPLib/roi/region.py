"""From a similarity, a prediction, a label map or a box to the region that may be perturbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from XAICLIPLib.anatomy import ANATOMY, SIDES, Structure
from XAICLIPLib.message import Message, Term
from XAICLIPLib.roi.masks import box_around, dilate, filled, largest_pieces, smooth
from XAICLIPLib.roi.quality import avoids, prefers_air
from XAICLIPLib.roi.thresholds import THRESHOLD, fixed_levels, name_in_words, otsu_levels

LOW_RECALL = 0.5
BOX_MARGIN_MM = 10.0
# what an axial slice cuts in as many places as it likes
_SCATTERED = frozenset(
    "bowel small_bowel colon duodenum rib rib_right rib_left spine brain_ventricles heart aorta pulmonary_artery "
    "portal_vein".split()
)


@dataclass(frozen=True, eq=False)
class Region:
    """Where a slice may be perturbed.

    Attributes
    ----------
    mask : ndarray, shape (H, W), bool
        The union over the prompts.
    masks : dict of structure to ndarray (H, W), bool
        The region of each prompt.
    similarity : dict of structure to ndarray (H, W), float32
        Smoothed probabilities, where a vision-language model found the region.
    source : str
        "clip", "prediction", "segment", "box" or "full"; what was used in the end.
    reason : str
        Why that source was used.
    thresholds : dict of structure to float
        What each similarity was cut at.
    warnings : tuple of str
        Every fallback and every doubt.
    """

    mask: np.ndarray
    masks: dict[str, np.ndarray] = field(default_factory=dict)
    similarity: dict[str, np.ndarray] = field(default_factory=dict)
    source: str = "full"
    reason: str = "as requested"
    thresholds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the slice inside the region."""
        return float(self.mask.mean())

    @property
    def threshold(self) -> float | None:
        """What the similarities were cut at; None where there is no similarity, or not one threshold for all."""
        levels = set(self.thresholds.values())
        return levels.pop() if len(levels) == 1 else None


def how_many(components: str, structure: Structure) -> int | None:
    """How many connected pieces of a structure are kept.

    Parameters
    ----------
    components : str
        "all", a number, or "auto": two of a pair and one of any other single organ. What an axial slice cuts in
        several places (bowel, ribs, vessels), what is a tissue or a lesion, and what no table knows is kept as it
        is.
    structure : Structure

    Returns
    -------
    int or None
        None for all of them.
    """
    if components != "auto":
        return None if components == "all" else int(components)
    if not structure.code or structure.category != ANATOMY or structure.name in _SCATTERED:
        return None
    return 2 if structure.modifier == SIDES["both"] else 1


@dataclass(frozen=True)
class Cut:
    """How a region is cut from the similarities of a slice.

    Attributes
    ----------
    threshold : float
        Probability from which a pixel belongs to the region, in [0, 1]; raised to 0.6 and 0.7 where the region would
        cover nearly the whole body.
    method : str
        "threshold", or "otsu" for Otsu's threshold of each structure in this slice; where the similarity has no two
        classes, `threshold` is used.
    sigma : float
        Of the Gaussian that the similarity is smoothed with first, in pixels of a slice 512 pixels wide.
    components : mapping of structure to int or None
        How many connected pieces of each are kept, the largest first; all where it is None or not named.
    fill_holes : bool
        Whether holes belong to a structure's region.
    dilation_mm : float
        By how much the region is grown in the end, mm.
    """

    threshold: float = THRESHOLD
    method: str = "threshold"
    sigma: float = 2.0
    components: Mapping[str, int | None] = field(default_factory=dict)
    fill_holes: bool = False
    dilation_mm: float = 0.0


def from_similarity(
    probability: Mapping[str, np.ndarray],
    body: np.ndarray,
    spacing: tuple[float, float],
    cut: Cut | None = None,
    *,
    in_frame: np.ndarray | None = None,
) -> Region:
    """Smooth probabilities, cut them at a threshold, and clean up what is left.

    Parameters
    ----------
    probability : mapping of structure to ndarray, shape (H, W)
        In [0, 1]; what `VisionLanguageModel.locate` gives.
    body : ndarray, shape (H, W), bool
        The body without holes: what "nearly everything" is measured against, and where Otsu's threshold looks.
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.
    cut : Cut, optional
        How it is cut; by default as `Cut()` says.
    in_frame : ndarray, shape (H, W), bool, optional
        The part of the slice that the vision-language model was given; the whole slice by default.

    Returns
    -------
    Region
        Empty where no pixel reaches the threshold; `checked` decides then.
    """
    cut = cut or Cut()
    smoothed = {name: smooth(p, cut.sigma) for name, p in probability.items()}
    levels, warnings = (otsu_levels if cut.method == "otsu" else fixed_levels)(smoothed, body, cut.threshold)
    masks = {}
    for name, values in smoothed.items():
        mask = largest_pieces(values >= levels[name], cut.components.get(name))
        if cut.fill_holes:
            mask = filled(mask)
        masks[name] = dilate(mask, cut.dilation_mm, spacing)
        if prefers_air(values, body, np.ones_like(body) if in_frame is None else in_frame, levels[name]):
            warnings.append(_inverted(name, is_air=True))
    union = np.logical_or.reduce(list(masks.values()))
    return Region(union, masks, smoothed, "clip", thresholds=levels, warnings=tuple(warnings))


def _inverted(name: str, is_air: bool) -> Message:
    """What to say where the air, or what lies around the prediction, is more like the words than what they are for."""
    structure = Term(name_in_words(name))
    if is_air:
        return Message(
            "the similarity to {structure} looks inverted, higher in the air round the patient than in the patient: "
            "try another strategy, other words or negative prompts",
            structure=structure,
        )
    return Message(
        "the similarity to {structure} looks inverted, higher around the model's prediction than in it: try another "
        "strategy, other words or negative prompts",
        structure=structure,
    )


def from_prediction(
    predictions: Mapping[str, np.ndarray], spacing: tuple[float, float], dilation_mm: float = BOX_MARGIN_MM
) -> Region:
    """The model's own prediction, dilated.

    Parameters
    ----------
    predictions : mapping of structure to ndarray of bool, shape (H, W)
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.
    dilation_mm : float

    Returns
    -------
    Region
        With a warning where it leaves nothing out.
    """
    masks = {name: dilate(mask, dilation_mm, spacing) for name, mask in predictions.items()}
    union = np.logical_or.reduce(list(masks.values()))
    warnings: tuple[str, ...] = ()
    if union.all() and not np.logical_or.reduce(list(predictions.values())).all():
        warnings = (Message(
            "{mm:g} mm round the prediction fill the slice: the region leaves nothing out; a smaller dilation gives "
            "a smaller one",
            mm=dilation_mm,
        ),)  # fmt: skip
    return Region(union, masks, source="prediction", warnings=warnings)


def checked(region: Region, predictions: Mapping[str, np.ndarray], spacing: tuple[float, ...]) -> Region:
    """A region held against the model's own prediction.

    An empty region becomes the prediction's box, a little wider, and stays empty if there is no prediction either. One
    that misses most of the prediction is kept, because that may be the finding, but it is said; so is a similarity that
    is higher around what the model predicts than in it.

    Parameters
    ----------
    region : Region
    predictions : mapping of structure to ndarray of bool, shape (H, W) or (Z, H, W)
        As the region's mask.
    spacing : tuple of float
        mm along the axes of the masks.

    Returns
    -------
    Region
        The same where nothing is to be said of it.
    """
    predicted = np.logical_or.reduce(list(predictions.values()))
    warnings = region.warnings
    for name, mask in predictions.items():
        if name in region.similarity and avoids(region.similarity[name], mask, spacing):
            warnings += (_inverted(name, is_air=False),)
    if region.mask.any():
        if region_recall(region.mask, predicted) < LOW_RECALL:
            warnings += (Message("the region holds less than {share:.0%} of the prediction", share=LOW_RECALL),)
        return region if warnings == region.warnings else replace(region, warnings=warnings)
    if not predicted.any():
        return region
    boxes = {name: box_around(m, BOX_MARGIN_MM, spacing) if m.any() else m for name, m in predictions.items()}
    reason = empty_region(region.source)
    warnings += (Message("{reason}: the box of the model's prediction, {mm:g} mm wider, is used",
                         reason=reason, mm=BOX_MARGIN_MM),)  # fmt: skip
    union = np.logical_or.reduce(list(boxes.values()))
    return replace(region, mask=union, masks=boxes, source="box", reason=reason, warnings=warnings)


def empty_region(source: str) -> Message:
    """What is said of a region that holds nothing.

    Parameters
    ----------
    source : str
        Where the region comes from, see `Region`.

    Returns
    -------
    Message
    """
    return Message("the {source} region is empty", source=source)


def region_recall(region: np.ndarray, prediction: np.ndarray) -> float:
    """The share of a prediction, or of a reference, that lies inside a region.

    Parameters
    ----------
    region, prediction : ndarray of bool
        Of one shape.

    Returns
    -------
    float
        In [0, 1]; NaN where nothing is predicted.
    """
    return float((region & prediction).sum() / prediction.sum()) if prediction.any() else float("nan")
