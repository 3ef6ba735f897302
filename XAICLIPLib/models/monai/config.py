"""What a MONAI bundle's config says, read without running any of it.

MONAI evaluates every text that starts with ``$`` as Python and calls whatever ``_target_`` names, so with its own
`ConfigParser` a config from elsewhere is a program from elsewhere. Here a config is data: references are followed,
expressions are evaluated as far as they are arithmetic, choices and lists of plain values, and what a ``_target_``
names stays a name (`Component`) until `build` looks it up among the classes that it knows. Entries that nothing
here needs, such as ``imports``, ``datalist`` or ``evaluator``, are not looked at, and a bundle's ``scripts`` are never
imported.
"""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from XAICLIPLib.errors import MissingPackage, ModelError, WeightsError

CONFIGS = ("inference", "test", "evaluate")
ENDINGS = (".json", ".yaml", ".yml")
INSTEAD = (
    "write the plain value in its place, or export the network as TorchScript (`python -m monai.bundle ckpt_export`) "
    "and open that file as torchscript:FILE"
)

_REFERENCE = re.compile(r"@([A-Za-z_]\w*(?:(?:#|::)\w+)*)")
_BINARY: dict[type, Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARE: dict[type, Callable] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_UNARY: dict[type, Callable] = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_}
_TYPES = re.compile(r"(?:torch|np|numpy)\.(?:float16|float32|float64|u?int8|u?int16|int32|int64|bool)")
# beyond these a config is not read: bundles have a few hundred entries
MOST_BYTES, MOST_ENTRIES, LONGEST, LARGEST = 2**24, 100_000, 1_000_000, 2**63
# MONAI's own enumerations, whose members are words, and its factories of layers
_WORDS = re.compile(
    r"(?:monai\.utils\.)?(?:enums\.)?(?:CommonKeys|BlendMode|PytorchPadMode|NumpyPadMode|InterpolateMode|GridSampleMode|"
    r"GridSamplePadMode|UpsampleMode|SkipMode|Method)\.([A-Z_]+)"
)
_LAYERS = re.compile(r"(?:monai\.networks\.layers\.)?(?:factories\.)?(?:Act|Conv|Dropout|Norm|Pad|Pool)\.([A-Z]+)")
_FUNCTIONS: dict[str, Callable] = {
    "abs": abs, "bool": bool, "float": float, "int": int, "len": len, "list": list, "max": max, "min": min,
    "round": round, "sum": sum, "tuple": list,
}  # fmt: skip
REPEATED = 1000  # entries of a list that an expression multiplies
SPECIAL = ("_target_", "_disabled_", "_requires_", "_desc_", "_mode_")


@dataclass(frozen=True)
class Component:
    """A class that a config names, with its arguments.

    Attributes
    ----------
    where : str
        The entry that names it, such as ``preprocessing#transforms#2``.
    target : str
        As it stands there: "UNet", "monai.networks.nets.UNet", ….
    arguments : dict
        Plain values, and components.
    """

    where: str
    target: str
    arguments: dict[str, Any]


class Refused(ModelError):
    """A part of the config is a program."""


class Unread:
    """Stands for Python code in a part of the config of which only the rest is needed."""


UNREAD = Unread()


class _NotPlain(Exception):
    """An expression that is more than arithmetic on plain values."""


