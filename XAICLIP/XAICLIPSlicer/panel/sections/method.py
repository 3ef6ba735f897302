"""Method: how the scan is perturbed, and what that costs."""

import qt
from slicer.i18n import tr as _

from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.choices import MethodChoice, Quality
from XAICLIPSlicer.panel.qualities import QUALITIES, SETTINGS
from XAICLIPSlicer.panel.request import methodOf
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.scene import labels
from XAICLIPSlicer.worker.errors import MissingDependencies, beginning, errorText, inPanelWords

DELAY_MS = 700
NOTHING = object()  # no question, which is not the same as a question about nothing


class MethodSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._shown = None
        self._asked = NOTHING
        self._request: int | None = None
        self._question: object = None
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.connect("timeout()", self.askCost)
        # not by a connector, which would restrict the selector to one kind of node
        self.ui.referenceSelector.connect("currentNodeChanged(vtkMRMLNode*)", self.onReferenceChosen)

    def update(self) -> None:
        """The rows of the chosen method, its quality, the reference and the cost."""
        parameters = self.parameters
        with self.updating():
            if self.ui.referenceSelector.currentNode() is not parameters.reference:
                self.ui.referenceSelector.setCurrentNode(parameters.reference)
        text = ""
        if parameters.reference is not None:
            try:
                text = matchText(labels.match(parameters.reference, parameters.structures))
            except ValueError as error:
                text = f"⚠ {error}"
        setText(self.ui.referenceInfoLabel, text)
        for name in {name for names in SETTINGS.values() for name in names}:
            self.showRow(name, name in SETTINGS[parameters.method])
        self._keepQuality()
        self._updateCost()

    def onReferenceChosen(self, node) -> None:
        if self.isUserEvent():
            self.parameters.reference = node

    def _keepQuality(self) -> None:
        """A quality sets the numbers; another number makes the quality the user's own."""
        parameters = self.parameters
        choice = (parameters.method, parameters.quality)
        settings = QUALITIES[parameters.method].get(parameters.quality)
        if settings is not None and any(getattr(parameters, name) != value for name, value in settings.items()):
            with self.panel.changing():
                if choice == self._shown:  # the user changed a number
                    parameters.quality = Quality.CUSTOM
                else:
                    for name, value in settings.items():
                        setattr(parameters, name, value)
        self._shown = (parameters.method, parameters.quality)

    # -- cost ---------------------------------------------------------------------------------------------------------

    def _updateCost(self) -> None:
        """Ask what a run costs a moment after the last change; what is known already is not asked again."""
        if self.panel.isBusy or not self.panel.isEntered:
            return
        state = self.panel.requestState()
        if state == self._asked:
            return
        self.withdraw()
        self._asked = state
        try:
            cautions = "; ".join(methodOf(self.parameters).cautions())
        except XAICLIPError as error:
            cautions = str(error)
        setText(self.ui.costDetailLabel, "")
        if state is None:  # what is missing is said below it
            setText(self.ui.costLabel, cautions)
        else:
            setText(self.ui.costLabel, cautions or _("Estimating the time…"))
            self._timer.start()

    def withdraw(self) -> None:
        """The question is not wanted any more, or something more important is to be done first."""
        if self._timer.active or self._request is not None:
            self._asked = NOTHING
        self._timer.stop()
        if self._request is not None:
            self.panel.runner.withdraw(self._request)
            self._request = self._question = None

    def askCost(self) -> None:
        """Ask the worker what the run takes; silent where it can't be known."""
        panel = self.panel
        if self.parameters is None or panel.isBusy or not panel.isEntered or panel.region.isAsking:
            self._asked = NOTHING
            return
        try:
            request, segment = panel.request()
            self._question = question = object()
            self._request = panel.runner.plan(
                self.parameters.inputVolume,
                request,
                lambda plan: self._answered(question, plan),
                lambda error: self._answered(question, error),
                segment,
                lambda progress: self._isAsking(question, progress.get("message", "")),
            )
        except MissingDependencies:
            setText(
                self.ui.costLabel,
                _("The time is known once the Python packages are installed; press Explain for that."),
            )
        except (ValueError, XAICLIPError) as error:
            setText(self.ui.costLabel, errorText(error))

    def _isAsking(self, question: object, message: str) -> None:
        """What the worker knows before it knows the cost: a large model takes minutes for its own prediction alone."""
        if question is self._question and self.parameters is not None and message:
            setText(self.ui.costDetailLabel, _("{text}…").format(text=beginning(inPanelWords(message))))

    def _answered(self, question: object, answer) -> None:
        if question is not self._question or self.parameters is None:  # withdrawn, or asked anew meanwhile
            return
        self._request = self._question = None
        if isinstance(answer, dict):
            setText(self.ui.costLabel, costText(answer, self.panel.model.device))
            setText(self.ui.costDetailLabel, costDetailText(answer, self.parameters.method))
        else:
            setText(self.ui.costLabel, errorText(answer))
            setText(self.ui.costDetailLabel, "")

    def leave(self) -> None:
        """The question for the cost is taken back."""
        self.withdraw()


