"""Whether the structures that a request names are in the scan at all, as far as the bundled models can tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch

from XAICLIPLib.anatomy import Structure
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.regions import BATCH
from XAICLIPLib.roi.presence import (
    KNOWN,
    Presence,
    agreement,
    evidence_of_map,
    presence_in_volume,
    probability_of,
    shipped,
)

APART_MM = 8.0  # slices that are looked at lie no further apart than this, if the scan has them


def find_presence(
    case: Case, progress: Callable[[int, int], None] = lambda done, total: None, ask_model: bool = True
) -> tuple[Presence, ...]:
    """Ask the bundled models whether the request's structures are in its slices.

    Parameters
    ----------
    case : Case
    progress : callable, optional
        Called with slices done and all of them; `Cancelled` in it stops.
    ask_model : bool
        Whether the model under explanation is asked too.

    Returns
    -------
    tuple of Presence
        One for each structure that they were taught; empty where neither the words nor the drawing are theirs.
    """
    by_words = case.request.region.source == "clip" and case.request.vlm.model == "bundled" and not _is_learned(case)
    by_model = ask_model and case.explains_bundled
    known = [s for s in case.structures if s.name in KNOWN]
    if not known or not (by_words or by_model):
        return ()
    apart = case.scan.axial.spacing[2]
    looked_at = sorted(case.slices)[:: max(1, int(APART_MM // apart))]
    sources = ("words",) * by_words + ("model",) * by_model + ("both",) * (by_words and by_model)
    evidence = {}
    for start in range(0, len(looked_at), BATCH):
        batch = looked_at[start : start + BATCH]
        progress(start, len(looked_at))
        said = list(zip(case.similarities.of(batch), case.similarities.scores(batch))) if by_words else []
        for number, z in enumerate(batch):
            progress(start + number, len(looked_at))
            evidence[z] = _evidence(case, z, known, said[number] if by_words else None, by_model)
    distance = float(np.median(np.diff(looked_at))) * apart if len(looked_at) > 1 else apart
    results = []
    for s in known:
        by_source = {
            source: {
                z: probability_of(found[s.name][source], getattr(shipped(), source)) for z, found in evidence.items()
            }
            for source in sources
        }
        whole = {source: presence_in_volume(slices, distance) for source, slices in by_source.items()}
        best = sources[-1]
        results.append(Presence(s, whole[best], by_source[best], whole.get("words"), whole.get("model")))
    return tuple(results)


def _is_learned(case: Case) -> bool:
    """Whether learned prompts stand in for the words: they have another scale."""
    return case.similarities.learned is not None


def _evidence(
    case: Case, z: int, structures: list[Structure], said: tuple[Mapping, Mapping] | None, by_model: bool
) -> dict[str, dict[str, list[float]]]:
    """What a slice gives away about each structure: by the words (their maps, and the scores of the slice), by the
    model's drawing, and by both."""
    area, drawn = float(np.prod(case.scan.spacing)), {}
    if by_model:
        prepared = case.prepare(z)
        with torch.inference_mode():
            output = case.predictor(prepared)(prepared.image[None])[0].float().cpu().numpy()
        drawn = dict(zip((s.name for s in case.structures), prepared.grid.to_slice(output)))
    found: dict[str, dict[str, list[float]]] = {}
    for name in (s.name for s in structures):
        own = found.setdefault(name, {})
        if said is not None:
            own["words"] = [said[1][name], *evidence_of_map(said[0][name], area)]
        if by_model:
            own["model"] = [*evidence_of_map(drawn[name], area)]
        if said is not None and by_model:
            own["both"] = [*own["words"], *own["model"], agreement(said[0][name], drawn[name])]
    return found
