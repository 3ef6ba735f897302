"""The question that the panel holds: what is still missing, and the request of the engine that it makes."""

import json

from slicer.i18n import tr as _

from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.choices import Modality, RegionSource
from XAICLIPSlicer.panel.request import modelOf, requestOf
from XAICLIPSlicer.scene.names import spelled
from XAICLIPSlicer.scene.saving import scanModality
from XAICLIPSlicer.scene.volumes import boxOf, pointsOf


def missing(panel) -> str:
    """What must be chosen before there can be an explanation.

    Parameters
    ----------
    panel : Panel
        With its parameters and sections.

    Returns
    -------
    str
        One line that says what to do; empty where nothing is missing.
    """
    text = panel.region.missingForRegion()
    if text:
        return text
    text = panel.sceneSource.missing()
    if text:
        return text
    if not modelOf(panel.parameters):
        return _("Choose the model's file or folder.")
    text = panel.images.missing()
    if text:
        return text
    unknown = [text for text in panel.parameters.structures if not panel.structures.isSegmented(text)]
    if unknown:
        return _("The model does not segment {names}; untick it, or choose another model.").format(
            names=", ".join(spelled(text) for text in unknown)
        )
    return ""


def asked(panel, chosenSlices: str | None = None) -> tuple[Request, tuple | None]:
    """The request that the panel holds, and the segment that is its region where it is one.

    Parameters
    ----------
    panel : Panel
        With its parameters and sections.
    chosenSlices : str, optional
        As a request says them, such as "3:8"; what the panel holds by default.

    Returns
    -------
    Request
        What the engine is asked.
    tuple of vtkMRMLSegmentationNode and str, or None
        The segment and its ID.

    Raises
    ------
    ValueError, XAICLIPError
        If something is missing or can't be used; the text says what to do.
    """
    parameters, segment, places = panel.parameters, None, {}
    text = panel.region.missingForRegion()
    if text:
        raise ValueError(text)
    if parameters.regionSource is RegionSource.SEGMENT:
        segment = (parameters.regionSegmentation, parameters.regionSegment)
    if parameters.regionSource is RegionSource.BOX:
        places["box"] = boxOf(parameters.regionBox, parameters.inputVolume)
    prompt = panel.model.prompt
    if prompt is not None:
        isBox = prompt.IsA("vtkMRMLMarkupsROINode")
        name, place = ("prompt_box", boxOf) if isBox else ("prompt_points", pointsOf)
        places[name] = place(prompt, parameters.inputVolume)
    places["images"] = panel.images.chosen()
    chosen = panel.scan.chosenSlices() if chosenSlices is None else chosenSlices
    modality = scanModality(parameters.inputVolume) if parameters.modality is Modality.AUTO else None
    return requestOf(parameters, parameters.inputVolume.GetName(), chosen, modality, **places), segment


def state(panel) -> tuple | None:
    """All that the cost of a run depends on.

    Parameters
    ----------
    panel : Panel
        With its parameters and sections.

    Returns
    -------
    tuple or None
        Comparable; None where there can be no run.
    """
    if panel.missing():
        return None
    try:
        request, segment = panel.request()
    except (ValueError, XAICLIPError):
        return None
    volumeNode = panel.parameters.inputVolume
    marks = None if segment is None else (segment[0].GetID(), segment[0].GetSegmentation().GetMTime(), segment[1])
    return volumeNode.GetID(), json.dumps(request.to_json(), sort_keys=True), marks
