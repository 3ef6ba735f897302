"""The nodes of a run: made empty on the scan's exact grid, filled slice by slice, completed from the run's folder."""

import csv
import json
import re
import uuid
from pathlib import Path

import numpy as np
import slicer
import slicer.util
import vtk
from slicer.i18n import tr as _

from XAICLIPLib import anatomy
from XAICLIPSlicer.runs import LIMIT, ROLE, RUN, SCAN_REFERENCE, STRUCTURE, STRUCTURES, RunNodes, existingRuns
from XAICLIPSlicer.volumes import SceneError, checkVolume, crop, ijkToRAS, readArray, setSegment

REGION_ID = "region"
# of the columns of metrics.csv: other thresholds, the bare region, and the evidence that the line of trust sums up
DETAILS = (
    r"second_|band_|roi_|random_|outside_|evidence_|deletion_|insertion_|region_drop|rank_|mass_|pointing_|leakage|gap$"
    r"|trust_reasons|baseline_|.*_0\.[34]$"
)

REGION_COLOUR = (92 / 255, 225 / 255, 242 / 255)  # as in the pictures of the report


def createRun(volumeNode, name: str, structures: list[dict]) -> RunNodes:
    """Make the empty nodes of a run under the scan's own subject-hierarchy item.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
    name : str
        What the run is called; it gets a number where the scan has a run of that name.
    structures : list of dict
        "name", "label", "colour" (0 to 255), "snomed_ct".

    Raises
    ------
    SceneError
        If the volume can't be used.
    """
    checkVolume(volumeNode)
    scene = slicer.mrmlScene
    names = {run.name for run in existingRuns(volumeNode)}
    tried = (name if n == 1 else f"{name} {n}" for n in range(1, len(names) + 2))
    plain = [{**s, "colour": [int(c) for c in s["colour"]]} for s in structures]
    run = RunNodes(uuid.uuid4().hex, next(n for n in tried if n not in names), plain)
    hierarchy = scene.GetSubjectHierarchyNode()
    scanItem = _itemOf(hierarchy, volumeNode, hierarchy.GetSceneItemID())
    folder = hierarchy.CreateFolderItem(scanItem, run.name)
    hierarchy.SetItemAttribute(folder, RUN, run.id)
    hierarchy.SetItemExpanded(folder, False)

    def make(kind: str, suffix: str, role: str, structure: str = ""):
        node = scene.AddNewNodeByClass(kind, f"{run.name} {suffix}")
        for key, value in ((RUN, run.id), (ROLE, role), (STRUCTURE, structure), (STRUCTURES, json.dumps(plain))):
            node.SetAttribute(key, value)
        node.SetNodeReferenceID(SCAN_REFERENCE, volumeNode.GetID())
        if node.IsA("vtkMRMLTransformableNode"):
            node.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())
        hierarchy.SetItemParent(_itemOf(hierarchy, node, folder), folder)
        run._ids[role, structure] = node.GetID()
        return node

    _makeVolume(make("vtkMRMLScalarVolumeNode", _("saliency"), "saliency"), volumeNode, 0.0)
    for s in plain:
        label = _("drop {label}").format(label=s["label"])
        _makeVolume(make("vtkMRMLScalarVolumeNode", label, "drop", s["name"]), volumeNode, -1.0)
    region = make("vtkMRMLSegmentationNode", _("region"), "region")
    prediction = make("vtkMRMLSegmentationNode", _("prediction"), "prediction")
    for node in (region, prediction):
        prepareSegmentation(node, volumeNode)
    region.GetSegmentation().AddEmptySegment(REGION_ID, _("Region"), REGION_COLOUR)
    for s in plain:
        addStructure(prediction, s)
    make("vtkMRMLTableNode", _("metrics"), "metrics")
    make("vtkMRMLTextNode", _("provenance"), "provenance").SetEncoding(vtk.VTK_ENCODING_UTF_8)
    return run


