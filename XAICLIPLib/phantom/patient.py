"""The organs of the phantom, painted one over the other from the skin inwards."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from XAICLIPLib.phantom.canvas import Canvas, all_of, fit, meet, superellipse, union
from XAICLIPLib.phantom.shapes import COLON, LIVER_VEINS, PHANTOM_LABELS, TABLE_LABEL


def paint(c: Canvas) -> None:
    """The upper abdomen, from the lung bases to the lower poles of the kidneys.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    paint_wall(c)
    paint_liver(c)
    paint_bowel(c)
    paint_retroperitoneum(c)
    paint_chest(c)
    paint_ribs(c)
    paint_spine(c)
    paint_table(c)


def paint_wall(c: Canvas, body: Callable[[Canvas, np.ndarray], np.ndarray] | None = None) -> None:
    """Skin, subcutaneous fat, muscles and the fat that fills the cavity; leaves the fields `c.depth` and `c.cavity`.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    body : callable, optional
        Makes the depth field of the whole body out of the canvas and that of the trunk: puts shoulders, arms and
        breasts on it.
    """
    x, y, z, muscle, fat, more = c.x, c.y, c.z, c.tissue["muscle"], c.tissue["fat"], c.anatomy.fat
    half_width = 158 + more - 0.0011 * (z - 90) * (z + 60) * (z < 0) + 0.02 * z
    trunk = superellipse([x, y - 3], (half_width, 115 + more - 0.03 * z), 2.25) - 9 * np.exp(-((x / 17) ** 2)) * (y > 0)
    c.depth = trunk if body is None else body(c, trunk)
    back = np.clip(y / 90, 0, 1)
    layer = 9 + more + 4 * back + np.clip(-z / 10, 0, 9) * (1 - 0.4 * back) + 1.5 * c.coarse  # mm; thicker below ribs
    gutter = 54 + 30 * np.clip((np.abs(x) - 30) / 45, 0, 1) ** 1.5 - y  # the back muscles push in beside the spine
    c.cavity = meet(trunk - layer - 13, gutter, 8)
    c.paint(..., c.depth, c.tissue["skin"])
    c.paint(..., c.depth - 2, fat + 4 * c.fine)
    c.paint(..., c.depth - layer, muscle + 5 * c.fine)
    between = 0.9 - np.abs(c.cavity + 8.5 + 0.6 * c.coarse)  # fat between the muscle layers of the flank
    c.paint(..., all_of(between, 70 - np.abs(y + 5)), fat + 60)
    c.paint(..., np.where(y < 0, 1.5 - np.abs(x) + 0.04 * c.cavity, -9), fat + 30)  # linea alba
    c.paint(..., c.cavity, fat + 5 * c.fine + 4 * c.coarse)
    for side in (-1, 1):
        erector = all_of(superellipse([x - side * 37, y - 76], (36, 27), 2.6), c.depth - layer + 5)
        c.paint(..., erector, muscle + 8 * c.fine - 45 * np.clip(c.fine - 1.1, 0, 1))
        thick = np.clip((20 - z) / 4.5, 0.1, 25)  # the psoas starts below the diaphragm and grows downwards
        psoas = superellipse([x - side * (34 + thick * 0.4), y - 32 + 0.04 * z], (thick * 0.9, thick), 2)
        c.paint(..., psoas, muscle + 4 * c.fine)
        quadratus = all_of(superellipse([x - side * 68, y - 68], (18, 8), 2), -z)
        c.paint(..., quadratus, muscle + 4 * c.fine)


