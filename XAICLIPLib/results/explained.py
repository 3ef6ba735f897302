"""What of an `Explanation` is shown and drawn; it knows the modules that do so, and they know this of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from XAICLIPLib.results.rows import SliceRow, SummaryRow
from XAICLIPLib.volume import Volume


class Explained(Protocol):
    """Maps, masks and numbers of a run; see `Explanation` for what each of them is."""

    @property
    def report(self) -> Mapping[str, Any]: ...

    @property
    def rows(self) -> list[SliceRow]: ...

    @property
    def summary(self) -> list[SummaryRow]: ...

    @property
    def structures(self) -> tuple[str, ...]: ...

    @property
    def warnings(self) -> tuple[str, ...]: ...

    @property
    def saliency(self) -> Volume: ...

    @property
    def drops(self) -> dict[str, Volume]: ...

    @property
    def saliencies(self) -> dict[str, Volume]: ...

    @property
    def stderrs(self) -> dict[str, Volume]: ...

    @property
    def evaluated(self) -> Volume: ...

    @property
    def roi(self) -> Volume: ...

    @property
    def prediction(self) -> Volume: ...

    @property
    def reference(self) -> Volume | None: ...

    @property
    def similarity(self) -> Volume | None: ...

    @property
    def inputs(self) -> dict[str, Volume]: ...

    @property
    def picture(self) -> Volume | None: ...
