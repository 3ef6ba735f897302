"""Model files that would do more than compute are refused before they are opened."""

import io
import json
import logging
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import hostilefiles
import pytest
import torch
from modelfiles import fails
from torch import nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.load import open_segmenter

CPU = torch.device("cpu")


class Pooled(nn.Module):
    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return nn.functional.max_pool2d(image, 2) * self.weight

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(1))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A model as torch.export saves it, for any number of images."""
    path = tmp_path_factory.mktemp("exported") / "exported.pt2"
    batch = torch.export.Dim("batch", min=1, max=32)
    program = torch.export.export(Pooled(), (torch.rand(2, 1, 32, 32),), dynamic_shapes=({0: batch},))
    torch.export.save(program, path)
    return path


def test_an_honest_export_is_opened(exported):
    model = open_segmenter(f"torchexport:{exported}", CPU, ("liver",))
    assert model.predict(torch.rand(3, 1, 32, 32)).shape == (3, 1, 32, 32)


def rewritten(source, target, change):
    """A copy of an archive, each of its files changed."""
    return hostilefiles.rewritten(source, target, lambda name, content: [(name, change(name, content))])


@pytest.mark.parametrize(
    "old, new, says",
    [
        (None, None, "Python object, which could run any program"),
        ("Symbol('SYMBOL', positive=True, integer=True)", "PROGRAM or 1", "is no arithmetic on sizes"),
        ('"guards_code": []', '"guards_code": ["PROGRAM == 0"]', "is no arithmetic on sizes"),
        ("torch.ops.aten.max_pool2d.default", "torch.load", "calls 'torch.load'"),
        ("torch.ops.aten.max_pool2d.default", "torch.ops.load_library", "calls 'torch.ops.load_library'"),
        ("torch.ops.aten.max_pool2d.default", "torch.ops.aten.from_file.default", "calls 'torch.ops.aten.from_file"),
        ('"use_pickle": false', '"use_pickle": true', "is a pickled Python object"),
        ("builtins.tuple", "builtins.object", "its inputs or outputs are builtins.object"),
    ],
    ids=["pickle", "size", "guard", "function", "library", "file", "weights", "tree"],
)
def test_an_export_that_could_run_a_program_is_refused(exported, tmp_path, old, new, says):
    """The first three do run it when PyTorch opens them, as `torch.export.load` warns."""
    marker = tmp_path / "it-ran"
    pickled = io.BytesIO()
    torch.save(((hostilefiles.Marker(marker),), {}), pickled)
    program = f"__import__('pathlib').Path('{marker}').touch()"

    def change(name, content):
        if old is None:
            return pickled.getvalue() if name.startswith("data/sample_inputs/") else content
        if name.endswith(".json"):
            text = content.decode()
            symbol = next((s for s in text.split("'") if s.startswith("s") and s[1:].isdigit()), "s0")
            return text.replace(old.replace("SYMBOL", symbol), new.replace("PROGRAM", program)).encode()
        return content

    path = rewritten(exported, tmp_path / "theirs.pt2", change)
    fails(ModelError, f"theirs.pt2 is refused: .*{says}", lambda: open_segmenter(f"torchexport:{path}", CPU))
    assert not marker.exists()
    if old is None:
        logging.disable(logging.CRITICAL)
        try:
            torch.export.load(path)
        except Exception:  # whatever comes after it ran
            pass
        finally:
            logging.disable(logging.NOTSET)
        assert marker.exists()


# PyTorch itself refuses these; they are refused all the same
HARMLESS = {"escape in the text", "method", "unknown file"}


@pytest.mark.slow
def test_hostile_files_touch_no_file_and_run_no_code(tmp_path):
    """In a process of their own, with a watch on the disk; PyTorch alone does what each of them wants."""
    made = subprocess.run(
        [sys.executable, Path(__file__).with_name("hostilefiles.py"), tmp_path],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    report = json.loads(made.stdout.splitlines()[-1])
    for name, found in report.items():
        if "theirs" not in found:
            assert found["ours"] == [["opened", ""]], name
            continue
        assert all("is refused: " in said and not seen for said, seen in found["ours"]), (name, found)
        if sys.platform == "linux":
            assert bool(found["theirs"][1]) != (name in HARMLESS), (name, found)


def changed(path, change):
    """An honest TorchScript file with its source or its list of files changed."""
    honest = path.with_name("honest.pt")
    torch.jit.save(torch.jit.script(Pooled()), honest)
    return hostilefiles.rewritten(honest, path, change)


def before(line, at="    weight = self.weight\n"):
    """One more line of source."""
    return lambda name, content: [
        (
            name,
            content.replace(at.encode(), f"    {line}\n{at}".encode())
            if name.endswith("/test_vetting.py")
            else content,
        )
    ]


@pytest.mark.parametrize(
    "change, says",
    [
        (before("# a comment"), "line 11 of .*/test_vetting.py is not as TorchScript"),
        (before("x = '''a'''"), "line 11 of .*/test_vetting.py is not as TorchScript"),
        (before("x = 1.from_file"), "line 11 of .*/test_vetting.py is not as TorchScript"),
        (before("x = fork(self)"), "its code calls fork"),
        (before("x = ops.prim.rpc_sync(1)"), "its code calls ops.prim.rpc_sync"),
        (before("x = torch.manual_seed(1)"), "its code calls manual_seed"),
        (before("x = __torch__.torch.classes.torchvision.Video()"), "torch.classes.torchvision.Video, a class"),
        (before("x = __torch__.torch"), "its code gives __torch__.torch another name"),
        (before('x = getattr(self, "save")'), "its code calls save"),
        (before('x : "torch.classes.torchvision.Video" = 1'), "it names a class in C"),
        (lambda n, c: [(n, b"cos\nsystem\n(U\x02lstR." if n == "data.pkl" else c)], "data.pkl wants os.system"),
        (
            lambda n, c: [(n, b"c__torch__.torch.classes.torchvision\nVideo\n." if n == "data.pkl" else c)],
            "a class in C",
        ),
        (lambda n, c: [(n, c), *([("../up", b"")] if n == "version" else [])], "lies outside the archive's own folder"),
        (lambda n, c: [(n, c), *([("extra/a\\b", b"")] if n == "version" else [])], "is no plain name of a file"),
    ],
    ids=[
        "comment", "quotes", "number", "fork", "network", "seed", "class", "root", "text", "type", "pickle",
        "pickled-class", "up", "backslash",
    ],
)  # fmt: skip
def test_torchscript_of_another_kind_is_refused(tmp_path, change, says):
    path = changed(tmp_path / "theirs.pt", change)
    fails(ModelError, f"theirs.pt is refused: .*{says}", lambda: open_segmenter(f"torchscript:{path}", CPU))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["code/__torch__/more.py", "data/999"])
def test_an_archive_that_grows_when_it_is_unpacked_is_refused(tmp_path, name):
    """80 MB of zeros in 80 kB."""
    path = changed(tmp_path / "bomb.pt", lambda n, c: [(n, c)])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"honest/{name}", bytes(80 * 2**20))
    start = time.perf_counter()
    fails(ModelError, "bomb.pt is refused: its 0 MB become 8. MB", lambda: open_segmenter(f"torchscript:{path}", CPU))
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("size", ["9**9**9**9**9**9", "Factorial(99999999)", "9" * 30, "Integral(s0)"])
def test_sizes_that_take_for_ever_are_refused(exported, tmp_path, size):
    path = rewritten(
        exported, tmp_path / "theirs.pt2",
        lambda name, content: content.replace(b'"guards_code": []', f'"guards_code": ["{size}"]'.encode()),
    )  # fmt: skip
    fails(ModelError, "is no arithmetic on sizes", lambda: open_segmenter(f"torchexport:{path}", CPU))


class Ordinary(nn.Module):
    """What TorchScript writes of it: children that have numbers, one called ops, texts, lists, packed weights."""

    def __init__(self):
        super().__init__()
        self.ops = nn.ModuleList([nn.Conv2d(1, 1, 3, padding=1), nn.ReLU()])
        self.last = nn.LSTM(32, 32, batch_first=True)
        self.dense = nn.Linear(32, 32)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        for op in self.ops:
            image = op(image)
        if image.shape[-1] % 2 == 1:
            raise ValueError(f'an edge is odd: "{image.shape[-1]}"')
        image = nn.functional.interpolate(image, scale_factor=1.0, mode="bilinear", align_corners=False)
        sequence, _ = self.last(image[:, 0])
        return self.dense(sequence)[:, None].sigmoid()


@pytest.mark.slow
def test_an_ordinary_network_is_let_through(tmp_path):
    network = torch.ao.quantization.quantize_dynamic(Ordinary().eval(), {nn.Linear, nn.LSTM}, torch.qint8)
    path = tmp_path / "ordinary.pt"
    torch.jit.save(torch.jit.script(network), path, _extra_files={"xaiclip.json": '{"size": 32}'})
    image = torch.rand(1, 1, 32, 32)
    assert torch.equal(open_segmenter(str(path), CPU, ("liver",)).predict(image), network(image))
