"""What of a run is worth a look: hot spots, worst slices, islands, and where prediction and reference disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from XAICLIPLib import anatomy

HOT_SPOT, SLICE, ISLAND, MISSING, EXTRA = "hot spot", "slice", "island", "missing", "extra"
KINDS = (HOT_SPOT, SLICE, ISLAND, MISSING, EXTRA)
CLOSE_MM = 5.0  # from a middle, within which a place is at the middle
DIRECTIONS = (("right of", "left of"), ("in front of", "behind"), ("below", "above"))  # the patient's; as LPS runs


@dataclass(frozen=True)
class Finding:
    """A place, a piece or a slice that is worth a look.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    structure : str
        Its name.
    number : int
        1 for the first of its kind and structure; of an island, its number in `influence.place.islands`.
    at : tuple of float
        A point of it in LPS mm (x, y, z).
    slice : int
        The axial slice of that point.
    offset_mm : tuple of float
        From the middle of the largest piece of the structure to that point, along the patient: to the left, to the
        back, upwards.
    organ : str
        The structure that the reference has there or that is drawn there, else one within 15 mm; empty where there is
        none of the run's. Of a piece apart, missing or extra, another structure than its own.
    is_inside : bool
        Whether the point lies in that structure.
    size_mm : float
        The longest edge of the box that holds it; nan for a slice.
    value : float
        See `unit`.
    unit : str
        What the value is: "remote" (share of the rest that is lost when the place is hidden), "drop" (of the score),
        "ml", or "Dice".
    """

    kind: str
    structure: str
    number: int
    at: tuple[float, float, float]
    slice: int
    offset_mm: tuple[float, float, float]
    organ: str
    is_inside: bool
    size_mm: float
    value: float
    unit: str

    @property
    def side(self) -> str:
        """On which side of the structure's middle, as the patient has them: "right", "left" or "middle"."""
        left = self.offset_mm[0]
        return "middle" if abs(left) < CLOSE_MM else ("left" if left > 0 else "right")

    @property
    def place(self) -> str:
        """Where it lies, in words."""
        parts = [
            f"{abs(mm):.0f} mm {words[int(mm > 0)]}"
            for mm, words in sorted(zip(self.offset_mm, DIRECTIONS), key=lambda pair: -abs(pair[0]))
            if abs(mm) >= CLOSE_MM
        ]
        text = f"{' and '.join(parts[:2])} its middle" if parts else "at its middle"
        if self.organ:
            text += f", {'in' if self.is_inside else 'near'} the {anatomy.describe(self.organ).label}"
        return f"{text}, slice {self.slice}"

    @property
    def text(self) -> str:
        """All of it in one line."""
        label = anatomy.describe(self.structure).label
        value = {
            "remote": f"hiding a place there takes away {self.value:.0%} of the rest on average",
            "drop": f"hiding a place there lowers the score by {self.value:.2f} on average",
            "ml": f"{self.value:.1f} ml",
            "Dice": f"Dice with the reference {self.value:.2f}",
        }[self.unit]
        if self.kind == SLICE:
            return f"{label}: slice {self.slice}, {value}"
        what = {
            HOT_SPOT: "a hot spot",
            ISLAND: "a piece apart",
            MISSING: "a part is missing",
            EXTRA: "a part is drawn outside the reference",
        }[self.kind]
        return f"{label}: {what} of {self.size_mm:.0f} mm, {self.place}: {value}"

    def to_json(self) -> dict[str, Any]:
        """Plain data for the report.

        Returns
        -------
        dict
            nan as None; with the `side` and the `text`.
        """
        plain = asdict(self) | {"size_mm": self.size_mm if self.size_mm == self.size_mm else None}
        return {**plain, "side": self.side, "text": self.text}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        """Undo `to_json`.

        Parameters
        ----------
        data : mapping

        Returns
        -------
        Finding
        """
        known = {field.name: data[field.name] for field in fields(cls)}
        known |= {name: tuple(known[name]) for name in ("at", "offset_mm")}
        return cls(**known | {"size_mm": float("nan") if known["size_mm"] is None else known["size_mm"]})


def listed(findings: Sequence[Finding]) -> list[str]:
    """Findings as lines of text.

    Parameters
    ----------
    findings : sequence of Finding

    Returns
    -------
    list of str
    """
    return [finding.text for finding in findings]
