"""A run written to a folder of the user's."""

import shutil
from pathlib import Path

import slicer
from slicer.i18n import tr as _


def saveRun(run, folder: Path, ending: str) -> list[Path]:
    """Write volumes, segmentations, numbers and report of a run, all from the scene, to a new folder in `folder`.

    Raises
    ------
    OSError, RuntimeError
        If a file can't be written.
    """
    name = "".join(c if c.isalnum() or c in " -_" else "-" for c in run.name).strip() or "run"
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{name} ({number})"
    target.mkdir(parents=True)
    written = []
    nodes = [("saliency", run.saliencyNode, ending), ("metrics", run.metricsTable, ".csv")]
    nodes += [(f"drop-{structure}", node, ending) for structure, node in run.dropNodes.items()]
    nodes += [("roi", run.roiSegmentation, ".seg.nrrd"), ("prediction", run.predictionSegmentation, ".seg.nrrd")]
    for stem, node, suffix in nodes:
        if node is None:
            continue
        path = target / f"{stem}{suffix}"
        # a fresh dictionary of properties: exportNode keeps the format of the file before in its default one
        if not slicer.util.exportNode(node, str(path), {}):
            raise RuntimeError(_("{name} was not written").format(name=path.name))
        written.append(path)
    if run.provenanceNode is not None:
        path = target / "report.json"
        path.write_text(run.provenanceNode.GetText(), encoding="utf-8")
        written.append(path)
    return written


def copyPictures(source: Path, target: Path) -> None:
    """Copy the pictures of a run: a montage and a panel for each slice."""
    for picture in source.glob("*.png"):
        shutil.copy(picture, target)
    if (source / "panels").is_dir():
        shutil.copytree(source / "panels", target / "panels", dirs_exist_ok=True)
