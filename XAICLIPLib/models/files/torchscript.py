"""TorchScript and `torch.export` files: ``torchscript:model.pt`` and ``torchexport:model.pt2``.

How a scan becomes the network's input is said by a small JSON file beside it, see `sidecar`.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import ModelError, ResourceError, WeightsError
from XAICLIPLib.models.files.modelfile import existing, last_line
from XAICLIPLib.models.files.segmenter import FileSegmenter, Network
from XAICLIPLib.models.files.sidecar import EMBEDDED, Sidecar, beside, parse
from XAICLIPLib.models.files.vetting import vet_export, vet_torchscript
from XAICLIPLib.models.memory import out_of_memory

_FORCED = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"
NEEDS_GPU = re.compile(r"NVIDIA driver|with CUDA enabled|No CUDA GPUs|on the same device.*cuda", re.DOTALL)
_PRECISIONS = {torch.float32: "fp32", torch.float16: "fp16", torch.bfloat16: "bf16", torch.float64: "fp64"}


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> FileSegmenter:
    """A file of `torch.jit.save` or of `torch.export.save`.

    Parameters
    ----------
    family : str
        "torchscript" or "torchexport".
    argument : str
        Path of the file, `~` allowed.
    device : torch.device
    targets : tuple of str
        The structures that were asked about, which name the output's channels where nothing else does.

    Returns
    -------
    FileSegmenter

    Raises
    ------
    WeightsError
        If the file is missing, damaged, or of another kind.
    ModelError
        If it is refused (see `vetting`), does not run, or its sidecar does not fit.
    ResourceError
        If it does not fit in memory.
    """
    path = existing(argument, f"a file of torch.{'jit' if family == 'torchscript' else 'export'}.save")
    network = (_script if family == "torchscript" else _exported)(path, device)
    return FileSegmenter(family, path, network, device, targets)


def _script(path: Path, device: torch.device) -> Network:
    vet_torchscript(path)
    extra = {EMBEDDED: ""}
    with _opening(path, "torch.jit.load", device):
        module = torch.jit.load(str(path), map_location=device, _extra_files=extra).eval()
    text = extra[EMBEDDED]
    says = parse(text.decode() if isinstance(text, bytes) else text, f"{path.name}/{EMBEDDED}") if text else Sidecar()
    return Network(_forward(module, path), says, details=_details(module))


def _exported(path: Path, device: torch.device) -> Network:
    if find_spec("torch.export.pt2_archive") is None:
        raise ModelError(f"{path.name} needs PyTorch 2.8 or newer, this is {torch.__version__}; export it as ONNX")
    vet_export(path)
    extra = {EMBEDDED: ""}
    with _opening(path, "torch.export.load", device), _weights_only():
        program = torch.export.load(path, extra_files=extra)
        if device.type != "cpu":
            from torch.export.passes import move_to_device_pass

            program = move_to_device_pass(program, device)
        # guards are Python in the file, and say no more than the shapes, which are looked at below
        unguarded = {"check_guards": False} if "check_guards" in signature(program.module).parameters else {}
        module = program.module(**unguarded)
    shape, fewest, most = _input_shape(program, path)
    own = Sidecar(
        spatial_dims=len(shape) - 2,
        channels=shape[1],
        size=None if None in shape[2:] else tuple(shape[2:]),
        batch=shape[0],
    )
    says = parse(extra[EMBEDDED], f"{path.name}/{EMBEDDED}") if extra[EMBEDDED] else Sidecar()
    return Network(_forward(module, path), says, own, fewest, most, details=_details(program))


def _input_shape(program: torch.export.ExportedProgram, path: Path) -> tuple[list[int | None], int, int | None]:
    """The input's shape, None where it may vary, and the fewest and most images at a time."""
    names = program.graph_signature.user_inputs
    inputs = [n.meta["val"] for n in program.graph.nodes if n.op == "placeholder" and n.name in names]
    if len(inputs) != 1 or not isinstance(inputs[0], Tensor) or inputs[0].dim() not in (4, 5):
        found = ", ".join(str(tuple(v.shape)) if isinstance(v, Tensor) else type(v).__name__ for v in inputs)
        raise ModelError(
            f"{path.name} takes the inputs {found or 'none'}; a model that can be explained takes one tensor "
            "(B, C, H, W)"
        )
    shape = [n if isinstance(n, int) else None for n in inputs[0].shape]
    if shape[0] is not None:
        return shape, 1, None
    bounds = program.range_constraints.get(inputs[0].shape[0].node.expr)
    fewest = int(bounds.lower) if bounds is not None and bounds.lower > 1 else 1
    most = int(bounds.upper) if bounds is not None and bounds.upper < 2**31 else None
    return shape, fewest, most


@contextmanager
def _opening(path: Path, how: str, device: torch.device):
    """Errors of loading, in words; what PyTorch logs on the way is in the error that follows."""
    logger = logging.getLogger("torch.export")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        if out_of_memory(error):
            raise ResourceError(f"{path.name} does not fit in the memory of {device}; choose another device") from error
        raise WeightsError(
            f"{path.name} can't be opened with {how} of PyTorch {torch.__version__} ({last_line(error)}); get the file "
            "again, or export it again with this version"
        ) from error
    finally:
        logger.setLevel(level)


@contextmanager
def _weights_only():
    """Whatever PyTorch unpickles meanwhile, it unpickles as tensors and plain data alone.

    `torch.export.load` tries that first, and where it fails, if only for lack of memory, loads any Python object.
    """
    before = os.environ.get(_FORCED)
    os.environ[_FORCED] = "1"
    try:
        yield
    finally:
        os.environ.pop(_FORCED)
        if before is not None:
            os.environ[_FORCED] = before


def _details(module: nn.Module | torch.export.ExportedProgram) -> dict:
    parameters = list(module.parameters())
    kinds = {_PRECISIONS.get(p.dtype, str(p.dtype)) for p in parameters}
    return {"parameters": sum(p.numel() for p in parameters), "precision": " and ".join(sorted(kinds)) or "fp32"}


def _forward(module: Callable[[Tensor], Any], path: Path) -> Callable[[Tensor], Any]:
    weights = next((p for p in module.parameters() if p.is_floating_point()), None)
    dtype = torch.float32 if weights is None else weights.dtype

    def forward(batch: Tensor) -> Any:
        try:
            return module(batch.to(dtype))
        except Exception as error:
            if out_of_memory(error):
                raise
            if wanted := re.search(r"to have (\d+) channels, but got (\d+)", str(error)):
                raise ModelError(
                    f"{path.name} takes {wanted[1]} channels and got {wanted[2]}; name its images in "
                    f'{beside(path).name}, "images": ["T1", "T2", …], and give as many. Only if each channel wants the '
                    f'same grey image, write "channels": {wanted[1]} instead'
                ) from error
            if NEEDS_GPU.search(str(error)):
                raise ModelError(
                    f"{path.name} computes on an NVIDIA GPU, whatever device it is given "
                    f"({last_line(error)[:60]}); run it on a machine with one and --device cuda, or export it again "
                    "from the CPU: model.cpu() before torch.jit, and no device written in its code"
                ) from error
            raise ModelError(
                f"{path.name} failed on an input {tuple(batch.shape)}: {last_line(error)}; {beside(path).name} says "
                "channels, size, multiple and spatial_dims"
            ) from error

    return forward
