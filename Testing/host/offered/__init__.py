"""What PythonQt really offers of CTK's and Slicer's widgets, and the stand-ins held to it.

Classes of Qt itself come through PythonQt's generated wrappers, so all their public functions are there. Of every other
class Python sees properties, signals, public slots, ``Q_INVOKABLE`` functions and decorators alone: a plain C++
function such as ``ctkCollapsibleButton::setCollapsed`` raises AttributeError. `ctk` and `qmrml` are the lists, from the
headers.
"""

import functools
import itertools

from PySide6 import QtCore, QtWidgets

from . import ctk, qmrml

CLASSES = ctk.CLASSES | qmrml.CLASSES


@functools.cache
def _chain(name):
    """The lists of a class and of its bases, and the Qt class at the end."""
    lists, base = [CLASSES[name]], None
    for one in CLASSES[name].bases.split():
        if one in CLASSES:
            more, further = _chain(one)
            lists, base = lists + more, base or further
        else:
            base = base or getattr(QtWidgets, one, None) or getattr(QtCore, one, None)
    return lists, base or QtCore.QObject


def signals(name):
    """The signatures of the signals that a class and its bases outside Qt declare."""
    return {signature for offered in _chain(name)[0] for signature in offered.signals.split()}


def qtBase(name):
    """The class of Qt that a class of CTK or Slicer is made of."""
    return _chain(name)[1]


@functools.cache
def names(name):
    """Every attribute that Python finds on a class of CTK or Slicer."""
    found = set(dir(qtBase(name)))
    for offered in _chain(name)[0]:
        for field in ("properties", "readonly", "methods", "decorators", "enumerators"):
            found.update(getattr(offered, field).split())
        found.update(signature.partition("(")[0] for signature in offered.signals.split())
    return frozenset(found)


@functools.cache
def readonly(name):
    """The properties that cannot be set."""
    return frozenset(n for offered in _chain(name)[0] for n in offered.readonly.split())


def checkSignal(cls, signature):
    """Refuse a signal that the real class of a stand-in does not have.

    Raises
    ------
    ValueError
        If neither it nor its base of Qt has one.
    """
    name = next((base.__name__ for base in cls.__mro__ if "_isHeldToOffered" in vars(base)), None)
    if name is None or signature in signals(name):
        return
    # what a module's own subclass adds is its own
    derived = itertools.takewhile(lambda base: base.__name__ != name, cls.__mro__)
    if any(signature.partition("(")[0] in vars(base) for base in derived):
        return
    meta = qtBase(name).staticMetaObject
    if meta.indexOfSignal(signature) < 0:
        raise ValueError(f"signal '{signature}' does not exist on {name}")


def hold(cls):
    """Let a stand-in offer what the real class of its name offers, and nothing else. Names with ``_`` are its own."""
    offered, get, put = names(cls.__name__), cls.__getattribute__, cls.__setattr__

    def isKnown(self, name):
        if name.startswith("_") or name in offered:
            return True
        # what a module's own subclass adds is its own
        derived = type(self).__mro__[: type(self).__mro__.index(cls)]
        return any(name in vars(base) for base in derived) or name in getattr(self, "__dict__", {})

    def getAttribute(self, name):
        try:
            value = get(self, name)
        except AttributeError:
            if name in offered and not isDynamic(self, name):
                text = f"the stand-in of {cls.__name__} lacks '{name}', which Slicer has: add it to Testing/host"
                raise NotImplementedError(text) from None
            raise AttributeError(f"{type(self).__name__} has no attribute named '{name}'") from None
        if not isKnown(self, name) and not isDynamic(self, name):
            raise AttributeError(f"{cls.__name__} has no attribute named '{name}'")
        return value

    def setAttribute(self, name, value):
        if type(self) is cls and not isKnown(self, name) and not isDynamic(self, name):
            raise AttributeError(f"{cls.__name__} has no attribute named '{name}'")
        if name in readonly(cls.__name__):
            raise AttributeError(f"property '{name}' of {cls.__name__} object is not writable")
        known = next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None)
        if isinstance(known, QtCore.Property):
            _checkType(cls, name, type(known.fget(self)), value)
        put(self, name, value)

    cls.__getattribute__, cls.__setattr__ = getAttribute, setAttribute
    cls._isHeldToOffered = True
    return cls


def isDynamic(instance, name):
    """Whether a .ui file gave an object a property of this name."""
    return name.encode() in [bytes(n.data()) for n in QtCore.QObject.dynamicPropertyNames(instance)]


def _checkType(cls, name, kind, value):
    """PythonQt turns numbers into numbers and leaves texts texts; it never reads a number out of a text."""
    wanted = {bool: (bool, int), int: (int, float), float: (int, float), str: (str,)}.get(kind)
    if wanted is not None and not isinstance(value, wanted):
        raise ValueError(f"Property '{name}' of type '{kind.__name__}' does not accept {value!r} ({cls.__name__})")
