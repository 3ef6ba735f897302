"""One request says everything about a run; every face builds one, and a result can be run again from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from XAICLIPLib.errors import InputError
from XAICLIPLib.explain.settings import METHODS, Method, Occlusion

VERSION = 1
REGION_SOURCES = ("clip", "prediction", "full")
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
        "clip", "prediction", "full", or the path of a mask or label map.
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
        Path of the ground truth (a mask, or a label map with the TotalSegmentator or the phantom's numbers).
    slices : str
        "auto": those that hold a structure; "all"; "40:60" (the end excluded, from the feet, in axial order); "45".
    series : str, optional
        UID of the DICOM series where a folder holds several.
    modality : str
        What kind of scan it is, in DICOM's letters ("CT", "MR", "PT", "US", …); "auto": as the file says, else a guess from
        the values, which is noted.
    preset : str
        Contrast preset, "auto" by modality.
    score : str
        "dice", "soft_dice" or "confidence".
    evidence : str
        How far the maps are tested, see `examine`: "none", "quick" (on one slice per structure) or "full".
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
    preset: str = "auto"
    score: str = "dice"
    evidence: str = "quick"
    device: str = "auto"
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.structures, str) or not self.structures or not all(s.strip() for s in self.structures):
            raise InputError("name at least one structure, such as liver")
        if not 0 < self.threshold < 1:
            raise InputError(f"threshold is {self.threshold}; it is a probability between 0 and 1, 0.5 by default")
        if self.sigma < 0 or self.dilation_mm < 0:
            raise InputError("smoothing and dilation can't be negative")
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise InputError(f"there is no {name} {getattr(self, name)!r}; choose one of {', '.join(known)}")
        if self.components not in ("all", "auto") and not (self.components.isdigit() and int(self.components) > 0):
            raise InputError(f"components is {self.components!r}; give all, auto, or how many pieces are kept")
        if self.vlm_size is not None and self.vlm_size < 32:
            raise InputError(f"the vision-language model's input is {self.vlm_size} pixels wide; give at least 32")
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
        plain = {name: tuple(v) if isinstance(v, list) else v for name, v in data.items()}
        version = plain.pop("version", VERSION)
        if version != VERSION:
            raise InputError(f"the request has version {version}; this program reads version {VERSION}")
        method = dict(plain.pop("method", {"name": "occlusion"}))
        unknown = set(plain) - {f.name for f in fields(cls)}
        if unknown:
            raise InputError(f"a request has no {', '.join(sorted(unknown))}")
        for needed, given in (("scan", plain), ("structures", plain), ("name", method)):
            if needed not in given:
                raise InputError(f"the {'request' if given is plain else 'method'} has no {needed!r}; give one")
        return cls(**plain, method=make_method(method.pop("name"), **method))


def make_method(name: str, **settings: Any) -> Method:
    """A method by name with its settings; the unit, where it has one, is by default that of a scan.

    Raises
    ------
    InputError
        If there is no such method, or it has no such setting.
    """
    if name not in METHODS:
        raise InputError(f"there is no method {name!r}; choose one of {', '.join(METHODS)}")
    kind = METHODS[name]
    known = {f.name for f in fields(kind)}
    given = {key: tuple(v) if isinstance(v, list) else v for key, v in settings.items()}
    if set(given) - known:
        raise InputError(
            f"{name} has no setting {', '.join(sorted(set(given) - known))}; it has {', '.join(sorted(known))}"
        )
    if "unit" in known:
        given.setdefault("unit", "px512")
    return kind(**given)
