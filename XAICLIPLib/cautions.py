"""What a reader must know of an opened request: models and prompts that are used on what they were not made for."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.case import Case
from XAICLIPLib.preprocess import body_frame

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
        found += (
            f"the prompts were learned for {', '.join(case.learned.structures)}: {', '.join(others)} by plain words",
        )
    return found
