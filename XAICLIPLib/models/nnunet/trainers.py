"""The trainer that a model was trained with: a class of nnunetv2, or of the user's own, which may build its network."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import os
from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.errors import ModelError

PLACES = "nnUNet_extTrainer"  # variable with the folders in which nnU-Net looks for trainers outside its package
CONSENT = "XAICLIP_RUN_TRAINERS"  # variable with the names of those among them that may be run


def find_trainer(name: str) -> type | None:
    """The trainer class of that name in nnunetv2, or one of the user's own that may be run; None where there is none.

    Parameters
    ----------
    name : str
        Of the class, as the checkpoint has it.

    Returns
    -------
    type or None
        A subclass of `nnUNetTrainer`.

    Raises
    ------
    ModelError
        If the user's own can't be imported.
    """
    # on import nnU-Net prints that its data folders are not set, which prediction does not need
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(ImportError):
        import nnunetv2.training.nnUNetTrainer as trainers
        from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
        from nnunetv2.utilities.find_class_by_name import recursive_find_python_class

        found = recursive_find_python_class(trainers.__path__[0], name, trainers.__name__)
        if found is None and name in os.environ.get(CONSENT, "").replace(",", " ").split():
            found = _own(name)
        return found if isinstance(found, type) and issubclass(found, nnUNetTrainer) else None
    return None


def not_run(name: str) -> str:
    """What to know of a network that was built without its trainer.

    Parameters
    ----------
    name : str
        Of the trainer, which `find_trainer` does not find.

    Returns
    -------
    str
    """
    file = next(_files_with(name), None)
    if file is None:
        return (
            f"the trainer {name} is not installed, so the network was built from the plans alone, as nnUNetTrainer "
            "does; if that trainer changes the network, put it into nnunetv2"
        )
    return (
        f"the trainer {name} ({file.name} in {PLACES}) was not run, so the network was built from the plans alone, as "
        f"nnUNetTrainer does; if that trainer changes the network and you trust the file, set {CONSENT}={name}"
    )


def _files_with(name: str) -> Iterator[Path]:
    """The Python files of the user's folders that define a class of that name; they are read, not run."""
    for place in filter(None, os.environ.get(PLACES, "").split(os.pathsep)):
        for file in sorted(Path(place).expanduser().rglob("*.py")):
            try:
                tree = ast.parse(file.read_text(encoding="utf-8"))
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            if any(isinstance(node, ast.ClassDef) and node.name == name for node in tree.body):
                yield file


def _own(name: str) -> type | None:
    """The user's class of that name, whose file is run."""
    for file in _files_with(name):
        spec = importlib.util.spec_from_file_location(f"xaiclip_trainer_{file.stem}", file)
        if spec is None or spec.loader is None:
            continue
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:  # whatever the user's own code raises
            raise ModelError(
                f"{file.name} of {PLACES} can't be imported ({type(error).__name__}: {str(error)[:200]}); mend it, or "
                f"take {name} out of {CONSENT}"
            ) from error
        return getattr(module, name, None)
    return None
