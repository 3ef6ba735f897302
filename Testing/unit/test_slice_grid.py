"""A map brought from the model's grid to the slice: a constant stays what it is, up to the region's edge."""

import numpy as np
import pytest
import torch

from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.models.resize import stretched
from XAICLIPLib.pipeline.opened import on_slice_grid
from XAICLIPLib.preprocess import Frame

SHAPE = (45, 61)
GRIDS = [stretched(SHAPE, (32, 32)), stretched(SHAPE, (128, 128)), Frame(-3, 2, 58, 40, SHAPE)]


@pytest.mark.parametrize("grid", GRIDS, ids=["coarser", "finer", "frame"])
def test_a_constant_drop_in_a_region_off_the_work_grid_is_that_constant(grid):
    """Interpolated with the zeros outside, it would be smaller along the edge, where the map is read most."""
    y, x = np.indices(SHAPE)
    region = (y - 21.3) ** 2 / 14.6**2 + (x - 30.7) ** 2 / 17.2**2 <= 1
    work = grid.mask_to_work(region)
    drop = np.stack([work * 0.4, work * -0.3]).astype(np.float32)
    found = Attribution(drop, work, 1, 1, np.ones(2), np.ones(2, bool), drop, stderr=np.stack([work * 0.1, work * 0.2]))
    prepared = Prepared(torch.zeros(1, *work.shape), grid, value=float)
    evaluated, there, error = on_slice_grid(found, prepared, region)
    assert evaluated[region].mean() > 0.95 and not evaluated[~region].any()
    for k, (value, noise) in enumerate([(0.4, 0.1), (-0.3, 0.2)]):
        np.testing.assert_allclose(there[k][evaluated], value, atol=1e-5)
        np.testing.assert_allclose(error[k][evaluated], noise, atol=1e-5)
        assert not there[k][~evaluated].any()
