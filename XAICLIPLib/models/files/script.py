"""The source code in a TorchScript archive: which operators it can reach, whatever it is written like.

TorchScript is Python's syntax with names of its own, and `torch.jit.save` writes a small part of that syntax. The check
works on the words of the source and takes nothing but words that TorchScript and this file split alike: no escapes
between words, no comments, no single or triple quotes. Then a name is what it stands behind:

- `torch.NAME` and ``value.NAME`` are operators of ``aten``, `ops.SPACE.NAME` those of any library;
- `getattr(value, "NAME")` is the same with the name as text;
- ``__torch__.…`` is what the archive itself defines, and ``__torch__.torch.classes.…`` a class in C++.

`torch`, `ops` and ``__torch__`` can't stand alone, so no other name can come to mean them.
"""

from __future__ import annotations

import ast
import pickletools
import re

from XAICLIPLib.models.files.archive import Unsafe
from XAICLIPLib.models.files.operators import ATEN, PACKED, SCRIPT

_WORD = re.compile(
    r"""(?P<space>[ \n]+)
    |(?P<text>"(?:[^"\\\n]|\\.)*"(?!"))
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?j?(?![\w."]))
    |(?P<name>[A-Za-z_]\w*(?!"))
    |(?P<mark>->|\*\*=?|//=?|<<=?|>>=?|[-+*/%&|^=!<>]=?|[()\[\]{},.:;@~])""",
    re.VERBOSE | re.ASCII,
)
_PACKED = tuple(f"__torch__.torch.classes.{name}" for name in PACKED)
_PACKED_TEXTS = tuple(f"torch.classes.{name}".encode() for name in PACKED)
_CLASSES = re.compile(rb"torch\.classes[.\w\n]*")
# names of what comes with a TorchScript archive's pickles; PyTorch's reader in C++ makes nothing else
_PICKLED = re.compile(
    r"(?!__torch__\.torch\.classes\.)__torch__\.[\w.]+"
    r"|torch\.jit\._pickle\.(?:build_\w+list|build_tensor_from_id|restore_type_tag)"
    r"|torch\._utils\.(?:_rebuild_tensor_v2|_rebuild_parameter|_rebuild_qtensor)"
    r"|torch\.(?:\w+Storage|device|per_(?:tensor|channel)_affine\w*|q?u?int\d+|b?float\d+|bool|complex\d+)"
    r"|collections\.OrderedDict",
    re.ASCII,
)


def check_source(name: str, content: bytes) -> None:
    """Refuse source code that could reach an operator which is not on the list.

    Parameters
    ----------
    name : str
        What an error calls it.
    content : bytes
        Of the source file; anything but ASCII is refused.

    Raises
    ------
    Unsafe
        Naming what it could reach, or where it is not as TorchScript writes it.
    """
    words = _words(name, content)
    for i, (kind, word, first) in enumerate(words):
        before = words[i - 1] if i else ("", "", True)
        if kind == "text":
            _check_text(word, before[1] if before[0] == "text" else None)
        elif kind == "name" and before[1] == ".":
            _check_operator(word)
        elif kind == "name":
            _check_root(word, [w for _, w, _ in words[i + 1 : i + 9]], first)


def _words(name: str, content: bytes) -> list[tuple[str, str, bool]]:
    """Kind and text of all words, and whether each is the first of its line; in brackets a line's end means nothing."""
    try:
        source = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise Unsafe(f"{name} holds characters that TorchScript does not write") from error
    found, at, first = [], 0, True
    while at < len(source):
        match = _WORD.match(source, at)
        if match is None:
            line = source.count("\n", 0, at) + 1
            raise Unsafe(f"line {line} of {name} is not as TorchScript writes it ({source[at : at + 12]!r})")
        at = match.end()
        if match.lastgroup != "space":
            found.append((match.lastgroup, match[0], first))
        first = match.lastgroup == "space" and (first or "\n" in match[0])
    return found


def _check_text(word: str, before: str | None) -> None:
    """A text may be the name of an attribute; two in a row are one text to TorchScript."""
    if before is not None:
        raise Unsafe(f"it joins the texts {before} and {word}")
    try:
        text = ast.literal_eval(word)
    except (SyntaxError, ValueError) as error:
        raise Unsafe(f"{word[:60]} is no text") from error
    if "torch.classes" in text:
        raise Unsafe(f"it names a class in C++ by the text {word[:60]}")
    if re.fullmatch(r"\w+", text):
        _check_operator(text)


def _check_operator(word: str) -> None:
    """A name behind a dot: an attribute or method of the archive's own, unless it is an operator's."""
    import torch

    if word in ATEN:
        return
    if word == "autograd" or torch._C._jit_get_schemas_for_operator(f"aten::{word}"):
        raise Unsafe(f"its code calls {word}, which is none of the operators that only compute")


def _check_root(word: str, after: list[str], first: bool) -> None:
    """A name that does not stand behind a dot: those that lead to operators must lead to known ones."""
    chain = [word]
    while len(after) > 1 and after[0] == ".":
        chain.append(after[1])
        after = after[2:]
    shown = ".".join(chain)
    if word in ("torch", "ops") and len(chain) == 1 and first and after[:1] == [":"]:
        return  # an attribute of a class that has this name
    if word in ("fork", "awaitable"):
        raise Unsafe(f"its code calls {word}, which starts threads")
    if word == "torch" and len(chain) < 2 or word == "__torch__" and chain[1:] in ([], ["torch"]):
        raise Unsafe(f"its code gives {shown} another name")
    if word == "ops":
        space, name = chain[1:3] if len(chain) > 2 else ("", "")
        if name not in SCRIPT.get(space, ()):
            raise Unsafe(f"its code calls {shown}, which is none of the operators that only compute")
    if chain[:3] == ["__torch__", "torch", "classes"] and ".".join(chain[:5]) not in _PACKED:
        raise Unsafe(f"its code uses {shown}, a class in C++ that a network does not need")


def check_pickle(name: str, content: bytes) -> None:
    """Refuse a pickle of a TorchScript archive that names anything but tensors and the archive's own classes.

    PyTorch reads it in C++ and makes nothing else anyway, but classes in C++, such as readers of videos.

    Parameters
    ----------
    name : str
        What an error calls it.
    content : bytes
        Of the pickle, which is taken apart and not loaded.

    Raises
    ------
    Unsafe
        Naming what it wants.
    """
    for found in _CLASSES.findall(content):
        if not found.replace(b"\n", b".").startswith(_PACKED_TEXTS):
            raise Unsafe(f"{name} names {found[:60].decode('ascii', 'replace')!r}, a class in C++")
    try:
        for operation, argument, _ in pickletools.genops(content):
            if operation.name == "GLOBAL":
                wanted = str(argument).replace(" ", ".")
                if not _PICKLED.fullmatch(wanted) and wanted not in _PACKED:
                    raise Unsafe(f"{name} wants {wanted[:80]}, which could run any program")
            elif operation.name in ("STACK_GLOBAL", "INST", "OBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4"):
                raise Unsafe(f"{name} is no pickle of TorchScript ({operation.name})")
    except (ValueError, IndexError, UnicodeDecodeError, OverflowError) as error:
        raise Unsafe(f"{name} is damaged ({error})") from error
