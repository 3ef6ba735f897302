"""XAICLIP: ask a segmentation model why. The engine, without 3D Slicer; research use only.

``explain`` takes a scan and words and gives back a saliency volume; ``attribute`` takes one image and any model.
Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

# The folder `explain` and the verb share a name. A folder is bound to its name by its first import, so it is imported
# here and its name freed again; from here on `XAICLIPLib.explain` is the verb, and the folder stays importable.
import XAICLIPLib.explain  # noqa: F401

del explain  # noqa: F821

__version__ = "0.1.0"

if TYPE_CHECKING:  # what type checkers and completion see; at run time each name is imported when it is used
    from XAICLIPLib.errors import XAICLIPError as XAICLIPError
    from XAICLIPLib.explain.attribute import attribute as attribute
    from XAICLIPLib.explain.attribution import Attribution as Attribution
    from XAICLIPLib.explain.settings import (
        Hierarchical as Hierarchical,
    )
    from XAICLIPLib.explain.settings import (
        Hsic as Hsic,
    )
    from XAICLIPLib.explain.settings import (
        KernelShap as KernelShap,
    )
    from XAICLIPLib.explain.settings import (
        Lime as Lime,
    )
    from XAICLIPLib.explain.settings import (
        Occlusion as Occlusion,
    )
    from XAICLIPLib.explain.settings import (
        Rise as Rise,
    )
    from XAICLIPLib.explanation import Explanation as Explanation
    from XAICLIPLib.loaded import Models as Models
    from XAICLIPLib.models.load import open_segmenter as open_segmenter
    from XAICLIPLib.phantom import make_phantom as make_phantom
    from XAICLIPLib.pipeline import explain as explain
    from XAICLIPLib.pipeline import locate as locate
    from XAICLIPLib.request import Request as Request
    from XAICLIPLib.volume import Volume as Volume
    from XAICLIPLib.volume import read_volume as read_volume

_WHERE = {
    "Attribution": "explain.attribution",
    "Explanation": "explanation",
    "Hierarchical": "explain.settings",
    "Hsic": "explain.settings",
    "KernelShap": "explain.settings",
    "Lime": "explain.settings",
    "Models": "loaded",
    "Occlusion": "explain.settings",
    "Request": "request",
    "Rise": "explain.settings",
    "Volume": "volume",
    "XAICLIPError": "errors",
    "attribute": "explain.attribute",
    "explain": "pipeline",
    "locate": "pipeline",
    "make_phantom": "phantom",
    "open_segmenter": "models.load",
    "read_volume": "volume",
}
__all__ = sorted(_WHERE)


def __getattr__(name: str):
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
