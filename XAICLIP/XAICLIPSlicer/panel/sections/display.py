"""Display, a part of the result: which map is shown, how, and in which views."""

import qt
import slicer
from slicer.i18n import tr as _

from XAICLIPSlicer.panel.sections.parts import Part
from XAICLIPSlicer.panel.sections.section import setText
from XAICLIPSlicer.scene.display import rescale, showSaliency
from XAICLIPSlicer.scene.layout import closeLayout, restoreLayout, showLayout
from XAICLIPSlicer.scene.names import nameOf
from XAICLIPSlicer.scene.rendering import showSurface, showVolumeRendering
from XAICLIPSlicer.scene.views import fitViews


class DisplayPart(Part):
    """The map, its colours, and the views that show it."""

    uiFile = "Display.ui"

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._displayed = None
        self._layoutShown = None
        self._rendered = None
        self.ui.shownComboBox.connect("activated(int)", self.onShownChosen)

    def title(self) -> str:
        """The words of its button."""
        return _("Displa&y")

    def tip(self) -> str:
        """What the page is for."""
        return _("Which map is shown, in which colors, and from which value on.")

    @property
    def run(self):
        """The run that is shown; None where there is none."""
        return self.panel.result.run

    def update(self) -> None:
        """The maps that there are, what is hidden, and the views."""
        run = self.run
        parameters = self.parameters
        text = hiddenText(run, parameters.saliencyThreshold, parameters.ownScales) if run else ""
        setText(self.ui.saliencyThresholdInfoLabel, text)
        self._updateShown()
        self.display()

    def _updateShown(self) -> None:
        """The maps that the run has: its saliency, and the signed drop of each structure."""
        run, combo = self.run, self.ui.shownComboBox
        structures = run.structures if run else []
        maps = [(saliencyText(run), "")]
        text = _("Signed drop of the score: {structure}")
        maps += [(text.format(structure=nameOf(s["label"])), s["name"]) for s in structures]
        with self.updating():
            if [(combo.itemText(i), combo.itemData(i)) for i in range(combo.count)] != maps:
                combo.clear()
                for text, name in maps:
                    combo.addItem(text, name)
            combo.setCurrentIndex(max(0, combo.findData(self.parameters.shown)))

    def onShownChosen(self, index: int) -> None:
        if self.isUserEvent():
            self.parameters.shown = self.ui.shownComboBox.itemData(index)

    def display(self) -> None:
        """Show the run as the parameters say; nothing is touched while the module is not entered."""
        run, parameters = self.run, self.parameters
        if self.panel.compare.isOpen:  # two runs are shown, and this one again when they go
            return
        if run is None or not self.panel.isEntered:
            if run is None:
                self.giveBack()
            return
        state = (
            parameters.run, parameters.opacity, parameters.saliencyThreshold, parameters.colorMap, parameters.shown,
            parameters.legend, parameters.ownScales,
        )  # fmt: skip
        if state != self._displayed:
            self._displayed = state
            showSaliency(
                run,
                opacity=parameters.opacity,
                threshold=parameters.saliencyThreshold,
                colormap=parameters.colorMap.value,
                signed=bool(parameters.shown),
                structure=parameters.shown,
                legend=parameters.legend,
                ownScales=parameters.ownScales,
            )
        wanted = parameters.run if parameters.comparison else None
        if wanted != self._layoutShown and (wanted or self._layoutShown):
            self._layoutShown = wanted
            if wanted:
                showLayout(run)
                qt.QTimer.singleShot(0, self._fit)
            else:
                closeLayout(run)
        wanted = parameters.run if parameters.volumeRendering else None
        if wanted != self._rendered:
            before = self.panel.result.runs.get(self._rendered)
            if before is not None:
                self._show3D(before, False)
            self._rendered = wanted
            if wanted:
                self._show3D(run, True)

    def onSlice(self) -> None:
        """The user looks at another slice, which may have colours of its own."""
        if self._displayed is not None and self.run is not None and self.parameters.ownScales:
            rescale(self.run)

    def _fit(self) -> None:
        if self._layoutShown and self.run is not None:
            fitViews()

    @staticmethod
    def _show3D(run, on: bool) -> None:
        with slicer.util.RenderBlocker():  # Slicer's own ramp, which comes first, takes seconds to draw
            showVolumeRendering(run, on)
            showSurface(run, on)

    def again(self) -> None:
        """Something else was shown in the same views meanwhile."""
        self._displayed = None
        if self.parameters is not None:
            self.display()

    def giveBack(self) -> None:
        """Hide everything and put the user's layout and display back as they were."""
        rendered = self.panel.result.runs.get(self._rendered)
        if rendered is not None:
            self._show3D(rendered, False)
        if self._displayed is not None or self._layoutShown:
            restoreLayout()
        self.forget()

    def leave(self) -> None:
        """The user's layout and display come back."""
        self.giveBack()

    def forget(self) -> None:
        """The scene is going: its nodes must not be touched any more."""
        self._displayed, self._layoutShown, self._rendered = None, None, None
        self.panel.curves.shown = None


def saliencyText(run) -> str:
    """What the saliency of a run is, in a few words.

    Parameters
    ----------
    run : RunNodes, optional

    Returns
    -------
    str
    """
    shows = {shown["shows"] for shown in run.saliencyShows.values()} if run else set()
    if shows == {"remote"}:
        return _("What the rest of the structure depends on")
    if "remote" in shows:
        return _("What each structure depends on")
    return _("What supports the model's drawing")


def hiddenText(run, threshold: float, ownScales: bool = False) -> str:
    """What the threshold hides, in the unit of the map: a share alone says nothing of how much that is.

    Parameters
    ----------
    run : RunNodes
        Whose largest value is the scale.
    threshold : float
        Share of it, 0 to 1.
    ownScales : bool
        Whether each slice has a scale of its own.

    Returns
    -------
    str
        In the unit of what is shown.
    """
    if ownScales:
        return _("below {share} of each slice's largest value: slices can't be compared").format(
            share=f"{threshold:.0%}"
        )
    remote = [shown["largest"] for shown in run.saliencyShows.values() if shown["shows"] == "remote"]
    if remote:
        return _("below a loss of {loss} of the rest; one scale for all slices").format(
            loss=f"{threshold * max(remote):.1%}"
        )
    largest = max((row["largest_drop"] for row in run.metrics), default=0.0)
    return _("below a drop of {drop}; one scale for all slices").format(drop=f"{threshold * largest:.2f}")
