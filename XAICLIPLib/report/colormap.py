"""The colours of a map and what its scale belongs to: the defaults, which stand here once.

Light to import: the command line and the panel of 3D Slicer read them without matplotlib.
"""

from __future__ import annotations

COLORMAP = "inferno"  # lightness grows with the value, on grey paper and for colour-blind readers too
AS_IN_THE_PAPER = "jet"  # whose hottest place is darker than its neighbours
RUN, SLICE = "run", "slice"
SCALES = (RUN, SLICE)  # one scale for all slices of a run, or one for each slice