def costText(plan: dict, device: str = "cpu") -> str:
    """ "About 40 s for 12 slices, on the CPU."

    Parameters
    ----------
    plan : dict
        The worker's answer: "slices", "seconds".
    device : str
        As the worker names it, such as "cpu" or "cuda:0".

    Returns
    -------
    str
        One line.
    """
    if not plan["slices"]:
        return _("Nothing to explain: the model finds none of the structures in these slices.")
    one = plan["slices"] == 1
    text = _("About {time} for one slice, on {device}.") if one else _("About {time} for {slices} slices, on {device}.")
    return text.format(
        time=timeText(plan["seconds"]), slices=plan["slices"], device=_("the CPU") if device == "cpu" else device
    )


def costDetailText(plan: dict, method: MethodChoice) -> str:
    """ "58 of 225 patches in each slice"

    Parameters
    ----------
    plan : dict
        The worker's answer: "slices", "evaluations", "full_evaluations", and "tiles" with "seconds_each_tile".
    method : MethodChoice
        Says what is counted.

    Returns
    -------
    str
        One line; empty where there is nothing to explain.
    """
    slices = plan["slices"]
    if not slices:
        return ""
    what = {
        MethodChoice.OCCLUSION: _("{each} of {full} patches in each slice"),
        MethodChoice.HIERARCHICAL: _("at most {each} of {full} patches in each slice"),
        MethodChoice.RISE: _("{each} masks for each slice"),
        MethodChoice.LIME: _("{each} samples for each slice"),
        MethodChoice.KERNELSHAP: _("{each} samples for each slice"),
        MethodChoice.HSIC: _("{each} samples for each slice"),
    }[method]
    text = what.format(each=round(plan["evaluations"] / slices), full=round(plan["full_evaluations"] / slices))
    if not plan.get("tiles"):
        return text
    more = _("the model's own prediction is {tiles} tiles, about {time}")
    return f"{text}; {more.format(tiles=plan['tiles'], time=timeText(plan['tiles'] * plan['seconds_each_tile']))}"


def matchText(matches: dict) -> str:
    """Which segments stand for which structure.

    Parameters
    ----------
    matches : dict of str to dict of str to str
        Structure to segment IDs and names, see `labels.match`.

    Returns
    -------
    str
        One line.
    """
    text = _("{structure}: segment “{segment}”")
    pairs = [text.format(structure=s, segment="”, “".join(segments.values())) for s, segments in matches.items()]
    return "; ".join(f"{pair[:1].upper()}{pair[1:]}" for pair in pairs)


def timeText(seconds: float) -> str:
    """A duration as people say it.

    Parameters
    ----------
    seconds : float
        Any duration; below 1.5 s counts as 1 s.

    Returns
    -------
    str
        Such as "40 s", "3 min" or "1.5 h".
    """
    if seconds < 1.5:
        return _("1 s")
    if seconds < 90:
        return _("{seconds} s").format(seconds=round(seconds))
    if seconds < 5400:
        return _("{minutes} min").format(minutes=round(seconds / 60))
    return _("{hours} h").format(hours=f"{seconds / 3600:.1f}")
