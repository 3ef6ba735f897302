"""The worker as a real process: what it answers, that it stays alive, and that it ends when it must."""

import inspect
import json
import os
import queue
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
import torch

from XAICLIPLib.case.cache import Cache
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.models.device import choose_device
from XAICLIPLib.models.precision import VARIANTS
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.pipeline.plan import plan
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume, read_volume, write_volume
from XAICLIPLib.worker.methods import Worker

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
COARSE = {"name": "occlusion", "patch": 128, "stride": 64}  # a quarter of the patches that are usual
# what speaks for a map costs many times such a map; a test that draws it asks for it
LIVER = {"structures": ["liver"], "slices": "5:8", "method": COARSE, "evidence": "none"}
PATIENCE = 240  # seconds until a silent worker is given up, as many as a busy machine may need
MODELS = """
    import time
    import torch

    def fails(batch):
        return 1 / 0

    class Broken:
        name, targets, spatial_dims, provenance = "broken", ("target",), 2, {}

        def prepare(self, image, context):
            return {}["nothing"]

        def predict(self, batch):
            return batch

    def prints(batch):
        print("a library that talks")
        return torch.sigmoid((batch - 50) / 10)

    def sleeps(batch):
        print("asleep", flush=True)
        time.sleep(900)

    def slow(batch):
        time.sleep(0.2)
        return torch.sigmoid((batch - 50) / 10)

    def leaves(batch):
        raise SystemExit("bye")
"""


class Client:
    """The other side of the pipes; keeps every message and the log."""

    def __init__(self, folder: Path, **options) -> None:
        environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "OMP_NUM_THREADS": "1"}
        self.log = folder / f"log-{time.monotonic_ns()}.txt"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "XAICLIPLib.worker"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment,
                cwd=folder, **options,
            )  # fmt: skip
        self._messages: queue.Queue = queue.Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._messages.put(json.loads(line))

    def write(self, text: str | bytes) -> None:
        self.process.stdin.write(text if isinstance(text, bytes) else text.encode())
        self.process.stdin.flush()

    def send(self, method: str, **params) -> int:
        self._number += 1
        self.write(json.dumps({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}) + "\n")
        return self._number

    def next(self, seconds: float = PATIENCE) -> dict:
        return self._messages.get(timeout=seconds)

    def answer(self, number: int | None, seconds: float = PATIENCE) -> tuple[dict, list[dict]]:
        """The answer to a request, and what was told before."""
        told = []
        while "method" in (message := self.next(seconds)) or message["id"] != number:
            told.append(message)
        return message, told

    def call(self, method: str, **params) -> dict:
        message, _ = self.answer(self.send(method, **params))
        assert "result" in message, message
        return message["result"]

    def refused(self, method: str, **params) -> dict:
        return self.answer(self.send(method, **params))[0]["error"]

    def partial(self, number: int) -> dict:
        """The next slice, finished or coarse."""
        while not (message := self.next()).get("params", {}).get("partial"):
            assert "method" in message, message
        assert message["params"]["id"] == number
        return message["params"]["partial"]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("worker")
    (folder / "odd_models.py").write_text(textwrap.dedent(MODELS))
    return folder


@pytest.fixture
def start(place):
    """Workers that are ended with the test."""
    started = []

    def make(**options) -> Client:
        started.append(Client(place, **options))
        return started[-1]

    yield make
    for client in started:
        client.process.kill()
        client.process.wait()


@pytest.fixture(scope="module")
def client(place):
    """One worker for the tests that leave it as it is."""
    made = Client(place)
    yield made
    made.process.stdin.close()
    assert made.process.wait(PATIENCE) == 0


@pytest.fixture(scope="module")
def turned_file(phantom, tmp_path_factory) -> str:
    """The phantom with its axes permuted and flipped, and a little oblique."""
    image = sitk.DICOMOrient(phantom[0].to_sitk(), "ASR")
    angle = np.deg2rad(7)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    image.SetDirection(tuple((turn @ np.array(image.GetDirection()).reshape(3, 3)).ravel()))
    return str(write_volume(Volume.from_sitk(image), tmp_path_factory.mktemp("turned") / "ct.nrrd"))


