"""Where similarities are cut: at one threshold for all structures, or at Otsu's of each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from XAICLIPLib.message import Message, Term
from XAICLIPLib.roi.quality import share

THRESHOLD = 0.5
RAISED = (0.6, 0.7)
LOW_THRESHOLD = 0.3
NEARLY_ALL = 0.9
SEPARABLE = 0.8  # Otsu's share of the variance that lies between the two classes; a uniform distribution has 0.75
STEP = 0.1  # probability between the two classes' means; less is noise


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


def fixed_levels(
    smoothed: Mapping[str, np.ndarray], body: np.ndarray, threshold: float
) -> tuple[dict[str, float], list[str]]:
    """One threshold for all, raised where the union of the regions would cover nearly the whole body.

    Parameters
    ----------
    smoothed : mapping of structure to ndarray, shape (H, W)
        Probabilities in [0, 1].
    body : ndarray of bool, shape (H, W)
        Without holes.
    threshold : float
        In [0, 1].

    Returns
    -------
    levels : dict of structure to float
    warnings : list of str
    """
    warnings: list[str] = []
    if threshold < LOW_THRESHOLD:
        warnings.append(
            Message(
                "threshold {threshold:g} is below {least}: the region may hold much that was not asked for",
                threshold=threshold,
                least=LOW_THRESHOLD,
            )  # fmt: skip
        )
    for level in (threshold, *(t for t in RAISED if t > threshold)):
        covered = share(np.logical_or.reduce([p >= level for p in smoothed.values()]), body)
        if covered <= NEARLY_ALL:
            break
        warnings.append(Message(
            "the region covers {share:.0%} of the body at threshold {level:g}",
            share=covered, level=level,
        ))  # fmt: skip
    if level > threshold:
        warnings.append(Message("threshold raised from {threshold:g} to {level:g}", threshold=threshold, level=level))
    return dict.fromkeys(smoothed, level), warnings


def otsu_levels(
    smoothed: Mapping[str, np.ndarray], body: np.ndarray, threshold: float
) -> tuple[dict[str, float], list[str]]:
    """Otsu's threshold of each similarity in the body, and the fixed one for those where it is refused.

    Parameters
    ----------
    smoothed : mapping of structure to ndarray, shape (H, W)
        Probabilities in [0, 1].
    body : ndarray of bool, shape (H, W)
        Without holes.
    threshold : float
        The fixed one, in [0, 1].

    Returns
    -------
    levels : dict of structure to float
    warnings : list of str
    """
    separated = {name: otsu(values[body]) for name, values in smoothed.items()}
    levels = {name: level for name, level in separated.items() if level is not None}
    refused = {name: values for name, values in smoothed.items() if name not in levels}
    if not refused:
        return levels, []
    fixed, warnings = fixed_levels(refused, body, threshold)
    said = [
        Message(
            "Otsu's threshold is refused for {structure}, whose similarity has no two levels: {level:g} is used",
            structure=Term(name_in_words(name)),
            level=level,
        )  # fmt: skip
        for name, level in fixed.items()
    ]
    return {name: (levels | fixed)[name] for name in smoothed}, said + warnings


def name_in_words(name: str) -> str:
    """A structure's name as people write it.

    Parameters
    ----------
    name : str
        As models call it: "kidney_left".

    Returns
    -------
    str
    """
    return name.replace("_", " ")
