"""What the panel holds, as a parameter node that is saved with the scene."""

from typing import Annotated

from slicer import (
    vtkMRMLDisplayableNode,
    vtkMRMLMarkupsNode,
    vtkMRMLMarkupsROINode,
    vtkMRMLScalarVolumeNode,
    vtkMRMLSegmentationNode,
)
from slicer.parameterNodeWrapper import Default, Minimum, WithinRange, parameterNodeWrapper

from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPSlicer.panel.choices import (
    ColorMap,
    Contrast,
    Estimator,
    Fill,
    MethodChoice,
    Modality,
    ModelKind,
    ModelSource,
    Quality,
    RegionSource,
    Score,
    SliceChoice,
    Strategy,
)


@parameterNodeWrapper
class XAICLIPParameterNode:
    """Everything that a user can set; saved with the scene."""

    inputVolume: vtkMRMLScalarVolumeNode
    sliceChoice: SliceChoice = SliceChoice.SHOWING
    firstSlice: Annotated[int, Minimum(0)] = 0
    lastSlice: int = -1  # below the first one: no range was chosen yet
    modality: Modality = Modality.AUTO
    contrast: Contrast = Contrast.AUTO

    structures: Annotated[list[str], Default([])]
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
    installedModel: str = ""  # of those that other programs have left on this machine: what opens it
    sourceSegmentation: vtkMRMLSegmentationNode  # what a model has made, and is to be explained
    sourceSegment: str = ""
    foundModel: str = ""  # which model made it, as far as the scene says; what opens it
    modelKind: ModelKind = ModelKind.AUTO
    modelPath: str = ""
    promptNode: vtkMRMLMarkupsNode  # a box or points; else the box of the region
    image2: vtkMRMLScalarVolumeNode  # further images, registered to the scan, of a model that takes several
    image3: vtkMRMLScalarVolumeNode
    image4: vtkMRMLScalarVolumeNode
    device: str = "auto"

    method: MethodChoice = MethodChoice.OCCLUSION
    quality: Quality = Quality.PAPER
    fill: Fill = Fill.ZERO
    score: Score = Score.DICE
    reference: vtkMRMLDisplayableNode  # a segmentation or a label map; else the model's own prediction
    organsInTurn: bool = False  # each structure that the model draws is hidden as well, to ask which needs which
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
    colorMap: ColorMap = ColorMap(COLORMAP)
    ownScales: bool = False  # each slice on a scale of its own, else one for all slices of the run
    legend: bool = True
    comparison: bool = False
    curves: bool = False
    chart: str = ""  # the role and structure of the chart that is shown
    volumeRendering: bool = False
