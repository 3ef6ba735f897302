"""Masks that somebody gave: which labels of a map are a structure, and where they lie in the scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.anatomy import Structure
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.roi.labelchoice import LabelSelector, LabelSpec, listed_numbers, parse_label_spec
from XAICLIPLib.roi.labelfile import Labels, of_volume, read_labels
from XAICLIPLib.roi.labelnames import Segment
from XAICLIPLib.volume import Volume

_OUTSIDE = 0.01  # share of what is labelled that may lie outside the scan before it is said
_COVERED = 0.95  # share of the scan that a label map should cover
_SAMPLE = 200_000  # labelled voxels that are looked at for that


@dataclass(frozen=True, eq=False)
class Given:
    """Masks that were given for a scan.

    Attributes
    ----------
    masks : ndarray, shape (K, Z, H, W), bool
        Per structure, on the scan's axial grid.
    notes : tuple of str
        What was assumed, and what lies outside the scan.
    assumed : bool
        Whether a numbering was assumed that nobody named.
    name : str
        The file's or volume's.
    anything : callable
        Gives where anything at all is labelled, (Z, H, W).
    """

    masks: np.ndarray
    notes: tuple[str, ...]
    assumed: bool
    name: str
    anything: Callable[[], np.ndarray]


def masks_of(
    volume: Volume | None, path: str | None, scan: Volume, structures: Sequence[Structure], modality: str
) -> np.ndarray | None:
    """Only the masks of `given_masks`.

    Parameters
    ----------
    volume, path, scan, structures, modality
        As there.

    Returns
    -------
    ndarray of bool, shape (K, Z, H, W), or None
        None where nothing is given.
    """
    given = given_masks(volume, path, scan, structures, modality)
    return None if given is None else given.masks


def given_masks(
    volume: Volume | None,
    path: str | None,
    scan: Volume,
    structures: Sequence[Structure],
    modality: str,
    *,
    together: bool = False,
    scan_path: str | None = None,
    series: str | None = None,
) -> Given | None:
    """Masks per structure on the scan's axial grid, from a volume or a file; None where neither is given.

    Parameters
    ----------
    volume : Volume, optional
        A mask or label map in memory.
    path : str, optional
        A file as `parse_label_spec` takes it apart.
    scan : Volume
        Whose grid they are wanted on.
    structures : sequence of Structure
        K of them.
    modality : str
        The scan's; TotalSegmentator numbers CT and MR differently.
    together : bool
        Whether one mask may stand for all structures, as a region may, and a reference may not.
    scan_path, series : str, optional
        Where a DICOM scan lies, to tell whether a DICOM segmentation was drawn on it.

    Returns
    -------
    Given or None
        None where neither a volume nor a path is given.

    Raises
    ------
    InputError
        If the file can't be read, is no label map, lies elsewhere in space, or does not tell the structures apart.
    MissingPackage
        For a DICOM segmentation, without highdicom.
    """
    if volume is not None:
        spec, labels = LabelSpec(""), of_volume(volume)
    elif path is not None:
        spec = parse_label_spec(path)
        labels = read_labels(spec.path)
    else:
        return None
    notes = list(labels.notes)
    if labels.seg is not None and scan_path:
        notes += labels.seg.check_place(Path(scan_path), series)
    _refuse_scan(labels, scan)
    chosen = LabelSelector(labels, spec, modality, together).select(structures)
    placed = lru_cache(maxsize=1 if labels.seg else None)(
        lambda layer: labels.layer(layer).labels_on(scan).axial().voxels
    )
    masks = np.zeros((len(structures), *scan.axial().shape), bool)
    for mask, places in zip(masks, chosen.places):
        for layer in {layer for layer, _ in places}:
            values = [value for other, value in places if other == layer]
            whole = None in values  # everything that the layer marks
            mask |= placed(layer) != 0 if whole else np.isin(placed(layer), np.array(values))
    notes += chosen.notes
    notes += _unlabelled(labels, structures, masks, chosen)
    notes += _place(labels, chosen, scan)
    if labels.seg is not None:
        notes += labels.seg.notes

    def anything() -> np.ndarray:
        return np.logical_or.reduce([_on(labels.layer(layer), scan) for layer in range(labels.layers)])

    return Given(masks, tuple(dict.fromkeys(notes)), chosen.assumed, labels.name, anything)


def segments_on(path: str, scan: Volume) -> dict[str, np.ndarray]:
    """All segments of a label map on a scan.

    Parameters
    ----------
    path : str
        A mask, a label map, a 3D Slicer or a DICOM segmentation.
    scan : Volume

    Returns
    -------
    dict of str to ndarray, shape (Z, H, W), bool
        By the file's names for them, or "label 5" where it has none; on the scan's axial grid. Empty ones are left out.

    Raises
    ------
    InputError
        If it can't be read, or holds nothing in the scan.
    """
    labels = read_labels(path)
    segments = labels.segments or tuple(Segment(f"label {value}", value) for value in labels.present())
    layers = {layer: labels.layer(layer).labels_on(scan).axial().voxels for layer in {s.layer for s in segments}}
    masks = {s.name: layers[s.layer] == s.value for s in segments}
    masks = {name: mask for name, mask in masks.items() if mask.any()}
    if not masks:
        raise InputError(Message("{file} holds no segment in the scan; give one that lies on it", file=labels.name))
    return masks


def _on(layer: Volume, scan: Volume) -> np.ndarray:
    try:
        return layer.labels_on(scan).axial().voxels != 0
    except InputError:  # this layer lies elsewhere, which is said where it is wanted
        return np.zeros(scan.axial().shape, bool)


def _refuse_scan(labels: Labels, scan: Volume) -> None:
    """Refuse a label map that is the scan itself, or the scan with a constant added."""
    if labels.layers != 1 or labels.seg is not None:
        return
    layer = labels.layer(0)
    if layer.same_grid(scan) and layer.voxels.any():
        moved = layer.voxels.astype(np.float64) - layer.voxels.flat[0]
        if np.array_equal(moved, scan.voxels.astype(np.float64) - scan.voxels.flat[0]):
            raise InputError(
                Message(
                    "{file} is the scan itself, not a label map; give the file with the labels",
                    file=labels.name,
                )
            )


def _unlabelled(labels: Labels, structures: Sequence[Structure], masks: np.ndarray, chosen: LabelSelector) -> list[str]:
    """Say which structures hold nothing; refuse where none of them does although there are other labels."""
    empty = [s for s, mask in zip(structures, masks) if not mask.any()]
    if not empty or any(None in (v for _, v in places) for places in chosen.places):
        return []
    if labels.seg is not None or labels.layers > 1:
        return [Message(
            "{file} holds nothing of the {structures} in the scan",
            file=labels.name, structures=tuple(s.label for s in empty),
        )]  # fmt: skip
    present = labels.present()
    wanted = {s.name: [v for _, v in places if v is not None] for s, places in zip(structures, chosen.places)}
    said = ", ".join(f"{s.label} would be {listed_numbers(wanted[s.name]) or 'none of them'}" for s in empty)
    if present and len(empty) == len(structures) and not any(set(v) & set(present) for v in wanted.values()):
        by = f" by {chosen.by}" if chosen.by else ""
        raise InputError(
            f"{labels.name} holds nothing of what is asked for: it has the labels {listed_numbers(present)}, and{by} "
            f"{said}; say which it is: FILE:{empty[0].name}=NUMBER"
        )
    return [Message(
        "{file} holds nothing of the {structures} in the scan",
        file=labels.name, structures=s.label,
    ) for s in empty] if present else []  # fmt: skip


def _place(labels: Labels, chosen: LabelSelector, scan: Volume) -> list[str]:
    """Say where what is labelled lies outside the scan, or the map covers only a part of it."""
    notes: list[str] = []
    layers = sorted({layer for places in chosen.places for layer, _ in places})
    for layer in layers[:1] if labels.cropped else layers:
        volume = labels.layer(layer)
        if volume.same_grid(scan) or not volume.voxels.any():
            continue
        where = np.flatnonzero(volume.voxels)
        where = where[:: max(1, len(where) // _SAMPLE)]
        outside = float((~_inside(np.stack(np.unravel_index(where, volume.shape), 1), volume, scan)).mean())
        if outside > _OUTSIDE:
            notes.append(Message(
                "{share:.0%} of what is labelled in {file} lies outside the scan",
                share=outside, file=labels.name,
            ))  # fmt: skip
        steps = [np.unique(np.linspace(0, n - 1, 24).round().astype(int)) for n in scan.shape]
        covered = float(
            _inside(np.stack([g.ravel() for g in np.meshgrid(*steps, indexing="ij")], 1), scan, volume).mean()
        )
        if covered < _COVERED and not labels.cropped:
            notes.append(Message(
                "{file} covers {share:.0%} of the scan; the rest counts as not labelled",
                file=labels.name, share=covered,
            ))  # fmt: skip
    return notes


def _inside(places: np.ndarray, of: Volume, other: Volume) -> np.ndarray:
    """Whether voxels (N, 3; z, y, x) of one volume lie in another."""
    points = places[:, ::-1] * np.array(of.spacing) @ np.array(of.direction).reshape(3, 3).T + np.array(of.origin)
    inverse = np.linalg.inv(np.array(other.direction).reshape(3, 3))
    index = (points - np.array(other.origin)) @ inverse.T / np.array(other.spacing)
    return ((index > -0.5 - 1e-3) & (index < np.array(other.shape[::-1]) - 0.5 + 1e-3)).all(1)


def labelled(volume: Volume, structure: str, numbers: dict[str, int], modality: str) -> np.ndarray:
    """The voxels of one structure in a mask or label map on its own grid, found as `given_masks` does.

    Parameters
    ----------
    volume : Volume
        A mask or label map.
    structure : str
        In any spelling that `anatomy` knows.
    numbers : dict of str to int
        Label numbers that the user gave for structures; may be empty.
    modality : str
        The scan's; TotalSegmentator numbers CT and MR differently.

    Returns
    -------
    ndarray of bool, shape (Z, Y, X)

    Raises
    ------
    InputError
        If the map does not tell which they are.
    """
    labels = of_volume(volume)
    wanted = anatomy.find(structure) or anatomy.describe(structure)
    [places] = LabelSelector(labels, LabelSpec("", dict(numbers)), modality, False).select([wanted]).places
    voxels = labels.layer(0).voxels
    return voxels != 0 if (0, None) in places else np.isin(voxels, np.array([value for _, value in places]))


def mask_of_box(box: Sequence[float], axial: Volume) -> np.ndarray:
    """The voxels whose centres lie in a box.

    Parameters
    ----------
    box : sequence of 6 floats
        x0, x1, y0, y1, z0, z1 in LPS mm.
    axial : Volume
        The scan in axial order; it may be oblique, the box is upright in the patient.

    Returns
    -------
    ndarray of bool, shape (Z, H, W)

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