def paint_liver(c: Canvas) -> None:
    """The liver: two lobes under the wall and above the visceral surface, with its veins and fissures.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    if "liver" in c.anatomy.missing:
        return
    right_box, right = c.blob("liver_right")
    left_box, left = c.blob("liver_left")
    box = tuple(slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(right_box, left_box))
    lobes = union(fit(right_box, right, box), fit(left_box, left, box), 22)
    visceral = (c.z[box] + 74 - 0.62 * (c.x[box] + 118) + 0.20 * c.y[box]) / 1.20  # rises to the left
    liver = meet(meet(lobes, visceral, 26), c.cavity[box] - 1.5, 6)
    liver = meet(liver, -fit(*c.blob("renal_bed"), box), 8)
    c.organ("liver", box, liver, c.tissue["liver"] + 3 * c.fine[box] + 3 * c.coarse[box])
    for path in LIVER_VEINS:
        vein_box, vein = c.tube(path)
        c.paint(vein_box, all_of(vein, fit(box, liver, vein_box) - 3), c.tissue["portal"])
    for name in ("porta", "falciform"):
        fissure_box, fissure = c.blob(name)
        c.paint(fissure_box, fissure + c.fine[fissure_box], c.tissue["fat"] + 50, 0)


def paint_bowel(c: Canvas) -> None:
    """Mesentery, bowel, pancreas, gallbladder and stomach, with fluid, stool and gas.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    hu, fine, coarse = c.tissue, c.fine, c.coarse
    for _ in range(90):  # vessels of the mesentery and omentum, seen as dots and dashes
        a = c.rng.uniform((-80, -85, -110), (85, -15, 0))
        box, depth = c.tube([(*a, c.rng.uniform(0.8, 2.0)), (*(a + c.rng.normal(0, (9, 9, 14))), 0.8)])
        c.paint(box, c.behind(box, all_of(depth, c.cavity[box] - 4), "liver"), hu["wall"] + 20)
    for _ in range(72):  # loops of small bowel: low on the right, where the liver is, and up to the stomach on the left
        a = c.rng.uniform((-66, -74, -118), (100, 4, -20))
        a[2] -= 0.45 * max(10 - a[0], 0)
        b = a + c.rng.normal(0, (18, 10, 12))
        radius = c.rng.uniform(9, 14)
        box, depth = c.tube([(*a, radius), (*b, radius * 0.9), (*(b + c.rng.normal(0, (14, 10, 10))), radius)])
        depth = c.behind(box, all_of(depth + 0.8 * fine[box], c.cavity[box] - 2), "liver")
        c.organ("bowel", box, depth, hu["wall"] + 8, 1.2)
        c.paint(box, depth - 3, hu["bowel"] - c.rng.uniform(0, 25) + 8 * fine[box])
    box, depth = c.tube(c.anatomy.tubes["duodenum"])
    c.organ("duodenum", box, depth, hu["wall"])
    c.paint(box, depth - 3, hu["bowel"] - 10 + 8 * fine[box])
    box, depth = c.tube(c.anatomy.tubes["pancreas"])
    c.organ("pancreas", box, depth + 1.4 * fine[box], hu["pancreas"] + 8 * fine[box], 2.5)
    box, depth = c.tube(COLON)
    depth = all_of(depth + 2.2 * coarse[box], c.cavity[box] - 2)  # the coarse noise makes haustra
    c.organ("colon", box, depth, hu["wall"] - 15)
    c.paint(box, depth - 2, 5 + 30 * fine[box] - 480 * np.clip(fine[box] * 1.5 - 0.5, 0, 1))  # stool, gas in it
    front = -56 - c.level[box] + 12 * np.clip(np.abs(c.x[box]) / 30 - 1.5, 0, 1)
    c.paint(box, all_of(depth - 3, front), hu["gas"])
    box, depth = c.blob("gallbladder")
    c.organ("gallbladder", box, depth, hu["gallbladder"], 1.0)
    if "stomach" in c.anatomy.missing:
        return
    box, depth = c.tube(c.anatomy.tubes["stomach"])
    depth = all_of(depth + 1.5 * coarse[box], c.cavity[box] - 2)
    c.organ("stomach", box, depth, hu["wall"] + 10, 1.5)
    c.paint(box, depth - 3.5, hu["fluid"] + 10 * fine[box] + 12 * coarse[box])
    c.paint(box, all_of(depth - 3.5, -66 - c.level[box]), hu["gas"])


