"""The Python packages that the worker needs, and which of them are missing; `installation` installs them.

PyTorch comes through the PyTorch extension, the rest through `slicer.packaging`; NumPy, SciPy and SimpleITK are
Slicer's own and stay as they are. Nothing is imported to look whether it is there, so PyTorch stays out of Slicer's
process.
"""

import importlib
import importlib.metadata
import importlib.util
from dataclasses import dataclass
from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[2] / "Resources"
REQUIREMENTS = RESOURCES / "requirements.txt"
OPTIONAL = RESOURCES / "requirements-optional.txt"

# megabytes to download, with what a package brings along; with CUDA, PyTorch is about 3 GB
SIZES_MB = {
    "torch": 900,
    "torchvision": 8,
    "matplotlib": 20,
    "opencv-python-headless": 55,
    "safetensors": 1,
    "scikit-image": 18,
    "scikit-learn": 14,
    "timm": 7,
    "open_clip_torch": 5,
    "tqdm": 1,
    "pooch": 1,
    "pydicom": 3,
    "transformers": 30,
    "monai": 2,
    "nnunetv2": 130,
    "onnxruntime": 25,
    "segment-anything": 1,
    "highdicom": 40,
    "pyyaml": 1,
    "voxtell": 5,
}
PYTORCH = ("torch", "torchvision")
# any of these is the module cv2; two of them in one Python overwrite each other
SAME_MODULE = {"opencv-python-headless": ("opencv-contrib-python-headless", "opencv-python", "opencv-contrib-python")}


@dataclass(frozen=True)
class Missing:
    """A package that is not there, or too old.

    Attributes
    ----------
    name, requirement : str
        As in `requirements.txt`.
    size_mb : int
        About what has to be downloaded.
    """

    name: str
    requirement: str
    size_mb: int


def requirements(extra: str = "") -> list[str]:
    """What the worker needs, with what the models of an extra need.

    Parameters
    ----------
    extra : str
        Name of a family whose packages are wanted too, as in `requirements-optional.txt`.

    Returns
    -------
    list of str
        Lines as pip reads them.
    """
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    if extra:
        lines += OPTIONAL.read_text(encoding="utf-8").splitlines()
    listed = (line.partition("#") for line in lines)
    return [wanted.strip() for wanted, _hash, of in listed if wanted.strip() and of.strip() in ("", extra)]


def missing(extra: str = "") -> list[Missing]:
    """What the worker, or the models of an extra, need and Slicer's Python lacks; nothing is imported for it.

    Parameters
    ----------
    extra : str
        See `requirements`.

    Returns
    -------
    list of Missing
        In the order of the files.
    """
    from packaging.requirements import Requirement

    importlib.invalidate_caches()
    absent = []
    for line in requirements(extra):
        wanted = Requirement(line)
        names = (wanted.name, *SAME_MODULE.get(wanted.name, ()))
        versions = [version for name in names if (version := installedVersion(name))]
        if not any(wanted.specifier.contains(version, prereleases=True) for version in versions):
            absent.append(Missing(wanted.name, line, SIZES_MB.get(wanted.name, 10)))
    return absent


def installedVersion(name: str) -> str | None:
    """The version of a distribution, None where there is none.

    Parameters
    ----------
    name : str
        Of the distribution.

    Returns
    -------
    str or None
        Such as "2.4.1".
    """
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
