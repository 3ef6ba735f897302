"""Which labels of a map are a structure: as the user says, by their names, or by a numbering."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from XAICLIPLib import anatomy
from XAICLIPLib.anatomy import Structure
from XAICLIPLib.errors import InputError
from XAICLIPLib.roi import labelnames
from XAICLIPLib.roi.labelfile import Labels
from XAICLIPLib.roi.labelnames import Segment
from XAICLIPLib.roi.numberings import KEYS, Numbering, key_of, numbering

MASK_VALUES = (1, 255)  # what a mask's only label usually is; any other number may be one of a numbering
_GENERIC = re.compile(
    r"(segment|segmentation|seg|label|labels|mask|roi|region|object|structure|foreground|target|class|value|[\W_\d])*",
    re.IGNORECASE,
)
_WAYS = (
    "FILE:liver=5 for a label's number, FILE:NAMES.ctbl for a table of names, or a numbering such as FILE:amos "
    f"({', '.join(KEYS)})"
)


@dataclass(frozen=True)
class LabelSpec:
    """A file as the user wrote it, with what was said of its labels.

    Attributes
    ----------
    path : str
    numbers : dict of str to int
        ``FILE:liver=5,spleen=1``.
    numbering : str
        ``FILE:amos``: the key of a numbering.
    table : Path, optional
        ``FILE:names.ctbl``: a colour table or JSON file with the names.
    """

    path: str
    numbers: dict[str, int] = field(default_factory=dict)
    numbering: str = ""
    table: Path | None = None


def parse_label_spec(text: str) -> LabelSpec:
    """What a user wrote for a label map: ``FILE``, ``FILE:liver=5,spleen=1``, ``FILE:amos`` or ``FILE:names.ctbl``.

    A colon that belongs to the path is left alone.

    Parameters
    ----------
    text : str

    Returns
    -------
    LabelSpec

    Raises
    ------
    InputError
        If what follows the colon is none of these.
    """
    for sign in ":@":
        path, separator, tail = text.rpartition(sign)
        if not separator or not path or os.path.exists(text):
            continue
        if "=" in tail and sign == ":":
            try:
                pairs = (part.partition("=") for part in tail.split(","))
                return LabelSpec(path, {name.strip(): int(number) for name, _, number in pairs})
            except ValueError as error:
                raise InputError(f"{text}: write label numbers as FILE:liver=5,spleen=1") from error
        if key := key_of(tail):
            return LabelSpec(path, numbering=key)
        tables = [p for p in (Path(tail), Path(path).parent / tail) if tail.lower().endswith(labelnames.TABLES)]
        if table := next((p for p in tables if os.path.isfile(p)), None):
            return LabelSpec(path, table=table)
        if sign == ":" and os.path.exists(path):
            raise InputError(f"{text}: {tail!r} is no numbering, no label number and no file of names; write {_WAYS}")
    return LabelSpec(text)


Place = tuple[int, "int | None"]  # layer and value; None is every label of the layer


class LabelSelector:
    """Which labels of a map are which structures: as the user says, by their names, else by a numbering.

    Attributes
    ----------
    places : list of list of Place
        Per structure.
    notes : list of str
    assumed : bool
        Whether a numbering was taken that nobody named.
    by : str
        How the labels were told apart, for messages.
    """

    def __init__(self, labels: Labels, spec: LabelSpec, modality: str, together: bool) -> None:
        self._labels, self._spec, self._modality, self._together = labels, spec, modality, together
        self.places: list[list[Place]] = []
        self.notes: list[str] = []
        self.assumed, self.by = False, ""
        self._segments, self._source = labels.segments, labels.source
        if spec.table is not None:
            self._segments, self._source = labelnames.in_table(spec.table), spec.table.name
            if not self._segments:
                raise InputError(
                    f"{spec.table.name} holds no names of labels that can be read; give a 3D Slicer colour table "
                    '(.ctbl), or JSON such as {"labels": {"liver": 5}}'
                )

    def select(self, structures: Sequence[Structure]) -> LabelSelector:
        """Find every structure, or refuse.

        Parameters
        ----------
        structures : sequence of Structure

        Returns
        -------
        LabelSelector
            Itself, with `places`, `notes`, `by` and `assumed` filled in.

        Raises
        ------
        InputError
            If the map does not tell which label a structure is.
        """
        labels = self._labels
        self._check_names(structures)
        if not self._spec.numbers and not self._spec.numbering and not self._segments:
            present = labels.present()
            if len(present) <= 1:
                return self._mask(structures, present)
        for structure in structures:
            places = self._by_number(structure)
            if places is None and self._segments and not self._spec.numbering:
                places = self._by_name(structure, alone=len(structures) == 1 or self._together)
            self.places.append(self._by_numbering(structure) if places is None else places)
        if self.by:
            numbers = [[value for _, value in places if value is not None] for places in self.places]
            listed = ", ".join(
                f"{s.label} is label{'s' if len(values) > 1 else ''} {listed_numbers(values)}"
                for s, values in zip(structures, numbers)
            )
            how = ", which is assumed: if it has another one, say so, " + self._advice(structures[0])
            self.notes.append(f"{labels.name}: {listed}, by {self.by}{how if self.assumed else ''}")
        return self

    def _check_names(self, structures: Sequence[Structure]) -> None:
        """Refuse a number for a name that nobody knows and that is much like one that was asked for."""
        wanted = [s.label for s in structures]
        for text in self._spec.numbers:
            meant = any(anatomy.match(name, (text,)) for s in structures for name in (s.name, s.label))
            if not meant and anatomy.find(text) is None and anatomy.nearest(text, wanted):
                raise InputError(
                    anatomy.no_match(text, wanted, f"{self._labels.name} is given a number for", "asked for:")
                )

    def _advice(self, structure: Structure) -> str:
        if not self._spec.path:
            return f"by giving a mask of the {structure.label}, or a file as FILE:amos or FILE:{structure.name}=NUMBER"
        return f"as FILE:amos (or another of {', '.join(KEYS)}) or FILE:{structure.name}=NUMBER"

    def _mask(self, structures: Sequence[Structure], present: tuple[int, ...]) -> LabelSelector:
        """A map with one label is a mask of the one structure that was asked for."""
        name, every = self._labels.name, ", ".join(s.label for s in structures)
        if present and len(structures) > 1:
            if not self._together:
                first, second = structures[0], structures[1]
                raise InputError(
                    f"{name} is a mask with one label ({present[0]}), which can't be {first.label} and {second.label}: "
                    f"give a label map that tells them apart, or say which it is: FILE:{first.name}={present[0]}"
                )
            self.notes.append(f"{name} is a mask with one label: it is taken as the region of {every}")
        elif present and present[0] not in MASK_VALUES:
            known = self._known()
            if known is not None and present[0] not in known.numbers(structures[0].name):
                other = known.labels.get(present[0], "nothing")
                self.notes.append(
                    f"{name} holds one label, number {present[0]}, and is taken as a mask of the {every}; by the "
                    f"numbering of {known.title} that would be {other}"
                )
        self.places = [[(0, None)] for _ in structures]
        return self

    def _known(self) -> Numbering | None:
        try:
            return numbering("totalsegmentator", self._modality)
        except InputError:
            return None

    def _by_number(self, structure: Structure) -> list[Place] | None:
        """As the user says: in a file of overlapping segments, a number is a place in its list."""
        numbers = {_name(text): value for text, value in self._spec.numbers.items()}
        names = anatomy.match(structure.name, tuple(numbers)) or anatomy.match(structure.label, tuple(numbers))
        if not names:
            return None
        values = [numbers[name] for name in names]
        if self._labels.layers == 1:
            return [(0, value) for value in values]
        segments = self._labels.segments
        beyond = [v for v in values if not 1 <= v <= len(segments)]
        if beyond:
            listed = ", ".join(f"{n} {s.name}" for n, s in enumerate(segments, 1))
            raise InputError(f"{self._labels.name} has no segment {beyond[0]}; it has {listed}")
        return [(segments[v - 1].layer, segments[v - 1].value) for v in values]

    def _by_name(self, structure: Structure, alone: bool) -> list[Place]:
        """By terminology, else by name; a segment of no name in particular is whatever was asked for, if alone."""
        segments, labels = self._segments, self._labels
        names = [s.structure or s.name for s in segments]
        meant = anatomy.match(structure.name, names) or anatomy.match(structure.label, names)
        chosen = [s for s, name in zip(segments, names) if name in meant]
        for segment in segments:
            self._check_conflict(segment, structure)
        if not chosen and len(segments) == 1 and alone and _GENERIC.fullmatch(segments[0].name):
            self.notes.append(f"{labels.name}: its only label, {segments[0].name!r}, is taken as the {structure.label}")
            return [(s.layer, s.value) for s in segments]
        if not chosen:
            text = anatomy.no_match(
                structure.label, [s.name for s in segments], f"{labels.name} has no label", "it has"
            )
            raise InputError(f"{text}; say which it is: FILE:{structure.name}=NUMBER")
        missing = [] if any(anatomy.find(n) is structure for n in meant) else _missing(structure, names)
        if missing or labels.beside and not self._spec.table or not all(_plainly(s.name, structure) for s in chosen):
            parts = dict.fromkeys(s.name for s in chosen)  # one name may have several numbers
            numbers = f"label {listed_numbers([s.value for s in chosen])}"
            which = " and ".join(f"{part!r}" for part in parts)
            self.notes.append(
                f"{labels.name}: the {structure.label} is {which} ({numbers}), by {self._source}"
                + (f"; it has no {' and no '.join(missing)}" if missing else "")
            )
        return [(s.layer, s.value) for s in chosen]

    def _check_conflict(self, segment: Segment, structure: Structure) -> None:
        named, coded = anatomy.find(segment.name), anatomy.find(segment.structure) if segment.structure else None
        if named is None or coded is None or named is coded or structure not in (named, coded):
            return
        if named.name in coded.members or coded.name in named.members:
            return
        raise InputError(
            f"{self._labels.name}: the segment {segment.name!r} is the {coded.label} by its terminology; rename it or "
            f"change its terminology, or say which it is: FILE:{structure.name}=NUMBER"
        )

    def _by_numbering(self, structure: Structure) -> list[Place]:
        if self._labels.layers > 1:
            text = "overlapping segments without names that are known"
            raise InputError(f"{self._labels.name} holds {text}; export one structure as a mask and give that")
        present, label = self._labels.present(), self._labels.name
        key, say = self._spec.numbering, f"say which it is: FILE:{structure.name}=NUMBER"
        try:
            known = numbering(key or "totalsegmentator", self._modality)
        except InputError as error:
            raise InputError(
                f"{label} holds {len(present)} labels, and {error}; or say whose numbering it has, "
                f"{self._advice(structure)}"
            ) from error
        strange = [n for n in present if n not in known.labels]
        if strange and not key and set(present) <= set(numbering("phantom").labels):
            known, strange = numbering("phantom"), []
        if strange:
            raise InputError(
                f"{label} holds the labels {listed_numbers(strange)}, which {known.title} does not have; say whose "
                "numbering "
                f"it has, {self._advice(structure)}"
            )
        numbers = known.numbers(structure.name) or known.numbers(structure.label)
        if not numbers:
            near = anatomy.nearest(structure.label, tuple(dict.fromkeys(known.labels.values())))
            guess = f" (did you mean {' or '.join(near)}?)" if near else ""
            raise InputError(
                f"{label} holds {len(present)} labels and {structure.label!r} has no number in the numbering of "
                f"{known.title}{guess}; {say}"
            )
        self.by, self.assumed = f"the numbering of {known.title}", not key
        return [(0, n) for n in numbers if n in present or known.key != "chaos"]


def _name(text: str) -> str:
    return (anatomy.find(text) or anatomy.describe(text)).name


def _plainly(name: str, structure: Structure) -> bool:
    """Whether a label's name is that of a structure, or of a part of it."""
    known = anatomy.find(name)
    return (known.name if known else name) in (structure.name, structure.label, *structure.members)


def _missing(structure: Structure, names: Sequence[str]) -> list[str]:
    """The side of a pair that is not among the names."""
    if len(structure.members) != 2:
        return []
    return [anatomy.describe(m).label for m in structure.members if not anatomy.match(m, names)]


def listed_numbers(numbers: Sequence[int]) -> str:
    """Numbers in words.

    Parameters
    ----------
    numbers : sequence of int

    Returns
    -------
    str
        Such as "2, 3" or "25 to 50"; of many scattered ones the first twelve.
    """
    numbers = sorted(numbers)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers[:12])) + (", …" if len(numbers) > 12 else "")
