"""Numbers in words that a person reads: durations, and what a score and a map's values are."""

from __future__ import annotations

from collections.abc import Mapping

_SCORES = {
    "dice": "Dice of the model's mask and",
    "soft_dice": "soft Dice of the model's probabilities and",
    "confidence": "mean probability inside",
}
_SHORT = {"dice": "Dice", "soft_dice": "soft Dice", "confidence": "mean probability"}


def duration(seconds: float) -> str:
    """A duration with the unit that fits it.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str
        Such as "12 ms", "3.4 s", "48 s", "2 min 9 s", "3 h 20 min".
    """
    if seconds < 0.9995:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    minutes = round(seconds / 60)
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def score_short(score: str) -> str:
    """A score in a word or two.

    Parameters
    ----------
    score : str
        "dice", "soft_dice" or "confidence".

    Returns
    -------
    str
    """
    return _SHORT[score]


def score_of(report: Mapping) -> str:
    """What the score of a run is: of what, against what.

    Parameters
    ----------
    report : mapping
        Everything `report.json` holds.

    Returns
    -------
    str
    """
    against = "the reference" if report["reference_given"] else "its own unperturbed mask"
    return f"{_SCORES[report['request']['score']]} {against}"


def value_of(method: Mapping) -> str:
    """What a value of a method's map is: the drop of the score, but for RISE's raw estimator.

    Parameters
    ----------
    method : mapping
        The method's settings, as in `report.json`.

    Returns
    -------
    str
        "drop" or "mean score".
    """
    return "mean score" if method.get("estimator") == "raw" else "drop"
