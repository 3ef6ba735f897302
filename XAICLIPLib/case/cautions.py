"""What a reader must know of an opened request: models and prompts that are used on what they were not made for.

Each caution says what it means for the result: "unsuitable" models or words were made for another body part or
modality, so that nothing may be called found and no map supported; a "doubt" keeps a map from being strong; "settings"
are only to be known. The bundled models learned from two CTs and one MR of the abdomen, all of adults (see their model
cards): elsewhere they name organs that are not there, and on MR unlike that one they find the liver alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.anatomy import Structure
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import Unsuitable, did_you_mean
from XAICLIPLib.message import Message, Term, either
from XAICLIPLib.roi.given import Given
from XAICLIPLib.volume.ranges import ranges
from XAICLIPLib.weights.heldout import RELIABLE, dice_on_mr

UNSUITABLE, DOUBT, SETTINGS = "unsuitable", "doubt", "settings"

SMALLEST_ABDOMEN_MM = 220.0  # of the longer edge of an adult's abdomen in an axial slice
SHORTEST_ABDOMEN_MM = 100.0  # a scan of the whole body may be mostly legs and head, and holds so much abdomen at least
SAMPLED = 12  # slices that are measured


@dataclass(frozen=True)
class Caution:
    """One thing to know before a result is read.

    Attributes
    ----------
    text : str
    kind : str
        "unsuitable", "doubt" or "settings".
    about : str
        "model": what is explained; "region": how the words are found; "method".
    """

    text: str
    kind: str
    about: str

    def __str__(self) -> str:
        return self.text


def cautions(case: Case) -> tuple[Caution, ...]:
    """All of them, the gravest first: the model, how the regions are found, and the method's settings.

    Parameters
    ----------
    case : Case

    Returns
    -------
    tuple of Caution
    """
    settings = (Caution(text, SETTINGS, "method") for text in case.request.method.cautions())
    return _ordered((*_of_model(case), *_of_region(case), *_of_presence(case), *settings))


def model_and_region_cautions(case: Case) -> tuple[Caution, ...]:
    """Those about the model, how the regions are found, and whether the structures are there.

    Parameters
    ----------
    case : Case

    Returns
    -------
    tuple of Caution
    """
    return _ordered((*_of_model(case), *_of_region(case), *_of_presence(case)))


def region_cautions(case: Case) -> tuple[Caution, ...]:
    """Those about how the regions are found, and whether the structures are there.

    Parameters
    ----------
    case : Case

    Returns
    -------
    tuple of Caution
    """
    return _ordered((*_of_region(case), *_of_presence(case)))


def unsuitable(found: tuple[Caution, ...]) -> tuple[str, ...]:
    """The texts of those that say "made for something else".

    Parameters
    ----------
    found : tuple of Caution

    Returns
    -------
    tuple of str
    """
    return tuple(dict.fromkeys(c.text for c in found if c.kind == UNSUITABLE))


def refuse_unsuitable(case: Case) -> None:
    """Stop before anything is computed where models or words were made for another body part or modality.

    Parameters
    ----------
    case : Case

    Raises
    ------
    Unsuitable
        Unless the request says that it wants to go on anyway.
    """
    if case.request.anyway:
        return
    grave = [c for c in (*_of_model(case), *_of_region(case), *_of_presence(case)) if c.kind == UNSUITABLE]
    if not grave:
        return
    ways: list[Message] = []
    if any(c.about == "model" for c in grave):
        ways.append(Message("a model that was made for this scan (--model)"))
    if any(c.about == "region" for c in grave):
        ways.append(Message("another region (--region prediction, full, or a mask)"))
    advice = ways[0] if len(ways) == 1 else Message("{first} and {second}", first=ways[0], second=ways[1])
    if case.scan.taken_for.guessed and _width_of_no_abdomen(case) is None:
        advice = Message("{ways}, or say what the scan is (--modality)", ways=advice)
    raise Unsuitable(Message(
        "nothing was computed: {reasons:; }; give {ways}, or go on with --anyway: the map then counts as not "
        "supported",
        reasons=unsuitable(tuple(grave)), ways=advice,
    ))  # fmt: skip


def _ordered(found: tuple[Caution, ...]) -> tuple[Caution, ...]:
    """The gravest first, and what is said of both models once."""
    ranks = (UNSUITABLE, DOUBT, SETTINGS)
    once: dict[str, Caution] = {}
    for caution in found:
        once.setdefault(caution.text, caution)
    return tuple(sorted(once.values(), key=lambda c: ranks.index(c.kind)))


def _of_model(case: Case) -> tuple[Caution, ...]:
    """Where the model under explanation is used on what it was not made for."""
    if case.explains_bundled:
        return _of_bundled(case, "model")
    trained_on = case.segmenter.trained_on
    if trained_on in ("", case.scan.modality):
        return ()
    return (
        Caution(
            Message(
                "the model was trained on {trained}; this scan is {modality}",
                trained=trained_on,
                modality=case.scan.taken_for.words,
            ),
            UNSUITABLE,
            "model",
        ),
    )


def _of_region(case: Case) -> tuple[Caution, ...]:
    if case.request.region.source != "clip":
        return ()
    return (
        _of_words(case)
        + _of_learned(case)
        + (_of_bundled(case, "region") if case.request.vlm.model == "bundled" else ())
    )


def _of_presence(case: Case) -> tuple[Caution, ...]:
    """Where structures are probably not there, as far as that was looked for; see `presence`."""
    found, whole = [], len(case.slices) == len(case.scan.axial.voxels)
    where = Message("this scan") if whole else Message("these slices")
    absent = [p for p in case.presence if p.is_absent]
    if absent and len(absent) == len(case.structures):
        text = Message(
            "no {structures} in {where}: presence {presence}, as the bundled models see it",
            structures=either([Term(p.structure.label) for p in absent]),
            where=where,
            presence=[f"{p.volume:.2f}" for p in absent],
        )
        found.append(Caution(text, UNSUITABLE, "model" if case.explains_bundled else "region"))
        absent = []
    for p in absent:
        said = {"structure": Term(p.structure.label), "where": where, "presence": p.volume}
        text = Message("probably no {structure} in {where}: presence {presence:.2f}", **said)
        found.append(Caution(text, DOUBT, "model"))
    for p in case.presence:
        if p.disagreement:
            found.append(Caution(p.disagreement, DOUBT, "model"))
        if p.absent_slices and not p.is_absent:
            text = Message(
                "probably no {structure} in slices {slices}: presence at most {presence:.2f}",
                structure=Term(p.structure.label),
                slices=ranges(p.absent_slices),
                presence=max(p.slices[z] for z in p.absent_slices),
            )
            found.append(Caution(text, SETTINGS, "model"))
    return tuple(found)


def _of_words(case: Case) -> tuple[Caution, ...]:
    """Where a single word is looked for that no table has, and that is much like one of it: a slip of the pen."""
    labels = [structure.label for structure in anatomy.STRUCTURES]
    odd = [s.label for s in case.structures if not s.code and " " not in s.label]
    return tuple(
        Caution(
            Message(
                "{word} is in no table of structures and is looked for as it stands{guess}",
                word=repr(word),
                guess=guess,
            ),
            SETTINGS,
            "region",
        )  # fmt: skip
        for word in odd
        if (guess := did_you_mean(word, labels, 0.75))
    )


def _of_bundled(case: Case, about: str) -> tuple[Caution, ...]:
    """Where the bundled models are used on what they were not made for."""
    found = []
    if case.scan.modality == "MR" and not case.scan.taken_for.guessed:  # a guess may be PET or ultrasound
        found += _of_mr(case, about)
    elif case.scan.modality != "CT":
        text = Message(
            "the bundled models were made for CT of the abdomen; this scan is {modality}",
            modality=case.scan.taken_for.words,
        )
        found.append(Caution(text, UNSUITABLE, about))
    if (width := _width_of_no_abdomen(case)) is not None:
        found.append(
            Caution(
                Message(
                    "the body in these slices is only {width:.0f} mm wide: no abdomen of an adult, which the bundled "
                    "models were made for; they name organs that are not there",
                    width=width,
                ),
                UNSUITABLE,
                about,
            )
        )
    return tuple(found)


def _of_mr(case: Case, about: str) -> list[Caution]:
    """What the bundled models may be asked on MR: what they found on an MR scan that was kept from them."""
    reached, scan = dice_on_mr()[about], case.scan.taken_for.words
    weak = [s for s in case.structures if reached.get(s.name, 0.0) < RELIABLE]
    if weak:
        text = Message(
            "the bundled models were made for CT of the abdomen; this scan is {modality}, where they are not to be "
            "asked for {structures}",
            modality=scan,
            structures=either([Term(s.label) for s in weak]),
        )
        return [Caution(text, UNSUITABLE, about)]
    text = Message(
        "the bundled models were made for CT of the abdomen; this scan is {modality}. On one MR scan that was kept "
        "from them {what} reached a Dice of {lowest:.2f}; other sequences may be worse",
        modality=scan,
        what=Message("the model") if about == "model" else Message("the words"),
        lowest=min(reached[s.name] for s in case.structures),
    )
    return [Caution(text, DOUBT, about)]


def _width_of_no_abdomen(case: Case) -> float | None:
    """The median of the body's longer edge over the request's slices, mm, where they can't show an adult's abdomen.

    None where more than half of them are wide enough, or enough of them to hold one.
    """
    chosen = case.slices[:: max(1, len(case.slices) // SAMPLED)]
    widths = np.array([case.scan.body_width(z) for z in chosen])
    widths = widths[np.isfinite(widths)]
    if not widths.size:
        return None  # there is no body at all, which is no question of its size
    wide = widths >= SMALLEST_ABDOMEN_MM
    length = wide.mean() * len(case.slices) * case.scan.axial.spacing[2]
    if wide.mean() > 0.5 or length >= SHORTEST_ABDOMEN_MM:
        return None
    return float(np.median(widths))


def _of_learned(case: Case) -> tuple[Caution, ...]:
    """Where learned prompts are used on what they were not learned on."""
    if case.similarities.learned is None:
        return ()
    facts, request, found = case.similarities.learned.facts, case.request, []
    if facts.get("modality", case.scan.modality) != case.scan.modality:
        text = Message(
            "the prompts were learned on {learned}; this scan is {modality}",
            learned=facts['modality'], modality=case.scan.taken_for.words,
        )  # fmt: skip
        found.append((text, UNSUITABLE))
    if facts.get("windows", request.vlm.windows) != request.vlm.windows:
        text = Message(
            "the prompts were learned with {windows} window(s): use --vlm-windows {windows}",
            windows=facts["windows"],
        )
        found.append((text, DOUBT))
    if facts["size"] != case.similarities.model.size_for(request.vlm.size):
        text = Message("the prompts were learned on images of {size} pixels: use --vlm-size {size}", size=facts["size"])
        found.append((text, DOUBT))
    if others := [s.label for s in case.structures if s.name not in case.similarities.learned.structures]:
        near = dict.fromkeys(
            n for label in others for n in anatomy.nearest(label, case.similarities.learned.structures, 1)
        )
        known = tuple(Term(name) for name in case.similarities.learned.structures)
        text = Message("the prompts were learned for {known}: {others} by plain words", known=known, others=others)
        if near:
            text = Message(
                "the prompts were learned for {known}: {others} by plain words (did you mean {near}?)",
                known=known, others=others, near=either(tuple(near)),
            )  # fmt: skip
        found.append((text, SETTINGS))
    return tuple(Caution(text, kind, "region") for text, kind in found)


def unmet(case: Case, slices: Iterable[tuple[np.ndarray, np.ndarray | None, np.ndarray]]) -> tuple[str, ...]:
    """What was given for a structure, and does not meet what the model draws of it at all: labels of another numbering,
    or a mask of something else, look like this.

    Parameters
    ----------
    case : Case
    slices : iterable
        Of each slice the prediction, the reference or None, and the region, as masks (K, H, W).

    Returns
    -------
    tuple of str
        Warnings.
    """
    drawn, known, met, held = np.zeros((4, len(case.structures)), bool)
    for predicted, reference, region in slices:
        drawn |= predicted.any((1, 2))
        held |= (predicted & region).any((1, 2))
        if reference is not None:
            known |= reference.any((1, 2))
            met |= (predicted & reference).any((1, 2))
    found: tuple[str, ...] = ()
    for k, structure in enumerate(case.structures):
        if case.reference is not None and known[k] and not met[k]:
            advice = _check_labels(case.reference, structure)
            if drawn[k]:
                found += (Message(
                    "the reference of the {structure} does not meet the prediction anywhere; {advice}",
                    structure=structure.label, advice=advice,
                ),)  # fmt: skip
            else:
                found += (Message(
                    "the reference of the {structure} has no prediction in its slices; {advice}",
                    structure=structure.label, advice=advice,
                ),)  # fmt: skip
        if case.drawn is not None and case.request.region.is_given and drawn[k] and not held[k]:
            found += (Message(
                "the region holds nothing of the prediction of the {structure}; {advice}",
                structure=structure.label, advice=_check_labels(case.drawn, structure),
            ),)  # fmt: skip
    return found


def _check_labels(given: Given, structure: Structure) -> Message:
    if given.assumed:
        return Message(
            "if {file} has another numbering than the one that was assumed, name it: FILE:amos, or FILE:{name}=NUMBER",
            file=given.name, name=structure.name,
        )  # fmt: skip
    return Message("check that {file} is of this scan and of this structure", file=given.name)
