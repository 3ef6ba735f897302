"""Two cohorts held against each other: what was planted in one is found and named, and nothing where nothing is."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import XAICLIPLib as xai
from Testing.unit.cohortcase import NUMBERS, job_of, names_in, plain_run, write_scans
from XAICLIPLib.cli import main
from XAICLIPLib.cohort.casemaps import OrganMaps, write_maps
from XAICLIPLib.cohort.compare.frames import mean_differences, sentence
from XAICLIPLib.cohort.compare.numbers import interval, short
from XAICLIPLib.cohort.compare.statistics import differences, smallest_p
from XAICLIPLib.cohort.explainer import CaseExplainer
from XAICLIPLib.cohort.frame import CELLS, Frame
from XAICLIPLib.cohort.manifest import read_manifest
from XAICLIPLib.cohort.store import EXPLAINED, REFUSED, Finished, begin, whole_case, write_head, write_rows
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.planted import FAMILIES, phantom_scene
from XAICLIPLib.volume import Volume, read_volume

SPLEEN = ("liver", "loss_when_hidden", "spleen")
RUN = {"slices": "3", "method": {"name": "occlusion"}, "model": "function:a:b", "structures": ["liver"]}


def write_cohort(folder, cases, wanted=None, program="p", **request):
    """A cohort of numbers as `xaiclip cohort` leaves it: by id the scan's content and its row, or the reason."""
    begin(folder, {"program": "p", "cases": wanted or len(cases), "request": {**RUN, **request}})
    for name, (content, row) in cases.items():
        is_row = isinstance(row, dict)
        with whole_case(folder, name) as part:
            needs = row.pop("needs", {}) if is_row else {}
            between = [{"player": player, "structure": "liver", "loss": loss} for player, loss in needs.items()]
            write_rows(part, [], [{"slice": "all", "structure": "liver", **row}] if is_row else [], between)
            status, reason = (EXPLAINED, "") if is_row else (REFUSED, row)
            scan = {"spacing_z_mm": 5.0}
            head = Finished(name, "", f"{content}:labels", None, "numbers", status, reason, scan, program=program)
            write_head(part, head)
    return folder


def two(tmp_path, count=8, shift=0.0, **more):
    """Cohorts of `count` scans, in the second of which a number is shifted."""
    rng = np.random.default_rng(0)
    dice = rng.normal(0.8, 0.05, count)
    rows = [{f"p{i}": (f"c{i}", {"dice": d + by, "predicted_mm2": 1000.0}) for i, d in enumerate(dice)}
            for by in (0.0, shift)]  # fmt: skip
    return [write_cohort(tmp_path / name, own, **more) for name, own in zip("ab", rows)]


# The test and the interval -------------------------------------------------------------------------------------------


