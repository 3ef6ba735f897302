"""The runs in the scene: which nodes belong to one, which there are, and how one goes without a trace.

What a node is and which run it belongs to is written on the node itself, so that a saved scene, opened on another day,
still knows its runs.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import slicer
import slicer.util

from XAICLIPLib.message import restored
from XAICLIPLib.report.wording import value_of
from XAICLIPLib.results.run_names import facts_of
from XAICLIPSlicer.scene.names import nameOf
from XAICLIPSlicer.scene.words import fillName, methodName

RUN, ROLE, STRUCTURE, STRUCTURES = "XAICLIP.Run", "XAICLIP.Role", "XAICLIP.Structure", "XAICLIP.Structures"
LIMIT = "XAICLIP.Limit"  # of a map: the largest value without its sign
SCAN_REFERENCE = "XAICLIP.scan"
SAVED = "XAICLIP.Saved"  # of a run's saliency: the folder that the run was saved to last
ANSWER, DIFFERENCE = "answer", "difference"  # roles of what a run was asked, and of what another has otherwise
ALONE = "drop in "  # role of a map with places hidden in one of several images alone; the image follows
BETWEEN = "between"  # in the place of a fill: which structure needs which
MADE = "XAICLIP.Made"  # of a run's saliency: when it was begun, as it is shown
CHART, SCORES, SERIES = "curves", "curve scores", "curve"  # roles of a chart, its table and its lines; the fill follows


@dataclass(eq=False)
class RunNodes:
    """One run in the scene. A node that the user removed is None from then on.

    Attributes
    ----------
    id : str
        The run's own; each of its nodes carries it.
    name : str
    structures : list of dict
        "name", "label", "colour" (0 to 255) and "snomed_ct" of each structure, in the order of the labels.
    metrics : list of dict
        Numbers of the whole volume, one row per structure; the table node has those of each slice too.
    warnings : list of str
        What a reader of the map must know.
    answers : list of dict
        The run in words: "text", "test" and "structure" of each sentence.
    saliencyShows : dict
        Of each structure's name what its saliency "shows" ("total": the drop of the score; "remote": what the rest of
        it depends on) and the "largest" value; empty for runs that do not say it, which show the drop.
    matters : list of dict
        What is worth a look, see `XAICLIPLib.results.matters.Finding.to_json`.
    facts : dict
        What tells the run from others, see `XAICLIPLib.results.run_names.facts_of`.
    scoreName : str
        What a value of the maps is: the score that drops ("dice", "soft_dice", "confidence"), or "mean score".
    folder : str
        Where the run's files are, while they are kept.
    pasted, coarse : set of int
        The axial slices that were pasted in this session, finished, and as they looked before they were.
    """

    id: str
    name: str
    structures: list[dict]
    metrics: list[dict] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    answers: list[dict] = field(default_factory=list)
    saliencyShows: dict = field(default_factory=dict)
    matters: list[dict] = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    scoreName: str = ""
    folder: str = ""
    pasted: set = field(default_factory=set)
    coarse: set = field(default_factory=set)
    _ids: dict = field(default_factory=dict, repr=False)

    def node(self, role: str, structure: str = ""):
        """The node with a role, looked up by what is written on it: an ID alone may be given again to another node.

        Parameters
        ----------
        role : str
            "saliency", "drop", "region", "prediction", "metrics", "provenance", "answer", "difference", or one of a
            curve.
        structure : str
            Whose, where each structure has one.

        Returns
        -------
        vtkMRMLNode or None
            None where it was removed.
        """
        node = slicer.mrmlScene.GetNodeByID(self._ids.get((role, structure), ""))
        if node is not None and node.GetAttribute(RUN) == self.id:
            return node
        for node in markedNodes():
            marks = (node.GetAttribute(RUN), node.GetAttribute(ROLE), node.GetAttribute(STRUCTURE) or "")
            if marks == (self.id, role, structure):
                self._ids[role, structure] = node.GetID()
                return node
        return None

    @property
    def nodes(self) -> list:
        """All nodes of the run that are still there."""
        roles = ("saliency", "region", "prediction", "metrics", "provenance", ANSWER, DIFFERENCE)
        single = [self.node(role) for role in roles]
        return [n for n in [*single, *self.dropNodes.values(), *self.imageDropNodes] if n is not None]

    @property
    def volumeNode(self):
        """The scan."""
        first = next(iter(self.nodes), None)
        return first.GetNodeReference(SCAN_REFERENCE) if first else None

    @property
    def saliencyNode(self):
        """Saliency in [0, 1], the maximum over the structures."""
        return self.node("saliency")

    @property
    def dropNodes(self) -> dict:
        """Signed drop of the score per structure."""
        drops = {s["name"]: self.node("drop", s["name"]) for s in self.structures}
        return {name: n for name, n in drops.items() if n is not None}

    @property
    def imageDropNodes(self) -> list:
        """Signed drops with places hidden in one of several images alone."""
        return [n for n in markedNodes() if n.GetAttribute(RUN) == self.id and n.GetAttribute(ROLE).startswith(ALONE)]

    @property
    def roiSegmentation(self):
        """The region that was perturbed."""
        return self.node("region")

    @property
    def predictionSegmentation(self):
        """The model's own masks, one segment per structure; the segment's ID is the structure's name."""
        return self.node("prediction")

    @property
    def metricsTable(self):
        """The numbers, those of the whole volume first."""
        return self.node("metrics")

    @property
    def provenanceNode(self):
        """How the map was made, as JSON text."""
        return self.node("provenance")

    @property
    def charts(self) -> list:
        """The deletion and insertion curves, a chart for each structure and fill."""
        return [n for n in self.curveNodes if n.IsA("vtkMRMLPlotChartNode")]

    @property
    def curveNodes(self) -> list:
        """The charts with their tables and lines."""
        roles = tuple(f"{role} " for role in (CHART, SCORES, SERIES))
        return [n for n in markedNodes() if n.GetAttribute(RUN) == self.id and n.GetAttribute(ROLE).startswith(roles)]

    @property
    def folderItem(self) -> int:
        """The subject-hierarchy item of the run; 0 where there is none."""
        hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
        for n in self.nodes:
            item = hierarchy.GetItemParent(hierarchy.GetItemByDataNode(n))
            if hierarchy.GetItemAttribute(item, RUN) == self.id:
                return item
        return 0


