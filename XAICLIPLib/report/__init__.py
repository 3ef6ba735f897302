"""Tell: pictures for people, and files that say what a result was made with."""

from __future__ import annotations

from XAICLIPLib.report.panels import montage, slice_panel
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, environment, sha256, write_csv, write_json

__all__ = [
    "RESEARCH_USE_ONLY",
    "environment",
    "montage",
    "sha256",
    "slice_panel",
    "write_csv",
    "write_json",
]
