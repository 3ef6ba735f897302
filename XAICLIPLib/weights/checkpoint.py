"""Read a checkpoint without ever running what it holds, and put it into a network with an error that helps."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING

from XAICLIPLib.errors import WeightsError

if TYPE_CHECKING:
    from torch import Tensor, nn

# where training programs put the weights beside optimisers and epochs
WRAPPERS = ("state_dict", "model_state_dict", "network_weights", "model", "net")
SHOWN = 6


def read_checkpoint(path: str | Path) -> Mapping:
    """What a `.safetensors` file or a PyTorch checkpoint holds, on the CPU; nothing in it is executed.

    Raises
    ------
    WeightsError
        If the file is missing or damaged, or a pickle wants anything but tensors and plain data; the message names
        what it wanted.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"there is no checkpoint {path}; give the path of a file on this machine")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        if _is_torchscript(path):
            raise WeightsError(
                f"{path.name} is a TorchScript program, not weights (OpenAI's own CLIP files are); a model of "
                "open_clip is given by its published name, such as ViT-B-16:openai, a segmenter as torchscript:FILE"
            )
        return torch.load(path, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        wanted = re.search(r"GLOBAL ([\w.]+)", str(error))
        what = f"the Python object {wanted[1]}, which could run any program" if wanted else "no weights"
        raise WeightsError(
            f"{path.name} is refused: it holds {what}. Save the weights alone, with torch.save(model.state_dict(), "
            "FILE) or as .safetensors, or the model as TorchScript or ONNX"
        ) from error
    except (EOFError, LookupError, OSError, RuntimeError, SafetensorError, ValueError, zipfile.BadZipFile) as error:
        reason = (str(error).splitlines() or ["the file is empty"])[0]
        raise WeightsError(f"{path.name} can't be read as a checkpoint ({reason}); get the file again") from error


def _is_torchscript(path: Path) -> bool:
    """Whether a file is an archive of `torch.jit.save`, told by the entry that PyTorch itself tells it by."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.partition("/")[2] == "constants.pkl" for name in archive.namelist())


def state_of(checkpoint: Mapping, name: str = "the checkpoint") -> dict[str, Tensor]:
    """The weights in what `read_checkpoint` gave, without wrappers and without DistributedDataParallel's prefix.

    Raises
    ------
    WeightsError
        If there are no named tensors in it.
    """
    from torch import Tensor

    found = checkpoint
    for wrapper in WRAPPERS:
        if isinstance(found, Mapping) and isinstance(found.get(wrapper), Mapping):
            found = found[wrapper]
            break
    state = {k: v for k, v in found.items() if isinstance(v, Tensor)} if isinstance(found, Mapping) else {}
    if not state:
        raise WeightsError(f"{name} holds no named tensors; give a file made with torch.save(model.state_dict(), FILE)")
    if all(key.startswith("module.") for key in state):
        state = {key.removeprefix("module."): value for key, value in state.items()}
    return state


def load_weights(network: nn.Module, state: Mapping[str, Tensor], name: str, architecture: str) -> None:
    """Put weights into a network, all of them or none.

    Raises
    ------
    WeightsError
        If keys are missing or unexpected, or shapes differ; some of each are listed.
    """
    own = network.state_dict()
    missing, unexpected = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
    shapes = [
        f"{key} {tuple(state[key].shape)} instead of {tuple(own[key].shape)}"
        for key in sorted(own.keys() & state.keys())
        if own[key].shape != state[key].shape
    ]
    problems = [
        f"{len(keys)} {what} ({', '.join(keys[:SHOWN])}{', …' if len(keys) > SHOWN else ''})"
        for what, keys in (("missing", missing), ("unexpected", unexpected), ("of another shape", shapes))
        if keys
    ]
    if problems:
        raise WeightsError(f"{name} is no {architecture}; its keys: {'; '.join(problems)}. Give the model's own family")
    network.load_state_dict({key: state[key].to(value.dtype) for key, value in own.items()})
