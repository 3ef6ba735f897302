"""A run in words that a clinician reads: the answer first, then what was tested, then what to mind."""

from math import isfinite, nan

from slicer.i18n import tr as _

from XAICLIPLib.message import Message
from XAICLIPSlicer.scene.names import spelled
from XAICLIPSlicer.worker.errors import beginning, inPanelWords, sentenceOf

SHAPE = 0.9  # rank correlation from which a map is the organ's shape, as `XAICLIPLib.metrics.findings` has it
SOURCE, MAP = "source", "shape"  # questions of an answer, see `XAICLIPLib.results.answers`
UNTOLD = "cannot be told"  # in an answer of earlier versions whose measurements disagree
MOST = 4  # sentences at the head of a result


def headline(run) -> str:
    """The run in one sentence for each structure.

    Parameters
    ----------
    run : RunNodes
        With its `answers` and `metrics`.

    Returns
    -------
    str
        A line for each structure.
    """
    said = {a["structure"]: a["text"] for a in reversed(run.answers) if a["question"] == SOURCE}
    lines = [_sentence(said.get(row["structure"]) or _drop(row)) for row in run.metrics]
    if len(lines) > MOST:
        lines[MOST:] = [_("{count} more structures: see Report.").format(count=len(lines) - MOST)]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    """A text of the library as a sentence.

    Where something cannot be told, the numbers that disagree are left to the fold with the numbers.
    """
    if isinstance(text, Message):
        text = text.values.get("claim", text)
    elif UNTOLD in text:
        text = text.partition(":")[0]
    return sentenceOf(text)


def _drop(row: dict) -> str:
    """What is known of a structure without a record of where its drawing changed."""
    before = row.get("largest_drop_score")
    before = row["score"] if before is None else before
    where, drop = row.get("largest_drop_slice"), row["largest_drop"]
    if not drop > 0:
        text = _("{structure}: hiding single places does not change what the model draws")
    elif where is None:
        text = _("{structure}: hiding the place that matters most takes what the model draws from {before} to {after}")
    else:
        text = _(
            "{structure}: hiding the place that matters most, in slice {slice}, takes what the model draws from "
            "{before} to {after}"
        )
    return text.format(
        structure=spelled(row["structure"]), slice=where, before=f"{before:.0%}", after=f"{before - drop:.0%}"
    )


def furtherAnswers(run) -> str:
    """What else the run says, a sentence for each answer.

    Parameters
    ----------
    run : RunNodes
        With its `answers` and `metrics`.

    Returns
    -------
    str
        Lines; empty where the run kept no record.
    """
    others = [a for a in run.answers if a["question"] != SOURCE]
    said = [_shape(a["structure"], a) if a["question"] == MAP else _sentence(a["text"]) for a in others]
    asked = {a["structure"] for a in run.answers if a["question"] == MAP}
    for row in run.metrics:
        if row.get("dice") is not None:
            text = _("{structure}: overlap with the reference {dice} (Dice; 1 is all of it).")
            said.append(text.format(structure=spelled(row["structure"]), dice=f"{row['dice']:.2f}"))
        value = row.get("shape_correlation")
        if row["structure"] not in asked and value is not None and isfinite(value):
            said.append(_shape(row["structure"], {"value": value, "is_held": value >= SHAPE}))
    return "\n".join(f"• {sentence}" for sentence in said)


def _shape(structure: str, answer: dict) -> str:
    """Whether the map says more than where the organ is, without the number that this rests on."""
    if not answer["is_held"]:
        text = _("{structure}: whether the map says more than where it is cannot be told.")
    elif (answer["value"] if answer["value"] is not None else nan) >= SHAPE:
        text = _("{structure}: the map shows where it is, not why the model draws it.")
    else:
        text = _("{structure}: the map says more than where it is.")
    return text.format(structure=spelled(structure))


def tested(run) -> str:
    """How far each answer can be trusted, and in which slices it was tested.

    Parameters
    ----------
    run : RunNodes
        With its `metrics`.

    Returns
    -------
    str
        A line for each structure.
    """
    verdicts = {
        "strong": _("{structure}: well supported; nothing in the tests spoke against it."),
        "weak": _("{structure}: weakly supported."),
        "the organ's shape": _("{structure}: the map is the organ's shape; it does not say why."),
        "not supported": _("{structure}: not supported; conclude nothing from this map."),
    }
    lines = []
    for row in run.metrics:
        if row.get("trust"):
            text = verdicts.get(row["trust"], _("{structure}: not tested."))
            slices = _slicesText(row.get("evidence_slices") or [])
            said = [text.format(structure=spelled(row["structure"])), _against(row.get("trust_points") or []), slices]
            lines.append(" ".join(each for each in said if each))
    return "\n".join(lines)


