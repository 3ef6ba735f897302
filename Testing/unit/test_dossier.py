"""The dossier of a model: its facts are the cohort's numbers, it says what was not tested, and names no patient."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import XAICLIPLib as xai
from Testing.unit.cohortcase import names_in
from XAICLIPLib.cli import main
from XAICLIPLib.cohort.across import Across
from XAICLIPLib.cohort.dossier.card import card_html
from XAICLIPLib.cohort.dossier.identity import without_folders
from XAICLIPLib.cohort.dossier.intervals import mean_interval, median_interval, share_interval
from XAICLIPLib.cohort.dossier.make import dossier
from XAICLIPLib.cohort.dossier.needs import DISTURBED, FEW, IGNORES, NEEDS, OPEN, matrix
from XAICLIPLib.cohort.dossier.read import Kept
from XAICLIPLib.cohort.dossier.wording import between, number, share
from XAICLIPLib.cohort.manifest import Cohort, CohortCase
from XAICLIPLib.cohort.run import tell
from XAICLIPLib.cohort.store import EXPLAINED, REFUSED, Finished, begin, folder_of, whole_case, write_head, write_rows
from XAICLIPLib.cohort.table import NOT_YET, Told
from XAICLIPLib.errors import InputError
from XAICLIPLib.results.rows import StressRow
from XAICLIPLib.results.stress import Stressed

ROOT = Path(__file__).parents[2]
COUNT = 24  # patients of the cohort that is made up
COLUMNS = ("Scanner", "Age", "Chart", "Coil")


def patient(number, rng):
    """Rows of a patient of whom all is known: the liver needs the spine, the score falls on scanner B."""
    worse = 0.2 if number % 2 else 0.0
    liver = {
        "slice": "all", "structure": "liver", "trust": "strong" if number else "weak", "dice": 0.95 - worse,
        "score": 0.95 - worse + 0.01 * float(rng.normal()), "remote_share": 0.25 + 0.01 * float(rng.normal()),
        "unseen_share": 0.1, "predicted_mm2": 24_000.0 + 100 * float(rng.normal()),
    }  # fmt: skip
    losses = {"liver": 0.9, "spine": 0.2, "heart": 0.001, "stomach": 0.03, "air": -0.2}
    between = [
        {"player": name, "structure": "liver", "loss": loss + 0.002 * float(rng.normal())}
        for name, loss in losses.items()
    ]
    return liver, between


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """A cohort's folder with 24 patients, one that can't be explained, and one that was not run."""
    pytest.importorskip("pyarrow")
    out, rng, told = tmp_path_factory.mktemp("made") / "out", np.random.default_rng(0), []
    begin(out, {"cases": COUNT + 2, "columns": list(COLUMNS), "request": {"structures": ["liver"], "model": "x"}})
    for n in range(COUNT):
        liver, between = patient(n, rng)
        with whole_case(out, name := f"pat{n:03}") as part:
            write_rows(part, [], [liver], between)
            facts = {"modality": "CT", "slices": 40, "spacing_x_mm": 1.0, "spacing_z_mm": 5.0}
            warnings = (f"slice {n}: the map of {name} is flat",)
            write_head(part, Finished(name, "", "", None, "numbers", EXPLAINED, scan=facts, warnings=warnings))
        cells = zip(COLUMNS, ("AB"[n % 2], str(40 + n), str(70_000 + n), "C" if n < 3 else "D" if n < 23 else "alone"))
        case = CohortCase(n, "x", name, columns=tuple(cells))
        told.append(Told(case, name, EXPLAINED, folder=folder_of(out, name)))
    empty = tuple((name, "") for name in COLUMNS)
    for n, (status, reason) in enumerate([(REFUSED, "the scan of pat024 is damaged <b>"), (NOT_YET, "not yet")], COUNT):
        told.append(Told(CohortCase(n, "x", f"pat{n:03}", columns=empty), f"pat{n:03}", status, reason))
    tell(out, told, Cohort(tuple(one.case for one in told), COLUMNS), {})
    return out


@pytest.fixture(scope="module")
def facts(made_up):
    return dossier(made_up).facts


class Parsed(HTMLParser):
    """The elements of a page with their attributes; whatever is opened must be closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# Numbers --------------------------------------------------------------------------------------------------------------


