"""The families of segmentation models, as data: how one is named, whose it is, and what it needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec

from XAICLIPLib.weights import WEIGHTS


@dataclass(frozen=True)
class Family:
    """A kind of segmentation model.

    Attributes
    ----------
    form : str
        How a model of it is named: what `open_segmenter` is given.
    title : str
    module : str
        In this package; its `open_model(family, argument, device, targets)` opens one.
    licence : str
        Of the published weights; empty where the weights are the user's own.
    source : str
        Where weights come from.
    extra : str
        The extra of the program's distribution that it needs; empty for none.
    package : str
        The package that this extra brings, as it is imported.
    """

    form: str
    title: str
    module: str
    licence: str = ""
    source: str = ""
    extra: str = ""
    package: str = ""

    @property
    def name(self) -> str:
        """What stands before the colon."""
        return self.form.partition(":")[0]

    @property
    def installed(self) -> bool:
        """Whether the package that it needs is here."""
        return not self.package or find_spec(self.package) is not None


_MEDSAM = "https://github.com/bowang-lab/MedSAM"

FAMILIES: tuple[Family, ...] = (
    Family("bundled", "2D U-Net for CT of the abdomen", "bundled", "Apache-2.0", "part of this program"),
    Family(
        "totalsegmentator:TASK", "TotalSegmentator 2, a task whose weights are on this machine, 3D",
        "totalsegmentator.opening",
        "Apache-2.0; some tasks without commercial use", "https://github.com/wasserth/TotalSegmentator",
        "nnunet", "nnunetv2",
    ),
    Family(
        "nnunet:FOLDER", "nnU-Net v2, a trained model's folder, 2D or 3D", "nnunet.segmenter",
        extra="nnunet", package="nnunetv2",
    ),
    Family(
        "monai:FOLDER", "MONAI bundle", "monai.bundle",
        source="https://monai.io/model-zoo", extra="monai", package="monai",
    ),
    Family(
        "monailabel:APP/MODEL", "a segmenter of MONAI Label's radiology app", "monailabel.segmenter",
        source="https://github.com/Project-MONAI/MONAILabel", extra="monai", package="monai",
    ),
    Family(
        "auto3dseg:ID|FOLDER", "a model of 3D Slicer's MONAIAuto3DSeg, or one that MONAI's Auto3DSeg trained",
        "auto3dseg.segmenter", source="https://github.com/lassoan/SlicerMONAIAuto3DSeg", extra="monai",
        package="monai",
    ),
    Family(
        "medsam:FILE", "MedSAM; segments what a box points at", "sam.vit", "Apache-2.0", _MEDSAM,
        "sam", "segment_anything",
    ),
    Family(
        "sam:FILE", "Segment Anything ViT-B, ViT-L, ViT-H; segments what a box or points point at", "sam.vit",
        "Apache-2.0", "https://github.com/facebookresearch/segment-anything", "sam", "segment_anything",
    ),
    Family(
        "sam2:FILE", "SAM 2 and 2.1, tiny to large; segments what a box or points point at", "sam.sam2",
        "Apache-2.0", "https://github.com/facebookresearch/sam2", "sam", "segment_anything",
    ),
    Family(
        "medsam2:FILE", "MedSAM2, 512 pixels; segments what a box or points point at, slice by slice", "sam.sam2",
        "Apache-2.0", "https://github.com/bowang-lab/MedSAM2", "sam", "segment_anything",
    ),
    Family(
        "litemedsam:FILE", "LiteMedSAM, 256 pixels; segments what a box points at", "sam.tinyvit",
        "Apache-2.0", f"{_MEDSAM}/tree/LiteMedSAM", "sam", "segment_anything",
    ),
    Family(
        "mobilesam:FILE", "MobileSAM; segments what a box or points point at", "sam.tinyvit",
        "Apache-2.0", "https://github.com/ChaoningZhang/MobileSAM", "sam", "segment_anything",
    ),
    Family(
        "lungmask:R231|LTRCLobes|R231CovidWeb|LTRCLobes_R231|FILE", "lungmask; lungs or lobes in slices of CT",
        "lungmask.segmenter", "Apache-2.0", "https://github.com/JoHof/lungmask",
    ),
    Family(
        "voxtell:FOLDER", "VoxTell; segments what words say, in whole volumes", "voxtell.segmenter",
        source="https://huggingface.co/mrokuss/VoxTell", extra="voxtell", package="voxtell",
    ),
    Family("torchscript:FILE", "TorchScript, with a small JSON file beside it", "files.torchscript"),
    Family("torchexport:FILE", "torch.export, with a small JSON file beside it", "files.torchscript"),
    Family(
        "onnx:FILE", "ONNX, with a small JSON file beside it", "files.onnx", extra="onnx", package="onnxruntime"
    ),
    Family(
        "function:package.module:name", "any callable (B, 1, H, W) -> (B, K, H, W) on slices in the scan's values",
        "function",
    ),
)  # fmt: skip


def bundled_weights() -> dict:
    """Path, size in bytes and SHA-256 of the bundled segmentation model."""
    file = "unet/model.safetensors"
    return {"path": str(WEIGHTS / file), **json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))[file]}
