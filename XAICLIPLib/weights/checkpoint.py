"""Read a checkpoint without ever running what it holds, and put it into a network with an error that helps."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.message import Message
from XAICLIPLib.weights import numbers

if TYPE_CHECKING:
    from torch import Tensor, nn

# where training programs put the weights beside optimisers and epochs; running means only where there is nothing else
WRAPPERS = (
    "state_dict", "model_state_dict", "network_weights", "net_state_dict", "model", "network", "net", "module",
    "params", "weights", "state_dict_ema", "model_ema", "ema_state_dict", "params_ema", "ema",
)  # fmt: skip
DEPTH = 4  # of wrappers inside each other
AVERAGED = ("ema", "teacher", "swa", "average")  # in the names of second copies of a network
SHOWN = 6
ALONE = (
    'Save the weights alone in the program that made it, with torch.save(model.state_dict(), "weights.pth"), and give '
    "that file"
)
# settings and paths, which training programs write down beside the weights
SETTINGS = (
    "argparse.", "pathlib.", "datetime.", "omegaconf.", "types.SimpleNamespace", "yacs.", "easydict.",
    "ml_collections.", "pytorch_lightning.", "lightning.", "box.", "addict.", "collections.",
)  # fmt: skip
FREED = (
    '. If the file is your own: checkpoint = torch.load("FILE", weights_only=False) in Python, then '
    'torch.save(checkpoint["KEY"], "weights.pth") with the key that holds the weights'
)
# PyTorch does not compress: a file that grows more than that is made to fill the memory
MOST_RATIO, GROWS_FROM = 50, 64 * 2**20


def read_checkpoint(path: str | Path, instead: str = ALONE) -> Mapping:
    """What a `.safetensors` file or a PyTorch checkpoint holds, on the CPU; nothing in it is executed.

    Tensors, plain data, and NumPy's numbers and arrays, which training programs write down beside the weights.

    Parameters
    ----------
    path : str or Path
    instead : str
        What to do with a file that is refused; a sentence.

    Returns
    -------
    mapping
        What the file holds, mostly names to tensors; whatever it is nested in stays.

    Raises
    ------
    WeightsError
        If the file is missing or damaged, or a pickle wants anything else; the message names what it wanted.
    """
    import torch
    from safetensors.torch import load_file

    path = Path(path)
    if not path.is_file():
        raise WeightsError(
            Message(
                "there is no checkpoint {path}; give the path of a file on this machine",
                path=str(path),
            )
        )
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        _check_growth(path)
        if _is_torchscript(path):
            raise WeightsError(
                f"{path.name} is a TorchScript program, not weights (OpenAI's own CLIP files are); a model of "
                "open_clip is given by its published name, such as ViT-B-16:openai, a segmenter as torchscript:FILE"
            )
        with torch.serialization.safe_globals(numbers.allowed()):
            return numbers.finished(torch.load(path, map_location="cpu", weights_only=True))
    except UnpicklingError as error:
        wanted = re.search(r"GLOBAL ([\w.]+)", str(error))
        what = f"the Python object {wanted[1]}, and reading such things can run any program" if wanted else (
            "no weights that can be read without running it"
        )  # fmt: skip
        freed = FREED if instead == ALONE and wanted and wanted[1].startswith(SETTINGS) else ""
        raise WeightsError(
            f"{path.name} is refused: it holds {what}. {instead}{freed.replace('FILE', path.name)}"
        ) from error
    except AttributeError as error:  # older PyTorch has no such list, or can't have names in it
        raise WeightsError(
            f"PyTorch {torch.__version__} can't read {path.name} without running it; install a newer one"
        ) from error
    except numbers.NotPlain as error:
        raise WeightsError(f"{path.name} is refused: {error}. {instead}") from error
    except WeightsError:
        raise
    except Exception as error:  # what PyTorch says of damaged files has many classes
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        if isinstance(error, EOFError) and path.stat().st_size == 0:
            reason = "the file is empty"
        raise WeightsError(
            Message(
                "{file} can't be read as a checkpoint ({reason}); get the file again",
                file=path.name,
                reason=reason,
            )
        ) from error


def _check_growth(path: Path) -> None:
    """Refuse an archive that fills the memory when it is unpacked."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        packed, whole = path.stat().st_size, sum(info.file_size for info in archive.infolist())
    if whole > GROWS_FROM and whole > MOST_RATIO * packed:
        raise WeightsError(
            f"{path.name} is refused: its {packed / 1e6:.0f} MB become {whole / 1e6:.0f} MB when they are unpacked; "
            "save it again with torch.save"
        )


