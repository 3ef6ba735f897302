"""Cohorts without Ray: which cases there are, by what each is known again, and what is told of them all."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from Testing.unit.cohortcase import OPTIONS, job_of, names_in, plain_run, write_manifest, write_scans
from Testing.unit.dicomfiles import write_stack
from XAICLIPLib.cli import main
from XAICLIPLib.cohort.across import across
from XAICLIPLib.cohort.cluster import Wanted
from XAICLIPLib.cohort.csvfile import read_table
from XAICLIPLib.cohort.dependence import effects
from XAICLIPLib.cohort.explainer import CaseExplainer
from XAICLIPLib.cohort.identity import asked_of, stat_of
from XAICLIPLib.cohort.manifest import CohortCase, read_manifest
from XAICLIPLib.cohort.outliers import modified_z, spread
from XAICLIPLib.cohort.page import write_page
from XAICLIPLib.cohort.privacy import Nameless
from XAICLIPLib.cohort.run import run_cohort
from XAICLIPLib.cohort.sources import Choice, find_cases, with_references
from XAICLIPLib.cohort.store import (
    EXPLAINED,
    FAILED,
    REFUSED,
    Finished,
    begin,
    finished_in,
    folder_of,
    refuse_foreign,
    rows_in,
    whole_case,
    write_head,
    write_rows,
)
from XAICLIPLib.cohort.table import Told, told_in, write_tables
from XAICLIPLib.errors import InputError, MissingPackage

ROOT = Path(__file__).parents[2]

# Tables that list cases ----------------------------------------------------------------------------------------------

LINES = [["id", "scan", "Größe"], ["a", "x, y.nrrd", "1,7"], ["b", "é.nrrd", ""]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_whichever_program_wrote_it(tmp_path, encoding, separator, end):
    text = end.join(separator.join(f'"{cell}"' if "," in cell else cell for cell in line) for line in LINES)
    path = tmp_path / "list.csv"
    path.write_bytes((text + end + end).encode(encoding))
    header, lines = read_table(path)
    assert [header, *(cells for _, cells in lines)] == LINES
    assert [number for number, _ in lines] == [2, 3]


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "is empty"),
        (b"PK\x03\x04\0\0scan", "no text"),
        (b"scan,id\na.nrrd,1,2\n", "line 2 of list.csv has 3 cells"),
        (b'scan,id\n"a.nrrd,1\n', "no table that can be read"),
        (b"image,id\na.nrrd,1\n", "no column scan; is it image"),
        (b"scans,id\na.nrrd,1\n", "did you mean scans"),
        (b"scan,id\n", "lists no case"),
    ],
)
def test_what_is_no_manifest_is_refused_in_a_line(tmp_path, data, said):
    (tmp_path / "list.csv").write_bytes(data)
    with pytest.raises(InputError, match=re.escape(said)):
        read_manifest(tmp_path / "list.csv")


def test_a_manifest_says_what_is_wrong_with_each_line(tmp_path):
    for name in ("a.nrrd", "b.nrrd", "labels.nrrd"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "list.csv").write_text(
        "id,scan,reference,age\n"
        "1,a.nrrd,labels.nrrd:liver=5,61\n2,b.nrrd,,\n1,b.nrrd,,4\n4,c.nrrd,,\n5,a.nrrd,no.nrrd,\n,a.nrrd,,\n7,,,\n"
    )
    cohort = read_manifest(tmp_path / "list.csv")
    assert [case.problem for case in cohort.cases] == [
        "", "", "line 4 has the id of line 2; each case needs its own", "the scan of line 5 does not exist",
        "the reference of line 6 does not exist", "line 7 has no id", "line 8 names no scan",
    ]  # fmt: skip
    assert cohort.cases[0].reference == f"{tmp_path}/labels.nrrd:liver=5"
    assert cohort.columns == ("age",) and cohort.cases[0].columns == (("age", "61"),)


def test_columns_that_could_name_a_patient_are_left_out(tmp_path):
    (tmp_path / "a.nrrd").write_bytes(b"x")
    names = ["PatientName", "surname", "Birth date", "Geburtsdatum", "mrn", "file", "scanner", "sex", "tournament"]
    cells = ["Doe", "Doe", "1970", "1970", "123", "in/DOE.nrrd", "A", "F", "x"]
    (tmp_path / "list.csv").write_text(f"scan,{','.join(names)}\na.nrrd,{','.join(cells)}\n")
    cohort = read_manifest(tmp_path / "list.csv")
    assert cohort.columns == ("scanner", "sex", "tournament") and len(cohort.notes) == 6


# Other sources --------------------------------------------------------------------------------------------------------


def test_a_folder_is_searched_for_scans_and_labels_are_left_out(tmp_path):
    for name in ("b.nii.gz", "a/x.nrrd", "a/x_seg.nrrd", "x.seg.nrrd", ".hidden.nrrd", "notes.txt", "c.MHA"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = find_cases(str(tmp_path))
    assert [os.path.relpath(case.scan, tmp_path) for case in found.cases] == ["a/x.nrrd", "b.nii.gz", "c.MHA"]
    assert [case.id for case in found.cases] == ["", "", ""] and "2 files left out" in found.notes[0]
    assert [Path(c.scan).name for c in find_cases(str(tmp_path / "*.nii.gz")).cases] == ["b.nii.gz"]
    assert [Path(c.scan).name for c in find_cases(str(tmp_path), choice=Choice("a/*")).cases] == ["x.nrrd"]
    for source, said in ((tmp_path / "nowhere", "no folder"), (tmp_path / "notes.*", "holds no scan")):
        with pytest.raises(InputError, match=said):
            find_cases(str(source))


def test_a_draw_is_the_same_for_the_same_seed(tmp_path):
    for number in range(40):
        (tmp_path / f"{number:02}.nrrd").write_bytes(b"x")
    drawn = [find_cases(str(tmp_path), choice=Choice(sample=5, seed=seed)).cases for seed in (1, 1, 2)]
    names = [[Path(case.scan).stem for case in cases] for cases in drawn]
    assert names[0] == names[1] == sorted(names[0]) != names[2] and len(names[0]) == 5
    assert [case.position for case in drawn[0]] == [0, 1, 2, 3, 4]
    assert len(find_cases(str(tmp_path), choice=Choice(sample=5, limit=2)).cases) == 2
    with pytest.raises(InputError, match="--limit 0"):
        find_cases(str(tmp_path), choice=Choice(limit=0))


def test_dicom_studies_are_a_case_for_each_series_that_is_a_volume(tmp_path):
    for name, count in (("1", 6), ("2", 7), ("localizer", 2)):
        write_stack(tmp_path / "DOE/study" / name, np.zeros((count, 8, 8), np.int16))
    found = find_cases(str(tmp_path))
    assert [Path(case.scan).name for case in found.cases] == ["1", "2"] and all(case.series for case in found.cases)
    assert "1 DICOM series of fewer than 5 images" in found.notes[0]


def test_the_phantom_has_public_names():
    found = find_cases("phantom", choice=Choice(limit=3))
    assert [(case.id, case.dataset) for case in found.cases] == [(f"phantom-{i}", "phantom") for i in range(3)]
    assert len(find_cases("phantom").cases) == 12


def test_references_by_a_pattern(tmp_path):
    scans = write_scans(tmp_path, 1)
    (scans / "other.nrrd").write_bytes(b"x")
    found = with_references(find_cases(str(scans)), f"{scans}/{{name}}_labels.nrrd:liver=5")
    assert found.cases[0].reference == f"{scans}/DOE_JANE_0_labels.nrrd:liver=5"
    assert (found.cases[1].id, found.cases[1].problem) == ("scan-2", "its reference does not exist")
    with pytest.raises(InputError, match="is of one scan"):
        with_references(find_cases(str(scans)), "labels.nrrd")


# What is known again --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_case_is_made_once_until_its_content_or_what_is_asked_changes(tmp_path):
    scans = write_scans(tmp_path / "in", 1)
    scan, labels = scans / "DOE_JANE_0.nrrd", scans / "DOE_JANE_0_labels.nrrd"
    job = job_of(tmp_path / "out")
    begin(Path(job.out), {})
    case = CohortCase(0, str(scan), reference=f"{labels}:liver=5,spleen=7")

    def made(case=case, job=job):
        return CaseExplainer(job)(case).is_new

    first = CaseExplainer(job)(case)
    assert first.status == EXPLAINED and not made()
    os.utime(scan, ns=(1, 1))  # another time, the same content
    assert not made() and finished_in(folder_of(Path(job.out), first.id)).stat == stat_of(case)
    moved = replace(case, scan=str(scan.rename(scans / "DOE_JOHN.nrrd")))
    assert not made(moved) and CaseExplainer(job)(moved).id == first.id
    moved = replace(moved, reference=f"{labels}:liver=7")
    assert made(moved) and made(moved, job_of(tmp_path / "out", seed=1))
    labels.write_bytes((write_scans(tmp_path / "other", 1, 1) / "DOE_JANE_1_labels.nrrd").read_bytes())
    assert made(moved, replace(job, keep="maps")) and not made(moved)  # who has the maps has the numbers
    assert not names_in(tmp_path / "out")


def test_a_change_that_hides_behind_the_old_time_is_seen(tmp_path):
    path = tmp_path / "a.nrrd"
    path.write_bytes(b"one")
    case, before = CohortCase(0, str(path)), path.stat()
    stat = stat_of(case)
    path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert stat_of(case) != stat and asked_of(case, "p") == asked_of(case, "p") != asked_of(case, "q")


@pytest.mark.parametrize("name", ["a", "a/b", "../x", "CON", "ü", ".", "a" * 300, "p 7"])
def test_every_id_has_a_folder_of_its_own_inside_the_cohort(tmp_path, name):
    folder = folder_of(tmp_path, name)
    assert folder.parent == tmp_path / "cases" and re.fullmatch(r"[A-Za-z0-9_][\w.-]{0,90}", folder.name)
    assert folder != folder_of(tmp_path, f"{name}_") and len(folder.name) < 100


def test_a_case_is_whole_or_not_there(tmp_path):
    begin(tmp_path, {})
    finished = Finished("p1", "asked", "content", None, "numbers", EXPLAINED)
    with pytest.raises(OSError, match="full"), whole_case(tmp_path, "p1") as part:
        write_rows(part, [], [])
        raise OSError(28, "full")
    assert not [*(tmp_path / "cases").iterdir()]
    for outside in (float("inf"), 2.0):
        with whole_case(tmp_path, "p1") as part:
            write_rows(part, [], [{"structure": "liver", "outside_share": outside, "gap": float("nan")}])
            write_head(part, finished)
        row = rows_in(folder_of(tmp_path, "p1"))["structures"][0]
        assert row["outside_share"] == outside and row["gap"] is None
    assert finished_in(folder_of(tmp_path, "p1")) == finished
    (tmp_path / "cases/.part-left").mkdir()
    begin(tmp_path, {})
    assert [path.name for path in (tmp_path / "cases").iterdir()] == ["p1"]
    (tmp_path / "cases/mine").mkdir()
    with pytest.raises(InputError, match="is not of this program"), whole_case(tmp_path, "mine"):
        pass


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    refuse_foreign(tmp_path, ["cohort.html"])
    (tmp_path / "cohort.html").write_text("mine")
    with pytest.raises(InputError, match="no cohort is known to have written"):
        refuse_foreign(tmp_path, ["cohort.html"])
    begin(tmp_path, {})
    refuse_foreign(tmp_path, ["cohort.html"])


# What is said -----------------------------------------------------------------------------------------------------


def test_no_text_names_a_file():
    case = CohortCase(0, "/data/DOE^JANE/ct.nii.gz", reference="/data/DOE_l.nrrd:liver=1", images=("/d/DOE_t2.nrrd",))
    nameless = Nameless(case, "p7")
    assert nameless.text("/data/DOE^JANE/ct.nii.gz is damaged; ct.nii.gz, ct") == (
        "the scan of p7 is damaged; the scan of p7, ct"
    )
    said = nameless.plain({"a": ["DOE_l.nrrd:liver=1 has no spleen", 3], "b": "DOE_t2 is small"})
    assert said == {"a": ["the reference of p7:liver=1 has no spleen", 3], "b": "the image 2 of p7 is small"}
    folder = Nameless(CohortCase(0, "/data/DOE"), "p7")
    assert folder.text("/data/DOE/IM 1.dcm can't be read") == "the scan of p7 1.dcm can't be read"


def test_a_scan_that_cannot_be_explained_is_told_and_not_tried_again(tmp_path):
    scans = write_scans(tmp_path / "in", 1)
    (scans / "DOE_BAD.nrrd").write_bytes(b"NRRD0004\nbroken")
    job = job_of(tmp_path / "out")
    begin(Path(job.out), {})
    explainer = CaseExplainer(job)
    bad = CohortCase(0, str(scans / "DOE_BAD.nrrd"))
    outcome = explainer(bad)
    assert outcome.status == REFUSED and outcome.is_new and "DOE" not in outcome.reason
    assert re.fullmatch("[0-9a-f]{12}", outcome.id) and not explainer(bad).is_new
    gone = explainer(CohortCase(1, str(scans / "DOE_GONE.nrrd"), "p3"))
    assert gone.status == FAILED and not gone.ends_all and "DOE" not in gone.reason  # may be there the next time
    (tmp_path / "file").write_bytes(b"")
    missing = CaseExplainer(replace(job, out=str(tmp_path / "file")))
    assert "does not see the folder" in missing.ready()
    assert explainer.ready() == ""
    unknown = CaseExplainer(job_of(tmp_path / "out", model="onnx:nowhere.onnx"))
    assert "nowhere.onnx" in unknown.ready()


def test_a_second_run_into_the_folder_is_refused_before_it_touches_anything(tmp_path):
    scans = write_scans(tmp_path / "in", 1)
    job = job_of(tmp_path / "out")
    begin(Path(job.out), {})
    (tmp_path / "out/cases/.part-of-the-first").mkdir()
    child = (
        "import sys, time; from pathlib import Path; from XAICLIPLib.report.lock import locked\n"
        "with locked(Path(sys.argv[1])): print(1, flush=True); time.sleep(60)"
    )
    first = subprocess.Popen([sys.executable, "-c", child, job.out], stdout=subprocess.PIPE, cwd=ROOT)
    try:
        first.stdout.readline()
        with pytest.raises(InputError, match="is written by another run"):
            run_cohort(find_cases(str(scans)), job, Wanted())
        assert (tmp_path / "out/cases/.part-of-the-first").is_dir()
    finally:
        first.kill()
        first.communicate()


@pytest.mark.slow
def test_a_model_that_takes_too_long_is_a_row_and_its_worker_is_replaced(tmp_path):
    scans = write_scans(tmp_path / "in", 1)
    (tmp_path / "slow.py").write_text("import time\n\ndef slow(batch):\n    time.sleep(3)\n    return batch[:, :1]\n")
    job = job_of(tmp_path / "out", model=f"function:{tmp_path}/slow.py:slow", time_limit=0.5)
    begin(Path(job.out), {})
    outcome = CaseExplainer(job)(CohortCase(0, str(scans / "DOE_JANE_0.nrrd")))
    assert outcome.status == FAILED and outcome.is_spent and "0.5 s" in outcome.reason
    assert not [*(tmp_path / "out/cases").iterdir()]


@pytest.mark.slow
def test_a_full_disk_ends_the_run_and_leaves_nothing_half_written(tmp_path, monkeypatch):
    scans = write_scans(tmp_path / "in", 1)
    job = job_of(tmp_path / "out")
    begin(Path(job.out), {})

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("XAICLIPLib.cohort.explainer.write_rows", full)
    outcome = CaseExplainer(job)(CohortCase(0, str(scans / "DOE_JANE_0.nrrd")))
    assert outcome.ends_all and outcome.status == FAILED and not [*(tmp_path / "out/cases").iterdir()]


# Tables and page ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_tables_hold_the_numbers_and_the_manifest(small_cohort):
    pandas, parquet = pytest.importorskip("pandas"), pytest.importorskip("pyarrow.parquet")
    out = small_cohort[0] / "out"
    cases, structures = pandas.read_parquet(out / "cases.parquet"), pandas.read_parquet(out / "structures.parquet")
    assert list(cases["id"]) == ["p0", "p1", "p9"] and list(cases["Scanner"]) == ["A", "B", "B"]
    assert list(cases["status"]) == [EXPLAINED, EXPLAINED, REFUSED] and "does not exist" in cases["reason"][2]
    assert cases["Age"].dtype == np.int64 and list(cases["Age"]) == [40, 41, 70] and cases["spacing_z_mm"][0] == 30
    assert list(structures["id"]) == ["p0", "p1"] and 0.3 < structures["dice"].min() <= structures["dice"].max() < 1
    report = json.loads((out / "cases/p0/report.json").read_text())
    assert structures["largest_drop"][0] == report["summary"][0]["largest_drop"]
    slices = pandas.read_parquet(out / "slices.parquet")
    assert (
        list(slices["slice"]) == [3, 3]
        and "seconds" not in slices
        and "seconds" in pandas.read_parquet(out / "times.parquet")
    )
    about = parquet.read_schema(out / "structures.parquet").field("hd95_mm").metadata
    assert about[b"unit"] == b"mm" and about[b"meaning"].startswith(b"95th percentile")


@pytest.mark.slow
def test_the_same_cases_give_the_same_bytes_and_csv_the_same_numbers(small_cohort, tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    folder, cohort = small_cohort
    again = plain_run(cohort, job_of(tmp_path / "out", keep="numbers"))
    assert [outcome.is_new for outcome in again] == [True, True]
    for name in ("cases.parquet", "structures.parquet", "slices.parquet"):
        assert (folder / "out" / name).read_bytes() == (tmp_path / "out" / name).read_bytes(), name
    told = [Told(case, case.id, EXPLAINED, folder=folder / "out/cases" / case.id) for case in cohort.cases[:2]]
    write_tables(tmp_path, told, cohort.columns, with_csv=True)
    as_text = pandas.read_csv(tmp_path / "structures.csv")
    binary = pandas.read_parquet(tmp_path / "structures.parquet")
    assert list(as_text.columns) == list(binary.columns)
    np.testing.assert_array_equal(as_text["dice"], binary["dice"])


@pytest.mark.slow
def test_nothing_that_is_written_names_a_patient(small_cohort):
    assert not names_in(small_cohort[0] / "out")


def told_of(out, values, status=EXPLAINED):
    """Cases with rows of their own, as if they had been explained."""
    begin(out, {})
    told = []
    for number, row in enumerate(values):
        name = f"p{number:03}"
        with whole_case(out, name) as part:
            write_rows(part, [], [{"slice": "all", "structure": "liver", "trust": "strong", **row}])
            write_head(part, Finished(name, "", "", None, "numbers", EXPLAINED))
        told.append(Told(CohortCase(number, "x", name), name, status, folder=folder_of(out, name)))
    return told


def test_columns_of_a_manifest_keep_their_kinds_and_do_not_hide_those_of_the_table(tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    told = told_of(tmp_path, [{"dice": 0.5}, {"dice": 0.25}])
    cells = {"age": ("61", ""), "dose": ("1.5", "2"), "code": ("007", "8"), "dice": ("a", "b"), "id": ("u", "v")}
    for i in (0, 1):
        columns = tuple((name, values[i]) for name, values in cells.items())
        told[i] = replace(told[i], case=replace(told[i].case, columns=columns))
    write_tables(tmp_path, told, tuple(cells))
    table = pandas.read_parquet(tmp_path / "structures.parquet")
    assert list(table["dice"]) == [0.5, 0.25] and list(table["manifest.dice"]) == ["a", "b"]
    assert list(table["manifest.id"]) == ["u", "v"] and list(table["code"]) == ["007", "8"]
    assert list(table["dose"]) == [1.5, 2.0] and table["age"][0] == 61 and pandas.isna(table["age"][1])
    again, columns = told_in(tmp_path)
    assert columns == ("age", "dose", "code", "dice", "id") and [one.id for one in again] == ["p000", "p001"]
    assert dict(again[0].case.columns) == {"age": "61", "dose": "1.5", "code": "007", "dice": "a", "id": "u"}
    assert [one.folder for one in again] == [one.folder for one in told]


def test_outliers_are_those_of_iglewicz_and_hoaglin():
    values = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]  # median 2.45, median deviation 0.15
    scores = modified_z(values)
    assert scores[:8].max() < 3.5 < scores[8:].min() and scores[8] == pytest.approx(0.6745 * 5.75 / 0.15, rel=1e-3)
    assert not modified_z(values[:9]).any() and not modified_z([1.0] * 20).any()
    alike = modified_z([1.0] * 19 + [5.0])  # more than half alike: the mean deviation stands in
    assert alike[-1] > 3.5 and not alike[:-1].any()
    assert modified_z([None, float("nan"), *values])[:2].tolist() == [0, 0]
    found = spread([1.0, None, 3.0, 2.0])
    assert (found.count, found.low, found.median, found.high, found.counts.sum()) == (3, 1, 2, 3, 3)
    assert spread([None]) is None


def test_the_page_shows_the_worst_first_marks_outliers_and_groups_failures(tmp_path):
    rng = np.random.default_rng(0)
    rows = [{"dice": 0.9 + 0.01 * float(rng.normal()), "largest_drop": 0.2} for _ in range(30)]
    rows[17]["dice"] = 0.2
    told = told_of(tmp_path, rows)
    told += [
        Told(CohortCase(30 + i, "x", f"q{i}"), f"q{i}", REFUSED, f"the scan of q{i} is <b>damaged</b>") for i in (0, 1)
    ]
    page = write_page(tmp_path, told, across(told, ()), {"model": "a <b>"}).read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="rows">(.*?)</script>', page, re.DOTALL)[1])
    assert [row["v"][0] for row in data["rows"]][0] == "p017" and data["rows"][0]["f"] == [3]
    assert not any(row["f"] for row in data["rows"][1:])
    assert "<strong>32</strong>cases" in page and "<strong>2</strong>not explained" in page
    assert "the scan of … is &lt;b&gt;damaged&lt;/b&gt;" in page and "q0, q1" in page and "a &lt;b&gt;" in page
    assert not re.search(r"https?://|<b>", page.replace("http-equiv", ""))


@pytest.mark.slow
def test_the_page_links_to_the_report_of_each_case(small_cohort):
    page = (small_cohort[0] / "out/cohort.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^"]+)"', page))
    assert links == {"cases/p0/report.html", "cases/p1/report.html"}
    assert all((small_cohort[0] / "out" / link).is_file() for link in links)
    assert page.count("data:image/jpeg;base64,") == 2 and "p9" in page


# Across the cases -----------------------------------------------------------------------------------------------------


def patients(seed, planted, count=120):
    """Numbers of a cohort, where 30 % of the patients of scanner B hang on something far away; and attributes."""
    rng = np.random.default_rng(seed)
    scanner = rng.choice(["A", "B", "C"], count)
    remote = rng.normal(0.1, 0.02, count)
    of_scanner = rng.permutation(np.flatnonzero(scanner == "B"))
    remote[of_scanner[: round(0.3 * len(of_scanner))]] += 0.3 * planted
    numbers = {("liver", name): rng.normal(0.9, 0.02, count).tolist() for name in ("dice", "score", "unseen_share")}
    numbers["liver", "remote_loss"] = remote.tolist()
    attributes = {"scanner": scanner.tolist(), "sex": rng.choice(["F", "M"], count).tolist()}
    return numbers, {
        **attributes,
        "age": rng.integers(20, 90, count).tolist(),
        "site": rng.choice([1, 2, 3], count).tolist(),
    }


@pytest.mark.parametrize("seed", range(10))
def test_a_cause_in_some_patients_of_one_scanner_is_found_and_none_where_there_is_none(seed):
    found = [effect for effect in effects(*patients(seed, planted=True)) if effect.is_found]
    assert {(e.number, e.column, e.value) for e in found} == {("remote_loss", "scanner", "B")}
    (effect,) = (effect for effect in found if effect.kind == "outside")
    assert 0 < effect.low < effect.effect < effect.high < 1 and "scanner is B" in effect.sentence()
    assert not [effect for effect in effects(*patients(seed, planted=False)) if effect.is_found]


def test_effects_are_the_known_statistics():
    from scipy.stats import mannwhitneyu, spearmanr

    rng = np.random.default_rng(1)
    age, sex = rng.integers(20, 90, 60).tolist(), rng.choice(["F", "M"], 60).tolist()
    values = [0.01 * a + 0.1 * (s == "M") + 0.05 * float(rng.normal()) for a, s in zip(age, sex)]
    by_column = {
        e.column: e for e in effects({("liver", "dice"): values}, {"age": age, "sex": sex}) if e.kind != "outside"
    }
    known = spearmanr(age, values)
    assert (by_column["age"].effect, by_column["age"].p) == pytest.approx((known.statistic, known.pvalue))
    women, men = ([v for v, s in zip(values, sex) if s == which] for which in "FM")
    known = mannwhitneyu(women, men)
    assert by_column["sex"].value == "F" and by_column["sex"].p == pytest.approx(known.pvalue)
    assert by_column["sex"].effect == pytest.approx(2 * known.statistic / (len(women) * len(men)) - 1)
    assert (
        by_column["age"].corrected == pytest.approx(by_column["age"].p * 2)
        and "rises with age" in by_column["age"].sentence()
    )
    few = effects({("liver", "dice"): values[:8]}, {"sex": sex[:8]})
    assert few == [] and effects({("liver", "dice"): [1.0] * 60}, {"sex": sex}) == []
    missing = effects({("liver", "dice"): [None, *values[1:]]}, {"sex": [*sex[:-1], None]})
    assert {e.cases + e.others for e in missing} == {58}


@pytest.mark.slow
def test_which_structure_needs_which_is_told_for_all_cases(tmp_path):
    """Hidden segments of three phantoms, as one run alone says it; and what is lost elsewhere."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    from XAICLIPLib.results.explanation import Explanation

    scans = write_scans(tmp_path / "in", 2)
    cohort = read_manifest(write_manifest(scans, 2))
    plain_run(cohort, job_of(tmp_path / "out", keep="all", players="prediction"))
    out = tmp_path / "out"
    between, structures = (pandas.read_parquet(out / f"{name}.parquet") for name in ("between", "structures"))
    saved = Explanation.load(out / "cases/p1")
    known = saved.influence
    mine = between[between["id"] == "p1"].set_index("player")["loss"]
    assert (
        tuple(mine.index) == known.players and "liver" in mine.index and list(between["Scanner"].unique()) == ["A", "B"]
    )
    np.testing.assert_allclose(mine.to_numpy(), known.between()[:, 0], rtol=1e-6)
    one = known.slice(3)
    own, remote = (np.maximum(one.effects("drawn", 0, part), 0).sum() for part in ("own", "remote"))
    assert structures["remote_share"][1] == pytest.approx(remote / (own + remote))
    page = (out / "cohort.html").read_text(encoding="utf-8")
    losses = [between[(between["player"] == "liver") & (between["id"] == i)]["loss"].iloc[0] for i in ("p0", "p1")]
    assert "Which structure needs which" in page and f"{np.mean(losses):.3f} ± {np.std(losses, ddof=1):.3f} (2)" in page


