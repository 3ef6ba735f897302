"""Where the models of Auto3DSeg lie on this machine, and what is wrong with a folder that holds none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from XAICLIPLib.errors import InputError, WeightsError, did_you_mean
from XAICLIPLib.models.packed import ARCHIVES

WEIGHTS, LABELS, SETTINGS = "model.pt", "labels.csv", "hyper_parameters.yaml"
_VERSION = re.compile(r"(?P<name>.+)-v(?P<version>\d+(?:\.\d+)*)")
DEEPEST = 4  # folders below a model's own in which its two files may lie
OTHERS = ("dints", "swinunetr", "segresnet2d")  # the other networks that MONAI's Auto3DSeg trains


@dataclass(frozen=True)
class Model:
    """A model on disk.

    Attributes
    ----------
    weights : Path
        ``model.pt``, which holds the config too.
    labels : Path or None
        ``labels.csv`` of Slicer's module; None for a folder of MONAI's own training.
    name : str
        The folder that it is known by.
    """

    weights: Path
    labels: Path | None
    name: str


def slicers_folder() -> Path:
    """Where Slicer's MONAIAuto3DSeg keeps its models.

    Returns
    -------
    Path
        It need not exist.
    """
    return Path.home() / ".MONAIAuto3DSeg" / "models"


def known() -> list[Path]:
    """The folders of Slicer's models on this machine, whole or not.

    Returns
    -------
    list of Path
        By name and version.
    """
    place = slicers_folder()
    return sorted((f for f in place.iterdir() if f.is_dir()), key=_by_version) if place.is_dir() else []


def find_model(argument: str) -> Model:
    """The model of an id or a path.

    Parameters
    ----------
    argument : str
        An id of Slicer's module, such as "abdominal-organs-3mm-v2.0.0", or without its version for the newest that is
        here; or the path of a model's folder, of a folder above it, or of its model.pt.

    Returns
    -------
    Model

    Raises
    ------
    InputError
        If there is no such model, or several.
    WeightsError
        If a file of it is missing.
    """
    path = Path(argument).expanduser()
    if not argument:
        raise InputError(f"write auto3dseg:ID or auto3dseg:FOLDER; {_here()}")
    if path.is_file() and path.name == WEIGHTS:
        path = path.parent
    if path.is_dir():
        return in_folder(path)
    versions = [f for f in known() if f.name == argument or _split(f.name)[0] == argument]
    if versions:
        return in_folder(versions[-1])
    near = did_you_mean(argument, [f.name for f in known()])
    raise InputError(
        f"there is no model {argument!r} of MONAIAuto3DSeg here{near}; {_here()}. 3D Slicer's module MONAIAuto3DSeg "
        "downloads one when it is applied"
    )


def in_folder(folder: Path) -> Model:
    """The model in a folder, or in the folders below it.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Model

    Raises
    ------
    InputError
        If it holds several.
    WeightsError
        If it holds none, or one of which a file is missing.
    """
    found = models_below(folder)
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            f"{folder} holds {len(found)} models of Auto3DSeg; give one of them: "
            f"{', '.join(f'auto3dseg:{model.weights.parent}' for model in found)}"
        )
    raise _incomplete(folder)


def models_below(folder: Path) -> list[Model]:
    """The models of Auto3DSeg in a folder or below it.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Model
        Those whose files are all there, in order of their names.
    """
    places = [folder, *_folders(folder, DEEPEST)]
    if folder.name == "model" and is_training(folder.parent):
        places = [folder.parent]
    found = []
    for place in places:
        if (place / LABELS).is_file() and (place / WEIGHTS).is_file():
            found.append(Model(place / WEIGHTS, place / LABELS, _known_as(place, folder)))
        elif is_training(place):
            found.append(Model(place / "model" / WEIGHTS, None, place.resolve().name))
    return found


def is_training(folder: Path) -> bool:
    """Whether MONAI's own Auto3DSeg trained a segresnet into a folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bool
    """
    return (folder / "configs" / SETTINGS).is_file() and (folder / "model" / WEIGHTS).is_file()


def _folders(folder: Path, depth: int) -> list[Path]:
    inner = sorted(f for f in folder.iterdir() if f.is_dir() and not f.name.startswith(".")) if depth else []
    return [one for f in inner for one in (f, *_folders(f, depth - 1))]


def _split(name: str) -> tuple[str, tuple[int, ...]]:
    match = _VERSION.fullmatch(name)
    return (match["name"], tuple(int(n) for n in match["version"].split("."))) if match else (name, ())


def _by_version(folder: Path) -> tuple[str, tuple[int, ...]]:
    return _split(folder.name)


def _known_as(place: Path, folder: Path) -> str:
    """The folder with a version in its name, where there is one between the files and what was given."""
    above = [place.resolve(), *place.resolve().parents][:DEEPEST]
    return next((f.name for f in above if _VERSION.fullmatch(f.name)), folder.resolve().name)


def _here() -> str:
    names = [f.name for f in known()]
    return f"here are {', '.join(names)}" if names else f"{slicers_folder()} holds none"


def _incomplete(folder: Path) -> WeightsError:
    """Why a folder holds no model, and what to do."""
    places = [folder, *_folders(folder, DEEPEST)]
    files = [f for place in places for f in sorted(place.iterdir()) if f.is_file()]
    archives = [f for f in files if f.name.lower().endswith(ARCHIVES)]
    again = f"delete {folder} and let 3D Slicer's module MONAIAuto3DSeg download the model again"
    has = {f.name for f in files}
    if LABELS in has or WEIGHTS in has:
        missing = WEIGHTS if LABELS in has and WEIGHTS not in has else LABELS
        if LABELS in has and WEIGHTS in has:
            return WeightsError(f"{folder} has {WEIGHTS} and {LABELS} in different folders; put them into one")
        other = "" if missing == WEIGHTS else ", or write one with the columns LabelValue and Name beside model.pt"
        return WeightsError(f"{folder} has no {missing}: its download is not whole; {again}{other}")
    if archives:
        return WeightsError(f"{folder} holds an archive, {archives[0].name}, that is not unpacked; unzip it there")
    if SETTINGS in has:
        known_as = next((name for name in OTHERS if folder.resolve().name.startswith(name)), "")
        if known_as:
            return WeightsError(
                f"{folder} is a {known_as} of MONAI's Auto3DSeg, and XAICLIP opens its segresnet; give the folder "
                "segresnet_N beside it, or export the network as TorchScript"
            )
        return WeightsError(f"{folder} has no model/{WEIGHTS}: its training has not saved a network yet; train it")
    return WeightsError(
        f"{folder} holds no model of Auto3DSeg: it wants {WEIGHTS} with {LABELS} (3D Slicer's) or configs/{SETTINGS} "
        f"with model/{WEIGHTS} (MONAI's own); give such a folder"
    )
