"""The vision-language model that finds the words: which one, how it is asked, and its download."""

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.choices import RegionSource
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.worker.errors import MissingDependencies, errorText

BUNDLED = "bundled"


class LanguageModelSection(Section):
    """The rows of the region that only words need."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._known: dict[str, dict] = {}
        self._downloading = ""
        self._then = None  # what the user wanted when the model turned out to be missing
        ui = self.ui
        with self.updating():
            ui.languageModelComboBox.addItem(BUNDLED)
        ui.languageModelComboBox.connect("editTextChanged(QString)", self.onNamed)
        ui.languageModelDownloadButton.connect("clicked(bool)", self.onDownload)
        ui.learnedPromptsLineEdit.connect("currentPathChanged(QString)", self.onPrompts)
        ui.learnedPromptsLineEdit.connect("validInputChanged(bool)", self.onPrompts)  # the only word of an empty line
        setText(ui.languageModelInfoLabel, "")

    def update(self) -> None:
        """Show the rows where words are asked for, and the download button where the model is absent."""
        parameters, ui = self.parameters, self.ui
        byWords = parameters.regionSource is RegionSource.WORDS
        for row in ("languageModel", "strategy", "learnedPrompts"):
            self.showRow(row, byWords)
        with self.updating():
            if ui.languageModelComboBox.currentText.strip() != parameters.languageModel:  # a space may be typed
                ui.languageModelComboBox.setEditText(parameters.languageModel)
            if ui.learnedPromptsLineEdit.currentPath.strip() != parameters.learnedPrompts:
                ui.learnedPromptsLineEdit.setCurrentPath(parameters.learnedPrompts)
        entry = self._known.get(parameters.languageModel)
        button = ui.languageModelDownloadButton
        button.setVisible(byWords and (bool(self._downloading) or self._isAbsent(entry)))
        if self._downloading:
            button.setText(_("Cancel"))
            button.setToolTip(_("Stop the download; nothing of it is kept."))
            return  # the line under it tells of the download
        if self._isAbsent(entry):
            size = round(entry["megabytes"])
            button.setText(_("Download {size} MB").format(size=size) if size else _("Download"))
            button.setToolTip(
                _("Download it once from {source}; it is kept in {folder}. Nothing is uploaded.").format(
                    source=entry["source"], folder=entry["folder"]
                )
            )
        setText(ui.languageModelInfoLabel, describe(entry) if byWords and entry else "")

    @staticmethod
    def _isAbsent(entry: dict | None) -> bool:
        return entry is not None and not entry["present"]

    def missing(self) -> str:
        """What must be done before words can be found; empty where nothing is missing."""
        if self._downloading == self.parameters.languageModel:
            return _("Wait until the language model is downloaded.")
        if self._isAbsent(self._known.get(self.parameters.languageModel)):
            return _("Download the language model first, or choose the bundled one.")
        return ""

    def ask(self, then=None) -> None:
        """Ask the worker which models there are, and then go on.

        Parameters
        ----------
        then : callable, optional
            Called without arguments once the list is there.
        """
        self.panel.runner.languageModels(
            lambda answer: self._listed(answer, then), lambda error: self.panel.messages.log(errorText(error))
        )

    def _listed(self, answer: dict, then=None) -> None:
        self._known = {entry["name"]: entry for entry in answer["models"]}
        combo = self.ui.languageModelComboBox
        with self.updating():
            text = combo.currentText
            combo.clear()
            for name in self._known:
                combo.addItem(name)
            combo.setEditText(text)
        self.panel.update()
        if then is not None:
            then()

    def offer(self, source: str, then) -> None:
        """Offer to download the model that was named, which may be in no list, and then go on.

        Parameters
        ----------
        source : str
            Where it would come from.
        then : callable
            What the user wanted, called without arguments after the download.
        """
        name, folder = self.parameters.languageModel, next(iter(self._known.values()), {}).get("folder", "")
        entry = {"name": name, "title": name, "licence": "", "megabytes": 0, "folder": folder}
        self._known[name] = entry | self._known.get(name, {}) | {"source": source, "present": False}
        self._then = then
        self.panel.advanced.unfold(self.ui.wordsGroupBox)
        self.panel.messages.say(
            _("{name} is not on this computer. Download fetches it from {source}; or choose another one.").format(
                name=name, source=source
            )
        )
        self.panel.update()

    def onNamed(self, text: str) -> None:
        if self.isUserEvent():
            self._then = None
            self.parameters.languageModel = text.strip()

    def onPrompts(self) -> None:
        if self.isUserEvent():
            self.parameters.learnedPrompts = self.ui.learnedPromptsLineEdit.currentPath.strip()

    def rememberPrompts(self) -> None:
        """The file has proved its worth: it is offered again."""
        with self.updating():
            self.ui.learnedPromptsLineEdit.addCurrentPathToHistory()

    # -- download -----------------------------------------------------------------------------------------------------

    def onDownload(self) -> None:
        """The button says how much comes from where; pressing it is the consent."""
        if self._downloading:
            self.stopDownload()
            self.panel.update()
            return
        name = self.parameters.languageModel
        try:
            self.panel.runner.download(
                name, lambda _answer: self._downloaded(), self._failed, lambda progress: self._progressed(progress)
            )
        except MissingDependencies as error:
            self.panel.explaining.offerInstallation(error.missing, self.onDownload)
            return
        self._downloading = name
        setText(self.ui.languageModelInfoLabel, _("Downloading…"))
        self.panel.update()

    def stopDownload(self) -> None:
        """Give the download up."""
        if self._downloading:
            self._downloading = ""
            self.panel.runner.stopDownload()

    def _progressed(self, progress: dict) -> None:
        if self._downloading:
            text = _("Downloading {name}: {done} of {total} MB").format(
                name=progress.get("message") or self._downloading,
                done=round(progress["done"]),
                total=round(progress["total"]),
            )
            setText(self.ui.languageModelInfoLabel, text)

    def _downloaded(self) -> None:
        self._downloading = ""
        then, self._then = self._then or self.panel.region.askPreview, None
        self.panel.messages.clear()
        self.ask(then)

    def _failed(self, error) -> None:
        self._downloading = ""
        self.panel.messages.say(errorText(error))
        self.panel.update()


def describe(entry: dict) -> str:
    """A line about a model: what it is, its licence, and where it is.

    Parameters
    ----------
    entry : dict
        An entry of the worker's list: "title", "licence", "present".

    Returns
    -------
    str
        One sentence.
    """
    place = _("on this computer") if entry["present"] else _("not on this computer yet")
    return _("{title}. Licence: {licence}; {place}.").format(
        title=entry["title"], licence=entry["licence"] or _("see its source"), place=place
    )
