"""Scans and masks: voxels with their geometry; what is read is what is in the file, or it is refused with a reason."""

from XAICLIPLib.volume.check import check_scan
from XAICLIPLib.volume.modality import MODALITIES, Modality, as_modality, is_offset_ct, modality_of
from XAICLIPLib.volume.read import read_slices, read_volume
from XAICLIPLib.volume.stack import Made, SliceStack
from XAICLIPLib.volume.volume import Volume
from XAICLIPLib.volume.write import FORMATS, write_volume

__all__ = [
    "FORMATS",
    "MODALITIES",
    "Made",
    "Modality",
    "SliceStack",
    "Volume",
    "as_modality",
    "check_scan",
    "is_offset_ct",
    "modality_of",
    "read_slices",
    "read_volume",
    "write_volume",
]
