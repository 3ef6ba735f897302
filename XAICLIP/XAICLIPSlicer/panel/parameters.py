"""What the panel holds, as a parameter node, and how it becomes a request.

Enumerations are stored in scenes by the name of their member: renaming one breaks saved scenes.
"""

import enum
from typing import Annotated

from slicer import (
    vtkMRMLDisplayableNode,
    vtkMRMLMarkupsNode,
    vtkMRMLMarkupsROINode,
    vtkMRMLScalarVolumeNode,
    vtkMRMLSegmentationNode,
)
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import Default, Minimum, WithinRange, parameterNodeWrapper

from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.case.request import Request, make_method


class SliceChoice(enum.Enum):
    """Which axial slices are explained."""

    CURRENT = "current"
    RANGE = "range"
    SHOWING = "auto"

    def label(self) -> str:
        return {
            SliceChoice.CURRENT: _("The one in the axial view"),
            SliceChoice.RANGE: _("A range"),
            SliceChoice.SHOWING: _("All that show the structure"),
        }[self]


class Modality(enum.Enum):
    """What kind of scan it is, in DICOM's letters; see `XAICLIPLib.case.request.CHOICES`."""

    AUTO = "auto"
    CT = "CT"
    MR = "MR"
    PT = "PT"
    US = "US"
    NM = "NM"
    CR = "CR"
    DX = "DX"
    MG = "MG"
    XA = "XA"
    OT = "OT"

    def label(self) -> str:
        return {
            Modality.AUTO: _("Automatic"),
            Modality.CT: _("CT"),
            Modality.MR: _("MR"),
            Modality.PT: _("PET"),
            Modality.US: _("Ultrasound"),
            Modality.NM: _("Nuclear medicine"),
            Modality.CR: _("Computed radiography"),
            Modality.DX: _("Digital radiography"),
            Modality.MG: _("Mammography"),
            Modality.XA: _("Angiography"),
            Modality.OT: _("Other"),
        }[self]


class Contrast(enum.Enum):
    """The contrast presets of `XAICLIPLib.preprocess`, which needs OpenCV and so is not imported here."""

    AUTO = "auto"
    CT_SOFT_TISSUE = "ct-soft-tissue"
    CT_LIVER = "ct-liver"
    CT_LUNG = "ct-lung"
    CT_BONE = "ct-bone"
    MR = "mr"
    ULTRASOUND = "ultrasound"
    PAPER = "paper"

    def label(self) -> str:
        return {
            Contrast.AUTO: _("Automatic, by modality"),
            Contrast.CT_SOFT_TISSUE: _("CT soft tissue"),
            Contrast.CT_LIVER: _("CT liver"),
            Contrast.CT_LUNG: _("CT lung"),
            Contrast.CT_BONE: _("CT bone"),
            Contrast.MR: _("MR"),
            Contrast.ULTRASOUND: _("Ultrasound"),
            Contrast.PAPER: _("As in the paper"),
        }[self]


class RegionSource(enum.Enum):
    """Where the scan may be perturbed."""

    WORDS = "clip"
    PREDICTION = "prediction"
    SEGMENT = "segment"
    BOX = "box"
    WHOLE = "full"

    def label(self) -> str:
        return {
            RegionSource.WORDS: _("Where the words are found"),
            RegionSource.PREDICTION: _("The model's own prediction"),
            RegionSource.SEGMENT: _("A segment"),
            RegionSource.BOX: _("A box"),
            RegionSource.WHOLE: _("The whole slice"),
        }[self]


class Strategy(enum.Enum):
    """How the patches of a slice are compared with words; see `XAICLIPLib.vlm.dense`."""

    AUTO = "auto"
    PATCH = "patch"
    MASKCLIP = "maskclip"
    CLEARCLIP = "clearclip"
    SCLIP = "sclip"
    GEM = "gem"
    GRADECLIP = "gradeclip"
    M2IB = "m2ib"
    WINDOW = "window"

    def label(self) -> str:
        return {
            Strategy.AUTO: _("Automatic, the best for the model"),
            Strategy.PATCH: _("Patch tokens"),
            Strategy.MASKCLIP: "MaskCLIP",
            Strategy.CLEARCLIP: "ClearCLIP",
            Strategy.SCLIP: "SCLIP",
            Strategy.GEM: "GEM",
            Strategy.GRADECLIP: "Grad-ECLIP",
            Strategy.M2IB: _("Information bottleneck (M2IB)"),
            Strategy.WINDOW: _("Sliding windows (slow, any model)"),
        }[self]