# The command ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more, said",
    [
        (["--channel", "t2.nrrd"], "image-2"),
        (["--region", "mask.nrrd"], "is of one scan"),
        (["--players", "segments:a.nrrd"], "is of one scan"),
        (["--reference", "labels.nrrd"], "{name}"),
        (["--slots", "0"], "--slots is 0"),
        (["--gpus-per-slot", "1.5"], "--gpus-per-slot is 1.5"),
        (["--address", "ray://head:1"], "give HOST:PORT"),
        (["--address", "127.0.0.1:1"], "no cluster answers"),
        (["--only", "nothing*"], "matches"),
    ],
)
def test_bad_options_end_with_a_line(tmp_path, capsys, more, said):
    scans = write_scans(tmp_path / "in", 1)
    words = ["cohort", str(scans), "--out", str(tmp_path / "out"), *OPTIONS, *more]
    if "--address" not in more:
        assert main(words) == 2
        said_so = capsys.readouterr().err
    elif find_spec("ray") is None:
        pytest.skip("Ray is not here")
    else:  # in a process of its own: here Ray is to be imported for this machine alone
        ended = subprocess.run([sys.executable, "-m", "XAICLIPLib.cli", *words], capture_output=True, text=True)
        assert ended.returncode == 2
        said_so = ended.stderr
    (line,) = [line for line in said_so.splitlines() if line.startswith("xaiclip:")]
    assert said in line


