"""With which other fill a run is tested: a gentle one where its own takes much away, the coarsest where it does not.

Black pixels are foreign to a model, so that what they do may be about the black: a gentler fill has to agree. A blurred
or a mean organ may still look like one, so that what is "drawn without being seen" may well be seen: there a fill that
does take it away has to agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from XAICLIPLib.metrics.reasons import OTHER_FILL

OTHER_FILLS = ("blur", "local_mean", "mean", "zero")  # from the gentlest to the coarsest
GENTLE = 0.5  # share of the largest effect below which a run's own fill takes little away


def choose_other_fill(effects: Mapping[str, float], own: float) -> str:
    """Choose the fill of the test.

    Parameters
    ----------
    effects : mapping of str to float
        By how much the score changes when the whole region is filled, ≥ 0, of each fill but the run's own, from the
        gentlest to the coarsest.
    own : float
        The same of the run's own fill.

    Returns
    -------
    str
        The one that does most where the run's own does less than half of that; else the gentlest that does a tenth of
        what any does.

    Example
    -------
    >>> choose_other_fill({"blur": 0.02, "local_mean": 0.2, "mean": 0.5}, own=0.9)
    'local_mean'
    >>> choose_other_fill({"local_mean": 0.2, "mean": 0.5, "zero": 0.9}, own=0.02)
    'zero'
    """
    most = max(effects, key=effects.__getitem__)
    largest = max(own, effects[most])
    if own < GENTLE * largest:
        return most
    return next((name for name, effect in effects.items() if effect >= OTHER_FILL * largest), most)
