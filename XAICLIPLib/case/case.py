"""A request opened: the scan, the model, the reference, and the region of each slice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib import anatomy
from XAICLIPLib.attribution.receptive_field import receptive_radius
from XAICLIPLib.attribution.repeats import Repeats
from XAICLIPLib.attribution.scorer import Predict
from XAICLIPLib.case.cache import Cache
from XAICLIPLib.case.images import Images, image_names, image_number
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.prompts import box_of, points_in_slice, prompts_from_boxes, prompts_from_region
from XAICLIPLib.case.regions import Regions
from XAICLIPLib.case.request import Request
from XAICLIPLib.case.scan import Scan
from XAICLIPLib.case.settings import PREDICTED
from XAICLIPLib.case.similarities import Similarities, file_state
from XAICLIPLib.case.slices import chosen_slices
from XAICLIPLib.errors import InputError, ModelError
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Context, Prepared, Prompt, Segmenter
from XAICLIPLib.models.device import choose_device
from XAICLIPLib.models.timelimit import TimeLimit
from XAICLIPLib.roi.given import Given, given_masks, mask_of_box, segments_on
from XAICLIPLib.roi.labelchoice import parse_label_spec
from XAICLIPLib.roi.presence import Presence
from XAICLIPLib.roi.region import BOX_MARGIN_MM, Region, checked, from_prediction
from XAICLIPLib.volume import Volume

Part = TypeVar("Part")


class Case:
    """One scan with everything needed to explain or locate structures in it, as one request says.

    A case does not change. Another request gives another case (`under`, `vary`), which takes over whatever depends on
    nothing that was changed: the scan as it was read, masks, the model, what is in the cache.

    Parameters
    ----------
    request : Request
    models : Models
        Opens models, and keeps them loaded.
    scan, reference, region : Volume, optional
        Given in memory instead of by the request's paths.
    model : callable or Segmenter, optional
        Instead of the request's string.
    images : sequence of Volume or None, optional
        Further images, in the places of the request's paths.
    cache : Cache, optional
        Keeps what the models said of a slice; a small one by default.

    Attributes
    ----------
    request : Request
    models : Models
    device : torch.device
    scan : Scan
        The first image.
    images : Images
        Those beside it, on its grid.
    structures : tuple of Structure
        The K structures, in the request's order.
    slices : tuple of int
        The axial slices that the request names, in the order in which they are to be explained.
    preset : Preset
        How the scan is shown; `preset_reason` says why it is this one.
    reference : Given, or None
        The ground truth; `references` are its masks (K, Z, H, W).
    drawn : Given, or None
        The masks that were given as the region.
    similarities : Similarities
    regions : Regions
    repeats : Repeats
        Whether the model repeats itself, once that was found out.
    presence : list of Presence
        How probable it is that the structures are there, once that was looked for; see `case.presence`.

    Raises
    ------
    InputError
        If the scan or another image can't be used, a slice range or mask does not fit, or a structure is named twice.
    """

    def __init__(
        self,
        request: Request,
        models: Models,
        *,
        scan: Volume | None = None,
        reference: Volume | None = None,
        region: Volume | None = None,
        model: Any = None,
        images: Sequence[Volume | None] | None = None,
        cache: Cache | None = None,
    ) -> None:
        given = {"scan": scan, "reference": reference, "region": region, "model": model, "images": images}
        self._open(request, models, given, Cache() if cache is None else cache, {})

    def _open(
        self,
        request: Request,
        models: Models,
        given: dict[str, Any],
        cache: Cache,
        parts: dict[str, tuple[Hashable, Any]],
        first: int | None = None,
    ) -> None:
        """Everything that is said at once where it is wrong; the models are opened when they are wanted."""
        self.request, self.models, self.cache = request, models, cache
        self._given, self._parts = given, parts
        self.presence: list[Presence] = []
        self.device = self._part("device", request.device, lambda: choose_device(request.device))
        place = request.scan, request.series
        self.scan = self._part(
            "scan", (*place, request.modality), lambda: Scan.open(*place, request.modality, given["scan"])
        )
        self.time_limit = self._part(
            "time limit", request.time_limit, lambda: TimeLimit(request.time_limit), lambda limit: not limit.exceeded
        )
        paths = request.images.paths
        self.images = self._part(
            "images",
            (paths, tuple(map(file_state, paths)), self.scan.identity),
            lambda: Images.open(self.scan, paths, given["images"]),
        )
        self.preset, self.preset_reason = self.scan.preset(request.preset)
        self.structures = tuple(anatomy.find(s) or anatomy.describe(s) for s in request.structures)
        if len({s.name for s in self.structures}) < len(self.structures):
            raise InputError(f"a structure is named twice: {', '.join(request.structures)}")
        slices = chosen_slices(request.slices, self.scan.axial.shape[0])
        self.slices = tuple(slices if first is None else sorted(slices, key=lambda z: abs(z - first)))
        self.reference = self._masks("reference", request.reference)
        self.references = None if self.reference is None else self.reference.masks
        source = request.region.source
        self.drawn = self._masks("region", source, together=True) if request.region.is_given else None
        seen = self.scans[self.image_number(request.images.region, "region_image")]
        shown = self.preset if seen is self.scan else seen.preset(request.preset)[0]
        self.similarities = Similarities(seen, self.structures, request.vlm, shown, models, self.device, cache)
        drawn = None if self.drawn is None else self.drawn.masks
        self.regions = Regions(seen, self.structures, request.region, self.similarities, drawn)
        self.repeats = self._part("repeats", (self._model_key, request.score, self._parts["reference"][0]), Repeats)
        self._is_open = True

    def __setattr__(self, name: str, value: Any) -> None:
        if "_is_open" in self.__dict__:
            raise AttributeError(f"a case does not change its {name}; case.under(request) gives another case")
        super().__setattr__(name, value)

    def under(self, request: Request, *, first: int | None = None) -> Case:
        """The case of another request; what depends on nothing that was changed is not read or computed again.

        Parameters
        ----------
        request : Request
            What was given in memory stays in the place of the request's own word for it, unless that word is another.
        first : int, optional
            Explain this slice first, and then the others, the nearest first.

        Returns
        -------
        Case

        Raises
        ------
        InputError
            As for a case of that request.
        """
        old = self.request
        same = {
            "scan": request.scan == old.scan,
            "reference": request.reference == old.reference,
            "region": request.region.source == old.region.source,
            "model": request.model == old.model,
            "images": request.images.paths == old.images.paths,
        }
        given = {what: value if same[what] else None for what, value in self._given.items()}
        return self._with(given, request=request, first=first)

    def vary(self, **changes: Any) -> Case:
        """The case of a request with other fields.

        Parameters
        ----------
        **changes
            Settings by their own names, see `Request.changed`.

        Returns
        -------
        Case
        """
        return self.under(self.request.changed(**changes))

    def of_model(self, model: Any) -> Case:
        """The same request of another model.

        Parameters
        ----------
        model : callable or Segmenter

        Returns
        -------
        Case
        """
        return self._with({**self._given, "model": model}, cache=Cache())

    def without_cache(self) -> Case:
        """The same case with nothing kept of its slices, for those who measure how long it takes to explain one."""
        key, scan = self._parts["scan"]
        return self._with(self._given, cache=Cache(0), parts={**self._parts, "scan": (key, scan.without_cache())})

    def _with(self, given: dict[str, Any], **changed: Any) -> Case:
        other = Case.__new__(Case)
        parts = changed.get("parts", dict(self._parts))
        changed = {"request": self.request, "cache": self.cache, "first": None, **changed, "parts": parts}
        other._open(models=self.models, given=given, **changed)
        return other

    def _part(
        self, name: str, key: Hashable, make: Callable[[], Part], usable: Callable[[Part], bool] = lambda part: True
    ) -> Part:
        """A part of the case by everything that it depends on, taken over from the case that this one was made of."""
        key = key, id(self._given.get(name))
        if name not in self._parts or self._parts[name][0] != key or not usable(self._parts[name][1]):
            self._parts[name] = key, make()
        return self._parts[name][1]

    def _masks(self, what: str, spec: str | None, together: bool = False) -> Given | None:
        """The masks that were given in memory or by a file, see `given_masks`."""
        volume, request = self._given[what], self.request
        path = None if spec is None or volume is not None else parse_label_spec(spec).path
        key = (spec, file_state(path), tuple(s.name for s in self.structures), self.scan.identity)

        def read() -> Given | None:
            return given_masks(
                volume,
                spec if volume is None else None,
                self.scan.volume,
                self.structures,
                self.scan.modality,
                together=together,
                scan_path=request.scan,
                series=request.series,
            )

        return self._part(what, key, read)

    @property
    def players(self) -> dict[str, np.ndarray] | None:
        """The segments that are hidden one at a time, by name, bool (Z, H, W); None where the request names no file.

        Raises
        ------
        InputError
            If the file can't be read, or holds nothing in the scan.
        """
        path = self.request.influence.players
        if path in (None, PREDICTED):
            return None
        key = (path, file_state(path), self.scan.identity)
        return self._part("players", key, lambda: segments_on(path, self.scan.volume))

    @property
    def _model_key(self) -> Hashable:
        """What decides which model is opened, and on what it is run."""
        names = tuple(s.name for s in self.structures)
        images = tuple(scan.identity for scan in self.scans)
        return (self.request.model, id(self._given["model"]), str(self.device), names, images)

    @property
    def label_notes(self) -> tuple[str, ...]:
        """How the images beside the scan came to its grid, how the labels of reference and given region were read,
        and what was assumed of them."""
        given = (self.images, self.reference, self.drawn)
        return tuple(note for one in given if one is not None for note in one.notes)

    @property
    def ground_truth(self) -> np.ndarray:
        """The reference's masks (K, Z, H, W), bool, for what can't do without them.

        Raises
        ------
        InputError
            If there is no reference.
        """
        if self.references is None:
            raise InputError(Message("this needs a reference; give a mask or a label map of the scan"))
        return self.references

    @property
    def explains_bundled(self) -> bool:
        """Whether the model under explanation is the one that comes with the program."""
        return self._given["model"] is None and self.request.model == "bundled"

    @property
    def scans(self) -> tuple[Scan, ...]:
        """All images, the scan first."""
        return (self.scan, *self.images.scans)

    @cached_property
    def image_names(self) -> tuple[str, ...]:
        """What the images are called: as the model calls them."""
        return image_names(self.segmenter.images, len(self.scans))

    def image_number(self, wanted: str, what: str = "perturb") -> int:
        """Which image is meant by a name or a number.

        Parameters
        ----------
        wanted : str
            Its name, or its number, the scan being 1.
        what : str
            The setting that says so, for the error.

        Returns
        -------
        int
            From 0.

        Raises
        ------
        InputError
            If there is none of that name or number.
        """
        numbers = [str(n) for n in range(1, len(self.scans) + 1)]
        names = numbers if wanted.strip() in numbers else self.image_names  # which only the model knows
        found = image_number(wanted, names)
        if found is None:
            known = ", ".join(f"{name} ({number})" for name, number in zip(names, numbers))
            raise InputError(f"{what} is {wanted!r}, and there is no such image; the images are {known}")
        return found

    @cached_property
    def perturbed(self) -> tuple[int, ...]:
        """The numbers, from 0, of the images in which places are hidden."""
        wanted = self.request.images.perturb
        return tuple(range(len(self.scans))) if wanted in ("all", "each") else (self.image_number(wanted),)

    @property
    def maps(self) -> int:
        """How many maps are made of an image: with places hidden in all images, and in each alone where that is
        wanted."""
        return 1 + len(self.scans) if self.images.scans and self.request.images.perturb == "each" else 1

    @cached_property
    def segmenter(self) -> Segmenter:
        """The model under explanation.

        Raises
        ------
        InputError
            If it takes another number of images than there are.
        """
        names = tuple(s.name for s in self.structures)
        spec = self.request.model if self._given["model"] is None else self._given["model"]
        opened = self._part(
            "model", self._model_key, lambda: self.time_limit(self.models.segmenter, spec, self.device, names)
        )
        self._check_images(opened)
        return opened

    def _check_images(self, model: Segmenter) -> None:
        wanted, there = len(model.images), len(self.scans)
        if not wanted or wanted == there:
            return
        if wanted == 1:
            raise InputError(Message(
                "{model} takes one image, and {count} were given; leave out the other channels",
                model=model.name, count=there,
            ))  # fmt: skip
        said = {"model": model.name, "count": wanted, "images": tuple(model.images), "given": there}
        if there == 1:
            raise InputError(
                Message(
                    "{model} takes {count} images ({images}), and {given} was given; give the scan for the first and "
                    "--channel FILE for each of the others, in this order (in Python images=[…])",
                    **said,
                )
            )
        raise InputError(
            Message(
                "{model} takes {count} images ({images}), and {given} were given; give the scan for the first and "
                "--channel FILE for each of the others, in this order (in Python images=[…])",
                **said,
            )
        )

    @cached_property
    def channels(self) -> tuple[tuple[int, ...], ...]:
        """Per structure, the model's channels that make it up.

        Raises
        ------
        InputError
            If the model does not segment a structure.
        """
        targets = self.segmenter.targets
        channels = []
        for structure in self.structures:
            names = anatomy.match(structure.name, targets) or anatomy.match(structure.label, targets)
            if not names:
                refusal = Message("the model {model} does not segment", model=self.segmenter.name)
                raise InputError(anatomy.no_match(structure.label, targets, refusal, Message("it segments")))
            channels.append(tuple(targets.index(name) for name in names))
        return tuple(channels)

    def open_model(self) -> Segmenter:
        """The model under explanation, opened, and found to segment every structure, and to take these images.

        Returns
        -------
        Segmenter

        Raises
        ------
        XAICLIPError
            If it can't be opened, does not segment a structure, or takes other images.
        """
        segmenter, _, _ = self.segmenter, self.channels, self.perturbed
        return segmenter

    @property
    def promptable(self) -> bool:
        """Whether the model segments what a prompt points at."""
        return self.segmenter.promptable

    @property
    def volumetric(self) -> bool:
        """Whether the model segments whole volumes.

        Raises
        ------
        ModelError
            If it wants a prompt as well: prompts are given slice by slice.
        """
        if self.segmenter.spatial_dims == 2:
            return False
        if self.promptable:
            raise ModelError(
                f"{self.segmenter.name} segments volumes and wants a prompt, which XAICLIP gives slice by slice; "
                "open a model of slices, or one of volumes that needs no prompt"
            )
        return True

    @property
    def voxel(self) -> tuple[float, ...]:
        """Edges of what the model gets, mm: of a pixel along rows and columns, or of a voxel, slices first."""
        return self.scan.axial.spacing[::-1] if self.volumetric else self.scan.spacing

    @property
    def context(self) -> Context:
        """What the segmenter is told about the scan."""
        return Context(
            self.scan.modality,
            self.voxel,
            self.scan.contrast,
            orientation=self.scan.volume.orientation,
            targets=self._asked,
        )

    @property
    def _asked(self) -> tuple[int, ...] | None:
        """The numbers of the model's channels that the request is about; None where it asks for something else."""
        try:
            return tuple(sorted({number for numbers in self.channels for number in numbers}))
        except InputError:  # said by `open_model`; a check of a model looks at all that it has
            return None

    def prepare(self, z: int | None) -> Prepared:
        """A slice as a segmenter of slices gets it, or the scan as a segmenter of volumes gets it.

        Parameters
        ----------
        z : int, or None
            Axial slice; None for the whole scan.

        Returns
        -------
        Prepared

        Raises
        ------
        XAICLIPError
            If the model can't be opened, or can't take such an image.
        """
        context = self.context if z is None else replace(self.context, volume=self.voxels, index=z)
        if z is not None and self.promptable:
            context = replace(context, prompts=self.prompts(z))
        return self.time_limit(self.segmenter.prepare, self.image(z), context)

    @property
    def voxels(self) -> np.ndarray:
        """The scan, (Z, H, W) in axial order; of several images all of them, (C, Z, H, W), float32."""
        if len(self.scans) == 1:
            return self.scan.axial.voxels
        key = tuple(scan.identity for scan in self.scans)
        # one object for all slices: models that look at all of the scan first know it again by that
        return self._part("voxels", key, lambda: np.stack([s.axial.voxels.astype(np.float32) for s in self.scans]))

    def image(self, z: int | None) -> np.ndarray:
        """What a segmenter prepares: a slice, or the volume, of the scan or of all images.

        Parameters
        ----------
        z : int, or None
            Axial slice; None for the whole scan.

        Returns
        -------
        ndarray, shape (H, W) or (Z, H, W), with C first where there are C images, float32
            In the scan's own values.
        """
        at = slice(None) if z is None else (..., z, slice(None), slice(None))
        return self.voxels[at].astype(np.float32, order="C")

    def prompts(self, z: int) -> tuple[Prompt | None, ...]:
        """What a promptable model is told about each structure in a slice: the request's box or points, else the box of
        the structure's own region.

        Parameters
        ----------
        z : int

        Returns
        -------
        tuple of Prompt or None
            None where there is nothing of the structure to point at.

        Raises
        ------
        InputError
            If the request gives neither a prompt nor a region to take a box of, or a point lies outside the scan.
        """
        told, source = self.request.prompt, self.request.region.source
        if told.box is not None:
            box = box_of(mask_of_box(told.box, self.scan.axial)[z])
            return prompts_from_boxes([box] * len(self.structures))
        if told.points is not None:
            points = points_in_slice(told.points, self.scan.axial, z)
            return tuple(Prompt(points=points) if points else None for _ in self.structures)
        if source in ("prediction", "full"):
            raise InputError(
                Message(
                    "{model} segments what a prompt points at, and the region {region} gives none: choose the region "
                    "clip, a mask or a box, or give a prompt box or points",
                    model=self.segmenter.name,
                    region=repr(source),
                )  # fmt: skip
            )
        region = self.region(z)
        return prompts_from_region(region.masks, region.mask, [s.name for s in self.structures])

    def predictor(self, prepared: Prepared) -> Predict:
        """The model on perturbed copies of a prepared image, its channels joined to structures.

        Parameters
        ----------
        prepared : Prepared
            An image (C, *S).

        Returns
        -------
        callable
            (B, C, *S) -> (B, K, *S'): a probability map per structure.
        """
        predict = self.time_limit.around(prepared.predict or self.segmenter.predict)
        wanted = self._asked or ()
        selects = self.segmenter.selects_targets
        places = [[wanted.index(n) if selects else n for n in numbers] for numbers in self.channels]

        def joined(batch: Tensor) -> Tensor:
            output = predict(batch, wanted) if selects else predict(batch)
            maps = [output[:, c[0]] if len(c) == 1 else output[:, c].amax(1) for c in places]
            return torch.stack(maps, 1)

        return joined

    def receptive_radius(self, prepared: Prepared) -> tuple[int, ...] | None:
        """How far the model looks; found out once for each size of image.

        Parameters
        ----------
        prepared : Prepared

        Returns
        -------
        tuple of int, or None
            Pixels along each axis, see `attribution.receptive_field`; None where it may look everywhere.
        """
        if prepared.predict is not None:  # it keeps something of the whole image
            return None
        radii: dict[tuple[int, ...], tuple[int, ...] | None] = self._part("radius", self._model_key, dict)
        shape = tuple(prepared.image.shape)
        if shape not in radii:
            radii[shape] = receptive_radius(self.time_limit.around(self.segmenter.predict), prepared.image)
        return radii[shape]

    def predicted(self, z: int) -> dict[str, np.ndarray]:
        """The model's own masks of the structures in a slice.

        Parameters
        ----------
        z : int

        Returns
        -------
        dict of structure to ndarray, shape (H, W), bool

        Raises
        ------
        XAICLIPError
            If the model can't be used.
        """
        names = [s.name for s in self.structures]
        if self.volumetric:  # it can't be asked about a single slice
            volume = self._part("predicted volume", self._model_key, lambda: self._predict(None))
            return dict(zip(names, volume[:, z]))
        key: tuple[Hashable, ...] = ("predicted", z, self._model_key)
        if self.promptable:  # then it depends on the region as well
            key = (*key, self.request.prompt, self.regions.key(z), self.drawn and self._parts["region"][0])
        return self.cache.get_or_make(key, lambda: dict(zip(names, self._predict(z))))

    def _predict(self, z: int | None) -> np.ndarray:
        """The masks (K, H, W) of a slice, or (K, Z, H, W)."""
        prepared = self.prepare(z)
        with torch.inference_mode():
            output = self.predictor(prepared)(prepared.image[None])[0].float()
        return prepared.masks(output.cpu().numpy())

    def region(self, z: int, predictions: dict[str, np.ndarray] | None = None) -> Region:
        """Where a slice may be perturbed, with the fallback to the prediction's box where that is known.

        Parameters
        ----------
        z : int
            Axial slice.
        predictions : dict of structure to ndarray, shape (H, W), bool, optional
            The model's own masks; needed for the source "prediction".

        Returns
        -------
        Region

        Raises
        ------
        InputError
            If the source is the prediction, and there is none.
        """
        wanted = self.request.region
        if wanted.source == "prediction" and predictions is not None:
            return from_prediction(predictions, self.scan.spacing, wanted.dilation_mm or BOX_MARGIN_MM)
        [region] = self.regions.of([z])
        return checked(region, predictions, self.scan.spacing) if predictions else region

    def picture(self, z: int) -> np.ndarray:
        """A slice as it is shown to people.

        Parameters
        ----------
        z : int

        Returns
        -------
        ndarray, shape (H, W), float32 in [0, 1]
        """
        return self.scan.picture(z, self.preset)

    def pixels_per_unit(self, prepared: Prepared, unit: str) -> tuple[float, ...]:
        """How many pixels of the work grid a unit of a method's sizes is.

        Parameters
        ----------
        prepared : Prepared
        unit : str
            "pixel" of the scan, "mm", or "px512": the 512th part of a slice's longer edge.

        Returns
        -------
        tuple of float
            Along rows and columns; for a volume, along slices first.
        """
        scale = tuple(float(factor) for factor in prepared.grid.scale)
        if unit == "pixel":
            return scale
        millimetres = 1.0 if unit == "mm" else max(np.multiply(self.scan.axial.shape[1:], self.scan.spacing)) / 512
        return tuple(float(factor * millimetres / edge) for factor, edge in zip(scale, self.voxel))

    def provenance(self) -> dict:
        """What the report says about the scan and how it was read."""
        about = {**self.scan.provenance(), "preset": self.preset.name, "preset_reason": self.preset_reason}
        if not self.images.scans:
            return about
        opened = "segmenter" in self.__dict__  # words are located without it
        return {**about, "images": list(self.image_names if opened else image_names((), len(self.scans)))}
