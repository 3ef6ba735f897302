"""The phantom's anatomy as numbers: labels, tissues, ellipsoids and tubes in millimetres (LPS)."""

from __future__ import annotations

Path = list[tuple[float, float, float, float]]

# TotalSegmentator's class numbers, so that the label map is a reference by name like any other; the lungs and the spine
# have one of the numbers of their lobes and vertebrae.
PHANTOM_LABELS: dict[str, int] = {
    "spleen": 1,
    "kidney_right": 2,
    "kidney_left": 3,
    "gallbladder": 4,
    "liver": 5,
    "stomach": 6,
    "pancreas": 7,
    "lung_left": 10,
    "lung_right": 12,
    "spine": 31,
    "heart": 51,
    "aorta": 52,
    "inferior_vena_cava": 63,
}
# What the other parts of the body show beside these, under TotalSegmentator's class numbers as well.
PART_LABELS: dict[str, int] = {
    "brain": 90,
    "skull": 91,
    "humerus": 69,
    "scapula": 71,
    "clavicula": 73,
    "femur": 75,
    "hip": 77,
    "urinary_bladder": 21,
}
TABLE_LABEL: int = 200
"""Label of the patient table: in the label map, but not an organ and never inside the body."""

# HU in the portal-venous phase (about 70 s after the injection); soft tissues get a small offset per patient.
HU = {
    "air": -1000,
    "skin": 20,
    "fat": -102,
    "muscle": 58,
    "lung": -850,
    "liver": 112,
    "spleen": 122,
    "kidney": 185,
    "gallbladder": 8,
    "pancreas": 92,
    "heart": 120,
    "blood": 165,
    "aorta": 162,
    "vein": 142,
    "portal": 160,
    "wall": 78,
    "fluid": 42,
    "gas": -960,
    "bowel": 48,
    "cancellous": 190,
    "cortical": 480,
    "disc": 88,
    "cartilage": 105,
    "cord": 38,
}

# Ellipsoids: centre (x, y, z) and half axes in mm, rotation in degrees about z, x and y, exponent (above 2: boxier).
BLOBS: dict[str, tuple] = {
    "liver_right": ((-74, -6, 22), (76, 86, 92), (0, 0, 14), 2.3),
    "liver_left": ((4, -56, 42), (78, 34, 46), (8, 0, -8), 2.2),
    "spleen": ((97, 38, 32), (44, 60, 55), (-20, 14, 0), 2.2),
    "spleen_hilum": ((56, 8, 26), (32, 48, 62), (-20, 0, 0), 2.0),
    "renal_bed": ((-46, 66, -48), (52, 44, 76), (24, 0, -8), 2.2),
    "kidney_right": ((-62, 42, -43), (25, 30, 54), (28, 8, -10), 2.1),
    "kidney_left": ((63, 42, -31), (25, 30, 55), (-28, 8, 10), 2.1),
    "sinus_right": ((-50, 34, -43), (17, 9, 27), (28, 0, -10), 2.0),
    "sinus_left": ((51, 34, -31), (17, 9, 27), (-28, 0, 10), 2.0),
    "gallbladder": ((-50, -56, -6), (14, 24, 25), (14, 20, 0), 2.0),
    "porta": ((-24, -26, 12), (19, 8, 15), (-25, 0, 0), 2.0),
    "falciform": ((8, -70, 30), (2.2, 30, 26), (-8, 0, 0), 2.0),
    "heart": ((24, -44, 112), (60, 46, 54), (28, 0, 20), 2.2),
    "left_ventricle": ((48, -36, 110), (25, 18, 36), (40, 0, 20), 2.0),
    "right_ventricle": ((6, -62, 108), (26, 16, 36), (20, 0, 10), 2.0),
    "right_atrium": ((-16, -32, 112), (20, 22, 34), (0, 0, 0), 2.0),
    "sternum": ((0, -98, 96), (16, 5, 34), (0, 0, 0), 3.0),
}

