"""What a reader must know of an opened request: models and prompts that are used on what they were not made for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.anatomy import Structure
from XAICLIPLib.case import Case
from XAICLIPLib.preprocess import body_frame
from XAICLIPLib.request import REGION_SOURCES
from XAICLIPLib.roi.given import Given

SMALLEST_ABDOMEN_MM = 220.0


def cautions(case: Case) -> tuple[str, ...]:
    """All of them: the method's settings, how the regions are found, and the model."""
    own = _of_bundled(case) if case.explains_bundled else ()
    return tuple(dict.fromkeys((*case.request.method.cautions(), *region_cautions(case), *own)))


def region_cautions(case: Case) -> tuple[str, ...]:
    """Those about how the regions are found."""
    if case.request.region != "clip":
        return ()
    return _of_learned(case) + (_of_bundled(case) if case.request.vlm == "bundled" else ())


def _of_bundled(case: Case) -> tuple[str, ...]:
    """Where the bundled models are used on what they were not made for."""
    found = ()
    if case.modality != "CT":
        found += (f"the bundled models were made for CT of the abdomen; this scan is {case.modality}",)
    step = max(1, len(case.slices) // 9)
    frames = [body_frame(case.image(z), case.modality, margin=1.0, spacing=case.spacing) for z in case.slices[::step]]
    width = np.median([frame.side * case.spacing[1] for frame in frames])
    if width < SMALLEST_ABDOMEN_MM:
        found += (
            f"the body is only {width:.0f} mm wide: this may be no abdomen, and the bundled models then name organs "
            "that are not there",
        )
    return found


def _of_learned(case: Case) -> tuple[str, ...]:
    """Where learned prompts are used on what they were not learned on."""
    if case.learned is None:
        return ()
    facts, request, found = case.learned.facts, case.request, ()
    if facts.get("modality", case.modality) != case.modality:
        found += (f"the prompts were learned on {facts['modality']}; this scan is {case.modality}",)
    if facts.get("windows", request.vlm_windows) != request.vlm_windows:
        found += (f"the prompts were learned with {facts['windows']} window(s): use --vlm-windows {facts['windows']}",)
    if facts["size"] != case.vision_language.size_for(request.vlm_size):
        found += (f"the prompts were learned on images of {facts['size']} pixels: use --vlm-size {facts['size']}",)
    if others := [s.label for s in case.structures if s.name not in case.learned.structures]:
        near = dict.fromkeys(n for label in others for n in anatomy.nearest(label, case.learned.structures, 1))
        guess = f" (did you mean {' or '.join(near)}?)" if near else ""
        found += (
            f"the prompts were learned for {', '.join(case.learned.structures)}: {', '.join(others)} by plain words"
            f"{guess}",
        )
    return found


def unmet(
    case: Case, slices: Iterable[tuple[np.ndarray, np.ndarray | None, np.ndarray]]
) -> tuple[str, ...]:
    """What was given for a structure, and does not meet what the model draws of it at all: labels of another numbering,
    or a mask of something else, look like this.

    Parameters
    ----------
    case : Case
    slices : iterable
        Of each slice the prediction, the reference or None, and the region, as masks (K, H, W).
    """
    drawn, known, met, held = np.zeros((4, len(case.structures)), bool)
    for predicted, reference, region in slices:
        drawn |= predicted.any((1, 2))
        held |= (predicted & region).any((1, 2))
        if reference is not None:
            known |= reference.any((1, 2))
            met |= (predicted & reference).any((1, 2))
    found = ()
    for k, structure in enumerate(case.structures):
        if known[k] and not met[k]:
            text = "does not meet the prediction anywhere" if drawn[k] else "has no prediction in its slices"
            found += (f"the reference of the {structure.label} {text}; {_check_labels(case.truth, structure)}",)
        if case.drawn is not None and case.request.region not in REGION_SOURCES and drawn[k] and not held[k]:
            text = f"the region holds nothing of the prediction of the {structure.label}"
            found += (f"{text}; {_check_labels(case.drawn, structure)}",)
    return found


def _check_labels(given: Given, structure: Structure) -> str:
    if given.assumed:
        return (f"if {given.name} has another numbering than the one that was assumed, name it: FILE:amos, or "
                f"FILE:{structure.name}=NUMBER")  # fmt: skip
    return f"check that {given.name} is of this scan and of this structure"
