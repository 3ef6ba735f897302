"""A scan with labels of structures, listed before it is read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import Volume


@dataclass(frozen=True, eq=False)
class Labelled:
    """A scan and its labels.

    Attributes
    ----------
    scan : Volume
    labels : Volume of int
        On the scan's own grid.
    numbers : dict of structure to int
        The label that each structure has.
    """

    scan: Volume
    labels: Volume
    numbers: dict[str, int]

    def mask(self, structure: str) -> Volume:
        """The voxels of one structure.

        Parameters
        ----------
        structure : str
            One of `numbers`.

        Returns
        -------
        Volume of uint8
            0 and 1 on the scan's grid; empty where the case does not hold it.
        """
        here = (self.labels.voxels == self.numbers[structure]).astype(np.uint8)
        return self.scan.like(here, structure)


@dataclass(frozen=True, eq=False)
class LabelledCase:
    """One case of a data set, not read yet.

    Attributes
    ----------
    name : str
        As it is called in tables, "CT-5".
    structures : tuple of str
        What its labels tell apart, by anatomy name; the case need not hold all of them.
    missing : str
        Which files are not there; empty for a complete case.
    """

    name: str
    structures: tuple[str, ...]
    read: Callable[[], Labelled] = field(repr=False)
    missing: str = ""

    def open(self) -> Labelled:
        """Read the scan and its labels.

        Returns
        -------
        Labelled

        Raises
        ------
        InputError
            If a file can't be read, the labels are another data set's, or they lie elsewhere in space.
        """
        return self.read()


def check_labels(where: str, found: Collection[int], known: dict[str, int], title: str) -> None:
    """Refuse a label map with numbers that the data set does not have: it is another one's.

    Parameters
    ----------
    where : str
        The file, as it is called in the message.
    found : collection of int
        The numbers in it.
    known : dict of structure to int
        Those that the data set has; 0 is the background.
    title : str
        What the data set is called.

    Raises
    ------
    InputError
        With the numbers that were found and those that were expected.
    """
    strange = sorted(set(found) - set(known.values()) - {0})
    if strange:
        listed = ", ".join(f"{number} {name}" for name, number in known.items())
        raise InputError(
            f"{where} holds the labels {', '.join(map(str, strange[:8]))}, which {title} does not have ({listed}): "
            "it is the ground truth of another data set; give that of this one, or renumber it"
        )
