"""The report of a run: one file that holds everything, says what was and was not found, and trusts no text."""

import base64
import json
import re
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest

import XAICLIPLib as xai
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.curves import curve_svg
from XAICLIPLib.report.html import write_html
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, plain

VOID = {"meta", "img", "br", "path"}  # path: of an SVG, closed in itself


class Page(HTMLParser):
    """Every element with its attributes, the text, and whether all that was opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def pictures(self):
        for image in self.of("img"):
            kind, data = image["src"].split(",", 1)
            assert kind == "data:image/png;base64"
            yield cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)


@pytest.fixture(scope="module")
def made(phantom, organ, liver_slice):
    """Two structures, three slices; the model needs no weights."""
    import torch

    def bright(batch):
        return torch.cat([torch.sigmoid((batch - 90) / 5), torch.sigmoid((batch - 200) / 5)], 1)

    bright.targets = ("liver", "spine")
    return xai.explain(
        phantom[0],
        ["liver", "spine"],
        xai.Occlusion(48, 48),
        region="full",
        model=bright,
        device="cpu",
        slices=f"{liver_slice - 1}:{liver_slice + 2}",
        reference=phantom[1],
    )


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    return made.save(tmp_path_factory.mktemp("html") / "run")


@pytest.fixture(scope="module")
def page(folder):
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def rewritten(folder, made, tmp_path, change):
    """The page of the same run with something in its report changed."""
    report = json.loads(json.dumps(json.loads((folder / "report.json").read_text())))
    change(report)
    return Page(write_html(tmp_path, report, made.rows).read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_page_is_whole_and_needs_nothing_else(folder, page):
    assert not page.open  # every element is closed, in order
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert not {tag for tag, _ in page.elements} & {"script", "link", "iframe", "object", "base", "form"}
    assert not re.search(r'(?:src|href)\s*=\s*"(?!data:)', text) and "@import" not in text and "url(" not in text
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "@media print" in text and (folder / "report.html").stat().st_size < 20e6
    assert "report.html" in json.loads((folder / "report.json").read_text())["files"]


@pytest.mark.slow
def test_the_pictures_of_the_run_are_in_it(folder, page):
    pictures = list(page.pictures())
    assert len(pictures) == 2 * (1 + 3)  # a montage and three panels for each structure
    for found, file in zip(
        pictures, ["montage-liver.png", *sorted(p.name for p in (folder / "panels").glob("*liver*"))]
    ):
        whole = cv2.imread(str(folder / file if file.startswith("m") else folder / "panels" / file))
        assert found.shape[1] <= 1400 and found.shape[1] <= whole.shape[1]
        small = cv2.resize(whole, found.shape[1::-1], interpolation=cv2.INTER_AREA)
        assert np.abs(found.astype(int) - small).mean() < 1  # that picture, not another


def test_the_numbers_are_those_of_the_run(made, page):
    text = page.text
    assert RESEARCH_USE_ONLY in text
    for row in made.summary:
        assert f"{row['largest_drop']:.4g}" in text and f"{row['roi_iou']:.4g}" in text
        assert f"{row['evaluations']} of the {row['full_evaluations']} evaluations" in text
        assert f"{row['baseline_share']:.4g}" in text and row["trust"] in text
        assert all(reason in text for reason in row["trust_reasons"])
    for row in made.rows:
        assert f"{row['largest_drop']:.4g}" in text
    report = made.report
    assert report["scan"]["name"] in text and report["environment"]["libraries"]["torch"] in text
    assert "occlusion (patch 48, stride 48" in text and "Dice of the model's mask and the reference" in text
    assert "SNOMED CT 10200004" in text
    assert "further slices of the scan were not asked for" in text
    for warning in made.warnings:
        assert " ".join(warning.split()) in text


def test_the_numbers_of_the_evidence_stand_beside_their_baselines(made, page):
    rows = []
    for found in re.findall(r"<tr[^>]*>(.*?)</tr>", made_table(made)):
        rows.append([re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found)])
    assert rows[0] == ["", "map", "random order", "bare region", "organ&#x27;s shape"]
    (insertion, deletion, gap), row = [next(r for r in rows if r[0].startswith(start)) for start in (
        "insertion AUC (high", "deletion AUC (low", "insertion − deletion (random")], made.summary[0]  # fmt: skip
    assert insertion[1:3] == [f"{row['insertion_auc']:.4g}", f"{row['random_auc']:.4g}"]
    assert deletion[1:3] == [f"{row['deletion_auc']:.4g}", f"{row['random_auc']:.4g}"]
    assert gap[1:] == [f"{row[key]:.4g}" for key in ("gap", "random_gap", "roi_gap", "shape_gap")]
    mass = next(r for r in rows if r[0] == "relevance mass accuracy")
    assert mass[1] == f"{row['mass_accuracy']:.4g}" and mass[3] == f"{row['roi_mass_accuracy']:.4g}"
    headings = [r[0] for r in rows if len(r) == 1]
    assert headings[:4] == [
        "Taken away and put back inside the region, with the run&#x27;s own fill", "The same with another fill",
        "Outside the region", "Where the map lies",
    ]  # fmt: skip
    for name in ("Model", "Parameters", "Versions", "What was not evaluated", "Warnings"):
        assert name in page.text


def test_it_prints_on_light_paper(page):
    for picture in page.pictures():
        assert (picture[:3] > 250).all() and (picture[-3:] > 250).all()
    style = " ".join(page.words)
    assert "@page" in style and "max-height" in style, "a picture must leave room for another on its page"


def test_the_answers_come_first_and_in_words(made, page):
    text = page.text
    assert made.answers and text.index("In words") < text.index("What was asked") < text.index("What came out")
    for answer in made.answers:
        assert f"{answer.text}. Tested: {answer.test}." in text
    alike = made.summary[0].shape_correlation
    assert f"{alike:.4g}" in made_table(made)


def test_each_verdict_has_a_colour_of_its_own(made, tmp_path):
    report = json.loads(json.dumps(plain(made.report)))
    for row in report["summary"]:
        row["trust"] = "the organ's shape"
    page = write_html(tmp_path, report, []).read_text()
    assert '<div class="trust the-organ-s-shape">' in page and ".the-organ-s-shape{" in page
    report.pop("answers")
    assert "In words" not in write_html(tmp_path, report, []).read_text(), "a result of an earlier version"


def made_table(made):
    """The first structure's table of evidence, as the page has it."""
    from XAICLIPLib.report.html_structure import evidence_section

    text = evidence_section(made.report, made.report["summary"][0], made.summary[0].structure)
    return text[: text.index("</table>")]


