"""CHAOS and FLARE22 in small, laid out as their archives unpack, from any labelled scan."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pydicom
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from XAICLIPLib.volume import Volume, write_volume

CT_GREYS = {"liver": 255}
MR_GREYS = {"liver": 63, "kidney_right": 126, "kidney_left": 189, "spleen": 252}


def write_dicom(folder: Path, scan: Volume, descending: bool) -> None:
    """One file per slice, whose names run from the feet to the head, or from the head to the feet."""
    folder.mkdir(parents=True)
    turn = np.array(scan.direction).reshape(3, 3)
    series, study, frame = generate_uid(), generate_uid(), generate_uid()
    for k, pixels in enumerate(scan.voxels):
        number = len(scan.voxels) - 1 - k if descending else k
        image = pydicom.Dataset()
        image.SOPClassUID, image.SOPInstanceUID = pydicom.uid.CTImageStorage, generate_uid()
        image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = study, series, frame
        image.PatientName, image.PatientID, image.Modality = "anon", "anon", scan.modality or "CT"
        image.InstanceNumber = number + 1
        place = np.array(scan.origin) + k * scan.spacing[2] * turn[:, 2]
        image.ImagePositionPatient = [f"{v:.6f}" for v in place]
        image.ImageOrientationPatient = [f"{v:.8f}" for v in turn[:, :2].T.ravel()]
        image.PixelSpacing = [f"{scan.spacing[1]:.6f}", f"{scan.spacing[0]:.6f}"]
        image.SliceThickness = f"{scan.spacing[2]:.6f}"
        image.SamplesPerPixel, image.PhotometricInterpretation, image.PixelRepresentation = 1, "MONOCHROME2", 1
        image.Rows, image.Columns, image.BitsAllocated, image.BitsStored, image.HighBit = *pixels.shape, 16, 16, 15
        image.RescaleSlope, image.RescaleIntercept = "1", "0"
        image.PixelData = pixels.astype("<i2").tobytes()
        image.file_meta = pydicom.dataset.FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
        image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
        image.save_as(folder / f"IMG-0004-{number + 1:05d}.dcm", enforce_file_format=True)


def write_ground(folder: Path, masks: dict[str, np.ndarray], greys: dict[str, int], descending: bool) -> None:
    """A PNG per slice: the k-th by name belongs to the k-th DICOM file by name."""
    folder.mkdir(parents=True)
    grey = np.zeros(next(iter(masks.values())).shape, np.uint8)
    for name, value in greys.items():
        grey[masks[name]] = value
    for number, pixels in enumerate(grey[::-1] if descending else grey):
        cv2.imwrite(str(folder / f"liver_GT_{number:03d}.png"), pixels)


def write_chaos_ct(root: Path, patient: str, scan: Volume, masks: dict[str, np.ndarray], descending: bool) -> Path:
    """``CT/ID`` of CHAOS; the scan is stored as it is, its slices from the feet on."""
    folder = root / "CT" / patient
    write_dicom(folder / "DICOM_anon", scan, descending)
    write_ground(folder / "Ground", masks, CT_GREYS, descending)
    return folder


def write_chaos_mr(root: Path, patient: str, scan: Volume, masks: dict[str, np.ndarray], descending: bool) -> Path:
    """``MR/ID`` of CHAOS: T1DUAL with its two phases, and T2SPIR."""
    folder = root / "MR" / patient
    for phase in ("T1DUAL/DICOM_anon/InPhase", "T1DUAL/DICOM_anon/OutPhase", "T2SPIR/DICOM_anon"):
        write_dicom(folder / phase, scan, descending)
    for sequence in ("T1DUAL", "T2SPIR"):
        write_ground(folder / sequence / "Ground", masks, MR_GREYS, descending)
    return folder


def write_flare(root: Path, number: int, scan: Volume, labels: Volume) -> None:
    """One case of FLARE22."""
    for folder in ("images", "labels"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    name = f"FLARE22_Tr_{number:04d}"
    write_volume(scan, root / "images" / f"{name}_0000.nii.gz")
    write_volume(labels, root / "labels" / f"{name}.nii.gz")
