"""What a MONAI bundle's config says, read without running any of it.

MONAI evaluates every text that starts with ``$`` as Python and calls whatever ``_target_`` names, so with its own
`ConfigParser` a config from elsewhere is a program from elsewhere. Here a config is data: references are followed,
expressions are evaluated as far as they are arithmetic, choices and lists of plain values, and what a ``_target_``
names stays a name (`Component`) until `build` looks it up among the classes that it knows. Entries that nothing
here needs, such as ``imports``, ``datalist`` or ``evaluator``, are not looked at, and a bundle's ``scripts`` are never
imported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from XAICLIPLib.errors import ModelError, WeightsError
from XAICLIPLib.models.monai.expressions import REFERENCE, NotPlain, value_of
from XAICLIPLib.models.monai.reading import MOST_ENTRIES, read_entries
from XAICLIPLib.models.packed import unpack_first
from XAICLIPLib.weights.checkpoint import read_checkpoint

CONFIGS = ("inference", "test", "evaluate")
ENDINGS = (".json", ".yaml", ".yml")
INSTEAD = (
    "write the plain value in its place, or export the network as TorchScript (`python -m monai.bundle ckpt_export`) "
    "and open that file as torchscript:FILE"
)

# packages whose classes an expression may call by name: what they make is looked up in `build`
_CLASSES = ("monai.networks.nets", "monai.inferers", "monai.transforms")
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


class Config:
    """Entries of a config, whatever file they stand in.

    Parameters
    ----------
    entries : mapping
    name : str
        What to call it in messages.
    folder : Path, optional
        The bundle's own, of which ``torch.load`` in an expression may read files, as plain data; None for none.

    Attributes
    ----------
    metadata : dict
        What the bundle says of itself beside it; empty where there is no bundle.
    """

    def __init__(self, entries: Mapping, name: str, folder: Path | None = None) -> None:
        self.name = name
        self.folder = folder
        self.metadata: dict[str, Any] = {}
        # where the bundle lay when it was made is nothing to us
        self._entries = {**entries, "bundle_root": "."} if folder is not None else entries
        self._open: list[str] = []
        self._entered = 0
        self._lenient = False
        self._loaded: dict[Path, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def find(self, target: str) -> str | None:
        """Where a class is named, among the entries themselves or in their lists.

        Parameters
        ----------
        target : str
            The class, without its package.

        Returns
        -------
        str or None
            As `get` takes it; None where it is named nowhere.
        """
        for key, node in self._entries.items():
            for place, one in [
                (key, node),
                *((f"{key}#{i}", n) for i, n in enumerate(node if isinstance(node, list) else ())),
            ]:
                if isinstance(one, Mapping) and str(one.get("_target_", "")).rpartition(".")[2] == target:
                    return place
        return None

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
            raise ModelError(f"{self.name} goes round in a circle: {' → '.join([*self._open, reference])}")
        node: Any = self._entries
        for part in path:
            try:
                node = node[int(part) if isinstance(node, list) else part]
            except (IndexError, KeyError, TypeError, ValueError) as error:
                raise ModelError(f"{self.name} has no entry @{reference}, which {where} refers to") from error
        self._open.append(reference)
        try:
            return self._resolved(node, "#".join(path))
        finally:
            self._open.pop()

    def _resolved(self, node: Any, where: str) -> Any:
        self._entered += 1
        if self._entered > MOST_ENTRIES:
            raise ModelError(
                f"{self.name} is refused: its references to each other come to more than {MOST_ENTRIES} entries; "
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
        if (reference := REFERENCE.fullmatch(node)) is not None:
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
        try:
            return value_of(
                text[1:],
                lambda name: self._plain(name, where),
                lambda name, arguments, keywords: self._called(name, arguments, keywords, where),
            )
        except NotPlain as error:
            raise self._refused(where, text, "Python code") from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise ModelError(f"{self.name}: {where} is {text!r}, which has no value ({error})") from error

    def _plain(self, name: str, where: str) -> Any:
        """What an expression refers to, which must have been read."""
        found = self._follow(name, where)
        if found is UNREAD:
            raise NotPlain
        return found

    def _called(self, name: str, arguments: list, keywords: dict[str, Any], where: str) -> Any:
        """What a call in an expression gives: a component, a file's content as data, an array as a tensor."""
        if name.rpartition(".")[0] in _CLASSES and not arguments:
            return Component(where, name, keywords)
        if name == "torch.load" and len(arguments) == 1 and isinstance(arguments[0], str):
            if not keywords.keys() <= {"weights_only"}:
                raise NotPlain
            return self._load(arguments[0], where)
        if name == "torch.from_numpy" and len(arguments) == 1 and not keywords:
            return _tensor_of(arguments[0])
        raise NotPlain

    def file(self, name: str, where: str) -> Path:
        """A file of the bundle.

        Parameters
        ----------
        name : str
            From the bundle's folder on.
        where : str
            The entry that names it, for messages.

        Returns
        -------
        Path
            It need not exist.

        Raises
        ------
        ModelError
            If it is no file of the bundle.
        """
        place = None if self.folder is None else (self.folder / name).resolve()
        if place is None or not place.is_relative_to(self.folder.resolve()):
            raise ModelError(f"{self.name} is refused: {where} names {name}, a file outside the bundle; {INSTEAD}")
        return place

    def _load(self, name: str, where: str) -> Any:
        path = self.file(name, where)
        if path not in self._loaded:
            if not path.is_file():
                raise WeightsError(f"{where} wants {name}, which is not there; download the bundle's files")
            self._loaded[path] = read_checkpoint(path, instead=INSTEAD[0].upper() + INSTEAD[1:])
        return self._loaded[path]

    def _refused(self, where: str, text: str, what: str) -> Refused:
        return Refused(
            f"{self.name} is refused: {where} is {text!r}, {what}, and XAICLIP runs no code that comes with a "
            f"bundle; {INSTEAD}"
        )


class BundleConfig(Config):
    """The config of the bundle in a folder, and its metadata.

    Parameters
    ----------
    folder : Path

    Attributes
    ----------
    metadata : dict
        What ``configs/metadata.json`` says.

    Raises
    ------
    WeightsError
        If the folder is no bundle, or a file of it can't be read.
    """

    def __init__(self, folder: Path) -> None:
        place = folder / "configs"
        if not (place / "metadata.json").is_file():
            raise WeightsError(
                unpack_first(folder)
                or f"{folder} is no MONAI bundle: it has no configs/metadata.json; give the folder that holds configs "
                "and models"
            )
        found = [place / f"{name}{ending}" for name in CONFIGS for ending in ENDINGS]
        file = next((path for path in found if path.is_file()), None)
        if file is None:
            raise WeightsError(
                f"{place} holds no {', '.join(f'{name}.json' for name in CONFIGS)} (or .yaml), which say how the "
                "network is fed; get the bundle again"
            )
        super().__init__(read_entries(file), file.name, folder)
        self.metadata = read_entries(place / "metadata.json")


def _tensor_of(value: Any) -> torch.Tensor:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{type(value).__name__} is no array")
    return torch.from_numpy(np.ascontiguousarray(value))
