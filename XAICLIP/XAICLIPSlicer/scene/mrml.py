"""The scene: what the rest of the module calls to get voxels out of it and results into it.

`volumes` takes scans, segments and boxes out, `markups` starts boxes and points, `nodes` makes the nodes of a run,
`filling` fills them, `curves` adds its plots, `runs` finds them again, `preview` shows a region before a run, `display`
says how things look, `views` where, and `layout` makes the 2x2 comparison. All of it is MRML only: no Qt, no torch.
"""

from XAICLIPSlicer.scene.display import (
    COLOURS,
    colourNode,
    hideRun,
    shownSettings,
    showSaliency,
    showSurface,
    showVolumeRendering,
)
from XAICLIPSlicer.scene.filling import (
    finish,
    finishing,
    paste,
    pasting,
)
from XAICLIPSlicer.scene.layout import (
    closeLayout,
    hideCurves,
    restoreLayout,
    showCurves,
    showLayout,
)
from XAICLIPSlicer.scene.markups import isPlaced, startMarkup
from XAICLIPSlicer.scene.nodes import (
    REGION_ID,
    createRun,
    making,
    newRun,
)
from XAICLIPSlicer.scene.preview import (
    Preview,
    keepRegion,
    regionPreview,
    removeRegionPreview,
)
from XAICLIPSlicer.scene.runs import (
    RunNodes,
    existingRuns,
    listRuns,
    readNumbers,
    removeRun,
)
from XAICLIPSlicer.scene.views import LAYOUT_ID, fitViews
from XAICLIPSlicer.scene.volumes import (
    SceneError,
    boxOf,
    checkVolume,
    exportVolume,
    pointsOf,
    segmentToMask,
)

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
