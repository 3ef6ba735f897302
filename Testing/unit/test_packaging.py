"""The extension as Slicer builds and lists it: all files are installed, and the Extensions Index finds what it wants.

A file was added or removed? The message of `test_lists_are_the_files` shows the lists as they have to be, and so does

    python Testing/unit/test_packaging.py           # print the lists
    python Testing/unit/test_packaging.py --write   # write them into the CMakeLists.txt files
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://github.com/XAICLIP/SlicerXAICLIP"
RAW = "https://raw.githubusercontent.com/XAICLIP/SlicerXAICLIP/main/"
ROOMS = {"XAICLIP": "MODULE_PYTHON", "XAICLIPLib": "LIBRARY_PYTHON"}
# Of scripts/check_description_files.py of the Extensions Index; there is none for AI in general.
CATEGORIES = {"Active Learning", "Analysis", "Informatics", "Quantification", "Segmentation", "Utilities"}
FAKE_SLICER = {
    "SlicerConfig.cmake": """
set(Slicer_USE_FILE ${CMAKE_CURRENT_LIST_DIR}/UseSlicer.cmake)
set(Slicer_EXTENSION_GENERATE_CONFIG ${CMAKE_CURRENT_LIST_DIR}/End.cmake)
set(Slicer_EXTENSION_CPACK ${CMAKE_CURRENT_LIST_DIR}/End.cmake)
set(BUILD_TESTING ON)
""",
    "End.cmake": "",
    # Strict about what Slicer's macro is strict about, and copies where it would.
    "UseSlicer.cmake": """
macro(slicerMacroBuildScriptedModule)
  cmake_parse_arguments(MY "WITH_GENERIC_TESTS;WITH_SUBDIR;VERBOSE" "NAME" "SCRIPTS;RESOURCES" ${ARGN})
  if(MY_UNPARSED_ARGUMENTS OR NOT DEFINED MY_NAME)
    message(FATAL_ERROR "slicerMacroBuildScriptedModule: ${MY_UNPARSED_ARGUMENTS}")
  endif()
  set(where ${CMAKE_BINARY_DIR}/qt-scripted-modules)
  if(MY_WITH_SUBDIR)
    get_filename_component(name ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    set(where ${where}/${name})
  endif()
  foreach(file ${MY_SCRIPTS} ${MY_RESOURCES})
    if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
      message(FATAL_ERROR "nonexistent file '${file}'")
    endif()
    get_filename_component(folder ${where}/${file} DIRECTORY)
    file(COPY ${CMAKE_CURRENT_SOURCE_DIR}/${file} DESTINATION ${folder})
  endforeach()
endmacro()
function(slicer_add_python_unittest)
  cmake_parse_arguments(MY "" "SCRIPT;TESTNAME_PREFIX" "SLICER_ARGS" ${ARGN})
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${MY_SCRIPT})
    message(FATAL_ERROR "nonexistent test '${MY_SCRIPT}'")
  endif()
endfunction()
""",
}


def settings(path: Path) -> dict[str, str]:
    """What a CMake file sets, by name, as it is written."""
    text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(re.findall(r"set\((\w+)\s+([^)]*?)\s*\)", text))


def files(room: str) -> dict[str, list[str]]:
    """What belongs into the lists of a room: the scripts and everything else."""
    folder = ROOT / room
    every = sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts
    )
    every = [name for name in every if name != "CMakeLists.txt" and not name.endswith((".pyc", "~"))]
    every = [name for name in every if name.partition("/")[0] != "training"]  # of the repository, not of the program
    scripts = [name for name in every if name.endswith(".py")]
    return {"SCRIPTS": scripts, "RESOURCES": [name for name in every if name not in scripts]}


def listed(room: str, which: str) -> list[str]:
    """What a room's CMake file lists."""
    text = settings(ROOT / room / "CMakeLists.txt")[f"{ROOMS[room]}_{which}"]
    return text.replace("${MODULE_NAME}", room).split()


def block(room: str, which: str) -> str:
    """A list as it has to be in the CMake file."""
    lines = "".join(f"  {name}\n" for name in files(room)[which])
    return f"set({ROOMS[room]}_{which}\n{lines}  )"


def screenshots() -> list[str]:
    """The addresses of the pictures in Resources/Screenshots."""
    return [f"{RAW}Resources/Screenshots/{p.name}" for p in sorted((ROOT / "Resources/Screenshots").glob("*.png"))]


