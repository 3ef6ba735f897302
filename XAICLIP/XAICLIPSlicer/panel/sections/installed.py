"""The models that other programs have left on this machine, as a list to choose from."""

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.choices import ModelSource
from XAICLIPSlicer.panel.sections.section import Section
from XAICLIPSlicer.worker.errors import MissingDependencies, errorText

SHOWN = 6  # structures that a tip names


class InstalledSection(Section):
    """Asked for once, when somebody wants to choose from it or the scene names one of them."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.models: list[dict] | None = None  # None: nobody has asked yet
        self._waiting: list = []
        self._isAsking = False
        self.ui.installedComboBox.connect("activated(int)", self.onChosen)

    def update(self) -> None:
        """The row, and the list in it."""
        isShown = self.parameters.modelSource is ModelSource.INSTALLED
        self.showRow("installed", isShown)
        if isShown and self.models is None:
            self.ask(lambda _models: None)
        self._fill()

    def ask(self, then) -> None:
        """Get the list, from the worker where it is not known yet.

        Parameters
        ----------
        then : callable
            Gets the models, a list of dict, as the worker tells them.
        """
        if self.models is not None:
            then(self.models)
            return
        self._waiting.append(then)
        if self._isAsking:
            return
        self._isAsking = True
        try:
            self.panel.runner.installedModels(self._answered, self._failed)
        except MissingDependencies as error:
            self._isAsking = False
            waiting, self._waiting = self._waiting, []
            self.panel.explaining.offerInstallation(error.missing, lambda: [self.ask(each) for each in waiting])

    def _answered(self, answer: dict) -> None:
        self._isAsking, self.models = False, answer["models"]
        waiting, self._waiting = self._waiting, []
        if self.parameters is None:
            return
        self._fill()
        for then in waiting:
            then(self.models)
        self.panel.update()

    def _failed(self, error) -> None:
        self._isAsking, self._waiting = False, []
        self.panel.messages.say(errorText(error))

    def _fill(self) -> None:
        """The list; what can't be explained is in it with the reason, and can't be chosen."""
        combo, models = self.ui.installedComboBox, self.models
        if models is None:
            entries = [(_("Looking…"), "", "")]
        elif not models:
            entries = [(_("No program has left a model here"), "", "")]
        else:
            entries = [(_("Choose a model"), "", "")]
            for model in sorted(models, key=lambda m: not m["explainable"]):
                text = f"{model['program']} · {model['task']}"
                usable = model["explainable"]
                entries.append((text if usable else f"✗ {text}", model["spec"] if usable else "", tipOf(model)))
        chosen = self.parameters.installedModel
        if chosen and chosen not in [spec for _text, spec, _tip in entries]:
            entries.append((chosen, chosen, ""))  # of another machine: opening it says what lacks
        with self.updating():
            if [(combo.itemText(i), combo.itemData(i)) for i in range(combo.count)] != [e[:2] for e in entries]:
                combo.clear()
                for text, spec, _tip in entries:
                    combo.addItem(text, spec)
            combo.setCurrentIndex(max(0, combo.findData(chosen)) if chosen else 0)
        tips = {spec: tip for _text, spec, tip in entries if spec}
        refused = [tip for _text, spec, tip in entries if tip and not spec]
        combo.setToolTip(tips.get(chosen) or "\n".join([
            _("The models that other programs have left on this machine."), *refused
        ]))  # fmt: skip

    def onChosen(self, index: int) -> None:
        if self.isUserEvent():
            spec = self.ui.installedComboBox.itemData(index) or ""
            if spec == "" and index:  # one that can't be explained: the choice stays as it was, and the reason is said
                self._sayWhyNot(self.ui.installedComboBox.itemText(index))
                self._fill()
                return
            self.parameters.installedModel = spec

    def _sayWhyNot(self, text: str) -> None:
        for model in self.models or ():
            if text == f"✗ {model['program']} · {model['task']}":
                reason = model["refused"]
                self.panel.messages.say(
                    _("{model} can't be explained: {reason}.").format(model=model["task"], reason=reason)
                )


def tipOf(model: dict) -> str:
    """What is known of an installed model, in a few lines.

    Parameters
    ----------
    model : dict
        As the worker tells it.

    Returns
    -------
    str
    """
    names = model["structures"]
    lines = [model["path"]]
    if names:
        more = f", … ({len(names)})" if len(names) > SHOWN else ""
        lines.append(_("Segments {names}").format(names=", ".join(names[:SHOWN]) + more))
    return "\n".join([*lines, *model["notes"], *([model["refused"]] if model["refused"] else [])])
