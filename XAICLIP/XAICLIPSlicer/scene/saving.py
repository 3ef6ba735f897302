"""A run written to a folder of the user's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from XAICLIPLib.case.request import CHOICES
from XAICLIPLib.report.names import image_map_name
from XAICLIPSlicer.scene.runs import ALONE, ROLE, STRUCTURE


def folderFor(run, folder: Path) -> Path:
    """Make a new folder for a run.

    Parameters
    ----------
    run : RunNodes
        A run of the scene.
    folder : Path
        Where it is made.

    Returns
    -------
    Path
        Named like the run, with a number where there is one of that name.

    Raises
    ------
    OSError
        If it can't be made.
    """
    name = "".join(c if c.isalnum() or c in " -_" else "-" for c in run.name).strip() or "run"
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{name} ({number})"
    target.mkdir(parents=True)
    return target


def saveSegmentsInSteps(run, target: Path) -> Iterator[Path]:
    """Write the segmentations of a run to a folder, a file at a time.

    Parameters
    ----------
    run : RunNodes
        A run of the scene.
    target : Path
        An existing folder.

    Returns
    -------
    iterator of Path
        Each file when it is written.

    Raises
    ------
    OSError, RuntimeError
        If a file can't be written.
    """
    for stem, node in (("roi", run.roiSegmentation), ("prediction", run.predictionSegmentation)):
        if node is not None:
            yield _exported(node, target / f"{stem}.seg.nrrd")


def saveRunInSteps(run, target: Path, ending: str) -> Iterator[Path]:
    """Write volumes, segmentations, numbers and report of a run to a folder, all from the scene, a file at a time.

    Parameters
    ----------
    run : RunNodes
        A run of the scene.
    target : Path
        An existing folder.
    ending : str
        Of the volumes: ".nrrd" or ".nii.gz".

    Returns
    -------
    iterator of Path
        Each file when it is written.

    Raises
    ------
    OSError, RuntimeError
        If a file can't be written.
    """
    # of a run of this session all columns are there; the scene has a shorter table
    numbers = Path(run.folder) / "metrics.csv" if run.folder else None
    hasNumbers = numbers is not None and numbers.is_file()
    if hasNumbers:
        yield Path(shutil.copy(numbers, target))
    nodes = [("saliency", run.saliencyNode, ending), ("metrics", None if hasNumbers else run.metricsTable, ".csv")]
    nodes += [(f"drop-{structure}", node, ending) for structure, node in run.dropNodes.items()]
    for node in run.imageDropNodes:
        name = image_map_name(node.GetAttribute(ROLE).removeprefix(ALONE), node.GetAttribute(STRUCTURE))
        nodes.append((name, node, ending))
    for stem, node, suffix in nodes:
        if node is not None:
            yield _exported(node, target / f"{stem}{suffix}")
    yield from saveSegmentsInSteps(run, target)
    if run.provenanceNode is not None:
        path = target / "report.json"
        path.write_text(run.provenanceNode.GetText(), encoding="utf-8")
        yield path


def _exported(node, path: Path) -> Path:
    """A node written to a file."""
    # a fresh dictionary of properties: exportNode keeps the format of the file before in its default one
    if not slicer.util.exportNode(node, str(path), {}):
        raise RuntimeError(_("{name} was not written").format(name=path.name))
    return path


def copyPictures(source: Path, target: Path) -> None:
    """Copy the pictures of a run, a montage and a panel for each slice, and the page that holds them.

    Parameters
    ----------
    source : Path
        The run's folder.
    target : Path
        An existing folder.

    Raises
    ------
    OSError
        If a file can't be read or written.
    """
    for picture in (*source.glob("*.png"), *source.glob("report.html")):
        shutil.copy(picture, target)
    if (source / "panels").is_dir():
        shutil.copytree(source / "panels", target / "panels", dirs_exist_ok=True)


def _firstImage(volumeNode) -> tuple[object, str]:
    """Slicer's DICOM database and the file of a volume's first image; an empty path where it knows none."""
    images = (volumeNode.GetAttribute("DICOM.instanceUIDs") or "").split()
    database = getattr(slicer, "dicomDatabase", None)
    return database, database.fileForInstance(images[0]) if images and database is not None else ""


def seriesOf(volumeNode) -> tuple[str, str | None]:
    """The folder of the DICOM images that a volume was loaded from, and the UID of their series; empty and None for a
    volume that did not come from Slicer's DICOM database.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.

    Returns
    -------
    tuple of str and str or None
        Folder and UID.
    """
    database, file = _firstImage(volumeNode)
    if not file:
        return "", None
    return str(Path(file).parent), database.fileValue(file, "0020,000e") or None


def scanModality(volumeNode) -> str | None:
    """The modality of the DICOM images that a volume was loaded from; None where that is not known.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.

    Returns
    -------
    str or None
        In DICOM's letters, such as "CT".
    """
    database, file = _firstImage(volumeNode)
    modality = database.fileValue(file, "0008,0060") if file else ""
    return modality if modality in CHOICES["modality"] else None


def isDatabaseOpen() -> bool:
    """Whether Slicer's own DICOM database can take something."""
    database = getattr(slicer, "dicomDatabase", None)
    return database is not None and bool(database.isOpen)


def storeDicom(folder: str) -> None:
    """Copy the DICOM objects of a folder into Slicer's own database.

    Parameters
    ----------
    folder : str
        Not needed afterwards.

    Raises
    ------
    RuntimeError
        If there is no open database, or it does not take them.
    """
    if not isDatabaseOpen():
        raise RuntimeError(_("Slicer's DICOM database is not open; open the DICOM module once, or save to a folder."))
    from DICOMLib import DICOMUtils  # Slicer's own, which is not there without its DICOM module

    if not DICOMUtils.importDicom(folder, slicer.dicomDatabase, True):
        raise RuntimeError(_("Slicer's DICOM database did not take the objects; save them to a folder instead."))
