"""What README and docs/ say is there is there: files, links, names, options, targets; and the tutorial still runs."""

import importlib
import json
import re
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib
import pytest

import XAICLIPLib as xai
from XAICLIPLib.cli import build_parser

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]
ROOMS = {path.stem for path in (ROOT / "XAICLIPLib").iterdir() if not path.name.startswith("_")}
TUTORIAL = ROOT / "docs" / "tutorial.ipynb"
LONGEST_README = 1000  # words
NO_NAMES = ("csv", "html", "json", "md", "nrrd", "py", "pairs", "rows", "summary")


@cache
def text(page):
    return (ROOT / page).read_text(encoding="utf-8")


def prose(page):
    return re.sub(r"^```.*?^```", "", text(page), flags=re.DOTALL | re.MULTILINE)


def quoted(page):
    """What stands in single backticks, code blocks left out; a bar in a table is escaped there."""
    return [found.replace("\\|", "|") for found in re.findall(r"`([^`\n]+)`", prose(page))]


# Files and links ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_speaks_of_is_there(page):
    paths = re.findall(r"(?<![\w/])(?:XAICLIPLib|XAICLIP|Testing|docs|Resources)/[\w./-]*\w", text(page))
    assert not [path for path in paths if not (ROOT / path).exists()]


def anchors(page):
    """As GitHub and Sphinx make them of headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or anchor and anchor not in anchors(target.resolve().relative_to(ROOT).as_posix()):
            wrong.append(link)
    assert not wrong


# Names, options, commands ---------------------------------------------------------------------------------------------


def resolves(name):
    """Whether a dotted name is a module, or is found in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        for part in parts[end:]:
            fields = getattr(found, "__dataclass_fields__", {})
            if not hasattr(found, part) and part not in fields:
                return False
            found = getattr(found, part, None)
        return True
    return False


def dotted(page):
    """Names of ours in full: `xai.explain`, `XAICLIPLib.cli`, and, by room, `roi.region.Region`.

    A file may be called as a room is, and so may the object whose attribute holds a table.
    """
    for name in quoted(page):
        name = name.partition("(")[0].strip()
        if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", name) or (ROOT / name).exists():
            continue
        first, _, rest = name.partition(".")
        if first == "xai":
            yield f"XAICLIPLib.{rest}"
        elif first in ("XAICLIPLib", "XAICLIPSlicer"):
            yield name
        elif first in ROOMS and rest not in NO_NAMES:
            yield f"XAICLIPLib.{name}"


@pytest.mark.parametrize("page", PAGES)
def test_every_name_of_ours_that_a_page_speaks_of_resolves(page):
    names = [name for name in dotted(page) if not name.startswith("XAICLIPSlicer")]
    assert not [name for name in names if not resolves(name)]


def test_a_name_that_is_not_there_is_found_out():
    assert resolves("XAICLIPLib.roi.region.Region.source") and resolves("XAICLIPLib.explain")
    assert not resolves("XAICLIPLib.roi.region.Regions") and not resolves("XAICLIPLib.measure.trust")


def test_the_reference_has_all_public_names_and_no_other():
    documented = re.findall(r"^\.\. auto(?:function|class|exception):: (\w+)$", text("docs/api.md"), re.MULTILINE)
    assert sorted(documented) == xai.__all__


@cache
def options():
    """Every option of every command."""
    known, parsers = set(), [build_parser()]
    while parsers:
        for action in parsers.pop()._actions:
            known.update(action.option_strings)
            parsers += (action.choices or {}).values() if isinstance(action.choices, dict) else []
    return known