def _makeVolume(node, volumeNode, low: float) -> None:
    """Give a volume node zeros on a scan's grid, shown from `low` to 1."""
    # the display first: for one without a window, Slicer would look at every voxel to find one
    display = slicer.vtkMRMLScalarVolumeDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(low, 1.0)
    display.SetAndObserveColorNodeID("vtkMRMLColorTableNodeGrey")
    slicer.mrmlScene.AddNode(display)
    node.SetAndObserveDisplayNodeID(display.GetID())
    image = vtk.vtkImageData()
    image.SetDimensions(volumeNode.GetImageData().GetDimensions())
    image.AllocateScalars(vtk.VTK_FLOAT, 1)
    image.GetPointData().GetScalars().Fill(0.0)
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    node.SetIJKToRASMatrix(matrix)
    node.SetAndObserveImageData(image)


def prepareSegmentation(node, volumeNode) -> None:
    """Tie a segmentation to a scan's grid and draw it as outlines, so that what lies under it stays visible."""
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    display = node.GetDisplayNode()
    display.SetVisibility2DFill(False)
    display.SetOpacity3D(0.35)


def addStructure(segmentationNode, structure: dict) -> None:
    """Add an empty segment with a structure's name, colour and, where it has a code, terminology."""
    colour = [c / 255 for c in structure["colour"]]
    label = structure["label"][:1].upper() + structure["label"][1:]
    segmentation = segmentationNode.GetSegmentation()
    segment = segmentation.GetSegment(segmentation.AddEmptySegment(structure["name"], label, colour))
    known = anatomy.find(structure["name"])
    if known is not None and known.terminology():
        segment.SetTag(segment.GetTerminologyEntryTagName(), known.terminology())
    segment.SetNameAutoGenerated(False)
    segment.SetColorAutoGenerated(False)


def paste(run: RunNodes, partial: dict) -> bool:
    """Put one finished slice into the run's nodes.

    Parameters
    ----------
    partial : dict
        "files" ("saliency", "roi", "prediction", "drop-<name>": slabs on the scan's own grid) and "offset" (k, j, i).

    Returns
    -------
    bool
        False if the run is no longer in the scene.

    Raises
    ------
    SceneError
        If a file can't be read, or does not lie inside the scan.
    """
    saliency = run.saliencyNode
    if saliency is None:
        return False
    volumes = {"saliency": saliency, **{f"drop-{name}": node for name, node in run.dropNodes.items()}}
    matrix, offset, files = ijkToRAS(saliency), partial["offset"], partial["files"]
    for kind, node in volumes.items():
        if kind not in files:
            continue
        slab, voxels = readArray(files[kind]), slicer.util.arrayFromVolume(node)
        part = tuple(slice(o, o + n) for o, n in zip(offset, slab.shape))
        if voxels[part].shape != slab.shape:
            raise SceneError(_("A result does not lie inside the scan; was the scan changed meanwhile? Explain again."))
        voxels[part] = slab
        _noteLimit(node, slab)
        slicer.util.arrayFromVolumeModified(node)
    if "roi" in files and run.roiSegmentation:
        setSegment(run.roiSegmentation, REGION_ID, readArray(files["roi"]) > 0, offset, matrix, add=True)
    if "prediction" in files and run.predictionSegmentation:
        _setLabels(run, readArray(files["prediction"]), offset, matrix, add=True)
    run.pasted.add(partial.get("z"))
    return True


