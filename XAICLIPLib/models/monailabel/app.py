"""An app of MONAI Label on disk: where its weights lie, and what its configurations say in plain values."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from XAICLIPLib.errors import InputError, WeightsError, did_you_mean

PRETRAINED = "pretrained_"
# what a configuration assigns to itself in plain values
PLAIN = ("labels", "target_spacing", "roi_size", "spatial_size")
MOST_BYTES = 2**20


@dataclass(frozen=True)
class AppModel:
    """A model of an app.

    Attributes
    ----------
    app : Path
    name : str
        As its configuration is called: "segmentation", "deepedit_dynunet".
    weights : Path
    """

    app: Path
    name: str
    weights: Path


def find_model(argument: str) -> AppModel:
    """The model of ``APP/MODEL``.

    Parameters
    ----------
    argument : str
        The app's folder and the model's name, or a weights file in the app's folder ``model``.

    Returns
    -------
    AppModel
        With the weights that MONAI Label would run: what was trained and published here before what was downloaded.

    Raises
    ------
    InputError
        If there is no such app, or no such model in it.
    WeightsError
        If its weights are not there.
    """
    path = Path(argument).expanduser()
    if not argument or len(path.parts) < 2:
        raise InputError(
            f"write monailabel:APP/MODEL with the app's folder, such as monailabel:~/apps/radiology/segmentation, not "
            f"{argument!r}"
        )
    if path.is_file() and path.parent.name == "model":
        return AppModel(path.parent.parent, path.stem.removeprefix(PRETRAINED), path)
    app, name = path.parent, path.name
    place = app / "model"
    if not app.is_dir():
        raise InputError(f"there is no app {app}; give the folder that `monailabel apps --download` made")
    if (place / name / "configs" / "metadata.json").is_file():
        raise InputError(f"{name} is a bundle in the app {app.name}; write monai:{place / name}")
    held = sorted(place.glob("*.pt")) if place.is_dir() else []
    found = [f for wanted in (name, f"{name}_dynunet", f"{name}_unetr") for f in _either(place, wanted)]
    if found:
        return AppModel(app, found[0].stem.removeprefix(PRETRAINED), found[0])
    names = [f.stem.removeprefix(PRETRAINED) for f in held]
    what = f"it has {', '.join(names)}{did_you_mean(name, names)}" if names else (
        f"{place} holds no weights: run it once in MONAI Label, which downloads them, or train it"
    )  # fmt: skip
    if names and name not in names:
        raise InputError(f"the app {app.name} has no weights of {name!r} in {place}; {what}")
    raise WeightsError(f"the app {app.name} has no weights; {what}")


def _either(place: Path, name: str) -> list[Path]:
    return [f for f in (place / f"{name}.pt", place / f"{PRETRAINED}{name}.pt") if f.is_file()]


def said_in(app: Path, configuration: str) -> dict[str, Any]:
    """The plain values that a configuration's Python assigns to itself; the file is read, not run.

    Parameters
    ----------
    app : Path
    configuration : str
        The name of its file in ``lib/configs``, without the ending.

    Returns
    -------
    dict
        Of `PLAIN`, those that stand there as values: numbers, texts, tuples and dicts of them. Of a choice between
        values that a server's settings make, the value without settings.
    """
    file = app / "lib" / "configs" / f"{configuration}.py"
    try:
        if file.stat().st_size > MOST_BYTES:
            return {}
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Attribute) and target.attr in PLAIN and ast.unparse(target.value) == "self":
            value = value.orelse if isinstance(value, ast.IfExp) else value
            try:
                found[target.attr] = ast.literal_eval(value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue  # it is computed
    return found
