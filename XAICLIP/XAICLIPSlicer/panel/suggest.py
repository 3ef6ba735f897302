"""Sensible choices from the scene, where the user has not chosen yet."""

from XAICLIPSlicer.panel.sections.region import chosenSegment
from XAICLIPSlicer.scene.suggestions import suggestedScan, suggestedSegmentation


def suggest(parameters) -> None:
    """Choose the scan in the views, and the segmentation that lies on it; what is chosen already stays.

    The segmentation is only ready to be taken as the region, or to be learned from: whether it is what the model is
    scored against changes what is computed, and so is left to the user.

    Parameters
    ----------
    parameters : XAICLIPParameterNode
        Gets `inputVolume`, `regionSegmentation`, `learnFrom` and `sourceSegmentation`.
    """
    if parameters.inputVolume is None:
        parameters.inputVolume = suggestedScan()
    drawn = suggestedSegmentation(parameters.inputVolume) if parameters.inputVolume is not None else None
    if drawn is None:
        return
    if parameters.regionSegmentation is None:
        parameters.regionSegmentation, parameters.regionSegment = drawn, chosenSegment(drawn, "")
    if parameters.learnFrom is None:
        parameters.learnFrom = drawn
    if parameters.sourceSegmentation is None:
        parameters.sourceSegmentation, parameters.sourceSegment = drawn, chosenSegment(drawn, "")
