"""A look into a model file before PyTorch opens it, so that a file from elsewhere can't do more than compute.

`torch.jit.load` runs no Python and unpickles with a reader of its own that knows tensors and TorchScript classes only.
But TorchScript has operators that read, write and map files, and code that runs while it is loaded. So every file in
the archive must be one that PyTorch writes, and its code may reach operators of a list alone, see `script`.

`torch.export.load` unpickles what it can't read as plain tensors, evaluates the text of symbolic sizes, resolves
operators by any name below `torch`, and loads compiled libraries where an archive holds some; its documentation warns
of files that one does not trust. So nothing but plain tensors, sizes that are arithmetic, and operators of that list is
let through.

ONNX files hold no code, and today's onnxruntime reads external data from the model's own folder only.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from XAICLIPLib.errors import ModelError, WeightsError
from XAICLIPLib.models.files.archive import MOST_TEXT, Archive, Unsafe
from XAICLIPLib.models.files.modelfile import TO_EXPORT
from XAICLIPLib.models.files.operators import EXPORT
from XAICLIPLib.models.files.script import check_pickle, check_source
from XAICLIPLib.weights.checkpoint import read_checkpoint

INSTEAD = "export it again from its source, or as ONNX"

_BOTH = r"byteorder|version|\.data/(?:serialization_id|version)|\.format_version|\.storage_alignment|extra/.+"
# all that PyTorch writes; `debug_pkl` holds places in the source, read as tuples and texts when something fails
_SCRIPT = re.compile(
    rf"{_BOTH}|code/(?:[A-Za-z_]\w*/)*[A-Za-z_]\w*\.py(?:\.debug_pkl)?|(?:data|constants|traced_inputs)(?:\.pkl|/\d+)"
    r"|bytecode(?:\.pkl|\.debug_pkl)|mobile_debug_handles\.pkl|bytecode/\d+",
    re.ASCII,
)
_EXPORT = re.compile(
    rf"{_BOTH}|archive_format|archive_version|models/model\.json|data/sample_inputs/model\.pt"
    r"|data/weights/(?:weight_\d+|model_weights_config\.json)"
    r"|data/constants/(?:tensor_\d+|model_constants_config\.json)",
    re.ASCII,
)
_PAYLOAD = re.compile(r"(?:weight|tensor)_\d+", re.ASCII)
_OPERATOR = re.compile(
    r"torch\.ops\.higher_order\."
    r"(?:wrap_with_set_grad_enabled|wrap_with_autocast|cond|while_loop|scan|associative_scan|map_impl)"
    r"|_operator\.(?:getitem|add|sub|mul|truediv|floordiv|mod|pow|neg|pos|eq|ne|lt|le|gt|ge|and_|or_)"
    r"|math\.(?:ceil|floor|trunc|sqrt)"
    r"|torch\.(?:sym_(?:int|float|max|min|not|ite|sum|sqrt)|_sym_sqrt)"
)
_REGISTERED = re.compile(r"torch\.ops\.(\w+)\.(\w+)(?:\.(?!__)\w+)?", re.ASCII)
# sizes: numbers, symbols such as s40, arithmetic, and functions such as Max; no other text, attribute or index
_FUNCTION = (
    r"Max|Min|Mod|PythonMod|FloorDiv|CleanDiv|CeilDiv|IntTrueDiv|FloatTrueDiv|TruncToInt|TruncToFloat|FloorToInt"
    r"|CeilToInt|RoundToInt|ToFloat|Eq|Ne|Lt|Le|Gt|Ge|And|Or|Not|Abs|Integer|Rational|Where|True|False|ModularIndexing"
)
_ARITHMETIC = re.compile(
    r"\bSymbol\('\w+'(?:, (?:positive|nonnegative|integer|real)=True)*\)"
    rf"|\b(?:\d{{1,19}}|[suz]\w*\d|{_FUNCTION}|and|or|not)\b|[-+*/%<>=!&|~(), ]"
)
LONGEST_SIZE = 2000
_INPUT_SIZE = re.compile(r"\bL\['\w+'\]\.size\(\)\[\d+\]")  # in a guard
_NAME = re.compile(r"[\w.\-/:]*")
_TREES = {"builtins.tuple", "builtins.list", "builtins.dict", "collections.OrderedDict"}


def vet_torchscript(path: Path) -> None:
    """Refuse a TorchScript archive that holds anything but tensors and code that computes.

    Parameters
    ----------
    path : Path
        Of the archive, which is read but not loaded.

    Raises
    ------
    WeightsError
        If it is no TorchScript archive.
    ModelError
        If PyTorch would do something else with it.
    """
    with _refusing(path):
        archive = Archive(path)
        code = [name for name in archive.sizes if name.startswith("code/") and name.endswith(".py")]
        if not code and not any(name.casefold().startswith(("code/", "model.json")) for name in archive.sizes):
            read_checkpoint(path)  # of a pickle, this names what it would run
            raise WeightsError(f"{path.name} is no TorchScript file, it holds weights alone. {TO_EXPORT}")
        _check_names(archive, _SCRIPT, "no part of a TorchScript file")
        if sum(archive.sizes[name] for name in code) > MOST_TEXT:
            raise Unsafe(f"it holds more than {MOST_TEXT >> 20} MB of code")
        for name in code:
            check_source(name, archive.read(name))
        for name in archive.sizes:
            if name.endswith(".pkl"):
                check_pickle(name, archive.read(name))


def vet_export(path: Path) -> None:
    """Refuse a `.pt2` archive that holds more than tensors, sizes and operators that compute.

    Parameters
    ----------
    path : Path
        Of the archive, which is read but not loaded.

    Raises
    ------
    WeightsError
        If it is no archive of `torch.export.save`, or an old one.
    ModelError
        If PyTorch would run something of it.
    """
    with _refusing(path):
        archive = Archive(path)
        if "models/model.json" not in archive.sizes:
            raise WeightsError(
                f"{path.name} holds no model of torch.export in PyTorch's present format; write it with "
                "torch.export.save of PyTorch 2.8 or newer"
            )
        for name in archive.sizes:  # said by what they are, before they are refused for being unknown
            if name.casefold().startswith("data/aotinductor"):
                raise Unsafe(f"it holds compiled code ({name})")
        _check_names(archive, _EXPORT, "no part of a file of torch.export.save")
        for name in archive.sizes:
            if name.startswith("data/sample_inputs/"):
                _vet_sample(name, archive.read(name))
            elif name.endswith("_config.json"):
                _vet_payloads(json.loads(archive.read(name)))
        _vet_program(json.loads(archive.read("models/model.json")))


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What is found is said with the file's name; a file too damaged to be looked at is refused as well."""
    try:
        yield
    except Unsafe as found:
        raise ModelError(f"{path.name} is refused: {found}; {INSTEAD}") from found
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, OSError, RuntimeError) as error:
        raise WeightsError(f"{path.name} is damaged ({type(error).__name__}: {error}); get the file again") from error
    except MemoryError as error:
        raise ModelError(f"{path.name} is refused: what it holds does not fit in memory; {INSTEAD}") from error


