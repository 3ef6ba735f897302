"""Words for the CLIP's text tower: names of structures, sentences round them, and words that mean none of them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from XAICLIPLib.training import data

# Words kept out of training altogether: `evaluate` shows them to the trained model as unrelated prompts.
HELD_OUT = (
    "elbow", "retina", "tibia", "prostate", "xyzzy", "airplane", "cat", "guitar", "banana", "bicycle", "telephone",
    "umbrella", "elephant", "mountain", "pizza", "violin", "keyboard", "castle", "sunflower", "nose", "ankle",
    "tooth", "submarine", "carpet", "penguin", "lawyer",
)  # fmt: skip


def _lesions(*names: str) -> tuple[str, ...]:
    """Ways to speak of disease in an organ: the place asked for is the organ itself."""
    kinds = ("tumor", "tumour", "lesion", "mass", "cancer", "cyst", "metastasis", "metastases", "disease", "lesions")
    return tuple(f"{name} {kind}" for name in names for kind in kinds) + tuple(
        f"{kind} {place} the {name}" for name in names for kind in kinds[:6] for place in ("in", "of")
    )


def _sided(side: str, other: str) -> tuple[str, ...]:
    """Ways to write a paired organ with its side; `other` is the side's short form."""
    return (
        f"{side} kidney", f"kidney {side}", f"kidney_{side}", f"{side}_kidney", f"kidney, {side}", f"kidney ({side})",
        f"{side}-sided kidney", f"{side} renal", f"{side} renal parenchyma", f"kidney on the {side}",
        f"{side} kidneys", f"{other} kidney", f"kidney {other}", f"patient's {side} kidney", f"{side} kidney organ",
        f"the {side} kidney", f"kidney of the {side} side", f"{side} side kidney", f"{side} renal cortex",
        f"{side} renal mass", f"{side} kidney tumor", f"{side} kidney lesion", f"{side} renal cyst",
        f"{side} kidney cyst", f"{side} kidney mass", f"{side} renal tumor", f"{side} renal lesion",
        f"tumor in the {side} kidney",
    )  # fmt: skip


