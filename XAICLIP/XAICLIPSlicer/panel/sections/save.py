"""Saving a run: to a folder, as DICOM objects, as a page to read."""

from collections.abc import Iterator
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from XAICLIPSlicer.panel.sections.section import Section
from XAICLIPSlicer.scene.runs import SAVED, isEngines
from XAICLIPSlicer.scene.saving import copyPictures, folderFor, isDatabaseOpen, saveRunInSteps, saveSegmentsInSteps
from XAICLIPSlicer.worker.dicom import exportDicom
from XAICLIPSlicer.worker.errors import errorText
from XAICLIPSlicer.worker.shared_files import hasFiles
from XAICLIPSlicer.worker.steps import Steps

PAGE = "report.html"


def openPage(path: Path) -> None:
    """Show a page in the user's web browser.

    Parameters
    ----------
    path : Path
        A file of HTML.
    """
    qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(path)))


class SaveMenu(Section):
    """The buttons Report and Export to DICOM, and the menu of Save; all of them mean the run that is shown."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._steps = Steps()
        menu = qt.QMenu(self.ui.saveButton)
        menu.setToolTipsVisible(True)
        for text, tip, slot in (
            (
                _("Volumes (NRRD), pictures and report…"),
                _("Everything the run has made, to a folder."),
                self.onSaveNrrd,
            ),
            (_("Volumes (NIfTI), pictures and report…"), _("The same, volumes as .nii.gz."), self.onSaveNifti),
            (
                _("DICOM objects to a folder…"),
                _("Maps, segmentations, pictures, a report of the numbers and the page as PDF, for an archive."),
                self.onSaveDicom,
            ),
            (
                _("DICOM objects into Slicer's database"),
                _("The same objects, beside the scan in the DICOM module."),
                self.onStoreDicom,
            ),
            (_("Scene…"), _("Slicer's own dialog: the whole scene with the runs in it."), self.onSaveScene),
        ):
            action = menu.addAction(text)
            action.setToolTip(tip)
            action.connect("triggered(bool)", slot)
        self.ui.saveButton.setMenu(menu)
        self.ui.reportButton.connect("clicked(bool)", self.onReport)
        self.ui.dicomButton.connect("clicked(bool)", self.onStoreDicom)

    @property
    def run(self):
        """The run that is shown."""
        return self.panel.result.run

    def onSaveNrrd(self) -> None:
        self._chooseFolder(".nrrd")

    def onSaveNifti(self) -> None:
        self._chooseFolder(".nii.gz")

    def onSaveScene(self) -> None:
        slicer.util.openSaveDataDialog()

    def _chooseFolder(self, ending: str) -> None:
        folder = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), _("Save the run to a folder"))
        if folder:
            self.save(folder, ending)

    def save(self, folder: str, ending: str = ".nrrd") -> Path | None:
        """Write the run shown to a new folder inside `folder`.

        As NRRD, the worker writes all that the engine has, so that the run can be asked in another session too; what is
        only in the scene is written from there, a file at a time.

        Parameters
        ----------
        folder : str
            Where the new folder is made.
        ending : str
            Of the volumes: ".nrrd" or ".nii.gz".

        Returns
        -------
        Path or None
            The new folder, which fills up while the event loop goes on; None if it can't be made, which is then said.
        """
        run = self.run
        try:
            target = folderFor(run, Path(folder))
        except OSError as error:
            self._notSaved(folder, error.strerror)
            return None
        if ending != ".nrrd" or not hasFiles(run):
            self._write(run, target, saveRunInSteps(run, target, ending))
            return target

        def kept(_result) -> None:
            self._write(run, target, saveSegmentsInSteps(run, target))

        try:
            self.panel.runner.keep(run, str(target), kept, lambda error: self._notSaved(target, errorText(error)))
        except (ValueError, RuntimeError) as error:
            self._notSaved(target, error)
        return target

    def _write(self, run, target: Path, files: Iterator[Path]) -> None:
        """Write files one by one, and then the pictures; what is said if one can't be written."""

        def steps() -> Iterator:
            try:
                yield from files
            except (OSError, RuntimeError) as error:
                self._notSaved(target, getattr(error, "strerror", None) or error)
                return
            self.panel.messages.status(_("Saved to {folder}").format(folder=target))
            if run.saliencyNode is not None:
                run.saliencyNode.SetAttribute(SAVED, str(target))
            self._savePictures(run, target)

        self._steps.add(steps())

    def _notSaved(self, folder: Path | str, reason: object) -> None:
        text = _("The run could not be saved to {folder} ({reason}); choose another folder or free some space.")
        self.panel.messages.say(text.format(folder=folder, reason=reason))

    def _savePictures(self, run, target: Path) -> None:
        """Let the worker draw the pictures, and copy them where it can't draw into the folder; only where the run's
        files are there."""
        if not hasFiles(run):
            return
        isWhole = isEngines(target)

        def drawn(_result) -> None:
            try:
                if not isWhole:
                    copyPictures(Path(run.folder), target)
            except OSError as error:
                self.panel.messages.say(_("The pictures could not be saved: {reason}").format(reason=error.strerror))
            else:
                self.panel.messages.status(_("Saved to {folder}, with pictures.").format(folder=target))

        def failed(error) -> None:
            self.panel.messages.say(
                _("The volumes are saved, but not the pictures: {reason}").format(reason=errorText(error))
            )

        try:
            colors, own = self.parameters.colorMap.value, self.parameters.ownScales
            self.panel.runner.draw(run, colors, drawn, failed, own, str(target) if isWhole else "")
        except (ValueError, RuntimeError) as error:
            failed(error)

    # -- report -------------------------------------------------------------------------------------------------------

    def onReport(self) -> None:
        """Open the page of the run in the browser: the saved one, or that of this session, which is drawn first."""
        run, messages = self.run, self.panel.messages
        if not run.folder or not Path(run.folder).is_dir():
            place = run.saliencyNode.GetAttribute(SAVED) if run.saliencyNode is not None else None
            if place and (Path(place) / PAGE).is_file():
                openPage(Path(place) / PAGE)
                return
            where = _("its report is not in {folder} any more").format(folder=place) if place else _("it was not saved")
            text = _("The report can't be opened: the run is of another session, and {where}. Press Explain again.")
            messages.say(text.format(where=where))
            return

        def drawn(_result=None) -> None:
            messages.status(_("The report is open in the browser; Save keeps it."))
            openPage(Path(run.folder) / PAGE)

        def failed(error) -> None:
            messages.say(_("The report could not be made: {reason}").format(reason=errorText(error)))

        if (Path(run.folder) / PAGE).is_file():
            drawn()
            return
        try:
            self.panel.runner.draw(run, self.parameters.colorMap.value, drawn, failed, self.parameters.ownScales)
        except (ValueError, RuntimeError) as error:
            failed(error)
            return
        messages.status(_("Making the report…"))

    # -- DICOM --------------------------------------------------------------------------------------------------------

    def onSaveDicom(self) -> None:
        folder = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), _("Save the run as DICOM to a folder"))
        if folder:
            self.saveDicom(folder)

    def onStoreDicom(self) -> None:
        """Into Slicer's own database; to a folder where there is none."""
        if isDatabaseOpen():
            self.saveDicom("")
        else:
            self.onSaveDicom()

    def saveDicom(self, folder: str) -> None:
        """Let the worker write the run as DICOM objects; only where its files are there.

        Parameters
        ----------
        folder : str
            Where they are written; empty for Slicer's own database.
        """
        messages = self.panel.messages

        def written(answer: dict) -> None:
            if folder:
                messages.status(_("DICOM objects are in {folder}").format(folder=answer["folder"]))
            else:
                messages.status(
                    _("{count} DICOM objects are in Slicer's database, beside the scan.").format(
                        count=len(answer["files"])
                    )
                )
            for note in answer["notes"]:
                messages.log(note)

        def failed(error) -> None:
            if not self.panel.explaining.offerMissing(error, lambda: self.saveDicom(folder)):
                messages.say(errorText(error))

        try:
            exportDicom(self.panel.runner, self.run, folder, written, failed, self.parameters.colorMap.value)
        except (ValueError, RuntimeError) as error:
            failed(error)
            return
        messages.status(_("Writing DICOM objects…"))