# Tubes: points (x, y, z, radius) in mm.
TUBES: dict[str, Path] = {
    "crura": [(16, 12, 70, 15), (0, 4, 20, 17), (0, 6, -30, 12)],
    "aorta": [(20, 10, 120, 12), (17, 6, 60, 11.5), (12, -1, 10, 10.5), (10, 0, -110, 9.5)],
    "inferior_vena_cava": [
        (-22, 2, -110, 11.5),
        (-23, 0, -20, 12),
        (-26, -6, 30, 13),
        (-24, -14, 72, 14),
        (-18, -24, 104, 15),
    ],
    "oesophagus": [(8, -8, 120, 7), (14, -12, 80, 7), (26, -14, 64, 8), (44, -8, 58, 9)],
    "stomach": [
        (58, 20, 58, 21),
        (66, -4, 50, 26),
        (68, -38, 30, 25),
        (54, -58, 4, 22),
        (24, -64, -16, 18),
        (-8, -58, -14, 14),
        (-22, -48, -8, 9),
    ],
    "pancreas": [
        (-20, -24, -28, 12),
        (-16, -28, -12, 12),
        (6, -36, 0, 8.5),
        (32, -26, 6, 9.5),
        (56, -6, 14, 10),
        (78, 8, 22, 8),
    ],
    "duodenum": [
        (-26, -44, -8, 11),
        (-40, -30, -14, 12),
        (-42, -18, -34, 12),
        (-36, -10, -56, 11),
        (-8, -18, -64, 11),
        (30, -20, -58, 12),
    ],
    "smv": [(-6, -24, -110, 5), (-4, -26, -40, 6), (-2, -22, -8, 7)],
    "sma": [(10, -10, -4, 3.5), (9, -18, -20, 4), (8, -20, -110, 3.5)],
    "coeliac": [(12, -8, 10, 3.5), (10, -20, 12, 3.5), (24, -22, 14, 2.5)],
    "splenic_vein": [(-2, -22, -8, 6), (30, -16, 4, 4.5), (56, 2, 14, 4.5), (82, 16, 24, 4)],
    "renal_vein_right": [(-24, 0, -38, 5), (-40, 24, -42, 5)],
    "renal_vein_left": [(-20, -6, -30, 5), (12, -14, -30, 4.5), (42, 22, -31, 5)],
    "adrenal_right": [(-32, 12, 34, 2.6), (-34, 22, 20, 3.2)],
    "adrenal_left": [(34, 4, 26, 3.2), (42, 14, 18, 2.6), (34, 4, 26, 2.6), (34, 20, 16, 2.6)],
}
LIVER_VEINS: list[Path] = [
    # the portal vein and its branches
    [(-4, -22, -6, 7), (-26, -22, 14, 8), (-46, -18, 24, 7), (-72, -4, 26, 5), (-108, 18, 20, 3)],
    [(-46, -18, 24, 6), (-78, -34, 26, 4.5), (-112, -44, 18, 2.5)],
    [(-72, -4, 26, 4.5), (-92, 0, -18, 2.5)],
    [(-26, -22, 14, 6), (-14, -40, 34, 5), (10, -52, 44, 4), (40, -54, 50, 2)],
    [(-14, -40, 34, 4), (-10, -74, 30, 2.2)],
    # the hepatic veins
    [(-24, -12, 74, 7), (-56, 2, 66, 6), (-94, 14, 46, 4), (-118, 10, 20, 2)],
    [(-94, 14, 46, 3.5), (-96, 46, 34, 2)],
    [(-24, -14, 74, 6), (-44, -44, 60, 5), (-66, -74, 34, 3)],
    [(-44, -44, 60, 3.5), (-82, -52, 56, 2)],
    [(-24, -14, 74, 6), (0, -36, 66, 4.5), (28, -58, 56, 2.5)],
]
COLON: Path = [
    (-98, 8, -120, 25),
    (-102, 2, -70, 24),
    (-92, -34, -48, 22),
    (-64, -66, -60, 21),
    (-20, -78, -70, 19),
    (24, -76, -60, 20),
    (66, -66, -36, 21),
    (96, -46, -6, 21),
    (104, -34, 18, 19),
    (112, 2, -14, 15),
    (110, 20, -52, 14),
    (106, 24, -120, 14),
]
