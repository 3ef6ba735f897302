"""What can be done to a scan to see what a segmentation survives: each dose in steps, from hardly anything to a lot.

A dose changes the scan's own voxels, before any model prepares them. Where it changes the grid as well, it says which
voxels of the two scans belong together, so that what is drawn in both can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from XAICLIPLib.errors import InputError, did_you_mean
from XAICLIPLib.volume import Volume

Masks = Callable[[np.ndarray], np.ndarray]
UP, DOWN = "up", "down"


def _same(masks: np.ndarray) -> np.ndarray:
    return masks


@dataclass(frozen=True, eq=False)
class Dosed:
    """A changed scan, and how what is drawn in it is held against what is drawn in the scan as it is.

    Attributes
    ----------
    volume : Volume
        In axial LPS order.
    before : callable
        Masks (K, Z, H, W) on the scan's grid, brought to a grid that both scans have.
    after : callable
        Masks on the changed scan's grid, brought to the same.
    places : dict of int to (int, int)
        By the scan's slices: the changed scan's slice, and that of the common grid. Slices that are lost are not in it.
    swaps_sides : bool
        Whether the patient's left is where the right was.
    """

    volume: Volume
    before: Masks
    after: Masks
    places: Mapping[int, tuple[int, int]]
    swaps_sides: bool = False


@dataclass(frozen=True)
class Given:
    """What a dose is given.

    Attributes
    ----------
    scan : Volume
        In axial LPS order.
    span : float
        What one unit of grey is in the scan's values: 1 HU for CT, a hundredth of its contrast elsewhere.
    box : tuple of slices, optional
        Round what is drawn, along Z, Y, X; None where nothing is.
    seed : int
    """

    scan: Volume
    span: float
    box: tuple[slice, slice, slice] | None = None
    seed: int = 0

    @property
    def values(self) -> np.ndarray:
        """The voxels, (Z, H, W), float32."""
        return self.scan.voxels.astype(np.float32)

    def changed(self, voxels: np.ndarray) -> Dosed:
        """A scan of other values on the same grid.

        Parameters
        ----------
        voxels : ndarray, shape (Z, H, W)

        Returns
        -------
        Dosed
        """
        volume = self.scan.like(voxels.astype(np.float32))
        return Dosed(volume, _same, _same, {z: (z, z) for z in range(len(voxels))})


@dataclass(frozen=True)
class Dose:
    """One thing that can be done to a scan.

    Attributes
    ----------
    name : str
        As in tables and options.
    about : str
        As in "robust to …".
    steps : tuple of float
        From the weakest to the strongest, for CT; `other_steps` for scans without a unit of their own.
    apply : callable
        (Given, step) -> Dosed.
    unit : str
        "HU" becomes "%" (of the contrast between the 1st and the 99th percentile inside the body) outside CT.
    sided : bool
        Whether it goes two ways: a step of the other way is its negative, of a factor its reciprocal.
    part : str
        What a model uses that it hurts, in words.
    """

    name: str
    about: str
    steps: tuple[float, ...]
    apply: Callable[[Given, float], Dosed]
    unit: str
    part: str
    sided: bool = False
    other_steps: tuple[float, ...] = ()

    def unit_for(self, modality: str) -> str:
        """The unit of its steps.

        Parameters
        ----------
        modality : str

        Returns
        -------
        str
        """
        return "%" if self.unit == "HU" and modality != "CT" else self.unit

    def ladder(self, modality: str) -> tuple[float, ...]:
        """Its steps.

        Parameters
        ----------
        modality : str

        Returns
        -------
        tuple of float
            From the weakest to the strongest.
        """
        return self.other_steps if self.other_steps and modality != "CT" else self.steps

    def towards(self, step: float, side: str) -> float:
        """A step to one of the two sides, as it is written.

        Parameters
        ----------
        step : float
        side : str
            "up", "down", or empty.

        Returns
        -------
        float
        """
        if side != DOWN:
            return float(step)
        return 1 / step if self.unit == "x" else -float(step)

    @property
    def sides(self) -> tuple[str, ...]:
        """The ways that it goes."""
        return (UP, DOWN) if self.sided else ("",)


def _shift(given: Given, step: float) -> Dosed:
    return given.changed(given.values + step * given.span)


def _scale(given: Given, step: float) -> Dosed:
    return given.changed(given.values * np.float32(step))


def _noise(given: Given, step: float) -> Dosed:
    # the same draw at every step: a stronger step is the same noise, only more of it
    drawn = np.random.default_rng(given.seed).standard_normal(given.scan.shape, np.float32)
    return given.changed(given.values + drawn * np.float32(step * given.span))


def _blur(given: Given, step: float) -> Dosed:
    sigma = [step / edge for edge in given.scan.spacing[::-1]]
    return given.changed(ndimage.gaussian_filter(given.values, sigma, mode="nearest"))


def _coarse(given: Given, factors: tuple[int, int, int]) -> Dosed:
    """Voxels of so many times the edges, each the mean of those that it holds; what fills no voxel is cut off."""
    scan = given.scan
    counts = tuple(n // f for n, f in zip(scan.shape, factors))
    if not all(counts):
        raise InputError(f"the scan is only {' x '.join(str(n) for n in scan.shape[::-1])} voxels large")

    def blocks(values: np.ndarray) -> np.ndarray:
        whole = values[(..., *(slice(n * f) for n, f in zip(counts, factors)))]
        (z, fz), (y, fy), (x, fx) = zip(counts, factors)
        return whole.reshape(*values.shape[:-3], z, fz, y, fy, x, fx).mean((-5, -3, -1), dtype=np.float32)

    half = (np.array(factors[::-1]) - 1) / 2
    volume = replace(
        _at(scan, half, blocks(given.values)), spacing=tuple(f * s for f, s in zip(factors[::-1], scan.spacing))
    )
    places = {z: (z // factors[0], z // factors[0]) for z in range(counts[0] * factors[0])}
    return Dosed(volume, lambda masks: blocks(masks) >= 0.5, _same, places)


def _at(scan: Volume, offset: np.ndarray, voxels: np.ndarray) -> Volume:
    """Voxels of another grid, the first of which lies `offset` voxels (x, y, z) from the scan's first."""
    moved = np.array(scan.direction).reshape(3, 3) @ (offset * np.array(scan.spacing))
    x, y, z = (float(v) for v in np.array(scan.origin) + moved)
    return replace(scan, voxels=voxels, origin=(x, y, z), notes=())