def finish(run: RunNodes, folder: str, result: dict) -> bool:
    """Complete a run from the folder that the engine wrote; False if the run is no longer in the scene.

    The numbers, the report and, unless every slice was pasted already, the volumes.

    Raises
    ------
    SceneError
        If the folder is incomplete, or its volumes are not on the scan's grid.
    """
    if run.saliencyNode is None:
        return False
    place = Path(folder)
    try:
        text = (place / "report.json").read_text(encoding="utf-8")
        with open(place / "metrics.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SceneError(
            _("{folder} is incomplete ({reason}). Explain again.").format(folder=folder, reason=error)
        ) from error
    report = json.loads(text)
    # a large scan takes seconds to read, and slices that were pasted are there already
    if not run.pasted.issuperset(report["slices"]["explained"]):
        _load(run, place)
    if run.metricsTable:
        _fillTable(run.metricsTable, sorted(rows, key=lambda row: row["slice"] != "all"))
    if run.provenanceNode:
        run.provenanceNode.SetText(text)
    run.metrics = list(result.get("summary") or report.get("summary", []))
    run.warnings = list(result.get("warnings") or report.get("warnings", []))
    run.folder = str(folder)
    return True


def _load(run: RunNodes, place: Path) -> None:
    """Fill the volumes and segments from a run's folder."""
    saliency = run.saliencyNode
    shape, matrix = slicer.util.arrayFromVolume(saliency).shape, ijkToRAS(saliency)
    single = len(run.structures) == 1
    volumes = {"saliency": saliency}
    volumes |= {"drop" if single else f"drop-{name}": node for name, node in run.dropNodes.items()}
    arrays = {name: readArray(place / f"{name}.nrrd") for name in (*volumes, "roi", "prediction")}
    if any(a.shape != shape for a in arrays.values()):
        raise SceneError(_("The result is not on the grid of the scan; was the scan changed meanwhile? Explain again."))
    for name, node in volumes.items():
        slicer.util.arrayFromVolume(node)[:] = arrays[name]
        _noteLimit(node, arrays[name])
        slicer.util.arrayFromVolumeModified(node)
    if run.roiSegmentation:
        setSegment(run.roiSegmentation, REGION_ID, arrays["roi"] > 0, (0, 0, 0), matrix)
    if run.predictionSegmentation:
        _setLabels(run, arrays["prediction"], (0, 0, 0), matrix)


def _noteLimit(node, values: np.ndarray) -> None:
    """Write the largest value without its sign on a node, so that nobody has to look at all voxels for it."""
    known = float(node.GetAttribute(LIMIT) or 0.0)
    node.SetAttribute(LIMIT, repr(max(known, float(values.max(initial=0.0)), -float(values.min(initial=0.0)))))


def _itemOf(hierarchy, node, parent: int) -> int:
    """The subject-hierarchy item of a node; Slicer makes it by itself, a scene without its window does not."""
    return hierarchy.GetItemByDataNode(node) or hierarchy.CreateItem(parent, node)


def _setLabels(run: RunNodes, labels: np.ndarray, offset, matrix: np.ndarray, add: bool = False) -> None:
    """Set the segments of the prediction from labels 1…K."""
    start, labels = crop(labels)
    offset = [o + s for o, s in zip(offset, start)]
    for value, structure in enumerate(run.structures, start=1):
        mask = labels == value
        if not add or mask.any():
            setSegment(run.predictionSegmentation, structure["name"], mask, offset, matrix, add)


def _fillTable(table, rows: list[dict]) -> None:
    """Columns of numbers where every value is one, else of text, in the order of the file; without the details."""
    modified = table.StartModify()
    table.RemoveAllColumns()
    for name in rows[0] if rows else ():
        if re.match(DETAILS, name) or not any(row[name] for row in rows):
            continue  # it stands in metrics.csv; a table of eighty columns is read by nobody, and slow to draw
        texts = [row[name] or "" for row in rows]
        try:
            values, column = [float(t) if t else np.nan for t in texts], vtk.vtkDoubleArray()
        except ValueError:
            values, column = texts, vtk.vtkStringArray()
        column.SetName(name)
        for value in values:
            column.InsertNextValue(value)
        table.AddColumn(column)
    table.SetUseColumnTitleAsColumnHeader(True)
    table.EndModify(modified)
