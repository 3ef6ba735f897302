"""The document in a few sentences for each structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from XAICLIPLib.cohort.dossier.needs import DISTURBED, FEW, IGNORED, IGNORES, NEEDED, NEEDS, judged
from XAICLIPLib.cohort.dossier.wording import listed, median_of, number, of_cases, share

_MOST = 3  # dependences that are told of a structure


def in_short(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a reader should know first.

    Parameters
    ----------
    facts : mapping
        The sections of the document.

    Returns
    -------
    list of dict
        ``structure``, and ``sentences``.
    """
    structures = list(dict.fromkeys(row["structure"] for row in facts["statistics"]))
    return [
        {
            "structure": structure,
            "sentences": [
                *_accuracy(facts, structure),
                *_needs(facts["needs"], structure),
                *_shares(facts["needs"], structure),
                *_breaks(facts["breaks"], structure),
            ],
        }
        for structure in structures
    ]


def _accuracy(facts: Mapping[str, Any], structure: str) -> list[str]:
    dice = [row for row in facts["statistics"] if (row["structure"], row["number"]) == (structure, "dice")]
    if not dice:
        return ["How well it is drawn was not measured: there is no reference."]
    bad = next(row for row in facts["breaks"]["drawings"] if row["structure"] == structure)
    below = listed([f"below {bar['bar']:g} in {of_cases(bar['below'], bad['cases'])}" for bar in bad["bars"]])
    return [f"Dice with the reference: {median_of(dice[0])}; {below}."]


def _needs(needs: Mapping[str, Any], structure: str) -> list[str]:
    rows = [row for row in needs["matrix"] if row["structure"] == structure and not row["itself"]]
    if not rows:
        return []
    if all(row["verdict"] == FEW for row in rows):
        return ["Which other organs it needs can't be told of so few cases."]
    wanted, freed = (
        [f"the {row['hidden']} ({number(abs(row['mean']))})" for row in judged(rows, structure, verdict)]
        for verdict in (NEEDS, DISTURBED)
    )
    spared = sorted(f"the {row['hidden']}" for row in judged(rows, structure, IGNORES))
    said = f"No other organ was found that it surely needs (loss above {NEEDED:g})."
    if wanted:
        said = f"Needs {listed(wanted)}: so much of its mean probability is lost when {_each(wanted)} is hidden."
    return [
        said,
        *(
            [f"Is surer without {listed(freed)}: so much mean probability is gained when {_each(freed)} is hidden."]
            if freed
            else []
        ),
        *([f"Ignores {listed(spared)}: its mean probability changes by less than {IGNORED:g}."] if spared else []),
    ]


def _each(words: list[str]) -> str:
    return "it" if len(words) == 1 else "each"


def _shares(needs: Mapping[str, Any], structure: str) -> list[str]:
    row = next((row for row in needs["shares"] if row["structure"] == structure), None)
    if row is None:
        return []
    said = []
    if row["remote"]:
        lost = share(row["remote"]["median"])
        said.append(f"Of what it loses while places are hidden, {lost} is lost elsewhere than in the hidden place.")
    if row["unseen"]:
        said.append(f"{share(row['unseen']['median'])} of what was hidden of it is drawn nevertheless.")
    return said


def _own(dependence: Mapping[str, Any], structure: str) -> list[Mapping[str, Any]]:
    """The dependences of a structure that are surest."""
    return [row for row in dependence["found"] if row["structure"] == structure][:_MOST]


def _breaks(breaks: Mapping[str, Any], structure: str) -> list[str]:
    said = []
    said += [f"{row['sentence'][:1].upper()}{row['sentence'][1:]}." for row in _own(breaks["dependence"], structure)]
    cases = {case["case"] for row in breaks["outliers"] if row["structure"] == structure for case in row["cases"]}
    if cases:
        said.append(
            f"{len(cases)} case{' is' if len(cases) == 1 else 's are'} far from the others in some number (outliers)."
        )
    steps = [row for row in breaks["stress"].get("steps", ()) if row["structure"] == structure]
    if failing := list(dict.fromkeys(row["about"] for row in steps if row["below_0.9"] is not None)):
        said.append(f"Under stress its Dice falls below 0.9 by {listed(failing)}.")
    elif steps:
        said.append("Under all stress that was tried its Dice stays at 0.9 or above.")
    return said