def _spacing(given: Given, step: float) -> Dosed:
    return _coarse(given, (1, int(step), int(step)))


def _thickness(given: Given, step: float) -> Dosed:
    return _coarse(given, (int(step), 1, 1))


def _fov(given: Given, step: float) -> Dosed:
    """The scan cut to a box round all that is drawn, with so many mm of surroundings."""
    if given.box is None:
        raise InputError("nothing is drawn, round which the scan could be cut")
    grown = [int(np.ceil(step / edge)) for edge in given.scan.spacing[::-1]]
    box = tuple(
        slice(max(0, side.start - n), min(size, side.stop + n))
        for side, n, size in zip(given.box, grown, given.scan.shape)
    )
    first = np.array([side.start for side in box[::-1]])
    volume = _at(given.scan, first, given.values[box])
    places = {z: (z - box[0].start, z - box[0].start) for z in range(box[0].start, box[0].stop)}
    return Dosed(volume, lambda masks: masks[(slice(None), *box)], _same, places)


def _move(given: Given, step: float) -> Dosed:
    """The patient moved to the patient's left by so many mm, in whole voxels; the edge is repeated behind."""
    columns, width = round(step / given.scan.spacing[0]), given.scan.shape[2]
    if abs(columns) >= width:
        raise InputError(f"the scan is only {width * given.scan.spacing[0]:.0f} mm wide")
    source = np.clip(np.arange(width) - columns, 0, width - 1)
    held, moved = slice(max(0, -columns), width - max(0, columns)), slice(max(0, columns), width + min(0, columns))
    dosed = given.changed(given.values[..., source])
    return replace(dosed, before=lambda masks: masks[..., held], after=lambda masks: masks[..., moved])


def _flip(axis: int) -> Callable[[Given, float], Dosed]:
    def flipped(given: Given, step: float) -> Dosed:
        depth = given.scan.shape[0]
        dosed = given.changed(np.ascontiguousarray(np.flip(given.values, axis)))
        places = {z: (depth - 1 - z if axis == 0 else z, z) for z in range(depth)}
        return replace(dosed, after=lambda masks: np.flip(masks, axis + 1), places=places, swaps_sides=axis == 2)

    return flipped