def test_a_difference_is_tested_as_scipy_tests_it_by_all_signs():
    rng = np.random.default_rng(3)
    first = rng.normal(0, 1, 9)
    second = first + rng.normal(0.4, 0.7, 9)
    found = differences({"x": [*zip(first, second)]})["x"]
    known = stats.permutation_test(
        (second - first,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert found.p == pytest.approx(known.pvalue) and found.corrected == found.p
    ranks = stats.rankdata(np.abs(second - first)) * np.sign(second - first)
    assert found.effect == pytest.approx(ranks.sum() / np.abs(ranks).sum())
    assert found.mean == pytest.approx((second - first).mean()) and found.higher + found.lower == 9
    assert smallest_p(9) == 2 / 2**9


def test_intervals_hold_a_known_difference_as_often_as_they_say():
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        first = rng.normal(0, 1, 12)
        found = differences({"x": [*zip(first, first + rng.normal(0.3, 0.2, 12))]})["x"]
        held += found.low <= 0.3 <= found.high
    assert 0.90 <= held / 100 <= 0.99


def test_nothing_is_found_among_many_numbers_where_nothing_is_and_one_that_is_there_is():
    false = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        values = {k: [*zip(rng.normal(0, 1, 12), rng.normal(0, 1, 12))] for k in range(30)}
        false += any(d.is_found for d in differences(values).values())
    shifted = differences({**values, "planted": [(v, v + 0.2 + 0.02 * rng.random()) for v, _ in values[0]]})
    assert shifted["planted"].is_found  # 30 tests beside it: with Holm's correction 12 pairs would not do
    assert false <= 1  # 0.01 of 20 are expected


def test_what_is_missing_in_one_is_left_out_in_both_and_few_pairs_are_not_tested():
    values = [(1.0, 2.0)] * 6 + [(None, 9.0), (float("nan"), 9.0), (9.0, None)]
    found = differences({"x": values, "y": [(0.0, 1.0)] * 3 + [(None, None)] * 6, "z": [(None, 1.0)] * 9})
    assert (found["x"].pairs, found["x"].first, found["x"].second, found["x"].is_tested) == (6, 1, 2, True)
    assert (found["y"].pairs, found["y"].is_tested, found["y"].is_found) == (3, False, False) and "z" not in found
    same = differences({"x": [(0.3, 0.3)] * 9})["x"]
    assert (same.p, same.effect, same.low, same.high) == (1, 0, 0, 0)
    many = differences({"x": [(0.0, 1.0 + i) for i in range(40)]})["x"]
    assert many.corrected == pytest.approx(1e-4)


def test_numbers_are_written_in_two_digits():
    said = [short(v, True) for v in (0, 1, 0.0996, 10, 1480.3, -0.034, 1e-7, 0.21, float("nan"))]
    assert said == ["0", "+1.0", "+0.100", "+10", "+1480", "−0.034", "0", "+0.21", "–"]
    assert interval(0.2691, 0.2721) == "+0.269 … +0.272" and interval(-1, 1) == "−1.0 … +1.0"


# What is paired ------------------------------------------------------------------------------------------------------


def test_cases_are_paired_by_their_scans_and_others_are_named(tmp_path):
    one = {"p1": ("x", 0.5), "p2": ("y", 0.6), "p3": ("z", 0.7), "p5": ("u", 0.1), "p6": ("u", 0.2)}
    other = {"q1": ("y", 0.9), "p1": ("x", 0.4), "p3": ("z", "no liver"), "p9": ("w", 0.3), "p6": ("u", 0.4)}
    a, b = (
        write_cohort(tmp_path / name, {i: (c, {"dice": v} if isinstance(v, float) else v) for i, (c, v) in own.items()})
        for name, own in (("a", one), ("b", other))
    )
    found = xai.compare(a, b)
    assert [pair.id for pair in found.pairs] == ["p1", "p2 / q1", "p6"]
    assert found.values["liver", "dice", ""] == [(0.5, 0.4), (0.6, 0.9), (0.2, 0.4)]
    assert found.unpaired == {"could not be explained in B": ["p3"], "not in A": ["p9"],
                              "its scan is there several times, under other ids": ["p5"]}  # fmt: skip
    assert found.how == "No test and no interval across cases: there are 3 pairs, and 5 are needed."
    by_id = xai.compare(a, b, pair="id")
    assert [pair.id for pair in by_id.pairs] == ["p1", "p6"] and any("2 of 2 pairs" in note for note in by_id.notes)


def test_what_is_unfinished_or_of_another_model_is_said_and_the_rest_is_compared(tmp_path):
    a, b = two(tmp_path, shift=0.1)
    write_cohort(b, {"old": ("c0", {"dice": 0.1})}, wanted=10, program="of before")
    shutil.rmtree(b / "cases/p7")
    found = xai.compare(a, b)
    assert len(found.pairs) == 7 and found.unpaired == {"not in B": ["p7"]}
    assert any(note.startswith("B: 3 of 10 cases have no result: not run yet, or") for note in found.notes)
    assert any(note.startswith("B: old left out: made with other settings") for note in found.notes)
    assert not found.sentences and "With 7 pairs no test can get below 0.016" in found.how
    (b / "cases/p6/rows.json").write_text("{")
    assert xai.compare(a, b).unpaired["could not be explained in B"] == ["p6"]


def test_other_slices_make_volumes_of_other_things(tmp_path):
    a, b = two(tmp_path)
    assert xai.compare(a, b).differences["liver", "volume_ml", ""].first == pytest.approx(5.0)
    other = write_cohort(tmp_path / "c", {"p0": ("c0", {"predicted_mm2": 9.0, "dice": 0.2})}, slices="1:3")
    found = xai.compare(a, other)
    assert ("liver", "volume_ml", "") not in found.values and any("slices were chosen" in n for n in found.notes)
    assert [(c.name, c.before, c.now) for c in found.settings] == [("slices", "3", "1:3")]


def test_bad_input_ends_with_a_line(tmp_path, capsys):
    a, b = two(tmp_path)
    stranger = write_cohort(tmp_path / "other", {"z": ("zz", {"dice": 0.5})})
    empty = write_cohort(tmp_path / "empty", {}, wanted=3)
    spleen = tmp_path / "spleen"
    shutil.copytree(b, spleen)
    for rows in (spleen / "cases").glob("*/rows.json"):
        rows.write_text(rows.read_text().replace("liver", "spleen"))
    (tmp_path / "run").mkdir()
    (tmp_path / "run/report.json").write_text("{}")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/compare.html").write_text("mine")
    (tmp_path / "file").write_text("")
    for words, said in (
        ([a, stranger], "no case in common (8 and 1 were explained)"),
        ([a, empty], "no case of the cohort in"),
        ([a, spleen], "share no structure: liver; spleen"),
        ([a, b, "--structure", "spleen"], "not both explain"),
        ([a, tmp_path / "run"], "holds a cohort and"),
        ([a, tmp_path], "holds neither a run nor a cohort"),
        ([a, tmp_path / "nowhere"], "is not there"),
        ([a, b, "--out", tmp_path / "mine"], "compare.html"),
        ([a, b, "--out", tmp_path / "file"], "names a file"),
        ([a, b, "--out", tmp_path / "file/under"], "file"),
        ([a, b, "--out", tmp_path / "d.nrrd"], "names a file"),
        ([a, b, "--out", a], "is one of the two"),
    ):
        assert main(["compare", *map(str, words)]) == 2, words
        out, err = capsys.readouterr()
        assert said in err and err.count("\n") == 1 and not out, err
    assert (tmp_path / "mine/compare.html").read_text() == "mine"
    with pytest.raises(InputError, match="content or id"):
        xai.compare(a, b, pair="name")


# What is said and written --------------------------------------------------------------------------------------------


def test_what_one_needs_and_the_other_does_not_comes_first_and_worst_cases_too(tmp_path):
    pytest.importorskip("pyarrow")
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    rows = [{}, {}]
    for i in range(12):
        noise = rng.normal(0, 0.002, 4)
        rows[0][f"p{i:02}"] = (f"c{i}", {"dice": 0.9 + noise[0], "needs": {"spleen": 0.01 + noise[1], "liver": 0.9}})
        rows[1][f"p{i:02}"] = (f"c{i}", {"dice": 0.88 + noise[2] - 0.3 * (i == 7),
                                         "needs": {"spleen": 0.21 + noise[3], "liver": 0.9}})  # fmt: skip
    rows[0]["<b>x"] = ("c99", {"dice": 0.5})
    a, b = (write_cohort(tmp_path / name, own) for name, own in zip(("a<i>", "b"), rows))
    found = xai.compare(a, b)
    assert found.sentences[0].startswith(
        "B depends on the spleen for its liver, A does not: 0.21 against 0.010 of its probability when hidden, more in "
        "12 of 12 cases (95 % interval of the difference +0.1"
    ) and "p < 0.001)." in found.sentences[0]  # fmt: skip
    assert found.sentences[1].startswith("The liver's Dice with the reference is lower in B: 0.8")
    assert len(found.sentences) == 2
    turned = xai.compare(b, a)
    assert turned.sentences[0].startswith("A depends on the spleen for its liver, B does not: 0.21 against 0.010")
    assert "+0.1" in turned.sentences[0] and "is higher in B" in turned.sentences[1]
    out = found.save(tmp_path / "out", with_csv=True)
    page = (out / "compare.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="rows">(.*?)</script>', page, re.DOTALL)[1])
    assert data["rows"][0]["v"][0] == "p07" and data["rows"][0]["f"] == [4]  # Dice fell there most, an outlier
    assert "&lt;b&gt;x" in page and "a&lt;i&gt;" in page and not re.search(r"https?://|<b>|<i>", page)
    table = pandas.read_parquet(out / "differences.parquet").set_index(["structure", "number", "player"])
    line = table.loc[SPLEEN]
    assert line["found"] and line["higher"] == 12 and line["low"] < line["difference"] < line["high"]
    told = json.loads((out / "compare.json").read_text())
    assert told["sentences"] == found.sentences and len(told["pairs"]) == 12
    assert {row["reason"] for row in told["maps"]} == {"A and B kept no map"}
    pairs = pandas.read_csv(out / "pairs.csv")
    np.testing.assert_allclose(pairs["difference"], pairs["b"] - pairs["a"])
    assert len(pairs) == 12 * 3 and set(pairs["number"]) == {"dice", "loss_when_hidden"}


def test_where_b_hangs_on_more_is_found_in_the_frame_of_the_organ_over_all_pairs(tmp_path):
    pytest.importorskip("pyarrow")
    a, b = two(tmp_path, count=9)
    rng = np.random.default_rng(0)
    shape, place = (CELLS,) * 3, (slice(13, 18), slice(13, 18), slice(20, 25))  # to the left of the middle
    organ = np.zeros(shape, bool)
    organ[6:25, 6:25, 6:25] = True
    frame = Frame((0.0, 0.0, 0.0), (50.0, 60.0, 40.0))
    for i in range(9):
        of_patient = rng.normal(0.3, 0.1, shape)  # what both have in common is no difference
        for out, more in ((a, 0.0), (b, 0.2)):
            maps = {"drop": of_patient + rng.normal(0, 0.02, shape)}
            maps["drop"][place] += more
            maps["drop"][:, :4] = np.nan  # never tested
            one = OrganMaps("liver", frame, "reference", {k: v.astype(np.float16) for k, v in maps.items()}, organ)
            gone = OrganMaps("liver", None, "the scan ends in it")
            write_maps([gone if i == 8 and out is b else one], out / f"cases/p{i}")
    found = xai.compare(a, b)
    (one,) = mean_differences(found.pairs, found.structures)
    assert (one.kind, one.cases, one.left_out) == ("drop", 8, {"the scan ends in it": 1})
    assert one.found[place].all() and np.abs(one.mean[place] - 0.2).max() < 0.05
    elsewhere = one.found.copy()
    elsewhere[place] = False
    assert elsewhere.sum() <= 0.1 * one.found.sum() and not one.count[:, :4].any()
    inside = np.abs(one.mean[place] - 0.2) <= one.half_width[place]
    assert 0.88 <= inside.mean() <= 1
    assert re.match(
        r"8 pairs. B minus A is farthest from 0, \+0.2\d ± 0.0\d+ in 8 pairs, [234]\d mm to the left", sentence(one)
    )
    assert "there it can be told from 0." in sentence(one)
    out = found.save(tmp_path / "out")
    page = (out / "compare.html").read_text(encoding="utf-8")
    assert "Where, across patients: B minus A" in page and "1 pair left out: the scan ends in it." in page
    mean = read_volume(out / "differences/frame-liver-drop-mean.nrrd").voxels
    np.testing.assert_allclose(mean, np.nan_to_num(one.mean), atol=1e-6)
    (row,) = json.loads((out / "compare.json").read_text())["frames"]
    assert row["low"] < 0.2 < row["high"] + 0.05 and row["found_cells"] == one.found.sum()
    (alike,) = mean_differences(xai.compare(a, a).pairs, ["liver"])
    assert not alike.found.any() and sentence(alike) == "B and A are alike in all 9 pairs."


class Plain(CaseExplainer):
    """Cases without pictures, which take longest; a page stands for the report."""

    def _explained(self, case, name, given):
        return replace(super()._explained(case, name, given), picture=None)

    def _keep(self, explanation, folder):
        super()._keep(explanation, folder)
        (folder / "report.html").write_text("")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Eight phantoms by two models, in one of which the liver hangs on the spleen; under other names, in another
    order, and with a scan more in the second."""
    pytest.importorskip("pyarrow")
    place = tmp_path_factory.mktemp("planted")
    scans = write_scans(place / "in", 9)
    lines: dict[str, list[str]] = {"before": [], "after": []}
    for i in range(9):
        for end in (".nrrd", "_labels.nrrd"):
            shutil.copy(scans / f"DOE_JANE_{i}{end}", scans / f"DOE_{8 - i}{end}")
        lines["before"] += [f"p{i};DOE_JANE_{i}.nrrd;DOE_JANE_{i}_labels.nrrd:{NUMBERS}"] * (i < 8)
        lines["after"].append(f"q{i};DOE_{i}.nrrd;DOE_{i}_labels.nrrd:{NUMBERS}")
    for (name, own), model in zip(lines.items(), ("alone", "leaning")):
        (scans / f"{name}.csv").write_text("\n".join(["id;scan;reference", *own]) + "\n")
        settings = {"players": "prediction", "model": f"function:Testing.unit.plantedpair:{model}"}
        job = job_of(place / name, keep="maps", **settings)
        plain_run(read_manifest(scans / f"{name}.csv"), job, explainer=Plain(job))
    return place


@pytest.mark.slow
def test_a_planted_cause_is_found_and_named_though_files_are_called_otherwise(planted, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["compare", str(planted / "before"), str(planted / "after"), "--out", str(out), "--csv"]) == 0
    said, noted = capsys.readouterr()
    first, second = said.splitlines()[:2]
    assert first.startswith("B depends on the spleen for its liver, A does not: 0.2") and "8 of 8 cases" in first
    assert second.startswith("9 numbers tested") and "8 pairs of the same scan ->" in said
    assert "1 not paired, not in A: q0" in noted
    found = xai.compare(planted / "before", planted / "after")
    assert [d for d in found.differences.values() if d.is_found] == [found.differences[SPLEEN]]
    assert [(c.name, c.before[-5:], c.now[-7:]) for c in found.settings] == [("model", "alone", "leaning")]
    assert [(pair.first.id, pair.second.id) for pair in found.pairs] == [(f"p{i}", f"q{8 - i}") for i in range(8)]
    page = (out / "compare.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^"]+)"', page))
    assert len(links) >= 16 and all((out / link).is_file() for link in links)
    assert page.count("data:image/jpeg;base64,") == 8 and not names_in(out, "DOE|JANE")
    maps = json.loads((out / "compare.json").read_text())["maps"]
    assert len(maps) == 8 and all(row["overlap"] == 1 and (out / row["file"]).is_file() for row in maps)
    apart = [read_volume(planted / side / "cases" / name / "drop.nrrd").voxels
             for side, name in (("after", "q8"), ("before", "p0"))]  # fmt: skip
    np.testing.assert_allclose(read_volume(out / "differences/p0-liver.nrrd").voxels, apart[0] - apart[1], atol=1e-6)


@pytest.mark.slow
def test_a_model_against_itself_differs_in_nothing(planted, tmp_path):
    shutil.copytree(planted / "before", tmp_path / "again")
    found = xai.compare(planted / "before", tmp_path / "again")
    assert not found.sentences and not found.settings and not found.unpaired
    assert all(d.mean == 0 and d.corrected == 1 for d in found.differences.values())
    page = (found.save(tmp_path / "out") / "compare.html").read_text(encoding="utf-8")
    assert "Nothing was found in which the two differ" in page and "B − A of the drop: alike" in page


@pytest.mark.slow
def test_the_same_two_give_the_same_bytes(planted, tmp_path):
    for name in ("one", "two"):
        for _ in range(1 + (name == "two")):  # into a folder that holds one already, too
            xai.compare(planted / "before", planted / "after").save(tmp_path / name)
    files = [sorted(p.relative_to(tmp_path / name) for p in (tmp_path / name).rglob("*") if p.is_file())
             for name in ("one", "two")]  # fmt: skip
    assert files[0] == files[1] and len(files[0]) == 5 + 8 + 9  # tables, maps, mean maps
    for file in files[0]:
        first, second = ((tmp_path / name / file).read_bytes() for name in ("one", "two"))
        assert first == second, file


@pytest.mark.slow
def test_a_gate_of_the_benchmark_is_found_where_a_threshold_is_held_against_it(tmp_path):
    """Part of the liver hangs on a white mark beside it in B; in A each pixel is drawn by its own grey value alone."""
    pytest.importorskip("pyarrow")
    folders = {"threshold": tmp_path / "a", "gate outside": tmp_path / "b"}
    for folder in folders.values():
        begin(folder, {"program": "p", "cases": 8, "request": RUN})
    for seed in range(8):
        scene = phantom_scene(seed)
        gate = FAMILIES["gate outside"].plant(scene)
        models = {"threshold": FAMILIES["threshold"].plant(scene).predict, "gate outside": gate.predict}
        scan = Volume(gate.image, (3.0, 3.0, 12.0), (0.0, 0.0, 0.0), modality="MR")
        for name, folder in folders.items():
            run = xai.explain(
                scan, "liver", xai.Occlusion(16, 16, fill="mean", unit="pixel"), model=models[name], region="full",
                slices="0", evidence="none", device="cpu",
            )  # fmt: skip
            with whole_case(folder, f"p{seed}") as part:
                CaseExplainer(job_of(folder))._keep(replace(run, picture=None), part)
                write_head(part, Finished(f"p{seed}", "", f"c{seed}", None, "numbers", EXPLAINED, program="p"))
    found = xai.compare(folders["threshold"], folders["gate outside"])
    differ = {key.number: d for key, d in found.differences.items() if d.is_found}
    assert {"remote_loss", "remote_share", "own_share"} <= set(differ) <= {"remote_loss", "remote_share", "own_share",
                                                                          "unseen_share"}  # fmt: skip
    assert differ["remote_loss"].higher == 8 and differ["remote_loss"].first < 0.02 < 0.1 < differ["remote_loss"].second
    assert any(text.startswith("The liver's largest loss of the rest by one place is higher in B") for text in
               found.sentences)  # fmt: skip
