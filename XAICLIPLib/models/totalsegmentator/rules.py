"""What TotalSegmentator does otherwise from one release to the next, and which release is followed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from XAICLIPLib.models.totalsegmentator.tasks import Task

KNOWN = "2.18.0"  # the release that is followed where none is installed
STEP, LARGE_STEP = 0.5, 0.8  # of a tile


@dataclass(frozen=True)
class Rules:
    """How a release resamples scans and lays its tiles.

    Attributes
    ----------
    release : str
        Such as "2.18.0".
    """

    release: str = KNOWN

    @property
    def order(self) -> int:
        """Of the spline that brings a scan to a task's spacing: 3 before 2.15, then 1."""
        return 1 if self._since(2, 15) else 3

    def step(self, task: Task) -> float:
        """Of the sliding window, in tiles.

        Parameters
        ----------
        task : Task

        Returns
        -------
        float
            0.8 for the whole body: since 2.16 at every resolution, on CT and MR; before on CT, and finer than 3 mm.
        """
        if self._since(2, 16):
            return LARGE_STEP if task.is_total else STEP
        names = ("total", "total_v3") if self._since(2, 15) else ("total",)
        fine = task.spacing is not None and task.spacing[0] < 3.0
        return LARGE_STEP if task.name in names and fine else STEP

    def _since(self, major: int, minor: int) -> bool:
        found = re.match(r"(\d+)\.(\d+)", self.release)
        return found is None or (int(found[1]), int(found[2])) >= (major, minor)


def rules() -> Rules:
    """Those of the release that is installed beside XAICLIP, as in 3D Slicer; of `KNOWN` where there is none."""
    try:
        return Rules(version("TotalSegmentator"))
    except PackageNotFoundError:
        return Rules()
