"""One request says everything about a run; every face builds one, and a result can be run again from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np

from XAICLIPLib.attribution.fieldtypes import (
    check_fields,
    fit,
    nearest,
    shown,
)
from XAICLIPLib.attribution.methods import METHODS, Method, Occlusion
from XAICLIPLib.errors import InputError

VERSION = 1
REGION_SOURCES = ("clip", "prediction", "full")
LONGEST_LIMIT = 10**6  # seconds; what threads can wait differs between systems, and is longer
LARGEST_INPUT = 4096  # pixels, of a vision-language model
SLICES_HELP = "write auto, all, a number, or a range such as 40:60; several have commas between them"
SCORES = ("dice", "soft_dice", "confidence")
CHOICES = {
    "modality": ("auto", "CT", "MR", "PT", "US", "NM", "CR", "DX", "MG", "XA", "OT"),
    "score": SCORES,
    "strategy": ("auto", "patch", "maskclip", "clearclip", "sclip", "gem", "gradeclip", "m2ib", "window"),
    "vlm_windows": ("one", "three"),
    "probability": ("auto", "softmax", "minmax"),
    "cut": ("threshold", "otsu"),
    "evidence": ("none", "quick", "full"),
}


@dataclass(frozen=True)
class Request:
    """What to explain, how, and where.

    Attributes
    ----------
    scan : str
        Path of the scan; a label where the scan is given in memory.
    structures : tuple of str
        What to explain, in words.
    method : Occlusion, Rise or Lime
    model : str
        See `open_segmenter`.
    region : str
        "clip", "prediction", "full", or the path of a mask or label map, as for `reference`.
    vlm : str
        See `open_vision_language_model`.
    strategy : str
        How patches are compared with words, see `roi.dense`; "auto" takes what measured best for the model.
    vlm_size : int, optional
        Edge of the vision-language model's input in pixels; its own by default. A larger one gives a finer map.
    vlm_windows : str
        "one": the same grey in all three channels; "three": three windows of the scan, one per channel.
    negatives : tuple of str
        Prompts for what is not meant; they compete with the structures.
    prompts : str, optional
        Path of learned contexts, see `roi.coop`.
    probability : str
        "softmax": the structures compete with background prompts; "minmax": each map from its lowest to its highest
        value; "auto": what the model was trained for.
    cut : str
        "threshold", or "otsu" for Otsu's threshold in each slice.
    threshold, sigma, dilation_mm : float
        How the similarity becomes a region, see `from_similarity`.
    components : str
        How many connected pieces of each structure are kept, the largest first: "all", "auto" (as many as the
        structure has: two for a pair), or a number.
    fill_holes : bool
        Whether holes in the region belong to it.
    box : tuple of 6 floats, optional
        A box in LPS mm (x0, x1, y0, y1, z0, z1); used when `region` is "box".
    prompt_box : tuple of 6 floats, optional
        For a model that wants a prompt (MedSAM, SAM): the box in LPS mm (x0, x1, y0, y1, z0, z1) instead of the
        region's own.
    prompt_points : tuple of floats, optional
        For such a model: points in LPS mm, four numbers each (x, y, z, 1 for inside or 0 for outside), instead of a
        box.
    reference : str, optional
        Path of the ground truth: a mask, a label map, a 3D Slicer or a DICOM segmentation. Labels go by their names,
        else by TotalSegmentator's numbers; "FILE:liver=5,spleen=1" or "FILE:amos" says otherwise, see
        `roi.labelchoice.parse_label_spec`.
    slices : str
        "auto": those that hold a structure; "all"; "40:60" (the end excluded, from the feet, in axial order); "45";
        several with commas, "9,11,40:60:5". Whole numbers, sequences of them, `range` and `slice` are taken as well.
    series : str, optional
        UID of the DICOM series where a folder holds several.
    modality : str
        What kind of scan it is, in DICOM's letters ("CT", "MR", "PT", "US", …); "auto": as the file says, else a guess
        from the values, which is noted.
    label : str, optional
        What the scan is called in everything that is written; by default the name of its file, and for a folder "DICOM
        series".
    keep_paths : bool
        Whether the report holds the paths of what was given; by default it has the names of the files alone.
    preset : str
        Contrast preset, "auto" by modality.
    score : str
        "dice", "soft_dice" or "confidence".
    evidence : str
        How far the maps are tested, see `examine`: "none", "quick" (on three slices per structure) or "full".
    anyway : bool
        Go on where models or words were made for another body part or modality; the maps then count as not supported.
    time_limit : float, optional
        Seconds that the model under explanation may take for each answer: to be opened, to prepare an image, and for
        each batch. By default there is no limit. A run whose model takes longer ends with `OverTime`, or with the
        slices that are finished; the model can't be stopped and computes on in a thread until the process ends, which
        the command line and the worker do at once.
    device : str
    batch_size : int, optional
    seed : int
    """

    scan: str
    structures: tuple[str, ...]
    method: Method = field(default_factory=lambda: Occlusion(unit="px512"))
    model: str = "bundled"
    region: str = "clip"
    vlm: str = "bundled"
    strategy: str = "auto"
    vlm_size: int | None = None
    vlm_windows: str = "one"
    negatives: tuple[str, ...] = ()
    prompts: str | None = None
    probability: str = "auto"
    cut: str = "threshold"
    threshold: float = 0.5
    sigma: float = 2.0
    dilation_mm: float = 0.0
    components: str = "all"
    fill_holes: bool = False
    box: tuple[float, ...] | None = None
    prompt_box: tuple[float, ...] | None = None
    prompt_points: tuple[float, ...] | None = None
    reference: str | None = None
    slices: str = "auto"
    series: str | None = None
    modality: str = "auto"
    label: str | None = None
    keep_paths: bool = False
    preset: str = "auto"
    score: str = "dice"
    evidence: str = "quick"
    anyway: bool = False
    time_limit: float | None = None
    device: str = "auto"
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        structures = self.structures
        if isinstance(structures, str) or not _are_names(structures):
            raise InputError(f"name at least one structure, such as liver, not {shown(structures)}")
        object.__setattr__(self, "slices", slices_text(self.slices))
        if isinstance(self.components, (int, np.integer)) and not isinstance(self.components, bool):
            object.__setattr__(self, "components", str(int(self.components)))
        check_fields(self)
        if not self.scan.strip():
            raise InputError("the scan has no name; give the path of a file or folder")
        if getattr(self.method, "unit", "") is None:  # the paper's sizes
            object.__setattr__(self, "method", replace(self.method, unit="px512"))
        if not 0 < self.threshold < 1:
            raise InputError(f"threshold is {self.threshold}; it is a probability between 0 and 1, 0.5 by default")
        if self.sigma < 0 or self.dilation_mm < 0:
            raise InputError("smoothing and dilation can't be negative")
        if self.sigma > 512 or self.dilation_mm > 1000:
            raise InputError(
                f"smoothing is {self.sigma} pixels of a slice 512 wide, dilation {self.dilation_mm} mm; "
                "give at most 512 and 1000"
            )
        if not 0 <= self.seed < 2**32:
            raise InputError(f"seed is {self.seed}; it must be between 0 and {2**32 - 1}")
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                value = getattr(self, name)
                raise InputError(
                    f"there is no {name} {value!r}; choose one of {', '.join(known)}{nearest(value, known)}"
                )
        if self.components not in ("all", "auto") and not (self.components.isdigit() and int(self.components) > 0):
            raise InputError(f"components is {self.components!r}; give all, auto, or how many pieces are kept")
        if self.vlm_size is not None and self.vlm_size < 32:
            raise InputError(f"the vision-language model's input is {self.vlm_size} pixels wide; give at least 32")
        if self.vlm_size is not None and self.vlm_size > LARGEST_INPUT:
            raise InputError(
                f"the vision-language model's input is {self.vlm_size} pixels wide; give at most {LARGEST_INPUT}"
            )
        if self.time_limit is not None and not 0 < self.time_limit <= LONGEST_LIMIT:
            raise InputError(
                f"the time limit is {self.time_limit:g} s; give more than 0 and at most {LONGEST_LIMIT}, or none"
            )
        if self.batch_size is not None and self.batch_size < 1:
            raise InputError(f"batch size is {self.batch_size}; it must be at least 1")
        for box in (self.box, self.prompt_box):
            if box is not None and len(box) != 6:
                raise InputError("a box has 6 numbers: x0, x1, y0, y1, z0, z1 in mm (LPS)")
        if self.prompt_points is not None and (not self.prompt_points or len(self.prompt_points) % 4):
            raise InputError("a point has 4 numbers: x, y, z in mm (LPS), and 1 for inside or 0 for outside")
        if self.prompt_box is not None and self.prompt_points is not None:
            raise InputError("give a prompt box or prompt points, not both")

    def to_json(self) -> dict[str, Any]:
        """Plain data for `json.dump`, with a version number.

        Raises
        ------
        InputError
            If the method holds arrays (a fill image, given superpixels), which a request can't carry.
        """
        method = asdict(self.method)
        for name, value in method.items():
            if not isinstance(value, (str, int, float, tuple, type(None))):
                raise InputError(f"{name} is an array; a request carries numbers and words only")
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "method"}
        return {"version": VERSION, **plain, "method": {"name": self.method.name, **method}}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Request:
        """Undo `to_json`.

        Raises
        ------
        InputError
            If the data is of another version, holds an unknown name, or lacks the scan or the structures.
        """
        plain = _keywords(data, "request")
        version = plain.pop("version", VERSION)
        if version != VERSION:
            raise InputError(f"the request has version {shown(version)}; this program reads version {VERSION}")
        method = plain.pop("method", {"name": "occlusion"})
        method = _keywords({"name": method} if isinstance(method, str) else method, "method")
        check_names(plain, [f.name for f in fields(cls)], "a request")
        for needed, given in (("scan", plain), ("structures", plain), ("name", method)):
            if needed not in given:
                raise InputError(f"the {'request' if given is plain else 'method'} has no {needed!r}; give one")
        return cls(**plain, method=make_method(method.pop("name"), **method))


def _are_names(structures: Any) -> bool:
    return (
        isinstance(structures, (tuple, list))
        and len(structures) > 0
        and all(isinstance(s, str) and s.strip() for s in structures)
    )


def _keywords(data: Any, what: str) -> dict[str, Any]:
    """A dictionary of plain data by name."""
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise InputError(f"the {what} is {shown(data)}; it must be an object with names and values")
    return dict(data)


def check_names(given: Iterable[str], known: Iterable[str], who: str) -> None:
    """Refuse names that are not known, and say what may be meant.

    Raises
    ------
    InputError
        If there are any.
    """
    known = sorted(known)
    unknown = sorted(set(given) - set(known))
    if unknown:
        hint = nearest(unknown[0], known) or f"; it has {', '.join(known)}"
        raise InputError(f"{who} has no {', '.join(unknown)}{hint}")


def slices_text(which: Any) -> str:
    """Slices as a request holds them: "auto", "all", or numbers and ranges such as "9,11,40:60".

    Parameters
    ----------
    which : str, int, slice, range, sequence of int, or array of int or of bool (one per slice)

    Raises
    ------
    InputError
        If it is none of these.
    """
    if isinstance(which, slice):
        parts = [which.start, which.stop, *([] if which.step is None else [which.step])]
        which = ":".join("" if part is None else str(part) for part in parts)
    if isinstance(which, str):
        text = "".join(which.split())
        if text not in ("auto", "all"):
            list(_ranges(text))
        return text
    if isinstance(which, Iterable) and not isinstance(which, (bytes, dict)) and getattr(which, "ndim", 1) == 1:
        try:
            numbers = np.asarray(list(which))
        except ValueError as error:
            raise InputError(f"slices are {shown(which)}; {SLICES_HELP}") from error
        numbers = np.flatnonzero(numbers) if numbers.dtype == bool else numbers
        if numbers.size and numbers.ndim == 1 and numbers.dtype.kind in "iu":
            return _runs(sorted(set(numbers.tolist())))
        raise InputError(f"slices are {shown(which)}; {SLICES_HELP}")
    return str(fit(which, int, "slices"))


def _runs(numbers: list[int]) -> str:
    """Whole numbers in ascending order as text, neighbours as one range."""
    there = set(numbers)
    starts = [n for n in numbers if n - 1 not in there]
    stops = [n + 1 for n in numbers if n + 1 not in there]
    return ",".join(str(a) if b == a + 1 else f"{a}:{b}" for a, b in zip(starts, stops))


def _ranges(text: str) -> Iterator[tuple[int | None, ...]]:
    """The parts of slices as text: (number,), (start, stop) or (start, stop, step); None where left out."""
    for part in text.split(","):
        try:
            numbers = tuple(int(n) if n else None for n in part.split(":"))
        except ValueError as error:
            raise InputError(f"slices {text!r}: {SLICES_HELP}") from error
        if len(numbers) > 3 or numbers == (None,) or (len(numbers) == 3 and (numbers[2] or 1) < 1):
            raise InputError(f"slices {text!r}: {SLICES_HELP}")
        yield numbers


def chosen_slices(text: str, count: int) -> list[int]:
    """Which slices of so many a request names, in ascending order; all of them for "auto" and "all".

    Raises
    ------
    InputError
        If one lies outside the scan.
    """
    if text in ("auto", "all"):
        return list(range(count))
    found: set[int] = set()
    for first, *rest in _ranges(text):
        start = first or 0
        stop = (count if rest[0] is None else rest[0]) if rest else start + 1
        if not 0 <= start < stop <= count:
            raise InputError(f"slices {text} lie outside the scan, which has slices 0 to {count - 1} (range 0:{count})")
        found.update(range(start, stop, (rest[1] if len(rest) > 1 else None) or 1))
    return sorted(found)


def make_method(name: str, **settings: Any) -> Method:
    """A method by name with its settings; the unit, where it has one, is by default that of a scan.

    Raises
    ------
    InputError
        If there is no such method, or it has no such setting.
    """
    kind = METHODS.get(name.strip().lower()) if isinstance(name, str) else None
    if kind is None:
        raise InputError(
            f"there is no method {shown(name)}; choose one of {', '.join(METHODS)}{nearest(str(name), METHODS)}"
        )
    known = {f.name for f in fields(kind)}
    if set(settings) - known:
        raise InputError(
            f"{name} has no setting {', '.join(sorted(set(settings) - known))}; it has {', '.join(sorted(known))}"
        )
    sizes = [settings.get(size) for size in ("patch", "stride")]
    if "unit" in known and settings.get("unit") is None and not any(isinstance(size, str) for size in sizes):
        settings["unit"] = "px512"
    return kind(**settings)
