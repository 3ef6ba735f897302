"""How a model under explanation is opened by one string."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import torch
from torch import Tensor

from XAICLIPLib.errors import InputError, ModelError, ResourceError, WeightsError, XAICLIPError
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Segmenter, Segments, adapted
from XAICLIPLib.models.detect import recognise
from XAICLIPLib.models.device import choose_device
from XAICLIPLib.models.families import FAMILIES
from XAICLIPLib.models.files.modelfile import last_line
from XAICLIPLib.models.function import FunctionSegmenter
from XAICLIPLib.models.memory import out_of_memory
from XAICLIPLib.weights.licence import accept, forbids_commerce, require_accepted

# imported when a model of the family is opened: each brings its own heavy package
MODULES = {family.name: family.module for family in FAMILIES}


def open_segmenter(
    spec: str | Callable[[Tensor], Tensor] | Segmenter,
    device: str | torch.device = "auto",
    targets: tuple[str, ...] = (),
    *,
    accept_licence: bool = False,
) -> Segmenter:
    """Open a model by one string.

    Parameters
    ----------
    spec : str, callable, or Segmenter
        "FAMILY:PATH" with one of `families.FAMILIES`; "bundled"; "function:package.module:name" or
        "function:FILE.py:name" (a callable, or a factory of a `Segmenter`); a path alone, which `detect` looks into; a
        callable ``(B, 1, H, W) tensor -> (B, K, H, W) probabilities`` on slices in the scan's own values; or a
        `Segmenter`.
    device : str or torch.device
    targets : tuple of str
        The structures of a callable's K channels, in order; not needed where the model names its own.
    accept_licence : bool
        Whether the user accepts a licence that forbids commercial use; it is kept, so that once is enough.

    Returns
    -------
    Segmenter
        With every ability declared; a user's own stays on the device where it is.

    Raises
    ------
    InputError
        If there is no such family, and no such path.
    ModelError
        If what the string names is no model.
    WeightsError
        If its file is missing, damaged, or refused.
    LicenceNotAccepted
        If its licence forbids commercial use, and was not accepted on this machine.
    ResourceError
        If the device is not there, or the model does not fit in memory.
    """
    device = device if isinstance(device, torch.device) else choose_device(device)
    if isinstance(spec, str):
        spec, reason = (spec, "") if spec.partition(":")[0] in MODULES else _recognised(spec)
        family, _, argument = spec.partition(":")
        module = import_module(f"XAICLIPLib.models.{MODULES[family]}")
        with _last_resort(family, argument, device):
            opened = module.open_model(family, argument, device, targets)
        licence, covered = str(opened.provenance.get("licence") or ""), f"{family}: {opened.name}"
        if accept_licence and forbids_commerce(licence):
            accept(covered, licence)
        else:
            require_accepted(covered, licence, spec)
        if reason:
            opened.provenance["recognised"] = f"{family}: {reason}"
        return opened
    if isinstance(spec, (Segmenter, Segments)):
        return adapted(spec)
    if not callable(spec):
        raise ModelError(f"a model is a string, a callable or a Segmenter, not {type(spec).__name__}")
    return FunctionSegmenter(spec, device, targets)


@contextmanager
def _last_resort(family: str, argument: str, device: torch.device) -> Iterator[None]:
    """Whatever a damaged file brings a library to raise is one sentence; the libraries' own story is its cause."""
    name = Path(argument).name[:80] or family
    try:
        yield
    except XAICLIPError:
        raise
    except Exception as error:
        if out_of_memory(error):
            raise ResourceError(
                Message(
                    "{name} does not fit in the memory of {device}; choose another device",
                    name=name,
                    device=str(device),
                )
            ) from error
        reason = f"{type(error).__name__}: {last_line(error)}"
        if family == "function":
            raise ModelError(
                Message(
                    "{name} can't be opened: its code raised {reason}; mend it",
                    name=name,
                    reason=reason,
                )
            ) from error
        raise WeightsError(
            Message(
                "{name} can't be opened as {family} ({reason}): it is damaged, or made by another version; get it "
                "again, or export it again",
                name=name,
                family=family,
                reason=reason,
            )  # fmt: skip
        ) from error


def _is_path(spec: str) -> bool:
    try:
        return bool(spec.strip()) and Path(spec).expanduser().exists()
    except (OSError, RuntimeError, ValueError):  # longer than a path may be, an unknown home, a zero character
        return False


def _recognised(spec: str) -> tuple[str, str]:
    """The string of a path without a family, and how it is known."""
    if _is_path(spec):
        try:
            found = recognise(spec)
        except (OSError, RecursionError, MemoryError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise InputError(
                Message(
                    "{file} can't be looked into ({reason}); check the file or folder",
                    file=Path(spec).name,
                    reason=reason,
                )
            ) from error
        return found.spec, found.reason
    family = spec.partition(":")[0]
    near = get_close_matches(family.lower(), MODULES, 1)
    hint = Message("; did you mean {word}?", word=repr(near[0])) if near else ""
    if len(Path(spec).parts) > 1 or Path(spec).suffix:
        raise InputError(Message(
            "there is no model {model}: no such file or folder here, and no family of that name{hint}",
            model=repr(spec), hint=hint,
        ))  # fmt: skip
    raise InputError(Message(
        "there is no model {model}; give one of {families} (see `xaiclip models`){hint}",
        model=repr(spec), families=', '.join(MODULES), hint=hint,
    ))  # fmt: skip