class ModelSource(enum.Enum):
    """Where the model comes from."""

    BUNDLED = "bundled"
    FILE = "file"

    def label(self) -> str:
        return {
            ModelSource.BUNDLED: _("Bundled U-Net (CT of the abdomen)"),
            ModelSource.FILE: _("My own model"),
        }[self]


class ModelKind(enum.Enum):
    """What kind of model a file or folder is: the family of `open_segmenter`."""

    AUTO = ""
    MEDSAM = "medsam"
    SAM = "sam"
    LITEMEDSAM = "litemedsam"
    MOBILESAM = "mobilesam"
    NNUNET = "nnunet"
    MONAI = "monai"
    TORCHSCRIPT = "torchscript"
    TORCHEXPORT = "torchexport"
    ONNX = "onnx"

    def label(self) -> str:
        return {
            ModelKind.AUTO: _("Automatic, by the file"),
            ModelKind.MEDSAM: "MedSAM",
            ModelKind.SAM: _("Segment Anything (SAM)"),
            ModelKind.LITEMEDSAM: "LiteMedSAM",
            ModelKind.MOBILESAM: "MobileSAM",
            ModelKind.NNUNET: "nnU-Net v2",
            ModelKind.MONAI: _("MONAI bundle"),
            ModelKind.TORCHSCRIPT: "TorchScript",
            ModelKind.TORCHEXPORT: "torch.export",
            ModelKind.ONNX: "ONNX",
        }[self]

    @property
    def isPromptable(self) -> bool:
        """Whether such a model segments what a prompt points at."""
        return self in (ModelKind.MEDSAM, ModelKind.SAM, ModelKind.LITEMEDSAM, ModelKind.MOBILESAM)


class MethodChoice(enum.Enum):
    """How the scan is perturbed."""

    OCCLUSION = "occlusion"
    HIERARCHICAL = "hierarchical"
    RISE = "rise"
    LIME = "lime"
    KERNELSHAP = "kernelshap"
    HSIC = "hsic"

    def label(self) -> str:
        return {
            MethodChoice.OCCLUSION: _("Occlusion"),
            MethodChoice.HIERARCHICAL: _("Occlusion, coarse to fine"),
            MethodChoice.RISE: _("RISE"),
            MethodChoice.LIME: _("LIME"),
            MethodChoice.KERNELSHAP: _("KernelSHAP"),
            MethodChoice.HSIC: _("HSIC attribution"),
        }[self]


class Quality(enum.Enum):
    """Settings that belong together."""

    PREVIEW = "preview"
    BALANCED = "balanced"
    PAPER = "paper"
    CUSTOM = "custom"

    def label(self) -> str:
        return {
            Quality.PREVIEW: _("Preview"),
            Quality.BALANCED: _("Balanced"),
            Quality.PAPER: _("Full, the paper's where it has the method"),
            Quality.CUSTOM: _("My own settings"),
        }[self]


class Fill(enum.Enum):
    """What is put in the place of what is taken away."""

    ZERO = "zero"
    MEAN = "mean"
    LOCAL_MEAN = "local_mean"
    BLUR = "blur"
    NOISE = "noise"
    INPAINT = "inpaint"
    AIR = "air"
    FAT = "fat"
    WATER = "water"
    SOFT_TISSUE = "soft_tissue"

    def label(self) -> str:
        return {
            Fill.ZERO: _("Zero, as in the paper"),
            Fill.MEAN: _("Mean of the slice"),
            Fill.LOCAL_MEAN: _("Mean of the surroundings"),
            Fill.BLUR: _("Blurred image"),
            Fill.NOISE: _("Noise"),
            Fill.INPAINT: _("Inpainting"),
            Fill.AIR: _("Air (CT)"),
            Fill.FAT: _("Fat (CT)"),
            Fill.WATER: _("Water (CT)"),
            Fill.SOFT_TISSUE: _("Soft tissue (CT)"),
        }[self]


