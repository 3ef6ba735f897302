"""How a case finds the region of its slices: by words, or in a mask, a label map or a box that somebody gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.anatomy import Structure
from XAICLIPLib.errors import InputError
from XAICLIPLib.preprocess import PRESETS, Preset, body_frame, body_mask, enhance
from XAICLIPLib.roi import mask as roi
from XAICLIPLib.volume import Volume, read_volume

if TYPE_CHECKING:
    from XAICLIPLib.case import Case
    from XAICLIPLib.roi.clip import Seen

BATCH = 8  # slices that a vision-language model sees at once

# What the three channels show where one window is not enough. CT of the abdomen: soft tissue; the narrow window in
# which parenchyma and vessels differ; and everything from air to bone. Where values have no unit: the whole range, and
# the darker and the brighter part of the tissue.
CT_WINDOWS = (PRESETS["ct-soft-tissue"], PRESETS["ct-liver"], Preset("ct-wide", -1000, 1000))
OTHER_WINDOWS = tuple(
    Preset(name, *ends, percentile=True)
    for name, ends in (("whole", (1, 99)), ("dark", (1, 75)), ("bright", (25, 99.9)))
)


def similarities(case: Case, slices: Sequence[int]) -> list[dict[str, np.ndarray]]:
    """What the vision-language model says of each structure in some slices, which it sees at once.

    Returns
    -------
    list of dict of structure to ndarray, shape (H, W), float32 in [0, 1]
        One per slice, in their order.
    """
    model, request = case.vision_language, case.request
    prompts = {s.name: anatomy.prompts(s, case.modality) for s in case.structures}
    against = {s.name: anatomy.background_prompts(s) for s in case.structures}
    return [
        model.locate(
            one,
            prompts,
            against,
            negatives=request.negatives,
            probability=request.probability,
            learned=case.learned,
        )
        for one in see(case, slices)
    ]


def see(case: Case, slices: Sequence[int]) -> list[Seen]:
    """Some slices as the vision-language model sees them, at once."""
    size = case.vision_language.size_for(case.request.vlm_size)
    images = [case.image(z) for z in slices]
    frames = [body_frame(image, case.modality, size, spacing=case.spacing) for image in images]
    return case.vision_language.see([shown(case, image) for image in images], frames, case.request.strategy)


def shown(case: Case, image: np.ndarray) -> np.ndarray:
    """A slice (H, W) in [0, 1] as the vision-language model gets it, or its three windows (3, H, W)."""
    if case.request.vlm_windows == "three":
        presets = CT_WINDOWS if case.modality == "CT" else OTHER_WINDOWS
        return np.stack([enhance(image, p, p.window(case.body_values)) for p in presets])
    preset = case.vision_language.preset_for(case.modality, case.preset)
    return enhance(image, preset, preset.window(case.body_values if preset is not PRESETS["paper"] else image))


def found(case: Case, slices: Sequence[int]) -> list[roi.Region]:
    """The regions of some slices by the request's source, not yet held against a prediction.

    Raises
    ------
    InputError
        If the source is the prediction, which is not known here.
    """
    request = case.request
    if request.region == "clip":
        return [from_words(case, z, maps) for z, maps in zip(slices, case.similarities(slices))]
    if request.region == "prediction":
        raise InputError("the region 'prediction' needs a model; give region clip, a mask or a box")
    if request.region == "full":
        return [roi.Region(np.ones(case.axial.shape[1:], bool)) for _ in slices]
    if request.region == "box":
        return [roi.Region(case.box[z], source="box") for z in slices]
    regions = []
    for z in slices:
        masks = {
            s.name: roi.dilate(m[z], request.dilation_mm, case.spacing) for s, m in zip(case.structures, case.given)
        }
        regions.append(roi.Region(np.logical_or.reduce(list(masks.values())), masks, source="segment"))
    return regions


def from_words(case: Case, z: int, similarity: dict[str, np.ndarray]) -> roi.Region:
    """The region that the request cuts from the similarities of slice z."""
    request, frame = case.request, body_frame(case.image(z), case.modality, spacing=case.spacing)
    return roi.from_similarity(
        similarity,
        body(case, z),
        case.spacing,
        threshold=request.threshold,
        cut=request.cut,
        sigma=request.sigma,
        components={s.name: roi.how_many(request.components, s) for s in case.structures},
        fill_holes=request.fill_holes,
        dilation_mm=request.dilation_mm,
        seen=frame.to_slice(np.ones((frame.size, frame.size), np.float32)) > 0,
    )


def body(case: Case, z: int) -> np.ndarray:
    """The body in slice z (H, W) without holes: lungs and bowel gas belong to it.

    Outside CT dark organs are missing from the body's mask, and dark skin opens it: its convex hull is taken instead.
    """
    mask = body_mask(case.image(z), case.modality)
    return roi.filled(mask) if case.modality == "CT" else roi.hull(mask)


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
    names = anatomy.match(structure, tuple(known))
    if not names:
        raise InputError(
            f"{volume.name} holds {len(present)} labels and {structure!r} has no TotalSegmentator number; "
            f"say which it is: FILE:{structure}=NUMBER"
        )
    return np.isin(volume.voxels, [number for name in names for number in known[name]])


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


def masks_of(
    volume: Volume | None, path: str | None, scan: Volume, structures: Sequence[Structure], modality: str
) -> np.ndarray | None:
    """Masks (K, Z, H, W) per structure on the scan's axial grid, from a volume or a file; None where neither is given.

    Raises
    ------
    InputError
        If the file can't be read, lies elsewhere in space, or holds no such structure.
    """
    if volume is None and path is None:
        return None
    numbers: dict[str, int] = {}
    if volume is None:
        file, numbers = split_numbers(path)
        volume = read_volume(file)
        numbers = {(anatomy.find(n) or anatomy.describe(n)).name: v for n, v in numbers.items()}
    volume = volume.labels_on(scan).axial()
    return np.stack([labelled(volume, s.name, numbers, modality) for s in structures])


def mask_of_box(box: Sequence[float], axial: Volume) -> np.ndarray:
    """The voxels (Z, H, W) whose centres lie in a box in LPS mm (x0, x1, y0, y1, z0, z1).

    Raises
    ------
    InputError
        If there are none.
    """
    low, high = (np.array([box[i + side] for i in (0, 2, 4)]) for side in (0, 1))
    image = axial.to_sitk()
    # a box is upright in the patient, a scan may be oblique: the box of the corners' voxels holds it
    corners = np.array(
        [image.TransformPhysicalPointToContinuousIndex([float(v) for v in np.where(pick, high, low)])
         for pick in np.ndindex(2, 2, 2)]
    )  # fmt: skip
    size = np.array(axial.shape[::-1])
    start = np.clip(np.ceil(corners.min(0)), 0, size).astype(int)
    stop = np.clip(np.floor(corners.max(0)) + 1, 0, size).astype(int)
    mask = np.zeros(axial.shape, bool)
    mask[tuple(slice(a, b) for a, b in zip(start[::-1], stop[::-1]))] = True
    if not mask.any():
        raise InputError(f"the box {box} lies outside the scan")
    return mask
