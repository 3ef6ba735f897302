"""Modules that can only be imported once the stand-in for Slicer runs, by name and on first use."""

from importlib import import_module


class Lazy:
    """A module that is imported when something of it is used."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        return getattr(import_module(self._name), attribute)