def write() -> None:
    """Bring the lists in the CMake files up to date."""
    for room, prefix in ROOMS.items():
        path = ROOT / room / "CMakeLists.txt"
        text = path.read_text(encoding="utf-8")
        for which in ("SCRIPTS", "RESOURCES"):
            text = re.sub(rf"set\({prefix}_{which}\n[^)]*\)", block(room, which), text)
        path.write_text(text, encoding="utf-8")
    path = ROOT / "CMakeLists.txt"
    line = f'set(EXTENSION_SCREENSHOTURLS "{" ".join(screenshots())}")'
    path.write_text(
        re.sub(r'set\(EXTENSION_SCREENSHOTURLS "[^"]*"\)', line, path.read_text(encoding="utf-8")), encoding="utf-8"
    )


@pytest.mark.parametrize("which", ["SCRIPTS", "RESOURCES"])
@pytest.mark.parametrize("room", ROOMS)
def test_lists_are_the_files(room, which):
    have, want = listed(room, which), files(room)[which]
    missing, surplus = sorted(set(want) - set(have)), sorted(set(have) - set(want))
    assert have == want, (
        f"{room}/CMakeLists.txt is not what is in {room}: to add {missing}, to remove {surplus}, sorted by name. "
        f"`python Testing/unit/test_packaging.py --write` does it. It has to be:\n\n{block(room, which)}\n"
    )


def test_slicer_finds_one_module():
    """Slicer takes every .py beside the module for a module, and its name for the module's."""
    assert [name for name in files("XAICLIP")["SCRIPTS"] if "/" not in name] == ["XAICLIP.py"]
    classes = [
        n.name
        for n in ast.parse((ROOT / "XAICLIP/XAICLIP.py").read_text(encoding="utf-8")).body
        if isinstance(n, ast.ClassDef)
    ]
    assert {"XAICLIP", "XAICLIPWidget", "XAICLIPLogic", "XAICLIPTest"} <= set(classes)
    assert "Resources/UI/XAICLIP.ui" in files("XAICLIP")["RESOURCES"]


def test_nothing_but_slicers_own_packages_is_imported_when_slicer_starts():
    """At file scope of the module: the standard library, Slicer, Qt, VTK."""
    tree = ast.parse((ROOT / "XAICLIP/XAICLIP.py").read_text(encoding="utf-8"))
    names = [a.name for n in tree.body if isinstance(n, ast.Import) for a in n.names]
    names += [n.module for n in tree.body if isinstance(n, ast.ImportFrom)]
    foreign = {n.split(".")[0] for n in names} - set(sys.stdlib_module_names) - {"slicer", "qt", "ctk", "vtk", "numpy"}
    assert not foreign


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder qt-scripted-modules as the build would make it, with a stand-in for Slicer's CMake package."""
    if shutil.which("cmake") is None:
        pytest.skip("cmake is not here")
    folder = tmp_path_factory.mktemp("extension")
    for name, text in FAKE_SLICER.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = ["cmake", "-S", str(ROOT), "-B", str(folder / "build"), f"-DSlicer_DIR={folder}", "-Wdev", "-Werror=dev"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "build/qt-scripted-modules"


@pytest.mark.slow
def test_cmake_configures_and_everything_lands_in_its_place(installed):
    got = sorted(p.relative_to(installed).as_posix() for p in installed.rglob("*") if p.is_file())
    module, library = ([*files(room)["SCRIPTS"], *files(room)["RESOURCES"]] for room in ROOMS)
    assert got == sorted([*module, *(f"XAICLIPLib/{name}" for name in library)])


@pytest.mark.slow
def test_the_installed_library_explains(installed, tmp_path):
    """Complete without the repository: the bundled models are opened and used from the installed folder."""
    script = """
import sys
sys.path[:] = [p for p in sys.path if p not in ("", sys.argv[1])]
sys.path.insert(0, sys.argv[2])
import XAICLIPLib
assert XAICLIPLib.__file__.startswith(sys.argv[2]), XAICLIPLib.__file__
from XAICLIPLib.attribution.methods import Occlusion
from XAICLIPLib.case.request import Request
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.pipeline.explain import run
scan, _ = make_phantom(0, shape=(6, 96, 96), spacing=(4.0, 4.0, 25.0))
method = Occlusion(patch=128.0, stride=128.0)
request = Request(scan="phantom", structures=("liver",), slices="3", method=method, device="cpu")
assert run(request, scan=scan).drop.voxels.any()
print("explained")
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT), str(installed)],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=tmp_path,
    )
    assert done.returncode == 0 and "explained" in done.stdout, done.stderr[-3000:]


# The wheel ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_wheel_holds_the_program_and_nothing_else(tmp_path):
    """What pip installs is what Slicer installs: every module, the weights and their cards, the types; no training."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a checkout")
    for name in filter(None, done.stdout.split("\0")):  # a build leaves files beside its sources
        if (ROOT / name).is_file() and not name.startswith(("Testing/", "XAICLIP/", "Resources/")):
            (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / "source" / name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path / "out", tmp_path / "source"]
    done = subprocess.run([*map(str, command), "--disable-pip-version-check"], capture_output=True, text=True)
    if done.returncode and re.search("No matching distribution|connection", done.stdout + done.stderr):
        pytest.skip("no package index here, from which pip takes setuptools to build with")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (tmp_path / "out").glob("xaiclip-*.whl")
    held = sorted(name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name)
    parts = files("XAICLIPLib")
    assert held == sorted(f"XAICLIPLib/{name}" for name in (*parts["SCRIPTS"], *parts["RESOURCES"]))
    assert "XAICLIPLib/py.typed" in held and not [name for name in held if name.startswith("XAICLIPLib/training/")]
    assert (ROOT / "XAICLIPLib/training/train_unet.py").is_file(), "which is in the repository alone"


