"""The files of a bundle's config as plain data: JSON, and YAML without its tags that make Python objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from XAICLIPLib.errors import MissingPackage, WeightsError

# beyond these a config is not read: bundles have a few hundred entries
MOST_BYTES, MOST_ENTRIES = 2**24, 100_000


def read_entries(path: Path) -> dict:
    """A JSON or YAML file as plain data; YAML's tags that make Python objects are not known to the loader used.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict

    Raises
    ------
    WeightsError
        If it can't be read, is too long, or holds no entries.
    MissingPackage
        If it is YAML and PyYAML is not installed.
    """
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
