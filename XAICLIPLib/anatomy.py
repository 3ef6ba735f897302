"""Structures by name: synonyms, sides, prompts for vision-language models, SNOMED CT codes, display colours.

Codes are those of DICOM PS3.16 and Slicer's terminologies, class ids those of TotalSegmentator 2. Colours are Slicer's own (its
generic anatomy colours); where two of those look alike, one is replaced. Text that is in no table is still a structure.
"""

from __future__ import annotations

import colorsys
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from XAICLIPLib.errors import InputError

Code = tuple[str, str, str]  # coding scheme, value, meaning
ANATOMY: Code = ("SCT", "123037004", "Anatomical Structure")
ALTERED: Code = ("SCT", "49755003", "Morphologically Altered Structure")
TISSUE: Code = ("SCT", "85756007", "Tissue")
SIDES: dict[str, Code] = {
    "right": ("SCT", "24028007", "Right"),
    "left": ("SCT", "7771000", "Left"),
    "both": ("SCT", "51440002", "Right and left"),
}


@dataclass(frozen=True)
class Structure:
    """One thing that can be asked about.

    Attributes
    ----------
    name : str
        As models call it: "kidney_right".
    label : str
        As people do: "right kidney".
    synonyms : tuple of str
        Other phrases that read well in a sentence; they become prompts.
    laterality : str
        "right" or "left" of the patient; empty for what is on neither or both sides.
    code, code_meaning : str
        SNOMED CT concept of the type; empty for a structure that only its text describes.
    colour : tuple of 3 ints
        Red, green, blue, 0 to 255.
    members : tuple of str
        Names of the parts that together are this structure, such as both sides.
    aliases : tuple of str
        Adjectives and short forms by which it is found, but which make no good prompts.
    category : Code
    region : Code, optional
        Where it is, for what is no anatomical structure itself.
    """

    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    laterality: str = ""
    code: str = ""
    code_meaning: str = ""
    colour: tuple[int, int, int] = (128, 174, 128)
    members: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    category: Code = ANATOMY
    region: Code | None = None

    @property
    def modifier(self) -> Code | None:
        """The code of its side; "Right and left" for a pair, None where it has no side."""
        pair = {m.rpartition("_")[2] for m in self.members} == {"right", "left"}
        return SIDES.get(self.laterality or ("both" if pair else ""))

    def terminology(self) -> str:
        """The terminology entry of a Slicer segment; empty for a structure without a code."""
        if not self.code:
            return ""
        kind = ("SCT", self.code, self.code_meaning)
        codes = ["^".join(c or ("", "", "")) for c in (self.category, kind, self.modifier, self.region, None)]
        types, regions = "Segmentation category and type - DICOM master list", "Anatomic codes - DICOM master list"
        return "~".join([types, *codes[:3], regions, *codes[3:]])


def _one(name, code, meaning, colour, synonyms="", aliases="", **more) -> tuple[Structure, ...]:
    label = name.replace("_", " ")
    return (Structure(name, label, _list(synonyms), "", code, meaning, colour, aliases=_list(aliases), **more),)


def _pair(whole, side, code, meaning, colour, synonyms="", aliases="", **names) -> tuple[Structure, ...]:
    """Both sides together, the right one and the left one.

    Of `names`, "label" is what one side is called (default: its name), "short" its letter behind R or L, and "parts"
    are templates of the names of a side's own parts.
    """
    label, short = names.get("label") or side.replace("_", " "), names.get("short", "")
    phrases, others = _list(synonyms), _list(aliases)
    codes = {"code": code, "code_meaning": meaning}
    members = (f"{side}_right", f"{side}_left")
    structures = [
        Structure(whole, f"{label}s", phrases, "", colour=colour, members=members, aliases=(label, *others), **codes)
    ]
    # Slicer paints both sides alike; here the left is a darker shade, so that the two can be told apart in a picture.
    for name, s, shade in zip(members, ("right", "left"), (colour, tuple(round(0.75 * v) for v in colour))):
        sided = (f"{s}-sided {label}", *(f"{s} {p}" for p in phrases))
        also = (*(f"{s} {o}" for o in others), *((s[0].upper() + short,) if short else ()))
        parts = tuple(p.format(s) for p in names.get("parts", ()) if (s, p) != ("left", _MIDDLE_LOBE))
        structures.append(Structure(name, f"{s} {label}", sided, s, colour=shade, members=parts, aliases=also, **codes))
    return tuple(structures)


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(", ")))


