"""The decorator that turns a class of annotated members into typed access to a parameter node."""

import typing

import qt
import slicer
import vtk

from .connectors import createGuiConnector
from .serializers import Default, ObservedList, Serializer, Validator, splitAnnotations

RESERVED = {
    "allParameters", "default", "isCached", "dataType", "getValue", "setValue", "connectGui", "connectParametersToGui",
    "disconnectGui", "StartModify", "EndModify", "AddObserver", "RemoveObserver", "Modified",
}  # fmt: skip
PROPERTY = "SlicerParameterName"


class _Parameter:
    """A member: its type, its default, how it is written."""

    def __init__(self, owner, name, datatype):
        self.name, self.datatype = name, datatype
        kind, annotations = splitAnnotations(datatype)
        unknown = [a for a in annotations if not isinstance(a, (Default, Validator))]
        if unknown:
            raise TypeError(f"{name}: the stand-in does not know the annotations {unknown}")
        self.serializer = Serializer(kind, [a for a in annotations if isinstance(a, Validator)])
        if name in vars(owner):
            self.default = Default(vars(owner)[name])
        else:
            self.default = next((a for a in annotations if isinstance(a, Default)), Default(self.serializer.default()))


def _member(name):
    return property(lambda self: self.getValue(name), lambda self, value: self.setValue(name, value))


class _Wrapper:
    """The methods that the decorator adds."""

    _is_parameter_node_wrapper = True

    def __init__(self, parameterNode):
        self.parameterNode = parameterNode
        self._connections, self._tags, self._nextTag, self._showing = {}, {}, 0, False
        for name, parameter in self.allParameters.items():
            if not parameter.serializer.isIn(parameterNode, name):
                parameter.serializer.write(parameterNode, name, parameter.default.value)

    def _parameter(self, name):
        if name not in self.allParameters:
            raise ValueError(f"Cannot find a param with the given name: {name}; found {list(self.allParameters)}")
        return self.allParameters[name]

    def default(self, name):
        return self._parameter(name).default

    def dataType(self, name):
        return self._parameter(name).datatype

    def getValue(self, name):
        parameter = self._parameter(name)
        if not parameter.serializer.isIn(self.parameterNode, name):  # the scene was closed
            parameter.serializer.write(self.parameterNode, name, parameter.default.value)
        value = parameter.serializer.read(self.parameterNode, name)
        if parameter.serializer.isList:
            return ObservedList(value, lambda values: self.setValue(name, values))
        return value

    def setValue(self, name, value):
        self._parameter(name).serializer.write(self.parameterNode, name, value)

    # Widgets ----------------------------------------------------------------------------------------------------------

    def connectGui(self, gui):
        if isinstance(gui, qt.QWidget):
            widgets = gui.findChildren(qt.QWidget)
        else:
            widgets = vars(gui).values()
        return self.connectParametersToGui({w.property(PROPERTY): w for w in widgets if w.property(PROPERTY)})

    def connectParametersToGui(self, mapping):
        for name in mapping:
            self._parameter(name)
        connectors = {name: createGuiConnector(widget, self.dataType(name)) for name, widget in mapping.items()}
        tag, self._nextTag = self._nextTag, self._nextTag + 1
        self._connections[tag] = connectors
        for name, connector in connectors.items():
            connector.write(self.getValue(name))
            connector.onChanged(lambda name=name, connector=connector: self._take(name, connector))
        self._tags[tag] = self.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: self._show())
        return tag

    def disconnectGui(self, tag):
        for connector in self._connections.pop(tag, {}).values():
            connector.onChanged(None)
        if tag in self._tags:
            self.RemoveObserver(self._tags.pop(tag))

    def _take(self, name, connector):
        if not self._showing:
            with slicer.util.NodeModify(self):
                self.setValue(name, connector.read())

    def _show(self):
        if self._showing:
            return
        self._showing = True
        try:
            with slicer.util.NodeModify(self):
                for connectors in list(self._connections.values()):
                    for name, connector in connectors.items():
                        connector.write(self.getValue(name))
        finally:
            self._showing = False

    # The node ---------------------------------------------------------------------------------------------------------

    def StartModify(self):
        return self.parameterNode.StartModify()

    def EndModify(self, wasModified):
        return self.parameterNode.EndModify(wasModified)

    def AddObserver(self, event, callback, priority=0.0):
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag):
        self.parameterNode.RemoveObserver(tag)

    def Modified(self):
        self.parameterNode.Modified()


def parameterNodeWrapper(classtype=None):
    """Decorate a class of annotated members; an instance is made from a ``vtkMRMLScriptedModuleNode``."""

    def wrap(cls):
        members = typing.get_type_hints(cls, include_extras=True)
        taken = RESERVED & set(members)
        if taken:
            raise ValueError(f"Cannot use reserved name '{taken.pop()}' in a parameterNodeWrapper")
        parameters = {name: _Parameter(cls, name, datatype) for name, datatype in members.items()}
        for name in parameters:
            setattr(cls, name, _member(name))
        for name, value in vars(_Wrapper).items():
            if not name.startswith("__") or name == "__init__":
                setattr(cls, name, value)
        cls.allParameters = parameters
        return cls

    return wrap if classtype is None else wrap(classtype)


def isParameterNodeWrapper(classOrObject):
    return getattr(classOrObject, "_is_parameter_node_wrapper", False)