def existingRuns(volumeNode=None) -> list[RunNodes]:
    """The runs in the scene, or those of one scan, in the order they were made; also in a scene that was reloaded.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode, optional
        The scan whose runs are meant; all by default.

    Returns
    -------
    list of RunNodes
        The oldest first.
    """
    runs = listRuns(volumeNode)
    for run in runs:
        readNumbers(run)
    return runs


def readNumbers(run: RunNodes) -> None:
    """Take the numbers, warnings and answers of a run from its provenance.

    Parameters
    ----------
    run : RunNodes
        Gets `metrics`, `warnings`, `answers` and `saliencyShows`; and `folder`, where it was saved with all its files.
    """
    text = run.provenanceNode.GetText() if run.provenanceNode else ""
    report = restored(json.loads(text)) if text else {}
    run.metrics, run.warnings = report.get("summary", []), report.get("warnings", [])
    readMeaning(run, report)
    run.folder = run.folder or _savedFolder(run, report)


def isEngines(folder: Path) -> bool:
    """Whether a folder holds a run with all that the engine writes, not only what the scene has of it.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bool
    """
    return (folder / "evaluated.nrrd").is_file() and (folder / "report.json").is_file()


def _savedFolder(run: RunNodes, report: dict) -> str:
    """The folder that a run was saved to; empty where it is gone, holds less than all files, or another run by now."""
    place = run.saliencyNode.GetAttribute(SAVED) if run.saliencyNode else None
    if not place or not isEngines(Path(place)):
        return ""
    try:
        saved = json.loads((Path(place) / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return place if all(saved.get(key) == report.get(key) for key in ("request", "summary")) else ""


def readMeaning(run: RunNodes, report: dict) -> None:
    """Take from a report what a run says in words, and what its maps show.

    Parameters
    ----------
    run : RunNodes
        Gets `answers`, `saliencyShows`, `scoreName`, `matters` and `facts`.
    report : dict
        As in report.json; empty for a run that is not finished.
    """
    run.answers, run.saliencyShows = list(report.get("answers", [])), dict(report.get("saliency", {}))
    run.matters = list(report.get("matters", []))
    made = run.saliencyNode.GetAttribute(MADE) if run.saliencyNode else None
    run.facts = _inWords(facts_of(report, made or ""), report)
    request = report.get("request", {})
    kind = value_of(request.get("method") or {})
    run.scoreName = str(request.get("score", "")) if kind == "drop" else kind


def _inWords(facts: dict, report: dict) -> dict:
    """What tells a run from others, in the user's language."""
    labels = [str(s.get("label", s.get("name", ""))) for s in report.get("structures", ())]
    words = {"structures": ", ".join(map(nameOf, labels)), "method": methodName(facts["method"])}
    return {**facts, **words, "fill": fillName(facts["fill"])}


def listRuns(volumeNode=None) -> list[RunNodes]:
    """`existingRuns` without the numbers and warnings, which are long to read.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode, optional
        The scan whose runs are meant; all by default.

    Returns
    -------
    list of RunNodes
        The oldest first.
    """
    runs: dict[str, RunNodes] = {}
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    for node in markedNodes():
        if volumeNode is not None and node.GetNodeReferenceID(SCAN_REFERENCE) != volumeNode.GetID():
            continue
        key = node.GetAttribute(RUN)
        if key not in runs:
            item = hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node))
            name = hierarchy.GetItemName(item) if hierarchy.GetItemAttribute(item, RUN) == key else node.GetName()
            runs[key] = RunNodes(key, name, json.loads(node.GetAttribute(STRUCTURES) or "[]"))
        runs[key]._ids[node.GetAttribute(ROLE), node.GetAttribute(STRUCTURE) or ""] = node.GetID()
    return list(runs.values())


