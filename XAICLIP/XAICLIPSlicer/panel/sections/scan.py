"""The scan: the volume, its slices, and a phantom for whoever has none."""

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.choices import SliceChoice
from XAICLIPSlicer.panel.sections.section import Section
from XAICLIPSlicer.scene import sampledata, slices


class ScanSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.ui.sliceRangeWidget.connect("valuesChanged(double,double)", self.onRangeChanged)
        self.ui.sampleDataButton.connect("clicked(bool)", self.onSampleData)

    def update(self) -> None:
        """The range of slices that the scan has."""
        parameters = self.parameters
        self.showRow("sliceRange", parameters.sliceChoice is SliceChoice.RANGE)
        volumeNode = parameters.inputVolume
        self.ui.sampleDataButton.setVisible(volumeNode is None)
        count = 0
        if volumeNode is not None and volumeNode.GetImageData() is not None:
            count = slices.axialAxis(volumeNode).count
        self.ui.sliceRangeWidget.setEnabled(count > 0)
        self.ui.sliceRangeWidget.setToolTip(
            _("First and last axial slice, counted from the feet. The axial view follows the end that is moved.")
            if count
            else _("Choose a scan first.")
        )
        if not count:
            return
        if not 0 <= parameters.firstSlice <= parameters.lastSlice < count:
            # a new scan: a few slices round the one that the user looks at, never the whole scan by accident
            middle = slices.currentSlice(volumeNode)
            with self.panel.changing():
                parameters.firstSlice = max(0, middle - 5)
                parameters.lastSlice = min(count - 1, middle + 5)
        with self.updating():
            widget = self.ui.sliceRangeWidget
            widget.setRange(0, count - 1)
            widget.setValues(parameters.firstSlice, parameters.lastSlice)

    def onSampleData(self) -> None:
        """The phantom, which is drawn here, becomes the scan."""
        if self.parameters is not None:
            [self.parameters.inputVolume] = sampledata.loadPhantom()

    def onRangeChanged(self, first: float, last: float) -> None:
        if not self.isUserEvent():
            return
        parameters = self.parameters
        first, last = round(first), round(last)
        moved = first if first != parameters.firstSlice else last
        with self.panel.changing():
            parameters.firstSlice, parameters.lastSlice = first, last
        if parameters.inputVolume is not None:
            slices.showSlice(parameters.inputVolume, moved)

    def chosenSlices(self) -> str:
        """The slices as a request says them."""
        parameters = self.parameters
        if parameters.sliceChoice is SliceChoice.RANGE:
            return f"{parameters.firstSlice}:{parameters.lastSlice + 1}"
        if parameters.sliceChoice is SliceChoice.CURRENT:
            return str(slices.currentSlice(parameters.inputVolume))
        return "auto"
