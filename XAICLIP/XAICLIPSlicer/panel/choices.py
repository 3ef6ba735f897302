"""What can be chosen in the panel: enumerations with their labels, as the combo boxes show them.

They are stored in scenes by the name of their member: renaming one breaks saved scenes.
"""

import enum

from slicer.i18n import tr as _


class SliceChoice(enum.Enum):
    """Which axial slices are explained."""

    CURRENT = "current"
    RANGE = "range"
    SHOWING = "auto"

    def label(self) -> str:
        """The text of its item in the combo box."""
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
        """The text of its item in the combo box."""
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
        """The text of its item in the combo box."""
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
        """The text of its item in the combo box."""
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
        """The text of its item in the combo box."""
        return {
            Strategy.AUTO: _("Automatic, by model"),
            Strategy.PATCH: _("Patch tokens"),
            Strategy.MASKCLIP: "MaskCLIP",
            Strategy.CLEARCLIP: "ClearCLIP",
            Strategy.SCLIP: "SCLIP",
            Strategy.GEM: "GEM",
            Strategy.GRADECLIP: "Grad-ECLIP",
            Strategy.M2IB: "M2IB",
            Strategy.WINDOW: _("Sliding windows (slow)"),
        }[self]


class ModelSource(enum.Enum):
    """Where the model comes from."""

    BUNDLED = "bundled"
    SCENE = "scene"
    INSTALLED = "installed"
    FILE = "file"

    def label(self) -> str:
        """The text of its item in the combo box."""
        return {
            ModelSource.BUNDLED: _("Bundled U-Net (CT of the abdomen)"),
            ModelSource.SCENE: _("A segment in the scene"),
            ModelSource.INSTALLED: _("A model on this machine"),
            ModelSource.FILE: _("My own model"),
        }[self]


class ModelKind(enum.Enum):
    """What kind of model a file or folder is: the family of `open_segmenter`."""

    AUTO = ""
    MEDSAM = "medsam"
    SAM = "sam"
    SAM2 = "sam2"
    MEDSAM2 = "medsam2"
    LITEMEDSAM = "litemedsam"
    MOBILESAM = "mobilesam"
    NNUNET = "nnunet"
    MONAI = "monai"
    LUNGMASK = "lungmask"
    TORCHSCRIPT = "torchscript"
    TORCHEXPORT = "torchexport"
    ONNX = "onnx"

    def label(self) -> str:
        """The text of its item in the combo box."""
        return {
            ModelKind.AUTO: _("Automatic, by the file"),
            ModelKind.MEDSAM: "MedSAM",
            ModelKind.SAM: _("Segment Anything (SAM)"),
            ModelKind.SAM2: "SAM 2",
            ModelKind.MEDSAM2: "MedSAM2",
            ModelKind.LITEMEDSAM: "LiteMedSAM",
            ModelKind.MOBILESAM: "MobileSAM",
            ModelKind.NNUNET: "nnU-Net v2",
            ModelKind.MONAI: _("MONAI bundle"),
            ModelKind.LUNGMASK: "lungmask",
            ModelKind.TORCHSCRIPT: "TorchScript",
            ModelKind.TORCHEXPORT: "torch.export",
            ModelKind.ONNX: "ONNX",
        }[self]

    @property
    def isPromptable(self) -> bool:
        """Whether such a model segments what a prompt points at."""
        first = (ModelKind.MEDSAM, ModelKind.SAM, ModelKind.LITEMEDSAM, ModelKind.MOBILESAM)
        return self in (*first, ModelKind.SAM2, ModelKind.MEDSAM2)


class MethodChoice(enum.Enum):
    """How the scan is perturbed."""

    OCCLUSION = "occlusion"
    HIERARCHICAL = "hierarchical"
    RISE = "rise"
    LIME = "lime"
    KERNELSHAP = "kernelshap"
    HSIC = "hsic"

    def label(self) -> str:
        """The text of its item in the combo box."""
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
        """The text of its item in the combo box."""
        return {
            Quality.PREVIEW: _("Preview"),
            Quality.BALANCED: _("Balanced"),
            Quality.PAPER: _("Full, as in the paper"),
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
        """The text of its item in the combo box."""
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
        """The text of its item in the combo box."""
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
        """The text of its item in the combo box."""
        return {
            Estimator.RAW: _("Raw, as in the paper"),
            Estimator.CENTRED: _("Centered"),
            Estimator.RIDGE: _("Ridge regression"),
        }[self]


class ColorMap(enum.Enum):
    """Colors of the saliency."""

    INFERNO = "inferno"
    VIRIDIS = "viridis"
    JET = "jet"

    def label(self) -> str:
        """The text of its item in the combo box."""
        return {
            ColorMap.INFERNO: _("Inferno"),
            ColorMap.VIRIDIS: _("Viridis"),
            ColorMap.JET: _("Jet, as in the paper"),
        }[self]
