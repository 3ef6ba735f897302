"""One request says everything about a run; every face builds one, and a result can be run again from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from XAICLIPLib.attribution.fieldtypes import check_fields, short_repr
from XAICLIPLib.attribution.methods import Method, Occlusion, check_settings, kind_of
from XAICLIPLib.case.grouping import (
    FLAT,
    GROUPS,
    VERSION,
    group_of,
    grouped,
    keywords,
    plain_settings,
    renewed,
)
from XAICLIPLib.case.settings import (
    EvidenceSettings,
    ImageSettings,
    InfluenceSettings,
    PromptSettings,
    RegionSettings,
    VlmSettings,
    check_choices,
    check_names,
    choices_of,
    flat_names,
    setting,
)
from XAICLIPLib.case.slices import slices_text
from XAICLIPLib.errors import InputError

LONGEST_LIMIT = 10**6  # seconds; what threads can wait differs between systems, and is longer
SCORES = ("dice", "soft_dice", "confidence")


@dataclass(frozen=True)
class Request:
    """What to explain, how, and where.

    A plain value that is given for a group stands for its main field: ``region="prediction"``, ``vlm="biomedclip"``,
    ``evidence="full"``. `Request.of` takes the settings of all groups by their own names, as `explain` does.

    Parameters
    ----------
    scan : str
        Path of the scan; a label where the scan is given in memory.
    structures : tuple of str
        What to explain, in words.
    method : Occlusion, Rise or Lime
    model : str
        See `open_segmenter`.
    images : ImageSettings
        Further registered images for a model that takes several, and in which of them places are hidden.
    region : RegionSettings
        Where the scan may be perturbed.
    vlm : VlmSettings
        Which vision-language model finds the words, and how it looks.
    prompt : PromptSettings
        What a model that wants to be pointed at something is told.
    evidence : EvidenceSettings
        How far the maps are tested.
    influence : InfluenceSettings
        What is kept of where the output changed, to be asked afterwards.
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
    anyway : bool
        Go on where models or words were made for another body part or modality; the maps then count as not supported.
    time_limit : float, optional
        Seconds that the model under explanation may take for each answer: to be opened, to prepare an image, and for
        each batch. By default there is no limit. A run whose model takes longer ends with `OverTime`, or with the
        slices that are finished; the model can't be stopped and computes on in a thread until the process ends, which
        the command line and the worker do at once.
    device : str
        "auto", "cpu", "cuda", "cuda:1", "mps".
    batch_size : int, optional
        Perturbed copies per evaluation, at least 1; by default as many as fit into memory.
    seed : int
        In [0, 2**32): the same seed gives the same map.

    Raises
    ------
    InputError
        If a value is of another type, or outside its range.

    Example
    -------
    >>> from XAICLIPLib import Request
    >>> request = Request("ct.nrrd", ("liver",), region="prediction")
    >>> request.region.threshold
    0.5
    >>> request.changed(threshold=0.4, seed=7).region
    RegionSettings(source='prediction', box=None, cut='threshold', threshold=0.4, sigma=2.0, dilation_mm=0.0, \
components='all', fill_holes=False)
    >>> Request.from_json(request.to_json()) == request
    True
    """

    scan: str
    structures: tuple[str, ...]
    method: Method = field(default_factory=lambda: Occlusion(unit="px512"))
    model: str = "bundled"
    images: ImageSettings = ImageSettings()
    region: RegionSettings = RegionSettings()
    vlm: VlmSettings = VlmSettings()
    prompt: PromptSettings = PromptSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    influence: InfluenceSettings = InfluenceSettings()
    reference: str | None = None
    slices: str = "auto"
    series: str | None = None
    modality: str = setting("auto", choices=("auto", "CT", "MR", "PT", "US", "NM", "CR", "DX", "MG", "XA", "OT"))
    label: str | None = None
    keep_paths: bool = False
    preset: str = "auto"
    score: str = setting("dice", choices=SCORES)
    anyway: bool = False
    time_limit: float | None = None
    device: str = "auto"
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        structures = self.structures
        if isinstance(structures, str) or not _are_names(structures):
            raise InputError(f"name at least one structure, such as liver, not {short_repr(structures)}")
        object.__setattr__(self, "slices", slices_text(self.slices))
        for name, kind in GROUPS.items():
            object.__setattr__(self, name, group_of(name, kind, getattr(self, name)))
        check_fields(self)
        if not self.scan.strip():
            raise InputError("the scan has no name; give the path of a file or folder")
        object.__setattr__(self, "method", self.method.for_scan())
        if not 0 <= self.seed < 2**32:
            raise InputError(f"seed is {self.seed}; it must be between 0 and {2**32 - 1}")
        check_choices(self)
        if self.time_limit is not None and not 0 < self.time_limit <= LONGEST_LIMIT:
            raise InputError(
                f"the time limit is {self.time_limit:g} s; give more than 0 and at most {LONGEST_LIMIT}, or none"
            )
        if self.batch_size is not None and self.batch_size < 1:
            raise InputError(f"batch size is {self.batch_size}; it must be at least 1")

    @classmethod
    def of(cls, scan: Any, structures: Any, **settings: Any) -> Request:
        """A request from settings by their own names, whichever group they belong to.

        Parameters
        ----------
        scan : str or path
        structures : sequence of str
        **settings
            Fields of `Request` and of its groups: threshold, strategy, vlm_size, prompt_box, ….

        Returns
        -------
        Request

        Raises
        ------
        InputError
            If a name is not known, with the one that may be meant, or a value can't be used.

        Example
        -------
        >>> from XAICLIPLib import Request
        >>> Request.of("ct.nrrd", ("liver",), threshold=0.4, strategy="gem").vlm.strategy
        'gem'
        """
        check_names(settings, SETTINGS, "a request")
        return cls(scan, structures, **grouped(settings))

    def changed(self, **settings: Any) -> Request:
        """The same request with other settings, by their own names.

        Parameters
        ----------
        **settings
            As for `of`. ``region="full"`` changes the region's source alone; ``region=RegionSettings(…)`` all of it.

        Returns
        -------
        Request

        Raises
        ------
        InputError
            As for `of`.
        """
        check_names(settings, SETTINGS, "a request")
        new = grouped(settings)
        for name in GROUPS.keys() & new.keys():
            new[name] = {**plain_settings(getattr(self, name)), **new[name]}
        return replace(self, **new)

    def flat(self) -> dict[str, Any]:
        """All settings by their own names, without groups: what `of` takes."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in GROUPS}
        for group, kind in GROUPS.items():
            settings = getattr(self, group)
            plain |= {flat: getattr(settings, name) for name, flat in flat_names(kind).items()}
        return plain

    def to_json(self) -> dict[str, Any]:
        """Plain data for `json.dump`, with a version number; without `images` where there is one image.

        Raises
        ------
        InputError
            If the method holds arrays (a fill image, given superpixels), which a request can't carry.
        """
        method = asdict(self.method)
        for name, value in method.items():
            if not isinstance(value, (str, int, float, tuple, type(None))):
                raise InputError(
                    f"{name} is an array; a request carries numbers and words only: give arrays to xai.attribute, "
                    "which explains one image"
                )
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "method"}
        plain |= {name: plain_settings(plain[name]) for name in GROUPS}
        if self.images == ImageSettings():  # as before there were several: older programs and reports know no other
            del plain["images"]
        return {"version": VERSION, **plain, "method": {"name": self.method.name, **method}}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Request:
        """Undo `to_json`, also that of version 1.

        Parameters
        ----------
        data : dict
            Without a "version" the settings may lie in their groups, or beside each other as in version 1.

        Returns
        -------
        Request

        Raises
        ------
        InputError
            If the data is of another version, holds an unknown name, or lacks the scan or the structures.
        """
        plain = renewed(data)
        del plain["version"]
        method = plain.pop("method", {"name": "occlusion"})
        method = keywords({"name": method} if isinstance(method, str) else method, "method")
        known = [f.name for f in fields(cls)]
        for name in sorted(plain.keys() & FLAT.keys() - set(known)):
            raise InputError(f"the request has {name} outside its group; write {'.'.join(FLAT[name])}")
        check_names(plain, known if data.get("version") == VERSION else SETTINGS, "a request")
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


def make_method(name: str, **settings: Any) -> Method:
    """A method by name with its settings, as it is meant for a scan.

    Parameters
    ----------
    name : str
        See `XAICLIPLib.attribution.methods.METHODS`.
    **settings
        Sizes are pixels of a slice 512 pixels wide, unless `unit` or their text says otherwise.

    Returns
    -------
    Method

    Raises
    ------
    InputError
        If there is no such method, or it has no such setting.
    """
    kind = kind_of(name)
    check_settings(kind, settings)
    written = any(isinstance(settings.get(size), str) for size in kind.sizes)
    if kind.has_unit() and settings.get("unit") is None and not written:
        settings["unit"] = "px512"
    return kind(**settings)


SETTINGS = sorted({*(f.name for f in fields(Request)), *FLAT})  # every name that a setting goes by
_KINDS: tuple[type, ...] = (Request, *GROUPS.values())
CHOICES = {name: known for kind in _KINDS for name, known in choices_of(kind).items()}
