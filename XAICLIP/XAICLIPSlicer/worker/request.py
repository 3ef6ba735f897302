"""From what a script says to a request of the engine."""

from dataclasses import fields

from XAICLIPLib.attribution.methods import METHODS
from XAICLIPLib.case.request import Request, make_method
from XAICLIPSlicer.scene.volumes import boxOf, checkVolume


def makeRequest(volumeNode, structures, method, region, options: dict) -> tuple[Request, tuple | None]:
    """A request in the words of `XAICLIPLogic.explain`.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    structures : str or sequence of str
        In words.
    method : str or settings object
        A name of `XAICLIPLib.attribution.methods.METHODS`, whose settings are then taken out of the options.
    region : str, tuple or vtkMRMLMarkupsROINode
        A source by its name, a segment (segmentation node, segment ID), or a box.
    options : dict
        Settings of the method and fields of `Request.of`, by their names; images as volume nodes.

    Returns
    -------
    request : Request
        What the engine is asked.
    segment : tuple of vtkMRMLSegmentationNode and str, or None
        The segment that is the region, where it is one.

    Raises
    ------
    SceneError
        If the scan or the box can't be used.
    InputError
        If a name is unknown, or a setting out of its range.
    """
    checkVolume(volumeNode)
    options = dict(options)
    if isinstance(method, str):
        known = {field.name for field in fields(METHODS[method])} if method in METHODS else set()
        method = make_method(method, **{name: options.pop(name) for name in known & set(options)})
    if "images" in options:  # nodes, which the runner writes to files
        given = options["images"] if isinstance(options["images"], (list, tuple)) else [options["images"]]
        for node in given:
            checkVolume(node)
        options["images"] = tuple(node.GetID() for node in given)
    segment = None
    if isinstance(region, tuple):
        segment, region = region, "segment"
    elif not isinstance(region, str):
        options["box"], region = boxOf(region, volumeNode), "box"
    words = (structures,) if isinstance(structures, str) else tuple(structures)
    return Request.of(volumeNode.GetName(), words, method=method, region=region, **options), segment