_MIDDLE_LOBE = "lung_middle_lobe_{}"
_LOBES = ("lung_upper_lobe_{}", _MIDDLE_LOBE, "lung_lower_lobe_{}")
_RIBS = tuple(f"rib_{{}}_{i}" for i in range(1, 13))
_VERTEBRAE = tuple(f"vertebrae_{v}{i}" for v, n in (("L", 5), ("T", 12), ("C", 7)) for i in range(n, 0, -1))
_BRAIN: Code = ("SCT", "12738006", "Brain")

STRUCTURES: tuple[Structure, ...] = (
    # abdomen
    *_one("liver", "10200004", "Liver", (221, 130, 101), "liver parenchyma, hepatic parenchyma", "hepatic, liver tissue, hepar"),
    *_one("spleen", "78961009", "Spleen", (157, 108, 162), "splenic parenchyma", "splenic, spleen tissue, lien"),
    *_pair("kidneys", "kidney", "64033007", "Kidney", (185, 102, 83), "renal parenchyma", "renal, kidney tissue", short="K"),
    *_one("gallbladder", "28231008", "Gallbladder", (139, 150, 98), "gall bladder", "cholecyst"),
    *_one("stomach", "69695003", "Stomach", (160, 139, 76), "", "gastric"),
    *_one("pancreas", "15776009", "Pancreas", (249, 180, 111), "pancreatic parenchyma", "pancreatic, pancreatic tissue"),
    *_pair("adrenal_glands", "adrenal_gland", "23451007", "Adrenal gland", (249, 186, 150), "suprarenal gland",
           "adrenal, suprarenal", short="AG"),
    *_one("bowel", "113276009", "Intestine", (120, 40, 140), "intestines", "gut, bowel loops, intestinal",
          members=("small_bowel", "duodenum", "colon")),
    *_one("small_bowel", "30315005", "Small Intestine", (160, 60, 180), "small intestine"),
    *_one("duodenum", "38848004", "Duodenum", (230, 185, 240), "", "duodenal"),
    *_one("colon", "71854001", "Colon", (200, 130, 215), "", "colonic, large bowel, large intestine"),
    *_one("esophagus", "32849002", "Esophagus", (190, 90, 170), "", "esophageal, gullet"),
    *_one("urinary_bladder", "89837001", "Bladder", (222, 154, 132), "bladder", "vesical"),
    *_one("prostate", "41216001", "Prostate", (91, 253, 156), "prostate gland", "prostatic"),
    *_one("uterus", "35039007", "Uterus", (255, 181, 158), "", "uterine, womb"),
    # chest and vessels
    *_one("heart", "80891009", "Heart", (180, 0, 40), "", "cardiac"),
    *_pair("lung", "lung", "39607008", "Lung", (197, 165, 145), "lung parenchyma", "pulmonary, lung tissue", parts=_LOBES),
    *_one("trachea", "44567001", "Trachea", (182, 228, 255), "windpipe", "tracheal"),
    *_one("thyroid_gland", "69748006", "Thyroid", (62, 162, 114), "thyroid"),
    *_one("aorta", "15825003", "Aorta", (224, 97, 76), "", "aortic"),
    *_one("inferior_vena_cava", "64131007", "Inferior vena cava", (0, 151, 206), "", "IVC, postcava"),
    *_one("superior_vena_cava", "48345005", "Superior vena cava", (100, 190, 235), "", "SVC, precava"),
    *_one("portal_vein", "32764006", "Portal vein", (0, 90, 220), "", "hepatic portal vein, portal vein and splenic vein"),
    *_one("pulmonary_artery", "81040000", "Pulmonary artery", (0, 122, 171)),
    # bones and muscles
    *_one("spine", "421060004", "Spine", (212, 188, 102), "vertebral column, vertebrae",
          "spinal column, backbone, vertebra, vertebral", members=(*_VERTEBRAE, "vertebrae_S1", "sacrum")),
    *_one("sacrum", "54735007", "Sacrum", (163, 140, 140), "", "sacral bone"),
    *_pair("rib", "rib", "113197003", "Rib", (253, 232, 158), "", "costal bone", parts=_RIBS),
    *_one("sternum", "56873002", "Sternum", (215, 195, 165), "breastbone", "sternal, breast bone"),
    *_pair("femurs", "femur", "71341001", "Femur", (130, 222, 207), "thigh bone", "femora, femoral bone, thighbone"),
    *_pair("hips", "hip", "29836001", "Hip", (190, 170, 60), "innominate bone", "hip, pelvic bone, coxal bone", label="hip bone"),
    *_pair("iliopsoas", "iliopsoas", "68455001", "Iliopsoas muscle", (170, 85, 34), "", "iliopsoas", label="iliopsoas muscle"),
    *_one("bone", "272673000", "Bone", (241, 214, 145), "bones", "osseous, bony, bone tissue, skeleton", category=TISSUE),
    *_one("muscle", "71616004", "Muscle", (150, 60, 50), "muscles", "muscular, muscle tissue, skeletal muscle", category=TISSUE),
    *_one("fat", "55603005", "Fat", (230, 220, 70), "adipose tissue", "adipose, fatty, body fat, fatty tissue", category=TISSUE),
    # head
    *_one("skull", "89546000", "Skull", (245, 225, 200), "cranium", "cranial bone"),
    *_one("brain", _BRAIN[1], _BRAIN[2], (250, 250, 225), "brain parenchyma", "encephalon, brain tissue"),
    *_one("brain_tumour", "108369006", "Neoplasm", (144, 238, 144), "brain neoplasm, intracranial tumour",
          "cerebral tumour, brain mass, glioma, glioblastoma, GBM, meningioma", category=ALTERED, region=_BRAIN),
    *_one("brain_ventricles", "35764002", "Brain ventricle", (88, 106, 215), "ventricles of the brain", "cerebral ventricles"),
    *_one("cerebellum", "113305005", "Cerebellum", (194, 195, 164), "", "cerebellar"),
    *_one("brainstem", "119238007", "Brain stem", (145, 92, 109), "brain stem"),
    *_one("spinal_cord", "2748008", "Spinal cord", (244, 214, 49), "", "medulla spinalis"),
)  # fmt: skip

