"""The groups of a request's settings: where may be perturbed, how words are found, what a model is pointed at, how far
the maps are tested, and what is kept to be asked. Each group checks itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np

from XAICLIPLib.attribution.fieldtypes import check_fields
from XAICLIPLib.errors import InputError, did_you_mean

REGION_SOURCES = ("clip", "prediction", "full")
LARGEST_INPUT = 4096  # pixels, of a vision-language model
LONGEST_SIGMA, LONGEST_DILATION = 512, 1000
SMALLEST_CELL, LARGEST_CELL = 0.1, 100.0  # mm
SEGMENTS = "segments:"
PREDICTED = "prediction"  # as players: all that the model draws
MOST_IMAGES = 15  # beside the scan


def setting(default: Any, flat: str | None = None, choices: tuple[str, ...] | None = None) -> Any:
    """A field of a dataclass of settings.

    Parameters
    ----------
    default : hashable
        Its value where none is given.
    flat : str, optional
        What it is called beside the settings of all other groups: as an option, a keyword of `explain`, and in errors;
        by default as the field.
    choices : tuple of str, optional
        All values that it may have.

    Returns
    -------
    dataclasses.Field
    """
    return field(default=default, metadata={"flat": flat, "choices": choices})


def flat_names(kind: type) -> dict[str, str]:
    """What the fields of a dataclass of settings are called beside those of all others.

    Parameters
    ----------
    kind : dataclass

    Returns
    -------
    dict of str to str
        Name of the field to its flat name, in the order of the fields.
    """
    return {f.name: f.metadata.get("flat") or f.name for f in fields(kind)}


def choices_of(kind: type) -> dict[str, tuple[str, ...]]:
    """The values that fields of a dataclass of settings may have, where these are few.

    Parameters
    ----------
    kind : dataclass

    Returns
    -------
    dict of str to tuple of str
        Flat name to values.
    """
    names = flat_names(kind)
    return {names[f.name]: f.metadata["choices"] for f in fields(kind) if f.metadata.get("choices")}


def check_choices(record: Any) -> None:
    """Hold the fields of a dataclass of settings against the values that they may have.

    Parameters
    ----------
    record : dataclass of settings

    Raises
    ------
    InputError
        If one has another value; with the one that may be meant.
    """
    for f in fields(record):
        value, known = getattr(record, f.name), f.metadata.get("choices")
        if known and value not in known:
            name = f.metadata.get("flat") or f.name
            raise InputError(
                f"there is no {name} {value!r}; choose one of {', '.join(known)}{did_you_mean(value, known)}"
            )


def check_box(box: tuple[float, ...] | None) -> None:
    """Refuse a box that has not its six numbers.

    Parameters
    ----------
    box : tuple of float, or None

    Raises
    ------
    InputError
        If there are more or fewer.
    """
    if box is not None and len(box) != 6:
        raise InputError("a box has 6 numbers: x0, x1, y0, y1, z0, z1 in mm (LPS)")


@dataclass(frozen=True)
class Group:
    """Settings that belong together. `MAIN` is the field that a plain value, given for the group, stands for."""

    MAIN: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        check_fields(self, flat_names(type(self)))
        check_choices(self)


@dataclass(frozen=True)
class RegionSettings(Group):
    """Where the scan may be perturbed.

    Parameters
    ----------
    source : str
        "clip", "prediction", "full", "box", or the path of a mask or label map, as for a request's `reference`.
    box : tuple of 6 floats, optional
        A box in LPS mm (x0, x1, y0, y1, z0, z1); used when `source` is "box".
    cut : str
        "threshold", or "otsu" for Otsu's threshold in each slice.
    threshold : float
        Probability in (0, 1) from which a pixel belongs to the region, see `from_similarity`.
    sigma : float
        Smoothing of the similarity, in pixels of a slice 512 wide.
    dilation_mm : float
        By how much the region is grown, mm.
    components : str or int
        How many connected pieces of each structure are kept, the largest first: "all", "auto" (as many as the
        structure has: two for a pair), or a number.
    fill_holes : bool
        Whether holes in the region belong to it.

    Raises
    ------
    InputError
        If a value is of another type, or outside its range.
    """

    MAIN: ClassVar[str | None] = "source"

    source: str = setting("clip", flat="region")
    box: tuple[float, ...] | None = None
    cut: str = setting("threshold", choices=("threshold", "otsu"))
    threshold: float = 0.5
    sigma: float = 2.0
    dilation_mm: float = 0.0
    components: str = "all"
    fill_holes: bool = False

    @property
    def is_given(self) -> bool:
        """Whether the source is a mask that was given, not something that the program makes a region of."""
        return self.source not in (*REGION_SOURCES, "box")

    def __post_init__(self) -> None:
        if isinstance(self.components, (int, np.integer)) and not isinstance(self.components, bool):
            object.__setattr__(self, "components", str(int(self.components)))
        super().__post_init__()
        if not 0 < self.threshold < 1:
            raise InputError(f"threshold is {self.threshold}; it is a probability between 0 and 1, 0.5 by default")
        if self.sigma < 0 or self.dilation_mm < 0:
            raise InputError("smoothing and dilation can't be negative")
        if self.sigma > LONGEST_SIGMA or self.dilation_mm > LONGEST_DILATION:
            raise InputError(
                f"smoothing is {self.sigma} pixels of a slice 512 wide, dilation {self.dilation_mm} mm; "
                f"give at most {LONGEST_SIGMA} and {LONGEST_DILATION}"
            )
        if self.components not in ("all", "auto") and not (self.components.isdigit() and int(self.components) > 0):
            raise InputError(f"components is {self.components!r}; give all, auto, or how many pieces are kept")
        check_box(self.box)


@dataclass(frozen=True)
class VlmSettings(Group):
    """Which vision-language model finds the words in a slice, and how it looks.

    Parameters
    ----------
    model : str
        See `open_vision_language_model`; or "voxtell:FOLDER" for VoxTell, which needs no strategy.
    strategy : str
        How patches are compared with words, see `vlm.dense`; "auto" takes what measured best for the model.
    size : int, optional
        Edge of the model's input in pixels; its own by default. A larger one gives a finer map.
    windows : str
        "one": the same grey in all three channels; "three": three grey windows of the scan, one per channel.
    negatives : tuple of str
        Words for what is not meant; they compete with the structures.
    learned_prompts : str, optional
        Path of learned contexts, see `vlm.prompt_learning`. Its older name `prompts` is understood as well.
    probability : str
        "softmax": the structures compete with background words; "minmax": each map from its lowest to its highest
        value; "auto": what the model was trained for.

    Raises
    ------
    InputError
        If a value is of another type, or outside its range.
    """

    MAIN: ClassVar[str | None] = "model"

    model: str = setting("bundled", flat="vlm")
    strategy: str = setting(
        "auto", choices=("auto", "patch", "maskclip", "clearclip", "sclip", "gem", "gradeclip", "m2ib", "window")
    )
    size: int | None = setting(None, flat="vlm_size")
    windows: str = setting("one", flat="vlm_windows", choices=("one", "three"))
    negatives: tuple[str, ...] = ()
    learned_prompts: str | None = None
    probability: str = setting("auto", choices=("auto", "softmax", "minmax"))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.size is not None and self.size < 32:
            raise InputError(f"the vision-language model's input is {self.size} pixels wide; give at least 32")
        if self.size is not None and self.size > LARGEST_INPUT:
            raise InputError(
                f"the vision-language model's input is {self.size} pixels wide; give at most {LARGEST_INPUT}"
            )


@dataclass(frozen=True)
class PromptSettings(Group):
    """What a model that wants to be pointed at something (MedSAM, SAM) is told instead of the region's own box.

    Parameters
    ----------
    box : tuple of 6 floats, optional
        A box in LPS mm (x0, x1, y0, y1, z0, z1).
    points : tuple of floats, optional
        Points in LPS mm, four numbers each (x, y, z, 1 for inside or 0 for outside).

    Raises
    ------
    InputError
        If both are given, or a number is missing.
    """

    box: tuple[float, ...] | None = setting(None, flat="prompt_box")
    points: tuple[float, ...] | None = setting(None, flat="prompt_points")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_box(self.box)
        if self.points is not None and (not self.points or len(self.points) % 4):
            raise InputError("a point has 4 numbers: x, y, z in mm (LPS), and 1 for inside or 0 for outside")
        if self.box is not None and self.points is not None:
            raise InputError("give a prompt box or prompt points, not both")


@dataclass(frozen=True)
class EvidenceSettings(Group):
    """How far the maps are tested.

    Parameters
    ----------
    level : str
        "none", "quick" (on three slices per structure) or "full", see `pipeline.examine`.

    Raises
    ------
    InputError
        If there is no such level.
    """

    MAIN: ClassVar[str | None] = "level"

    level: str = setting("quick", flat="evidence", choices=("none", "quick", "full"))


@dataclass(frozen=True)
class InfluenceSettings(Group):
    """What a run keeps of where the output changed, to be asked afterwards.

    Parameters
    ----------
    record : bool
        Whether it is kept at all: it costs no run of the model, and about a tenth of a megabyte for each slice.
    cell_mm : float
        Edge of the cells in which changes are kept, mm; never finer than the model's output.
    players : str, optional
        Segments that are hidden one at a time as well, to ask which needs which: "prediction" for all that the model
        draws, or the path of a label map, also as "segments:PATH".
    part : str
        What the saliency shows: "total": the drop of the score, as in the paper; "remote": which places the rest of the
        structure hangs on, what is hidden itself left out; "auto": remote where a place matters for the rest of the
        structure, total else. The drop is written in any case.

    Raises
    ------
    InputError
        If a value is of another type, or outside its range.
    """

    MAIN: ClassVar[str | None] = "record"

    record: bool = setting(True, flat="influence")
    cell_mm: float = 4.0
    players: str | None = None
    part: str = setting("auto", choices=("auto", "total", "remote"))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.part == "remote" and not self.record:
            raise InputError("the remote map is read off the record of influence, which is switched off; keep it on")
        if not SMALLEST_CELL <= self.cell_mm <= LARGEST_CELL:
            raise InputError(
                f"the cells of the record are {self.cell_mm:g} mm wide; give {SMALLEST_CELL} to {LARGEST_CELL}, 4 by "
                "default"
            )
        if self.players is not None and self.players.startswith(SEGMENTS):
            object.__setattr__(self, "players", self.players.removeprefix(SEGMENTS))
        if self.players is not None and not self.record:
            raise InputError("players are asked about in the record of influence, which is switched off; keep it on")


@dataclass(frozen=True)
class ImageSettings(Group):
    """Further images of the same patient, for a model that takes several: their places, and what is hidden in them.

    Parameters
    ----------
    paths : tuple of str
        Images registered to the scan, in the order of the model's channels, of which the scan is the first; labels
        where they are given in memory. "FOLDER:UID" is a series of a DICOM folder.
    perturb : str
        "all": a place is hidden in all images at once; "each": so, and then in each image alone, with a map for each;
        the name or the number (the scan is 1) of the only one in which places are hidden.
    region : str
        The name or the number of the image in which words are looked for.

    Raises
    ------
    InputError
        If a value is of another type, or empty.
    """

    MAIN: ClassVar[str | None] = "paths"

    paths: tuple[str, ...] = setting((), flat="images")
    perturb: str = "all"
    region: str = setting("1", flat="region_image")

    def __post_init__(self) -> None:
        for name in ("perturb", "region"):
            if isinstance(getattr(self, name), (int, np.integer)) and not isinstance(getattr(self, name), bool):
                object.__setattr__(self, name, str(int(getattr(self, name))))
        super().__post_init__()
        if len(self.paths) > MOST_IMAGES:
            raise InputError(f"there are {len(self.paths)} images beside the scan; give at most {MOST_IMAGES}")
        if not all(path.strip() for path in self.paths):
            raise InputError("an image has no name; give the path of a file or folder for each")
        if not (self.perturb.strip() and self.region.strip()):
            raise InputError("perturb and region_image name an image, or its number; the scan is 1")


def check_names(given: Iterable[str], known: Iterable[str], who: str) -> None:
    """Refuse names that are not known, and say what may be meant.

    Parameters
    ----------
    given, known : iterable of str
    who : str
        What has the known names, as the beginning of the sentence.

    Raises
    ------
    InputError
        If there are any.
    """
    known = sorted(known)
    unknown = sorted(set(given) - set(known))
    if unknown:
        hint = did_you_mean(unknown[0], known) or f"; it has {', '.join(known)}"
        raise InputError(f"{who} has no {', '.join(unknown)}{hint}")
