"""Headers of images that results copy from: odd values are mended, or left out where they can't be."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom import DataElement, Dataset

# What an object of a study says again of its patient, study and frame of reference; highdicom copies it and is strict.
COPIED = (
    "PatientID", "PatientName", "PatientBirthDate", "PatientSex", "PatientAge", "PatientSize", "PatientWeight",
    "PatientBirthTime", "EthnicGroup", "Occupation", "AdditionalPatientHistory", "PatientComments", "OtherPatientIDs",
    "IssuerOfPatientID", "AccessionNumber", "StudyID", "StudyDate", "StudyTime", "StudyDescription",
    "ReferringPhysicianName", "PositionReferenceIndicator", "SeriesNumber", "SeriesDate", "SeriesTime", "ContentDate",
    "ContentTime", "AcquisitionDate", "AcquisitionTime", "InstanceNumber", "AcquisitionNumber", "SliceThickness",
    "SpacingBetweenSlices", "Laterality", "BodyPartExamined", "PatientPosition", "ImageType", "PatientOrientation",
    "NumberOfFrames", "ClinicalTrialSponsorName",
)  # fmt: skip
_EMPTY = {
    "PatientID", "PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "StudyDate",
    "StudyTime", "ReferringPhysicianName", "SeriesNumber",
}  # fmt: skip
_RANGE = {"IS": (-(2**31), 2**31 - 1)}
_TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?")
_DATE = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_CODE = re.compile(r"[A-Z0-9 _]{0,16}")
_CHOICES = {"PatientSex": ("M", "F", "O", ""), "Laterality": ("L", "R", "")}
_LENGTHS = {"LO": 64, "SH": 16, "PN": 5 * 64, "ST": 1024, "LT": 10240}


def mend(image: Dataset) -> dict[str, str]:
    """Correct what results copy from an image, or take it out.

    Parameters
    ----------
    image : Dataset
        Changed in place.

    Returns
    -------
    dict of keyword to text
        What was taken out, and why; nothing of the values of a name.
    """
    gone = {}
    for keyword in COPIED:
        if keyword not in image:
            continue
        reason = _mended(image, keyword)
        if reason:
            gone[keyword] = reason
            del image[keyword]
            if keyword in _EMPTY:
                setattr(image, keyword, None)
    return gone


def _mended(image: Dataset, keyword: str) -> str:
    """Why a value can't be used; empty where it can, or was corrected."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            element = image[keyword]
            return _checked(image, keyword, element)
    except Exception:  # whatever pydicom meets in it: the value is not needed
        return "a value that can't be read"


def _checked(image: Dataset, keyword: str, element: DataElement) -> str:
    values = element.value if element.VM > 1 else [element.value]
    texts = ["" if value is None else str(value).strip(" \0") for value in values]
    kind = element.VR
    if kind == "TM":
        fixed = [text.replace(":", "") for text in texts]
        if not all(text == "" or _TIME.fullmatch(text) for text in fixed):
            return "no time"
    elif kind == "DA":
        fixed = [re.sub(r"[.\-/]", "", text) for text in texts]
        if not all(text == "" or _DATE.fullmatch(text) for text in fixed):
            return "no date"
    elif kind == "CS":
        fixed = [text.upper() for text in texts]
        if not all(_CODE.fullmatch(text) and text in _CHOICES.get(keyword, (text,)) for text in fixed):
            return "no code that is defined"
    elif kind == "IS":
        if not all(text == "" or _RANGE[kind][0] <= float(text) <= _RANGE[kind][1] for text in texts):
            return "beyond what an integer text can hold"
        if not all(text == "" or float(text) == int(float(text)) for text in texts):
            return "no whole number"
        if keyword == "SeriesNumber" and texts[0] and int(float(texts[0])) < 0:
            return "a negative number"
        return ""
    elif kind == "DS":
        return "" if all(text == "" or abs(float(text)) < 1e300 for text in texts) else "no number"
    elif kind in _LENGTHS:
        long = any(len(text) > _LENGTHS[kind] for text in texts)
        if not long:
            return ""
        if kind == "PN":
            return "a name that is too long"
        fixed = [text[: _LENGTHS[kind]] for text in texts]
    else:
        return ""
    if fixed != [str(value) for value in values]:
        setattr(image, keyword, fixed if element.VM > 1 else fixed[0])
    return ""
