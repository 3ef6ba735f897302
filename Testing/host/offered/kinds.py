"""How the lists of a library are written down."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offered:
    """What PythonQt reaches of one C++ class, as its header declares it; names are separated by spaces.

    Attributes
    ----------
    bases : str
        The class's own bases.
    properties, readonly : str
        ``Q_PROPERTY`` with and without ``WRITE``.
    methods : str
        Public slots and ``Q_INVOKABLE`` functions.
    decorators : str
        Functions that Slicer's or CTK's ``PythonQtDecorators`` add.
    signals : str
        With the C++ types of their arguments, also without those that have a default.
    enumerators : str
        Of enumerations known to the meta object (``Q_ENUM``, ``Q_FLAGS``).
    """

    bases: str
    properties: str = ""
    readonly: str = ""
    methods: str = ""
    decorators: str = ""
    signals: str = ""
    enumerators: str = ""
