"""The numbers of a run as a DICOM Structured Report: a measurement report (TID 1500) with a group for each structure.

Who reads the archive by machine finds there what `metrics.csv` has for a person: the value, its unit, its meaning, the
segment that it is about and the images that it was measured in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from XAICLIPLib.report.dicom_codes import LONGEST_TEXT, PRIVATE_SCHEME, as_place
from XAICLIPLib.report.wording import value_of

if TYPE_CHECKING:
    from highdicom.seg import Segmentation
    from highdicom.sr import (
        AlgorithmIdentification,
        CodedConcept,
        ComprehensiveSR,
        Measurement,
        MeasurementsAndQualitativeEvaluations,
        VolumetricROIMeasurementsAndQualitativeEvaluations,
    )
    from pydicom import Dataset

# Column of the summary, its private code, what it means in at most 64 characters, its unit in UCUM
_NUMBERS = (
    ("score", "SCORE", "Score before anything is taken away", "1"),
    ("largest_drop", "LARGEST_DROP", "Largest drop of the score", "1"),
    ("smallest_drop", "SMALLEST_DROP", "Smallest drop of the score", "1"),
    ("largest_drop_slice", "PEAK_SLICE", "Axial slice of the largest drop, from the feet, from 0", "{slice}"),
    ("dice", "DICE", "Dice of prediction and reference", "1"),
    ("hd95_mm", "HD95", "95th percentile of the Hausdorff distance", "mm"),
    ("predicted_mm2", "PREDICTED_AREA", "Area of the prediction, sum over the slices", "mm2"),
    ("shape_correlation", "SHAPE_CORR", "Rank correlation with the map that needs no model", "1"),
    ("remote_loss", "REMOTE_LOSS", "Most that the rest loses when one place is hidden", "1"),
    ("unseen_share", "UNSEEN_SHARE", "Share of what was hidden that is still drawn", "1"),
    ("region_share", "REGION_SHARE", "Share of the slices inside the region", "1"),
    ("target_recall", "TARGET_RECALL", "Share of the structure inside the region", "1"),
    ("evaluations", "EVALUATIONS", "Model runs on perturbed images", "{run}"),
    ("full_evaluations", "FULL_EVALUATIONS", "Model runs that the whole images would have taken", "{run}"),
)
_UNITS = {"1": "no units", "mm": "millimeter", "mm2": "square millimeter", "{slice}": "slice number", "{run}": "runs"}


def numbers_report(
    images: Sequence[Dataset],
    report: Mapping[str, Any],
    segmentation: Segmentation | None,
    algorithm: tuple[str, str],
    common: Mapping[str, Any],
) -> ComprehensiveSR:
    """The numbers of the summary as a report that refers to the images and, where it was predicted, to the segment.

    Parameters
    ----------
    images : sequence of Dataset
        The source image of each explained plane.
    report : mapping
        Everything `report.json` holds.
    segmentation : Segmentation, optional
        Of the prediction; its segments bear the structures' labels. None where nothing was predicted.
    algorithm : tuple of 2 str
        Name and version of the method.
    common : mapping
        Series, instance and device, as `ComprehensiveSR` takes them.

    Returns
    -------
    ComprehensiveSR
    """
    from highdicom import UID
    from highdicom.sr import (
        AlgorithmIdentification,
        ComprehensiveSR,
        DeviceObserverIdentifyingAttributes,
        MeasurementReport,
        ObservationContext,
        ObserverContext,
    )
    from pydicom.sr.codedict import codes

    device = DeviceObserverIdentifyingAttributes(
        uid=UID(), name="XAICLIP", manufacturer_name="XAICLIP", model_name=algorithm[1]
    )
    identified = AlgorithmIdentification(name=algorithm[0], version=algorithm[1])
    segments = {} if segmentation is None else {s.SegmentLabel: s.SegmentNumber for s in segmentation.SegmentSequence}
    groups = []
    for row in report["summary"]:
        entry = next((e for e in report["structures"] if e["name"] == row["structure"]), None)
        if entry is None:
            continue
        number = segments.get(entry["label"][:LONGEST_TEXT])
        segment = None if segmentation is None or number is None else (segmentation, number)
        groups.append(_group(row, entry, report, identified, segment, images[0].SeriesInstanceUID))
    content = MeasurementReport(
        observation_context=ObservationContext(
            observer_device_context=ObserverContext(
                observer_type=codes.DCM.Device, observer_identifying_attributes=device
            )
        ),
        procedure_reported=codes.SCT.ImagingProcedure,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        referenced_images=list(images),
    )
    evidence = [*images, *([] if segmentation is None else [segmentation])]
    return ComprehensiveSR(evidence=evidence, content=content[0], is_complete=True, is_final=False, **common)


def _group(
    row: Mapping,
    entry: Mapping,
    report: Mapping,
    identified: AlgorithmIdentification,
    segment: tuple[Segmentation, int] | None,
    series: str,
) -> MeasurementsAndQualitativeEvaluations | VolumetricROIMeasurementsAndQualitativeEvaluations:
    """The measurements of one structure, of its segment where there is one."""
    from highdicom import UID
    from highdicom.sr import (
        FindingSite,
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        ReferencedSegment,
        SourceSeriesForSegmentation,
        TrackingIdentifier,
        VolumetricROIMeasurementsAndQualitativeEvaluations,
    )
    from pydicom.sr.codedict import codes

    place = as_place(entry)
    modifiers = place.get("AnatomicRegionModifierSequence")
    verdicts = []
    if row.get("trust"):
        value = _code(row["trust"].upper().replace(" ", "_").replace("'", "")[:16], row["trust"])
        verdicts.append(QualitativeEvaluation(_code("TRUST", "How far the map is supported"), value))
    given: dict[str, Any] = {
        "tracking_identifier": TrackingIdentifier(uid=UID(), identifier=entry["label"]),
        "finding_type": codes.DCM.ClassActivation,
        "algorithm_id": identified,
        "finding_sites": [FindingSite(_plain(place), laterality=_plain(modifiers[0]) if modifiers else None)],
        "measurements": _measurements(row, value_of(report["request"]["method"])),
        "qualitative_evaluations": verdicts or None,
    }
    if segment is None:
        return MeasurementsAndQualitativeEvaluations(**given)
    about, number = segment
    referenced = ReferencedSegment(
        about.SOPClassUID, about.SOPInstanceUID, number, source_series=SourceSeriesForSegmentation(series)
    )
    return VolumetricROIMeasurementsAndQualitativeEvaluations(referenced_segment=referenced, **given)


def _measurements(row: Mapping, kind: str) -> list[Measurement]:
    """The numbers that the row has; what was not measured is left out."""
    from highdicom.sr import CodedConcept, Measurement

    found = []
    for key, code, meaning, unit in _NUMBERS:
        value = row.get(key)
        if value is None or isinstance(value, str) or not math.isfinite(value):
            continue
        name = _code(code, meaning.replace("drop of the score", kind) if kind != "drop" else meaning)
        found.append(Measurement(name=name, value=float(value), unit=CodedConcept(unit, "UCUM", _UNITS[unit])))
    return found


def _code(value: str, meaning: str) -> CodedConcept:
    from highdicom.sr import CodedConcept

    return CodedConcept(value[:16], PRIVATE_SCHEME, meaning[:LONGEST_TEXT])


def _plain(concept: Dataset) -> CodedConcept:
    """A concept without the modifiers that hang on it."""
    from highdicom.sr import CodedConcept

    return CodedConcept(concept.CodeValue, concept.CodingSchemeDesignator, concept.CodeMeaning)