@pytest.fixture(params=["straight", "turned"])
def scan(request, phantom_file, turned_file) -> str:
    return phantom_file if request.param == "straight" else turned_file


def paste(target: np.ndarray, path: str, offset: list[int]) -> None:
    """What the client does with a slab."""
    slab = read_volume(path).voxels
    target[tuple(slice(o, o + n) for o, n in zip(offset, slab.shape))] = slab


def use_precision(models: Models, name: str) -> None:
    """Each process times the precisions for itself; on a busy machine two may choose differently."""
    segmenter = models.segmenter("bundled", choose_device("cpu"))
    segmenter._forward = VARIANTS[name](segmenter._network)
    segmenter.provenance["precision"] = name


def crowding() -> float:
    """How many times longer than on an idle machine something may take by the clock."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return 2 * max(1.0, load / (os.cpu_count() or 1))


def gone(process: subprocess.Popen, seconds: float) -> bool:
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False


def test_hello(client):
    said = client.call("hello")
    assert said["protocol"] == 1 and said["pid"] == client.process.pid
    assert said["device"] == said["devices"][0] and said["devices"][-1] == "cpu"


def test_check_model(client):
    said = client.call("models", model="bundled")
    assert "liver" in said["targets"] and said["provenance"]["sha256"]
    assert client.refused("models", model="nothing:of:that")["data"]["type"] == "InputError"


def test_language_models_and_what_may_not_be_downloaded_unasked(client, scan, tmp_path):
    rows = {row["name"]: row for row in client.call("language_models")["models"]}
    assert rows["bundled"]["present"] and rows["biomedclip"]["megabytes"] == 784
    wanted = LIVER | {"vlm": "hf-hub:owner/nobody-has-it"}
    about = client.refused("locate", request=wanted, scan=scan, folder=str(tmp_path))["data"]
    assert about["type"] == "NotDownloaded" and about["source"].endswith("/owner/nobody-has-it")


def test_locate_gives_what_the_library_gives(client, scan, models, tmp_path):
    request = LIVER | {"threshold": 0.45, "slices": "4:6"}
    client.call("prepare", request=request, scan=scan)
    found = client.call("locate", request=request, scan=scan, folder=str(tmp_path))
    expected = locate(Request.from_json({"scan": scan} | request), models=models)
    assert [s["z"] for s in found["slices"]] == [4, 5]
    roi, similarity = np.zeros_like(expected.roi.voxels), np.zeros(expected.roi.shape, np.float32)
    for slab in found["slices"]:
        paste(roi, slab["roi"], slab["offset"])
        paste(similarity, slab["similarity"], slab["offset"])
    assert roi.any() and np.array_equal(roi, expected.roi.voxels)
    # the library shows the model several slices at once, which rounds another way
    assert np.abs(similarity - expected.similarities["liver"].voxels).max() < 1e-5
    rows = [row for slab in found["slices"] for row in slab["rows"]]
    assert [row.keys() for row in rows] == [row.keys() for row in expected.rows]
    for row, same in zip(rows, expected.rows):
        assert all(value == same[key] or value == pytest.approx(same[key], abs=1e-5) for key, value in row.items())
    assert all(slab["prediction_recall"] > 0.5 for slab in found["slices"])


def test_a_slab_lies_where_its_voxels_lie(client, turned_file, tmp_path):
    (found,) = client.call("locate", request=LIVER, scan=turned_file, slice=6, folder=str(tmp_path))["slices"]
    whole, slab = read_volume(turned_file), read_volume(found["roi"])
    first = whole.to_sitk().TransformIndexToPhysicalPoint(found["offset"][::-1])
    assert np.allclose(first, slab.origin, atol=1e-6) and np.allclose(whole.direction, slab.direction)


def test_a_moved_threshold_asks_no_model(phantom_file, models, monkeypatch):
    case = Case(Request(phantom_file, ("liver",)), models)
    similarity, predicted = case.similarities.of([6])[0], case.predicted(6)
    other = case.under(Request.of(phantom_file, ("liver",), threshold=0.7, sigma=1.0, dilation_mm=5.0))
    assert other.similarities.of([6])[0] is similarity and other.predicted(6) is predicted
    fresh = Case(other.request, models)
    assert np.array_equal(other.region(6).mask, fresh.region(6).mask)
    assert case.under(Request(phantom_file, ("spleen",))).similarities.of([6])[0].keys() == {"spleen"}


def test_previews_follow_the_threshold_and_old_ones_go(client, phantom_file, models, tmp_path):
    for threshold in np.linspace(0.3, 0.7, 12):
        request = LIVER | {"threshold": float(threshold)}
        found = client.call("locate", request=request, scan=phantom_file, slice=6, folder=str(tmp_path))
        slab = read_volume(found["slices"][0]["roi"]).voxels[0]
        expected = locate(Request.from_json({"scan": phantom_file} | request | {"slices": "6"}), models=models)
        assert np.array_equal(slab, expected.roi.voxels[6])
    assert len(list(tmp_path.glob("*-roi.nrrd"))) == 8


def test_the_cache_forgets_what_was_not_used_for_longest():
    cache = Cache(3000)
    for key in "abab" + "c":
        cache.get_or_make(key, lambda: {"x": np.zeros(1000, np.uint8)})
    cache.get_or_make("a", lambda: pytest.fail("it was used"))
    cache.put("d", {"x": np.ones(1000, np.uint8)})
    assert cache.get("b") is None and cache.get("d")["x"].all()
    assert cache.put("large", np.zeros(9000, np.uint8)) is cache.get("large"), "the newest stays"
    assert all(cache.get(key) is None for key in "acd")
    for _ in range(9):
        cache.put("again", np.zeros(2000, np.uint8))
    assert cache.get("again") is not None
    nothing = Cache(0)
    assert nothing.put("a", np.zeros(1)) is not None and nothing.get("a") is None


def test_plan_gives_what_the_library_gives(client, phantom_file, models):
    said = client.call("plan", request=LIVER, scan=phantom_file)
    expected = plan(Request.from_json({"scan": phantom_file} | LIVER), models=models)
    assert (said["slices"], said["evaluations"]) == (expected.slices, expected.evaluations)
    assert said["text"].startswith(f"{expected.evaluations} of {expected.full_evaluations}")


def test_explain_gives_what_the_library_gives_slice_by_slice(client, scan, models, tmp_path):
    request = LIVER | {"structures": ["liver", "spleen"], "slices": "6:8"}
    number = client.send("explain", request=request, scan=scan, folder=str(tmp_path / "run"), pictures=False)
    answer, told = client.answer(number)
    result = answer["result"]
    report = json.loads(Path(result["files"]["report.json"]).read_text())
    use_precision(models, report["model"]["precision"])
    expected = run(Request.from_json({"scan": scan} | request), models=models)

    assert set(result["files"]) >= {"saliency", "roi", "prediction", "drop-liver", "saliency-spleen", "report.json"}
    final = {name: read_volume(path) for name, path in result["files"].items() if path.endswith(".nrrd")}
    assert np.array_equal(final["saliency"].voxels, expected.saliency.voxels)
    assert np.array_equal(final["drop-spleen"].voxels, expected.drops["spleen"].voxels)
    assert np.array_equal(final["roi"].voxels, expected.roi.voxels)
    assert final["saliency"].same_grid(read_volume(scan), tolerance=1e-6)
    assert [row["structure"] for row in result["summary"]] == ["liver", "spleen"] and not result["stopped"]
    assert b"encoding: raw" in Path(result["files"]["saliency"]).read_bytes()[:1000]

    partials = [m["params"]["partial"] for m in told if m["params"]["partial"]]
    assert [p["z"] for p in partials if p["complete"]] == [6, 7]
    for kind in ("roi", "prediction", "drop-liver", "drop-spleen"):
        pasted = np.zeros_like(final[kind].voxels)
        for partial in partials:
            paste(pasted, partial["files"][kind], partial["offset"])
        assert pasted.any() and np.array_equal(pasted, final[kind].voxels), kind
    # while it runs the saliency is the drop's; its scale is known once all slices are: so it is when the last one comes
    drops = [final[f"drop-{name}"].voxels for name in ("liver", "spleen")]
    of_drops = np.maximum.reduce([np.maximum(drop, 0) / drop.max() for drop in drops])
    pasted = np.zeros_like(final["saliency"].voxels)
    paste(pasted, partials[-1]["files"]["saliency"], partials[-1]["offset"])
    assert pasted.any() and np.allclose(pasted[pasted > 0], of_drops[pasted > 0], atol=1e-6)
    for slab in result["shown"]:  # it comes again as the whole run shows it
        paste(pasted, slab["file"], slab["offset"])
    assert [slab["z"] for slab in result["shown"]] == [6, 7] and np.array_equal(pasted, final["saliency"].voxels)
    done = [m["params"]["done"] for m in told]
    assert done == sorted(done) and told[-1]["params"]["total"] == 2


def test_a_finished_run_is_asked_and_stays_open(client, turned_file, tmp_path):
    request = LIVER | {"slices": "6:8", "evidence": "none", "players": "prediction"}
    run = client.call("explain", request=request, scan=turned_file, folder=str(tmp_path / "run"), pictures=False)
    ask = {"run": run["folder"], "folder": str(tmp_path / "answers")}
    first = client.call("ask", question={}, **ask)
    again = client.call("ask", question={"structure": "liver", "part": "total"}, **ask)
    assert first["text"].startswith("The liver as it is drawn depends") and again["largest"] >= first["largest"] - 1e-6
    assert again["milliseconds"] < 2 * 100 * crowding()
    known = Explanation.load(run["folder"]).influence.why("drawn", "liver", "total")
    pasted = np.zeros_like(known)
    paste(pasted, again["map"], again["offset"])
    assert np.array_equal(pasted, known) and known.any()
    whole, slab = read_volume(turned_file), read_volume(again["map"])
    corner = whole.to_sitk().TransformIndexToPhysicalPoint(again["offset"][::-1])
    assert np.allclose(corner, slab.origin, atol=1e-4) and np.allclose(whole.direction, slab.direction)
    felt = client.call("ask", question={"at": again["at"], "radius_mm": 3, "reach": True}, **ask)
    assert "takes away" in felt["text"] and felt["map"] != again["map"]
    here = client.call("ask", question={"at": again["at"], "part": "total"}, in_slice=True, **ask)
    assert here["slice"] == again["slice"] and here["text"].startswith("The liver here depends")
    assert here["milliseconds"] < 100 * crowding()
    slab = np.zeros_like(known)
    paste(slab, here["map"], here["offset"])
    assert Volume(slab, whole.spacing, whole.origin, whole.direction).axial().voxels[here["slice"]].any()
    can = client.call("askable", run=run["folder"])
    assert can["structures"] == ["liver"] and can["parts"] == ["drawn", "boundary"] and can["between"]
    assert can["slices"] == [6, 7] and can["islands"]["liver"] >= 1
    table = client.call("ask", question={}, between=True, **ask)
    assert table["structures"] == ["liver"] and len(table["losses"]) == len(table["players"]) > 1
    kept = client.call("save", run=run["folder"], folder=str(tmp_path / "kept"))
    assert b"encoding: gzip" in Path(kept["files"]["saliency"]).read_bytes()[:1000]
    later = client.call("ask", question={"at": again["at"]}, run=kept["folder"], folder=str(tmp_path / "later"))
    now = client.call("ask", question={"at": again["at"]}, **ask)
    assert later["text"] == now["text"] and later["largest"] == now["largest"]
    for question, says in (
        ({"at": [1, 2]}, "three: x, y, z"),
        ({"at": [9000, 0, 0]}, "outside the scan"),
        ({"points": [1, 2, 3]}, "points"),
        ({"radius_mm": "wide"}, "radius_mm"),
        ({"structure": "livre"}, "did you mean liver"),
        ({"part": "half"}, "no part 'half'"),
    ):
        error = client.refused("ask", question=question, **ask)
        assert error["data"]["type"] == "InputError" and says in error["message"], error
    assert "holds no" in client.refused("ask", question={}, run=str(tmp_path), folder=str(tmp_path))["message"]


def test_the_slice_in_view_comes_first(client, phantom_file, tmp_path):
    results, order = [], []
    for first in (None, 6):
        number = client.send(
            "explain", request=LIVER, scan=phantom_file, folder=str(tmp_path / str(first)), pictures=False, first=first
        )
        answer, told = client.answer(number)
        results.append(answer["result"])
        partials = [m["params"]["partial"] for m in told if m["params"]["partial"]]
        order.append([p["z"] for p in partials if p["complete"]])
    assert order == [[5, 6, 7], [6, 5, 7]]
    for name in ("saliency", "drop", "roi"):
        a, b = (read_volume(result["files"][name]).voxels for result in results)
        assert np.array_equal(a, b)
    a, b = ({k: v for k, v in result["summary"][0].items() if "second" not in k} for result in results)
    assert a == b


def test_reference_segment_and_box(client, phantom, organ, phantom_file, tmp_path):
    truth = str(write_volume(organ("liver"), tmp_path / "truth.nrrd"))
    given = {"scan": phantom_file, "pictures": False}
    request = LIVER | {"slices": "6"}
    whole = client.call("explain", request=request, reference=truth, region=truth, folder=str(tmp_path / "a"), **given)
    assert whole["summary"][0]["region"] == "segment" and 0.5 < whole["summary"][0]["dice"] < 1
    assert np.array_equal(read_volume(whole["files"]["roi"]).voxels[6], organ("liver").voxels[6])
    box = request | {"region": "box", "box": [-80, -20, -40, 20, -300, 300]}
    (slab,) = client.call("locate", request=box, scan=phantom_file, slice=6, folder=str(tmp_path))["slices"]
    assert slab["similarity"] is None and slab["rows"][0]["source"] == "box"
    error = client.refused("locate", request=request | {"region": "segment"}, scan=phantom_file, folder=str(tmp_path))
    assert "needs the file of a mask" in error["message"]


def test_a_run_of_files_elsewhere_is_drawn_and_goes_on_as_before(client, phantom_file, tmp_path):
    """The report holds the files' names alone; the panel draws from it, and asks again with its own paths."""
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "model.pt"
    torch.jit.trace(torch.nn.Sigmoid(), torch.rand(1, 1, 64, 64)).save(str(path))
    mask = tmp_path / "elsewhere" / "mask.nrrd"
    scan = read_volume(phantom_file)
    write_volume(scan.like(np.ones(scan.shape, np.uint8)), mask)
    request = {"structures": ["liver"], "slices": "5", "model": f"torchscript:{path}", "evidence": "none"}
    request["method"] = {"name": "occlusion", "patch": 256, "stride": 256}
    for name in ("one", "two"):
        folder = str(tmp_path / name)
        client.call("explain", request=request, scan=phantom_file, region=str(mask), folder=folder, pictures=False)
        text = (tmp_path / name / "report.json").read_text()
        assert "elsewhere" not in text and "model.pt" in text
        assert "montage.png" in client.call("draw", folder=folder, scan=phantom_file)["files"]
    one, two = (read_volume(tmp_path / name / "drop-liver.nrrd" if (tmp_path / name / "drop-liver.nrrd").exists()
                            else tmp_path / name / "drop.nrrd") for name in ("one", "two"))  # fmt: skip
    assert np.array_equal(one.voxels, two.voxels)


