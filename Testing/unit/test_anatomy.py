"""Names are what a user types: are the common spellings found, the wrong ones refused, and the codes and ids right?"""

import itertools
from pathlib import Path

import numpy as np
import pytest

from XAICLIPLib import anatomy
from XAICLIPLib.anatomy import STRUCTURES, describe, find, match, texts, total_segmentator_ids
from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import read_volume

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BY_NAME = {s.name: s for s in STRUCTURES}
PAIRS = [s for s in STRUCTURES if s.modifier == anatomy.SIDES["both"]]
BUNDLED = ("liver", "spleen", "kidney_right", "kidney_left", "stomach", "aorta", "spine", "lung", "heart")

SPELLINGS = {
    "liver": ["liver", "Liver", "LIVER", "  the liver. ", "livers", "hepatic", "Hepatic parenchyma", "liver parenchyma", "whole liver",
              "Liver structure", "liver organ"],
    "spleen": ["spleen", "splenic", "the Spleen", "spleens"],
    "kidneys": ["kidney", "kidneys", "both kidneys", "bilateral kidneys", "left and right kidney", "kidneys (L/R)", "renal", "Kidneys"],
    "kidney_right": ["kidney_right", "right kidney", "Kidney, Right", "kidney, right", "kidney (right)", "R kidney", "Rt. kidney", "right-sided kidney",
                     "RK", "right_kidney", "RIGHT KIDNEY", "KidneyRight", "kidney-r", "renal, right", "the patient's right kidney", "kidney right side"],
    "kidney_left": ["kidney_left", "left renal", "renal left", "LK", "l kidney", "Kidney L", "left-sided kidney", "left renal parenchyma"],
    "gallbladder": ["gallbladder", "gall bladder", "gall-bladder", "Gall_Bladder"],
    "urinary_bladder": ["bladder", "urinary bladder", "bladder, urinary", "Vesical"],
    "esophagus": ["esophagus", "oesophagus", "Oesophageal", "esophageal"],
    "inferior_vena_cava": ["IVC", "inferior vena cava", "vena cava inferior", "vena cava, inferior", "postcava"],
    "portal_vein": ["portal vein", "portal_vein_and_splenic_vein", "vein, portal"],
    "adrenal_glands": ["adrenals", "adrenal gland", "suprarenal glands"],
    "adrenal_gland_left": ["left adrenal", "adrenal_gland_left", "LAG", "suprarenal gland, left"],
    "lung": ["lung", "lungs", "both lungs", "pulmonary"],
    "lung_right": ["right lung", "lung_right", "lung, rt", "right lungs", "pulmonary right"],
    "spine": ["spine", "vertebrae", "vertebra", "vertebral column", "backbone"],
    "small_bowel": ["small bowel", "small intestine", "bowel, small"],
    "colon": ["colon", "large bowel", "large intestine", "colonic"],
    "femur_left": ["left femur", "femoral bone, left", "femur_left"],
    "rib": ["rib", "ribs", "costal bones"],
    "brain_tumour": ["brain tumour", "brain tumor", "Brain Tumors", "intracranial tumor", "glioblastoma"],
    "brainstem": ["brainstem", "brain stem", "brain-stem"],
    "fat": ["fat", "adipose tissue"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, texts in SPELLINGS.items() for t in texts])
def test_found_in_any_spelling(name, text):
    assert find(text) is BY_NAME[name]


@pytest.mark.parametrize(
    "text",
    ["delivery", "silver", "live", "oliver", "kidnap", "kidney bean", "heartless", "hearth", "ribbon", "colony", "spinet", "aura",
     "liver tumor", "liver tumour", "liver_lesion", "liver lesions", "metastasis in the liver", "hepatic vein", "liver segment 4",
     "left liver lobe", "left liver", "right liver", "splenic vein", "renal artery", "adrenal mass", "kidney_cyst_left", "lung nodule",
     "lung_upper_lobe_left", "L spine", "lumbar spine", "vertebrae_L1", "abdominal aorta", "liver and spleen", "heart_atrium_left",
     "left", "R", "the", "both", "organ", "structure", "", "  ", "?!", "42"],
)  # fmt: skip
def test_what_is_no_name_is_not_found(text):
    assert find(text) is None


