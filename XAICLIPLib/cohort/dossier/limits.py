"""What this cohort does not say: structures, attributes, methods and patients that were not looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from XAICLIPLib.attribution.methods import METHODS
from XAICLIPLib.cohort.dependence import FEWEST as FEWEST_IN_GROUP
from XAICLIPLib.cohort.dependence import MOST_VALUES
from XAICLIPLib.cohort.dossier.intervals import FEWEST as FEWEST_OF_INTERVAL
from XAICLIPLib.cohort.dossier.wording import cases
from XAICLIPLib.cohort.outliers import FEWEST as FEWEST_OF_OUTLIERS

# what technical documentation asks for and no measurement gives: the place in the law, what it is
NOT_HELD = (
    ("Annex IV, 1 (a)", "the intended purpose, the provider and the date of the version"),
    ("Annex IV, 2 (a)–(d)", "how the model was developed, and what it was trained on, but for what its card says"),
    ("Annex IV, 2 (e)", "human oversight"),
    ("Annex IV, 2 (h)", "cybersecurity"),
    ("Annex IV, 5 and 9", "the risk management system, and the plan for monitoring on the market"),
    ("Annex IV, 7 and 8", "standards that were applied, and the declaration of conformity"),
    ("MDCG 2025-6", "the clinical evaluation, and the benefit for patients"),
)  # fmt: skip


def limits(facts: Mapping[str, Any], few: Sequence[str]) -> list[str]:
    """What was not tested, in sentences.

    Parameters
    ----------
    facts : mapping
        The other sections of the document.
    few : sequence of str
        Structures with too few cases for outliers.

    Returns
    -------
    list of str
    """
    return [
        *_structures(facts["model"]),
        *_cases(facts["data"], few),
        *_attributes(facts["data"], facts["breaks"]["dependence"]),
        *_questions(facts),
        *_always(facts["asked"]["request"]),
    ]


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _structures(model: Mapping[str, Any]) -> list[str]:
    if model["not_asked"]:
        names = ", ".join(model["not_asked"])
        return [f"Not tested: {len(model['not_asked'])} structures that the model draws as well: {names}."]
    return [] if model["draws"] else ["Which other structures the model draws is not known here."]


def _cases(data: Mapping[str, Any], few: Sequence[str]) -> list[str]:
    said = []
    count = data["explained"]
    if data["not_run"]:
        said.append(f"{cases(data['not_run'])} of this cohort {_was(data['not_run'])} not run.")
    if count < FEWEST_OF_INTERVAL:
        said.append(f"{cases(count)} explained: no interval is given of fewer than {FEWEST_OF_INTERVAL}.")
    if few:
        said.append(
            f"Outliers were not looked for in {', '.join(few)}: that takes {FEWEST_OF_OUTLIERS} cases of a structure."
        )
    if without := count - data["with_reference"]:
        said.append(
            "No case has a reference: nothing here says whether the drawings are right."
            if without == count
            else f"{cases(without)} without a reference: how well they are drawn is not known."
        )
    for scan in data["scans"]:
        if scan["name"] == "kind of scan" and scan["kind"] == "groups" and len(scan["values"]) == 1:
            said.append(f"One kind of scan alone: {scan['values'][0]['value']}.")
    said.append(
        "The cases are those that were given; how they were chosen, and what they say of other hospitals, scanners and "
        "patients, is not known here."
    )
    return said


def _attributes(data: Mapping[str, Any], dependence: Mapping[str, Any]) -> list[str]:
    said = []
    tested = set(dependence["columns"])
    if not data["columns"]:
        said.append(
            "Nothing is known of the patients and scanners (sex, age, maker, site): the list had no such columns."
        )
    for column in data["columns"]:
        name = column["name"]
        if column["kind"] == "groups" and column["few"] and name in tested:
            said.append(f"{name}: too few cases ({FEWEST_IN_GROUP} are needed) to tell of {', '.join(column['few'])}.")
        elif name not in tested:
            said.append(f"{name}: not tested, {_why_not(column)}.")
        if column["without"]:
            said.append(f"{name}: {cases(column['without'])} without it.")
    return said


def _why_not(column: Mapping[str, Any]) -> str:
    if column["kind"] == "empty":
        return "no case has it"
    if column["kind"] == "names":
        return f"it has {column['different']} different values, more than the {MOST_VALUES} that can be groups"
    if column["different"] == 1:
        return "all cases have the same"
    return f"too few cases ({FEWEST_IN_GROUP} with a value and {FEWEST_IN_GROUP} without are needed)"


def _questions(facts: Mapping[str, Any]) -> list[str]:
    said = []
    if not facts["needs"]["matrix"]:
        said.append("Which organ needs which was not asked: run the cohort with --players prediction.")
    if not any(row["own"] for row in facts["needs"]["shares"]):
        said.append("Where what is lost is lost was not recorded.")
    stress = facts["breaks"]["stress"]
    if not stress:
        said.append(
            "What the drawing survives (noise, blur, shifted grey values, …) was not tried: see xaiclip stress."
        )
    else:
        if stress["not_tried"]:
            said.append(f"Of what a scan may suffer, not tried: {', '.join(stress['not_tried'])}.")
        said.append(f"Stress was tried on {stress['scans']} scans alone." if stress["scans"] > 1 else
                    "Stress was tried on one scan alone.")  # fmt: skip
    return said


def _always(request: Mapping[str, Any]) -> list[str]:
    method = request.get("method") or {}
    name = str(method.get("name", ""))
    others = ", ".join(kind.title or kind.name for kind in METHODS.values() if kind.name != name)
    if name in METHODS:
        said = [f"One method alone ({METHODS[name].title or name}); others were not tried: {others}."]
    else:
        said = [f"By which method it was explained is not known here; there are {others}."]
    if fill := method.get("fill"):
        said.append(f"What is hidden is replaced in one way ({fill}); another way is another question, and may have "
                    "another answer.")  # fmt: skip
    region = (request.get("region") or {}).get("source")
    if region != "full":
        said.append("Single places were hidden in the region alone; outside it a few samples were looked at, "
                    "at most.")  # fmt: skip
    if str(request.get("slices", "all")) != "all":
        said.append(f"Slices {request['slices']} alone.")
    said.append(
        "An association with a column is one in these cases, and no cause. What was not found need not be absent."
    )
    return said