def test_intervals_are_those_of_the_books():
    values = [float(v) for v in range(1, 21)]
    assert median_interval(values[:5]) is None and median_interval(values[:6]) == (1, 6)
    assert median_interval(values[:10]) == (2, 9) and median_interval(values[::-1]) == (6, 15)  # binomial tables
    assert share_interval(0, 10) == (0.0, pytest.approx(0.3085, abs=1e-4)) and share_interval(0, 0) is None
    low, high = mean_interval(values[:10])
    assert (low, high) == (pytest.approx(5.5 - 2.1659, abs=1e-4), pytest.approx(5.5 + 2.1659, abs=1e-4))
    assert mean_interval(values[:5]) is None


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(0)
    drawn = [median_interval(rng.exponential(1, 15).tolist()) for _ in range(2000)]
    held = np.mean([low <= np.log(2) <= high for low, high in drawn])
    assert 0.95 <= held < 0.98


@pytest.mark.parametrize(
    "said, value",
    [
        (number(0.914), "0.91"), (number(-0.001), "0.00"), (number(-0.2), "−0.20"), (number(None), "–"),
        (number(10.88, "mm"), "11 mm"), (number(0.0123, "mm"), "0.012 mm"), (number(2415.7, "cm²"), "2400 cm²"),
        (number(9.96, "mm"), "10 mm"), (between(9.5, 14.2, "mm"), "9.5 to 14 mm"), (share(0.004), "< 1 %"),
        (share(0.0), "0 %"), (share(0.316), "32 %"), (between(None, 1), "–"),
    ],
)  # fmt: skip
def test_numbers_have_two_digits(said, value):
    assert said == value


def test_the_numbers_are_those_of_the_tables(made_up, facts):
    pandas = pytest.importorskip("pandas")
    tables = {n: pandas.read_parquet(made_up / f"{n}.parquet") for n in ("structures", "between", "dependence")}
    told = {row["number"]: row for row in facts["statistics"]}
    for name in ("dice", "score", "remote_share"):
        column = tables["structures"][name]
        assert told[name]["cases"] == COUNT and told[name]["median"] == pytest.approx(column.median(), rel=1e-5)
        assert told[name]["quarter"] == pytest.approx(column.quantile(0.25), rel=1e-5)
    area = tables["structures"]["predicted_mm2"].median() / 100
    assert told["predicted_mm2"]["median"] == pytest.approx(area, rel=1e-5) and told["predicted_mm2"]["unit"] == "cm²"
    for row in facts["needs"]["matrix"]:
        losses = tables["between"][tables["between"]["player"] == row["hidden"]]["loss"]
        assert (row["mean"], row["deviation"]) == pytest.approx((losses.mean(), losses.std()), rel=1e-4)
        assert row["above"] == (losses > 0.05).sum()
    held = tables["dependence"][tables["dependence"]["corrected"] < 0.01]
    found = facts["breaks"]["dependence"]
    assert found["tests"] == len(tables["dependence"])
    assert [row["effect"] for row in found["found"]] == pytest.approx(held["effect"].tolist(), rel=1e-5)
    assert {"dice of liver is higher where Scanner is A"} <= {
        row["sentence"].partition(":")[0] for row in found["found"]
    }
    own = facts["needs"]["shares"][0]
    assert own["own"]["median"] + own["remote"]["median"] == pytest.approx(1, abs=1e-5)


def test_what_it_needs_and_ignores_is_told(facts):
    verdicts = {row["hidden"]: row["verdict"] for row in facts["needs"]["matrix"]}
    assert verdicts == {"air": DISTURBED, "heart": IGNORES, "liver": NEEDS, "spine": NEEDS, "stomach": OPEN}
    said = " ".join(facts["summary"][0]["sentences"])
    assert "Dice of liver is higher where Scanner is A: Cliff's delta 1.00" in said
    assert "Needs the spine (0.20)" in said and "Ignores the heart" in said and "surer without the air (0.20)" in said
    assert "below 0.9 in 12 of 24 and below 0.5 in none of 24" in said and "25 % is lost elsewhere" in said