def _is_torchscript(path: Path) -> bool:
    """Whether a file is an archive of `torch.jit.save`, told by the entry that PyTorch itself tells it by."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.partition("/")[2] == "constants.pkl" for name in archive.namelist())


def state_of(checkpoint: Mapping, name: str = "the checkpoint") -> dict[str, Tensor]:
    """The weights in what `read_checkpoint` gave, without wrappers and without the prefixes that PyTorch itself adds.

    Parameters
    ----------
    checkpoint : mapping
        As `read_checkpoint` gives it.
    name : str
        What to call it in messages.

    Returns
    -------
    dict of str to Tensor
        By the names of the network's own weights.

    Raises
    ------
    WeightsError
        If there are no named tensors in it, or several sets of them.
    """
    unwrapped = _unwrapped(checkpoint, name)
    state = _tensors(unwrapped)
    if not state:
        keys = ", ".join(map(str, unwrapped)) if isinstance(unwrapped, Mapping) else ""
        raise WeightsError(
            f"{name} holds no named tensors{f' (its keys: {keys[:200]})' if keys else ''}; give a file made with "
            "torch.save(model.state_dict(), FILE)"
        )
    # of DistributedDataParallel, and of torch.compile, wherever it was applied
    state = {key.replace("_orig_mod.", ""): value for key, value in state.items()}
    while all(key.startswith("module.") for key in state):
        state = {key.removeprefix("module."): value for key, value in state.items()}
    return state


def _tensors(content) -> dict[str, Tensor]:
    from torch import Tensor

    if not isinstance(content, Mapping):
        return {}
    return {k: v for k, v in content.items() if isinstance(k, str) and isinstance(v, Tensor)}


def _unwrapped(content, name: str):
    """The mapping that holds the tensors."""
    for _ in range(DEPTH):
        if not isinstance(content, Mapping):
            return content
        inner = next((content[w] for w in WRAPPERS if isinstance(content.get(w), Mapping)), None)
        if inner is None:
            break
        content = inner
    if _tensors(content):
        return content
    mappings = {key: value for key, value in content.items() if isinstance(value, Mapping)}
    below = {key: value for key, value in mappings.items() if 0 < len(_tensors(value)) == len(value)}
    if len(below) > 1:
        raise WeightsError(
            f"{name} holds several sets of weights ({', '.join(map(str, below))}); save the one that is meant, with "
            'torch.save(torch.load(FILE, weights_only=True)["…"], "weights.pth")'
        )
    return next(iter(below.values()), content)


def without_prefix(state: Mapping[str, Tensor], wanted: Iterable[str]) -> dict[str, Tensor]:
    """The weights of a network that is a part of what was saved, such as ``model.`` of a Lightning module.

    Parameters
    ----------
    state : mapping
    wanted : iterable of str
        Names of the network's own weights.

    Returns
    -------
    dict
        What lies under the one prefix under which all of `wanted` lie; everything, where there is none.
    """
    wanted = list(wanted)
    if not wanted or all(key in state for key in wanted):
        return dict(state)
    prefixes = [key.removesuffix(wanted[0]) for key in state if key.endswith(f".{wanted[0]}")]
    prefixes = [prefix for prefix in prefixes if all(prefix + key in state for key in wanted)]
    first_hand = [prefix for prefix in prefixes if not any(word in prefix.lower() for word in AVERAGED)]
    chosen = min(first_hand or prefixes, key=len, default="")
    return {key.removeprefix(chosen): value for key, value in state.items() if key.startswith(chosen)}


def load_weights(network: nn.Module, state: Mapping[str, Tensor], name: str, architecture: str) -> None:
    """Put weights into a network, all of them or none.

    Parameters
    ----------
    network : nn.Module
        Filled in place.
    state : mapping of str to Tensor
        Its weights; under a prefix, if all of them are.
    name : str
        What to call the file in messages.
    architecture : str
        What to call the network in messages.

    Raises
    ------
    WeightsError
        If keys are missing or unexpected, or shapes differ; some of each are listed.
    """
    expected = network.state_dict()
    counted = [
        key for key in expected if not key.endswith("num_batches_tracked")
    ]  # which old files lack, and only training uses
    state = without_prefix(state, counted)
    state = {**{key: expected[key].new_zeros(()) for key in expected.keys() - state.keys() - set(counted)}, **state}
    missing, unexpected = sorted(expected.keys() - state.keys()), sorted(state.keys() - expected.keys())
    shapes = [
        f"{key} {tuple(state[key].shape)} instead of {tuple(expected[key].shape)}"
        for key in sorted(expected.keys() & state.keys())
        if expected[key].shape != state[key].shape
    ]
    problems = [
        f"{len(keys)} {what} ({', '.join(keys[:SHOWN])}{', …' if len(keys) > SHOWN else ''})"
        for what, keys in (("missing", missing), ("unexpected", unexpected), ("of another shape", shapes))
        if keys
    ]
    if problems:
        raise WeightsError(f"{name} is no {architecture}; its keys: {'; '.join(problems)}. Give the model's own family")
    network.load_state_dict({key: state[key].to(value.dtype) for key, value in expected.items()})
