"""The page of a run as an Encapsulated PDF, which every archive keeps and most viewers open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from highdicom.base import SOPClass
    from pydicom import Dataset

ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"


def encapsulated_pdf(
    first: Dataset, pdf: bytes, title: str, sources: list[Dataset], common: Mapping[str, Any]
) -> SOPClass:
    """A PDF as an object of the scan's study.

    Parameters
    ----------
    first : Dataset
        An image of the scan, whose patient and study it gets.
    pdf : bytes
    title : str
    sources : list of Dataset
        The objects that it tells of.
    common : mapping
        Series, instance and device, as highdicom's objects take them.

    Returns
    -------
    SOPClass
    """
    from highdicom.base import SOPClass
    from pydicom import Sequence as Items

    document = SOPClass(
        study_instance_uid=first.StudyInstanceUID,
        sop_class_uid=ENCAPSULATED_PDF,
        modality="DOC",
        transfer_syntax_uid="1.2.840.10008.1.2.1",  # Explicit VR Little Endian, as the others
        patient_id=first.get("PatientID"),
        patient_name=first.get("PatientName"),
        patient_birth_date=first.get("PatientBirthDate"),
        patient_sex=first.get("PatientSex"),
        accession_number=first.get("AccessionNumber"),
        study_id=first.get("StudyID"),
        study_date=first.get("StudyDate"),
        study_time=first.get("StudyTime"),
        referring_physician_name=first.get("ReferringPhysicianName"),
        **common,
    )
    document.ConversionType = "WSD"
    document.AcquisitionDateTime = ""  # of what was written, not acquired: it has to be there
    document.BurnedInAnnotation = "YES"  # its text, which holds the scan's name
    document.DocumentTitle = title[:1024]
    document.ConceptNameCodeSequence = Items([])
    document.SourceInstanceSequence = Items([_referred(source) for source in sources])
    document.MIMETypeOfEncapsulatedDocument = "application/pdf"
    document.EncapsulatedDocumentLength = len(pdf)
    document.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    return document


def _referred(source: Dataset) -> Dataset:
    from pydicom import Dataset as Item

    reference = Item()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = source.SOPClassUID, source.SOPInstanceUID
    return reference