def test_the_pictures_can_be_drawn_later(client, phantom_file, tmp_path):
    folder, request = str(tmp_path / "run"), LIVER | {"slices": "6", "evidence": "quick"}
    result = client.call("explain", request=request, scan=phantom_file, folder=folder, pictures=False)
    assert "montage.png" not in result["files"]
    assert {"montage.png", "report.html"} <= set(client.call("draw", folder=folder, scan=phantom_file)["files"])
    assert [p.name for p in (tmp_path / "run" / "panels").iterdir()] == ["slice_0006.png"]


def test_an_edited_scan_is_read_again(client, phantom, tmp_path):
    path, request = tmp_path / "ct.nrrd", LIVER | {"slices": "6"}
    write_volume(phantom[0], path)
    before = client.call("locate", request=request, scan=str(path), folder=str(tmp_path))
    write_volume(phantom[0].like(phantom[0].voxels[:, :, ::-1].copy()), path)
    after = client.call("locate", request=request, scan=str(path), folder=str(tmp_path))
    slabs = [read_volume(found["slices"][0]["roi"]).voxels for found in (before, after)]
    assert not np.array_equal(*slabs)


def test_what_is_no_request_is_refused_and_the_next_one_served(client):
    for line, code in (
        ("this is not JSON\n", -32700),
        ("[" * 100_000 + "\n", -32700),
        (b"\xff\xfe\n", -32700),
        ("[]\n", -32600),
        ('{"id": 1}\n', -32600),
        ('{"id": true, "method": "hello"}\n', -32600),
        ('{"id": null, "method": "nothing"}\n', -32601),
    ):
        client.write(line)
        message = client.next()
        assert message["id"] is None and message["error"]["code"] == code
    assert client.refused("nothing")["code"] == -32601
    assert client.refused("explain")["code"] == -32602
    assert "'nonsense'" in client.refused("hello", nonsense=1)["message"]
    client.write('{"id": "text", "method": "hello", "params": [1]}\n')
    assert client.answer("text")[0]["error"]["code"] == -32602
    client.write("\n \n")
    assert client.call("hello")["protocol"] == 1


