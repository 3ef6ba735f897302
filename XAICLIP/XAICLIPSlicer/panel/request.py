"""From what the panel holds to a request of the engine."""

from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.case.request import Request, make_method
from XAICLIPLib.case.settings import PREDICTED
from XAICLIPSlicer.panel.choices import ModelSource
from XAICLIPSlicer.panel.parameters import XAICLIPParameterNode
from XAICLIPSlicer.panel.qualities import SETTINGS


def methodOf(parameters: XAICLIPParameterNode) -> Method:
    """The method with the settings that belong to it.

    Parameters
    ----------
    parameters : XAICLIPParameterNode
        What the panel holds.

    Returns
    -------
    Method
        Settings object; patch, stride and grid in the method's own units.

    Raises
    ------
    InputError
        If a setting is out of its range.
    """
    settings = {name: getattr(parameters, name) for name in SETTINGS[parameters.method]}
    if "estimator" in settings:
        settings["estimator"] = settings["estimator"].value
    if "tolerance" in settings:
        settings["tolerance"] = settings["tolerance"] or None
    return make_method(parameters.method.value, fill=parameters.fill.value, **settings)


def modelOf(parameters: XAICLIPParameterNode) -> str:
    """The model as `open_segmenter` wants it; empty where no file was chosen yet.

    Parameters
    ----------
    parameters : XAICLIPParameterNode
        What the panel holds.

    Returns
    -------
    str
        Such as "bundled", a path, or "sam:<path>".
    """
    if parameters.modelSource is ModelSource.BUNDLED:
        return "bundled"
    if parameters.modelSource is ModelSource.INSTALLED:
        return parameters.installedModel
    if parameters.modelSource is ModelSource.SCENE and parameters.foundModel:
        return parameters.foundModel
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
        What the nodes of the scene say, as the request has it: box, prompt_box, prompt_points, and images by the IDs of
        their nodes.

    Returns
    -------
    Request
        The same settings in the engine's words; margins in mm.

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
        players=PREDICTED if parameters.organsInTurn else None,
        device=parameters.device,
        seed=parameters.seed,
        **places,
    )
