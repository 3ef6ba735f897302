"""Finished rows are there after whatever came next: another run, a cut line, other settings."""

import json
import sys

import pytest

from XAICLIPLib.benchmark.rowsfile import RowsFile
from XAICLIPLib.errors import InputError, ResourceError

SETTINGS = {"dataset": "phantom", "seed": 0, "methods": {"rise": {"masks": 2000, "keep": 0.5}}}


def test_rows_are_there_in_the_next_run(tmp_path):
    kept = RowsFile(tmp_path / "out", SETTINGS)
    given = kept.add(("phantom-0", "liver", 7, "rise"), [{"seconds": 1.25, "iou": float("nan"), "arm": "ROI"}])
    assert given == [{"seconds": 1.25, "iou": None, "arm": "ROI"}]
    again = RowsFile(tmp_path / "out", SETTINGS)
    assert len(again) == 1 and again.get(("phantom-0", "liver", 7, "rise")) == given
    assert again.get(("phantom-0", "liver", 8, "rise")) is None


def test_a_line_that_was_cut_off_is_written_over(tmp_path):
    kept = RowsFile(tmp_path, SETTINGS)
    kept.add(("a",), [{"n": 1}])
    whole = (tmp_path / "rows.jsonl").read_bytes()
    with (tmp_path / "rows.jsonl").open("ab") as file:
        file.write('{"of": ["b"], "rows": [{"ä'.encode()[:-1])  # in the middle of a letter
    again = RowsFile(tmp_path, SETTINGS)
    assert len(again) == 1 and (tmp_path / "rows.jsonl").read_bytes() == whole
    again.add(("b",), [{"n": 2}])
    assert [json.loads(line)["of"] for line in (tmp_path / "rows.jsonl").read_text().splitlines()] == [["a"], ["b"]]
    (tmp_path / "rows.jsonl").write_bytes(b"rubbish\n" + whole)
    with pytest.raises(InputError, match=r"line 1 of .*rows\.jsonl is damaged; delete that line"):
        RowsFile(tmp_path, SETTINGS)


def test_other_settings_are_refused_by_name_and_value(tmp_path):
    RowsFile(tmp_path, SETTINGS).add(("a",), [{"n": 1}])
    other = {**SETTINGS, "seed": 4, "methods": {"rise": {"masks": 500, "keep": 0.5}}}
    with pytest.raises(InputError) as error:
        RowsFile(tmp_path, other)
    message = str(error.value)
    assert "seed was 0, now 4" in message and "methods.rise.masks was 2000, now 500" in message
    assert "keep" not in message and "dataset" not in message and "choose another --out" in message
    assert len(RowsFile(tmp_path, SETTINGS)) == 1  # nothing was changed by the attempt


def test_another_method_may_come_to_the_same_folder(tmp_path):
    RowsFile(tmp_path, SETTINGS).add(("a",), [{"n": 1}])
    lime = {**SETTINGS, "methods": {"lime": {"samples": 300}}}
    assert len(RowsFile(tmp_path, lime)) == 1
    assert set(json.loads((tmp_path / "settings.json").read_text())["methods"]) == {"rise", "lime"}
    with pytest.raises(InputError, match="methods.rise.masks was 2000, now 8"):  # still known
        RowsFile(tmp_path, {**SETTINGS, "methods": {"rise": {"masks": 8, "keep": 0.5}}})


def test_rows_without_their_settings_are_refused(tmp_path):
    RowsFile(tmp_path, SETTINGS).add(("a",), [{"n": 1}])
    (tmp_path / "settings.json").unlink()
    with pytest.raises(InputError, match=r"settings\.json can't be read, so that nobody knows how they were made"):
        RowsFile(tmp_path, SETTINGS)


def test_a_folder_that_can_not_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="choose another folder with --out"):
        RowsFile(tmp_path / "file" / "out", SETTINGS)


@pytest.mark.skipif(sys.platform != "linux", reason="a disk that is always full is Linux's /dev/full")
def test_a_full_disk_loses_nothing(tmp_path):
    kept = RowsFile(tmp_path, SETTINGS)
    kept.add(("a",), [{"n": 1}])
    held = (tmp_path / "rows.jsonl").read_bytes()
    (tmp_path / "rows.jsonl").rename(tmp_path / "aside")
    (tmp_path / "rows.jsonl").symlink_to("/dev/full")
    with pytest.raises(ResourceError, match="free some space and run the same command again: the 1 comparisons"):
        kept.add(("b",), [{"n": 2}])
    assert kept.get(("b",)) is None
    (tmp_path / "rows.jsonl").unlink()
    (tmp_path / "aside").rename(tmp_path / "rows.jsonl")
    assert (tmp_path / "rows.jsonl").read_bytes() == held and len(RowsFile(tmp_path, SETTINGS)) == 1


@pytest.mark.parametrize("text", ["[]", "3", "null", '{"methods": [1]}', "{", "", "[" * 100_000])
def test_settings_that_are_none_are_one_line(text, tmp_path):
    RowsFile(tmp_path, SETTINGS).add(("a",), [{"n": 1}])
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(InputError, match=r"settings.json can't be read.*choose another --out") as error:
        RowsFile(tmp_path, SETTINGS)
    assert "\n" not in str(error.value)
    assert (tmp_path / "settings.json").read_text() == text  # nothing is written over


@pytest.mark.parametrize("line", ["[]", "3", "{}", '{"of": 3, "rows": []}', '{"of": [[]], "rows": []}', "[" * 100_000])
def test_lines_that_are_no_rows_are_one_line(line, tmp_path):
    RowsFile(tmp_path, SETTINGS)
    (tmp_path / "rows.jsonl").write_text(line + "\n")
    with pytest.raises(InputError, match=r"line 1 of .*rows\.jsonl is damaged"):
        RowsFile(tmp_path, SETTINGS)
