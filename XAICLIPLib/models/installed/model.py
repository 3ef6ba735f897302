"""What is said of a model that was found on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class InstalledModel:
    """A model that another program has left on this machine.

    Attributes
    ----------
    program : str
        Whose it is.
    task : str
        What that program calls it.
    path : Path
        Its file or folder.
    spec : str
        What opens it here, see `load.open_segmenter`; empty where nothing does.
    structures : tuple of str
        That it segments; empty where a prompt says it, or its files do not.
    bytes : int
        On disk.
    refused : str
        Why it can't be explained, and what to do; empty where it can.
    notes : tuple of str
        What to know before the first use: a licence that forbids commercial use, several images, parts that lack.
    """

    program: str
    task: str
    path: Path
    spec: str = ""
    structures: tuple[str, ...] = ()
    bytes: int = 0
    refused: str = ""
    notes: tuple[str, ...] = ()

    @property
    def explainable(self) -> bool:
        """Whether `spec` opens it."""
        return bool(self.spec) and not self.refused

    def to_json(self) -> dict:
        """As plain data."""
        return {
            "program": self.program,
            "task": self.task,
            "path": str(self.path),
            "spec": self.spec,
            "structures": list(self.structures),
            "bytes": self.bytes,
            "explainable": self.explainable,
            "refused": self.refused,
            "notes": list(self.notes),
        }