FLIPS: tuple[str, ...] = ("flip-lr", "flip-ap", "flip-hf")
WHOLE: tuple[str, ...] = ("spacing", "thickness")  # their steps are whole numbers
LARGEST = {"blur": 100.0}  # mm: beyond, nothing is left to see, and the filter takes minutes
PLACE = "place and orientation"

DOSES: dict[str, Dose] = {
    dose.name: dose
    for dose in (
        Dose(
            "shift", "a shift of all grey values", (10, 20, 40, 80, 160, 320), _shift, "HU", "grey values", True,
            (2.5, 5, 10, 20, 40, 80),
        ),
        Dose("scale", "a scale of all grey values", (1.05, 1.1, 1.25, 1.5, 2), _scale, "x", "grey values", True),
        Dose(
            "noise", "noise", (10, 20, 40, 80, 160), _noise, "HU", "low noise", False, (2.5, 5, 10, 20, 40),
        ),
        Dose("blur", "blur", (0.5, 1, 2, 4, 8), _blur, "mm", "sharpness"),
        Dose("spacing", "coarser pixels", (2, 3, 4, 6, 8), _spacing, "x", "sharpness"),
        Dose("thickness", "thicker slices", (2, 3, 4, 6, 8), _thickness, "x", "sharpness"),
        Dose(
            "fov", "a field of view cut to surroundings", (100, 60, 40, 20, 10, 5, 0), _fov, "mm",
            "surroundings",
        ),
        Dose("move", "a move to the left or right", (5, 10, 20, 40, 80), _move, "mm", PLACE, True),
        Dose("flip-lr", "left and right swapped", (1,), _flip(2), "", PLACE),
        Dose("flip-ap", "front and back swapped", (1,), _flip(1), "", PLACE),
        Dose("flip-hf", "head and feet swapped", (1,), _flip(0), "", PLACE),
    )
}  # fmt: skip


def chosen(which: Sequence[str] = (), steps: Mapping[str, Sequence[float]] | None = None) -> tuple[Dose, ...]:
    """The doses that are wanted, with the steps that are wanted.

    Parameters
    ----------
    which : sequence of str
        Names in `DOSES`, or "flips" for all of them; all doses by default.
    steps : mapping of str to sequence of float, optional
        Steps for some of them.

    Returns
    -------
    tuple of Dose

    Raises
    ------
    InputError
        If there is no dose of a name, or a step is none.
    """
    wanted = [name for text in which for name in (FLIPS if text == "flips" else (text,))] or list(DOSES)
    for name in (*wanted, *(steps or {})):
        if name not in DOSES:
            guess = did_you_mean(name, DOSES) or f"; choose of {', '.join(DOSES)}"
            raise InputError(f"there is no dose {name!r}{guess}")
    own = {name: _checked(DOSES[name], values) for name, values in (steps or {}).items()}
    if unused := [name for name in own if name not in wanted]:
        raise InputError(f"steps are given for {', '.join(unused)}, which is left out; name it with --which as well")
    return tuple(
        replace(DOSES[name], steps=own[name], other_steps=own[name]) if name in own else DOSES[name]
        for name in dict.fromkeys(wanted)
    )


def _checked(dose: Dose, values: Sequence[float]) -> tuple[float, ...]:
    """Steps in order, from the weakest."""
    least = 1.0 if dose.unit == "x" else 0.0
    whole = dose.name in WHOLE
    good = all(v > least or (dose.name == "fov" and v == 0) for v in values)
    if good and any(v > LARGEST.get(dose.name, np.inf) or v > 1e5 for v in values):
        raise InputError(f"the dose {dose.name} is at most {LARGEST.get(dose.name, 1e5):g}; leave out larger steps")
    if not values or not good or (whole and any(v != int(v) for v in values)) or dose.name in FLIPS:
        what = "takes no steps" if dose.name in FLIPS else f"wants {'whole ' * whole}numbers above {least:g}"
        raise InputError(f"the dose {dose.name} {what}, not {', '.join(f'{v:g}' for v in values) or 'nothing'}")
    return tuple(sorted({float(v) for v in values}, reverse=dose.name == "fov"))