def test_every_word_of_the_table_finds_its_own_entry():
    for s in STRUCTURES:
        for text in (s.name, s.label, *s.synonyms, *s.aliases):
            assert find(text) is s, f"{text!r} is claimed by two entries"


def test_names_are_unique_and_machine_readable():
    assert len(BY_NAME) == len(STRUCTURES) >= 40
    assert all(s.name.isidentifier() and s.name == s.name.lower() for s in STRUCTURES)
    assert len({s.label for s in STRUCTURES}) == len(STRUCTURES)


def test_colours_can_be_told_apart():
    rgb2lab = pytest.importorskip("skimage.color").rgb2lab
    pairs = {p.name: p.members[0] for p in PAIRS}
    lab = {s.name: rgb2lab(np.array([[s.colour]]) / 255)[0, 0] for s in STRUCTURES}
    for (a, x), (b, y) in itertools.combinations(lab.items(), 2):
        if pairs.get(a) == b:
            assert BY_NAME[a].colour == BY_NAME[b].colour  # a pair has its right side's colour
        else:
            assert np.linalg.norm(x - y) > 6, f"{a} and {b} look alike"  # 2.3 is a just noticeable difference
    for pair in PAIRS:  # thin outlines of both sides in one picture: a shade of the same colour is not enough
        right, left = (lab[member] for member in pair.members)
        assert np.linalg.norm(right - left) > 30, pair.name
    assert all(isinstance(v, int) and 0 <= v <= 255 for s in STRUCTURES for v in s.colour)


def verhoeff(number: str) -> bool:
    """Whether the last digit is the Verhoeff check digit of the others: multiplication in D5, from the right."""

    def times(a, b):
        if a < 5:
            return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
        return 5 + (a - b) % 5 if b < 5 else (a - b) % 5

    first = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
    check, permutation = 0, tuple(range(10))
    for digit in reversed(number):
        check = times(check, permutation[int(digit)])
        permutation = tuple(first[p] for p in permutation)
    return check == 0


def test_the_check_itself():
    assert verhoeff("2363") and not verhoeff("2364") and not verhoeff("2633")  # the textbook's example


def test_every_code_is_a_snomed_concept():
    fixed = [anatomy.ANATOMY, anatomy.ALTERED, anatomy.TISSUE, *anatomy.SIDES.values()]
    codes = [s.code for s in STRUCTURES] + [c[1] for c in fixed] + [s.region[1] for s in STRUCTURES if s.region]
    for code in codes:
        assert code.isdigit() and 6 <= len(code) <= 18
        assert code[-3:-1] == "00", f"{code} is no concept of the international edition"
        assert verhoeff(code), f"{code} has a wrong check digit"
    assert all(s.code_meaning for s in STRUCTURES)
    # one concept, one structure: only the sides of a pair share theirs
    owner = {}
    for s in STRUCTURES:
        whole = next((p.name for p in PAIRS if s.name in p.members), s.name)
        assert owner.setdefault(s.code, whole) == whole


def test_codes_agree_with_the_dicom_standard():
    concepts = pytest.importorskip("pydicom.sr._concepts_dict").concepts["SCT"]
    known = {code for by_code in concepts.values() for code in by_code}
    # these two concepts are in SNOMED CT, but in no context group of the standard
    assert {s.name for s in STRUCTURES if s.code not in known} <= {
        "bowel",
        "iliopsoas",
        "iliopsoas_right",
        "iliopsoas_left",
    }
    for keyword, name in [("Liver", "liver"), ("Spleen", "spleen"), ("Aorta", "aorta"), ("Pancreas", "pancreas"),
                          ("InferiorVenaCava", "inferior_vena_cava"), ("Lung", "lung"), ("Neoplasm", "brain_tumour")]:  # fmt: skip
        assert list(concepts[keyword]) == [BY_NAME[name].code]


def test_pairs_are_consistent():
    assert {p.name for p in PAIRS} >= {"kidneys", "lung", "adrenal_glands", "femurs"}
    sided = [s for s in STRUCTURES if s.laterality]
    assert sorted(m for p in PAIRS for m in p.members) == sorted(s.name for s in sided)
    for pair in PAIRS:
        right, left = (BY_NAME[m] for m in pair.members)
        assert (pair.laterality, right.laterality, left.laterality) == ("", "right", "left")
        assert pair.code == right.code == left.code
        for text in (pair.label, *pair.synonyms, *pair.aliases):
            assert find(f"left {text}") is left and find(f"{text}, R") is right
        assert not any("left" in p for p in texts(right)) and not any("right" in p for p in texts(left))
    assert all((s.laterality or "right") in s.name for s in sided)


