"""Folders round trained models: several of them in one, and what lies there instead of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.errors import ModelError, WeightsError
from XAICLIPLib.models.packed import packed_in

DEEPEST = 4  # folders below the one given, in which trained models are looked for
SHOWN = 12  # of the models of a folder, in a message
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".incomplete", ".tmp")
INTERACTIVE = ("inference_info.json", "inference_session_class.json")  # of nnInteractive, newer and older


def is_trained(folder: Path) -> bool:
    """Whether a folder is what a training of nnU-Net leaves.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bool
    """
    return (folder / "dataset.json").is_file() and (folder / "plans.json").is_file()


def named(argument: str) -> Path | None:
    """The trained model that "FOLDER:NAME" means.

    Parameters
    ----------
    argument : str
        NAME is a path below FOLDER, or the name of one of its folders, such as "Dataset297_TotalSegmentator" or
        "Dataset297".

    Returns
    -------
    Path, or None
        None where there is no such FOLDER.

    Raises
    ------
    WeightsError
        If no model below it has the name, or several have.
    """
    place, _, name = argument.rpartition(":")
    root = Path(place).expanduser()
    if not place or not root.is_dir():
        return None
    models = _below(root)
    if (root / name).exists() and any(_lies_in(root / name, root / model) for model in models):
        return root / name  # a model, or a fold or checkpoint in one
    found = [m for m in models if any(part == name or part.startswith(f"{name}_") for part in Path(m).parts)]
    if len(found) == 1:
        return root / found[0]
    if not models:
        raise absent(root)
    problem = f"several models are called {name!r}" if found else f"no model is called {name!r}"
    raise WeightsError(f"{root}: {problem}; {_choices(root, found or models)}")


def only_one(folder: Path) -> Path:
    """The trained model below a folder that is none itself.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Path

    Raises
    ------
    WeightsError
        If there are several, with their names, or none, with what is there instead.
    """
    models = _below(folder)
    if len(models) == 1:
        return folder / models[0]
    if models:
        raise WeightsError(f"{folder} holds {len(models)} trained models; {_choices(folder, models)}")
    raise absent(folder)


def refuse_interactive(folder: Path) -> None:
    """Refuse a model of nnInteractive, which is laid out like one of nnU-Net.

    Parameters
    ----------
    folder : Path
        With dataset.json and plans.json.

    Raises
    ------
    ModelError
        If it is one.
    """
    if any((folder / name).is_file() for name in INTERACTIVE):
        raise ModelError(
            f"{folder.name} is a model of nnInteractive, not of nnU-Net: it segments what clicks, scribbles and boxes "
            "point at, which nnU-Net's inputs are not; explain a model that segments by itself, and give what "
            "nnInteractive drew as --reference or --region"
        )


def unfinished(folder: Path) -> str:
    """A download in a folder, or in a folder in it, that did not end.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str
        Its name; empty where there is none.
    """
    files = sorted(p.name for pattern in ("*", "*/*") for p in folder.glob(pattern) if p.is_file())
    return next((name for name in files if name.lower().endswith(UNFINISHED)), "")


def absent(folder: Path) -> WeightsError:
    """What to say of a folder that holds no trained model of nnU-Net v2.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    WeightsError
    """
    if found := unfinished(folder):
        return WeightsError(f"{folder} holds {found}, a download that did not end; download the model again")
    names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    inner = sorted(p.name for p in folder.glob("*/*")) if folder.is_dir() else []
    if "plans.pkl" in (*names, *inner):
        return WeightsError(
            f"{folder} is a model of nnU-Net v1 (plans.pkl), which nnU-Net v2 can't open; train it again with "
            "nnU-Net v2, or export it as TorchScript or ONNX"
        )
    if found := packed_in(folder):
        return WeightsError(
            f"{folder} holds the archive {found}; unpack it, and give the folder in it that holds dataset.json"
        )
    missing = [name for name in ("dataset.json", "plans.json") if name not in names]
    verb = "are" if len(missing) > 1 else "is"
    return WeightsError(
        f"{folder} is no trained nnU-Net model, {' and '.join(missing)} {verb} missing; give the folder that holds "
        "dataset.json, plans.json and fold_0, or one of its folds"
    )


def _lies_in(path: Path, model: Path) -> bool:
    return path == model or model in path.parents


def _choices(root: Path, models: list[str]) -> str:
    shown = ", ".join(models[:SHOWN]) + (f" and {len(models) - SHOWN} more" if len(models) > SHOWN else "")
    return f"open one as nnunet:{root}:NAME, where NAME is one of {shown}"


def _below(root: Path) -> list[str]:
    """The trained models below a folder, as paths from there."""
    return [model.relative_to(root).as_posix() for model in _walk(root, DEEPEST)]


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    for inner in sorted(f for f in folder.iterdir() if f.is_dir() and not f.name.startswith(".")):
        if is_trained(inner):
            yield inner
        elif depth > 1:
            yield from _walk(inner, depth - 1)
