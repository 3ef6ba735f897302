"""Errors that a user can act on: each message says what is wrong, with the value, and what to do."""

from __future__ import annotations


class XAICLIPError(Exception):
    """Base of every error that XAICLIP raises on purpose. Faces show its text alone, without a traceback."""


class InputError(XAICLIPError):
    """A scan, a mask, a folder or a request that can't be used as it is."""


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
        super().__init__(f'{who} needs the Python package {package}; install it with: pip install "xaiclip[{extra}]"')
        self.extra = extra


class ResourceError(XAICLIPError):
    """A device that is not there, memory or disk space that ran out."""


class Cancelled(XAICLIPError):
    """The user stopped the run. What was finished before is kept."""
