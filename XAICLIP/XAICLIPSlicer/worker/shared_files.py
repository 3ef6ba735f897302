"""The files that Slicer and its worker share: scans, masks and labels on the way out, results on the way back."""

import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from XAICLIPLib.report.names import RECORDS
from XAICLIPSlicer.scene import labels
from XAICLIPSlicer.scene.volumes import SceneError, exportVolume, segmentToMask

ATTEMPTS, PAUSE_SECONDS = 6, 0.2  # to remove what a process still holds


class SharedFiles:
    """A folder of the session, made with the first file and removed at the end."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._previews: Path | None = None
        self._scans: dict[str, tuple[tuple, Path]] = {}
        self._number = 0

    def folder(self, name: str) -> Path:
        """A new folder inside the session's own one.

        Parameters
        ----------
        name : str
            What its name ends in.

        Returns
        -------
        Path
            The folder, empty.

        Raises
        ------
        ValueError
            If nothing can be written there.
        """
        place = readable(slicer.app.temporaryPath)
        try:
            if self._folder is None or not self._folder.is_dir():
                self._folder, self._previews = Path(tempfile.mkdtemp(prefix="xaiclip-", dir=place)), None
                self._scans.clear()
            self._number += 1
            made = self._folder / f"{self._number:03d}-{name}"
            made.mkdir()
        except OSError as error:
            text = _(
                "Nothing can be written to {folder} ({reason}). Free some space or choose another folder in {menu}."
            )
            menu = _("Edit / Application Settings / Modules")
            raise ValueError(text.format(folder=place, reason=error.strerror, menu=menu)) from error
        return made

    @property
    def previews(self) -> Path:
        """The folder of all previews; the worker removes the oldest files itself."""
        if self._previews is None:
            self._previews = self.folder("preview")
        return self._previews

    def scan(self, volumeNode) -> str:
        """The scan as a file, written again only after its voxels or its place have changed.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode or None
            The scan.

        Returns
        -------
        str
            Path of an NRRD file.

        Raises
        ------
        ValueError
            If the volume can't be used; the text says what to do.
        """
        if volumeNode is None:
            raise ValueError(_("choose a scan first"))
        image = volumeNode.GetImageData()
        state = (image.GetMTime() if image is not None else 0, volumeNode.GetMTime(), volumeNode.GetTransformNodeID())
        known = self._scans.get(volumeNode.GetID())
        if known is not None and known[0] == state and known[1].exists():
            return str(known[1])
        path = self.folder("scan") / "scan.nrrd"
        exportVolume(volumeNode, str(path))
        if known is not None:
            shutil.rmtree(known[1].parent, ignore_errors=True)
        self._scans[volumeNode.GetID()] = (state, path)
        return str(path)

    def region(self, segment: tuple | None, volumeNode) -> str | None:
        """A segment (segmentation node, segment ID) as a mask on the scan's grid; None where there is none.

        Parameters
        ----------
        segment : tuple of vtkMRMLSegmentationNode and str, or None
            What is the region.
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.

        Returns
        -------
        str or None
            Path of an NRRD file, 1 inside the segment.
        """
        if segment is None:
            return None
        path = self.folder("region") / "region.nrrd"
        segmentToMask(segment[0], segment[1], volumeNode, str(path))
        return str(path)

    def labels(self, node, structures, volumeNode, others: bool = False) -> str | None:
        """What is drawn of some structures, as the engine reads it; None where there is no node.

        Parameters
        ----------
        node : vtkMRMLSegmentationNode, vtkMRMLLabelMapVolumeNode or None
            What is drawn.
        structures : sequence of str
            In words.
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        others : bool
            Whether everything else that is drawn gets a number as well.

        Returns
        -------
        str or None
            Such as "FILE:liver=1,spleen=2".
        """
        if node is None:
            return None
        path = self.folder("labels") / "labels.nrrd"
        return labels.exportLabels(node, structures, volumeNode, str(path), others)

    def remove(self) -> None:
        """Remove all of them."""
        if self._folder is not None:
            for attempt in range(ATTEMPTS):
                shutil.rmtree(self._folder, ignore_errors=True)
                if not self._folder.exists():
                    break
                # on Windows, files stay while a worker that was just stopped has them open
                time.sleep(PAUSE_SECONDS if attempt < ATTEMPTS - 1 else 0)
            else:
                logging.warning("XAICLIP: %s could not be removed", self._folder)
            self._folder = self._previews = None
        self._scans.clear()


def hasFiles(run) -> bool:
    """Whether what the engine wrote of a run is there.

    Parameters
    ----------
    run : RunNodes
        Any run.

    Returns
    -------
    bool
    """
    return bool(run.folder) and (Path(run.folder) / "report.json").is_file()


def filesOf(run) -> str:
    """Where the engine's files of a run are.

    Parameters
    ----------
    run : RunNodes or None
        Any run.

    Returns
    -------
    str
        A folder with all that the engine wrote.

    Raises
    ------
    SceneError
        If there is no run, or it was made in another session.
    """
    if run is None:
        raise SceneError(_("There is no run yet. Press Explain first."))
    if not hasFiles(run):
        raise SceneError(
            _(
                "The files of the run “{name}” are gone: it is of another session, or not finished. Explain again."
            ).format(name=run.name)
        )
    return str(run.folder)


def recordOf(run) -> str:
    """The folder of a run that can be asked.

    Parameters
    ----------
    run : RunNodes or None
        Any run.

    Returns
    -------
    str
        See `filesOf`.

    Raises
    ------
    SceneError
        If its files are not there, or it kept no record of where its drawing changed.
    """
    folder = filesOf(run)
    if not (Path(folder) / RECORDS).is_dir():
        raise SceneError(
            _("This run kept no record of where its drawing changed. Explain again to ask about single places.")
        )
    return folder


def readable(place: str) -> str:
    """A folder that ITK can read in, instead of one that it can't.

    On Windows, ITK opens files by the code page of the process; Slicer sets that to UTF-8, Python does not. A user name
    in other letters is in the path of every temporary file, so a path without such letters is looked for: the short
    form of the same folder, else the folder for the data of programs. The folder made there is the user's own.

    Parameters
    ----------
    place : str
        A folder.

    Returns
    -------
    str
        The same folder, or another one that can be written to.
    """
    if sys.platform != "win32" or place.isascii():
        return place
    for other in (shortPath(place), os.environ.get("PROGRAMDATA", "")):
        if other and other.isascii() and os.access(other, os.W_OK):
            return other
    return place


def shortPath(place: str) -> str:
    """The path in the form of 8 + 3 letters, where the disk keeps one; else the path as it is.

    Parameters
    ----------
    place : str
        A folder, on Windows.

    Returns
    -------
    str
        A path to the same folder.
    """
    import ctypes

    buffer = ctypes.create_unicode_buffer(1024)
    length = ctypes.windll.kernel32.GetShortPathNameW(place, buffer, len(buffer))
    return buffer.value if 0 < length < len(buffer) else place