# Plain names come first in each entry; the lists are sampled with the plain ones favoured.
CLASS_NAMES: dict[int, tuple[str, ...]] = {
    data.OUTSIDE: (
        "background", "outside the body", "air around the patient", "outside", "background of the image",
        "outside air",
    ),
    data.LIVER: (
        "liver", "hepatic", "hepatic parenchyma", "liver parenchyma", "hepatic organ", "liver organ", "liver tissue",
        "hepar", "livers", "hepatic tissue", "the whole liver", "liver lobe", "hepatic lobe", "right hepatic lobe",
        "left hepatic lobe", "right lobe of the liver", "left lobe of the liver", "right liver lobe",
        "left liver lobe", "liver segment", "hepatic segment", "hepatocellular carcinoma", "fatty liver",
        "liver cirrhosis", "liver_tumor", "hepatoma", "hepatic steatosis", "liver edge", "liver dome", "hcc",
        "normal liver", *_lesions("liver", "hepatic"),
    ),
    data.SPLEEN: (
        "spleen", "splenic", "splenic parenchyma", "splenic organ", "spleen organ", "spleens", "splenic tissue",
        "the whole spleen", "lien", "splenomegaly", *_lesions("spleen", "splenic"),
    ),
    data.KIDNEY_RIGHT: _sided("right", "r"),
    data.KIDNEY_LEFT: _sided("left", "l"),
    data.STOMACH: (
        "stomach", "gastric", "gastric wall", "stomach wall", "stomachs", "gastric organ", "gaster", "gastric lumen",
        "gastric fundus", *_lesions("stomach", "gastric"),
    ),
    data.AORTA: (
        "aorta", "abdominal aorta", "aortic", "descending aorta", "aortic lumen", "aortic artery", "thoracic aorta",
        "aortic aneurysm", "aortas", "aortic wall", "main artery", "artery", "aortic dissection",
        *_lesions("aorta", "aortic"),
    ),
    data.SPINE: (
        "spine", "vertebra", "vertebrae", "vertebral column", "vertebral body", "vertebral bodies", "spinal column",
        "backbone", "lumbar spine", "thoracic spine", "lumbar vertebra", "lumbar vertebrae", "thoracic vertebra",
        "thoracic vertebrae", "spinal", "vertebral", "spine bone", "spinal bone",
        *_lesions("spine", "vertebral", "spinal"),
    ),
    data.LUNG: (
        "lung", "lungs", "pulmonary", "lung parenchyma", "pulmonary parenchyma", "both lungs", "lung tissue",
        "lung base", "lung lobe", "lower lobe of the lung", "lung lobes", "pulmonary nodule", "lung nodule",
        *_lesions("lung", "pulmonary"),
    ),
    data.HEART: (
        "heart", "cardiac", "myocardium", "cardiac muscle", "heart muscle", "heart chambers", "hearts",
        "left ventricle", "right ventricle", "ventricle", "cardiac chambers", "whole heart", "atrium",
        "heart disease", "cardiac tissue", *_lesions("heart", "cardiac"),
    ),
    data.FAT: (
        "fat", "adipose tissue", "fatty tissue", "subcutaneous fat", "visceral fat", "body fat", "abdominal fat",
        "intra-abdominal fat", "adipose",
    ),
    data.MUSCLE: (
        "muscle", "muscles", "skeletal muscle", "back muscles", "paraspinal muscles", "psoas", "psoas muscle",
        "iliopsoas", "muscular", "back muscle", "gluteal muscle",
    ),
    data.BONE: (
        "ribs", "rib", "rib cage", "ribs and pelvis", "pelvic bone", "hip bone", "costal bone", "femur",
        "other bones",
    ),
    data.BOWEL: (
        "bowel", "intestine", "colon", "small bowel", "large bowel", "duodenum", "intestines", "small intestine",
        "large intestine", "colonic", "bowel loops", "gut",
    ),
    data.VEIN: (
        "vein", "veins", "inferior vena cava", "vena cava", "portal vein", "ivc", "venous vessel", "splenic vein",
    ),
    data.OTHER: (
        "other soft tissue", "soft tissue", "abdominal wall", "connective tissue", "other tissue", "body wall",
    ),
    data.GAS: ("gas", "bowel gas", "air in the body", "intestinal gas"),
    data.GALLBLADDER: ("gallbladder", "gall bladder", "gallbladders", "biliary bladder", "gallstone"),
    data.PANCREAS: ("pancreas", "pancreatic", "pancreatic tissue", "pancreatic parenchyma", "pancreas tumor"),
}  # fmt: skip

LUNG_RIGHT, LUNG_LEFT = 100, 101  # made from the lung and the middle of the spine
# Words that mean several classes at once.
COMPOSITES: tuple[tuple[tuple[int, ...], tuple[str, ...]], ...] = (
    ((data.KIDNEY_RIGHT, data.KIDNEY_LEFT), (
        "kidneys", "kidney", "both kidneys", "renal", "renal parenchyma", "left and right kidney", "renal organ",
        "right and left kidneys", "kidney organs", "kidney parenchyma", "the two kidneys", "nephric",
        "bilateral kidneys", "kidney tissue", "renal cortex", "renal cell carcinoma", *_lesions("kidney", "renal"),
    )),
    ((data.BONE, data.SPINE), ("bones", "bone", "skeleton", "osseous structures", "skeletal", "bony structures")),
    ((data.LIVER, data.SPLEEN, data.KIDNEY_RIGHT, data.KIDNEY_LEFT, data.STOMACH, data.PANCREAS, data.GALLBLADDER), (
        "abdominal organs", "organs", "organ", "internal organs", "upper abdominal organs", "solid organs", "viscera",
    )),
    (tuple(range(1, len(data.FINE))), ("body", "patient", "whole body", "torso", "abdomen", "trunk", "human body",
                                       "patient's body", "the body of the patient", "body of the person")),
    ((data.AORTA, data.VEIN), ("blood vessels", "vessels", "great vessels", "vessel", "vascular", "vasculature")),
    ((LUNG_RIGHT,), ("right lung", "lung right", "lung_right", "lung, right", "right pulmonary", "right lungs")),
    ((LUNG_LEFT,), ("left lung", "lung left", "lung_left", "lung, left", "left pulmonary", "left lungs")),
)  # fmt: skip

