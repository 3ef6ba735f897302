"""Model files that try to read or write a file, and a watch on the disk that sees whether they did.

``python hostilefiles.py FOLDER`` makes them in a folder, opens each with `XAICLIPLib` and then, to see that it is a
real attack, with PyTorch alone; it prints what happened as JSON.
"""

import ctypes
import io
import json
import os
import struct
import sys
import warnings
import zipfile
from pathlib import Path

import torch
from torch import nn

SAFE = "    return torch.sigmoid(image)\n"
USED = "    return torch.add(torch.sigmoid(image), torch.select(_0, 0, 0))\n"
# what forward says before
BODIES = {
    "escaped line end": '    _0 = torch.from_file\\\n("TARGET", True, 16)\n',
    "another name": '    f = torch.from_file\n    _0 = f("TARGET", True, 16)\n',
    "line end in brackets": '    _0 = (torch.\n      from_file)("TARGET", True, 16)\n',
    "name as text": '    _0 = getattr(torch, "from_file")("TARGET", True, 16)\n',
    "name as two texts": '    _0 = getattr(torch, "from" "_file")("TARGET", True, 16)\n',
    "escape in the text": '    _0 = getattr(torch, "from\\x5ffile")("TARGET", True, 16)\n',
    "namespace of aten": '    _0 = torch.autograd.from_file("TARGET", True, 16)\n',
    "ops of aten": '    _0 = ops.aten.from_file("TARGET", True, 16)\n',
    "save": '    torch.save(image, "TARGET")\n',
    "method": '    (image).save("TARGET")\n',
    "write_file": '    ops.image.write_file("TARGET", torch.to(torch.zeros([4]), 0))\n',
    "namespace by another name": '    o = ops\n    o.image.write_file("TARGET", torch.to(torch.zeros([4]), 0))\n',
    "library by another name": '    o = ops.image\n    o.write_file("TARGET", torch.to(torch.zeros([4]), 0))\n',
    "read_file": '    _0 = ops.image.read_file("SECRET")\n',
    "map a file": '    _0 = torch.from_file("SECRET", False, 4)\n',
}


class Plain(nn.Module):
    """An honest model."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(image)


class WithState(nn.Module):
    """A model whose own code runs while it is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.training = False

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(image)

    @torch.jit.export
    def __getstate__(self):
        return self.training

    @torch.jit.export
    def __setstate__(self, state: bool):
        print("marker")
        self.training = state


class Marker:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def rewritten(source, target, change):
    """A copy of an archive; `change(name, content)` gives the files, as (name, content), that stand for each."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two files with one name, which is what some of them are about
        for name in old.namelist():
            root, _, inner = name.partition("/")
            for changed, content in change(inner, old.read(name)):
                new.writestr(changed.removeprefix("//") if changed[:2] == "//" else f"{root}/{changed}", content)
    return target


def write_all(folder):
    """All files; name -> (path, what opens it)."""
    honest, state = folder / "honest.pt", folder / "state.pt"
    torch.jit.save(torch.jit.script(Plain()), honest)
    torch.jit.save(torch.jit.script(WithState()), state)
    exported = folder / "exported.pt2"
    torch.export.save(torch.export.export(Plain(), (torch.rand(1, 1, 32, 32),)), exported)
    found = {}

    def add(name, change, source=honest, ending=".pt"):
        path = folder / f"{name.replace(' ', '-')}{ending}"
        found[name] = rewritten(source, path, change)

    def with_body(body):
        said = body.replace("TARGET", str(folder / "target")).replace("SECRET", str(folder / "secret" / "file"))
        said += USED if "_0 = " in said else SAFE  # what nothing uses is not computed
        return lambda name, content: [
            (name, content.replace(SAFE.encode(), said.encode()) if name.endswith(".py") else content)
        ]

    for name, body in BODIES.items():
        add(name, with_body(body))
    saved = with_body(BODIES["save"])

    def renamed(to, decoy):
        def change(name, content):
            if not name.endswith(".py"):
                return [(name, content)]
            return [(to, saved(name, content)[0][1]), (decoy, content)]

        return change

    add("ending in capitals", renamed("code/__torch__.PY", "code/decoy.py"))
    add("folder in capitals", renamed("CODE/__torch__.py", "code/decoy.py"))
    add("twice by case", renamed("Code/__torch__.py", "code/__torch__.py"))
    add("twice", renamed("code/__torch__.py", "code/__torch__.py"))
    add("outside", lambda n, c: [*saved(n, c), *([("//elsewhere/code/decoy.py", b"")] if n == "data.pkl" else [])])
    add("unknown file", lambda n, c: [(n, c), *([("model.json", b"{}")] if n == "data.pkl" else [])])
    loading = BODIES["save"].replace("image", "torch.zeros([4])").replace("TARGET", str(folder / "target"))
    add(
        "while it is loaded",
        lambda n, c: [(n, c.replace(b'    print("marker")\n', loading.encode()) if n.endswith(".py") else c)],
        source=state,
    )
    pickled = io.BytesIO()
    torch.save(((Marker(folder / "target"),), {}), pickled)
    add(
        "sample inputs in capitals",
        lambda n, c: [("data/Sample_Inputs/model.PT", pickled.getvalue())] if "sample_inputs" in n else [(n, c)],
        source=exported, ending=".pt2",
    )  # fmt: skip
    add(
        "sample inputs",
        lambda n, c: [(n, pickled.getvalue() if "sample_inputs" in n else c)],
        source=exported, ending=".pt2",
    )  # fmt: skip
    return found


class Watch:
    """Whether a folder's file was opened (Linux), and whether another file was written."""

    def __init__(self, folder):
        self.target = folder / "target"
        self.libc = ctypes.CDLL(None)
        self.handle = self.libc.inotify_init1(os.O_NONBLOCK)
        assert self.libc.inotify_add_watch(self.handle, str(folder / "secret").encode(), 0x20) >= 0  # IN_OPEN

    def seen(self):
        """ "read", "written" or "" since the last call."""
        try:
            read = "read" if struct.calcsize("iIII") <= len(os.read(self.handle, 4096)) else ""
        except BlockingIOError:
            read = ""
        if self.target.exists():
            self.target.unlink()
            return "written"
        return read


def main(folder):
    """Open all files with the program, then with PyTorch."""
    import logging

    import torchvision  # noqa: F401  its operators are there once a CLIP was used

    from XAICLIPLib.errors import XAICLIPError
    from XAICLIPLib.models.load import open_segmenter

    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    (folder / "secret").mkdir()
    (folder / "secret" / "file").write_bytes(bytes(16))
    files, watch, report = write_all(folder), Watch(folder), {}
    image = torch.rand(1, 1, 32, 32)

    def tried(action):
        watch.seen()
        try:
            action()
            said = "opened"
        except XAICLIPError as error:
            said = f"{type(error).__name__}: {error}"
        except Exception as error:
            said = f"traceback: {type(error).__name__}: {error}"
        return said, watch.seen()

    for name, path in files.items():
        export = path.suffix == ".pt2"
        family = "torchexport" if export else "torchscript"
        ours = [tried(lambda s=s: open_segmenter(s, "cpu", ("liver",)).predict(image)) for s in (
            f"{family}:{path}", str(path)
        )]  # fmt: skip
        theirs = tried(lambda p=path, e=export: torch.export.load(p) if e else torch.jit.load(str(p))(image))
        report[name] = {"ours": ours, "theirs": theirs}
    for name in ("honest.pt", "state.pt", "exported.pt2"):
        report[name] = {"ours": [tried(lambda n=name: open_segmenter(str(folder / n), "cpu", ("liver",)))]}
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