class BundleConfig:
    """The config of the bundle in a folder, and its metadata.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    WeightsError
        If the folder is no bundle, or a file of it can't be read.
    """

    def __init__(self, folder: Path) -> None:
        place = folder / "configs"
        if not (place / "metadata.json").is_file():
            raise WeightsError(
                f"{folder} is no MONAI bundle: it has no configs/metadata.json; give the folder that holds configs and "
                "models"
            )
        found = [place / f"{name}{ending}" for name in CONFIGS for ending in ENDINGS]
        self.file = next((path for path in found if path.is_file()), None)
        if self.file is None:
            raise WeightsError(
                f"{place} holds no {', '.join(f'{name}.json' for name in CONFIGS)} (or .yaml), which say how the "
                "network is fed; get the bundle again"
            )
        self.metadata = _read(place / "metadata.json")
        self._entries = _read(self.file)
        self._open: list[str] = []
        self._entered = 0
        self._lenient = False

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def get(self, name: str) -> Any:
        """An entry of the config with its references followed.

        Parameters
        ----------
        name : str
            Of the entry, or the way to one inside it: "inferer", "preprocessing#transforms#2".

        Returns
        -------
        any
            Plain values, lists and dicts, with a `Component` for what names a class, and None for one that is switched
            off.

        Raises
        ------
        ModelError
            If it, or what it refers to, is not there, is Python code, or goes round in a circle.
        """
        return self._follow(name, name)

    def read_around(self, name: str) -> Any:
        """`get`, with `UNREAD` where there is Python code; none of it is run.

        Parameters
        ----------
        name : str
            Of the entry, or the way to one inside it.

        Returns
        -------
        any
            As `get` gives it, or `UNREAD` for all of it.

        Raises
        ------
        ModelError
            If an entry is not there, or goes round in a circle.
        """
        self._lenient = True
        try:
            return self._follow(name, name)
        finally:
            self._lenient = False

    def _follow(self, reference: str, where: str) -> Any:
        path = re.split(r"#|::", reference)
        if reference in self._open:
            raise ModelError(f"{self.file.name} goes round in a circle: {' → '.join([*self._open, reference])}")
        node: Any = self._entries
        for part in path:
            try:
                node = node[int(part) if isinstance(node, list) else part]
            except (IndexError, KeyError, TypeError, ValueError) as error:
                raise ModelError(f"{self.file.name} has no entry @{reference}, which {where} refers to") from error
        self._open.append(reference)
        try:
            return self._resolved(node, "#".join(path))
        finally:
            self._open.pop()

    def _resolved(self, node: Any, where: str) -> Any:
        self._entered += 1
        if self._entered > MOST_ENTRIES:
            raise ModelError(
                f"{self.file.name} is refused: its references to each other come to more than {MOST_ENTRIES} entries; "
                "get the bundle again"
            )
        if not self._lenient:
            return self._read_strictly(node, where)
        try:
            return self._read_strictly(node, where)
        except Refused:
            return UNREAD

    def _read_strictly(self, node: Any, where: str) -> Any:
        if isinstance(node, Mapping):
            if "_target_" in node:
                return self._component(node, where)
            return {key: self._resolved(value, f"{where}#{key}") for key, value in node.items()}
        if isinstance(node, list):
            return [self._resolved(value, f"{where}#{i}") for i, value in enumerate(node)]
        if not isinstance(node, str):
            return node
        if node.startswith("%"):
            raise self._refused(where, node, "text of another file")
        if node.startswith("$"):
            return self._evaluated(node, where)
        if (reference := _REFERENCE.fullmatch(node)) is not None:
            return self._follow(reference[1], where)
        if node.startswith("@"):
            raise self._refused(where, node, "a reference of a kind that XAICLIP does not follow")
        return node

    def _component(self, node: Mapping, where: str) -> Component | None:
        """What a `_target_` names; None where the entry is switched off."""
        target, off = node["_target_"], self._resolved(node.get("_disabled_", False), where)
        if off is True or str(off).strip().lower() == "true":
            return None
        if not isinstance(target, str) or target.startswith(("$", "@", "%")):
            raise self._refused(f"{where}#_target_", str(target), "Python code")
        if node.get("_mode_", "default") != "default":
            raise self._refused(f"{where}#_mode_", str(node["_mode_"]), "a way to call things")
        arguments = {
            k: self._resolved(v, f"{where}#{k}") for k, v in node.items() if k not in SPECIAL and k != "device"
        }
        return Component(where, target, arguments)

    def _evaluated(self, text: str, where: str) -> Any:
        """The value of a ``$`` expression of plain values."""
        references: list[str] = []

        def placeholder(match: re.Match) -> str:
            references.append(match[1])
            return f"_reference_{len(references) - 1}"

        def value_of(number: str) -> Any:
            return self._follow(references[int(number)], where)

        try:
            tree = ast.parse(_REFERENCE.sub(placeholder, text[1:].strip()), mode="eval")
            return _value(tree.body, value_of)
        except (_NotPlain, SyntaxError, RecursionError, MemoryError) as error:
            raise self._refused(where, text, "Python code") from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise ModelError(f"{self.file.name}: {where} is {text!r}, which has no value ({error})") from error

    def _refused(self, where: str, text: str, what: str) -> Refused:
        return Refused(
            f"{self.file.name} is refused: {where} is {text!r}, {what}, and XAICLIP runs no code that comes with a "
            f"bundle; {INSTEAD}"
        )