def _check_names(archive: Archive, known: re.Pattern, what: str) -> None:
    for name in archive.sizes:
        if not known.fullmatch(name):
            raise Unsafe(f"it holds {name[:80]}, which is {what}")
        if name.startswith("extra/") and archive.sizes[name] > MOST_TEXT:
            raise Unsafe(f"{name[:80]} has more than {MOST_TEXT >> 20} MB")


def _vet_sample(name: str, content: bytes) -> None:
    import torch

    try:
        torch.load(io.BytesIO(content), weights_only=True)
    except Exception as error:
        raise Unsafe(f"{name} holds a Python object, which could run any program") from error


def _vet_payloads(config: dict) -> None:
    """Weights and constants must be plain numbers in files of their own."""
    for name, payload in config["config"].items():
        if payload["use_pickle"] is not False or not _PAYLOAD.fullmatch(payload["path_name"]):
            raise Unsafe(f"{name[:80]} is a pickled Python object, which could run any program")


def _vet_program(program: dict) -> None:
    """Every text in a serialised program that PyTorch resolves, evaluates or writes into generated code."""
    for key, value in _texts(program):
        if key == "target" and not _is_operator(value):
            raise Unsafe(f"it calls {value[:80]!r}, which is none of the operators that only compute")
        elif key in ("expr_str", "guards_code") and not _is_size(_INPUT_SIZE.sub("1", value)):
            raise Unsafe(f"{value[:80]!r} is no arithmetic on sizes")
        elif key == "a key" and not _NAME.fullmatch(value) and not _is_size(value):
            raise Unsafe(f"{value[:80]!r} is neither a name nor arithmetic on sizes")
        elif key in ("name", "forward_arg_names", "fqn") and not _NAME.fullmatch(value):
            raise Unsafe(f"{value[:80]!r} is no name")
        elif key in ("in_spec", "out_spec") and value:
            types = {node for kind, node in _texts(json.loads(value)) if kind == "type"}
            if types - _TREES or "__enum__" in value:
                raise Unsafe(f"its inputs or outputs are {', '.join(sorted(types - _TREES)) or 'enumerations'}")


def _is_operator(target: str) -> bool:
    registered = _REGISTERED.fullmatch(target)
    if registered and registered[1] != "higher_order":
        return registered[2] in EXPORT.get(registered[1], ())
    return _OPERATOR.fullmatch(target) is not None


def _is_size(text: str) -> bool:
    """Whether it is arithmetic that comes to an end: no towers of powers."""
    return len(text) <= LONGEST_SIZE and text.count("**") <= 4 and not _ARITHMETIC.sub("", text)


def _texts(node, key: str = "") -> Iterator[tuple[str, str]]:
    """All texts below a node of JSON, each with the key that it stands under; the keys themselves as "a key"."""
    if isinstance(node, dict):
        for k, v in node.items():
            yield "a key", k
            yield from _texts(v, k)
    elif isinstance(node, list):
        for v in node:
            yield from _texts(v, key)
    elif isinstance(node, str):
        yield key, node