_SIDE_WORDS = {"right": "right", "rt": "right", "r": "right", "left": "left", "lt": "left", "l": "left"}
# What adds nothing to a name. "lobe", "segment", "tumour" and the like do: "liver tumour" is not the liver.
_FILLERS = frozenset("the a an of organ parenchyma structure whole entire both bilateral side sided patient s".split())


def _stem(word: str) -> str:
    """A word in singular and American spelling, as far as rules go; only ever compared, never shown."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    word = re.sub("ae$", "a", word)  # vertebrae
    return re.sub("our$", "or", word).replace("ae", "e").replace("oe", "e")


@lru_cache(maxsize=4096)
def _key(text: str) -> tuple[tuple[str, ...], str]:
    """What two spellings of one name have in common: its words in order of the alphabet, and the side."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).casefold())  # also KidneyRight
    sides = {_SIDE_WORDS[w] for w in words if w in _SIDE_WORDS}
    ignored = _FILLERS | {"and"} if len(sides) == 2 else _FILLERS  # left and right kidney
    kept = sorted(_stem(w) for w in words if w not in ignored and w not in _SIDE_WORDS)
    return tuple(kept), sides.pop() if len(sides) == 1 else ""


_INDEX: dict[tuple[tuple[str, ...], str], Structure] = {}
for _structure in STRUCTURES:
    for _text in (_structure.name, _structure.label, *_structure.synonyms, *_structure.aliases):
        _INDEX.setdefault(_key(_text), _structure)  # the first in the table wins


