"""From a similarity, a prediction, a label map or a box to the region that may be perturbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from scipy import ndimage

from XAICLIPLib.anatomy import ANATOMY, SIDES, Structure
from XAICLIPLib.roi.quality import avoids, crop_around, prefers_air, share

THRESHOLD = 0.5
RAISED = (0.6, 0.7)
LOW_THRESHOLD = 0.3
NEARLY_ALL = 0.9
LOW_RECALL = 0.5
BOX_MARGIN_MM = 10.0
SEPARABLE = 0.8  # Otsu's share of the variance that lies between the two classes; a uniform distribution has 0.75
STEP = 0.1  # probability between the two classes' means; less is noise
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


def smooth(probability: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian smoothing.

    Parameters
    ----------
    probability : ndarray, shape (H, W)
    sigma : float
        In pixels of a slice 512 pixels wide, so that it means as much on a coarse slice; 0 changes nothing.

    Returns
    -------
    ndarray, shape (H, W)
        float32 where it was smoothed.
    """
    pixels = sigma * max(probability.shape) / 512
    return probability if pixels <= 0 else cv2.GaussianBlur(probability.astype(np.float32), (0, 0), pixels)


def dilate(mask: np.ndarray, millimetres: float, spacing: tuple[float, float]) -> np.ndarray:
    """All pixels within a distance of a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
    millimetres : float
        0 changes nothing.
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    if millimetres <= 0 or not mask.any():
        return mask
    out, part = np.zeros(mask.shape, bool), crop_around(mask, millimetres, spacing)
    out[part] = ndimage.distance_transform_edt(~mask[part], sampling=spacing) <= millimetres
    return out


def box_around(mask: np.ndarray, millimetres: float, spacing: tuple[float, float]) -> np.ndarray:
    """The bounding box of a mask, grown on every side.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        Not empty.
    millimetres : float
        By how much.
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    out = np.zeros(mask.shape, bool)
    out[crop_around(mask, millimetres, spacing)] = True
    return out


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


def largest_pieces(mask: np.ndarray, count: int | None) -> np.ndarray:
    """The largest connected pieces of a mask; pixels that touch at a corner are connected.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
    count : int, optional
        How many; all of them where it is None.

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    number, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count is None or number - 1 <= count:
        return mask
    largest = 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:count]
    return np.isin(labels, largest)


def filled(mask: np.ndarray) -> np.ndarray:
    """A mask with its holes: what is not connected with the slice's edge around it, over edges of pixels.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    around = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(around, connectivity=4)
    return (labels != labels[0, 0])[1:-1, 1:-1]


