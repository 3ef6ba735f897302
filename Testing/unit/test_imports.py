"""The floor plan, held by a test: who may import whom, and what must not be loaded before it is used."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import XAICLIPLib

ROOT = Path(XAICLIPLib.__file__).parent
# From left to right; a module may import from its own room and from those on its left.
# The faces never import each other.
ROOMS = (
    *("message", "errors", "threads", "anatomy", "volume", "preprocess", "phantom", "datasets", "weights"),
    *("vlm", "roi", "models", "attribution", "influence", "metrics", "report", "case", "results", "pipeline"),
    *("benchmark", "cohort", "worker", "cli"),
)
FACES = ("worker", "cli")
SLICER_ROOMS = ("scene", "sources", "worker", "panel")
AT_THE_ROOT = 6  # modules beside __init__, at most
SLICER = Path(__file__).parents[2] / "XAICLIP" / "XAICLIPSlicer"


def modules(root=ROOT):
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        yield path, ".".join((root.name, *(parts[:-1] if parts[-1] == "__init__" else parts)))


def imported(path, name):
    """Absolute names of everything that a module imports, wherever in it, also for type checkers alone."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *([base] if base else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def room(name, root="XAICLIPLib"):
    parts = name.split(".")
    return parts[1] if parts[0] == root and len(parts) > 1 else None


def to_the_right(root, order, faces=()):
    """Imports that go against the order of the rooms, and between two faces."""
    for path, name in modules(root):
        own = room(name, root.name)
        if own is None or own == "training":  # training may use whatever it trains
            continue
        assert own in order, f"{root.name}.{own} has no place in the floor plan; give it one here and in DESIGN.md"
        for other in {room(i, root.name) for i in imported(path, name)} - {None, own}:
            if other == "training" or other in order and order.index(other) > order.index(own):
                yield f"{name} imports {root.name}.{other}"
            elif own in faces and other in faces:
                yield f"{name} imports {root.name}.{other}: both are faces"


def circles(root):
    """Modules that can be reached from themselves along imports, as sorted circles; packages stand for what they are
    made of only where they import it."""
    files = {name: path for path, name in modules(root)}
    graph = {}
    for name, path in files.items():
        found = {i for i in imported(path, name) if i in files}
        # `from package import module` names the package as well; it is imported, but it is the module that is meant
        meant = {i for i in found if not any(j.startswith(i + ".") for j in found)}
        graph[name] = meant - {name}
    reached = {}
    for name in graph:
        seen, todo = set(), [name]
        while todo:
            for other in graph[todo.pop()] - seen:
                seen.add(other)
                todo.append(other)
        reached[name] = seen
    return sorted({tuple(sorted(o for o in reached[n] if n in reached[o])) for n in graph if n in reached[n]})


@pytest.mark.slow
@pytest.mark.parametrize(
    "root, order, faces", [(ROOT, ROOMS, FACES), (SLICER, SLICER_ROOMS, ())], ids=["Lib", "Slicer"]
)
def test_nothing_on_the_left_imports_anything_on_its_right(root, order, faces):
    assert not [*to_the_right(root, order, faces)]


@pytest.mark.slow
@pytest.mark.parametrize("root", [ROOT, SLICER], ids=["Lib", "Slicer"])
def test_no_module_imports_itself_by_way_of_others(root):
    assert not circles(root)


@pytest.mark.parametrize("root, order", [(ROOT, ROOMS), (SLICER, SLICER_ROOMS)], ids=["Lib", "Slicer"])
def test_every_room_of_the_plan_exists(root, order):
    assert {r for _, n in modules(root) if (r := room(n, root.name))} - {"training"} == set(order)


def test_the_root_keeps_a_few_modules_only():
    loose = [p.name for p in ROOT.glob("*.py") if p.name != "__init__.py"]
    assert len(loose) <= AT_THE_ROOT, loose


def test_the_import_test_sees_what_it_is_for(tmp_path):
    """A circle through two modules and a package, an import to the right and one between faces are all found."""
    root = tmp_path / "Made"
    for name, text in {
        "__init__": "",
        "left/__init__": "",
        "left/a": "from Made.left import b",
        "left/b": "if True:\n    from Made.left.a import x",
        "right/__init__": "",
        "right/c": "import Made.left.a",
        "face/__init__": "from Made import other",
        "other/__init__": "",
        "left/d": "def later():\n    from ..right import c",
    }.items():
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert circles(root) == [("Made.left.a", "Made.left.b")]
    wrong = [*to_the_right(root, ("left", "right", "other", "face"), ("other", "face"))]
    assert wrong == ["Made.face imports Made.other: both are faces", "Made.left.d imports Made.right"]