def test_an_organ_that_a_few_patients_need_is_not_ignored():
    losses = {("heart", "liver"): [0.0] * 99 + [0.3], ("spleen", "liver"): [0.001] * 100}
    rows = {row["hidden"]: row for row in matrix(Across(losses=losses))}
    assert (rows["heart"]["verdict"], rows["heart"]["above"]) == (OPEN, 1) and rows["spleen"]["verdict"] == IGNORES


def test_of_few_cases_nothing_is_concluded(small_cohort):
    found = dossier(small_cohort[0] / "out").facts
    assert {row["verdict"] for row in found["needs"]["matrix"]} <= {FEW}
    assert all(row["median_low"] is None for row in found["statistics"]) and not found["breaks"]["outliers"]
    assert any("2 cases explained: no interval" in text for text in found["limits"])


# Failures and limits --------------------------------------------------------------------------------------------------


def test_failures_have_their_reasons(facts, small_cohort):
    assert facts["breaks"]["not_explained"] == [
        {"reason": "the scan of this case is damaged <b>", "cases": 1, "which": ["case 25"]}
    ]
    assert {k: v for k, v in facts["data"].items() if isinstance(v, int)} == {
        "cases": 26, "explained": 24, "not_explained": 1, "not_run": 1, "with_reference": 24,
    }  # fmt: skip
    assert "25 of 26 cases were run" in facts["warnings"][0]
    (row,) = dossier(small_cohort[0] / "out").facts["breaks"]["not_explained"]
    assert "does not exist" in row["reason"] and row["which"] == ["case 3"]


def test_what_was_not_tested_is_said(facts, small_cohort):
    said = "\n".join(facts["limits"])
    assert "Coil: too few cases (5 are needed) to tell of C" in said or "Coil: not tested, too few cases" in said
    assert "1 case of this cohort was not run" in said
    assert "xaiclip stress" in said and "One kind of scan alone: CT" in said
    real = "\n".join(dossier(small_cohort[0] / "out").facts["limits"])
    assert "8 structures that the model draws as well" in real and "Slices 3 alone" in real
    assert "--players prediction" in real and "One method alone (occlusion)" in real.replace("Occlusion", "occlusion")


def test_warnings_that_differ_in_their_numbers_are_one(facts):
    assert facts["breaks"]["notes"] == [{"cases": 24, "example": "slice 0: the map of this case is flat"}]


# The model ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_model_is_told_with_its_hash_its_card_and_its_failures(small_cohort):
    made = dossier(small_cohort[0] / "out")
    weights = ROOT / "XAICLIPLib/weights"
    manifest = json.loads((weights / "manifest.json").read_text())
    model = made.facts["model"]
    assert model["sha256"] == manifest["unet/model.safetensors"]["sha256"] and model["licence"] == "Apache-2.0"
    assert model["asked"] == ["liver"] and "spleen" in model["draws"]
    assert made.facts["card"]["text"] == (weights / "unet/MODEL_CARD.md").read_text(encoding="utf-8")
    assert made.page.count("data:image/jpeg;base64,") == 2 and "Trained on three patients" in made.page
    names = {"not known"} & {model["sha256"]}
    assert not names and made.facts["made"]["devices"] == {"cpu": 2}


def test_a_card_is_text_and_nothing_else(made_up, tmp_path):
    card = tmp_path / "card.md"
    card.write_text(
        "# Card\n<script>alert(1)</script>\n\n- [a](http://x.y)\n  b\n\n| a | b |\n|---|---|\n| `1` | **2** |\n"
    )
    made = dossier(made_up, card=card)
    assert "&lt;script&gt;" in made.page and "<script" not in made.page
    assert (
        "<li>[a](http://x.y) b</li>" in made.page and "<td><code>1</code></td><td><strong>2</strong></td>" in made.page
    )
    assert card_html("a\nb\n\nc") == "<p>a b</p><p>c</p>" and card_html("## x") == "<h4>x</h4>"
    card.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no text"):
        dossier(made_up, card=card)
    with pytest.raises(InputError, match="can't be read"):
        dossier(made_up, card=tmp_path / "none.md")


