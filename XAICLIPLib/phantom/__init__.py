"""A deterministic synthetic CT with exact labels: the demo's input and the tests' ground truth. It shows the upper
abdomen; where models must say that a structure is not there, a chest, a head, a pelvis or thighs.

The anatomy is written down once, in millimetres, as implicit shapes in the patient's frame (LPS: x to the left, y to
the back, z to the head; the origin is the middle of the field of view). Each shape is a *depth field*: about the
distance in mm to its surface, positive inside. Shapes are painted one over the other, so any grid, coarse or fine,
samples the same patient. The seed makes the patient (smooth deformation, bowel loops, small vessels, tissue HU) and the
scanner's noise.

It is a drawing, not a measurement: good for showing and testing the program, not for judging a model.
"""

from __future__ import annotations

from dataclasses import replace

from XAICLIPLib.errors import InputError
from XAICLIPLib.phantom import chest, head, patient, pelvis
from XAICLIPLib.phantom.anatomy import STANDARD, varied
from XAICLIPLib.phantom.canvas import Canvas
from XAICLIPLib.phantom.shapes import PART_LABELS, PHANTOM_LABELS, TABLE_LABEL
from XAICLIPLib.volume import Volume

__all__ = ["PARTS", "PART_LABELS", "PHANTOM_LABELS", "TABLE_LABEL", "make_phantom"]

# Part of the body: what paints it, and where the middle of the grid lies in its frame (z, mm).
PARTS = {
    "abdomen": (patient.paint, 0.0),
    "chest": (chest.paint, 180.0),
    "head": (head.paint, -10.0),
    "pelvis": (pelvis.paint, 20.0),
    "thigh": (pelvis.paint, -190.0),
}


def make_phantom(
    seed: int = 0,
    shape: tuple[int, int, int] = (40, 256, 256),
    spacing: tuple[float, float, float] = (1.5, 1.5, 5.0),
    part: str = "abdomen",
    varied_anatomy: bool = False,
) -> tuple[Volume, Volume]:
    """Make a synthetic contrast-enhanced CT, of the upper abdomen by default, and its exact labels.

    Parameters
    ----------
    seed : int
        The patient and the noise. The same seed gives identical voxels.
    shape : tuple of int
        (Z, Y, X), number of voxels.
    spacing : tuple of float
        (x, y, z) in mm. The grid is centred on the anatomy; the default spans 384 x 384 x 200 mm, from the lung bases
        to the lower poles of the kidneys.
    part : str
        A key of `PARTS`: what of the body is in view. All but the abdomen and the lower end of the chest show none of
        the abdominal organs.
    varied_anatomy : bool
        Draw the patient's size, fat, sex, posture and organs at random as well, some organs missing; the standard
        body differs between seeds by a few millimetres alone.

    Returns
    -------
    ct : Volume
        (Z, Y, X) int16, HU, identity direction.
    labels : Volume
        (Z, Y, X) uint8 on the same grid: `PHANTOM_LABELS`, outside the abdomen `PART_LABELS` too, `TABLE_LABEL`, 0
        elsewhere.

    Raises
    ------
    ValueError
        Where the grid has no voxels or no size, or there is no such part.

    Examples
    --------
    >>> ct, labels = make_phantom(shape=(8, 32, 32), spacing=(12.0, 12.0, 25.0))
    >>> ct.shape, bool((labels.voxels == PHANTOM_LABELS["liver"]).any())
    ((8, 32, 32), True)
    """
    if len(shape) != 3 or min(shape) < 1 or len(spacing) != 3 or min(spacing) <= 0:
        raise ValueError(f"shape {shape} and spacing {spacing} must be three positive numbers each")
    if part not in PARTS:
        raise InputError(f"there is no part {part!r}; choose one of {', '.join(PARTS)}")
    paint, middle = PARTS[part]
    canvas = Canvas(seed, shape, spacing, varied(seed) if varied_anatomy else STANDARD, middle)
    paint(canvas)
    name = f"phantom-{seed}" if part == "abdomen" else f"phantom-{part}-{seed}"
    x, y, z = (float(axis[0]) for axis in canvas.axes[::-1])
    across, down, apart = map(float, spacing)
    ct = Volume(canvas.scan(), (across, down, apart), (x, y, z), modality="CT", name=name)
    return ct, replace(ct, voxels=canvas.labels, modality="SEG", name=f"{name}-labels")
