"""Located slices as a client gets them: files of the region and the similarity, and numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from XAICLIPLib.case.case import Case
from XAICLIPLib.pipeline.assemble import best_similarity
from XAICLIPLib.pipeline.locate import LocatedSlice
from XAICLIPLib.roi.region import region_recall
from XAICLIPLib.worker.files import Preview
from XAICLIPLib.worker.partial import write_slab


def write_located(case: Case, located: LocatedSlice, preview: Preview) -> dict[str, Any]:
    """Write the region of a slice, and the similarity that it was cut from.

    Parameters
    ----------
    case : Case
    located : LocatedSlice
    preview : Preview
        Names the files.

    Returns
    -------
    dict
        The slice ``z``; the paths ``roi`` and ``similarity`` (None where there are no words); the ``offset`` of their
        first voxel; the ``rows`` of numbers; and ``prediction_recall``, the share of the model's prediction that the
        region holds (None where the model was not asked).
    """
    z, region, recall = located.z, located.region, None
    roi, offset = write_slab(case, z, region.mask.astype("uint8"), preview.path(f"{z:04d}-roi"))
    similarity = None
    if region.similarity:
        similarity, _ = write_slab(case, z, best_similarity(region), preview.path(f"{z:04d}-similarity"))
    if located.prediction is not None:
        recall = region_recall(region.mask, np.logical_or.reduce(list(located.prediction.values())))
    return {
        "z": z,
        "roi": roi,
        "similarity": similarity,
        "offset": offset,
        "rows": located.rows,
        "prediction_recall": recall,
    }
