"""PySide6 with the manners of PythonQt, for running Slicer code outside Slicer.

Slicer's Python sees Qt through PythonQt, which differs from PySide6 in ways that a module is full of:

- a Qt property is an attribute (``label.text = "Liver"``, ``button.enabled``) and keeps its setter (``label.setText``);
- signals are connected by their C++ signature, ``button.connect("clicked(bool)", slot)``;
- a Python slot gets no more arguments than it has parameters;
- enumerators hang on the class and on its instances (``process.Running``), string lists arrive as tuples;
- an attribute that Qt does not have cannot be set on a Qt object (``label.toolTop = "..."`` is an error);
- of classes that are not Qt's own, plain C++ functions are not there: see `offered`.

`install` changes the PySide6 classes of this process accordingly and registers the module ``qt``. Ordinary PySide6 code
(``label.text()``) no longer works afterwards, so it is called by `host.start` alone, never on import.
"""

import contextlib
import ctypes
import enum
import inspect
import re
import sys
import types

import shiboken6
from PySide6 import QtCore, QtGui, QtUiTools, QtWidgets

from . import offered

#: PySide6 names without a counterpart in PythonQt: code that needs them would fail in Slicer.
NOT_IN_PYTHONQT = {"Signal", "Slot", "Property", "SIGNAL", "SLOT", "ClassInfo", "QEnum", "QFlag", "SignalInstance"}

#: Property getters that Qt itself calls as virtual functions through Python; replacing them would break layouts.
VIRTUAL_GETTERS = {"sizeHint", "minimumSizeHint"}


class QtProperty:
    """A Qt property as attribute; on the class itself the original (perhaps static) function stays reachable."""

    def __init__(self, cls, name, writable):
        capital = name[0].upper() + name[1:]
        self.name = name
        self.original = cls.__dict__.get(name)
        self.getter = next((f for f in (self.original, cls.__dict__.get("is" + capital)) if self._isMethod(f)), None)
        self.setter = getattr(cls, "set" + capital, None)
        self.writable = writable

    @staticmethod
    def _isMethod(function):
        return callable(function) and not isinstance(function, staticmethod)

    def __get__(self, instance, owner):
        if instance is None:
            bind = getattr(self.original, "__get__", None)
            return bind(None, owner) if bind else self
        value = self.getter(instance) if self.getter else QtCore.QObject.property(instance, self.name)
        return tuple(value) if isinstance(value, list) else value

    def __set__(self, instance, value):
        if not self.writable:
            raise AttributeError(f"property '{self.name}' of {type(instance).__name__} object is not writable")
        if self.setter:
            self.setter(instance, value)
        elif not QtCore.QObject.setProperty(instance, self.name, value):
            raise ValueError(f"cannot set property '{self.name}' of {type(instance).__name__} to {value!r}")


def positionalCount(function):
    """Return how many arguments PythonQt passes to `function` at most; None: all of them.

    PythonQt looks at plain functions and bound methods only, and counts parameters with a default value too.
    """
    bound = inspect.ismethod(function)
    code = getattr(function.__func__ if bound else function, "__code__", None)
    if code is None or code.co_flags & inspect.CO_VARARGS:
        return None
    return code.co_argcount - (1 if bound else 0)


def splitSignature(signature):
    """Split ``"rangeChanged(double,double)"`` into ``("rangeChanged", ["double", "double"])``."""
    normal = bytes(QtCore.QMetaObject.normalizedSignature(signature).data()).decode()
    match = re.fullmatch(r"(\w+)\((.*)\)", normal)
    if not match:
        raise ValueError(f"'{signature}' is not a signal signature such as 'clicked(bool)'")
    return match[1], [part for part in match[2].split(",") if part]


#: Class -> names of its own properties, and its own signals by name with the types of their arguments. Read once: what
#: ``metaObject()`` returns dies with the object that it was asked of, for all objects of the class.
_properties, _signals = {}, {}


def _describe(cls):
    """Note the properties and signals that a PySide6 class itself brings."""
    meta = cls.staticMetaObject
    _properties[cls] = {meta.property(i).name() for i in range(meta.propertyOffset(), meta.propertyCount())}
    _signals[cls] = {}
    for method in map(meta.method, range(meta.methodOffset(), meta.methodCount())):
        if method.methodType() == QtCore.QMetaMethod.MethodType.Signal:
            name, types = splitSignature(method.methodSignature().data().decode())
            _signals[cls].setdefault(name, []).append(types)


