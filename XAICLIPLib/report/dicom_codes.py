"""Structures as DICOM codes them, and segments that carry the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from XAICLIPLib import anatomy

if TYPE_CHECKING:
    from highdicom import AlgorithmIdentificationSequence
    from highdicom.seg import SegmentDescription
    from highdicom.sr import CodedConcept
    from pydicom import Sequence as Items

PRIVATE_SCHEME = "99XAICLIP"  # of codes for structures that only their text describes
LONGEST_TEXT = 64  # longest value of LO


def _concept(code: anatomy.Code) -> CodedConcept:
    from highdicom.sr import CodedConcept

    scheme, value, meaning = code
    return CodedConcept(value, scheme, meaning)


def codes_of(entry: Mapping) -> tuple[CodedConcept, CodedConcept, list[CodedConcept]]:
    """Category, type with its side, and anatomic regions of a structure.

    Parameters
    ----------
    entry : mapping
        The structure, one of ``report["structures"]``.

    Returns
    -------
    category, kind : CodedConcept
    regions : list of CodedConcept
    """
    from pydicom import Sequence as Items

    known, kind = _known(entry)
    if known is None:
        return _concept(anatomy.ANATOMY), kind, []
    if known.modifier:
        kind.SegmentedPropertyTypeModifierCodeSequence = Items([_concept(known.modifier)])
    return _concept(known.category), kind, [_concept(known.region)] if known.region else []


def as_place(entry: Mapping) -> CodedConcept:
    """A structure as the anatomic region of something else.

    Parameters
    ----------
    entry : mapping
        The structure, one of ``report["structures"]``.

    Returns
    -------
    CodedConcept
    """
    from pydicom import Sequence as Items

    known, kind = _known(entry)
    if known is not None and known.region:
        return _concept(known.region)
    if known is not None and known.modifier:
        kind.AnatomicRegionModifierSequence = Items([_concept(known.modifier)])
    return kind


def frame_anatomy(entry: Mapping) -> Items:
    """What a map is about, as every frame says it.

    Parameters
    ----------
    entry : mapping
        The structure, one of ``report["structures"]``.

    Returns
    -------
    Sequence of Dataset
        With the laterality L, R or B; U where it is neither left nor right, or not known.
    """
    from pydicom import Dataset
    from pydicom import Sequence as Items

    known, kind = _known(entry)
    about = Dataset()
    about.AnatomicRegionSequence = Items([_concept(known.region) if known is not None and known.region else kind])
    side = known.modifier[2].lower() if known is not None and known.modifier else ""
    about.FrameLaterality = {"left": "L", "right": "R", "right and left": "B"}.get(side, "U")
    return Items([about])


def _known(entry: Mapping) -> tuple[anatomy.Structure | None, CodedConcept]:
    """The structure as the table has it, None for one that only its text describes, and the code of its type."""
    known = anatomy.describe(entry["name"])
    if not entry["snomed_ct"] or known.code != entry["snomed_ct"]:
        return None, _concept((PRIVATE_SCHEME, entry["name"], entry["label"][:LONGEST_TEXT]))
    return known, _concept(("SCT", known.code, known.code_meaning))


def segment_description(
    number: int,
    label: str,
    category: CodedConcept,
    kind: CodedConcept,
    regions: list[CodedConcept],
    colour: Sequence[int],
    algorithm: AlgorithmIdentificationSequence,
) -> SegmentDescription:
    """What a segmentation says of a segment.

    Parameters
    ----------
    number : int
        From 1.
    label : str
        Cut to what DICOM allows.
    category, kind : CodedConcept
    regions : list of CodedConcept
        May be empty.
    colour : sequence of 3 ints
        Red, green, blue, 0 to 255.
    algorithm : AlgorithmIdentificationSequence

    Returns
    -------
    SegmentDescription
    """
    from highdicom.color import CIELabColor
    from highdicom.seg import SegmentDescription

    return SegmentDescription(
        segment_number=number,
        segment_label=label[:LONGEST_TEXT],
        segmented_property_category=category,
        segmented_property_type=kind,
        algorithm_type="AUTOMATIC",
        algorithm_identification=algorithm,
        anatomic_regions=regions or None,
        display_color=CIELabColor.from_rgb(*colour),
    )
