"""Whose numbers the labels of a map may be: published numberings, by which a structure is found where no name is given.

Sources: TotalSegmentator's `map_to_binary.py` (`total`, `total_mr`, `total_v1`); the challenges' own descriptions of
AMOS22, BTCV ("Beyond the Cranial Vault", Synapse), FLARE22 and CHAOS, the latter two as `XAICLIPLib.datasets` reads
them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError


@dataclass(frozen=True)
class Numbering:
    """The numbers of one data set's or program's label maps.

    Attributes
    ----------
    key : str
        As it is written after a file: "amos".
    title : str
        As people call it.
    labels : mapping of int to str
        Each number's structure.
    groups : mapping of str to tuple of int
        Structures that several numbers make up, beside those that `anatomy` knows the parts of.
    """

    key: str
    title: str
    labels: Mapping[int, str]
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def numbers(self, structure: str) -> tuple[int, ...]:
        """The numbers of a structure.

        Parameters
        ----------
        structure : str
            Its name in `anatomy`, or any other spelling.

        Returns
        -------
        tuple of int
            Empty where it has none.
        """
        if structure in self.groups:
            return self.groups[structure]
        names = anatomy.match(structure, tuple(self.labels.values()))
        return tuple(number for number, name in self.labels.items() if name in names)


_SPINE = [f"vertebrae_{part}{i}" for part, last in (("L", 5), ("T", 12), ("C", 7)) for i in range(last, 0, -1)]
_V1 = (
    "spleen kidney_right kidney_left gallbladder liver stomach aorta inferior_vena_cava portal_vein_and_splenic_vein "
    "pancreas adrenal_gland_right adrenal_gland_left lung_upper_lobe_left lung_lower_lobe_left lung_upper_lobe_right "
    f"lung_middle_lobe_right lung_lower_lobe_right {' '.join(_SPINE)} esophagus trachea heart_myocardium "
    "heart_atrium_left heart_ventricle_left heart_atrium_right heart_ventricle_right pulmonary_artery brain "
    "iliac_artery_left iliac_artery_right iliac_vena_left iliac_vena_right small_bowel duodenum colon "
    f"{' '.join(f'rib_{side}_{i}' for side in ('left', 'right') for i in range(1, 13))} humerus_left humerus_right "
    "scapula_left scapula_right clavicula_left clavicula_right femur_left femur_right hip_left hip_right sacrum face "
    "gluteus_maximus_left gluteus_maximus_right gluteus_medius_left gluteus_medius_right gluteus_minimus_left "
    "gluteus_minimus_right autochthon_left autochthon_right iliopsoas_left iliopsoas_right urinary_bladder"
).split()
_V3_L6 = 26  # where `total` has vertebrae_S1
_AMOS = (
    "spleen", "right kidney", "left kidney", "gallbladder", "esophagus", "liver", "stomach", "aorta",
    "inferior vena cava", "pancreas", "right adrenal gland", "left adrenal gland", "duodenum", "urinary bladder",
    "prostate or uterus",
)  # fmt: skip
_BTCV = (
    "spleen", "right kidney", "left kidney", "gallbladder", "esophagus", "liver", "stomach", "aorta",
    "inferior vena cava", "portal vein and splenic vein", "pancreas", "right adrenal gland", "left adrenal gland",
)  # fmt: skip
KEYS = (
    *("totalsegmentator", "totalsegmentator-mr", "totalsegmentator-v3", "totalsegmentator-v1"),
    *("amos", "btcv", "flare22", "chaos", "phantom"),
)
_SPELLINGS = {
    "totalsegmentator2": "totalsegmentator", "totalsegmentatorv2": "totalsegmentator", "total": "totalsegmentator",
    "totalmr": "totalsegmentator-mr", "totalsegmentatorv2mr": "totalsegmentator-mr",
    "totalsegmentator3": "totalsegmentator-v3", "totalv3": "totalsegmentator-v3",
    "totalsegmentator1": "totalsegmentator-v1", "totalv1": "totalsegmentator-v1", "amos22": "amos", "flare": "flare22",
    "synapse": "btcv", **{key.replace("-", ""): key for key in KEYS},
}  # fmt: skip


def key_of(text: str) -> str | None:
    """The key of a numbering by its name in any spelling.

    Parameters
    ----------
    text : str
        Such as "AMOS22" or "TotalSegmentator v1".

    Returns
    -------
    str or None
        One of `KEYS`; None where it is none.
    """
    return _SPELLINGS.get(re.sub(r"[\W_]", "", text).casefold())


@cache
def numbering(key: str, modality: str = "CT") -> Numbering:
    """A numbering by its key; TotalSegmentator's goes by the scan's modality, CT or MR.

    Parameters
    ----------
    key : str
        One of `KEYS`.
    modality : str
        The scan's, "CT" or "MR".

    Returns
    -------
    Numbering

    Raises
    ------
    InputError
        If there is no such numbering, or TotalSegmentator has none for the modality.
    """
    # the data sets read pictures: they are imported where they are wanted
    if key.startswith("totalsegmentator") and key != "totalsegmentator-v1":
        third = key == "totalsegmentator-v3"  # for CT
        modality = "MR" if key.endswith("-mr") else "CT" if third else modality.upper()
        title = "TotalSegmentator 2" if modality == "CT" else f"TotalSegmentator 2 for {modality}"
        ids = anatomy.total_segmentator_ids(modality)
        labels: dict[int, str] = {}
        for name, numbers in ids.items():
            if len(numbers) == 1:
                labels.setdefault(numbers[0], name)  # its own names come first
        if third:
            title, labels = "TotalSegmentator's total_v3", {**labels, _V3_L6: "vertebrae_L6"}
        return Numbering(key, title, labels, {"spine": ids["spine"]})  # with the sacrum, in both
    if key == "totalsegmentator-v1":
        heart = tuple(n for n, name in enumerate(_V1, 1) if name.startswith("heart_"))
        return Numbering(key, "TotalSegmentator 1", dict(enumerate(_V1, 1)), {"heart": heart})
    if key == "amos":
        return Numbering(key, "AMOS", dict(enumerate(_AMOS, 1)))
    if key == "btcv":
        return Numbering(key, "BTCV", dict(enumerate(_BTCV, 1)))
    if key == "flare22":
        from XAICLIPLib.datasets.flare22 import NUMBERS

        return Numbering(key, "FLARE22", {number: name for name, number in NUMBERS.items()})
    if key == "chaos":
        from XAICLIPLib.datasets.chaos import MR_NUMBERS, RANGES

        grey = {n: name for name, (low, high) in RANGES.items() for n in range(low, high + 1)}
        return Numbering(key, "CHAOS", {number: name for name, number in MR_NUMBERS.items()} | grey)
    if key == "phantom":
        from XAICLIPLib.phantom import PHANTOM_LABELS, TABLE_LABEL

        return Numbering(key, "the phantom", {n: name for name, n in PHANTOM_LABELS.items()} | {TABLE_LABEL: "table"})
    raise InputError(f"there is no numbering {key!r}; choose one of {', '.join(KEYS)}")
