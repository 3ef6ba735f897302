"""A request opened: the scan, the models, the reference, and the region of each slice."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError
from XAICLIPLib.models.base import Context, Prepared, Segmenter, choose_device, open_segmenter
from XAICLIPLib.preprocess import PRESETS, body_frame, body_mask, choose_preset, enhance, guess_modality
from XAICLIPLib.request import REGION_SOURCES, Request
from XAICLIPLib.roi import mask as roi
from XAICLIPLib.roi.clip import VisionLanguageModel, open_vision_language_model
from XAICLIPLib.volume import Volume, check_scan, read_volume

SMALLEST_ABDOMEN_MM = 220.0


@dataclass
class Models:
    """Models that stay loaded from one run to the next."""

    _segmenters: dict = field(default_factory=dict)
    _vision_language: dict = field(default_factory=dict)

    def segmenter(self, spec, device: torch.device, targets: tuple[str, ...] = ()) -> Segmenter:
        """The segmenter of that name, opened once per device."""
        if not isinstance(spec, str):
            return open_segmenter(spec, device, targets)
        # a function's channels may have no names but those that the request gives them
        key = (spec, str(device), targets if spec.startswith("function:") else ())
        if key not in self._segmenters:
            self._segmenters[key] = open_segmenter(spec, device, targets)
        return self._segmenters[key]

    def vision_language(self, spec: str, device: torch.device) -> VisionLanguageModel:
        """The vision-language model of that name, opened once per device."""
        key = (spec, str(device))
        if key not in self._vision_language:
            self._vision_language[key] = open_vision_language_model(spec, device)
        return self._vision_language[key]


def labelled(volume: Volume, structure: str, numbers: dict[str, int], modality: str) -> np.ndarray:
    """The voxels of one structure in a mask or label map.

    A map with one label is a mask of whatever was asked for. In one with several, a structure's numbers are those
    given, else TotalSegmentator's.

    Raises
    ------
    InputError
        If the map has several labels and the structure's number is unknown.
    """
    if structure in numbers:
        return volume.voxels == numbers[structure]
    present = np.unique(volume.voxels[volume.voxels != 0])
    if len(present) <= 1:
        return volume.voxels != 0
    known = anatomy.total_segmentator_ids(modality)
    found = anatomy.match(structure, tuple(known))
    if not found:
        raise InputError(
            f"{volume.name} holds {len(present)} labels and {structure!r} has no TotalSegmentator number; "
            f"say which it is: FILE:{structure}=NUMBER"
        )
    return np.isin(volume.voxels, [number for name in found for number in known[name]])


def split_numbers(text: str) -> tuple[str, dict[str, int]]:
    """``FILE:liver=5,spleen=1`` -> the path and the label numbers; a path without them is left alone.

    Raises
    ------
    InputError
        If what follows the colon is not NAME=NUMBER.
    """
    path, colon, tail = text.rpartition(":")
    if not colon or "=" not in tail:
        return text, {}
    try:
        return path, {
            name.strip(): int(number) for name, _, number in (part.partition("=") for part in tail.split(","))
        }
    except ValueError as error:
        raise InputError(f"{text}: write label numbers as FILE:liver=5,spleen=1") from error


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
        self.device = choose_device(request.device)
        self.scan = check_scan(scan or read_volume(request.scan, request.series))
        self.axial = self.scan.axial()
        self.modality, _ = guess_modality(self.axial)
        self.spacing = (self.axial.spacing[1], self.axial.spacing[0])
        self._take(request, reference, region)

    def _take(self, request: Request, reference: Volume | None = None, region: Volume | None = None) -> None:
        """Everything that depends on the request, not on the scan alone."""
        self.request = request
        self.device = choose_device(request.device)
        self.preset, self.preset_reason = choose_preset(self.axial, request.preset)
        self.structures = tuple(anatomy.find(s) or anatomy.describe(s) for s in request.structures)
        if len({s.name for s in self.structures}) < len(self.structures):
            raise InputError(f"a structure is named twice: {', '.join(request.structures)}")
        self.slices = self._chosen_slices()
        self.references = self._masks(reference, request.reference)
        given = None if request.region in REGION_SOURCES else request.region
        self._regions = self._masks(region, given if given != "box" else None)
        self._box = self._box_mask() if request.region == "box" else None

    def revise(self, request: Request) -> Case:
        """The same scan under another request; what was found out about the scan itself is not computed again."""
        other = copy(self)
        for found in ("segmenter", "channels", "vision_language"):
            other.__dict__.pop(found, None)
        other._take(request)
        return other

    @cached_property
    def segmenter(self) -> Segmenter:
        """The model under explanation."""
        names = tuple(s.name for s in self.structures)
        return self._models.segmenter(self._model or self.request.model, self.device, names)

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
                raise InputError(
                    f"the model {self.segmenter.name} does not segment {structure.label!r}; "
                    f"it segments {', '.join(targets)}"
                )
            found.append(tuple(targets.index(name) for name in names))
        return tuple(found)

    @cached_property
    def vision_language(self) -> VisionLanguageModel:
        """The model that finds words in a slice."""
        return self._models.vision_language(self.request.vlm, self.device)

    @cached_property
    def body_values(self) -> np.ndarray:
        """A sample of the scan's values inside the body, for percentiles."""
        step = max(1, len(self.axial.voxels) // 32)
        values = [s[body_mask(s.astype(np.float32), self.modality)] for s in self.axial.voxels[::step]]
        values = np.concatenate(values)
        return values if values.size else self.axial.voxels.ravel()

    @cached_property
    def context(self) -> Context:
        """What the segmenter is told about the scan."""
        window = tuple(float(v) for v in np.percentile(self.body_values, (1, 99)))
        return Context(self.modality, self.spacing, window)

    def _chosen_slices(self) -> list[int]:
        count, text = self.axial.shape[0], self.request.slices
        if text in ("auto", "all"):
            return list(range(count))
        try:
            first, colon, last = text.partition(":")
            start = int(first) if first else 0
            stop = (int(last) if last else count) if colon else start + 1
        except ValueError as error:
            raise InputError(f"slices {text!r}: write auto, all, a number, or a range such as 40:60") from error
        if not 0 <= start < stop <= count:
            raise InputError(f"slices {text} lie outside the scan, which has slices 0 to {count - 1} (range 0:{count})")
        return list(range(start, stop))

    def _masks(self, volume: Volume | None, path: str | None) -> np.ndarray | None:
        """Masks (K, Z, H, W) per structure on the axial grid, or None where neither is given."""
        if volume is None and path is None:
            return None
        numbers: dict[str, int] = {}
        if volume is None:
            file, numbers = split_numbers(path)
            volume = read_volume(file)
            numbers = {(anatomy.find(n) or anatomy.describe(n)).name: v for n, v in numbers.items()}
        volume = volume.labels_on(self.scan).axial()
        return np.stack([labelled(volume, s.name, numbers, self.modality) for s in self.structures])

    def _box_mask(self) -> np.ndarray:
        if self.request.box is None:
            raise InputError("region 'box' needs the box: x0, x1, y0, y1, z0, z1 in mm (LPS)")
        low, high = (np.array([self.request.box[i + side] for i in (0, 2, 4)]) for side in (0, 1))
        image = self.axial.to_sitk()
        # a box is upright in the patient, a scan may be oblique: the box of the corners' voxels holds it
        corners = np.array(
            [image.TransformPhysicalPointToContinuousIndex([float(v) for v in np.where(pick, high, low)])
             for pick in np.ndindex(2, 2, 2)]
        )  # fmt: skip
        size = np.array(self.axial.shape[::-1])
        start = np.clip(np.ceil(corners.min(0)), 0, size).astype(int)
        stop = np.clip(np.floor(corners.max(0)) + 1, 0, size).astype(int)
        mask = np.zeros(self.axial.shape, bool)
        mask[tuple(slice(a, b) for a, b in zip(start[::-1], stop[::-1]))] = True
        if not mask.any():
            raise InputError(f"the box {self.request.box} lies outside the scan")
        return mask

    def image(self, z: int) -> np.ndarray:
        """Slice z in its own values, (H, W) float32."""
        return self.axial.voxels[z].astype(np.float32)

    def picture(self, z: int) -> np.ndarray:
        """Slice z as shown to people: the preset's window without CLAHE's tiles, (H, W) in [0, 1]."""
        shown = replace(self.preset, clahe=False)
        return enhance(self.image(z), shown, shown.window(self.body_values))

    def prepare(self, z: int) -> Prepared:
        """Slice z as the segmenter gets it."""
        return self.segmenter.prepare(self.image(z), self.context)

    def predict(self, batch: Tensor) -> Tensor:
        """Prepared images (B, C, h, w) -> one probability map per structure (B, K, h, w)."""
        output = self.segmenter.predict(batch)
        joined = [output[:, c[0]] if len(c) == 1 else output[:, list(c)].amax(1) for c in self.channels]
        return torch.stack(joined, 1)

    def predicted(self, z: int) -> dict[str, np.ndarray]:
        """The model's own masks of the structures in slice z: name to bool (H, W)."""
        prepared = self.prepare(z)
        with torch.inference_mode():
            output = self.predict(prepared.image[None])[0].float()
        return {s.name: m > 0.5 for s, m in zip(self.structures, prepared.grid.to_slice(output.cpu().numpy()))}

    def similarity(self, z: int) -> dict[str, np.ndarray]:
        """What the vision-language model says of each structure in slice z: name to probability (H, W)."""
        model = self.vision_language
        image = self.image(z)
        preset = model.preset_for(self.modality, self.preset)
        window = preset.window(self.body_values if preset is not PRESETS["paper"] else image)
        seen = model.see(
            enhance(image, preset, window), body_frame(image, self.modality, model.size, spacing=self.spacing)
        )
        return model.locate(
            seen,
            {s.name: anatomy.prompts(s, self.modality) for s in self.structures},
            {s.name: anatomy.background_prompts(s) for s in self.structures},
        )

    def region(self, z: int, predictions: dict[str, np.ndarray] | None = None) -> roi.Region:
        """Where slice z may be perturbed, with the fallback to the prediction's box where that is known.

        Parameters
        ----------
        z : int
            Axial slice.
        predictions : dict of structure to bool (H, W), optional
            The model's own masks; needed for the source "prediction".
        """
        source = self.request.region
        shape = self.axial.shape[1:]
        if source == "full":
            return roi.Region(np.ones(shape, bool), source="full")
        if source == "prediction":
            return roi.from_prediction(predictions, self.spacing, self.request.dilation_mm or roi.BOX_MARGIN_MM)
        if source == "clip":
            found = roi.from_similarity(
                self.similarity(z),
                body_mask(self.image(z), self.modality),
                self.spacing,
                threshold=self.request.threshold,
                sigma=self.request.sigma,
                dilation_mm=self.request.dilation_mm,
            )
        elif source == "box":
            found = roi.Region(self._box[z], source="box")
        else:
            masks = {s.name: m[z] for s, m in zip(self.structures, self._regions)}
            masks = {name: roi.dilate(mask, self.request.dilation_mm, self.spacing) for name, mask in masks.items()}
            found = roi.Region(np.logical_or.reduce(list(masks.values())), masks, source="segment")
        return roi.checked(found, predictions, self.spacing) if predictions else found

    def pixels_per_unit(self, prepared: Prepared, unit: str) -> tuple[float, float]:
        """Work pixels per unit of a method's sizes, along rows and columns."""
        rows, columns = prepared.grid.scale
        if unit == "pixel":
            return rows, columns
        millimetres = 1.0 if unit == "mm" else max(np.multiply(self.axial.shape[1:], self.spacing)) / 512
        return float(rows * millimetres / self.spacing[0]), float(columns * millimetres / self.spacing[1])

    def cautions(self) -> tuple[str, ...]:
        """What to know about the request itself."""
        found = self.request.method.cautions()
        if self.request.model != "bundled" or self._model is not None:
            return found
        if self.modality != "CT":
            found += (f"the bundled models were made for CT of the abdomen; this scan is {self.modality}",)
        step = max(1, len(self.slices) // 9)
        frames = [
            body_frame(self.image(z), self.modality, margin=1.0, spacing=self.spacing) for z in self.slices[::step]
        ]
        widths = [frame.side * self.spacing[1] for frame in frames]
        if np.median(widths) < SMALLEST_ABDOMEN_MM:
            found += (
                f"the body is only {np.median(widths):.0f} mm wide: this may be no abdomen, and the bundled models then "
                "name organs that are not there",
            )
        return found

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
