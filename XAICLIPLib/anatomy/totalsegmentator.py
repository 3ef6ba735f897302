"""The label numbers of TotalSegmentator 2."""

from __future__ import annotations

from XAICLIPLib.anatomy.names import match
from XAICLIPLib.anatomy.table import RIBS, STRUCTURES, VERTEBRAE
from XAICLIPLib.errors import InputError

# Class names of TotalSegmentator 2 in the order of their ids, from 1: `total` for CT, `total_mr` for MR.
_ORGANS = "spleen kidney_right kidney_left gallbladder liver stomach pancreas adrenal_gland_right adrenal_gland_left"
_LIMBS = " ".join(f"{bone}_left {bone}_right" for bone in ("humerus", "scapula", "clavicula", "femur", "hip"))
_MUSCLES = " ".join(
    f"{muscle}_left {muscle}_right"
    for muscle in ("gluteus_maximus", "gluteus_medius", "gluteus_minimus", "autochthon", "iliopsoas")
)
_TOTAL = {
    "CT": (
        f"{_ORGANS} lung_upper_lobe_left lung_lower_lobe_left lung_upper_lobe_right lung_middle_lobe_right "
        "lung_lower_lobe_right esophagus trachea thyroid_gland small_bowel duodenum colon urinary_bladder prostate "
        f"kidney_cyst_left kidney_cyst_right sacrum vertebrae_S1 {' '.join(VERTEBRAE)} heart aorta pulmonary_vein "
        "brachiocephalic_trunk subclavian_artery_right subclavian_artery_left common_carotid_artery_right "
        "common_carotid_artery_left brachiocephalic_vein_left brachiocephalic_vein_right atrial_appendage_left "
        "superior_vena_cava inferior_vena_cava portal_vein_and_splenic_vein iliac_artery_left iliac_artery_right "
        f"iliac_vena_left iliac_vena_right {_LIMBS} spinal_cord {_MUSCLES} brain skull "
        f"{' '.join(r.format(s) for s in ('left', 'right') for r in RIBS)} sternum costal_cartilages"
    ).split(),
    "MR": (
        f"{_ORGANS} lung_left lung_right esophagus small_bowel duodenum colon urinary_bladder prostate sacrum "
        "vertebrae intervertebral_discs spinal_cord heart aorta inferior_vena_cava portal_vein_and_splenic_vein "
        f"iliac_artery_left iliac_artery_right iliac_vena_left iliac_vena_right {_LIMBS} {_MUSCLES} brain"
    ).split(),
}


def total_segmentator_ids(modality: str) -> dict[str, tuple[int, ...]]:
    """Ids in a TotalSegmentator label map, by the names of this table and by TotalSegmentator's own names.

    What it does not label as a whole is left out (bone, muscle); its portal vein includes the splenic vein.

    Parameters
    ----------
    modality : str
        "CT" (task `total`) or "MR" (task `total_mr`).

    Returns
    -------
    dict of str to tuple of int
        Several ids for what is made of several labels.

    Raises
    ------
    InputError
        If TotalSegmentator has no label map for this modality.
    """
    classes = _TOTAL.get(modality.upper())
    if classes is None:
        raise InputError(f"TotalSegmentator labels CT and MR, not {modality!r}; give a mask of the structure instead")
    number = {name: i for i, name in enumerate(classes, start=1)}
    ids: dict[str, tuple[int, ...]] = {name: (i,) for name, i in number.items()}
    for structure in STRUCTURES:
        parts = match(structure.name, classes)
        if structure.name == "spine":
            parts = (*parts, "sacrum")  # MR has one class of vertebrae, which is all that `match` finds
        if parts:
            ids[structure.name] = tuple(sorted({number[p] for p in parts}))
    return ids
