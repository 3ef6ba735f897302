"""What a vision-language model is asked: texts that mean a structure, and texts that mean what it is not."""

from __future__ import annotations

from XAICLIPLib.anatomy.names import key_of
from XAICLIPLib.anatomy.table import Structure

# What is not the structure, for models that only rank texts against each other.
BACKGROUND_TEXTS: tuple[str, ...] = (
    "background", "air around the patient", "the table of the scanner", "fat", "muscle", "bone", "blood vessels",
    "bowel gas", "other soft tissue",
)  # fmt: skip
_MADE_OF = {
    "bone": {"spine", "sacrum", "rib", "sternum", "femur", "femurs", "hip", "hips", "skull"},
    "muscle": {"iliopsoas", "heart"},
    "blood vessels": {"aorta", "inferior_vena_cava", "superior_vena_cava", "portal_vein", "pulmonary_artery"},
    "bowel gas": {"stomach", "duodenum", "bowel", "small_bowel", "colon"},
}


def background_texts(structure: Structure) -> tuple[str, ...]:
    """`BACKGROUND_TEXTS` without those that mean the structure itself, what it is made of or what it holds.

    Parameters
    ----------
    structure : Structure

    Returns
    -------
    tuple of str
    """
    names = {structure.name, structure.name.removesuffix(f"_{structure.laterality}")}
    word_sets = [set(key_of(text)[0]) for text in (structure.label, *structure.synonyms)]
    return tuple(
        p for p in BACKGROUND_TEXTS
        if names.isdisjoint(_MADE_OF.get(p, ())) and not any(words.issuperset(key_of(p)[0]) for words in word_sets)
    )  # fmt: skip


_SCANS = {"CT": "a CT", "MR": "an MR", "US": "an ultrasound", "PT": "a PET"}
_TEMPLATES = ("{0}", "the {0}", "{1} scan showing the {0}", "the {0} on an axial {2} slice", "{1} image of the {0}")


def texts(structure: Structure, modality: str = "CT") -> tuple[str, ...]:
    """Texts whose embeddings are averaged: label and synonyms, each in a few sentences.

    A description of more than four words that is in no table is a text already and stays as it is.

    Parameters
    ----------
    structure : Structure
    modality : str
        The scan's; "CT", "MR", "US" and "PT" have sentences of their own.

    Returns
    -------
    tuple of str
        The plain label comes first.
    """
    if not structure.code and len(structure.label.split()) > 4:
        return (structure.label,)
    scan = _SCANS.get(modality.upper(), "a medical")
    noun = scan.partition(" ")[2]
    phrases = (structure.label, *structure.synonyms)
    return tuple(dict.fromkeys(t.format(p, scan, noun) for p in phrases for t in _TEMPLATES))
