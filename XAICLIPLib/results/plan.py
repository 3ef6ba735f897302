"""What a request would cost."""

from __future__ import annotations

from dataclasses import dataclass

from XAICLIPLib.report.wording import duration


@dataclass(frozen=True)
class Plan:
    """What a request would cost.

    Attributes
    ----------
    slices : int
        To be explained.
    evaluations, full_evaluations : int
        Model runs that their maps take, and those that maps of the whole images would take.
    seconds : float
        Estimate of the run's wall time, with the tests of the maps.
    tiles : int
        Of a volume that the model sees tile by tile: how many one prediction takes; 0 of others.
    seconds_each_tile : float
        How long one of them took by itself.
    """

    slices: int
    evaluations: int
    full_evaluations: int
    seconds: float
    tiles: int = 0
    seconds_each_tile: float = 0.0

    def __str__(self) -> str:
        saved = 1 - self.evaluations / self.full_evaluations if self.full_evaluations else 0.0
        each = f"; the model sees {self.tiles} tiles, one of which takes {duration(self.seconds_each_tile)}"
        return (
            f"{self.evaluations} of {self.full_evaluations} evaluations ({saved:.0%} saved) in {self.slices} slices, "
            f"about {duration(max(1, round(self.seconds)))}{each if self.tiles else ''}"
        )
