"""A model's zip archive, looked at before PyTorch opens it: which files it holds, how large they get, what is in them.

PyTorch's reader finds a file by its name without regard to case, takes the folder of the first file for that of all,
and cuts off long names. So an archive is taken only if none of that makes a difference: what is vetted is then what is
loaded.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from XAICLIPLib.errors import ResourceError, WeightsError
from XAICLIPLib.models.memory import free_memory

LONGEST_NAME = 400  # PyTorch's reader cuts names at 512 bytes
MOST_TEXT = 64 * 2**20  # bytes of code, or of a program as JSON: the largest networks have a few million
MOST_FILES = 200_000
MOST_RATIO = 50  # PyTorch does not compress; somebody who packs an archive anew saves little on weights
_NAME = re.compile(r"[\w.\-+@,=() ]+(?:/[\w.\-+@,=() ]+)*", re.ASCII)


class Unsafe(Exception):
    """What a file holds that could run, or that one reader sees otherwise than another."""


class Archive:
    """An archive as `torch.jit.load` and `torch.export.load` will read it.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    sizes : dict of str to int
        Bytes of every file when unpacked, by its name without the archive's own folder.

    Raises
    ------
    Unsafe
        If two readers could disagree about what it holds.
    WeightsError
        If it is no archive, or a damaged one.
    ResourceError
        If it would not fit in memory when unpacked.
    """

    def __init__(self, path: Path) -> None:
        import torch

        try:
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
        except Exception as error:  # the zip format has many ways to be damaged, and Python's reader many errors
            raise WeightsError(f"{path.name} is no archive of PyTorch ({_said(error)}); get the file again") from error
        root = _root_of(infos)
        _check_size(path, infos)
        self.sizes = {info.filename[len(root) :]: info.file_size for info in infos}
        try:
            self._reader = torch._C.PyTorchFileReader(str(path))
            records = self._reader.get_all_records()
        except RuntimeError as error:
            raise WeightsError(f"{path.name} is no archive of PyTorch ({_said(error)}); get the file again") from error
        if records != list(self.sizes):
            raise Unsafe("its two lists of files differ")
        self._path = path

    def read(self, name: str, most: int = MOST_TEXT) -> bytes:
        """The content of a file, checksum verified.

        Parameters
        ----------
        name : str
            Key of `sizes`.
        most : int
            Bytes that it may have when unpacked.

        Returns
        -------
        bytes

        Raises
        ------
        Unsafe
            If it is larger than `most` bytes.
        WeightsError
            If it is damaged.
        """
        if self.sizes[name] > most:
            raise Unsafe(f"{name} has {self.sizes[name] / 2**20:.0f} MB, more than a network needs ({most >> 20} MB)")
        try:
            return self._reader.get_record(name)
        except RuntimeError as error:
            raise WeightsError(f"{self._path.name} is damaged ({name}: {_said(error)}); get the file again") from error


def _root_of(infos: list[zipfile.ZipInfo]) -> str:
    """The folder that all files are in, with its slash."""
    if not infos:
        raise Unsafe("it holds nothing")
    if len(infos) > MOST_FILES:
        raise Unsafe(f"it holds {len(infos)} files")
    root = infos[0].filename.partition("/")[0] + "/"
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        if info.orig_filename != name or not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise Unsafe(f"{name[:60]!r} is no plain name of a file")
        if not name.startswith(root) or any(part.strip(". ") == "" for part in name.split("/")):
            raise Unsafe(f"{name[:60]!r} lies outside the archive's own folder")
        if name.casefold() in seen:
            raise Unsafe(f"it holds {name[:60]!r} twice")
        seen.add(name.casefold())
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unsafe(f"{name[:60]!r} is encrypted or packed in a way that PyTorch does not read")
    return root


def _check_size(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse what gets much larger when it is unpacked, or larger than the memory that is left."""
    packed, whole, free = path.stat().st_size, sum(info.file_size for info in infos), free_memory()
    if whole > MOST_TEXT and whole > MOST_RATIO * packed:
        raise Unsafe(f"its {packed / 1e6:.0f} MB become {whole / 1e6:.0f} MB when they are unpacked")
    if free is not None and whole > free:
        raise ResourceError(
            f"{path.name} is {whole / 2**30:.1f} GiB when it is unpacked, more than the {free / 2**30:.1f} GiB of "
            "memory that are free; close other programs, or use a machine with more memory"
        )


def _said(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
