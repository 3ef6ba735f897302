"""A deterministic synthetic abdominal CT with exact labels: the demo's input and the tests' ground truth.

The anatomy is written down once, in millimetres, as implicit shapes in the patient's frame (LPS: x to the left, y to
the back, z to the head; the origin is the middle of the field of view). Each shape is a *depth field*: about the
distance in mm to its surface, positive inside. Shapes are painted one over the other, so any grid, coarse or fine,
samples the same patient. The seed makes the patient (smooth deformation, bowel loops, small vessels, tissue HU) and the
scanner's noise.

It is a drawing, not a measurement: good for showing and testing the program, not for judging a model.
"""

from __future__ import annotations

from dataclasses import replace

from XAICLIPLib.phantom import patient
from XAICLIPLib.phantom.canvas import Canvas
from XAICLIPLib.phantom.shapes import PHANTOM_LABELS, TABLE_LABEL
from XAICLIPLib.volume import Volume

__all__ = ["PHANTOM_LABELS", "TABLE_LABEL", "make_phantom"]


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

    Examples
    --------
    >>> ct, labels = make_phantom(shape=(8, 32, 32), spacing=(12.0, 12.0, 25.0))
    >>> ct.shape, bool((labels.voxels == PHANTOM_LABELS["liver"]).any())
    ((8, 32, 32), True)
    """
    if len(shape) != 3 or min(shape) < 1 or len(spacing) != 3 or min(spacing) <= 0:
        raise ValueError(f"shape {shape} and spacing {spacing} must be three positive numbers each")
    canvas = Canvas(seed, shape, spacing)
    patient.paint_wall(canvas)
    patient.paint_liver(canvas)
    patient.paint_bowel(canvas)
    patient.paint_retroperitoneum(canvas)
    patient.paint_chest(canvas)
    patient.paint_ribs(canvas)
    patient.paint_spine(canvas)
    patient.paint_table(canvas)
    x, y, z = (float(axis[0]) for axis in canvas.axes[::-1])
    across, down, apart = map(float, spacing)
    ct = Volume(canvas.scan(), (across, down, apart), (x, y, z), modality="CT", name=f"phantom-{seed}")
    return ct, replace(ct, voxels=canvas.labels, modality="SEG", name=f"phantom-{seed}-labels")
