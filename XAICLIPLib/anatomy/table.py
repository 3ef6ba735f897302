"""The structures that are known by name, one a line: synonyms, sides, parts, SNOMED CT codes, display colours.

Codes are those of DICOM PS3.16 and Slicer's terminologies. Colours are Slicer's own (its generic anatomy colours); where
two of those look alike, one is replaced.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

from XAICLIPLib.message import Term

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

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", Term(self.label))  # faces have their own word for it

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
    for name, s, shade in zip(members, ("right", "left"), (colour, _left(colour))):
        sided = (f"{s}-sided {label}", *(f"{s} {p}" for p in phrases))
        also = (*(f"{s} {o}" for o in others), *((s[0].upper() + short,) if short else ()))
        parts = tuple(p.format(s) for p in names.get("parts", ()) if (s, p) != ("left", _MIDDLE_LOBE))
        structures.append(Structure(name, f"{s} {label}", sided, s, colour=shade, members=parts, aliases=also, **codes))
    return tuple(structures)


def _left(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """The colour of the left side. Slicer paints both sides alike; here a thin outline tells which kidney it is, also
    to readers who do not tell red from green: warm colours become blue ones."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(v / 255 for v in colour))
    red, green, blue = colorsys.hsv_to_rgb((hue + 0.6) % 1, saturation, 0.9 * value)
    return round(255 * red), round(255 * green), round(255 * blue)


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(", ")))


_MIDDLE_LOBE = "lung_middle_lobe_{}"
_LOBES = ("lung_upper_lobe_{}", _MIDDLE_LOBE, "lung_lower_lobe_{}")
RIBS = tuple(f"rib_{{}}_{i}" for i in range(1, 13))
VERTEBRAE = tuple(f"vertebrae_{v}{i}" for v, n in (("L", 5), ("T", 12), ("C", 7)) for i in range(n, 0, -1))
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
          "spinal column, backbone, vertebra, vertebral", members=(*VERTEBRAE, "vertebrae_S1", "sacrum")),
    *_one("sacrum", "54735007", "Sacrum", (163, 140, 140), "", "sacral bone"),
    *_pair("rib", "rib", "113197003", "Rib", (253, 232, 158), "", "costal bone", parts=RIBS),
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
