"""What a run keeps of where the output changed: recorded while it explains, and packed with the way to the scan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.attribute import explain
from XAICLIPLib.attribution.design import Design
from XAICLIPLib.attribution.perturbations import Perturbations, PixelSets
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.settings import PREDICTED
from XAICLIPLib.influence.files import packed_record
from XAICLIPLib.influence.grid import ImageGrid
from XAICLIPLib.influence.players import players_of
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.record import Record
from XAICLIPLib.influence.recorder import Recorder
from XAICLIPLib.influence.shape import shape_correlation, shape_null
from XAICLIPLib.pipeline.kept import Kept
from XAICLIPLib.pipeline.opened import Opened

SPREAD = 8  # places on which a share is measured again


def start_recording(opened: Opened) -> Recorder | None:
    """Make the scorer of an opened image tell a recorder what it sees.

    Parameters
    ----------
    opened : Opened

    Returns
    -------
    Recorder, or None
        None where the request does not want it.
    """
    if not opened.case.request.influence.record:
        return None
    recorder = opened.scorer.listener = _recorder(opened)
    return recorder


def _recorder(opened: Opened) -> Recorder:
    scorer, settings = opened.scorer, opened.case.request.influence
    per_mm = opened.case.pixels_per_unit(opened.prepared, "mm")
    image, output = scorer.image.shape[1:], scorer.prediction.shape[1:]
    cell = [settings.cell_mm * f * o / i for f, o, i in zip(per_mm, output, image)]
    return Recorder(scorer.prediction, scorer.reference, cell, [s.name for s in opened.case.structures])


def kept_of(opened: Opened, recorder: Recorder | None, attribution: Attribution, evaluated: np.ndarray) -> Kept:
    """What is kept of an image that was explained.

    Parameters
    ----------
    opened : Opened
    recorder : Recorder, optional
        That listened to the run.
    attribution : Attribution
        Its map on the model's own grid.
    evaluated : ndarray, shape (H, W) or (Z, H, W), bool
        Where the map has values on the scan.

    Returns
    -------
    Kept
    """
    record = None if recorder is None else recorder.record
    grid = _grid(opened, evaluated)
    known = None if record is None else Influence(record, grid)
    unseen, remote = np.full((2, len(attribution.drop)), np.nan)
    if known is not None:
        unseen, remote = np.array([_shares(known, k) for k in range(len(unseen))]).T
    players = _players(opened) if recorder is not None else None
    return Kept(
        changes=None if record is None else _bytes(record, grid),
        players=None if players is None else _bytes(players, replace(grid, evaluated=np.ones_like(evaluated))),
        shape=_shape(opened, attribution),
        unseen=unseen,
        remote=remote,
        remote_map=None if known is None else _remote_map(opened, known),
    )


def _remote_map(opened: Opened, known: Influence) -> np.ndarray | None:
    """What the saliency may show instead of the drop."""
    if opened.case.request.influence.part == "total":
        return None
    shape = (len(known.targets), *known.grid.shape)
    maps = np.zeros(shape, np.float32)
    for k in range(len(maps)):
        if known.target(k).reference.any():
            maps[k] = known.why("reference", k)
    return maps


def _grid(opened: Opened, evaluated: np.ndarray) -> ImageGrid:
    work = tuple(opened.scorer.image.shape[1:])
    return ImageGrid.of(opened.prepared.grid.to_slice, work, evaluated, opened.case.voxel)


def _bytes(record: Record, grid: ImageGrid) -> np.ndarray:
    return np.frombuffer(packed_record(record, grid), np.uint8)


def _shares(known: Influence, k: int) -> tuple[float, float]:
    """Which share is still drawn where hidden, and the most that the rest loses, of target k."""
    if not known.target(k).prediction.any():
        return np.nan, np.nan
    return known.unseen_share(k), float(known.losses_of_rest(k).max(initial=0.0))


def _shape(opened: Opened, attribution: Attribution) -> np.ndarray:
    """Rank correlation with the map that needs no model, per structure."""
    region = torch.as_tensor(attribution.evaluated, device=opened.prepared.image.device)
    correlations = np.full(len(attribution.drop), np.nan)
    if attribution.present.any() and attribution.evaluated.any():
        null = shape_null(opened.scorer, region, opened.method, opened.case.request.seed)
        for k in np.flatnonzero(attribution.present):
            correlations[k] = shape_correlation(attribution.drop[k], null.drop[k], attribution.evaluated)
    return correlations


def _players(opened: Opened) -> Record | None:
    """The record of segments that are hidden one at a time; None where there are none in this image."""
    wanted = opened.case.request.influence.players
    if wanted is None:
        return None
    masks = _predicted(opened) if wanted == PREDICTED else _given(opened)
    masks = {name: mask for name, mask in masks.items() if mask.any()}
    if not masks:
        return None
    recorder = _recorder(opened)
    opened.scorer.listener = recorder
    image = opened.prepared.image
    everywhere = torch.ones(image.shape[1:], dtype=torch.bool, device=image.device)
    fill = opened.method.fill
    segments = players_of(masks, fill if isinstance(fill, tuple) or np.ndim(fill) == 0 else "mean")
    explain(opened.scorer, everywhere, segments, opened.case.request.seed)
    return recorder.record


def _predicted(opened: Opened) -> dict[str, np.ndarray]:
    """All that the model draws in the image, by its own names, on the model's image."""
    image = opened.prepared.image
    predict = opened.prepared.predict or opened.case.segmenter.predict
    with torch.inference_mode():
        output = opened.case.time_limit(predict, image[None])[0].float()
    if output.shape[1:] != image.shape[1:]:
        mode = "bilinear" if image.dim() == 3 else "trilinear"
        output = torch.nn.functional.interpolate(output[None], image.shape[1:], mode=mode)[0]
    masks = (output > 0.5).cpu().numpy()
    return dict(zip(opened.case.segmenter.targets, masks))