def test_terminology_of_a_slicer_segment():
    entry = BY_NAME["kidney_left"].terminology().split("~")
    assert len(entry) == 7
    assert entry[1:4] == ["SCT^123037004^Anatomical Structure", "SCT^64033007^Kidney", "SCT^7771000^Left"]
    assert entry[5:] == ["^^", "^^"]
    assert BY_NAME["kidneys"].terminology().split("~")[3] == "SCT^51440002^Right and left"
    assert BY_NAME["liver"].terminology().split("~")[3] == "^^"
    tumour = BY_NAME["brain_tumour"].terminology().split("~")
    assert tumour[1].startswith("SCT^49755003^") and tumour[5] == "SCT^12738006^Brain"
    assert describe("kidney stone").terminology() == ""


def test_any_text_is_a_structure():
    assert describe("the Liver") is BY_NAME["liver"]
    made = describe("  The  left_atrium ")
    assert (made.name, made.label, made.laterality, made.code) == ("left_atrium", "left atrium", "left", "")
    assert describe("LIVER tumour").name == "liver_tumour"
    assert describe("liver tumour").colour == describe("Liver Tumour").colour != describe("kidney stone").colour
    assert describe("liver tumour").colour == (231, 87, 198)  # the same in every process
    assert describe("leberläsion").name == "leberläsion"
    assert len(describe("word " * 99).name) <= 60
    for nothing in ("", "  ", "?!", "_"):
        with pytest.raises(InputError, match="names no structure"):
            describe(nothing)


def test_prompts():
    phrases = texts(BY_NAME["liver"])
    assert phrases[0] == "liver" and len(set(phrases)) == len(phrases) > 5
    assert "a CT scan showing the liver" in phrases and "the liver on an axial CT slice" in phrases
    assert any("hepatic parenchyma" in t for t in phrases)
    assert not any("the hepatic on" in t or "{" in t for t in phrases)  # an adjective alone makes no sentence
    assert "an MR scan showing the right kidney" in texts(BY_NAME["kidney_right"], "mr")
    assert "a medical scan showing the spleen" in texts(BY_NAME["spleen"], "")
    assert "liver tumour" in texts(describe("the liver tumour"))
    sentence = "please highlight the dark spot in the liver"
    assert texts(describe(sentence)) == (sentence,)
    for s in STRUCTURES:
        assert all(find(p) is s for p in (s.label, *s.synonyms)), s.name


def test_background_never_competes_with_itself():
    assert set(anatomy.background_texts(BY_NAME["liver"])) == set(anatomy.BACKGROUND_TEXTS)
    for name, other in [("fat", "fat"), ("spine", "bone"), ("femur_left", "bone"), ("hips", "bone"),
                        ("iliopsoas_right", "muscle"), ("aorta", "blood vessels"), ("bowel", "bowel gas"), ("bone", "bone")]:  # fmt: skip
        assert set(anatomy.BACKGROUND_TEXTS) - set(anatomy.background_texts(BY_NAME[name])) == {other}
    assert "bone" in anatomy.background_texts(describe("hippocampus"))
    assert "fat" not in anatomy.background_texts(describe("fat stranding"))