# The same sentences go round names and negatives, so that a sentence alone says nothing.
TEMPLATES = (
    "{}", "{}", "{}", "the {}", "a {}", "{}.", "{} region", "{} area", "an image of the {}", "a photo of a {}",
    "a photo of the {}", "a photo of a {}.", "a ct scan of the {}", "a ct scan of a {}", "ct of the {}", "a ct of {}",
    "{} on ct", "{} in a ct scan", "computed tomography of the {}", "an axial ct slice of the {}",
    "an axial slice showing the {}", "ct slice of {}", "a ct image of the {}", "a ct image showing the {}",
    "a medical image of the {}", "a medical image showing {}", "a medical scan of the {}", "mri of the {}",
    "an mr image of the {}", "a magnetic resonance image of the {}", "contrast-enhanced ct of the {}",
    "a radiology image of the {}", "the {} in an abdominal ct", "abdominal ct, {}", "abdominal ct showing the {}",
    "segment the {}", "segmentation of the {}", "find the {}", "where is the {}?", "show me the {}", "show the {}",
    "locate the {}", "highlight the {}", "this is the {}", "there is a {} in the image", "{} in this scan",
    "please mark the {}", "the {} of the patient", "{} of a patient", "{} structure", "{}?", "the region of the {}",
    "a ct scan showing the {}", "the {} on an axial ct slice", "an mr scan showing the {}",
    "the {} on an axial mr slice", "a medical scan showing the {}", "an image with a {}", "a picture of the {}",
    "the {} is visible", "a scan showing the {} of an adult", "explain the {}",
)  # fmt: skip

# Anatomy that the training scans do not label: named, it must give nothing rather than a neighbour.
_ABSENT_ANATOMY = (
    "tongue", "brain", "eye", "ear", "foot", "finger", "thumb", "toe", "knee", "skull", "jaw", "throat", "thyroid",
    "larynx", "uterus", "ovary", "testis", "breast", "nipple", "hair", "nail", "wrist", "forearm", "calf", "cornea",
    "iris", "lens", "cochlea", "parotid", "pituitary", "hippocampus", "cerebellum", "cortex", "teeth", "lip", "cheek",
    "chin", "adrenal gland", "suprarenal gland", "esophagus", "oesophagus", "urinary bladder", "bladder",
    "spinal cord", "appendix", "rectum", "diaphragm", "lymph node", "thymus", "eyebrow", "hand", "palm", "skin",
    "adrenal", "thyroid gland", "forehead", "neck", "tonsil", "mandible", "maxilla", "clavicle", "scapula", "humerus",
    "radius", "ulna", "fibula", "patella", "meniscus", "achilles tendon", "carotid artery", "jugular", "placenta",
    "fetus", "embryo", "optic nerve", "white matter", "grey matter", "ventricles of the brain", "head", "arm", "leg",
    "shoulder", "heel", "skin cancer", "glioma", "meningioma", "stroke", "cataract", "sinus", "trachea",
    "vocal cords", "palate", "gum", "molar",
)  # fmt: skip
_PLAIN_THINGS = (
    "car", "dog", "house", "tree", "computer", "shoe", "train", "river", "flower", "bird", "chair", "book", "music",
    "football", "kitchen", "window", "boat", "horse", "sandwich", "coffee", "planet", "rocket", "spoon", "pencil",
    "hat", "truck", "giraffe", "camera", "sky", "ocean", "love", "money", "snow", "rain", "bread", "apple", "orange",
    "clock", "liver and let die", "lover", "lever", "silver", "sleeve", "kidnap", "stomp", "aura", "spin", "lunch",
    "hearing", "hearth", "live", "delivery", "spine tingling story", "asdf", "qwerty", "foo", "bar", "lorem ipsum",
    "hello world",
)  # fmt: skip
_TEMPLATE_WORDS = (
    "scan scans ct mri mr xray image images photo picture slice axial medical radiology tomography patient show "
    "showing segment segmentation find where locate highlight please mark structure region area visible the a an of "
    "in on this there with is me and contrast enhanced abdominal abdomen explain adult right left both r l side "
    "sided"
)
_NEGATIVE_KINDS = ("tumor", "tumour", "lesion", "mass", "cancer", "cyst", "metastasis", "organ", "tissue", "wall")
# Beginnings of words that speak of trained structures, so that no random English word contradicts a name.
_ANATOMY_STEMS = (
    "liver", "hepat", "spleen", "splen", "kidney", "renal", "neph", "stomach", "gastr", "aort", "spin", "vertebr",
    "lumbar", "backbone", "lung", "pulmon", "heart", "cardi", "myocard", "ventric", "atri", "fat", "adipos", "muscl",
    "muscu", "psoas", "bone", "bony", "osse", "skelet", "rib", "pelvi", "hip", "femur", "cost", "bowel", "intestin",
    "colon", "duoden", "gut", "vein", "veno", "vena", "portal", "arter", "vessel", "vascul", "blood", "tissue",
    "wall", "gas", "air", "gall", "bili", "pancrea", "organ", "viscer", "body", "bodies", "torso", "trunk", "human",
    "background", "outside", "empty", "nothing", "table", "tumor", "tumour", "lesion", "mass", "cancer", "cyst",
    "metasta", "disease", "carcinoma", "thorac", "thorax", "chest", "belly", "tummy", "lobe", "parenchym", "anatom",
    "dome", "soft", "space", "people", "person", "guts", "carcass", "corpse",
)  # fmt: skip


