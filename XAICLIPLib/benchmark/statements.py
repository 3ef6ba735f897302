"""Whether what is said in words of a planted model is true of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Any

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.perturbations import PixelSets
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.influence.players import players_of
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.shape import shape_correlation
from XAICLIPLib.metrics.findings import REMOTE, SHAPE
from XAICLIPLib.metrics.other_fill import OTHER_FILLS, choose_other_fill
from XAICLIPLib.metrics.planted import Planted
from XAICLIPLib.metrics.planted.maps import Answered, recorded, scorer_of
from XAICLIPLib.pipeline.recording import asked_again
from XAICLIPLib.results.answers import BLIND, SEEN, Answer, Measured, answers_of
from XAICLIPLib.results.rows import StatementRow

TRUE, FALSE, UNDECIDED, UNKNOWN = "true", "false", "undecided", "unknown"
LEEWAY = 0.2  # relative, about `REMOTE` and the like, inside which either sentence is true


@dataclass(frozen=True)
class Truth:
    """What running the planted model says, without any explainer.

    Attributes
    ----------
    unseen : float
        Which share is drawn of what is hidden; nan where nobody planted it.
    loss : float
        Of mean probability in the rest of the drawing when the whole cause is hidden; 0 without a cause.
    needs : dict of str to float
        What the first target loses without each other player.
    """

    unseen: float
    loss: float
    needs: dict[str, float]


def statements_about(planted: Planted, answer: Answered, about: Mapping[str, Any]) -> list[StatementRow]:
    """Say what a run would say of a planted model, and judge each sentence.

    Parameters
    ----------
    planted : Planted
    answer : Answered
        What a run of it said.
    about : mapping
        "family", "seed", "method" and "fill" of the run.

    Returns
    -------
    list of StatementRow
    """
    truth = truth_of(planted, about["fill"])
    measured = measured_of(planted, answer, about["fill"])
    losses = answer.known.losses_of_rest(0)
    place = answer.known.record.sources.mask(int(losses.argmax()))
    return [
        StatementRow(**about, question=said.question, verdict=verdict_on(said, truth, planted, place), text=said.text)
        for said in answers_of("organ", measured)
    ]


def truth_of(planted: Planted, fill: str) -> Truth:
    """Run a planted model by hand: hide the cause, and look at the rest.

    Parameters
    ----------
    planted : Planted
    fill : str

    Returns
    -------
    Truth
    """
    needs = {}
    if planted.needs is not None:
        needs = dict(zip(list(planted.players)[1:], planted.needs[1:, 0].tolist()))
    loss = 0.0
    if planted.cause is not None:
        image = torch.from_numpy(planted.image)
        hidden = torch.from_numpy(planted.cause)
        filled = torch.where(hidden, make_fill(image, fill, torch.from_numpy(planted.region), 0), image)
        with torch.no_grad():
            before, after = (planted.predict(i[None])[0, 0] for i in (image, filled))
        rest = (before > 0.5) & ~hidden
        loss = float((before - after)[rest].mean())
    return Truth(nan if planted.unseen is None else planted.unseen, loss, needs)


def measured_of(planted: Planted, answer: Answered, fill: str) -> Measured:
    """What the sentences rest on, gathered as a run gathers it.

    Parameters
    ----------
    planted : Planted
    answer : Answered
    fill : str
        Of the run.

    Returns
    -------
    Measured
    """
    known, scorer = answer.known, scorer_of(planted)
    other, filled = _other_fill(scorer, planted, fill)
    other_unseen, other_remote = asked_again(scorer, known, 0, filled)
    return Measured(
        label="organ",
        fill=fill,
        other_fill=other,
        slices=(0,),
        unseen=known.unseen_share(0),
        other_unseen=other_unseen,
        remote=float(known.losses_of_rest(0).max(initial=0.0)),
        remote_at_most=known.largest_loss_at_most(0),
        other_remote=other_remote,
        place="there",
        players=_players(planted, fill),
        shape=shape_correlation(answer.maps["drop"], answer.maps["shape"], planted.region),
    )


def _other_fill(scorer: Scorer, planted: Planted, fill: str) -> tuple[str, Tensor]:
    """The fill of the test, chosen as a run chooses it."""
    region = torch.from_numpy(planted.region)
    whole = [np.flatnonzero(planted.region)]
    effects: dict[str, float] = {}
    fills = {name: make_fill(scorer.image, name, region, 0) for name in (*OTHER_FILLS, fill)}
    for name, filled in fills.items():
        score = scorer.evaluate(PixelSets(scorer.image, filled, whole))
        effects[name] = abs(float(scorer.baseline[0] - score[0, 0]))
    own = effects.pop(fill)
    name = choose_other_fill(effects, own)
    return name, fills[name]


def _players(planted: Planted, fill: str) -> tuple[tuple[str, float], ...]:
    if planted.needs is None:
        return ()
    losses = dict(zip(planted.players, of_players(planted, fill).between()[:, 0].tolist()))
    losses.pop(next(iter(planted.players)))
    return tuple(sorted(losses.items(), key=lambda pair: -pair[1]))


def of_players(planted: Planted, fill: str) -> Influence:
    """Hide each player of a planted model in turn.

    Parameters
    ----------
    planted : Planted
        With players.
    fill : str

    Returns
    -------
    Influence
    """
    segments = replace(players_of(planted.players), fill=fill)
    return recorded(scorer_of(planted), planted.region, segments)[0]


def verdict_on(said: Answer, truth: Truth, planted: Planted, place: np.ndarray) -> str:
    """Whether a sentence is true.

    Parameters
    ----------
    said : Answer
    truth : Truth
    planted : Planted
    place : ndarray, shape (H, W), bool
        The place that the sentence speaks of.

    Returns
    -------
    str
        "true", "false", "undecided" where it says that it cannot tell, "unknown" where there is no truth to hold it to.
    """
    if "cannot be told" in said.text:
        return UNDECIDED
    if said.question == "source":
        return UNKNOWN if np.isnan(truth.unseen) else _of(_is_source(said.text, truth.unseen))
    if said.question == "place":
        return _place(said.text, truth, planted, place)
    if said.question == "organs":
        return _of(_are_organs(said, truth))
    if said.question == "shape":
        return _shape(said, truth, planted)
    return UNKNOWN


def _of(is_true: bool) -> str:
    return TRUE if is_true else FALSE


def _is_source(text: str, unseen: float) -> bool:
    if "from what is there" in text:
        return unseen < SEEN * (1 + LEEWAY)
    if "in part" in text:
        return SEEN * (1 - LEEWAY) < unseen < BLIND * (1 + LEEWAY)
    return unseen > BLIND * (1 - LEEWAY)


def _place(text: str, truth: Truth, planted: Planted, place: np.ndarray) -> str:
    if planted.needs is not None:
        return UNKNOWN  # there the places are organs
    if text.startswith("No place"):
        return _of(truth.loss < REMOTE * (1 + LEEWAY))
    if planted.cause is None:
        return FALSE
    return _of(bool((place & planted.cause).any()))


def _shape(said: Answer, truth: Truth, planted: Planted) -> str:
    if planted.needs is not None:
        return UNKNOWN
    if said.value < SHAPE:
        return _of(truth.loss >= REMOTE * (1 - LEEWAY))
    return TRUE if planted.cause is None else UNKNOWN  # beside a cause, the drop may well be the shape


def _are_organs(said: Answer, truth: Truth) -> bool:
    least = REMOTE * (1 - LEEWAY), REMOTE * (1 + LEEWAY)
    if "needs no other" in said.text:
        return all(loss < least[1] for loss in truth.needs.values())
    named: Sequence[str] = [name for name in truth.needs if f"the {name} " in said.text]
    return bool(named) and all(truth.needs[name] > least[0] for name in named)
