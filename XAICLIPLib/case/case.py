"""A request opened: the scan, the models, the reference, and the region of each slice."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib import anatomy
from XAICLIPLib.attribution.receptive_field import receptive_radius
from XAICLIPLib.attribution.repeats import Repeats
from XAICLIPLib.attribution.scorer import Predict
from XAICLIPLib.case import regions
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.case.slices import chosen_slices
from XAICLIPLib.errors import InputError, ModelError
from XAICLIPLib.models.base import Context, Prepared, Prompt, Segmenter
from XAICLIPLib.models.device import choose_device
from XAICLIPLib.models.timelimit import TimeLimit
from XAICLIPLib.preprocess import body_mask, choose_preset, enhance
from XAICLIPLib.roi.given import given_masks, mask_of_box
from XAICLIPLib.roi.region import BOX_MARGIN_MM, Region, checked, from_prediction
from XAICLIPLib.vlm.model import VisionLanguageModel
from XAICLIPLib.volume import Volume, as_modality, check_scan, modality_of, read_volume


def box_of(mask: np.ndarray) -> tuple[float, float, float, float] | None:
    """The box (x0, y0, x1, y1) of a mask (H, W) by its pixel edges; None for an empty one."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return None
    return float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)


class Case:
    """One scan with everything needed to explain or locate structures in it.

    Parameters
    ----------
    request : Request
    models : Models
    scan, reference, region : Volume, optional
        Given in memory instead of by the request's paths.
    model : callable or Segmenter, optional
        Instead of the request's string.

    Raises
    ------
    InputError
        If the scan can't be used, a slice range or mask does not fit, or the model knows no such structure.
    """

    def __init__(
        self,
        request: Request,
        models: Models,
        *,
        scan: Volume | None = None,
        reference: Volume | None = None,
        region: Volume | None = None,
        model=None,
    ) -> None:
        self._models, self._model = models, model
        self._radius: dict[tuple[int, ...], tuple[int, ...] | None] = {}
        self._widths: dict[int, float] = {}
        self.device = choose_device(request.device)
        given = check_scan(scan or read_volume(request.scan, request.series))
        self.scan = as_modality(given, request.modality)
        self.axial = self.scan.axial()
        self.taken_for = modality_of(self.axial)
        self.spacing = (self.axial.spacing[1], self.axial.spacing[0])
        self._take(request, reference, region)

    def _take(self, request: Request, reference: Volume | None = None, region: Volume | None = None) -> None:
        """Everything that depends on the request, not on the scan alone."""
        self.request = request
        self.time_limit = TimeLimit(request.time_limit)
        self.device = choose_device(request.device)
        self.preset, self.preset_reason = choose_preset(self.axial, request.preset)
        self.structures = tuple(anatomy.find(s) or anatomy.describe(s) for s in request.structures)
        if len({s.name for s in self.structures}) < len(self.structures):
            raise InputError(f"a structure is named twice: {', '.join(request.structures)}")
        self.slices = chosen_slices(request.slices, self.axial.shape[0])
        labelled = self.scan, self.structures, self.modality
        place = {"scan_path": request.scan, "series": request.series}
        self.truth = given_masks(reference, request.reference, *labelled, **place)
        self.references = None if self.truth is None else self.truth.masks
        path = request.region.source if request.region.is_given else None
        self.drawn = given_masks(region, path, *labelled, together=True, **place)
        self.given = None if self.drawn is None else self.drawn.masks
        boxed = request.region.source == "box"
        if boxed and request.region.box is None:
            raise InputError("region 'box' needs the box: x0, x1, y0, y1, z0, z1 in mm (LPS)")
        self.box = mask_of_box(request.region.box, self.axial) if boxed else None
        self._found: dict[int, Region] = {}
        self.repeats = Repeats()

    @property
    def label_notes(self) -> tuple[str, ...]:
        """How the labels of the reference and of a given region were read, and what was assumed of them."""
        return tuple(note for given in (self.truth, self.drawn) if given is not None for note in given.notes)

    def revise(self, request: Request) -> Case:
        """The same scan under another request; what was found out about the scan itself is not computed again."""
        other = copy(self)
        other._radius = {} if request.model != self.request.model else self._radius
        for found in ("segmenter", "channels", "vision_language", "learned"):
            other.__dict__.pop(found, None)
        if (request.model, request.device, request.structures) != (
            self.request.model,
            self.request.device,
            self.request.structures,
        ):
            other.__dict__.pop("predicted_volume", None)
        other._take(request)
        return other

    def vary(self, **changes) -> Case:
        """The same scan and references under a request with another method, region source, slices or prompt; regions
        are found anew, and nothing else is read or computed again."""
        other = copy(self)
        other.request = self.request.changed(**changes)
        other._found = {}
        return other

    @cached_property
    def segmenter(self) -> Segmenter:
        """The model under explanation."""
        names = tuple(s.name for s in self.structures)
        return self.time_limit(self._models.segmenter, self._model or self.request.model, self.device, names)

    @property
    def modality(self) -> str:
        """What the scan is taken for: "CT", "MR", …; `taken_for` says how that is known."""
        return self.taken_for.name

    @property
    def explains_bundled(self) -> bool:
        """Whether the model under explanation is the one that comes with the program."""
        return self._model is None and self.request.model == "bundled"

    @cached_property
    def channels(self) -> tuple[tuple[int, ...], ...]:
        """Per structure, the model's channels that make it up.

        Raises
        ------
        InputError
            If the model does not segment a structure.
        """
        targets = self.segmenter.targets
        found = []
        for structure in self.structures:
            names = anatomy.match(structure.name, targets) or anatomy.match(structure.label, targets)
            if not names:
                refusal = f"the model {self.segmenter.name} does not segment"
                raise InputError(anatomy.no_match(structure.label, targets, refusal, "it segments"))
            found.append(tuple(targets.index(name) for name in names))
        return tuple(found)

    @cached_property
    def vision_language(self) -> VisionLanguageModel:
        """The model that finds words in a slice."""
        return self._models.vision_language(self.request.vlm.model, self.device)

    @cached_property
    def learned(self):
        """The prompts learned for that model (`vlm.prompt_learning`); None where the request names none."""
        if self.request.vlm.learned_prompts is None:
            return None
        from XAICLIPLib.vlm.prompt_learning.learned_prompts import load_contexts

        return load_contexts(self.request.vlm.learned_prompts, self.vision_language)

    @cached_property
    def body_values(self) -> np.ndarray:
        """A sample of the scan's values inside the body, for percentiles."""
        step = max(1, len(self.axial.voxels) // 32)
        values = [s[body_mask(s.astype(np.float32, order="C"), self.modality)] for s in self.axial.voxels[::step]]
        values = np.concatenate(values)
        return values if values.size else self.axial.voxels.ravel()

    @cached_property
    def outlined_values(self) -> np.ndarray:
        """The same inside the patient's outline, so that what is dark in MR is no part of the air."""
        sample = range(0, len(self.axial.voxels), max(1, len(self.axial.voxels) // 32))
        values = np.concatenate([self.axial.voxels[z][regions.body(self, z)] for z in sample])
        return values if values.size else self.axial.voxels.ravel()

    def body_width(self, z: int) -> float:
        """The longer edge of the body's box in slice z, mm; nan where no body is found."""
        if z not in self._widths:
            rows, columns = np.nonzero(body_mask(self.image(z), self.modality))
            edges = [(np.ptp(places) + 1) * edge for places, edge in zip((rows, columns), self.spacing) if len(places)]
            self._widths[z] = float(max(edges, default=np.nan))
        return self._widths[z]

    @cached_property
    def contrast(self) -> tuple[float, float]:
        """1st and 99th percentile of the scan's values inside the body."""
        low, high = np.percentile(self.body_values, (1, 99))
        return float(low), float(high)

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
        return self.axial.spacing[::-1] if self.volumetric else self.spacing

    @property
    def context(self) -> Context:
        """What the segmenter is told about the scan."""
        return Context(self.modality, self.voxel, self.contrast, orientation=self.scan.orientation)

    def image(self, z: int) -> np.ndarray:
        """Slice z in its own values, (H, W) float32."""
        return self.axial.voxels[z].astype(np.float32, order="C")

    def picture(self, z: int) -> np.ndarray:
        """Slice z as shown to people: the preset's window without CLAHE's tiles, (H, W) in [0, 1]."""
        shown = replace(self.preset, clahe=False)
        return enhance(
            self.image(z), shown, shown.grey_window(self.outlined_values if shown.percentile else self.image(z))
        )

    def prepare_volume(self) -> Prepared:
        """The whole scan as a segmenter of volumes gets it."""
        voxels = self.axial.voxels.astype(np.float32, order="C")
        return self.time_limit(self.segmenter.prepare, voxels, self.context)

    def prepare(self, z: int) -> Prepared:
        """Slice z as a segmenter of slices gets it."""
        context = replace(self.context, volume=self.axial.voxels, index=z)
        if self.promptable:
            context = replace(context, prompts=self.prompts(z))
        return self.time_limit(self.segmenter.prepare, self.image(z), context)

    @property
    def promptable(self) -> bool:
        """Whether the model segments what a prompt points at."""
        return getattr(self.segmenter, "promptable", False)

    def prompts(self, z: int) -> tuple[Prompt | None, ...]:
        """What a promptable model is told about each structure in slice z: the request's box or points, else the box
        of the structure's own region; None where there is none of them."""
        if self.request.prompt.box is not None:
            box = box_of(mask_of_box(self.request.prompt.box, self.axial)[z])
            return tuple(None if box is None else Prompt(box) for _ in self.structures)
        if self.request.prompt.points is not None:
            points = self._points(z)
            return tuple(Prompt(points=points) if points else None for _ in self.structures)
        if self.request.region.source in ("prediction", "full"):
            raise InputError(
                f"{self.segmenter.name} segments what a prompt points at, and the region "
                f"{self.request.region.source!r} gives none: choose the region clip, a mask or a box, or give a prompt "
                "box or points"
            )
        region = self.region(z)
        boxes = [box_of(region.masks.get(s.name, region.mask)) for s in self.structures]
        return tuple(None if box is None else Prompt(box) for box in boxes)

    def _points(self, z: int) -> tuple[tuple[float, float, int], ...]:
        """The request's points that lie in slice z, as pixel positions."""
        found = []
        image = self.axial.to_sitk()
        for x, y, height, inside in np.reshape(self.request.prompt.points, (-1, 4)).tolist():
            place = image.TransformPhysicalPointToContinuousIndex((x, y, height))
            if not all(-0.5 <= i < n - 0.5 for i, n in zip(place, self.axial.shape[::-1])):
                raise InputError(f"the point {x:g}, {y:g}, {height:g} lies outside the scan; give LPS mm inside it")
            if round(place[2]) == z:
                found.append((place[0] + 0.5, place[1] + 0.5, int(inside > 0)))
        return tuple(found)

    def predictor(self, prepared: Prepared) -> Predict:
        """The model on perturbed copies of a prepared image: (B, C, h, w) -> one map per structure (B, K, h, w)."""
        predict = self.time_limit.around(prepared.predict or self.segmenter.predict)

        def joined(batch: Tensor) -> Tensor:
            output = predict(batch)
            maps = [output[:, c[0]] if len(c) == 1 else output[:, list(c)].amax(1) for c in self.channels]
            return torch.stack(maps, 1)

        return joined

    def receptive_radius(self, prepared: Prepared) -> tuple[int, ...] | None:
        """How far the model looks, see `attribution.receptive_field`; found out once for each size of image."""
        if prepared.predict is not None:  # it keeps something of the whole image
            return None
        shape = tuple(prepared.image.shape)
        if shape not in self._radius:
            self._radius[shape] = receptive_radius(self.time_limit.around(self.segmenter.predict), prepared.image)
        return self._radius[shape]

    def predicted(self, z: int) -> dict[str, np.ndarray]:
        """The model's own masks of the structures in slice z: name to bool (H, W)."""
        found = self.predicted_volume[:, z] if self.volumetric else self._masks_of(self.prepare(z))
        return {s.name: mask for s, mask in zip(self.structures, found)}

    @cached_property
    def predicted_volume(self) -> np.ndarray:
        """The masks of a model of volumes, which can't be asked about a single slice: bool (K, Z, H, W)."""
        return self._masks_of(self.prepare_volume())

    def _masks_of(self, prepared: Prepared) -> np.ndarray:
        with torch.inference_mode():
            output = self.predictor(prepared)(prepared.image[None])[0].float()
        return prepared.grid.to_slice(output.cpu().numpy()) > 0.5

    def similarity(self, z: int) -> dict[str, np.ndarray]:
        """What the vision-language model says of each structure in slice z: name to probability (H, W)."""
        return self.similarities([z])[0]

    def similarities(self, slices: Sequence[int]) -> list[dict[str, np.ndarray]]:
        """The same for several slices, which the model sees at once."""
        return regions.similarities(self, slices)

    def regions(self, slices: Sequence[int]) -> list[Region]:
        """Where slices may be perturbed, by the request's source alone.

        Those of the last call are remembered: a slice is asked for once for a prompt, and again to be explained.
        """
        missing = [z for z in slices if z not in self._found]
        if missing:
            kept = {z: region for z, region in self._found.items() if z in slices}
            self._found = kept | dict(zip(missing, regions.found(self, missing)))
        return [self._found[z] for z in slices]

    def region(self, z: int, predictions: dict[str, np.ndarray] | None = None) -> Region:
        """Where slice z may be perturbed, with the fallback to the prediction's box where that is known.

        Parameters
        ----------
        z : int
            Axial slice.
        predictions : dict of structure to bool (H, W), optional
            The model's own masks; needed for the source "prediction".
        """
        if self.request.region.source == "prediction" and predictions is not None:
            return from_prediction(predictions, self.spacing, self.request.region.dilation_mm or BOX_MARGIN_MM)
        [found] = self.regions([z])
        return checked(found, predictions, self.spacing) if predictions else found

    def pixels_per_unit(self, prepared: Prepared, unit: str) -> tuple[float, ...]:
        """Work pixels per unit of a method's sizes, along rows and columns; for a volume, along slices first."""
        scale = tuple(float(factor) for factor in prepared.grid.scale)
        if unit == "pixel":
            return scale
        millimetres = 1.0 if unit == "mm" else max(np.multiply(self.axial.shape[1:], self.spacing)) / 512
        return tuple(float(factor * millimetres / edge) for factor, edge in zip(scale, self.voxel))

    def provenance(self) -> dict:
        """What the report says about the scan and how it was read."""
        return {
            "name": Path(self.scan.name).name,
            "shape_zyx": list(self.scan.shape),
            "spacing_mm_xyz": list(self.scan.spacing),
            "origin_lps_mm": list(self.scan.origin),
            "direction_lps": list(self.scan.direction),
            "modality": self.modality,
            "preset": self.preset.name,
            "preset_reason": self.preset_reason,
        }