def test_keep_is_a_word_for_the_cohort_and_a_number_for_rise(capsys):
    from XAICLIPLib.cli import build_parser
    from XAICLIPLib.cli.method_options import method_settings_of

    parser = build_parser()
    needed = ["cohort", "phantom", "--out", "x", "--structure", "liver", "--method", "rise"]
    parsed = parser.parse_args([*needed, "--keep", "all", "--keep", "0.3"])
    assert parsed.kept == "all" and method_settings_of(parsed) == {"keep": 0.3}
    assert parser.parse_args(needed).kept == "maps" and not method_settings_of(parser.parse_args(needed))
    with pytest.raises(SystemExit):
        parser.parse_args([*needed, "--keep", "some"])
    assert "--keep some" in capsys.readouterr().err


@pytest.mark.slow
def test_everything_finished_is_told_without_starting_ray(small_cohort, tmp_path, capsys, monkeypatch):
    pytest.importorskip("pyarrow")
    folder, cohort = small_cohort
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    job = job_of(folder / "out", keep="maps")
    found = run_cohort(cohort, job, Wanted())
    assert (found.explained, found.made, found.stopped) == (2, 0, False) and [one.id for one in found.failed] == ["p9"]
    with pytest.raises(MissingPackage, match='pip install "ray'):
        run_cohort(cohort, job_of(tmp_path / "new"), Wanted())