def propertyNames(cls):
    """The Qt properties of a class, also of one that is defined in Python."""
    own = {name for base in cls.__mro__ for name, value in vars(base).items() if isinstance(value, QtCore.Property)}
    return own.union(*(_properties.get(base, ()) for base in cls.__mro__))


def _overloads(cls, name):
    """The argument types of all signals of this name."""
    found = []
    for base in cls.__mro__:
        found += _signals.get(base, {}).get(name, [])
        if isinstance(vars(base).get(name), QtCore.Signal) and base not in _signals:
            found.append(splitSignature(str(vars(base)[name]))[1])
    return found


def findSignal(sender, signature):
    """Return the PySide6 signal of `sender` with this C++ signature and its number of arguments.

    The stand-ins of ctk and qMRML classes name their C++ signatures in ``SIGNALS``, because a signal defined in Python
    with a VTK argument has another signature for Qt.
    """
    name, arguments = splitSignature(signature)
    normal = f"{name}({','.join(arguments)})"
    offered.checkSignal(type(sender), normal)
    for cls in type(sender).__mro__:
        declared = cls.__dict__.get("SIGNALS", {})
        if normal in declared:
            return getattr(sender, declared[normal]), len(arguments)
    overloads = _overloads(type(sender), name)
    if arguments not in overloads:
        raise ValueError(f"{type(sender).__name__} has no signal {normal}")
    signal = getattr(sender, name)
    # "clicked()" and "clicked(bool)" are the same signal, of which PySide6 passes on only what it is asked for.
    if arguments and len(overloads) > 1:
        signal = signal[",".join(arguments)]
    return signal, len(arguments)


_quiet = []  # not empty while PySide6 sets attributes of its own: see `ignoringAttributes`


@contextlib.contextmanager
def ignoringAttributes():
    """Setting what Qt does not have has no effect meanwhile: PySide6's .ui loader adds the children to the root."""
    _quiet.append(True)
    try:
        yield
    finally:
        _quiet.pop()


_connections = []  # (sender's address, signature, slot, what PySide6 calls)


#: What PythonQt would have printed; the fixtures of the tests take a line in it for a failure.
warnings: list[str] = []


def connect(sender, signature, receiver, slotSignature=None):
    """``sender.connect("clicked(bool)", slot)`` or ``sender.connect("clicked()", receiver, "accept()")``.

    As in PythonQt, a signal that does not exist is a line on the terminal and the answer False, not an exception.
    """
    try:
        signal, count = findSignal(sender, signature)
    except ValueError as error:
        warnings.append(f"QObject::connect(): {error}")
        print(warnings[-1], file=sys.stderr)
        return False
    slot = getattr(receiver, splitSignature(slotSignature)[0]) if slotSignature else receiver
    if slotSignature:
        count = min(count, len(splitSignature(slotSignature)[1]))
    if not callable(slot):
        raise TypeError(f"cannot connect {signature} to {slot!r}: not callable")
    accepted = positionalCount(slot)
    used = count if accepted is None else min(count, accepted)

    def call(*arguments):
        slot(*arguments[:used])

    signal.connect(call)
    _connections.append((shiboken6.getCppPointer(sender)[0], signature, slot, call))
    return True


def disconnect(sender, signature, slot=None, *_):
    """Undo `connect`; without `slot`, everything that was connected to the signal by its signature."""
    address = shiboken6.getCppPointer(sender)[0]
    kept, found = [], False
    for entry in _connections:
        if entry[0] == address and entry[1] == signature and (slot is None or entry[2] == slot):
            findSignal(sender, signature)[0].disconnect(entry[3])
            found = True
        else:
            kept.append(entry)
    _connections[:] = kept
    return found


def _patchProperties(cls):
    meta = cls.staticMetaObject
    for index in range(meta.propertyCount()):
        prop = meta.property(index)
        # An inherited property counts where the class hides it behind a function (QBoxLayout.spacing).
        own = index >= meta.propertyOffset() or prop.name() in vars(cls)
        if own and prop.name() not in VIRTUAL_GETTERS:
            setattr(cls, prop.name(), QtProperty(cls, prop.name(), prop.isWritable()))


def _patchEnumerators(cls):
    for value in list(vars(cls).values()):
        if isinstance(value, type) and issubclass(value, enum.Enum):
            for name, member in value.__members__.items():
                if name not in vars(cls):
                    setattr(cls, name, member)