def hull(mask: np.ndarray) -> np.ndarray:
    """The convex hull of a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        An empty one stays empty.

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    points = cv2.findNonZero(mask.astype(np.uint8))
    if points is None:
        return mask
    return cv2.fillConvexPoly(np.zeros(mask.shape, np.uint8), cv2.convexHull(points), 1).astype(bool)


def otsu(values: np.ndarray) -> float | None:
    """Otsu's threshold of some values, or None where they do not fall into two classes.

    Otsu's method (IEEE Trans. SMC 9:62, 1979) cuts any values, also noise. Its own measure of separability, the share
    of the variance that lies between the classes, tells: it is 0.64 for a normal distribution and 0.75 for a uniform
    one, which are no two classes. More than `SEPARABLE` is asked here, and that the classes' means are `STEP` apart.

    Parameters
    ----------
    values : ndarray
        Probabilities in [0, 1], of any shape.

    Returns
    -------
    float or None
        The threshold; None where there are no two classes.
    """
    from skimage.filters import threshold_otsu  # slow to load, and rarely asked for

    if values.size == 0 or np.ptp(values) < STEP:
        return None
    level = float(threshold_otsu(values))
    high = values > level
    weight = high.mean()
    step = values[high].mean() - values[~high].mean() if 0 < weight < 1 else 0.0
    separable = weight * (1 - weight) * step**2 > SEPARABLE * values.var()
    return level if separable and step > STEP else None


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
    levels, warnings = (_otsu_levels if cut.method == "otsu" else _fixed_levels)(smoothed, body, cut.threshold)
    masks = {}
    for name, values in smoothed.items():
        mask = largest_pieces(values >= levels[name], cut.components.get(name))
        if cut.fill_holes:
            mask = filled(mask)
        masks[name] = dilate(mask, cut.dilation_mm, spacing)
        if prefers_air(values, body, np.ones_like(body) if in_frame is None else in_frame, levels[name]):
            warnings.append(_inverted(name, "in the air round the patient than in the patient"))
    union = np.logical_or.reduce(list(masks.values()))
    return Region(union, masks, smoothed, "clip", thresholds=levels, warnings=tuple(warnings))


def _fixed_levels(
    smoothed: Mapping[str, np.ndarray], body: np.ndarray, threshold: float
) -> tuple[dict[str, float], list[str]]:
    """One threshold for all, raised where the union of the regions would cover nearly the whole body; warnings."""
    warnings = []
    if threshold < LOW_THRESHOLD:
        warnings.append(
            f"threshold {threshold:g} is below {LOW_THRESHOLD}: the region may hold much that was not asked for"
        )
    for level in (threshold, *(t for t in RAISED if t > threshold)):
        covered = share(np.logical_or.reduce([p >= level for p in smoothed.values()]), body)
        if covered <= NEARLY_ALL:
            break
        warnings.append(f"the region covers {covered:.0%} of the body at threshold {level:g}")
    if level > threshold:
        warnings.append(f"threshold raised from {threshold:g} to {level:g}")
    return dict.fromkeys(smoothed, level), warnings


def _otsu_levels(
    smoothed: Mapping[str, np.ndarray], body: np.ndarray, threshold: float
) -> tuple[dict[str, float], list[str]]:
    """Otsu's threshold of each similarity in the body; the fixed one for those where it is refused; warnings."""
    separated = {name: otsu(values[body]) for name, values in smoothed.items()}
    levels = {name: level for name, level in separated.items() if level is not None}
    refused = {name: values for name, values in smoothed.items() if name not in levels}
    if not refused:
        return levels, []
    fixed, warnings = _fixed_levels(refused, body, threshold)
    said = [
        f"Otsu's threshold is refused for {_called(name)}, whose similarity has no two levels: {level:g} is used"
        for name, level in fixed.items()
    ]
    return {name: (levels | fixed)[name] for name in smoothed}, said + warnings


def _called(name: str) -> str:
    return name.replace("_", " ")


def _inverted(name: str, where: str) -> str:
    return (
        f"the similarity to {_called(name)} looks inverted, higher {where}: "
        "try another strategy, other words or negative prompts"
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
        warnings = (f"{dilation_mm:g} mm round the prediction fill the slice: the region leaves nothing out; a smaller "
                    "dilation gives a smaller one",)  # fmt: skip
    return Region(union, masks, source="prediction", warnings=warnings)


def checked(region: Region, predictions: Mapping[str, np.ndarray], spacing: tuple[float, float]) -> Region:
    """A region held against the model's own prediction.

    An empty region becomes the prediction's box, a little wider, and stays empty if there is no prediction either. One
    that misses most of the prediction is kept, because that may be the finding, but it is said; so is a similarity that
    is higher around what the model predicts than in it.

    Parameters
    ----------
    region : Region
    predictions : mapping of structure to ndarray of bool, shape (H, W)
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.

    Returns
    -------
    Region
        The same where nothing is to be said of it.
    """
    predicted = np.logical_or.reduce(list(predictions.values()))
    warnings = region.warnings
    for name, mask in predictions.items():
        if name in region.similarity and avoids(region.similarity[name], mask, spacing):
            warnings += (_inverted(name, "around the model's prediction than in it"),)
    if region.mask.any():
        if region_recall(region.mask, predicted) < LOW_RECALL:
            warnings += (f"the region holds less than {LOW_RECALL:.0%} of the prediction",)
        return region if warnings == region.warnings else replace(region, warnings=warnings)
    if not predicted.any():
        return region
    boxes = {name: box_around(m, BOX_MARGIN_MM, spacing) if m.any() else m for name, m in predictions.items()}
    reason = f"the {region.source} region is empty"
    warnings += (f"{reason}: the box of the model's prediction, {BOX_MARGIN_MM:g} mm wider, is used",)
    union = np.logical_or.reduce(list(boxes.values()))
    return replace(region, mask=union, masks=boxes, source="box", reason=reason, warnings=warnings)


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
