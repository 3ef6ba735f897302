"""The habits of the code, held by a test: short functions, few parameters, and a docstring that says what goes in."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST, MOST_PARAMETERS = 80, 8
# Rooms whose public functions do not all have their blocks yet; this list only gets shorter.
OWED: set[str] = set()


def functions(body, public=True):
    """Functions and methods as (node, whether they are public)."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node.body, public and not node.name.startswith("_"))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node, public and not node.name.startswith("_")
            yield from functions(node.body, False)


def parameters(node):
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [a for a in (arguments.vararg, arguments.kwarg) if a]
    return [a.arg for a in (*named, *starred) if a.arg not in ("self", "cls")]


def raises(node):
    """Whether a function raises an error of its own, not one that it hands on."""
    inner = {id(n) for child in ast.walk(node) if child is not node and isinstance(child, ast.FunctionDef)
             for n in ast.walk(child)}  # fmt: skip
    own = (n for n in ast.walk(node) if isinstance(n, ast.Raise) and n.exc is not None and id(n) not in inner)
    return any(True for _ in own)


@functools.cache
def sources(folder):
    """Every file of a folder with its tree: parsed once for all tests."""
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted((ROOT / folder).rglob("*.py"))]


def room(path):
    return path.relative_to(ROOT / "XAICLIPLib").parts[0].removesuffix(".py")


def test_functions_are_read_in_one_sitting():
    wrong = []
    for path, tree in (*sources("XAICLIP"), *sources("XAICLIPLib")):
        for node, _ in functions(tree.body):
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST or len(parameters(node)) > MOST_PARAMETERS:
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                wrong.append(f"{place}: {lines} lines, {len(parameters(node))} parameters")
    assert not wrong


ROOMS = sorted({room(path) for path, _ in sources("XAICLIPLib")} - {"__init__", "training"} - OWED)


def said_by_a_base(name):
    """Places of methods without a docstring that override one of the same room with one: all is said there."""
    bases, documented, silent = {}, set(), []
    for path, tree in sources("XAICLIPLib"):
        if room(path) != name:
            continue
        for kind in (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)):
            bases[kind.name] = [ast.unparse(base).rpartition(".")[2] for base in kind.bases]
            for method in (n for n in kind.body if isinstance(n, ast.FunctionDef)):
                if ast.get_docstring(method):
                    documented.add((kind.name, method.name))
                else:
                    silent.append((kind.name, method.name, (path, method.lineno)))

    def said(kind, method):
        return any((base, method) in documented or said(base, method) for base in bases.get(kind, ()))

    return {place for kind, method, place in silent if said(kind, method)}


def lacks(node):
    """The blocks that the docstring of a public function ought to have and has not."""
    text = ast.get_docstring(node) or ""
    if text.startswith("See `"):  # what a protocol or a base class says in full
        return []
    missing = [] if text else ["a docstring"]
    if parameters(node) and "Parameters\n---" not in text:
        missing.append("Parameters")
    if raises(node) and "Raises\n---" not in text:
        missing.append("Raises")
    returns = node.returns is not None and ast.unparse(node.returns) not in ("None", "NoReturn")
    is_property = any("property" in ast.unparse(d) for d in node.decorator_list)
    blocks = ("Returns\n---", "Yields\n---")
    if returns and parameters(node) and not is_property and not any(block in text for block in blocks):
        missing.append("Returns")
    return missing


@pytest.mark.parametrize("name", ROOMS)
def test_public_functions_say_what_goes_in_and_what_can_go_wrong(name):
    wrong, elsewhere = [], said_by_a_base(name)
    for path, tree in sources("XAICLIPLib"):
        if room(path) != name:
            continue
        for node, public in functions(tree.body):
            if (path, node.lineno) in elsewhere:
                continue
            if not public or any(getattr(d, "attr", getattr(d, "id", "")) == "overload" for d in node.decorator_list):
                continue
            wrong += [f"{path.relative_to(ROOT)}:{node.lineno} {node.name} lacks {m}" for m in lacks(node)]
    assert not wrong, "\n".join(wrong)


def test_the_module_in_slicer_says_so_too():
    """Except for slots: onRunChosen gets what its signal carries, and is called by nobody else."""
    wrong = []
    for path, tree in sources("XAICLIP"):
        for node, public in functions(tree.body):
            if public and not re.match("on[A-Z]", node.name):
                wrong += [f"{path.relative_to(ROOT)}:{node.lineno} {node.name} lacks {m}" for m in lacks(node)]
    assert not wrong, "\n".join(wrong)


def test_no_room_is_owed_that_does_not_exist():
    assert {room(path) for path, _ in sources("XAICLIPLib")} >= OWED
