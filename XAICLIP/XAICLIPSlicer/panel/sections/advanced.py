"""The line above Advanced: what is set there, in words, so that nobody has to unfold it to know."""

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.choices import (
    Contrast,
    Fill,
    MethodChoice,
    Modality,
    ModelKind,
    ModelSource,
    Quality,
    RegionSource,
    Score,
    Strategy,
)
from XAICLIPSlicer.panel.sections.languagemodel import BUNDLED
from XAICLIPSlicer.panel.sections.section import Section

NUMBERS = {"threshold": 0.5, "smoothing": 2.0, "margin": 0.0}  # as recommended


class AdvancedSection(Section):
    """Says what differs from what is recommended."""

    def update(self) -> None:
        """The line."""
        changes = differences(self.parameters)
        if changes:
            text = _("Differs from what is recommended: {changes}.").format(changes="; ".join(changes))
        else:
            text = _("Everything else is set as recommended.")
        self.ui.advancedLabel.setText(text)

    def unfold(self, groupBox) -> None:
        """Show a group of settings, because something in it has to be done.

        Parameters
        ----------
        groupBox : ctkCollapsibleGroupBox
            One of those under Advanced.
        """
        self.ui.advancedCollapsibleButton.collapsed = False
        groupBox.collapsed = False


def differences(parameters) -> list[str]:
    """What is set otherwise than recommended, in the order of the panel.

    Parameters
    ----------
    parameters : XAICLIPParameterNode
        What the panel holds.

    Returns
    -------
    list of str
        Such as "region: a box".
    """
    said = [*_regionDifferences(parameters)]
    for value, recommended, what in (
        (parameters.modelKind, ModelKind.AUTO, _("kind of model: {value}")),
        (parameters.method, MethodChoice.OCCLUSION, _("method: {value}")),
        (parameters.quality, Quality.PAPER, _("quality: {value}")),
        (parameters.fill, Fill.ZERO, _("fill: {value}")),
        (parameters.score, Score.DICE, _("measure: {value}")),
        (parameters.modality, Modality.AUTO, _("modality: {value}")),
        (parameters.contrast, Contrast.AUTO, _("contrast: {value}")),
    ):
        isMeant = what != _("kind of model: {value}") or parameters.modelSource is not ModelSource.BUNDLED
        if value is not recommended and isMeant:
            said.append(what.format(value=value.label()))
    if parameters.reference is not None:
        said.append(_("reference: {value}").format(value=parameters.reference.GetName()))
    if parameters.organsInTurn:
        said.append(_("each organ is hidden, too"))
    if parameters.device != "auto":
        said.append(_("computed on: {value}").format(value=parameters.device))
    if parameters.seed:
        said.append(_("seed: {value}").format(value=parameters.seed))
    return said


def _regionDifferences(parameters) -> list[str]:
    source, said = parameters.regionSource, []
    if source is not RegionSource.WORDS:
        said.append(_("region: {value}").format(value=source.label()))
    else:
        if parameters.languageModel != BUNDLED:
            said.append(_("language model: {value}").format(value=parameters.languageModel))
        if parameters.strategy is not Strategy.AUTO:
            said.append(_("comparison: {value}").format(value=parameters.strategy.label()))
        if parameters.learnedPrompts:
            said.append(_("learned words"))
        if parameters.threshold != NUMBERS["threshold"]:
            said.append(_("threshold: {value}").format(value=f"{parameters.threshold:.2f}"))
        if parameters.smoothing != NUMBERS["smoothing"]:
            said.append(_("smoothing: {value} px").format(value=f"{parameters.smoothing:.1f}"))
    if parameters.margin != NUMBERS["margin"] and source not in (RegionSource.BOX, RegionSource.WHOLE):
        said.append(_("margin: {value} mm").format(value=f"{parameters.margin:.0f}"))
    return said