class Score(enum.Enum):
    """What has to drop."""

    DICE = "dice"
    SOFT_DICE = "soft_dice"
    CONFIDENCE = "confidence"

    def label(self) -> str:
        return {
            Score.DICE: _("Dice, as in the paper"),
            Score.SOFT_DICE: _("Soft Dice"),
            Score.CONFIDENCE: _("Confidence of the model"),
        }[self]


class Estimator(enum.Enum):
    """How RISE turns scores into a map."""

    RAW = "raw"
    CENTRED = "centred"
    RIDGE = "ridge"

    def label(self) -> str:
        return {
            Estimator.RAW: _("Raw, as in the paper"),
            Estimator.CENTRED: _("Centered"),
            Estimator.RIDGE: _("Ridge regression"),
        }[self]


class ColorMap(enum.Enum):
    """Colors of the saliency."""

    JET = "jet"
    INFERNO = "inferno"
    VIRIDIS = "viridis"

    def label(self) -> str:
        return {
            ColorMap.JET: _("Blue to red"),
            ColorMap.INFERNO: _("Inferno"),
            ColorMap.VIRIDIS: _("Viridis"),
        }[self]


# Method -> the settings that belong to it.
SETTINGS: dict[MethodChoice, tuple[str, ...]] = {
    MethodChoice.OCCLUSION: ("patch", "stride"),
    MethodChoice.HIERARCHICAL: ("patch", "stride"),
    MethodChoice.RISE: ("masks", "grid", "keep", "estimator", "tolerance"),
    MethodChoice.LIME: ("samples", "tolerance"),
    MethodChoice.KERNELSHAP: ("samples", "tolerance"),
    MethodChoice.HSIC: ("samples", "grid", "tolerance"),
}

# Method and quality -> the settings that stand behind it.
QUALITIES: dict[MethodChoice, dict[Quality, dict[str, object]]] = {
    MethodChoice.OCCLUSION: {
        Quality.PREVIEW: {"patch": 128.0, "stride": 64.0},
        Quality.BALANCED: {"patch": 96.0, "stride": 48.0},
        Quality.PAPER: {"patch": 64.0, "stride": 32.0},
    },
    # its fine step is the point of it; the paper has no such method
    MethodChoice.HIERARCHICAL: {
        Quality.PREVIEW: {"patch": 128.0, "stride": 16.0},
        Quality.BALANCED: {"patch": 96.0, "stride": 12.0},
        Quality.PAPER: {"patch": 64.0, "stride": 8.0},
    },
    MethodChoice.RISE: {
        Quality.PREVIEW: {"masks": 64, "grid": 7, "keep": 0.5, "estimator": Estimator.RIDGE},
        Quality.BALANCED: {"masks": 256, "grid": 7, "keep": 0.5, "estimator": Estimator.RIDGE},
        Quality.PAPER: {"masks": 2000, "grid": 7, "keep": 0.5, "estimator": Estimator.RAW},
    },
    MethodChoice.LIME: {
        Quality.PREVIEW: {"samples": 100},
        Quality.BALANCED: {"samples": 200},
        Quality.PAPER: {"samples": 300},
    },
    MethodChoice.KERNELSHAP: {
        Quality.PREVIEW: {"samples": 100},
        Quality.BALANCED: {"samples": 300},
        Quality.PAPER: {"samples": 1000},
    },
    MethodChoice.HSIC: {
        Quality.PREVIEW: {"samples": 100, "grid": 6},
        Quality.BALANCED: {"samples": 250, "grid": 8},
        Quality.PAPER: {"samples": 500, "grid": 8},
    },
}


