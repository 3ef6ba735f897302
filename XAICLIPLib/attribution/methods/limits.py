"""How settings give sizes and limits: units, how they are read from text, and how large and many anything may be."""

from __future__ import annotations

import math

from XAICLIPLib.errors import InputError

UNITS = ("pixel", "px512", "mm")
LARGEST = 1e5  # no image is wider, in any unit
MOST_PATCHES = 2_000_000
MOST_SAMPLES = 1_000_000
MOST_CELLS = 1024
STOP_EARLY = "stop once the standard error is below this share of the largest drop"


def size_of(text: str) -> tuple[float, str]:
    """A size with its unit: "40mm", "25px" (of the image), "64" (of an image 512 pixels wide).

    Parameters
    ----------
    text : str

    Returns
    -------
    size : float
    unit : str
        "mm", "pixel" or "px512".

    Raises
    ------
    InputError
        If it is none of these.
    """
    plain = text.strip().lower().replace(" ", "")
    for ending, unit in (("mm", "mm"), ("px512", "px512"), ("pixels", "pixel"), ("px", "pixel"), ("", "px512")):
        if plain.endswith(ending):
            try:
                value = float(plain.removesuffix(ending))
            except ValueError:
                continue
            if math.isfinite(value):
                return value, unit
    raise InputError(f"size {text!r}: write 64, 25px or 40mm")


def check_tolerance(tolerance: float | None) -> None:
    """Refuse a share of the largest drop at which a method may stop early that is none.

    Parameters
    ----------
    tolerance : float, optional
        None where the method runs to its end.

    Raises
    ------
    InputError
        If it is not above 0.
    """
    if tolerance is not None and tolerance <= 0:
        raise InputError(f"tolerance is {tolerance}; it is a share of the largest drop, above 0, such as 0.1")
