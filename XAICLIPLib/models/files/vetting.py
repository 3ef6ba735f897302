"""A look into a model file before PyTorch opens it, so that a file from elsewhere can't do more than compute.

`torch.jit.load` runs no Python and unpickles with a reader of its own that knows tensors and TorchScript classes only.
But TorchScript has operators that write and map files, and code that runs while it is loaded, so its source is searched
for them first.

`torch.export.load` unpickles what it can't read as plain tensors, evaluates the text of symbolic sizes, resolves
operators by any name below `torch`, and loads compiled libraries where an archive holds some; its documentation warns
of files that one does not trust. So nothing but plain tensors, sizes that are arithmetic, and operators from the
registries of PyTorch and torchvision is let through.

ONNX files hold no code, and today's onnxruntime reads external data from the model's own folder only.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.errors import ModelError, WeightsError
from XAICLIPLib.models.files.modelfile import TO_EXPORT
from XAICLIPLib.weights.checkpoint import read_checkpoint

INSTEAD = "export it again from its source, or as ONNX"

_TOUCHES_FILES = re.compile(rb"\.\s*(save|from_file)\s*\(")
_OPERATOR = re.compile(
    # of aten, from_file and save reach the disk
    r"torch\.ops\.(?:aten|prims|quantized|quantized_decomposed|torchvision)\.(?!__|from_file\b|save\b)\w+(?:\.(?!__)\w+)?"
    r"|torch\.ops\.higher_order\."
    r"(?:wrap_with_set_grad_enabled|wrap_with_autocast|cond|while_loop|scan|associative_scan|map_impl)"
    r"|_operator\.(?:getitem|add|sub|mul|truediv|floordiv|mod|pow|neg|pos|eq|ne|lt|le|gt|ge|and_|or_)"
    r"|math\.(?:ceil|floor|trunc|sqrt)"
    r"|torch\.(?:sym_(?:int|float|max|min|not|ite|sum|sqrt)|_sym_sqrt)"
)
# sizes: numbers, symbols such as s40, arithmetic, and sympy's functions such as Max; no other text, attribute or index
_ARITHMETIC = re.compile(
    r"\bSymbol\('\w+'(?:, (?:positive|nonnegative|integer|real)=True)*\)"
    r"|\b(?:\d+(?:\.\d+)?|[suz]\w*\d|[A-Z]\w*|and|or|not)\b|[-+*/%<>=!&|~(), ]"
)
_INPUT_SIZE = re.compile(r"\bL\['\w+'\]\.size\(\)\[\d+\]")  # in a guard
_NAME = re.compile(r"[\w.\-/:]*")
_TREES = {"builtins.tuple", "builtins.list", "builtins.dict", "collections.OrderedDict"}


def vet_torchscript(path: Path) -> None:
    """Refuse a TorchScript archive whose code reads or writes files.

    Raises
    ------
    WeightsError
        If it is no TorchScript archive.
    ModelError
        If it holds such code.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise ModelError(f"{path.name} is refused: it holds a file twice; {INSTEAD}")
            code = [n for n in names if re.fullmatch(r"[^/]+/code/.+\.py", n)]
            if not code:
                read_checkpoint(path)  # of a pickle, this names what it would run
                raise WeightsError(f"{path.name} is no TorchScript file, it holds weights alone. {TO_EXPORT}")
            for name in code:
                if found := _TOUCHES_FILES.search(archive.read(name)):
                    raise ModelError(
                        f"{path.name} is refused: its code calls {found[1].decode()}, which reads or writes files; "
                        f"{INSTEAD}"
                    )
    except (zipfile.BadZipFile, OSError) as error:
        raise WeightsError(f"{path.name} is no TorchScript file ({error}); get the file again") from error


def vet_export(path: Path) -> None:
    """Refuse a `.pt2` archive that holds more than tensors, sizes and PyTorch's own operators.

    Raises
    ------
    WeightsError
        If it is no archive of `torch.export.save`, or an old one.
    ModelError
        If PyTorch would run something of it.
    """
    import torch

    try:
        reader = torch._C.PyTorchFileReader(str(path))  # the one that PyTorch loads it with: both see the same content
        records = reader.get_all_records()
    except RuntimeError as error:
        raise WeightsError(
            f"{path.name} is no torch.export file ({str(error).splitlines()[0]}); write one with torch.export.save"
        ) from error
    if "models/model.json" not in records:
        raise WeightsError(
            f"{path.name} holds no model of torch.export in PyTorch's present format; write it with torch.export.save "
            "of PyTorch 2.8 or newer"
        )
    try:
        _vet_records(reader, records, torch)
    except _Unsafe as found:
        raise ModelError(f"{path.name} is refused: {found}; {INSTEAD}") from found


class _Unsafe(Exception):
    """What a file holds that could run."""


def _vet_records(reader, records: list[str], torch) -> None:
    for record in records:
        if record.startswith("data/aotinductor"):
            raise _Unsafe(f"it holds compiled code ({record})")
        if record.startswith("data/sample_inputs/"):
            try:
                torch.load(io.BytesIO(reader.get_record(record)), weights_only=True)
            except Exception as error:
                raise _Unsafe(f"{record} holds a Python object, which could run any program") from error
        elif record.startswith("data/") and record.endswith(".pt"):
            raise _Unsafe(f"{record} is a pickle")
        elif record.endswith("_config.json"):
            for name, payload in json.loads(reader.get_record(record))["config"].items():
                if payload["use_pickle"] or "custom_obj" in payload["path_name"]:
                    raise _Unsafe(f"{name} is a pickled Python object, which could run any program")
        elif record.startswith("models/"):
            _vet_program(json.loads(reader.get_record(record)))


def _vet_program(program: dict) -> None:
    """Every text in a serialised program that PyTorch resolves, evaluates or writes into generated code."""
    for key, value in _texts(program):
        if key == "target" and not _OPERATOR.fullmatch(value):
            raise _Unsafe(f"it calls {value!r}, which is none of PyTorch's registered operators")
        elif key in ("expr_str", "guards_code") and _ARITHMETIC.sub("", _INPUT_SIZE.sub("1", value)):
            raise _Unsafe(f"{value!r} is no arithmetic on sizes")
        elif key == "a key" and not _NAME.fullmatch(value) and _ARITHMETIC.sub("", value):
            raise _Unsafe(f"{value!r} is neither a name nor arithmetic on sizes")
        elif key in ("name", "forward_arg_names", "fqn") and not _NAME.fullmatch(value):
            raise _Unsafe(f"{value!r} is no name")
        elif key in ("in_spec", "out_spec") and value:
            types = {node for kind, node in _texts(json.loads(value)) if kind == "type"}
            if types - _TREES or "__enum__" in value:
                raise _Unsafe(f"its inputs or outputs are {', '.join(sorted(types - _TREES)) or 'enumerations'}")


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
