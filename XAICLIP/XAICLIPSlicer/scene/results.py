"""What the engine wrote, put into the nodes of a run: slice by slice, and completed from the run's folder.

Everything is done in pieces, between which Slicer's event loop can be served: see `worker.steps.Steps`.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import slicer
import slicer.util
import vtk
from slicer.i18n import tr as _

from XAICLIPLib.message import restored
from XAICLIPLib.report.names import image_map_name
from XAICLIPSlicer.scene import curves
from XAICLIPSlicer.scene.nodes import REGION_ID, addImageMap
from XAICLIPSlicer.scene.runs import LIMIT, RunNodes, readMeaning
from XAICLIPSlicer.scene.volumes import (
    SceneError,
    crop,
    ijkToRAS,
    readArray,
    setSegment,
)

# of the columns of metrics.csv: other thresholds, the bare region, and the evidence that the line of trust sums up
DETAILS = (
    r"second_|band_|roi_|random_|outside_|evidence_|deletion_|insertion_|region_drop|rank_|mass_|pointing_|leakage|gap$|shape_gap"
    r"|trust_reasons|trust_points|baseline_|.*_0\.[34]$"
)


def pasteSlice(run: RunNodes, partial: dict) -> bool:
    """Put a finished slice into the nodes of a run, all at once; see `pasteSliceInSteps`.

    Parameters
    ----------
    run : RunNodes
        A run with its nodes.
    partial : dict
        See `pasteSliceInSteps`.

    Returns
    -------
    bool
        False if the run is no longer in the scene.
    """
    if run.saliencyNode is None:
        return False
    for _piece in pasteSliceInSteps(run, partial):
        pass
    return True


def pasteSliceInSteps(run: RunNodes, partial: dict) -> Iterator:
    """Put a slice into the nodes of a run, one after the other.

    Parameters
    ----------
    run : RunNodes
        A run with its nodes.
    partial : dict
        "files" ("saliency", "roi", "prediction", "drop-<name>": slabs on the scan's own grid), "offset" (k, j, i), and
        "complete": false while the slice is still coarse; it comes again later.

    Returns
    -------
    iterator
        A node for each step.

    Raises
    ------
    SceneError
        If a file can't be read, or does not lie inside the scan.
    """
    offset, files = partial["offset"], partial["files"]
    maps = {"saliency": lambda: run.saliencyNode}
    maps |= {f"drop-{s['name']}": lambda s=s: run.dropNodes.get(s["name"]) for s in run.structures}
    for kind, node in maps.items():
        if kind in files and node() is not None:
            _pasteMap(node(), readArray(files[kind]), offset)
            yield
    if "roi" in files and run.roiSegmentation:
        matrix = ijkToRAS(run.saliencyNode)
        setSegment(run.roiSegmentation, REGION_ID, readArray(files["roi"]) > 0, offset, matrix, add=True)
        yield
    if "prediction" in files and run.predictionSegmentation:
        yield from _setLabelsInSteps(run, readArray(files["prediction"]), offset, add=True)
    isComplete = partial.get("complete", True)
    (run.pasted if isComplete else run.coarse).add(partial.get("z"))
    if isComplete:
        run.coarse.discard(partial.get("z"))


def completeRun(run: RunNodes, folder: str, result: dict) -> bool:
    """Complete a run from the folder that the engine wrote, all at once; see `completeRunInSteps`.

    Parameters
    ----------
    run : RunNodes
        A run with its nodes.
    folder : str
        What the engine wrote.
    result : dict
        The worker's answer: "summary" and "warnings", else those of the report; "shown", the saliency of each slice.

    Returns
    -------
    bool
        False if the run is no longer in the scene.
    """
    if run.saliencyNode is None:
        return False
    for _piece in completeRunInSteps(run, folder, result):
        pass
    return True


def completeRunInSteps(run: RunNodes, folder: str, result: dict) -> Iterator:
    """Complete a run from the folder that the engine wrote, piece by piece.

    The numbers, the report, the curves and, unless every slice was pasted already, the volumes.

    Parameters
    ----------
    run : RunNodes
        A run with its nodes.
    folder : str
        What the engine wrote.
    result : dict
        The worker's answer.

    Returns
    -------
    iterator
        A piece of work for each step.

    Raises
    ------
    SceneError
        If the folder is incomplete, or its volumes are not on the scan's grid.
    """
    place = Path(folder)
    try:
        text = (place / "report.json").read_text(encoding="utf-8")
        with open(place / "metrics.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SceneError(
            _("{folder} is incomplete ({reason}). Explain again.").format(folder=folder, reason=error)
        ) from error
    report = restored(json.loads(text))
    yield
    # a large scan takes seconds to read, and slices that were pasted are there already; one that was stopped while it
    # was coarse may have become better, or worth nothing, since it was pasted
    if run.coarse or not run.pasted.issuperset(report["slices"]["explained"]):
        yield from _loadVolumesInSteps(run, place)
        run.coarse.clear()
    else:  # while a run goes on it shows the drop, on the scale of what is known by then
        for slab in result.get("shown", ()):
            _pasteMap(run.saliencyNode, readArray(slab["file"]), slab["offset"])
            yield
    yield from _loadImageMapsInSteps(run, place, report)
    if run.metricsTable:
        _fillTable(run.metricsTable, sorted(rows, key=lambda row: row["slice"] != "all"))
        yield
    if run.provenanceNode:
        run.provenanceNode.SetText(text)
        yield
    yield from curves.addChartsInSteps(run, report)
    run.metrics = list(result.get("summary") or report.get("summary", []))
    run.warnings = list(result.get("warnings") or report.get("warnings", []))
    readMeaning(run, report)
    run.folder = str(folder)


def _loadVolumesInSteps(run: RunNodes, place: Path) -> Iterator:
    """Fill the volumes and segments from a run's folder."""
    single = len(run.structures) == 1
    volumes = {"saliency": run.saliencyNode}
    volumes |= {"drop" if single else f"drop-{name}": node for name, node in run.dropNodes.items()}
    shape = slicer.util.arrayFromVolume(run.saliencyNode).shape

    def read(name: str) -> np.ndarray:
        array = readArray(place / f"{name}.nrrd")
        if array.shape != shape:
            text = _("The result is not on the grid of the scan; was the scan changed meanwhile? Explain again.")
            raise SceneError(text)
        return array

    for name, node in volumes.items():
        _pasteMap(node, read(name), (0, 0, 0))
        yield
    if run.roiSegmentation:
        setSegment(run.roiSegmentation, REGION_ID, read("roi") > 0, (0, 0, 0), ijkToRAS(run.saliencyNode))
        yield
    if run.predictionSegmentation:
        yield from _setLabelsInSteps(run, read("prediction"), (0, 0, 0))


def _loadImageMapsInSteps(run: RunNodes, place: Path, report: dict) -> Iterator:
    """Further volumes of a run of several images: the drops with places hidden in each of them alone."""
    single = len(run.structures) == 1
    for structure in run.structures:
        for image in report.get("scan", {}).get("images", ()):
            file = place / f"{image_map_name(image, None if single else structure['name'])}.nrrd"
            if not file.is_file():
                continue
            voxels = readArray(file)
            if voxels.shape != slicer.util.arrayFromVolume(run.saliencyNode).shape:
                raise SceneError(_("The result is not on the grid of the scan; was the scan changed meanwhile?"))
            node = addImageMap(run, structure, image)
            _pasteMap(node, voxels, (0, 0, 0))
            limit = float(node.GetAttribute(LIMIT) or 0.0) or 1.0
            node.GetDisplayNode().SetWindowLevelMinMax(-limit, limit)
            yield


def _pasteMap(node, slab: np.ndarray, offset) -> None:
    """Put a part of a map where it belongs.

    Raises
    ------
    SceneError
        If it does not lie inside the map.
    """
    voxels = slicer.util.arrayFromVolume(node)
    part = tuple(slice(o, o + n) for o, n in zip(offset, slab.shape))
    if voxels[part].shape != slab.shape:
        raise SceneError(_("A result does not lie inside the scan; was the scan changed meanwhile? Explain again."))
    voxels[part] = slab
    # the largest value without its sign is written on the node, so that nobody has to look at all voxels for it
    known = float(node.GetAttribute(LIMIT) or 0.0)
    limit = max(known, float(slab.max(initial=0.0)), -float(slab.min(initial=0.0)))
    if limit != known:
        node.SetAttribute(LIMIT, repr(limit))
    slicer.util.arrayFromVolumeModified(node)


def _setLabelsInSteps(run: RunNodes, labels: np.ndarray, offset, add: bool = False) -> Iterator:
    """Set the segments of the prediction from labels 1…K."""
    start, labels = crop(labels)
    offset = [o + s for o, s in zip(offset, start)]
    for value, structure in enumerate(run.structures, start=1):
        mask = labels == value
        if not add or mask.any():
            matrix = ijkToRAS(run.saliencyNode)
            setSegment(run.predictionSegmentation, structure["name"], mask, offset, matrix, add)
            yield


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