def removeRun(run: RunNodes) -> None:
    """Take a run out of the scene with everything that was made for it.

    Parameters
    ----------
    run : RunNodes
        Its nodes are None from then on.
    """
    hierarchy, folder = slicer.mrmlScene.GetSubjectHierarchyNode(), run.folderItem
    for node in (*run.curveNodes, *run.nodes):
        removeNode(node)
    if folder:
        hierarchy.RemoveItem(folder)


def removeNode(node) -> None:
    """Take a node out of the scene with its display and storage nodes, which would otherwise stay behind.

    Parameters
    ----------
    node : vtkMRMLNode
        Any node of the scene.
    """
    scene, belongings = slicer.mrmlScene, [node]
    if node.IsA("vtkMRMLDisplayableNode"):
        for display in (node.GetNthDisplayNode(n) for n in range(node.GetNumberOfDisplayNodes())):
            belongings.append(display)
            if display is not None and display.IsA("vtkMRMLVolumeRenderingDisplayNode"):
                belongings += [display.GetVolumePropertyNode(), display.GetROINode()]
            colours = display.GetColorNode() if display is not None else None
            if colours is not None and colours.GetAttribute(ROLE) == "own colours":
                belongings.append(colours)
    if node.IsA("vtkMRMLStorableNode"):
        belongings.append(node.GetStorageNode())
    hierarchy = scene.GetSubjectHierarchyNode()
    item = hierarchy.GetItemByDataNode(node)
    if item:
        hierarchy.RemoveItem(item, False, False)  # without what was put under it
    for each in belongings:
        if each is not None and scene.IsNodePresent(each):
            scene.RemoveNode(each)


def markedNodes() -> list:
    """All nodes that belong to a run."""
    kinds = ("ScalarVolume", "Segmentation", "Table", "Text", "PlotChart", "PlotSeries")
    nodes = [n for kind in kinds for n in slicer.util.getNodesByClass(f"vtkMRML{kind}Node")]
    return [n for n in nodes if n.GetAttribute(RUN)]
