"""``slicer.parameterNodeWrapper``: typed access to a module's parameter node, and its connection to widgets.

The part that scripted modules use most: ``str``, ``bool``, ``int``, ``float``, ``list`` of them, enumerations, paths
and nodes; ``Default``, ``WithinRange``, ``Minimum``, ``Maximum``, ``Choice``, ``RangeBounds``; `connectGui`.
Types and annotations outside of it raise TypeError, so that a test cannot pass by accident.
"""

from .connectors import createGuiConnector
from .serializers import Choice, Default, FloatRange, Maximum, Minimum, RangeBounds, WithinRange
from .wrapper import isParameterNodeWrapper, parameterNodeWrapper

__all__ = [
    "Choice",
    "Default",
    "FloatRange",
    "Maximum",
    "Minimum",
    "RangeBounds",
    "WithinRange",
    "createGuiConnector",
    "isParameterNodeWrapper",
    "parameterNodeWrapper",
]
