"""Which model made a segmentation: what the extensions' parameter nodes say, and what the segments are called."""

from dataclasses import dataclass

from XAICLIPLib import anatomy
from XAICLIPSlicer.sources.programs import lastRuns
from XAICLIPSlicer.sources.segments import isOurs, scanOf

ALIKE = 0.8  # share of the segments' names that a model must know


@dataclass(frozen=True)
class Found:
    """A model that may have made a segmentation.

    Attributes
    ----------
    model : str
        As `open_segmenter` wants it.
    program, task : str
        Whose it is, and what it is called there.
    isSaid : bool
        Whether the scene says that it made this segmentation; else it ran last on the scan, or its names fit.
    """

    model: str
    program: str
    task: str
    isSaid: bool


def modelsOf(segmentation, installed: list[dict]) -> list[Found]:
    """The models that may have made a segmentation, the likeliest first.

    Parameter nodes hold the last run only, and a segmentation may have been edited since: whoever uses this compares
    the model's own prediction with the segment.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode
        Not one of this module's own runs.
    installed : list of dict
        The worker's answer to "installed".

    Returns
    -------
    list of Found
        Each model once.
    """
    if isOurs(segmentation):
        return []
    usable = [model for model in installed if model["explainable"]]
    scan, said, ranOnScan = scanOf(segmentation), [], []
    for ran in lastRuns():
        isSaid = ran.segmentation is not None and ran.segmentation is segmentation
        if ran.segmentation is not None and not isSaid:
            continue  # it made another one
        if not isSaid and (scan is None or ran.volume is not scan):
            continue
        models = [Found(ran.model, ran.program, ran.model.partition(":")[2], isSaid)] if ran.isExact else []
        if not models:
            models = [
                Found(m["spec"], ran.program, m["task"], isSaid)
                for m in usable
                if m["program"] == ran.program and _isNamed(m, ran.model)
            ]
        (said if isSaid else ranOnScan).extend(models)
    once: dict[str, Found] = {}
    for found in [*said, *_byNames(segmentation, usable, ranOnScan)]:
        once.setdefault(found.model, found)
    return list(once.values())


def _isNamed(model: dict, name: str) -> bool:
    """Whether an installed model is called as a parameter node calls it, with or without the version."""
    task = model["task"].rpartition("/")[2]
    return not name or task == name or task.rpartition("-v")[0] == name or task == name.rpartition("-v")[0]


def _byNames(segmentation, usable: list[dict], ranOnScan: list[Found]) -> list[Found]:
    """What ran last on the scan, where its names fit, then every installed model whose names do."""
    segments = segmentation.GetSegmentation()
    names = [(segments.GetSegment(i).GetName() or "", i) for i in segments.GetSegmentIDs()]
    fitting = []
    for model in usable:
        known = model["structures"]
        share = sum(any(_isKnown(text, known) for text in pair) for pair in names) / max(len(names), 1)
        if known and share >= ALIKE:
            fitting.append((share, len(known), model))
    # of two that know all the names, the one that knows fewer others: a task for one organ, not the whole body
    fitting.sort(key=lambda entry: (-entry[0], entry[1]))
    models = [Found(m["spec"], m["program"], m["task"], False) for _share, _count, m in fitting]
    unnamed = {m["spec"] for m in usable if not m["structures"]}
    listed = {m["spec"] for m in usable}
    first = [f for f in ranOnScan if f.model in {m.model for m in models} or f.model in unnamed]
    # a model that is not among those listed is what the user ran, wherever it lies
    return [*first, *(f for f in ranOnScan if f.model not in listed), *models]


def _isKnown(text: str, known: list[str]) -> bool:
    if not text:
        return False
    structure = anatomy.find(text)
    return text in known or bool(anatomy.match(text if structure is None else structure.name, known))