@pytest.mark.parametrize(
    ("requested", "targets", "expected"),
    [
        ("Liver", BUNDLED, ("liver",)),
        ("hepatic", BUNDLED, ("liver",)),
        ("kidneys", BUNDLED, ("kidney_right", "kidney_left")),
        ("kidney", BUNDLED, ("kidney_right", "kidney_left")),
        ("left kidney", BUNDLED, ("kidney_left",)),
        ("vertebrae", BUNDLED, ("spine",)),
        ("lung", BUNDLED, ("lung",)),
        ("lung", ("lung_left", "liver", "lung_right"), ("lung_left", "lung_right")),
        ("lung", ("lung_left", "lung", "lung_right"), ("lung",)),
        (
            "lungs",
            ("Lung_Upper_Lobe_Left", "lung_middle_lobe_right"),
            ("Lung_Upper_Lobe_Left", "lung_middle_lobe_right"),
        ),
        ("left lung", ("lung_upper_lobe_left", "lung_middle_lobe_right"), ("lung_upper_lobe_left",)),
        ("kidneys", ("Right Kidney", "LK"), ("Right Kidney", "LK")),
        ("bowel", ("colon", "stomach", "small intestine"), ("colon", "small intestine")),
        ("ET", ("WT", "et", "TC"), ("et",)),
        ("Left Atrium", ("left_atrium", "right_atrium"), ("left_atrium",)),
        ("oesophagus", ("Esophagus",), ("Esophagus",)),
        ("liver tumor", ("liver", "liver_tumour"), ("liver_tumour",)),
        ("right lung", BUNDLED, ()),
        ("left kidney", ("kidney",), ()),
        ("liver tumor", BUNDLED, ()),
        ("bone", BUNDLED, ()),
        ("pancreas", BUNDLED, ()),
        ("", BUNDLED, ()),
        ("liver", (), ()),
    ],
)
def test_match(requested, targets, expected):
    assert match(requested, targets) == expected


def test_no_match_says_what_is_near():
    assert anatomy.nearest("livr", BUNDLED) == ("liver",)
    assert anatomy.nearest("left kidny", BUNDLED)[0] == "kidney_left"
    assert anatomy.nearest("right lung", BUNDLED) == ("lung",)
    assert anatomy.nearest("hepatc", BUNDLED)[0] == "liver"
    assert anatomy.nearest("guitar", BUNDLED) == anatomy.nearest("", BUNDLED) == ()
    assert anatomy.no_match("livr", ("liver", "spleen")) == (
        "this model has no structure 'livr'; did you mean liver? it segments: liver, spleen"
    )
    assert anatomy.no_match(("splen", "livr", "guitar"), ("liver", "spleen"), "no", "but") == (
        "no 'splen', 'livr', 'guitar'; did you mean spleen or liver? but liver, spleen"
    )


def test_total_segmentator_ids():
    ct, mr = total_segmentator_ids("CT"), total_segmentator_ids("mr")
    assert (max(max(v) for v in ct.values()), max(max(v) for v in mr.values())) == (117, 50)
    assert ct["liver"] == mr["liver"] == (5,) and ct["kidneys"] == mr["kidneys"] == (2, 3)
    assert (ct["lung_left"], ct["lung_right"], ct["lung"]) == ((10, 11), (12, 13, 14), (10, 11, 12, 13, 14))
    assert (mr["lung_left"], mr["lung_right"], mr["lung"]) == ((10,), (11,), (10, 11))
    assert ct["spine"] == tuple(range(25, 51)) and mr["spine"] == (18, 19)  # sacrum and vertebrae in both
    assert (ct["aorta"], mr["aorta"], ct["inferior_vena_cava"], ct["heart"]) == ((52,), (23,), (63,), (51,))
    assert (ct["rib"], ct["rib_left"], ct["sternum"]) == (tuple(range(92, 116)), tuple(range(92, 104)), (116,))
    assert (ct["vertebrae_L1"], ct["vertebrae_C1"], ct["costal_cartilages"]) == ((31,), (50,), (117,))
    assert "rib" not in mr and "uterus" not in ct and "bone" not in ct  # never only a part of what was asked
    with pytest.raises(InputError, match="'US'"):
        total_segmentator_ids("US")


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real scans are not here ({DATA})")
@pytest.mark.parametrize(("file", "modality"), [("ct_3mm_labels.nii.gz", "CT"), ("mr_3mm_labels.nii.gz", "MR")])
def test_ids_name_the_right_organs_of_a_real_patient(file, modality):
    labels = (
        read_volume(DATA / file).axial().voxels
    )  # columns run from the patient's right to the left, rows to the back
    ids = total_segmentator_ids(modality)

    def centre(name):
        where = np.argwhere(np.isin(labels, ids[name]))
        assert len(where), f"{name} is missing"
        return where.mean(0)

    for right, left in [("kidney_right", "kidney_left"), ("liver", "spleen"), ("inferior_vena_cava", "aorta")]:
        assert centre(right)[2] < centre(left)[2]
    assert centre("spine")[1] > centre("aorta")[1] > centre("stomach")[1]
