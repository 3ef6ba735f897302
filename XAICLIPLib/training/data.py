"""Read training scans: intensities, fine labels and the body frame of every slice.

A data folder holds, for each scan, an image (``NAME.nii.gz`` or a DICOM folder ``NAME``) and ``NAME_labels.nii.gz``
with TotalSegmentator class ids (``total`` for CT; ``total_mr`` where the name begins with ``mr``). Labels are aligned
with the image in physical space, never by array index: the two may be stored in different directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk
import torch
from scipy import ndimage
from skimage.morphology import convex_hull_image

from XAICLIPLib.preprocess import body_frame, body_mask

# The fine classes: the CLIP learns all of them; the U-Net the first ten, its other voxels being background.
FINE = (
    "outside", "liver", "spleen", "kidney_right", "kidney_left", "stomach", "aorta", "spine", "lung", "heart",
    "fat", "muscle", "bone", "bowel", "vein", "other", "gas", "gallbladder", "pancreas",
)  # fmt: skip
(
    OUTSIDE, LIVER, SPLEEN, KIDNEY_RIGHT, KIDNEY_LEFT, STOMACH, AORTA, SPINE, LUNG, HEART,
    FAT, MUSCLE, BONE, BOWEL, VEIN, OTHER, GAS, GALLBLADDER, PANCREAS,
) = range(len(FINE))  # fmt: skip
TARGETS = ("background", *FINE[1:10])
IGNORE = 255

_ORGANS = {1: SPLEEN, 2: KIDNEY_RIGHT, 3: KIDNEY_LEFT, 4: GALLBLADDER, 5: LIVER, 6: STOMACH, 7: PANCREAS}
_CT = {
    **_ORGANS,
    **dict.fromkeys((21, 90), OTHER),  # bladder and brain: by their values alone, a filled bladder would be bone
    **dict.fromkeys(range(10, 15), LUNG),
    **dict.fromkeys((18, 19, 20), BOWEL),
    **dict.fromkeys(range(25, 51), SPINE),
    51: HEART,
    52: AORTA,
    **dict.fromkeys((62, 63, 64, 67, 68), VEIN),
    **dict.fromkeys((*range(69, 79), *range(91, 117)), BONE),
    **dict.fromkeys((*range(80, 90),), MUSCLE),
}
_MR = {
    **_ORGANS,
    10: LUNG,
    11: LUNG,
    **dict.fromkeys((13, 14, 15), BOWEL),
    19: SPINE,
    18: SPINE,
    22: HEART,
    23: AORTA,
    **dict.fromkeys((24, 25), VEIN),
    **dict.fromkeys((46, 47, 48, 49), MUSCLE),
}


@dataclass(frozen=True)
class Scan:
    """One scan, ready for augmentation.

    Attributes
    ----------
    name : str
    modality : str
        "CT" or "MR".
    image : Tensor (Z, Y, X), float32
        HU for CT; for MR the values between the 1st and 99th percentile of the body, scaled to [0, 1].
        In axial LPS order: rows run from anterior to posterior, columns from the patient's right to left.
    labels : Tensor (Z, Y, X), float32
        Fine class, or `IGNORE`; float because ``grid_sample`` takes both together.
    spacing : ndarray (3,)
        Voxel size z, y, x in mm.
    frames : ndarray (Z, 3)
        Per slice, in mm: centre row and column of the square round the body, from the centre of the first voxel, and
        its side.
    organ_slices : ndarray
        Slices with more than 300 mm2 of liver, spleen or kidney.
    means : ndarray (len(FINE),)
        Mean value of every class, 40 HU where it does not occur.
    """

    name: str
    modality: str
    image: torch.Tensor
    labels: torch.Tensor
    spacing: np.ndarray
    frames: np.ndarray
    organ_slices: np.ndarray
    means: np.ndarray

    def to(self, device: torch.device) -> Scan:
        """The same scan with its tensors on another device."""
        return Scan(**{**self.__dict__, "image": self.image.to(device), "labels": self.labels.to(device)})


def scan_names(folder: Path) -> list[str]:
    """The scans of a folder that have both an image and organ labels, sorted by name."""
    names = sorted(p.name.removesuffix("_labels.nii.gz") for p in folder.glob("*_labels.nii.gz"))
    return [n for n in names if (folder / n).is_dir() or (folder / f"{n}.nii.gz").is_file()]


def read_pair(folder: Path, name: str) -> tuple[sitk.Image, sitk.Image]:
    """Image and labels of one scan on the image's grid, both in axial LPS order.

    Raises
    ------
    FileNotFoundError
        Where the image or its labels are missing.
    """
    source, labels = folder / name, folder / f"{name}_labels.nii.gz"
    if not labels.is_file():
        raise FileNotFoundError(f"no labels {labels}; scans with labels in this folder: {scan_names(folder)}")
    if source.is_dir():
        reader = sitk.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(source)))
        image = reader.Execute()
    else:
        image = sitk.ReadImage(str(folder / f"{name}.nii.gz"))
    aligned = sitk.Resample(sitk.ReadImage(str(labels)), image, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
    return sitk.DICOMOrient(image, "LPS"), sitk.DICOMOrient(aligned, "LPS")


def named_classes(ids: np.ndarray, modality: str) -> np.ndarray:
    """TotalSegmentator ids ``(Z, Y, X)`` -> fine classes, `OUTSIDE` for every id without one; uint8."""
    table = np.zeros(256, np.uint8)
    for source, target in (_CT if modality == "CT" else _MR).items():
        table[source] = target
    return table[np.clip(ids, 0, 255).astype(np.int64)]


def fine_labels(
    voxels: np.ndarray, labels: np.ndarray, body: np.ndarray, modality: str, gas_known: bool = False
) -> np.ndarray:
    """TotalSegmentator ids -> fine classes; unlabelled voxels of the body are split by their intensity.

    Parameters
    ----------
    voxels, labels, body : ndarray (Z, Y, X)
        HU (or MR in [0, 1]), class ids, and the filled body mask.
    modality : str
        "CT" or "MR".
    gas_known : bool
        All lungs are labelled, so that all other gas is gas even where a scan shows no lung.

    Returns
    -------
    ndarray (Z, Y, X), uint8
    """
    fine = named_classes(labels, modality)
    rest = body & (fine == 0)
    if modality == "CT":
        # Lungs that the labels leave out must not be taught as bowel gas: where no lung is labelled, gas is ignored.
        gas = GAS if gas_known or (fine == LUNG).any() else IGNORE
        bounds, classes = (-300, -25, 180), (gas, FAT, OTHER, BONE)
    else:
        bounds, classes = (0.01, 0.32), (GAS, OTHER, FAT)
    fine[rest] = np.asarray(classes, np.uint8)[np.digitize(voxels[rest], bounds)]
    return fine


def _filled_body(section: np.ndarray, modality: str) -> np.ndarray:
    """Body mask of a slice (H, W) with everything inside the skin."""
    body = ndimage.binary_fill_holes(body_mask(section, modality))
    if modality == "CT":
        return body
    # MR skin is often cut by the image's edge, so that holes stay open; the convex hull is close enough for a body.
    return convex_hull_image(body) if body.any() else body


def load_scan(folder: Path, name: str, in_plane: float = 1.5) -> Scan:
    """Read one scan for training.

    Parameters
    ----------
    folder : Path
    name : str
    in_plane : float
        Finest pixel size kept, in mm; finer images are smoothed and resampled, since the work grid has about 2.5 mm.
    """
    image, label_image = read_pair(folder, name)
    voxels = sitk.GetArrayFromImage(image).astype(np.float32)
    labels = sitk.GetArrayFromImage(label_image).astype(np.int64)
    spacing = np.asarray(image.GetSpacing())[::-1].astype(float)
    return make_scan(name, "MR" if name.startswith("mr") else "CT", voxels, labels, spacing, in_plane)


def make_scan(
    name: str,
    modality: str,
    voxels: np.ndarray,
    labels: np.ndarray,
    spacing: np.ndarray,
    in_plane: float = 1.5,
    gas_known: bool = False,
) -> Scan:
    """Voxels and class ids as a scan for training.

    Parameters
    ----------
    name, modality : str
    voxels : ndarray (Z, Y, X), float32
        In axial LPS order.
    labels : ndarray (Z, Y, X) of int
        TotalSegmentator's class ids.
    spacing : ndarray (3,)
        Voxel size z, y, x in mm.
    in_plane : float
        See `load_scan`.
    gas_known : bool
        See `fine_labels`.

    Returns
    -------
    Scan
    """
    if modality == "CT":
        voxels = np.maximum(voxels, -1024)
    body = np.stack([_filled_body(s, modality) for s in voxels])
    frames = []
    for section in voxels:
        f = body_frame(section, modality)
        half = (f.side - 1) / 2
        frames.append(((f.top + half) * spacing[1], (f.left + half) * spacing[2], f.side * spacing[1]))
    if modality == "MR":
        low, high = np.percentile(voxels[body], (1, 99))
        voxels = np.clip((voxels - low) / (high - low), 0, 1)
    fine = fine_labels(voxels, labels, body, modality, gas_known)
    zoom = np.maximum(1.0, in_plane / spacing)
    zoom[0] = 1.0
    if zoom.max() > 1.05:
        voxels = ndimage.gaussian_filter(voxels, (0, 0.4 * zoom[1], 0.4 * zoom[2]))
        shape = np.round(np.asarray(voxels.shape) / zoom).astype(int)
        # Corner to corner, so that index 0 stays index 0 and the frames in mm stay true.
        index = np.meshgrid(*(np.linspace(0, n - 1, m) for n, m in zip(voxels.shape, shape)), indexing="ij")
        spacing = spacing * (np.asarray(voxels.shape) - 1) / (shape - 1)
        voxels = ndimage.map_coordinates(voxels, index, order=1).astype(np.float32)
        fine = fine[tuple(np.round(i).astype(int) for i in index)]
    area = np.isin(fine, (LIVER, SPLEEN, KIDNEY_RIGHT, KIDNEY_LEFT)).sum((1, 2)) * spacing[1] * spacing[2]
    means = np.array([voxels[fine == c].mean() if (fine == c).any() else 40.0 for c in range(len(FINE))])
    return Scan(
        name,
        modality,
        torch.from_numpy(voxels.astype(np.float32)),
        torch.from_numpy(fine.astype(np.float32)),
        spacing,
        np.asarray(frames),
        np.flatnonzero(area > 300),
        means,
    )


def load_scans(folder: Path, holdout: str | None = None) -> list[Scan]:
    """All scans of a folder but the one held out.

    Raises
    ------
    ValueError
        Where the scan to hold out does not exist or nothing is left to train on.
    """
    names = scan_names(folder)
    if holdout and holdout not in names:
        raise ValueError(f"cannot hold out {holdout!r}; the scans with labels in {folder} are {names}")
    scans = [load_scan(folder, name) for name in names if name != holdout]
    if not any(scan.modality == "CT" for scan in scans):
        raise ValueError(f"no CT with labels left to train on in {folder}; found {names}, holding out {holdout!r}")
    return scans