def paint_retroperitoneum(c: Canvas) -> None:
    """Spleen, great vessels, crura of the diaphragm, kidneys, adrenals and the vessels that join them.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    hu = c.tissue
    box, depth = c.blob("spleen")
    depth = meet(meet(depth, c.cavity[box] - 1.5, 5), -fit(*c.blob("spleen_hilum"), box), 10)
    c.organ("spleen", box, depth, hu["spleen"] + 3 * c.fine[box] + 3 * c.coarse[box])
    for name, value, plane in (("inferior_vena_cava", hu["vein"], 0.0), ("aorta", hu["aorta"], 1.0)):
        c.organ(name, *c.tube(c.anatomy.tubes[name]), value, plane)  # inside the liver, no fat surrounds the vena cava
    box, depth = c.tube(c.anatomy.tubes["crura"])
    c.paint(box, c.behind(box, all_of(depth, c.z[box] + 25)), hu["muscle"])
    for side in ("right", "left"):
        box, depth = c.blob(f"kidney_{side}")
        depth = depth + 0.7 * c.fine[box]
        medulla = 1 - np.clip((9 - depth) / 5, 0, 1)
        value = hu["kidney"] + 12 - medulla * (12 + 22 * (c.coarse[box] > -0.3))
        c.organ(f"kidney_{side}", box, depth, value, 6.0)
        box, depth = c.blob(f"sinus_{side}")
        c.paint(box, depth + 1.6 * c.fine[box], hu["fat"] + 25 + 25 * c.fine[box], 0)
        for name, value in ((f"renal_vein_{side}", hu["vein"]), (f"adrenal_{side}", hu["pancreas"])):
            box, depth = c.tube(c.anatomy.tubes[name])
            c.paint(box, c.behind(box, depth), value)
    for name in ("smv", "splenic_vein", "sma", "coeliac"):
        box, depth = c.tube(c.anatomy.tubes[name])
        c.paint(box, c.behind(box, depth, "aorta", "inferior_vena_cava"), hu["portal"], 0)


def paint_chest(c: Canvas) -> None:
    """Diaphragm, lungs, mediastinum and heart: everything above two domes that sink towards the wall.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    x, y, z, hu, label = c.x, c.y, c.z, c.tissue, PHANTOM_LABELS
    dome = 66 + 24 * np.exp(-(((x + 72) / 46) ** 2) - ((y + 8) / 80) ** 2)
    dome += 14 * np.exp(-(((x - 78) / 42) ** 2) - ((y - 4) / 70) ** 2)
    recess = 4 + 46 * np.clip(-(y + 20) / 70, 0, 1)  # the pleura reaches far down only at the sides and the back
    vertebra = np.hypot(x, 1.2 * (y - 34)) - 30
    wall = np.maximum(all_of(c.cavity, vertebra + 0.9 * np.maximum(30 - y, 0)), 0)
    surface = recess + (dome - recess) * (1 - np.exp(-wall / 17))
    chest = all_of((z - surface) * np.clip(0.35 + wall / 60, 0.35, 0.9), c.cavity)  # steep where it is near the wall
    middle = 18 - np.abs(x - 4 - 0.25 * np.clip(40 - y, 0, 60)) + np.clip(-(y + 75) / 2, 0, 12)
    lung = all_of(chest, -middle, vertebra + 1)
    vessels = 420 * np.clip(c.fine * 1.4 - 2.1, 0, 1.2) * (lung > 4)
    texture = hu["lung"] + 20 * c.coarse + vessels + 60 * np.clip((40 + y) / 130, 0, 1)  # denser where the patient lies
    c.paint(..., all_of(chest + 2.5, c.cavity + 1), hu["muscle"], 0)
    c.paint(..., all_of(chest, middle), hu["fat"], 0)
    c.paint(..., np.where(x < 4, lung, -99), texture, label["lung_right"])
    c.paint(..., np.where(x < 4, -99, lung), texture, label["lung_left"])
    heart_box, heart = c.blob("heart")
    heart = all_of(heart, chest[heart_box] - 2)
    c.organ("heart", heart_box, heart, hu["heart"] + 4 * c.fine[heart_box], 5.0)
    for name in ("left_ventricle", "right_ventricle", "right_atrium"):
        box, depth = c.blob(name)
        c.paint(box, all_of(depth, fit(heart_box, heart, box) - 1), hu["blood"])
    for name, value in (("oesophagus", "wall"), ("aorta", "aorta"), ("inferior_vena_cava", "vein")):
        box, depth = c.tube(c.anatomy.tubes[name])
        c.paint(box, c.behind(box, all_of(depth, chest[box] + 4), "heart"), hu[value], label.get(name, 0))


