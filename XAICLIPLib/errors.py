"""Errors that a user can act on: each message says what is wrong, with the value, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from importlib.metadata import version

from XAICLIPLib.message import Message

# What each extra of pyproject.toml brings along. The distribution is in no index, so an advice names the packages
# themselves: they can be installed whatever way XAICLIP itself came.
EXTRAS = {
    "biomedclip": ("transformers>=4.40",),
    "cohort": ("ray>=2.40", "pyarrow>=15"),
    "dicom": ("highdicom>=0.27",),
    "frame": ("pandas>=2",),
    "monai": ("monai>=1.3", "pyyaml>=6"),
    "nnunet": ("nnunetv2>=2.5",),
    "onnx": ("onnxruntime>=1.17",),
    "sam": ("segment-anything>=1.0",),
    "voxtell": ("voxtell>=0.1.2",),
}


def how_to_install(extra: str) -> str:
    """The command that installs the packages of an extra.

    Parameters
    ----------
    extra : str
        A key of `EXTRAS`.

    Returns
    -------
    str
    """
    return "pip install " + " ".join(f'"{package}"' for package in EXTRAS[extra])


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """``"; did you mean liver?"`` where one of the known words is close to a word, else an empty text.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable of str
        What could have been meant.
    cutoff : float
        How alike they must be, in [0, 1], as in `difflib.get_close_matches`.

    Returns
    -------
    str
    """
    lower = {k.lower(): k for k in known}
    close = get_close_matches(word.lower(), lower, n=1, cutoff=cutoff)
    return Message("; did you mean {word}?", word=lower[close[0]]) if close else ""


def mismatched_torchvision(error: BaseException) -> str:
    """What to do where an error, or one behind it, comes from a torchvision that is not PyTorch's own.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    str
        Empty for any other error.
    """
    cause: BaseException | None = error
    while cause is not None:
        if "operator torchvision::" in str(cause):
            torch = version("torch").partition("+")[0]
            major, minor = (int(part) for part in torch.split(".")[:2])
            fitting = f"{major - 2}.{minor + 15}.*"  # torchvision 0.15 came with PyTorch 2.0
            return (
                f"torchvision {version('torchvision')} does not belong to PyTorch {torch}; install its own with: "
                f'pip install "torchvision=={fitting}"'
            )
        cause = cause.__cause__ or cause.__context__
    return ""


class XAICLIPError(Exception):
    """Base of every error that XAICLIP raises on purpose. Faces show its text alone, without a traceback.

    Examples
    --------
    >>> from XAICLIPLib import XAICLIPError, read_volume
    >>> try:
    ...     read_volume("nowhere.nrrd")
    ... except XAICLIPError as error:
    ...     print(error)
    nowhere.nrrd does not exist; check the path
    """

    @property
    def text(self) -> str:
        """What it says, with its parts where it was made of a `Message`."""
        return self.args[0] if self.args and isinstance(self.args[0], Message) else str(self)


class InputError(XAICLIPError, ValueError):
    """A scan, a mask, a folder or a request that can't be used as it is."""


class Unsuitable(InputError):
    """Models or words that were made for another body part or modality than the scan's, or structures that are not in
    it; `Request.anyway` goes on."""


class WeightsError(XAICLIPError):
    """A checkpoint that is missing, damaged, of another architecture, or not allowed to be downloaded."""


class NotDownloaded(WeightsError):
    """Files that are not on this machine, and that nobody agreed to download.

    Parameters
    ----------
    message : str
    source : str
        Where they would come from.
    """

    def __init__(self, message: str, source: str) -> None:
        super().__init__(message)
        self.source = source


class LicenceNotAccepted(WeightsError):
    """A model whose licence forbids commercial use, which nobody has accepted on this machine yet.

    Parameters
    ----------
    model : str
        What the licence covers.
    licence : str
        What is known of it.
    spec : str
        The string that opens the model.
    """

    def __init__(self, model: str, licence: str, spec: str) -> None:
        super().__init__(
            Message(
                "the licence of {model} forbids commercial use: {licence}; if you may use it under that licence, "
                'accept it once with: xaiclip models check --accept-licence "{spec}" (in Python '
                'open_segmenter("{spec}", accept_licence=True)); that is remembered on this machine',
                model=model,
                licence=licence,
                spec=spec,
            )  # fmt: skip
        )
        self.licence, self.licensed = f"{model}: {licence}", spec


class ModelError(XAICLIPError):
    """A model that opened but does not do what it must: wrong output shape, no finite values, an unknown target."""


class MissingPackage(ModelError):
    """An optional Python package that a model needs.

    Parameters
    ----------
    who : str
        What needs it.
    package : str
    extra : str
        The extra of this package's distribution that brings it along.
    """

    def __init__(self, who: str, package: str, extra: str) -> None:
        super().__init__(Message(
            "{who} needs the Python package {package}; install it with: {how}",
            who=who, package=package, how=how_to_install(extra),
        ))  # fmt: skip
        self.extra = extra


class ResourceError(XAICLIPError):
    """A device that is not there, memory or disk space that ran out."""


class OverTime(ResourceError):
    """A model that took longer for one answer than the request's time limit. What was finished before is kept."""


class Cancelled(XAICLIPError):
    """The user stopped the run. What was finished before is kept."""