def _against(points: list) -> str:
    """What speaks against a map, in plain words, each with its slice."""
    texts = []
    for point in points:
        name, _colon, where = str(point).partition(":")
        name = name.rstrip("0123456789 ")  # several cautions are numbered
        words = pointWords().get(name, _("one of the tests"))
        texts.append(_("{words} (slice {slice})").format(words=words, slice=where) if where else words)
    texts = list(dict.fromkeys(texts))
    return _("What speaks against it: {reasons}.").format(reasons="; ".join(texts)) if texts else ""


def pointWords() -> dict[str, str]:
    """The points of the rule of trust in plain words.

    Returns
    -------
    dict of str to str
        By their names in `XAICLIPLib.metrics.reasons`.
    """
    return {
        "unsuitable": _("model or words were made for other scans"),
        "doubt": _("there is a doubt about the model or the region"),
        "flat": _("hiding places changes nothing"),
        "range": _("values lie beyond what can be"),
        "error": _("it changes from sample to sample"),
        "unrepeatable": _("the model answers differently when it is run again"),
        "neighbours": _("the model answers differently beside other images"),
        "held": _("the region misses most of the structure"),
        "dice": _("the model's drawing differs from the reference"),
        "effect": _("hiding the whole region changes next to nothing"),
        "small effect": _("hiding the whole region changes little"),
        "small": _("the largest effect is small"),
        "few": _("the model was run too few times"),
        "untested": _("not all tests were made"),
        "order": _("places rank hardly better than by chance"),
        "random": _("random places do as well"),
        "bare": _("the region alone does as well"),
        "shape": _("it looks like the map of a model that only loses what is hidden"),
        "shape order": _("the outline of the organ does as well"),
        "random weights": _("an untrained model gives the same map"),
        "outside": _("a place outside the region matters too"),
        "fill": _("it may be about what places are hidden with"),
        "second": _("it does not hold when places are hidden otherwise"),
        "fills": _("it changes with what places are hidden with"),
        "seeds": _("it changes with the random start"),
    }


def _slicesText(slices: list) -> str:
    if list(slices) == ["all"]:
        return _("Tested on the whole volume.")
    if len(slices) == 1:
        return _("Tested in slice {slice}.").format(slice=slices[0])
    if slices:
        return _("Tested in slices {slices}.").format(slices=", ".join(map(str, slices)))
    return ""


def reasons(run) -> str:
    """What the verdicts rest on and how the answers were tested, as it was measured: for the fold with the numbers.

    Parameters
    ----------
    run : RunNodes
        With its `answers` and `metrics`.

    Returns
    -------
    str
        Lines.
    """
    text = _("{answer} (tested: {test}).")
    lines = [text.format(answer=beginning(inPanelWords(a["text"])), test=inPanelWords(a["test"])) for a in run.answers]
    for row in run.metrics:
        value = row.get("shape_correlation")
        if value is not None and isfinite(value):
            text = _("{structure}: rank correlation {value} with a map that needs no model.")
            lines.append(text.format(structure=spelled(row["structure"]), value=f"{value:.2f}"))
        if row.get("trust_reasons"):
            text = _("{structure}: {verdict} ({reasons}).")
            words = {"structure": spelled(row["structure"]), "verdict": verdictWords().get(row["trust"], row["trust"])}
            lines.append(text.format(**words, reasons="; ".join(map(inPanelWords, row["trust_reasons"]))))
    return "\n".join(lines)


def verdictWords() -> dict[str, str]:
    """The verdicts in the user's language.

    Returns
    -------
    dict of str to str
        By their names in `XAICLIPLib.metrics.trust`.
    """
    return {
        "strong": _("strong"),
        "weak": _("weak"),
        "the organ's shape": _("the organ's shape"),
        "not supported": _("not supported"),
        "not tested": _("not tested"),
    }


def warnings(run) -> str:
    """What a reader of the map must know; the library says which slice it is about.

    Parameters
    ----------
    run : RunNodes
        With its `warnings`.

    Returns
    -------
    str
        A line for each.
    """
    return "\n".join(f"⚠ {_sentence(warning)}" for warning in run.warnings)
