"""Structures by name: synonyms, sides, texts for vision-language models, SNOMED CT codes, display colours.

Text that is in no table is still a structure.
"""

from XAICLIPLib.anatomy.names import describe, find, match, nearest, no_match
from XAICLIPLib.anatomy.sentences import BACKGROUND_TEXTS, background_texts, texts
from XAICLIPLib.anatomy.table import ALTERED, ANATOMY, SIDES, STRUCTURES, TISSUE, Code, Structure
from XAICLIPLib.anatomy.totalsegmentator import total_segmentator_ids

__all__ = [
    "ALTERED",
    "ANATOMY",
    "BACKGROUND_TEXTS",
    "SIDES",
    "STRUCTURES",
    "TISSUE",
    "Code",
    "Structure",
    "background_texts",
    "describe",
    "find",
    "match",
    "nearest",
    "no_match",
    "texts",
    "total_segmentator_ids",
]
