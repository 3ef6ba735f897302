"""What a result was made with: versions without imports, hashes, and files that other programs read."""

import csv
import getpass
import hashlib
import json
import math
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.provenance import environment, write_csv, write_json
from XAICLIPLib.weights import sha256

ROOT = Path(__file__).parents[2]


def strict(path):
    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(Path(path).read_text("utf-8"), parse_constant=refuse)


def test_environment_names_the_versions_that_are_installed():
    found = environment()
    assert found["python"] == platform.python_version()
    assert found["libraries"]["SimpleITK"] == metadata.version("SimpleITK")
    assert found["libraries"]["skimage"] == metadata.version("scikit-image")
    assert found["libraries"]["cv2"] == metadata.version("opencv-python-headless")
    assert set(found["libraries"]) >= {"numpy", "scipy", "torch", "open_clip", "cv2", "skimage", "sklearn", "SimpleITK"}
    assert found["xaiclip"]


def test_environment_says_none_for_what_is_not_installed(monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", absent)
    assert environment()["libraries"]["torch"] is None


@pytest.mark.slow
def test_environment_imports_neither_torch_nor_open_clip():
    code = (
        "import sys; from XAICLIPLib.report.provenance import environment; environment();"
        "print([m for m in ('torch', 'open_clip', 'matplotlib.pyplot') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_environment_says_nothing_of_the_machine_or_its_user(monkeypatch):
    monkeypatch.setattr(platform, "release", lambda: "6.1.0-built-by-jane-on-ward7")
    monkeypatch.setattr(platform, "node", lambda: "ward7")
    monkeypatch.setattr(getpass, "getuser", lambda: "jane")
    text = json.dumps(environment())
    assert "6.1.0" in text
    assert "jane" not in text and "ward7" not in text and str(Path.home()) not in text


def test_sha256_of_a_file_longer_than_one_piece(tmp_path):
    data = np.random.default_rng(0).bytes(3 * (1 << 20) + 17)
    (tmp_path / "weights").write_bytes(data)
    assert sha256(tmp_path / "weights") == hashlib.sha256(data).hexdigest()
    (tmp_path / "empty").touch()
    assert sha256(tmp_path / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for place in (tmp_path, tmp_path / "missing"):
        with pytest.raises(InputError, match=place.name):
            sha256(place)


@dataclass
class Settings:
    patch: int
    fill: tuple


def test_json_is_strict_and_keeps_the_order(tmp_path):
    payload = {
        "zebra": np.float32(0.5),
        "apple": np.int64(3),
        "flag": np.bool_(True),
        "array": np.array([[1.0, np.nan], [np.inf, 2.0]]),
        "tuple": (1, (2, 3)),
        "set": {"b", "a"},
        "path": Path("out") / "x.nrrd",
        "settings": Settings(64, ("zero", math.nan)),
        "text": "Größe 3 µm",
        5: None,
    }
    path = write_json(tmp_path / "report.json", payload)
    read = strict(path)
    assert read == {
        "zebra": 0.5,
        "apple": 3,
        "flag": True,
        "array": [[1.0, None], [None, 2.0]],
        "tuple": [1, [2, 3]],
        "set": ["a", "b"],
        "path": str(Path("out") / "x.nrrd"),
        "settings": {"patch": 64, "fill": ["zero", None]},
        "text": "Größe 3 µm",
        "5": None,
    }
    assert list(read)[:3] == ["zebra", "apple", "flag"]
    before = path.read_bytes()
    assert write_json(path, payload).read_bytes() == before


def test_json_refuses_what_it_does_not_know_and_leaves_the_old_file(tmp_path):
    path = write_json(tmp_path / "report.json", {"a": 1})
    with pytest.raises(TypeError):
        write_json(path, {"a": object()})
    assert strict(path) == {"a": 1}


def test_csv_has_all_columns_in_their_first_order_and_empty_cells_for_nothing(tmp_path):
    rows = [
        {"slice": np.int64(4), "dice": np.float64(0.123456789012345), "note": 'thin, "flat"'},
        {"slice": 5, "dice": math.nan, "hd95_mm": math.inf, "warnings": ("one", "two")},
        {"slice": 6, "dice": None},
    ]
    path = write_csv(tmp_path / "metrics.csv", iter(rows))
    with path.open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert list(read[0]) == ["slice", "dice", "note", "hd95_mm", "warnings"]
    assert read[0]["slice"] == "4" and float(read[0]["dice"]) == 0.123456789012345
    assert read[0]["note"] == 'thin, "flat"' and read[0]["hd95_mm"] == ""
    assert read[1]["dice"] == "" and float(read[1]["hd95_mm"]) == math.inf and read[1]["warnings"] == "one; two"
    assert read[2] == {"slice": "6", "dice": "", "note": "", "hd95_mm": "", "warnings": ""}


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    for write in (write_json, write_csv):
        with pytest.raises(InputError, match="missing"):
            write(tmp_path / "missing" / "file", {} if write is write_json else [])