@pytest.mark.parametrize("page", PAGES)
def test_every_option_that_a_page_speaks_of_exists(page):
    others = {"--extra-index-url", "--index-url", "--write", "--data"}  # of pip, and of scripts in Testing
    told = {option for code in quoted(page) for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", code)}
    assert told - others <= options(), told - others - options()


@pytest.mark.parametrize("page", PAGES)
def test_every_target_and_every_extra_that_a_page_speaks_of_exists(page):
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    told = {
        word for line in re.findall(r"(?:^|`|make )make ([a-z]+)", text(page), re.MULTILINE) for word in line.split()
    }
    assert told <= targets, told - targets
    extras = {extra for found in re.findall(r"\.\[([\w,]+)\]", text(page)) for extra in found.split(",")}
    assert all(re.search(rf"^{extra} = \[", text("pyproject.toml"), re.MULTILINE) for extra in extras)


def test_the_extras_that_are_told_are_those_of_the_project():
    told = set(re.findall(r"^\| `(\w+)` \|", text("docs/install.md"), re.MULTILINE))
    extras = text("pyproject.toml").partition("optional-dependencies]")[2].partition("\n[")[0]
    assert told == set(re.findall(r"^(\w+) = \[", extras, re.MULTILINE)) - {"test", "dev", "docs"}


def test_the_readme_is_what_a_first_reader_needs():
    words = text("README.md").split()
    assert len(words) <= LONGEST_README
    assert "Research use only" in text("README.md") and "Research use only" in text("docs/index.md")
    first = text("README.md").split("\n## ")[0]
    assert "![" in first and "arxiv.org" in first


def test_every_figure_of_the_numbers_page_has_a_command_that_there_is():
    scripts = set(re.findall(r"`python (Testing/benchmarks/\w+\.py)`", text("docs/numbers.md")))
    assert len(scripts) >= 15 and all((ROOT / script).is_file() for script in scripts)


# The pages and the tutorial -------------------------------------------------------------------------------------------


def test_every_page_stands_in_the_contents():
    contents = "\n".join(re.findall(r"```{toctree}\n(.*?)```", text("docs/index.md"), re.DOTALL))
    listed = re.findall(r"^([\w/]+)(?:\.ipynb)?$", contents, re.MULTILINE)
    pages = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert set(listed) == pages - {"index"} | {"tutorial"}


def cells():
    return json.loads(TUTORIAL.read_text(encoding="utf-8"))["cells"]


def test_the_tutorial_is_shown_as_it_ran():
    outputs = [output for cell in cells() if cell["cell_type"] == "code" for output in cell["outputs"]]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) >= 2 and not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert TUTORIAL.stat().st_size < 300_000
    counts = [cell["execution_count"] for cell in cells() if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1)), "run it from the top"
    assert str(Path.home()) not in TUTORIAL.read_text(encoding="utf-8")


def test_the_tutorial_has_a_cohort_of_twelve_patients_their_tables_and_their_mean_map():
    program = "\n".join("".join(cell["source"]) for cell in cells() if cell["cell_type"] == "code")
    assert "range(12)" in program and '"cohort patients.csv' in program and "mean_maps(" in program
    assert {f"{name}.parquet" for name in ("cases", "structures", "dependence", "frames")} <= {
        word.rpartition("/")[2] for word in re.findall(r'"(cohort/[\w.]+)"', program)
    }


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_tutorial_runs_and_says_what_it_said(capsys):
    if not all(map(find_spec, ("pandas", "ray", "pyarrow"))):  # not imported here: a cohort wants its own Ray
        pytest.skip("what a cohort needs is not here")
    known = {}
    for number, cell in enumerate(cell for cell in cells() if cell["cell_type"] == "code"):
        program = "".join(line for line in cell["source"] if not line.startswith("%"))
        with matplotlib.rc_context():
            exec(compile(program, f"cell {number}", "exec"), known)
        said = capsys.readouterr().out
        shown = "".join("".join(o["text"]) for o in cell["outputs"] if o.get("name") == "stdout")
        assert re.sub(r"[\d.]+", "#", said) == re.sub(r"[\d.]+", "#", shown), f"cell {number}: run the notebook again"


@pytest.mark.slow
def test_the_pages_are_built_without_a_warning(tmp_path):
    pytest.importorskip("myst_nb", reason="pip install '.[docs]'")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "--quiet", "-D", "nb_execution_mode=off"]
    built = subprocess.run([*command, "docs", str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r'<(?:link|script)[^>]+(?:href|src)="(?:https?:)?//', html), "nothing from the network"
