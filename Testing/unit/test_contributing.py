"""What contributors are told is true: paths exist, commands are the Makefile's, versions agree."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

import XAICLIPLib

ROOT = Path(__file__).parents[2]
SYSTEMS = {"ubuntu-latest", "macos-latest", "windows-latest"}


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def project():
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML")
    return tomllib.loads(text("pyproject.toml"))


def targets():
    """The Makefile's targets and what each runs, as text."""
    rules = re.findall(r"^([a-z]+):[^\n]*\n((?:\t[^\n]*\n)*)", text("Makefile"), re.MULTILINE)
    return dict(rules)


def quoted_paths():
    quoted = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text("CONTRIBUTING.md"), flags=re.DOTALL))
    paths = {q for q in quoted if re.fullmatch(r"[\w./-]+", q) and ("/" in q or q.endswith((".toml", ".md", ".py")))}
    return sorted(paths - {"report.json"} | set(re.findall(r"\]\((?!http)([^)#]+)\)", text("CONTRIBUTING.md"))))


def test_every_path_that_contributors_are_sent_to_exists():
    paths = quoted_paths()
    assert len(paths) > 40
    folders = [path.partition("NAME")[0].rpartition("/")[0] if "NAME" in path else path for path in paths]
    assert not [path for path in folders if not (ROOT / path).exists()]


def test_every_command_that_contributors_are_told_is_in_the_makefile():
    told = set(re.findall(r"\bmake ([a-z ]+?)[`\n ]*[`\n#]", text("CONTRIBUTING.md")))
    words = {word for line in told for word in line.split()}
    assert {"quick", "test", "lint", "types", "benchmarks"} <= words
    assert words <= set(targets()), words - set(targets())


def test_quick_is_the_whole_but_for_what_is_slow():
    quick, whole = (targets()[name].strip() for name in ("quick", "test"))
    assert quick.replace(' -m "not slow"', "") == whole


def test_the_integration_runs_every_check_and_the_readmes_test_command():
    ran = re.findall(r"^(?:exec )?make (.+)$", text(".ci/run"), re.MULTILINE)
    assert " ".join(ran).split() == ["lint", "types", "test"]
    assert "make test" in text("README.md") and "make demo" in text("README.md")


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(text(".github/workflows/ci.yml"))


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_public_workflow_is_one_that_github_reads(workflow):
    assert set(workflow[True]) == {"push", "pull_request"}, "YAML 1.1 reads `on` as true"
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60 and job["steps"][0]["uses"].startswith("actions/checkout@v")
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])


def test_it_covers_every_system_and_every_python_that_is_promised(workflow):
    matrix = workflow["jobs"]["quick"]["strategy"]["matrix"]
    assert set(matrix["system"]) == SYSTEMS
    promised = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text("pyproject.toml"))
    assert matrix["python"] == promised and all(isinstance(version, str) for version in matrix["python"])
    assert f'requires-python = ">={promised[0]}"' in text("pyproject.toml")


def test_its_commands_are_those_of_the_makefile(workflow):
    ran = [line for job in workflow["jobs"].values() for line in commands(job) if not line.startswith("sudo apt-get")]
    assert {"make lint", "make types", "make docs", "make test", "make quick", "make demo"} == set(ran)
    assert {line.removeprefix("make ") for line in ran} <= set(targets())


def pinned(package):
    return re.search(rf"^{package}==([\d.]+)", text(".ci/constraints.txt"), re.MULTILINE)[1]


def test_the_hooks_look_with_the_same_versions_as_the_integration():
    hooks = {repo["repo"].rpartition("/")[2]: repo for repo in yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]}
    assert hooks["ruff-pre-commit"]["rev"] == f"v{pinned('ruff')}"
    assert hooks["codespell"]["rev"] == f"v{pinned('codespell')}"
    ids = {hook["id"] for repo in hooks.values() for hook in repo["hooks"]}
    assert ids >= {"ruff-check", "ruff-format", "codespell", "end-of-file-fixer", "check-added-large-files"}


def test_every_tool_of_the_developers_is_pinned():
    for requirement in project()["project"]["optional-dependencies"]["dev"]:
        name, _, lowest = requirement.partition(">=")
        if not name.startswith("xaiclip"):
            assert pinned(name).startswith(lowest)


def test_the_types_are_checked_where_they_once_were_right():
    """The list only grows: these rooms are clean."""
    checked = set(project()["tool"]["mypy"]["files"])
    assert all((ROOT / path).exists() for path in checked)
    assert {f"XAICLIPLib/{room}" for room in ("cli", "datasets", "metrics", "report", "results", "roi")} <= checked


def test_the_files_end_as_they_should():
    """What the hooks would mend, found also without them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a checkout")
    wrong = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in (".png", ".safetensors", ".gz", ".qm") or not path.is_file():
            continue
        content = path.read_bytes()
        if content and not content.endswith(b"\n") or content.endswith(b"\n\n") or b"\r\n" in content:
            wrong.append(name)
    assert not wrong


# Changelog and citation -----------------------------------------------------------------------------------------------


def test_the_changelog_is_kept():
    changelog = text("CHANGELOG.md")
    kinds = re.findall(r"^### (.+)$", changelog, re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"} and kinds
    versions = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert versions[0] == "Unreleased" and f"[{versions[0]}]: http" in changelog
    assert XAICLIPLib.__version__ in changelog


def test_the_citation_names_the_program_and_the_paper():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation), "what the format requires"
    assert str(citation["version"]) == XAICLIPLib.__version__ and citation["license"] == "Apache-2.0"
    assert citation["repository-code"] == "https://github.com/XAICLIP/SlicerXAICLIP"
    (paper,) = citation["references"]
    assert paper["doi"] == "10.48550/arXiv.2602.07017" and paper["url"].endswith("/2602.07017")
    assert {"type", "title", "authors"} <= set(paper) and all("family-names" in author for author in paper["authors"])
    assert paper["url"] in text("README.md"), "the paper that the README names"
