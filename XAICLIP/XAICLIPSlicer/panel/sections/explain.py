"""Explain and Cancel: the button, the progress bar, and the packages that the first run needs."""

import time
from dataclasses import replace

from slicer.i18n import tr as _

from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.request import modelOf
from XAICLIPSlicer.panel.sections.method import timeText
from XAICLIPSlicer.panel.sections.section import Section
from XAICLIPSlicer.scene import slices
from XAICLIPSlicer.worker import dependencies, installation
from XAICLIPSlicer.worker.errors import MissingDependencies, beginning, errorText, inPanelWords, sentenceOf

STEPS = 1000  # of the progress bar
UNSUITABLE = "Unsuitable"  # the worker's word for models or words that were made for other scans


class ExplainSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.messages = panel.messages
        self._installation = None
        self._hint = ""
        self.ui.explainButton.connect("clicked(bool)", self.onButton)

    @property
    def isRunning(self) -> bool:
        """Whether an explanation is under way."""
        job = self.panel.runner.job
        return job is not None and job.isRunning

    @property
    def isInstalling(self) -> bool:
        """Whether packages are being installed."""
        return self._installation is not None

    def onButton(self) -> None:
        if self.isInstalling:
            self._installation.cancel()
        elif self.isRunning:
            self.cancel()
        else:
            self.explain()

    # -- a run --------------------------------------------------------------------------------------------------------

    def explain(self, anyway: bool = False) -> None:
        """Start the explanation that the panel describes; `anyway` also where models or words do not suit the scan.

        Parameters
        ----------
        anyway : bool
            Also where the worker found that models or words do not suit the scan.
        """
        panel = self.panel
        self.messages.clear()
        try:
            missing = panel.missing()
            if missing:
                self.messages.say(errorText(missing))
                return
            request, segment = panel.request()
            if anyway:
                request = replace(request, anyway=True)
            panel.region.stopPreview()
            panel.method.withdraw()
            volumeNode = self.parameters.inputVolume
            isWarm = panel.runner.isStarted
            panel.runner.explain(
                volumeNode,
                request,
                segment,
                self.onFinished,
                self.onProgress,
                self.onFailed,
                self.parameters.reference,
            )
        except MissingDependencies as error:
            self.offerInstallation(error.missing, lambda: self.explain(anyway))
            return
        except (ValueError, XAICLIPError) as error:
            self.messages.say(errorText(error))
            return
        self.messages.status(_("Starting…") if isWarm else _("Starting the worker; this takes a few seconds…"))
        text = _("Explain {structures} in {scan}, {method}")
        self.messages.log(
            text.format(structures=", ".join(request.structures), scan=volumeNode.GetName(), method=request.method)
        )
        panel.update()

    def cancel(self) -> None:
        """Stop after the current batch."""
        if self.panel.runner.cancel():
            self.messages.status(_("Stopping after the current batch…"))
            self.update()

    def onProgress(self, job, done: float, total: float, message: str) -> None:
        bar, share = self.ui.progressBar, done / max(total, 1e-6)
        bar.setMaximum(STEPS)
        bar.setValue(round(STEPS * share))
        left = job.secondsLeft(done, total)
        text = _("{share} %") if left is None else _("{share} %, about {time} left")
        bar.setFormat(text.format(share=round(100 * share), time=timeText(left or 0)))
        if job.state == "running" and message:
            self.messages.status(_("{text}…").format(text=beginning(inPanelWords(message))))
        if job.run is not None and self.parameters is not None and self.panel.result.run is not job.run:
            self.panel.result.show(job.run)
            self._bringIntoView(job)

    def _bringIntoView(self, job) -> None:
        """Scroll to the first slice that is finished, so that there is something to see at once; only this one time."""
        if self.panel.isEntered and job.firstSlice is not None:
            slices.showSlice(job.volumeNode, job.firstSlice)

    def onFinished(self, run) -> None:
        job = self.panel.runner.job
        spent = timeText(time.monotonic() - job.started)
        try:
            if self.parameters is not None:
                self.panel.result.show(run)
                self.panel.languageModel.rememberPrompts()
            if job.state == "stopped":
                text = _("Stopped after {time}; the slices that were finished are kept.")
            else:
                text = _("Done in {time}.")
            self.messages.status(text.format(time=spent))
            for warning in run.warnings:
                self.messages.log(sentenceOf(warning))
        finally:
            self._ended()

    def onFailed(self, text: str) -> None:
        try:
            if self.panel.runner.job is not None and self.panel.runner.job.state == "stopped":
                self.messages.status(text)
            else:
                self.messages.status("")
                if getattr(text, "type", "") == UNSUITABLE:
                    self.messages.say(text, _("Explain anyway"), lambda: self.explain(anyway=True))
                elif not self.offerMissing(text, self.explain):
                    self.messages.say(text)
        finally:
            self._ended()

    def _ended(self) -> None:
        self.update()
        self.panel.update()

    # -- the button and the bar ---------------------------------------------------------------------------------------

    def update(self) -> None:
        """The button, the bar and the hint under it."""
        ui, running, installing = self.ui, self.isRunning, self.isInstalling
        busy = running or installing
        stopping = running and self.panel.runner.job.state == "stopping"
        missing = self.panel.missing() if self.parameters is not None else _("Choose a scan first.")
        ui.explainButton.setText(_("Canc&el") if busy else _("&Explain"))
        ui.explainButton.setEnabled(not stopping if busy else not missing)
        if running:
            tip = _("Stop after the current batch; the slices that are finished are kept.")
        elif installing:
            tip = _("Stop the installation.")
        else:
            tip = missing or _("Explain why the model segments the structures as it does.")
        ui.explainButton.setToolTip(tip)
        if not busy:
            ui.progressBar.setMaximum(STEPS)
            ui.progressBar.setValue(0)
            ui.progressBar.setFormat("")
        elif ui.progressBar.isHidden():
            ui.progressBar.setMaximum(0)  # busy, until the first number comes
        ui.progressBar.setVisible(busy)
        isChoosable = self.parameters is not None and bool(modelOf(self.parameters))
        ui.checkModelButton.setEnabled(isChoosable and not running)
        self._showHint("" if busy else missing)

    def _showHint(self, missing: str) -> None:
        """Say what is missing where the user looks for the reason: under the button that can't be pressed."""
        if missing:
            self.messages.status(missing)
        elif self._hint and self.ui.statusLabel.text == self._hint:
            self.messages.status("")
        self._hint = missing

    # -- packages -----------------------------------------------------------------------------------------------------

    def offerMissing(self, error, then) -> bool:
        """Offer what an error says is missing, packages, a language model or consent, and then go on; whether it does.

        Parameters
        ----------
        error : WorkerError or str
            What the worker said.
        then : callable
            What the user wanted; called without arguments once it is there.

        Returns
        -------
        bool
            False where the error says something else.
        """
        if getattr(error, "source", ""):
            self.panel.languageModel.offer(error.source, then)
            return True
        if getattr(error, "licence", ""):
            self.panel.model.offerLicence(error, then)
            return True
        extra = getattr(error, "extra", "")
        missing = dependencies.missing(extra) if extra else []
        if missing:
            self.offerInstallation(missing, then, extra)
        return bool(missing)

    def offerInstallation(self, missing: list, then, extra: str = "") -> None:
        """Say which packages are missing, with one button to install them; `then` goes on with what was asked for.

        `extra` names what they are for, see `dependencies.missing`; empty where nothing works without them.

        Parameters
        ----------
        missing : list of dependencies.Missing
            What is not there.
        then : callable
            What was asked for; called without arguments.
        extra : str
            What they are for, see `dependencies.missing`; empty where nothing works without them.
        """
        names = ", ".join(package.name for package in missing)
        size = round(sum(package.size_mb for package in missing))
        if extra:
            text = _(
                "This model needs Python packages that are not installed yet: {names} (about {size} MB to download)."
            )
        else:
            text = _("XAICLIP needs Python packages that are not installed yet: {names} (about {size} MB to download).")
        self.messages.say(text.format(names=names, size=size), _("Install"), lambda: self.install(then, extra))

    def install(self, then, extra: str = "") -> None:
        """Install what is missing; Slicer stays usable and Cancel works meanwhile.

        Parameters
        ----------
        then : callable
            Called without arguments once everything is there.
        extra : str
            See `dependencies.missing`.
        """

        def done(*_arguments) -> None:
            self._installation = None
            if extra:
                self.panel.runner.restart()  # Python looks for packages when it starts
            self.messages.status(_("The packages are installed."))
            self.update()
            then()

        def failed(error) -> None:
            self._installation = None
            self.messages.status("")
            self.messages.say(errorText(error), _("Try again"), lambda: self.install(then, extra))
            self.update()

        self.messages.status(_("Installing…"))
        self._installation = installation.install(self.onInstallLog, done, failed, extra)
        self.update()

    def onInstallLog(self, text: str) -> None:
        self.messages.log(text)
        lines = text.strip().splitlines()
        if lines:
            self.messages.status(lines[-1][:120])

    def stopInstallation(self) -> None:
        """The panel is going away."""
        if self.isInstalling:
            self._installation.cancel()