def paint_ribs(c: Canvas, top: float = np.inf) -> None:
    """Ribs, costal cartilage and sternum.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    top : float
        The z above which there are none, mm.
    """
    angle = np.arctan2(np.abs(c.x), c.y + 20)  # 0 at the back, pi in front
    shell = np.nonzero((c.depth > 5) & (np.abs(c.cavity + 6) < 9) & (angle > 0.66) & (c.z < top))
    phi, z = angle[shell], c.z[shell]
    course = z + 72 * phi - 150 * np.maximum(phi - 2.1, 0)  # ribs fall, cartilage climbs again
    from_rib = (course + 14) % 29 - 14.5
    rib = superellipse([c.cavity[shell] + 6, from_rib * 0.8], (4.2, 4.8), 2)
    depth = np.full(c.shape, -9.0, np.float32)
    depth[shell] = all_of(rib, (z + 95 - 12.5 * phi**2) / 2)  # none below the costal margin
    bone = 230 + 60 * c.fine + 380 * np.clip((2.6 - depth) / 1.5, 0, 1)
    c.paint(..., depth, np.where(angle > 2.35, c.tissue["cartilage"], bone), 0)
    box, depth = c.blob("sternum")
    c.paint(box, all_of(depth, c.depth[box] - 6), 160 + 30 * c.fine[box], 0)


def paint_spine(c: Canvas) -> None:
    """Vertebrae with shell, canal and processes, and discs: one of each every 34 mm.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    box = c.box((-50, 0, -9e3), (50, 100, 9e3), 8)
    x, y, z, fine, label = c.x[box], c.y[box] - 32, c.z[box], c.fine[box], PHANTOM_LABELS["spine"]
    aside = np.abs(x)
    phase = (z + 4) % 34 - 17  # mm above the middle of the vertebra
    disc = 17 - np.abs(phase)  # mm from the middle of the disc
    waist = 1.6 * np.clip(disc / 8, 0, 1) + 3 * np.exp(-((x / 9) ** 2)) * (y > 0)
    body = superellipse([x, y], (22.5, 17.0), 2.5) - waist
    plate = 0.3 * np.clip((2.2 - np.abs(disc - 5.5)) / 1.5, 0, 1)
    shell = np.maximum(np.clip((2.6 - body) / 1.5, 0, 1), plate)
    bone = c.tissue["cancellous"] + 35 * fine + (c.tissue["cortical"] - c.tissue["cancellous"]) * shell
    canal = superellipse([x, y - 26], (11, 8.5), 2)
    arch = all_of(superellipse([x, y - 25], (17.5, 14), 2.2), -canal)
    processes = np.maximum.reduce(
        [
            all_of(11 - np.abs(phase + 1), np.maximum(arch, all_of(5 - np.abs(aside - 15), y, 26 - y))),  # pedicles
            all_of(arch, y - 22, 15 - np.abs(phase + 8)),  # laminae
            all_of(superellipse([aside - 17, y - 27], (7, 8), 2), np.abs(phase) - 4),  # facet joints
            all_of(
                3.6 - aside + np.clip((y - 52) / 4, 0, 2), y - 34, 60 - y, 12 - np.abs(phase + 9)
            ),  # spinous process
            all_of(
                38 - aside,
                aside - 12,
                5 - np.abs(phase + 2),  # transverse processes
                4.6 - 0.05 * aside - np.abs(y - 24 - 0.2 * aside + 2 * fine),
            ),
        ]
    )
    c.paint(box, processes, 270 + 50 * fine + 280 * np.clip((2.2 - processes) / 1.5, 0, 1), label)
    c.paint(box, body, np.where(disc < 4.5, c.tissue["disc"], bone), label)
    c.paint(box, canal, 12, 0)
    c.paint(box, canal - 3.5, c.tissue["cord"], 0)


def paint_table(c: Canvas) -> None:
    """The table: a curved shell of carbon fibre filled with foam, with a little air between it and the back.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    x, y = c.axes[2][None, None, :], c.level
    bend = y - 132 + 0.0011 * x**2
    slab = all_of(bend, 24 - bend, 190 - np.abs(x), -4 - c.depth)
    shell = np.clip((2.0 - slab) / c.edge + 0.5, 0, 1)
    c.paint(..., slab, -930 + 560 * shell, TABLE_LABEL)