def test_lines_in_pieces_and_very_long_lines(client):
    again = '\n{"id": "again", "method": "hello"}\n'
    for piece in ('{"id": "split", "me', 'thod": "hello"', ', "params": {}', "}", again):
        client.write(piece)
        time.sleep(0.02)
    assert client.answer("split")[0]["result"] and client.answer("again")[0]["result"]
    error = client.refused("models", model="x" * 20_000_000)
    assert error["data"]["type"] == "InputError" and len(error["message"]) < 3000


def test_errors_say_what_to_do(client, phantom_file, tmp_path):
    given = {"scan": phantom_file, "folder": str(tmp_path)}
    for request, word in (
        ({"structures": ["appendix"]}, "does not segment"),
        (LIVER | {"threshold": 2}, "threshold is 2"),
        (LIVER | {"colour": "red"}, "no colour"),
        (LIVER | {"slices": "90"}, "outside the scan"),
        ({"structures": []}, "at least one structure"),
    ):
        error = client.refused("explain", request=request, **given)
        assert word in error["message"] and error["data"]["type"] == "InputError" and "\n" not in error["message"]
    assert "can't be read" in client.refused("explain", request=LIVER, **given | {"scan": "/none.nrrd"})["message"]
    assert "outside" in client.refused("locate", request=LIVER, slice=99, **given)["message"]
    (tmp_path / "file").write_text("x")
    assert "folder" in client.refused("explain", request=LIVER, **given | {"folder": str(tmp_path / "file")})["message"]


