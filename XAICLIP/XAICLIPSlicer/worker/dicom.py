"""A run as DICOM objects: the worker writes them, to the user's folder or for Slicer's own database."""

import shutil
from collections.abc import Callable
from pathlib import Path

from slicer.i18n import tr as _

from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPSlicer.scene.saving import isDatabaseOpen, seriesOf, storeDicom
from XAICLIPSlicer.worker.errors import errorText


def exportDicom(runner, run, folder: str, onResult: Callable, onError: Callable, colorMap: str = COLORMAP) -> None:
    """Write a run of this session as DICOM objects; its pictures, which are among them, are drawn first.

    Parameters
    ----------
    runner : Runner
    run : RunNodes
        With its folder.
    folder : str
        Where the objects are written; empty for Slicer's own database, which then has copies.
    onResult : callable
        Gets "folder", "files" and "notes", a dict.
    onError : callable
        Gets a `WorkerError` or a line of text.
    colorMap : str
        Of pictures that were not drawn yet.

    Raises
    ------
    ValueError, RuntimeError
        If it can't start; the text says what to do.
    """
    if run is None or not run.folder or not Path(run.folder).is_dir():
        raise ValueError(_("DICOM objects are made from a run of this session: press Explain again."))
    if not folder and not isDatabaseOpen():
        raise RuntimeError(_("Slicer's DICOM database is not open; open the DICOM module once, or save to a folder."))
    target = folder or str(runner.temporaryFolder("dicom"))

    def written(answer: dict) -> None:
        if not folder:
            try:
                storeDicom(target)
            except RuntimeError as error:
                onError(errorText(error))
                return
            finally:
                shutil.rmtree(target, ignore_errors=True)
        onResult(answer)

    def export(_drawn=None) -> None:
        place, series = seriesOf(run.volumeNode)
        runner.exportDicom(run, place, series, target, written, onError)

    if any(Path(run.folder).glob("montage*.png")):
        export()
    else:
        runner.draw(run, colorMap, export, onError)