def _given(opened: Opened) -> dict[str, np.ndarray]:
    """The segments of the request's file in the image, on the model's image."""
    z = slice(None) if opened.z is None else opened.z
    return {name: opened.on_work_grid(mask[z]) for name, mask in (opened.case.players or {}).items()}


def asked_again(scorer: Scorer, known: Influence, k: int, filled: Tensor) -> tuple[float, float]:
    """The numbers behind the answers about one structure, measured again on a few places with another fill.

    Parameters
    ----------
    scorer : Scorer
        Of the same image.
    known : Influence
        What the run recorded of it.
    k : int
        Which structure.
    filled : Tensor, shape (C, *S)
        The image with all of it replaced by the other fill.

    Returns
    -------
    unseen : float
        Which share is still drawn where a few places, spread over the structure, are hidden; nan where none lies in it.
    remote : float
        Loss of mean probability in the rest of it when the place that matters most in the record is hidden.
    """
    places = _places(known, k)
    if not places:
        return np.nan, np.nan
    sources = known.record.sources
    masks = [sources.mask(place) for place in places]
    outputs: list[np.ndarray] = []
    scorer.listener = _Outputs(outputs, k)
    scorer.evaluate(PixelSets(scorer.image, filled, [np.flatnonzero(mask) for mask in masks]))
    scorer.listener = None
    before, drawn = scorer.prediction[k].cpu().numpy(), known.target(k).prediction
    hidden = [_resized(mask, drawn.shape) & drawn for mask in masks]
    losses = before - np.concatenate(outputs)
    rest = drawn & ~hidden[0]
    remote = float(losses[0][rest].mean()) if rest.any() else np.nan
    left = sum(float((before[h] - loss[h]).sum()) for h, loss in zip(hidden[1:], losses[1:]))
    there = sum(float(before[h].sum()) for h in hidden[1:])
    return (float(np.clip(left / there, 0, 1)) if there else np.nan), remote


class _Outputs:
    """A listener that keeps one target's outputs."""

    def __init__(self, kept: list[np.ndarray], k: int) -> None:
        self._kept, self._k = kept, k

    def begin(self, perturbations: Perturbations) -> None:
        """See `Listener`."""

    def __call__(self, start: int, stop: int, output: Tensor) -> None:
        """See `Listener`."""
        self._kept.append(output[:, self._k].cpu().numpy().copy())

    def end(self, design: Design) -> None:
        """See `Listener`."""


def _places(known: Influence, k: int) -> list[int]:
    """The place that matters most for the rest of structure k, then some that hold parts of it."""
    if not len(known.record.sources) or not known.target(k).prediction.any():
        return []
    chosen = [int(known.losses_of_rest(k).argmax())]
    inside = known.hidden_of(k)
    holding = np.flatnonzero(inside >= 0.5 * inside.max()) if inside.any() else np.zeros(0, int)
    chosen += holding[np.linspace(0, len(holding) - 1, min(SPREAD, len(holding))).round().astype(int)].tolist()
    return chosen


def _resized(mask: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if mask.shape == shape:
        return mask
    values = torch.from_numpy(mask.astype(np.float32))[None, None]
    return torch.nn.functional.interpolate(values, shape, mode="area")[0, 0].numpy() >= 0.5
