"""What of an `Explanation` is shown and drawn; it knows the modules that do so, and they know this of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from XAICLIPLib.results.answers import Answer
from XAICLIPLib.results.rows import SliceRow, SummaryRow
from XAICLIPLib.volume import Volume


class Explained(Protocol):
    """Maps, masks and numbers of a run; see `Explanation` for what each of them is."""

    @property
    def report(self) -> Mapping[str, Any]:
        """What `report.json` holds."""
        ...

    @property
    def rows(self) -> list[SliceRow]:
        """Numbers per slice and structure."""
        ...

    @property
    def summary(self) -> list[SummaryRow]:
        """Numbers per structure."""
        ...

    @property
    def structures(self) -> tuple[str, ...]:
        """Names in the order of the labels."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know."""
        ...

    @property
    def saliency(self) -> Volume:
        """In [0, 1], the maximum over the structures."""
        ...

    @property
    def drops(self) -> dict[str, Volume]:
        """Signed drop of each structure."""
        ...

    @property
    def saliencies(self) -> dict[str, Volume]:
        """Saliency of each structure."""
        ...

    @property
    def stderrs(self) -> dict[str, Volume]:
        """Standard error of each structure's drop, for the sampling methods."""
        ...

    @property
    def image_drops(self) -> dict[str, dict[str, Volume]]:
        """Signed drop of each structure with places hidden in each image alone."""
        ...

    @property
    def evaluated(self) -> Volume:
        """Where the maps say something."""
        ...

    @property
    def roi(self) -> Volume:
        """The region that was asked for."""
        ...

    @property
    def prediction(self) -> Volume:
        """The model's masks as labels."""
        ...

    @property
    def reference(self) -> Volume | None:
        """The ground truth as labels."""
        ...

    @property
    def similarity(self) -> Volume | None:
        """Probability of the words."""
        ...

    @property
    def records(self) -> dict[str, Callable[[], bytes]]:
        """What is known of where the output changed: per file, what reads it."""
        ...

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What the run says in words."""
        ...

    @property
    def inputs(self) -> dict[str, Volume]:
        """What was given in memory."""
        ...

    @property
    def picture(self) -> Volume | None:
        """The scan as it is shown, in [0, 1]."""
        ...
