"""The scene: what the rest of the module calls to get voxels out of it and results into it.

`volumes` takes scans, segments and boxes out, `markups` starts boxes and points, `nodes` makes the nodes of a run,
`filling` fills them, `curves` adds its plots, `runs` finds them again, `preview` shows a region before a run, `display`
says how things look, `views` where, and `layout` makes the 2x2 comparison. All of it is MRML only: no Qt, no torch.
"""

from XAICLIPSlicer.display import (
    COLOURS,
    colourNode,
    hideRun,
    shownSettings,
    showSaliency,
    showSurface,
    showVolumeRendering,
)
from XAICLIPSlicer.filling import finish, finishing, paste, pasting
from XAICLIPSlicer.layout import closeLayout, hideCurves, restoreLayout, showCurves, showLayout
from XAICLIPSlicer.markups import isPlaced, startMarkup
from XAICLIPSlicer.nodes import REGION_ID, createRun, making, newRun
from XAICLIPSlicer.preview import Preview, keepRegion, regionPreview, removeRegionPreview
from XAICLIPSlicer.runs import RunNodes, existingRuns, listRuns, readNumbers, removeRun
from XAICLIPSlicer.views import LAYOUT_ID, fitViews
from XAICLIPSlicer.volumes import SceneError, boxOf, checkVolume, exportVolume, pointsOf, segmentToMask

__all__ = [
    "COLOURS",
    "LAYOUT_ID",
    "REGION_ID",
    "Preview",
    "RunNodes",
    "SceneError",
    "boxOf",
    "checkVolume",
    "closeLayout",
    "colourNode",
    "createRun",
    "existingRuns",
    "exportVolume",
    "finish",
    "finishing",
    "fitViews",
    "hideCurves",
    "hideRun",
    "isPlaced",
    "keepRegion",
    "listRuns",
    "making",
    "newRun",
    "paste",
    "pasting",
    "pointsOf",
    "readNumbers",
    "regionPreview",
    "removeRegionPreview",
    "removeRun",
    "restoreLayout",
    "segmentToMask",
    "showCurves",
    "showLayout",
    "showSaliency",
    "showSurface",
    "showVolumeRendering",
    "shownSettings",
    "startMarkup",
]
