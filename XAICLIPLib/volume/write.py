"""Writing: one entry, by the ending of the name."""

from __future__ import annotations

from pathlib import Path

import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume.nrrd_writer import Grid, can_write, write_nrrd

FORMATS = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm")


def reason_of(error: RuntimeError) -> str:
    """The last meaningful line of an ITK error, which is long and starts with a source path.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    str
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rsplit("ERROR: ", 1)[-1] if lines else "no reason given"


def write_volume(volume: Grid, path: str | Path, compress: bool = True) -> Path:
    """Write to the format that the name's ending says.

    Parameters
    ----------
    volume : Volume
        Or anything with its grid and voxels.
    path : path
        Ending in ``.nrrd``, ``.nii.gz``, ``.mha``, …
    compress : bool
        Whether the voxels are compressed.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the ending is no format that can be written, or the place can't be written to.
    """
    path = Path(path)
    if not path.name.lower().endswith(tuple(f for f in FORMATS if f != ".dcm")):
        raise InputError(f"{path.name}: can't write this format; end the name with .nrrd, .nii.gz or .mha")
    try:
        if can_write(volume, path):
            write_nrrd(volume, path, compress)
        else:
            sitk.WriteImage(volume.to_sitk(), str(path), useCompression=compress)
    except (OSError, RuntimeError) as error:
        raise InputError(
            f"{path} can't be written ({reason_of(error)}); check the folder and the free space"
        ) from error
    return path