def stressed(folder, sha, drop):
    """A result of `xaiclip stress` on two scans; noise makes Dice fall by `drop` a step."""
    rows = [
        StressRow(scan=scan, structure="liver", dose=dose, side="", step=step, unit="HU", dice=1 - fall,
                  dice_reference=None, volume_ml=1.0, reason="")
        for scan in ("DOE_JANE", "DOE_JOHN")
        for dose, step, fall in [("none", 0, 0), *(("noise", 10.0 * n, n * drop) for n in (1, 2, 3))]
    ]  # fmt: skip
    report = {
        "title": "two scans", "request": {}, "model": {"name": "bundled", "sha256": sha}, "environment": {},
        "doses": {"noise": [10, 20, 30]}, "scans": [{"name": "DOE_JANE"}, {"name": "DOE_JOHN"}], "warnings": [],
    }  # fmt: skip
    return Stressed(rows, {"liver": "The liver depends on low noise."}, report, {"DOE_X": "gone"}).save(folder)


def test_stress_of_the_same_model_is_told_and_of_another_refused(small_cohort, tmp_path):
    out = small_cohort[0] / "out"
    sha = dossier(out).facts["model"]["sha256"]
    made = dossier(out, stress=stressed(tmp_path / "same", sha, 0.06))
    told = made.facts["breaks"]["stress"]
    (step,) = told["steps"]
    assert (step["holds"], step["below_0.9"], step["below_0.5"]) == (10, 20, None) and told["scans"] == 2
    assert told["left_out"] == 1 and "shift of all grey values" in " ".join(told["not_tried"])
    assert "The liver depends on low noise." in made.page and "<td>10 HU</td><td>20 HU</td><td>–</td>" in made.page
    assert "DOE" not in re.sub('base64,[^"]+', "", made.page) and "DOE" not in json.dumps(made.facts)
    with pytest.raises(InputError, match="another model"):
        dossier(out, stress=stressed(tmp_path / "other", "0" * 64, 0.06))
    with pytest.raises(InputError, match="no result of `xaiclip stress`"):
        dossier(out, stress=tmp_path)


# The files ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_same_folder_gives_the_same_bytes_in_another_process_and_place(small_cohort, tmp_path):
    moved = shutil.copytree(small_cohort[0] / "out", tmp_path / "moved/elsewhere")
    first = xai.dossier(small_cohort[0] / "out").save(tmp_path / "first")
    command = [sys.executable, "-m", "XAICLIPLib.cli", "dossier", str(moved), "--quiet"]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=True, env=environment, cwd=tmp_path)
    for name in ("dossier.html", "dossier.json"):
        data = (moved / name).read_bytes()
        assert data == (tmp_path / "first" / name).read_bytes()
        assert str(tmp_path).encode() not in data and str(ROOT).encode() not in data
    assert first == tmp_path / "first/dossier.html" and not (moved / ".xaiclip-lock").exists()
    assert main(["dossier", str(moved), "--quiet"]) == 0  # its own are replaced
    assert sorted(p.name for p in (tmp_path / "first").iterdir()) == ["dossier.html", "dossier.json"]


@pytest.mark.slow
def test_no_patient_is_named(small_cohort, made_up, tmp_path):
    for name, source in (("small", small_cohort[0] / "out"), ("made", made_up)):
        dossier(source).save(tmp_path / name)
    assert not names_in(tmp_path, r"DOE|JANE|pat0\d\d|\bp[0-9]\b|700\d\d")
    assert "pat024" in dossier(made_up, by_id=True).page
    columns = {row["name"]: row for row in dossier(made_up).facts["data"]["columns"]}
    assert columns["Chart"]["kind"] == "names" and columns["Coil"]["alone"] == 1
    assert columns["Age"]["median"] == 51.5 and columns["Scanner"]["values"][0] == {"value": "A", "cases": 12}


