"""A deterministic synthetic abdominal CT with exact labels: the demo's input and the tests' ground truth.

The anatomy is written down once, in millimetres, as implicit shapes in the patient's frame (LPS: x to the left, y to
the back, z to the head; the origin is the middle of the field of view). Each shape is a *depth field*: about the
distance in mm to its surface, positive inside. Shapes are painted one over the other, so any grid, coarse or fine,
samples the same patient. The seed makes the patient (smooth deformation, bowel loops, small vessels, tissue HU) and the
scanner's noise.

It is a drawing, not a measurement: good for showing and testing the program, not for judging a model.
"""

from __future__ import annotations

import functools
from types import EllipsisType

import numpy as np
from scipy import ndimage

from .volume import Volume

__all__ = ["PHANTOM_LABELS", "TABLE_LABEL", "make_phantom"]

PHANTOM_LABELS: dict[str, int] = {
    "liver": 1, "spleen": 2, "kidney_right": 3, "kidney_left": 4, "gallbladder": 5, "stomach": 6, "pancreas": 7,
    "lung_left": 8, "lung_right": 9, "heart": 10, "aorta": 11, "inferior_vena_cava": 12, "spine": 13,
}
TABLE_LABEL: int = 20
"""Label of the patient table: in the label map, but not an organ and never inside the body."""

# HU in the portal-venous phase (about 70 s after the injection); soft tissues get a small offset per patient.
_HU = {
    "air": -1000, "skin": 20, "fat": -102, "muscle": 58, "lung": -850, "liver": 112, "spleen": 122, "kidney": 185,
    "gallbladder": 8, "pancreas": 92, "heart": 120, "blood": 165, "aorta": 162, "vein": 142, "portal": 160, "wall": 78,
    "fluid": 42, "gas": -960, "bowel": 48, "cancellous": 190, "cortical": 480, "disc": 88, "cartilage": 105, "cord": 38,
}

_Box = tuple[slice, slice, slice] | EllipsisType
_Path = list[tuple[float, float, float, float]]

