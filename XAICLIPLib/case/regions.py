"""How a case finds the region of its slices: by words, or in a mask or a box that was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError
from XAICLIPLib.preprocess import PRESETS, Preset, body_frame, body_mask, enhance
from XAICLIPLib.roi import region
from XAICLIPLib.roi.masks import dilate, filled, hull

if TYPE_CHECKING:
    from XAICLIPLib.vlm.model import EncodedSlice

BATCH = 8  # slices that a vision-language model encodes at once

# What the three channels show where one window is not enough. CT of the abdomen: soft tissue; the narrow window in
# which parenchyma and vessels differ; and everything from air to bone. Where values have no unit: the whole range, and
# the darker and the brighter part of the tissue.
CT_WINDOWS = (PRESETS["ct-soft-tissue"], PRESETS["ct-liver"], Preset("ct-wide", -1000, 1000))
OTHER_WINDOWS = tuple(
    Preset(name, *ends, percentile=True)
    for name, ends in (("whole", (1, 99)), ("dark", (1, 75)), ("bright", (25, 99.9)))
)


def similarities(case, slices: Sequence[int]) -> list[dict[str, np.ndarray]]:
    """What the vision-language model says of each structure in some slices, which it encodes at once.

    Returns
    -------
    list of dict of structure to ndarray, shape (H, W), float32 in [0, 1]
        One per slice, in their order.
    """
    model, request = case.vision_language, case.request
    texts = {s.name: anatomy.texts(s, case.modality) for s in case.structures}
    backgrounds = {s.name: anatomy.background_texts(s) for s in case.structures}
    return [
        model.locate(
            encoded,
            texts,
            backgrounds,
            negatives=request.vlm.negatives,
            probability=request.vlm.probability,
            learned=case.learned,
        )
        for encoded in encode(case, slices)
    ]


def encode(case, slices: Sequence[int]) -> list[EncodedSlice]:
    """Some slices as the vision-language model gets them, encoded at once."""
    size = case.vision_language.size_for(case.request.vlm.size)
    images = [case.image(z) for z in slices]
    frames = [body_frame(image, case.modality, size, spacing=case.spacing) for image in images]
    return case.vision_language.encode([contrasted(case, image) for image in images], frames, case.request.vlm.strategy)


def contrasted(case, image: np.ndarray) -> np.ndarray:
    """A slice (H, W) in [0, 1] as the vision-language model gets it, or its three windows (3, H, W)."""
    if case.request.vlm.windows == "three":
        presets = CT_WINDOWS if case.modality == "CT" else OTHER_WINDOWS
        return np.stack([enhance(image, p, p.grey_window(case.body_values)) for p in presets])
    preset = case.vision_language.preset_for(case.modality, case.preset)
    return enhance(image, preset, preset.grey_window(case.body_values if preset is not PRESETS["paper"] else image))


def found(case, slices: Sequence[int]) -> list[region.Region]:
    """The regions of some slices by the request's source, not yet held against a prediction.

    Raises
    ------
    InputError
        If the source is the prediction, which is not known here.
    """
    asked = case.request.region
    if asked.source == "clip":
        return [from_words(case, z, maps) for z, maps in zip(slices, case.similarities(slices))]
    if asked.source == "prediction":
        raise InputError("the region 'prediction' needs a model; give region clip, a mask or a box")
    if asked.source == "full":
        return [region.Region(np.ones(case.axial.shape[1:], bool)) for _ in slices]
    if asked.source == "box":
        return [region.Region(case.box[z], source="box") for z in slices]
    regions = []
    for z in slices:
        masks = {s.name: dilate(m[z], asked.dilation_mm, case.spacing) for s, m in zip(case.structures, case.given)}
        regions.append(region.Region(np.logical_or.reduce(list(masks.values())), masks, source="segment"))
    return regions


def from_words(case, z: int, similarity: dict[str, np.ndarray]) -> region.Region:
    """The region that the request cuts from the similarities of slice z."""
    asked, frame = case.request.region, body_frame(case.image(z), case.modality, spacing=case.spacing)
    return region.from_similarity(
        similarity,
        body(case, z),
        case.spacing,
        region.Cut(
            asked.threshold,
            asked.cut,
            asked.sigma,
            {s.name: region.how_many(asked.components, s) for s in case.structures},
            asked.fill_holes,
            asked.dilation_mm,
        ),
        in_frame=frame.to_slice(np.ones((frame.size, frame.size), np.float32)) > 0,
    )


def body(case, z: int) -> np.ndarray:
    """The body in slice z (H, W) without holes: lungs and bowel gas belong to it.

    Outside CT dark organs are missing from the body's mask, and dark skin opens it: its convex hull is taken instead.
    """
    mask = body_mask(case.image(z), case.modality)
    return filled(mask) if case.modality == "CT" else hull(mask)