@pytest.mark.parametrize("which", ["small", "made"])
def test_the_page_is_whole_and_reaches_nowhere(which, small_cohort, made_up):
    page = dossier(small_cohort[0] / "out" if which == "small" else made_up).page
    parsed = Parsed(page)
    tags = {tag for tag, _ in parsed.elements}
    ids = {attributes["id"] for _, attributes in parsed.elements if "id" in attributes}
    links = [a["href"] for tag, a in parsed.elements if tag == "a"]
    assert not tags & {"script", "link", "iframe", "form", "object"} and links and {link[1:] for link in links} == ids
    assert all(re.match("data:image/(jpeg|png);base64,", a["src"]) for tag, a in parsed.elements if tag == "img")
    assert "url(" not in page and "@import" not in page and "no legal claim" in page


def test_what_has_a_folder_or_a_short_id_is_not_torn():
    asked = {
        "model": "nnunet:/home/doe/Dataset1",
        "region": {"source": "C:\\doe\\mask.nrrd"},
        "slices": "3:5",
        "n": [1],
    }
    assert without_folders(asked) == {
        "model": "nnunet:Dataset1", "region": {"source": "mask.nrrd"}, "slices": "3:5", "n": [1],
    }  # fmt: skip
    kept = Kept(Path("x"), {}, tuple(Told(CohortCase(n, "", name), name, REFUSED) for n, name in enumerate("57")))
    assert kept.names == {"5": "case 1", "7": "case 2"}
    assert kept.text("the scan of 5 has 5 slices, line 5", "5") == "the scan of this case has 5 slices, line 5"


# Bad input ------------------------------------------------------------------------------------------------------------


def test_what_is_no_cohort_is_refused_in_a_line(tmp_path, capsys):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/report.json").write_text("{}")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged/cohort.json").write_text("{")
    for name, said in (("run", "the result of one scan"), ("damaged", "no cohort"), ("gone", "does not exist")):
        assert main(["dossier", str(tmp_path / name)]) == 2
        assert said in capsys.readouterr().err
    begin(tmp_path / "begun", {"cases": 3})
    with pytest.raises(InputError, match="no case of the cohort in .* was run yet"):
        dossier(tmp_path / "begun")


def test_a_cohort_that_was_killed_is_told_as_far_as_it_is(made_up, tmp_path):
    out = shutil.copytree(made_up, tmp_path / "out")
    for table in out.glob("*.parquet"):
        table.unlink()
    found = dossier(out).facts
    assert "24 of 26 cases were run" in found["warnings"][0] and "(Scanner, Age, Chart, Coil)" in found["warnings"][1]
    assert found["data"]["not_run"] == 2 and found["statistics"] == dossier(made_up).facts["statistics"]
    assert not found["breaks"]["dependence"]["found"]
    shutil.rmtree(out / "cases/pat003")
    (out / "cases.parquet").write_bytes((made_up / "cases.parquet").read_bytes())
    with pytest.raises(InputError, match="lacks cases/pat003"):
        dossier(out)
    (out / "cases.parquet").write_bytes(b"PAR1 damaged")
    with pytest.raises(InputError, match=re.escape("cases.parquet in")):
        dossier(out)


def test_cases_that_came_after_the_tables_are_said_to_be_missing(made_up, tmp_path):
    out = shutil.copytree(made_up, tmp_path / "out")
    head = Finished("pat025", "", "", None, "numbers", EXPLAINED)
    with whole_case(out, "pat025") as part:
        write_rows(part, [], [])
        write_head(part, replace(head))
    assert any("1 case more" in text for text in dossier(out).facts["warnings"])


def test_files_of_somebody_else_stay(made_up, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/dossier.html").write_text("mine")
    with pytest.raises(InputError, match="did not write"):
        dossier(made_up).save(tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["dossier.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="choose another folder"):
        dossier(made_up).save(tmp_path / "file")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_is_read_only_is_told_of_elsewhere(made_up, tmp_path, capsys):
    out = shutil.copytree(made_up, tmp_path / "out")
    out.chmod(0o500)
    assert main(["dossier", str(out)]) == 2 and "choose another folder" in capsys.readouterr().err
    assert main(["dossier", str(out), "--out", str(tmp_path / "new")]) == 0
