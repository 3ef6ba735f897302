"""The legends of what lies over a scan: what the colours mean, in words and with its unit, beside the organ."""

import slicer
from slicer.i18n import tr as _

from XAICLIPSlicer.scene import views
from XAICLIPSlicer.scene.names import nameOf
from XAICLIPSlicer.scene.runs import RunNodes

LAYOUT_MARK = "XAICLIP.Layout"
_SIZE, _TOP = (0.1, 0.36), 0.85  # shares of a view


def showLegend(node, title: str, labelFormat: str = "%.2f", labels: int = 6, onLeft: bool = False) -> None:
    """Show the legend of a volume. Views of a new layout don't draw one from before, so it is then made anew.

    Parameters
    ----------
    node : vtkMRMLScalarVolumeNode
        A map, or a similarity.
    title : str
        What its colours are, with the unit.
    labelFormat : str
        Of the numbers, as printf has it.
    labels : int
        How many numbers.
    onLeft : bool
        Whether it stands at the left edge of a view; else at the right one.
    """
    logic = slicer.vtkSlicerColorLogic
    legend, made = logic.GetColorLegendDisplayNode(node), str(views.layoutNode().GetViewArrangement())
    if legend is not None and legend.GetAttribute(LAYOUT_MARK) != made:
        slicer.mrmlScene.RemoveNode(legend)
        legend = None
    if legend is None:
        legend = logic.AddDefaultColorLegendDisplayNode(node)
        legend.SetAttribute(LAYOUT_MARK, made)
        for text in (legend.GetTitleTextProperty(), legend.GetLabelTextProperty()):
            text.ShadowOn()  # it lies over the scan
    legend.SetTitleText(title)
    legend.SetLabelFormat(labelFormat)
    legend.SetNumberOfLabels(labels)
    views.placeLegend(legend, _SIZE, (0.02 if onLeft else 0.98, _TOP))
    legend.SetVisibility(True)
    legend.Modified()  # it is drawn where its volume is shown, and does not notice by itself that that changed


def removeLegend(node) -> None:
    """Take the legend of a volume away, where it has one.

    Parameters
    ----------
    node : vtkMRMLScalarVolumeNode
        A map, or a similarity.
    """
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node)
    if legend is not None:
        slicer.mrmlScene.RemoveNode(legend)


def isOnImagesRight(segmentationNode, volumeNode) -> bool:
    """Whether what is drawn lies in the right half of an axial image, the patient's left: a legend is then put to the
    other side, so that it does not lie over the organ.

    Parameters
    ----------
    segmentationNode : vtkMRMLSegmentationNode or None
        Such as a run's region.
    volumeNode : vtkMRMLScalarVolumeNode or None
        The scan.

    Returns
    -------
    bool
        False where nothing is drawn.
    """
    if segmentationNode is None or volumeNode is None:
        return False
    drawn, scan = [0.0] * 6, [0.0] * 6
    segmentationNode.GetRASBounds(drawn)
    volumeNode.GetRASBounds(scan)
    return drawn[0] <= drawn[1] and drawn[0] + drawn[1] < scan[0] + scan[1]  # R is positive


def titleOf(run: RunNodes, signed: bool, structure: str = "") -> str:
    """What the colours of a run's map stand for, with what a value of 1 is worth.

    Parameters
    ----------
    run : RunNodes
        With its `scoreName`, `saliencyShows` and `metrics`.
    signed : bool
        The drop of one structure, in the score's own unit; else the saliency, a share of its largest value in the run.
    structure : str
        Whose drop, or the only one of the saliency.

    Returns
    -------
    str
        A line, or two.
    """
    if signed or not run.saliencyShows:
        return dropText(run) if signed else _("Saliency")
    kinds = {shown["shows"] for shown in run.saliencyShows.values()}
    names = list(run.saliencyShows)
    labels = {s["name"]: nameOf(s["label"]) for s in run.structures}
    if len(names) > 1:
        texts = {"remote": _("Share of the rest lost"), "total": dropText(run)}
        text = texts[kinds.pop()] if len(kinds) == 1 else _("Saliency")
        return f"{text}\n{_('1: the largest of each')}"
    isRest = "remote" in kinds
    text = _("Share of the rest of\nthe {structure} lost").format(structure=labels.get(names[0], names[0]))
    largest = run.saliencyShows[names[0]]["largest"]
    return f"{text if isRest else dropText(run)}\n" + _("1 stands for {largest}").format(largest=f"{largest:.2f}")


def dropText(run: RunNodes) -> str:
    """What a value of a run's signed map is.

    Parameters
    ----------
    run : RunNodes
        With its `scoreName`.

    Returns
    -------
    str
        Such as "Drop of Dice".
    """
    texts = {
        "dice": _("Drop of Dice"),
        "soft_dice": _("Drop of soft Dice"),
        "confidence": _("Drop of confidence"),
        "mean score": _("Mean score"),
    }
    return texts.get(run.scoreName, _("Score drop"))
