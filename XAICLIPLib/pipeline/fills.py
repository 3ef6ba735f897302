"""With what places are hidden on a model's image: tissues as numbers, and one fill for each of several images."""

from __future__ import annotations

from collections.abc import Callable

from XAICLIPLib.attribution.fill import HOUNSFIELD, KEEP
from XAICLIPLib.attribution.methods.base import Fill
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.scan import Scan
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Prepared


def fill_on(case: Case, prepared: Prepared) -> Fill:
    """The request's fill in values of the prepared image.

    Parameters
    ----------
    case : Case
    prepared : Prepared

    Returns
    -------
    Fill
        Where the case has several images, and they have not all the same, one for each, "keep" for those in which
        nothing is hidden.

    Raises
    ------
    InputError
        If it is a CT number, and the image is no CT; or there are not as many fills as images.
    """
    fill = case.request.method.fill
    if len(case.scans) == 1:
        _check_count(fill, 1)
        one = fill[0] if isinstance(fill, tuple) else fill
        if len(prepared.values) > 1 and one in HOUNSFIELD:  # one scan as several networks of a model normalise it
            return tuple(_of_tissue(case.scan, value, one, "this scan") for value in prepared.values)
        return _of_tissue(case.scan, prepared.value, one, "this scan")
    each = fills_of(case, prepared, case.perturbed)
    return fill if each == (fill,) * len(each) else each


def fills_of(case: Case, prepared: Prepared, images: tuple[int, ...]) -> tuple[str | float, ...]:
    """The request's fill of each image, for hiding places in some of them.

    Parameters
    ----------
    case : Case
        With several images.
    prepared : Prepared
    images : tuple of int
        Their numbers, from 0.

    Returns
    -------
    tuple of str and float
        "keep" for the others.

    Raises
    ------
    InputError
        As `fill_on`.
    """
    fill, count = case.request.method.fill, len(case.scans)
    _check_count(fill, count)
    asked = fill if isinstance(fill, tuple) else (fill,) * count
    values = prepared.values or (prepared.value,) * count
    return tuple(
        _of_tissue(scan, value, one, case.image_names[number]) if number in images else KEEP
        for number, (scan, value, one) in enumerate(zip(case.scans, values, asked))
    )


def _check_count(fill: Fill, count: int) -> None:
    if isinstance(fill, tuple) and len(fill) != count:
        raise InputError(
            f"there are {len(fill)} fills for {count} image{'s' * (count > 1)}; give one for all, or one for each"
        )


def _of_tissue(scan: Scan, value: Callable[[float], float], fill: Fill, what: str) -> Fill:
    """A fill by the name of a tissue as the number that it is in the model's image."""
    if not isinstance(fill, str) or fill not in HOUNSFIELD:
        return fill
    if scan.modality != "CT":
        raise InputError(
            Message(
                "fill {fill} is a CT number; {what} is {modality}: choose blur or mean, or say --modality CT if it "
                "is one",
                fill=repr(fill),
                what=what,
                modality=scan.taken_for.words,
            )  # fmt: skip
            if scan.taken_for.guessed
            else Message(
                "fill {fill} is a CT number; {what} is {modality}: choose blur or mean",
                fill=repr(fill),
                what=what,
                modality=scan.taken_for.words,
            )  # fmt: skip
        )
    return value(HOUNSFIELD[fill])
