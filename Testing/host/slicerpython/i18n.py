"""``slicer.i18n``: the context of a text is the file in which it stands, with its package before it."""

import inspect
import re
from functools import cache
from pathlib import Path


def translate(context, text):
    import slicer

    app = getattr(slicer, "app", None)  # tests of the scene alone have no window: texts are then English
    return app.translate(context, text) if app else text


@cache
def getContext(sourceFile):
    path = Path(sourceFile)
    return f"{path.parent.name}.{path.stem}" if (path.parent / "__init__.py").is_file() else path.stem


def tr(text):
    translated = translate(getContext(inspect.currentframe().f_back.f_code.co_filename), text)
    if names(text) != names(translated):  # Slicer warns and shows the English text
        raise ValueError(f"{translated!r} has other placeholders than {text!r}")
    return translated


def names(text):
    """What stands in single braces."""
    return set(re.findall(r"(?<!\{)\{([^{}]+)\}(?!\})", text))
