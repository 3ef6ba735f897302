"""The voxels of the phantom while it is painted: depth fields of shapes, and how they are mixed in."""

from __future__ import annotations

import functools
from types import EllipsisType

import numpy as np
from scipy import ndimage

from XAICLIPLib.phantom.anatomy import STANDARD, Anatomy
from XAICLIPLib.phantom.shapes import HU, PHANTOM_LABELS, Path

Box = tuple[slice, slice, slice] | EllipsisType


class Canvas:
    """The voxels being painted, and where each of them lies in the patient.

    `x`, `y`, `z` are (Z, Y, X) in mm and already deformed, so that no shape is exactly an ellipsoid; `level` is the
    undeformed y, because gravity keeps fluid levels flat in a patient who lies on the back.

    Parameters
    ----------
    seed : int
        Of the deformation, the tissue and the noise.
    shape : tuple of int
        (Z, Y, X).
    spacing : tuple of float
        (x, y, z) in mm.
    anatomy : Anatomy
        The patient's body.
    middle : float
        The z of the grid's middle in the patient's frame, mm.
    """

    def __init__(
        self,
        seed: int,
        shape: tuple[int, int, int],
        spacing: tuple[float, float, float],
        anatomy: Anatomy = STANDARD,
        middle: float = 0.0,
    ) -> None:
        self.anatomy = anatomy
        self.rng = np.random.default_rng([seed, 0])
        self.scanner = np.random.default_rng([seed, 1])  # apart, so that the grid's size cannot change the anatomy
        self.shape, self.spacing = tuple(shape), spacing
        self.axes = [((np.arange(n) - (n - 1) / 2) * s).astype(np.float32) for n, s in zip(shape, spacing[::-1])]
        self.edge = max(1.6, spacing[0], spacing[1])  # mm over which two tissues mix: the partial volume effect
        warp = [4.0 * self.noise(75) + 1.3 * self.noise(28) for _ in range(3)]
        across, deep, high = (np.float32(1 / factor) for factor in anatomy.size)
        self.level = np.broadcast_to(self.axes[1][None, :, None] * deep, self.shape)
        self.x = self.axes[2] * across + warp[0]
        self.y = self.level + warp[1]
        self.height = self.axes[0] * high + np.float32(middle)  # (Z,): the undeformed z of every slice
        self.z = self.height[:, None, None] + warp[2]
        # where a shape may lie among the voxels: the patient's frame without its deformation
        self.places = (self.height, self.axes[1] * deep, self.axes[2] * across)
        self.fine, self.coarse = self.noise(7), self.noise(16)
        self.tissue = {name: hu + (self.rng.normal(0, 4) if 0 < hu < 200 else 0) for name, hu in HU.items()}
        self.hu = np.full(self.shape, HU["air"], np.float32)
        self.labels = np.zeros(self.shape, np.uint8)

    def noise(self, pitch: float) -> np.ndarray:
        """Smooth noise of unit variance: a cubic B-spline over a random lattice.

        Parameters
        ----------
        pitch : float
            Of the lattice, mm.

        Returns
        -------
        ndarray of float32, shape (Z, Y, X)
        """
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

    def box(self, low: np.ndarray, high: np.ndarray, margin: float = 18.0) -> Box:
        """Index box that holds the points from `low` to `high`.

        Parameters
        ----------
        low, high : ndarray, shape (3,)
            x, y, z in mm.
        margin : float
            mm to every side, for the deformation.

        Returns
        -------
        tuple of 3 slices
            z, y, x.
        """
        ends = [
            np.searchsorted(axis, (low[2 - k] - margin, high[2 - k] + margin)) for k, axis in enumerate(self.places)
        ]
        return tuple(slice(int(start), int(stop)) for start, stop in ends)

    def blob(self, name: str) -> tuple[Box, np.ndarray]:
        """Index box and depth field of an ellipsoid.

        Parameters
        ----------
        name : str
            In the table `BLOBS` of `shapes`.

        Returns
        -------
        box : tuple of 3 slices
        depth : ndarray of float32, the box's shape
            mm to the surface, positive inside.
        """
        centre, radii, angles, power = self.anatomy.blobs[name]
        box = self.box(np.subtract(centre, max(radii)), np.add(centre, max(radii)))
        p = [axis[box] - c for axis, c in zip((self.x, self.y, self.z), centre)]
        for (i, j), angle in zip(((0, 1), (1, 2), (2, 0)), np.deg2rad(angles)):
            c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
            p[i], p[j] = c * p[i] + s * p[j], c * p[j] - s * p[i]
        return box, superellipse(p, radii, power)

    def tube(self, points: Path) -> tuple[Box, np.ndarray]:
        """Index box and depth field of a tube along a polyline.

        Parameters
        ----------
        points : list of (x, y, z, radius)
            mm.

        Returns
        -------
        box : tuple of 3 slices
        depth : ndarray of float32, the box's shape
            mm to the surface, positive inside.
        """
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

    def paint(self, box: Box, depth: np.ndarray, hu: np.ndarray | float, label: int | None = None) -> None:
        """Mix the HU of a shape in over its edge, and label the voxels that it mostly fills.

        Parameters
        ----------
        box : tuple of 3 slices
        depth : ndarray, the box's shape
            mm to the surface, positive inside.
        hu : ndarray or float
        label : int, optional
            None keeps the labels that are there.
        """
        share = np.clip(depth / self.edge + 0.5, 0, 1)
        self.hu[box] += share * (hu - self.hu[box])
        if label is not None:
            self.labels[box][share > 0.5] = label

    def bone(
        self, box: Box, depth: np.ndarray, label: int, marrow: np.ndarray | float, hard: np.ndarray | float, rim: float
    ) -> None:
        """Paint a bone with its hard shell and its marrow.

        Parameters
        ----------
        box, depth
            As in `paint`.
        label : int
        marrow, hard : ndarray or float
            HU inside, and at the surface.
        rim : float
            Depth in mm from which on it is all marrow; the shell fades into it over 1.8 mm.
        """
        shell = np.clip((rim - depth) / 1.8, 0, 1)
        self.paint(box, depth, marrow + (hard - marrow) * shell, label)

    def organ(self, name: str, box: Box, depth: np.ndarray, hu: np.ndarray | float, plane: float = 2.0) -> None:
        """Paint an organ with the layer of fat that separates it from what was painted before it.

        Parameters
        ----------
        name : str
            Of `PHANTOM_LABELS`; another name paints without a label.
        box, depth, hu
            As in `paint`.
        plane : float
            Thickness of the fat, mm.
        """
        if name in self.anatomy.missing:
            return
        self.paint(box, depth + plane, self.tissue["fat"], 0)
        self.paint(box, depth, hu, PHANTOM_LABELS.get(name, 0))

    def behind(self, box: Box, depth: np.ndarray, *names: str) -> np.ndarray:
        """The shape without what organs cover already.

        Parameters
        ----------
        box, depth
            As in `paint`.
        *names : str
            The organs; all of them where none is named.

        Returns
        -------
        ndarray, the box's shape
            The depth field, far outside where they are.
        """
        covers = [PHANTOM_LABELS[name] for name in names or PHANTOM_LABELS]
        return np.where(np.isin(self.labels[box], covers), -99, depth)

    def scan(self) -> np.ndarray:
        """The painted HU as a scanner shows them: with noise that has the grain of a smooth kernel.

        Returns
        -------
        ndarray of int16, shape (Z, Y, X)
        """
        sigma = np.array([1.1 / self.spacing[1], 1.1 / self.spacing[0]])

        def kernel(image: np.ndarray) -> np.ndarray:  # no noise at low frequencies, as after filtered back-projection
            flat = [(0, *s)[-image.ndim :] for s in (sigma, 2.6 * sigma)]
            return ndimage.gaussian_filter(image, flat[0]) - 0.8 * ndimage.gaussian_filter(image, flat[1])

        point = np.zeros([2 * int(12 * s) + 3 for s in sigma], np.float32)
        point[tuple(n // 2 for n in point.shape)] = 1
        gain = 11.0 / np.sqrt((kernel(point) ** 2).sum())  # to 11 HU, whatever the voxel size
        grain = gain * kernel(self.scanner.standard_normal(self.shape, dtype=np.float32))
        return np.clip(np.rint(self.hu + grain), -1024, 3071).astype(np.int16)


def superellipse(p: list[np.ndarray], radii: tuple, power: float) -> np.ndarray:
    """Depth below the surface sum(|p / r|^power) = 1, measured towards the centre.

    Parameters
    ----------
    p : list of ndarray
        Coordinates relative to the centre, mm.
    radii : tuple
        One per coordinate, mm; numbers or fields.
    power : float
        2 for an ellipse.

    Returns
    -------
    ndarray
        mm, positive inside.
    """
    if power == 2.0:
        rho = np.sqrt(sum((c / r) ** 2 for c, r in zip(p, radii)))  # much faster than the general case
    else:
        rho = sum(np.abs(c / r) ** np.float32(power) for c, r in zip(p, radii)) ** np.float32(1 / power)
    return np.sqrt(sum(c * c for c in p)) * (1 / np.maximum(rho, 1e-2) - 1)


def fit(box: Box, depth: np.ndarray, target: Box) -> np.ndarray:
    """The depth field of one index box on another.

    Parameters
    ----------
    box : tuple of 3 slices
    depth : ndarray, the box's shape
    target : tuple of 3 slices

    Returns
    -------
    ndarray of float32, the target's shape
        Far outside where it is not known.
    """
    field = np.full([t.stop - t.start for t in target], -60.0, np.float32)
    both = [(max(b.start, t.start), min(b.stop, t.stop)) for b, t in zip(box, target)]
    if all(stop > start for start, stop in both):
        there = tuple(slice(start - t.start, stop - t.start) for (start, stop), t in zip(both, target))
        field[there] = depth[tuple(slice(start - b.start, stop - b.start) for (start, stop), b in zip(both, box))]
    return field


def union(a: np.ndarray, b: np.ndarray, fillet: float) -> np.ndarray:
    """Union of two shapes with a fillet (the polynomial smooth maximum of I. Quilez).

    Parameters
    ----------
    a, b : ndarray
        Depth fields of one shape.
    fillet : float
        mm.

    Returns
    -------
    ndarray
        Their depth field.
    """
    return np.maximum(a, b) + np.maximum(fillet - np.abs(a - b), 0) ** 2 / (4 * fillet)


def meet(a: np.ndarray, b: np.ndarray, fillet: float) -> np.ndarray:
    """Intersection of two shapes with a rounded edge.

    Parameters
    ----------
    a, b : ndarray
        Depth fields of one shape.
    fillet : float
        Radius of the edge, mm.

    Returns
    -------
    ndarray
        Their depth field.
    """
    return -union(-a, -b, fillet)


def all_of(*shapes: np.ndarray | float) -> np.ndarray:
    """Intersection of shapes with sharp edges.

    Parameters
    ----------
    *shapes : ndarray or float
        Depth fields.

    Returns
    -------
    ndarray
        Their depth field.
    """
    return functools.reduce(np.minimum, shapes)
