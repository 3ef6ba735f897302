"""How Sphinx builds these pages: `make docs`. Nothing is fetched, and a warning is an error."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from XAICLIPLib import __version__  # noqa: E402  the sources beside this folder, not what is installed

project = "XAICLIP"
author = "XAICLIP developers"
project_copyright = author
version = release = __version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_nb"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["_build"]
default_role = "code"  # in docstrings, single backticks are code
nitpicky = False

html_theme = "furo"
html_title = "XAICLIP"
html_copy_source = False
html_show_sourcelink = False
pygments_style = "default"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

# The tutorial's cells are run anew for each build; what stands in the file is what one sees on the web.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_execution_excludepatterns = ["*.md"]
nb_merge_streams = True
nb_output_stderr = "remove"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say types with their shapes and units
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True


def escape_markup(app, what, name, obj, options, lines: list[str]) -> None:
    """Shapes such as (C, *S) are no emphasis, and FILE:liver=5 is no address."""
    for number, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            parts = line.split("`")
            parts[::2] = [re.sub(r"(?<![\w*\\])\*(?=[A-Z]\b)", r"\\*", part) for part in parts[::2]]
            parts[::2] = [part.replace("FILE:", r"FILE\:") for part in parts[::2]]
            lines[number] = "`".join(parts)


def setup(app) -> None:
    app.connect("autodoc-process-docstring", escape_markup, priority=400)  # before napoleon
