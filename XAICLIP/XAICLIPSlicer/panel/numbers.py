"""The numbers of a run as a table that people read: words, units and two digits."""

from math import isnan

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.answers import verdictWords
from XAICLIPSlicer.scene.names import spelled

SHARES = (  # columns that are shares of one, shown in percent
    "region_share", "target_recall", "rho", "unseen_share", "remote_loss", "evaluated_share", "outside_share",
    "leakage",
)  # fmt: skip


def columnTitles() -> dict[str, str]:
    """What the columns are called, those that are read most first.

    Returns
    -------
    dict of str to str
        The column's name in `metrics.csv` and its words, with the unit.
    """
    return {
        "slice": _("Slice"),
        "structure": _("Structure"),
        "largest_drop": _("Largest drop"),
        "unseen_share": _("Still drawn where hidden"),
        "remote_loss": _("Rest lost by one place"),
        "score": _("Score before"),
        "dice": _("Dice with reference"),
        "hd95_mm": _("Surface distance (mm)"),
        "trust": _("Verdict"),
        "evaluations": _("Model runs"),
        "seconds": _("Time (s)"),
        "largest_drop_slice": _("Slice of largest drop"),
        "smallest_drop": _("Smallest drop"),
        "region_share": _("Region, of the slice"),
        "target_recall": _("Organ inside the region"),
        "predicted_mm2": _("Drawn area (mm²)"),
        "shape_correlation": _("Likeness to the shape"),
        "outside_share": _("Matters outside"),
        "region": _("Region from"),
        "rho": _("Runs, of a whole slice"),
    }


def cellText(name: str, value) -> str:
    """A cell in words.

    Parameters
    ----------
    name : str
        The column's name in `metrics.csv`.
    value : float or str
        As the run's table holds it.

    Returns
    -------
    str
        Two digits; percent for shares; empty for what was not measured.
    """
    if name == "structure":
        return spelled(value)
    if name == "trust":
        return verdictWords().get(value, str(value))
    if name == "slice" and value == "all":
        return _("All")
    if not isinstance(value, float):
        return str(value)
    if isnan(value):
        return ""
    if name in SHARES:
        return f"{value:.0%}"
    if value == round(value) and abs(value) >= 2 or name in ("slice", "largest_drop_slice", "evaluations"):
        return f"{value:.0f}"
    return f"{value:.2f}"


def rowsOf(table) -> tuple[list[str], list[list[str]]]:
    """The table of a run in words.

    Parameters
    ----------
    table : vtkMRMLTableNode
        With the columns of `metrics.csv`.

    Returns
    -------
    list of str
        The titles of the columns that have words.
    list of list of str
        The cells, row by row.
    """
    titles = columnTitles()
    columns = {table.GetColumnName(c): table.GetTable().GetColumn(c) for c in range(table.GetNumberOfColumns())}
    names = [name for name in titles if name in columns]
    rows = [[cellText(name, columns[name].GetValue(row)) for name in names] for row in range(table.GetNumberOfRows())]
    return [titles[name] for name in names], rows
