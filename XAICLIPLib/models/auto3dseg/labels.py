"""``labels.csv`` beside a model of Slicer's MONAIAuto3DSeg: what each label of its output is called."""

from __future__ import annotations

import csv
from pathlib import Path

from XAICLIPLib.errors import WeightsError

COLUMNS = ("LabelValue", "Name")
MOST_BYTES = 2**20


def read_labels(path: Path) -> dict[int, str]:
    """The names of the labels.

    Parameters
    ----------
    path : Path
        A table with the columns LabelValue and Name; its further columns are codes of terminologies.

    Returns
    -------
    dict of int to str
        By the number of the label; the background, 0, left out.

    Raises
    ------
    WeightsError
        If it is no such table.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WeightsError(f"{path.name} has more than {MOST_BYTES >> 20} MB, and no table of labels; get it again")
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        found = {int(row["LabelValue"]): (row["Name"] or "").strip() for row in rows if row["LabelValue"]}
    except (KeyError, TypeError, ValueError, OSError, csv.Error) as error:
        raise WeightsError(
            f"{path} is no table with the columns {' and '.join(COLUMNS)} ({error}); let 3D Slicer download the model "
            "again"
        ) from error
    named = {value: name or f"label {value}" for value, name in found.items() if value != 0}
    if not named or min(named) < 0:
        raise WeightsError(f"{path} names no label above 0; let 3D Slicer download the model again")
    return named