ODD = [
    None,
    True,
    0,
    -1,
    2.5,
    1e30,
    10**40,
    "",
    "x",
    "a\0b",
    "\ud800",
    "y" * 5000,
    "/" + "z" * 300,
    [],
    [1],
    ["x"],
    {},
    {"a": 1},
]


def test_a_parameter_of_any_kind_is_taken_or_refused_in_words(client, phantom_file, tmp_path):
    """What was given wrong is the user's to mend (-32000), never a fault of the worker (-32603)."""
    good = {
        "request": {"structures": ["appendix"], "region": "full", "slices": "6"},
        "scan": phantom_file, "folder": str(tmp_path),
        "out": str(tmp_path / "out"), "labels": phantom_file, "series": str(tmp_path), "name": "none", "model": "none",
        "run": str(tmp_path / "none"), "question": {}, "mask": phantom_file, "first": str(tmp_path / "none"),
        "second": str(tmp_path / "none"),
    }  # fmt: skip
    refused = 0
    for method, call in Worker().methods().items():
        known = {name: p for name, p in inspect.signature(call).parameters.items() if name != "job"}
        needed = {name: good[name] for name, p in known.items() if p.default is p.empty}
        for name in known:
            for value in ODD:
                answer, _ = client.answer(client.send(method, **needed | {name: value}))
                if error := answer.get("error"):
                    assert error["code"] == -32000 and "\n" not in error["message"], (method, name, value, error)
                    refused += 1
    assert refused > 300
    assert (
        "slice is 'x'; it must be a whole number"
        in client.refused("locate", request={}, scan="", folder="", slice="x")["message"]
    )
    assert "scan is 3; it must be text" in client.refused("plan", request={}, scan=3)["message"]


