"""The dossier as one page: light, for paper as well, without a script, a link to elsewhere, or a word of our code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from XAICLIPLib.cohort.dossier.asked import EVIDENCE
from XAICLIPLib.cohort.dossier.card import card_html, marked
from XAICLIPLib.cohort.dossier.page_breaks import breaks_part
from XAICLIPLib.cohort.dossier.page_parts import gallery_part, needs_part, statistics_part
from XAICLIPLib.cohort.dossier.page_style import STYLE as OWN_STYLE
from XAICLIPLib.cohort.dossier.wording import cases, listed, number, share
from XAICLIPLib.cohort.page_table import whole_page
from XAICLIPLib.report.markup import in_words, number_table, pairs_table

# name of a section, its title, and which facts of technical documentation it holds
_SECTIONS = {
    "model": ("What the model is", "Annex IV, 1 (a), (c), (e); Art. 13 (3) (b) (vi); MDCG 2025-6: technical "
    "documentation"),
    "asked": ("What was asked, of which data", "Annex IV, 2 (g); Art. 13 (3) (b) (vi); MDCG 2025-6: data governance"),
    "needs": (
        "What it needs, and what it ignores",
        "Annex IV, 2 (b) and 3; Art. 13 (3) (b) (iv) and (vii); MDCG 2025-6: transparency",
    ),
    "breaks": (
        "Where it breaks",
        "Annex IV, 2 (g) and 3; Art. 13 (3) (b) (iii) and (v); Art. 15 (4); MDCG 2025-6: accuracy, robustness",
    ),
    "gallery": ("The cases to look at first", "Annex IV, 3; Art. 13 (3) (b) (iii)"),
    "statistics": ("All numbers", "Annex IV, 2 (g) and 4; Art. 13 (3) (b) (ii); Art. 15 (3)"),
    "limits": ("What was not tested", "Annex IV, 3; Art. 13 (3) (b) (iii)"),
    "made": ("How this document was made", "Annex IV, 1 (c) and 2 (g)"),
    "card": ("Appendix: the model's card", "Annex IV, 1 and 2, as far as its maker wrote it"),
}  # fmt: skip


def page_of(facts: Mapping[str, Any], pictures: Sequence[str], maps: str = "") -> str:
    """The page.

    Parameters
    ----------
    facts : mapping
        Of `make.dossier`, as plain data.
    pictures : sequence of str
        Sources of the images of the gallery, in its order; empty where there is none.
    maps : str
        HTML of the mean maps.

    Returns
    -------
    str
        HTML.
    """
    model = facts["model"]
    parts = {
        "model": _model(model),
        "asked": _asked(facts["asked"], facts["data"]),
        "needs": needs_part(facts["needs"]) + maps,
        "breaks": breaks_part(facts["breaks"], facts["data"]),
        "gallery": gallery_part(facts["gallery"], pictures),
        "statistics": statistics_part(facts["statistics"]),
        "limits": _limits(facts["limits"], facts["not_held"]),
        "made": _made(facts["made"]),
        "card": _card(facts["card"]),
    }
    title = f"Dossier of the segmentation model “{model['name']}”"
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="small">Structures: {escape(listed(model["asked"]))}. Weights: '
        f"<code>{escape(model['sha256'])}</code></p>",
        f'<p class="notice"><strong>{escape(facts["notice"])}</strong> {escape(facts["claim"])}</p>',
        "".join(f'<p class="trust not-supported">{marked(text)}</p>' for text in facts["warnings"]),
        _totals(facts["data"]),
        _in_short(facts["summary"]),
        _contents(),
    ]
    for name, (heading, about) in _SECTIONS.items():
        body.append(
            f'<h2 id="{name}">{escape(heading)}</h2><p class="facts">Facts for {escape(about)}</p>{parts[name]}'
        )
    return whole_page(title, [part for part in body if part], OWN_STYLE, script="")


def _totals(data: Mapping[str, Any]) -> str:
    counts = {
        "cases": data["cases"], "explained": data["explained"], "could not be explained": data["not_explained"],
        "not run": data["not_run"], "with a reference": data["with_reference"],
    }  # fmt: skip
    shown = {name: count for name, count in counts.items() if count or name in ("cases", "explained")}
    bad = ("could not be explained", "not run")
    return (
        '<div class="totals">'
        + "".join(
            f"<div{' class=failed' if name in bad else ''}><strong>{count}</strong>{name}</div>"
            for name, count in shown.items()
        )
        + "</div>"
    )


def _in_short(summary: Sequence[Mapping[str, Any]]) -> str:
    blocks = []
    for entry in summary:
        sentences = "".join(f"<li>{escape(text)}</li>" for text in entry["sentences"])
        name = entry["structure"]
        blocks.append(f"<section><h3>{escape(name[:1].upper() + name[1:])}</h3><ul>{sentences}</ul></section>")
    return f'<div class="short"><h2>In short</h2>{"".join(blocks)}</div>' if blocks else ""


def _contents() -> str:
    links = "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, (title, _) in _SECTIONS.items())
    return (
        f'<nav><h3>Contents</h3><ol>{links}</ol><p class="small">Each section says which facts of technical '
        "documentation it holds: Annex IV and articles are those of the EU AI Act, Regulation (EU) 2024/1689; MDCG "
        "2025-6 is the guidance on that Act and the regulations on medical devices, with the chapter meant.</p></nav>"
    )


def _model(model: Mapping[str, Any]) -> str:
    rows = {
        "model": model["name"],
        "family": " – ".join(part for part in (model["family"], model["title"]) if part),
        "source": model["source"],
        "licence": model["licence"],
        "SHA-256 of the weights": model["sha256"],
        "structures that this document is about": model["asked"],
        "other structures that it draws": model["not_asked"],
        **model["details"],
    }
    return pairs_table(rows)


def _card(card: Mapping[str, str]) -> str:
    if not card:
        return "<p>None was given (<code>--card FILE</code>): purpose and training data are not known here.</p>"
    return (
        f'<p class="small">{escape(card["file"])}, SHA-256 <code>{escape(card["sha256"])}</code>, as it is written; '
        f'nothing of it was checked here.</p><div class="card-text">{card_html(card["text"], 3)}</div>'
    )


def _asked(asked: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    scans = [_attribute(row) for row in data["scans"] if row["kind"] != "empty"]
    columns = [_attribute(row) for row in data["columns"]]
    head = ["", "cases", "how it is spread"]
    said = (
        f"<h3>What is known of patients and scanners</h3>{number_table(head, columns)}"
        '<p class="small">A value that one case alone has is not written here, nor are whole numbers that look like '
        "numbers of patients.</p>"
        if columns
        else "<p>Nothing else is known of patients and scanners.</p>"
    )
    return f"{pairs_table(asked['in_words'])}<h3>The scans that were explained</h3>{number_table(head, scans)}{said}"


def _attribute(row: Mapping[str, Any]) -> list[Any]:
    """A line about an attribute of the cases."""
    if row["kind"] == "number":
        low, high = (in_words(row[name]) for name in ("low", "high"))
        spread = f"{low} in all" if row["low"] == row["high"] else f"{low} to {high}, median {in_words(row['median'])}"
    elif row["kind"] == "groups":
        total = max(1, row["cases"])
        named = [f"{one['value']}: {one['cases']} ({share(one['cases'] / total)})" for one in row["values"]]
        alone = [f"{row['alone']} value{'' if row['alone'] == 1 else 's'} of one case each"] if row["alone"] else []
        spread = "; ".join([*named, *alone])
    else:
        spread = f"{row['different']} different values" if row["different"] else "empty"
    return [row["name"], row["cases"], spread]


def _limits(said: Sequence[str], not_held: Sequence[Mapping[str, str]]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in said)
    outside = number_table(["asked for in", "what"], [[row["where"], row["what"]] for row in not_held])
    return (
        f"<ul>{items}</ul><h3>What technical documentation asks for, and no measurement gives</h3>"
        f"<p>Not in this document; it is for the maker to say.</p>{outside}"
    )


def _made(made: Mapping[str, Any]) -> str:
    environment = made["environment"]
    libraries = {name: version for name, version in (environment.get("libraries") or {}).items() if version}
    rows = {
        "program": made["program"],
        "Python": environment.get("python"),
        "system": environment.get("platform"),
        "libraries": [f"{name} {version}" for name, version in libraries.items()],
        "vision-language model": list(made["language_models"]),
        "computed on": [f"{name} ({cases(count)})" for name, count in made["devices"].items()],
        "tests of the maps": [
            f"{EVIDENCE.get(name, name)} ({cases(count)})" for name, count in made["tests_of_maps"].items()
        ],
        "cases outside what the model was made for": made["outside_its_field"] or None,
    }
    files = number_table(["file of the cohort", "SHA-256"], [[name, sha] for name, sha in made["files"].items()])
    return (
        f"{pairs_table(rows)}<p>Made from the files of one cohort, without running the model: the same files give the "
        f"same document, byte for byte (<code>xaiclip dossier</code>).</p>{files}"
        '<p class="small">The same, for machines: <code>dossier.json</code>. How each number is defined: metrics.md '
        "in the program's documentation. Intervals: of medians by order statistics, of means by Student's t, of shares "
        f"of cases by Clopper and Pearson; all 95 %, such as {number(0.9)} ({number(0.85)} to {number(0.93)}).</p>"
    )
