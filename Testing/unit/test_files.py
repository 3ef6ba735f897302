"""A user's files: what this program did not write itself is never removed, replaced or followed; results are whole."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from XAICLIPLib.case.naming import without_paths
from XAICLIPLib.case.request import Request
from XAICLIPLib.cli import main
from XAICLIPLib.cli.atomic import atomic_write
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.folder import reserved, whole_folder, write_report
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.outputs import reserve_output, result_files

pytestmark = pytest.mark.slow

REPORT = {"kind": "xaiclip explanation"}


def put(folder, number=0, names=("saliency.nrrd", "drop-a.nrrd", "panels/slice_0001.png")):
    """A result whose files all hold one number."""
    with whole_folder(folder) as place:
        for name in names:
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_text(str(number))
        write_report(place, {**REPORT, "number": number})


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def deep():
    return "[" * 100_000


@pytest.mark.parametrize("files", [[".."], ["notes.txt", "data"], "abc", [5], [None], ["a\0"], {"x": 1}, None])
def test_a_foreign_report_makes_nothing_go_away(tmp_path, files):
    out = tmp_path / "out"
    (out / "data").mkdir(parents=True)
    for name in ("notes.txt", "data/x", "a", "b", "c"):
        (out / name).write_text("mine")
    for listed in (files, deep()):
        text = listed if listed == deep() else json.dumps({**REPORT, "files": files, "sha256": files})
        (out / "report.json").write_text(text)
        before = tree(tmp_path)
        with pytest.raises(InputError, match="report.json.*did not write"):
            put(out)
        assert tree(tmp_path) == before


def test_a_listing_that_was_changed_proves_nothing(tmp_path):
    put(tmp_path / "out")
    report = json.loads((tmp_path / "out/report.json").read_text())
    (tmp_path / "out/notes.txt").write_text("mine")
    report["sha256"]["notes.txt"] = report["sha256"]["saliency.nrrd"]
    (tmp_path / "out/report.json").write_text(json.dumps(report))
    before = tree(tmp_path)
    with pytest.raises(InputError):
        put(tmp_path / "out", 1)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("kind", ["file", "folder", "link", "link to a folder", "changed", "panels link", "panel"])
def test_what_is_in_the_way_and_not_ours_is_refused(tmp_path, kind):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "slice_0001.png").write_text("mine")
    if kind == "changed":
        put(out)
        (out / "drop-a.nrrd").write_text("edited")
    else:
        out.mkdir()
    if kind == "file":
        (out / "saliency.nrrd").write_text("mine")
    if kind == "folder":
        (out / "saliency.nrrd").mkdir()
        (out / "saliency.nrrd" / "x").write_text("mine")
    if kind.startswith("link"):
        (out / "saliency.nrrd").symlink_to(elsewhere if "folder" in kind else elsewhere / "slice_0001.png")
    if kind == "panels link":
        (out / "panels").symlink_to(elsewhere)
    if kind == "panel":
        (out / "panels").mkdir()
        (out / "panels/slice_0001.png").write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(InputError, match="did not write"):
        put(out, 1)
    with (
        pytest.raises(InputError, match="did not write"),
        reserved(out, ["saliency.nrrd", "drop-a.nrrd", "panels/slice_0001.png"]),
    ):
        pass
    assert tree(tmp_path) == before


def test_a_result_goes_whole_and_all_else_stays(tmp_path):
    out = tmp_path / "out"
    put(out)
    (out / "notes.txt").write_text("mine")
    (out / "panels/mine.png").write_text("mine")
    put(out, 1, ["roi.nrrd"])
    assert set(tree(out)) == {"notes.txt", "panels/mine.png", "roi.nrrd", "report.json"}


def test_two_runs_into_one_folder_are_refused_and_a_dead_one_holds_nobody_up(tmp_path):
    out = tmp_path / "out"
    code = (
        "import sys, time\nfrom XAICLIPLib.report.folder import reserved\n"
        "with reserved(sys.argv[1]):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, out], stdout=subprocess.PIPE)
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(InputError, match=f"another run, process {other.pid}"):
        put(out)
    other.kill()
    other.wait()
    put(out)
    assert not [p for p in out.iterdir() if p.name.startswith(".")]


# A process per folder, each a fork of one that has imported everything: killed before that many moves.
KILLED = """
import os, sys
sys.path.insert(0, sys.argv[1])
import test_files
real = os.replace
for out in map(test_files.Path, sys.argv[2:]):
    left = int(out.name[3:])
    def move(*paths):
        global left
        if left == 0:
            os.kill(os.getpid(), 9)
        left -= 1
        real(*paths)
    child = os.fork()
    if child == 0:
        os.replace = move
        test_files.put(out, 2, ["saliency.nrrd", "roi.nrrd"])
        os._exit(0)
    print(os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither forks nor this signal")
def test_a_run_killed_while_its_files_are_moved_is_ended_by_the_next(tmp_path):
    """Killed before each move in turn: the next run finds the old result or the new one, never files of both."""
    outs = [tmp_path / f"out{after}" for after in (0, 2, 4, 6)]
    for out in outs:
        put(out, 1)
    died = subprocess.run([sys.executable, "-c", KILLED, Path(__file__).parent, *outs], capture_output=True, text=True)
    assert died.stdout.split() == [str(signal.SIGKILL.value)] * len(outs), died.stderr
    for out in outs:
        with reserved(out):
            pass
        assert set(tree(out)) == {"saliency.nrrd", "roi.nrrd", "report.json"}
        assert (out / "roi.nrrd").read_text() == (out / "saliency.nrrd").read_text() == "2"


def test_ctrl_c_waits_until_the_files_are_moved(tmp_path, monkeypatch):
    real, out = os.replace, tmp_path / "out"

    def move(*paths):
        signal.raise_signal(signal.SIGINT)
        real(*paths)

    monkeypatch.setattr(os, "replace", move)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what is in the background deaf
    try:
        with pytest.raises(KeyboardInterrupt):
            put(out, 3)
    finally:
        signal.signal(signal.SIGINT, before)
    assert {value for name, value in tree(out).items() if name != "report.json"} == {b"3"} and "report.json" in tree(
        out
    )


def test_an_input_is_never_written_over(tmp_path):
    put(tmp_path, names=["reference.nrrd", "roi.nrrd"])
    for field, name in (("scan", "roi.nrrd"), ("reference", "reference.nrrd:liver=5"), ("region", "roi.nrrd")):
        request = Request("scan.nrrd", ("liver",)).changed(**{field: str(tmp_path / name)})
        with (
            pytest.raises(InputError, match="input of this run"),
            reserve_output(tmp_path, request, result_files(("liver",))),
        ):
            pass
    assert tree(tmp_path)["roi.nrrd"] == b"0"


def test_a_folder_that_was_not_there_and_places_that_can_hold_none(tmp_path):
    with reserved(tmp_path / "a/b"):
        pass
    assert not (tmp_path / "a").exists()  # nothing was written to it
    (tmp_path / "file").write_text("mine")
    for bad in (tmp_path / "file", tmp_path / "file/x", tmp_path / ("n" * 300)):
        with pytest.raises(InputError, match="choose another"), reserved(bad):
            pass


def test_paths_stay_out_of_reports_unless_they_are_asked_for(tmp_path):
    place = tmp_path / "DOE_JANE_1970"
    place.mkdir()
    request = Request(
        str(place / "ct.nrrd"), ("liver",), model=f"medsam:{place / 'm.pth'}", region=str(place / "r.nrrd")
    )
    report = {"request": request.to_json(), "scan": {"name": "ct.nrrd"}, "warnings": [f"{place / 'r.nrrd'} is small"]}
    clean = without_paths(report, request)
    assert "DOE" not in json.dumps(clean) and str(tmp_path) not in json.dumps(clean)
    assert clean["request"]["model"] == "medsam:m.pth" and clean["request"]["scan"] == "ct.nrrd"
    series = request.changed(scan=str(place))
    clean = without_paths({**report, "request": series.to_json(), "scan": {"name": place.name}}, series)
    assert "DOE" not in json.dumps(clean) and clean["scan"]["name"] == "DICOM series"
    assert without_paths(report, request.changed(label="case 7"))["scan"]["name"] == "case 7"
    assert without_paths(report, request.changed(keep_paths=True))["request"]["scan"] == request.scan


def test_the_phantom_replaces_nothing_unasked(tmp_path, capsys):
    (tmp_path / "ct_labels.nrrd").write_text("mine")
    assert main(["phantom", str(tmp_path / "ct.nrrd")]) == 2
    assert tree(tmp_path) == {"ct_labels.nrrd": b"mine"} and "--force" in capsys.readouterr().err


def test_a_file_is_whole_or_as_it_was_and_links_are_not_followed(tmp_path):
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "x").symlink_to(tmp_path / "victim")
    with atomic_write(tmp_path / "x") as place:
        place.write_text("new")
    assert tree(tmp_path) == {"victim": b"mine", "x": b"new"}
    with pytest.raises(ZeroDivisionError), atomic_write(tmp_path / "x") as place:
        place.write_text("half")
        raise ZeroDivisionError
    assert tree(tmp_path) == {"victim": b"mine", "x": b"new"}


@pytest.mark.parametrize("text", ["", "[]", "5", "{", deep(), '{"kind": "xaiclip explanation"}', '{"kind": [1]}'])
def test_a_damaged_report_is_one_line(tmp_path, text, capsys):
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(InputError):
        Explanation.load(tmp_path)


def test_learned_prompts_and_tables_replace_nothing_of_others(tmp_path, capsys):
    from XAICLIPLib.pipeline.learn_prompts import check_place

    (tmp_path / "scan.nrrd").write_text("mine")
    with pytest.raises(InputError, match="no learned prompts"):
        check_place(tmp_path / "scan.nrrd")
    for name in ("rows.csv", "tables.md", "figure.png"):
        out = tmp_path / name.partition(".")[0]
        out.mkdir()
        (out / name).write_text("mine")
        before = tree(out)
        assert main(["benchmark", "--dataset", "phantom", "--out", str(out)]) == 2
        assert name in capsys.readouterr().err and tree(out) == before