@pytest.mark.parametrize(("name", "word"), [("fails", "division by zero"), ("Broken", "KeyError"), ("leaves", "bye")])
def test_a_job_that_fails_is_told_in_a_line_and_logged_whole(client, phantom_file, tmp_path, name, word):
    request = {"structures": ["target"], "slices": "6", "model": f"function:odd_models:{name}"}
    before = client.log.read_text()
    error = client.refused("explain", request=request, scan=phantom_file, folder=str(tmp_path))
    assert word in error["message"] and "Traceback" not in error["message"] and "\n" not in error["message"]
    told = client.log.read_text()[len(before) :]
    assert "odd_models.py" in told and "Traceback" in told
    assert client.call("hello")


def test_what_a_model_prints_goes_to_the_log(client, phantom_file, tmp_path):
    request = {"structures": ["target"], "slices": "6", "region": "full", "model": "function:odd_models:prints"}
    request |= {"method": COARSE, "evidence": "none"}
    client.call("explain", request=request, scan=phantom_file, folder=str(tmp_path), pictures=False)
    assert "a library that talks" in client.log.read_text()


def test_locate_lives_without_a_model(client, phantom_file, tmp_path):
    request = {"structures": ["pancreas"], "slices": "6"}
    found = client.call("locate", request=request, scan=phantom_file, folder=str(tmp_path))
    assert found["slices"][0]["prediction_recall"] is None
    assert any("does not segment" in warning for warning in found["warnings"])


