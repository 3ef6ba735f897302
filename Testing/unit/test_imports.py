"""The floor plan, held by a test: who may import whom, and what must not be loaded before it is used."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import XAICLIPLib

ROOT = Path(XAICLIPLib.__file__).parent
# From left to right; a module may import from its own column and from those on its left. The common ground is first.
COLUMNS = [
    {"errors", "anatomy", "fieldtypes", "spool", "threads", "timelimit", "weights", "wholefile"},
    {"volume"},
    {"preprocess", "phantom"},
    {"datasets"},
    {"roi"},
    {"models"},
    {"explain"},
    {"measure"},
    {"report"},
    {"request"},  # plain data about a run; of the engine it knows the settings of the methods
    # knows the whole row
    {
        "arguments",
        "benchmark",
        "comparison",
        "explanation",
        "case",
        "cautions",
        "learning",
        "loaded",
        "locating",
        "location",
        "assemble",
        "evidence",
        "examine",
        "pipeline",
        "modelcheck",
        "modelorientation",
        "notebook",
        "naming",
        "outputs",
        "remember",
        "slabs",
        "slicewise",
        "volumetric",
    },
    {"worker", "jsonrpc", "cli", "cohort"},  # the faces
]
ORDER = {room: column for column, rooms in enumerate(COLUMNS) for room in rooms}


def modules():
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield path, ".".join(("XAICLIPLib", *(parts[:-1] if parts[-1] == "__init__" else parts)))


def imported(path, name):
    """Absolute names of everything that a module imports, wherever in it."""
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


def room(name):
    parts = name.split(".")
    return parts[1] if parts[0] == "XAICLIPLib" and len(parts) > 1 else None


def test_nothing_on_the_left_imports_anything_on_its_right():
    wrong = []
    for path, name in modules():
        own = room(name)
        if own is None or own == "training":
            continue
        assert own in ORDER, f"XAICLIPLib.{own} has no place in the floor plan; give it one here and in DESIGN.md"
        for other in {room(i) for i in imported(path, name)} - {None, own}:
            if other in ORDER and ORDER[other] > ORDER[own] or other == "training":
                wrong.append(f"{name} imports XAICLIPLib.{other}")
    assert not wrong


def test_the_faces_know_the_pipeline_and_the_request_only():
    """The command line also lists models and writes the phantom; no face reaches into regions, scores or measures."""
    for path, name in modules():
        if room(name) in ("cli", "cohort", "jsonrpc"):
            found = {i for i in imported(path, name) if room(i) in ("roi", "explain", "measure", "preprocess")}
            # data without torch, and where models come from
            plain = ("XAICLIPLib.explain.settings", "XAICLIPLib.roi.catalogue", "XAICLIPLib.roi.source")
            assert all(i.startswith(plain) for i in found), (name, found)


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


@pytest.mark.parametrize(
    "statement, forbidden",
    [
        ("import XAICLIPLib; XAICLIPLib.__version__; dir(XAICLIPLib)", HEAVY | {"SimpleITK", "cv2", "scipy"}),
        ("import XAICLIPLib as xai; xai.Request('a', ('liver',), xai.Rise()); xai.Occlusion(); xai.Lime()", HEAVY),
        ("import XAICLIPLib.request, XAICLIPLib.anatomy, XAICLIPLib.errors", HEAVY),
        ("import XAICLIPLib as xai; xai.Volume; xai.read_volume; xai.make_phantom", HEAVY),
        ("from XAICLIPLib.cli import build_parser; build_parser().format_help()", HEAVY | {"SimpleITK", "cv2"}),
        ("import XAICLIPLib.worker", {"open_clip", "timm", "matplotlib", "sklearn"}),
    ],
    ids=["package", "request", "plain-data", "volumes", "command-line", "worker"],
)
def test_nothing_heavy_is_loaded_before_it_is_used(statement, forbidden):
    assert not loaded(statement) & forbidden


def test_the_public_names_are_there_and_explain_is_the_verb():
    for name in XAICLIPLib.__all__:
        assert getattr(XAICLIPLib, name).__doc__
        assert name in dir(XAICLIPLib)
    importlib.import_module("XAICLIPLib.explain.score")  # the folder stays importable …
    from XAICLIPLib import explain

    assert callable(explain) and callable(XAICLIPLib.explain)  # … and does not hide the verb
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        XAICLIPLib.nonsense  # noqa: B018