def test_text_can_not_become_markup(made, folder, tmp_path):
    evil = '<script>alert("x")</script> & <img src=http://example.org/x>'

    def change(report):
        report["scan"]["name"] = report["model"]["name"] = evil
        report["warnings"] = [evil]
        report["slices"]["skipped"] = {"1": evil}
        report["request"]["method"]["name"] = report["request"]["region"]["source"] = evil
        for row in report["summary"]:
            row["trust"], row["trust_reasons"] = evil, [evil]
        for entry in report["structures"]:
            entry["label"] = evil

    page = rewritten(folder, made, tmp_path, change)
    assert not page.of("script") and not page.of("img") and not page.open
    assert page.text.count('<script>alert("x")</script>') >= 6


def test_a_run_without_evidence_reference_or_pictures_says_so(made, folder, tmp_path):
    def change(report):
        for row in report["summary"]:
            for key in ("trust", "trust_reasons"):
                row.pop(key)
        report.pop("evidence")
        report["reference_given"] = False
        report["slices"]["skipped"] = {"0": "no prediction", "1": "no prediction", "4": "no region"}

    page = rewritten(folder, made, tmp_path, change)
    assert "Evidence for the map" not in page.text and not page.of("img") and not page.of("svg")
    assert "Faithfulness tests: none were made" in page.text and "No reference was given" in page.text
    assert "Slices 0–1: skipped, no prediction." in page.text and "Slice 4: skipped, no region." in page.text


def test_a_structure_that_was_found_nowhere_is_said(made, folder, tmp_path):
    def change(report):
        report["summary"] = [row for row in report["summary"] if row["structure"] == "liver"]

    assert "Found in no slice." in rewritten(folder, made, tmp_path, change).text


def test_a_long_run_shows_the_strongest_slice_and_lists_the_others(made, folder, tmp_path):
    (tmp_path / "panels").mkdir()
    row = next(r for r in made.rows if r["structure"] == "liver")
    rows = [dict(row) | {"slice": z, "largest_drop": 0.9 if z == 17 else 0.1} for z in range(40)]
    for z in range(40):
        cv2.imwrite(str(tmp_path / "panels" / f"slice_{z:04d}_liver.png"), np.full((20, 30, 3), z, np.uint8))
    page = Page(write_html(tmp_path, made.report, rows).read_text(encoding="utf-8"))
    values = [int(p[0, 0, 0]) for p in page.pictures()]
    assert len(values) == 4 and 17 in values and values == sorted(values) and values[0] < 10 and values[-1] > 30
    listed = re.search(r"not here: slices ([^.]*)\.", page.text).group(1)
    found = [z for part in listed.split(", ") for z in range(int(part.split("–")[0]), int(part.split("–")[-1]) + 1)]
    assert sorted(found + values) == list(range(40))


def test_curves_are_drawn_where_they_are():
    curves = {"area": [0, 0.5, 1], "deletion": [1.0, 0.25, 0.0], "insertion": [0.0, 0.5, None]}
    svg = Page(curve_svg(curves, 'a "title" <b>'))
    assert not svg.open and svg.of("svg")[0]["aria-label"] == 'a "title" <b>'
    lines = [[tuple(map(float, p.split(","))) for p in line["points"].split()] for line in svg.of("polyline")]
    assert [len(points) for points in lines] == [3, 2]
    (x0, y0), (x1, y1), (x2, y2) = lines[0]
    assert x1 == pytest.approx((x0 + x2) / 2, abs=0.1) and x0 < x1 < x2
    assert y0 < y1 < y2 and (y1 - y0) / (y2 - y0) == pytest.approx(0.75, abs=0.01)  # up is more


def test_a_place_that_can_not_be_written_to_is_named(made, tmp_path):
    with pytest.raises(InputError, match="report.html"):
        write_html(tmp_path / "missing", made.report, made.rows)
