"""The names of the files that a result consists of; they stand here once."""

from __future__ import annotations

import re

REPORT, NUMBERS, PAGE = "report.json", "metrics.csv", "report.html"
RECORDS = "influence"  # the folder of what is known of where the output changed
RECORD_PATTERN = rf"{RECORDS}/(changes|players)_(\d{{4,}}|volume)\.npz"
STRESS_STEPS, STRESS_SUMMARY, STRESS_CURVES = "steps.csv", "summary.csv", "stress.png"
COMPARE_REPORT, COMPARE_PAGE, COMPARE_PICTURE = "compare.json", "compare.html", "compare.png"
COMPARE_TABLES = ("differences", "pairs")  # without their ending
DIFFERENCES = "differences"  # the folder of the differences of maps
DOSSIER, DOSSIER_PAGE = "dossier.json", "dossier.html"
PANELS = "panels"  # the folder of the pictures of single slices
MAPS = ("drop", "saliency", "stderr")  # volumes of each structure
IMAGES = tuple(f"image-{number}" for number in range(2, 17))  # registered images beside the scan, which is the first
INPUTS = ("scan", "reference", "region", *IMAGES)  # volumes that may have been given in memory
SCAN_VOLUMES = ("evaluated", "roi", "prediction", "reference", "similarity")  # one of each, as far as there is one


def volume_name(kind: str, structure: str | None = None) -> str:
    """The file of a volume without its ending.

    Parameters
    ----------
    kind : str
        Of `MAPS` or `SCAN_VOLUMES`.
    structure : str, optional
        Which structure it is of; a map of a run's only structure needs no name.

    Returns
    -------
    str
        Such as "drop" or "drop-liver".
    """
    return kind if structure is None else f"{kind}-{structure}"


def image_map_name(image: str, structure: str | None = None) -> str:
    """The file, without its ending, of a map with places hidden in one of several images alone.

    Parameters
    ----------
    image : str
        What the image is called.
    structure : str, optional
        As in `volume_name`.

    Returns
    -------
    str
        Such as "drop-T2" or "drop-liver-T2".
    """
    return f"{volume_name('drop', structure)}-{re.sub(r'[^A-Za-z0-9_.+]+', '_', image)}"


def volume_file(kind: str, structure: str | None = None) -> str:
    """The file of a volume.

    Parameters
    ----------
    kind, structure
        As in `volume_name`.

    Returns
    -------
    str
        Such as "drop.nrrd" or "drop-liver.nrrd".
    """
    return f"{volume_name(kind, structure)}.nrrd"


def difference_file(name: str, is_error: bool = False) -> str:
    """The file of the difference of two maps.

    Parameters
    ----------
    name : str
        Of the scan and the structure.
    is_error : bool
        Whether it is its standard error.

    Returns
    -------
    str
        Relative to the result, with "/".
    """
    return f"{DIFFERENCES}/{name}{'-stderr' * is_error}.nrrd"


def input_file(kind: str) -> str:
    """The file of a volume that was given in memory.

    Parameters
    ----------
    kind : str
        Of `INPUTS`.

    Returns
    -------
    str
        Such as "input-scan.nrrd".
    """
    return f"input-{kind}.nrrd"


def montage_file(structure: str | None = None) -> str:
    """The file of a picture of all slices.

    Parameters
    ----------
    structure : str, optional
        As in `volume_name`.

    Returns
    -------
    str
    """
    return f"{volume_name('montage', structure)}.png"


def panel_file(z: int, structure: str | None = None) -> str:
    """The file of the picture of one slice.

    Parameters
    ----------
    z : int
        Axial slice.
    structure : str, optional
        As in `volume_name`.

    Returns
    -------
    str
        Relative to the result, with "/".
    """
    return f"{PANELS}/slice_{z:04d}{'' if structure is None else f'_{structure}'}.png"


def by_image_file(z: int, structure: str | None = None) -> str:
    """The file of the picture of one slice with the maps of several images beside each other.

    Parameters
    ----------
    z, structure
        As in `panel_file`.

    Returns
    -------
    str
        Relative to the result, with "/".
    """
    return panel_file(z, f"{structure or ''}-by-image".lstrip("-"))


def record_file(z: int | None, players: bool = False) -> str:
    """The file of what a run knows of one slice.

    Parameters
    ----------
    z : int, or None
        Axial slice; None for a volume that was explained at once.
    players : bool
        Whether it is of segments as players.

    Returns
    -------
    str
        Relative to the result, with "/".
    """
    kind = "players" if players else "changes"
    return f"{RECORDS}/{kind}_{'volume' if z is None else f'{z:04d}'}.npz"


def is_record(file: str) -> bool:
    """Whether a file is one of those that `record_file` names.

    Parameters
    ----------
    file : str
        Relative to the result, with "/".

    Returns
    -------
    bool
    """
    return re.fullmatch(RECORD_PATTERN, file) is not None


def slice_of_record(file: str) -> tuple[int | None, bool]:
    """Undo `record_file`.

    Parameters
    ----------
    file : str

    Returns
    -------
    z : int, or None
    players : bool
    """
    kind, _, number = file.rpartition("/")[2].removesuffix(".npz").partition("_")
    return (None if number == "volume" else int(number)), kind == "players"