@parameterNodeWrapper
class XAICLIPParameterNode:
    """Everything that a user can set; saved with the scene."""

    inputVolume: vtkMRMLScalarVolumeNode
    sliceChoice: SliceChoice = SliceChoice.SHOWING
    firstSlice: Annotated[int, Minimum(0)] = 0
    lastSlice: int = -1  # below the first one: no range was chosen yet
    modality: Modality = Modality.AUTO
    contrast: Contrast = Contrast.AUTO

    structures: Annotated[list[str], Default(["liver"])]
    regionSource: RegionSource = RegionSource.WORDS
    languageModel: str = "bundled"
    strategy: Strategy = Strategy.AUTO
    learnedPrompts: str = ""
    learnFrom: vtkMRMLDisplayableNode  # a segmentation or a label map
    shots: Annotated[int, WithinRange(2, 64)] = 8
    regionSegmentation: vtkMRMLSegmentationNode
    regionSegment: str = ""
    regionBox: vtkMRMLMarkupsROINode
    threshold: Annotated[float, WithinRange(0.05, 0.95)] = 0.5
    smoothing: Annotated[float, WithinRange(0.0, 10.0)] = 2.0
    margin: Annotated[float, WithinRange(0.0, 30.0)] = 0.0

    modelSource: ModelSource = ModelSource.BUNDLED
    modelKind: ModelKind = ModelKind.AUTO
    modelPath: str = ""
    promptNode: vtkMRMLMarkupsNode  # a box or points; else the box of the region
    device: str = "auto"

    method: MethodChoice = MethodChoice.OCCLUSION
    quality: Quality = Quality.PAPER
    fill: Fill = Fill.ZERO
    score: Score = Score.DICE
    reference: vtkMRMLDisplayableNode  # a segmentation or a label map; else the model's own prediction
    patch: Annotated[float, WithinRange(4.0, 256.0)] = 64.0
    stride: Annotated[float, WithinRange(2.0, 256.0)] = 32.0
    masks: Annotated[int, WithinRange(8, 20000)] = 2000
    grid: Annotated[int, WithinRange(2, 64)] = 7
    keep: Annotated[float, WithinRange(0.05, 0.95)] = 0.5
    estimator: Estimator = Estimator.RAW
    samples: Annotated[int, WithinRange(8, 5000)] = 300
    tolerance: Annotated[float, WithinRange(0.0, 1.0)] = 0.0  # 0: all samples are taken
    seed: Annotated[int, Minimum(0)] = 0

    run: str = ""
    shown: str = ""  # the saliency; else the structure whose signed drop is shown
    opacity: Annotated[float, WithinRange(0.0, 1.0)] = 0.5
    saliencyThreshold: Annotated[float, WithinRange(0.0, 0.95)] = 0.1
    colorMap: ColorMap = ColorMap.JET
    legend: bool = True
    comparison: bool = False
    curves: bool = False
    chart: str = ""  # the role and structure of the chart that is shown
    volumeRendering: bool = False


def methodOf(parameters: XAICLIPParameterNode) -> Method:
    """The method with the settings that belong to it."""
    settings = {name: getattr(parameters, name) for name in SETTINGS[parameters.method]}
    if "estimator" in settings:
        settings["estimator"] = settings["estimator"].value
    if "tolerance" in settings:
        settings["tolerance"] = settings["tolerance"] or None
    return make_method(parameters.method.value, fill=parameters.fill.value, **settings)


def modelOf(parameters: XAICLIPParameterNode) -> str:
    """The model as `open_segmenter` wants it; empty where no file was chosen yet."""
    if parameters.modelSource is ModelSource.BUNDLED:
        return "bundled"
    path, kind = parameters.modelPath.strip(), parameters.modelKind.value
    return f"{kind}:{path}" if path and kind else path


def requestOf(
    parameters: XAICLIPParameterNode, scan: str, slices: str, modality: str | None = None, **places
) -> Request:
    """The request that these parameters ask for.

    Parameters
    ----------
    parameters : XAICLIPParameterNode
    scan, slices : str
    modality : str, optional
        What is known of the scan where the user leaves that to the program.
    **places
        What the nodes of the scene say, as the request has it: box, prompt_box, prompt_points.

    Raises
    ------
    InputError
        If no structure is named, or a setting is out of its range.
    """
    return Request.of(
        scan=scan,
        structures=tuple(parameters.structures),
        method=methodOf(parameters),
        model=modelOf(parameters),
        region=parameters.regionSource.value,
        vlm=parameters.languageModel.strip() or "bundled",
        strategy=parameters.strategy.value,
        learned_prompts=parameters.learnedPrompts.strip() or None,
        threshold=parameters.threshold,
        sigma=parameters.smoothing,
        dilation_mm=parameters.margin,
        slices=slices,
        modality=modality or parameters.modality.value,
        preset=parameters.contrast.value,
        score=parameters.score.value,
        device=parameters.device,
        seed=parameters.seed,
        **places,
    )
