"""The expressions of a MONAI config, evaluated as far as they are arithmetic, choices and lists of plain values.

MONAI runs a text that starts with ``$`` as Python. Here it is parsed, and what is not in `value_of` stays unread: no
name is looked up, no attribute is taken, and the functions that may be called stand in one list.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

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
LONGEST, LARGEST = 1_000_000, 2**63
REFERENCE = re.compile(r"@([A-Za-z_]\w*(?:(?:#|::)\w+)*)")
# MONAI's own enumerations, whose members are words, and its factories of layers
_WORDS = re.compile(
    r"(?:monai\.utils\.)?(?:enums\.)?(?:CommonKeys|BlendMode|PytorchPadMode|NumpyPadMode|InterpolateMode|GridSampleMode|"
    r"GridSamplePadMode|UpsampleMode|SkipMode|Method)\.([A-Z_]+)"
)
_LAYERS = re.compile(r"(?:monai\.networks\.layers\.)?(?:factories\.)?(?:Act|Conv|Dropout|Norm|Pad|Pool)\.([A-Z]+)")
_FUNCTIONS: dict[str, Callable] = {
    "abs": abs, "bool": bool, "float": float, "int": int, "len": len, "list": list, "max": max, "min": min,
    "range": lambda *ends: _counted(range(*ends)), "round": round, "sum": sum, "tuple": list,
}  # fmt: skip
_DOTTED = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
ABOUT_PLACE = ("device", "map_location")
REPEATED = 1000  # entries of a list that an expression multiplies


class NotPlain(Exception):
    """An expression that is more than arithmetic on plain values."""


def value_of(text: str, reference: Callable[[str], Any], call: Callable[[str, list, dict], Any]) -> Any:
    """The value of an expression.

    Parameters
    ----------
    text : str
        Without its ``$``.
    reference : callable
        (name) -> what an ``@name`` in it stands for.
    call : callable
        (dotted name, arguments, keywords) -> what a call of something that Python itself does not have stands for;
        it raises `NotPlain` for what it does not know.

    Returns
    -------
    any
        Plain values, and what `reference` and `call` gave.

    Raises
    ------
    NotPlain
        If it is more than arithmetic, choices, lists, references and known calls.
    ArithmeticError, LookupError, TypeError, ValueError
        If it has no value.
    """
    names: list[str] = []

    def placeholder(match: re.Match) -> str:
        names.append(match[1])
        return f"_reference_{len(names) - 1}"

    try:
        tree = ast.parse(REFERENCE.sub(placeholder, text.strip()), mode="eval")
        return _value(tree.body, lambda number: reference(names[int(number)]), call)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise NotPlain from error


def _value(node: ast.expr, reference: Callable[[str], Any], call: Callable[[str, list, dict], Any]) -> Any:
    """The value of an expression of constants, lists, arithmetic, comparisons, choices, references and known calls."""

    def of(part: ast.expr) -> Any:
        return _value(part, reference, call)

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
                raise NotPlain
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
        case ast.Call(func=ast.Name() | ast.Attribute()) if _DOTTED.fullmatch(name := ast.unparse(node.func)):
            if any(isinstance(part, ast.Starred) for part in node.args) or any(k.arg is None for k in node.keywords):
                raise NotPlain
            # where something lies changes nothing of what it is, and is Python of its own: torch.device('cuda')
            keywords = {k.arg: of(k.value) for k in node.keywords if k.arg not in ABOUT_PLACE}
            return call(name, [of(part) for part in node.args], keywords)
        case ast.Attribute() if word := _WORDS.fullmatch(ast.unparse(node)):
            return word[1].lower().replace("nearest_exact", "nearest-exact")
        case ast.Attribute() if layer := _LAYERS.fullmatch(ast.unparse(node)):
            return layer[1]
        case ast.Attribute() if _TYPES.fullmatch(ast.unparse(node)):
            return node.attr
    raise NotPlain


def _counted(numbers: range) -> list[int]:
    if len(numbers) > REPEATED:
        raise OverflowError("it is too long")
    return list(numbers)


def _called(function: Callable, arguments: list[Any]) -> Any:
    """One of Python's own functions of numbers and lists, for plain values alone."""
    plain = (bool, int, float, str, list, dict, type(None))
    if not all(isinstance(a, plain) for a in arguments):
        raise NotPlain
    return function(*arguments)
