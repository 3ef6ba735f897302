"""Model files that would do more than compute are refused before they are opened."""

import io
import logging
import zipfile

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


class Marker:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def rewritten(source, target, change):
    """A copy of an archive, each of its files changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            root, _, inner = name.partition("/")
            new.writestr(f"{target.stem}/{inner}", change(inner, old.read(name)))
    return target


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
    torch.save(((Marker(marker),), {}), pickled)
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


def test_torchscript_that_writes_files_is_refused(tmp_path):
    class Writes(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            torch.save(image, "left-behind")
            return image

    path = tmp_path / "writes.pt"
    torch.jit.save(torch.jit.script(Writes()), path)
    fails(ModelError, "refused: its code calls save", lambda: open_segmenter(f"torchscript:{path}", CPU))