# The Extensions Index -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def extension():
    return {name: value.strip('"') for name, value in settings(ROOT / "CMakeLists.txt").items()}


@pytest.fixture(scope="module")
def entry():
    raw = (ROOT / "Resources/XAICLIP.json").read_bytes()
    assert b"\r" not in raw and raw.endswith(b"}\n")
    return json.loads(raw)


def test_the_entry_has_the_fields_of_the_schema(entry):
    required = {"$schema", "category", "scm_url"}
    optional = {"build_dependencies", "build_subdirectory", "enabled", "scm_revision", "scm_type", "tier"}
    assert required <= set(entry) <= required | optional
    assert re.search(r"/slicer-extension-catalog-entry-schema-v1\.0\.\d+\.json#$", entry["$schema"])
    assert entry["category"] in CATEGORIES
    assert entry["tier"] in range(1, 6)
    assert entry["scm_url"] == f"{REPOSITORY}.git"
    assert entry["scm_revision"] == "main"


def test_the_entry_says_what_the_cmake_file_says(entry, extension):
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    assert re.search(r"project\((\w+)\)", text)[1] == "XAICLIP", "the name of the JSON file"
    assert extension["EXTENSION_DEPENDS"].split() == entry["build_dependencies"]
    assert extension["EXTENSION_HOMEPAGE"] == REPOSITORY
    assert not "XAICLIP".startswith("Slicer") and REPOSITORY.rpartition("/")[2].startswith("Slicer")


def test_the_module_is_in_the_category_of_the_entry(entry):
    assert f'"{entry["category"]}"' in (ROOT / "XAICLIP/XAICLIP.py").read_text(encoding="utf-8")


def test_icon_and_screenshots_are_there(extension):
    from PIL import Image

    icon = Image.open(ROOT / extension["EXTENSION_ICONURL"].removeprefix(RAW))
    assert (icon.format, icon.size) == ("PNG", (128, 128))
    shown = extension["EXTENSION_SCREENSHOTURLS"].split()
    assert shown, "the index wants a screenshot at least"
    assert shown == screenshots(), "`python Testing/unit/test_packaging.py --write` brings them up to date"
    for address in shown:
        assert min(Image.open(ROOT / address.removeprefix(RAW)).size) >= 400


def test_the_description_is_for_people(extension):
    text = extension["EXTENSION_DESCRIPTION"]
    assert 2 <= len(re.findall(r"\.(?: |$)", text)) <= 3 and len(text) < 400
    assert "not for clinical use" in text


def test_license_and_readme(extension):
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "Apache" in readme
    assert re.search(r"!\[[^\]]+\]\([^)]+\.png\)|<img [^>]*src=", readme), "an image"
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", readme):
        assert path.startswith("http") or (ROOT / path).is_file(), path


def test_the_repository_is_small():
    """The index refuses checkouts above 100 MB; git's own history comes on top, so half of it."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip("not a checkout")
    size = sum((ROOT / name).stat().st_size for name in done.stdout.split("\0") if name and (ROOT / name).is_file())
    assert size < 50e6


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        print(*(block(room, which) for room in ROOMS for which in ("SCRIPTS", "RESOURCES")), *screenshots(), sep="\n\n")