def test_cancel_keeps_the_slices_that_are_finished(client, phantom_file, tmp_path):
    request = {"structures": ["liver"], "slices": "3:9"}
    number = client.send("explain", request=request, scan=phantom_file, folder=str(tmp_path / "run"), pictures=False)
    first = client.partial(number)
    cancel = client.send("cancel", id=number)
    # answered while the run still goes on, whose own answer comes after it
    assert client.answer(cancel)[0]["result"] == {"cancelled": True}
    answer, told = client.answer(number)
    result = answer["result"]
    report = json.loads(Path(result["files"]["report.json"]).read_text())
    assert result["stopped"] and report["slices"]["explained"][0] == first["z"]
    assert len(report["slices"]["explained"]) < 6 and any("stopped by the user" in w for w in result["warnings"])


def test_cancel_before_a_slice_is_finished(client, phantom_file, tmp_path):
    slow = {"structures": ["target"], "slices": "6", "region": "full", "model": "function:odd_models:slow"}
    number = client.send("explain", request=slow, scan=phantom_file, folder=str(tmp_path / "run"))
    assert client.next()["method"] == "progress"
    waiting = client.send("plan", request=LIVER, scan=phantom_file)
    cancel = client.send("cancel", id=waiting)
    assert client.answer(waiting)[0]["error"]["code"] == -32800
    assert client.answer(cancel)[0]["result"]["cancelled"]
    client.send("cancel", id=number)
    assert client.answer(number)[0]["error"]["code"] == -32800
    assert not client.call("cancel", id=number)["cancelled"] and not client.call("cancel", id=["odd"])["cancelled"]
    assert not (tmp_path / "run").exists()
    assert client.call("hello")


