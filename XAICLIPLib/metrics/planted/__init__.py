"""Models whose reason is known because it was built in: the yardstick for methods, maps and fills.

Each family draws an organ of a slice and hangs part of the drawing on a known place, or on nothing at all. Whoever
explains it is asked which place it is; nothing here knows how the answer is found.
"""

from XAICLIPLib.metrics.planted.case import Family, Planted
from XAICLIPLib.metrics.planted.families import FAMILIES
from XAICLIPLib.metrics.planted.finding import Finding, auc_of, finding
from XAICLIPLib.metrics.planted.scene import Scene, phantom_scene, scan_scene, scan_scenes

__all__ = [
    "FAMILIES",
    "Family",
    "Finding",
    "Planted",
    "Scene",
    "auc_of",
    "finding",
    "phantom_scene",
    "scan_scene",
    "scan_scenes",
]
