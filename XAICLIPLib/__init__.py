"""XAICLIP: ask a segmentation model why. The engine, without 3D Slicer; research use only.

``explain`` takes a scan and words and gives back a saliency volume; ``attribute`` takes one image and any model.
Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# The room `influence` and the verb share a name. A folder is bound to its name by its first import, so it is imported
# here and its name freed again; from here on `XAICLIPLib.influence` is the verb, and the folder stays importable.
import XAICLIPLib.influence  # noqa: F401

del influence  # noqa: F821

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
    from XAICLIPLib.cohort.compare.folders import compare as compare
    from XAICLIPLib.cohort.dossier.make import dossier as dossier
    from XAICLIPLib.errors import XAICLIPError as XAICLIPError
    from XAICLIPLib.influence.place import Island as Island
    from XAICLIPLib.influence.place import Point as Point
    from XAICLIPLib.influence.question import Influence as Influence
    from XAICLIPLib.influence.run import influence as influence
    from XAICLIPLib.models.load import open_segmenter as open_segmenter
    from XAICLIPLib.phantom import make_phantom as make_phantom
    from XAICLIPLib.pipeline.explain import explain as explain
    from XAICLIPLib.pipeline.locate import locate as locate
    from XAICLIPLib.pipeline.rerun import rerun as rerun
    from XAICLIPLib.results.explanation import Explanation as Explanation
    from XAICLIPLib.volume import Volume as Volume
    from XAICLIPLib.volume import read_volume as read_volume

# The same names, for the running program; Testing/unit/test_imports.py holds the two lists against each other.
_WHERE = {
    "Attribution": "attribution.result",
    "Explanation": "results.explanation",
    "Hierarchical": "attribution.methods",
    "Hsic": "attribution.methods",
    "Influence": "influence.question",
    "Island": "influence.place",
    "KernelShap": "attribution.methods",
    "Lime": "attribution.methods",
    "Models": "case.models",
    "Occlusion": "attribution.methods",
    "Point": "influence.place",
    "Request": "case.request",
    "Rise": "attribution.methods",
    "Volume": "volume",
    "XAICLIPError": "errors",
    "attribute": "attribution.attribute",
    "compare": "cohort.compare.folders",
    "dossier": "cohort.dossier.make",
    "explain": "pipeline.explain",
    "influence": "influence.run",
    "locate": "pipeline.locate",
    "make_phantom": "phantom",
    "open_segmenter": "models.load",
    "read_volume": "volume",
    "rerun": "pipeline.rerun",
}
__all__ = sorted(_WHERE)


if not TYPE_CHECKING:  # a type checker would take any name for one of the package's

    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