def test_the_faces_know_the_pipeline_and_the_request_only():
    """The command line also lists models and writes the phantom; no face reaches into regions, scores or measures."""
    for path, name in modules():
        if room(name) == "cli":
            found = {
                i for i in imported(path, name) if room(i) in ("roi", "vlm", "attribution", "metrics", "preprocess")
            }
            # data without torch, and where models come from
            plain = ("XAICLIPLib.attribution.methods", "XAICLIPLib.vlm.catalogue", "XAICLIPLib.vlm.source")
            assert all(i.startswith(plain) for i in found), (name, found)


@pytest.mark.slow
def test_the_engine_never_imports_slicer():
    for path, name in modules():
        roots = {i.partition(".")[0] for i in imported(path, name)}
        assert not roots & {
            "slicer",
            "qt",
            "ctk",
            "vtk",
            "mrml",
            "SlicerCustomAppUtilities",
            "XAICLIP",
            "XAICLIPSlicer",
        }, name


def test_there_are_no_junk_drawers():
    for _, name in modules():
        assert not set(name.split(".")) & {"utils", "util", "helpers", "common", "misc"}


def loaded(statement):
    program = f"import sys\n{statement}\nprint(' '.join(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


HEAVY = {"torch", "torchvision", "open_clip", "timm", "sklearn", "skimage", "matplotlib", "monai", "captum"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement, forbidden",
    [
        ("import XAICLIPLib; XAICLIPLib.__version__; dir(XAICLIPLib)", HEAVY | {"SimpleITK", "cv2", "scipy"}),
        ("import XAICLIPLib as xai; xai.Request('a', ('liver',), xai.Rise()); xai.Occlusion(); xai.Lime()", HEAVY),
        ("import XAICLIPLib.case.request, XAICLIPLib.anatomy, XAICLIPLib.errors", HEAVY),
        ("import XAICLIPLib as xai; xai.Volume; xai.read_volume; xai.make_phantom", HEAVY),
        ("import XAICLIPLib.cohort.run", {"torch"}),  # whoever asks for ten thousand cases has no model open
        ("import XAICLIPLib as xai; xai.dossier", {"torch"}),
        ("from XAICLIPLib.cli import build_parser; build_parser().format_help()", HEAVY | {"SimpleITK", "cv2"}),
        ("import XAICLIPLib.worker.methods", {"open_clip", "timm", "matplotlib", "sklearn"}),
    ],
    ids=["package", "request", "plain-data", "volumes", "cohort", "dossier", "command-line", "worker"],
)
def test_nothing_heavy_is_loaded_before_it_is_used(statement, forbidden):
    assert not loaded(statement) & forbidden


def test_type_checkers_see_the_names_that_the_program_has():
    """Both lists of `XAICLIPLib/__init__.py` hold the same names, each from the same module."""
    (block,) = (
        node.body
        for node in ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    seen = {alias.asname: (node.module, alias.name) for node in block for alias in node.names}
    assert seen == {name: (f"XAICLIPLib.{where}", name) for name, where in XAICLIPLib._WHERE.items()}
    assert XAICLIPLib.__all__ == sorted(seen)


USER = """
import numpy as np
import torch
import XAICLIPLib as xai

explanation = xai.explain("scan.nrrd", structures=["liver"])
reveal_type(explanation)
reveal_type(explanation.drop)
reveal_type(xai.read_volume("scan.nrrd"))
reveal_type(xai.attribute(np.zeros((8, 8), np.float32), lambda batch: batch))
reveal_type(xai.Rise().masks)
xai.explian
"""
REVEALED = ("Explanation", "Volume", "Volume", "Attribution", "int")


@pytest.mark.slow
def test_a_users_editor_knows_what_comes_back(tmp_path):
    """A type checker gives results their types, and takes a misspelt name for an error."""
    beside = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    mypy = shutil.which("mypy", path=beside)
    if mypy is None:
        pytest.skip("mypy is not here; `make types` installs it")
    script = tmp_path / "user.py"
    script.write_text(USER, encoding="utf-8")
    # where and as `make types` runs it, for what it has learned about torch is kept there
    command = [mypy, "--python-executable", sys.executable, "--no-color-output", "--show-absolute-path", str(script)]
    done = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, timeout=280)
    told = re.findall(r'user.py:\d+: (note: Revealed type is "(.+?)"|error: (.+))', done.stdout)
    assert [kind.rpartition(".")[2] for _, kind, _ in told if kind] == [*REVEALED], done.stdout + done.stderr
    (error,) = (error for *_, error in told if error)
    assert '"explian"' in error


def test_the_public_names_are_there():
    for name in XAICLIPLib.__all__:
        assert getattr(XAICLIPLib, name).__doc__
        assert name in dir(XAICLIPLib)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        XAICLIPLib.nonsense  # noqa: B018