def _value(node: ast.expr, reference: Callable[[str], Any]) -> Any:
    """The value of an expression of constants, lists, arithmetic, comparisons, choices and references."""

    def of(part: ast.expr) -> Any:
        return _value(part, reference)

    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None):
            return node.value
        case ast.Name(id=name) if name.startswith("_reference_"):
            return reference(name.removeprefix("_reference_"))
        case ast.List() | ast.Tuple():
            return [of(part) for part in node.elts]
        case ast.Dict() if None not in node.keys:
            return {of(key): of(part) for key, part in zip(node.keys, node.values)}
        case ast.UnaryOp() if type(node.op) in _UNARY:
            return _UNARY[type(node.op)](of(node.operand))
        case ast.BinOp() if type(node.op) in _BINARY:
            left, right = of(node.left), of(node.right)
            # texts and lists may be joined, but not multiplied to any length
            joined = isinstance(node.op, ast.Add) and type(left) is type(right) and isinstance(left, (str, list))
            repeated = isinstance(node.op, ast.Mult) and isinstance(left, list) and isinstance(right, int)
            repeated = repeated and len(left) * right <= REPEATED
            if not joined and not repeated and not all(isinstance(v, (int, float)) for v in (left, right)):
                raise _NotPlain
            if joined and len(left) + len(right) > LONGEST:
                raise OverflowError("it is too long")
            found = _BINARY[type(node.op)](left, right)
            if isinstance(found, int) and abs(found) > LARGEST:
                raise OverflowError("it is too large")
            return found
        case ast.BoolOp():
            parts = [of(part) for part in node.values]
            return all(parts) if isinstance(node.op, ast.And) else any(parts)
        case ast.Compare(ops=[op]) if type(op) in _COMPARE:
            return _COMPARE[type(op)](of(node.left), of(node.comparators[0]))
        case ast.IfExp():
            return of(node.body) if of(node.test) else of(node.orelse)
        case ast.Subscript() if not isinstance(node.slice, ast.Slice):
            return of(node.value)[of(node.slice)]
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _FUNCTIONS:
            return _called(_FUNCTIONS[name], [of(part) for part in node.args])
        case ast.Attribute() if word := _WORDS.fullmatch(ast.unparse(node)):
            return word[1].lower().replace("nearest_exact", "nearest-exact")
        case ast.Attribute() if layer := _LAYERS.fullmatch(ast.unparse(node)):
            return layer[1]
        case ast.Attribute() if _TYPES.fullmatch(ast.unparse(node)):
            return node.attr
    raise _NotPlain


def _safe_yaml(text: str, name: str) -> Any:
    """YAML as plain data, if what its aliases stand for comes to no more than a config's entries.

    The loader repeats what an alias stands for where a mapping is merged, and this package where a reference is
    followed: nine lines can come to a thousand million entries.
    """
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        _count(root, {}, name)
        return None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()


def _count(node: Any, known: dict[int, int], name: str) -> int:
    """How many entries a node of YAML stands for, aliases written out."""
    if id(node) in known:
        if known[id(node)] == 0:
            raise WeightsError(f"{name} holds an entry that holds itself; get the bundle again")
        return known[id(node)]
    known[id(node)] = 0
    parts = node.value if isinstance(getattr(node, "value", None), list) else []
    found = 1
    for part in parts:
        found += sum(_count(one, known, name) for one in (part if isinstance(part, tuple) else (part,)))
        if found > MOST_ENTRIES:
            raise WeightsError(f"{name} comes to more than {MOST_ENTRIES} entries; get the bundle again")
    known[id(node)] = found
    return found


def _called(function: Callable, arguments: list[Any]) -> Any:
    """One of Python's own functions of numbers and lists, for plain values alone."""
    plain = (bool, int, float, str, list, dict, type(None))
    if not all(isinstance(a, plain) for a in arguments):
        raise _NotPlain
    return function(*arguments)


def _read(path: Path) -> dict:
    """A JSON or YAML file as plain data; YAML's tags that make Python objects are not known to the loader used."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WeightsError(
                f"{path.name} has more than {MOST_BYTES >> 20} MB, and no config of a bundle; get it again"
            )
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            content = json.loads(text)
        else:
            try:
                import yaml
            except ImportError as error:
                raise MissingPackage(f"the bundle's {path.name}", "PyYAML", "monai") from error
            try:
                content = _safe_yaml(text, path.name)
            except yaml.YAMLError as error:
                raise WeightsError(f"{path} can't be read ({' '.join(str(error).split())}); get it again") from error
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise WeightsError(f"{path} can't be read ({error}); get the bundle again") from error
    if not isinstance(content, dict):
        raise WeightsError(
            f"{path} holds a {type(content).__name__}, not the entries of a bundle; get the bundle again"
        )
    return content