# Ellipsoids: centre (x, y, z) and half axes in mm, rotation in degrees about z, x and y, exponent (above 2: boxier).
_BLOBS: dict[str, tuple] = {
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
_TUBES: dict[str, _Path] = {
    "crura": [(16, 12, 70, 15), (0, 4, 20, 17), (0, 6, -30, 12)],
    "aorta": [(20, 10, 120, 12), (17, 6, 60, 11.5), (12, -1, 10, 10.5), (10, 0, -110, 9.5)],
    "inferior_vena_cava": [(-22, 2, -110, 11.5), (-23, 0, -20, 12), (-26, -6, 30, 13), (-24, -14, 72, 14),
                           (-18, -24, 104, 15)],
    "oesophagus": [(8, -8, 120, 7), (14, -12, 80, 7), (26, -14, 64, 8), (44, -8, 58, 9)],
    "stomach": [(58, 20, 58, 21), (66, -4, 50, 26), (68, -38, 30, 25), (54, -58, 4, 22), (24, -64, -16, 18),
                (-8, -58, -14, 14), (-22, -48, -8, 9)],
    "pancreas": [(-20, -24, -28, 12), (-16, -28, -12, 12), (6, -36, 0, 8.5), (32, -26, 6, 9.5), (56, -6, 14, 10),
                 (78, 8, 22, 8)],
    "duodenum": [(-26, -44, -8, 11), (-40, -30, -14, 12), (-42, -18, -34, 12), (-36, -10, -56, 11),
                 (-8, -18, -64, 11), (30, -20, -58, 12)],
    "smv": [(-6, -24, -110, 5), (-4, -26, -40, 6), (-2, -22, -8, 7)],
    "sma": [(10, -10, -4, 3.5), (9, -18, -20, 4), (8, -20, -110, 3.5)],
    "coeliac": [(12, -8, 10, 3.5), (10, -20, 12, 3.5), (24, -22, 14, 2.5)],
    "splenic_vein": [(-2, -22, -8, 6), (30, -16, 4, 4.5), (56, 2, 14, 4.5), (82, 16, 24, 4)],
    "renal_vein_right": [(-24, 0, -38, 5), (-40, 24, -42, 5)],
    "renal_vein_left": [(-20, -6, -30, 5), (12, -14, -30, 4.5), (42, 22, -31, 5)],
    "adrenal_right": [(-32, 12, 34, 2.6), (-34, 22, 20, 3.2)],
    "adrenal_left": [(34, 4, 26, 3.2), (42, 14, 18, 2.6), (34, 4, 26, 2.6), (34, 20, 16, 2.6)],
}
_LIVER_VEINS: list[_Path] = [
    # the portal vein and its branches
    [(-4, -22, -6, 7), (-26, -22, 14, 8), (-46, -18, 24, 7), (-72, -4, 26, 5), (-108, 18, 20, 3)],
    [(-46, -18, 24, 6), (-78, -34, 26, 4.5), (-112, -44, 18, 2.5)], [(-72, -4, 26, 4.5), (-92, 0, -18, 2.5)],
    [(-26, -22, 14, 6), (-14, -40, 34, 5), (10, -52, 44, 4), (40, -54, 50, 2)],
    [(-14, -40, 34, 4), (-10, -74, 30, 2.2)],
    # the hepatic veins
    [(-24, -12, 74, 7), (-56, 2, 66, 6), (-94, 14, 46, 4), (-118, 10, 20, 2)], [(-94, 14, 46, 3.5), (-96, 46, 34, 2)],
    [(-24, -14, 74, 6), (-44, -44, 60, 5), (-66, -74, 34, 3)], [(-44, -44, 60, 3.5), (-82, -52, 56, 2)],
    [(-24, -14, 74, 6), (0, -36, 66, 4.5), (28, -58, 56, 2.5)],
]
_COLON: _Path = [
    (-98, 8, -120, 25), (-102, 2, -70, 24), (-92, -34, -48, 22), (-64, -66, -60, 21), (-20, -78, -70, 19),
    (24, -76, -60, 20), (66, -66, -36, 21), (96, -46, -6, 21), (104, -34, 18, 19), (112, 2, -14, 15),
    (110, 20, -52, 14), (106, 24, -120, 14),
]


def make_phantom(
    seed: int = 0,
    shape: tuple[int, int, int] = (40, 256, 256),
    spacing: tuple[float, float, float] = (1.5, 1.5, 5.0),
) -> tuple[Volume, Volume]:
    """Make a synthetic contrast-enhanced CT of the upper abdomen and its exact labels.

    Parameters
    ----------
    seed : int
        The patient and the noise. The same seed gives identical voxels.
    shape : tuple of int
        (Z, Y, X), number of voxels.
    spacing : tuple of float
        (x, y, z) in mm. The grid is centred on the anatomy; the default spans 384 x 384 x 200 mm, from the lung bases
        to the lower poles of the kidneys.

    Returns
    -------
    ct : Volume
        (Z, Y, X) int16, HU, identity direction.
    labels : Volume
        (Z, Y, X) uint8 on the same grid: `PHANTOM_LABELS`, `TABLE_LABEL`, 0 elsewhere.

    Raises
    ------
    ValueError
        Where the grid has no voxels or no size.
    """
    if len(shape) != 3 or min(shape) < 1 or len(spacing) != 3 or min(spacing) <= 0:
        raise ValueError(f"shape {shape} and spacing {spacing} must be three positive numbers each")
    canvas = _Canvas(seed, shape, spacing)
    _paint_wall(canvas)
    _paint_liver(canvas)
    _paint_bowel(canvas)
    _paint_retroperitoneum(canvas)
    _paint_chest(canvas)
    _paint_ribs(canvas)
    _paint_spine(canvas)
    _paint_table(canvas)
    geometry = dict(spacing=tuple(map(float, spacing)), origin=tuple(float(axis[0]) for axis in canvas.axes[::-1]))
    ct = Volume(canvas.scan(), modality="CT", name=f"phantom-{seed}", **geometry)
    return ct, Volume(canvas.labels, modality="SEG", name=f"phantom-{seed}-labels", **geometry)


class _Canvas:
    """The voxels being painted, and where each of them lies in the patient.

    `x`, `y`, `z` are (Z, Y, X) in mm and already deformed, so that no shape is exactly an ellipsoid; `level` is the
    undeformed y, because gravity keeps fluid levels flat in a patient who lies on the back.
    """

    def __init__(self, seed: int, shape: tuple[int, int, int], spacing: tuple[float, float, float]) -> None:
        self.rng = np.random.default_rng([seed, 0])
        self.scanner = np.random.default_rng([seed, 1])  # apart, so that the grid's size cannot change the anatomy
        self.shape, self.spacing = tuple(shape), spacing
        self.axes = [((np.arange(n) - (n - 1) / 2) * s).astype(np.float32) for n, s in zip(shape, spacing[::-1])]
        self.edge = max(1.6, spacing[0], spacing[1])  # mm over which two tissues mix: the partial volume effect
        warp = [4.0 * self.noise(75) + 1.3 * self.noise(28) for _ in range(3)]
        self.level = np.broadcast_to(self.axes[1][None, :, None], self.shape)
        self.x = self.axes[2] + warp[0]
        self.y = self.level + warp[1]
        self.z = self.axes[0][:, None, None] + warp[2]
        self.fine, self.coarse = self.noise(7), self.noise(16)
        self.tissue = {name: hu + (self.rng.normal(0, 4) if 0 < hu < 200 else 0) for name, hu in _HU.items()}
        self.hu = np.full(self.shape, _HU["air"], np.float32)
        self.labels = np.zeros(self.shape, np.uint8)

    def noise(self, pitch: float) -> np.ndarray:
        """Smooth noise (Z, Y, X) of unit variance: a cubic B-spline over a random lattice with that pitch in mm."""
        nodes = int(560 / pitch) + 4
        field = self.rng.standard_normal((nodes, nodes, nodes)).astype(np.float32) * 3.0
        for axis in self.axes:  # separable: one small matrix per axis
            u = np.clip((axis + 280) / pitch, 0, nodes - 4.001)
            first, t = u.astype(int), u - u.astype(int)
            weights = np.zeros((len(axis), nodes), np.float32)
            cubic = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
            for k, w in enumerate(cubic):
                weights[np.arange(len(axis)), first + k] = w / 6
            field = np.tensordot(field, weights, axes=([0], [1]))  # first axis goes last: in order after three rounds
        return field

    def box(self, low: np.ndarray, high: np.ndarray, margin: float = 18.0) -> _Box:
        """Index box that holds the points from `low` to `high` (x, y, z in mm); the margin is for the deformation."""
        ends = [np.searchsorted(axis, (low[2 - k] - margin, high[2 - k] + margin)) for k, axis in enumerate(self.axes)]
        return tuple(slice(int(start), int(stop)) for start, stop in ends)

    def blob(self, name: str) -> tuple[_Box, np.ndarray]:
        """Index box and depth field of an ellipsoid of the table."""
        centre, radii, angles, power = _BLOBS[name]
        box = self.box(np.subtract(centre, max(radii)), np.add(centre, max(radii)))
        p = [axis[box] - c for axis, c in zip((self.x, self.y, self.z), centre)]
        for (i, j), angle in zip(((0, 1), (1, 2), (2, 0)), np.deg2rad(angles)):
            c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
            p[i], p[j] = c * p[i] + s * p[j], c * p[j] - s * p[i]
        return box, _superellipse(p, radii, power)

    def tube(self, points: _Path) -> tuple[_Box, np.ndarray]:
        """Index box and depth field of a tube along a polyline with a radius at each point."""
        path = np.asarray(points, np.float32)
        box = self.box(path[:, :3].min(0) - path[:, 3].max(), path[:, :3].max(0) + path[:, 3].max())
        depth = np.full(self.x[box].shape, -99.0, np.float32)
        for a, b in zip(path[:-1], path[1:]):
            radius, step = max(a[3], b[3]), b - a
            part = self.box(np.minimum(a, b)[:3] - radius, np.maximum(a, b)[:3] + radius)
            p = [axis[part] - v for axis, v in zip((self.x, self.y, self.z), a)]
            t = np.clip(sum(q * s for q, s in zip(p, step)) / (step[:3] @ step[:3] + 1e-6), 0, 1)
            distance = np.sqrt(sum((q - t * s) ** 2 for q, s in zip(p, step)))
            here = tuple(slice(i.start - o.start, i.stop - o.start) for i, o in zip(part, box))
            np.maximum(depth[here], a[3] + t * step[3] - distance, out=depth[here])
        return box, depth

    def paint(self, box: _Box, depth: np.ndarray, hu: np.ndarray | float, label: int | None = None) -> None:
        """Mix the HU of a shape in over its edge, and label the voxels it mostly fills (None: keep their label)."""
        share = np.clip(depth / self.edge + 0.5, 0, 1)
        self.hu[box] += share * (hu - self.hu[box])
        if label is not None:
            self.labels[box][share > 0.5] = label

    def organ(self, name: str, box: _Box, depth: np.ndarray, hu: np.ndarray | float, plane: float = 2.0) -> None:
        """Paint an organ with the layer of fat, `plane` mm, that separates it from what was painted before it."""
        self.paint(box, depth + plane, self.tissue["fat"], 0)
        self.paint(box, depth, hu, PHANTOM_LABELS.get(name, 0))

    def behind(self, box: _Box, depth: np.ndarray, *names: str) -> np.ndarray:
        """The shape without what the named organs (none named: all) cover already."""
        covers = [PHANTOM_LABELS[name] for name in names or PHANTOM_LABELS]
        return np.where(np.isin(self.labels[box], covers), -99, depth)

    def scan(self) -> np.ndarray:
        """The painted HU as a scanner shows them, (Z, Y, X) int16: with noise that has the grain of a smooth kernel."""
        sigma = np.array([1.1 / self.spacing[1], 1.1 / self.spacing[0]])

        def kernel(image: np.ndarray) -> np.ndarray:  # no noise at low frequencies, as after filtered back-projection
            flat = [(0, *s)[-image.ndim:] for s in (sigma, 2.6 * sigma)]
            return ndimage.gaussian_filter(image, flat[0]) - 0.8 * ndimage.gaussian_filter(image, flat[1])

        point = np.zeros([2 * int(12 * s) + 3 for s in sigma], np.float32)
        point[tuple(n // 2 for n in point.shape)] = 1
        gain = 11.0 / np.sqrt((kernel(point) ** 2).sum())  # to 11 HU, whatever the voxel size
        grain = gain * kernel(self.scanner.standard_normal(self.shape, dtype=np.float32))
        return np.clip(np.rint(self.hu + grain), -1024, 3071).astype(np.int16)


def _superellipse(p: list[np.ndarray], radii: tuple, power: float) -> np.ndarray:
    """Depth in mm below the surface sum(|p / r|^power) = 1, measured towards the centre."""
    if power == 2.0:
        rho = np.sqrt(sum((c / r) ** 2 for c, r in zip(p, radii)))  # much faster than the general case
    else:
        rho = sum(np.abs(c / r) ** np.float32(power) for c, r in zip(p, radii)) ** np.float32(1 / power)
    return np.sqrt(sum(c * c for c in p)) * (1 / np.maximum(rho, 1e-2) - 1)


def _fit(box: _Box, depth: np.ndarray, target: _Box) -> np.ndarray:
    """The depth field of one index box on another index box; far outside where it is not known."""
    field = np.full([t.stop - t.start for t in target], -60.0, np.float32)
    both = [(max(b.start, t.start), min(b.stop, t.stop)) for b, t in zip(box, target)]
    if all(stop > start for start, stop in both):
        there = tuple(slice(start - t.start, stop - t.start) for (start, stop), t in zip(both, target))
        field[there] = depth[tuple(slice(start - b.start, stop - b.start) for (start, stop), b in zip(both, box))]
    return field


def _union(a: np.ndarray, b: np.ndarray, fillet: float) -> np.ndarray:
    """Union of two shapes with a fillet in mm (the polynomial smooth maximum of I. Quilez)."""
    return np.maximum(a, b) + np.maximum(fillet - np.abs(a - b), 0) ** 2 / (4 * fillet)


def _meet(a: np.ndarray, b: np.ndarray, fillet: float) -> np.ndarray:
    """Intersection of two shapes with an edge rounded by that many mm."""
    return -_union(-a, -b, fillet)


def _all(*shapes: np.ndarray | float) -> np.ndarray:
    """Intersection of shapes with sharp edges."""
    return functools.reduce(np.minimum, shapes)


def _paint_wall(c: _Canvas) -> None:
    """Skin, subcutaneous fat, muscles and the fat that fills the cavity; leaves the fields `c.depth` and `c.cavity`."""
    x, y, z, muscle, fat = c.x, c.y, c.z, c.tissue["muscle"], c.tissue["fat"]
    half_width = 158 - 0.0011 * (z - 90) * (z + 60) * (z < 0) + 0.02 * z
    c.depth = _superellipse([x, y - 3], (half_width, 115 - 0.03 * z), 2.25) - 9 * np.exp(-((x / 17) ** 2)) * (y > 0)
    back = np.clip(y / 90, 0, 1)
    layer = 9 + 4 * back + np.clip(-z / 10, 0, 9) * (1 - 0.4 * back) + 1.5 * c.coarse  # mm; thicker below the ribs
    gutter = 54 + 30 * np.clip((np.abs(x) - 30) / 45, 0, 1) ** 1.5 - y  # the back muscles push in beside the spine
    c.cavity = _meet(c.depth - layer - 13, gutter, 8)
    c.paint(..., c.depth, c.tissue["skin"])
    c.paint(..., c.depth - 2, fat + 4 * c.fine)
    c.paint(..., c.depth - layer, muscle + 5 * c.fine)
    between = 0.9 - np.abs(c.cavity + 8.5 + 0.6 * c.coarse)  # fat between the muscle layers of the flank
    c.paint(..., _all(between, 70 - np.abs(y + 5)), fat + 60)
    c.paint(..., np.where(y < 0, 1.5 - np.abs(x) + 0.04 * c.cavity, -9), fat + 30)  # linea alba
    c.paint(..., c.cavity, fat + 5 * c.fine + 4 * c.coarse)
    for side in (-1, 1):
        erector = _all(_superellipse([x - side * 37, y - 76], (36, 27), 2.6), c.depth - layer + 5)
        c.paint(..., erector, muscle + 8 * c.fine - 45 * np.clip(c.fine - 1.1, 0, 1))
        thick = np.clip((20 - z) / 4.5, 0.1, 25)  # the psoas starts below the diaphragm and grows downwards
        psoas = _superellipse([x - side * (34 + thick * 0.4), y - 32 + 0.04 * z], (thick * 0.9, thick), 2)
        c.paint(..., psoas, muscle + 4 * c.fine)
        quadratus = _all(_superellipse([x - side * 68, y - 68], (18, 8), 2), -z)
        c.paint(..., quadratus, muscle + 4 * c.fine)


def _paint_liver(c: _Canvas) -> None:
    """The liver: two lobes under the wall and above the visceral surface, with its veins and fissures."""
    right_box, right = c.blob("liver_right")
    left_box, left = c.blob("liver_left")
    box = tuple(slice(min(a.start, b.start), max(a.stop, b.stop)) for a, b in zip(right_box, left_box))
    lobes = _union(_fit(right_box, right, box), _fit(left_box, left, box), 22)
    visceral = (c.z[box] + 74 - 0.62 * (c.x[box] + 118) + 0.20 * c.y[box]) / 1.20  # rises to the left
    liver = _meet(_meet(lobes, visceral, 26), c.cavity[box] - 1.5, 6)
    liver = _meet(liver, -_fit(*c.blob("renal_bed"), box), 8)
    c.organ("liver", box, liver, c.tissue["liver"] + 3 * c.fine[box] + 3 * c.coarse[box])
    for path in _LIVER_VEINS:
        vein_box, vein = c.tube(path)
        c.paint(vein_box, _all(vein, _fit(box, liver, vein_box) - 3), c.tissue["portal"])
    for name in ("porta", "falciform"):
        fissure_box, fissure = c.blob(name)
        c.paint(fissure_box, fissure + c.fine[fissure_box], c.tissue["fat"] + 50, 0)


def _paint_bowel(c: _Canvas) -> None:
    """Mesentery, bowel, pancreas, gallbladder and stomach, with fluid, stool and gas."""
    hu, fine, coarse = c.tissue, c.fine, c.coarse
    for _ in range(90):  # vessels of the mesentery and omentum, seen as dots and dashes
        a = c.rng.uniform((-80, -85, -110), (85, -15, 0))
        box, depth = c.tube([(*a, c.rng.uniform(0.8, 2.0)), (*(a + c.rng.normal(0, (9, 9, 14))), 0.8)])
        c.paint(box, c.behind(box, _all(depth, c.cavity[box] - 4), "liver"), hu["wall"] + 20)
    for _ in range(72):  # loops of small bowel: low on the right, where the liver is, and up to the stomach on the left
        a = c.rng.uniform((-66, -74, -118), (100, 4, -20))
        a[2] -= 0.45 * max(10 - a[0], 0)
        b = a + c.rng.normal(0, (18, 10, 12))
        radius = c.rng.uniform(9, 14)
        box, depth = c.tube([(*a, radius), (*b, radius * 0.9), (*(b + c.rng.normal(0, (14, 10, 10))), radius)])
        depth = c.behind(box, _all(depth + 0.8 * fine[box], c.cavity[box] - 2), "liver")
        c.organ("bowel", box, depth, hu["wall"] + 8, 1.2)
        c.paint(box, depth - 3, hu["bowel"] - c.rng.uniform(0, 25) + 8 * fine[box])
    box, depth = c.tube(_TUBES["duodenum"])
    c.organ("duodenum", box, depth, hu["wall"])
    c.paint(box, depth - 3, hu["bowel"] - 10 + 8 * fine[box])
    box, depth = c.tube(_TUBES["pancreas"])
    c.organ("pancreas", box, depth + 1.4 * fine[box], hu["pancreas"] + 8 * fine[box], 2.5)
    box, depth = c.tube(_COLON)
    depth = _all(depth + 2.2 * coarse[box], c.cavity[box] - 2)  # the coarse noise makes haustra
    c.organ("colon", box, depth, hu["wall"] - 15)
    c.paint(box, depth - 2, 5 + 30 * fine[box] - 480 * np.clip(fine[box] * 1.5 - 0.5, 0, 1))  # stool, gas in it
    front = -56 - c.level[box] + 12 * np.clip(np.abs(c.x[box]) / 30 - 1.5, 0, 1)
    c.paint(box, _all(depth - 3, front), hu["gas"])
    box, depth = c.blob("gallbladder")
    c.organ("gallbladder", box, depth, hu["gallbladder"], 1.0)
    box, depth = c.tube(_TUBES["stomach"])
    depth = _all(depth + 1.5 * coarse[box], c.cavity[box] - 2)
    c.organ("stomach", box, depth, hu["wall"] + 10, 1.5)
    c.paint(box, depth - 3.5, hu["fluid"] + 10 * fine[box] + 12 * coarse[box])
    c.paint(box, _all(depth - 3.5, -66 - c.level[box]), hu["gas"])


def _paint_retroperitoneum(c: _Canvas) -> None:
    """Spleen, great vessels, crura of the diaphragm, kidneys, adrenals and the vessels that join them."""
    hu = c.tissue
    box, depth = c.blob("spleen")
    depth = _meet(_meet(depth, c.cavity[box] - 1.5, 5), -_fit(*c.blob("spleen_hilum"), box), 10)
    c.organ("spleen", box, depth, hu["spleen"] + 3 * c.fine[box] + 3 * c.coarse[box])
    for name, value, plane in (("inferior_vena_cava", hu["vein"], 0.0), ("aorta", hu["aorta"], 1.0)):
        c.organ(name, *c.tube(_TUBES[name]), value, plane)  # inside the liver, no fat surrounds the vena cava
    box, depth = c.tube(_TUBES["crura"])
    c.paint(box, c.behind(box, _all(depth, c.z[box] + 25)), hu["muscle"])
    for side in ("right", "left"):
        box, depth = c.blob(f"kidney_{side}")
        depth = depth + 0.7 * c.fine[box]
        medulla = 1 - np.clip((9 - depth) / 5, 0, 1)
        value = hu["kidney"] + 12 - medulla * (12 + 22 * (c.coarse[box] > -0.3))
        c.organ(f"kidney_{side}", box, depth, value, 6.0)
        box, depth = c.blob(f"sinus_{side}")
        c.paint(box, depth + 1.6 * c.fine[box], hu["fat"] + 25 + 25 * c.fine[box], 0)
        for name, value in ((f"renal_vein_{side}", hu["vein"]), (f"adrenal_{side}", hu["pancreas"])):
            box, depth = c.tube(_TUBES[name])
            c.paint(box, c.behind(box, depth), value)
    for name in ("smv", "splenic_vein", "sma", "coeliac"):
        box, depth = c.tube(_TUBES[name])
        c.paint(box, c.behind(box, depth, "aorta", "inferior_vena_cava"), hu["portal"], 0)


def _paint_chest(c: _Canvas) -> None:
    """Diaphragm, lungs, mediastinum and heart: everything above two domes that sink towards the wall."""
    x, y, z, hu, label = c.x, c.y, c.z, c.tissue, PHANTOM_LABELS
    dome = 66 + 24 * np.exp(-(((x + 72) / 46) ** 2) - ((y + 8) / 80) ** 2)
    dome += 14 * np.exp(-(((x - 78) / 42) ** 2) - ((y - 4) / 70) ** 2)
    recess = 4 + 46 * np.clip(-(y + 20) / 70, 0, 1)  # the pleura reaches far down only at the sides and the back
    vertebra = np.hypot(x, 1.2 * (y - 34)) - 30
    wall = np.maximum(_all(c.cavity, vertebra + 0.9 * np.maximum(30 - y, 0)), 0)
    surface = recess + (dome - recess) * (1 - np.exp(-wall / 17))
    chest = _all((z - surface) * np.clip(0.35 + wall / 60, 0.35, 0.9), c.cavity)  # steep where it is near the wall
    middle = 18 - np.abs(x - 4 - 0.25 * np.clip(40 - y, 0, 60)) + np.clip(-(y + 75) / 2, 0, 12)
    lung = _all(chest, -middle, vertebra + 1)
    vessels = 420 * np.clip(c.fine * 1.4 - 2.1, 0, 1.2) * (lung > 4)
    texture = hu["lung"] + 20 * c.coarse + vessels + 60 * np.clip((40 + y) / 130, 0, 1)  # denser where the patient lies
    c.paint(..., _all(chest + 2.5, c.cavity + 1), hu["muscle"], 0)
    c.paint(..., _all(chest, middle), hu["fat"], 0)
    c.paint(..., np.where(x < 4, lung, -99), texture, label["lung_right"])
    c.paint(..., np.where(x < 4, -99, lung), texture, label["lung_left"])
    heart_box, heart = c.blob("heart")
    heart = _all(heart, chest[heart_box] - 2)
    c.organ("heart", heart_box, heart, hu["heart"] + 4 * c.fine[heart_box], 5.0)
    for name in ("left_ventricle", "right_ventricle", "right_atrium"):
        box, depth = c.blob(name)
        c.paint(box, _all(depth, _fit(heart_box, heart, box) - 1), hu["blood"])
    for name, value in (("oesophagus", "wall"), ("aorta", "aorta"), ("inferior_vena_cava", "vein")):
        box, depth = c.tube(_TUBES[name])
        c.paint(box, c.behind(box, _all(depth, chest[box] + 4), "heart"), hu[value], label.get(name, 0))


def _paint_ribs(c: _Canvas) -> None:
    """Ribs, costal cartilage and sternum."""
    angle = np.arctan2(np.abs(c.x), c.y + 20)  # 0 at the back, pi in front
    shell = np.nonzero((c.depth > 5) & (np.abs(c.cavity + 6) < 9) & (angle > 0.66))
    phi, z = angle[shell], c.z[shell]
    course = z + 72 * phi - 150 * np.maximum(phi - 2.1, 0)  # ribs fall, cartilage climbs again
    from_rib = (course + 14) % 29 - 14.5
    rib = _superellipse([c.cavity[shell] + 6, from_rib * 0.8], (4.2, 4.8), 2)
    depth = np.full(c.shape, -9.0, np.float32)
    depth[shell] = _all(rib, (z + 95 - 12.5 * phi**2) / 2)  # none below the costal margin
    bone = 230 + 60 * c.fine + 380 * np.clip((2.6 - depth) / 1.5, 0, 1)
    c.paint(..., depth, np.where(angle > 2.35, c.tissue["cartilage"], bone), 0)
    box, depth = c.blob("sternum")
    c.paint(box, _all(depth, c.depth[box] - 6), 160 + 30 * c.fine[box], 0)


def _paint_spine(c: _Canvas) -> None:
    """Vertebrae with shell, canal and processes, and discs: one of each every 34 mm."""
    box = c.box((-50, 0, -9e3), (50, 100, 9e3), 8)
    x, y, z, fine, label = c.x[box], c.y[box] - 32, c.z[box], c.fine[box], PHANTOM_LABELS["spine"]
    aside = np.abs(x)
    phase = (z + 4) % 34 - 17  # mm above the middle of the vertebra
    disc = 17 - np.abs(phase)  # mm from the middle of the disc
    waist = 1.6 * np.clip(disc / 8, 0, 1) + 3 * np.exp(-((x / 9) ** 2)) * (y > 0)
    body = _superellipse([x, y], (22.5, 17.0), 2.5) - waist
    plate = 0.3 * np.clip((2.2 - np.abs(disc - 5.5)) / 1.5, 0, 1)
    shell = np.maximum(np.clip((2.6 - body) / 1.5, 0, 1), plate)
    bone = c.tissue["cancellous"] + 35 * fine + (c.tissue["cortical"] - c.tissue["cancellous"]) * shell
    canal = _superellipse([x, y - 26], (11, 8.5), 2)
    arch = _all(_superellipse([x, y - 25], (17.5, 14), 2.2), -canal)
    processes = np.maximum.reduce([
        _all(11 - np.abs(phase + 1), np.maximum(arch, _all(5 - np.abs(aside - 15), y, 26 - y))),  # pedicles
        _all(arch, y - 22, 15 - np.abs(phase + 8)),  # laminae
        _all(_superellipse([aside - 17, y - 27], (7, 8), 2), np.abs(phase) - 4),  # facet joints
        _all(3.6 - aside + np.clip((y - 52) / 4, 0, 2), y - 34, 60 - y, 12 - np.abs(phase + 9)),  # spinous process
        _all(38 - aside, aside - 12, 5 - np.abs(phase + 2),  # transverse processes
             4.6 - 0.05 * aside - np.abs(y - 24 - 0.2 * aside + 2 * fine)),
    ])
    c.paint(box, processes, 270 + 50 * fine + 280 * np.clip((2.2 - processes) / 1.5, 0, 1), label)
    c.paint(box, body, np.where(disc < 4.5, c.tissue["disc"], bone), label)
    c.paint(box, canal, 12, 0)
    c.paint(box, canal - 3.5, c.tissue["cord"], 0)


def _paint_table(c: _Canvas) -> None:
    """The table: a curved shell of carbon fibre filled with foam, with a little air between it and the back."""
    x, y = c.axes[2][None, None, :], c.level
    bend = y - 132 + 0.0011 * x**2
    slab = _all(bend, 24 - bend, 190 - np.abs(x), -4 - c.depth)
    shell = np.clip((2.0 - slab) / c.edge + 0.5, 0, 1)
    c.paint(..., slab, -930 + 560 * shell, TABLE_LABEL)
