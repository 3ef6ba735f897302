"""XAICLIP: ask a segmentation model why. The engine, without 3D Slicer; research use only.

``explain`` takes a scan and words and gives back a saliency volume; ``attribute`` takes one image and any model.
Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:  # what type checkers and completion see; at run time each name is imported when it is used
    from XAICLIPLib.attribution.attribute import attribute as attribute
    from XAICLIPLib.attribution.methods import Hierarchical as Hierarchical
    from XAICLIPLib.attribution.methods import Hsic as Hsic
    from XAICLIPLib.attribution.methods import KernelShap as KernelShap
    from XAICLIPLib.attribution.methods import Lime as Lime
    from XAICLIPLib.attribution.methods import Occlusion as Occlusion
    from XAICLIPLib.attribution.methods import Rise as Rise
    from XAICLIPLib.attribution.result import Attribution as Attribution
    from XAICLIPLib.case.models import Models as Models
    from XAICLIPLib.case.request import Request as Request
    from XAICLIPLib.errors import XAICLIPError as XAICLIPError
    from XAICLIPLib.models.load import open_segmenter as open_segmenter
    from XAICLIPLib.phantom import make_phantom as make_phantom
    from XAICLIPLib.pipeline.explain import explain as explain
    from XAICLIPLib.pipeline.locate import locate as locate
    from XAICLIPLib.results.explanation import Explanation as Explanation
    from XAICLIPLib.volume import Volume as Volume
    from XAICLIPLib.volume import read_volume as read_volume

# The same names, for the running program; Testing/unit/test_imports.py holds the two lists against each other.
_WHERE = {
    "Attribution": "attribution.result",
    "Explanation": "results.explanation",
    "Hierarchical": "attribution.methods",
    "Hsic": "attribution.methods",
    "KernelShap": "attribution.methods",
    "Lime": "attribution.methods",
    "Models": "case.models",
    "Occlusion": "attribution.methods",
    "Request": "case.request",
    "Rise": "attribution.methods",
    "Volume": "volume",
    "XAICLIPError": "errors",
    "attribute": "attribution.attribute",
    "explain": "pipeline.explain",
    "locate": "pipeline.locate",
    "make_phantom": "phantom",
    "open_segmenter": "models.load",
    "read_volume": "volume",
}
__all__ = sorted(_WHERE)


if not TYPE_CHECKING:  # a type checker would take any name for one of the package's

    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