def _isOwnClass(cls):
    """Whether it is neither Qt's nor a stand-in; such classes have a dictionary for attributes in PythonQt as well."""
    return not cls.__module__.startswith(("PySide6.", __package__ + "."))


def _patchObject(classes):
    """Give QObject PythonQt's ``connect``, ``name``, ``className`` and its strictness about unknown attributes."""
    qobject = QtCore.QObject
    setAttribute = shiboken6.Object.__setattr__  # the only one that Python lets pass once all classes below are patched

    def makeGet(getAttribute):
        def get(self, name):
            # PySide6 answers connect and disconnect itself, whatever the class dictionary says.
            if name in ("connect", "disconnect"):
                native, own = getAttribute(self, name), connect if name == "connect" else disconnect

                def either(*arguments):
                    # PySide6's own form has the signal code as first character ("2clicked()"), PythonQt's has not.
                    if arguments and isinstance(arguments[0], str) and arguments[0][:1] not in "012":
                        return own(self, *arguments)
                    return native(*arguments)

                return either
            try:
                return getAttribute(self, name)
            except AttributeError:
                if not name.startswith("_") and name in dynamicNames(self):
                    return qobject.property(self, name)
                raise

        return get

    def dynamicNames(self):
        if not shiboken6.isValid(self):
            return ()
        return [bytes(n.data()).decode() for n in qobject.dynamicPropertyNames(self)]

    def set_(self, name, value):
        cls = type(self)
        ownClass = _isOwnClass(cls)
        known = next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None)
        # PySide6 keeps the signals that were asked for on the instance.
        isSignal = isinstance(value, QtCore.SignalInstance)
        if isinstance(known, QtCore.Property) and known.fset is not None:
            known.fset(self, value)
        elif ownClass or isSignal or name.startswith("_") or hasattr(type(known), "__set__"):
            setAttribute(self, name, value)
        elif _quiet:
            pass
        elif known is not None:
            raise AttributeError(f"slot '{name}' can not be overwritten on {cls.__name__} object")
        elif name in dynamicNames(self):
            qobject.setProperty(self, name, value)
        else:
            raise AttributeError(f"'{cls.__name__}' object has no attribute '{name}' that could be set")

    for cls in classes:
        if "__getattribute__" in vars(cls):  # besides QObject a few with functions that are both static and not: QFile
            cls.__getattribute__ = makeGet(vars(cls)["__getattribute__"])
        cls.__setattr__ = set_
    qobject.name = qobject.__dict__["objectName"]
    qobject.className = lambda self: next(c.__name__ for c in type(self).__mro__ if not _isOwnClass(c))
    qobject.delete = lambda self: shiboken6.delete(self)


def _keepSingletonsAlive():
    """Make None, True and False practically immortal on Python 3.10 and 3.11.

    PySide6 6.12 is built for interpreters in which they are immortal; on older ones every call of a void Qt function
    loses a reference to None, and after some thousand calls Python aborts ("deallocating None").
    """
    if sys.version_info < (3, 12):
        for singleton in (None, True, False):
            ctypes.c_ssize_t.from_address(id(singleton)).value += 1 << 40


def install():
    """Patch PySide6 and return the module ``qt`` (also ``sys.modules["qt"]``)."""
    if "qt" in sys.modules:
        return sys.modules["qt"]
    _keepSingletonsAlive()
    qt = types.ModuleType("qt", "The flat Qt module of Slicer's Python, made of PySide6.")
    for module in (QtCore, QtGui, QtWidgets, QtUiTools):
        for name in dir(module):  # the modules are lazy: vars() would be empty
            if not name.startswith("_") and name not in NOT_IN_PYTHONQT:
                setattr(qt, name, getattr(module, name))
    classes = {value for value in vars(qt).values() if isinstance(value, type)}
    for cls in classes:
        _patchEnumerators(cls)
    objects = [cls for cls in classes if issubclass(cls, QtCore.QObject)]
    for cls in objects:
        _describe(cls)
    for cls in objects:
        _patchProperties(cls)
    _patchObject(objects)
    for cls in (QtWidgets.QDialog, QtWidgets.QMenu, QtCore.QEventLoop, QtCore.QCoreApplication):
        cls.exec_ = cls.exec  # not deprecated in PythonQt
    sys.modules["qt"] = qt
    return qt