def find(text: str) -> Structure | None:
    """The structure that a text names, in any common spelling: "Kidney, right", "the R kidney", "hepatic", "oesophagus".

    All words of the text must belong to the name, so "liver tumour", "left liver lobe" and "delivery" are not the liver.
    A pair without a side is both sides. None where the table has no such name.

    Parameters
    ----------
    text : str
        A name in any common spelling.

    Returns
    -------
    Structure or None
        None where the table has no such name.

    Examples
    --------
    >>> find("the R kidney").name
    'kidney_right'
    >>> find("liver tumour") is None
    True
    """
    return _INDEX.get(_key(text))


def describe(text: str) -> Structure:
    """The structure that a text names or, for any other text, a structure made of the text itself.

    Parameters
    ----------
    text : str
        A name in any common spelling, or a description in words.

    Returns
    -------
    Structure

    Raises
    ------
    InputError
        If the text has no word in it.
    """
    known = find(text)
    if known is not None:
        return known
    label = re.sub(r"^(the|an?)\s+(?=\w)", "", " ".join(text.replace("_", " ").split()), flags=re.IGNORECASE)
    name = "_".join(re.findall(r"[^\W_]+", label.casefold()))[:60].rstrip("_")
    if not name:
        raise InputError(f"{text!r} names no structure; write a name such as liver, or a short description")
    digest = hashlib.sha256(name.encode()).digest()  # not hash(), which is another one in every process
    colour = colorsys.hls_to_rgb(digest[0] / 256, 0.45 + 0.2 * digest[1] / 255, 0.75)
    return Structure(name, label, (), _key(text)[1], colour=tuple(round(255 * v) for v in colour))


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
    word_sets = [set(_key(text)[0]) for text in (structure.label, *structure.synonyms)]
    return tuple(
        p for p in BACKGROUND_TEXTS
        if names.isdisjoint(_MADE_OF.get(p, ())) and not any(words.issuperset(_key(p)[0]) for words in word_sets)
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


def match(requested: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Which of a model's targets a text means.

    A target of that very name comes first, then one that is another spelling of it, then those of its parts that the
    model has: "kidneys" gives both sides. A side is never answered with both: "right lung" does not match "lung".

    Parameters
    ----------
    requested : str
        A name in any common spelling.
    targets : sequence of str
        Names of what there is.

    Returns
    -------
    tuple of str
        In the model's order; empty where none is meant.

    Examples
    --------
    >>> match("kidneys", ["liver", "kidney_left", "kidney_right"])
    ('kidney_left', 'kidney_right')
    """
    wanted, structure = requested.strip().casefold(), find(requested)
    key = _key(requested)
    matching = tuple(t for t in targets if t.strip().casefold() == wanted)
    if not matching and key[0]:
        matching = tuple(t for t in targets if _key(t) == key or (structure is not None and find(t) is structure))
    if not matching and structure is not None:
        parts = {t for member in structure.members for t in match(member, targets)}
        matching = tuple(t for t in targets if t in parts)
    return matching


def nearest(requested: str, targets: Sequence[str], count: int = 3) -> tuple[str, ...]:
    """The targets whose names or synonyms are most like a text.

    What is on the other side of the patient is never near.

    Parameters
    ----------
    requested : str
    targets : sequence of str
    count : int
        How many, at most.

    Returns
    -------
    tuple of str
        Best first; empty where none is much like it.
    """
    words, side = _key(requested)
    if not words:
        return ()

    def likeness(target: str) -> float:
        known = find(target)
        other = _key(target)[1]
        if side and other and side != other:
            return 0.0
        keys = [_key(n) for n in (target, *((known.label, *known.synonyms, *known.aliases) if known else ()))]
        best = max(SequenceMatcher(None, " ".join(words), " ".join(k[0])).ratio() for k in keys)
        return best * (1 if other == side else 0.9)  # "left lung" is near "lung" too, but nearer "lung_left"

    ranked = sorted(((likeness(t), -i, t) for i, t in enumerate(targets)), reverse=True)
    return tuple(t for score, _, t in ranked[:count] if score >= 0.6)


def no_match(
    requested: str | Sequence[str],
    targets: Sequence[str],
    refusal: str = "this model has no structure",
    holds: str = "it segments:",
) -> str:
    """One line for a user whose text matches none of a model's targets, a file's labels or the like: what is near, and
    what there is.

    Parameters
    ----------
    requested : str or sequence of str
        What was asked for.
    targets : sequence of str
        What there is; of more than 24 the rest is counted.
    refusal : str
        How the line begins, up to what was asked for.
    holds : str
        What comes before the list.

    Returns
    -------
    str
    """
    names = [requested] if isinstance(requested, str) else list(requested)
    near = dict.fromkeys(n for name in names for n in nearest(name, targets, 3 if len(names) == 1 else 1))
    guess = f"did you mean {' or '.join(near)}? " if near else ""
    listed = ", ".join(targets[:_SHOWN]) + (f" and {len(targets) - _SHOWN} more" if len(targets) > _SHOWN else "")
    return f"{refusal} {', '.join(map(repr, names))}; {guess}{holds} {listed or 'nothing'}"


_SHOWN = 24  # names in one message


# Class names of TotalSegmentator 2 in the order of their ids, from 1: `total` for CT, `total_mr` for MR.
_ORGANS = "spleen kidney_right kidney_left gallbladder liver stomach pancreas adrenal_gland_right adrenal_gland_left"
_LIMBS = " ".join(f"{bone}_left {bone}_right" for bone in ("humerus", "scapula", "clavicula", "femur", "hip"))
_MUSCLES = " ".join(
    f"{muscle}_left {muscle}_right"
    for muscle in ("gluteus_maximus", "gluteus_medius", "gluteus_minimus", "autochthon", "iliopsoas")
)
_TOTAL = {
    "CT": (
        f"{_ORGANS} lung_upper_lobe_left lung_lower_lobe_left lung_upper_lobe_right lung_middle_lobe_right lung_lower_lobe_right "
        "esophagus trachea thyroid_gland small_bowel duodenum colon urinary_bladder prostate kidney_cyst_left kidney_cyst_right "
        f"sacrum vertebrae_S1 {' '.join(_VERTEBRAE)} heart aorta pulmonary_vein brachiocephalic_trunk subclavian_artery_right "
        "subclavian_artery_left common_carotid_artery_right common_carotid_artery_left brachiocephalic_vein_left "
        "brachiocephalic_vein_right atrial_appendage_left superior_vena_cava inferior_vena_cava portal_vein_and_splenic_vein "
        f"iliac_artery_left iliac_artery_right iliac_vena_left iliac_vena_right {_LIMBS} spinal_cord {_MUSCLES} brain skull "
        f"{' '.join(r.format(s) for s in ('left', 'right') for r in _RIBS)} sternum costal_cartilages"
    ).split(),
    "MR": (
        f"{_ORGANS} lung_left lung_right esophagus small_bowel duodenum colon urinary_bladder prostate sacrum vertebrae "
        "intervertebral_discs spinal_cord heart aorta inferior_vena_cava portal_vein_and_splenic_vein iliac_artery_left "
        f"iliac_artery_right iliac_vena_left iliac_vena_right {_LIMBS} {_MUSCLES} brain"
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
    ids = {name: (i,) for name, i in number.items()}
    for structure in STRUCTURES:
        parts = match(structure.name, classes)
        if structure.name == "spine":
            parts = (*parts, "sacrum")  # MR has one class of vertebrae, which is all that `match` finds
        if parts:
            ids[structure.name] = tuple(sorted({number[p] for p in parts}))
    return ids
