"""Model files: whether there is one, whether it fits in memory, and what went wrong with it in one line."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from XAICLIPLib.errors import ResourceError, WeightsError

TO_EXPORT = (
    "Export the whole model where its Python code is, with an input of its own shape: "
    'torch.jit.save(torch.jit.trace(model.eval(), torch.rand(1, 1, 256, 256)), "model.pt"), or '
    'torch.onnx.export(model.eval(), (torch.rand(1, 1, 256, 256),), "model.onnx")'
)


def existing(path: str, what: str) -> Path:
    """The path of a model file.

    Raises
    ------
    WeightsError
        If there is no such file.
    ResourceError
        If it is larger than the memory that is left.
    """
    if not path.strip():
        raise WeightsError(f"no file is given; give the path of {what} on this machine")
    file = Path(path).expanduser()
    if not file.is_file():
        kind = "is a folder" if file.is_dir() else "is not there"
        raise WeightsError(f"{path} {kind}; give the path of {what} on this machine")
    apart = file.with_name(file.name + ".data")  # where ONNX keeps the weights of large models
    size, free = sum(f.stat().st_size for f in (file, apart) if f.is_file()), free_memory()
    if free is not None and size > free:
        raise ResourceError(
            f"{file.name} is {size / 2**30:.1f} GiB, more than the {free / 2**30:.1f} GiB of memory that are free; "
            "close other programs, or use a machine with more memory"
        )
    return file


def free_memory() -> int | None:
    """Bytes of memory that programs could still take; None where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def out_of_memory(error: BaseException) -> bool:
    """Whether a smaller batch, or another machine, would cure it."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return any(sign in text for sign in ("out of memory", "allocate memory", "bad_alloc", "bad allocation"))


def last_line(error: BaseException) -> str:
    """The line of a long message that names the reason."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__).removeprefix("RuntimeError: ")
