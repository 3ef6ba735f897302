"""Memory: whether a file fits in it before it is read, and whether an error says that it ran out."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from XAICLIPLib.errors import ResourceError

# What libraries say where a smaller batch is the cure, in lower case
_SIGNS = (
    "out of memory",
    "outofmemory",
    "not enough memory",
    "insufficient memory",
    "allocate memory",
    "memoryallocation",
    "failed to allocate",
    "unable to allocate",
    "bad_alloc",
    "bad allocation",
    "alloc_failed",  # cuBLAS, cuDNN, cuSPARSE, …
    "unable to find an engine",  # cuDNN, for want of workspace
    "32-bit index math",  # kernels that count elements in 32 bits
    "32bitindexmath",
    "invalid buffer size",  # MPS
    "total bytes of ndarray",  # MPS
    "resource_exhausted",
    "resource exhausted",
)


def free_memory(device: torch.device | None = None) -> int | None:
    """Bytes of memory that programs could still take.

    Parameters
    ----------
    device : torch.device, optional
        A CUDA device, for its own memory; None, or any other device, is the machine's.

    Returns
    -------
    int or None
        None where the system does not say.
    """
    if device is not None and device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
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


def check_room(*files: Path) -> None:
    """Refuse what can't be read into the memory that is left.

    Parameters
    ----------
    *files : Path
        That are read together; the first names the model.

    Raises
    ------
    ResourceError
        If the files together are larger than that.
    """
    size, free = sum(file.stat().st_size for file in files), free_memory()
    if free is not None and size > free:
        raise ResourceError(
            f"{files[0].name} is {size / 2**30:.1f} GiB, more than the {free / 2**30:.1f} GiB of memory that are free; "
            "close other programs, or use a machine with more memory"
        )


def out_of_memory(error: BaseException) -> bool:
    """Whether a smaller batch, or another machine, would cure it; not every library has a class of its own for it.

    Parameters
    ----------
    error : BaseException
        Of any library; the errors that caused it are looked at too.

    Returns
    -------
    bool
    """
    cause: BaseException | None = error
    while cause is not None:
        text = str(cause).lower()
        if isinstance(cause, (MemoryError, torch.OutOfMemoryError)) or any(sign in text for sign in _SIGNS):
            return True
        cause = cause.__cause__
    return False