def test_an_id_in_use_is_refused(client, phantom_file, tmp_path):
    slow = {"structures": ["target"], "slices": "6", "region": "full", "model": "function:odd_models:slow"}
    number = client.send("explain", request=slow, scan=phantom_file, folder=str(tmp_path))
    client.write(json.dumps({"id": number, "method": "hello"}) + "\n")
    assert client.answer(number)[0]["error"]["code"] == -32600
    client.send("cancel", id=number)
    assert client.answer(number)[0]["error"]["code"] == -32800


def test_shutdown(start):
    client = start()
    assert client.call("shutdown") == {}
    assert gone(client.process, PATIENCE)


def test_ends_when_stdin_closes(start):
    client = start()
    client.call("hello")
    client.process.stdin.close()
    assert gone(client.process, PATIENCE)


@pytest.mark.parametrize("model", ["slow", "sleeps"])
def test_ends_when_stdin_closes_during_a_run(start, model, phantom_file, tmp_path):
    client = start()
    request = {"structures": ["target"], "slices": "6", "region": "full", "model": f"function:odd_models:{model}"}
    client.send("explain", request=request, scan=phantom_file, folder=str(tmp_path / "run"))
    assert client.next()["method"] == "progress"
    client.process.stdin.close()
    assert gone(client.process, PATIENCE), "it does not wait for the model"


@pytest.mark.skipif(os.name == "nt", reason="Windows closes the pipe of a process that dies")
def test_ends_when_its_parent_dies_with_the_pipe_still_open(place):
    read, write = os.pipe()
    code = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-m', 'XAICLIPLib.worker'])"
    command, environment = [sys.executable, "-c", f"{code}; time.sleep(900)"], os.environ | {"PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(command, stdin=read, stdout=subprocess.PIPE, env=environment)
    os.write(write, b'{"id": 1, "method": "hello"}\n')
    answered = threading.Event()
    closed = threading.Event()

    def watch() -> None:
        for _ in parent.stdout:
            answered.set()
        closed.set()

    threading.Thread(target=watch, daemon=True).start()
    try:
        assert answered.wait(PATIENCE)
        parent.kill()
        parent.wait()
        assert closed.wait(PATIENCE)
    finally:
        os.close(read)
        os.close(write)


@pytest.mark.skipif(os.name == "nt", reason="limits of a process are POSIX")
def test_a_full_disk_is_told(start, phantom_file, tmp_path):
    import resource

    client = start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)))
    request = LIVER | {"structures": ["target"], "region": "full", "model": "function:odd_models:prints"}
    error = client.refused("explain", request=request, scan=phantom_file, folder=str(tmp_path / "run"), pictures=False)
    assert "can't be written" in error["message"] and "space" in error["message"]
    # a slow machine has looked at the coarse map before that, for which the folder was made
    assert {p.name for p in tmp_path.iterdir()} <= {"run"} and not list((tmp_path / "run").glob("*.nrrd"))
    assert client.call("hello")


def test_neither_torch_nor_matplotlib_before_they_are_needed():
    code = """
        import sys
        import XAICLIPLib.worker.methods
        assert "torch" not in sys.modules and "SimpleITK" not in sys.modules
        import XAICLIPLib.pipeline.explain, XAICLIPLib.pipeline.locate
        assert "matplotlib" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, check=True)


def test_a_folder_that_can_not_be_is_one_line_and_the_worker_goes_on(client, phantom_file, tmp_path):
    (tmp_path / "file").write_text("mine")
    impossible = [str(tmp_path / "file"), str(tmp_path / "file" / "below"), str(tmp_path / ("x" * 300)), "a\0b"]
    for folder in impossible:
        error = client.refused("locate", request=LIVER | {"slices": "6"}, scan=phantom_file, folder=folder, slice=6)
        assert error["code"] == -32000 and "\n" not in error["message"], error
    assert (tmp_path / "file").read_text() == "mine"
    assert client.call("hello")["pid"] == client.process.pid