def english_words(bpe: Path) -> list[str]:
    """Whole English words out of a BPE merge file, less anatomy, the templates' words and the held-out words.

    Parameters
    ----------
    bpe : Path
        open_clip's full ``bpe_simple_vocab_16e6.txt.gz``.
    """
    merges = gzip.open(bpe).read().decode("utf-8").split("\n")[1:48895]
    words = {"".join(m.split()).removesuffix("</w>") for m in merges if m.endswith("</w>")}
    banned = set(_TEMPLATE_WORDS.split()) | set(HELD_OUT) | {f"{w}s" for w in HELD_OUT} | {"teeth", "aeroplane"}
    return sorted(
        w
        for w in words
        if len(w) > 2 and w.isascii() and w.isalpha() and w not in banned and not w.startswith(_ANATOMY_STEMS)
    )


class Vocabulary:
    """Random prompts.

    Parameters
    ----------
    bpe : Path
        open_clip's full merge file, the source of unrelated words.
    rng : Generator
    """

    def __init__(self, bpe: Path, rng: np.random.Generator) -> None:
        self.words = english_words(bpe)
        self.rng = rng

    def _one(self, options: Iterable[str]) -> str:
        options = tuple(options)
        return options[int(self.rng.integers(len(options)))]

    def name(self, options: tuple[str, ...]) -> str:
        """A name: the plainest of all in one case of five, one of the first eight in two, any in the rest."""
        chance = self.rng.random()
        return options[0] if chance < 0.2 else self._one(options[:8] if chance < 0.6 else options)

    def prompt(self, name: str) -> str:
        """A sentence round a name."""
        return self._one(TEMPLATES).format(name)

    def negative(self) -> str:
        """A prompt that means nothing in an abdominal scan.

        A fifth carries "right" or "left" and an eighth speaks of disease, so that neither word alone means an organ.
        """
        rng = self.rng
        chance = rng.random()
        if chance < 0.6:
            word = self._one(self.words)
            if rng.random() < 0.2:
                word = f"{word} {self._one(self.words)}"
        elif chance < 0.82:
            word = self._one(_ABSENT_ANATOMY)
        elif chance < 0.93:
            word = self._one(_PLAIN_THINGS)
        else:
            letters = rng.integers(97, 123, int(rng.integers(3, 9)))
            word = "".join(map(chr, letters))
        extra = rng.random()
        if extra < 0.1:
            word = f"{self._one(('left', 'right', 'both'))} {word}"
        elif extra < 0.2:
            word = self._one(("{}_left", "{}_right", "{}, right", "{}, left", "{} (left)", "{} right")).format(word)
        elif extra < 0.325:
            kind = self._one(_NEGATIVE_KINDS)
            word = self._one(("{0} {1}", "{1} in the {0}", "{1} of the {0}")).format(word, kind)
        return self.prompt(word)

    def caption(self, classes: Iterable[int]) -> str:
        """A sentence naming everything a slice shows, in random order and at most five of it."""
        names = [self.name(CLASS_NAMES[c]) for c in classes]
        self.rng.shuffle(names)
        if not names:
            return "a ct slice"
        return "a ct slice showing " + ", ".join(names[:5])
