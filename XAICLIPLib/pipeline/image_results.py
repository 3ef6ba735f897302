"""What a run says of several registered images, added to its explanation: maps of each alone, and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from XAICLIPLib.attribution.fill import called
from XAICLIPLib.case.case import Case
from XAICLIPLib.message import Message, either
from XAICLIPLib.metrics.shapley import MOST_PLAYERS
from XAICLIPLib.pipeline.opened import SliceResult
from XAICLIPLib.results.answers import Answer
from XAICLIPLib.results.evidence import Evidence
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.image_answer import image_answer
from XAICLIPLib.volume import SliceStack, Volume


def with_images(
    case: Case, results: Sequence[SliceResult], explanation: Explanation, evidence: Evidence
) -> Explanation:
    """An explanation with what each of several images does.

    Parameters
    ----------
    case : Case
    results : sequence of SliceResult
    explanation : Explanation
        Of the same run.
    evidence : Evidence

    Returns
    -------
    Explanation
        The same where there is one image.
    """
    if not case.images.scans:
        return explanation
    report = dict(explanation.report)
    answers = [answer.to_json() for answer in _answers(case, explanation, evidence)]
    if answers and case.request.influence.record:  # without it a run says nothing in words
        report["answers"] = [*report.get("answers", ()), *answers]
    if len(case.scans) > MOST_PLAYERS:
        warning = Message("what each image is worth is computed exactly for {most} at most; here are {count}",
                          most=MOST_PLAYERS, count=len(case.scans))  # fmt: skip
        report["warnings"] = [*report["warnings"], warning]
    return replace(explanation, report=report, image_drops=_drops(case, results))


def _answers(case: Case, explanation: Explanation, evidence: Evidence) -> list[Answer]:
    """On which image each structure hangs."""
    said = []
    for row in explanation.summary:
        if not row.images or not row.image_shapley:
            continue
        tests = [t for t in evidence.of(row.structure) if t.numbers.second_image_shapley]
        others = either([called(name) for name in dict.fromkeys(list(t.curves)[1] for t in tests)])
        label = next(s.label for s in case.structures if s.name == row.structure)
        told = image_answer(
            label, row.images, row.image_shapley, row.second_image_shapley, (called(case.request.method.fill), others),
            [t.slice for t in tests if isinstance(t.slice, int)],
        )  # fmt: skip
        said.append(Answer(row.structure, *told))
    return said


def _drops(case: Case, results: Sequence[SliceResult]) -> dict[str, dict[str, Volume]]:
    """The signed maps of each structure with places hidden in each image alone; made slice by slice when wanted."""
    if not all(r.images is not None and r.images.drops is not None for r in results):
        return {}
    axial, volume = case.scan.axial, case.scan.volume

    def stacked(k: int, i: int, name: str) -> Volume:
        slices = {r.z: lambda r=r: r.images.drops[i, k] for r in results}
        return volume.restore(axial.like(SliceStack(axial.shape, np.dtype(np.float32), slices), name))

    return {
        s.name: {image: stacked(k, i, f"drop {s.name} {image}") for i, image in enumerate(case.image_names)}
        for k, s in enumerate(case.structures)
    }
