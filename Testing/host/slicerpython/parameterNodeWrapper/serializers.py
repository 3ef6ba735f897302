"""How a value becomes the string, or the node reference, that a parameter node keeps; and what makes it valid."""

import copy
import dataclasses
import enum
import json
import pathlib
import types
import typing

import slicer


class Default:
    """The value of a parameter that was never set."""

    def __init__(self, value=None, *, generator=None):
        self._generator = generator or (lambda: copy.deepcopy(value))

    @property
    def value(self):
        return self._generator()


class Validator:
    """Raises ValueError for a value that is not allowed."""

    def validate(self, value):
        raise NotImplementedError


@dataclasses.dataclass
class Minimum(Validator):
    minimum: float

    def validate(self, value):
        if value is not None and value < self.minimum:
            raise ValueError(f"Value must be greater than or equal to {self.minimum}, got {value}")


@dataclasses.dataclass
class Maximum(Validator):
    maximum: float

    def validate(self, value):
        if value is not None and value > self.maximum:
            raise ValueError(f"Value must be less than or equal to {self.maximum}, got {value}")


@dataclasses.dataclass
class WithinRange(Validator):
    minimum: float
    maximum: float

    def validate(self, value):
        if value is not None and not self.minimum <= value <= self.maximum:
            raise ValueError(f"Value must be within range [{self.minimum}, {self.maximum}], got {value}")


class Choice(Validator):
    def __init__(self, choices):
        self.choices = list(choices)

    def validate(self, value):
        if value not in self.choices:
            raise ValueError(f"Value must be one of {self.choices}, got {value!r}")


@dataclasses.dataclass
class FloatRange:
    minimum: float
    maximum: float


@dataclasses.dataclass
class RangeBounds(Validator):
    minimum: float
    maximum: float

    def validate(self, value):
        if value.minimum < self.minimum or value.maximum > self.maximum:
            raise ValueError(f"Range must be within [{self.minimum}, {self.maximum}], got {value}")


def splitAnnotations(annotated):
    """``Annotated[int, Minimum(1)]`` -> ``(int, [Minimum(1)])``."""
    if typing.get_origin(annotated) is typing.Annotated:
        kind, *annotations = typing.get_args(annotated)
        return kind, annotations
    return annotated, []


def isNode(kind):
    return isinstance(kind, type) and issubclass(kind, slicer.vtkMRMLNode)


class ObservedList(list):
    """A list that is written to its parameter on every change."""

    def __init__(self, values, write):
        super().__init__(values)
        self._write = write


def _writingThrough(name):
    def method(self, *arguments, **options):
        result = getattr(list, name)(self, *arguments, **options)
        self._write(list(self))
        return result

    return method


for _name in ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "__setitem__", "__delitem__"):
    setattr(ObservedList, _name, _writingThrough(_name))


class Serializer:
    """Checks values of one type and turns them into JSON-able ones and back."""

    def __init__(self, kind, validators):
        self.kind, self.validators = kind, validators
        self.item = None
        if typing.get_origin(kind) is list:
            self.item = Serializer(typing.get_args(kind)[0], [])
        elif typing.get_origin(kind) in (typing.Union, types.UnionType):
            rest = [k for k in typing.get_args(kind) if k is not type(None)]
            if len(rest) != 1:
                raise TypeError(f"the stand-in has no parameters of type {kind}")
            self.item = Serializer(rest[0], [])
        elif not (kind in (str, bool, int, float, FloatRange) or isNode(kind)) and not (
            isinstance(kind, type) and issubclass(kind, (enum.Enum, pathlib.PurePath))
        ):
            raise TypeError(f"the stand-in has no parameters of type {kind}")

    @property
    def isNode(self):
        return isNode(self.kind) or (not self.isList and self.item is not None and self.item.isNode)

    @property
    def isList(self):
        return typing.get_origin(self.kind) is list

    def default(self):
        if self.isList:
            return []
        if self.isNode or self.item is not None:
            return None
        if issubclass(self.kind, enum.Enum):
            return next(iter(self.kind))
        if self.kind is FloatRange:
            return FloatRange(0.0, 0.0)
        return next((v.choices[0] for v in self.validators if isinstance(v, Choice)), self.kind())

    def check(self, value):
        """Return the value as the parameter will have it; TypeError or ValueError if it cannot."""
        if self.isList:
            value = [self.item.check(v) for v in value]
        elif self.item is not None or self.isNode:
            if value is not None:
                value = self.item.check(value) if self.item is not None else self._checkType(value)
        elif self.kind is float and type(value) is int:
            value = float(value)
        elif issubclass(self.kind, pathlib.PurePath) and isinstance(value, pathlib.PurePath):
            value = self.kind(value)
        else:
            self._checkType(value)
        for validator in self.validators:
            validator.validate(value)
        return value

    def _checkType(self, value):
        exact = self.kind in (bool, int, float, str)
        if not (type(value) is self.kind if exact else isinstance(value, self.kind)):
            raise TypeError(f"Expected type {self.kind}, got {type(value)} instead")
        return value

    def encode(self, value):
        if value is None:
            return None
        if self.isList:
            return [self.item.encode(v) for v in value]
        if self.item is not None:
            return self.item.encode(value)
        if isinstance(value, enum.Enum):
            return value.name
        if self.kind is FloatRange:
            return [value.minimum, value.maximum]
        return str(value) if isinstance(value, pathlib.PurePath) else value

    def decode(self, data):
        if data is None:
            return None
        if self.isList:
            return [self.item.decode(v) for v in data]
        if self.item is not None:
            return self.item.decode(data)
        if issubclass(self.kind, enum.Enum):
            return self.kind[data]
        return FloatRange(*data) if self.kind is FloatRange else self.kind(data)

    # In the node ------------------------------------------------------------------------------------------------------

    def isIn(self, node, name):
        return self.isNode or bool(node.GetParameter(name))  # no reference is a value as well

    def write(self, node, name, value):
        value = self.check(value)
        if self.isNode:
            node.SetNodeReferenceID(name, value.GetID() if value is not None else None)
        else:
            node.SetParameter(name, json.dumps(self.encode(value)))

    def read(self, node, name):
        return node.GetNodeReference(name) if self.isNode else self.decode(json.loads(node.GetParameter(name)))
